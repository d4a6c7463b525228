"""Units of measure: what a written unit is a multiple of, and which units compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from msgspec import Struct

from checker.late import late
from checker.remembered import remembered
from checker.values import lexicon

ONE = Decimal(1)
_PARTS = late(r"[/、·]")
_FOREIGN = late(r"[ \t]?(?P<word>[A-Za-zµ]{2,8}(?:[/²³][A-Za-z]{0,4})?)(?![A-Za-z0-9])")
_GOES_ON = late(r"[A-Za-z0-9²³]")
_BRACKETED = late(r"[ \t]?\((?P<word>[^()0-9]{1,6})\)")
_PER_HEAD = late(r"/\s?每?(1|10|100|十|百)?(千|万)(?:人口?)?(?![\u4e00-\u9fff])")
"""What rates of disease and death are counted in: 16/10万, 2例/万人."""


class Unit(Struct, frozen=True):
    """A unit as written, what it is a multiple of (`base`, canonical name) and how much of it."""

    written: str
    base: str
    factor: Decimal = ONE


BARE = Unit("", "")
PERCENT = Unit("%", "%")
DURATIONS = frozenset({"天", "工作日", "月", "小时", "分钟", "周", "年", "秒"})
_RHYTHMS = frozenset({"天", "工作日", "月", "周", "年"})


@cache
def _units() -> dict[str, tuple[str, Decimal]]:
    table: dict[str, tuple[str, Decimal]] = {}
    found = lexicon.entries("units")
    for names in found["same"]:  # type: ignore[attr-defined]
        table |= {str(name): (str(names[0]), ONE) for name in names}
    table |= {str(name): (str(name), ONE) for name in found["alone"] if str(name) not in table}  # type: ignore[attr-defined]
    for name, (base, factor) in found["multiples"].items():  # type: ignore[attr-defined]
        table[str(name)] = (str(base), Decimal(str(factor)))
    return table


@cache
def _bases() -> frozenset[str]:
    return frozenset(base for base, _ in _units().values())


@cache
def _magnitudes() -> dict[str, Decimal]:
    return {str(name): Decimal(str(factor)) for name, factor in lexicon.entries("units")["magnitudes"].items()}  # type: ignore[attr-defined]


Longest = Mapping[str, tuple[str, ...]]
"""Words by their first letter, the longest first."""


def _longest_first(listed: Iterable[str]) -> Longest:
    found: dict[str, list[str]] = {}
    for word in sorted(listed, key=len, reverse=True):
        found.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in found.items()}


@cache
def _unit_words() -> Longest:
    return _longest_first(_units())


@cache
def _spans() -> dict[str, str]:
    return {str(name): str(base) for name, base in lexicon.entries("units")["spans"].items()}  # type: ignore[attr-defined]


@cache
def _divisors() -> Longest:
    return _longest_first((*_units(), *_spans()))


@cache
def _magnitude_words() -> Longest:
    return _longest_first(_magnitudes())


def _word(words: Longest, text: str, position: int) -> str:
    """Return the longest word that stands at a place, an empty text for none."""
    return next((word for word in words.get(text[position : position + 1], ()) if text.startswith(word, position)), "")


class _Behind(Struct, frozen=True):
    """What stands behind a number: magnitude, unit, what that is divided by (`/人、天`), 余 or 多, and where it ends."""

    magnitude: str
    unit: str
    per: str
    approx: str | None
    end: int


def _behind(text: str) -> _Behind:
    at, first = _approximate(text, _past_blanks(text, 0))
    magnitude = "" if _word(_unit_words(), text, at) else _word(_magnitude_words(), text, at)
    at, second = _approximate(text, at + len(magnitude))
    unit = _word(_unit_words(), text, start := _past_blanks(text, at))
    end = start + len(unit)
    per = _divided(text, end, unit)
    return _Behind(magnitude, unit, per, first or second, end + len(per))


def _past_blanks(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t"):
        position += 1
    return position


def _approximate(text: str, position: int) -> tuple[int, str | None]:
    word = text[position : position + 1]
    return (position + 1, word) if word in ("余", "多", "来") else (position, None)


def _divided(text: str, position: int, unit: str) -> str:
    """Return `/人、天` or `/10万人` at a place behind a unit, `/10万` behind a bare number; a slash without either does not count."""
    if heads := _PER_HEAD.match(text, position):
        return heads[0]
    end = position
    signs: tuple[str, ...] = ("/",) if unit else ()
    while text[end : end + 1] in signs and (part := _word(_divisors(), text, end + 1)):
        end, signs = end + 1 + len(part), ("/", "、", "·")
    return text[position:end]


@cache
def _rhythm() -> re.Pattern[str]:
    unit = lexicon.alternation((*(name for name in _units() if len(name) <= 3), "季", "半年", "个", "个月"))
    return re.compile(rf"(?:每一?个?(?P<one>{unit}))(?:每一?个?(?P<two>{unit}))?[^,;。0-9每]{{0,8}}$")


def unit_after(text: str, position: int) -> tuple[Unit, int, str | None] | None:
    """Return (unit, where it ends, 余 or 多) behind a number; None when an unknown letter follows, so that it is a name (5G)."""
    found = _first_unit(text[position:])
    return None if found is None else (found[0], position + found[1], found[2])


@remembered
def _first_unit(text: str) -> tuple[Unit, int, str | None] | None:
    behind = _behind(text)
    # m of m² or G of GB is another unit; 5人A and 100%1000件 are not.
    whole = not behind.unit.isascii() or behind.unit == "%" or not _GOES_ON.match(text, behind.end)
    if whole and (behind.unit or behind.magnitude or behind.per):
        return _unit(behind), behind.end, behind.approx
    if foreign := _FOREIGN.match(text):
        return Unit(foreign["word"], foreign["word"]), foreign.end(), None
    if text[:1].isascii() and text[:1].isalpha():
        return None
    if bracketed := _BRACKETED.match(text):
        unit = read_unit(bracketed["word"])
        if known_unit(unit):
            return unit, bracketed.end(), None
    return BARE, 0, behind.approx


def rhythm_before(head: str) -> Sequence[str]:
    """Return the canonical units of 每月, 每人每月 … that close a text; 每年 counts as nothing in a form of one year."""
    found = _rhythm().search(head)
    if not found:
        return ()
    names = [name for name in (found["one"], found["two"]) if name]
    bases = [
        {"季": "季度", "半年": "半年", "个月": "月"}.get(name) or _units().get(name, (name, ONE))[0] for name in names
    ]
    return [base for base in bases if base != "年"]


def paced(unit: Unit, rhythm: Sequence[str]) -> Unit:
    """Return the unit counted per rhythm (每月2次 is 次/月, unlike 24 次 in the year)."""
    return Unit(unit.written, "/".join([unit.base, *rhythm]), unit.factor) if rhythm and unit.base else unit


def read_unit(written: str) -> Unit:
    """Return the unit a text names whole (`万元`, `元/人、天`); an unknown one stands for itself."""
    behind = _behind(written)
    return _unit(behind) if behind.end == len(written) else Unit(written, written)


def known_unit(unit: Unit) -> bool:
    """Tell whether a unit is one of the lexicon, or a magnitude of one."""
    return unit.base in _bases() or unit.factor != ONE or "/" in unit.base


def _unit(behind: _Behind) -> Unit:
    factor = _magnitudes()[behind.magnitude] if behind.magnitude else ONE
    base, own = _units()[behind.unit] if behind.unit else ("", ONE)
    parts = [name for part in _PARTS.split(behind.per) if part and (name := _divisor(part)) != "年"]
    return Unit(behind.magnitude + behind.unit + behind.per, "/".join([base, *parts]), factor * own)


def _divisor(name: str) -> str:
    """Return what an amount is divided by: 元/公里 and 元/千米 are the same, 元/米 is not; 10万人 is 10万."""
    if heads := _PER_HEAD.fullmatch(f"/{name}"):
        return {"十": "10", "百": "100", "1": ""}.get(heads[1] or "", heads[1] or "") + heads[2]
    base, factor = _units().get(name) or (_spans()[name], ONE)
    return base if factor == ONE else f"{factor:f}{base}"


def magnitude(unit: Unit) -> Decimal:
    """Return the 万 or 亿 that a unit is written with, 1 for none."""
    return _magnitudes().get(_behind(unit.written).magnitude, ONE)


def without_magnitude(unit: Unit) -> Unit:
    """Return the unit of which this is so many 万 or 亿: 万元 is 元."""
    word = _behind(unit.written).magnitude
    return Unit(unit.written.removeprefix(word), unit.base, unit.factor / magnitude(unit)) if word else unit


def thing(unit: Unit) -> str:
    """Return what a unit counts in a year, the rhythm left out: 场 of 场/月, but 元/人 whole."""
    what, *per = unit.base.split("/")
    return what if all(part in _RHYTHMS or part in _spans().values() for part in per) else unit.base


def lent(lender: Unit, taker: Unit) -> Unit:
    """Return the unit of a bare number that counts what `lender` counts; a 万 of its own stays (8万 beside 10万元)."""
    return lender if taker.factor == ONE else Unit(taker.written, lender.base, taker.factor)


def same_measure(first: Unit, second: Unit) -> bool:
    """Tell whether two units measure the same thing, so that amounts compare."""
    return first.base == second.base and first.base != ""

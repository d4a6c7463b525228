"""Units of measure: what a written unit is a multiple of, and which units compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from checker.late import late
from checker.values import lexicon

ONE = Decimal(1)
_PARTS = late(r"[/、·]")
_FOREIGN = late(r"[ \t]?(?P<word>[A-Za-zµ]{2,8}(?:[/²³][A-Za-z]{0,4})?)(?![A-Za-z0-9])")
_GOES_ON = late(r"[A-Za-z0-9²³]")
_BRACKETED = late(r"[ \t]?\((?P<word>[^()0-9]{1,6})\)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, what it is a multiple of (`base`, canonical name) and how much of it."""

    written: str
    base: str
    factor: Decimal = ONE


BARE = Unit("", "")
PERCENT = Unit("%", "%")
DURATIONS = frozenset({"天", "工作日", "月", "小时", "分钟", "周", "年", "秒"})


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


@cache
def _pattern() -> re.Pattern[str]:
    unit = lexicon.alternation(_units())
    magnitude = lexicon.alternation(_magnitudes())
    return re.compile(
        rf"[ \t]*(?P<approx1>[余多来])?(?:(?!{unit})(?P<magnitude>{magnitude}))?(?P<approx2>[余多来])?[ \t]*"
        rf"(?P<unit>{unit})?"
    )


@cache
def _divisors() -> re.Pattern[str]:
    unit = lexicon.alternation(_units())
    return re.compile(rf"(?:/{unit}(?:[、·]{unit})*)*")


def _found(text: str, position: int) -> tuple[re.Match[str], str] | None:
    """Return what stands at a place: magnitude and unit, and behind a unit what it is divided by (`/人、天`)."""
    found = _pattern().match(text, position)
    if found is None:
        return None
    divided = _divisors().match(text, found.end()) if found["unit"] and text.startswith("/", found.end()) else None
    return found, divided[0] if divided else ""


@cache
def _rhythm() -> re.Pattern[str]:
    unit = lexicon.alternation((*(name for name in _units() if len(name) <= 3), "季", "半年", "个", "个月"))
    return re.compile(rf"(?:每一?个?(?P<one>{unit}))(?:每一?个?(?P<two>{unit}))?[^,;。0-9每]{{0,8}}$")


def unit_after(text: str, position: int) -> tuple[Unit, int, str | None] | None:
    """Return (unit, where it ends, 余 or 多) behind a number; None when an unknown letter follows, so that it is a name (5G)."""
    hit = _found(text, position)
    found, per = hit if hit else (None, "")
    if found and (found["unit"] or found["magnitude"]):
        end = found.end() + len(per)
        # m of m² or G of GB is another unit; 5人A and 100%1000件 are not.
        if not (found["unit"] or "").isascii() or found["unit"] == "%" or not _GOES_ON.match(text, end):
            return _unit(found, per), end, found["approx1"] or found["approx2"]
    if foreign := _FOREIGN.match(text, position):
        return Unit(foreign["word"], foreign["word"]), foreign.end(), None
    if text[position : position + 1].isascii() and text[position : position + 1].isalpha():
        return None
    if bracketed := _BRACKETED.match(text, position):
        unit = read_unit(bracketed["word"])
        if known_unit(unit):
            return unit, bracketed.end(), None
    return BARE, position, found["approx1"] if found else None


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
    hit = _found(written, 0)
    if hit and hit[0].end() + len(hit[1]) == len(written):
        return _unit(*hit)
    return Unit(written, written)


def known_unit(unit: Unit) -> bool:
    """Tell whether a unit is one of the lexicon, or a magnitude of one."""
    return unit.base in _bases() or unit.factor != ONE or "/" in unit.base


def _unit(found: re.Match[str], per: str) -> Unit:
    magnitude, unit = found["magnitude"] or "", found["unit"] or ""
    factor = _magnitudes()[magnitude] if magnitude else ONE
    base, own = _units()[unit] if unit else ("", ONE)
    parts = [name for part in _PARTS.split(per) if part and (name := _units()[part][0]) != "年"]
    return Unit(magnitude + unit + per, "/".join([base, *parts]), factor * own)


def lent(lender: Unit, taker: Unit) -> Unit:
    """Return the unit of a bare number that counts what `lender` counts; a 万 of its own stays (8万 beside 10万元)."""
    return lender if taker.factor == ONE else Unit(taker.written, lender.base, taker.factor)


def same_measure(first: Unit, second: Unit) -> bool:
    """Tell whether two units measure the same thing, so that amounts compare."""
    return first.base == second.base and first.base != ""

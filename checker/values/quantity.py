"""Quantities in running text: number, unit, operator, range, bracket depth.

Numbers that are parts of dates, document numbers, list marks, ordinals or codes are not quantities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from checker.values import lexicon
from checker.values.chinese import NUMERAL, read_chinese
from checker.values.number import NUMBER, decimal
from checker.values.text import depths, plain

ONE = Decimal(1)
_CLUSTER = re.compile(r"(?<![0-9.])(?<![0-9],)-?[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?(?![0-9])")
_GROUPED = re.compile(rf"-?{NUMBER}")
_CHINESE_PERCENT = re.compile(rf"百分之\s?(?:({NUMBER})|({NUMERAL}{{1,12}}))")
_RANGE = re.compile(r"\s*(?:-|~|—|–|至|到)\s*")
_APPROX_BEFORE = re.compile(r"(?:约|近|大约|将近|接近)\s*$")
_SPACE = re.compile(r"[ \t]*")
_MASKED = re.compile(
    r"(?:19|20)[0-9]{2}\s*[-~—–至、/]\s*(?:19|20)[0-9]{2}(?:\s*年度?)?"
    r"|(?:19|20)[0-9]{2}\s*[-./]\s*[0-9]{1,2}(?:\s*[-./]\s*[0-9]{1,2})?(?![0-9.%])(?!\s*万)"
    r"|(?:19|20)[0-9]{2}\s*年(?!以上|内)(?:度)?(?:\s*[0-9]{1,2}\s*[-~—–至、]\s*[0-9]{1,2}\s*月)?(?:\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?)?"
    r"|[0-9]{1,2}\s*月?\s*[-~—–至、]\s*(?:[0-9]{1,2}\s*[、-]\s*)?[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?"
    r"|(?<![0-9.])[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?"
    r"|(?:每月|每个月|当月|次月|本月)\s*[0-9]{1,2}\s*[日号]"
    r"|[〔\[【(]\s*(?:19|20)[0-9]{2}\s*[〕\]】)]\s*第?\s*[0-9]{1,5}\s*号?文?"
    r"|第\s*[0-9]+"
    r"|(?<![0-9.,])(?:[0-9]{1,4}[、,]){0,8}[0-9]{1,6}\s*号"
    r"|(?:^|(?<=[;；。\n]))\s*\(?[0-9]{1,2}(?:[、.](?![0-9])|\)(?=[^0-9]))"
    r"|(?<![A-Za-z])[A-Za-z]{1,12}[-/]?[0-9]{1,12}(?:\.[0-9]{1,6})?"
    r"|(?<![0-9.,])[0-9]{1,6}\s?[:×xX*]\s?[0-9]{1,6}(?:\s?:\s?[0-9]{1,4})?"
    r"|(?<![0-9])1[0-9]{4}(?=\D{0,6}热线)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, what it is a multiple of (`base`, canonical name) and how much of it."""

    written: str
    base: str
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit and place in `plain(text)`.

    `operator` is ≥ ≤ > < = or None; `doubled` when one stands before and one behind; `high` is the
    upper end of a range; `approx` the word 余 多 约 近 that makes it approximate; `depth` counts the
    round brackets around it.
    """

    value: Decimal
    unit: Unit
    start: int
    end: int
    depth: int = 0
    operator: str | None = None
    doubled: bool = False
    high: Decimal | None = None
    approx: str | None = None

    @property
    def amount(self) -> Decimal:
        """The value in the base unit."""
        return self.value * self.unit.factor

    @property
    def bare(self) -> bool:
        """True when no unit is written."""
        return self.unit.written == ""


BARE = Unit("", "")


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
def _magnitudes() -> dict[str, Decimal]:
    return {str(name): Decimal(str(factor)) for name, factor in lexicon.entries("units")["magnitudes"].items()}  # type: ignore[attr-defined]


@cache
def _unit_pattern() -> re.Pattern[str]:
    unit = lexicon.alternation(_units())
    magnitude = lexicon.alternation(_magnitudes())
    return re.compile(
        rf"[ \t]*(?P<approx1>[余多来])?(?:(?!{unit})(?P<magnitude>{magnitude}))?(?P<approx2>[余多来])?[ \t]*"
        rf"(?:(?P<unit>{unit})(?P<per>(?:/{unit}(?:[、·]{unit})*)*))?"
    )


def read_unit(written: str) -> Unit:
    """Return the unit a text names whole (`万元`, `元/人、天`); an unknown one stands for itself."""
    found = _unit_pattern().match(written)
    if found and found.end() == len(written):
        return _unit(found)
    return Unit(written, written)


def known_unit(unit: Unit) -> bool:
    """Tell whether a unit is one of the lexicon, or a magnitude of one."""
    return unit.base in {base for base, _ in _units().values()} or unit.factor != ONE or "/" in unit.base


def _unit(found: re.Match[str]) -> Unit:
    magnitude, unit, per = found["magnitude"] or "", found["unit"] or "", found["per"] or ""
    factor = _magnitudes()[magnitude] if magnitude else ONE
    base, own = _units()[unit] if unit else ("", ONE)
    if per:
        parts = [_units()[part][0] for part in re.split(r"[/、·]", per) if part]
        base = "/".join([base, *parts])
    return Unit(magnitude + unit + per, base, factor * own)


def masked(text: str) -> str:
    """Return `plain` text with dates, document numbers, list marks, ordinals and codes blanked out, same length."""
    return _MASKED.sub(lambda found: "\x00" * len(found[0]), text)


@cache
def _operators() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], frozenset[str]]:
    table = lexicon.entries("operators")
    before: dict[str, str] = dict(table["before"])  # type: ignore[call-overload]
    after: dict[str, str] = dict(table["after"])  # type: ignore[call-overload]
    return (
        re.compile("(" + lexicon.alternation(before) + r")[到为在:]?\s*$"),
        re.compile(r"\s*(" + lexicon.alternation(after) + ")"),
        before | after,
        frozenset(lexicon.words("operators", "soft")),
    )


_INSIDE = re.compile(r"\s*(?:之内|以内|内)")
_TIME = frozenset({"天", "工作日", "月", "小时", "分钟", "周", "年"})


def find_quantities(text: str | None) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order, ranges joined; () for None.

    Texts beyond 20,000 characters are read up to there.
    """
    if not text:
        return ()
    source = plain(text[:20_000])
    visible = masked(source)
    level: list[int] | None = None
    found: list[Quantity] = []
    matches = [(m.start(), m.end(), m[0]) for m in _CLUSTER.finditer(visible) if _GROUPED.fullmatch(m[0])]
    chinese = [(m.start(), m.end(), m) for m in _CHINESE_PERCENT.finditer(visible)] if "百分之" in visible else []
    if not matches and not chinese:
        return ()
    level = depths(visible)
    taken = [(start, end) for start, end, _ in chinese]
    for start, end, m in chinese:
        value = decimal(m[1]) if m[1] else None
        if m[2] and (whole := read_chinese(m[2])) is not None:
            value = Decimal(whole)
        if value is not None:
            found.append(_dressed(visible, Quantity(value, Unit("%", "%"), start, end, level[start])))
    for start, end, digits in matches:
        if any(a <= start < b for a, b in taken):
            continue
        negative = digits.startswith("-")
        if negative and start and (visible[start - 1].isalnum() or visible[start - 1] in "%)"):
            negative = False
        value = decimal(digits.lstrip("-"))
        if value is None:
            continue
        if digits.startswith("-") and not negative:
            start += 1
        unit_match = _unit_pattern().match(visible, end)
        unit = _unit(unit_match) if unit_match else BARE
        stop = unit_match.end() if unit_match and unit is not BARE and unit.written else end
        approx = (unit_match["approx1"] or unit_match["approx2"]) if unit_match else None
        if visible[stop : stop + 1].isascii() and visible[stop : stop + 1].isalpha() and not unit.written:
            continue
        quantity = Quantity(-value if negative else value, unit, start, stop, level[start], approx=approx)
        found.append(_dressed(visible, quantity))
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_ranges(visible, found))


def _dressed(text: str, quantity: Quantity) -> Quantity:
    before, after, meaning, soft = _operators()
    head = text[max(quantity.start - 10, 0) : quantity.start]
    approx = quantity.approx
    if approx is None and (close := _APPROX_BEFORE.search(head)):
        approx, head = close[0].strip(), head[: close.start()]
    front, back = before.search(head), after.match(text, quantity.end)
    first = meaning[front[1]] if front else None
    second = meaning[back[1]] if back else None
    if second is None and quantity.unit.base in _TIME and _INSIDE.match(text, quantity.end):
        second = "≤"
    hard = front is not None and front[1] not in soft
    operator = first if hard and first else second or first
    doubled = hard and second is not None and first != "="
    return replace(quantity, operator=second if first == "=" and second else operator, doubled=doubled, approx=approx)


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        gap = text[last.end : quantity.start] if last else ""
        if (
            last is not None
            and last.high is None
            and len(gap) <= 3
            and _RANGE.fullmatch(gap)
            and (last.bare or last.unit == quantity.unit)
            and quantity.operator in (None, last.operator)
            and last.value <= quantity.value
        ):
            joined[-1] = replace(last, unit=quantity.unit, high=quantity.value, end=quantity.end)
        else:
            joined.append(quantity)
    return joined


def same_measure(first: Unit, second: Unit) -> bool:
    """Tell whether two units measure the same thing, so that amounts compare."""
    return first.base == second.base and first.base != ""

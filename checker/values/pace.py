"""Tasks of so many a month, a quarter or half a year beside a plain count: of one period, or of the year?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from checker.values.direction import EQUAL, HIGHER, LOWER
from checker.values.quantity import Quantity
from checker.values.units import DURATIONS, Unit, rhythm_before, thing

_PERIODS = {"月": 12, "季度": 4, "半年": 2}
_NOT_COUNTED = frozenset({"%", "百分点", "元"})


def rhythm(unit: Unit, name: str = "") -> str | None:
    """Return the period by which a unit counts things (月 of 次/月), else the one an indicator's name sets (每月巡查次数); None for none, money and shares."""
    what, *per = unit.base.split("/")
    named = [] if per or unit.base in DURATIONS else rhythm_before(name)
    found = per or named
    return found[0] if len(found) == 1 and found[0] in _PERIODS and what not in _NOT_COUNTED else None


def plain_counts(goal: Quantity, own: Sequence[Quantity], name: str = "") -> list[Quantity]:
    """Return the plain counts of a result that a target of so many a period sets, () when the result itself says of which period."""
    if rhythm(goal.unit, name) is None or any("/" in quantity.unit.base for quantity in own):
        return []
    what = thing(goal.unit)
    return [quantity for quantity in own if quantity.high is None and (quantity.bare or not what or quantity.unit.base == what)]


def of_the_year(goal: Quantity, count: Quantity, direction: str | None, name: str = "") -> tuple[Quantity, Quantity] | None:
    """Return target and plain count as they compare where one period and the year lead to the same answer, None where they do not.

    Beside 每月2次 a count of 2 or less is that of a month, one of 24 or more that of the year; 20 is met by the month and
    missed by the year. Of a limit (每月不超过2次) likewise.
    """
    period = rhythm(goal.unit, name)
    if period is None or direction not in (HIGHER, EQUAL, LOWER):
        return None
    unit = Unit(goal.unit.written.split("/")[0], thing(goal.unit), goal.unit.factor)
    whole = goal.value * _PERIODS[period]
    if goal.value < count.value < whole:
        return None
    return replace(goal, value=goal.value if count.value <= goal.value else whole, unit=unit), replace(count, unit=unit)


def due_in_year(goal: Quantity, own: Sequence[Quantity], direction: str | None) -> tuple[Decimal, Decimal] | None:
    """Return how many fall due in the year and the plain count of a result that lies between those of one period and of the year, else None."""
    counts = plain_counts(goal, own)
    period = rhythm(goal.unit)
    if period is None or direction not in (HIGHER, EQUAL) or len(counts) != 1:
        return None
    due, done = goal.value * _PERIODS[period], counts[0].value
    return (due, done) if goal.value < done < due else None

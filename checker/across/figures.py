"""Quantities in cells of different forms: whether two targets or two actuals say the same, and which is lower."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from checker.model import FieldValue, Form, PlaceKey
from checker.values.actual import read_actual
from checker.values.level import level2_class
from checker.values.quantity import Quantity
from checker.values.target import Target, read_target
from checker.values.text import squeezed
from checker.values.units import same_measure
from checker.values.wording import bare_name


class Indicator(Struct, frozen=True):
    """An indicator row of a form with its readings; `row` counts from 1."""

    form: Form
    row: int
    name: str
    key: str
    target: Target | None
    measured: Quantity | None
    direction: str | None

    def text(self, column: str) -> str | None:
        """Return a text cell, None when it is blank."""
        value = self.form.indicators[self.row - 1].get(column)
        return value if isinstance(value, str) and value.strip() else None

    def number(self, column: str) -> FieldValue:
        """Return a number cell, None when it is blank."""
        value = self.form.indicators[self.row - 1].get(column)
        return value if isinstance(value, Decimal) else None

    def cell(self, column: str) -> tuple[tuple[Form, PlaceKey], ...]:
        """Return the cell of a column."""
        return ((self.form, ("indicators", self.row, column)),)


def indicators(form: Form, keys: Container[str] | None = None) -> tuple[Indicator, ...]:
    """Return the rows of a form that have a name, of those only the ones whose bare name is among `keys`."""
    named = ((n, str(row["name"])) for n, row in enumerate(form.indicators, 1) if row.get("name"))
    return tuple(_indicator(form, n, name) for n, name in named if keys is None or bare_name(name) in keys)


def _indicator(form: Form, row: int, name: str) -> Indicator:
    cells = form.indicators[row - 1]
    level1, level2, target, actual, reason = (_text(cells.get(key)) for key in ("level1", "level2", "target", "actual", "reason"))
    aim, measured = _read(target, name, level1, level2, actual, reason)
    return Indicator(form, row, name, bare_name(name), aim, measured, aim.direction if aim else None)


@lru_cache(65_536)
def _read(target: str | None, name: str, level1: str | None, level2: str | None, actual: str | None, reason: str | None) -> tuple[Target | None, Quantity | None]:
    aim = read_target(target, name, level2_class(level2, level1))
    told = read_actual(actual, reason, aim, name)
    return aim, told.measured[0] if told is not None and len(told.measured) == 1 and not told.copies else None


def _text(value: FieldValue) -> str | None:
    return value if isinstance(value, str) else None


def comparable(one: Quantity | None, other: Quantity | None) -> bool:
    """Say whether two quantities count the same thing."""
    if one is None or other is None or one.high is not None or other.high is not None:
        return False
    return (one.bare and other.bare) or (not one.bare and not other.bare and same_measure(one.unit, other.unit))


def same_target(one: Indicator, other: Indicator) -> bool:
    """Say whether two target cells set the same: the same words, or the same quantity the same way."""
    first, second = one.text("target"), other.text("target")
    if first is None or second is None:
        return first is second
    if squeezed(first) == squeezed(second):
        return True
    a, b = one.target, other.target
    if a is None or b is None or not comparable(a.main, b.main) or a.main is None or b.main is None:
        return False
    if len(a.quantities) != 1 or len(b.quantities) != 1:
        return False
    alike = a.direction == b.direction or None in (a.direction, b.direction)
    return a.main.amount == b.main.amount and alike


def is_lowered(now: Indicator, before: Indicator) -> bool | None:
    """Say whether a target asks for less than before; None when that cannot be told."""
    a, b = now.target, before.target
    if a is None or b is None or a.main is None or b.main is None or not comparable(a.main, b.main):
        return None
    direction = b.direction or a.direction
    if direction not in ("higher", "lower", "equal"):
        return None
    return a.main.amount > b.main.amount if direction == "lower" else a.main.amount < b.main.amount

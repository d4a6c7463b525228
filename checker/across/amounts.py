"""Amounts of several forms in one unit: exact, with the tolerance that printing in 万元 leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from checker.across.comparison import Cells
from checker.model import FieldValue, Form
from checker.values.text import letters

_SHIFT = {"元": 0, "万元": 4}
"""Powers of ten between the unit and 元."""


class Amount(Struct, frozen=True):
    """A printed amount with its unit and its cell."""

    value: Decimal
    unit: str
    cells: Cells

    @property
    def slack(self) -> Decimal:
        """Half a last digit of an amount in 万元, in 元; amounts in 元 are exact."""
        exponent = self.value.as_tuple().exponent
        digits = max(-exponent, 0) if isinstance(exponent, int) else 0
        return Decimal(5).scaleb(_SHIFT[self.unit] - digits - 1) if self.unit == "万元" else Decimal(0)


def label_of(row: Mapping[str, FieldValue]) -> str:
    """Return what a budget line is called, marks and brackets aside."""
    return re.sub(r"^\d+", "", letters(str(row.get("label") or "")))


def amount(form: Form, row: int, column: str) -> Amount | None:
    """Return the amount in a budget line (counted from 1), None when it is blank, unread, or its unit is not known."""
    value, unit = form.budget_lines[row - 1].get(column), form.header.get("amount_unit")
    if not isinstance(value, Decimal) or unit not in _SHIFT:
        return None
    return Amount(value, str(unit), ((form, ("budget_lines", row, column)),))


def common_unit(amounts: Sequence[Amount]) -> str:
    """Return the unit all amounts share, else 元."""
    units = {item.unit for item in amounts}
    return units.pop() if len(units) == 1 else "元"


def in_unit(value: Decimal, unit: str, wanted: str) -> Decimal:
    """Return an amount in another unit, exactly."""
    return value if unit == wanted else value.scaleb(_SHIFT[unit] - _SHIFT[wanted])


def total(amounts: Sequence[Amount], unit: str) -> Decimal:
    """Return the exact sum in a unit."""
    return sum((in_unit(item.value, item.unit, unit) for item in amounts), Decimal(0))


def tolerance(amounts: Sequence[Amount], unit: str) -> Decimal:
    """Return by how much amounts printed in 万元 may differ from their sum, in a unit; 0 when all are in 元."""
    return in_unit(sum((item.slack for item in amounts), Decimal(0)), "元", unit)

"""What a node comes to on one row: the value, its printed decimals, the cells behind it, why it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from checker.language.nodes import Scalar

CellKey = tuple[str, int, str]


class Null(NamedTuple):
    """Why a value is not there: "blank" (for a reading "none"), "unread", "no rows", "several rows", "division by zero" or "digits"."""

    table: str
    row: int
    field: str
    reason: str


class Value(NamedTuple):
    """A value (Fraction, text, date, bool; None with its reasons), its printed decimals, the cells used."""

    value: Scalar | None
    digits: int | None = None
    nulls: tuple[Null, ...] = ()
    cells: tuple[CellKey, ...] = ()

    @property
    def number(self) -> Fraction:
        """The number; TypeError when there is none."""
        if not isinstance(self.value, Fraction):
            raise TypeError("not a number")
        return self.value


def join(values: Iterable[Value]) -> tuple[CellKey, ...]:
    """Return the cells behind values, each once."""
    values = [value for value in values if value.cells]
    if len(values) < 2:
        return values[0].cells if values else ()
    return tuple(dict.fromkeys(cell for value in values for cell in value.cells))


def nulls_of(values: Iterable[Value]) -> tuple[Null, ...]:
    """Return why values are not there, each reason once."""
    return tuple(dict.fromkeys(null for value in values for null in value.nulls))


def most_digits(*values: Value) -> int | None:
    """Return the printed decimals of a sum, None when those of a part are unknown."""
    known = [value.digits for value in values]
    return None if None in known else max((d for d in known if d is not None), default=0)


def decided(values: Iterable[Value], decisive: bool) -> Value:
    """Return what conditions come to together: `decisive` as soon as one is, else unknown while one is unknown."""
    values = list(values)
    if hits := [v for v in values if v.value is decisive]:
        return Value(decisive, None, (), join(hits))
    if open_ := [v for v in values if v.value is None]:
        return Value(None, None, nulls_of(open_), join(open_))
    return Value(not decisive, None, (), join(values))

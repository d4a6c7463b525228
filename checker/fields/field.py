"""One column that rules may name."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Unit = Literal["text", "count", "score", "money", "percent", "quantity", "number", "date", "bool"]

SCALE = 6
"""Every number in a frame is an Int64 count of 10**-SCALE of its own unit (money: of the form's unit)."""


class Field(Struct, frozen=True):
    """One column: `zh` lists the names auditors use, the first is the one shown."""

    table: str
    name: str
    unit: Unit
    zh: tuple[str, ...]
    source: tuple[str, ...] = ()
    doc: str = ""

    @property
    def reading(self) -> bool:
        """True when the value is derived, not filled in a cell."""
        return bool(self.source)

    @property
    def scaled(self) -> bool:
        """True when the frame column is a scaled Int64 with a `<name>_digits` companion."""
        return self.unit in ("score", "money", "percent", "quantity", "number")


def fields_of(table: str, *rows: tuple[str, Unit, str] | tuple[str, Unit, str, str] | tuple[str, Unit, str, str, str]) -> tuple[Field, ...]:
    """Return the fields of a table: name, unit, Chinese names and, as far as given, what a reading is derived from and a word on it."""
    return tuple(
        Field(table, row[0], row[1], tuple(row[2].split()), tuple(row[3].split()) if len(row) > 3 else (), row[4] if len(row) > 4 else "")
        for row in rows
    )

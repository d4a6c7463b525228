"""How readings become columns: a pure function over the distinct values of some columns, values row by row, texts listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from checker.readings.plan import field_of
from checker.tables.columns import Laid, scaled

Read = Callable[..., Sequence[object]]
"""Takes one value per input column, returns one value per output column."""


def by_text(laid: Laid, table: str, inputs: Sequence[str], makes: Sequence[str], read: Read) -> Laid:
    """Add the columns of `makes`, calling `read` once per distinct combination of `inputs`."""
    found = laid.distinct(table, inputs)
    rows = [read(*values) for values in found]
    return laid.looked_up(table, inputs, found, columns(table, {name: [row[i] for row in rows] for i, name in enumerate(makes)}))


def columns(table: str, made: Mapping[str, Sequence[object]]) -> dict[str, Sequence[Any]]:
    """Return the columns of readings: scaled numbers with their digits beside them; what does not fit is null."""
    laid: dict[str, Sequence[Any]] = {}
    for name, values in made.items():
        field = field_of(table, name)
        if not field.scaled:
            laid[name] = values
            continue
        fitted = [scaled(value, field.unit) if isinstance(value, Decimal) else None for value in values]
        laid[name] = [pair[0] if pair else None for pair in fitted]
        laid[f"{name}_digits"] = [pair[1] if pair else None for pair in fitted]
    return laid


def from_rows(laid: Laid, table: str, made: Mapping[str, Sequence[object]]) -> Laid:
    """Add columns given row by row in the order of the table."""
    return laid.with_columns(table, columns(table, made))


def listed(found: Sequence[str], most: int) -> str | None:
    """Return the first of what was found and how many there are when those are not all, None for nothing."""
    more = f" 等{len(found)}项" if len(found) > most else ""
    return "；".join(found[:most]) + more if found else None

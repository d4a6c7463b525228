"""A pure function over the distinct values of some columns → new columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import polars as pl

from checker.frames import Tables, dtype, scaled
from checker.readings.plan import field_of

Read = Callable[..., Sequence[object]]
"""Takes one value per input column, returns one value per output column."""


def by_text(tables: Tables, table: str, inputs: Sequence[str], makes: Sequence[str], read: Read) -> Tables:
    """Add the columns of `makes`, calling `read` once per distinct combination of `inputs`."""
    frame: pl.DataFrame = getattr(tables, table)
    distinct = frame.select(inputs).unique(maintain_order=True)
    rows = [read(*values) for values in distinct.iter_rows()]
    columns = [series for i, name in enumerate(makes) for series in column(table, name, [row[i] for row in rows])]
    joined = frame.join(
        distinct.with_columns(columns), on=list(inputs), how="left", nulls_equal=True, maintain_order="left"
    )
    return tables.replaced({table: joined})


def column(table: str, name: str, values: Sequence[object]) -> tuple[pl.Series, ...]:
    """Return the series of a reading: scaled numbers with their digits beside them; what does not fit is null."""
    field = field_of(table, name)
    if not field.scaled:
        return (pl.Series(name, values, dtype(field)),)
    counts: list[int | None] = []
    digits: list[int | None] = []
    for value in values:
        fitted = scaled(value, field.unit) if isinstance(value, Decimal) else None
        counts.append(fitted[0] if fitted else None)
        digits.append(fitted[1] if fitted else None)
    return pl.Series(name, counts, pl.Int64), pl.Series(f"{name}_digits", digits, pl.UInt8)


def from_rows(tables: Tables, table: str, made: Mapping[str, Sequence[object]]) -> Tables:
    """Add columns given row by row in the frame's order."""
    frame: pl.DataFrame = getattr(tables, table)
    columns = [series for name, values in made.items() for series in column(table, name, values)]
    return tables.replaced({table: frame.with_columns(columns)})

"""The promise layouts make and rules rely on: pandera schemas of the four tables.

Validation is eager and complete (`lazy=True`): on a LazyFrame pandera checks the schema only and
lets data faults pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from checker.fields import BY_TABLE, SCALE, TABLES, Field

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

ROLES = ("total", "part", "source", "structure")
FORM_TYPES = ("department", "project", "transfer", "other")

_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("budget_lines", "role"): ROLES,
    ("forms", "form_type"): FORM_TYPES,
    ("forms", "amount_unit"): ("元", "万元"),
}


def violations(frames: Mapping[str, pl.DataFrame], limits: Mapping[str, int]) -> tuple[str, ...]:
    """Return each broken promise as `table.column: check (n rows)`, nothing when all hold.

    `frames` maps names of `fields.TABLES` to eager frames, `limits` exclusive bounds of |value| by unit.
    """
    from pandera.errors import SchemaErrors

    broken: list[str] = []
    for table in TABLES:
        try:
            schema(table, tuple(sorted(limits.items()))).validate(frames[table], lazy=True)
        except SchemaErrors as errors:
            for row in errors.failure_cases.group_by("column", "check", maintain_order=True).len().iter_rows(named=True):
                broken.append(f"{table}.{row['column']}: {row['check']} ({row['len']})")
    return tuple(broken)


@cache
def schema(table: str, limits: tuple[tuple[str, int], ...]) -> pa.DataFrameSchema:
    """Return the pandera schema of one table: types, bounds, digits, closed word lists, identity of rows."""
    import pandera.polars as pa
    import polars as pl

    bounds = dict(limits)
    columns: dict[str, pa.Column] = {
        "form": pa.Column(pl.UInt32, nullable=False),
        "row": pa.Column(pl.UInt32, pa.Check.ge(1), nullable=False),
        "unread": pa.Column(pl.String, pa.Check.str_matches(r"^\|([a-z0-9_]+\|)+$"), nullable=True),
    }
    for field in BY_TABLE[table].values():
        if field.reading:
            continue
        columns[field.name] = pa.Column(_dtype(field), _checks(table, field, bounds), nullable=True)
        if field.scaled:
            columns[f"{field.name}_digits"] = pa.Column(pl.UInt8, pa.Check.le(SCALE), nullable=True)
    if table == "forms":
        columns["not_applicable"] = pa.Column(pl.String, nullable=True)
    return pa.DataFrameSchema(columns, unique=["form", "row"], strict=False, name=table)


def _dtype(field: Field) -> pl.DataType | type[pl.DataType]:
    import polars as pl

    kinds: dict[str, type[pl.DataType]] = {"text": pl.String, "date": pl.Date, "bool": pl.Boolean}
    return kinds.get(field.unit, pl.Int64)


def _checks(table: str, field: Field, bounds: Mapping[str, int]) -> list[pa.Check]:
    import pandera.polars as pa

    if (table, field.name) in _CHOICES:
        return [pa.Check.isin(_CHOICES[table, field.name])]
    if field.scaled:
        bound = bounds[field.unit] * 10**SCALE
        return [pa.Check.in_range(-bound, bound, include_min=False, include_max=False)]
    if field.unit == "text":
        return [pa.Check.str_length(min_value=1)]
    return []

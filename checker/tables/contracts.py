"""The promise layouts make and rules rely on: one list of promises a table.

From the list come a pandera schema, which names what is broken, and a proof that nothing is: one Polars query over
frames, a loop over plain columns of few forms. pandera is loaded only when the proof fails. Validation is eager and complete (`lazy=True`):
on a LazyFrame pandera checks the schema only and lets data faults pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from checker.fields import SCALE, TABLES, Field
from checker.tables.columns import Columns, filled_fields, kind_of

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

ROLES = ("total", "part", "source", "structure")
UNREAD = r"^\|([a-z0-9_]+\|)+$"
FORM_TYPES = ("department", "project", "transfer", "other")

_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("budget_lines", "role"): ROLES,
    ("forms", "form_type"): FORM_TYPES,
    ("forms", "amount_unit"): ("元", "万元"),
}


class Promise(Struct, frozen=True):
    """What a column holds: its Polars type by name, and closed choices, exclusive bounds or a pattern for values that are there."""

    column: str
    kind: str
    nullable: bool = True
    choices: tuple[str, ...] = ()
    bound: int | None = None
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    filled: bool = False


Limits = tuple[tuple[str, int], ...]


def violations(frames: Mapping[str, pl.DataFrame], limits: Mapping[str, int]) -> tuple[str, ...]:
    """Return each broken promise as `table.column: check (n rows)`, nothing when all hold.

    `frames` maps names of `fields.TABLES` to eager frames, `limits` exclusive bounds of |value| by unit.
    """
    bounds = tuple(sorted(limits.items()))
    return tuple(told for table in TABLES if not proved(table, frames[table], bounds) for told in broken(table, frames[table], bounds))


def proved(table: str, frame: pl.DataFrame, limits: Limits) -> bool:
    """Say in one query that every promise holds; false asks `broken` for the names."""
    import polars as pl

    promises = promised(table, limits)
    types = frame.schema
    if any(promise.column not in types or types[promise.column] != getattr(pl, promise.kind) for promise in promises):
        return False
    form, row = pl.col("form"), pl.col("row")
    # Rows in order of form and row cannot repeat; any other order is left to the full check.
    ordered = (form > form.shift()) | ((form == form.shift()) & (row > row.shift()))
    tests = [test for promise in promises if (test := _test(promise)) is not None]
    return all(frame.select(ordered.fill_null(True).all().alias("order"), *tests).row(0))


def _test(promise: Promise) -> pl.Expr | None:
    import polars as pl

    at = pl.col(promise.column)
    tests = []
    if not promise.nullable:
        tests.append(at.is_not_null())
    if promise.choices:
        tests.append(at.is_in(promise.choices))
    if promise.bound is not None:
        tests.append((at > -promise.bound) & (at < promise.bound))
    if promise.least is not None:
        tests.append(at >= promise.least)
    if promise.most is not None:
        tests.append(at <= promise.most)
    if promise.pattern is not None:
        tests.append(at.str.contains(promise.pattern))
    if promise.filled:
        tests.append(at != "")
    return pl.all_horizontal(tests).all().alias(promise.column) if tests else None


_TYPES: Mapping[str, type] = {"UInt32": int, "UInt8": int, "Int64": int, "String": str, "Boolean": bool, "Date": date}


def kept(laid: Columns, limits: Mapping[str, int]) -> bool:
    """Say whether plain columns keep every promise; false asks `violations` of the frames for the names."""
    bounds = tuple(sorted(limits.items()))
    for table in TABLES:
        for promise in promised(table, bounds):
            values = laid.tables[table].get(promise.column)
            if values is None or not all(promise.nullable if value is None else _fits(promise, value) for value in values):
                return False
        if any(one >= two for one, two in pairwise(laid.rows(table, "form", "row"))):
            return False
    return True


def _fits(promise: Promise, value: Any) -> bool:
    right: bool = type(value) is _TYPES[promise.kind]
    return right and bool(
        (not promise.choices or value in promise.choices)
        and (promise.bound is None or -promise.bound < value < promise.bound)
        and (promise.least is None or value >= promise.least)
        and (promise.most is None or value <= promise.most)
        and (promise.pattern is None or re.search(promise.pattern, value))
        and not (promise.filled and value == "")
    )


def broken(table: str, frame: pl.DataFrame, limits: Limits) -> tuple[str, ...]:
    """Return what pandera finds broken in one table."""
    from pandera.errors import SchemaErrors

    try:
        schema(table, limits).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.group_by("column", "check", maintain_order=True).len()
        return tuple(f"{table}.{row['column']}: {row['check']} ({row['len']})" for row in cases.iter_rows(named=True))
    return ()


@cache
def promised(table: str, limits: Limits) -> tuple[Promise, ...]:
    """Return the promises of one table: types, bounds, digits, closed word lists."""
    bounds = dict(limits)
    made = [Promise("form", "UInt32", nullable=False), Promise("row", "UInt32", nullable=False, least=1), Promise("unread", "String", pattern=UNREAD)]
    for field in filled_fields(table):
        made.append(_of_field(field, bounds))
        if field.scaled:
            made.append(Promise(f"{field.name}_digits", "UInt8", most=SCALE))
    if table == "forms":
        made.append(Promise("not_applicable", "String"))
    return tuple(made)


def _of_field(field: Field, bounds: Mapping[str, int]) -> Promise:
    kind = kind_of(field.table, field.name)
    if (field.table, field.name) in _CHOICES:
        return Promise(field.name, kind, choices=_CHOICES[field.table, field.name])
    if field.scaled:
        return Promise(field.name, kind, bound=bounds[field.unit] * 10**SCALE)
    return Promise(field.name, kind, filled=field.unit == "text")


@cache
def schema(table: str, limits: Limits) -> pa.DataFrameSchema:
    """Return the pandera schema of one table; form and row together identify a row."""
    import pandera.polars as pa
    import polars as pl

    columns = {
        promise.column: pa.Column(getattr(pl, promise.kind), _checks(promise), nullable=promise.nullable) for promise in promised(table, limits)
    }
    return pa.DataFrameSchema(columns, unique=["form", "row"], strict=False, name=table)


def _checks(promise: Promise) -> list[pa.Check]:
    import pandera.polars as pa

    made = []
    if promise.choices:
        made.append(pa.Check.isin(promise.choices))
    if promise.bound is not None:
        made.append(pa.Check.in_range(-promise.bound, promise.bound, include_min=False, include_max=False))
    if promise.least is not None:
        made.append(pa.Check.ge(promise.least))
    if promise.most is not None:
        made.append(pa.Check.le(promise.most))
    if promise.pattern is not None:
        made.append(pa.Check.str_matches(promise.pattern))
    if promise.filled:
        made.append(pa.Check.str_length(min_value=1))
    return made

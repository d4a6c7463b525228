"""Forms → tables: one Polars frame a table, numbers as exact scaled integers.

One form is a batch of one. Columns are described in ARCHITECTURE.md; the pandera models of
`checker.contracts` hold what is promised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

import polars as pl

from checker.fields import BY_TABLE, SCALE, TABLES, Field
from checker.model import FieldValue, Form

LIMITS: Mapping[str, int] = {"score": 10**6, "percent": 10**6, "money": 9 * 10**12, "quantity": 9 * 10**12, "number": 9 * 10**12, "count": 10**9}
"""Exclusive bounds of |value| by unit; the compiler's proof that no product overflows rests on them."""

_DTYPE: Mapping[str, pl.DataType | type[pl.DataType]] = {"text": pl.String, "count": pl.Int64, "date": pl.Date, "bool": pl.Boolean}


@dataclass(frozen=True, slots=True)
class Tables:
    """The four frames of a batch; `form` is the position of the form in the batch, `row` counts from 1 within it.

    `across` holds tables of comparisons by name, where each comparison counts as a form of one row.
    """

    forms: pl.DataFrame
    budget_lines: pl.DataFrame
    indicator_groups: pl.DataFrame
    indicators: pl.DataFrame
    across: Mapping[str, pl.DataFrame] = dataclasses.field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return (*TABLES, *self.across)

    def frame(self, table: str) -> pl.DataFrame:
        """Return a table by name; KeyError when it is not there."""
        if table in self.across:
            return self.across[table]
        if table not in TABLES:
            raise KeyError(table)
        found: pl.DataFrame = getattr(self, table)
        return found

    def replaced(self, frames: Mapping[str, pl.DataFrame]) -> Tables:
        """Return the tables with some tables of a form replaced."""
        made = {table: frames.get(table, self.frame(table)) for table in TABLES}
        return Tables(made["forms"], made["budget_lines"], made["indicator_groups"], made["indicators"], self.across)


def dtype(field: Field) -> pl.DataType | type[pl.DataType]:
    """Return the column type of a field: Int64 for scaled numbers and counts."""
    return _DTYPE.get(field.unit, pl.Int64)


def filled_fields(table: str) -> tuple[Field, ...]:
    """Return the fields of a table that stand in cells, in order."""
    return tuple(f for f in BY_TABLE[table].values() if not f.reading)


def scaled(value: Decimal, unit: str) -> tuple[int, int] | None:
    """Return (count of 10**-SCALE, printed digits), None when the value does not fit the frame exactly."""
    if not value.is_finite() or abs(value) >= LIMITS[unit]:
        return None
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return None
    # Whole numbers, not Decimal arithmetic: its context would round what has more than 28 figures.
    whole = int("".join(map(str, figures)))
    shift = exponent + SCALE
    if shift < 0:
        whole, rest = divmod(whole, 10**-shift) if shift > -200 else (0, whole)
        if rest:
            return None
    else:
        whole *= 10**shift
    return -whole if sign else whole, min(max(-exponent, 0), SCALE)


def misfit(value: FieldValue, field: Field) -> str | None:
    """Say why a value cannot stand in the field's column, None when it can."""
    if value is None:
        return None
    if field.scaled:
        if not isinstance(value, Decimal):
            return "不是数字"
        if scaled(value, field.unit) is None:
            return f"小数超过 {SCALE} 位或数值超出范围"
    if field.unit == "count" and not (isinstance(value, int) and abs(value) < LIMITS["count"]):
        return "不是整数"
    return None


def tables(forms: Sequence[Form]) -> Tables:
    """Lay a batch of forms out as frames of filled fields.

    A value that does not fit its column exactly is null and its field is named in `unread`.
    """
    rows = {
        "forms": [(i, 1, form.header) for i, form in enumerate(forms)],
        "budget_lines": [(i, n, row) for i, form in enumerate(forms) for n, row in enumerate(form.budget_lines, 1)],
        "indicator_groups": [(i, n, row) for i, form in enumerate(forms) for n, row in enumerate(form.indicator_groups, 1)],
        "indicators": [(i, n, row) for i, form in enumerate(forms) for n, row in enumerate(form.indicators, 1)],
    }
    unread = {table: [set[str]() for _ in rows[table]] for table in TABLES}
    offsets = {table: _offsets(table, forms) for table in TABLES}
    for i, form in enumerate(forms):
        for (table, n, name), place in form.places.items():
            if place.unread and table in TABLES and name in BY_TABLE[table]:
                unread[table][offsets[table][i] + n - 1].add(name)
    made = {table: frame_of(table, rows[table], unread[table]) for table in TABLES}
    made["forms"] = made["forms"].with_columns(
        pl.Series("not_applicable", [_marked(form.not_applicable) for form in forms], pl.String)
    )
    groups = [_group_rows(form) for form in forms]
    made["indicators"] = made["indicators"].with_columns(
        pl.Series("group1", [pair[0] for pairs in groups for pair in pairs], pl.UInt32),
        pl.Series("group2", [pair[1] for pairs in groups for pair in pairs], pl.UInt32),
    )
    return Tables(made["forms"], made["budget_lines"], made["indicator_groups"], made["indicators"])


def _marked(names: Iterable[str]) -> str | None:
    names = sorted(set(names))
    return f"|{'|'.join(names)}|" if names else None


def _offsets(table: str, forms: Sequence[Form]) -> list[int]:
    sizes = [1 if table == "forms" else len(getattr(form, table)) for form in forms]
    return [0, *accumulate(sizes)]


def frame_of(
    table: str, rows: Sequence[tuple[int, int, Mapping[str, FieldValue]]], unread: Sequence[set[str]]
) -> pl.DataFrame:
    """Lay rows (form, row, values) out as the frame of a table; what does not fit is null and joins `unread`."""
    fields = filled_fields(table)
    columns: dict[str, pl.Series] = {
        "form": pl.Series("form", [i for i, _, _ in rows], pl.UInt32),
        "row": pl.Series("row", [n for _, n, _ in rows], pl.UInt32),
    }
    for field in fields:
        values: list[object] = []
        digits: list[int | None] = []
        for position, (_, _, row) in enumerate(rows):
            value = row.get(field.name)
            printed: int | None = None
            if misfit(value, field):
                unread[position].add(field.name)
                value = None
            elif isinstance(value, Decimal):
                fitted = scaled(value, field.unit)
                value, printed = fitted if fitted else (None, None)
            elif isinstance(value, str):
                value = value.strip() or None
            values.append(value)
            digits.append(printed)
        columns[field.name] = pl.Series(field.name, values, dtype(field))
        if field.scaled:
            columns[f"{field.name}_digits"] = pl.Series(f"{field.name}_digits", digits, pl.UInt8)
    columns["unread"] = pl.Series("unread", [_marked(names) for names in unread], pl.String)
    return pl.DataFrame(columns)


def _group_rows(form: Form) -> list[tuple[int | None, int | None]]:
    first: dict[str | None, int] = {}
    second: dict[tuple[str | None, str | None], int] = {}
    for n, group in enumerate(form.indicator_groups, 1):
        one, two = _text(group.get("level1")), _text(group.get("level2"))
        if two is None:
            first.setdefault(one, n)
        else:
            second.setdefault((one, two), n)
    return [
        (first.get(_text(row.get("level1"))), second.get((_text(row.get("level1")), _text(row.get("level2")))))
        for row in form.indicators
    ]


def _text(value: FieldValue) -> str | None:
    return value if isinstance(value, str) else None


def exact(count: int | None, digits: int | None = None) -> Decimal | None:
    """Return the Decimal behind a scaled integer, with its printed digits when they are known."""
    if count is None:
        return None
    value = Decimal(count).scaleb(-SCALE)
    if digits is None:
        value = value.normalize()
        return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))  # type: ignore[operator]
    return value.quantize(Decimal(1).scaleb(-digits))



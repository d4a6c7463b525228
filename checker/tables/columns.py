"""Forms → plain columns: numbers as exact scaled integers; what does not fit is null and named in `unread`.

`checker.tables.frames` makes Polars frames of the same columns. A run of few forms is checked on the columns themselves, so
that Polars need not be loaded; whoever asks either of them asks through `Laid`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import accumulate
from typing import Any, Protocol

from msgspec import Struct

from checker.fields import BY_TABLE, SCALE, TABLES, Field
from checker.model import FieldValue, Form
from checker.remembered import remembered

LIMITS: Mapping[str, int] = {"score": 10**6, "percent": 10**6, "money": 9 * 10**12, "quantity": 9 * 10**12, "number": 9 * 10**12, "count": 10**9}
"""Exclusive bounds of |value| by unit; the compiler's proof that no product overflows rests on them."""

Row = tuple[int, int, Mapping[str, FieldValue]]
"""Position of a form in the batch, number of the row within it, values by field."""

Filled = dict[str, list[Any]]
"""Columns of one length by name."""


class Laid(Protocol):
    """The tables of a batch, in frames or in plain columns. Methods that add return a new value."""

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        ...

    def has(self, table: str, column: str) -> bool:
        """Say whether a table has a column."""
        ...

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return some columns of a table, row by row."""
        ...

    def distinct(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the distinct rows of some columns."""
        ...

    def records(self, table: str, form: int) -> Sequence[Mapping[str, object]]:
        """Return the rows of one form with all their columns."""
        ...

    def with_columns(self, table: str, made: Mapping[str, Sequence[Any]]) -> Laid:
        """Add columns given row by row."""
        ...

    def looked_up(self, table: str, keys: Sequence[str], found: Sequence[tuple[Any, ...]], made: Mapping[str, Sequence[Any]]) -> Laid:
        """Add columns given once for each distinct row (`found`) of `keys`."""
        ...

    def without(self, table: str, columns: Iterable[str]) -> Laid:
        """Leave columns out."""
        ...


class Columns(Struct, frozen=True):
    """The four tables of a few forms as plain columns by table and name, in the same order and of the same values as frames."""

    tables: Mapping[str, Filled]

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return tuple(self.tables)

    def has(self, table: str, column: str) -> bool:
        """Say whether a table has a column."""
        return column in self.tables[table]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return some columns of a table, row by row."""
        mine = self.tables[table]
        return list(zip(*(mine[name] for name in columns), strict=True))

    def distinct(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the distinct rows of some columns."""
        return list(dict.fromkeys(self.rows(table, *columns)))

    def records(self, table: str, form: int) -> Sequence[Mapping[str, object]]:
        """Return the rows of one form with all their columns."""
        mine = self.tables[table]
        return [dict(zip(mine, values, strict=True)) for values in zip(*mine.values(), strict=True) if values[0] == form]

    def with_columns(self, table: str, made: Mapping[str, Sequence[Any]]) -> Columns:
        """Add columns given row by row."""
        return Columns({**self.tables, table: {**self.tables[table], **{name: list(values) for name, values in made.items()}}})

    def looked_up(self, table: str, keys: Sequence[str], found: Sequence[tuple[Any, ...]], made: Mapping[str, Sequence[Any]]) -> Columns:
        """Add columns given once for each distinct row (`found`) of `keys`."""
        at = {values: position for position, values in enumerate(found)}
        where = [at[values] for values in self.rows(table, *keys)]
        return self.with_columns(table, {name: [values[position] for position in where] for name, values in made.items()})

    def without(self, table: str, columns: Iterable[str]) -> Columns:
        """Leave columns out."""
        out = set(columns)
        return Columns({**self.tables, table: {name: values for name, values in self.tables[table].items() if name not in out}})


def kind_of(table: str, column: str) -> str:
    """Return the name of the Polars type of a column of a table; a column of the form may stand beside its rows."""
    if column in ("form", "row", "group1", "group2"):
        return "UInt32"
    if column in ("unread", "not_applicable"):
        return "String"
    field = BY_TABLE[table].get(column) or BY_TABLE["forms"].get(column)
    if field is None:
        # KeyError for a name that is no field.
        return "UInt8" if column.endswith("_digits") and BY_TABLE[table][column.removesuffix("_digits")].scaled else BY_TABLE[table][column].unit
    return {"text": "String", "date": "Date", "bool": "Boolean"}.get(field.unit, "Int64")


def filled_fields(table: str) -> tuple[Field, ...]:
    """Return the fields of a table that stand in cells, in order."""
    return tuple(f for f in BY_TABLE[table].values() if not f.reading)


def filled_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table before readings are added: those of `columns`, in their order."""
    made = ["form", "row"]
    for field in filled_fields(table):
        made += [field.name, f"{field.name}_digits"] if field.scaled else [field.name]
    return (*made, "unread", *_BESIDE.get(table, ()))


_BESIDE: Mapping[str, tuple[str, ...]] = {"forms": ("not_applicable",), "indicators": ("group1", "group2")}
"""Columns that no cell holds."""


def scaled(value: Decimal, unit: str) -> tuple[int, int] | None:
    """Return (count of 10**-SCALE, printed digits), None when the value does not fit its column exactly."""
    # Kept by text: equal Decimals may have other printed digits.
    return _SCALED[unit](str(value))


def _scaled(unit: str, text: str) -> tuple[int, int] | None:
    value = Decimal(text)
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


_SCALED = {unit: remembered(partial(_scaled, unit)) for unit in LIMITS}


def fitted(value: FieldValue, field: Field) -> tuple[Any, int | None] | None:
    """Return (what stands in the field's column, printed digits), None when the value does not fit exactly."""
    if field.scaled and value is not None:
        return scaled(value, field.unit) if isinstance(value, Decimal) else None
    if field.unit == "count" and value is not None and not (isinstance(value, int) and abs(value) < LIMITS["count"]):
        return None
    return (value.strip() or None) if isinstance(value, str) else value, None


def columns(forms: Sequence[Form]) -> Columns:
    """Lay a batch of forms out as columns of filled fields.

    A value that does not fit its column exactly is null and its field is named in `unread`.
    """
    rows: dict[str, list[Row]] = {"forms": [(i, 1, form.header) for i, form in enumerate(forms)]}
    for table in TABLES[1:]:
        rows[table] = [(i, n, row) for i, form in enumerate(forms) for n, row in enumerate(getattr(form, table), 1)]
    unread = {table: [set[str]() for _ in rows[table]] for table in TABLES}
    offsets = {table: _offsets(table, forms) for table in TABLES}
    for i, form in enumerate(forms):
        for (table, n, name), place in form.places.items():
            if place.unread and table in TABLES and name in BY_TABLE[table]:
                unread[table][offsets[table][i] + n - 1].add(name)
    made = {table: columns_of(table, rows[table], unread[table]) for table in TABLES}
    made["forms"]["not_applicable"] = [_marked(form.not_applicable) for form in forms]
    groups = [pair for form in forms for pair in _group_rows(form)]
    made["indicators"]["group1"] = [first for first, _ in groups]
    made["indicators"]["group2"] = [second for _, second in groups]
    return Columns(made)


def columns_of(table: str, rows: Sequence[Row], unread: Sequence[set[str]]) -> Filled:
    """Lay rows out as the filled columns of a table; what does not fit is null and joins `unread`."""
    made: Filled = {"form": [i for i, _, _ in rows], "row": [n for _, n, _ in rows]}
    into: dict[str, tuple[Field, list[Any], list[Any]]] = {}
    for field in filled_fields(table):
        _, made[field.name], digits = into[field.name] = field, [None] * len(rows), [None] * len(rows)
        if field.scaled:
            made[f"{field.name}_digits"] = digits
    for position, (_, _, row) in enumerate(rows):
        for name, value in row.items():
            if name in into:
                field, values, digits = into[name]
                fits = fitted(value, field)
                if fits is None:
                    unread[position].add(name)
                values[position], digits[position] = fits or (None, None)
    made["unread"] = [_marked(names) if names else None for names in unread]
    return made


def _marked(names: Iterable[str]) -> str | None:
    names = sorted(set(names))
    return f"|{'|'.join(names)}|" if names else None


def _offsets(table: str, forms: Sequence[Form]) -> list[int]:
    sizes = [1 if table == "forms" else len(getattr(form, table)) for form in forms]
    return [0, *accumulate(sizes)]


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

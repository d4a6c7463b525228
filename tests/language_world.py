"""Random tables for the tests of the rule language: every field filled, boundary values, nulls, unreadable cells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random

import polars as pl
from language_reference import World

from checker.fields import BY_TABLE, SCALE, TABLES, Field
from checker.tables.frames import Tables, dtype

AS_OF = date(2024, 4, 18)
_NUMBERS = {
    "score": ("0", "0.00", "0.01", "0.20", "0.80", "0.8", "1", "1.00", "2.00", "10", "30.00", "100", "-0.01", "-1.00", "0.005", "0.125", "999999.999999", "-999999.999999"),
    "percent": ("0", "0.00", "0.5", "33.3", "33.33", "33.34", "66.67", "97.84", "97.85", "98", "99.18", "100", "100.00", "-12.50", "999999.999999", "-999999.999999", "0.000001"),
    "money": ("0", "0.00", "0.01", "1.00", "3", "-3.00", "12.345", "9391037.56", "9597603.49", "57157686.73", "8999999999999.99", "8999999999999.999999", "-8999999999999.999999", "0.000001"),
    "quantity": ("0", "1", "3", "4", "5", "10", "95", "100", "115", "3037", "3133", "0.5", "-4", "8999999999999.999999"),
}  # fmt: skip
_TEXTS = ("产出", "时效", "数量", "“—”", "、。", "100%", "执行率99.18%", "a", "元", "万元", "A.b|c", "3037人", "及时（10月）", "ß")


@cache
def world(seed: int, forms: int = 8) -> Tables:
    """Return tables of a few forms; the same seed gives the same tables."""
    rng = Random(seed)
    sizes = {
        "forms": [1] * forms,
        "budget_lines": [rng.choice((0, 1, 2, 3, 5)) for _ in range(forms)],
        "indicator_groups": [rng.choice((0, 1, 3, 4)) for _ in range(forms)],
        "indicators": [rng.choice((0, 1, 2, 4, 9)) for _ in range(forms)],
    }
    made = {}
    for table in TABLES:
        where = [(form, row) for form, size in enumerate(sizes[table]) for row in range(1, size + 1)]
        columns = {"form": pl.Series([f for f, _ in where], dtype=pl.UInt32), "row": pl.Series([r for _, r in where], dtype=pl.UInt32)}
        sparse = rng.choice((0.0, 0.05, 0.3))
        marks: list[set[str]] = [set() for _ in where]
        for field in BY_TABLE[table].values():
            values = [None if rng.random() < sparse else _value(field, rng) for _ in where]
            for mark, value in zip(marks, values, strict=True):
                if value is None and not field.reading and rng.random() < 0.4:
                    mark.add(field.name)
            if field.scaled:
                decimals = [None if v is None else Decimal(str(v)) for v in values]
                columns[field.name] = pl.Series([None if d is None else int(d.scaleb(SCALE)) for d in decimals], dtype=pl.Int64)
                columns[f"{field.name}_digits"] = pl.Series([None if d is None else -int(d.as_tuple().exponent) for d in decimals], dtype=pl.UInt8)
            else:
                columns[field.name] = pl.Series(values, dtype=dtype(field.table, field.name))
        columns["unread"] = pl.Series([f"|{'|'.join(sorted(m))}|" if m else None for m in marks], dtype=pl.String)
        if table == "indicators":
            picks = [_groups(sizes["indicator_groups"][form], rng) for form, _ in where]
            columns["group1"] = pl.Series([a for a, _ in picks], dtype=pl.UInt32)
            columns["group2"] = pl.Series([b for _, b in picks], dtype=pl.UInt32)
        made[table] = pl.DataFrame(columns)
    return Tables(**made)


def _groups(size: int, rng: Random) -> tuple[int | None, int | None]:
    pair: list[int | None] = [*range(1, size + 1)]
    rng.shuffle(pair)
    pair += [None, None]
    return rng.choice((pair[0], None, pair[0])), rng.choice((pair[1], pair[1], pair[0], None))


def _value(field: Field, rng: Random) -> object:
    if field.unit in _NUMBERS:
        if rng.random() < 0.5:
            return rng.choice(_NUMBERS[field.unit])
        digits = rng.choice((0, 1, 2, 2, 2, 4, 6))
        top = 100 if field.unit in ("score", "percent") else 10**6
        return Decimal(rng.randrange(-top // 10 * 10**digits, top * 10**digits)).scaleb(-digits)
    if field.unit == "count":
        return rng.choice((0, 1, 2, 3, 12, 2023, 2024, 58, -1, 999_999_999))
    if field.unit == "date":
        return date(2023, 1, 1) + timedelta(days=rng.choice((-1, 0, 31, 58, 180, 364, 365, 500)))
    if field.unit == "bool":
        return rng.random() < 0.5
    if field.name == "amount_unit":
        return rng.choice(("元", "万元"))
    return rng.choice(_TEXTS)


def _plain(table: str, row: dict[str, object]) -> dict[str, object]:
    """Return a frame row with numbers as Fraction and `unread` as a set."""
    made: dict[str, object] = dict(row)
    for field in BY_TABLE[table].values():
        value = row[field.name]
        if isinstance(value, int) and not isinstance(value, bool):
            made[field.name] = Fraction(value, 10**SCALE if field.scaled else 1)
    unread = row["unread"]
    made["unread"] = set(unread.strip("|").split("|")) if isinstance(unread, str) else set()
    return made


SOURCES = {(table, field.name): field.source for table in TABLES for field in BY_TABLE[table].values()}


def worlds(tables: Tables, table: str) -> dict[tuple[int, int], World]:
    """Return what the reference evaluator needs for every row of a table."""
    rows = {name: [_plain(name, row) for row in getattr(tables, name).to_dicts()] for name in TABLES}
    made = {}
    for record in rows[table]:
        form = record["form"]
        children = {name: [r for r in rows[name] if r["form"] == form] for name in TABLES}
        made[form, record["row"]] = World(table, record, children["forms"][0], children, AS_OF, SOURCES)
    return made  # type: ignore[return-value]


def tables_of(table: str, row: dict[str, object]) -> Tables:
    """Return tables of one form from one row as text; child tables stand in the row under their names, `unread` as a list.

    The row itself is the first of its table; `forms` holds the fields of the form when another table is meant.
    """
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for name in TABLES:
        given = row.get(name, [])
        rows[name] = [given] if isinstance(given, dict) else list(given)  # type: ignore[call-overload]
    rows[table].insert(0, {key: value for key, value in row.items() if key not in TABLES})
    rows["forms"] = rows["forms"] or [{}]
    made = {}
    for name in TABLES:
        size = len(rows[name])
        columns = {"form": pl.Series([0] * size, dtype=pl.UInt32), "row": pl.Series(range(1, size + 1), dtype=pl.UInt32)}
        for field in BY_TABLE[name].values():
            texts = [r.get(field.name) for r in rows[name]]
            values = [None if t is None else _typed(field, str(t)) for t in texts]
            if field.scaled:
                columns[field.name] = pl.Series([None if v is None else int(Decimal(str(v)).scaleb(SCALE)) for v in values], dtype=pl.Int64)
                columns[f"{field.name}_digits"] = pl.Series([None if v is None else -int(Decimal(str(v)).as_tuple().exponent) for v in values], dtype=pl.UInt8)
            else:
                columns[field.name] = pl.Series(values, dtype=dtype(field.table, field.name))
        marks = [r.get("unread", []) for r in rows[name]]
        columns["unread"] = pl.Series([f"|{'|'.join(m)}|" if m else None for m in marks], dtype=pl.String)  # type: ignore[arg-type]
        if name == "indicators":
            for group in ("group1", "group2"):
                columns[group] = pl.Series([None if r.get(group) is None else int(str(r[group])) for r in rows[name]], dtype=pl.UInt32)
        made[name] = pl.DataFrame(columns)
    return Tables(**made)


def _typed(field: Field, text: str) -> object:
    if field.scaled:
        return Decimal(text)
    return {"count": int, "date": date.fromisoformat, "bool": lambda t: t == "true", "text": str}[field.unit](text)


def settled(tables: Tables, rng: Random) -> Tables:
    """Return tables of which most columns are empty, the same in every row or without gaps."""
    made = {}
    for table in TABLES:
        frame = tables.frame(table)
        schema, height = frame.schema, frame.height
        columns: list[pl.Series | pl.Expr] = []
        for name in BY_TABLE[table]:
            both = [c for c in (name, f"{name}_digits") if c in schema]
            if (kind := rng.random()) < 0.3:
                columns += [pl.Series(c, [None] * height, schema[c]) for c in both]
            elif kind < 0.6 and height:
                at = rng.randrange(height)
                columns += [frame.get_column(c).new_from_index(at, height) for c in both]
            elif kind < 0.8:
                columns += [pl.col(c).fill_null(pl.col(c).drop_nulls().first()) for c in both]
        if rng.random() < 0.5:
            columns.append(pl.Series("unread", [None] * height, pl.String))
        made[table] = frame.with_columns(columns)
    return Tables(**made)

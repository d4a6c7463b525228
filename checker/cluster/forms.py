"""A part read back as forms, for rules over several forms: they compare texts and quantities, not columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl

from checker.engine.parts import typed
from checker.fields import BY_TABLE, SCALE, TABLES
from checker.model import FieldValue, Form, Locator, Place, PlaceKey, Source

BATCH = 500
"""Forms held at a time."""
_UNREAD = "单元格无法读取"
Row = Mapping[str, FieldValue]


def forms_of(folder: Path) -> Iterator[Form]:
    """Yield the forms of a part with their digits and unread cells; the part tells no other places, so a form's id stands for its file."""
    scans = {table: pl.scan_parquet(folder / f"{table}.parquet") for table in TABLES}
    names = [f"rows_{table}" for table in TABLES[1:]]
    counts = scans["forms"].select("form_id", *names).collect()
    starts = dict.fromkeys(TABLES[1:], 0)
    for low in range(0, counts.height, BATCH):
        some = counts.slice(low, BATCH)
        read = {"forms": scans["forms"].slice(low, some.height).collect()}
        for table in starts:
            many = int(some.get_column(f"rows_{table}").cast(pl.Int64).sum())
            read[table] = scans[table].slice(starts[table], many).collect()
            starts[table] += many
        yield from _made(some, {table: typed(table, frame) for table, frame in read.items()})


def _made(counts: pl.DataFrame, read: Mapping[str, pl.DataFrame]) -> Iterator[Form]:
    rows = {table: list(zip(_rows(table, frame), _marked(frame), strict=True)) for table, frame in read.items()}
    layout = read["forms"].get_column("not_applicable").to_list()
    at = dict.fromkeys(TABLES[1:], 0)
    for number, (form_id, *many) in enumerate(counts.iter_rows()):
        mine = {"forms": [rows["forms"][number]]}
        for table, size in zip(at, many, strict=True):
            mine[table] = rows[table][at[table] : at[table] + size]
            at[table] += size
        places: dict[PlaceKey, Place] = {
            (table, n, name): Place(Locator(file=form_id), "", _UNREAD) for table, listed in mine.items() for n, (_, unread) in enumerate(listed, 1) for name in unread
        }
        budget, groups, indicators = (tuple(row for row, _ in mine[table]) for table in ("budget_lines", "indicator_groups", "indicators"))
        absent = tuple(token for token in (layout[number] or "").split("|") if token)
        yield Form(form_id, Source(form_id, "", "part"), mine["forms"][0][0], budget, indicators, groups, places, absent)


def _rows(table: str, frame: pl.DataFrame) -> Iterator[Row]:
    """Return the filled fields of every row; numbers are Decimal with their printed digits, blank cells are absent."""
    fields = [field for field in BY_TABLE[table].values() if not field.reading and field.name in frame.columns]
    columns = [_numbers(frame, field.name) if field.scaled else frame.get_column(field.name).to_list() for field in fields]
    names = [field.name for field in fields]
    for values in zip(*columns, strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _numbers(frame: pl.DataFrame, name: str) -> list[Decimal | None]:
    counts, digits = frame.get_column(name).to_list(), frame.get_column(f"{name}_digits").to_list()
    return [None if count is None else Decimal(count).scaleb(-SCALE).quantize(Decimal(1).scaleb(-(shown or 0))) for count, shown in zip(counts, digits, strict=True)]


def _marked(frame: pl.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(name for name in (told or "").split("|") if name) for told in frame.get_column("unread").to_list()]

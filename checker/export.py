"""Tables for analysts: CSV with the form's own digits, Parquet with decimals."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from checker.fields import BY_TABLE
from checker.model import FieldValue, Form

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(forms: Sequence[Form], table: str) -> list[dict[str, FieldValue]]:
    """Return the rows of one table over all forms, each with `form_id` and `row` (from 1); blank cells are None."""
    names = [field.name for field in BY_TABLE[table].values() if not field.reading]
    made: list[dict[str, FieldValue]] = []
    for form in forms:
        filled = (form.header,) if table == "forms" else getattr(form, table)
        for number, row in enumerate(filled, 1):
            made.append({"form_id": form.form_id, "row": number, **{name: row.get(name) for name in names}})
    return made


def table_csv(forms: Sequence[Form], table: str) -> str:
    """Return one table as CSV. Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers never do."""
    made = rows(forms, table)
    out = io.StringIO()
    names = ["form_id", "row", *(field.name for field in BY_TABLE[table].values() if not field.reading)]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for row in made:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: FieldValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def table_parquet(forms: Sequence[Form], table: str) -> bytes:
    """Return one table as Parquet; numbers are Decimal(38, 6), exact."""
    import polars as pl

    types: dict[str, pl.DataType | type[pl.DataType]] = {"form_id": pl.String, "row": pl.UInt32}
    for field in BY_TABLE[table].values():
        if not field.reading:
            plain = {"text": pl.String, "count": pl.Int64, "date": pl.Date, "bool": pl.Boolean}
            types[field.name] = pl.Decimal(38, 6) if field.scaled else plain[field.unit]
    out = io.BytesIO()
    pl.DataFrame(rows(forms, table), schema=types).write_parquet(out)
    return out.getvalue()

"""Tables for analysts: CSV with the form's own digits, Parquet with decimals, findings as a Polars frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from checker.fields import BY_TABLE
from checker.model import FieldValue, Finding, Form, FormResult, Results

if TYPE_CHECKING:
    import polars as pl

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
    """Return one table as CSV, as `csv_text` writes it."""
    names = ["form_id", "row", *(field.name for field in BY_TABLE[table].values() if not field.reading)]
    return csv_text(names, ([row[name] for name in names] for row in rows(forms, table)))


def csv_text(names: Sequence[str], made: Iterable[Iterable[FieldValue]]) -> str:
    """Return rows as CSV under the names of their columns. Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers never do."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in made)
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


_OF_FORM = ("form_id", "path", "form_type", "unit_name", "project_name", "fiscal_year", "profile", "verdict")
_OF_FINDING = ("rule", "severity", "kind", "title", "message", "reported", "expected", "difference", "arithmetic", "advice", "heuristic", "baseline", "fingerprint")
_OF_PLACE = ("table", "row", "field", "text")
_OF_FILE = ("sheet", "cell", "page", "line", "column")
_COUNTS = ("fiscal_year", "row", "page", "line", "column")


def frame(results: Results) -> pl.DataFrame:
    """Return the findings as a Polars frame, one row a finding, in the order of the results.

    Columns: the form (`form_id`, `path`, … `verdict`; null for findings over several forms), the finding (`rule`,
    `severity`, `kind` fail, open, review or error, `message`, `reported`, `expected`, `arithmetic`, …), its primary place
    (`table`, `row` from 1, `field`, `text`, `sheet`, `cell`, `page`, `line`, `column`), `waived` (the reason of the waiver)
    and `response` (the unit's explanation), null without one. Figures are text as printed, so none loses a digit.

    >>> from checker import check, frame
    >>> found = frame(check(["sample_forms/minhang_dpf_2023.txt"], select=["DED-001"]))
    >>> found.select("rule", "kind", "line", "arithmetic").rows()
    [('DED-001', 'fail', 39, '1.00 − 0.80 = 0.20'), ('DED-001', 'open', 27, None)]
    """
    import polars as pl

    listed = [(form, finding) for form in results.forms for finding in form.findings] + [(None, finding) for finding in results.batch]
    types: dict[str, type[pl.DataType]] = {name: pl.Int64 if name in _COUNTS else pl.String for name in (*_OF_FORM, *_OF_FINDING, *_OF_PLACE, *_OF_FILE)}
    types |= {"heuristic": pl.Boolean, "baseline": pl.Boolean, "waived": pl.String, "response": pl.String}
    return pl.DataFrame([_finding(form, finding) for form, finding in listed], schema=types, orient="row")


def _finding(form: FormResult | None, finding: Finding) -> dict[str, object]:
    made: dict[str, object] = dict.fromkeys(_OF_FORM)
    if form is not None:
        filled = form.form
        made |= {name: filled.header.get(name) for name in _OF_FORM}
        made |= {"form_id": filled.form_id, "path": filled.source.path, "profile": form.profile, "verdict": form.verdict.value}
    made |= {name: getattr(finding, name) for name in _OF_FINDING}
    made |= {"severity": finding.severity.value, "kind": finding.kind.value}
    place = next((place for place in finding.locations if place.role == "primary"), None)
    made |= {name: getattr(place, name, None) for name in _OF_PLACE}
    made |= {name: getattr(place.locator, name) if place else None for name in _OF_FILE}
    return made | {"waived": (finding.waiver or {}).get("reason"), "response": (finding.response or {}).get("explanation")}

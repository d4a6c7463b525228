"""Findings and small files for the tests of the marked copy."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from spreadsheet_files import zipped

from checker.model import Finding, Form, FormResult, Location, Locator, Outcome, Severity, Source, Verdict
from checker.readers import doc

ROOT = Path(__file__).resolve().parents[1]
FORMS = ROOT / "tests" / "corpus" / "forms"
SAMPLES = ROOT / "sample_forms"
CI = os.environ.get("CI", "").lower() in ("true", "1")


def located(at: Locator, field: str = "score", text: str = "1", role: str = "primary", row: int = 1, table: str = "indicators") -> Location:
    return Location(role, table, row, field, text, at)


def finding(locations: Sequence[Location], *, rule: str = "SCO-001", severity: Severity = Severity.ERROR, kind: Outcome = Outcome.FAIL, title: str = "得分不应高于分值", message: str = "得分 3 高于分值 2。", advice: str | None = "更正得分。", waiver: Mapping[str, str] | None = None) -> Finding:
    return Finding("0" * 24, rule, severity, kind, title, message, tuple(locations), advice=advice, waiver=waiver)


def result(findings: Sequence[Finding], form: Form | None = None, format: str = "xlsx") -> FormResult:
    return FormResult(form or Form("f", Source(f"f.{format}", "", format), {}), Verdict.RETURN, None, tuple(findings), ())


def at_cells(sheet: str, *cells: str) -> list[Location]:
    return [located(Locator("f.xlsx", sheet, cell)) for cell in cells]


def from_places(form: Form, step: int = 3) -> FormResult:
    """Findings on every `step`-th place of a real form, in turn of each severity, so that no rule is needed."""
    severities = list(Severity)
    kinds = [Outcome.FAIL, Outcome.FAIL, Outcome.FAIL, Outcome.OPEN, Outcome.REVIEW]
    made = []
    for n, ((table, row, field), place) in enumerate(sorted(form.places.items(), key=lambda item: item[0])):
        if n % step == 0:
            made.append(finding([Location("primary", table, row, field, place.text, place.locator)], rule=f"TST-{n:03}", severity=severities[n % 3], kind=kinds[n % 5]))
    return result(made, form)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A workbook of these parts with the content types that other programs ask for."""
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles", "xl/sharedStrings.xml": "sharedStrings", "xl/comments1.xml": "comments"}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kinds.get(name, "worksheet")}+xml"/>'
        for name in parts
        if name in kinds or name.startswith("xl/worksheets/sheet")
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    return zipped({**parts, "[Content_Types].xml": types})


def converted(data: bytes, suffix: str, target: str) -> bytes:
    """The file as LibreOffice saves it; a missing LibreOffice skips the test, but not in continuous integration."""
    if doc.find() is None:
        assert not CI, "continuous integration needs LibreOffice"
        pytest.skip("LibreOffice is not installed")
    return doc.convert(data, suffix, target)


def pdf_text(pdf: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)

"""Empty forms that, filled in and calculated by a real office program, come out right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from marked_files import converted

from checker.api import Reading, check, read
from checker.cli import cli
from checker.evidence import read_events
from checker.forms.template import DEPARTMENT_BLOCKS, KINDS, PROJECT_BLOCKS, ROWS_EACH, filled_rows, workbook
from checker.model import Form, Outcome

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = {"department": DEPARTMENT_BLOCKS, "project": PROJECT_BLOCKS}


def filled(kind: str, path: Path) -> None:
    """Fill the amounts, weights and scores of a template as a person would; formulas are left alone."""
    path.write_bytes(workbook(kind))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["A2"] = "（2023年度）"
    if kind == "department":
        sheet["C3"] = "示例区民政服务中心"
        for row, (budget, executed) in enumerate(((900, 870), (100, 90), (400, 390), (600, 570)), 5):
            sheet.cell(row, 4, budget)
            sheet.cell(row, 6, executed)
    else:
        sheet["C3"], sheet["C4"], sheet["H4"] = "救助项目", "示例区民政局", "示例区民政服务中心"
        for row, (budget, executed) in enumerate(((800, 776), (150, 145), (50, 49)), 7):
            sheet.cell(row, 4, budget)
            sheet.cell(row, 5, budget)
            sheet.cell(row, 6, executed)
    first, last = filled_rows(kind)
    weights = [share for _, planned, groups in BLOCKS[kind] for share in shares(Decimal(planned), len(groups) * ROWS_EACH)]
    for row, weight in zip(range(first, last + 1), weights, strict=True):
        sheet.cell(row, 4, f"第{row}项任务完成率")
        sheet.cell(row, 5, "≥95%")
        sheet.cell(row, 6, "96%")
        sheet.cell(row, 7, float(weight))
        sheet.cell(row, 8, float(weight))
    book.save(path)


def shares(whole: Decimal, parts: int) -> list[Decimal]:
    """Split points into parts of two decimals that add up."""
    each = (whole / parts).quantize(Decimal("0.01"))
    return [*([each] * (parts - 1)), whole - each * (parts - 1)]


@pytest.fixture(scope="module", params=KINDS)
def form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Form:
    folder = tmp_path_factory.mktemp(request.param)
    path = folder / "form.xlsx"
    filled(request.param, path)
    path.write_bytes(converted(path.read_bytes(), "xlsx", "xlsx"))  # with every formula worked out
    return read([path]).forms[0]


def test_a_filled_template_is_recognised(form: Form) -> None:
    """Layout, header, budget and every indicator row are found."""
    assert form.recognition == "strong"
    kind = str(form.header["form_type"])
    first, last = filled_rows(kind)
    assert len(form.indicators) == last - first + 1
    assert form.header["fiscal_year"] == 2023
    assert not form.unread


def test_the_formulas_make_every_sum_and_rate_right(form: Form) -> None:
    """Weights, rates and totals that the template works out pass the rules about them."""
    result = check(Reading((form,)), as_of=date(2024, 6, 30)).forms[0]
    sums = ("BUD-001", "BUD-003", "BUD-004", "BUD-011", "WGT-001", "WGT-002", "SCO-001", "SCO-002")
    assert not [f for f in result.findings if f.rule in sums and f.kind is not Outcome.PASS]
    assert {r.outcome for r in result.rules if r.rule in ("BUD-001", "WGT-001", "SCO-002")} == {Outcome.PASS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_the_same_every_time(kind: str) -> None:
    """Same bytes on every run."""
    assert workbook(kind) == workbook(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_validation_guards_weights_scores_and_amounts(kind: str) -> None:
    """A score above its weight, a weight of 0 and a negative amount are refused by the sheet itself."""
    from io import BytesIO

    book = openpyxl.load_workbook(BytesIO(workbook(kind)))
    assert book.active is not None
    rules = [(v.type, v.operator, v.formula1) for v in book.active.data_validations.dataValidation]
    first, _ = filled_rows(kind)
    assert ("custom", None, f"AND(ISNUMBER(H{first}),H{first}>=0,H{first}<=G{first})") in rules
    assert any(kind_of == "decimal" and operator == "greaterThan" and bound == "0" for kind_of, operator, bound in rules)
    assert any(kind_of == "decimal" and operator == "greaterThanOrEqual" and bound == "0" for kind_of, operator, bound in rules)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_template_is_told_to_be_empty(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A form nobody filled in is exit 3, and what is said does not deny its titles, which are read."""
    path = tmp_path / "empty.xlsx"
    path.write_bytes(workbook(kind))
    assert cli(["check", str(path), "-q"]) == 3
    assert capfd.readouterr().err == f"checker: 指标部分只有列名，没有填写指标 @ {path}\n"
    assert cli(["normalize", str(path), "--explain", "--lang", "en"]) == 0
    assert "no indicator is filled in" in capfd.readouterr().out


def test_the_table_of_events_is_what_its_name_says(tmp_path: Path) -> None:
    """Events are written as csv or as a workbook, by the suffix; both are read as evidence once they are filled in. Other suffixes are refused."""
    form = str(ROOT / "sample_forms" / "clean_project.xlsx")
    for name in ("events.csv", "events.xlsx"):
        assert cli(["template", "events", "--for", form, "-o", str(tmp_path / name)]) == 0
    book = openpyxl.load_workbook(tmp_path / "events.xlsx")
    rows = list(book.active.iter_rows(values_only=True))
    text = (tmp_path / "events.csv").read_text(encoding="utf-8-sig")
    assert rows[0] == ("indicator", "case", "event", "date", "document", "form") == tuple(text.splitlines()[0].split(","))
    assert [row[0] for row in rows[1:]] == ["救助资金发放时间", "改造工程完工时间"]
    for number, day in ((2, date(2023, 9, 28)), (3, date(2023, 10, 20))):
        book.active.cell(number, 3, "支付")
        book.active.cell(number, 4, day)
    book.save(tmp_path / "filled.xlsx")
    assert [(event.indicator, event.first) for event in read_events(tmp_path / "filled.xlsx")] == [("救助资金发放时间", date(2023, 9, 28)), ("改造工程完工时间", date(2023, 10, 20))]
    for kind, name in (("events", "events.txt"), ("project", "form.csv")):
        assert cli(["template", kind, "-o", str(tmp_path / name)]) == 2
        assert not (tmp_path / name).exists()

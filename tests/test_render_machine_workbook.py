"""findings.xlsx, read back with openpyxl and calamine: nothing becomes a formula, nothing hides, bytes are stable."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import results_factory as factory
from lxml import etree
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from checker.model import Results, Unreadable
from checker.render import spreadsheet, workbook
from checker.render.shown import visible

TEXTS = (*factory.HOSTILE, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "_x0041_", "<r><t>1</t></r>", "a\r\nb", "1.50", "=cmd|'/c calc'!A0")


def sheets(results: Results) -> dict[str, list[list[str]]]:
    """The workbook as calamine reads it, as Excel does: sheet name → rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook.render(results)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_sheets_in_order() -> None:
    """What was run, summary, findings, rules, cells not read: in this order, in the run's language."""
    assert list(sheets(factory.seed())) == ["审核说明", "汇总", "问题清单", "规则执行", "读不出的单元格"]
    assert list(sheets(factory.seed("en"))) == ["Conformance", "Summary", "Findings", "Rules", "Cells not read"]


def test_rows_hold_the_findings() -> None:
    """Each finding is a row with its texts and numbers as shown elsewhere; each rule of a form is a row."""
    seed = factory.seed()
    read = sheets(seed)
    form = seed.forms[0]
    rows = read["问题清单"]
    assert len(rows) == 1 + len(form.findings)
    head = {title: n for n, title in enumerate(rows[0])}
    for row, finding in zip(rows[1:], form.findings, strict=True):
        assert row[head["规则"]] == finding.rule
        assert row[head["填报"]] == (finding.reported or "")
        assert row[head["说明"]] == finding.message
        assert row[head["指纹"]] == finding.fingerprint
    assert len(read["规则执行"]) == 1 + len(form.rules)
    summary = dict(zip(read["汇总"][0], read["汇总"][1], strict=True))
    assert (summary["错误"], summary["警告"], summary["提示"], summary["年度"]) == (6, 9, 3, 2023)
    unread = read["读不出的单元格"]
    assert any(row[2].startswith("第 27 行") and "10 cells" in row[4] for row in unread)


@pytest.mark.parametrize(("lang", "recognised", "kind"), [("zh", "识别可靠", "部门（单位）整体支出"), ("en", "certain", "Department overall expenditure")])
def test_codes_are_told_in_the_language_of_the_run(lang: str, recognised: str, kind: str) -> None:
    """How sure the recognition is and what type a form has are words, not the codes of the JSON."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(factory.seed(lang))))
    assert recognised in [row[5] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert kind in [row[3] for row in book.worksheets[1].iter_rows(values_only=True)]


def test_reported_numbers_keep_their_digits() -> None:
    """0.80 stays 0.80: what the form says is text, not a number of the workbook."""
    rows = sheets(factory.seed())["问题清单"]
    assert "0.80" in {row[7] for row in rows}


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: ascii(t[:12]))
def test_no_cell_becomes_a_formula(text: str) -> None:
    """Whatever a form holds, every text cell is a string, shown as it is, hidden characters spelled out."""
    data = workbook.render(factory.hostile(text))
    book = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert kinds <= {"s", "n"}
    shown = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("问题清单").to_python()
    assert shown[1][7] == visible(text)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert not etree.fromstring(archive.read(name)).findall(".//{*}f")


def test_text_starting_like_a_formula_stays_text_when_edited() -> None:
    """Cells that start with = + - @ carry the quote prefix, so Excel keeps them text after an edit."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(factory.hostile("=1+1"))))
    cells = [cell for row in book["问题清单"] for cell in row if cell.value == "=1+1"]
    assert cells
    assert all(cell.quotePrefix for cell in cells)


def test_heads_are_frozen_filtered_and_wide() -> None:
    """Every sheet has a frozen head, a filter over all its rows and widths of its own."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(factory.seed())))
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert int(sheet.auto_filter.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) == max(sheet.max_row, 1)
        assert {sheet.column_dimensions[letter].width for letter in "AB"} != {13}


def test_bytes_are_stable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same results give the same bytes, an hour or a time zone later."""
    import time

    first = workbook.render(factory.seed())
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 100_000)
    second = workbook.render(factory.seed())
    monkeypatch.undo()
    time.tzset()
    assert first == second
    core = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml")
    assert core.count(b"2024-04-18T00:00:00Z") == 2


def test_long_text_is_cut_and_said() -> None:
    """A text longer than a cell can hold is cut, and the cell says how much is missing."""
    rows = sheets(factory.hostile("字" * 100_000))["问题清单"]
    assert rows[1][7].endswith("…(+68,000)")
    assert len(rows[1][7]) < 32_767


def test_text_of_wide_signs_is_cut_to_what_a_cell_holds() -> None:
    """A cell holds 32,767 UTF-16 units: signs that take two each are cut earlier, and that is said."""
    rows = sheets(factory.hostile("😀" * 32_000))["问题清单"]
    assert rows[1][7] == "😀" * 16_000 + "…(+16,000)"


def test_rows_beyond_the_sheet_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that do not fit are not dropped in silence: the last row says how many there are."""
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 5)
    seed = factory.seed()
    rows = sheets(seed)["问题清单"]
    assert len(rows) == 6
    assert f"另有 {len(seed.forms[0].findings) - 4} 行放不下" in rows[-1][0]


def test_unreadable_files_and_waivers_are_in_it() -> None:
    """A file that gave no form stands on the first and last sheet; a waived finding stays, marked."""
    seed = factory.seed()
    form = seed.forms[0]
    waived = replace(form.findings[0], waiver={"reason": "口径已批复", "until": "2024-06-30"})
    results = replace(seed, forms=(replace(form, findings=(waived, *form.findings[1:])),), unreadable=(Unreadable("x.pdf", "扫描件"),))
    read = sheets(results)
    assert any(row[:3] == ["读不出", "x.pdf", "扫描件"] for row in read["审核说明"])
    assert any(row[1] == "x.pdf" and row[4] == "扫描件" for row in read["读不出的单元格"])
    assert "口径已批复" in read["问题清单"][1][15]
    assert len(read["问题清单"]) == len(sheets(seed)["问题清单"])


def test_rule_outcomes_of_a_large_batch_are_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a limit the rules' sheet has a row a rule, the sums over all forms, and says over how many."""
    seed = factory.seed()
    results = replace(seed, forms=seed.forms * 3)
    each = sheets(results)["规则执行"]
    monkeypatch.setattr(workbook, "MAX_RULE_ROWS", 20)
    together = sheets(results)["规则执行"]
    assert len(each) == 1 + 3 * len(seed.forms[0].rules)
    assert len(together) == 1 + len(seed.forms[0].rules)
    assert together[1][0] == "（3 份表合计）"
    by_rule = {row[2]: row for row in together[1:]}
    assert by_rule["ACH-005"][6:8] == [3 * 58, 3 * 5]
    assert by_rule["ACH-005"][11] == "未通过 3"

"""Sheets of the plain form, read in one pass, give what the careful reader gives: the same cells, notes and faults."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.model import Document, Source
from checker.readers import xlsx, xlsx_sheet, xlsx_strings
from checker.readers.limits import DEFAULT, Limits
from checker.readers.xlsx_plain import NotPlain

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Source("form.xlsx", "", "xlsx", 1)
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    f'<worksheet xmlns="{NS}" xmlns:r="{REL}" xmlns:x14ac="urn:x"><dimension ref="A1:D9"/><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    '<row r="1" spans="1:4" x14ac:dyDescent="0.15"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.9918</v></c><c r="C1" s="2"/></row>'
    '<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> 甲&amp;乙&#10;丙 </t></is></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>x&lt;y</v></c></row>'
    '<row r="3"/><row r="4"><c r="A4"><f>SUM(A1:A2)</f></c><c r="B4" t="e"><v>#REF!</v></c><c r="C4" t="b"><v>1</v></c><c r="D4" t="s"><v>9</v></c><c r="E4" t="s"><v>3</v></c><c r="F4" t="s"><v>4</v></c></row>'
    '<row r="5"><c r="A5" s="2" t="s"><v>1</v></c><c r="B5" s="1" t="s"><v>2</v></c><c r="C5"><f t="shared" ref="C5:C6" si="0">B1*2</f><v>1.9836</v></c><c r="D5"><v>1e3</v></c></row>'
    '<row r="6"><c r="A6" t="inlineStr"><is><t>&#25968;&#37327;</t></is></c><c r="B6" s="2" t="inlineStr"><is><t>P</t></is></c><c r="C6" s="1" t="inlineStr"><is><t>7_x0041_</t></is></c><c r="D6" t="inlineStr"><is><t></t></is></c><c r="E6" t="s"><is><t>0</t></is></c></row>'
    '</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells></worksheet>'
)
STRINGS = f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{NS}" count="6" uniqueCount="5"><si><t>项目名称</t><phoneticPr fontId="1" type="noConversion"/></si><si><t xml:space="preserve"> 一\n二_x000D_ </t></si><si><t/></si>'
STRINGS += (
    '<si><r><rPr><b val="true"/><sz val="10.5"/><rFont val="宋体"/><family val="0"/><charset val="134"/></rPr><t xml:space="preserve">附表 </t></r><r><t>2</t></r><r><rPr><rFont val="Arial"/></rPr><t/></r></si>'
    '<si><r><rPr><sz val="9"/></rPr><t>m&#178;</t></r><phoneticPr fontId="1" type="noConversion"/></si></sst>'
)
STYLES = f'<styleSheet xmlns="{NS}"><fonts><font><name val="宋体"/></font><font><name val="Wingdings 2"/></font></fonts><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="49" fontId="1"/></cellXfs></styleSheet>'


def book(sheet: str, strings: str = STRINGS) -> bytes:
    """Return a workbook of one sheet with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>')
        related = "".join(f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{name}.xml"/>' for key, kind, name in (("a", "worksheet", "sheet"), ("b", "sharedStrings", "strings"), ("c", "styles", "styles")))
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>')
        for name, text in (("sheet", sheet), ("strings", strings), ("styles", STYLES)):
            archive.writestr(f"xl/{name}.xml", text.encode("utf-8", "surrogatepass"))
    return out.getvalue()


def outcome(data: bytes, limits: Limits = DEFAULT) -> Document | str:
    """Return the document, or the words of the fault."""
    try:
        return xlsx.read(data, SOURCE, limits)
    except ReadError as fault:
        return str(fault)


def careful(data: bytes, limits: Limits = DEFAULT) -> Document | str:
    """Return what the careful reader makes of every part."""

    def refuse(*_: object) -> None:
        raise NotPlain

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_sheet, "plain_sheet", refuse)
        patch.setattr(xlsx_strings, "plain_strings", refuse)
        return outcome(data, limits)


@pytest.mark.parametrize("path", sorted((ROOT / "sample_forms").glob("*.xlsx")), ids=lambda path: path.name)
def test_sample_forms_are_plain_and_read_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped forms go the short way, and both ways give the same."""
    data = path.read_bytes()
    expected = careful(data)
    monkeypatch.setattr(xlsx_sheet, "_handlers", _only_around(xlsx_sheet._handlers))
    assert outcome(data) == expected


def _only_around(made: object) -> object:
    def handlers(book: object, sheet: object) -> object:
        start, end, text = made(book, sheet)  # type: ignore[operator]

        def watched(tag: str, values: dict[str, str]) -> None:
            assert not tag.endswith(" c"), "a cell went through the careful reader"
            start(tag, values)

        return watched, end, text

    return handlers


def test_every_kind_of_plain_cell_reads_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared, inline and formula texts, numbers, errors, truth values, symbols, merged areas, hidden rows and columns."""
    expected = careful(book(SHEET))
    monkeypatch.setattr(xlsx_sheet, "_handlers", _only_around(xlsx_sheet._handlers))
    made = outcome(book(SHEET))
    assert made == expected
    assert isinstance(made, Document)
    assert {cell.text for cell in made.grids[0].cells} >= {"项目名称", "99.18%", "x<y", "TRUE", "1.9836", "1000", "附表 2", "m²", "数量", "√", "7A"}
    assert [note for note in made.notes if "隐藏行" in note and "2" in note]
    assert {cell.unread for cell in made.grids[0].cells if cell.unread} == {"公式没有缓存结果，请用办公软件打开并保存后重新提交", "单元格为错误值 #REF!", "共享文字 9 缺失"}


@pytest.mark.parametrize("way", [outcome, careful])
def test_a_shared_text_is_named_by_a_number_or_missing(way: Callable[[bytes], Document | str]) -> None:
    """A superscript two is a digit to Unicode but no number: the cell is unread, never a crash."""
    made = way(book(SHEET.replace('<c r="D4" t="s"><v>9</v></c>', '<c r="D4" t="s"><v>²</v></c>')))
    assert isinstance(made, Document)
    assert "共享文字 ² 缺失" in {cell.unread for cell in made.grids[0].cells}


@pytest.mark.parametrize("way", [outcome, careful])
def test_characters_written_as_references_are_resolved_once(way: Callable[[bytes], Document | str]) -> None:
    """Decimal, hexadecimal and named references beside each other; what a reference stands for is text, not markup again."""
    made = way(book(SHEET.replace("<v>x&lt;y</v>", "<v>&#30002;&#x4E59;&amp;lt;&#38;gt;&#9;&#20057;</v>")))
    assert isinstance(made, Document)
    assert "甲乙&lt;&gt;\t乙" in {cell.text for cell in made.grids[0].cells}


@pytest.mark.parametrize("way", [outcome, careful])
def test_text_outside_cells_is_no_cell_s(way: Callable[[bytes], Document | str]) -> None:
    """A stray text among the columns of a sheet does not get into the first cell."""
    made = way(book(SHEET.replace("<cols>", "<cols><r><t>c</t></r>")))
    assert isinstance(made, Document)
    assert made.grids[0].cells[0].text == "项目名称"


PIECES = st.sampled_from(
    ["<", ">", "/", '"', "&", "&amp;", "&#65;", "&#0;", "&#30002;", "&#55296;", "²", "&nope;", "]]>", "<!-- x -->", "<![CDATA[x]]>", "<!DOCTYPE a>", "\r", "\x01", "\ufffe", "\u3000", "\ue000", "\ufffd", "x", "9", ' s="1"', ' r="A1"', ' t="s"', ' hidden="1"',
     ' xmlns="urn:other"', "<v>7</v>", "</v>", '<c r="A9"><v>7</v></c>', '<c t="s"><v>0</v></c>', '<c r="A1" t="s"><v>0</v></c>', "<row>", "</row>", "<sheetData>", "</sheetData>", "<is><t>a</t></is>", "<f>1</f>", "<rPh><t>b</t></rPh>", "<r><t>c</t></r>",
     "<r>", "</r>", "<r><t>", "</t></r>", "</t></r><r><t>", "</si><si>", "<rPr>", "</rPr>", '<rPr><rFont val="Wingdings"/></rPr>', '<sz val="1" val="2"/>', '<rFont val="Symbol"/>', "<t>", "</t>", "<is>", "</is>", "<is><t>", "</t></is></c>", "</v></c>", "\x02", "\x03"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_edited_sheets_read_alike(data: st.DataObject) -> None:
    """Whatever is put into or cut out of a sheet's XML, both ways give the same document or the same fault."""
    sheet = SHEET
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(sheet)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 5, 20]))
        sheet = sheet[:start] + data.draw(PIECES | st.just("")) + sheet[end:]
    made = book(sheet)
    assert outcome(made) == careful(made)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_edited_shared_strings_read_alike(data: st.DataObject) -> None:
    """Whatever is put into or cut out of the shared strings, both ways give the same document or the same fault."""
    strings = STRINGS
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(strings)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 5, 20]))
        strings = strings[:start] + data.draw(PIECES | st.just("")) + strings[end:]
    made = book(SHEET, strings)
    assert outcome(made) == careful(made)


def test_runs_of_a_font_of_letters_are_one_text_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts in several runs go the short way; a run in a font of symbols is read with care, as the characters it shows."""
    monkeypatch.setattr(xlsx_strings, "_any_strings", lambda *_: pytest.fail("plain strings went through the careful reader"))
    assert outcome(book(SHEET)) == careful_cells(book(SHEET))
    monkeypatch.undo()
    made = outcome(book(SHEET, STRINGS.replace('<rFont val="Arial"/></rPr><t/>', '<rFont val="Wingdings 2"/></rPr><t>P</t>')))
    assert isinstance(made, Document)
    assert "附表 2√" in {cell.text for cell in made.grids[0].cells}


def careful_cells(data: bytes) -> Document | str:
    """Return what the careful reader makes of the sheets alone."""

    def refuse(*_: object) -> None:
        raise NotPlain

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_sheet, "plain_sheet", refuse)
        return outcome(data)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(["", " ", "合计", "≥95%", "a&b", "<t>", "\n"])
CELL = TEXT | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False, width=32) | st.booleans() | st.none()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=6), st.sampled_from(["General", "0.00%", "@", "#,##0.00", "yyyy/m/d", '0"分"']), st.booleans())
def test_workbooks_of_an_office_library_read_alike(rows: list[list[object]], code: str, merged: bool) -> None:
    """Workbooks with any texts, numbers, formats and merged areas are read alike both ways."""
    import xlsxwriter

    out = io.BytesIO()
    written = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet, form = written.add_worksheet("表"), written.add_format({"num_format": code})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value, form if column % 2 else None)
    if merged:
        sheet.merge_range(8, 0, 9, 2, "合并", form)
    sheet.set_row(1, None, None, {"hidden": True})
    written.close()
    assert outcome(out.getvalue()) == careful(out.getvalue())


@pytest.mark.parametrize("bound", [{"max_cells": 3}, {"max_cell_text": 2}, {"max_rows": 2}, {"max_columns": 1}, {"max_nesting": 3}, {"max_area": 4}], ids=str)
def test_limits_hold_on_the_short_way(bound: dict[str, int]) -> None:
    """A sheet beyond a limit is refused in the same words both ways."""
    limits = Limits(**bound)
    made = outcome(book(SHEET), limits)
    assert isinstance(made, str)
    assert made == careful(book(SHEET), limits)

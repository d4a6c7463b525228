"""Spreadsheets are read as a person sees them: digits, formats, merged areas, what is hidden or broken."""

from __future__ import annotations

import io
import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spreadsheet_files import biff5, biff8, ods, ole, record, text8, xlsx, xlsx_parts, zipped

from checker.errors import ReadError
from checker.model import Cell, Document
from checker.readers import read, read_bytes, sheet
from checker.readers.limits import DEFAULT
from checker.readers.merges import covered, settled
from checker.readers.number_format import BUILT_IN, number, plain, shown, shown_text
from checker.readers.sheet import letters

DATA = Path(__file__).parent / "data" / "readers"


def only(data: bytes, name: str = "form.xlsx") -> Document:
    (document,) = read_bytes(data, name)
    return document


def cells(document: Document) -> dict[str | None, Cell]:
    return {cell.locator.cell: cell for grid in document.grids for cell in grid.cells}


def texts(data: bytes, name: str = "form.xlsx") -> dict[str | None, str]:
    return {place: cell.text for place, cell in cells(only(data, name)).items()}


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("0.9918", "0.00%", "99.18%"),
        ("0.99183", "0.00%", "99.18%"),
        ("0.99185", "0.00%", "99.19%"),
        ("1", "0%", "100%"),
        ("57157686.73", "#,##0.00", "57,157,686.73"),
        ("7.5", "0.00", "7.50"),
        ("1.005", "0.00", "1.01"),
        ("-5", "0.00_ ;[Red]-0.00 ", "-5.00"),
        ("-3", "0.0;(0.0)", "(3.0)"),
        ("-5", "0.00;@", "-5.00"),
        ("0", "#,##0;-#,##0;@", "0"),
        ("-5", '0.00;"负"0.00;@', "负5.00"),
        ("45000", 'yyyy"年"m"月";@', "2023年3月"),
        ("-0.004", "0.00", "0.00"),
        ("12", '0"分"', "12分"),
        ("12", "0\\分", "12分"),
        ("3", '"第"0"名"', "第3名"),
        ("1234567", '0!.0,"万"', "123.5万"),
        ("1234.5", "[$￥-804]#,##0.00", "￥1,234.50"),
        ("7", "000", "007"),
        ("20230115", "0000-00-00", "2023-01-15"),
        ("1234", "[>=1000]#,##0;0", "1,234"),
        ("999", "[>=1000]#,##0;0", "999"),
        ("0.123", ".00", ".12"),
        ("5.10", "0.##", "5.1"),
        ("2023", 'General"年度"', "2023年度"),
        ("8.5", "@", "8.5"),
        ("45000", 'yyyy"年"m"月"d"日"', "2023年3月15日"),
        ("45000", "[DBNum1][$-804]yyyy年m月;@", "2023年3月"),
        ("45000", "yyyy/mm/dd", "2023/03/15"),
        ("45000", "aaaa", "星期三"),
        ("45000.75", "yyyy-mm-dd hh:mm:ss", "2023-03-15 18:00:00"),
        ("45000.75", "h:mm AM/PM", "6:00 PM"),
        ("45000.75", "上午/下午h\"时\"mm\"分\"", "下午6时00分"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.0427083333333333", "mm:ss", "01:30"),
        ("60", "yyyy-m-d", "1900-2-29"),
        ("59", "yyyy-m-d", "1900-2-28"),
        ("61", "yyyy-m-d", "1900-3-1"),
    ],
)
def test_number_formats_show_what_a_person_sees(value: str, code: str, text: str) -> None:
    """A stored number under a format code gives the text of the cell, rounded half up where digits are cut."""
    assert shown(Decimal(value), code) == text


@pytest.mark.parametrize("code", ['_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0.00;-0.00;", "#,##0.00;;"])
def test_a_zero_keeps_its_digits(code: str) -> None:
    """Formats that show a zero as a dash or not at all still give 0.00: a zero is a value, a dash means no value."""
    assert shown(Decimal(0), code) == "0.00"


def test_a_hidden_value_is_empty_text() -> None:
    """The code ;;; hides a value; the reader then says so."""
    assert shown(Decimal(5), ";;;") == ""
    cell = cells(only(xlsx('<c r="A1" s="1"><v>5</v></c>', formats=[";;;"])))["A1"]
    assert cell.text == "" and cell.unread == "数字格式 ;;; 隐藏了内容"


@pytest.mark.parametrize("code", ["0.00E+00", "# ?/?", "##0.0E+0"])
def test_scientific_and_fraction_codes_keep_every_digit(code: str) -> None:
    """Codes that would round to a few digits show the plain number."""
    assert shown(Decimal("123456.75"), code) == "123456.75"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("0.1", "0.1"),
        ("57157686.729999997", "57157686.73"),
        ("0.30000000000000004", "0.3"),
        ("123456789012", "123456789012"),
        ("571576867.73", "571576867.73"),
        ("33.333333333333336", "33.33333333"),
        ("9.9182987459999996", "9.918298746"),
        ("1E+20", "100000000000000000000"),
        ("1E-7", "0.0000001"),
        ("-0", "0"),
        (" 7.5\n", "7.5"),
    ],
)
def test_general_shows_typed_digits_in_full(raw: str, text: str) -> None:
    """General keeps every typed digit (15 at most) and cuts computed tails as a cell does."""
    assert plain(number(raw)) == text


@pytest.mark.parametrize("raw", ["", "abc", "NaN", "Infinity", "1e400", "1e99999", "٣", "1_000", "0x10", "1" * 500])
def test_what_is_no_number_is_refused(raw: str) -> None:
    """Anything but a finite decimal within a double's range is a fault, never a value."""
    with pytest.raises(ValueError):
        number(raw)


@settings(max_examples=200, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False), st.integers(0, 4), st.booleans())
def test_fixed_formats_agree_with_decimal_rounding(value: Decimal, places: int, thousands: bool) -> None:
    """For any number and any count of decimals the text equals exact half-up rounding, with or without separators."""
    from decimal import ROUND_HALF_UP

    code = ("#,##0" if thousands else "0") + ("." + "0" * places if places else "")
    want = format(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), ",f" if thousands else "f")
    want = want.removeprefix("-") if Decimal(want.replace(",", "")) == 0 else want
    assert shown(value, code) == want


@settings(max_examples=300, deadline=None)
@given(st.text('0#?.,%-;[]"\\!_*@ymdhsaeg/GeneralAMP年分<>=1Red$￥ ', max_size=30), st.floats(-1e15, 1e15, allow_subnormal=False))
def test_any_format_code_gives_text_or_a_reason(code: str, value: float) -> None:
    """No format code, however broken, raises anything but the reason in words."""
    try:
        assert isinstance(shown(number(repr(value)), code), str)
    except ValueError as reason:
        assert "日期" in str(reason)
    assert isinstance(shown_text("文字", code), str)


@pytest.mark.parametrize("code", sorted(BUILT_IN))
def test_built_in_formats_show_digits(code: int) -> None:
    """Every built-in format shows an ordinary number with digits."""
    assert any(letter.isdigit() for letter in shown(Decimal("12.5"), BUILT_IN[code]))


def test_text_formats_add_their_words() -> None:
    """The text section of a format surrounds text cells."""
    assert shown_text("甲", '@"单位"') == "甲单位"
    assert shown_text("甲", "0.00") == "甲"
    assert shown_text("甲", '0;0;0;"有文字"') == "有文字"


def test_text_hidden_by_its_format_is_unread() -> None:
    """A text under ;;; is not dropped as if the cell were empty; a blank one is."""
    data = xlsx('<c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1</v></c>', strings=["<t>甲</t>", "<t> </t>"], formats=[";;;"])
    assert [(cell.locator.cell, cell.text, cell.unread is not None) for cell in only(data).grids[0].cells] == [("A1", "", True)]


def test_values_of_every_cell_type() -> None:
    """Shared, rich, inline and formula texts, booleans and numbers come as shown; phonetic guides are left out."""
    data = xlsx(
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>甲</t></is></c>'
        '<c r="D1" t="str"><f>A1</f><v>乙_x000D_</v></c><c r="E1" t="b"><v>1</v></c><c r="F1"><f>1+1</f><v>2</v></c>'
        '<c r="G1" s="1"><v>0.9918</v></c><c r="H1" t="s"><v>2</v></c>',
        strings=[
            "<t>一级指标</t>",
            '<r><t>产出</t></r><r><t xml:space="preserve">指标 </t></r><rPh sb="0" eb="1"><t>チャン</t></rPh>',
            '<t xml:space="preserve"> 　</t>',
        ],
        formats=["0.00%"],
    )
    assert texts(data) == {
        "A1": "一级指标", "B1": "产出指标 ", "C1": "甲", "D1": "乙\n", "E1": "TRUE", "F1": "2", "G1": "99.18%",
    }  # fmt: skip


def test_symbol_fonts_show_their_symbols() -> None:
    """A letter set in a symbol font is the tick or box a person sees, in a run or in a whole cell."""
    run = '<r><t>是</t></r><r><rPr><rFont val="Wingdings 2"/></rPr><t>R</t></r><r><rPr><rFont val="宋体"/></rPr><t>R</t></r>'
    parts = xlsx_parts(
        {"表": '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s" s="1"><v>1</v></c><c r="C1" s="1"><v>5</v></c></row></sheetData>'},
        strings=[run, "<t>£</t>"],
        formats=["General"],
    )
    styles = str(parts["xl/styles.xml"])
    fonts = '<fonts><font><name val="宋体"/></font><font><name val="Wingdings 2"/></font></fonts>'
    parts["xl/styles.xml"] = styles.replace("<cellStyleXfs>", f"{fonts}<cellStyleXfs>").replace('numFmtId="164"/>', 'numFmtId="164" fontId="1"/>')
    assert texts(zipped(parts)) == {"A1": "是☑R", "B1": "□", "C1": "5"}


def test_unreadable_cells_say_why() -> None:
    """Error values, formulas never computed, lost shared texts, broken numbers and damaged characters are unread."""
    found = cells(
        only(
            xlsx(
                '<c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>SUM(A1)</f></c><c r="C1" t="s"><v>9</v></c>'
                '<c r="D1"><v>12x</v></c><c r="E1" t="inlineStr"><is><t>\ue000</t></is></c><c r="F1" s="1"><v>-1</v></c>'
                '<c r="G1" t="str"><f>A2</f><v></v></c>',
                formats=["yyyy-m-d"],
            )
        )
    )
    assert {place: cell.unread is not None for place, cell in found.items()} == dict.fromkeys(["A1", "B1", "C1", "D1", "E1", "F1"], True)
    assert found["A1"].text == "#REF!" and "#REF!" in str(found["A1"].unread)
    assert "公式没有缓存结果" in str(found["B1"].unread)
    assert "12x" in str(found["D1"].unread)


def test_merged_areas_become_spans() -> None:
    """A merged area is one cell with spans, cut to the used part; what it covers is left out and said."""
    document = only(
        xlsx(
            {
                "表": '<sheetData><row r="2"><c r="B2"><v>1</v></c><c r="C2"><v>2</v></c><c r="D2"><v>3</v></c></row>'
                '<row r="4"><c r="B4"><v>4</v></c></row></sheetData><mergeCells><mergeCell ref="B2:C3"/>'
                '<mergeCell ref="D2:XFD1048576"/></mergeCells>'
            }
        )
    )
    found = cells(document)
    assert set(found) == {"B2", "D2", "B4"}
    assert (found["B2"].row, found["B2"].column, found["B2"].rowspan, found["B2"].colspan) == (1, 1, 2, 2)
    assert (found["D2"].rowspan, found["D2"].colspan) == (3, 1)
    assert any("C2" in note for note in document.notes)


def test_contradicting_merges_are_ignored_with_a_note() -> None:
    """Overlapping, circular and reversed areas are dropped, the first one stands, a note names them."""
    document = only(
        xlsx(
            {
                "表": '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="D4"><v>2</v></c></row></sheetData>'
                '<mergeCells><mergeCell ref="A1:C3"/><mergeCell ref="B2:D4"/><mergeCell ref="D4:C3"/></mergeCells>'
            }
        )
    )
    found = cells(document)
    assert (found["A1"].rowspan, found["A1"].colspan) == (3, 3)
    assert (found["D4"].rowspan, found["D4"].colspan) == (1, 1)
    assert any("B2:D4" in note and "D4:C3" in note for note in document.notes)


areas = st.builds(
    lambda top, left, down, across: (top, left, top + down, left + across),
    st.integers(0, 6), st.integers(0, 6), st.integers(-1, 3), st.integers(-1, 3),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(areas, max_size=12), st.integers(0, 8), st.integers(0, 8))
def test_sound_areas_never_overlap(given_areas: list[tuple[int, int, int, int]], last_row: int, last_column: int) -> None:
    """Whatever areas a file gives, those kept are disjoint, within the sheet, and cover exactly what is called covered."""
    sound, bad = settled(given_areas, last_row, last_column)
    taken: set[tuple[int, int]] = set()
    corners = [area[:2] for area in sound]
    assert len(set(corners)) == len(corners)
    for top, left, bottom, right in sound:
        places = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        assert not places & taken and bottom <= last_row and right <= last_column
        taken |= places
    every = [(row, column) for row in range(9) for column in range(9)]
    assert set(covered(every, sound)) == taken - set(corners)
    for area in given_areas:
        inside = area[0] <= min(area[2], last_row) and area[1] <= min(area[3], last_column)
        kept = area[:2] in corners or area in bad
        assert kept or not inside or area[2] < area[0] or (area[0], area[1]) == (min(area[2], last_row), min(area[3], last_column))


@settings(max_examples=400, deadline=None)
@given(st.lists(areas, max_size=8), st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=20))
def test_few_merged_areas_are_written_out_as_any_number_is_searched(given_areas: list[tuple[int, int, int, int]], filled_at: set[tuple[int, int]]) -> None:
    """A sheet whose areas are written out place by place shows the same cells and notes as when they are searched."""

    def made() -> object:
        return sheet.grid(sheet.Sheet("表", filled=[(sheet.place_of(at), (f"{at}", None)) for at in sorted(filled_at)], areas=list(given_areas)), "form.xlsx", DEFAULT)

    written = made()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "_spread", lambda *_: None)
        assert written == made()



def test_repeated_text_under_a_merged_area_is_no_loss() -> None:
    """Where every cell of a merged area repeats the text there is nothing to say."""
    body = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    document = only(xlsx({"表": body}))
    assert len(document.grids[0].cells) == 1 and document.notes == ()


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [("9.92", "0", True), ("0.9918", "0%", True), ("0.9918", "0.00%", False), ("9.92", "0.00", False), ("0.991829875", "0.00%", False),
     ("9.92", "General", False), ("1234.5", "#,##0,", True), ("100", "0", False), ("45000.5", "yyyy-m-d", False)],
)  # fmt: skip
def test_typed_digits_that_are_not_shown_are_said(value: str, code: str, said: bool) -> None:
    """A typed number whose format shows fewer digits is read as shown, with a note; computed tails need none."""
    document = only(xlsx(f'<c r="A1" s="1"><v>{value}</v></c>', formats=[code]))
    assert any("A1" in note for note in document.notes) is said


def test_hidden_parts_are_said() -> None:
    """Hidden sheets are marked; hidden rows and columns are read and named in the notes."""
    document = only(
        xlsx(
            {
                "甲": '<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1" hidden="1"><c r="A1"><v>1</v></c>'
                '<c r="C1"><v>2</v></c></row></sheetData>',
                "乙": '<sheetData><row><c><v>3</v></c><c><v>4</v></c></row></sheetData>',
                "空": "<sheetData/>",
            },
            states={"乙": "veryHidden"},
        )
    )
    assert [(grid.name, grid.hidden, len(grid.cells)) for grid in document.grids] == [("甲", False, 2), ("乙", True, 2)]
    assert [cell.locator.cell for cell in document.grids[1].cells] == ["A1", "B1"]
    notes = "；".join(document.notes)
    assert "隐藏行" in notes and "隐藏列" in notes and "B:C" in notes and "隐藏工作表" in notes


def test_1904_dates_and_strict_namespaces() -> None:
    """Workbooks counting days from 1904 and workbooks of the strict standard are read alike."""
    body = {"表": '<sheetData><row r="1"><c r="A1" s="1"><v>43538</v></c></row></sheetData>'}
    assert texts(xlsx(body, formats=["yyyy-m-d"], date1904=True)) == {"A1": "2023-3-15"}
    strict = {
        name: str(part)
        .replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, part in xlsx_parts(body, formats=["yyyy-m-d"]).items()
    }
    assert texts(zipped(strict)) == {"A1": "2019-3-14"}


def test_prefixed_elements_are_read() -> None:
    """Programs that write every element with a prefix give the same cells."""
    parts = xlsx_parts({"表": ""})
    parts["xl/worksheets/sheet1.xml"] = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert texts(zipped(parts)) == {"A1": "甲"}


def test_two_cells_at_one_place_are_unread() -> None:
    """A file that gives a place two texts gives neither; equal texts count once."""
    found = only(xlsx('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c><c r="B1"><v>3</v></c><c r="B1"><v>3</v></c>')).grids[0].cells
    assert [(cell.locator.cell, cell.unread is not None) for cell in found] == [("A1", True), ("B1", False)]


def test_rows_counted_from_nought_stay_in_the_sheet() -> None:
    """A row number of 0 cannot put cells above the first row."""
    document = only(xlsx({"表": '<sheetData><row r="0"><c><v>1</v></c></row></sheetData>'}))
    assert [cell.locator.cell for cell in document.grids[0].cells] == ["A1"]


def test_missing_sheet_content_is_a_fault() -> None:
    """A workbook that lost a sheet is refused instead of read in part."""
    parts = xlsx_parts({"甲": "<sheetData/>", "乙": "<sheetData/>"})
    del parts["xl/worksheets/sheet2.xml"]
    with pytest.raises(ReadError, match="乙"):
        only(zipped(parts))


@pytest.mark.parametrize("name", ["12_huangshi_library", "29_zhongjiang_water"])
def test_old_and_new_workbooks_of_a_real_form_are_equal(name: str) -> None:
    """The .xls of a published form gives cell by cell what its .xlsx gives."""
    (old,), (new,) = read(DATA / f"{name}.xls"), read(DATA / f"{name}.xlsx")
    same = [[(c.row, c.column, c.text, c.rowspan, c.colspan) for g in d.grids for c in g.cells] for d in (old, new)]
    assert same[0] == same[1] and len(same[0]) > 80


def test_open_document_of_a_real_form_is_equal() -> None:
    """The .ods of a published form with formatted numbers gives cell by cell what its .xlsx gives."""
    (odf,), (new,) = read(DATA / "09_yongde_mingliang_school.ods"), read(DATA / "09_yongde_mingliang_school.xlsx")
    same = [[(c.row, c.column, c.text, c.rowspan, c.colspan) for g in d.grids for c in g.cells] for d in (odf, new)]
    assert same[0] == same[1] and any(text.endswith("%") for _, _, text, _, _ in same[0])


def test_real_workbooks_agree_with_another_reader() -> None:
    """Every text and number of the real workbooks is what the calamine library reads there."""
    calamine = pytest.importorskip("python_calamine")
    for path in sorted(DATA.glob("*.xls*")):
        (document,) = read(path)
        book = calamine.load_workbook(str(path))
        for grid in document.grids:
            rows = book.get_sheet_by_name(grid.name).to_python(skip_empty_area=False)
            for cell in grid.cells:
                other = rows[cell.row][cell.column]
                if isinstance(other, str):
                    assert cell.text == other
                else:
                    scale = 100 if cell.text.endswith("%") else 1
                    assert abs(Decimal(cell.text.replace(",", "").rstrip("%")) - Decimal(repr(other)) * scale) < Decimal("0.006")


def test_biff8_cells() -> None:
    """Numbers, packed numbers, texts, errors and formula results of an .xls come as shown."""
    sheet = (
        record(0x203, struct.pack("<HHHd", 0, 0, 1, 0.9918))
        + record(0x27E, struct.pack("<HHHI", 0, 1, 2, 123456 << 2 | 3))
        + record(0xBD, struct.pack("<HH", 0, 2) + struct.pack("<HIHI", 0, 7 << 2 | 2, 0, (-5 << 2 | 2) & 0xFFFFFFFF) + struct.pack("<H", 3))
        + record(0xFD, struct.pack("<HHHI", 1, 0, 0, 0))
        + record(0xFD, struct.pack("<HHHI", 1, 1, 0, 8))
        + record(0x204, struct.pack("<HHH", 1, 2, 0) + text8("指标"))
        + record(0x205, struct.pack("<HHHBB", 2, 0, 0, 23, 1))
        + record(0x06, struct.pack("<HHH", 2, 1, 0) + struct.pack("<d", 0.1 + 0.2) + b"\0" * 8)
        + record(0x06, struct.pack("<HHH", 2, 2, 0) + b"\0\0\0\0\0\0\xff\xff" + b"\0" * 8)
        + record(0x207, text8("合计"))
        + record(0x06, struct.pack("<HHH", 3, 0, 0) + b"\2\0\x2a\0\0\0\xff\xff" + b"\0" * 8)
        + record(0xE5, struct.pack("<HHHHH", 1, 3, 3, 0, 2))
        + record(0x208, struct.pack("<HHHHHHI", 1, 0, 3, 300, 0, 0, 0x20))
        + record(0x7D, struct.pack("<HHHHHH", 1, 1, 2000, 0, 1, 0))
    )
    strings = record(0xFC, struct.pack("<II", 1, 1) + text8("数量指标"))
    document = only(ole({"Workbook": biff8(sheet, strings=strings, formats=["0.00%", "#,##0.00"], state=1)}), "form.xls")
    found = cells(document)
    assert {place: cell.text for place, cell in found.items()} == {
        "A1": "99.18%", "B1": "1,234.56", "C1": "7", "D1": "-5", "A2": "数量指标", "B2": "", "C2": "指标",
        "A3": "#REF!", "B3": "0.3", "C3": "合计", "A4": "#N/A",
    }  # fmt: skip
    assert {place for place, cell in found.items() if cell.unread} == {"B2", "A3", "A4"}
    assert found["A4"].colspan == 3 and document.grids[0].hidden
    assert any("隐藏行" in note for note in document.notes) and any("隐藏列" in note for note in document.notes)


def test_shared_strings_go_on_over_record_borders() -> None:
    """A shared text cut by a record border, even in mid text with another character width, comes whole."""
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 4, 1) + "数量".encode("utf-16-le")
    second = b"\x01" + "指标".encode("utf-16-le") + struct.pack("<HB", 6, 0) + b"abc"
    third = b"\x01" + "丁戊己".encode("utf-16-le")
    strings = record(0xFC, first) + record(0x3C, second) + record(0x3C, third)
    sheet = record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0)) + record(0xFD, struct.pack("<HHHI", 0, 1, 0, 1))
    assert texts(ole({"Workbook": biff8(sheet, strings=strings)}), "a.xls") == {"A1": "数量指标", "B1": "abc丁戊己"}


def test_excel_5_byte_strings() -> None:
    """Excel 5/95 files hold texts in the code page they name."""
    label = "绩效自评".encode("gbk")
    sheet = record(0x204, struct.pack("<HHHH", 0, 0, 0, len(label)) + label) + record(0x203, struct.pack("<HHHd", 0, 1, 1, 0.5))
    assert texts(ole({"Book": biff5(sheet)}), "a.xls") == {"A1": "绩效自评", "B1": "50.00%"}


def test_encrypted_and_ancient_workbooks_are_refused() -> None:
    """Passwords and versions before Excel 5 get a clear fault."""
    with pytest.raises(ReadError, match="加密"):
        only(ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}))
    locked = record(0x809, struct.pack("<HHHH", 0x600, 5, 0, 0)) + record(0x2F, b"\0" * 6) + record(0x0A)
    with pytest.raises(ReadError, match="加密"):
        only(ole({"Workbook": locked}), "a.xls")
    with pytest.raises(ReadError, match="Excel 4"):
        only(ole({"Book": record(0x409, b"\0" * 6) + record(0x0A)}), "a.xls")


def test_open_document_cells() -> None:
    """The stored text counts; repeated rows and cells, line breaks, spans, notes and hidden rows are understood."""
    table = (
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.9918"><text:p>99.18%</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>甲<text:s text:c="2"/>乙</text:p>'
        '<text:p>丙</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="2" table:visibility="collapse"><table:table-cell '
        'table:number-columns-spanned="3" table:number-rows-spanned="1" office:value-type="float" office:value="12.50"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    document = only(ods(table), "form.ods")
    found = cells(document)
    assert {place: cell.text for place, cell in found.items()} == {
        "A1": "99.18%", "B1": "甲  乙\n丙", "C1": "甲  乙\n丙", "A2": "12.5", "A3": "12.5",
    }  # fmt: skip
    assert found["A2"].colspan == 3 and any("隐藏行" in note for note in document.notes)


def test_flat_and_encrypted_open_documents() -> None:
    """An .ods in a single XML file is read alike; one with a password is refused."""
    content = '<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell></table:table-row>'
    with zipfile.ZipFile(io.BytesIO(ods(content))) as archive:
        flat = archive.read("content.xml").decode().replace("document-content ", 'document office:mimetype="application/vnd.oasis.opendocument.spreadsheet" ')
    flat = flat.replace("</office:document-content>", "</office:document>")
    assert texts(flat.encode(), "a.fods") == {"A1": "甲"}
    with pytest.raises(ReadError, match="加密"):
        only(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x", "META-INF/manifest.xml": "<encryption-data/>"}), "a.ods")


def test_xml_spreadsheet_named_xls() -> None:
    """An Excel 2003 XML export with the suffix .xls is read by its content, number formats and merges included."""
    data = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles><Style ss:ID="Default"/><Style ss:ID="s1">'
        '<NumberFormat ss:Format="Percent"/></Style><Style ss:ID="s2" ss:Parent="s1"/></Styles>'
        '<Worksheet ss:Name="表"><Table><Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell>'
        '<Cell><Data ss:Type="Number">1.5</Data></Cell></Row><Row ss:Index="3" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="s2">'
        '<Data ss:Type="Number">0.9918</Data></Cell><Cell><Data ss:Type="DateTime">2023-03-15T00:00:00.000</Data></Cell></Row>'
        "</Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"
    ).encode()
    document = only(data, "导出.xls")
    found = cells(document)
    assert {place: cell.text for place, cell in found.items()} == {"A1": "标题", "C1": "1.5", "B3": "99.18%", "C3": "2023/3/15"}
    assert found["A1"].colspan == 2 and document.grids[0].hidden and document.source.format == "spreadsheetml"


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    """A, Z, AA, XFD."""
    assert [letters(at) for at in (0, 25, 26, 16383)] == ["A", "Z", "AA", "XFD"]

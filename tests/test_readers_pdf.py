"""PDF files become grids: rules however drawn, page breaks undone, doubtful text named, hostile files refused."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import random
import zlib

import pypdfium2
import pytest
from broken_files import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pdf_files import HEIGHT, STYLES, WIDTH, Sheet, grid, pdf, table
from yardstick import at_most

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.limits import DEFAULT, Limits
from checker.readers.pdf import read
from checker.readers.pdf_page import load

XS = [50.0, 150.0, 250.0, 400.0, 500.0]
YS = [100.0, 120.0, 140.0, 160.0, 180.0]
TEXTS = [["项目名称", None, "水库", "9.5"], ["产出指标", "数量", "≥10个", "10"], ["^", "质量", "100%", ""], ["合计", None, None, "100"]]
SHAPE = [
    ("项目名称", 0, 0, 1, 2), ("水库", 0, 2, 1, 1), ("9.5", 0, 3, 1, 1), ("产出指标", 1, 0, 2, 1), ("数量", 1, 1, 1, 1), ("≥10个", 1, 2, 1, 1),
    ("10", 1, 3, 1, 1), ("质量", 2, 1, 1, 1), ("100%", 2, 2, 1, 1), ("", 2, 3, 1, 1), ("合计", 3, 0, 1, 3), ("100", 3, 3, 1, 1),
]  # fmt: skip


def document(*sheets: Sheet | bytes, limits: Limits = DEFAULT, trailer: str = "") -> Document:
    data = sheets[0] if isinstance(sheets[0], bytes) else pdf(*[s for s in sheets if isinstance(s, Sheet)], trailer=trailer)
    return read(data, Source("form.pdf", hashlib.sha256(data).hexdigest(), "pdf", len(data)), limits)


def shape(found: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in found.cells]


def rows(found: Grid) -> list[list[str]]:
    lines: dict[int, list[str]] = {}
    for cell in found.cells:
        lines.setdefault(cell.row, []).append(cell.text)
    return [lines[row] for row in sorted(lines)]


def cell(words: list[tuple[float, float, str]], xs: tuple[float, float] = (50, 250), high: float = 100) -> str:
    """The text of the left cell of a one-row table, words at (x, y) with y counted from the top of the table."""
    sheet = Sheet().rules(grid([*xs, 500], [100, 100 + high])).text(300, 112, "右")
    for x, y, text in words:
        sheet.text(x, 100 + y, text)
    return document(sheet).grids[0].cells[0].text


@pytest.mark.parametrize("style", STYLES)
def test_rules_are_found_however_they_are_drawn(style: str) -> None:
    """Lines, thin boxes, dashes, dots, double lines, pictures, form objects: the same cells and spans."""
    (found,) = document(table(Sheet(), XS, YS, TEXTS, style)).grids
    assert shape(found) == SHAPE


def test_places_name_page_table_row_and_column() -> None:
    """A place can be found on the page: all parts count from 1."""
    found = document(Sheet().text(60, 80, "第一页只有文字，没有表格"), table(Sheet(), XS, YS, TEXTS)).grids[0]
    place = found.cells[8].locator
    assert (place.file, place.page, place.table, place.line, place.column) == ("form.pdf", 2, 1, 3, 3)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(turn: int) -> None:
    """Pages stored sideways, or with sideways text, read upright."""
    turned = {90: f"0 1 -1 0 {HEIGHT} 0 cm", 180: f"-1 0 0 -1 {WIDTH} {HEIGHT} cm", 270: f"0 -1 1 0 0 {WIDTH} cm"}[turn]
    plain = table(Sheet(), XS, YS, TEXTS)
    turned_back = Sheet(rotate=turn, box=f"/MediaBox [0 0 {HEIGHT} {WIDTH}]" if turn != 180 else "").raw(f"q {turned}")
    turned_back.parts += [*plain.parts, "Q"]
    assert shape(document(turned_back).grids[0]) == SHAPE
    # The same drawing without the page's own turn: the text itself runs sideways.
    sideways = dataclasses.replace(turned_back, rotate=0)
    assert shape(document(sideways).grids[0]) == SHAPE


def test_lines_around_tables_are_kept_and_page_numbers_are_not() -> None:
    """Titles and remarks stand before and after, numbers at the page's edge nowhere."""
    sheet = table(Sheet().text(200, 60, "项目支出绩效自评表").text(60, 90, "单位：万元"), XS, YS, TEXTS)
    found = document(sheet.text(60, 200, "注：无").text(290, 820, "— 1 —")).grids[0]
    assert [c.text for c in found.before] == ["项目支出绩效自评表", "单位：万元"]
    assert [c.text for c in found.after] == ["注：无"]
    assert {c.locator.page for c in (*found.before, *found.after)} == {1}


def test_running_text_is_joined_and_columns_stay_apart() -> None:
    """Prose before a table is paragraphs; a remark at the right edge, a title set wide and a side column keep apart."""
    first = "一二三四五六七八九十" * 4 + "一二三四"
    sheet = Sheet().text(50, 40, first).text(50, 54, "续行。").text(50, 68, "二、新项").text(60, 90, "单位：某局").text(400, 90, "金额单位：万元")
    sheet = table(sheet.text(60, 260, "项").text(100, 260, "目").text(140, 260, "表"), XS, YS, TEXTS)
    found = document(sheet).grids[0]
    assert [c.text for c in found.before] == [first + "续行。", "二、新项", "单位：某局", "金额单位：万元"]
    assert [c.text for c in found.after] == ["项 目 表"]


def test_an_item_of_a_list_begins_a_line() -> None:
    """A full line does not swallow the next item of a list."""
    assert cell([(54, 15, "目标1：" + "一二三四五六七八九十一二三四五"), (54, 30, "目标2：完成")]) == "目标1：一二三四五六七八九十一二三四五\n目标2：完成"


def test_two_tables_on_a_page_are_two_grids() -> None:
    """Tables that do not touch are apart, each with the lines above it."""
    sheet = table(Sheet().text(60, 90, "表一"), XS, YS, TEXTS)
    sheet = table(sheet.text(60, 290, "表二"), XS, [y + 200 for y in YS], TEXTS)
    first, second = document(sheet).grids
    assert shape(first) == shape(second) == SHAPE
    assert [c.text for c in second.before] == ["表二"]
    assert second.cells[0].locator.table == 2


def test_a_table_in_a_cell_and_a_frame_around_the_page_are_apart() -> None:
    """Text goes to the smallest table around it; a frame without text of its own is no table."""
    sheet = table(Sheet().rules(grid([20, 575], [20, 820])), XS, YS, TEXTS)
    assert [shape(found) for found in document(sheet).grids] == [SHAPE]
    sheet = Sheet().rules(grid([50, 300, 500], [100, 300])).text(60, 115, "外").text(310, 115, "右")
    inner = table(sheet, [100, 150, 200], [150, 170, 190], [["1", "2"], ["3", "4"]])
    assert [rows(found) for found in document(inner).grids] == [[["外", "右"]], [["1", "2"], ["3", "4"]]]


def test_a_line_that_is_wrapped_is_joined_and_a_paragraph_is_not() -> None:
    """A line without room for the next word was wrapped; a short one ends a paragraph."""
    full = "一二三四五六七八九十一二三四五六七八九"
    assert cell([(54, 15, full), (54, 30, "续行")]) == full + "续行"
    assert cell([(54, 15, "一、完成"), (54, 30, "二、完成")]) == "一、完成\n二、完成"
    assert cell([(54, 15, "57,157,6"), (54, 30, "86.73")], (50, 98)) == "57,157,686.73"
    assert cell([(54, y, char) for y, char in zip(range(12, 90, 15), "年度总体", strict=False)], (50, 68)) == "年度总体"


def test_gaps_become_spaces_where_a_reader_sees_them() -> None:
    """Wide gaps are spaces; loose setting, small gaps and characters printed twice are not."""
    assert cell([(54, 15, "甲"), (90, 15, "乙")]) == "甲 乙"
    assert cell([(54, 15, "2023"), (77, 15, "年")]) == "2023年"
    assert cell([(54, 15, "at"), (69, 15, "least")]) == "at least"
    assert cell([(54, 15, "得分"), (54.3, 15.1, "得分")]) == "得分"


def test_a_raised_figure_stays_on_its_line() -> None:
    """Superscripts do not make a line of their own."""
    sheet = Sheet().rules(grid([50, 250, 500], [100, 140])).text(54, 120, "100m").text(75, 116, "2", size=6).text(300, 120, "右")
    assert document(sheet).grids[0].cells[0].text == "100m2"


def test_fonts_of_the_machine_do_not_matter() -> None:
    """A single character of a font that the file does not carry is read, and its place is what the file says, not what a glyph takes."""
    sheet = Sheet().rules(grid([50, 250, 500], [100, 120, 140])).bare(54, 113, b"\xfe", "F3").bare(300, 113, b"ll9", "F4")
    sheet.text(54, 133, "一（ｇ凸9").text(300, 133, "☑")
    (found,) = document(sheet).grids
    assert rows(found) == [["☑", "ll9"], ["一（ｇ凸9", "☑"]]
    with pypdfium2.PdfDocument(pdf(sheet)) as opened:
        first = opened[0]
        page = load(first.raw, 1)
        sizes = [round(high, 1) for _, _, _, high, char, _ in page.chars if char in "一（ｇ凸"]
        widths = [round(x1 - x0, 1) for _, x0, x1, _, char, _ in page.chars if char in "l（"]
        page.close()
    assert len(set(sizes)) == 1 and widths == [2.2, 2.2, 10.0]
    assert all(char[3] > 8 for char in page.chars)


def test_text_that_runs_over_a_rule_is_whole_or_marked() -> None:
    """Overflowing text goes to the cell it began in, whatever the next holds on that line; with more lines neither cell counts as read."""
    sheet = table(Sheet(), [50, 100, 200, 300], [100, 120, 140], [["", "", "右"], ["", "", "右"]])
    found = document(sheet.text(54, 113, "57,157,686.73")).grids[0]
    assert [(c.text, c.unread) for c in found.cells[:2]] == [("57,157,686.73", None), ("", None)]
    sheet = table(Sheet(), [50, 100, 200, 300], [100, 120, 140], [["", "", "右"], ["", "", "右"]])
    found = document(sheet.text(54, 113, "57,157,686.73").text(150, 113, "2030.12")).grids[0]
    assert [(c.text, c.unread) for c in found.cells[:2]] == [("57,157,686.73", None), ("2030.12", None)]
    sheet = table(Sheet(), [50, 100, 200, 300], [100, 140], [["", "", "右"]])
    found = document(sheet.text(54, 113, "57,157,686.73").text(54, 130, "甲").text(110, 130, "乙")).grids[0]
    assert [c.unread is not None for c in found.cells] == [True, True, False]


def test_text_outside_its_window_is_not_seen() -> None:
    """What a spreadsheet cuts off at a cell's edge is not read into the next row, and is said; what is left of the cell is no reading."""
    sheet = table(Sheet(), [50, 250, 500], [100, 120, 140], [["", "右"], ["下", "右"]])
    sheet.raw(f"q 50 {HEIGHT - 120} 200 20 re W n").text(54, 113, "可见").text(54, 133, "不可见").raw("Q")
    found = document(sheet)
    assert rows(found.grids[0]) == [["可见", "右"], ["下", "右"]]
    assert any("截去" in note for note in found.notes)
    assert [cell.unread for cell in found.grids[0].cells] == ["文字被单元格边框截去一部分", None, None, None]


def test_text_cut_off_by_the_edge_of_the_page_is_no_reading() -> None:
    """A column that runs over the paper loses the ends of its lines: what is left of its cells is unread, other cells are not touched."""
    sheet = table(Sheet(), [50, 300, WIDTH], [100, 120, 140], [["左", ""], ["下", "短"]])
    sheet.raw(f"q 0 0 {WIDTH} {HEIGHT} re W n").text(562, 113, "长于纸面的字").raw("Q")
    (found,) = document(sheet).grids
    assert [(cell.text, cell.unread is not None) for cell in found.cells] == [("左", False), ("长于纸", True), ("下", False), ("短", False)]


def test_slanting_text_is_no_part_of_the_cells_it_lies_over() -> None:
    """A watermark across the page is left out and said; a page turned a little as a whole is not."""
    sheet = table(Sheet(), [50, 250, 500], [100, 120, 140], [["得分", "9.8"], ["权重", "10"]])
    stamp = "仅供公示".encode("utf-16-be").hex()
    sheet.raw(f"BT 0 Tr /F2 30 Tf .707 .707 -.707 .707 200 {HEIGHT - 160} Tm <{stamp}> Tj ET")
    found = document(sheet)
    assert rows(found.grids[0]) == [["得分", "9.8"], ["权重", "10"]]
    assert any("斜排" in note for note in found.notes)
    level = "项目支出绩效自评表".encode("utf-16-be").hex()
    skewed = Sheet().raw(f"BT 0 Tr /F2 10 Tf 1 .03 -.03 1 100 {HEIGHT - 160} Tm <{level}> Tj ET")
    assert rows(document(skewed).grids[0]) == [["项目支出绩效自评表"]]


def test_what_is_cut_off_can_be_quoted_and_leaves_full_lines_in_doubt() -> None:
    """A cell with nothing to see quotes what its edge cuts off; lines without room for more may be cut on such a page too."""
    sheet = table(Sheet(), [50, 110, 250], [100, 120, 140], [["一二三四五", ""], ["二", "三"]])
    sheet.raw(f"q 110 {HEIGHT - 120} 140 20 re W n").text(114, 133, "不可见").raw("Q")
    (found,) = document(sheet).grids
    assert [(cell.text, cell.unread is not None) for cell in found.cells] == [("一二三四五", True), ("不可见", True), ("二", False), ("三", False)]


def test_brackets_left_open_in_a_row_without_room_show_that_lines_are_missing() -> None:
    """Where the row has room, or the text goes on over the page's end, open brackets are as filed."""
    texts = [["指标（10", "右"], ["下", "右"]]
    (found,) = document(table(Sheet(), [50, 110, 250], [100, 118, 136], texts)).grids
    assert [cell.unread is not None for cell in found.cells] == [True, False, False, False]
    for ys in ([100, 140, 158], [100, 118]):
        (found,) = document(table(Sheet(), [50, 110, 250], ys, texts[: len(ys) - 1])).grids
        assert not any(cell.unread for cell in found.cells)


def test_a_table_beyond_the_page_edge_is_read_and_said() -> None:
    """Columns cut off by the paper are in the file; stray text out there is not shown and not read."""
    sheet = table(Sheet(), [50, 300, 560, 700], [100, 120], [["甲", "乙", "丙"]]).text(900, 300, "页外")
    found = document(sheet)
    assert rows(found.grids[0]) == [["甲", "乙", "丙"]]
    assert found.grids[0].after == ()
    assert any("超出页面" in note for note in found.notes)


# Page breaks ------------------------------------------------------------------------------------------------------------

HEAD = ["一级指标", "三级指标", "得分"]
COLUMNS = [50.0, 150.0, 400.0, 500.0]


def lines_of(count: int, at: int = 0) -> list[list[str | None]]:
    return [["产出指标" if n == at else "^", f"指标{n}：完成情况", f"{n}.5"] for n in range(at, at + count)]


def part(texts: list[list[str | None]], top: float = 60.0, sheet: Sheet | None = None) -> Sheet:
    return table(sheet or Sheet(), COLUMNS, [top + 20 * n for n in range(len(texts) + 1)], texts)


def test_a_table_over_a_page_break_is_one_grid() -> None:
    """The merged label goes on over the break; rows keep the page they stand on."""
    later = [["", "指标3：完成情况", "3.5"], ["^", "指标4：完成情况", "4.5"], ["效益指标", "指标5：完成情况", "5.5"]]
    found = document(part([HEAD, *lines_of(3)], 700).text(290, 830, "1"), part(later).text(290, 830, "2"))
    (whole,) = found.grids
    assert rows(whole) == [HEAD, ["产出指标", "指标0：完成情况", "0.5"], *[[f"指标{n}：完成情况", f"{n}.5"] for n in (1, 2, 3, 4)], ["效益指标", "指标5：完成情况", "5.5"]]
    label = whole.cells[3]
    assert (label.text, label.rowspan, label.locator.page) == ("产出指标", 5, 1)
    assert [(c.locator.page, c.locator.line) for c in whole.cells if c.text.startswith("指标5")] == [(2, 3)]
    assert any("跨第 1–2 页" in note for note in found.notes)


def test_an_empty_score_at_the_top_of_a_page_stays_empty() -> None:
    """Only labels go on over a break: a blank score, or a blank reason, is a blank of its own row."""
    (whole,) = document(part([HEAD, ["产出指标", "指标1", "1.5"]], 700), part([["", "指标2", ""], ["效益指标", "指标3", "3"]])).grids
    assert rows(whole)[2] == ["指标2", ""]
    assert rows(whole)[1] == ["产出指标", "指标1", "1.5"]


def test_repeated_heads_are_dropped_and_said() -> None:
    """The head that a word processor prints on each page counts once."""
    found = document(part([HEAD, *lines_of(2)], 700), part([HEAD, *lines_of(2, 2)]))
    assert [row[-1] for row in rows(found.grids[0])] == ["得分", "0.5", "1.5", "2.5", "3.5"]
    assert any("表头" in note for note in found.notes)


def test_a_row_split_by_the_break_is_whole_again() -> None:
    """Text that fills its cell down to the break goes on in the first row of the next page."""
    goal = "一二三四五六七八九十一二三四五六七八九十一二三四"
    first = table(Sheet(), COLUMNS, [700, 720, 790], [HEAD, ["目标", "", "9"]])
    for n in range(4):
        first.text(154, 735 + 15 * n, goal)
    second = table(Sheet(), COLUMNS, [60, 80, 100], [["", "完。", ""], ["产出指标", "指标1", "1"]])
    found = document(first, second)
    assert rows(found.grids[0]) == [HEAD, ["目标", goal * 4 + "完。", "9"], ["产出指标", "指标1", "1"]]
    assert any("同一行" in note for note in found.notes)


def test_a_number_parted_from_its_unit_by_the_break_is_whole_again() -> None:
    """A unit alone begins no row: its number stands above it, and what stands beside it goes on too. Figures with units of their own are rows."""
    edges = [50, 120, 165, 210, 250]
    heads = ["指标", "目标", "完成", "得分"]
    for below, expected in ((["", "5万元", "万元", ""], [["项目总成本", "≤1302.45万元", "1187.39万元", "5"]]), (["", "≤9万元", "8万元", "4"], [["项目总成本", "≤1302.4", "1187.39", "5"], ["≤9万元", "8万元", "4"]])):
        first = table(Sheet(), edges, [700, 720, 745], [heads, ["项目总成本", "≤1302.4", "1187.39", "5"]])
        second = table(Sheet(), edges, [60, 80, 100], [below, ["满意度", "≥90%", "95%", "9"]])
        assert rows(document(first, second).grids[0]) == [heads, *expected, ["满意度", "≥90%", "95%", "9"]]


def test_a_new_row_after_the_break_is_not_taken_for_a_rest() -> None:
    """A row whose cells are filled, or whose text does not go on, stays a row."""
    (whole,) = document(part([HEAD, ["产出指标", "指标1", "1"]], 760), part([["效益指标", "指标2", ""], ["满意度", "指标3", "3"]])).grids
    assert len(rows(whole)) == 4


def test_an_upright_label_cut_by_the_break_is_whole_again() -> None:
    """One character a line, the label of a narrow column goes on; a second word in a wide column is another label."""
    xs = [50.0, 68.0, 250.0, 400.0]
    first = table(Sheet(), xs, [740, 758, 790], [["一", "三级指标", "得分"], ["", "指标1", "1"]]).text(54, 772, "效").text(54, 786, "益")
    second = table(Sheet(), xs, [60, 78, 96, 120], [["", "指标2", "2"], ["^", "指标3", "3"], ["合", "", "6"]]).text(54, 72, "指").text(54, 90, "标")
    (whole,) = document(first, second).grids
    assert [(c.text, c.rowspan) for c in whole.cells if c.column == 0] == [("一", 1), ("效益指标", 3), ("合", 1)]
    tall = table(Sheet(), xs, [740, 758, 790], [["一", "三级指标", "得分"], ["", "指标1", "1"]]).text(54, 764.5, "效").text(54, 775.4, "益")
    (whole,) = document(tall, second).grids
    assert [(c.text, c.rowspan) for c in whole.cells if c.column == 0] == [("一", 1), ("效益指标", 3), ("合", 1)]
    (wide,) = document(part([HEAD, ["产出", "指标1", "1"]], 760), part([["效益", "指标2", "2"], ["^", "指标3", "3"]])).grids
    assert [c.text for c in wide.cells if c.column == 0] == ["一级指标", "产出", "效益"]


def test_the_label_of_merged_cells_not_drawn_again_is_theirs() -> None:
    """Spreadsheets draw the rest of a merged cell without its rules: its text beside the table stays with its rows."""
    xs = [50.0, 110.0, 170.0, 400.0, 500.0]
    first = table(Sheet(), xs, [700, 720, 740, 760], [["一级指标", "分值", "三级指标", "得分"], ["投入", "30", "指标0", "1"], ["", "", "指标1", "2"]])
    second = table(Sheet(), xs[2:], [60, 80, 100], [["指标2", "3"], ["指标3", "4"]]).text(54, 84, "产出").text(114, 84, "70")
    third = table(Sheet(), xs, [60, 80], [["效益", "9", "指标4", "5"]])
    (whole,) = document(first, second, third).grids
    assert [(c.text, c.row, c.rowspan) for c in whole.cells if c.column < 2][4:] == [("产出", 2, 3), ("70", 2, 3), ("效益", 5, 1), ("9", 5, 1)]
    assert whole.after == ()


def test_open_sides_show_that_a_cell_goes_on() -> None:
    """Browsers draw no rule at a break inside a row: both parts are one row."""
    rules = grid(COLUMNS, [700, 720]) + [(x, 720.0, x, 790.0) for x in COLUMNS]
    first = Sheet().rules(rules)
    for x, words in zip(COLUMNS, HEAD, strict=False):
        first.text(x + 4, 713, words)
    first.text(54, 735, "目标").text(154, 735, "一、做到").text(154, 750, "二、做到").text(154, 765, "三、做到")
    rest = [(x, 60.0, x, 120.0) for x in COLUMNS] + [(COLUMNS[0], 120.0, COLUMNS[-1], 120.0)]
    second = Sheet().rules(rest + grid(COLUMNS, [120, 140])).text(154, 75, "四、做到").text(54, 133, "合计").text(404, 133, "9")
    (whole,) = document(first, second).grids
    assert rows(whole) == [HEAD, ["目标", "一、做到\n二、做到\n三、做到\n四、做到", ""], ["合计", "", "9"]]


def test_a_merged_cell_that_ends_above_its_last_row_makes_no_row() -> None:
    """Browsers draw the lower side of merged cells a little too high behind a page break: the strip below is no row, an empty row of the form is one."""
    upright = [(x, 100, x, 172) for x in (50.0, 150.0, 500.0)]
    sheet = Sheet().rules([*upright, (50, 100, 500, 100), (150, 120, 500, 120), (50, 141, 150, 141), (50, 152, 500, 152), (50, 172, 500, 172)])
    for x, y, text in ((54, 113, "数量"), (154, 113, "参保率"), (154, 140, "培训场次"), (54, 165, "质量"), (154, 165, "合格率")):
        sheet.text(x, y, text)
    (found,) = document(sheet).grids
    assert shape(found) == [("数量", 0, 0, 2, 1), ("参保率", 0, 1, 1, 1), ("培训场次", 1, 1, 1, 1), ("质量", 2, 0, 1, 1), ("合格率", 2, 1, 1, 1)]
    empty = table(Sheet(), [50, 150, 500], [100, 120, 132, 152], [["数量", "参保率"], ["", ""], ["质量", "合格率"]])
    assert len(rows(document(empty).grids[0])) == 3


def test_sides_of_merged_cells_over_both_ends_of_a_page_are_columns() -> None:
    """On a page where a merged label neither begins nor ends only its sides are drawn, as high as the table: it goes on from the page before."""
    xs = [50.0, 150.0, 300.0, 500.0]
    first = Sheet().rules([*((x, 100, x, 160) for x in xs), (50, 100, 500, 100), (150, 130, 500, 130), (150, 160, 500, 160)])
    for x, y, text in ((54, 113, "产出"), (154, 113, "甲"), (304, 113, "1"), (154, 143, "乙"), (304, 143, "2")):
        first.text(x, y, text)
    second = Sheet().rules([*((x, 60, x, 120) for x in xs), (150, 90, 500, 90), (150, 120, 500, 120)])
    for x, y, text in ((154, 73, "丙"), (304, 73, "3"), (154, 103, "丁"), (304, 103, "4")):
        second.text(x, y, text)
    (found,) = document(first, second).grids
    assert shape(found)[0] == ("产出", 0, 0, 4, 1)
    assert [cell.text for cell in found.cells if cell.column == 2] == ["1", "2", "3", "4"]


def test_a_closed_cell_does_not_go_on_where_open_sides_show_which_do() -> None:
    """A title at the end of a page is closed while the label beside it is open: what stands below it on the next page is another cell."""
    xs = [50.0, 150.0, 300.0, 500.0]
    first = Sheet().rules([*((x, 100, x, 140) for x in xs), (50, 100, 500, 100), (150, 140, 500, 140)])
    for x, y, text in ((54, 113, "绩"), (154, 113, "级"), (154, 133, "别"), (304, 123, "名称")):
        first.text(x, y, text)
    second = Sheet().rules([*((x, 60, x, 120) for x in xs), (300, 90, 500, 90), (50, 120, 500, 120)])
    for x, y, text in ((154, 73, "产"), (154, 93, "出"), (304, 73, "丙"), (304, 103, "丁")):
        second.text(x, y, text)
    (found,) = document(first, second).grids
    assert [(cell.text, cell.row, cell.rowspan) for cell in found.cells if cell.column == 1] == [("级\n别", 0, 1), ("产\n出", 1, 2)]


def test_labels_that_begin_above_their_row_behind_a_page_break_are_those_of_the_row() -> None:
    """Browsers draw merged labels behind a page break a little too high: no cell lies between the two rules, and the label below is the next row's."""
    upright = [(x, 60, x, 140) for x in (50.0, 150.0, 500.0)]
    second = Sheet().rules([*upright, (50, 60, 500, 60), (150, 80, 500, 80), (50, 91, 150, 91), (150, 110, 500, 110), (50, 140, 500, 140)])
    for x, y, text in ((54, 73, "数量"), (154, 73, "甲"), (154, 98, "乙"), (54, 105, "质量"), (154, 128, "丙")):
        second.text(x, y, text)
    first = table(Sheet(), [50, 150, 500], [700, 720, 740], [["指标", "名称"], ["时效", "丁"]])
    (found,) = document(first, second).grids
    assert [(cell.text, cell.row) for cell in found.cells if cell.column == 0] == [("指标", 0), ("时效", 1), ("数量", 2), ("质量", 4)]
    assert [(cell.text, cell.row) for cell in found.cells if cell.column == 1][2:] == [("甲", 2), ("乙", 3), ("丙", 4)]


def test_a_row_as_high_as_a_page_is_one_row() -> None:
    """A page in the middle of a row shows upright rules alone: what stands between them goes on in the cells of the row."""
    xs = [50.0, 120.0, 200.0, 350.0, 500.0]
    first = Sheet().rules([*((x, 700, x, 780) for x in xs), (50, 700, 500, 700), (50, 720, 500, 720)])
    second = Sheet().rules([(x, 60, x, 780) for x in xs])
    third = Sheet().rules([*((x, 60, x, 120) for x in xs), (50, 90, 500, 90), (50, 120, 500, 120)])
    for sheet, words in ((first, ["指标", "名称", "目标", "原因"]), (third, ["乙", "丙", "丁", "戊"])):
        for x, text in zip(xs, words, strict=False):
            sheet.text(x + 4, 713 if sheet is first else 113, text)
    for y in (733, 748, 763, 778):
        first.text(354, y, "因征地协调未完成电力接入迟缓")
    first.text(54, 733, "甲")
    for y in range(73, 780, 15):
        second.text(354, y, "因征地协调未完成电力接入迟缓")
    third.text(354, 73, "完工。")
    (found,) = document(first, second, third).grids
    assert [(cell.text, cell.row) for cell in found.cells if cell.column == 0] == [("指标", 0), ("甲", 1), ("乙", 2)]
    (reason,) = [cell.text for cell in found.cells if cell.column == 3 and cell.row == 1]
    assert reason.startswith("因征地") and reason.endswith("完工。") and "\n" not in reason


def test_a_row_that_a_rule_ends_is_whole_beside_a_label_that_goes_on() -> None:
    """A label open at the end of the page shows that closed cells end there: a row with a name alone is none's rest, nor is one dash below another."""
    xs = [50.0, 100.0, 160.0, 300.0]
    first = Sheet().rules([*((x, 700, x, 764) for x in xs), (50, 700, 300, 700), (100, 720, 300, 720), (100, 764, 300, 764)])
    second = Sheet().rules([*((x, 60, x, 104) for x in xs), (100, 82, 300, 82), (50, 104, 300, 104)])
    for x, y, text in ((54, 713, "资金"), (104, 713, "总额"), (164, 713, "12"), (104, 733, "其中当年"), (104, 746, "财政拨款"), (104, 759, "转移支付"), (164, 746, "—")):
        first.text(x, y, text)
    for x, y, text in ((104, 75, "上年"), (104, 98, "其他"), (164, 98, "3")):
        second.text(x, y, text)
    (found,) = document(first, second).grids
    assert [cell.text for cell in found.cells if cell.column == 1] == ["总额", "其中当年财政拨款转移支付", "上年", "其他"]


def test_the_next_form_is_not_joined() -> None:
    """A title above the table, or rows that begin like the form itself, start another form."""
    one, two = [["项目名称", "甲", ""], ["主管部门", "乙", ""], ["得分", "", "1"]], [["项目名称", "丙", ""], ["主管部门", "丁", ""], ["得分", "", "2"]]
    assert len(document(part(one), part(two, sheet=Sheet().text(200, 40, "项目支出绩效自评表"))).grids) == 2
    assert len(document(part(one), part(two)).grids) == 2
    titled = [part(form, sheet=Sheet().text(200, 40, "项目支出绩效自评表")) for form in (one, two)]
    assert [[c.text for c in found.before] for found in document(*titled).grids] == [["项目支出绩效自评表"]] * 2


def test_running_heads_do_not_part_a_table() -> None:
    """A line at the same height on each page is furniture; a mark of continuation says that the table goes on."""
    pages = [part([HEAD, *lines_of(2)], 700, Sheet().text(60, 30, "某某局 2022 年度")), part(lines_of(2, 2), 60, Sheet().text(60, 30, "某某局 2022 年度"))]
    assert len(document(*pages).grids) == 1
    assert len(document(part([HEAD, *lines_of(2)], 700), part(lines_of(2, 2), 60, Sheet().text(60, 40, "续表"))).grids) == 1


# Doubtful and hostile files ---------------------------------------------------------------------------------------------


def test_rules_across_only_are_parted_by_the_gaps_in_the_text() -> None:
    """A table without upright rules is read by its columns of white, and the note says so."""
    sheet = Sheet().rules([(50, y, 500, y) for y in YS])
    for y, row in zip(YS, [["指标", "目标", "得分"], ["参保率", "100%", "9.8"], ["培训场次", "≥10次", "10"], ["满意", "95%", "10"]], strict=False):
        for x, words in zip((60, 200, 400), row, strict=True):
            sheet.text(x, y + 13, words)
    found = document(sheet)
    assert rows(found.grids[0])[1] == ["参保率", "100%", "9.8"]
    assert not found.grids[0].ragged
    assert any("没有竖线" in note for note in found.notes)


def test_columns_of_a_table_with_rules_across_only_hold_beside_wide_and_tall_cells() -> None:
    """A text over several columns hides no column, a rule that leaves out a merged label parts the rows beside it, and blanks are no cells of their own."""
    ys = [100.0, 120.0, 140.0, 160.0, 180.0, 200.0]
    sheet = Sheet().rules([*((50, y, 500, y) for y in (100, 120, 160, 180, 200)), (130, 140, 500, 140)])
    written = [[(55, "项目名称"), (180, "城区集中式饮用水水源地保护专项资金")], [(140, "指标"), (260, "目标"), (420, "得分")], [(140, "参保率"), (260, "100%"), (420, "9.8")], [(55, "其他"), (420, "5")], [(140, "满意"), (260, "95%")]]
    for y, row in zip(ys, written, strict=False):
        for x, words in row:
            sheet.text(x, y + 13, words)
    sheet.text(55, 143, "绩效")
    (found,) = document(sheet).grids
    assert [(cell.row, cell.column, cell.text) for cell in found.cells] == [
        (0, 0, "项目名称"), (0, 1, "城区集中式饮用水水源地保护专项资金"), (1, 0, "绩效"), (1, 1, "指标"), (1, 2, "目标"), (1, 3, "得分"),
        (2, 1, "参保率"), (2, 2, "100%"), (2, 3, "9.8"), (3, 0, "其他"), (3, 3, "5"), (4, 1, "满意"), (4, 2, "95%"),
    ]  # fmt: skip
    assert {(cell.rowspan, cell.colspan) for cell in found.cells} == {(1, 1)}


def test_a_page_without_rules_is_a_ragged_grid() -> None:
    """Without rules columns are only as good as the gaps, and the grid says so."""
    (found,) = document(Sheet().text(60, 100, "项目名称").text(200, 100, "水库").text(60, 120, "得分").text(200, 120, "9.5")).grids
    assert found.ragged
    assert rows(found) == [["项目名称", "水库"], ["得分", "9.5"]]


def test_shaded_cells_without_rules_are_cells() -> None:
    """Tables whose cells are parted by shading alone have cells all the same."""
    sheet = Sheet()
    for r in range(3):
        for c in range(3):
            sheet.raw(f"0.9 g {50 + 100 * c} {HEIGHT - 120 - 20 * r} 98 18 re f 0 g").text(54 + 100 * c, 114 + 20 * r, f"{r}{c}")
    assert rows(document(sheet).grids[0]) == [["00", "01", "02"], ["10", "11", "12"], ["20", "21", "22"]]


def test_scanned_pages_are_named() -> None:
    """A scan alone is refused with its page; among others it is said; recognised text over a scan is doubted."""
    scan = Sheet().image(0, 0, WIDTH, HEIGHT)
    with pytest.raises(ReadError, match=r"第 1–2 页是扫描图像.*form\.pdf"):
        document(scan, scan)
    found = document(table(Sheet(), XS, YS, TEXTS), scan)
    assert any("第 2 页是扫描图像" in note for note in found.notes)
    layer = table(Sheet().image(0, 0, WIDTH, HEIGHT).raw("3 Tr"), XS, YS, TEXTS)
    layer.parts = [piece.replace("BT 0 Tr", "BT 3 Tr") for piece in layer.parts]
    assert any("识别层" in note for note in document(layer).notes)


def test_files_that_cannot_be_read_say_why() -> None:
    """Encrypted, broken, empty of text, too long, ruled too densely: each has its reason and the file's name."""
    locked = pdf(Sheet(), trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "00" * 32 + "> /U <" + "11" * 32 + "> >> /ID [<00><00>]")
    dense = Sheet().rules([(float(x), 10.0, float(x), 800.0) for x in range(0, 590, 5)] * 2 + [(0.0, float(y), 590.0, float(y)) for y in range(10, 800, 5)])
    for data, words in ((locked, "加密"), (b"%PDF-1.4 nothing", "损坏"), (pdf(Sheet()), "没有文字")):
        with pytest.raises(ReadError, match=words + r".*@ form\.pdf"):
            document(data)
    with pytest.raises(ReadError, match="页数"):
        document(Sheet().text(50, 50, "x"), Sheet(), limits=replace(DEFAULT, max_pages=1))
    assert document(dense.text(50, 50, "x")).grids
    with pytest.raises(ReadError, match="过大"):
        document(table(Sheet(), XS, YS, TEXTS), limits=replace(DEFAULT, max_columns=3))


def test_an_unmapped_character_makes_its_cell_unread() -> None:
    """A private code whose meaning is unknown is quoted, not trusted; a known symbol is what it shows."""
    found = document(table(Sheet(), [50, 150, 250], [100, 120], [["完\ue5a3成", "\uf0fe是"]])).grids[0]
    assert [(c.text, c.unread is None) for c in found.cells] == [("完\ue5a3成", False), ("☑是", True)]


@pytest.mark.parametrize("appearance", [True, False])
def test_values_typed_into_a_fillable_form_are_text(appearance: bool) -> None:
    """A form filled in a viewer keeps its values beside the page's text; they are read into their cells."""
    sheet = table(Sheet(), [50, 150, 300], [100, 120, 140], [["得分", ""], ["原因", ""]])
    found = document(sheet.field(152, 102, 100, 16, "9.5分", appearance).field(152, 122, 100, 16, "无", appearance))
    assert rows(found.grids[0]) == [["得分", "9.5分"], ["原因", "无"]]


def test_a_flood_of_drawing_is_bounded() -> None:
    """Hundreds of thousands of objects end in a document or a reason, soon."""
    flood = Sheet().text(50, 50, "文字").raw(" ".join(f"{n % 590} {n % 800} m {n % 590} {n % 800 + 30} l S" for n in range(200_000)))
    with at_most(400):
        try:
            document(flood)
        except ReadError as fault:
            assert "form.pdf" in str(fault)


def test_streams_that_unpack_to_floods_are_refused() -> None:
    """A page that unpacks to megabytes, plainly, written in letters or packed twice, is refused before it is unpacked."""
    flood = b"q " * 5_000_000
    once = zlib.compress(flood, 9)
    letters = base64.a85encode(once) + b"~>"
    harmless = zlib.compress(b"q " * 500_000 + b"Q " * 500_000 + b"BT /F2 10 Tf 1 0 0 1 50 500 Tm <4E004E01> Tj ET", 9)

    def page(content: bytes, filters: str) -> bytes:
        found = pdf(Sheet().text(50, 50, "x"))
        start, end = found.index(b"stream\n"), found.index(b"\nendstream")
        return found[: found.rindex(b"<<", 0, start)] + f"<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode() + content + found[end:]

    for content, filters, words in (
        (once, "/FlateDecode", "解压后过大"),
        (once, "[ /FlateDecode ]", "解压后过大"),
        (letters, "[/ASCII85Decode /FlateDecode]", "解压后过大"),
        (zlib.compress(once, 9), "[/FlateDecode /FlateDecode]", "重复压缩"),
        (zlib.compress(once, 9), "[/FlateDecode /Flate#44ecode]", "重复压缩"),
    ):
        with pytest.raises(ReadError, match=words):
            document(page(content, filters))
    assert rows(document(page(harmless, "/FlateDecode")).grids[0]) == [["一丁"]]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_table_of_merged_cells_comes_back(data: st.DataObject) -> None:
    """A random table drawn in a random style reads back cell by cell."""
    count, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(2, 5))
    owner: dict[tuple[int, int], int] = {}
    boxes: list[tuple[int, int, int, int]] = []
    for r in range(count):
        for c in range(columns):
            if (r, c) in owner:
                continue
            right = data.draw(st.integers(1, 3))
            down = data.draw(st.integers(1, 3))
            right = next((k for k in range(right) if c + k >= columns or (r, c + k) in owner), right)
            down = next((k for k in range(down) if r + k >= count), down)
            boxes.append((r, c, down, right))
            owner.update({(a, b): len(boxes) for a in range(r, r + down) for b in range(c, c + right)})
    xs, ys = [50.0 + 90 * c for c in range(columns + 1)], [100.0 + 22 * r for r in range(count + 1)]
    sheet = Sheet()
    for n, (r, c, _, _) in enumerate(boxes):
        sheet.text(xs[c] + 4, ys[r] + 13, f"第{n}格")
    sheet.rules(grid(xs, ys, boxes), data.draw(st.sampled_from(sorted(STYLES))))
    (found,) = document(sheet).grids
    # Positions without a rule of their own do not exist on paper: compare order, text and what lies within.
    assert [c.text for c in found.cells] == [f"第{n}格" for n in range(len(boxes))]
    edges = sorted({c for _, c, _, _ in boxes} | {c + right for _, c, _, right in boxes})
    lines = sorted({r for r, _, _, _ in boxes} | {r + down for r, _, down, _ in boxes})
    expected = [
        (lines.index(r), edges.index(c), lines.index(r + down) - lines.index(r), edges.index(c + right) - edges.index(c)) for r, c, down, right in boxes
    ]
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in found.cells] == expected


def test_broken_files_end_in_a_document_or_a_reason() -> None:
    """3,000 damaged files: a document or a ReadError, never anything else."""
    whole = [
        pdf(table(Sheet(), XS, YS, TEXTS, "form"), part(lines_of(3)), compress=packed) for packed in (True, False)
    ]
    chance = random.Random(20240418)
    with at_most(600):
        for turn in range(3_000):
            data = damaged(whole[turn % 2], chance, 8)
            try:
                document(data)
            except ReadError as fault:
                assert "form.pdf" in str(fault) and "\n" not in str(fault)


def test_text_that_runs_over_the_rule_below_is_named() -> None:
    """A second line that does not fit its row stands across the rule: both cells are unread, others are not."""
    sheet = Sheet().rules(grid([50, 150, 300], [100, 114, 128, 142]))
    for y, words in ((107, "其中：本年财政拨"), (117, "款"), (125, "其他资金")):
        sheet.text(54, y, words)
    (found,) = document(sheet.text(160, 111, "9.8").text(160, 139, "合计")).grids
    doubtful = {cell.row for cell in found.cells if cell.unread and "越过" in cell.unread}
    assert doubtful == {0, 1} and [cell.unread for cell in found.cells if cell.text in ("9.8", "合计")] == [None, None]


ROWS = [100.0 + 14 * n for n in range(6)]


def overflowing(column: list[list[str]], apart: bool = False, others: str = "右") -> list[tuple[str, str | None]]:
    """Text and doubt of the left cells of rows 14 points high, each text's lines centred on its row and 15 points apart.

    With `apart` the lines of one text are not drawn one after the other.
    """
    sheet = Sheet().rules(grid([50, 110, 300], ROWS[: len(column) + 1]))
    last: list[tuple[float, str]] = []
    for row, texts in enumerate(column):
        sheet.text(114, ROWS[row] + 10, others)
        for at, words in enumerate(texts):
            y = ROWS[row] + 7 + 15 * (at - (len(texts) - 1) / 2) + 2.5
            if apart and at:
                last.append((y, words))
            else:
                sheet.text(54, y, words)
    for y, words in last:
        sheet.text(54, y, words)
    (found,) = document(sheet).grids
    assert [c.text for c in found.cells if c.column == 1] == [others] * len(column)
    return [(c.text, c.unread) for c in found.cells if c.column == 0]


def test_text_printed_over_its_neighbours_goes_to_the_row_it_is_centred_on() -> None:
    """Lines drawn one after the other and centred on one row are that row's, whatever they are printed over."""
    column = [["上面"], ["其中财政", "拨款"], ["其他资金"], ["合计金额", "按部门预", "算"], ["下面"]]
    assert overflowing(column) == [("上面", None), ("其中财政拨款", None), ("其他资金", None), ("合计金额按部门预算", None), ("下面", None)]


def test_text_printed_over_its_neighbours_is_unread_where_its_row_is_not_certain() -> None:
    """The same picture drawn in another order does not tell whose the lines are: no cell they touch counts as read."""
    found = overflowing([["上面"], ["其中财政", "拨款"], ["其他资金"], ["合计"], ["下面"]], apart=True)
    assert [unread is not None for _, unread in found] == [True, True, True, False, False]


def test_rows_of_one_line_stay_rows_beside_text_that_overflows() -> None:
    """Three short labels drawn one after the other keep their rows although another text on the page runs over its row."""
    sheet = Sheet().rules(grid([50, 110, 300], ROWS)).text(114, 102, "其中").text(114, 117, "拨款")
    for row, words in enumerate(("种植", "养殖", "加工"), 1):
        sheet.text(54, ROWS[row] + 9.5, words)
    (found,) = document(sheet).grids
    assert [c.text for c in found.cells if c.column == 0] == ["", "种植", "养殖", "加工", ""]


def test_a_full_line_in_a_low_row_may_be_cut_where_text_overflows() -> None:
    """Programs leave out lines that lie wholly outside a row: a line without room for more is unread, on such a page only."""
    whole = [["一二三四五"], ["其中财政", "拨款"], ["下面"]]
    assert [unread is not None and "未印出" in unread for _, unread in overflowing(whole)] == [True, False, False]
    assert [unread for _, unread in overflowing([["一二三四五"], ["拨款"], ["下面"]])] == [None] * 3


def test_a_table_without_rules_is_read_only_where_each_row_is_one_line() -> None:
    """A cell of two lines, or one that stands between two rows, shows that lines are not rows: its table is no reading, titles are."""
    even = Sheet().text(200, 40, "项目支出绩效自评表")
    for row, words in enumerate((("一级指标", "指标", "得分"), ("产出指标", "开放天数", "9.5"), ("效益指标", "群众满意", "10"), ("合计", "", "19.5"))):
        for x, text in zip((60, 200, 400), words, strict=True):
            even.text(x, 80 + 18 * row, text)
    (found,) = document(even).grids
    assert rows(found)[2] == ["产出指标", "开放天数", "9.5"] and not any(cell.unread for cell in found.cells)
    for label in (((60, 107, "产出"),), ((60, 112, "满意度"), (60, 124, "指标")), ((60, 152, "效益指标本年度群众满意"), (60, 170, "情况"), (200, 152, "率"), (60, 188, "合计"), (200, 188, "9"))):
        uneven = dataclasses.replace(even, parts=[*even.parts])
        for x, y, text in label:
            uneven.text(x, y, text)
        told = document(uneven)
        (found,) = told.grids
        assert [cell.row for cell in found.cells if not cell.unread] == [0]
        assert any("没有框线" in note for note in told.notes)


def test_a_table_without_rules_whose_texts_are_cut_off_is_no_reading() -> None:
    """A sheet printed without borders cuts texts at cells that nothing shows: which words make a cell is not known, titles are."""
    sheet = Sheet().text(200, 40, "项目支出绩效自评表")
    for row, words in enumerate((("一级指标", "指标", "得分"), ("产出指标", "开放天数", "9.5"), ("效益指标", "群众满意", "10"))):
        for x, text in zip((60, 200, 400), words, strict=True):
            sheet.text(x, 80 + 18 * row, text)
    assert not any(cell.unread for cell in document(dataclasses.replace(sheet, parts=[*sheet.parts])).grids[0].cells)
    sheet.raw(f"q 60 {HEIGHT - 140} 40 20 re W n").text(62, 134, "满意度指标和其他").raw("Q").text(200, 134, "率").text(400, 134, "5")
    found = document(sheet)
    assert [cell.row for cell in found.grids[0].cells if not cell.unread] == [0]
    assert any("截去" in note and "没有框线" in note for note in found.notes)


def _turned(sheet: Sheet, x: float, y: float, words: str, matrix: str) -> None:
    """Words whose letters follow each other along a turned base line that begins at (x, y)."""
    sheet.raw(f"BT 0 Tr /F2 10 Tf {matrix} {x} {HEIGHT - y} Tm <{words.encode('utf-16-be').hex()}> Tj ET")


@pytest.mark.parametrize(("matrix", "y"), [("0 1 -1 0", 178.0), ("0 -1 1 0", 112.0)])
def test_a_label_turned_a_quarter_is_read_along_its_line(matrix: str, y: float) -> None:
    """Labels beside merged rows are set upwards or downwards: 产出指标 is no 标指出产."""
    sheet = table(Sheet(), [50, 90, 200, 300], [100, 120, 140, 160, 180], [["", "甲", "1"], ["^", "乙", "2"], ["^", "丙", "3"], ["^", "丁", "4"]])
    _turned(sheet, 74, y, "产出指标", matrix)
    found = document(sheet).grids[0]
    assert [(cell.text.replace("\n", ""), cell.rowspan) for cell in found.cells if cell.column == 0] == [("产出指标", 4)]
    assert [cell.text for cell in found.cells if cell.column == 1] == ["甲", "乙", "丙", "丁"]


def test_a_label_in_upright_columns_is_read_from_the_right() -> None:
    """Upright text that fills its column goes on left of it; lines of few letters that run across stay lines."""
    sheet = table(Sheet(), [50, 90, 200], [100, 150, 200], [["", "甲"], ["", "乙"]])
    for at, letter in enumerate("满意度指标等"):
        sheet.text(*((72, 112 + 11 * at) if at < 4 else (60, 112 + 11 * (at - 4))), letter)
    for at, words in enumerate(("满意", "度指", "标")):
        sheet.text(60, 165 + 11 * at, words)
    found = document(sheet).grids[0]
    assert [cell.text.replace("\n", "") for cell in found.cells if cell.column == 0] == ["满意度指标等", "满意度指标"]

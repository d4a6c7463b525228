"""Web pages become grids: encodings, spans, nested and layout tables, lines around them, hostile markup."""

from __future__ import annotations

import hashlib
import random
import resource

import pytest
from broken_files import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from yardstick import at_most

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.html import read
from checker.readers.html_charset import decode
from checker.readers.limits import DEFAULT, Limits

FORM = """<html><head><meta charset="{charset}"><title>页面标题</title><style>td{{color:red}}</style></head><body>
<p>项目支出绩效自评表</p><p>（2022年度）</p>
<table><tr><td colspan="2">项目名称</td><td>水库&nbsp;维修 &lt;一期&gt;</td></tr>
<tr><td rowspan="2">产出<br>指标</td><td>数量指标</td><td><p>≥10</p><p>个</p></td></tr>
<tr><td>质量指标</td><td><b>10</b>0<span>%</span></td></tr></table>
<p>注：无</p></body></html>"""


def document(page: str | bytes, limits: Limits = DEFAULT) -> Document:
    data = page.encode() if isinstance(page, str) else page
    return read(data, Source("form.html", hashlib.sha256(data).hexdigest(), "html", len(data)), limits)


def rows(grid: Grid) -> list[list[str]]:
    """The texts of a grid by row."""
    found: dict[int, list[str]] = {}
    for cell in grid.cells:
        found.setdefault(cell.row, []).append(cell.text)
    return [found[row] for row in sorted(found)]


def texts(page: str) -> list[list[str]]:
    return rows(document(page).grids[0])


def test_a_table_gives_cells_with_spans_texts_and_places() -> None:
    """Spans, line breaks, entities and nested markup come out as shown; places count from 1."""
    (grid,) = document(FORM.format(charset="utf-8")).grids
    assert rows(grid) == [["项目名称", "水库 维修 <一期>"], ["产出\n指标", "数量指标", "≥10\n个"], ["质量指标", "100%"]]
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        (0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip
    place = grid.cells[5].locator
    assert (place.file, place.table, place.line, place.column) == ("form.html", 1, 3, 2)


@pytest.mark.parametrize("tag", ["del", "s", "strike"])
def test_struck_out_text_is_left_out_and_said(tag: str) -> None:
    """89% struck out beside 93% is no part of the value; a table inside the mark is read."""
    found = document(f"<table><tr><td><{tag}>89%</{tag}>93%</td></tr></table>")
    assert (rows(found.grids[0]), found.notes) == ([["93%"]], ("有 1 处删除线划去的文字未读",))
    assert texts(f"<{tag}><table><tr><td>1</td></tr></table></{tag}>") == [["1"]]


def test_a_caption_stands_before_its_table() -> None:
    """The title of a table in its caption is a line before it, not behind the table above."""
    above, below = document("<table><tr><td>1</td></tr></table><table><caption>某局2023年度自评表</caption><tr><td>2</td></tr></table>").grids
    assert [cell.text for cell in below.before] == ["某局2023年度自评表"]
    assert (above.after, rows(below)) == ((), [["2"]])


def test_lines_around_the_table_are_kept() -> None:
    """Titles stand in `before`, remarks in `after`, the page's title and styles nowhere."""
    (grid,) = document(FORM.format(charset="utf-8")).grids
    assert [cell.text for cell in grid.before] == ["项目支出绩效自评表", "（2022年度）"]
    assert [cell.text for cell in grid.after] == ["注：无"]
    assert all(cell.locator.line for cell in (*grid.before, *grid.after))


@pytest.mark.parametrize(
    ("codec", "declared", "encoding"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("gb18030", "gb2312", "gb18030"),
        ("gb18030", "GBK", "gb18030"),
        ("gb18030", "utf-8", "gb18030"),
        ("gb18030", "x-unknown", "gb18030"),
        ("utf-8", "gb2312", "utf-8"),
        ("utf-8-sig", "gb2312", "utf-8"),
        ("utf-16", "utf-8", "utf-16-le"),
    ],
)
def test_the_encoding_is_found_and_recorded(codec: str, declared: str, encoding: str) -> None:
    """Mark, declaration and the bytes themselves decide, in that order of proof; a false declaration is harmless."""
    page = FORM.format(charset=declared).replace("水库", "囍䶮水库")
    found = document(page.encode(codec))
    assert found.source.encoding == encoding
    assert rows(found.grids[0])[0][1] == "囍䶮水库 维修 <一期>"
    lies = (codec.startswith("gb") and declared in ("utf-8", "x-unknown")) or (codec, declared) == ("utf-8", "gb2312")
    assert any("声明编码" in note for note in found.notes) == lies


def test_undecodable_bytes_are_said_and_their_cell_cannot_be_read() -> None:
    """Damage in one cell marks that cell, not the page."""
    found = document(b"<meta charset=gb2312><table><tr><td>\xff\xff\xff</td><td>" + "得分".encode("gb18030") + b"</td></tr></table>")
    bad, good = found.grids[0].cells
    assert bad.unread is not None
    assert (good.text, good.unread) == ("得分", None)
    assert any("乱码" in note for note in found.notes)


def test_short_gbk_text_that_happens_to_be_utf8_follows_the_declaration() -> None:
    """Two-byte words that are valid in both encodings are read as declared."""
    text, encoding, _ = decode(b"<meta charset=gbk>" + "联通".encode("gbk"))
    assert encoding == "gb18030"
    assert text.endswith("联通")


def test_a_layout_table_around_the_data_keeps_each_table_apart() -> None:
    """Each table is a grid; a cell's text leaves nested tables out; lines beside the nested table are its `before`."""
    page = """<table><tr><td>导航</td></tr><tr><td>项目支出绩效自评表<p>单位：万元</p>
      <table><tr><td>得分</td><td>10</td></tr></table>尾注</td></tr></table>"""
    outer, inner = document(page).grids
    assert rows(outer) == [["导航"], ["项目支出绩效自评表\n单位：万元\n尾注"]]
    assert rows(inner) == [["得分", "10"]]
    assert [cell.text for cell in inner.before] == ["导航", "项目支出绩效自评表", "单位：万元"]
    assert [cell.text for cell in inner.after] == ["尾注"]
    assert [cell.locator.table for cell in (*outer.cells, *inner.cells)] == [1, 1, 2, 2]


def test_cells_of_an_outer_data_table_do_not_leak_into_a_nested_one() -> None:
    """Only the cell that holds the nested table, and rows of one cell, count as standing around it."""
    page = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁<table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    assert [cell.text for cell in document(page).grids[1].before] == ["丁"]


def test_a_table_of_one_cell_is_text_of_the_cell_that_holds_it() -> None:
    """Editors of pages wrap each text in a table: the cells of the form have their texts, and there is one grid."""
    frame = "<table width=100%><tr><td><div>{}</div></td></tr></table>".format
    page = f"<table><tr><td>{frame('得分')}</td><td>自评{frame('<p>10</p>分')}</td></tr></table>"
    (grid,) = document(page).grids
    assert rows(grid) == [["得分", "自评\n10\n分"]]
    hidden = "<table><tr><td>得分<table style='display:none'><tr><td>旧</td></tr></table></td></tr></table>"
    assert rows(document(hidden).grids[0]) == [["得分"]]


def test_heads_and_feet_of_a_table_are_read_where_they_are_shown() -> None:
    """A foot written before the body is shown last, a heading written behind it first; cells that span rows end with their group."""
    page = """<table><tfoot><tr><td>总分</td><td>100</td></tr></tfoot><tbody><tr><td rowspan=9>产出</td><td>1</td></tr><tr><td>2</td></tr></tbody>
      <thead><tr><td>指标</td><td>分值</td></tr></thead></table>"""
    (grid,) = document(page).grids
    assert rows(grid) == [["指标", "分值"], ["产出", "1"], ["2"], ["总分", "100"]]
    assert [(cell.row, cell.rowspan) for cell in grid.cells if cell.text == "产出"] == [(1, 2)]
    assert [cell.column for cell in grid.cells if cell.text == "总分"] == [0]


def test_lines_between_two_tables_belong_to_both() -> None:
    """A remark under one form and the title of the next cannot be told apart here; both grids get both."""
    first, second = document("<table><tr><td>1</td></tr></table>注：甲<p>表二</p><table><tr><td>2</td></tr></table>").grids
    assert [cell.text for cell in first.after] == [cell.text for cell in second.before] == ["注：甲", "表二"]


def test_hidden_parts_are_left_out_and_said() -> None:
    """Hidden rows, cells and spans are no text; a table in a hidden block is marked hidden."""
    page = """<table><tr style="DISPLAY: none"><td>假</td></tr><tr><td hidden>假</td><td>真<span style="visibility:hidden">假</span></td></tr></table>
      <div style="display:none">提示<table><tr><td>页签</td></tr></table></div><p>尾</p>"""
    found = document(page)
    assert [rows(grid) for grid in found.grids] == [[["真"]], [["页签"]]]
    assert [grid.hidden for grid in found.grids] == [False, True]
    assert [cell.text for cell in found.grids[1].after] == ["尾"]
    assert any("隐藏" in note for note in found.notes)


def test_scripts_comments_and_templates_are_not_text() -> None:
    """Only what a browser shows is read."""
    page = "<table><tr><td><script>x='<td>9</td>'</script><!-- 8 --><style>a{}</style><template>7</template><noscript>6</noscript>5</td></tr></table>"
    assert texts(page) == [["5"]]


def test_form_controls_show_their_value() -> None:
    """Ticks, typed text and the chosen option are what the page shows."""
    page = """<table><tr><td><input type=checkbox checked>是<input type=checkbox>否</td><td><input value="98.5"></td>
      <td><textarea>原因</textarea></td><td><select><option>甲<option selected>乙</select></td><td><input type=hidden value=7></td></tr></table>"""
    assert texts(page) == [["☑是□否", "98.5", "原因", "乙", ""]]


def test_white_space_is_shown_as_browsers_show_it() -> None:
    """Source line ends between Han characters vanish, other white space is one space, invisible characters go."""
    page = "<table><tr><td>年度\n   指标值</td><td>at \n least\t10</td><td>\u200b9\ufeff5\u00ad%</td></tr></table>"
    assert texts(page) == [["年度指标值", "at least 10", "95%"]]


def test_an_image_alone_in_a_cell_cannot_be_read() -> None:
    """A cell that holds a picture and no text is not blank."""
    image, blank = document("<table><tr><td><img src=a.png></td><td></td></tr></table>").grids[0].cells
    assert image.unread is not None
    assert blank.unread is None


def test_overlapping_and_giant_spans_do_no_harm() -> None:
    """rowspan and colspan far beyond the table are cut to it; overlaps are said; 0 reaches to the end."""
    page = "<table><tr><td rowspan=1000000000>a</td><td>b</td></tr><tr><td rowspan=0 colspan=0>c</td></tr><tr><td>d</td></tr></table>"
    grid = document(page).grids[0]
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        ("a", 0, 0, 3, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 2, 1), ("d", 2, 2, 1, 1),
    ]  # fmt: skip
    found = document("<table><tr><td rowspan=2>a</td><td>b</td><td rowspan=2>c</td></tr><tr><td colspan=3>d</td></tr></table>")
    assert any("重叠" in note for note in found.notes)


def test_rowspans_end_with_their_group_of_rows() -> None:
    """A span too long ends with its thead or tbody, as browsers end it; 0 reaches to the end of the group."""
    page = "<table><thead><tr><td rowspan=9>a<td>b</thead><tbody><tr><td rowspan=0>c<td>d<tr><td>e</tbody><tr><td>f<td>g</table>"
    (grid,) = document(page).grids
    assert [(c.text, c.row, c.column, c.rowspan) for c in grid.cells] == [
        ("a", 0, 0, 1), ("b", 0, 1, 1), ("c", 1, 0, 2), ("d", 1, 1, 1), ("e", 2, 1, 1), ("f", 3, 0, 1), ("g", 3, 1, 1),
    ]  # fmt: skip


def test_missing_end_tags_and_cells_outside_tables_are_read() -> None:
    """Old pages leave out end tags; stray cells are text."""
    assert texts("<TABLE><TR><TD>甲<TD>乙<TR><TD>丙<TD>丁") == [["甲", "乙"], ["丙", "丁"]]
    assert "散" in rows(document("<td>散</td>").grids[0])[0][0]


def test_lines_with_tabs_or_strokes_give_a_ragged_grid() -> None:
    """A page without tables is cut at the marks its lines carry."""
    for page in ("<pre>项目名称\t水库\n得分\t9.5</pre>", "<p>项目名称 | 水库</p><p>得分 | 9.5</p>", "<div>项目名称\t水库</div><div>得分\t9.5</div>"):
        (grid,) = document(page).grids
        assert grid.ragged
        assert rows(grid) == [["项目名称", "水库"], ["得分", "9.5"]]


def test_symbols_of_wingdings_are_ticks_and_boxes() -> None:
    """A tick set in a symbol font is read as a tick."""
    page = '<table><tr><td><span style="font-family:\'Wingdings 2\'">R</span>是<font face="Wingdings">\u00a8</font>否</td><td>R</td></tr></table>'
    assert texts(page) == [["☑是□否", "R"]]


def test_rows_without_cells_are_rows() -> None:
    """A cell that spans three rows reaches over an empty one, as browsers show it."""
    (grid,) = document("<table><tr><td rowspan=3>甲<td>1<tr></tr><tr><td>2<tr><td>乙<td>3</table>").grids
    assert [(c.text, c.row, c.column) for c in grid.cells] == [("甲", 0, 0), ("1", 0, 1), ("2", 2, 1), ("乙", 3, 0), ("3", 3, 1)]


HOSTILE = {
    "a million columns": "<table><tr>" + "<td>x" * 1_000_000,
    "a hundred thousand nested divs": "<div>" * 100_000 + "x",
    "a hundred thousand nested tables": "<table><tr><td>" * 100_000 + "x",
    "unclosed formatting over many paragraphs": "<p>" + "".join(f"<font size={n}>" for n in range(5_000)) + "</p>" + "<p>x</p>" * 5_000,
    "a tag with a million attributes": "<table " + " ".join(f"a{n}=1" for n in range(1_000_000)) + "><tr><td>x",
    "many tables": "<table><tr><td>x</table>" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_refused_at_once(name: str) -> None:
    """Markup that costs more than its size is refused with its reason before it costs it."""
    with at_most(60), pytest.raises(ReadError, match="@ form"):
        document(HOSTILE[name])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3_000_000


def test_limits_are_options() -> None:
    """Each bound can be set, and one more than the bound is refused."""
    page = "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    assert document(page, replace(DEFAULT, max_rows=2, max_columns=2, max_cells=4, max_grids=1)).grids
    for limits in ({"max_rows": 1}, {"max_columns": 1}, {"max_cells": 3}, {"max_grids": 0}):
        with pytest.raises(ReadError):
            document(page, replace(DEFAULT, **limits))


MARKS = ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=3>", "<td colspan=2>", "<th rowspan=0>", "<p>", "</p>", "<br>",
         "<div style='display:none'>", "</div>", "<b>", "</b>", "<pre>", "</pre>", "<select>", "<option>", "<input checked type=checkbox>",
         "文字", "1.0", "\t", "|", "&nbsp;", "&#0;", "&#xD800;", "<!--", "-->", "<script>", "</script>", "<svg>", "<template>", "<a href=x>", "\x00"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=60))
def test_any_markup_gives_cells_that_do_not_overlap_unless_said(marks: list[str]) -> None:
    """Whatever the markup, cells lie within the table, apart from each other, or a note says otherwise."""
    found = document("".join(marks))
    for grid in found.grids:
        taken: set[tuple[int, int]] = set()
        overlap = False
        for cell in grid.cells:
            area = {(cell.row + r, cell.column + c) for r in range(cell.rowspan) for c in range(cell.colspan)}
            overlap = overlap or bool(taken & area)
            taken |= area
        assert not overlap or any("重叠" in note for note in found.notes)


PIECES = [
    "<tr>", "</tr>", "<td>", "<td colspan=2>", '<th rowspan=" 2" title="</td><td rowspan=3>">', "</td>", "<p>", "</p>", "<p class=a hidden>", "<br>", "<b>", "</b>", "<s>旧</s>", "<span title='<'>",
    "数量", " 分 值\n", "&nbsp;&lt;5&amp;", "<!-- -->", "<img>", "<table><tr><td>", "</table>", "<input value=7>", '<font face="Wingdings">', "</font>", "\n", "<div style='display:none'>", "<o:p>", "<pre>", "<ul><li>", "\u200b", "\ufffd", "<tbody>",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_rows_read_from_their_markup_are_as_their_nodes_say(pieces: list[str], styled: bool) -> None:
    """The short way over the markup of a row gives the same document as the walk over its nodes."""
    page = f"<table><tr><td>{''.join(pieces)}</table>" + ("<style>.a{display:none} .b{font:wingdings}</style>" if styled else "")
    short = document(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.readers.html.WRITTEN", -1)
        assert document(page) == short


def test_broken_pages_end_in_a_document_or_a_reason() -> None:
    """3,000 damaged pages: a document or a ReadError, never anything else."""
    whole = FORM.format(charset="gb2312").encode("gb18030")
    marks = [mark.encode("gb18030", "replace") for mark in MARKS]
    chance = random.Random(20240418)
    with at_most(600):
        for _ in range(3_000):
            data = damaged(whole, chance, 8, 40, marks)
            try:
                found = document(data)
            except ReadError:
                continue
            assert found.grids

"""Plain tables read from the source of a page: the same document as when the whole page goes through the parser of browsers."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.model import Document, Source
from checker.readers import html
from checker.readers.html_table import cut

SOURCE = Source("f.html", "", "html")
PLAIN = '<table class="t"><tbody><tr><th colspan="2">指标</th></tr><tr><td><p><span>数量</span></p></td><td rowspan=\'2\'>甲<br/>乙&nbsp;</td></tr>\n</tbody></table>'


def cells(document: Document) -> list[list[tuple[int, int, str, int, int]]]:
    """Return row, column, text and spans of every cell, table by table."""
    return [[(cell.row, cell.column, cell.text, cell.rowspan, cell.colspan) for cell in grid.cells] for grid in document.grids]


def both(page: str) -> tuple[Document, Document]:
    """Return the page as read, and as read when nothing is cut out of it and every node of the tree is visited."""
    data = page.encode()
    with mock.patch.object(html, "cut", lambda page, special=None: (page, [])), mock.patch.object(html, "_plain_row", lambda row, walk: False):
        whole = html.read(data, SOURCE)
    return html.read(data, SOURCE), whole


def test_a_plain_table_is_cut_out_and_read_from_the_source() -> None:
    """Cells, spans, line breaks and references as a browser shows them; only a mark is left for the parser."""
    page, tables = cut(f"<div>前{PLAIN}后</div>")
    assert page == '<div>前<table class="t" data-cut="0"></table>后</div>'
    assert tables == [[[(1, 2, ("指标",))], [(1, 1, ("数量",)), (2, 1, ("甲", "乙"))]]]
    read, whole = both(f"<div>前{PLAIN}后</div>")
    assert read == whole and cells(read) == [[(0, 0, "指标", 1, 2), (1, 0, "数量", 1, 1), (1, 1, "甲\n乙", 1, 1)]]


@pytest.mark.parametrize(
    "page",
    [
        "<script>var a = '{}';</script>", "<!-- {} -->", "<textarea>{}</textarea>", "<title>{}</title>", '<p title="{}">x</p>', "<template>{}</template>", "<select>{}</select>",
        "<div hidden>{}</div>", "<div style='display: none'>{}</div>", "<table><tr>{}</tr></table>", "<table><tr><td>{}</td></tr></table>", "<s>{}</s>", "<font face=wingdings>{}</font>",
        "<table DATA-CUT=\"0\"></table>{}", "{}<table data-cut='1'></table>", "<svg>{}</svg>", "<b><p>{}</b></p>", "<style>{}</style>{}", "<iframe>{}</iframe>{}",
    ],
)  # fmt: skip
def test_where_a_table_stands_does_not_matter(page: str) -> None:
    """In a script, a comment, a hidden part, another table: it is read, or not, as when the page is parsed whole."""
    read, whole = both(page.replace("{}", PLAIN.replace('"', "'") if "title=" in page else PLAIN))
    assert read == whole


@pytest.mark.parametrize(
    "content",
    [
        "<td>甲</td></tr>", "</tr></tr><tr><td>甲</td>", "<td><ul><li>甲<li>乙</li></ul></td>", "<td>甲</th>", "<th>甲</td>", '<td data-x="<th>">甲</th>', '<th title="</th>">甲</th>', "<td>甲","<td>甲</td>乙", "<td>甲</td>\xa0", "<td>甲</td><!-- 乙 -->", "<td>甲</div>乙</td>", "<td><p>甲<p>乙</td>", "<td><p>甲<div>乙</div>丙</p>丁</td>", "<td>a < b</td>",
        "<td>&copy;</td>", "<td>&#1;</td>", "<td>甲<s>乙</s></td>", "<td><input value=3></td>", "<td><img></td>", "<td\xa0colspan=2>甲</td>", "<td hidden>甲</td>", "<td/>甲</td>", "<td>甲<td>乙</td>",
        "<td><h1>甲<h2>乙</h2></h1>丙</td>", '<td rowspan="&#50;">甲</td>',
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(content: str) -> None:
    """Tags that end nothing, are not closed or not known, references not known: nothing is cut out."""
    page = f"<table><tr>{content}</tr></table>"
    assert cut(page, html.SPECIAL) == (page, [])
    read, whole = both(page)
    assert read == whole


@pytest.mark.parametrize("content", ["<td><ul><li>甲</li><li>乙</li></ul></td>", "<td><div><p>甲</p>乙</div></td>", "<th>甲</th><td>乙<br></td>", "<td>甲&nbsp;<b>乙</b></td>"])
def test_rows_of_a_tree_are_read_by_the_same_rules(content: str) -> None:
    """A row that is plain is read alike from the source, from what the parser writes of it and node by node."""
    page = f"<table><tr>{content}</tr></table>"
    assert len(cut(page)[1]) == 1
    with mock.patch.object(html, "cut", lambda page, special=None: (page, [])):
        written = html.read(page.encode(), SOURCE)
    assert (written, written) == both(page)


def test_tags_in_capitals_are_the_same() -> None:
    """Older editors write tags in capitals; what stands around the table stays as it is."""
    capitals = re.sub("<[^>]*>", lambda tag: tag[0].replace("table", "TABLE").replace("td", "TD").replace("tr", "Tr").replace("span>", "SPAN>"), PLAIN)
    page = f"<TEXTAREA><B></TEXTAREA>{capitals}"
    assert cut(page)[1] == cut(PLAIN)[1] and cut(page)[0] == '<TEXTAREA><B></TEXTAREA><TABLE class="t" data-cut="0"></table>'
    read, whole = both(page)
    assert read == whole and cells(read) == cells(both(PLAIN)[0])


def test_the_first_of_two_attributes_counts_in_any_case() -> None:
    """Browsers keep the first attribute of a name, whatever the case of its letters."""
    read, whole = both("<table><tr><td COLSPAN=2 colspan='3'>甲</td></tr><tr><td ROWSPAN=2>乙</td><td>丙</td></tr><tr><td>丁</td></tr></table>")
    assert read == whole and cells(read)[0][:2] == [(0, 0, "甲", 1, 2), (1, 0, "乙", 2, 1)]


BITS = st.sampled_from(["甲", "乙 丙", "&nbsp;", "&lt;x", "\n", "\r\n", "\xa0", "x\r\ny", "甲\n乙", ">", "\x0b", "<br>", "<br />", "</br>", "&copy", "<", "</p>", "<!-- -->"])
TAGS = st.sampled_from(["span", "SPAN", "Div", "b", "font", "a", "p", "div", "center", "h1", "ul", "li", "s"])
ATTRIBUTES = st.sampled_from(["", "", ' class="a"', " colspan=2", ' rowspan="0"', " ROWSPAN=3", " width=50%", "\ncolspan='2'", ' title=">"', "\u3000", " colspan = 3"])
CONTENT = st.recursive(BITS, lambda inner: st.builds(lambda tag, more, parts, end: f"<{tag}{more}>{''.join(parts)}{f'</{tag}>' * end}", TAGS, ATTRIBUTES, st.lists(inner, max_size=3), st.sampled_from([1] * 9 + [0])), max_leaves=5)
GAPS = st.sampled_from(["", " ", "\n", "\r\n", "\t", "\x0c", "\xa0", "x"])
CELLS = st.builds(lambda kind, more, parts, gap: f"<{kind}{more}>{''.join(parts)}</{kind}>{gap}", st.sampled_from(["td", "td", "th", "TD"]), ATTRIBUTES, st.lists(CONTENT, max_size=3), GAPS)
ROWS = st.builds(lambda more, parts, gap: f"<tr{more}>{''.join(parts)}</tr>{gap}", ATTRIBUTES, st.lists(CELLS, max_size=4), GAPS)
TABLES = st.builds(
    lambda more, head, rows, foot: f"<table{more}>{head}{''.join(rows)}{foot}</table>",
    ATTRIBUTES, st.sampled_from(["", "<tbody>", "<colgroup><col width=3></colgroup>", "<col/>\n", "<caption>说明</caption>", "<thead>"]), st.lists(ROWS, max_size=4), st.sampled_from(["", "</tbody>", "\n"]),
)  # fmt: skip
AROUND = st.sampled_from([("", ""), ("<div>文字", "</div>"), ("<p>", "</p>"), ("<table><tr><td>", "</td></tr></table>"), ("<!--", "-->"), ("<table><tr>", "</table>"), ("<b>", ""), ("<ul><li>", "</ul>")])


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(AROUND, TABLES), min_size=1, max_size=3))
def test_the_document_is_the_same_either_way(parts: list[tuple[tuple[str, str], str]]) -> None:
    """Any page of tables, sound or not: cells, lines around the tables and notes do not depend on what is cut out."""
    read, whole = both("".join(f"{before}{table}{after}" for (before, after), table in parts))
    assert read == whole

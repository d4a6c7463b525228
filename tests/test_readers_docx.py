"""Word documents become grids: merged and nested cells, tracked changes, symbols, hostile containers."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile

import pytest
from broken_files import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from yardstick import at_most

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.docx import read
from checker.readers.limits import DEFAULT, Limits

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def package(body: str, *, space: str = W, name: str = "word/document.xml", prolog: str = "") -> bytes:
    """A .docx with this body."""
    root = f'<w:document xmlns:w="{space}" xmlns:w14="{W14}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="urn:r"><Relationship Type="http://x/officeDocument" Target="/{name}"/></Relationships>',
        )
        archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{prolog}{root}')
    return stream.getvalue()


def p(*runs: str) -> str:
    """A paragraph; a run is text, or markup when it begins with <."""
    return "<w:p>" + "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def tc(content: str, properties: str = "") -> str:
    body = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cell if cell.startswith(('<w:tc', '<w:sdt')) else tc(cell) for cell in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(rows) + "</w:tbl>"


SPAN = '<w:gridSpan w:val="{}"/>'.format
RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def document(body: str | bytes, limits: Limits = DEFAULT) -> Document:
    data = body if isinstance(body, bytes) else package(body)
    return read(data, Source("form.docx", hashlib.sha256(data).hexdigest(), "docx", len(data)), limits)


def only(body: str) -> str:
    """The text of the single cell of a table with this content."""
    (cell,) = document(tbl(tr(tc(body)))).grids[0].cells
    return cell.text


def shape(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells]


def test_merged_cells_have_their_spans() -> None:
    """gridSpan, vMerge and gridBefore give grid positions; a merged cell appears once."""
    grid = document(
        tbl(
            tr(tc("项目名称", SPAN(2)), "水库维修"),
            tr(tc("产出指标", RESTART), "数量指标", "10"),
            tr(tc("不可见", CONTINUE), "质量指标", "100%"),
            tr("末", properties='<w:gridBefore w:val="2"/>'),
        )
    ).grids[0]
    assert shape(grid) == [
        ("项目名称", 0, 0, 1, 2), ("水库维修", 0, 2, 1, 1), ("产出指标", 1, 0, 2, 1), ("数量指标", 1, 1, 1, 1),
        ("10", 1, 2, 1, 1), ("质量指标", 2, 1, 1, 1), ("100%", 2, 2, 1, 1), ("末", 3, 2, 1, 1),
    ]  # fmt: skip
    place = grid.cells[5].locator
    assert (place.file, place.table, place.line, place.column, place.page) == ("form.docx", 1, 3, 2, None)


def test_a_merge_that_continues_nothing_is_a_cell_of_its_own() -> None:
    """A continuation without a start above it, or after a gap, keeps its own text."""
    grid = document(tbl(tr(tc("a", CONTINUE), "b"), tr("c", "d"), tr(tc("e", CONTINUE), "f"))).grids[0]
    assert [cell.text for cell in grid.cells] == ["a", "b", "c", "d", "e", "f"]


def test_lines_breaks_tabs_and_special_characters() -> None:
    """Paragraphs and breaks part lines; hyphens and tabs are characters; field codes are no text."""
    assert only(p("一、") + p("二<w:br/>".replace("<w:br/>", ""), "<w:r><w:br/><w:t>三</w:t></w:r>")) == "一、\n二\n三"
    assert only(p("甲", "<w:r><w:tab/></w:r>", "乙", "<w:r><w:noBreakHyphen/></w:r>", "丙")) == "甲 乙-丙"
    assert only(p("<w:r><w:instrText>PAGE</w:instrText></w:r>", "<w:fldSimple><w:r><w:t>3</w:t></w:r></w:fldSimple>")) == "3"
    assert only(p("<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>", "<w:smartTag><w:r><w:t>接</w:t></w:r></w:smartTag>")) == "链接"


def test_content_controls_are_looked_into() -> None:
    """Controls around cells, rows, paragraphs and runs hide nothing."""
    inner = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    assert only(inner(p("甲"))) == "甲"
    assert only(p(inner("<w:r><w:t>乙</w:t></w:r>"))) == "乙"
    grid = document(inner(tbl(inner(tr(inner(tc("丙")), "丁"))))).grids[0]
    assert [cell.text for cell in grid.cells] == ["丙", "丁"]


def test_tracked_changes_read_as_accepted_and_are_said() -> None:
    """Insertions stay, deletions and moved-away text go; a deleted row goes whole."""
    found = document(
        tbl(
            tr(tc(p("<w:ins><w:r><w:t>9.8</w:t></w:r></w:ins>", "<w:del><w:r><w:delText>10</w:delText></w:r></w:del>")), "a"),
            tr("旧", "旧", properties="<w:del/>"),
            tr(tc(p("<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>", "<w:moveTo><w:r><w:t>到</w:t></w:r></w:moveTo>")), "b"),
        )
    )
    assert [cell.text for cell in found.grids[0].cells] == ["9.8", "a", "到", "b"]
    assert any("修订" in note for note in found.notes)
    assert document(tbl(tr("a"))).notes == ()


def test_hidden_text_and_rows_are_left_out_and_said() -> None:
    """What the document does not show is not read."""
    found = document(tbl(tr(tc(p("显", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"))), tr("隐", properties="<w:hidden/>")))
    assert [cell.text for cell in found.grids[0].cells] == ["显"]
    assert any("隐藏" in note for note in found.notes)
    assert only(p('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>')) == "显"


@pytest.mark.parametrize("mark", ["strike", "dstrike"])
def test_struck_out_text_is_left_out_and_said(mark: str) -> None:
    """89% struck out beside 93% is no part of the value."""
    found = document(tbl(tr(tc(p(f"<w:r><w:rPr><w:{mark}/></w:rPr><w:t>89%</w:t></w:r>", "93%")))))
    assert [cell.text for cell in found.grids[0].cells] == ["93%"]
    assert found.notes == ("有 1 处删除线划去的文字未读",)
    assert only(p(f'<w:r><w:rPr><w:{mark} w:val="false"/></w:rPr><w:t>89%</w:t></w:r>')) == "89%"


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="0052"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "≥"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r>', "☑"),
        ('<w:r><w:rPr><w:rFonts w:ascii="宋体"/></w:rPr><w:t>R</w:t></w:r>', "R"),
        ("<w:r><w:t>\uf0fe</w:t></w:r>", "☑"),
        ('<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>', "☑"),
        ('<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar></w:r>', "□"),
        ('<w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData></w:fldChar></w:r>', "乙"),
        ('<mc:AlternateContent><mc:Choice><w:r><w:t>新</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback></mc:AlternateContent>', "新"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>jī</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>绩</w:t></w:r></w:rubyBase></w:ruby></w:r>", "绩"),
    ],
)  # fmt: skip
def test_symbols_and_fields_read_as_they_show(run: str, shown: str) -> None:
    """Ticks, boxes, operators and form fields come out as the characters on the page."""
    assert only(p(run)) == shown


def test_an_unknown_symbol_or_a_picture_cannot_be_read() -> None:
    """A cell with a symbol of unknown meaning, or with a picture only, is not passed off as read."""
    cells = document(tbl(tr(tc(p('<w:r><w:sym w:font="Wingdings 3" w:char="F0AB"/></w:r>')), tc(p("<w:r><w:drawing/></w:r>")), ""))).grids[0].cells
    assert [cell.unread is not None for cell in cells] == [True, True, False]


def test_nested_tables_are_grids_of_their_own() -> None:
    """The outer cell keeps its own text only; the inner table knows the lines beside it."""
    outer, inner = document(tbl(tr("甲", tc(p("前") + tbl(tr("1", "2")) + p("后"))))).grids
    assert [cell.text for cell in outer.cells] == ["甲", "前\n后"]
    assert [cell.text for cell in inner.cells] == ["1", "2"]
    assert ([cell.text for cell in inner.before], [cell.text for cell in inner.after]) == (["前"], ["后"])
    assert inner.cells[0].locator.table == 2


def test_lines_around_tables_and_neighbours() -> None:
    """Titles stand before their table; a table that follows another directly has no line before it."""
    first, second, third = document(p("标题") + p(" ") + tbl(tr("1")) + p() + tbl(tr("2")) + p("注：") + tbl(tr("3")) + p("尾")).grids
    assert [cell.text for cell in first.before] == ["标题"]
    assert first.after == second.before == ()
    assert [cell.text for cell in second.after] == [cell.text for cell in third.before] == ["注："]
    assert [cell.text for cell in third.after] == ["尾"]
    assert [cell.locator.line for cell in (*first.before, *third.before, *third.after)] == [1, 4, 5]


def test_text_without_tables_is_a_ragged_grid() -> None:
    """Paragraphs with tabs are rows of cells whose columns cannot be trusted."""
    (grid,) = document(p("项目名称", "<w:r><w:tab/></w:r>", "水库") + p("得分", "<w:r><w:tab/></w:r>", "9")).grids
    assert grid.ragged
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells] == [(0, 0, "项目名称"), (0, 1, "水库"), (1, 0, "得分"), (1, 1, "9")]


def test_strict_documents_and_other_part_names_are_read() -> None:
    """The other namespace of the standard and another name of the main part make no difference."""
    body = tbl(tr(tc("a", SPAN(2))))
    for data in (package(body, space=STRICT), package(body, name="word/document2.xml")):
        assert shape(document(data).grids[0]) == [("a", 0, 0, 1, 2)]


def test_containers_that_are_no_document_are_refused() -> None:
    """Not a zip, no main part, broken XML, entities, a bomb: each with its reason."""
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    for data, words in (
        (b"no zip at all", "损坏"),
        (empty.getvalue(), "缺少正文"),
        (package("<w:p>"), "XML 已损坏"),
        (package(p("x"), prolog=bomb), "DOCTYPE"),
        (package("<w:tbl>" * 400), "XML 已损坏"),
        (package("<w:sdt>" * 200_000 + "</w:sdt>" * 200_000), "XML 已损坏|压缩比"),
        (package(p("0" * 40_000_000)), "压缩比"),
    ):
        with pytest.raises(ReadError, match=words):
            document(data)


def test_floods_are_refused() -> None:
    """A million columns, giant spans, too many cells, rows, tables or levels are refused; limits are options."""
    for body in (
        tbl(tr(*["x"] * 1_001)),
        tbl(tr(tc("x", SPAN(999_999_999)))),
        tbl(tr("x", properties='<w:gridBefore w:val="999999"/>')),
    ):
        with pytest.raises(ReadError, match="列数"):
            document(body)
    nested = tbl(tr(tc(tbl(tr(tc(tbl(tr("x"))))))))
    for body, limits in (
        (tbl(tr("1"), tr("2")), {"max_rows": 1}),
        (tbl(tr("1", "2")), {"max_cells": 1}),
        (tbl(tr("1")) + tbl(tr("2")), {"max_grids": 1}),
        (nested, {"max_nesting": 2}),
    ):
        assert document(body).grids
        with pytest.raises(ReadError):
            document(body, replace(DEFAULT, **limits))
    (cell,) = document(tbl(tr("字" * 500)), replace(DEFAULT, max_cell_text=100)).grids[0].cells
    assert (len(cell.text), cell.unread is not None) == (100, True)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_merging_keeps_cells_apart(data: st.DataObject) -> None:
    """Whatever the spans, cells never overlap and every visible text is in one of them."""
    count = 0
    lines = []
    for _ in range(data.draw(st.integers(1, 6))):
        cells = []
        for _ in range(data.draw(st.integers(1, 5))):
            count += 1
            merge = data.draw(st.sampled_from(["", "", RESTART, CONTINUE]))
            cells.append(tc(f"c{count}", SPAN(data.draw(st.integers(1, 3))) + merge))
        lines.append(tr(*cells))
    grid = document(tbl(*lines)).grids[0]
    seen: set[tuple[int, int]] = set()
    for cell in grid.cells:
        # A continuation of another width is a cell of its own.
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                assert (row, column) not in seen
                seen.add((row, column))
    assert sum(cell.rowspan for cell in grid.cells) == count


def test_broken_documents_end_in_a_document_or_a_reason() -> None:
    """3,000 damaged files, in the zip and in the XML: a document or a ReadError, never anything else."""
    body = p("标题") + tbl(tr(tc("甲", SPAN(2)), "乙"), tr(tc("丙", RESTART), "丁"), tr(tc("", CONTINUE), tc(tbl(tr("戊")))))
    whole = package(body)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        xml = archive.read("word/document.xml")
    chance = random.Random(20240418)
    with at_most(600):
        for turn in range(3_000):
            data = damaged(whole if turn % 2 else xml, chance, 6)
            if not turn % 2:
                stream = io.BytesIO()
                with zipfile.ZipFile(stream, "w") as archive:
                    archive.writestr("word/document.xml", data)
                data = stream.getvalue()
            try:
                document(data)
            except ReadError as fault:
                assert "form.docx" in str(fault) and "\n" not in str(fault)


def test_tables_in_text_boxes_are_read_once() -> None:
    """A form drawn in a text box is a table like any other; the copy for older programs is no second one."""
    inner = p("自评表") + tbl(tr("项目名称", "水库维修"))
    box = f"<w:txbxContent>{inner}</w:txbxContent>"
    both = f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>'
    for anchor in (both, f"<w:pict>{box}</w:pict>"):
        (grid,) = document(p("附件", f"<w:r>{anchor}</w:r>")).grids
        assert [cell.text for cell in grid.cells] == ["项目名称", "水库维修"]
        assert [cell.text for cell in grid.before] == ["附件", "自评表"]


def test_what_an_empty_content_control_shows_is_no_text() -> None:
    """单击此处输入文字 stands in a control that nobody filled in: the cell is blank. A filled one is read, whatever its marks say."""
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    shown = "<w:showingPlcHdr/>"
    assert only(p(control(shown, "<w:r><w:t>单击此处输入文字。</w:t></w:r>"))) == ""
    assert only(p(control(shown, '<w:r><w:rPr><w:rStyle w:val="a3"/></w:rPr><w:t>［单位］</w:t></w:r>'))) == ""
    assert only(p(control(shown, "<w:r><w:t>维修延期</w:t></w:r>"))) == "维修延期"
    assert only(p(control("", "<w:r><w:t>单击此处输入文字。</w:t></w:r>"))) == "单击此处输入文字。"
    row = tr(tc("得分"), control(shown, tc("选择一项。")), tc("10"))
    assert [cell.text for cell in document(tbl(row)).grids[0].cells] == ["得分", "", "10"]


def test_tabs_before_the_text_leave_columns_blank() -> None:
    """Where tabs stand for columns a line that begins with a tab has a blank first cell, and its figures stay below their titles."""
    lines = ["资金\t年初预算数\t执行数", "\t\t118.2", "总额\t120\t118"]
    (grid,) = document("".join(p(*_tabbed(line)) for line in lines)).grids
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells if cell.text][3:] == [
        (1, 2, "118.2"),
        (2, 0, "总额"),
        (2, 1, "120"),
        (2, 2, "118"),
    ]


def _tabbed(line: str) -> list[str]:
    runs: list[str] = []
    for at, part in enumerate(line.split("\t")):
        runs += ["<w:r><w:tab/></w:r>"] * (at > 0) + [part] * bool(part)
    return runs

"""The marked copy of a workbook: tints, comments and a legend are added, nothing else changes."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from marked_files import (
    FORMS,
    SAMPLES,
    at_cells,
    converted,
    finding,
    from_places,
    located,
    members,
    packed,
    pdf_text,
    result,
)
from results_factory import HOSTILE
from spreadsheet_files import HEAD, MAIN, OFFICE, RELATIONS, xlsx_parts

from checker import api, readers
from checker.errors import CheckerError, ReadError, UsageError
from checker.marked import mark, notes
from checker.marked.words import INKS, TINTS, WORDS
from checker.model import Form, Locator, Outcome, Place, Severity, Source
from checker.readers import xlsx
from checker.readers.legend import LEGENDS

REAL = sorted((FORMS / "xlsx").glob("*.xlsx")) + sorted(SAMPLES.glob("*.xlsx"))
NS = {"m": MAIN}


def forms_in(path: Path) -> tuple[Form, ...]:
    return api.read([path]).forms


def grids(data: bytes) -> list[object]:
    """All cells as our own reader shows them, legends left out."""
    document = next(readers.read_bytes(data, "f.xlsx"))
    return [(grid.name, grid.hidden, grid.cells) for grid in document.grids]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def shown(cell: object) -> str:
    return repr([getattr(cell, name) for name in ("value", "number_format", "font", "border", "alignment", "protection")])


def small(rows: str = '<row r="1"><c r="A1" t="inlineStr"><is><t>得分</t></is></c></row>', tail: str = "", **more: object) -> bytes:
    return packed(xlsx_parts({"表": f"<sheetData>{rows}</sheetData>{tail}"}, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_forms_keep_everything(path: Path) -> None:
    """Our reader shows the same grids, untouched parts keep their bytes, and every finding's cell has a comment and its tint."""
    source = path.read_bytes()
    results = [from_places(form) for form in forms_in(path)]
    marked = mark(source, "xlsx", results)
    assert grids(marked) == grids(source)
    before, after = members(source), members(marked)
    touched = {"[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"}
    for name, content in before.items():
        if name not in touched and not name.startswith("xl/worksheets/"):
            assert after[name] == content, name
    assert list(after)[: len(before)] == list(before), "the order of parts"
    was, now = opened(source), opened(marked)
    assert now.sheetnames == [*was.sheetnames, "审核标记"]
    for found in (item for one in results for item in one.findings):
        at = found.locations[0].locator
        if at.cell is None:
            continue
        cell = now[str(at.sheet)][at.cell]
        assert found.rule in cell.comment.text and found.message in cell.comment.text and str(found.advice) in cell.comment.text
        assert cell.fill.fgColor.rgb[2:] in TINTS.values()
        old = was[str(at.sheet)][at.cell]
        assert shown(cell) == shown(old)


@pytest.mark.parametrize("path", REAL[::4], ids=lambda p: p.stem)
def test_touched_parts_change_only_by_additions(path: Path) -> None:
    """Without the added blank cells, the tie to the comments and the style numbers, a sheet is what it was; styles only grow."""
    source = path.read_bytes()
    marked = mark(source, "xlsx", [from_places(form) for form in forms_in(path)])
    before, after = members(source), members(marked)
    for name in before:
        if not name.startswith("xl/worksheets/sheet"):
            continue
        old, new = etree.fromstring(before[name]), etree.fromstring(after[name])
        known = {cell.get("r") for cell in old.iter(f"{{{MAIN}}}c")}
        for cell in list(new.iter(f"{{{MAIN}}}c")):
            if cell.get("r") not in known:
                assert len(cell) == 0 and not cell.text
                cell.getparent().remove(cell)
        for tie in new.findall("m:legacyDrawing", NS):
            new.remove(tie)
        for root in (old, new):
            for cell in root.iter(f"{{{MAIN}}}c"):
                cell.attrib.pop("s", None)
        assert etree.tostring(new, method="c14n") == etree.tostring(old, method="c14n"), name
    old, new = etree.fromstring(before["xl/styles.xml"]), etree.fromstring(after["xl/styles.xml"])
    for kind in ("fonts", "fills", "cellXfs"):
        was, now = old.find(f"m:{kind}", NS), new.find(f"m:{kind}", NS)
        assert [etree.tostring(item) for item in now][: len(was)] == [etree.tostring(item) for item in was]
        assert int(now.get("count")) == len(now)


def test_checking_the_marked_copy_again_finds_the_same(tmp_path: Path) -> None:
    """The legend is not read as a form and a note says so; findings, places and verdicts are those of the source."""
    ruleset = api.load_rules()
    for path in REAL[::6]:
        reading = api.read([path])
        first = api.check(reading, rules=ruleset, as_of=date(2026, 1, 1))
        for lang in ("zh", "en"):
            copy = tmp_path / path.name
            copy.write_bytes(mark(path.read_bytes(), "xlsx", first.forms, lang))
            again = api.read([copy])
            assert any("审核标记图例" in note for note in again.notes)
            second = api.check(again, rules=ruleset, as_of=date(2026, 1, 1))
            told = [
                [(one.verdict, [(f.fingerprint, f.rule, f.message, f.kind, [(at.role, at.field, at.locator.cell) for at in f.locations]) for f in one.findings]) for one in run.forms]
                for run in (first, second)
            ]
            assert told[0] == told[1] and told[0], path.name


def test_the_same_input_gives_the_same_bytes() -> None:
    """Nothing of the clock or the machine goes into a marked copy: parts keep their times, new ones have a fixed one."""
    source, results = REAL[0].read_bytes(), [from_places(form) for form in forms_in(REAL[0])]
    marked = mark(source, "xlsx", results)
    assert marked == mark(source, "xlsx", results)
    before, after = ({entry.filename: entry.date_time for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()} for data in (source, marked))
    assert {name: after[name] for name in before} == before
    assert {after[name] for name in after if name not in before} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(text: str) -> None:
    """A message of markup, formulas or control characters is an inline string in the legend and text in the comment."""
    marked = mark(small(), "xlsx", [result([finding(at_cells("表", "A1"), message=text, title=text, advice=text, rule=text[:9])])])
    for name, content in members(marked).items():
        if name.endswith((".xml", ".rels", ".vml")):
            etree.fromstring(content)
    book = opened(marked)
    legend = book["审核标记"]
    assert all(cell.data_type in ("s", "n", "inlineStr") for row in legend.iter_rows() for cell in row)
    assert not any(row.find("m:f", NS) is not None for row in etree.fromstring(members(marked)["xl/worksheets/sheet2.xml"]).iter(f"{{{MAIN}}}c"))
    said = book["表"]["A1"].comment.text
    assert "\x1b" not in said and "\u202e" not in said
    if text.startswith("="):
        assert text in said and any(str(cell.value).count(text) for row in legend.iter_rows() for cell in row)
    if "\x1b" in text:
        assert "␛" in said


def test_a_message_of_100_000_characters_is_shortened() -> None:
    """A comment stays below what a program can hold, and says how much was left out."""
    many = [finding(at_cells("表", "A1"), message="长" * 100_000 + str(n), rule=f"TST-{n:03}") for n in range(40)]
    book = opened(mark(small(), "xlsx", [result(many)]))
    said = book["表"]["A1"].comment.text
    assert len(said) < 32_000 and "(+98,80" in said and "另有" in said
    assert max(len(str(cell.value or "")) for row in book["审核标记"].iter_rows() for cell in row) < 32_767


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_x0041_", "a_x000A_b", "__x0041_"])
def test_an_escape_that_looks_like_a_character_is_shown_as_written(text: str) -> None:
    """`_x0041_` in a message is not turned into A by a program that follows the standard."""
    marked = mark(small(), "xlsx", [result([finding(at_cells("表", "A1"), message=text)])])
    legend = xlsx.read(marked, Source("f.xlsx", "", "xlsx")).grids[-1]
    assert any(text in cell.text.split("\n") for cell in legend.cells)
    assert text.replace("_x", "_x005F_x") in members(marked)["xl/comments1.xml"].decode()


def test_several_findings_on_one_cell_share_the_strongest_colour_and_one_comment() -> None:
    """An error on a cell outweighs a note; both are in the one comment."""
    found = [
        finding(at_cells("表", "A1"), rule="NOT-001", severity=Severity.NOTE),
        finding(at_cells("表", "A1"), rule="ERR-001", severity=Severity.ERROR),
        finding(at_cells("表", "A1"), rule="OPN-001", kind=Outcome.OPEN),
    ]
    cell = opened(mark(small(), "xlsx", [result(found)]))["表"]["A1"]
    assert cell.fill.fgColor.rgb == "FF" + TINTS["error"]
    assert all(one.rule in cell.comment.text for one in found)


def test_an_accepted_finding_is_said_to_be_accepted_and_has_no_tint() -> None:
    """A waived finding keeps its comment, with who accepted it and why."""
    waived = finding(at_cells("表", "A1"), waiver={"reason": "历史原因", "approved_by": "审核科", "until": "2027-01-01"})
    cell = opened(mark(small(), "xlsx", [result([waived])]))["表"]["A1"]
    assert cell.fill.fill_type is None
    assert "已豁免" in cell.comment.text and "历史原因" in cell.comment.text


def test_a_finding_without_a_cell_stands_in_the_legend_only() -> None:
    """A finding on the form itself is listed, and the sheet is left as it was."""
    source = small()
    marked = mark(source, "xlsx", [result([finding([], rule="FRM-001")])])
    assert members(marked)["xl/worksheets/sheet1.xml"] == members(source)["xl/worksheets/sheet1.xml"]
    listed = [str(cell.value) for row in opened(marked)["审核标记"].iter_rows() for cell in row]
    assert any("FRM-001" in text for text in listed) and any(WORDS["zh"]["only_here"] in text for text in listed)


def test_a_form_without_findings_gets_a_legend_that_says_so() -> None:
    """Nothing found is said, in the language asked for."""
    book = opened(mark(small(), "xlsx", [result([])], "en"))
    assert book.sheetnames == ["表", "Audit marks"]
    legend = book["Audit marks"]
    assert legend["A1"].value == LEGENDS["en"]
    assert any(cell.value == WORDS["en"]["none"] for row in legend.iter_rows() for cell in row)


def test_blank_cells_get_an_element_in_their_place() -> None:
    """Cells and rows that the file does not write are added in order, with the style of their column or row."""
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="E2"><v>2</v></c></row><row r="5" s="1" customFormat="1"/>'
    parts = xlsx_parts({"表": f'<cols><col min="3" max="3" width="9" style="1"/></cols><sheetData>{rows}</sheetData>'}, formats=["0.00"])
    source = packed(parts)
    marked = mark(source, "xlsx", [result([finding(at_cells("表", "A2", "C2", "F2", "B5", "A1", "C9", "B3"))])])
    sheet = etree.fromstring(members(marked)["xl/worksheets/sheet1.xml"])
    assert [row.get("r") for row in sheet.iter(f"{{{MAIN}}}row")] == ["1", "2", "3", "5", "9"]
    assert [cell.get("r") for cell in sheet.iter(f"{{{MAIN}}}c")] == ["A1", "A2", "B2", "C2", "E2", "F2", "B3", "B5", "C9"]
    book = opened(marked)["表"]
    assert book["C2"].number_format == book["B5"].number_format == "0.00" and book["A2"].number_format == "General"
    assert grids(marked) == grids(source)


def test_a_cell_under_a_merged_area_is_marked_at_its_corner() -> None:
    """The comment of a covered cell goes where it can be seen."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    marked = mark(small(rows, '<mergeCells count="1"><mergeCell ref="A1:B3"/></mergeCells>'), "xlsx", [result([finding(at_cells("表", "B3"))])])
    book = opened(marked)["表"]
    assert book["A1"].comment is not None and book["A1"].fill.fgColor.rgb == "FF" + TINTS["error"]
    assert 'r="B3"' not in members(marked)["xl/worksheets/sheet1.xml"].decode()


def test_a_guessed_cell_is_marked_only_when_it_is_blank() -> None:
    """A blank field without a place is sought in the column of its field: what stands there for another field is not to blame."""
    rows = '<row r="1"><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><v>7</v></c></row><row r="3"><c r="B3"/></row><row r="5"/>'
    form = Form("f", Source("f.xlsx", "", "xlsx"), {}, places={("indicators", 1, "score"): Place(Locator("f.xlsx", "表", "B1"), "1")})
    guesses = [finding([located(Locator("f.xlsx", "表", f"B{row}"), text="", row=row)], rule=f"TST-{row:03}") for row in (2, 3, 5)]
    book = opened(mark(small(rows, '<mergeCells count="1"><mergeCell ref="B1:B1"/><mergeCell ref="B4:B5"/></mergeCells>'), "xlsx", [result(guesses, form)]))
    assert [book["表"][cell].comment is not None for cell in ("B2", "B3", "B4")] == [False, True, True]
    listed = {str(row[2].value).split()[0]: str(row[1].value) for row in book["审核标记"].iter_rows() if "TST" in str(row[2].value)}
    assert WORDS["zh"]["only_here"] in listed["TST-002"] and WORDS["zh"]["only_here"] not in listed["TST-003"]


def test_implicit_positions_are_kept() -> None:
    """A sheet that leaves out its references keeps every cell where it was."""
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    source = small(rows)
    marked = mark(source, "xlsx", [result([finding(at_cells("表", "B1", "D1", "A2", "B2"))])])
    assert grids(marked) == grids(source)
    assert {cell.coordinate for row in opened(marked)["表"].iter_rows() for cell in row if cell.comment} == {"B1", "D1", "A2", "B2"}


def with_comments(text: str, drawing: str) -> bytes:
    parts = xlsx_parts({"表": '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData><legacyDrawing r:id="rId2"/>'})
    parts["xl/worksheets/sheet1.xml"] = str(parts["xl/worksheets/sheet1.xml"]).replace("<worksheet ", f'<worksheet xmlns:r="{OFFICE}" ', 1)
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/></Relationships>'
    )
    parts["xl/comments1.xml"] = f'{HEAD}<comments xmlns="{MAIN}"><authors><author>填报人</author></authors><commentList><comment ref="A1" authorId="0">{text}</comment></commentList></comments>'
    parts["xl/drawings/vmlDrawing1.vml"] = drawing
    return packed(parts)


DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202"/>'
    '<v:shape id="_x0000_s1025" type="#_x0000_t202"><v:textbox><br></v:textbox><x:ClientData ObjectType="Note"><x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>'
)


@pytest.mark.parametrize("text", ["<text><t>请看说明</t></text>", "<text><r><t>请看</t></r><r><t>说明</t></r></text>"])
def test_the_submitters_comments_are_kept(text: str) -> None:
    """A comment that was there stays, ours is added below it; the drawing keeps its shapes, broken XML and all."""
    source = with_comments(text, DRAWING)
    marked = mark(source, "xlsx", [result([finding(at_cells("表", "A1", "B1"))])])
    parts = members(marked)
    drawing = parts["xl/drawings/vmlDrawing1.vml"].decode()
    assert drawing.startswith(DRAWING.removesuffix("</xml>")) and drawing.count("<v:shape ") == 2 and "_x0000_s1026" in drawing
    listed = etree.fromstring(parts["xl/comments1.xml"])
    said = {node.get("ref"): "".join(node.itertext()) for node in listed.iter(f"{{{MAIN}}}comment")}
    assert all(etree.QName(run).localname == "r" and etree.QName(run[-1]).localname == "t" for text in listed.iter(f"{{{MAIN}}}text") for run in text)
    assert said["A1"].startswith("请看说明\n\n") and "SCO-001" in said["A1"] and said["B1"].startswith("误 错误")
    assert [node.text for node in listed.iter(f"{{{MAIN}}}author")] == ["填报人", WORDS["zh"]["author"]]
    assert not any(name.startswith("xl/comments2") for name in parts)


def test_letters_too_light_for_a_tint_become_dark() -> None:
    """White letters on a dark fill would vanish on a tint: only then the font is changed, and only its colour."""
    book = openpyxl.Workbook()
    book.active.title = "表"
    for name, ink in (("A1", "FFFFFFFF"), ("B1", "FF333333")):
        book.active[name] = "得分"
        book.active[name].font = openpyxl.styles.Font(name="黑体", bold=True, color=ink)
        book.active[name].fill = openpyxl.styles.PatternFill("solid", fgColor="FF000080")
    held = io.BytesIO()
    book.save(held)
    sheet = opened(mark(held.getvalue(), "xlsx", [result([finding(at_cells("表", "A1", "B1"))])]))["表"]
    assert (sheet["A1"].font.color.rgb, sheet["A1"].font.name, sheet["A1"].font.b) == ("FF000000", "黑体", True)
    assert sheet["B1"].font.color.rgb == "FF333333"


def test_words_can_be_read_on_their_tints() -> None:
    """Black and the text colour of each status have a contrast of at least 4.5 : 1 on the tint (WCAG 2.2 AA)."""

    def light(rgb: str) -> float:
        parts = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for status, tint in TINTS.items():
        for ink in ("000000", INKS[status]):
            assert (light(tint) + 0.05) / (light(ink) + 0.05) >= 4.5, (status, ink)


def test_a_prefixed_workbook_without_styles_is_marked() -> None:
    """Element names with a prefix and a package without styles part are handled alike."""
    parts = {name: content for name, content in xlsx_parts({"表": ""}).items() if "styles" not in name}
    parts["xl/_rels/workbook.xml.rels"] = f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    parts["xl/worksheets/sheet1.xml"] = f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    source = packed(parts)
    marked = mark(source, "xlsx", [result([finding(at_cells("表", "A1", "B2"))])])
    book = opened(marked)["表"]
    assert book["A1"].fill.fgColor.rgb == "FF" + TINTS["error"] and book["B2"].comment is not None
    assert grids(marked) == grids(source)


def test_two_forms_in_one_workbook_are_both_marked() -> None:
    """All findings of a file are on it, each on its own sheet."""
    source = packed(xlsx_parts({"甲": '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>', "乙": '<sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData>'}))
    book = opened(mark(source, "xlsx", [result([finding(at_cells("甲", "A1"), rule="ONE-001")]), result([finding(at_cells("乙", "A1"), rule="TWO-001")])]))
    assert "ONE-001" in book["甲"]["A1"].comment.text and "TWO-001" in book["乙"]["A1"].comment.text
    listed = " ".join(str(cell.value) for row in book["审核标记"].iter_rows() for cell in row)
    assert "甲!A1" in listed and "乙!A1" in listed


def test_a_taken_sheet_name_is_not_taken_again() -> None:
    """A workbook that has a sheet of the legend's name gets another one."""
    source = packed(xlsx_parts({"审核标记": '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'}))
    assert opened(mark(source, "xlsx", [result([])])).sheetnames == ["审核标记", "审核标记 (2)"]


def test_macros_stay_and_a_broken_signature_is_said() -> None:
    """A macro part keeps its bytes; a signed workbook gives a note."""
    parts = xlsx_parts({"表": "<sheetData/>"})
    source = packed(parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro", "_xmlsignatures/sig1.xml": "<Signature/>"})
    assert members(mark(source, "xlsx", [result([])]))["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0macro"
    assert len(notes(source, "f.xlsx")) == 1 and "签名" in notes(source, "f.xlsx")[0]
    assert notes(packed(parts), "f.xlsx") == ()


@pytest.mark.parametrize("format", ["csv", "pdf", "html", "txt", "xls"])
def test_formats_that_cannot_carry_marks_are_refused_in_one_line(format: str) -> None:
    """The message names the format and what can be done instead."""
    with pytest.raises(UsageError) as fault:
        mark(b"x", format, [result([], format=format)])
    assert format in str(fault.value) and "\n" not in str(fault.value)


def test_entities_are_refused() -> None:
    """A document type in a touched part ends in one line, nothing is expanded."""
    parts = xlsx_parts({"表": "<sheetData/>"})
    parts["xl/worksheets/sheet1.xml"] = '<!DOCTYPE x [<!ENTITY e "boom">]><worksheet xmlns="' + MAIN + '"><sheetData/></worksheet>'
    with pytest.raises(ReadError):
        mark(packed(parts), "xlsx", [result([finding(at_cells("表", "A1"))])])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=12), st.integers(0, 8))
def test_damaged_workbooks_end_in_one_line(at: int, noise: bytes, part: int) -> None:
    """Noise anywhere in the XML gives a marked copy or a fault of ours, never a traceback."""
    parts = dict(members(with_comments("<text><t>a</t></text>", DRAWING)))
    name = list(parts)[part % len(parts)]
    parts[name] = parts[name][:at] + noise + parts[name][at + len(noise) // 2 :]
    try:
        marked = mark(packed(parts), "xlsx", [result([finding(at_cells("表", "A1", "C3"))])])
    except CheckerError as fault:
        assert "\n" not in str(fault)
    else:
        assert members(marked)


def test_libreoffice_opens_the_marked_copy() -> None:
    """Another program prints the form and behind it the legend with its findings."""
    path = REAL[0]
    results = [from_places(form) for form in forms_in(path)]
    text = pdf_text(converted(mark(path.read_bytes(), "xlsx", results), "xlsx", "pdf")).replace("\r\n", "\n")
    assert "审核标记图例" in text and results[0].findings[0].rule in text
    assert text.index("闵行区") < text.index("审核标记图例")


def test_the_source_of_a_form_is_named_in_the_fault() -> None:
    """A broken package says which file it was."""
    form = Form("f", Source("坏.xlsx", "", "xlsx"), {})
    with pytest.raises(ReadError, match=r"坏\.xlsx"):
        mark(b"PK\x03\x04broken", "xlsx", [result([], form)])

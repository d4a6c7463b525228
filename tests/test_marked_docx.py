"""The marked copy of a Word document: tints, comments and a legend page are added, nothing else changes."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from marked_files import FORMS, converted, finding, from_places, located, members, pdf_text, result
from results_factory import HOSTILE
from spreadsheet_files import HEAD, OFFICE, RELATIONS, zipped
from test_readers_docx import CONTINUE, RESTART, SPAN, STRICT, W, p, tbl, tc, tr

from checker import api, readers
from checker.errors import CheckerError, ReadError
from checker.marked import mark, notes
from checker.marked.docx_places import find
from checker.marked.words import TINTS, WORDS
from checker.model import Document, Form, FormResult, Locator, Outcome, Place, Severity, Source
from checker.readers.legend import LEGENDS

REAL = sorted((FORMS / "docx").glob("*.docx"))
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
COMMENTS_TYPE = MAIN_TYPE.replace("document.main", "comments")
ADDED = ("commentRangeStart", "commentRangeEnd", "commentReference")
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1000" w:bottom="1440" w:left="1000" w:header="0" w:footer="0" w:gutter="0"/></w:sectPr>'


def package(body: str, *, comments: str = "", space: str = W, prefix: str = "w", extra: dict[str, str | bytes] | None = None) -> bytes:
    """A .docx that Word can open, with this body and these comments."""
    root = f'<w:document xmlns:w="{space}"><w:body>{body}{SECTION}</w:body></w:document>'
    if prefix != "w":
        root = re.sub(r"(</?|\s)w:", rf"\g<1>{prefix}:", root).replace("xmlns:w=", f"xmlns:{prefix}=")
    office = OFFICE if space == W else "http://purl.oclc.org/ooxml/officeDocument/relationships"
    tie = f'<Relationship Id="rId7" Type="{office}/comments" Target="comments.xml"/>' if comments else ""
    kind = f'<Override PartName="/word/comments.xml" ContentType="{COMMENTS_TYPE}"/>' if comments else ""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/>{kind}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": HEAD + root,
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">{tie}</Relationships>',
    }
    if comments:
        parts["word/comments.xml"] = f'{HEAD}<w:comments xmlns:w="{space}">{comments}</w:comments>'
    return zipped({**parts, **(extra or {})})


def document(data: bytes) -> Document:
    return next(readers.read_bytes(data, "f.docx"))


def grids(data: bytes) -> list[object]:
    return [(grid.name, grid.cells, grid.before, grid.after, grid.ragged) for grid in document(data).grids]


def at(table: int | None, line: int | None, column: int | None, **more: object) -> FormResult:
    return result([finding([located(Locator("f.docx", None, None, None, line, column, table))], **more)], format="docx")  # type: ignore[arg-type]


def xml(data: bytes, part: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(members(data)[part])


def said(data: bytes) -> list[str]:
    """The comments, in order, as Word's own library would give them."""
    return ["\n".join(paragraph.text for paragraph in comment.paragraphs) for comment in docx.Document(io.BytesIO(data)).comments]


def commented(root: etree._Element) -> dict[str, str]:
    """The text each comment goes around, by its number."""
    found: dict[str, str] = {}
    for start in root.iter(f"{{{W}}}commentRangeStart"):
        number, text, inside = start.get(f"{{{W}}}id"), [], False
        for node in root.iter():
            inside = inside or node is start
            if node.tag == f"{{{W}}}commentRangeEnd" and node.get(f"{{{W}}}id") == number:
                break
            if inside and node.tag == f"{{{W}}}t":
                text.append(node.text or "")
        found[str(number)] = "".join(text)
    return found


def undone(root: etree._Element) -> bytes:
    """A marked body without legend, comments and tints."""
    body = root[0]
    tables = [node for node in body if "".join(node.itertext()).startswith(LEGENDS["zh"])]
    for legend in tables:
        for node in (legend.getprevious(), legend.getnext(), legend):
            body.remove(node)
    for node in list(root.iter()):
        name = etree.QName(node).localname
        if name in ADDED[:2]:
            node.getparent().remove(node)
        elif name == "commentReference":
            run = node.getparent()
            run.getparent().remove(run)
        elif name == "shd":
            node.getparent().remove(node)
    for node in list(root.iter(f"{{{W}}}tcPr", f"{{{W}}}pPr")):
        if len(node) == 0:
            node.getparent().remove(node)
    return etree.tostring(root, method="c14n")


def without_shading(root: etree._Element) -> bytes:
    for node in list(root.iter(f"{{{W}}}shd")):
        node.getparent().remove(node)
    for node in list(root.iter(f"{{{W}}}tcPr", f"{{{W}}}pPr")):
        if len(node) == 0:
            node.getparent().remove(node)
    return etree.tostring(root, method="c14n")


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_forms_keep_everything(path: Path) -> None:
    """Our reader shows the same grids, untouched parts keep their bytes, and each comment goes around the cell its finding means."""
    source = path.read_bytes()
    results = [from_places(form) for form in api.read([path]).forms]
    marked = mark(source, "docx", results)
    assert grids(marked) == grids(source)
    before, after = members(source), members(marked)
    for name, content in before.items():
        if name not in ("[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"):
            assert after[name] == content, name
    assert undone(xml(marked)) == without_shading(xml(source))
    texts = said(marked)
    around = commented(xml(marked))
    assert len(texts) == len(around) > 3
    for found in (item for one in results for item in one.findings):
        numbers = [n for n, text in enumerate(texts) if found.rule in text and found.message in text and str(found.advice) in text]
        assert numbers, found.rule
        shown = re.sub(r"\s", "", found.locations[0].text)
        assert re.sub(r"\s", "", around[str(numbers[0])]) == shown or not shown.isascii(), found


def test_checking_the_marked_copy_again_finds_the_same(tmp_path: Path) -> None:
    """The legend page is not read as a form and a note says so; findings, places and verdicts are those of the source."""
    ruleset = api.load_rules()
    for path in REAL[::6]:
        first = api.check(api.read([path]), rules=ruleset, as_of=date(2026, 1, 1))
        for lang in ("zh", "en"):
            copy = tmp_path / path.name
            copy.write_bytes(mark(path.read_bytes(), "docx", first.forms, lang))
            again = api.read([copy])
            assert any("审核标记图例" in note for note in again.notes)
            second = api.check(again, rules=ruleset, as_of=date(2026, 1, 1))
            told = [
                [(one.verdict, [(f.fingerprint, f.rule, f.message, f.kind, [(x.role, x.field, x.locator.line, x.locator.column) for x in f.locations]) for f in one.findings]) for one in run.forms]
                for run in (first, second)
            ]
            assert told[0] == told[1] and told[0], path.name


def test_the_same_input_gives_the_same_bytes() -> None:
    """Nothing of the clock or the machine goes into a marked copy; comments carry no date."""
    source, results = REAL[0].read_bytes(), [from_places(form) for form in api.read([REAL[0]]).forms]
    marked = mark(source, "docx", results)
    assert marked == mark(source, "docx", results)
    assert all(node.get(f"{{{W}}}date") is None for node in xml(marked, "word/comments.xml"))


def test_a_cell_is_tinted_and_commented() -> None:
    """The cell gets the colour of its severity and a comment with rule, message and advice; its neighbours get neither."""
    marked = mark(package(tbl(tr("甲", "乙"), tr("丙", "丁"))), "docx", [at(1, 2, 2, severity=Severity.WARNING)])
    fills = [[shade.get(f"{{{W}}}fill") for shade in cell.iter(f"{{{W}}}shd")] for cell in xml(marked)[0][0].iter(f"{{{W}}}tc")]
    assert fills == [[], [], [], [TINTS["warning"]]]
    assert docx.Document(io.BytesIO(marked)).tables[0].rows[1].cells[1].text == "丁"
    assert commented(xml(marked)) == {"0": "丁"}
    assert "SCO-001" in said(marked)[0] and "建议：更正得分。" in said(marked)[0]


def test_an_old_tint_is_replaced_and_a_dark_one_kept() -> None:
    """Light shading gives way to the tint; dark shading stays, or its white letters would vanish. The comment comes either way."""
    shades = [f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' for fill in ("DDEEFF", "001040")]
    body = tbl("<w:tr>" + "".join(tc("甲", shade) for shade in shades) + "</w:tr>")
    marked = mark(package(body), "docx", [at(1, 1, 1), at(1, 1, 2, rule="SCO-002")])
    fills = [node.get(f"{{{W}}}fill") for node in xml(marked)[0][0].iter(f"{{{W}}}shd")]
    assert fills == [TINTS["error"], "001040"] and len(said(marked)) == 2


def test_properties_stand_in_the_order_the_format_asks_for() -> None:
    """Shading goes in front of the vertical alignment of a cell and behind the borders of a paragraph."""
    body = p("<w:pPr><w:keepNext/><w:jc w:val=\"center\"/></w:pPr>", "标题") + tbl("<w:tr>" + tc("甲", SPAN(2) + '<w:vAlign w:val="center"/>') + "<w:tc><w:p/></w:tc></w:tr>")
    form = Form("f", Source("f.docx", "", "docx"), {}, places={("forms", 1, "title"): Place(Locator("f.docx", line=1), "标题")})
    heading = finding([located(Locator("f.docx", line=1), "title", "标题", table="forms")])
    marked = mark(package(body), "docx", [result([heading], form, "docx"), at(1, 1, 1), at(1, 1, 3)])
    root = xml(marked)
    assert [etree.QName(node).localname for node in root[0][0][0]] == ["keepNext", "shd", "jc"]
    first, second = root[0][1].iter(f"{{{W}}}tc")
    assert [etree.QName(node).localname for node in first[0]] == ["gridSpan", "shd", "vAlign"]
    assert [etree.QName(node).localname for node in second] == ["tcPr", "p"]
    assert commented(root) == {"0": "标题", "1": "甲", "2": ""}
    assert [etree.QName(node).localname for node in second[1]] == ["commentRangeStart", "commentRangeEnd", "r"]


def test_a_comment_goes_around_all_paragraphs_of_a_cell() -> None:
    """From behind the first paragraph's properties to the end of the last, whatever stands between."""
    content = p("<w:pPr/>", "一") + tbl(tr("内")) + "<w:p/>" + p("二") + "<w:p></w:p>"
    marked = mark(package(tbl(tr(tc(content)))), "docx", [at(1, 1, 1), at(2, 1, 1, rule="SCO-002")])
    assert commented(xml(marked)) == {"0": "一内二", "1": "内"}


@pytest.mark.parametrize("older", [False, True])
def test_tables_in_text_boxes_are_counted_as_they_are_read(older: bool) -> None:
    """A table in a text box is a table of the document: its cell is tinted, as those of the tables behind it; its comment goes around the paragraph that holds the box."""
    mc, wps = "http://schemas.openxmlformats.org/markup-compatibility/2006", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    box = "<w:txbxContent>" + p("甲") + tbl(tr("乙", "丙")) + p("丁") + "</w:txbxContent>"
    drawn = f'<w:drawing><wps:wsp xmlns:wps="{wps}"><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing>'
    both = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps">{drawn}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>'
    held = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{box}</v:textbox></v:shape>'
    data = package(p("前", f"<w:r>{f'<w:pict>{held}</w:pict>' if older else both}</w:r>") + tbl(tr("戊", "己")))
    assert [cell.text for grid in document(data).grids for cell in grid.cells] == ["乙", "丙", "戊", "己"]
    root = xml(mark(data, "docx", [at(1, 1, 2), at(2, 1, 1, rule="SCO-002")]))
    tinted = ["".join(cell.itertext()) for cell in root.iter(f"{{{W}}}tc") if cell.find(f"{{{W}}}tcPr/{{{W}}}shd") is not None]
    assert [text for text in tinted if len(text) == 1] == ["丙", "戊"]
    assert [text[0] for text in commented(root).values()] == ["前", "戊"]
    assert not [box for box in root.iter(f"{{{W}}}txbxContent") if box.find(f".//{{{W}}}commentRangeStart") is not None or box.find(f".//{{{W}}}commentReference") is not None]


def test_merged_cells_are_marked_at_their_corner() -> None:
    """A place below or beside a merged cell's corner means that cell."""
    body = tbl("<w:tr>" + tc("竖", RESTART) + tc("甲") + "</w:tr>", "<w:tr>" + tc("", CONTINUE) + tc("乙") + "</w:tr>", "<w:tr>" + tc("横", SPAN(2)) + "</w:tr>")
    marked = mark(package(body), "docx", [at(1, 2, 1), at(1, 3, 2, rule="SCO-002")])
    assert set(commented(xml(marked)).values()) == {"竖", "横"}


def test_a_blank_cell_is_found_by_the_column_of_its_field() -> None:
    """A missing score without a place of its own stands in its row, in the column where other rows have theirs."""
    body = tbl(tr("指标", "得分"), tr("甲", "1"), tr("乙", ""))
    places = {("indicators", 1, "score"): Place(Locator("f.docx", None, None, None, 2, 2, 1), "1")}
    form = Form("f", Source("f.docx", "", "docx"), {}, indicators=({"name": "甲"}, {"name": "乙"}), places=places)
    missing = finding([located(Locator("f.docx", None, None, None, 3, None, 1), text="", row=2)])
    marked = mark(package(body), "docx", [result([missing], form, "docx")])
    tinted = [len(list(cell.iter(f"{{{W}}}shd"))) == 1 for cell in xml(marked)[0][0].iter(f"{{{W}}}tc")]
    assert tinted == [False] * 5 + [True] and commented(xml(marked)) == {"0": ""}


def test_a_guessed_cell_is_marked_only_when_it_is_blank() -> None:
    """What stands in the column for another field is not to blame; a cell merged from above is the field's own."""
    body = tbl(tr("甲", "1"), tr("乙", "别的"), "<w:tr>" + tc("丙") + tc("合", RESTART) + "</w:tr>", "<w:tr>" + tc("丁") + tc("", CONTINUE) + "</w:tr>")
    places = {("indicators", 1, "score"): Place(Locator("f.docx", None, None, None, 1, 2, 1), "1")}
    form = Form("f", Source("f.docx", "", "docx"), {}, indicators=({"name": "甲"},) * 4, places=places)
    guesses = [finding([located(Locator("f.docx", None, None, None, row, None, 1), text="", row=row)], rule=f"TST-{row:03}") for row in (2, 4)]
    marked = mark(package(body), "docx", [result(guesses, form, "docx")])
    assert commented(xml(marked)) == {"0": "合"} and "TST-004" in said(marked)[0]


def test_a_borrowed_place_is_not_marked() -> None:
    """A field the form does not have borrows the title's line: the title is not to blame, the legend lists the finding."""
    form = Form("f", Source("f.docx", "", "docx"), {}, places={("forms", 1, "title"): Place(Locator("f.docx", line=1), "标题")})
    missing = finding([located(Locator("f.docx", line=1), "filled_on", "", table="forms")])
    marked = mark(package(p("标题") + tbl(tr("甲"))), "docx", [result([missing], form, "docx")])
    assert "word/comments.xml" not in members(marked)
    legend = docx.Document(io.BytesIO(marked)).tables[-1]
    assert WORDS["zh"]["only_here"] in legend.rows[-1].cells[1].text and "第 1 行" not in legend.rows[-1].cells[1].text


def test_the_submitters_comments_are_kept() -> None:
    """Comments that were there keep their bytes and numbers, ours come behind with the next ones."""
    theirs = '<w:comment w:id="4" w:author="填报人"><w:p><w:r><w:t>请看附件</w:t></w:r></w:p></w:comment>'
    body = tbl("<w:tr>" + tc('<w:p><w:commentRangeStart w:id="4"/><w:r><w:t>甲</w:t></w:r><w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r></w:p>') + "</w:tr>")
    marked = mark(package(body, comments=theirs), "docx", [at(1, 1, 1)])
    assert theirs.encode() in members(marked)["word/comments.xml"]
    assert commented(xml(marked)) == {"4": "甲", "5": "甲"}
    assert said(marked)[0] == "请看附件" and len(said(marked)) == 2
    assert len(re.findall(rb'/comments"', members(marked)["word/_rels/document.xml.rels"])) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(text: str) -> None:
    """Markup, formulas and control characters of a message are shown as text, in comment and legend."""
    marked = mark(package(tbl(tr("甲"))), "docx", [at(1, 1, 1, message=text, title=text, advice=text, rule=text[:9])])
    assert len(xml(marked)[0].findall(f"{{{W}}}tbl")) == 2
    shown = said(marked)[0] + "".join(xml(marked).itertext())
    assert "\x1b" not in shown and "\u202e" not in shown
    if "\x1b" in text:
        assert "␛" in shown
    if text.isprintable() and text.isascii():
        assert text in said(marked)[0] and text in "".join(xml(marked).itertext())


def test_a_message_of_100_000_characters_is_shortened() -> None:
    """How much is left out is said."""
    many = [at(1, 1, 1, message="长" * 100_000 + str(n), rule=f"TST-{n:03}") for n in range(40)]
    marked = mark(package(tbl(tr("甲"))), "docx", many)
    assert len(said(marked)[0]) < 32_000 and "(+98,80" in said(marked)[0] and "另有" in said(marked)[0]


def test_accepted_findings_are_said_to_be_accepted_and_have_no_tint() -> None:
    """A waived finding keeps its comment; several on one cell share one, in the strongest colour."""
    waived = mark(package(tbl(tr("甲"))), "docx", [at(1, 1, 1, waiver={"reason": "历史原因"})])
    assert "已豁免" in said(waived)[0] and not list(xml(waived)[0][0].iter(f"{{{W}}}shd"))
    both = mark(package(tbl(tr("甲"))), "docx", [at(1, 1, 1, kind=Outcome.OPEN, rule="OPN-001"), at(1, 1, 1, rule="ERR-001")])
    (shade,) = xml(both)[0][0].iter(f"{{{W}}}shd")
    assert shade.get(f"{{{W}}}fill") == TINTS["error"] and len(said(both)) == 1 and "OPN-001" in said(both)[0] and "ERR-001" in said(both)[0]


@pytest.mark.parametrize("prefix", ["w", "ns0", "word"])
def test_other_prefixes_and_the_strict_form_are_marked(prefix: str) -> None:
    """Additions take the document's own prefix and namespace."""
    for space in (W, STRICT):
        source = package(tbl(tr("甲", "乙")), space=space, prefix=prefix)
        marked = mark(source, "docx", [at(1, 1, 2)])
        assert grids(marked) == grids(source)
        root = xml(marked)
        assert {etree.QName(node).namespace for node in root.iter()} == {space}
        assert len(list(root.iter(f"{{{space}}}commentReference"))) == 1


def test_a_document_without_prefix_is_marked() -> None:
    """Element names without a prefix: what is added declares its own."""
    source = package(tbl(tr("甲", "乙")))
    parts: dict[str, str | bytes] = dict(members(source))
    plain = parts["word/document.xml"].decode()  # type: ignore[union-attr]
    plain = re.sub(r"(</?)w:", r"\1", plain).replace("xmlns:w=", "xmlns=").replace("<pgSz ", f'<pgSz xmlns:w="{W}" ').replace("<pgMar ", f'<pgMar xmlns:w="{W}" ')
    marked = mark(zipped({**parts, "word/document.xml": plain}), "docx", [at(1, 1, 2)])
    assert commented(xml(marked)) == {"0": "乙"} and len(document(marked).grids) == 1


def test_a_document_without_tables_is_read_as_before() -> None:
    """The legend is the only table then, and must not hide the lines that are the form."""
    source = package(p("项目支出绩效自评表") + p("指标\t得分") + p("甲\t1"))
    marked = mark(source, "docx", [result([], format="docx")])
    assert grids(marked) == grids(source) and document(marked).grids[0].ragged


def test_macros_stay_and_a_broken_signature_is_said() -> None:
    """A macro part keeps its bytes; a signed document gives a note."""
    source = package(tbl(tr("甲")), extra={"word/vbaProject.bin": b"macro", "_xmlsignatures/origin.sigs": b""})
    assert members(mark(source, "docx", [at(1, 1, 1)]))["word/vbaProject.bin"] == b"macro"
    assert len(notes(source, "f.docx", "en")) == 1 and notes(package(""), "f.docx") == ()


def test_entities_are_refused() -> None:
    """A document type ends in one line, nothing is expanded."""
    parts: dict[str, str | bytes] = dict(members(package(tbl(tr("甲")))))
    parts["word/document.xml"] = b'<!DOCTYPE x [<!ENTITY e "boom">]>' + bytes(parts["word/document.xml"]).split(b"?>\n")[-1].split(b"?>")[-1]  # type: ignore[arg-type]
    with pytest.raises(ReadError):
        mark(zipped(parts), "docx", [at(1, 1, 1)])


CELLS = st.tuples(st.sampled_from(["", SPAN(2), SPAN(3)]), st.sampled_from(["", "", RESTART, CONTINUE]), st.sampled_from(["plain", "plain", "nested", "control", "inserted", "blank"]))
ROWS = st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(["", "", "", "<w:del/>", "<w:hidden/>", '<w:gridBefore w:val="1"/>'])), min_size=1, max_size=5)


def table(rows: list[tuple[list[tuple[str, str, str]], str]], numbers: list[int], depth: int = 0) -> str:
    made = []
    for cells, properties in rows:
        line = []
        for span, merge, kind in cells:
            numbers[0] += 1
            text = f"格{numbers[0]}完"
            if kind == "nested" and not depth:
                text = p(text) + table([([("", "", "plain")], "")], numbers, 1) + "<w:p/>"
            elif kind == "control":
                text = f"<w:sdt><w:sdtContent>{p(text)}</w:sdtContent></w:sdt>"
            elif kind == "blank":
                text = "<w:p/>"
            cell = tc(text, span + merge)
            line.append(f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>" if kind == "inserted" else cell)
        made.append(f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(line)}</w:tr>")
    return tbl(*made)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_places_are_those_of_the_reader(tables: list[list[tuple[list[tuple[str, str, str]], str]]]) -> None:
    """Whatever the tables look like, each cell the reader shows is found in the bytes under the reader's own place."""
    numbers = [0]
    source = package("".join(p(f"段{n}") + table(rows, numbers) for n, rows in enumerate(tables)))
    body = members(source)["word/document.xml"]
    places = find(body, "f.docx")
    shown = 0
    for grid in document(source).grids:
        for cell in grid.cells:
            node = places.cells[cell.locator.table or 0, cell.locator.line or 0, cell.locator.column or 0]
            held = re.findall("格[0-9]+完", body[node.start : node.stop].decode())
            assert cell.text.split("\n")[0] == (held[0] if held else "")
            shown += 1
    assert shown == len(places.cells)
    outside = {cell.locator.line or 0: cell.text for grid in document(source).grids for cell in grid.before if cell.text.startswith("段")}
    assert len(outside) == len(tables)
    for line, text in outside.items():
        node = places.paragraphs[line]
        assert text in body[node.start : node.stop].decode()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 600), st.binary(max_size=12), st.integers(0, 4))
def test_damaged_documents_end_in_one_line(at_byte: int, noise: bytes, part: int) -> None:
    """Noise anywhere in the XML gives a marked copy or a fault of ours, never a traceback."""
    parts: dict[str, str | bytes] = dict(members(package(tbl(tr("甲", "乙")), comments='<w:comment w:id="0"/>')))
    name = list(parts)[part % len(parts)]
    content = bytes(parts[name])  # type: ignore[arg-type]
    parts[name] = content[:at_byte] + noise + content[at_byte + len(noise) // 2 :]
    try:
        marked = mark(zipped(parts), "docx", [at(1, 1, 1)])
    except CheckerError as fault:
        assert "\n" not in str(fault)
    else:
        assert members(marked)


def test_libreoffice_opens_the_marked_copy() -> None:
    """Another program prints the form and behind it, on a page of its own, the legend with its findings."""
    path = REAL[0]
    results = [from_places(form) for form in api.read([path]).forms]
    text = pdf_text(converted(mark(path.read_bytes(), "docx", results), "docx", "pdf"))
    assert text.index("闵行区") < text.index("审核标记图例") and results[0].findings[0].rule in text

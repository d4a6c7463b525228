"""Text exports, delimited values, archives, folders: the right type, encoding and places, or one clear line."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from spreadsheet_files import xlsx, zipped

from checker.errors import ReadError
from checker.model import Document, Unreadable
from checker.readers import inputs, read, read_bytes, read_each, sources
from checker.readers.delimited import delimiter
from checker.readers.limits import DEFAULT
from checker.readers.text import decode

SEED = Path(__file__).parent.parent / "sample_forms" / "minhang_dpf_2023.txt"
TABLE = "一级指标\t二级指标\t分值\n产出指标\t数量指标\t1.00\n效益指标\t社会效益\t2.00\n"


def only(data: bytes, name: str = "form.txt", input_format: str | None = None) -> Document:
    (document,) = read_bytes(data, name, input_format=input_format)
    return document


def rows(document: Document) -> list[tuple[int, int, str]]:
    return [(cell.row, cell.column, cell.text) for cell in document.grids[0].cells]


def test_the_seed_keeps_its_lines_and_tab_cells() -> None:
    """Every cell of the seed stands at its line and tab cell; titles stand before the table."""
    (document,) = read(SEED)
    (grid,) = document.grids
    assert document.source.encoding == "utf-8" and document.source.format == "txt" and grid.ragged
    assert [(cell.locator.line, cell.text) for cell in grid.before] == [(3, "《部门(单位)整体支出绩效自评表》"), (5, "(2023年度)")]
    lines = SEED.read_text(encoding="utf-8").split("\n")
    for cell in grid.cells:
        line, column = cell.locator.line, cell.locator.column
        assert line is not None and column is not None
        assert (cell.row, cell.column) == (line - 1, column - 1)
        assert lines[line - 1].split("\t")[column - 1].strip() == cell.text
    filled = sum(bool(part.strip()) for line in lines for part in line.split("\t"))
    assert filled == len(grid.cells) + len(grid.before) + len(grid.after)
    found = {(cell.locator.line, cell.locator.column): cell.text for cell in grid.cells}
    assert found[9, 3] == "57,157,686.73" and found[9, 5] == "99.18"


def test_a_blank_first_cell_of_a_table_without_strokes_around_it_stays() -> None:
    """The rule of Markdown shows that no strokes stand around the table: a line that begins with one has a blank first cell."""
    bare = "资金 | 预算数 | 执行数\n---|---|---\n | 120 | 118\n总额 | 5 | 4\n"
    assert rows(only(bare.encode()))[3:5] == [(2, 1, "120"), (2, 2, "118")]
    framed = "| 资金 | 预算数 | 执行数 |\n|---|---|---|\n|  | 120 | 118 |\n| 总额 | 5 | 4 |\n"
    assert rows(only(framed.encode()))[3:5] == [(2, 1, "120"), (2, 2, "118")]
    torn = "资金 | 预算数 | 执行数\n| 其他 | 120 | 118 |\n| 总额 | 5 | 4 |\n"
    assert rows(only(torn.encode()))[3:6] == [(1, 0, "其他"), (1, 1, "120"), (1, 2, "118")]


def test_a_table_with_as_many_cells_in_each_line_has_certain_columns() -> None:
    """Where tabs or strokes part every line alike, blank cells too, the grid is as certain as one of separated values; gaps may hide blanks."""
    table = (("甲", "", "丙", "丁"), ("1", "2", "", "4"), ("5", "6", "7", ""), ("8", "9", "0", "1"))
    for line in ("\t".join, lambda row: f"| {' | '.join(row)} |"):
        lines = ["标题", *map(line, table)]
        assert not only("\n".join(lines).encode()).grids[0].ragged
        assert only("\n".join([*lines, line(("一", "二", "三", "四", "五"))]).encode()).grids[0].ragged
    assert only("甲    乙    丙    丁\n1    2    3    4\n5    6    7    8\n".encode()).grids[0].ragged


def test_markdown_with_tables_of_html_is_read_as_a_page() -> None:
    """Programs that write Markdown write tables with merged cells as HTML: they are read as such."""
    text = "## 自评表\n\n（2023年度）\n\n<table>\n<tr><td rowspan=2>产出</td><td>1</td></tr>\n<tr><td>2</td></tr>\n</table>\n"
    found = only(text.encode(), "form.md")
    assert found.source.format == "html" and [cell.text for cell in found.grids[0].cells] == ["产出", "1", "2"]


def test_marks_of_markdown_are_taken_off() -> None:
    """Headings, quotations and emphasis of a Markdown file are read without their marks; without a rule of dashes nothing is taken off."""
    table = "| **总分** | 100 | **98.70** |\n|:---|---:|---:|\n| 甲 | 50 | __49__ |\n| 乙 | 50 | 49.7 |\n"
    (grid,) = only(f"# 自评表\n\n{table}\n> 扣分原因：维修。\n".encode()).grids
    assert [cell.text for cell in (*grid.before, *grid.after)] == ["自评表", "扣分原因：维修。"]
    assert [cell.text for cell in grid.cells] == ["总分", "100", "98.70", "甲", "50", "49", "乙", "50", "49.7"]
    assert rows(only(b"| **a** | 1 |\n| b | 2 |\n| c | 3 |\n"))[0] == (0, 0, "**a**")


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_encodings_are_found_and_recorded(encoding: str, recorded: str) -> None:
    """A byte order mark decides, then strict UTF-8, then GB18030; cells are equal and the encoding is said."""
    document = only(TABLE.encode(encoding))
    assert document.source.encoding == recorded
    assert rows(document) == rows(only(TABLE.encode("utf-8")))


def test_text_that_needs_replacement_is_refused() -> None:
    """Bytes that are neither UTF-8 nor GB18030 are a fault, not question marks."""
    with pytest.raises(ReadError, match="编码"):
        only(TABLE.encode("gbk") + b"\xff\xff\n")


def test_damaged_utf8_does_not_pass_for_gb18030() -> None:
    """UTF-8 with one broken byte would decode as other characters: it is refused with the byte's position."""
    raw = bytearray((TABLE * 5).encode("utf-8"))
    at = raw.index("分".encode()) + 1
    raw[at] = 0x41
    with pytest.raises(ReadError, match="损坏"):
        only(bytes(raw))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("指标产出数量，。％得分甲乙丙丁0123456789.\t\n、（）abc"), min_size=4, max_size=200).filter(str.strip))
def test_any_text_comes_back_from_both_encodings(text: str) -> None:
    """Text in UTF-8 or GB18030 decodes to itself or is refused as undecidable; it is never changed."""
    for encoding in ("utf-8", "gb18030"):
        raw = text.encode(encoding)
        try:
            found, _ = decode(raw, "a.txt")
        except ReadError:
            assert encoding == "gb18030"
            continue
        # Short GB18030 texts can be valid UTF-8 by chance only where both readings are equal bytes.
        assert found == text or (encoding == "gb18030" and raw.decode("utf-8") == found)


def test_line_ends_of_all_systems() -> None:
    """CR LF, CR and LF all end a line."""
    for end in ("\r\n", "\r", "\n"):
        assert rows(only(TABLE.replace("\n", end).encode())) == rows(only(TABLE.encode()))


def test_lines_around_the_table() -> None:
    """Lines before the first and after the last tab line stand beside the grid, with their numbers."""
    document = only(f"标题\n（2023年度）\n\n{TABLE}\n填表人：\n".encode())
    (grid,) = document.grids
    assert [(cell.text, cell.locator.line) for cell in grid.before] == [("标题", 1), ("（2023年度）", 2)]
    assert [(cell.text, cell.locator.line) for cell in grid.after] == [("填表人：", 8)]
    assert grid.cells[0].row == 3


def test_quoted_cells_hold_line_breaks_and_quotes() -> None:
    """A sheet copied as text quotes cells with line breaks: they stay one cell and the next line keeps its number."""
    document = only('名称\t说明\n甲\t"一、""好""\n二、\t三"\t1.00\n乙\t"x"y"\t5" 管\n'.encode())
    assert rows(document) == [
        (0, 0, "名称"), (0, 1, "说明"), (1, 0, "甲"), (1, 1, '一、"好"\n二、\t三'), (1, 2, "1.00"),
        (3, 0, "乙"), (3, 1, '"x"y"'), (3, 2, '5" 管'),
    ]  # fmt: skip


def test_strokes_and_gaps_divide_cells() -> None:
    """Without tabs, upright strokes or wide gaps divide the cells; rule lines are left out."""
    stroked = only("| 指标 | 分值 |\n|---|---|\n| 数量 | 10 |\n| 质量 | 20 |\n".encode())
    assert rows(stroked) == [(0, 0, "指标"), (0, 1, "分值"), (2, 0, "数量"), (2, 1, "10"), (3, 0, "质量"), (3, 1, "20")]
    gapped = only("指标      分值\n数量指标    10\n质量 指标  20\n".encode())
    assert rows(gapped)[2:] == [(1, 0, "数量指标"), (1, 1, "10"), (2, 0, "质量 指标"), (2, 1, "20")]
    plain = only("绩效自评表\n产出指标\n10\n".encode())
    assert rows(plain) == [(0, 0, "绩效自评表"), (1, 0, "产出指标"), (2, 0, "10")]


def test_invisible_characters_are_dropped_and_damage_is_said() -> None:
    """Zero-width characters vanish; replacement characters already in the text make the cell unread."""
    document = only("甲\u200b指标\t损\ufffd坏\n".encode())
    first, second = document.grids[0].cells
    assert first.text == "甲指标" and first.unread is None
    assert second.unread is not None


@pytest.mark.parametrize("mark", [",", ";", "\t", "，"])
def test_delimiters_are_found(mark: str) -> None:
    """The delimiter that divides most lines evenly wins; quoted values keep delimiters and line breaks."""
    text = mark.join(["指标", '"说明"', "分值"]) + "\n" + mark.join(["甲", f'"a{mark}b\nc"', "1.00"]) + "\n" + mark.join(["乙", "", '="007"'])
    document = only(text.encode(), "form.csv")
    assert delimiter(text) == mark
    assert rows(document) == [
        (0, 0, "指标"), (0, 1, "说明"), (0, 2, "分值"), (1, 0, "甲"), (1, 1, f"a{mark}b\nc"), (1, 2, "1.00"), (2, 0, "乙"), (2, 2, "007"),
    ]  # fmt: skip
    assert [cell.locator.line for cell in document.grids[0].cells if cell.row == 2] == [4, 4]
    assert not document.grids[0].ragged


def test_comma_values_without_their_suffix() -> None:
    """Comma separated lines in a .txt are recognised by their commas."""
    document = only("指标,分值,得分\n甲,1,1\n乙,2,2\n丙,3,3\n".encode())
    assert document.source.format == "csv" and len(rows(document)) == 12


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "form.xlsx", "为空"),
        (b" \n\t \n", "form.txt", "没有文字"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "form.xlsx", "PNG"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "form.xlsx", "JPEG"),
        (b"GIF89a" + b"\0" * 50, "form.xlsx", "GIF"),
        (b"BM\x00\x01\x00\x00\0\0\0\0" + b"\0" * 50, "form.xlsx", "BMP"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 50, "form.zip", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "form.zip", "7z"),
        (b"MZ\x90\x00", "form.xlsx", "程序"),
        (b"abc\x00def" * 9, "form.txt", "不是文字"),
        (b"PK\x03\x04" + b"\0" * 40, "form.xlsx", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "form.xls", "损坏"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "form.doc", "MHT"),
        (zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "form.xlsx", "PowerPoint"),
        (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "form.xlsx", "xlsb"),
        (zipped({"[Content_Types].xml": ""}), "form.xlsx", "不完整"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "a.odt", "OpenDocument"),
        (zipped({}), "form.zip", "没有文件"),
    ],
)
def test_what_cannot_be_read_gets_one_clear_line(data: bytes, name: str, words: str) -> None:
    """Each kind of wrong file gives one ReadError of one line that names the kind and the file."""
    with pytest.raises(ReadError) as fault:
        only(data, name)
    assert words in str(fault.value) and name in str(fault.value) and "\n" not in str(fault.value)
    assert fault.value.exit_code == 3


def test_missing_files_folders_and_pipes(tmp_path: Path) -> None:
    """A path that is not there, an empty folder, a pipe: one line each, at once."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    for path, words in ((tmp_path / "no.xlsx", "不存在"), (tmp_path / "empty", "没有可读"), (tmp_path / "pipe", "不是普通文件")):
        with pytest.raises(ReadError, match=words):
            list(read(path))
    with pytest.raises(ReadError, match="无法打开"):
        list(read("a\0b"))


def test_the_content_decides_not_the_suffix() -> None:
    """A workbook named .csv is read as a workbook, with a note when the suffix claims another binary format."""
    data = xlsx('<c r="A1"><v>1</v></c>')
    assert only(data, "form.csv").source.format == "xlsx"
    assert any(".docx" in note for note in only(data, "form.docx").notes)
    assert only(data, "form.xlsm").notes == ()


@pytest.mark.parametrize("name", ["form.pdf", "form.XLSX", "form.docx"])
def test_neither_what_its_name_says_nor_text(name: str) -> None:
    """Bytes of no kind in a file named .pdf are a broken file, not text in an unknown encoding; without such a name they are that."""
    broken = bytes(range(128, 256)) * 20
    with pytest.raises(ReadError, match=f"既不是 {name.split('.')[1].lower()} 文件，也不是文字 @ {name}"):
        only(broken, name)
    with pytest.raises(ReadError, match="编码无法识别"):
        only(broken, "form.txt")
    with pytest.raises(ReadError, match="行数过多"):
        only(b"a\n" * (DEFAULT.max_rows + 1), name)


def test_the_input_format_chooses_among_text_formats_only() -> None:
    """Standard input can be told to be CSV or text; a binary format must be what it is said to be."""
    assert only(b"a,b\nc,d\n", "-", "csv").source.format == "csv"
    assert only(b"a,b\nc,d\n", "-", "txt").source.format == "txt"
    with pytest.raises(ReadError, match="xlsx"):
        only(b"a,b\nc,d\n", "-", "xlsx")
    with pytest.raises(ReadError, match="不支持"):
        only(b"a,b\nc,d\n", "-", "lotus")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b'{"forms": []}', "x.json", "json"),
        (b'{"forms": []}', "-", "json"),
        (b"# a\nforms:\n- form: {}\n", "-", "yaml"),
        (b"forms: []\n", "x.yml", "yaml"),
        (b"<html><body><table></table></body></html>", "x.xls", "html"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "x.htm", "html"),
        ("<html><table></table></html>".encode("utf-16"), "x.htm", "html"),
        (b"%PDF-1.7\n", "x.pdf", "pdf"),
        (b"{\\rtf1 x}", "x.doc", "rtf"),
    ],
)
def test_types_are_told_by_content(tmp_path: Path, data: bytes, name: str, kind: str) -> None:
    """`sources` names the type of each file, normalized forms included, without reading it further."""
    path = tmp_path / (name if name != "-" else "noname")
    path.write_bytes(data)
    (found,) = sources(path)
    assert not isinstance(found, Unreadable)
    assert list(sources(path.name, data=data)) == [(data, replace(found[1], path=path.name))]
    assert found[0] == data and found[1].format == kind and found[1].size == len(data) and len(found[1].sha256) == 64


def test_text_with_markup_in_a_cell_stays_text() -> None:
    """Paragraph marks inside a cell of a text export do not make it a web page."""
    assert only("目标\t<p>一、</p>\n指标\t<table>\n".encode()).source.format == "txt"


def test_archives_give_a_document_for_each_file() -> None:
    """Members come in order of name; hidden, lock and system files are passed over; names in GB18030 are understood."""
    data = bytearray(
        zipped({"b/2.txt": TABLE, "a.txt": TABLE, "__MACOSX/._a.txt": "x", "~$a.xlsx": "x", ".x": "y", "Thumbs.db": "z", "d/": ""})
    )
    assert [document.source.path for document in read_bytes(bytes(data), "f.zip")] == ["f.zip!/a.txt", "f.zip!/b/2.txt"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("XXXX.txt", TABLE)
    raw = out.getvalue().replace(b"XXXX.txt", "表1".encode("gbk").ljust(4, b"_") + b".txt")
    (document,) = read_bytes(raw, "f.zip")
    assert document.source.path == "f.zip!/表1_.txt"


def test_one_bad_member_does_not_hide_the_others() -> None:
    """Readable members of an archive are given; each bad one is unreadable with its own path and reason."""
    data = zipped({"a.txt": TABLE, "b.xlsx": b"\x89PNG\r\n\x1a\n", "c.txt": TABLE, "inner.zip": zipped({"d.txt": TABLE, "e.txt": b""})})
    found = list(read_archive(data))
    assert [type(item).__name__ for item in found] == ["Document", "Unreadable", "Document", "Document", "Unreadable"]
    bad = [item.path for item in found if isinstance(item, Unreadable)]
    assert bad == ["f.zip!/b.xlsx", "f.zip!/inner.zip!/e.txt"]
    good: list[Document] = []
    with pytest.raises(ReadError) as fault:
        for document in read_bytes(data, "f.zip"):
            good.append(document)
    assert len(good) == 3 and str(fault.value).count("\n") == 1


def read_archive(data: bytes) -> list[Document | Unreadable]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.zip"
        path.write_bytes(data)
        shown = []
        for item in read_each(path):
            where = item.path if isinstance(item, Unreadable) else item.source.path
            where = where.replace(f"{folder}{os.sep}", "")
            shown.append(Unreadable(where, item.reason) if isinstance(item, Unreadable) else item)
        return shown


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    """Files come sorted; hidden files, lock files and links out of the folder are left out, doubled paths come once."""
    root = tmp_path / "in"
    for name in ("b/2.xlsx", "a.txt", "b/1.txt", ".hidden/x.txt", "~$a.xlsx", ".DS_Store"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    outside = tmp_path / "out.txt"
    outside.write_text("x")
    (root / "link.txt").symlink_to(outside)
    (root / "inner.txt").symlink_to(root / "a.txt")
    (root / "loop").symlink_to(root)
    found = [Path(path).relative_to(root).as_posix() for path in inputs([root, root / "a.txt"])]
    assert found == ["a.txt", "b/1.txt", "b/2.xlsx", "inner.txt"]
    assert list(inputs(["-", tmp_path / "none.txt"])) == ["-", str(tmp_path / "none.txt")]


def test_reading_is_repeatable() -> None:
    """The same bytes give equal documents."""
    assert list(read(SEED)) == list(read(SEED))
    assert DEFAULT.max_bytes == 100 * 1024 * 1024

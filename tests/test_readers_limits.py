"""Hostile files end with one line of reason: bombs, floods, deep nesting, false sizes."""

from __future__ import annotations

import io
import os
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from spreadsheet_files import HEAD, MAIN, biff8, ods, ole, record, text8, xlsx, xlsx_parts, zipped
from yardstick import at_most

from checker.errors import ReadError
from checker.readers import inputs, read, read_bytes
from checker.readers.limits import DEFAULT, Limits, check_xml, check_zip, member

SMALL = Limits(
    max_bytes=1 << 20, max_cells=50, max_rows=40, max_columns=30, max_area=500, max_grids=3, max_entries=20, max_unpacked=4 << 20,
    max_files=5, max_cell_text=1000,
)  # fmt: skip


def refused(data: bytes, name: str, words: str, limits: Limits = DEFAULT) -> None:
    """The file is refused with these words, in one line, at once."""
    with at_most(30), pytest.raises(ReadError, match=words) as fault:
        list(read_bytes(data, name, limits))
    assert name in str(fault.value) and "\n" not in str(fault.value)


def sheet(body: str) -> bytes:
    return xlsx({"表": body})


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """200 MB of sparse file are refused by their size alone."""
    path = tmp_path / "big.xlsx"
    with path.open("wb") as out:
        out.truncate(200 << 20)
    with at_most(1), pytest.raises(ReadError, match=r"200\.0 MB"):
        list(read(path))


def test_limits_are_options(tmp_path: Path) -> None:
    """The same file is read or refused as the limit says."""
    path = tmp_path / "a.txt"
    path.write_text("甲\t1\n" * 30, encoding="utf-8")
    assert len(list(read(path))) == 1
    for limits in (replace(DEFAULT, max_bytes=10), replace(DEFAULT, max_rows=10), replace(DEFAULT, max_columns=1), replace(DEFAULT, max_cells=9)):
        with pytest.raises(ReadError):
            list(read(path, limits=limits))


def test_zip_bombs_by_ratio() -> None:
    """A member that unpacks to a thousand times its size is refused by its directory entry."""
    parts = xlsx_parts({"表": ""})
    parts["xl/worksheets/sheet1.xml"] = b" " * (8 << 20)
    refused(zipped(parts), "a.xlsx", "压缩比")
    refused(zipped({"a.txt": b"\t" * (8 << 20)}), "a.zip", "压缩比")


def test_a_directory_that_lies_about_sizes() -> None:
    """The sizes counted are those really unpacked: a false entry gains nothing."""
    parts = xlsx_parts({"表": ""})
    parts["xl/worksheets/sheet1.xml"] = b" " * (8 << 20)
    data = bytearray(zipped(parts))
    for real in (struct.pack("<I", 8 << 20),):
        at = data.find(real)
        while at >= 0:
            data[at : at + 4] = struct.pack("<I", 1000)
            at = data.find(real, at)
    with pytest.raises(ReadError):
        list(read_bytes(bytes(data), "a.xlsx"))
    archive = check_zip(bytes(data), DEFAULT, "a.xlsx")
    with pytest.raises(ReadError):
        member(archive, "xl/worksheets/sheet1.xml", DEFAULT, "a.xlsx")


MEMBERS = {"a.txt": "绩效自评表" * 40, "b.txt": "", "表.txt": "甲", "c.txt": "乙" * 9}
HOLDING = {how: zipped(MEMBERS, how) for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(HOLDING)), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=2), st.integers(0, 30))
def test_members_come_out_as_the_library_gives_them(how: int, edits: list[tuple[int, int]], missing: int) -> None:
    """Whatever bytes of a container change or lack at its start, each member is what `zipfile` makes of it, or refused as by it."""
    data = bytearray(HOLDING[how])
    for at, byte in edits:
        data[at % len(data)] = byte
    held = bytes(data)[missing if missing < 5 else 0 :]
    try:
        archive = check_zip(held)
    except ReadError:
        return
    for name in archive.namelist():
        try:
            expected: bytes | None = zipfile.ZipFile(io.BytesIO(held)).read(name)
        except Exception:  # zipfile raises whatever it meets
            expected = None
        try:
            made = member(archive, name)
        except ReadError:
            made = None
        assert made == expected


def test_total_size_and_entry_count() -> None:
    """Many members, or many bytes in all, are refused."""
    refused(zipped({f"{at}.txt": "x" for at in range(21)}), "a.zip", "过多", SMALL)
    noise = os.urandom(1 << 20)
    refused(zipped({f"{at}.bin": noise for at in range(5)}), "a.zip", "过大", replace(SMALL, max_bytes=8 << 20))


def test_archives_within_archives() -> None:
    """Archives nest twice at most, and all of them share one budget of files and bytes."""
    inner = zipped({"a.txt": "甲\t1"})
    assert len(list(read_bytes(zipped({"i.zip": inner}), "a.zip"))) == 1
    with pytest.raises(ReadError, match="嵌套"):
        list(read_bytes(zipped({"o.zip": zipped({"i.zip": inner})}), "a.zip"))
    six = zipped({f"{at}.zip": zipped({"a.txt": "甲\t1"}) for at in range(4)})
    with pytest.raises(ReadError, match="过多"):
        list(read_bytes(six, "a.zip", SMALL))


def test_overlapping_and_endless_members() -> None:
    """An archive that contains itself by overlapping entries is refused or gives faults, never endless output."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "甲\t1\n" * 10000)
        entry = archive.infolist()[0]
        for at in range(10):
            copy = zipfile.ZipInfo(f"{at}.txt")
            for name in ("compress_type", "flag_bits", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(copy, name, getattr(entry, name))
            archive.filelist.append(copy)
    with pytest.raises(ReadError):
        list(read_bytes(out.getvalue(), "a.zip"))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"])
def test_document_types_are_refused_in_every_part(part: str) -> None:
    """Entity bombs and outside entities never get to be expanded, in UTF-8 or UTF-16."""
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    for text in (bomb.encode(), outside.encode(), bomb.replace("<?xml", "<?xml", 1).encode("utf-16")):
        parts = xlsx_parts({"表": ""})
        parts[part] = text
        refused(zipped(parts), "a.xlsx", "DOCTYPE")


def test_check_xml_sees_through_encodings() -> None:
    """The check for a document type works on UTF-16 too and lets ordinary XML pass."""
    assert check_xml(b"<a/>") == b"<a/>"
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-32"):
        with pytest.raises(ReadError):
            check_xml("<!doctype a><a/>".encode(encoding))


def test_document_types_in_other_xml_formats() -> None:
    """ODF and Excel 2003 XML refuse document types as well."""
    refused(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<!DOCTYPE a><a/>"}), "a.ods", "DOCTYPE")
    text = '<?xml version="1.0"?><!DOCTYPE Workbook><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    refused(text.encode(), "a.xls", "DOCTYPE")


def test_deep_nesting() -> None:
    """Elements nested a hundred thousand deep are refused, wherever they stand."""
    deep = "<a>" * 100_000
    refused(sheet(deep), "a.xlsx", "嵌套", replace(DEFAULT, max_ratio=5000))
    parts = xlsx_parts({"表": ""})
    parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{deep}'
    refused(zipped(parts), "a.xlsx", "嵌套", replace(DEFAULT, max_ratio=5000))
    refused(ods(deep), "a.ods", "嵌套", replace(DEFAULT, max_ratio=5000))


def far(reference: str) -> bytes:
    return sheet(f'<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="{reference}"><v>1</v></c></row></sheetData>')


def test_a_million_columns() -> None:
    """A row with a million values, and a value in the last column, are refused in every format."""
    refused(far("XFD1"), "a.xlsx", "列数")
    refused(far("A1048576"), "a.xlsx", "行数")
    refused(far("ZZZ1"), "a.xlsx", "列数")
    refused(far("AAAA1"), "a.xlsx", "位置")
    refused(far("KN50000"), "a.xlsx", "范围")
    refused(("a\t" * 1_000_000).encode(), "a.txt", "列数")
    refused(("a," * 1_000_000).encode(), "a.csv", "列数")
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    refused(ods(f"<table:table-row>{cell}</table:table-row>"), "a.ods", "列数")
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
    refused(ods(row), "a.ods", "行数")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sheet("<sheetData>" + "".join(f'<row><c><v>{at}</v></c><c><v>1</v></c></row>' for at in range(30)) + "</sheetData>"), "单元格"),
        (lambda: sheet('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>' + "甲乙" * 600 + "</t></is></c></row></sheetData>"), "过长"),
        (lambda: xlsx({f"表{at}": "" for at in range(4)}), "工作表"),
        (lambda: xlsx("", strings=["<t>a</t>"] * 300), "共享文字"),
        (lambda: xlsx("", formats=["0"] * 80), "样式"),
        (lambda: sheet("<sheetData/><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 80 + "</mergeCells>"), "合并"),
        (lambda: sheet("<sheetData><row>" + "<c/>" * 900 + "</row></sheetData>"), "单元格"),
    ],
)  # fmt: skip
def test_each_count_of_a_workbook_is_bounded(make: Callable[[], bytes], words: str) -> None:
    """Cells, text length, sheets, shared texts, styles, merged areas, blank cells: each has its limit and its reason."""
    refused(make(), "a.xlsx", words, SMALL)


def test_floods_in_xls() -> None:
    """Cells, merged areas, shared texts and sheets of an .xls are bounded the same."""

    def xls(body: bytes, strings: bytes = b"") -> bytes:
        return ole({"Workbook": biff8(body, strings=strings)})

    many = b"".join(record(0x203, struct.pack("<HHHd", at, 0, 0, 1.0)) for at in range(60))
    refused(xls(many), "a.xls", "单元格", SMALL)
    refused(xls(record(0xE5, struct.pack("<H", 60) + struct.pack("<HHHH", 0, 1, 0, 1) * 60)), "a.xls", "合并", SMALL)
    refused(xls(b"", record(0xFC, struct.pack("<II", 9, 0xFFFFFFFF))), "a.xls", "共享文字", SMALL)
    refused(xls(record(0x204, struct.pack("<HHH", 0, 0, 0) + text8("甲" * 1500))), "a.xls", "过长", SMALL)
    wide = b"".join(record(0xBD, struct.pack("<HH", 0, 0) + struct.pack("<HI", 0, 6) * 1000 + b"\0\0") for _ in range(3))
    refused(xls(wide), "a.xls", "单元格", SMALL)


def test_cycles_in_compound_files() -> None:
    """A sector chain that runs in a circle ends."""
    data = bytearray(ole({"Workbook": biff8(b"")}))
    fat = 512
    for sector in range(128):
        data[fat + 4 * sector : fat + 4 * sector + 4] = struct.pack("<I", sector)
    with pytest.raises(ReadError):
        list(read_bytes(bytes(data), "a.xls"))
    data = bytearray(ole({"Workbook": biff8(b"")}))
    data[68:76] = struct.pack("<II", 0, 1)
    for sector in range(128):
        data[fat + 4 * sector : fat + 4 * sector + 4] = struct.pack("<I", 0)
    with at_most(20), pytest.raises(ReadError):
        list(read_bytes(bytes(data), "a.xls"))


def test_merged_areas_cost_n_log_n() -> None:
    """A hundred thousand merged areas, all overlapping, take no longer than their number warrants."""
    body = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="4000"><c r="ALL4000"><v>1</v></c></row></sheetData>'
    areas = "".join(f'<mergeCell ref="A{at}:ALL{at + 3000}"/>' for at in range(1, 1001)) * 100
    with at_most(80):
        (document,) = read_bytes(sheet(f"{body}<mergeCells>{areas}</mergeCells>"), "a.xlsx", replace(DEFAULT, max_ratio=5000))
    assert any("等" in note for note in document.notes)


def test_nothing_in_an_archive_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members that climb out of the archive are read in memory under their own names; no file appears."""
    monkeypatch.chdir(tmp_path)
    data = zipped({"../../evil.txt": "甲\t1", "/abs.txt": "甲\t1"})
    assert len(list(read_bytes(data, "a.zip"))) == 2
    assert not list(tmp_path.iterdir())


def test_symbolic_links_in_archives_are_refused() -> None:
    """A member that is a symbolic link is not followed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    refused(out.getvalue(), "a.zip", "符号链接")


def test_folders_are_bounded(tmp_path: Path) -> None:
    """A folder with more files than the limit is refused."""
    for at in range(7):
        (tmp_path / f"{at}.txt").write_text("x")
    with pytest.raises(ReadError, match="过多"):
        list(inputs([tmp_path], SMALL))


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits by rlimit")
def test_memory_stays_bounded() -> None:
    """The worst files the default limits let through the door are refused within a gigabyte of address space."""
    script = (
        f"import sys; sys.path[:0] = [{str(Path(__file__).parent.parent)!r}, {str(Path(__file__).parent)!r}]\n"
        "from msgspec.structs import replace\n"
        "from spreadsheet_files import *\n"
        "from checker.readers import read_bytes\n"
        "from checker.readers.limits import DEFAULT\n"
        "from checker.errors import ReadError\n"
        "loose = replace(DEFAULT, max_ratio=10**6)\n"
        "cells = '<sheetData><row r=\"1\">' + '<c/>' * 4_500_000 + '</row></sheetData>'\n"
        "for data, name in ((xlsx({'a': cells}), 'a.xlsx'), (xlsx({'a': '<a>' * 2_000_000}), 'a.xlsx'),\n"
        "                   (xlsx('', strings=['<t/>' * 2_000_000]), 'a.xlsx'), (b'a\\n' * 4_000_000, 'a.txt')):\n"
        "    try: list(read_bytes(data, name, loose))\n"
        "    except ReadError as fault: print(fault)\n"
        "    else: print('read')\n"
    )

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, preexec_fn=bound)
    assert done.returncode == 0, done.stderr[-500:]
    assert len(done.stdout.splitlines()) == 4

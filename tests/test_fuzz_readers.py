"""Thousands of broken files: every one gives a document or one line of reason, in bounded time."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from spreadsheet_files import biff5, biff8, ods, ole, record, text8, xlsx, zipped
from yardstick import stick

from checker.errors import ReadError
from checker.model import Document
from checker.readers import read_bytes
from checker.readers.limits import Limits

DATA = Path(__file__).parent / "data" / "readers"
SEED = Path(__file__).parent.parent / "sample_forms" / "minhang_dpf_2023.txt"

LIMITS = Limits(max_bytes=4 << 20, max_cells=20_000, max_rows=5_000, max_columns=300, max_area=200_000, max_unpacked=8 << 20)
SLOWEST = 40
"""Times the yardstick a single broken file may take."""

SPECIAL = (b"\x00", b"\xff", b"<", b">", b'"', b"&", b"]]>", b"<!DOCTYPE a>", b"<!--", b"\t" * 50, b"9" * 30, b"-1", b"\xff\xff\xff\x7f", b"E9")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few flips, cuts, copies or insertions."""
    raw = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        if not raw:
            break
        at = chance.randrange(len(raw))
        match chance.randrange(7):
            case 0:
                raw[at] ^= 1 << chance.randrange(8)
            case 1:
                raw[at] = chance.randrange(256)
            case 2:
                del raw[at : at + chance.choice((1, 2, 8, 100))]
            case 3:
                del raw[at:]
            case 4:
                raw[at:at] = chance.choice(SPECIAL)
            case 5:
                start = chance.randrange(len(raw))
                raw[at:at] = raw[start : start + chance.randrange(200)]
            case _:
                raw[at : at + 4] = chance.randbytes(4)
    return bytes(raw)


def mutated_member(data: bytes, chance: random.Random) -> bytes:
    """The container with one member mutated, lost or doubled, packed anew so that it opens."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    if chance.random() < 0.05:
        del members[name]
    else:
        members[name] = mutated(members[name], chance)
    return zipped(members, zipfile.ZIP_STORED)


def survives(data: bytes, name: str) -> str:
    """Reads one broken file; anything but documents or a ReadError fails the test, as does slowness."""
    begun = time.process_time()
    try:
        documents = list(read_bytes(data, name, LIMITS))
        outcome = "read"
        assert all(isinstance(document, Document) for document in documents)
        for document in documents:
            for grid in document.grids:
                assert all(cell.rowspan > 0 and cell.colspan > 0 and cell.row >= 0 and cell.column >= 0 for cell in grid.cells)
                assert all(cell.text or cell.unread for cell in grid.cells)
    except ReadError as fault:
        outcome = "refused"
        assert name in str(fault)
    used = time.process_time() - begun
    assert used < 0.5 or used < SLOWEST * stick()
    return outcome


def small_xls() -> bytes:
    import struct

    strings = record(0xFC, struct.pack("<II", 2, 2) + text8("数量指标") + struct.pack("<HB", 3, 0) + b"a") + record(0x3C, b"\0bc")
    body = b"".join(record(0xFD, struct.pack("<HHHI", at, 0, 0, at % 2)) for at in range(6))
    body += record(0x203, struct.pack("<HHHd", 7, 0, 1, 0.9918)) + record(0xE5, struct.pack("<HHHHH", 1, 0, 1, 0, 1))
    body += record(0x06, struct.pack("<HHH", 2, 2, 0) + b"\0\0\0\0\0\0\xff\xff" + b"\0" * 8) + record(0x207, text8("合计"))
    return biff8(body, strings=strings, formats=["0.00%"])


Sample = tuple[bytes, str, Callable[[bytes, random.Random], bytes], Callable[[bytes], bytes], int]


def whole(data: bytes) -> bytes:
    """The file itself."""
    return data


def samples() -> dict[str, Sample]:
    """What is broken: content, name, how, what is put around it, how many times."""
    real = (DATA / "09_yongde_mingliang_school.xlsx").read_bytes()
    made = xlsx(
        {
            "甲": '<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s" s="1"><v>0</v></c>'
            '<c r="B1" s="2"><v>45000.5</v></c><c r="C1" s="3"><v>-12.5</v></c><c r="D1"><f>1</f></c><c r="E1" t="e"><v>#N/A</v></c>'
            '<c r="F1" t="inlineStr"><is><r><t>a_x000D_b</t></r></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells>',
            "乙": '<sheetData><row r="2"><c r="A2"><v>1</v></c></row></sheetData>',
        },
        strings=["<t>指标</t><rPh><t>x</t></rPh>"],
        formats=['@"分"', 'yyyy"年"m"月" h:mm', "[Red][<0](0.00);0.00%"],
    )
    table = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1.5" '
        'table:number-columns-spanned="2"><text:p>1.5<text:s text:c="2"/></text:p></table:table-cell></table:table-row>'
    )
    lines = SEED.read_text(encoding="utf-8").splitlines()
    text = "\n".join(lines[:12] + lines[-25:]).encode()
    xml = (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        b'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row ss:Index="2">'
        b'<Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="Number">1.5</Data></Cell><Cell><Data ss:Type="DateTime">'
        b"2023-03-15T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    csv = '指标,"说明",分值\n甲,"a,\nb""c",1.00\n="007",,2\n'.encode() * 5
    nested = zipped({"a.txt": text, "b.xlsx": made, "c.zip": zipped({"d.csv": csv})})
    return {
        "xlsx": (real, "a.xlsx", mutated, whole, 1000),
        "xlsx-members": (real, "a.xlsx", mutated_member, whole, 1500),
        "xlsx-made-members": (made, "a.xlsx", mutated_member, whole, 4000),
        "xls": ((DATA / "12_huangshi_library.xls").read_bytes(), "a.xls", mutated, whole, 3000),
        "xls-records": (small_xls(), "a.xls", mutated, lambda data: ole({"Workbook": data}), 6000),
        "xls5-records": (
            biff5(record(0x204, b"\0\0\1\0\1\0\4\0" + "绩效".encode("gbk"))), "a.xls", mutated, lambda data: ole({"Book": data}), 2000,
        ),
        "ods-members": (ods(table), "a.ods", mutated_member, whole, 3000),
        "spreadsheetml": (xml, "a.xls", mutated, whole, 3000),
        "txt": (text, "a.txt", mutated, whole, 2000),
        "csv": (csv, "a.csv", mutated, whole, 2000),
        "zip": (nested, "a.zip", mutated, whole, 1500),
        "zip-members": (nested, "a.zip", mutated_member, whole, 1000),
    }  # fmt: skip


SAMPLES = samples()


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_broken_files_end_in_a_document_or_a_reason(kind: str) -> None:
    """Flipped, cut, doubled and inserted bytes never cause another exception, a hang or a cell without text or reason."""
    data, name, how, around, times = SAMPLES[kind]
    assert survives(around(data), name) == "read"
    chance = random.Random(f"readers {kind}")
    outcomes = [survives(around(how(data, chance)), name) for _ in range(times)]
    assert {"read", "refused"} <= set(outcomes)


def test_random_bytes_behind_each_signature() -> None:
    """Noise that begins like a known type is refused or read as text."""
    chance = random.Random("noise")
    for magic in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf", b"\xff\xfe", b"<?xml ", b""):
        for _ in range(60):
            survives(magic + chance.randbytes(chance.randrange(1, 3000)), "a.bin")

"""Small spreadsheet files made by hand, so that tests can say exactly what stands in them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def zipped(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip container of these members, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx_parts(
    sheets: Mapping[str, str],
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    states: Mapping[str, str] | None = None,
    date1904: bool = False,
) -> dict[str, str | bytes]:
    """The members of a workbook. Sheets are the XML inside <worksheet>; `strings` the XML inside each <si>.

    Style 0 is General, style n the n-th of `formats`.
    """
    states = states or {}
    names = list(sheets)
    listing = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" state="{states.get(name, "visible")}" r:id="rId{at}"/>'
        for at, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{163 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(formats, 1)
    )
    styles = "".join(f'<xf numFmtId="{163 + at}"/>' for at in range(1, len(formats) + 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{listing}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">{relations}'
        f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="t" Type="{OFFICE}/styles" Target="/xl/styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>',
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
    }
    for at, body in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = f'{HEAD}<worksheet xmlns="{MAIN}">{body}</worksheet>'
    return parts


def xlsx(sheets: Mapping[str, str] | str, **kwargs: object) -> bytes:
    """A workbook; a single text is the XML of its only sheet's cells."""
    if isinstance(sheets, str):
        sheets = {"表": f'<sheetData><row r="1">{sheets}</row></sheetData>'}
    return zipped(xlsx_parts(sheets, **kwargs))  # type: ignore[arg-type]


def ods(table: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet with this XML inside its one table."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    content = (
        f"{HEAD}<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="表">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def record(kind: int, body: bytes = b"") -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


def text8(text: str, prefix: str = "<H") -> bytes:
    """A string of BIFF8 with two bytes a character."""
    return struct.pack(prefix, len(text)) + b"\x01" + text.encode("utf-16-le")


def biff8(sheet: bytes, *, strings: bytes = b"", formats: Sequence[str] = (), state: int = 0, kind: int = 0) -> bytes:
    """A workbook stream with one sheet; XF 0 is General, XF n has the n-th of `formats`."""
    begin = record(0x809, struct.pack("<HHHH", 0x600, 5, 0, 0))
    codes = b"".join(record(0x41E, struct.pack("<H", 163 + at) + text8(code)) for at, code in enumerate(formats, 1))
    styles = b"".join(record(0xE0, struct.pack("<HH", 0, 163 + at if at else 0) + b"\0" * 16) for at in range(len(formats) + 1))
    name = struct.pack("<B", 1) + b"\x01" + "表".encode("utf-16-le")
    head = begin + codes + styles
    bound = len(record(0x85, b"\0" * 6 + name))
    position = len(head) + bound + len(strings) + 4
    listing = record(0x85, struct.pack("<IBB", position, state, kind) + name)
    return head + listing + strings + record(0x0A) + record(0x809, struct.pack("<HHHH", 0x600, 16, 0, 0)) + sheet + record(0x0A)


def biff5(sheet: bytes, encoding: str = "gbk", codepage: int = 936) -> bytes:
    """An Excel 5/95 workbook stream with one sheet of byte strings; XF 1 is a percentage with two decimals."""
    begin = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", codepage))
    styles = record(0xE0, struct.pack("<HH", 0, 0) + b"\0" * 12) + record(0xE0, struct.pack("<HH", 0, 10) + b"\0" * 12)
    raw = "表".encode(encoding)
    name = struct.pack("<B", len(raw)) + raw
    head = begin + styles
    position = len(head) + len(record(0x85, b"\0" * 6 + name)) + 4
    listing = record(0x85, struct.pack("<IBB", position, 0, 0) + name)
    return head + listing + record(0x0A) + record(0x809, struct.pack("<HHHH", 0x500, 16, 0, 0)) + sheet + record(0x0A)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, all of them in whole sectors (none in the mini stream)."""
    sector = 512
    bodies = [content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0") for content in streams.values()]
    directory_sectors = -(-(len(bodies) + 1) // 4)
    counts = [len(body) // sector for body in bodies]
    total = directory_sectors + sum(counts)
    fat_sectors = -(-(total + 1) // 128)
    while fat_sectors * 128 < total + fat_sectors:
        fat_sectors += 1
    fat = [0xFFFFFFFD] * fat_sectors
    at = fat_sectors
    starts = []
    for count in (directory_sectors, *counts):
        starts.append(at)
        fat += [*range(at + 1, at + count), 0xFFFFFFFE]
        at += count
    fat += [0xFFFFFFFF] * (fat_sectors * 128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
        return raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + links + b"\0" * 36 + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for name, start, body in zip(streams, starts[1:], bodies, strict=True):
        directory += entry(name, 2, start, len(body))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, starts[0], 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *range(fat_sectors), *[0xFFFFFFFF] * (109 - fat_sectors))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory.ljust(directory_sectors * sector, b"\0") + b"".join(bodies)

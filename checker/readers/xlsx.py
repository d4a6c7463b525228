"""Excel workbooks (.xlsx, .xlsm): cells as shown to a person, straight from the XML.

Source: ECMA-376 Part 1, SpreadsheetML, and its strict form. Numbers come from the digits in the
file, never through a float; formulas give their cached result.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.limits import DEFAULT, Limits, check_zip, packed, unpack, unpacked
from checker.readers.number_format import BUILT_IN
from checker.readers.sheet import grid, too_many
from checker.readers.symbols import table_of
from checker.readers.xlsx_sheet import SHORT, TRUE, Workbook, gather, integer
from checker.readers.xlsx_strings import shared_strings
from checker.readers.xml_stream import parse

RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
WORKBOOK = "xl/workbook.xml"
SHEET_TYPE = "/worksheet"
SMALL = 1 << 16
"""Parts up to so many bytes are compared with those of earlier files."""

T = TypeVar("T")


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads every sheet that shows something as one grid, in workbook order.

    Cells are the text shown under their number format; a formula without cached result and an
    error value are unread with the reason. Notes name hidden sheets, rows and columns, and
    merged areas that contradict each other. Raises ReadError for broken, encrypted or over-large
    workbooks.
    """
    archive = check_zip(data, limits, source.path)
    members = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    main = _main(archive, members, limits, source.path)
    relations = _relations(archive, members, main, limits, source.path)
    sheets, date1904 = _kept(_sheets, archive, members[main], limits, source.path)
    if len(sheets) > limits.max_grids:
        raise too_many("工作表", limits.max_grids, source.path)
    shared = next((target for kind, target in relations.values() if kind.endswith("/sharedStrings")), None)
    styles = next((target for kind, target in relations.values() if kind.endswith("/styles")), None)
    strings = shared_strings(archive, members[shared], limits, source.path) if shared in members else ()
    codes, symbols = _kept(_styles, archive, members[styles], limits, source.path) if styles in members else ((), {})
    book = Workbook(archive, strings, codes, symbols, date1904, source.path, limits)
    grids: list[Grid] = []
    notes: list[str] = []
    for name, hidden, relation in sheets:
        kind, target = relations.get(relation, ("", ""))
        if kind and not kind.endswith(SHEET_TYPE):
            notes.append(f"工作表 {name} 不是表格（{posixpath.basename(kind)}），未读")
            continue
        if target not in members:
            raise ReadError(f"工作表 {name} 的内容缺失 @ {source.path}，请重新保存")
        made, said = grid(gather(book, members[target], name, hidden), source.path, limits)
        notes += said
        if made:
            grids.append(made)
    if not grids:
        notes.append("工作簿没有任何内容")
    return Document(source, tuple(grids), tuple(notes))


def _main(archive: zipfile.ZipFile, members: dict[str, str], limits: Limits, path: str) -> str:
    if "_rels/.rels" in members:
        for kind, target in _relations(archive, members, "", limits, path).values():
            if kind.endswith("/officeDocument") and target in members:
                return target
    if WORKBOOK not in members:
        raise ReadError(f"工作簿缺少正文 @ {path}，请重新保存")
    return WORKBOOK


def _relations(
    archive: zipfile.ZipFile, members: dict[str, str], part: str, limits: Limits, path: str
) -> dict[str, tuple[str, str]]:
    # Relation id → (type, member in lower case); targets are relative to the part's folder.
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", base + ".rels").lower()
    if name not in members:
        return {}
    return _kept(_related, archive, members[name], limits, path, folder)


def _related(data: Iterable[bytes], limits: Limits, path: str, folder: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, values: dict[str, str]) -> None:
        if tag.endswith(" Relationship") and values.get("TargetMode") != "External":
            target = values.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[values.get("Id", "")] = (values.get("Type", ""), whole.lower())
            if len(found) > limits.max_entries:
                raise too_many("部件关系", limits.max_entries, path)

    parse(data, start, _nothing, None, limits, path)
    return found


def _kept(make: Callable[..., T], archive: zipfile.ZipFile, name: str, limits: Limits, path: str, *more: object) -> T:
    # Files of one template share these parts to the byte: what they say is worked out once.
    entry = archive.NameToInfo[name]
    held = packed(archive, entry, limits) if entry.file_size <= SMALL else None
    if held:
        try:
            found: T = _made(make, held, entry.compress_type, entry.file_size, entry.CRC, limits, *more)
        except ReadError:
            pass
        else:
            return found
    return make(unpack(archive, name, limits, path), limits, path, *more)


@lru_cache(maxsize=64)
def _made(make: Callable[..., object], held: bytes, method: int, size: int, checksum: int, limits: Limits, *more: object) -> Any:
    data = unpacked(held, method, size, checksum)
    if data is None:
        raise ReadError("")
    return make((data,), limits, "", *more)


def _nothing(_: str) -> None:
    return None


def _sheets(data: Iterable[bytes], limits: Limits, path: str) -> tuple[list[tuple[str, bool, str]], bool]:
    sheets: list[tuple[str, bool, str]] = []
    date1904 = False

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal date1904
        short = SHORT.get(tag)
        if short == "sheet":
            relation = next((values[key] for key in RELATION_ID if key in values), "")
            sheets.append((values.get("name", ""), values.get("state", "visible") != "visible", relation))
        elif short == "workbookPr":
            date1904 = values.get("date1904", "0") in TRUE

    parse(data, start, _nothing, None, limits, path)
    return sheets, date1904


def _styles(data: Iterable[bytes], limits: Limits, path: str) -> tuple[tuple[str, ...], dict[str, dict[int, str]]]:
    # Format codes by style, and the code tables of the styles with a symbol font.
    custom: dict[int, str] = {}
    fonts: list[str] = []
    found: list[tuple[int, int]] = []
    inside = ""

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal inside
        short = SHORT.get(tag)
        if short == "numFmt":
            custom[integer(values.get("numFmtId"))] = values.get("formatCode", "General")
        elif short in ("cellXfs", "fonts"):
            inside = short
        elif short == "font" and inside == "fonts":
            fonts.append("")
        elif short == "name" and inside == "fonts" and fonts:
            fonts[-1] = values.get("val", "")
        elif short == "xf" and inside == "cellXfs":
            found.append((integer(values.get("numFmtId")), integer(values.get("fontId"))))
        if len(found) + len(fonts) + len(custom) > limits.max_cells:
            raise too_many("样式", limits.max_cells, path)

    def end(tag: str) -> None:
        nonlocal inside
        if SHORT.get(tag) in ("cellXfs", "fonts"):
            inside = ""

    parse(data, start, end, None, limits, path)
    tables = [table_of(font) for font in fonts]
    symbols = {str(at): table for at, (_, font) in enumerate(found) if font < len(tables) and (table := tables[font])}
    return tuple(custom.get(code) or BUILT_IN.get(code, "General") for code, _ in found), symbols

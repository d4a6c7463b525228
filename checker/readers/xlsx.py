"""Excel workbooks (.xlsx, .xlsm): cells as shown to a person, straight from the XML.

Source: ECMA-376 Part 1, SpreadsheetML, and its strict form. Numbers come from the digits in the
file, never through a float; formulas give their cached result.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.limits import DEFAULT, Limits, check_zip
from checker.readers.number_format import BUILT_IN, number, shown, shown_text
from checker.readers.sheet import NO_RESULT, Sheet, filled, grid, too_many
from checker.readers.xml_stream import End, Start, Text, parse, unpack

MAINS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
SHORT = {f"{main} {local}": local for main in MAINS for local in (
    "c", "v", "t", "f", "is", "rPh", "row", "col", "mergeCell", "si", "sheet", "workbookPr", "xf", "cellXfs", "numFmt",
)}  # fmt: skip
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
WORKBOOK = "xl/workbook.xml"
TRUE = ("1", "true", "on")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MAX_STRINGS = 4
SHEET_TYPE = "/worksheet"


@dataclass(frozen=True, slots=True)
class Workbook:
    """What holds for all sheets: the open container, shared strings, a format code for each style."""

    archive: zipfile.ZipFile
    strings: tuple[str, ...]
    codes: tuple[str, ...]
    date1904: bool
    path: str
    limits: Limits


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
    sheets, date1904 = _sheets(archive, members, main, limits, source.path)
    if len(sheets) > limits.max_grids:
        raise too_many("工作表", limits.max_grids, source.path)
    shared = next((target for kind, target in relations.values() if kind.endswith("/sharedStrings")), None)
    styles = next((target for kind, target in relations.values() if kind.endswith("/styles")), None)
    book = Workbook(
        archive,
        _strings(archive, members[shared], limits, source.path) if shared in members else (),
        _codes(archive, members[styles], limits, source.path) if styles in members else (),
        date1904,
        source.path,
        limits,
    )
    grids: list[Grid] = []
    notes: list[str] = []
    for name, hidden, relation in sheets:
        kind, target = relations.get(relation, ("", ""))
        if kind and not kind.endswith(SHEET_TYPE):
            notes.append(f"工作表 {name} 不是表格（{posixpath.basename(kind)}），未读")
            continue
        if target not in members:
            raise ReadError(f"工作表 {name} 的内容缺失 @ {source.path}，请重新保存")
        made, said = grid(_sheet(book, members[target], name, hidden), source.path, limits)
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
    found: dict[str, tuple[str, str]] = {}
    if name not in members:
        return found

    def start(tag: str, values: dict[str, str]) -> None:
        if tag.endswith(" Relationship") and values.get("TargetMode") != "External":
            target = values.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[values.get("Id", "")] = (values.get("Type", ""), whole.lower())
            if len(found) > limits.max_entries:
                raise too_many("部件关系", limits.max_entries, path)

    parse(unpack(archive, members[name], limits, path), start, _nothing, None, limits, path)
    return found


def _nothing(_: str) -> None:
    return None


def _sheets(
    archive: zipfile.ZipFile, members: dict[str, str], main: str, limits: Limits, path: str
) -> tuple[list[tuple[str, bool, str]], bool]:
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

    parse(unpack(archive, members[main], limits, path), start, _nothing, None, limits, path)
    return sheets, date1904


def _codes(archive: zipfile.ZipFile, name: str, limits: Limits, path: str) -> tuple[str, ...]:
    custom: dict[int, str] = {}
    ids: list[int] = []
    inside = False

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal inside
        short = SHORT.get(tag)
        if short == "numFmt":
            custom[_integer(values.get("numFmtId"))] = values.get("formatCode", "General")
        elif short == "cellXfs":
            inside = True
        elif short == "xf" and inside:
            ids.append(_integer(values.get("numFmtId")))
            if len(ids) > limits.max_cells:
                raise too_many("样式", limits.max_cells, path)

    def end(tag: str) -> None:
        nonlocal inside
        if SHORT.get(tag) == "cellXfs":
            inside = False

    parse(unpack(archive, name, limits, path), start, end, None, limits, path)
    return tuple(custom.get(at) or BUILT_IN.get(at, "General") for at in ids)


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _strings(archive: zipfile.ZipFile, name: str, limits: Limits, path: str) -> tuple[str, ...]:
    strings: list[str] = []
    pieces: list[str] = []
    taking = False
    phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal taking, phonetic
        short = SHORT.get(tag)
        if short == "t":
            taking = not phonetic
        elif short == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal taking, phonetic
        short = SHORT.get(tag)
        if short == "t":
            taking = False
        elif short == "rPh":
            phonetic = False
        elif short == "si":
            strings.append(_text("".join(pieces), path, limits))
            pieces.clear()
            if len(strings) > MAX_STRINGS * limits.max_cells:
                raise too_many("共享文字", MAX_STRINGS * limits.max_cells, path)

    def text(piece: str) -> None:
        if taking:
            pieces.append(piece)

    parse(unpack(archive, name, limits, path), start, end, text, limits, path)
    return tuple(strings)


def _text(text: str, path: str, limits: Limits) -> str:
    if len(text) > limits.max_cell_text:
        raise ReadError(f"单元格文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查文件")
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(name: str) -> int:
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _sheet(book: Workbook, member: str, name: str, hidden: bool) -> Sheet:
    sheet = Sheet(name, hidden)
    start, end, text = _handlers(book, sheet)
    parse(unpack(book.archive, member, book.limits, book.path), start, end, text, book.limits, book.path)
    return sheet


def _handlers(book: Workbook, sheet: Sheet) -> tuple[Start, End, Text]:
    limits = book.limits
    short_of = SHORT.get
    columns: dict[str, int] = {}
    pieces: list[str] = []
    row = -1
    at = (-1, -1)
    kind = ""
    style = 0
    formula = taking = phonetic = False
    seen = 0

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal row, at, kind, style, formula, taking, phonetic, seen
        short = short_of(tag)
        if short == "c":
            seen += 1
            if seen > 8 * limits.max_cells:
                raise too_many("单元格", limits.max_cells, book.path)
            reference = values.get("r")
            at = _place(reference, columns, book.path) if reference else (row, at[1] + 1)
            kind = values.get("t", "n")
            style = _integer(values.get("s"))
            formula = False
            pieces.clear()
        elif short == "v" or short == "t":
            taking = not phonetic
        elif short == "f":
            formula = True
        elif short == "rPh":
            phonetic = True
        elif short == "row":
            row = _integer(values["r"]) - 1 if "r" in values else row + 1
            at = (row, -1)
            if values.get("hidden") in TRUE:
                sheet.hidden_rows.append(row)
        elif short == "mergeCell":
            if area := AREA.fullmatch(values.get("ref", "")):
                first = (int(area[2]) - 1, _column(area[1]))
                last = (int(area[4]) - 1, _column(area[3])) if area[3] else first
                sheet.areas.append((*first, *last))
            if len(sheet.areas) > limits.max_cells:
                raise too_many("合并区域", limits.max_cells, book.path)
        elif short == "col" and values.get("hidden") in TRUE:
            pair = (_integer(values.get("min")) - 1, _integer(values.get("max")) - 1)
            if 0 <= pair[0] <= pair[1]:
                sheet.hidden_columns.append(pair)

    def end(tag: str) -> None:
        nonlocal taking, phonetic
        short = short_of(tag)
        if short == "c":
            if pieces or formula:
                if made := _cell(book, at, kind, style, "".join(pieces), formula):
                    sheet.filled.append(made)
                    if len(sheet.filled) > limits.max_cells:
                        raise too_many("单元格", limits.max_cells, book.path)
                pieces.clear()
        elif short == "v" or short == "t":
            taking = False
        elif short == "rPh":
            phonetic = False

    def text(piece: str) -> None:
        if taking:
            pieces.append(piece)

    return start, end, text


def _place(reference: str, columns: dict[str, int], path: str) -> tuple[int, int]:
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise ReadError(f"单元格位置 {reference[:20]!r} 有误 @ {path}，请重新保存")
    name = match[1]
    column = columns.get(name)
    if column is None:
        column = columns[name] = _column(name)
    return int(match[2]) - 1, column


def _cell(
    book: Workbook, at: tuple[int, int], kind: str, style: int, raw: str, formula: bool
) -> tuple[int, int, str, str | None] | None:
    row, column = at
    code = book.codes[style] if style < len(book.codes) else "General"
    if kind == "n":
        if not raw.strip():
            return filled(row, column, "", NO_RESULT) if formula else None
        return _number(book, row, column, raw, code)
    if kind == "s":
        if not raw.isdigit() or len(raw) > 9 or int(raw) >= len(book.strings):
            return filled(row, column, "", f"共享文字 {raw[:20]} 缺失")
        return filled(row, column, shown_text(book.strings[int(raw)], code))
    if kind == "e":
        return filled(row, column, raw, f"单元格为错误值 {raw[:20]}")
    if kind == "b":
        return filled(row, column, "TRUE" if raw.strip() in TRUE else "FALSE")
    return filled(row, column, shown_text(_text(raw, book.path, book.limits), code))


def _number(book: Workbook, row: int, column: int, raw: str, code: str) -> tuple[int, int, str, str | None] | None:
    try:
        value = number(raw)
    except ValueError as fault:
        return filled(row, column, raw[:40], f"{fault}：{raw[:40]}")
    try:
        text = shown(value, code, book.date1904)
    except ValueError as fault:
        return filled(row, column, raw[:40], f"{fault}：{raw[:40]}")
    return filled(row, column, text) if text else filled(row, column, "", f"数字格式 {code[:40]} 隐藏了内容")

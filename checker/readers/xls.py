"""Excel 97–2003 and Excel 5/95 workbooks (.xls): cells as shown to a person, straight from the BIFF records.

Source: [MS-XLS]; for Excel 5/95 the OpenOffice.org documentation of the format. Doubles are
taken with the 15 digits a spreadsheet keeps.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct, field

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers import ole
from checker.readers.biff_text import CODEPAGES, Continued, shared_strings, text_at
from checker.readers.limits import DEFAULT, Limits
from checker.readers.number_format import BUILT_IN
from checker.readers.sheet import NO_RESULT, Filled, Sheet, filled, filled_number, filled_text, grid, too_many

BOF, EOF, CONTINUE, FILEPASS, CODEPAGE, DATEMODE = 0x809, 0x0A, 0x3C, 0x2F, 0x42, 0x22
BOUNDSHEET, SST, FORMAT, XF = 0x85, 0xFC, 0x41E, 0xE0
BLANKS, NUMBER, LABEL, BOOLERR, RK, MULRK, LABELSST, RSTRING = (0x201, 0xBE), 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD, 0xD6
FORMULAS, STRING, MERGED, ROW, COLINFO = (0x06, 0x206, 0x406), 0x207, 0xE5, 0x208, 0x7D
BIFF5, BIFF8 = 0x500, 0x600
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
MAX_RECORDS = 5_000_000

Record = tuple[int, bytes, tuple[int, ...]]
"""Kind, joined body with its continuations, offsets in the body where a continuation begins."""


class Globals(Struct):
    """What the workbook's first substream says for all sheets."""

    version: int = BIFF8
    encoding: str = "gb18030"
    date1904: bool = False
    sheets: list[tuple[str, int, bool, int]] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    strings: tuple[str, ...] = ()


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads every worksheet that shows something as one grid, under its number formats.

    Notes and unread cells as for .xlsx. Raises ReadError for encrypted, broken or over-large
    workbooks and for versions before Excel 5.
    """
    path = source.path
    content = ole.stream(data, "Workbook", path, limits)
    if content is None:
        content = ole.stream(data, "Book", path, limits)
    if not content:
        raise ReadError(f"工作簿缺少正文 @ {path}，请重新保存")
    try:
        book = _globals(content, path, limits)
        sheets = [_sheet(content, book, entry, path, limits) for entry in book.sheets if entry[3] == 0]
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        raise ReadError(f"工作簿内容已损坏 @ {path}，请重新保存后提交（{type(fault).__name__}）") from None
    grids: list[Grid] = []
    notes = [f"工作表 {name} 不是表格（图表或宏），未读" for name, _, _, kind in book.sheets if kind != 0]
    for sheet in sheets:
        made, said = grid(sheet, path, limits)
        notes += said
        if made:
            grids.append(made)
    if not grids:
        notes.append("工作簿没有任何内容")
    return Document(source, tuple(grids), tuple(notes))


def _records(content: bytes, start: int) -> Iterator[Record]:
    at = start
    depth = 0
    for _ in range(MAX_RECORDS):
        if at + 4 > len(content):
            return
        kind, size = struct.unpack_from("<HH", content, at)
        body = content[at + 4 : at + 4 + size]
        at += 4 + size
        joints: list[int] = []
        if content[at : at + 2] == b"\x3c\x00":
            pieces = [body]
            length = len(body)
            while content[at : at + 2] == b"\x3c\x00" and at + 4 <= len(content):
                size = struct.unpack_from("<H", content, at + 2)[0]
                joints.append(length)
                pieces.append(content[at + 4 : at + 4 + size])
                length += len(pieces[-1])
                at += 4 + size
            body = b"".join(pieces)
        # Substreams nest: a chart within a sheet has its own BOF and EOF.
        if kind == BOF:
            depth += 1
        if depth == 1 or kind in (BOF, EOF):
            yield kind, body, tuple(joints)
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return


def _globals(content: bytes, path: str, limits: Limits) -> Globals:
    book = Globals()
    if len(content) < 8 or struct.unpack_from("<H", content)[0] != BOF:
        raise ReadError(f"工作簿版本过旧（Excel 4 或更早）或已损坏 @ {path}，请另存为 .xlsx")
    strings: Record | None = None
    for kind, body, joints in _records(content, 0):
        if kind == BOF:
            book.version = struct.unpack_from("<H", body)[0]
            if book.version not in (BIFF5, BIFF8):
                raise ReadError(f"工作簿版本不支持（{book.version:#x}）@ {path}，请另存为 .xlsx")
        elif kind == FILEPASS:
            raise ReadError(f"文件已加密 @ {path}，请去除打开密码后重新提交")
        elif kind == CODEPAGE:
            book.encoding = CODEPAGES.get(struct.unpack_from("<H", body)[0], "gb18030")
        elif kind == DATEMODE:
            book.date1904 = body[:1] == b"\x01"
        elif kind == BOUNDSHEET:
            position, state, sort = struct.unpack_from("<IBB", body)
            name, _ = text_at(body, 6, 1, book.version == BIFF8, book.encoding)
            book.sheets.append((name, position, state & 3 != 0, sort))
            if len(book.sheets) > limits.max_grids:
                raise too_many("工作表", limits.max_grids, path)
        elif kind == FORMAT:
            wide = book.version == BIFF8
            code, _ = text_at(body, 2, 2 if wide else 1, wide, book.encoding)
            book.formats[struct.unpack_from("<H", body)[0]] = code
        elif kind == XF:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == SST:
            strings = (kind, body, joints)
    if strings:
        book.strings = shared_strings(Continued(strings[1], strings[2]), path, limits)
    return book


def _sheet(content: bytes, book: Globals, entry: tuple[str, int, bool, int], path: str, limits: Limits) -> Sheet:
    name, position, hidden, _ = entry
    sheet = Sheet(name, hidden)
    waiting: tuple[int, int, int] | None = None
    for kind, body, _ in _records(content, position):
        if kind == STRING and waiting:
            wide = book.version == BIFF8
            text, _ = text_at(body, 0, 2, wide, book.encoding)
            _append(sheet, filled_text(waiting[0], waiting[1], text, _code(book, waiting[2])), path, limits)
            waiting = None
        elif kind in FORMULAS:
            waiting = _formula(book, sheet, body, path, limits)
        elif kind == MERGED:
            for at in range(struct.unpack_from("<H", body)[0]):
                top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * at)
                sheet.areas.append((top, left, bottom, right))
            if len(sheet.areas) > limits.max_cells:
                raise too_many("合并区域", limits.max_cells, path)
        elif kind == ROW:
            if struct.unpack_from("<H", body, 12)[0] & 0x20:
                sheet.hidden_rows.append(struct.unpack_from("<H", body)[0])
        elif kind == COLINFO:
            first, last, _, _, options = struct.unpack_from("<HHHHH", body)
            if options & 1 and first <= last:
                sheet.hidden_columns.append((first, min(last, 255)))
        else:
            for made in _cells(book, sheet, kind, body):
                _append(sheet, made, path, limits)
    return sheet


def _append(sheet: Sheet, made: Filled | None, path: str, limits: Limits) -> None:
    if made is not None:
        if len(made[1][0]) > limits.max_cell_text:
            raise ReadError(f"单元格文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查文件")
        sheet.filled.append(made)
        if len(sheet.filled) > limits.max_cells:
            raise too_many("单元格", limits.max_cells, path)


def _cells(book: Globals, sheet: Sheet, kind: int, body: bytes) -> Iterator[Filled | None]:
    if kind == LABELSST:
        row, column, style, at = struct.unpack_from("<HHHI", body)
        if at < len(book.strings):
            yield filled_text(row, column, book.strings[at], _code(book, style))
        else:
            yield filled(row, column, "", f"共享文字 {at} 缺失")
    elif kind == NUMBER:
        row, column, style, value = struct.unpack_from("<HHHd", body)
        yield filled_number(sheet, row, column, repr(value), _code(book, style), book.date1904)
    elif kind == RK:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        yield filled_number(sheet, row, column, _rk(packed), _code(book, style), book.date1904)
    elif kind == MULRK:
        row, column = struct.unpack_from("<HH", body)
        for at in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * at)
            yield filled_number(sheet, row, column + at, _rk(packed), _code(book, style), book.date1904)
    elif kind in (LABEL, RSTRING):
        row, column, style = struct.unpack_from("<HHH", body)
        text, _ = text_at(body, 6, 2, book.version == BIFF8, book.encoding)
        yield filled_text(row, column, text, _code(book, style))
    elif kind == BOOLERR:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        yield _special(row, column, value, bool(is_error))


def _special(row: int, column: int, value: int, is_error: bool) -> Filled | None:
    if is_error:
        name = ERRORS.get(value, "#ERR")
        return filled(row, column, name, f"单元格为错误值 {name}")
    return filled(row, column, "TRUE" if value else "FALSE")


def _formula(book: Globals, sheet: Sheet, body: bytes, path: str, limits: Limits) -> tuple[int, int, int] | None:
    row, column, style = struct.unpack_from("<HHH", body)
    result = body[6:14]
    if len(result) < 8:
        raise ValueError("公式")
    if result[6:8] != b"\xff\xff":
        raw = repr(struct.unpack("<d", result)[0])
        _append(sheet, filled_number(sheet, row, column, raw, _code(book, style), book.date1904), path, limits)
        return None
    if result[0] == 0:
        return row, column, style
    if result[0] in (1, 2):
        _append(sheet, _special(row, column, result[2], result[0] == 2), path, limits)
    elif result[0] != 3:
        _append(sheet, filled(row, column, "", NO_RESULT), path, limits)
    return None


def _rk(packed: int) -> str:
    # 30 bits of an integer or of a double's upper half; the lowest bit says hundredths.
    if packed & 2:
        whole = packed >> 2 if packed < 1 << 31 else (packed >> 2) - (1 << 30)
        return f"{whole}e-2" if packed & 1 else str(whole)
    value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return repr(value / 100 if packed & 1 else value)


def _code(book: Globals, style: int) -> str:
    if style >= len(book.styles):
        return "General"
    code = book.styles[style]
    return book.formats.get(code) or BUILT_IN.get(code, "General")

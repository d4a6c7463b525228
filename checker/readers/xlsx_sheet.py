"""One sheet of an Excel workbook, streamed: filled cells as shown, merged areas, hidden rows and columns."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from operator import itemgetter

from msgspec import Struct, field

from checker.errors import ReadError
from checker.readers.limits import DEFAULT, PIECE, Limits, unpack
from checker.readers.sheet import (
    NO_RESULT,
    Filled,
    Place,
    Sheet,
    Shown,
    column_of,
    filled,
    filled_number,
    filled_text,
    shown,
    too_many,
)
from checker.readers.symbols import translate
from checker.readers.xlsx_plain import (
    LARGEST,
    LONG,
    Between,
    NotPlain,
    between,
    kind_of,
    opening,
    parted,
    plain_sheet,
    resolved,
)
from checker.readers.xml_stream import End, Start, Text, parse, too_deep
from checker.remembered import remembered

MAINS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
SHORT = {f"{main} {local}": local for main in MAINS for local in (
    "c", "v", "t", "f", "rPh", "row", "col", "mergeCell", "si", "r", "rFont", "sheet", "workbookPr",
    "xf", "cellXfs", "numFmt", "fonts", "font", "name",
)}  # fmt: skip
TEXTS = ("s", "str", "inlineStr")
TRUE = ("1", "true", "on")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
# Forms carry many formatted blank cells: this many elements may be met for each filled cell allowed.
BLANKS = 8
SMALL = 1 << 16
READY = 1 << 12
ATTRIBUTES = itemgetter(1)


class Workbook(Struct, frozen=True):
    """What holds for all sheets: the open container, shared strings, a format code for each style.

    `symbols` has the code table of those styles whose font shows symbols instead of letters, `shared` how shared strings
    show, by their numbers as written: the first ones at once, others as they come up.
    """

    archive: zipfile.ZipFile
    strings: tuple[str, ...]
    codes: tuple[str, ...]
    symbols: Mapping[str, dict[int, str]]
    date1904: bool
    path: str
    limits: Limits
    shared: dict[str, Shown | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shared.update(zip(_numbers(), map(shown, self.strings), strict=False))


@lru_cache(maxsize=1)
def _numbers() -> tuple[str, ...]:
    return tuple(map(str, range(READY)))


def gather(book: Workbook, member: str, name: str, hidden: bool) -> Sheet:
    """Returns what one sheet holds; raises ReadError for broken XML and beyond the limits."""
    pieces: Iterable[bytes] = unpack(book.archive, member, book.limits, book.path)
    if book.archive.NameToInfo[member].file_size <= LARGEST:
        data = b"".join(pieces)
        sheet = _plain(book, data, name, hidden)
        if sheet is not None:
            return sheet
        pieces = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    sheet = Sheet(name, hidden)
    start, end, text = _handlers(book, sheet)
    parse(pieces, start, end, text, book.limits, book.path, counted=True)
    return sheet


def _plain(book: Workbook, data: bytes, name: str, hidden: bool) -> Sheet | None:
    """Return a sheet of the plain form as the careful reader gives it, None for any other and for one beyond a limit."""
    limits = book.limits
    sheet = Sheet(name, hidden)
    try:
        around, areas, inner = plain_sheet(data)
        if limits.max_nesting < DEFAULT.max_nesting or (len(inner) > limits.max_cells and inner.count("<c ") > limits.max_cells) or len(areas) > limits.max_cells:
            return None
        sheet.hidden_columns += _hidden_columns(around)
        sheet.areas += areas
        _fill(book, sheet, inner)
    except (NotPlain, ReadError):
        return None
    return sheet


@lru_cache(maxsize=64)
def _hidden_columns(around: str) -> tuple[tuple[int, int], ...]:
    # Sheets of one template have the same around their cells: it is parsed once. Only columns may stand there.
    if len(around) > SMALL:
        raise NotPlain
    sheet = Sheet("")
    book = Workbook(zipfile.ZipFile(io.BytesIO(), "w"), (), (), {}, False, "", DEFAULT)
    parse((around.encode(),), *_handlers(book, sheet), DEFAULT, "", counted=True)
    if sheet.filled or sheet.hidden_rows or sheet.areas:
        raise NotPlain
    return tuple(sheet.hidden_columns)


def _fill(book: Workbook, sheet: Sheet, inner: str) -> None:
    first = book.codes[0] if book.codes else "General"
    code_of = {str(at): code for at, code in enumerate(book.codes)}.get
    referring = "&" in inner
    shared = book.shared
    before, values, behind = parted(inner)
    openings = list(map(opening, before))

    def bare(attributes: str) -> str:
        style, kind = kind_of(attributes)
        return kind if style not in book.symbols and code_of(style, first) in ("General", "@") else ""

    kinds = {attributes: bare(attributes) for attributes in set(map(ATTRIBUTES, openings))}
    # The same shared text shows the same in every cell without a format of its own; a text in the cell itself needs no more than to be seen.
    alike = {attributes for attributes, kind in kinds.items() if kind == "s"}
    own = {attributes for attributes, kind in kinds.items() if kind == "inlineStr"}
    seen_as: Iterable[Shown | None] = map(shared.get, values)
    if own and max(map(len, values)) <= book.limits.max_cell_text:
        seen_as = [_seen(value) if opened[1] in own else shared.get(value) for opened, value in zip(openings, values, strict=True)]
        alike |= own

    def other(place: Place, attributes: str, formula: bool, raw: str, aside: Between | None = None) -> Filled | None:
        if aside:
            beside(aside)
        if not raw and not formula:
            return None
        style, kind = kind_of(attributes)
        made = _cell(book, sheet, place[0], place[1], kind, code_of(style, first), resolved(raw) if referring else raw, formula)
        if raw and kinds.get(attributes) == "s":
            shared[raw] = made and made[1]
        return _in_symbols(book, made, style, kind) if made and style in book.symbols else made

    def beside(found: Between) -> None:
        hidden, cells, _ = found
        sheet.hidden_rows += hidden
        sheet.filled += filter(None, [other(*cell) for cell in cells])

    made = [
        (place, seen) if seen and attributes in alike and not aside else other(place, attributes, formula, value, aside)
        for (place, attributes, formula, aside), value, seen in zip(openings, values, seen_as, strict=True)
    ]
    last = between(behind)
    if last[2]:
        raise NotPlain
    beside(last)
    alone = not sheet.filled
    sheet.filled += filter(None, made)
    # Cells without a value of their own stand first here: of two at one place the careful reader knows which came first.
    if not alone and len({place for place, _ in sheet.filled}) < len(sheet.filled):
        raise NotPlain


@partial(remembered, longest=LONG)
def _seen(raw: str) -> Shown | None:
    # A text as it stands in the cell itself.
    return shown(unescaped(resolved(raw)))


def _in_symbols(book: Workbook, made: Filled, style: str, kind: str) -> Filled:
    place, (text, unread) = made
    if unread is None and kind in TEXTS:
        return place, (translate(text, book.symbols[style]), None)
    return made


def cell_text(text: str, path: str, limits: Limits) -> str:
    """Returns a stored text with its `_xHHHH_` escapes resolved; raises ReadError when it is over-long."""
    if len(text) > limits.max_cell_text:
        raise ReadError(f"单元格文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查文件")
    return unescaped(text)


def unescaped(text: str) -> str:
    """Returns a stored text with its `_xHHHH_` escapes resolved."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def integer(text: str | None) -> int:
    """Returns a count or index of an attribute, 0 when it is absent or none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@lru_cache(maxsize=1 << 16)
def place(reference: str) -> tuple[int, int]:
    """Returns row and column from 0 of a reference such as B7; raises ValueError when it is none."""
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(reference)
    return int(match[2]) - 1, column_of(match[1])


def _string(book: Workbook, raw: str) -> str | None:
    return book.strings[int(raw)] if raw.isdecimal() and len(raw) < 10 and int(raw) < len(book.strings) else None


def _lacking(raw: str) -> str:
    return f"共享文字 {raw[:20]} 缺失"


def _handlers(book: Workbook, sheet: Sheet) -> tuple[Start, End, Text]:
    limits = book.limits
    short_of = SHORT.get
    first = book.codes[0] if book.codes else "General"
    code_of = {str(at): code for at, code in enumerate(book.codes)}.get
    add = sheet.filled.append
    pieces: list[str] = []
    piece_of = pieces.append
    row = column = -1
    kind = "n"
    code = style = ""
    formula = taking = phonetic = False
    seen = depth = 0
    deepest = limits.max_nesting
    most = BLANKS * limits.max_cells

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal row, column, kind, code, style, formula, taking, phonetic, seen, depth
        depth += 1
        if depth > deepest:
            raise too_deep(limits, book.path)
        short = short_of(tag)
        if short == "c":
            seen += 1
            if seen > most:
                raise too_many("单元格", limits.max_cells, book.path)
            reference = values.get("r")
            if reference is None:
                column += 1
            else:
                try:
                    row, column = place(reference)
                except ValueError:
                    raise ReadError(f"单元格位置 {reference[:20]!r} 有误 @ {book.path}，请重新保存") from None
            kind = values.get("t", "n")
            style = values.get("s", "0")
            code = code_of(style, first)
            formula = False
            pieces.clear()
        elif short == "v" or short == "t":
            taking = not phonetic
        elif short == "row":
            row, column = max(integer(values["r"]) - 1, 0) if "r" in values else row + 1, -1
            if values.get("hidden") in TRUE:
                sheet.hidden_rows.append(row)
        elif short == "f":
            formula = True
        elif short == "rPh":
            phonetic = True
        elif short == "mergeCell":
            if area := AREA.fullmatch(values.get("ref", "")):
                corner = (int(area[2]) - 1, column_of(area[1]))
                sheet.areas.append((*corner, *((int(area[4]) - 1, column_of(area[3])) if area[3] else corner)))
            if len(sheet.areas) > limits.max_cells:
                raise too_many("合并区域", limits.max_cells, book.path)
        elif short == "col" and values.get("hidden") in TRUE:
            pair = integer(values.get("min")) - 1, integer(values.get("max")) - 1
            if 0 <= pair[0] <= pair[1]:
                sheet.hidden_columns.append(pair)

    def end(tag: str) -> None:
        nonlocal taking, phonetic, depth
        depth -= 1
        short = short_of(tag)
        if short == "v" or short == "t":
            taking = False
        elif short == "c":
            if pieces or formula:
                made = _cell(book, sheet, row, column, kind, code, "".join(pieces), formula)
                pieces.clear()
                if made is not None:
                    add(_in_symbols(book, made, style, kind) if style in book.symbols else made)
                    if len(sheet.filled) > limits.max_cells:
                        raise too_many("单元格", limits.max_cells, book.path)
        elif short == "rPh":
            phonetic = False

    def text(piece: str) -> None:
        if taking:
            piece_of(piece)

    return start, end, text


def _cell(book: Workbook, sheet: Sheet, row: int, column: int, kind: str, code: str, raw: str, formula: bool) -> Filled | None:
    if kind == "n":
        if not raw or raw.isspace():
            return filled(row, column, "", NO_RESULT) if formula else None
        return filled_number(sheet, row, column, raw, code, book.date1904)
    if kind == "s":
        text = _string(book, raw)
        if text is None:
            return filled(row, column, "", _lacking(raw))
    elif kind == "e":
        return filled(row, column, raw, f"单元格为错误值 {raw[:20]}")
    elif kind == "b":
        return filled(row, column, "TRUE" if raw.strip() in TRUE else "FALSE")
    else:
        text = cell_text(raw, book.path, book.limits)
    return filled_text(row, column, text, code)

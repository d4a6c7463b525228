"""OpenDocument spreadsheets (.ods, .fods): the text each cell shows, as the file itself stores it.

Source: OpenDocument 1.2 Part 1, 9.1 (tables) and 19.385 (values).
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.limits import DEFAULT, Limits, check_zip, unpack
from checker.readers.number_format import number, plain
from checker.readers.sheet import NO_RESULT, Sheet, filled, grid, letters, place_of, too_many
from checker.readers.xml_stream import End, Start, Text, cut, parse

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
CELLS = (TABLE + "table-cell", TABLE + "covered-table-cell")
VALUES = (OFFICE + "value", OFFICE + "date-value", OFFICE + "time-value", OFFICE + "boolean-value", OFFICE + "string-value")
UNSEEN = (OFFICE + "annotation", TABLE + "shapes", TEXT + "note", TEXT + "ruby-text", TABLE + "tracked-changes")
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "Err:")


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads every sheet that shows something as one grid; repeated cells are repeated within `limits`.

    The shown text stored with each cell is taken; a formula or value without it gives the value's
    plain digits, or is unread. Notes as for .xlsx. Raises ReadError for broken, encrypted or
    over-large files.
    """
    pieces = _content(data, source.path, limits) if data.startswith(b"PK") else cut(data)
    sheets: list[Sheet] = []
    start, end, text = _handlers(sheets, source.path, limits)
    parse(pieces, start, end, text, limits, source.path)
    grids: list[Grid] = []
    notes: list[str] = []
    for sheet in sheets:
        made, said = grid(sheet, source.path, limits)
        notes += said
        if made:
            grids.append(made)
    if not grids:
        notes.append("工作簿没有任何内容")
    return Document(source, tuple(grids), tuple(notes))


def _content(data: bytes, path: str, limits: Limits) -> Iterator[bytes]:
    archive = check_zip(data, limits, path)
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = b"".join(unpack(archive, "META-INF/manifest.xml", limits, path))
        if b"encryption-data" in manifest:
            raise ReadError(f"文件已加密 @ {path}，请去除打开密码后重新提交")
    return unpack(archive, "content.xml", limits, path)


def _handlers(sheets: list[Sheet], path: str, limits: Limits) -> tuple[Start, End, Text]:
    hidden_styles: set[str] = set()
    style = ""
    row = column = 0
    rows = 1
    skipped = 0
    cell: dict[str, str] | None = None
    lines: list[str] = []
    pieces: list[str] = []
    in_line = 0
    row_start = 0

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal style, row, column, rows, skipped, cell, in_line, row_start
        if skipped or tag in UNSEEN:
            skipped += 1
        elif tag in CELLS and sheets:
            cell = values
            lines.clear()
        elif cell is not None and tag in (TEXT + "p", TEXT + "h"):
            in_line += 1
        elif in_line and tag == TEXT + "s":
            pieces.append(" " * min(_count(values, TEXT + "c"), 1000))
        elif in_line and tag == TEXT + "tab":
            pieces.append("\t")
        elif in_line and tag == TEXT + "line-break":
            pieces.append("\n")
        elif tag == TABLE + "table":
            if len(sheets) >= limits.max_grids:
                raise too_many("工作表", limits.max_grids, path)
            sheets.append(Sheet(values.get(TABLE + "name", ""), values.get(TABLE + "style-name", "") in hidden_styles))
            row = column = 0
        elif tag == TABLE + "table-row" and sheets:
            column = 0
            rows = _count(values, TABLE + "number-rows-repeated")
            row_start = len(sheets[-1].filled)
            if values.get(TABLE + "visibility", "visible") != "visible":
                sheets[-1].hidden_rows.extend(range(row, row + min(rows, 1000)))
        elif tag == TABLE + "table-column" and sheets:
            columns = _count(values, TABLE + "number-columns-repeated")
            if values.get(TABLE + "visibility", "visible") != "visible":
                sheets[-1].hidden_columns.append((column, column + columns - 1))
            column += columns
        elif tag == STYLE + "style":
            style = values.get(STYLE + "name", "")
        elif tag == STYLE + "table-properties" and values.get(TABLE + "display") == "false":
            hidden_styles.add(style)

    def end(tag: str) -> None:
        nonlocal row, column, skipped, cell, in_line
        if skipped:
            skipped -= 1
        elif tag in (TEXT + "p", TEXT + "h") and in_line:
            in_line -= 1
            if not in_line:
                lines.append("".join(pieces))
                pieces.clear()
        elif tag in CELLS and cell is not None:
            column = _cell(sheets[-1], row, column, cell, "\n".join(lines), path, limits)
            cell = None
        elif tag == TABLE + "table-row" and sheets:
            _repeat(sheets[-1], row, rows, row_start, path, limits)
            row += rows

    def text(piece: str) -> None:
        if in_line and not skipped:
            pieces.append(piece)

    return start, end, text


def _count(values: dict[str, str], name: str) -> int:
    raw = values.get(name, "1")
    return max(int(raw), 1) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 1


def _cell(sheet: Sheet, row: int, column: int, values: dict[str, str], text: str, path: str, limits: Limits) -> int:
    copies = _count(values, TABLE + "number-columns-repeated")
    down, across = _count(values, TABLE + "number-rows-spanned"), _count(values, TABLE + "number-columns-spanned")
    if len(text) > limits.max_cell_text:
        raise ReadError(f"单元格文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查文件")
    shown, unread = _shown(values, text)
    if (made := filled(row, column, shown, unread)) is not None:
        if column + copies > limits.max_columns:
            raise too_many(f"列数（用到 {letters(column + copies - 1)} 列）", limits.max_columns, path)
        for at in range(copies):
            sheet.filled.append((place_of((row, column + at)), made[1]))
            if len(sheet.filled) > limits.max_cells:
                raise too_many("单元格", limits.max_cells, path)
    if down > 1 or across > 1:
        sheet.areas.append((row, column, row + down - 1, column + across - 1))
        if len(sheet.areas) > limits.max_cells:
            raise too_many("合并区域", limits.max_cells, path)
    return column + copies


def _shown(values: dict[str, str], text: str) -> tuple[str, str | None]:
    value = next((values[name] for name in VALUES if name in values), "")
    formula = TABLE + "formula" in values
    if text.startswith(ERRORS) and (formula or not value):
        return text, f"单元格为错误值 {text[:20]}" if formula or text.startswith("#") else None
    if text or not (value or formula):
        return text, None
    if not value:
        return "", None if values.get(OFFICE + "value-type") == "string" else NO_RESULT
    if OFFICE + "value" not in values:
        return value, None
    try:
        digits = plain(number(value) * (100 if values.get(OFFICE + "value-type") == "percentage" else 1))
    except ValueError as fault:
        return value[:40], f"{fault}：{value[:40]}"
    return digits + ("%" if values.get(OFFICE + "value-type") == "percentage" else ""), None


def _repeat(sheet: Sheet, row: int, rows: int, first: int, path: str, limits: Limits) -> None:
    made = sheet.filled[first:]
    if rows == 1 or not made:
        return
    if row + rows > limits.max_rows:
        raise too_many(f"行数（用到第 {row + rows} 行）", limits.max_rows, path)
    if len(made) * rows + first > limits.max_cells:
        raise too_many("单元格", limits.max_cells, path)
    for at in range(1, rows):
        sheet.filled.extend((place_of((row + at, place[1])), shown) for place, shown in made)

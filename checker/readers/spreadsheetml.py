"""XML spreadsheets of Excel 2003, often found with the suffix .xls: exports of finance systems.

Source: XML Spreadsheet Reference (Office 2003).
"""

from __future__ import annotations

from decimal import Decimal

from checker.errors import ReadError
from checker.model import Document, Grid, Source
from checker.readers.limits import DEFAULT, Limits
from checker.readers.sheet import NO_RESULT, Filled, Sheet, filled, filled_number, filled_text, grid, letters, too_many
from checker.readers.xml_stream import End, Start, Text, cut, parse

SS = "urn:schemas-microsoft-com:office:spreadsheet "
EXCEL = "urn:schemas-microsoft-com:office:excel "
NAMED = {
    "General Number": "General", "General Date": "yyyy/m/d h:mm", "Long Date": 'yyyy"年"m"月"d"日"',
    "Medium Date": "d-mmm-yy", "Short Date": "yyyy/m/d", "Long Time": "h:mm:ss", "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm", "Currency": '"￥"#,##0.00', "Euro Currency": '"€"#,##0.00', "Fixed": "0.00",
    "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
}  # fmt: skip
EPOCH_DAY = 693594
"""Ordinal of 1899-12-30, day 0 of spreadsheet dates after February 1900."""


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads every worksheet that shows something as one grid, under its number formats.

    Raises ReadError for XML that is broken, declares a document type or exceeds `limits`.
    """
    sheets: list[Sheet] = []
    start, end, text = _handlers(sheets, source.path, limits)
    parse(cut(data), start, end, text, limits, source.path)
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


def _handlers(sheets: list[Sheet], path: str, limits: Limits) -> tuple[Start, End, Text]:
    codes: dict[str, str] = {}
    style = row_style = ""
    column_styles: dict[int, str] = {}
    row = column = -1
    cell: dict[str, str] = {}
    kind: str | None = None
    pieces: list[str] = []
    taking = False
    inside_visible = False

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal style, row_style, row, column, cell, kind, taking, inside_visible
        if tag == SS + "Cell" and sheets:
            column = _index(values, column)
            cell, kind = values, None
            pieces.clear()
        elif tag == SS + "Data" and cell is not None:
            kind, taking = values.get(SS + "Type", "String"), True
        elif tag == SS + "Row" and sheets:
            row, column = _index(values, row), -1
            row_style = values.get(SS + "StyleID", "")
            if values.get(SS + "Hidden") == "1":
                sheets[-1].hidden_rows.append(row)
        elif tag == SS + "Column" and sheets:
            column = _index(values, column)
            span = _number(values.get(SS + "Span"), 0)
            if values.get(SS + "Hidden") == "1":
                sheets[-1].hidden_columns.append((column, column + span))
            if SS + "StyleID" in values and column + span < limits.max_columns:
                column_styles.update(dict.fromkeys(range(column, column + span + 1), values[SS + "StyleID"]))
            column += span
        elif tag == SS + "Worksheet":
            if len(sheets) >= limits.max_grids:
                raise too_many("工作表", limits.max_grids, path)
            sheets.append(Sheet(values.get(SS + "Name", "")))
            row = column = -1
            row_style = ""
            column_styles.clear()
        elif tag == SS + "Style":
            style = values.get(SS + "ID", "")
            codes[style] = codes.get(values.get(SS + "Parent", "Default"), "General")
        elif tag == SS + "NumberFormat":
            code = values.get(SS + "Format", "General")
            codes[style] = NAMED.get(code, code)
        elif tag == EXCEL + "Visible":
            inside_visible = True

    def end(tag: str) -> None:
        nonlocal row, column, taking, inside_visible
        if tag == SS + "Data":
            taking = False
        elif tag == SS + "Cell" and sheets:
            named = cell.get(SS + "StyleID") or row_style or column_styles.get(column, "Default")
            code = codes.get(named, "General")
            _add(sheets[-1], row, column, cell, kind, "".join(pieces), code, path, limits)
            column += _number(cell.get(SS + "MergeAcross"), 0)
        elif tag == EXCEL + "Visible":
            inside_visible = False

    def text(piece: str) -> None:
        if taking:
            pieces.append(piece)
        elif inside_visible and sheets and piece.strip() in ("SheetHidden", "SheetVeryHidden"):
            sheets[-1].hidden = True

    return start, end, text


def _number(raw: str | None, default: int) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 8 else default


def _index(values: dict[str, str], before: int) -> int:
    return max(_number(values.get(SS + "Index"), before + 2) - 1, 0)


def _add(
    sheet: Sheet, row: int, column: int, cell: dict[str, str], kind: str | None, raw: str,
    code: str, path: str, limits: Limits,
) -> None:  # fmt: skip
    if len(raw) > limits.max_cell_text:
        raise ReadError(f"单元格文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查文件")
    down, across = _number(cell.get(SS + "MergeDown"), 0), _number(cell.get(SS + "MergeAcross"), 0)
    if down or across:
        sheet.areas.append((row, column, row + down, column + across))
        if len(sheet.areas) > limits.max_cells:
            raise too_many("合并区域", limits.max_cells, path)
    made = _shown(sheet, row, column, kind, raw, code) if kind or raw else None
    if made is None and SS + "Formula" in cell and kind is None:
        made = filled(row, column, "", NO_RESULT)
    if made is not None:
        if column >= limits.max_columns:
            raise too_many(f"列数（用到 {letters(column)} 列）", limits.max_columns, path)
        sheet.filled.append(made)
        if len(sheet.filled) > limits.max_cells:
            raise too_many("单元格", limits.max_cells, path)


def _shown(sheet: Sheet, row: int, column: int, kind: str | None, raw: str, code: str) -> Filled | None:
    if kind == "Error":
        return filled(row, column, raw, f"单元格为错误值 {raw[:20]}")
    if kind == "Boolean":
        return filled(row, column, "TRUE" if raw.strip() == "1" else "FALSE")
    if kind not in ("Number", "DateTime"):
        return filled_text(row, column, raw, code)
    if kind == "DateTime":
        try:
            raw = str(_serial(raw))
        except ValueError:
            return filled(row, column, raw[:40], f"不是日期：{raw[:40]}")
        code = "yyyy/m/d" if code == "General" else code
    return filled_number(sheet, row, column, raw, code)


def _serial(raw: str) -> Decimal:
    from datetime import datetime

    moment = datetime.fromisoformat(raw.strip().rstrip("Z"))
    day = moment.date().toordinal() - EPOCH_DAY
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Decimal(day) + Decimal(seconds) / 86400

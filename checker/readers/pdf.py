"""PDF files with a text layer: ruled tables over page breaks, the lines around them before and after.

Rules and characters come from pdfium; a page whose table has rules across only goes through
pdfplumber, which looks for columns in the text. Scanned pages are named, never guessed at.
"""

from __future__ import annotations

import ctypes
from typing import Any

from msgspec.structs import replace

from checker.errors import ReadError
from checker.model import Cell, Document, Grid, Locator, Source
from checker.readers.limits import DEFAULT, Limits
from checker.readers.lines import damage, tidy
from checker.readers.pdf_columns import from_gaps, from_pdfplumber, rows_in_columns, rows_of_several_lines, unsure
from checker.readers.pdf_fields import flattened
from checker.readers.pdf_fonts import stand_in
from checker.readers.pdf_guard import check_streams
from checker.readers.pdf_join import Whole, continues, join, whole
from checker.readers.pdf_page import Page, load
from checker.readers.pdf_parts import Sheet, sheet
from checker.readers.pdf_ruled import nearest
from checker.readers.pdf_text import Line, paragraphs
from checker.readers.ragged import ragged_grid

SCAN_SHARE = 0.4
FEW_CHARACTERS = 20
MAX_AREA = 500_000
SLOW_OBJECTS = 20_000
SLOW_BYTES = 20_000_000
"""pdfplumber takes about 0.1 ms an object; beyond these a page is not worth its time."""
FAULTS = {
    4: "PDF 已加密，需要密码 @ {path}，请去除密码后重新提交",
    5: "PDF 使用了不支持的加密方式 @ {path}，请去除加密后重新提交",
}


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Returns the tables of a PDF in page order; a table that goes on over page breaks is one grid.

    A place gives the page, the table's ordinal in the file, the row of the table on that page and
    the column. Raises ReadError when the file is broken, encrypted, beyond the limits, or all of
    its pages are scanned images.
    """
    import pypdfium2.raw as pdfium

    path = source.path
    check_streams(data, path)
    # The document reads from this buffer until it is closed.
    buffer = ctypes.create_string_buffer(data, len(data))
    stand_in()
    handle = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not handle:
        fault = FAULTS.get(pdfium.FPDF_GetLastError(), "PDF 已损坏，无法打开 @ {path}，请重新导出或重新上传")
        raise ReadError(fault.format(path=path))
    try:
        count = pdfium.FPDF_GetPageCount(handle)
        if count > limits.max_pages:
            raise ReadError(f"PDF 页数过多（{count}，上限 {limits.max_pages}）@ {path}，请拆分文件或提高上限")
        if count < 1:
            raise ReadError(f"PDF 没有页面 @ {path}，请重新导出")
        notes: list[str] = []
        sheets, scanned = _sheets(handle, data, count, path, notes)
    finally:
        pdfium.FPDF_CloseDocument(handle)
    if not sheets:
        raise ReadError(f"第 {_pages(scanned)} 页是扫描图像，没有文字层 @ {path}，请提交由 Word、Excel 直接导出的 PDF，或先做文字识别")
    if scanned:
        notes.append(f"第 {_pages(scanned)} 页是扫描图像，没有读出文字")
    return _document(sheets, source, limits, notes)


def _scanned(page: Page) -> bool:
    """Returns True when a page shows an image, or letters drawn as shapes, and hardly any text."""
    return len(page.chars) < FEW_CHARACTERS and (page.image > SCAN_SHARE or page.curves > 5 * FEW_CHARACTERS)


def _doubts(page: Page, notes: list[str]) -> None:
    if page.unseen > 0.5:
        notes.append(f"第 {page.number} 页是扫描图像，文字来自识别层，可能有误")
    if page.cut:
        notes.append(f"第 {page.number} 页对象过多，没有读全")
    if page.outside:
        notes.append(f"第 {page.number} 页有 {page.outside} 个字符超出页面边缘（页面上看不见），表格内的已读")
    if page.tilted:
        notes.append(f"第 {page.number} 页有 {page.tilted} 个斜排的字符（水印、印章），没有读")
    if page.clipped:
        notes.append(f"第 {page.number} 页有 {len(page.clipped)} 个字符被单元格边框截去，页面上看不见，没有读")


def _sheet(page: Page, data: bytes, notes: list[str]) -> Sheet:
    """Returns a page with its tables; one whose rules do not make a table is tried by its text."""
    found = sheet(page, MAX_AREA)
    if found.parts or not unsure(page):
        return found
    page.down += from_gaps(page)
    again = sheet(page, MAX_AREA)
    if again.parts:
        notes.append(f"第 {page.number} 页的表格没有竖线，按文字间隔分列")
        for part in again.parts:
            part.gaps = True
        return again
    small = page.paths + len(page.chars) < SLOW_OBJECTS and len(data) < SLOW_BYTES
    across, down = from_pdfplumber(data, page.number) if small else ([], [])
    page.across, page.down = page.across + across, page.down + down
    again = sheet(page, MAX_AREA)
    if again.parts and _share_within(again) > 0.9:
        notes.append(f"第 {page.number} 页的表格线不全，由 pdfplumber 按文字位置补出")
        return again
    notes.append(f"第 {page.number} 页有线但认不出表格，按文字行读取")
    return found


def _share_within(found: Sheet) -> float:
    """Returns the share of the text between the first and last row of the tables that their cells hold."""
    top, bottom = min(part.ruled.ys[0] for part in found.parts), max(part.ruled.ys[-1] for part in found.parts)
    inside = sum(len(line.text) for part in found.parts for texts in part.texts for line in texts)
    beside = sum(len(piece.text) for piece in found.pieces if isinstance(piece, Line) and top <= piece.y <= bottom)
    return inside / max(inside + beside, 1)


def _sheets(handle: Any, data: bytes, count: int, path: str, notes: list[str]) -> tuple[list[Sheet], list[int]]:
    """Returns the pages that have text, and the numbers of those that are images."""
    import pypdfium2.raw as pdfium

    sheets: list[Sheet] = []
    scanned: list[int] = []
    for index in range(count):
        raw = pdfium.FPDF_LoadPage(handle, index)
        if not raw:
            notes.append(f"第 {index + 1} 页已损坏，没有读出")
            continue
        page = None
        try:
            raw, values = flattened(handle, index, raw)
            page = load(raw, index + 1, values)
            if _scanned(page):
                scanned.append(page.number)
                continue
            _doubts(page, notes)
            if page.chars:
                sheets.append(_sheet(page, data, notes))
        except OverflowError:
            raise ReadError(f"第 {index + 1} 页表格线过密 @ {path}，请提交原始的 Word 或 Excel 文件") from None
        finally:
            if page is not None:
                page.close()
            pdfium.FPDF_ClosePage(raw)
    if not sheets and not scanned:
        raise ReadError(f"PDF 没有文字 @ {path}，请提交由 Word、Excel 直接导出的 PDF")
    return sheets, scanned


def _pages(numbers: list[int]) -> str:
    """Returns page numbers for a person: `1–3、5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _document(sheets: list[Sheet], source: Source, limits: Limits, notes: list[str]) -> Document:
    tables: list[Whole] = []
    pending: list[tuple[int, Line]] = []
    heads = _running_heads(sheets)
    afters: list[list[tuple[int, Line]]] = []
    for read_sheet in sheets:
        number = read_sheet.page.number
        beside: set[int] = set()
        for at, piece in enumerate(read_sheet.pieces):
            if isinstance(piece, Line):
                if id(piece) not in beside:
                    pending.append((number, piece))
                continue
            between = [line for page, line in pending if (tidy(line.text), round(line.y / 4)) not in heads]
            if tables and piece is read_sheet.parts[0] and continues(tables[-1], piece, between):
                beside = set(map(id, join(tables[-1], piece, [line for line in read_sheet.pieces[at:] if isinstance(line, Line)])))
            else:
                if tables:
                    afters.append(pending)
                tables.append(whole(piece, pending))
            pending = []
    afters.append(pending)
    if not tables:
        cut = any(read_sheet.page.clipped for read_sheet in sheets)
        return Document(source, (_text_grid(pending, source.path, notes, cut),), tuple(notes))
    if len(tables) > limits.max_grids:
        raise ReadError(f"表格过多（上限 {limits.max_grids}）@ {source.path}，请拆分文件或提高上限")
    grids = tuple(_grid(table, after, number, source.path, limits, notes) for number, (table, after) in enumerate(zip(tables, afters, strict=True), 1))
    return Document(source, grids, tuple(notes))


def _running_heads(sheets: list[Sheet]) -> set[tuple[str, int]]:
    """Returns the lines that stand at the same height on two or more pages: heads and feet of pages."""
    seen: dict[tuple[str, int], set[int]] = {}
    for read_sheet in sheets:
        for piece in read_sheet.pieces:
            if isinstance(piece, Line):
                seen.setdefault((tidy(piece.text), round(piece.y / 4)), set()).add(read_sheet.page.number)
    return {line for line, pages in seen.items() if len(pages) > 1}


def _text_grid(found: list[tuple[int, Line]], path: str, notes: list[str], cut: bool) -> Grid:
    """Returns the lines of a file without tables; those of a table whose rows take more than a line, or whose texts are `cut` off, are no reading."""
    grid = ragged_grid([line.text for _, line in found], path)
    doubtful = rows_in_columns(found) if cut else rows_of_several_lines(found)
    if not doubtful:
        return grid
    where = _pages(sorted({found[row][0] for row in doubtful}))
    if cut:
        notes.append(f"第 {where} 页的表格没有框线，有的格文字被截去，分不清各格，没有读")
    else:
        notes.append(f"第 {where} 页的表格没有框线，有的格不止一行，分不清各行，没有读")
    why = "表格没有框线，有的格文字被截去，分不清各格" if cut else "表格没有框线，有的格不止一行，分不清各行"
    cells = [replace(cell, unread=why) if cell.row in doubtful else cell for cell in grid.cells]
    return replace(grid, cells=tuple(cells))


def _grid(table: Whole, after: list[tuple[int, Line]], ordinal: int, path: str, limits: Limits, notes: list[str]) -> Grid:
    edges: list[float] = []
    sides = {block.left for block in table.blocks} | {block.right for block in table.blocks}
    for edge in sorted(sides):
        if not edges or edge - edges[-1] > 3.0:
            edges.append(edge)
    column_of = {edge: nearest(edges, edge) for edge in sides}
    if table.rows > limits.max_rows or len(edges) - 1 > limits.max_columns or len(table.blocks) > limits.max_cells:
        raise ReadError(f"表{ordinal} 过大（{table.rows} 行 {len(edges) - 1} 列）@ {path}，请拆分文件或提高上限")
    if len(table.pages) > 1:
        notes.append(f"表{ordinal} 跨第 {_pages(table.pages)} 页，已接成一张")
    notes += [f"表{ordinal}：{note}" for note in table.notes]
    if table.irregular:
        notes.append(f"表{ordinal} 有 {table.irregular} 处表格线不完整，单元格范围可能不准")
    cells = []
    for block in sorted(table.blocks, key=lambda block: (block.row, block.left)):
        column, end = column_of[block.left], column_of[block.right]
        text = block.text
        unread = block.doubt or damage(text)
        if len(text) > limits.max_cell_text:
            text, unread = text[: limits.max_cell_text], f"文字过长（超过 {limits.max_cell_text} 字），只读了开头"
        place = Locator(path, page=block.page, line=block.line, column=column + 1, table=ordinal)
        if table.gaps:
            # Without upright rules a blank may be part of the merged cell beside it.
            if text or unread:
                cells.append(Cell(block.row, column, text, place, unread=unread))
            continue
        cells.append(Cell(block.row, column, text, place, block.rowspan, max(end - column, 1), unread))
    return Grid(f"表{ordinal}", tuple(cells), before=_around(table.before, path), after=_around(after, path))


def _around(found: list[tuple[int, Line]], path: str) -> tuple[Cell, ...]:
    """Returns free lines as cells, wrapped ones joined; `line` counts the free lines between two tables."""
    cells: list[Cell] = []
    for page in dict.fromkeys(page for page, _ in found):
        for line in paragraphs([line for at, line in found if at == page]):
            text = tidy(line.text)
            cells.append(Cell(len(cells), 0, text, Locator(path, page=page, line=len(cells) + 1), unread=damage(text)))
    return tuple(cells)

"""Word documents (.docx): every table a grid, the paragraphs around it before and after.

`word/document.xml` is walked directly. Text is what the final document shows: insertions kept,
deletions, struck-out and hidden text left out and said, symbols of Wingdings as ticks and boxes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.errors import ReadError
from checker.model import Cell, Document, Grid, Locator, Source
from checker.readers.docx_text import KINDS, Found, add_text, attribute, blocks, child, clear_prompts, first
from checker.readers.legend import is_legend
from checker.readers.limits import DEFAULT, Limits, check_xml, check_zip, member
from checker.readers.lines import damage, tidy
from checker.readers.ragged import ragged_grid

if TYPE_CHECKING:
    from lxml.etree import _Element

RELATIONS = "_rels/.rels"
MAIN = "word/document.xml"
PLAIN = ("tcPr", "p")


class Slot:
    """One cell while its table is read; `height` grows with the cells merged below it."""

    __slots__ = ("column", "element", "height", "row", "width")

    def __init__(self, row: int, column: int, width: int, element: _Element) -> None:
        self.row, self.column, self.width, self.element, self.height = row, column, width, element, 1


class State:
    """What one pass over a document collects: grids by ordinal, body lines, notes."""

    __slots__ = ("cells", "found", "grids", "limits", "paragraphs", "path")

    def __init__(self, path: str, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.grids: list[Grid | None] = []
        self.paragraphs = 0
        self.cells = 0
        self.found = Found()


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Returns the tables of a .docx in document order, nested ones each on its own.

    `line` of a place is the row in its table, or the paragraph's ordinal outside tables; a .docx
    has no pages. A table that directly follows another (no text between them) has an empty
    `before`. Raises ReadError when the container or its XML is broken or beyond the limits.
    """
    root = _root(data, source.path, limits)
    body = next((node for node in root if KINDS.get(node.tag) == "body"), None)
    if body is None:
        raise ReadError(f"文档没有正文 @ {source.path}，请用 Word 或 WPS 另存为 .docx 后重新提交")
    clear_prompts(body)
    state = State(source.path, limits)
    lines = _flow(body, state, 0)
    notes = state.found.notes()
    if all(grid is not None and is_legend(grid) for grid in state.grids):
        grid = ragged_grid(["\t" * cell.column + cell.text for cell in lines], source.path)
        return Document(source, (grid, *(legend for legend in state.grids if legend is not None)), tuple(notes))
    return Document(source, tuple(grid for grid in state.grids if grid is not None), tuple(notes))


def _root(data: bytes, path: str, limits: Limits) -> _Element:
    from lxml import etree

    archive = check_zip(data, limits, path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        name = MAIN
        content = member(archive, name, limits, path)
        if content is None:
            relations = member(archive, RELATIONS, limits, path)
            if relations is not None:
                for relation in etree.fromstring(check_xml(relations, path), parser):
                    if (relation.get("Type") or "").endswith("/officeDocument"):
                        name = (relation.get("Target") or "").lstrip("/")
            content = member(archive, name, limits, path)
        if content is None:
            raise ReadError(f"不是有效的 .docx（缺少正文 {MAIN}）@ {path}，请用 Word 或 WPS 另存为 .docx 后重新提交")
        return etree.fromstring(check_xml(content, path), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        where = f"（第 {fault.lineno} 行）" if isinstance(fault, etree.XMLSyntaxError) and fault.lineno else ""
        raise ReadError(f"文档的 XML 已损坏{where} @ {path}，请用 Word 或 WPS 另存后重新提交") from None


def _flow(parent: _Element, state: State, depth: int) -> list[Cell]:
    """Reads the paragraphs and tables of a body or cell; returns the lines outside tables.

    The grids found are appended to the state with the lines around them.
    """
    lines: list[Cell] = []
    seen: list[tuple[int, int]] = []
    for kind, element in blocks(parent, state.found):
        if kind == "tbl":
            if depth >= state.limits.max_nesting:
                raise ReadError(f"表格嵌套过深（上限 {state.limits.max_nesting}）@ {state.path}，请拆开嵌套表格后重新提交")
            if len(state.grids) >= state.limits.max_grids:
                raise ReadError(f"表格过多（上限 {state.limits.max_grids}）@ {state.path}，请拆分文件或提高上限")
            at = len(state.grids)
            state.grids.append(None)
            seen.append((at, len(lines)))
            state.grids[at] = _grid(element, at + 1, state, depth)
        else:
            state.paragraphs += 1
            pieces: list[str] = []
            add_text(element, pieces, state.found)
            for piece in "".join(pieces).split("\n"):
                text = tidy(piece) if "\t" not in piece or depth else "\t".join(map(tidy, piece.strip().split("\t")))
                if text:
                    place = Locator(state.path, line=state.paragraphs)
                    # Tabs before the text leave columns blank where tabs stand for columns.
                    lines.append(Cell(len(lines), _indent(piece), text, place, unread=damage(text)))
    for index, (at, start) in enumerate(seen):
        grid = state.grids[at]
        first = seen[index - 1][1] if index else 0
        end = seen[index + 1][1] if index + 1 < len(seen) else len(lines)
        if grid is not None:
            state.grids[at] = Grid(grid.name, grid.cells, False, tuple(lines[first:start]), tuple(lines[start:end]))
    return lines


def _indent(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\t")


def slots_of(table: _Element, where: str, state: State) -> list[Slot]:
    """Returns the cells of a table in reading order with their places; `where` names it in faults. Raises ReadError beyond the limits."""
    limits = state.limits
    slots: list[Slot] = []
    above: dict[int, Slot] = {}
    row = 0
    for _, line in blocks(table, state.found, "tr"):
        properties = child(line, "trPr")
        column = 0
        if properties is not None:
            if child(properties, "del") is not None:
                state.found.deleted += 1
                continue
            if child(properties, "hidden") is not None:
                state.found.hidden += 1
                continue
            column = _number(child(properties, "gridBefore"), limits.max_columns, 0)
        if row >= limits.max_rows:
            raise ReadError(f"表格行数过多（上限 {limits.max_rows}）@ {where}，请拆分文件或提高上限")
        column = _row(line, row, column, slots, above, state, where)
        if column == 0:
            continue
        row += 1
    return slots


def _grid(table: _Element, ordinal: int, state: State, depth: int) -> Grid:
    cells: list[Cell] = []
    for slot in slots_of(table, f"{state.path} 表{ordinal}", state):
        text, unread = _content(slot.element, state, depth)
        place = Locator(state.path, None, None, None, slot.row + 1, slot.column + 1, ordinal)
        cells.append(Cell(slot.row, slot.column, text, place, slot.height, slot.width, unread))
    return Grid(f"表{ordinal}", tuple(cells))


def _row(line: _Element, row: int, column: int, slots: list[Slot], above: dict[int, Slot], state: State, where: str) -> int:
    """Adds the cells of one row to `slots`, or to the merged cell above; returns the column behind the last one."""
    limits = state.limits
    last: Slot | None = None
    reached: dict[int, Slot] = {}
    for _, cell in blocks(line, state.found, "tc"):
        width, vertical, horizontal = 1, None, None
        properties = first(cell, "tcPr")
        for item in properties if properties is not None else ():
            kind = KINDS.get(item.tag)
            if kind == "gridSpan":
                width = max(_number(item, limits.max_columns, 1), 1)
            elif kind == "vMerge":
                vertical = attribute(item, "val") or "continue"
            elif kind == "hMerge":
                horizontal = attribute(item, "val") or "continue"
        if column + width > limits.max_columns:
            raise ReadError(f"表格列数过多（上限 {limits.max_columns}）@ {where}，请拆分文件或提高上限")
        if horizontal == "continue" and last is not None:
            last.width += width
            column += width
            continue
        slot = above.get(column) if vertical == "continue" else None
        if slot is not None and slot.row + slot.height == row and slot.width == width:
            slot.height += 1
        else:
            slot = Slot(row, column, width, cell)
            slots.append(slot)
            state.cells += 1
            if state.cells > limits.max_cells:
                raise ReadError(f"单元格过多（上限 {limits.max_cells}）@ {where}，请拆分文件或提高上限")
        if vertical is not None:
            reached[column] = slot
        last = slot
        column += width
    above.clear()
    above.update(reached)
    return column


def _number(element: _Element | None, most: int, otherwise: int) -> int:
    """Returns the `val` of a property as an int between 0 and `most` + 1, `otherwise` when there is none."""
    value = attribute(element, "val") if element is not None else None
    return min(int(value), most + 1) if value and value.isascii() and value.isdigit() and len(value) < 10 else otherwise


def _content(cell: _Element, state: State, depth: int) -> tuple[str, str | None]:
    images = state.found.images
    if all(KINDS.get(node.tag) in PLAIN for node in cell):
        pieces: list[str] = []
        add_text(cell, pieces, state.found)
        joined = "".join(pieces).strip()
        text = "\n".join(filter(None, map(tidy, joined.split("\n")))) if "\n" in joined else tidy(joined)
    else:
        paragraphs = state.paragraphs
        text = "\n".join(line.text for line in _flow(cell, state, depth + 1))
        state.paragraphs = paragraphs
    limit = state.limits.max_cell_text
    if len(text) > limit:
        return text[:limit], f"文字过长（超过 {limit} 字），只读了开头"
    if not text and state.found.images > images:
        return text, "单元格里是图像，没有文字"
    return text, damage(text)

"""HTML pages: every table a grid, the text lines around it before and after.

The tree comes from lexbor; it is walked once, without recursion. Tables in plain markup are read
from the source, cut out before it is parsed (`html_table`). Text is what a browser would
show: scripts, styles, hidden elements and struck-out text left out, a form control by its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from checker.errors import ReadError
from checker.model import Document, Source
from checker.readers.html_charset import decode
from checker.readers.html_grid import Item, Table, grid
from checker.readers.html_guard import check_markup
from checker.readers.html_row import PlainCell, plain_row, span
from checker.readers.html_table import MARK, PlainTable, cut
from checker.readers.limits import DEFAULT, Limits
from checker.readers.lines import words, wrapped
from checker.readers.ragged import ragged_grid
from checker.readers.symbols import table_of, translate

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = words(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary ul table caption tbody thead tfoot "
    "tr td th"
)
SKIPPED = words("script style template noscript head title iframe object svg math audio video canvas rt rp datalist")
STRUCK = frozenset(("del", "s", "strike"))
CONTROLS = frozenset(("input", "textarea", "select"))
GROUPS = frozenset(("thead", "tbody", "tfoot"))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
FONT = re.compile(r"font(?:-family)?\s*:\s*([^;]+)", re.IGNORECASE)
SYMBOL_FONT = b"wingdings"
SPECIAL = re.compile("hidden|display|wingdings", re.IGNORECASE)
"""Rows without it hide nothing and change to no symbol font."""
WRITTEN = 4
"""So many times the size of a page may be written again row by row: rows of tables within tables are written more than once."""
MAY_HIDE = re.compile(rb"\bhidden\b|display[^a-z0-9_]*none")
"""Pages without it, and without symbol fonts, need not be asked for the attributes of every element."""
ATTRIBUTED = frozenset(("table", "td", "th", *CONTROLS))
NONE: Mapping[str, str | None] = {}


class _Walk:
    """The state of one pass over a page."""

    __slots__ = (
        "back", "buffer", "cells", "closed", "cut", "flow", "fonts", "hidden", "hiding", "holders", "item", "limits", "markup", "path", "stack", "struck", "styled", "symbolic", "symbols", "tables",
    )  # fmt: skip

    def __init__(self, path: str, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.buffer: list[str] = []
        # The lines of the page, and beside each the cell that holds it.
        self.flow: list[str] = []
        self.holders: list[Item | None] = []
        self.tables: list[Table] = []
        self.stack: list[Table] = []
        self.closed: list[Table] = []
        self.item: Item | None = None
        self.hidden = self.struck = self.cells = 0
        self.hiding = False
        # Tables that were cut out of the page, and how many of them came back.
        self.cut: list[PlainTable] = []
        self.back = 0
        # How much markup may still be written for rows.
        self.markup = 0
        # The code table of the symbol font in force, and those to return to; only looked at on pages that name such a font.
        self.symbolic = self.styled = False
        self.symbols: dict[int, str] | None = None
        self.fonts: list[dict[int, str] | None] = []

    def flush(self) -> None:
        """Ends the current line."""
        if self.buffer:
            raw = "".join(self.buffer)
            self.buffer.clear()
            # Outside tables a tab may stand for a column, so it is kept until the page's tables are known.
            text = wrapped(raw) if self.item is not None or "\t" not in raw else "\t".join(map(wrapped, raw.strip().split("\t")))
            if text and not (self.hiding and self.item is None):
                if self.item is not None:
                    # Cells in hand gather their lines; those of plain rows come whole.
                    cast(list[str], self.item.lines).append(text)
                self.flow.append(text)
                self.holders.append(self.item)


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Returns the tables of an HTML page in document order, nested ones each on its own.

    A cell's text leaves out nested tables. `before` and `after` of a grid hold the lines between
    it and its neighbours (a line between two tables is in both); a page without tables whose lines
    are split by tabs or `|` gives one ragged grid. Raises ReadError beyond the limits.
    """
    text, encoding, notes = decode(data)
    check_markup(text, source.path, limits)
    walk = _walked(text, source.path, limits)
    placed = Source(source.path, source.sha256, source.format, source.size, encoding)
    if walk.hidden:
        notes.append(f"有 {walk.hidden} 处隐藏内容未读（页面上不显示）")
    if walk.struck:
        notes.append(f"有 {walk.struck} 处删除线划去的文字未读")
    if not walk.tables:
        return Document(placed, (ragged_grid(walk.flow, source.path),), tuple(notes))
    page = walk.flow, walk.holders
    grids = tuple(grid(table, ordinal, page, source.path, limits, notes) for ordinal, table in enumerate(walk.tables, 1))
    return Document(placed, grids, tuple(notes))


def _walked(text: str, path: str, limits: Limits, *, whole: bool = False) -> _Walk:
    """Returns a page that was walked, its plain tables read from the source unless it is to be parsed `whole`."""
    walk = _Walk(path, limits)
    walk.markup = WRITTEN * len(text)
    # Words of markup and styles fold the letters of ASCII only, as bytes do.
    encoded = text.encode("utf-8", "surrogatepass")
    folded = encoded.lower()
    walk.symbolic = SYMBOL_FONT in folded
    walk.styled = walk.symbolic or ((b"hidden" in folded or b"display" in folded) and MAY_HIDE.search(folded) is not None)
    if not whole and not walk.symbolic and MARK.encode() not in folded:
        page, walk.cut = cut(text, SPECIAL if walk.styled else None)
        encoded = page.encode("utf-8", "surrogatepass")
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(encoded).root
    if root is not None:
        _walk(root, walk)
    walk.flush()
    return walk if walk.back == len(walk.cut) else _walked(text, path, limits, whole=True)


def _walk(root: LexborNode, walk: _Walk) -> None:
    """Visits every shown node once, in document order; a tuple in the work list says what to do on leaving."""
    todo: list[LexborNode | tuple[str, Item | None]] = [root]
    push, pop, buffer = todo.append, todo.pop, walk.buffer
    styled = walk.styled
    while todo:
        node = pop()
        if isinstance(node, tuple):
            _leave(node, walk)
            continue
        following = node.next
        if following is not None and node is not root:
            push(following)
        tag = node.tag
        if tag == "-text":
            content = node.text_content or ""
            buffer.append(translate(content, walk.symbols) if walk.symbols else content)
            continue
        if tag is None or tag in SKIPPED or tag == "-comment":
            continue
        if tag in STRUCK and node.css_first("table") is None:
            walk.struck += bool(node.text().strip())
            continue
        attributes = node.attributes if styled or tag in ATTRIBUTED else NONE
        if styled and attributes and not walk.hiding and ("hidden" in attributes or HIDDEN.search(attributes.get("style") or "")):
            if tag in ("td", "th", "tr") or (tag != "table" and node.css_first("table") is None):
                walk.hidden += node.first_child is not None
                continue
            walk.hidden += 1
            walk.hiding = True
            push(("hidden", None))
        if walk.symbolic and attributes:
            font = attributes.get("face") or next(iter(FONT.findall(attributes.get("style") or "")), None)
            if font:
                push(("font", None))
                walk.fonts.append(walk.symbols)
                walk.symbols = table_of(font)
        if tag in BLOCKS:
            walk.flush()
            if tag == "td" or tag == "th":
                push(("cell", walk.item))
                walk.item = _cell(attributes, walk)
            elif tag == "tr":
                if walk.stack:
                    if not walk.stack[-1].begun():
                        # What stands above the first row, a caption, belongs before the table.
                        walk.stack[-1].start = len(walk.flow)
                    walk.stack[-1].rows.append([])
                    if _plain_row(node, walk):
                        continue
            elif tag in GROUPS:
                if walk.stack:
                    walk.stack[-1].groups.append(len(walk.stack[-1].rows))
                    push((tag, None))
            elif tag == "table":
                push(("table", walk.item))
                _enter_table(walk)
                if MARK in attributes:
                    _put_back(attributes[MARK] or "", walk)
            elif tag == "pre" and node.css_first("table") is None:
                for line in node.text().split("\n"):
                    buffer.append(line)
                    walk.flush()
                continue
            push(("block", None))
        elif tag == "br":
            walk.flush()
            continue
        elif tag == "img":
            if walk.item is not None:
                walk.item.image = True
        elif tag in CONTROLS:
            buffer.append(_control(node, tag, attributes))
            continue
        child = node.first_child
        if child is not None:
            push(child)


def _plain_row(row: LexborNode, walk: _Walk) -> bool:
    """Reads a row of texts and line breaks from its markup; returns False for any other, untouched, and for one past a limit."""
    if walk.hiding or walk.symbols or walk.markup < 0:
        return False
    markup = row.html or ""
    walk.markup -= len(markup)
    if walk.styled and SPECIAL.search(markup):
        return False
    found = plain_row(markup.removesuffix("</tr>"))
    return found is not None and _take(found, walk)


def _take(found: list[PlainCell], walk: _Walk) -> bool:
    """Adds plain cells to the row in hand; returns False past a limit."""
    if len(found) > walk.limits.max_columns or walk.cells + len(found) > walk.limits.max_cells:
        return False
    walk.cells += len(found)
    table = walk.stack[-1]
    made = [Item(table, rowspan, colspan, lines) for rowspan, colspan, lines in found]
    table.rows[-1] += made
    walk.flow += [line for item in made for line in item.lines]
    walk.holders += [item for item in made for _ in item.lines]
    return True


def _put_back(number: str, walk: _Walk) -> None:
    """Reads the table that was cut out here; unless all come back, in order and within the limits, the page is parsed whole."""
    if walk.back == len(walk.cut) or number != str(walk.back):
        return
    table = walk.stack[-1]
    for row in walk.cut[walk.back]:
        table.rows.append([])
        if not _take(row, walk):
            return
    walk.back += 1


def _leave(mark: tuple[str, Item | None], walk: _Walk) -> None:
    kind, item = mark
    if kind == "font":
        walk.symbols = walk.fonts.pop()
        return
    walk.flush()
    if kind == "cell":
        walk.item = item
    elif kind in GROUPS:
        if walk.stack:
            walk.stack[-1].set_apart(kind)
    elif kind == "table":
        walk.item = item
        table = walk.stack.pop()
        table.end = len(walk.flow)
        table.put_together()
        if item is not None and table is walk.tables[-1] and table.is_frame():
            _dissolve(table, item, walk)
        else:
            walk.closed.append(table)
    elif kind == "hidden":
        walk.hiding = False


def _enter_table(walk: _Walk) -> None:
    if len(walk.tables) >= walk.limits.max_grids:
        raise ReadError(f"表格过多（上限 {walk.limits.max_grids}）@ {walk.path}，请拆分文件或提高上限")
    if len(walk.stack) >= walk.limits.max_nesting:
        raise ReadError(f"表格嵌套过深（上限 {walk.limits.max_nesting}）@ {walk.path}，请另存为 xlsx 或 docx 后重新提交")
    start = len(walk.flow)
    for closed in walk.closed:
        closed.following = start if closed.following is None else closed.following
    previous = walk.closed[-1].end if walk.closed else 0
    walk.closed[:-1] = []
    table = Table(walk.item, previous, start, walk.hiding)
    walk.tables.append(table)
    walk.stack.append(table)
    walk.item = None


def _dissolve(table: Table, holder: Item, walk: _Walk) -> None:
    """Takes the text of a table of one cell as text of the cell that holds it."""
    walk.tables.pop()
    holder.lines = [*holder.lines, *walk.flow[table.start : table.end]]
    holder.image |= table.rows[0][0].image
    walk.holders[table.start : table.end] = [holder] * (table.end - table.start)


def _cell(attributes: Mapping[str, str | None], walk: _Walk) -> Item | None:
    """Adds a cell to the table in hand and returns it; None outside tables."""
    if not walk.stack:
        return walk.item
    table = walk.stack[-1]
    rowspan = colspan = 1
    if attributes:
        if "rowspan" in attributes:
            rowspan = span(attributes["rowspan"] or "")
        if "colspan" in attributes:
            colspan = span(attributes["colspan"] or "") or 1
    item = Item(table, rowspan, colspan, [])
    if not table.rows:
        table.rows.append([])
    table.rows[-1].append(item)
    walk.cells += 1
    if len(table.rows[-1]) > walk.limits.max_columns:
        raise ReadError(f"表格列数过多（上限 {walk.limits.max_columns}）@ {walk.path} 表{len(walk.tables)}，请拆分文件或提高上限")
    if walk.cells > walk.limits.max_cells:
        raise ReadError(f"单元格过多（上限 {walk.limits.max_cells}）@ {walk.path}，请拆分文件或提高上限")
    return item


def _control(node: LexborNode, tag: str, attributes: Mapping[str, str | None]) -> str:
    """Returns what a form control shows: a box, the text typed, the option chosen."""
    if tag == "textarea":
        return node.text()
    if tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return chosen.text() if chosen else ""
    kind = (attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if "checked" in attributes else "□"
    return attributes.get("value") or "" if kind in ("text", "number", "date", "tel", "search") else ""

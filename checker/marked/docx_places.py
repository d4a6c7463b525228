"""Where the cells and paragraphs of a .docx stand, by the reader's own walk through tables and rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, cast

from msgspec import Struct, field

from checker.errors import ReadError
from checker.marked.splice import Node, parse
from checker.model import Form, Location
from checker.readers.docx import PLAIN, State, slots_of
from checker.readers.docx_text import KINDS, Found, blocks
from checker.readers.limits import DEFAULT

if TYPE_CHECKING:
    from lxml.etree import _Element

TAG = re.compile(rb"<[^>]*>")
AROUND = frozenset(("p", "pPr", "txbxContent"))
TO_BOXES = frozenset(
    ("r", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdt", "sdtContent", "AlternateContent", "Choice", "Fallback", "drawing", "inline", "anchor",
     "graphic", "graphicData", "wsp", "wgp", "wpc", "grpSp", "txbx", "pict", "object", "group", "shape", "rect", "roundrect", "oval", "textbox", "txbxContent")
)  # fmt: skip
"""Elements that lead from a paragraph to the content of a text box in it, in drawings of either age."""
CellKey = tuple[int, int, int]
"""Table, row and column, counted from 1, as the reader sets them."""


class Places(Struct):
    """The cells of all tables by place, the paragraphs outside tables by ordinal; of cells in text boxes the paragraph that holds the box (`anchors`)."""

    data: bytes
    root: Node
    body: Node
    cells: dict[CellKey, Node] = field(default_factory=dict)
    covered: dict[CellKey, CellKey] = field(default_factory=dict)
    paragraphs: dict[int, Node] = field(default_factory=dict)
    anchors: dict[CellKey, Node] = field(default_factory=dict)


def find(data: bytes, path: str) -> Places:
    """Returns the places of a document part in UTF-8. Raises ReadError when it is broken or has no body."""
    root = parse(data, path, _keep)
    body = root.child("body")
    if body is None:
        raise ReadError(f"文档没有正文 @ {path}，请用 Word 或 WPS 另存为 .docx 后重新提交")
    places = Places(data, root, body)
    _walk(body, State(path, DEFAULT), places, [0], 0)
    return places


def _keep(stack: Sequence[Node], tag: str, _: Mapping[str, str]) -> bool:
    # What stands inside a paragraph says nothing of places but text boxes, whose tables are counted; its properties must be known to add to them.
    inside = next((name for node in reversed(stack) if (name := node.local) in AROUND), None)
    return inside != "p" or stack[-1].local == "p" or tag.rpartition("}")[2] in TO_BOXES


def _walk(parent: Node, state: State, places: Places, tables: list[int], depth: int, anchor: Node | None = None) -> None:
    last = parent
    for kind, element in blocks(_lent(parent), state.found):
        if kind != "tbl":
            last = _returned(element)
            if not depth:
                places.paragraphs[len(places.paragraphs) + 1] = last
            continue
        tables[0] += 1
        table = tables[0]
        held = anchor or (last if last is not parent and last.start < _returned(element).start < last.stop else None)
        for slot in slots_of(element, state.path, state):
            key = (table, slot.row + 1, slot.column + 1)
            cell = places.cells[key] = _returned(slot.element)
            if held is not None:
                places.anchors[key] = held
            for row in range(key[1], key[1] + slot.height):
                for column in range(key[2], key[2] + slot.width):
                    places.covered.setdefault((table, row, column), key)
            if not all(KINDS.get(node.tag) in PLAIN for node in cell):
                _walk(cell, state, places, tables, depth + 1, held)


def _lent(node: Node) -> _Element:
    # The reader's walk asks an element for its name, attributes, children and those below it only, and a Node has those.
    return cast("_Element", node)


def _returned(element: _Element) -> Node:
    return cast("Node", element)


def paragraphs(cell: Node) -> list[Node]:
    """Returns the paragraphs of a cell outside its nested tables."""
    return [_returned(element) for kind, element in blocks(_lent(cell), Found()) if kind == "p"]


def _says(data: bytes, paragraph: Node, text: str) -> bool:
    # Lines within a cell are counted on from the paragraph before the table, so a number alone may mean another line.
    return "".join(text.split()) in _shown(data, paragraph)


def _shown(data: bytes, node: Node) -> str:
    return "".join(unescape(TAG.sub(b"", data[node.start : node.stop]).decode("utf-8", "replace")).split())


def key_of(at: Location, form: Form, places: Places) -> CellKey | int | None:
    """Returns the cell (or paragraph) a location means; None when the form has no such place.

    A blank cell that the reader did not set a place for stands in the column its field has in other
    rows of the table.
    """
    where = at.locator
    if where.table is None:
        known = bool(at.text) or (at.table, at.row, at.field) in form.places
        paragraph = places.paragraphs.get(where.line or 0)
        return where.line if known and paragraph is not None and _says(places.data, paragraph, at.text) else None
    if where.line is None:
        return None
    if where.column is not None:
        return places.covered.get((where.table, where.line, where.column))
    others = (form.places.get((at.table, row, at.field)) for row in range(1, len(getattr(form, at.table, ())) + 1))
    column = next((place.locator.column for place in others if place is not None and place.locator.table == where.table), None)
    key = places.covered.get((where.table, where.line, column)) if column is not None else None
    # What stands in that column may be another field's: then the guess is wrong, unless the cell is merged from above.
    return key if key is not None and (key[1] < where.line or not _shown(places.data, places.cells[key])) else None

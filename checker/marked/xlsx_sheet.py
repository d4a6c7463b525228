"""One sheet of a workbook: where its cells stand in the XML, and the edits that restyle them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from msgspec import Struct, field

from checker.marked.splice import Edit, Node, appended, inserted, parse, prefixed, with_attribute
from checker.readers.merges import covered, settled
from checker.readers.sheet import cell_name
from checker.readers.xlsx_sheet import AREA, integer, place

AFTER_LEGACY = ("AlternateContent", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
CONTENT = re.compile(rb"<(?:[^\s/>:]+:)?(?:v|f|is)[\s/>]")
LAST = 1_048_575, 16_383
POINTS = 96 / 72
HIDDEN = ("1", "true", "on")

Place = tuple[int, int]
"""Row and column counted from 0."""


class Part(Struct):
    """A sheet's XML with its tree: all rows, but cells of the wanted rows only."""

    name: str
    data: bytes
    root: Node
    rows: dict[int, Node] = field(default_factory=dict)
    cells: dict[Place, Node] = field(default_factory=dict)
    lines: dict[int, list[tuple[Place, Node]]] = field(default_factory=dict)
    order: list[tuple[int, Node]] = field(default_factory=list)


def open_sheet(name: str, data: bytes, path: str, wanted: Iterable[int]) -> Part:
    """Returns a sheet's XML (UTF-8) as far as it is needed to change cells in the wanted rows (from 0)."""
    rows = frozenset(wanted)
    at = -1

    def keep(stack: Sequence[Node], tag: str, attributes: Mapping[str, str]) -> bool:
        nonlocal at
        parent, local = stack[-1], tag.rpartition("}")[2]
        if parent.local == "sheetData" and local == "row":
            at = integer(attributes.get("r")) - 1 if integer(attributes.get("r")) else at + 1
            return True
        return at in rows if parent.local == "row" else parent.local in ("worksheet", "cols", "mergeCells", "sheetFormatPr")

    part = Part(name, data, parse(data, path, keep))
    table = part.root.child("sheetData")
    row = -1
    for node in table or ():
        row = integer(node.get("r")) - 1 if integer(node.get("r")) else row + 1
        part.order.append((row, node))
        part.rows.setdefault(row, node)
        if row in rows:
            _index(part, row, node)
    return part


def _index(part: Part, row: int, node: Node) -> None:
    column = -1
    for cell in node.all("c"):
        reference = cell.get("r")
        if reference is None:
            column += 1
        else:
            row, column = place(reference)
        part.cells.setdefault((row, column), cell)
        part.lines.setdefault(row, []).append(((row, column), cell))


def corners(part: Part, wanted: Iterable[Place]) -> dict[Place, Place]:
    """Returns, for those of the wanted cells that a merged area covers, the corner that is shown in their stead."""
    merged = part.root.child("mergeCells")
    areas = []
    for node in merged or ():
        if match := AREA.fullmatch(node.get("ref") or ""):
            top, left = place(match[1] + match[2])
            areas.append((top, left, *(place(match[3] + match[4]) if match[3] else (top, left))))
    sound, _ = settled(areas, *LAST)
    return covered(sorted(wanted), sound)


def blank(part: Part, at: Place) -> bool:
    """True when a cell of a wanted row holds no value and no formula."""
    cell = part.cells.get(at)
    return cell is None or CONTENT.search(part.data, cell.start, cell.stop) is None


def style_at(part: Part, at: Place) -> int:
    """Returns the style a cell is shown with: its own, else its row's, else its column's."""
    row, column = at
    cell, line = part.cells.get(at), part.rows.get(row)
    if cell is not None:
        return integer(cell.get("s"))
    if line is not None and line.get("s") is not None and (line.get("customFormat") or "") in HIDDEN:
        return integer(line.get("s"))
    columns = part.root.child("cols")
    found = next((node for node in columns or () if integer(node.get("min")) <= column + 1 <= integer(node.get("max"))), None)
    return integer(found.get("style")) if found is not None else 0


def restyled(part: Part, styles: Mapping[Place, int]) -> list[Edit]:
    """Returns the edits that give cells a style; blank cells without an element get one."""
    edits: list[Edit] = []
    absent: dict[int, list[Place]] = {}
    for at, style in sorted(styles.items()):
        cell = part.cells.get(at)
        if cell is not None:
            edits.append(with_attribute(part.data, cell, "s", str(style)))
        else:
            absent.setdefault(at[0], []).append(at)
    table = part.root.child("sheetData")
    x = prefixed(part.root)
    fresh: dict[Node | None, list[bytes]] = {}
    order = sorted(part.order, key=itemgetter(0))
    for row, places in absent.items():
        line = part.rows.get(row)
        if line is not None:
            edits += _into_row(part, line, places, styles)
            continue
        cells = "".join(f'<{x}c r="{cell_name(at)}" s="{styles[at]}"/>' for at in places)
        behind = bisect_right(order, row, key=itemgetter(0))
        before = order[behind][1] if behind < len(order) else None
        fresh.setdefault(before, []).append(f'<{x}row r="{row + 1}">{cells}</{x}row>'.encode())
    if table is not None:
        edits += [appended(part.data, table, b"".join(texts), before) for before, texts in fresh.items()]
    return edits


def _into_row(part: Part, line: Node, places: list[Place], styles: Mapping[Place, int]) -> list[Edit]:
    x = prefixed(part.root)
    known = sorted(part.lines.get(places[0][0], ()), key=itemgetter(0))
    fresh: dict[Node | None, list[bytes]] = {}
    for at in places:
        before = next((node for there, node in known if there > at), None)
        fresh.setdefault(before, []).append(f'<{x}c r="{cell_name(at)}" s="{styles[at]}"/>'.encode())
    rest = next((node for node in line if node.local != "c"), None)
    return [appended(part.data, line, b"".join(texts), before or rest) for before, texts in fresh.items()]


def legacy_drawing(part: Part, relation: str, space: str) -> Edit:
    """Returns the edit that ties a sheet to the drawing of its comments; `space` is the namespace of relations."""
    text = f'<{prefixed(part.root)}legacyDrawing xmlns:r="{space}" r:id="{relation}"/>'
    return inserted(part.data, part.root, text.encode(), AFTER_LEGACY)


class Sizes(Struct, frozen=True):
    """Widths of columns and heights of rows in pixels, as far as they differ from the usual."""

    widths: tuple[tuple[int, int, int], ...]
    heights: Mapping[int, int]
    width: int
    height: int

    def column(self, at: int) -> int:
        """Returns the width of a column counted from 0."""
        return next((size for first, last, size in self.widths if first <= at <= last), self.width)

    def row(self, at: int) -> int:
        """Returns the height of a row counted from 0."""
        return self.heights.get(at, self.height)


def sizes(part: Part) -> Sizes:
    """Returns the sizes a sheet sets, for the place of a comment's box."""
    usual = part.root.child("sheetFormatPr")
    columns = part.root.child("cols")
    widths = [
        (integer(node.get("min")) - 1, integer(node.get("max")) - 1, 0 if node.get("hidden") in HIDDEN else int(_size(node.get("width"), 9) * 7 + 5))
        for node in columns or ()
    ]
    heights = {row: 0 if node.get("hidden") in HIDDEN else int(_size(node.get("ht"), 15) * POINTS) for row, node in part.order if node.get("ht") or node.get("hidden")}
    width = int(_size(usual.get("defaultColWidth") if usual is not None else None, 9) * 7 + 5)
    return Sizes(tuple(widths), heights, width, int(_size(usual.get("defaultRowHeight") if usual is not None else None, 15) * POINTS))


def _size(text: str | None, otherwise: float) -> float:
    return float(text) if text and re.fullmatch(r"\d{1,4}(\.\d{1,20})?", text) else otherwise

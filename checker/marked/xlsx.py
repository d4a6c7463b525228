"""Marks in a workbook (.xlsx, .xlsm): cells tinted and commented, a legend sheet at the end, nothing else.

Source: ECMA-376 Part 1, SpreadsheetML; comments with their boxes in VML as Part 4 has them.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from checker.errors import ReadError
from checker.marked import xlsx_comments, xlsx_legend
from checker.marked.marks import Mark, comment, strongest
from checker.marked.package import Package
from checker.marked.splice import Node, appended, applied, escaped, prefixed, utf8
from checker.marked.words import WORDS
from checker.marked.xlsx_sheet import Part, Place, blank, corners, legacy_drawing, open_sheet, restyled, sizes, style_at
from checker.marked.xlsx_styles import Styles, open_styles
from checker.readers.limits import DEFAULT, Limits
from checker.readers.sheet import cell_name
from checker.readers.xlsx_sheet import MAINS, integer, place

WORKBOOK = "xl/workbook.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
RELATIONS = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")


class Book(Struct, frozen=True):
    """The workbook part: its name, XML, sheets by name with their parts, and its namespaces."""

    name: str
    data: bytes
    root: Node
    sheets: dict[str, str]
    space: str
    relation: str


def mark(data: bytes, marks: Sequence[Mark], lang: str, path: str, limits: Limits = DEFAULT) -> bytes:
    """Returns the workbook with the marks on its cells. Raises ReadError when it is broken."""
    package = Package(data, path, limits)
    book = _book(package)
    kinds = package.relations(book.name)
    named = next((to for kind, to in kinds.values() if kind.endswith("/styles")), None)
    styles = open_styles(package, book.name, named, book.space, book.relation)
    found = [_cells(each, book) for each in marks]
    sheets = {sheet: _open(package, book.sheets[sheet], {at for cells in found for name, at, _ in cells if name == sheet}) for sheet in {name for cells in found for name, _, _ in cells}}
    shown: dict[str, dict[Place, dict[int, Mark]]] = {}
    placed: list[tuple[str, str] | None] = []
    for each, cells in zip(marks, found, strict=True):
        at_last = [(sheet, corner) for sheet, at, guessed in cells if (corner := _shown_at(*sheets[sheet], at, guessed)) is not None]
        for sheet, corner in at_last:
            shown.setdefault(sheet, {}).setdefault(corner, {})[id(each)] = each
        placed.append((at_last[0][0], cell_name(at_last[0][1])) if at_last else None)
    for sheet in book.sheets:
        if sheet in shown:
            _mark_sheet(package, book, sheets[sheet][0], {at: list(listed.values()) for at, listed in shown[sheet].items()}, styles, lang)
    _add_legend(package, book, xlsx_legend.sheet(book.space, marks, placed, styles, lang), lang)
    styles.save()
    return package.packed()


def _book(package: Package) -> Book:
    name = package.main(WORKBOOK)
    data, root = package.xml(name)
    kinds = package.relations(name)
    strict = root.space == MAINS[1]
    sheets: dict[str, str] = {}
    listed = root.child("sheets")
    if listed is None:
        raise ReadError(f"工作簿没有工作表 @ {package.path}，请重新保存")
    for node in listed:
        relation = next((node.get(f"{{{space}}}id") for space in RELATIONS if node.get(f"{{{space}}}id")), "")
        kind, to = kinds.get(relation or "", ("", ""))
        if kind.endswith("/worksheet") and to in package:
            sheets.setdefault(node.get("name") or "", to)
    return Book(name, data, root, sheets, root.space, RELATIONS[strict])


def _cells(mark: Mark, book: Book) -> list[tuple[str, Place, bool]]:
    """Returns sheet and cell of a mark's places, and whether the cell is a guess for a field the reader found no place of."""
    made: dict[tuple[str, Place], bool] = {}
    for at in mark.locations:
        cell, sheet = _cell(at.locator.cell), at.locator.sheet
        if cell is not None and sheet in book.sheets:
            guessed = not at.text and (at.table, at.row, at.field) not in mark.form.places
            made[sheet, cell] = made.get((sheet, cell), True) and guessed
    return [(*key, guessed) for key, guessed in made.items()]


def _cell(reference: str | None) -> Place | None:
    try:
        return place(reference) if reference else None
    except ValueError:
        return None


def _open(package: Package, name: str, cells: set[Place]) -> tuple[Part, dict[Place, Place]]:
    """Returns a sheet as far as these cells need it, with the corners of the merged areas that cover some of them."""
    data = utf8(package.get(name) or b"", package.path)
    part = open_sheet(name, data, package.path, {row for row, _ in cells})
    shown = corners(part, cells)
    if shown:
        part = open_sheet(name, data, package.path, {row for row, _ in (*cells, *shown.values())})
    return part, shown


def _shown_at(part: Part, shown: dict[Place, Place], at: Place, guessed: bool) -> Place | None:
    """Returns where a cell is to be marked; None for a guess that hits what stands there for another field."""
    corner = shown.get(at, at)
    return corner if not guessed or corner[0] < at[0] or blank(part, corner) else None


def _mark_sheet(package: Package, book: Book, part: Part, marks: dict[Place, list[Mark]], styles: Styles, lang: str) -> None:
    changed = {at: style for at, listed in marks.items() if (style := styles.tinted(style_at(part, at), strongest(listed))) != style_at(part, at)}
    edits = restyled(part, changed)
    drawing = _comments(package, book, part, marks, lang)
    if drawing is not None:
        edits.append(legacy_drawing(part, drawing, book.relation))
    package.put(part.name, applied(part.data, edits))


def _comments(package: Package, book: Book, part: Part, marks: dict[Place, list[Mark]], lang: str) -> str | None:
    """Adds the comments of a sheet; returns the id of a new drawing that the sheet must name, None when it has one."""
    said = {at: comment(listed, lang) for at, listed in marks.items()}
    kinds = package.relations(part.name)
    comments = next((to for kind, to in kinds.values() if kind.endswith("/comments") and to in package), None)
    if comments is None:
        comments = package.free("xl/comments{}.xml")
        package.put(comments, xlsx_comments.new_comments(book.space))
        package.declare(comments, xlsx_comments.COMMENTS_TYPE)
        package.relate(part.name, book.relation + "/comments", comments)
    boxes = xlsx_comments.add_comments(package, comments, WORDS[lang]["author"], said)
    if not boxes:
        return None
    block = xlsx_comments.free_block(package)
    legacy = part.root.child("legacyDrawing")
    relation = next((legacy.get(f"{{{space}}}id") for space in RELATIONS if legacy.get(f"{{{space}}}id")), None) if legacy is not None else None
    _, drawing = kinds.get(relation or "", ("", ""))
    if drawing in package:
        made = xlsx_comments.add_boxes(package.get(drawing) or b"", boxes, said, sizes(part), 0)
        if made is not None:
            package.put(drawing, made)
        return None
    drawing = package.free("xl/drawings/vmldrawing{}.vml")
    package.declare_suffix("vml", xlsx_comments.VML_TYPE, drawing)
    package.put(drawing, xlsx_comments.add_boxes(xlsx_comments.new_drawing(block), boxes, said, sizes(part), block) or b"")
    fresh = package.relate(part.name, book.relation + "/vmlDrawing", drawing)
    return fresh if legacy is None else None


def _add_legend(package: Package, book: Book, legend: bytes, lang: str) -> None:
    name = package.free("xl/worksheets/sheet{}.xml")
    package.put(name, legend)
    package.declare(name, SHEET_TYPE)
    relation = package.relate(book.name, book.relation + "/worksheet", name)
    data, root = package.xml(book.name)
    listed = root.child("sheets")
    if listed is None:
        return
    taken = {(node.get("name") or "").casefold() for node in listed}
    title = WORDS[lang]["sheet"]
    shown = next(text for n in range(1, len(taken) + 3) if (text := title if n == 1 else f"{title} ({n})").casefold() not in taken)
    number = max((integer(node.get("sheetId")) for node in listed), default=0) + 1
    text = f'<{prefixed(listed)}sheet xmlns:r="{book.relation}" name="{escaped(shown)}" sheetId="{number}" r:id="{relation}"/>'
    package.edit(book.name, data, [appended(data, listed, text.encode())])

"""Marks in a Word document (.docx, .docm): cells tinted and commented, a legend page at the end, nothing else.

Source: ECMA-376 Part 1, WordprocessingML.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from checker.marked import docx_legend
from checker.marked.docx_legend import spelled
from checker.marked.docx_places import CellKey, Places, find, key_of, paragraphs
from checker.marked.marks import Mark, comment, strongest
from checker.marked.package import Package
from checker.marked.splice import Edit, Node, appended, applied, escaped, inserted, opened, prepended, utf8
from checker.marked.words import TINTS
from checker.readers.docx_text import NAMESPACES
from checker.readers.limits import DEFAULT, Limits

MAIN = "word/document.xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
RELATIONS = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
AFTER_CELL_SHADING = ("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "headers", "cellIns", "cellDel", "cellMerge", "tcPrChange")
BEFORE_SHADING = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr")
DARK = 110_000

Key = CellKey | int


def mark(data: bytes, marks: Sequence[Mark], lang: str, path: str, limits: Limits = DEFAULT) -> bytes:
    """Returns the document with the marks on its cells and paragraphs. Raises ReadError when it is broken."""
    package = Package(data, path, limits)
    main = package.main(MAIN)
    content = utf8(package.get(main) or b"", path)
    places = find(content, path)
    wanted: dict[Key, list[Mark]] = {}
    placed: list[bool] = []
    for each in marks:
        keys = dict.fromkeys(key for at in each.locations if (key := key_of(at, each.form, places)) is not None)
        for key in keys:
            wanted.setdefault(key, []).append(each)
        placed.append(bool(keys))
    number = _first_number(package, main)
    edits: list[Edit] = []
    said: list[str] = []
    for key, listed in wanted.items():
        node = places.cells[key] if isinstance(key, tuple) else places.paragraphs[key]
        edits += _tinted(content, node, strongest(listed), places.root, cell=isinstance(key, tuple))
        # No comment may stand within a text box: it goes around the paragraph that holds the box.
        around = [node] if isinstance(key, int) else [places.anchors[key]] if key in places.anchors else paragraphs(node)
        if around:
            edits += _ranged(content, around[0], around[-1], number + len(said), places.root)
            said.append(docx_legend.comment(number + len(said), comment(listed, lang), lang))
    edits.append(_legend(content, places, docx_legend.legend(marks, placed, places.body.child("sectPr"), lang)))
    if said:
        _add_comments(package, main, said, places.root)
    package.put(main, applied(content, edits))
    return package.packed()


def _legend(data: bytes, places: Places, text: str) -> Edit:
    section = next((node for node in places.body if node.local == "sectPr"), None)
    return appended(data, places.body, spelled(text, places.root), section)


def _tinted(data: bytes, node: Node, status: str, root: Node, *, cell: bool) -> list[Edit]:
    """Returns the edits that shade a cell or paragraph; a dark one keeps its own, or its light letters would vanish."""
    if status not in TINTS:
        return []
    shade = docx_legend.shading(status)
    holder = "tcPr" if cell else "pPr"
    properties = node.child(holder)
    if properties is None:
        return [prepended(data, node, spelled(f"<w:{holder}>{shade}</w:{holder}>", root))] if node.close >= 0 else []
    old = properties.child("shd")
    if old is not None:
        return [] if _dark(old) else [(old.start, old.stop, spelled(shade, root))]
    if cell:
        return [inserted(data, properties, spelled(shade, root), AFTER_CELL_SHADING)]
    return [appended(data, properties, spelled(shade, root), next((each for each in properties if each.local not in BEFORE_SHADING), None))]


def _dark(shading: Node) -> bool:
    fill = next((value for space in NAMESPACES if (value := shading.get(f"{{{space}}}fill"))), "auto")
    try:
        red, green, blue = (int(fill[at : at + 2], 16) for at in (0, 2, 4))
    except ValueError:
        return False
    return 299 * red + 587 * green + 114 * blue < DARK


def _ranged(data: bytes, first: Node, last: Node, number: int, root: Node) -> list[Edit]:
    """Returns the edits that lay a comment around the paragraphs from the first to the last."""
    start = f'<w:commentRangeStart w:id="{number}"/>'
    end = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
    if first.close < 0:
        # An empty element holds nothing to go around: what begins here is written into it at once.
        whole = start + end if first is last else start
        edits = [prepended(data, first, spelled(whole, root))]
        return edits if first is last else [*edits, appended(data, last, spelled(end, root))]
    properties = first.child("pPr")
    at = properties.stop if properties is not None else opened(data, first)
    return [(at, at, spelled(start, root)), appended(data, last, spelled(end, root))]


def _comments_part(package: Package, main: str) -> str | None:
    return next((to for kind, to in package.relations(main).values() if kind.endswith("/comments") and to in package), None)


def _first_number(package: Package, main: str) -> int:
    """Returns the first number that no comment of the document has."""
    name = _comments_part(package, main)
    if name is None:
        return 0
    _, root = package.xml(name)
    numbers = (node.get(f"{{{root.space}}}id") or "" for node in root)
    return max((int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 10), default=-1) + 1


def _add_comments(package: Package, main: str, said: Sequence[str], document: Node) -> None:
    name = _comments_part(package, main)
    if name is None:
        folder = posixpath.dirname(main)
        name = posixpath.join(folder, "comments.xml")
        if name in package:
            name = package.free(posixpath.join(folder, "comments{}.xml"))
        package.put(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{escaped(document.space)}"></w:comments>'.encode())
        package.declare(name, COMMENTS_TYPE)
        package.relate(main, RELATIONS[document.space == NAMESPACES[1]] + "/comments", name)
    data, root = package.xml(name)
    package.edit(name, data, [appended(data, root, spelled("".join(said), root))])

"""Comments of a sheet: the comments part and the drawing of their boxes, made or added to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from checker.marked.package import Package
from checker.marked.splice import Edit, Node, appended, escaped, prefixed, prepended
from checker.marked.words import INKS
from checker.marked.xlsx_sheet import Place, Sizes
from checker.readers.sheet import cell_name

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
SHAPE_ID = re.compile(rb"_x0000_s(\d{1,9})\b")
BLOCKS = re.compile(rb"""<o:idmap\b[^>]*?\bdata\s*=\s*["']([0-9, ]*)["']""")
X_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
CLOSING = re.compile(rb"</[A-Za-z0-9]*:?xml\s*>\s*$")
WIDTH = 330
LINE = 16
TALLEST = 420
LETTERS = 46
"""Columns of a line of the box; East Asian letters take two."""

Said = Sequence[tuple[str, tuple[str, ...], str]]
"""What a comment says: (head, lines, status) a finding."""

SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
NEW_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
)
SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:{width}pt;height:{height}pt;z-index:{z};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def text_of(text: str) -> str:
    """Returns a text as the content of a `t` element: XML escaped, and so that no `_xHHHH_` in it is taken for a character."""
    return escaped(X_ESCAPE.sub("_x005F_", text)).replace("&#10;", "\n")


def runs(said: Said, x: str, *, gap: bool) -> str:
    """Returns the runs of a comment; `gap` leaves a line free from what stands before."""
    made = []
    for at, (head, lines, status) in enumerate(said):
        before = "\n\n" if at or gap else ""
        made.append(
            f'<{x}r><{x}rPr><{x}b/><{x}sz val="9"/><{x}color rgb="FF{INKS[status]}"/><{x}rFont val="宋体"/></{x}rPr><{x}t xml:space="preserve">{before}{text_of(head)}</{x}t></{x}r>'
        )
        if lines:
            body = "\n" + "\n".join(lines)
            made.append(f'<{x}r><{x}rPr><{x}sz val="9"/><{x}rFont val="宋体"/></{x}rPr><{x}t xml:space="preserve">{text_of(body)}</{x}t></{x}r>')
    return "".join(made)


def add_comments(package: Package, name: str, author: str, comments: Mapping[Place, Said]) -> list[Place]:
    """Adds comments to a comments part; returns the cells that had none yet and need a box."""
    data, root = package.xml(name)
    x = prefixed(root)
    authors, listed = root.child("authors"), root.child("commentList")
    there: dict[str, Node] = {node.get("ref") or "": node for node in listed or ()}
    edits: list[Edit] = []
    fresh: list[str] = []
    boxes: list[Place] = []
    number = len(authors) if authors is not None else 0
    for at, said in sorted(comments.items()):
        known = there.get(cell_name(at))
        text = known.child("text") if known is not None else None
        if text is not None:
            edits += _appended_to(data, text, runs(said, x, gap=len(text) > 0), x)
        elif known is None:
            boxes.append(at)
            fresh.append(f'<{x}comment ref="{cell_name(at)}" authorId="{number}"><{x}text>{runs(said, x, gap=False)}</{x}text></{x}comment>')
    if fresh:
        signed = f"<{x}author>{text_of(author)}</{x}author>".encode()
        if authors is None:
            edits.append(prepended(data, root, f"<{x}authors>".encode() + signed + f"</{x}authors>".encode()))
        else:
            edits.append(appended(data, authors, signed))
        body = "".join(fresh).encode()
        if listed is None:
            rest = next((node for node in root if node.local == "extLst"), None)
            edits.append(appended(data, root, f"<{x}commentList>".encode() + body + f"</{x}commentList>".encode(), rest))
        else:
            edits.append(appended(data, listed, body))
    package.edit(name, data, edits)
    return boxes


def _appended_to(data: bytes, text: Node, added: str, x: str) -> list[Edit]:
    # Plain text beside runs is not shown by every program: it becomes a run of its own.
    plain = text.child("t")
    rest = next((node for node in text if node.local in ("rPh", "phoneticPr")), None)
    wrapped: list[Edit] = [] if plain is None else [(plain.start, plain.start, f"<{x}r>".encode()), (plain.stop, plain.stop, f"</{x}r>".encode())]
    return [*wrapped, appended(data, text, added.encode(), rest)]


def new_comments(space: str) -> bytes:
    """Returns a comments part without comments."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{escaped(space)}"><authors></authors><commentList></commentList></comments>'.encode()


def new_drawing(block: int) -> bytes:
    """Returns a drawing without shapes whose numbers begin at 1024 × `block`."""
    return NEW_DRAWING.format(block=block).encode()


def free_block(package: Package) -> int:
    """Returns the first block of shape numbers behind all that the drawings of a workbook use."""
    used = [0]
    for name in package.names():
        if name.endswith(".vml") and (data := package.get(name)):
            used += [int(part) for found in BLOCKS.findall(data) for part in found.replace(b" ", b"").split(b",") if part and len(part) < 8]
            used += [int(number) // 1024 for number in SHAPE_ID.findall(data)]
    return max(used) + 1


def add_boxes(data: bytes, boxes: Sequence[Place], comments: Mapping[Place, Said], known: Sizes, block: int) -> bytes | None:
    """Returns a drawing with a hidden box for each comment; None when it is no drawing that can be added to.

    Drawings of old programs are not always well-formed XML, so nothing but the end is touched.
    """
    end = CLOSING.search(data)
    if end is None:
        return None
    numbers = [int(number) for number in SHAPE_ID.findall(data)]
    first = max([block * 1024, *numbers]) + 1
    made = [] if b"_x0000_t202" in data else [SHAPE_TYPE.replace("<v:shapetype ", '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" ', 1)]
    for n, (row, column) in enumerate(boxes):
        height = _height(comments[row, column])
        anchor = _anchor(known, row, column, WIDTH, height)
        made.append(SHAPE.format(id=first + n, width=WIDTH * 3 // 4, height=height * 3 // 4, z=len(numbers) + n + 1, anchor=anchor, row=row, column=column))
    return data[: end.start()] + "".join(made).encode() + data[end.start() :]


def _height(said: Said) -> int:
    lines = 1
    for head, body, _ in said:
        for line in (head, *(part for text in body for part in text.split("\n"))):
            lines += 1 + sum(2 if ord(letter) > 0x2E7F else 1 for letter in line[:4000]) // LETTERS
    return min(max(lines * LINE, 64), TALLEST)


def _anchor(known: Sizes, row: int, column: int, width: int, height: int) -> str:
    left, start = column + 1, max(row - 1, 0)
    right, x = left, 12 + width
    while x > (size := known.column(right)) and right < left + 200:
        x -= size
        right += 1
    bottom, y = start, 8 + height
    while y > (size := known.row(bottom)) and bottom < start + 400:
        y -= size
        bottom += 1
    return f"{left}, 12, {start}, 8, {right}, {x}, {bottom}, {y}"

"""The styles part of a workbook: tinted clones of cell styles, and the styles of the legend."""

from __future__ import annotations

from checker.marked.package import Package
from checker.marked.splice import (
    Edit,
    Node,
    appended,
    applied,
    escaped,
    inserted,
    opened,
    parse,
    prefixed,
    with_attribute,
)
from checker.marked.words import TINTS

ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
MAX_STYLES = 64_000
LIGHT_THEMES = ("0", "2")
LIGHT_INDEXED = ("1", "9")
FIXED_FILLS = ('<{x}fill><{x}patternFill patternType="none"/></{x}fill>', '<{x}fill><{x}patternFill patternType="gray125"/></{x}fill>')
DEFAULTS = {"cellXfs": "<{x}xf/>", "fonts": "<{x}font/>"}

EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{space}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>'
)


class Styles:
    """The styles of a workbook, to which clones are added; `save` writes them when there are any."""

    __slots__ = ("_added", "_data", "_known", "_name", "_package", "_root", "_x")

    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        self._data, self._root = package.xml(name)
        self._x = prefixed(self._root)
        self._added: dict[str, list[bytes]] = {"fonts": [], "fills": [], "cellXfs": []}
        self._known: dict[object, int] = {}

    def tinted(self, style: int, status: str) -> int:
        """Returns the number of a style like another one, with the fill of a status; number formats and borders stay."""
        if status not in TINTS:
            return style
        key = ("tinted", style, status)
        if key not in self._known:
            raw = self._raw("cellXfs", style)
            changes = {"fillId": str(self.fill(TINTS[status])), "applyFill": "1"}
            font = self._dark_font(raw)
            if font is not None:
                changes |= {"fontId": str(font), "applyFont": "1"}
            self._known[key] = self._add("cellXfs", self._with(raw, changes)) if self._room() else style
        return self._known[key]

    def plain(self, *, bold: bool = False, ink: str | None = None, tint: str | None = None, size: int = 10) -> int:
        """Returns the number of a style for texts of the legend: wrapped, at the top, text even when somebody edits it."""
        key = ("plain", bold, ink, tint, size)
        if key not in self._known:
            x = self._x
            color = f'<{x}color rgb="FF{ink}"/>' if ink else ""
            font = self._add("fonts", f"<{x}font>{f'<{x}b/>' if bold else ''}<{x}sz val=\"{size}\"/>{color}<{x}name val=\"宋体\"/></{x}font>".encode())
            fill = self.fill(tint) if tint else 0
            text = (
                f'<{x}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
                f'<{x}alignment vertical="top" wrapText="1"/></{x}xf>'
            )
            self._known[key] = self._add("cellXfs", text.encode())
        return self._known[key]

    def fill(self, tint: str) -> int:
        """Returns the number of a solid fill of a colour."""
        if ("fill", tint) not in self._known:
            x = self._x
            text = f'<{x}fill><{x}patternFill patternType="solid"><{x}fgColor rgb="FF{tint}"/><{x}bgColor indexed="64"/></{x}patternFill></{x}fill>'
            self._known["fill", tint] = self._add("fills", text.encode())
        return self._known["fill", tint]

    def save(self) -> None:
        """Writes the part with what was added."""
        edits: list[Edit] = []
        for kind, added in self._added.items():
            if not added:
                continue
            parent = self._root.child(kind)
            text = b"".join(added)
            if parent is None:
                whole = f'<{self._x}{kind} count="{len(added)}">'.encode() + text + f"</{self._x}{kind}>".encode()
                edits.append(inserted(self._data, self._root, whole, ORDER[ORDER.index(kind) + 1 :]))
            else:
                edits += [with_attribute(self._data, parent, "count", str(len(parent) + len(added))), appended(self._data, parent, text)]
        self._package.edit(self._name, self._data, edits)

    def _add(self, kind: str, text: bytes) -> int:
        parent = self._root.child(kind)
        there = len(parent) if parent is not None else 0
        # Number 0 is what everything without a number has; fills 0 and 1 are fixed: none and gray.
        usual = FIXED_FILLS if kind == "fills" else (DEFAULTS[kind],)
        while there + len(self._added[kind]) < len(usual):
            self._added[kind].append(usual[there + len(self._added[kind])].format(x=self._x).encode())
        self._added[kind].append(text)
        return there + len(self._added[kind]) - 1

    def _room(self) -> bool:
        parent = self._root.child("cellXfs")
        return (len(parent) if parent is not None else 0) + len(self._added["cellXfs"]) < MAX_STYLES

    def _raw(self, kind: str, number: int) -> bytes:
        node = self._node(kind, number)
        return self._data[node.start : node.stop] if node is not None else f"<{self._x}xf/>".encode()

    def _node(self, kind: str, number: int) -> Node | None:
        parent = self._root.child(kind)
        if parent is None or not len(parent):
            return None
        return parent[number] if number < len(parent) else parent[0]

    def _with(self, raw: bytes, attributes: dict[str, str]) -> bytes:
        head, tail = self._shell()
        whole = head + raw + tail
        node = self._alone(raw)
        made = applied(whole, [with_attribute(whole, node, name, value) for name, value in attributes.items()])
        return made[len(head) : len(made) - len(tail)]

    def _shell(self) -> tuple[bytes, bytes]:
        # A piece of the part can be parsed by itself only within its root's namespace declarations.
        head = self._data[self._root.start : opened(self._data, self._root)]
        return head, f"</{self._x}styleSheet>".encode()

    def _alone(self, raw: bytes) -> Node:
        head, tail = self._shell()
        return parse(head + raw + tail, self._package.path)[0]

    def _dark_font(self, raw: bytes) -> int | None:
        """Returns a black clone of a style's font when its light letters would vanish on a tint."""
        at = self._alone(raw).get("fontId") or "0"
        font = self._node("fonts", int(at)) if at.isascii() and at.isdigit() and len(at) < 9 else None
        color = font.child("color") if font is not None else None
        if font is None or color is None or not _light(color):
            return None
        key = ("dark", at)
        if key not in self._known:
            text = f'<{self._x}color rgb="FF000000"/>'.encode()
            start = font.start
            self._known[key] = self._add("fonts", self._data[start : color.start] + text + self._data[color.stop : font.stop])
        return self._known[key]


def _light(color: Node) -> bool:
    rgb = color.get("rgb")
    if rgb is not None and len(rgb) in (6, 8):
        try:
            red, green, blue = (int(rgb[-6:][at : at + 2], 16) for at in (0, 2, 4))
        except ValueError:
            return False
        return 299 * red + 587 * green + 114 * blue > 150_000
    return color.get("theme") in LIGHT_THEMES or color.get("indexed") in LIGHT_INDEXED


def open_styles(package: Package, main: str, name: str | None, space: str, relation: str) -> Styles:
    """Returns the styles of a workbook; one without a styles part gets the smallest there is."""
    if name is None or name not in package:
        name = "xl/styles.xml" if "xl/styles.xml" not in package else package.free("xl/styles{}.xml")
        package.put(name, EMPTY.format(space=escaped(space)).encode())
        package.declare(name, CONTENT_TYPE)
        package.relate(main, relation + "/styles", name)
    return Styles(package, name)

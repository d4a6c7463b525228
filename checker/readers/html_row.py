"""Rows of HTML tables in plain markup: a few searches in one text instead of a visit to every node.

A row may come from the source of a page (`html_table`) or from what lexbor writes of its tree. Cells may hold text, line breaks and the
elements below, each closed in its place; a row with anything else, or with references not known here, is left to the walk over its nodes.
"""

from __future__ import annotations

import re
from html import unescape
from typing import cast

from checker.readers.lines import wrapped
from checker.remembered import remembered

LONG = 400
"""Longest markup of a cell whose meaning is kept."""
BLANK = " \t\n\f\r"
ATTRIBUTES = rf"""(?:[{BLANK}]++[A-Za-z_:][-A-Za-z0-9_:.]*+(?:[{BLANK}]*+=[{BLANK}]*+(?:"[^"]*+"|'[^']*+'|[^{BLANK}"'<>=`]++))?+)*+[{BLANK}]*+"""
ROW = re.compile(rf"[{BLANK}]*+<tr{ATTRIBUTES}>")
CLOSED = re.compile("</t([dh])>")
CELL = re.compile(rf"[{BLANK}]*+<td({ATTRIBUTES})>(.*)", re.DOTALL)
BLOCK = re.compile(rf"<(/?+)(br|p|div|center|ul|ol|li|h[1-6]){ATTRIBUTES}/?+>")
NESTS = ("div", "center", "ul", "ol")
"""Blocks that may hold others: a paragraph, an item or a heading ends where another begins."""
INLINE = re.compile(rf"</?+(?:span|font|b|strong|i|em|u|a|o:p|big|small|sup|sub|label){ATTRIBUTES}>")
ATTRIBUTE = re.compile(rf"""[{BLANK}]((?i:rowspan|colspan))[{BLANK}]*+=[{BLANK}]*+(?:"([^"]*+)"|'([^']*+)'|([^{BLANK}"'<>=`]++))""")
REFERENCE = re.compile("&(?:nbsp|amp|lt|gt|quot);")
SPAN = re.compile(r"\s*(\d{1,9})")

PlainCell = tuple[int, int, tuple[str, ...]]
"""Rows and columns of a cell, and its lines."""


def plain_row(markup: str) -> list[PlainCell] | None:
    """Returns the cells of a row up to its closing tag, None for one that is not plain."""
    start = ROW.match(markup)
    if start is None:
        return None
    inner = markup[start.end() :]
    found = _cells(inner.split("</td>"))
    return _cells(_of_one_kind(inner)) if found is None and "</th>" in inner else found


def _cells(parts: list[str]) -> list[PlainCell] | None:
    *cells, rest = parts
    if rest.strip(BLANK):
        return None
    found = list(map(_kept, cells))
    return None if None in found else cast(list[PlainCell], found)


def _of_one_kind(row: str) -> list[str]:
    """Return the cells of a row, th as td, and what stands behind the last; what is ended by a tag of the other kind is left without its beginning."""
    parts = CLOSED.split(row)
    cells = [cell if kind == "d" else cell.replace("<th", "<td", 1) if cell.lstrip(BLANK).startswith("<th") else kind for cell, kind in zip(parts[::2], parts[1::2], strict=False)]
    return [*cells, parts[-1]]


def _cell(markup: str) -> PlainCell | None:
    match = CELL.fullmatch(markup)
    if match is None:
        return None
    pieces = INLINE.sub("", match[2])
    parts = BLOCK.split(pieces)
    if any("<" in piece or "&" in REFERENCE.sub("", piece) for piece in parts[::3]) or not _nested(parts[1::3], parts[2::3]):
        return None
    spans: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(match[1]):
        spans.setdefault(name.lower(), "".join(values))
    if any("&" in value for value in spans.values()):
        return None
    lines = tuple(line for piece in parts[::3] if (line := wrapped(unescape(piece))))
    return span(spans.get("rowspan", "1")), span(spans.get("colspan", "1")) or 1, lines


_kept = remembered(_cell, LONG)


def _nested(closing: list[str], names: list[str]) -> bool:
    """Tell whether each block is closed in its place; only then a closing tag ends what it names."""
    open_: list[str] = []
    for closes, name in zip(closing, names, strict=True):
        if name == "br":
            if closes:
                return False
        elif closes:
            if not open_ or open_.pop() != name:
                return False
        elif open_ and open_[-1] not in NESTS:
            return False
        else:
            open_.append(name)
    return not open_


def span(value: str) -> int:
    """Returns the rows or columns an attribute names, 1 where it names none; 0 rows reach to the end of the group."""
    found = SPAN.match(value)
    return int(found.group(1)) if found else 1

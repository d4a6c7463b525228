"""Rows of HTML tables read from the markup lexbor writes of them: a few searches in one text instead of a visit to every node.

The tree was made by the rules of browsers before; what lexbor writes of it closes every element and quotes every attribute.
Cells may hold text, line breaks and the elements below; a row with anything else is left to the walk over its nodes.
"""

from __future__ import annotations

import re
from html import unescape
from typing import cast

from checker.readers.lines import wrapped
from checker.remembered import remembered

LONG = 400
"""Longest markup of a cell whose meaning is kept."""
ATTRIBUTES = r'(?: [a-z][a-z0-9:_-]*+="[^"]*")*+'
ROW = re.compile(rf"<tr{ATTRIBUTES}>\s*+")
CELL = re.compile(rf"\s*+<t[dh]({ATTRIBUTES})>(.*)", re.DOTALL)
BREAK = re.compile(rf"<(?:br|/?(?:p|div|center|h[1-6]|ul|ol|li)){ATTRIBUTES}>")
INLINE = re.compile(rf"</?(?:span|font|b|strong|i|em|u|a|o:p|big|small|sup|sub|label){ATTRIBUTES}>")
ATTRIBUTE = re.compile(r' ([^ =]+)="([^"]*)"')
SPAN = re.compile(r"\s*(\d{1,9})")

PlainCell = tuple[int, int, tuple[str, ...]]
"""Rows and columns of a cell, and its lines."""


def plain_row(markup: str) -> list[PlainCell] | None:
    """Returns the cells of a row as lexbor writes it, None for a row with other elements in it."""
    start = ROW.match(markup)
    *cells, rest = markup[start.end() :].replace("</th>", "</td>").split("</td>") if start else ("",)
    if rest.strip() != "</tr>":
        return None
    found = list(map(_kept, cells))
    return None if None in found else cast(list[PlainCell], found)


def _cell(markup: str) -> PlainCell | None:
    match = CELL.fullmatch(markup)
    if match is None:
        return None
    pieces = [INLINE.sub("", piece) for piece in BREAK.split(match[2])]
    if any("<" in piece for piece in pieces):
        return None
    values = {name: unescape(value) for name, value in ATTRIBUTE.findall(match[1])}
    lines = tuple(line for piece in pieces if (line := wrapped(unescape(piece))))
    return span(values.get("rowspan", "1")), span(values.get("colspan", "1")) or 1, lines


_kept = remembered(_cell, LONG)


def span(value: str) -> int:
    """Returns the rows or columns an attribute names, 1 where it names none; 0 rows reach to the end of the group."""
    found = SPAN.match(value)
    return int(found.group(1)) if found else 1

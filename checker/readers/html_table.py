"""Tables in plain markup, read from the source of a page: rows, cells, text and the few elements that editors put around it.

Where each of these is closed in its place, the rules of browsers give the same cells whatever stands around the table. So such
tables are cut out before the page is parsed, and a mark is left in the place of each. A mark that does not come back as an empty
table stood in a script, a comment or the like: the page is then parsed as a whole. A tag, attribute or reference not known here
leaves its table to the parser. Source: HTML Standard, 13.2.6.4, "The rules for parsing tokens in HTML content".
"""

from __future__ import annotations

import re
from html import unescape
from typing import cast

from checker.readers.html_row import LONG, PlainCell, span
from checker.readers.lines import wrapped
from checker.remembered import remembered

MARK = "data-cut"
"""Attribute of an empty table in the place of one that was cut out: its number."""
BLANK = " \t\n\f\r"
ATTRIBUTES = rf"""(?:[{BLANK}]++[A-Za-z_:][-A-Za-z0-9_:.]*+(?:[{BLANK}]*+=[{BLANK}]*+(?:"[^"]*+"|'[^']*+'|[^{BLANK}"'<>=`]++))?+)*+[{BLANK}]*+"""
END = "</table>"
UPPER = re.compile("</?[A-Z][A-Za-z0-9:]*+")
TABLE = re.compile(rf"<table{ATTRIBUTES}>")
HEAD = re.compile(rf"(?:[{BLANK}]++|<colgroup{ATTRIBUTES}>|</colgroup>|<col{ATTRIBUTES}/?+>)*+(?:<tbody{ATTRIBUTES}>)?+")
ROW = re.compile(rf"[{BLANK}]*+<tr{ATTRIBUTES}>")
TAIL = re.compile(rf"[{BLANK}]*+(?:</tbody>[{BLANK}]*+)?+")
CLOSED = re.compile("</t([dh])>")
CELL = re.compile(rf"[{BLANK}]*+<td({ATTRIBUTES})>(.*)", re.DOTALL)
BLOCK = re.compile(rf"<(/?+)(br|p|div|center|h[1-6]){ATTRIBUTES}/?+>")
NESTS = ("div", "center")
"""Blocks that may hold others: a paragraph or heading ends where another begins."""
INLINE = re.compile(rf"</?+(?:span|font|b|strong|i|em|u|a|o:p|big|small|sup|sub|label){ATTRIBUTES}>")
ATTRIBUTE = re.compile(rf"""[{BLANK}]((?i:rowspan|colspan))[{BLANK}]*+=[{BLANK}]*+(?:"([^"]*+)"|'([^']*+)'|([^{BLANK}"'<>=`]++))""")
REFERENCE = re.compile("&(?:nbsp|amp|lt|gt|quot);")

PlainTable = list[list[PlainCell]]
"""Rows of cells."""


def cut(page: str, special: re.Pattern[str] | None = None) -> tuple[str, list[PlainTable]]:
    """Returns the page with marks in place of its plain tables, and these in the order of their numbers; tables with anything `special` stay.

    The page must not have such a mark already, in letters of either case.
    """
    if "\0" in page or ("\r" in page and "\r" in page.replace("\r\n", "")):
        return page, []
    # Letters of tags count alike in either case, and none changes its place here.
    *pieces, _ = (UPPER.sub(lambda tag: tag[0].lower(), page) if "<T" in page else page).split(END)
    tables: list[PlainTable] = []
    kept: list[str] = []
    done = 0
    for piece in pieces:
        at = piece.rfind("<table")
        start = TABLE.match(piece, at) if at >= 0 else None
        rows = _rows(piece[start.end() :]) if start and not (special and special.search(piece, at)) else None
        if start and rows:
            kept.append(f'{page[done : done + start.end() - 1]} {MARK}="{len(tables)}">{END}')
            tables.append(rows)
        else:
            kept.append(page[done : done + len(piece) + len(END)])
        done += len(piece) + len(END)
    return "".join([*kept, page[done:]]), tables


def _rows(markup: str) -> PlainTable | None:
    head = HEAD.match(markup)
    *rows, rest = markup[head.end() if head else 0 :].split("</tr>")
    if TAIL.fullmatch(rest) is None:
        return None
    found = list(map(_row, rows))
    return None if None in found else cast(PlainTable, found)


def _row(markup: str) -> list[PlainCell] | None:
    start = ROW.match(markup)
    inner = markup[start.end() :] if start else markup
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

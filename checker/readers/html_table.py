"""Tables in plain markup, read from the source of a page: rows, cells, text and the few elements that editors put around it.

Where each of these is closed in its place, the rules of browsers give the same cells whatever stands around the table. So such
tables are cut out before the page is parsed, and a mark is left in the place of each. A mark that does not come back as an empty
table stood in a script, a comment or the like: the page is then parsed as a whole. A tag, attribute or reference not known here
leaves its table to the parser. Source: HTML Standard, 13.2.6.4, "The rules for parsing tokens in HTML content".
"""

from __future__ import annotations

import re
from typing import cast

from checker.readers.html_row import ATTRIBUTES, BLANK, PlainCell, plain_row

MARK = "data-cut"
"""Attribute of an empty table in the place of one that was cut out: its number."""
END = "</table>"
UPPER = re.compile("</?[A-Z][A-Za-z0-9:]*+")
TABLE = re.compile(rf"<table{ATTRIBUTES}>")
HEAD = re.compile(rf"(?:[{BLANK}]++|<colgroup{ATTRIBUTES}>|</colgroup>|<col{ATTRIBUTES}/?+>)*+(?:<tbody{ATTRIBUTES}>)?+")
TAIL = re.compile(rf"[{BLANK}]*+(?:</tbody>[{BLANK}]*+)?+")

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
    found = list(map(plain_row, rows))
    return None if None in found else cast(PlainTable, found)

"""What stands below the indicators: reasons for all deviations, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.layouts.cells import blank, narrative
from checker.layouts.levels import titles_reasons, titles_remarks
from checker.layouts.places import Found, Row, lacks
from checker.layouts.table import Table
from checker.model import Cell

_NOTE = re.compile(r"^\s*(?:备注|注)\s*[:：]")
_COLON = re.compile("[:：]")
_SHORT = 2
"""Characters of titles that stand for themselves in a table only."""


def read_foot(table: Table, rows: list[int], found: Row) -> None:
    """Take the common reason block (偏差大或目标未完成原因分析) and the remarks (其他需要说明的事项) where a form has them, blank or filled."""
    for row in rows:
        for column, cell in table.starts(row):
            field = _field(cell.text)
            if field is None:
                _take_line(cell, found)
                continue
            beside = table.beside(row, column)
            if beside is None:
                found.setdefault(field, Found(None, cell))
            else:
                _take(beside, beside.text, field, found)


def read_lines(lines: Iterable[Cell], found: Row) -> None:
    """Take the reasons and remarks that lines below a table give: 未完成原因分析：…."""
    for line in lines:
        _take_line(line, found)


def _field(title: str) -> str | None:
    return "foot_reason" if titles_reasons(title) else "remarks" if titles_remarks(title) else None


def _take_line(cell: Cell, found: Row) -> None:
    """Take what stands behind a title and its colon in one text; a short one (说明：, 备注：) begins the notes of a blank form."""
    parts = _COLON.split(_NOTE.sub("", cell.text, count=1), maxsplit=1)
    if len(parts) > 1 and (field := _field(parts[0])) and len(parts[0].strip()) > _SHORT:
        _take(cell, parts[1], field, found)


def _take(cell: Cell, text: str, field: str, found: Row) -> None:
    if lacks(found, field):
        found[field] = Found(None if cell.unread or blank(text) else narrative(text), cell, cell.unread)

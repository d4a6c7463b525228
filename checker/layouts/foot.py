"""What stands below the indicators: reasons for all deviations, grade, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.layouts.cells import blank, narrative
from checker.layouts.levels import titles_reasons
from checker.layouts.places import Found, Row, lacks
from checker.layouts.table import Table
from checker.model import Cell

_NOTE = re.compile(r"^\s*(?:备注|注)\s*[:：]")
_COLON = re.compile("[:：]")


def read_foot(table: Table, rows: list[int], found: Row) -> None:
    """Take the common reason block (偏差大或目标未完成原因分析) where a form has one, blank or filled."""
    for row in rows:
        for column, cell in table.starts(row):
            if not titles_reasons(cell.text):
                _take(cell, _behind(cell.text), found)
                continue
            beside = table.beside(row, column)
            if beside is None:
                found.setdefault("foot_reason", Found(None, cell))
            else:
                _take(beside, beside.text, found)


def read_lines(lines: Iterable[Cell], found: Row) -> None:
    """Take the reasons that lines below a table give: 未完成原因分析：…."""
    for line in lines:
        _take(line, _behind(line.text), found)


def _behind(text: str) -> str | None:
    """Return what stands behind the title of the reasons and its colon in one text, None for any other text."""
    parts = _COLON.split(_NOTE.sub("", text, count=1), maxsplit=1)
    return parts[1] if len(parts) > 1 and titles_reasons(parts[0]) else None


def _take(cell: Cell, text: str | None, found: Row) -> None:
    if text is not None and lacks(found, "foot_reason"):
        found["foot_reason"] = Found(None if cell.unread or blank(text) else narrative(text), cell, cell.unread)

"""What stands below the indicators: reasons for all deviations, grade, signatures."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.cells import blank, narrative, title_key
from checker.layouts.places import Found, Notes, Row
from checker.layouts.table import Table


def read_foot(table: Table, rows: list[int], found: Row, notes: Notes) -> None:
    """Take the common reason block (偏差大或目标未完成原因分析) where a form has one, blank or filled."""
    for row in rows:
        for column, cell in table.starts(row):
            if title_key(cell.text) not in vocabulary.words("foot_reasons"):
                continue
            beside = table.beside(row, column)
            if beside is None:
                found.setdefault("foot_reason", Found(None, cell))
            elif beside is not None and found.get("foot_reason", Found(None)).value is None:
                text = beside.text
                found["foot_reason"] = Found(None if blank(text) else narrative(text), beside, beside.unread)

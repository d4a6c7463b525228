"""A row that lacks the cell of its level 1, so that every other cell stands one title too far left.

A web page whose rowspan is too short by one makes such a row: 时效指标 stands under 一级指标, its name under 二级指标.
"""

from __future__ import annotations

from checker.layouts.alignment import value_like
from checker.layouts.cells import plain
from checker.layouts.levels import Level, known_level
from checker.layouts.messages import say
from checker.layouts.places import Notes, line_of
from checker.layouts.table import Table, Under
from checker.model import Cell


def slipped(table: Table, row: int, under: Under, one: Level) -> bool:
    """True when a usual name of level 2 stands under level 1 and none under level 2, below a usual name of level 1 or beside a value for a name."""
    first, second, name = under.get("level1"), under.get("level2"), under.get("name")
    if first is None or second is None or second is first or known_level(second.text, "level2_words") or not plain(second.text):
        return False
    if not known_level(one.text or "", "level1_words") and not (one.text is None and name is not None and value_like(name.text)):
        return False
    return table.begins(first, row) and known_level(first.text, "level2_words") and not known_level(first.text, "level1_words")


def put_back(table: Table, row: int, at: dict[str, int], notes: Notes) -> dict[str, Cell | None] | None:
    """Return the cells under the titles they belong to where the row is one cell short at its end, else None."""
    if table.at(row, table.columns - 1) is not None or table.flat:
        return None
    notes.repairs.append(say("at", at=line_of(table.rows[row][0]), what=say("slipped")))
    return {role: None if role == "level1" else table.at(row, column - 1) for role, column in at.items()}

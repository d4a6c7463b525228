"""Budget lines that stand as rows of an indicator table."""

from __future__ import annotations

import re

from checker.layouts.cells import blank, label, money_unit, plain
from checker.layouts.figures import keep_figure
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.numbers import money
from checker.layouts.places import Found, Notes, Row, name_in
from checker.layouts.table import Table, Under
from checker.model import Cell


def budget_row(group: Cell | None, title: Cell, value: Cell | None, unit: str | None, notes: Notes) -> Row:
    """Return the budget line that a row of an indicator table holds: 中央补助 | 668.00 under a fund."""
    name = split_label(title.text)[1]
    made: Row = {"label": name_in(title, name), "role": Found(role_of(name, None), title)}
    if group is not None:
        made["group"] = name_in(group, re.sub(r"^其中[:：]", "", label(group.text)))
        unit = money_unit(group.text) or unit
    if value is not None and plain(value.text):
        keep_figure(made, "budget", value, money(value.text, unit), notes)
    return made


def _is_budget_row(group: Cell | None, title: Cell | None, value: Cell | None) -> bool:
    """True for a row of an indicator table that holds an amount of money by source, not an indicator."""
    if group is None or title is None or money_unit(group.text) is None:
        return False
    if not budget_like(split_label(title.text)[1]) or len(label(title.text)) > 30:
        return False
    return value is None or blank(value.text) or money(value.text, None).value is not None


def fund_row(
    table: Table, row: int, at: dict[str, int], under: Under, above: Cell | None
) -> tuple[Cell | None, Cell, Cell | None] | None:
    """Return (heading, label, amount) when this row of the table is a line of the budget.

    In a table that lost its merged areas a row without name and heading goes on under the heading `above`.
    """
    if "target" not in at or "actual" not in at:
        return None
    title, value, name = under["target"], under["actual"], under["name"]
    group = _between(table, row, at["name"], at["target"])
    if group is None and table.flat and (name is None or not plain(name.text)):
        group = above
    if group is None or title is None or title is group or not _is_budget_row(group, title, value):
        return None
    return group, title, value


def _between(table: Table, row: int, left: int, right: int) -> Cell | None:
    """Return the first filled cell of a row that begins right of the position `left` and left of `right`."""
    last = table.at(row, left) if right - left > 1 else None
    for column in range(left + 1, right):
        cell = table.at(row, column)
        if cell is not None and cell is not last:
            if plain(cell.text):
                return cell
            last = cell
    return None

"""Funds by source and by use side by side below the fund rows (按收入性质分, 按支出性质分)."""

from __future__ import annotations

import re

from checker.layouts.cells import label, plain
from checker.layouts.figures import keep_figure
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.messages import say
from checker.layouts.numbers import begins_number, money
from checker.layouts.places import Found, Notes, Row, name_in
from checker.layouts.table import Table
from checker.model import Cell

_INLINE = re.compile(r"^(.{2,30}?)[:：]([-+]?[\d.,]+(?:万元|亿元|元|万)?)$")


def read_two_sided(table: Table, rows: list[int], lines: list[Row], unit: str | None, notes: Notes) -> tuple[list[Row], list[int]]:
    """Read 按收入性质分 and 按支出性质分 side by side below the fund rows; return lines and rows used.

    A value stands behind the colon or in the next cell. Which column it belongs to is not written:
    it is the budget, unless the group adds up to the executed total and not to the budget.
    """
    groups: list[tuple[int, str, Cell]] = []
    made: list[Row] = []
    used: list[int] = []
    for row in rows:
        heads = [
            (column, group, cell)
            for column, cell in table.starts(row)
            if (group := split_label(cell.text)[0]) is not None and not split_label(cell.text)[1]
        ]
        if heads:
            groups = sorted({(column, name): (column, name, cell) for column, name, cell in [*groups, *heads]}.values(), key=lambda item: item[0])
            used.append(row)
            continue
        if not groups:
            continue
        pairs = _labelled(table, row)
        if not pairs:
            if any(plain(cell.text) and not budget_like(split_label(cell.text)[1]) for _, cell in table.starts(row)):
                break
            used.append(row)
            continue
        used.append(row)
        for column, name, value_cell, text in pairs:
            side = next((item for item in reversed(groups) if item[0] <= column), groups[0])
            line: Row = {"label": name_in(value_cell, name), "role": Found(role_of(name, side[1]), value_cell), "group": name_in(side[2], side[1])}
            keep_figure(line, "budget", value_cell, money(text, unit), notes)
            made.append(line)
    _move_to_executed(made, lines, notes)
    return made, used


def _labelled(table: Table, row: int) -> list[tuple[int, str, Cell, str]]:
    made = []
    for column, cell in table.starts(row):
        inline = _INLINE.match(re.sub(r"^其中[:：]", "", label(cell.text)))
        name = split_label(inline.group(1) if inline else cell.text)[1]
        if inline and name:
            made.append((column, name, cell, inline.group(2)))
            continue
        if not budget_like(name):
            continue
        beside = table.beside(row, column)
        if beside is not None and begins_number(beside.text):
            made.append((column, name, beside, beside.text))
    return made


def _move_to_executed(made: list[Row], lines: list[Row], notes: Notes) -> None:
    total = next((line for line in lines if line.get("role", Found(None)).value == "total"), None)
    if total is None:
        return
    for group in dict.fromkeys(row["group"].value for row in made):
        rows = [row for row in made if row["group"].value == group]
        values = [row["budget"].value for row in rows]
        if any(value is None for value in values):
            continue
        added = sum(values)  # type: ignore[arg-type]
        budget, executed = (total[role].value if role in total else None for role in ("budget", "executed"))
        if executed is not None and added == executed and added != budget:
            for row in rows:
                row["executed"] = row.pop("budget")
            notes.repairs.append(say("executed_group", group=group))

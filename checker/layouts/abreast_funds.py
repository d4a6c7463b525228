"""Funds side by side in one row, each with its own amounts: 预算 and 支出 below 中央补助, below 地方资金, below 合计."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, budget_titles
from checker.layouts.budget import Budget
from checker.layouts.cells import money_unit, plain
from checker.layouts.figures import NUMBERS, figure, keep_figure, settle_rate
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.numbers import begins_number
from checker.layouts.places import Found, Notes, Row, name_in
from checker.layouts.table import Table
from checker.model import Cell

_OF_TOTAL = ("rate", "weight", "score")


def read_abreast(table: Table, block: Block, unit: str | None, notes: Notes) -> Budget | None:
    """Return a line for every fund above the titles of a budget with a single row of figures; None for any other budget.

    The rate and the points beside the funds are those of their total; without one they are left to be told as unread.
    """
    if block.body >= block.end or _labelled(table, block.body):
        return None
    funds = _funds(table, block)
    if len(funds) < 2 or [row for row in range(block.body, block.end) if _under(table, row, funds)] != [block.body]:
        return None
    own = unit or next((found for _, cell in table.line(block.top - 1) if (found := money_unit(cell.text)) is not None), None)
    made = Budget(unit=own, end=block.body + 1)
    total: Row | None = None
    for cell, columns in funds:
        name = split_label(cell.text)[1]
        line: Row = {"label": name_in(cell, name), "role": Found(role_of(name, None), cell)}
        for role, column in columns.items():
            _keep(table, block.body, line, role, column, own, notes)
            made.columns.setdefault(role, column)
        total = line if line["role"].value == "total" else total
        made.rows.append(line)
    taken = {column for _, columns in funds for column in columns.values()}
    for column, cell in budget_titles(table, block):
        other = vocabulary.exact_role("budget_columns", cell.text)
        if total is not None and other is not None and other in _OF_TOTAL and column not in taken and other not in total:
            _keep(table, block.body, total, other, column, own, notes)
            made.columns[other] = column
    for line in made.rows:
        settle_rate(line, notes)
    return made


def _funds(table: Table, block: Block) -> list[tuple[Cell, dict[str, int]]]:
    """Return the funds above the titles with the columns below each; all of them have the same titles, with an amount spent."""
    if block.top == 0:
        return []
    found: dict[int, tuple[Cell, dict[str, int]]] = {}
    for column, cell in table.starts(block.top):
        role = vocabulary.exact_role("budget_columns", cell.text)
        over = table.title_at(block.top - 1, column) if role in NUMBERS else None
        if over is None or role is None or not (budget_like(split_label(over.text)[1]) or role_of(over.text, None) == "total") or vocabulary.exact_role("budget_columns", over.text) is not None:
            continue
        columns = found.setdefault(id(over), (over, {}))[1]
        if role in columns:
            return []
        columns[role] = column
    funds = [fund for fund in found.values() if "executed" in fund[1]]
    return funds if len(funds) == len(found) and len({frozenset(columns) for _, columns in funds}) == 1 else []


def _labelled(table: Table, row: int) -> bool:
    """True when a row begins with words of its own: then it is one of several lines, each below all funds."""
    first = next((cell for _, cell in table.starts(row) if plain(cell.text)), None)
    return first is not None and not begins_number(first.text)


def _under(table: Table, row: int, funds: list[tuple[Cell, dict[str, int]]]) -> bool:
    """True when figures of a row stand below the funds."""
    return all((cell := table.at(row, columns["executed"])) is not None and table.begins(cell, row) and begins_number(cell.text) for _, columns in funds)


def _keep(table: Table, row: int, line: Row, role: str, column: int, unit: str | None, notes: Notes) -> None:
    cell = table.at(row, column)
    if cell is not None and plain(cell.text) and table.begins(cell, row):
        keep_figure(line, role, cell, figure(cell.text, role, unit), notes)

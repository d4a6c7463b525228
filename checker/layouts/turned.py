"""Budget tables turned by a quarter: funds stand as titles of columns, 预算数 and 执行数 as labels of rows."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import clean, plain
from checker.layouts.figures import NUMBERS, figure, keep_figure, settle_rate
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.messages import at as say_at
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.layouts.table import Table
from checker.model import Cell


def funds_above(table: Table, row: int) -> list[tuple[int, Cell]]:
    """Return (column, title) of the funds that stand in the row above, when several do."""
    above = table.starts(row - 1) if row > 0 else ()
    titled = [(column, cell) for column, cell in above if plain(cell.text) and _figure(table, row, column) and not _points_or_rate(cell)]
    first = next((n for n, (_, cell) in enumerate(titled) if budget_like(split_label(cell.text)[1])), len(titled))
    named = titled[first:]
    return named if sum(budget_like(split_label(cell.text)[1]) for _, cell in named) > 1 else []


def _points_or_rate(title: Cell) -> bool:
    return vocabulary.exact_role("budget_columns", title.text) in ("rate", "weight", "score")


def _figure(table: Table, row: int, column: int) -> bool:
    cell = table.at(row, column)
    return cell is not None and table.area(cell)[:2] == (row, column) and plain(cell.text)[:1] in set("0123456789-—/+") | {""}


def read_turned(table: Table, block: Block, funds: list[tuple[int, Cell]], unit: str | None, notes: Notes) -> tuple[list[Row], int]:
    """Read one line for every fund, from the rows whose label has a role; return them and the first row behind."""
    made: list[Row] = []
    for _, title in funds:
        name = split_label(title.text)[1]
        made.append({"label": name_in(title, name), "role": Found(role_of(name, None), title)})
    row = block.top
    while row < block.end and (role := _role(table, row, funds[0][0])) is not None:
        if role == "ignore":
            row += 1
            continue
        for line, (column, _) in zip(made, funds, strict=True):
            cell = table.at(row, column)
            if role not in line and cell is not None and plain(cell.text) and table.area(cell)[:2] == (row, column):
                keep_figure(line, role, cell, figure(cell.text, role, unit), notes)
        row += 1
    _beside(table, block, made, notes)
    for line in made:
        settle_rate(line, notes)
    return made, row


def _beside(table: Table, block: Block, made: list[Row], notes: Notes) -> None:
    """Give the rate and the points that stand beside the funds, below titles that may be merged over rows, to the total or to the only fund; else they are unread."""
    totals = [line for line in made if line["role"].value == "total"] or made
    for column, title in table.starts(block.top - 1):
        row = block.top - 1 + table.area(title)[2]
        role, cell = vocabulary.exact_role("budget_columns", title.text), table.at(row, column) if row < block.end else None
        if not _points_or_rate(title) or role is None or cell is None or table.area(cell)[:2] != (row, column) or not plain(cell.text):
            continue
        if len(totals) == 1:
            keep_figure(totals[0], role, cell, figure(cell.text, role, None), notes)
        else:
            notes.unread.append(say_at(where(cell.locator), "figures_left", text=clean(cell.text)[:20]))


def _role(table: Table, row: int, before: int) -> str | None:
    """Return the role of a row's label, `ignore` for one that is known to give nothing of the form's own (到位数), None for any other."""
    matches = (vocabulary.match("budget_columns", cell.text) for column, cell in table.starts(row) if column < before)
    roles = [match.role for match in matches if match is not None and match.role in (*NUMBERS, "ignore")]
    return next((role for role in roles if role != "ignore"), roles[0] if roles else None)


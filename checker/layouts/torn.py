"""Tables torn by a page break above their indicators: funds or goals that go on at the top of the next table are put below the first part.

An indicator table that goes on is known by its titles (`continuation`); funds and goals have no titles of their own to be known by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, budget_titles, find_blocks, goal_columns
from checker.layouts.cells import plain
from checker.layouts.fund_labels import budget_like, split_label
from checker.layouts.table import Table, lay_out
from checker.model import Cell, Grid

_FIGURE = re.compile(r"[-+]?\d[\d,]*+(?:\.\d++)?(?:%|元|万元|分)?|[-—–/／]++")
_PAGE = re.compile(r"[-—–]{0,3}(?:第?\d{1,3}页?)?[-—–,，]{0,3}(?:共\d{1,3}页)?")
_PARTS = 8
"""A table above the indicators is torn into no more parts."""


def mend_torn(grids: Sequence[Grid]) -> list[Grid]:
    """Return the grids with every such part below the one it goes on with."""
    made: list[Grid] = []
    parts = 1
    for grid in grids:
        if made and parts < _PARTS and _between(grid) and _width(made[-1]) == _width(grid) and _goes_on(made[-1], grid):
            made[-1], parts = _below(made[-1], grid), parts + 1
        else:
            made.append(grid)
            parts = 1
    return made


def _between(grid: Grid) -> bool:
    """True when nothing but a page number or a mark of continuation stands above a table."""
    texts = [plain(cell.text) for cell in grid.before]
    return not grid.ragged and all(_PAGE.fullmatch(text) or (len(text) < 8 and vocabulary.pattern("continued").search(text)) for text in texts)


def _width(grid: Grid) -> int:
    return max((cell.column + cell.colspan for cell in grid.cells), default=0)


def _goes_on(upper: Grid, lower: Grid) -> bool:
    """True when the first row of a table is a line of the funds, or the goal, with which the table above ends."""
    if upper.ragged or not lower.cells:
        return False
    table = lay_out(upper)
    blocks = find_blocks(table)
    if not blocks or blocks[-1].kind not in ("budget", "goals"):
        return False
    top = min(cell.row for cell in lower.cells)
    first = [cell for cell in lower.cells if cell.row == top and plain(cell.text)]
    return _is_fund(table, blocks[-1], first) if blocks[-1].kind == "budget" else _is_goal(table, blocks[-1], first)


def _is_fund(table: Table, block: Block, row: list[Cell]) -> bool:
    columns = {table.filed[column] for column, cell in budget_titles(table, block) if vocabulary.match("budget_columns", cell.text) is not None}
    figures = [cell for cell in row if _FIGURE.fullmatch(plain(cell.text))]
    labels = [cell for cell in row if cell not in figures]
    return len(labels) == 1 and budget_like(split_label(labels[0].text)[1]) and {cell.column for cell in figures} <= {column for column in columns if column > labels[0].column}


def _is_goal(table: Table, block: Block, row: list[Cell]) -> bool:
    columns = {table.filed[column] for column, _ in goal_columns(table, block.top).values()}
    titled = all(any(vocabulary.match(name, cell.text) is not None for name in ("goals", "indicator_columns", "budget_columns", "header_labels")) for cell in row)
    return block.body == block.end and bool(row) and {cell.column for cell in row} <= columns and not titled


def _below(upper: Grid, lower: Grid) -> Grid:
    """Return two grids as one; a blank cell below one that ends the first, as wide, goes on with it."""
    end, top = max(cell.row + cell.rowspan for cell in upper.cells), min(cell.row for cell in lower.cells)
    blank = {(cell.column, cell.colspan): cell for cell in lower.cells if cell.row == top and not plain(cell.text) and not cell.unread}
    above = {(cell.column, cell.colspan): cell for cell in upper.cells if cell.row + cell.rowspan == end and plain(cell.text) and cell.rowspan > 1}
    joined = blank.keys() & above.keys()
    gone = {id(blank[place]) for place in joined}
    taller = {id(above[place]): blank[place].rowspan for place in joined}
    cells = [replace(cell, rowspan=cell.rowspan + taller.get(id(cell), 0)) for cell in upper.cells]
    cells += [replace(cell, row=cell.row - top + end) for cell in lower.cells if id(cell) not in gone]
    return replace(upper, cells=tuple(cells), after=lower.after)

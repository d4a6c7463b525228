"""Titles said again in the row below them, as a merged cell becomes when each of its rows is filled: one title again."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from operator import attrgetter, or_

from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import clean, plain
from checker.layouts.messages import at
from checker.layouts.numbers import begins_number
from checker.layouts.places import where
from checker.model import Cell, Grid

_TEXT, _COLUMN = attrgetter("text"), attrgetter("column")
_FEWEST = 3
"""A row with fewer titles of columns may be one of values."""


def merge_repeated(grid: Grid) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with every such title as one merged cell and what was done; None where none is said again.

    The titles of a row and the label beside them are meant (资金（万元） in each row of the budget); what stands below a row
    of titles and differs from it ends the title.
    """
    columns = list(map(_COLUMN, grid.cells))
    left = min(columns, default=0)
    above: dict[int, Cell] = {}
    again: dict[int, Cell] = {}
    titled = None
    for cell in compress(grid.cells, map(or_, map(vocabulary.titles_column, map(_TEXT, grid.cells)), map(left.__eq__, columns))):
        upper = above.get(cell.column)
        above[cell.column] = cell
        if upper is None or upper.text != cell.text or cell.colspan != upper.colspan or cell.row != upper.row + upper.rowspan:
            continue
        if not plain(cell.text) or not (vocabulary.titles_column(cell.text) or not begins_number(cell.text)):
            continue
        titled = titled if titled is not None else _titled(grid)
        first = again.get(id(upper), upper)
        if first.row in titled:
            again[id(cell)] = first
    if not again:
        return None
    firsts = {id(first): first for first in again.values()}
    ends = {id(again[id(cell)]): cell.row + cell.rowspan for cell in grid.cells if id(cell) in again}
    cells = [replace(cell, rowspan=ends[id(cell)] - cell.row) if id(cell) in ends else cell for cell in grid.cells if id(cell) not in again]
    return replace(grid, cells=tuple(cells)), tuple(_said(row, list(firsts.values())) for row in sorted({first.row for first in firsts.values()}))


def _said(row: int, firsts: list[Cell]) -> str:
    here = [first for first in firsts if first.row == row]
    return at(where(here[0].locator), "repeated_title", title="、".join(clean(first.text)[:20] for first in here))


def _titled(grid: Grid) -> set[int]:
    """Return the rows that hold titles of columns."""
    titles = Counter(cell.row for cell in grid.cells if vocabulary.titles_column(cell.text))
    return {row for row, count in titles.items() if count >= _FEWEST}

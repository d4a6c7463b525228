"""Indicators of two rows each, one for the target and one for the result, with a word in front that says which: 目标 | ≥8个, 完成 | 9个."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import clean, plain
from checker.layouts.messages import at
from checker.layouts.places import rearranged, where
from checker.model import Cell, Grid

_FEWEST = 2
_PAIR = ("target", "actual")


def join_rows(grid: Grid, titled: list[Cell]) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with one row for each such indicator, the words as titles, and what was done; None where there is none. `titled` are the titles in it."""
    pairs = _pairs(titled)
    if len(pairs) < _FEWEST:
        return None
    first, column = pairs[0][0], pairs[0][0].column
    heads = [cell for cell in grid.cells if cell.row + cell.rowspan == first.row and cell.column in (column, column + first.colspan) and plain(cell.text)]
    second = {two.row: one.row for one, two in pairs}
    beside = {cell.row: cell for cell in grid.cells if cell.column == column + first.colspan and (cell.row in second or cell.row in second.values())}
    named = any(vocabulary.exact_role("indicator_columns", cell.text) == "name" for cell in grid.cells if heads and cell.row == heads[0].row)
    if not named or len(heads) != _FEWEST or beside.keys() != {*second, *second.values()} or _others(grid, second, column):
        return None
    words, rows = {id(word) for pair in pairs for word in pair}, sorted(second)
    made: list[Cell] = []
    for cell in grid.cells:
        if any(cell is head for head in heads):
            made.append(replace(cell, text=pairs[0][cell.column != column].text))
        elif cell is beside.get(cell.row):
            made.append(replace(cell, row=second[cell.row], column=cell.column) if cell.row in second else replace(cell, column=column))
        elif id(cell) not in words and cell.row not in second:
            joined = bisect_left(rows, cell.row + cell.rowspan) - bisect_left(rows, cell.row)
            made.append(replace(cell, rowspan=max(1, cell.rowspan - joined)))
    said = at(where(first.locator), "pair_rows", first=clean(first.text), second=clean(pairs[0][1].text))
    return rearranged(grid, made), (said,)


def _pairs(titled: list[Cell]) -> list[tuple[Cell, Cell]]:
    """Return the words for target and result that stand one below the other again and again in one column."""
    roles = {id(cell): role for cell in titled if (role := vocabulary.exact_role("indicator_columns", cell.text)) in _PAIR}
    filled = Counter(cell.column for cell in titled if id(cell) in roles)
    for column in dict.fromkeys(cell.column for cell in titled if filled[cell.column] >= 2 * _FEWEST):
        here = [cell for cell in titled if cell.column == column and id(cell) in roles]
        pairs = [(one, two) for one, two in pairwise(here) if (roles[id(one)], roles[id(two)]) == _PAIR and two.row == one.row + one.rowspan]
        if len(pairs) >= _FEWEST and len(pairs) * 2 == len(here):
            return pairs
    return []


def _others(grid: Grid, second: Mapping[int, int], column: int) -> bool:
    """True when something else begins in the row of a result than what the row above says: then it is more than half an indicator."""
    width = {cell.colspan for cell in grid.cells if cell.row in second and cell.column == column}
    own, rows = {column, *(column + one for one in width)}, set(second.values())
    above = {(cell.row, cell.column): cell.text for cell in grid.cells if cell.row in rows}
    others = (cell for cell in grid.cells if cell.row in second and plain(cell.text) and cell.column not in own)
    return any(above.get((second[cell.row], cell.column)) != cell.text for cell in others)

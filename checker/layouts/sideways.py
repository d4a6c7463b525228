"""Indicator tables that lie on their side: titles stand one below the other, every column is an indicator."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import plain
from checker.layouts.messages import at
from checker.layouts.places import rearranged, where
from checker.model import Cell, Grid

MOST = 6
"""More such tables are not turned: every turn lays all cells out again."""
_LEAST = 4
"""So many titles below one another, each in a row of its own, are no labels of a form's head."""


def turn_up(grid: Grid, titled: list[Cell]) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with such tables turned by a quarter and what was done; None where there is none. `titled` are the titles in it."""
    said: list[str] = []
    while len(said) < MOST and (titles := _titles(grid, titled)) and (made := _turned(grid, titles)) is not None:
        grid, titled = made, [cell for cell in made.cells if vocabulary.titles_values(cell.text)]
        said.append(at(where(titles[0].locator), "sideways"))
    return (grid, tuple(said)) if said else None


def _titles(grid: Grid, titled: list[Cell]) -> list[Cell]:
    """Return the titles of the first such table from top to bottom, none where no column holds enough of them in a run."""
    if max(Counter(cell.column for cell in titled).values(), default=0) < _LEAST:
        return []
    run: dict[int, list[Cell]] = {}
    rows = {row: n for n, row in enumerate(sorted({cell.row for cell in grid.cells}))}
    for cell in titled:
        titles = run.setdefault(cell.column, [])
        below = not titles or rows[cell.row] - rows[titles[-1].row] == 1
        again = any(vocabulary.exact_role("indicator_columns", other.text) == vocabulary.exact_role("indicator_columns", cell.text) for other in titles)
        if below and not again:
            titles.append(cell)
        elif not _complete(titles):
            run[cell.column] = [cell]
    return next((titles for titles in run.values() if _complete(titles)), [])


def _complete(titles: list[Cell]) -> bool:
    roles = {vocabulary.exact_role("indicator_columns", cell.text) for cell in titles}
    return len(titles) >= _LEAST and len(roles) == len(titles) and "name" in roles and bool(roles & {"target", "actual"}) and bool(roles & {"weight", "score"})


def _turned(grid: Grid, titles: list[Cell]) -> Grid | None:
    top, left = titles[0].row, titles[0].column
    at_row = {cell.row: n for n, cell in enumerate(titles)}
    inside = [cell for cell in grid.cells if top <= cell.row <= titles[-1].row and cell.column > left]
    starts = {column: n for n, column in enumerate(sorted({cell.column for cell in inside}))}
    rows = sorted({cell.row for cell in grid.cells})
    end = next((row for row in rows if row > titles[-1].row), titles[-1].row + 1)
    across = any(cell.row < top < cell.row + cell.rowspan or (cell.row < end < cell.row + cell.rowspan) for cell in grid.cells if cell.column >= left)
    if across or len(starts) < 2 or sum(1 for cell in inside if plain(cell.text)) < 2 * len(titles):
        return None
    grown = top + len(starts) + 1 - end
    made: list[Cell] = []
    for cell in grid.cells:
        if cell.row < top:
            made.append(cell)
        elif cell.row >= end:
            made.append(replace(cell, row=cell.row + grown))
        elif cell.column == left:
            made.append(replace(cell, row=top, column=left + at_row[cell.row], rowspan=1, colspan=1))
        elif cell.column > left:
            height = sum(cell.column <= column < cell.column + cell.colspan for column in starts)
            width = sum(cell.row <= row < cell.row + cell.rowspan for row in at_row)
            made.append(replace(cell, row=top + 1 + starts[cell.column], column=left + at_row[cell.row], rowspan=height, colspan=width))
    return rearranged(grid, made)

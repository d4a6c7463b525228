"""Rows in which several indicators stand one below the other in the same cells, taken apart.

A web page or a document may divide them by line breaks only: 维修水厂⏎更换管道 | 8处⏎12公里 | 20⏎20. Such a row is
recognised by a cell of nothing but numbers, one a line, and by names and values with as many lines. On a printed page a
line also ends where the column does: nothing is taken apart there, such numbers are unread.
"""

from __future__ import annotations

from operator import attrgetter

from msgspec.structs import replace

from checker.layouts.cells import plain
from checker.layouts.levels import known_level
from checker.layouts.messages import say
from checker.layouts.numbers import lines_of, numbers_stacked
from checker.layouts.places import line_of, rearranged
from checker.model import Cell, Grid


def take_apart(grid: Grid) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with one row for each of the stacked indicators and what was done; None where no row holds several."""
    if "\n" not in "".join(map(attrgetter("text"), grid.cells)):
        return None
    rows = {cell.row for cell in grid.cells if "\n" in cell.text and cell.locator.page is None and numbers_stacked(cell)}
    counts = {row: count for row in sorted(rows) if (count := _count([cell for cell in grid.cells if cell.row == row])) > 1}
    if not counts:
        return None
    made: list[Cell] = []
    for cell in grid.cells:
        top = cell.row + sum(count - 1 for row, count in counts.items() if row < cell.row)
        lines = lines_of(cell.text)
        if counts.get(cell.row) == len(lines) and _may_part(cell):
            made += [replace(cell, row=top + at, text=line) for at, line in enumerate(lines)]
            continue
        more = sum(count - 1 for row, count in counts.items() if cell.row <= row < cell.row + cell.rowspan)
        made.append(replace(cell, row=top, rowspan=cell.rowspan + more))
    firsts = {row: next(cell for cell in grid.cells if cell.row == row) for row in counts}
    said = tuple(say("at", at=line_of(firsts[row]), what=say("stacked", count=count)) for row, count in counts.items())
    return rearranged(grid, made), said


def _count(cells: list[Cell]) -> int:
    """Return how many indicators the cells of a row hold: numbers, and two further cells, have as many lines; else 1."""
    heights = {len(lines_of(cell.text)) for cell in cells if numbers_stacked(cell)}
    if len(heights) != 1:
        return 1
    count = heights.pop()
    others = [cell for cell in cells if len(lines_of(cell.text)) == count and not numbers_stacked(cell) and _may_part(cell)]
    return count if len(others) >= 2 else 1


def _may_part(cell: Cell) -> bool:
    """False for a cell of several rows and for the name of a level broken over lines: 数量⏎指标."""
    name = plain(cell.text)
    return cell.rowspan == 1 and not any(known_level(name, level) for level in ("level1_words", "level2_words"))

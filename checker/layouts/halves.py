"""Indicator tables in two halves side by side under the same titles: the right half is put below the left one."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct
from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import clean, plain, title_key
from checker.layouts.levels import named_level
from checker.layouts.messages import at, say
from checker.layouts.places import rearranged, where
from checker.model import Cell, Grid

_LEAST = 4
"""So many titles in the same order twice are no accident."""
MOST = 20
"""More rows of titles in halves are not tried: for each all cells are looked at."""
_NAME = "指标名称"


class Halves(Struct, frozen=True):
    """The titles of both halves from left to right, the names of levels when each half has one, and whether these are the titles of the names."""

    left: list[Cell]
    right: list[Cell]
    groups: tuple[Cell, Cell] | None
    titled: bool = False


def stack_halves(grid: Grid, titled: list[Cell]) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with the right half of each such table below its left one and what was done; None where there is none. `titled` are the titles in it."""
    if len({(cell.row, cell.text) for cell in titled}) == len(titled):
        return None
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        if plain(cell.text):
            rows[cell.row].append(cell)
    above: list[Cell] = []
    tried = 0
    for row in sorted(rows):
        found = _halves(rows[row], above) if tried < MOST else None
        tried += found is not None
        made = _stacked(grid, found) if found is not None else None
        if found is not None and made is not None:
            return made, (at(where(found.right[0].locator), "halves", title=clean(found.right[0].text)),)
        above = rows[row]
    return None


def _halves(cells: list[Cell], above: list[Cell]) -> Halves | None:
    half = len(cells) // 2
    if half < _LEAST or len(cells) % 2:
        return None
    left, right = cells[:half], cells[half:]
    titled = all(named_level(side[0].text) is not None for side in (left, right))
    same = all(title_key(a.text) == title_key(b.text) for a, b in zip(left[titled:], right[titled:], strict=True))
    roles = {vocabulary.exact_role("indicator_columns", cell.text) for cell in left[titled:]} | ({"name"} if titled else set()) if same else set()
    if None in roles or "name" not in roles or not roles & {"target", "actual"}:
        return None
    if titled:
        return Halves([replace(left[0], text=_NAME), *left[1:]], right, (left[0], right[0]), True)
    over = above if [cell.column for cell in above] == [left[0].column, right[0].column] and all(named_level(cell.text) for cell in above) else []
    return Halves(left, right, (over[0], over[1]) if over else None)


def _end(grid: Grid, found: Halves, end: int, stop: int) -> int:
    """Return the row behind the longer half: rows of the left one go on while something stands under the title of the names."""
    title = next(cell for cell in found.left if vocabulary.exact_role("indicator_columns", cell.text) == "name")
    names = {cell.row: cell for cell in grid.cells if (cell.column, cell.colspan) == (title.column, title.colspan) and plain(cell.text)}
    while end < stop and end in names:
        end += names[end].rowspan
    return end


def _adds_up(cell: Cell) -> bool:
    return title_key(cell.text) in vocabulary.words("totals")


def _stacked(grid: Grid, found: Halves) -> Grid | None:
    """Move the right half down; None when a cell stands across the middle or leaves its half's rows."""
    border, head = found.right[0].column, found.left[0].row
    body = head + max(cell.rowspan for cell in (*found.left, *found.right))
    ended = (cell.row for cell in grid.cells if cell.row >= body and (cell.column < border < cell.column + cell.colspan or _adds_up(cell)))
    stop = min(ended, default=1 << 30)
    held = [cell for cell in grid.cells if body <= cell.row < stop and cell.column >= border and plain(cell.text)]
    end = _end(grid, found, max((cell.row + cell.rowspan for cell in held), default=body), stop)
    if end == body or any(cell.row < end < cell.row + cell.rowspan for cell in grid.cells):
        return None
    back = {cell.column: own.column for cell, own in zip(found.right, found.left, strict=True)}
    banners, height = 1 if found.groups else 0, end - body
    both = {cell.row for cell in grid.cells if cell.row >= end and _adds_up(cell)} & {cell.row for cell in grid.cells if cell.column >= border and plain(cell.text)}
    made: list[Cell] = []
    for cell in grid.cells:
        right = cell.column >= border
        if found.groups is not None and any(cell is group for group in found.groups):
            if found.titled and not right:
                made.append(found.left[0])
            made.append(replace(cell, row=body + (height + 1 if right else 0), column=found.left[0].column))
        elif cell.row >= end:
            doubt = say("half_total") if cell.row in both and plain(cell.text) and not _adds_up(cell) else cell.unread
            made.append(replace(cell, row=cell.row + height + 2 * banners, unread=doubt))
        elif cell.row < head or (cell.row < body and not right):
            made.append(cell)
        elif cell.row >= body and not right:
            made.append(replace(cell, row=cell.row + banners))
        elif cell.row >= body and plain(cell.text):
            if cell.column not in back:
                return None
            made.append(replace(cell, row=cell.row + height + 2 * banners, column=back[cell.column]))
    return rearranged(grid, made)

"""Results told by a tick in one of several columns: 实际完成情况 over 达成, 部分达成, 未达成. The tick means the title above it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import blank, clean, plain
from checker.layouts.messages import at
from checker.layouts.places import where
from checker.model import Cell, Grid

_TEXT = attrgetter("text")
_LONGEST = 3


def name_ticks(grid: Grid) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with the words of its column in place of each tick and what was done; None where nothing is ticked.

    A row with several ticks, or with other words beside one, says nothing clear and stays as it is.
    """
    if not any(map(_is_tick, set(map(_TEXT, grid.cells)))):
        return None
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    above: dict[tuple[int, int], Cell] = {}
    overs: dict[int, Cell | None] = {}
    meant: dict[int, Cell] = {}
    texts: dict[int, str] = {}
    for cell in grid.cells:
        column = (cell.column, cell.colspan)
        if not _is_tick(cell.text):
            if not _empty(cell):
                above[column] = cell
            continue
        title = above.get(column)
        if title is None:
            continue
        if id(title) not in overs:
            overs[id(title)] = _over(grid, rows, title)
        over = overs[id(title)]
        beside = _within(rows, cell.row, over) if over is not None else []
        if beside and all(other is cell or _empty(other) for other in beside):
            meant[id(cell)] = title
            texts |= {id(other): clean(title.text) if other is cell else "" for other in beside}
    if not meant:
        return None
    said = dict.fromkeys(at(where(over.locator), "ticks", title=clean(over.text)[:20]) for over in map(overs.get, map(id, meant.values())) if over is not None)
    cells = tuple(replace(cell, text=texts[id(cell)]) if id(cell) in texts else cell for cell in grid.cells)
    return replace(grid, cells=cells), tuple(said)


def _is_tick(text: str) -> bool:
    return len(text) < _LONGEST and plain(text) in vocabulary.words("ticks")


def _empty(cell: Cell) -> bool:
    return cell.unread is None and (blank(cell.text) or plain(cell.text) in vocabulary.words("unticked"))


def _over(grid: Grid, rows: Mapping[int, list[Cell]], title: Cell) -> Cell | None:
    """Return the title of results right above one that stands beside others, none of these that of a field of its own."""
    covers = (
        cell for cell in grid.cells
        if cell.row + cell.rowspan == title.row and cell.colspan > title.colspan and cell.column <= title.column < cell.column + cell.colspan
    )  # fmt: skip
    over = next(covers, None)
    if over is None or vocabulary.exact_role("indicator_columns", over.text) != "actual":
        return None
    titles = [cell for cell in _within(rows, title.row, over) if plain(cell.text)]
    return over if len(titles) > 1 and all(vocabulary.exact_role("indicator_columns", cell.text) is None for cell in titles) else None


def _within(rows: Mapping[int, list[Cell]], row: int, over: Cell) -> list[Cell]:
    return [cell for cell in rows[row] if over.column <= cell.column < over.column + over.colspan]

"""A grid as rows and columns that can be asked which cell stands where, merged areas included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from operator import attrgetter

from msgspec import Struct, field

from checker.errors import LayoutError
from checker.model import Cell, Grid

MAX_POSITIONS = 2_000_000

_PLACE, _COLUMN, _TEXT = attrgetter("row", "column"), attrgetter("column"), attrgetter("text")

Under = Mapping[str, Cell | None]
"""The cells of one row by the role of the title they stand under."""


class Table(Struct, frozen=True):
    """`rows` holds the cells that begin in each row, in order; `cover` every cell by the positions it covers.

    Empty rows and columns are left out: positions count only those where some cell begins. `flat` says
    that the table has no merged area at all, as files of separated values. `filed` gives the column of the
    file for each position. `begun` are the cells of `rows` with their columns, `texts` their texts, `lines` what `line` has
    returned.
    """

    rows: tuple[tuple[Cell, ...], ...]
    cover: Mapping[tuple[int, int], Cell]
    columns: int
    where: Mapping[int, tuple[int, int, int, int]]
    flat: bool = False
    filed: tuple[int, ...] = ()
    begun: tuple[tuple[tuple[int, Cell], ...], ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()
    lines: dict[int, list[tuple[int, Cell]]] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a position, None for a gap."""
        return self.cover.get((row, column))

    def line(self, row: int) -> list[tuple[int, Cell]]:
        """Return (column, cell) of all cells that cover a row, those merged from above included."""
        found = self.lines.get(row)
        if found is None:
            found, last, at = [], None, self.cover.get
            for column in range(self.columns):
                cell = at((row, column))
                if cell is not None and cell is not last:
                    found.append((column, cell))
                    last = cell
            self.lines[row] = found
        return found

    def area(self, cell: Cell) -> tuple[int, int, int, int]:
        """Return (first row, first column, rows, columns) of a cell in positions of this table."""
        return self.where[id(cell)]

    def over(self, cell: Cell) -> range:
        """Return the columns that a cell of this table covers."""
        _, left, _, width = self.where[id(cell)]
        return range(left, left + width)

    def beside(self, row: int, column: int) -> Cell | None:
        """Return the cell right of the one that covers a position.

        In a table that lost its merged areas an empty cell is no answer: then the next filled one is.
        """
        cell = self.cover[row, column]
        _, left, _, width = self.where[id(cell)]
        found = self.cover.get((row, left + width))
        if self.flat and (found is None or not found.text.strip()):
            right = (self.cover.get((row, other)) for other in range(left + width, self.columns))
            found = next((other for other in right if other is not None and other.text.strip()), found)
        return found

    def filled_left(self, row: int, column: int) -> Cell | None:
        """Return the filled cell at a position or nearest left of it: what stood there before a table lost its merged areas."""
        cells = (self.cover.get((row, other)) for other in range(column, -1, -1))
        return next((cell for cell in cells if cell is not None and cell.text.strip()), None)

    def starts(self, row: int) -> tuple[tuple[int, Cell], ...]:
        """Return (column, cell) of the cells that begin in a row."""
        return self.begun[row]


def lay_out(grid: Grid) -> Table:
    """Lay a grid out. Overlapping merges: the earlier cell keeps the position."""
    cells = sorted(grid.cells, key=_PLACE)
    row_starts = sorted({cell.row for cell in cells})
    column_starts = sorted({cell.column for cell in cells})
    row_at = {row: at for at, row in enumerate(row_starts)}
    column_at = {column: at for at, column in enumerate(column_starts)}
    rows: list[list[Cell]] = [[] for _ in row_starts]
    cover: dict[tuple[int, int], Cell] = {}
    where: dict[int, tuple[int, int, int, int]] = {}
    flat = True
    for cell in cells:
        row, column, height, width = cell.row, cell.column, cell.rowspan, cell.colspan
        top, left = place = row_at[row], column_at[column]
        taken = cover.get(place)
        if taken is not None and taken.row == row and taken.column == column:
            continue
        rows[top].append(cell)
        if height <= 1 and width <= 1 and len(cover) < MAX_POSITIONS:
            where[id(cell)] = (top, left, 1, 1)
            if taken is None:
                cover[place] = cell
            continue
        flat = flat and height <= 1 and width <= 1
        bottom = bisect_left(row_starts, row + max(height, 1))
        right = bisect_left(column_starts, column + max(width, 1))
        where[id(cell)] = (top, left, bottom - top, right - left)
        if len(cover) + (bottom - top) * (right - left) > MAX_POSITIONS:
            raise LayoutError(f"表格过大：合并区域超过 {MAX_POSITIONS} 格 @ {grid.name}，请拆分后再检查")
        for at in range(top, bottom):
            for beside in range(left, right):
                cover.setdefault((at, beside), cell)
    begun = tuple(tuple(zip(map(column_at.__getitem__, map(_COLUMN, row)), row)) for row in rows)  # noqa: B905
    texts = tuple(tuple(map(_TEXT, row)) for row in rows)
    return Table(tuple(map(tuple, rows)), cover, len(column_starts), where, flat, tuple(column_starts), begun, texts)

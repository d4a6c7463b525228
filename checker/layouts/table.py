"""A grid as rows and columns that can be asked which cell stands where, merged areas included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import compress, pairwise
from operator import attrgetter

from msgspec import Struct, field
from msgspec.structs import replace

from checker.errors import LayoutError
from checker.model import Cell, Grid

MAX_POSITIONS = 2_000_000

_PLACE, _ROW, _COLUMN, _TEXT = attrgetter("row", "column"), attrgetter("row"), attrgetter("column"), attrgetter("text")
_SPANS = attrgetter("rowspan", "colspan")

Under = Mapping[str, Cell | None]
"""The cells of one row by the role of the title they stand under."""


class Table(Struct, frozen=True):
    """`rows` holds the cells that begin in each row, in order; `cover` for each row every cell by the columns it covers.

    Empty rows and columns are left out: positions count only those where some cell begins; `filed_rows` and `filed` give the
    row and the column of the file for each position, `row_at` and `column_at` the position of each of those. `flat` says that the table has no merged area at all, as files of
    separated values. `begun` are the cells of `rows` with their columns, `texts` their texts, `filled` how many of these are
    not empty, `lines` what `line` has returned.
    """

    rows: tuple[tuple[Cell, ...], ...]
    cover: tuple[Mapping[int, Cell], ...]
    filed_rows: tuple[int, ...]
    filed: tuple[int, ...]
    row_at: Mapping[int, int]
    column_at: Mapping[int, int]
    flat: bool
    begun: tuple[tuple[tuple[int, Cell], ...], ...]
    texts: tuple[tuple[str, ...], ...]
    filled: tuple[int, ...]
    lines: dict[int, list[tuple[int, Cell]]] = field(default_factory=dict)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.filed)

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a position, None for a gap."""
        return self.cover[row].get(column) if 0 <= row < len(self.cover) else None

    def line(self, row: int) -> list[tuple[int, Cell]]:
        """Return (column, cell) of all cells that cover a row, those merged from above included."""
        found = self.lines.get(row)
        if found is None:
            found, last, at = [], None, self.cover[row].get
            for column in range(self.columns):
                cell = at(column)
                if cell is not None and cell is not last:
                    found.append((column, cell))
                    last = cell
            self.lines[row] = found
        return found

    def area(self, cell: Cell) -> tuple[int, int, int, int]:
        """Return (first row, first column, rows, columns) of a cell in positions of this table."""
        top, left = self.row_at[cell.row], self.column_at[cell.column]
        height = 1 if cell.rowspan <= 1 else bisect_left(self.filed_rows, cell.row + cell.rowspan) - top
        width = 1 if cell.colspan <= 1 else bisect_left(self.filed, cell.column + cell.colspan) - left
        return top, left, height, width

    def begins(self, cell: Cell, row: int) -> bool:
        """True when a cell of this table begins in a row, False when it was begun above."""
        return self.row_at[cell.row] == row

    def left(self, cell: Cell) -> int:
        """Return the column in which a cell of this table begins."""
        return self.column_at[cell.column]

    def over(self, cell: Cell) -> range:
        """Return the columns that a cell of this table covers."""
        _, left, _, width = self.area(cell)
        return range(left, left + width)

    def beside(self, row: int, column: int) -> Cell | None:
        """Return the cell right of the one that covers a position.

        In a table that lost its merged areas an empty cell is no answer: then the next filled one is.
        """
        cells = self.cover[row]
        _, left, _, width = self.area(cells[column])
        found = cells.get(left + width)
        if self.flat and (found is None or not found.text.strip()):
            right = map(cells.get, range(left + width, self.columns))
            found = next((other for other in right if other is not None and other.text.strip()), found)
        return found

    def filled_left(self, row: int, column: int) -> Cell | None:
        """Return the filled cell at a position or nearest left of it: what stood there before a table lost its merged areas."""
        cells = (self.at(row, other) for other in range(column, -1, -1))
        return next((cell for cell in cells if cell is not None and cell.text.strip()), None)

    def title_at(self, row: int, column: int) -> Cell | None:
        """Return the title that stands over a position; in a table that lost its merged areas it stands there or left of it."""
        return self.filled_left(row, column) if self.flat else self.at(row, column)

    def starts(self, row: int) -> tuple[tuple[int, Cell], ...]:
        """Return (column, cell) of the cells that begin in a row."""
        return self.begun[row]


def lay_out(grid: Grid, others: Iterable[int] = ()) -> Table:
    """Lay a grid out, with positions for further columns (`others`). Overlapping merges: the earlier cell keeps the position; of cells that begin in the same place the first stays."""
    cells = sorted(grid.cells, key=_PLACE)
    # Most of the work is done by what is built in: a form has hundreds of cells.
    in_rows, in_columns = list(map(_ROW, cells)), list(map(_COLUMN, cells))
    filed_rows, filed = tuple(sorted(set(in_rows))), tuple(sorted({*in_columns, *others}))
    row_at, column_at = ({number: at for at, number in enumerate(numbers)} for numbers in (filed_rows, filed))
    tops, lefts = list(map(row_at.__getitem__, in_rows)), list(map(column_at.__getitem__, in_columns))
    ends = [bisect_left(tops, row) for row in range(len(filed_rows) + 1)]
    begun = tuple(tuple(zip(lefts[start:end], cells[start:end], strict=True)) for start, end in pairwise(ends))
    cover = tuple(map(dict, begun))
    if sum(map(len, cover)) < len(cells):
        first = dict(zip(map(_PLACE, reversed(cells)), reversed(cells), strict=True))
        return lay_out(replace(grid, cells=tuple(first.values())), others)
    wide = [cell for cell in compress(cells, map((1, 1).__ne__, map(_SPANS, cells))) if cell.rowspan > 1 or cell.colspan > 1]
    covered = len(cells)
    for cell in reversed(wide):
        rows = range(row_at[cell.row], bisect_left(filed_rows, cell.row + max(cell.rowspan, 1)))
        columns = range(column_at[cell.column], bisect_left(filed, cell.column + max(cell.colspan, 1)))
        covered += len(rows) * len(columns)
        if covered > MAX_POSITIONS:
            raise LayoutError(f"表格过大：合并区域超过 {MAX_POSITIONS} 格 @ {grid.name}，请拆分后再检查")
        for row in rows:
            cover[row].update(dict.fromkeys(columns, cell))
    texts = tuple(tuple(map(_TEXT, cells[start:end])) for start, end in pairwise(ends))
    return Table(
        tuple(tuple(cells[start:end]) for start, end in pairwise(ends)), cover, filed_rows, filed, row_at, column_at, not wide, begun, texts,
        tuple(len(tuple(filter(str.strip, row))) for row in texts),
    )  # fmt: skip

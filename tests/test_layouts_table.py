"""A grid laid out: which cell stands where, by a definition worked out position by position."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.layouts.table import lay_out
from checker.model import Cell, Grid, Locator

PLACES = st.tuples(st.integers(0, 6), st.integers(0, 6))
SPANS = st.tuples(st.integers(1, 4), st.integers(1, 4))
TEXTS = st.sampled_from(["", " ", "\u3000", "分值", "1"])


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A grid whose merged cells may overlap; its cells come in any order, no two begin in the same place."""
    places = draw(st.lists(PLACES, unique=True, max_size=16))
    cells = [Cell(row, column, draw(TEXTS), Locator("x.xlsx"), *draw(SPANS)) for row, column in places]
    return Grid("x", tuple(cells))


def covers(cell: Cell, row: int, column: int) -> bool:
    return cell.row <= row < cell.row + cell.rowspan and cell.column <= column < cell.column + cell.colspan


@settings(deadline=None)
@given(grids())
def test_a_position_belongs_to_the_first_cell_that_covers_it(grid: Grid) -> None:
    """Rows and columns where no cell begins are left out; of cells over one position the first in reading order has it."""
    table = lay_out(grid)
    cells = sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
    rows, columns = sorted({cell.row for cell in cells}), sorted({cell.column for cell in cells})
    for at, row in enumerate(rows):
        for beside, column in enumerate(columns):
            assert table.at(at, beside) is next((cell for cell in cells if covers(cell, row, column)), None)
            left = [cell for cell in cells if cell.row == row and cell.column <= column and cell.text.strip()]
            assert table.title_at(at, beside) is (max(left, key=lambda cell: cell.column, default=None) if table.flat else table.at(at, beside))
    assert (len(table.rows), table.columns, table.filed) == (len(rows), len(columns), tuple(columns))
    assert table.at(-1, 0) is table.at(len(rows), 0) is table.at(0, -1) is None
    assert table.flat is all(cell.rowspan == cell.colspan == 1 for cell in cells)


@settings(deadline=None)
@given(grids())
def test_a_row_gives_the_cells_that_begin_in_it(grid: Grid) -> None:
    """With their columns, their texts, how many of these are not empty, and the rows and columns each covers."""
    table = lay_out(grid)
    rows, columns = sorted({cell.row for cell in grid.cells}), sorted({cell.column for cell in grid.cells})
    for at, row in enumerate(rows):
        begun = sorted((cell for cell in grid.cells if cell.row == row), key=lambda cell: cell.column)
        assert table.rows[at] == tuple(begun)
        assert table.starts(at) == tuple((columns.index(cell.column), cell) for cell in begun)
        assert table.texts[at] == tuple(cell.text for cell in begun)
        assert table.filled[at] == sum(1 for cell in begun if cell.text.strip())
        for cell in begun:
            height = sum(1 for other in rows if row <= other < row + cell.rowspan)
            width = sum(1 for other in columns if cell.column <= other < cell.column + cell.colspan)
            assert table.area(cell) == (at, columns.index(cell.column), height, width)
            assert table.begins(cell, at)
            assert table.over(cell) == range(columns.index(cell.column), columns.index(cell.column) + width)


def test_of_cells_that_begin_in_one_place_the_first_stays() -> None:
    """A file may write two cells to one place; the second is left out wherever it is asked for."""
    first, second = (Cell(0, 0, text, Locator("x.xlsx")) for text in ("一", "二"))
    table = lay_out(Grid("x", (first, Cell(0, 1, "三", Locator("x.xlsx")), second)))
    assert table.at(0, 0) is first
    assert table.texts == (("一", "三"),)

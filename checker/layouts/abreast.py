"""Forms that stand side by side on one sheet, each under a title of its own."""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter

from msgspec.structs import replace

from checker.layouts.blocks import is_title
from checker.model import Grid

_TEXT = attrgetter("text")


def abreast(grid: Grid) -> tuple[Grid, ...]:
    """Cut a grid at the empty columns between two titles; any other grid is returned as it is."""
    if grid.ragged or "\n".join(map(_TEXT, grid.cells)).count("自评") < 2:
        return (grid,)
    titles = sorted({cell.column for cell in grid.cells if "自评" in cell.text and is_title(cell.text)})
    if len(titles) < 2:
        return (grid,)
    covered = {column for cell in grid.cells if cell.text.strip() for column in range(cell.column, cell.column + cell.colspan)}
    cuts = [column for column in range(titles[0], titles[-1]) if column not in covered]
    starts = [0] + [cut for left, right in pairwise(titles) if (cut := next((c for c in cuts if left < c < right), None)) is not None]
    ends = [*starts[1:], 1 << 20]
    return tuple(
        replace(grid, cells=tuple(cell for cell in grid.cells if start <= cell.column < end)) for start, end in zip(starts, ends, strict=True)
    )

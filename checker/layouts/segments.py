"""The stretches of a document's tables that make up one form each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from msgspec import Struct, field

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, find_blocks
from checker.layouts.table import Table
from checker.model import Cell, Grid


class Segment(Struct, frozen=True):
    """Rows [`top`, `end`) of a table with their blocks, and the text lines around them."""

    table: Table
    top: int
    end: int
    blocks: tuple[Block, ...]
    before: tuple[Cell, ...] = ()
    after: tuple[Cell, ...] = ()
    name: str = ""

    def cells(self) -> Iterator[Cell]:
        """Yield the lines before, the cells of the rows and the lines after, a cell of several rows in each of them."""
        return chain(self.before, *self.table.rows[self.top : self.end], self.after)


class Stretch(Struct):
    """The segments of one form in order."""

    segments: list[Segment] = field(default_factory=list)

    def kinds(self) -> set[str]:
        """Return which kinds of blocks the form has so far."""
        return {kind_of(block) for segment in self.segments for block in segment.blocks}


def kind_of(block: Block) -> str:
    """Return the kind of a block; figures beside their labels are a budget too."""
    return "budget" if block.kind == "pairs" else block.kind


def cut(grid: Grid, table: Table) -> list[Segment]:
    """Cut one table where a new form's title or head begins below a finished one."""
    blocks = find_blocks(table)
    starts = [0]
    kinds: set[str] = set()
    for block in blocks:
        begins = block.kind == "title" and kinds & {"indicators", "budget"}
        repeats = block.kind == "budget" and "budget" in kinds and "indicators" in kinds
        if begins or repeats:
            top = block.top if begins else _head_top(table, block.top, starts[-1])
            starts.append(top)
            kinds = set()
        kinds.add(kind_of(block))
    ends = [*starts[1:], len(table.rows)]
    made = []
    for n, (top, end) in enumerate(zip(starts, ends, strict=True)):
        inside = tuple(
            Block(block.kind, block.top, block.body, min(block.end, end)) for block in blocks if top <= block.top < end
        )
        made.append(
            Segment(
                table, top, end, inside, grid.before if n == 0 else (), grid.after if n == len(starts) - 1 else (), grid.name
            )
        )
    return made


def _head_top(table: Table, row: int, floor: int) -> int:
    """Go up from a budget heading to the first row of labels above it (项目名称 …)."""
    top = row
    while top - 1 > floor:
        if all(vocabulary.exact_role("header_labels", text) is None for text in table.texts[top - 1]):
            break
        top -= 1
    return top

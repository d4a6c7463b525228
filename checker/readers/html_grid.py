"""One table of an HTML page as a grid: spans resolved the way browsers do, the lines of the page around it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from checker.errors import ReadError
from checker.model import Cell, Grid, Locator
from checker.readers.limits import Limits
from checker.readers.lines import damage, tidy

AROUND = 500
"""How many lines of a page's flow beside a table are kept."""


class Item(Struct, eq=False):
    """One td or th while its page is walked."""

    table: Table
    rowspan: int
    colspan: int
    lines: Sequence[str]
    image: bool = False
    alone: bool = False


class Table:
    """One table while its page is walked; positions are places in the page's flow of lines.

    `previous` is where the last table before it ended, `following` where the next one after it starts;
    `groups` are the rows at which a group of rows (thead, tbody, tfoot) begins.
    """

    __slots__ = ("end", "following", "foot", "groups", "head", "hidden", "previous", "rows", "start", "within")

    def __init__(self, item: Item | None, previous: int, start: int, hidden: bool) -> None:
        self.previous, self.start, self.end, self.hidden = previous, start, start, hidden
        self.following: int | None = None
        self.rows: list[list[Item]] = []
        self.groups: list[int] = []
        self.head: list[list[Item]] = []
        self.foot: list[list[Item]] = []
        self.within: frozenset[Item] = item.table.within | {item} if item else frozenset()

    def set_apart(self, kind: str) -> None:
        """Takes the rows of the group just read out when it is the first heading (thead) or foot (tfoot), shown first and last wherever it is written."""
        if kind == "tbody" or (self.head if kind == "thead" else self.foot):
            return
        start = self.groups.pop()
        rows = self.rows[start:]
        del self.rows[start:]
        if kind == "thead":
            self.head = rows
        else:
            self.foot = rows

    def put_together(self) -> None:
        """Puts the rows in the order in which they are shown."""
        self.groups = [0, *(len(self.head) + at for at in (*self.groups, len(self.rows)))]
        self.rows = [*self.head, *self.rows, *self.foot]

    def is_frame(self) -> bool:
        """Tells whether the table has one cell alone, so that it only frames text."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1 and not self.hidden

    def begun(self) -> bool:
        """Tells whether a row was read already."""
        return bool(self.rows or self.head or self.foot)


Flow = tuple[Sequence[str], Sequence[Item | None]]
"""The lines of a page, and beside each the cell that holds it."""


def grid(table: Table, ordinal: int, flow: Flow, path: str, limits: Limits, notes: list[str]) -> Grid:
    """Returns the table with its spans resolved the way browsers do; overlapping cells are said."""
    longest = limits.max_cell_text
    # A row without cells is a row nevertheless: cells that span rows reach over it.
    rows = table.rows
    if len(rows) > limits.max_rows:
        raise ReadError(f"表格行数过多（上限 {limits.max_rows}）@ {path} 表{ordinal}，请拆分文件或提高上限")
    cells: list[Cell] = []
    # until[c] is the first row in which column c is free of a cell from above.
    until: list[int] = []
    overlaps = reach = 0
    bounds = [*table.groups, len(rows)]
    for r, row in enumerate(rows):
        c = 0
        while bounds[0] <= r:
            del bounds[0]
        alone = len(row) == 1
        for item in row:
            item.alone = alone
            while c < reach and until[c] > r:
                c += 1
            width, height = item.colspan, item.rowspan
            if c + width > reach:
                if c + width > limits.max_columns:
                    if c >= limits.max_columns:
                        raise ReadError(f"表格列数过多（上限 {limits.max_columns}）@ {path} 表{ordinal}，请拆分文件或提高上限")
                    width = limits.max_columns - c
                until.extend([0] * (c + width - reach))
                reach = len(until)
            if width == height == 1:
                until[c] = r + 1
            else:
                height = min(height or len(rows), bounds[0] - r)
                under = until[c : c + width]
                if (below := max(under)) > r:
                    overlaps += sum(row > r for row in under)
                until[c : c + width] = [r + height] * width if below <= r + height else [max(row, r + height) for row in under]
            lines = item.lines
            text = lines[0] if len(lines) == 1 else "\n".join(lines)
            unread = damage(text)
            if len(text) > longest:
                text, unread = text[:longest], f"文字过长（超过 {longest} 字），只读了开头"
            elif not text and item.image:
                unread = "单元格里是图像，没有文字"
            cells.append(Cell(r, c, text, Locator(path, None, None, None, r + 1, c + 1, ordinal), height, width, unread))
            c += width
    if overlaps:
        notes.append(f"表{ordinal} 的合并单元格互相重叠，列位置可能不准")
    before, after = _around(table, flow, path)
    return Grid(f"表{ordinal}", tuple(cells), before=before, after=after, hidden=table.hidden)


def _around(table: Table, page: Flow, path: str) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Returns the lines between a table and its neighbours.

    For a table inside a layout table, lines of the cell that holds it and of one-cell rows count
    as standing outside.
    """
    (flow, holders), chain = page, table.within
    outer = {item.table for item in chain}

    def outside(item: Item | None) -> bool:
        return item is None or item in chain or (item.alone and item.table in outer)

    def lines(positions: range) -> tuple[Cell, ...]:
        kept = [(at, flow[at]) for at in positions if outside(holders[at])]
        return tuple(
            Cell(row, 0, tidy(text), Locator(path, line=at + 1), unread=damage(text)) for row, (at, text) in enumerate(kept)
        )

    before = lines(range(max(table.previous, table.start - AROUND), table.start))
    after_end = len(flow) if table.following is None else table.following
    return before, lines(range(table.end, min(after_end, table.end + AROUND)))

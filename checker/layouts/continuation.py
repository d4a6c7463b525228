"""A table without a heading that goes on with the indicator table before it (a page or part break)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from checker.layouts.alignment import Token, fits
from checker.layouts.blocks import Block
from checker.layouts.cells import plain
from checker.layouts.columns import read_columns
from checker.layouts.levels import total_cell
from checker.layouts.segments import Segment
from checker.layouts.table import Table, lay_out
from checker.model import Grid

MIN_COLUMNS = 4


def continued(above: Sequence[Segment], segment: Segment) -> Segment | None:
    """Return the segment as a continuation of the form above, None when it is not one.

    It is one when it has as many columns as the table before, every row suits the titles of the last heading, most rows
    have a name and another cell or it is the total row alone, and the table before has no total row yet.
    """
    before = above[-1]
    block = next((block for block in reversed(before.blocks) if block.kind in ("indicators", "continuation")), None)
    segment = _under(before.table, segment)
    if block is None or segment.table.columns != before.table.columns or segment.table.columns < MIN_COLUMNS:
        return None
    titled = next(((one.table, b) for one in reversed(above) for b in reversed(one.blocks) if b.kind == "indicators"), None)
    if titled is None:
        return None
    columns = read_columns(*titled)
    if "name" not in columns.at or _has_total(before, block):
        return None
    order = sorted(columns.at, key=lambda role: columns.at[role])
    rows = [row for row in range(segment.top, segment.end) if any(plain(cell.text) for cell in segment.table.rows[row])]
    named = totals = 0
    for row in rows:
        if total_cell(segment.table, row, segment.table.columns) is not None:
            totals += 1
            continue
        tokens = [Token(column, cell.text) for column, cell in segment.table.starts(row) if plain(cell.text)]
        if not fits(tokens, order, columns.at):
            return None
        named += len(tokens) > 1 and any(token.column == columns.at["name"] for token in tokens)
    if (not named or named * 2 < len(rows)) and not totals == len(rows) == 1:
        return None
    return replace(segment, blocks=(Block("continuation", segment.top, segment.top, segment.end),))


def _under(table: Table, segment: Segment) -> Segment:
    """Return a segment that is nothing but a total row (总分 over all columns of names) with the columns of the table before, any other as it is."""
    rows, filed = segment.table.rows, table.filed
    if len(rows) != 1 or not set(segment.table.filed) < set(filed) or total_cell(segment.table, 0, 1) is None:
        return segment
    return replace(segment, table=lay_out(Grid(segment.name, rows[0]), filed))


def _has_total(segment: Segment, block: Block) -> bool:
    return any(total_cell(segment.table, row, segment.table.columns) is not None for row in range(block.body, block.end))

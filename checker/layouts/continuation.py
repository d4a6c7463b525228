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

MIN_COLUMNS = 4


def continued(above: Sequence[Segment], segment: Segment) -> Segment | None:
    """Return the segment as a continuation of the form above, None when it is not one.

    It is one when it has as many columns as the table before, every row suits the titles of the last heading, most rows
    have a name and another cell, and the table before has no total row yet.
    """
    before = above[-1]
    block = next((block for block in reversed(before.blocks) if block.kind in ("indicators", "continuation")), None)
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
    named = 0
    for row in rows:
        if total_cell(segment.table, row, segment.table.columns) is not None:
            continue
        tokens = [Token(column, cell.text) for column, cell in segment.table.starts(row) if plain(cell.text)]
        if not fits(tokens, order, columns.at):
            return None
        named += len(tokens) > 1 and any(token.column == columns.at["name"] for token in tokens)
    if not named or named * 2 < len(rows):
        return None
    return replace(segment, blocks=(Block("continuation", segment.top, segment.top, segment.end),))


def _has_total(segment: Segment, block: Block) -> bool:
    return any(total_cell(segment.table, row, segment.table.columns) is not None for row in range(block.body, block.end))

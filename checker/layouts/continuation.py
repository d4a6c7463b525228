"""A table without a heading that goes on with the indicator table before it (a page or part break)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from checker.layouts.alignment import Token, fits
from checker.layouts.blocks import Block
from checker.layouts.cells import plain
from checker.layouts.columns import read_columns
from checker.layouts.levels import is_foot, total_cell
from checker.layouts.segments import Segment
from checker.layouts.table import Table, lay_out
from checker.model import Grid

MIN_COLUMNS = 4


def continued(above: Sequence[Segment], segment: Segment) -> Segment | None:
    """Return the segment as a continuation of the form above, None when it is not one.

    It is one when it has as many columns as the table before, every row down to the total or the foot suits the titles of the
    last heading, most of these have a name and another cell or the total row is the first, and the table before has no total row yet.
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
    named = read = totals = 0
    for row in rows:
        if total_cell(segment.table, row, segment.table.columns) is not None:
            totals += 1
            break
        if is_foot(segment.table, row, columns.at["name"]):
            continue
        read += 1
        tokens = [Token(column, cell.text) for column, cell in segment.table.starts(row) if plain(cell.text)]
        if not fits(tokens, order, columns.at):
            return None
        named += len(tokens) > 1 and any(token.column == columns.at["name"] for token in tokens)
    if named * 2 < read or not (named or totals):
        return None
    return replace(segment, blocks=(Block("continuation", segment.top, segment.top, segment.end),))


def _under(table: Table, segment: Segment) -> Segment:
    """Return a segment with the columns of the table before it where none of its own begins elsewhere: cells merged in all of its rows hide some of them."""
    filed = segment.table.filed
    if filed == table.filed or not set(filed) <= set(table.filed):
        return segment
    return replace(segment, table=lay_out(Grid(segment.name, tuple(chain.from_iterable(segment.table.rows))), table.filed))


def _has_total(segment: Segment, block: Block) -> bool:
    return any(total_cell(segment.table, row, segment.table.columns) is not None for row in range(block.body, block.end))

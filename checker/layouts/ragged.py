"""Rows of a text export whose cells have moved, put back under their titles by what they hold.

A merged cell that an export drops moves the rest of its row. Each row below an indicator heading is
tested against the titles (names and targets are text, weights and scores numbers, levels known
words); a row that does not fit is laid out again in the one order-keeping way that fits best. A row
with two equally good ways is left unread. What was pushed off the end of a row is named as lost.
"""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from checker.layouts.alignment import OTHER, Token, best_ways, fits, label_or_name, overflow_doubts
from checker.layouts.blocks import Block, find_blocks, goal_columns
from checker.layouts.cells import label, plain
from checker.layouts.columns import Columns, read_columns
from checker.layouts.levels import is_foot, is_placeholder, total_cell
from checker.layouts.messages import at as say_at
from checker.layouts.messages import field_name, say
from checker.layouts.numbers import looks_numeric
from checker.layouts.places import line_of
from checker.layouts.table import Table, lay_out
from checker.model import Cell, Grid, Locator


class Realigned(Struct, frozen=True):
    """The grid with its rows in order, what was done, and the counts the form's head carries."""

    grid: Grid
    repairs: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    shifted: int = 0
    lost: int = 0
    first_lost: Cell | None = None


class _Work(Struct):
    cells: dict[int, list[Cell]]
    repairs: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    shifted: int = 0
    lost: int = 0
    first_lost: Cell | None = None


def realign(grid: Grid) -> Realigned:
    """Put the rows below each indicator heading back under their titles."""
    table = lay_out(grid)
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    work = _Work(rows)
    for block in find_blocks(table):
        if block.kind == "indicators":
            columns = read_columns(table, block)
            if "name" in columns.at:
                _block(table, block, columns, work)
        elif block.kind == "goals":
            _goals(table, block, work)
    cells = tuple(cell for row in sorted(work.cells) for cell in sorted(work.cells[row], key=lambda c: c.column))
    return Realigned(replace(grid, cells=cells), tuple(work.repairs), tuple(work.unread), work.shifted, work.lost, work.first_lost)


def _goals(table: Table, block: Block, work: _Work) -> None:
    """Put as many texts as there are titles of goal and result under these, in order, where the label beside them was dropped."""
    titles = sorted((heading.column, role) for role, (_, heading) in goal_columns(table, block.top).items())
    cells = [cell for cell in table.rows[block.body] if plain(cell.text)] if block.body < block.end else []
    if len(cells) == len(titles) and [cell.column for cell in cells] != [column for column, _ in titles]:
        steps = [say("step", field=field_name(f"goal_{role}"), cell=cell.column + 1) for cell, (_, role) in zip(cells, titles, strict=True)]
        work.repairs.append(say("shifted", at=line_of(cells[0]), steps="，".join(steps)))
        work.cells[cells[0].row] = [replace(cell, column=column) for cell, (column, _) in zip(cells, titles, strict=True)]


def _block(table: Table, block: Block, columns: Columns, work: _Work) -> None:
    at = {role: table.filed[column] for role, column in columns.at.items()}
    at |= {f"{OTHER}{cell.column}": cell.column for cell in (*columns.ignored, *columns.unknown)}
    order = sorted(at, key=lambda role: at[role])
    names = columns.at["name"]
    width = max(
        (cell.column + 1 for row in range(block.top, block.end) for cell in table.rows[row]), default=0
    )
    for row in range(block.body, block.end):
        if is_foot(table, row, names):
            break
        if total_cell(table, row, table.columns) is not None:
            continue
        cells = [cell for cell in table.rows[row] if plain(cell.text)]
        tokens = [Token(cell.column, cell.text) for cell in cells]
        if all(is_placeholder(token.text) for token in tokens if not looks_numeric(token.text)) and len(tokens) < 2:
            continue
        if not tokens or fits(tokens, order, at):
            continue
        _row(cells, tokens, order, at, width, work)


def _row(cells: list[Cell], tokens: list[Token], order: list[str], at: dict[str, int], width: int, work: _Work) -> None:
    ways = best_ways(tokens, order, at)
    grid_row, line = cells[0].row, line_of(cells[0])
    if not ways:
        work.unread.append(say_at(line, "no_way", count=len(cells)))
        reason = say("no_way_cell")
        work.cells[grid_row] = [_gap(cells[0], at[role], reason) for role in ("name", "weight", "score") if role in at]
        return
    way = ways[0]
    doubtful = {n for other in ways[1:] for n, role in enumerate(other) if role != way[n]}
    either = label_or_name(tokens, way) if len(cells) > 1 else {0} if way == ["name"] else set()
    doubtful |= either
    doubtful |= overflow_doubts(tokens, way, order, at, width)
    placed = []
    for n, (cell, role) in enumerate(zip(cells, way, strict=True)):
        moved = replace(cell, column=at[role])
        if n in doubtful:
            moved = replace(moved, unread=say("many_ways_cell"))
            work.unread.append(say_at(line, "many_ways", text=label(cell.text)[:20]))
        placed.append(moved)
    if either and "level2" in at and "level2" not in way:
        placed.append(_gap(cells[0], at["level2"], say("many_ways_cell")))
    steps = [
        say("step", field=field_name(role), cell=cell.column + 1)
        for cell, role in zip(cells, way, strict=True)
        if at[role] != cell.column and not role.startswith(OTHER)
    ]
    if steps:
        work.shifted += 1
        work.repairs.append(say("shifted", at=line, steps="，".join(steps)))
    placed += _lost(cells, way, order, at, width, line, work)
    work.cells[grid_row] = placed


def _lost(
    cells: list[Cell], way: list[str], order: list[str], at: dict[str, int], width: int, line: str, work: _Work
) -> list[Cell]:
    """Name the cells that the move to the right pushed off the end of the row."""
    last, role = cells[-1], way[-1]
    shift = last.column - at[role]
    if shift <= 0:
        return []
    gone = [other for other in order[order.index(role) + 1 :] if at[other] + shift >= width and not other.startswith(OTHER)]
    for other in gone:
        work.unread.append(say_at(line, "lost", width=width, field=field_name(other)))
    work.lost += len(gone)
    gaps = [_gap(last, at[other], say("lost", width=width, field=field_name(other))) for other in gone]
    work.first_lost = work.first_lost or next(iter(gaps), None)
    return gaps


def _gap(beside: Cell, column: int, reason: str) -> Cell:
    """Return a cell that holds nothing but the reason why nothing is known of it."""
    locator = Locator(beside.locator.file, beside.locator.sheet, None, beside.locator.page, beside.locator.line)
    return Cell(beside.row, column, "", locator, unread=reason)

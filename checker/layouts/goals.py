"""Goal and result texts below their headings."""

from __future__ import annotations

from decimal import Decimal

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, goal_columns
from checker.layouts.cells import blank, narrative, plain, strip_tags
from checker.layouts.messages import at
from checker.layouts.numbers import score
from checker.layouts.places import Found, Notes, Row, lacks, where
from checker.layouts.table import Table
from checker.model import Cell


def read_goals(table: Table, block: Block, found: Row, notes: Notes) -> int:
    """Read planned goal and result of one block into `found`; return the first row behind them.

    Rows further down belong to the texts as long as they are divided in the same columns. Where one title stands directly
    beside another they are titles of columns, whatever stands behind the last.
    """
    columns = goal_columns(table, block.top)
    last = block.body
    starts = {at for at, _ in columns.values()}
    columned = any(table.over(heading).stop in starts for _, heading in columns.values())
    for role, column in _points(table, block.top).items():
        below = table.at(block.body, column)
        if below is not None and (points := score(below.text).value) is not None:
            _keep_points(role, points, below, found, notes)
    for role, field in (("planned", "goal_planned"), ("adjusted", "goal_planned"), ("actual", "goal_actual")):
        if role not in columns or (role == "adjusted" and not lacks(found, field)):
            continue
        column, heading = columns[role]
        cells, end = [] if columned else _beside(table, block, column), block.body
        if not cells:
            cells, end = _below(table, block, column, heading, starts)
        if not cells:
            continue
        last = max(last, end)
        value = text_of(cells, notes)
        if field not in found or found[field].value is None:
            found[field] = Found(value, cells[0], cells[0].unread)
    return last


def read_tasks(table: Table, rows: list[int], found: Row, notes: Notes) -> None:
    """Add up the points of the year's tasks where their table has a weight and a score for each (任务名称 … 分值 | 得分)."""
    for row in rows:
        columns = _points(table, row)
        if len(columns) < 2 or _of_indicators(table, row):
            continue
        sums: dict[str, tuple[Decimal, Cell]] = {}
        below = row + 1
        while below in rows:
            cells = {role: cell for role, column in columns.items() if (cell := table.at(below, column)) is not None and plain(cell.text)}
            points = {role: value for role, cell in cells.items() if (value := score(cell.text).value) is not None}
            if not cells or len(points) < len(cells):
                break
            for role, value in points.items():
                sums[role] = (sums[role][0] + value, sums[role][1]) if role in sums else (value, cells[role])
            below += 1
        for role, (value, cell) in sums.items():
            _keep_points(role, value, cell, found, notes)


def _of_indicators(table: Table, row: int) -> bool:
    """True for a heading of indicators that lost its titles of names (the right half of a sheet printed on a page of its own)."""
    return any(plain(cell.text).endswith("值") and vocabulary.exact_role("indicator_columns", cell.text) == "target" for _, cell in table.starts(row))


def _points(table: Table, row: int) -> dict[str, int]:
    """Return the columns of weight and score among the titles of a row."""
    found = ((column, vocabulary.exact_role("indicator_columns", cell.text)) for column, cell in table.starts(row))
    return {role: column for column, role in found if role in ("weight", "score")}


def _keep_points(role: str, value: Decimal, cell: Cell, found: Row, notes: Notes) -> None:
    if f"goal_{role}" not in found:
        found[f"goal_{role}"] = Found(value, cell)
        notes.repairs.append(at(where(cell.locator), f"goal_{role}", value=value))


def _beside(table: Table, block: Block, column: int) -> list[Cell]:
    """Return the text right of its title in the same row, where goals are filed side by side with their titles."""
    _, _, _, width = table.area(table.cover[block.top][column])
    cell = table.at(block.top, column + width)
    if cell is None or not plain(cell.text):
        return []
    titled = any(vocabulary.match(name, cell.text) is not None for name in ("goals", "indicator_columns", "header_labels"))
    return [] if titled else [cell]


def _below(table: Table, block: Block, column: int, heading: Cell, texts: set[int]) -> tuple[list[Cell], int]:
    cells: list[Cell] = []
    row = block.body
    while row < block.end:
        cell = table.at(row, column)
        if cell is None:
            break
        if cells and (
            cell.column != heading.column or cell.colspan != heading.colspan or _has_label(table, row, column, texts)
        ):
            break
        if not cells or cell is not cells[-1]:
            cells.append(cell)
        row += 1
    return cells, row


def _has_label(table: Table, row: int, column: int, texts: set[int]) -> bool:
    """True when something new begins left of the column in this row, but for the texts beside it and their numbers."""
    left = (position < column and position not in texts and plain(cell.text) and not plain(cell.text).isdigit() for position, cell in table.starts(row))
    return any(left) and not _same_side(table, row)


def _same_side(table: Table, row: int) -> bool:
    first = table.at(row, 0)
    return first is not None and table.area(first)[0] < row


def text_of(cells: list[Cell], notes: Notes) -> str | None:
    """Join the cells of one text, HTML tags taken out and said."""
    parts = []
    for cell in cells:
        text, tags = strip_tags(cell.text)
        if tags:
            notes.repairs.append(at(where(cell.locator), "tags", tags=" ".join(tags[:4])))
            notes.markup.append(f"{' '.join(tags[:4])}（{where(cell.locator)}）")
        if not blank(text) and not cell.unread:
            parts.append(narrative(text, paged=cell.locator.page is not None))
    return "\n".join(parts) or None

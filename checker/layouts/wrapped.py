"""Texts of an indicator row that go on in the row below it: a sheet filled line by line, without wrapped cells.

A row without level and points, whose texts stand below texts, is no indicator where every row with points states its level 1
itself. Where levels are written once and left blank below, only several such rows are known to be none.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from checker.layouts.blocks import Block
from checker.layouts.cells import clean, plain
from checker.layouts.columns import Columns
from checker.layouts.label_points import split_points
from checker.layouts.levels import (
    cut_label,
    is_foot,
    is_ordinary,
    is_placeholder,
    known_level,
    subtotal_cell,
    sum_cell,
    total_cell,
)
from checker.layouts.messages import at as say_at
from checker.layouts.places import Notes, where
from checker.layouts.table import Table, lay_out
from checker.model import Cell, Grid

_POINTS = frozenset({"weight", "score"})
_TEXTS = frozenset({"level2", "name", "reason"})
_LEVELS = frozenset({"level1", "level2"})
_WHOLE = frozenset({"name", "target", "actual", "weight", "score"})
_SEVERAL = 2
_SHORT = 2
"""Two texts of no more letters together say nothing."""
_REST_OF_POINTS = re.compile(r"[(（]?\d{0,3}分?[)）]?")


def gather(table: Table, block: Block, columns: Columns, notes: Notes) -> Table:
    """Return the table with such texts put behind those they belong to; the table itself where there are none.

    Where a level is not stated row by row one name alone stays an indicator, and that it may be the rest of the one above is told;
    several of them, each below a row that is filled in all its columns, are no indicators, nor is one beside the rest of a cut label.
    """
    points = [columns.at[role] for role in _POINTS if role in columns.at]
    if not points or not any(_pointless(table, row, points, columns.at["name"]) for row in range(block.body, block.end)):
        return table
    parts: dict[int, list[Cell]] = {}
    sure: dict[int, list[Cell]] = {}
    first: dict[str, Cell] = {}
    rest: list[dict[str, Cell]] = []
    loose: list[dict[str, Cell]] = []
    rows, stated, whole = 0, True, True
    for row in range(block.body, block.end):
        own = {role: cell for role, column in columns.at.items() if (cell := table.at(row, column)) is not None and plain(cell.text) and table.begins(cell, row)}
        if not own or _ends(table, row, columns.at["name"]):
            first = {}
        elif own.keys() & _POINTS:
            stated = stated and "level1" in own and own["level1"].rowspan == 1
            whole = whole and own.keys() >= _WHOLE & columns.at.keys()
            first, rows = own, rows + 1
        elif first and ((paged := _page_cuts(table, block, row, own, first)) or "level1" in columns.at) and _goes_on(table, row, own, first, paged):
            rest.append(own)
            cut = paged or any(_cut(level, first[level], own[level]) for level in _LEVELS & own.keys())
            for role, cell in own.items():
                for found in (parts, sure) if cut else (parts,):
                    found.setdefault(id(first[role]), []).append(cell)
            if not cut:
                loose.append(own)
        else:
            first = {}
    if not stated and not (whole and len(rest) >= _SEVERAL and all("name" in found and "level2" not in found for found in rest)):
        for name in [found["name"] for found in loose if "name" in found]:
            notes.repairs.append(say_at(where(name.locator), "name_only", text=clean(name.text)[:20]))
        return _put_together(table, sure, notes) if sure and rows > 1 else table
    return _put_together(table, parts, notes) if parts and rows > 1 else table


def _pointless(table: Table, row: int, points: list[int], names: int) -> bool:
    """True when a row, no end of a table, has no points of its own: most tables have no such row."""
    for column in points:
        cell = table.at(row, column)
        if cell is not None and plain(cell.text) and table.begins(cell, row):
            return False
    return not _ends(table, row, names)


def _ends(table: Table, row: int, names: int) -> bool:
    """True for a row of the foot, a total and a subtotal."""
    return not is_ordinary(table, row) and (is_foot(table, row, names) or any(named(table, row, table.columns) is not None for named in (total_cell, sum_cell, subtotal_cell)))


def _goes_on(table: Table, row: int, own: dict[str, Cell], first: dict[str, Cell], cut: bool) -> bool:
    """True when a row holds nothing but texts below texts of the row before: with a value of its own it is an indicator, unless the end of a page `cut` the row before."""
    texts = first.keys() - _POINTS if cut else _TEXTS | {"level1"} if _over_page(own, first) else _TEXTS
    if not own.keys() <= texts & first.keys() or any(is_placeholder(cell.text) for cell in own.values()):
        return False
    above = table.area(next(iter(first.values())))[0]
    for column, cell in table.starts(row):
        if plain(cell.text) and all(cell is not mine for mine in own.values()) and not (cut and (over := table.at(above, column)) is not None and plain(over.text)):
            return False
    return not any(re.search(r"[\d.,]$", plain(first[role].text)) and re.match(r"[\d.,]", plain(cell.text)) for role, cell in own.items())


def _page_cuts(table: Table, block: Block, row: int, own: dict[str, Cell], first: dict[str, Cell]) -> bool:
    """True when the end of a page cut the row before: a number stands over its sign (100 over %), or two texts together are what another row says (定性 over 指标)."""
    if not _over_page(own, first):
        return False
    above = table.area(next(iter(first.values())))[0]
    for column, cell in table.starts(row):
        over, lower = table.at(above, column), plain(cell.text)
        upper = plain(over.text) if over is not None else ""
        if not upper or not lower or (upper[-1].isdigit() and lower[0].isdigit()):
            continue
        if lower in ("%", "‰") and upper[-1].isdigit():
            return True
        others = (table.at(other, column) for other in range(block.body, block.end) if other not in (above, row))
        if len(upper + lower) > _SHORT and any(other is not None and plain(other.text) == upper + lower for other in others):
            return True
    return False


def _over_page(own: dict[str, Cell], first: dict[str, Cell]) -> bool:
    """True when all of a row stands on the page behind that of the row before."""
    pages = {cell.locator.page for cell in first.values()}
    return None not in pages and pages.isdisjoint(cell.locator.page for cell in own.values())


def _cut(level: str, upper: Cell, lower: Cell) -> bool:
    """True for the parts of one label: 服务对象 over 满意度指标, and on the next page 效益指 over 标 and 效益指标35 over 分."""
    if level == "level2" and cut_label(upper.text, lower.text):
        return True
    if upper.locator.page in (None, lower.locator.page):
        return False
    both, rest = split_points(upper.text + lower.text)[1], plain(lower.text)
    points = both is not None and split_points(upper.text)[1] is None and _REST_OF_POINTS.fullmatch(rest) is not None
    words = f"{level}_words"
    return points or (known_level(upper.text + lower.text, words) and not known_level(upper.text, words) and not known_level(lower.text, words))


def _put_together(table: Table, parts: dict[int, list[Cell]], notes: Notes) -> Table:
    moved = {id(cell) for behind in parts.values() for cell in behind}
    made: list[Cell] = []
    for cell in (cell for row in table.rows for cell in row):
        behind = parts.get(id(cell))
        if behind is not None:
            text = "".join(clean(part.text) for part in (cell, *behind))
            unread = next((part.unread for part in (cell, *behind) if part.unread), None)
            if unread is None:
                notes.repairs.append(say_at(where(cell.locator), "wrapped", text=text[:40]))
            made.append(replace(cell, text=text, unread=unread))
        else:
            made.append(replace(cell, text="") if id(cell) in moved else cell)
    return lay_out(Grid("", tuple(made)))

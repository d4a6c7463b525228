"""Figures in the rows of a block that no field has taken: they are named, so that nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from operator import itemgetter

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import clean, label, money_unit, plain
from checker.layouts.columns import Columns
from checker.layouts.fund_labels import budget_like
from checker.layouts.levels import is_foot, is_numbering, is_ordinary, is_placeholder, total_cell
from checker.layouts.messages import at as say_at
from checker.layouts.places import Notes, Row, line_of, where
from checker.layouts.table import Table
from checker.model import Cell

_FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:%|元|万元|分)?")
_COLUMN = itemgetter(0)
_ORDINAL = re.compile(r"\d{1,2}")
_POINTS = ("weight", "score", "level1_weight", "level2_weight")
MOST = 10
"""More cells than these are not listed one by one."""


def other_list(table: Table, row: int) -> str:
    """Name a table of figures that is no part of the form by the titles in its first row."""
    return say_at(line_of(table.rows[row][0]), "other_list", titles="、".join(label(text)[:20] for text in table.texts[row] if plain(text)))


def budget_figures_left(table: Table, block: Block, end: int, read: Set[int], made: Sequence[Row], notes: Notes) -> list[Cell]:
    """Name figures of the budget lines [`block.body`, `end`) in none of the columns `read` nor under a title
    that holds nothing of the form's own; return them."""
    known = set(read)
    for _, cell in table.starts(block.top):
        match = vocabulary.match("budget_columns", cell.text)
        if match is not None and match.role == "ignore":
            known |= set(table.over(cell))
    return _name(table, range(block.body, end), known, made, notes, table.columns)


def fund_figures_left(table: Table, rows: Iterable[int], notes: Notes) -> None:
    """Name figures behind the label of a fund or of an amount above the blocks (基本支出总额 | 612.4, 预算数（万元） | 年初 | 600 | 调整后 | 580): what they are is not read."""
    uses = vocabulary.words("budget_labels", "structure")
    for row in rows:
        for column, cell in table.starts(row):
            fund = vocabulary.match("header_labels", cell.text) is None and (
                budget_like(cell.text) or any(word in plain(cell.text) for word in uses) or money_unit(cell.text) is not None
            )
            for beside in _figures_behind(table, row, column) if fund else ():
                notes.unread.append(say_at(where(beside.locator), "figures_left", text=clean(beside.text)[:20]))


def total_figures_left(table: Table, rows: Iterable[int], notes: Notes) -> None:
    """Name figures of total rows outside the block of indicators (总分 | 100 | 98.5 around a table nested in a cell): it is not known what they add up."""
    for row in rows:
        label_cell = total_cell(table, row, table.columns)
        if label_cell is not None and vocabulary.match("header_labels", label_cell.text) is None:
            for cell in [cell for _, cell in table.starts(row) if _FIGURE.fullmatch(plain(cell.text))][:MOST]:
                notes.unread.append(say_at(where(cell.locator), "figures_left", text=clean(cell.text)[:20]))


def _figures_behind(table: Table, row: int, column: int) -> list[Cell]:
    """Return the figure beside a label, else those beside stages of the amount (年初, 调整后) right of it."""
    beside = table.beside(row, column)
    if beside is None or _FIGURE.fullmatch(plain(beside.text)):
        return [beside] if beside is not None else []
    stages = [at for at, cell in table.starts(row) if at > column and any(word in plain(cell.text) for word in vocabulary.words("budget_stages"))]
    found = (table.beside(row, at) for at in stages)
    return [cell for cell in found if cell is not None and _FIGURE.fullmatch(plain(cell.text))]


def indicator_figures_left(table: Table, block: Block, columns: Columns, made: Iterable[Row], total: Row, notes: Notes) -> bool:
    """Name figures of indicator and total rows, and words right of the names, that stand under no title; True when there are any."""
    spans = {role: {column} if role in _POINTS else {column, *columns.spans.get(role, ())} for role, column in columns.at.items()}
    known = columns.idle.union(*spans.values())
    points = columns.idle.union(*(span for role, span in spans.items() if role in _POINTS))
    rows: list[int] = []
    totals: list[int] = []
    for row in range(block.body, block.end):
        if is_ordinary(table, row):
            rows.append(row)
        elif not is_foot(table, row, columns.at["name"]) and not is_numbering(table, row):
            (rows if total_cell(table, row, table.columns) is None else totals).append(row)
    used = [*made, total]
    left = _name(table, rows, known, used, notes, columns.at["name"])
    return bool(_name(table, totals, points, used, notes, table.columns) or left)


def _cells(rows: Iterable[Row]) -> set[int]:
    return {id(found.cell) for row in rows for found in row.values() if found.cell is not None}


def _name(table: Table, rows: Iterable[int], known: Set[int], used: Sequence[Row], notes: Notes, names: int) -> list[Cell]:
    """Name and return cells that are not in `used` and in no `known` column: figures, and right of the column `names` anything filled."""
    left: list[Cell] = []
    strange = set(range(table.columns)).difference(known)
    for row in rows:
        begun = table.starts(row)
        if strange.isdisjoint(map(_COLUMN, begun)):
            continue
        texted = False
        for column, cell in begun:
            key = plain(cell.text)
            if not _FIGURE.fullmatch(key):
                texted = texted or bool(key)
                if column > names and not is_placeholder(cell.text) and column not in known:
                    left.append(cell)
            elif column not in known and (texted or not _ORDINAL.fullmatch(key)):
                left.append(cell)
    if left:
        taken = _cells(used)
        left = [cell for cell in left if id(cell) not in taken]
    for cell in left[:MOST]:
        notes.unread.append(say_at(where(cell.locator), "figures_left", text=clean(cell.text)[:20]))
    return left

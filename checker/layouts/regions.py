"""Titles merged over several columns: of a value over areas or units (全年实际完成值 over 全市, 甲县, 乙县), of a level over groups of its labels."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import blank, plain, title_key
from checker.layouts.numbers import looks_numeric
from checker.layouts.table import Table
from checker.model import Cell


def titles_of_parts(table: Table, block: Block, title: Cell) -> list[Cell]:
    """Return the titles below one over several columns where each has words of its own that no column of a form is known by, else none.

    Columns of which a row fills one at most (定量, 定性) are parts of nothing.
    """
    top, left, height, width = table.area(title)
    row = top + height
    if width == 1 or row >= block.body:
        return []
    below = [cell for column, cell in table.starts(row) if left <= column < left + width]
    fillers = vocabulary.words("heading_fillers")
    known = any(not plain(cell.text) or title_key(cell.text) in fillers or vocabulary.match("indicator_columns", cell.text) is not None for cell in below)
    if known or len(below) < 2:
        return []
    several = any(sum(left <= column < left + width and not blank(cell.text) for column, cell in table.starts(inside)) > 1 for inside in range(block.body, block.end))
    return below if several else []


def label_columns(table: Table, block: Block, title: Cell) -> list[int]:
    """Return the columns with labels of their own below the title of a level: 一级指标 over 共性指标 | 项目决策. The last one holds the level, those left of it group its labels."""
    over = table.over(title)
    if len(over) == 1 or table.flat:
        return [over.start]
    begun = {column for row in range(block.body, block.end) for column, cell in table.starts(row) if plain(cell.text) and not looks_numeric(cell.text)}
    return sorted(begun.intersection(over)) or [over.start]

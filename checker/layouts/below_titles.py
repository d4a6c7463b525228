"""What stands below the title of a column: asked where titles alone do not tell what it holds."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import is_operator, plain, title_key
from checker.layouts.label_points import split_points
from checker.layouts.numbers import begins_number, looks_numeric
from checker.layouts.table import Table
from checker.model import Cell


def filled(table: Table, block: Block, column: int) -> bool:
    """True when some cell of a column holds something; one over several columns counts in each."""
    return any((cell := table.at(row, column)) is not None and plain(cell.text) for row in range(block.body, block.end))


def filled_below(table: Table, block: Block, title: Cell, column: int) -> int:
    """Return the first column with something in it below a title merged over several, `column` where that has something itself."""
    if table.area(title)[3] == 1 or filled(table, block, column):
        return column
    return next((other for other in table.over(title) if other > column and filled(table, block, other)), column)


def begun(table: Table, block: Block, column: int) -> bool:
    """True when something begins in a column: a cell over several columns fills only its first."""
    return any(at == column and plain(cell.text) for row in range(block.body, block.end) for at, cell in table.starts(row))


def numbers_only(table: Table, block: Block, column: int) -> bool:
    """True when what a column holds, if anything, are numbers."""
    cells = [cell for row in range(block.body, block.end) if (cell := table.at(row, column)) is not None]
    return all(looks_numeric(cell.text) for cell in cells if plain(cell.text))


def points_below(table: Table, block: Block, column: int) -> bool:
    """True for a column with something in it that holds numbers only."""
    return filled(table, block, column) and numbers_only(table, block, column)


def holds(table: Table, block: Block, column: int, words: str) -> bool:
    """True when a column holds usual names of a level."""
    cells = [cell for row in range(block.body, block.end) if (cell := table.at(row, column)) is not None]
    return any(title_key(cell.text) in vocabulary.words(words) for cell in cells)


def labels_levels(table: Table, block: Block, column: int) -> bool:
    """True for a column of labels of its own, usual names of a first level among them: a number or a heading wider than its title is none."""
    title = table.at(block.body - 1, column)
    width = table.area(title)[3] if title is not None else 1
    own = [cell.text for row in range(block.body, block.end) for at, cell in table.starts(row) if at == column and plain(cell.text) and table.area(cell)[3] <= width]
    return not any(map(begins_number, own)) and any(title_key(split_points(text)[0]) in vocabulary.words("level1_words") for text in own)


def compares(table: Table, block: Block, column: int) -> bool:
    """True for a column with signs or words of comparison: 大于等于 under 指标方向, none of them 正向 under 指标性质."""
    return any((cell := table.at(row, column)) is not None and is_operator(cell.text) for row in range(block.body, block.end))

"""Lines whose columns are marked by tabs or upright strokes: a grid whose merged cells are lost."""

from __future__ import annotations

from checker.model import Cell, Grid, Locator
from checker.readers.lines import damage, tidy

MARKS = ("\t", "|", "｜", "│")


def ragged_grid(lines: list[str], file: str, name: str = "文本") -> Grid:
    """Returns one grid, a row a line, cut at the mark most lines carry; lines without it are one cell."""
    counts = [(sum(mark in line for line in lines), mark) for mark in MARKS]
    count, mark = max(counts, key=lambda pair: pair[0])
    cells: list[Cell] = []
    for row, line in enumerate(lines):
        parts = line.strip("|｜│").split(mark) if count else [line]
        for column, part in enumerate(parts):
            text = tidy(part)
            cells.append(Cell(row, column, text, Locator(file=file, line=row + 1, column=column + 1), unread=damage(text)))
    return Grid(name, tuple(cells), ragged=True)

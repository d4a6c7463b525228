"""Grids written by hand for tests: rows of cells, merged areas as (text, columns, rows)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.layouts import recognise
from checker.model import Cell, Document, FieldValue, Form, Grid, Locator, Source

Entry = str | tuple[str, int] | tuple[str, int, int]
Rows = list[list[Entry]]


def grid(rows: list[list[Entry]], name: str = "表1", before: tuple[str, ...] = (), after: tuple[str, ...] = (), ragged: bool = False) -> Grid:
    """Lay cells out as a browser does: each goes to the next free position of its row."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            while (number, column) in taken:
                column += 1
            text, width, height = (*entry, 1, 1)[:3] if isinstance(entry, tuple) else (entry, 1, 1)
            if isinstance(entry, tuple) and len(entry) == 2:
                height = 1
            taken |= {(number + r, column + c) for r in range(height) for c in range(width)}
            locator = Locator("form.xlsx", name, f"{_letters(column)}{number + 1}")
            cells.append(Cell(number, column, text, locator, height, width))
            column += width
    return Grid(name, tuple(cells), ragged, _lines(before), _lines(after))


def _lines(texts: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(n, 0, text, Locator("form.xlsx", line=n + 1)) for n, text in enumerate(texts))


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def document(*grids: Grid) -> Document:
    """Return a document that holds these grids."""
    return Document(Source("form.xlsx", "0" * 64, "xlsx"), grids)


def one_form(rows: Rows, before: tuple[str, ...]) -> Form:
    """Return the form that is read from one grid below these lines."""
    (form,) = recognise(document(grid(rows, before=before)))
    return form


def rows_of(form: Form, *fields: str) -> list[tuple[str | None, ...]]:
    """Return these fields of each indicator as texts."""
    return _texts(form.indicators, fields)


def lines(form: Form, *fields: str) -> list[tuple[str | None, ...]]:
    """Return these fields of each budget line as texts."""
    return _texts(form.budget_lines, fields)


def _texts(rows: Sequence[Mapping[str, FieldValue]], fields: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    return [tuple(str(row[name]) if row.get(name) is not None else None for name in fields) for row in rows]

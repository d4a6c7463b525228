"""The same form said otherwise: published forms with what offices do to them are read as before.

Every change leaves what a person reads as it was: empty rows and columns, blanks and line breaks in titles, other widths of
characters, merged cells filled in each of their rows, a line above or below.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.layouts import recognise
from checker.model import Cell, Document, Form, Grid
from checker.readers import read_bytes

FORMS = sorted((Path(__file__).parent / "corpus" / "forms" / "xlsx").glob("*.xlsx"))
Change = Callable[[Grid, random.Random], Grid]

NOTE = "注：1.其他资金包括和中央财政资金共同投入到同一项目的自有资金、社会资金。2.定量指标按完成数填写。"
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
NARROW = str.maketrans("（）：％０１２３４５６７８９．", "():%0123456789.")


@cache
def document(path: Path) -> Document:
    (found,) = read_bytes(path.read_bytes(), path.name)
    return found


def texts(change: Callable[[str], str]) -> Change:
    return lambda grid, _: replace(grid, cells=tuple(replace(cell, text=change(cell.text)) for cell in grid.cells))


def empty_row(grid: Grid, chance: random.Random) -> Grid:
    at = chance.randrange(bottom(grid) + 1)
    moved = (replace(cell, row=cell.row + (cell.row >= at), rowspan=cell.rowspan + (cell.row < at < cell.row + cell.rowspan)) for cell in grid.cells)
    return replace(grid, cells=tuple(moved))


def empty_column(grid: Grid, chance: random.Random) -> Grid:
    at = chance.randrange(right(grid) + 1)
    moved = (replace(cell, column=cell.column + (cell.column >= at), colspan=cell.colspan + (cell.column < at < cell.column + cell.colspan)) for cell in grid.cells)
    return replace(grid, cells=tuple(moved))


def filled(grid: Grid, _: random.Random) -> Grid:
    """Short labels merged over rows, said again in each of them."""
    made: list[Cell] = []
    for cell in grid.cells:
        label = cell.colspan == 1 and len(cell.text) <= 12 and not re.search(r"\d", cell.text)
        made += [replace(cell, row=cell.row + n, rowspan=1) for n in range(cell.rowspan)] if label else [cell]
    return replace(grid, cells=tuple(sorted(made, key=lambda cell: (cell.row, cell.column))))


def line_above(grid: Grid, _: random.Random) -> Grid:
    head = replace(grid.cells[0], row=0, column=0, rowspan=1, colspan=right(grid), text="附件3", unread=None)
    return replace(grid, cells=(head, *(replace(cell, row=cell.row + 1) for cell in grid.cells)))


def line_below(grid: Grid, _: random.Random) -> Grid:
    note = replace(grid.cells[-1], row=bottom(grid), column=0, rowspan=1, colspan=right(grid), text=NOTE, unread=None)
    return replace(grid, cells=(*grid.cells, note))


def broken(grid: Grid, chance: random.Random) -> Grid:
    def broken_title(text: str) -> str:
        at = chance.randrange(1, len(text)) if re.fullmatch("[\u4e00-\u9fff]{4,8}", text) else len(text)
        return text[:at] + "\n" * (at < len(text)) + text[at:]

    return texts(broken_title)(grid, chance)


def bottom(grid: Grid) -> int:
    return max(cell.row + cell.rowspan for cell in grid.cells)


def right(grid: Grid) -> int:
    return max(cell.column + cell.colspan for cell in grid.cells)


CHANGES: dict[str, Change] = {
    "an empty row": empty_row,
    "an empty column": empty_column,
    "blanks within titles": texts(lambda text: text[0] + "　 " + text[1] if re.fullmatch("[\u4e00-\u9fff]{2}", text) else text),
    "titles broken over two lines": broken,
    "narrow brackets": texts(lambda text: text.replace("（", "(").replace("）", ")")),
    "narrow colons": texts(lambda text: text.replace("：", ":")),
    "wide digits": texts(lambda text: text.translate(WIDE) if re.fullmatch(r"[\d.]+", text) else text),
    "blanks around": texts(lambda text: f"\u00a0{text}\u3000\n" if text else text),
    "merged cells filled": filled,
    "a line above": line_above,
    "a note below": line_below,
}


def content(forms: tuple[Form, ...]) -> list[object]:
    """What was read, in one width and without blanks, but for quotations that name their place."""
    return [
        [{name: said(value) for name, value in row.items() if name != "template_left"} for row in rows]
        for form in forms
        for rows in ((form.header,), form.budget_lines, form.indicators, form.indicator_groups)
    ]


def said(value: object) -> object:
    return "".join(value.split()).translate(NARROW) if isinstance(value, str) else value


@pytest.mark.parametrize("name", CHANGES)
def test_what_leaves_a_form_as_it_was_leaves_its_reading(name: str) -> None:
    """The reading of every published form is the same with the change at two places of it."""
    for path in FORMS:
        form = document(path)
        plain = content(recognise(form))
        for seed in range(2):
            chance = random.Random(f"{path.name} {seed}")
            changed = tuple(CHANGES[name](grid, chance) if grid.cells else grid for grid in form.grids)
            assert content(recognise(replace(form, grids=changed))) == plain, (path.name, seed)


def test_a_lost_value_is_noticed() -> None:
    """A form of which one figure is taken away is not read as before."""
    form = document(FORMS[0])
    (grid, *rest) = form.grids
    figure = next(n for n, cell in enumerate(grid.cells) if re.fullmatch(r"\d+", cell.text) and cell.row > bottom(grid) // 2)
    changed = replace(grid, cells=(*grid.cells[:figure], *grid.cells[figure + 1 :]))
    assert content(recognise(replace(form, grids=(changed, *rest)))) != content(recognise(form))

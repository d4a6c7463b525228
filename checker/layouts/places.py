"""Values with their places while a form is put together, and places in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from checker.model import Cell, FieldValue, Grid, Locator, Place, PlaceKey


class Found(Struct, frozen=True, gc=False):
    """One value, the cell it stands in, why it is unread; `shared` when the cell covers several rows."""

    value: FieldValue
    cell: Cell | None = None
    unread: str | None = None
    shared: bool = False


def name_in(cell: Cell, name: str) -> Found:
    """Return a name, or other words, that stand in a cell; none when the cell cannot be read."""
    return Found(None if cell.unread else name, cell, cell.unread)


Row = dict[str, Found]
"""Fields of one row that have a value or a cell."""


def lacks(row: Row, name: str) -> bool:
    """True when a row has no value of a field: there is none, or its cell is blank or cannot be read."""
    return name not in row or row[name].value is None


class Notes(Struct):
    """What is told to a person while a form is read: repairs, unread cells, cues, and rows of the blank template left in."""

    repairs: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    cues: list[str] = field(default_factory=list)
    template: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)

    def left_over(self, text: str, locator: Locator) -> None:
        """Note words of the blank template that stand in a filed form."""
        shown = " ".join(text.split())
        self.template.append(f"{shown[:20]}{'…' if len(shown) > 20 else ''}（{where(locator)}）")


def where(locator: Locator) -> str:
    """Say a place in words: 第27行第8格, 表1!G13, 第2页."""
    if locator.cell:
        return f"{locator.sheet}!{locator.cell}" if locator.sheet else locator.cell
    parts = []
    if locator.page:
        parts.append(f"第{locator.page}页")
    if locator.table:
        parts.append(f"表{locator.table}")
    if locator.line:
        parts.append(f"第{locator.line}行")
    if locator.column:
        parts.append(f"第{locator.column}格")
    return "".join(parts) or "原文"


def rearranged(grid: Grid, cells: Iterable[Cell]) -> Grid:
    """Return the grid with these cells in its own cells' place, row by row from left to right."""
    return replace(grid, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def line_of(cell: Cell) -> str:
    """Say the row a cell stands in."""
    locator = cell.locator
    if locator.cell:
        return f"第{''.join(char for char in locator.cell if char.isdigit())}行"
    return f"第{locator.line}行" if locator.line else f"表内第{cell.row + 1}行"


def places(tables: Mapping[str, Sequence[Mapping[str, Found]]]) -> dict[PlaceKey, Place]:
    """Return the places of the values in the rows of some tables; a value without a cell behind it has none."""
    return {
        (table, number, name): Place(cell.locator, cell.text, found.unread)
        for table, rows in tables.items()
        for number, row in enumerate(rows, 1)
        for name, found in row.items()
        if (cell := found.cell) is not None
    }


def values(row: Mapping[str, Found]) -> dict[str, FieldValue]:
    """Return the plain row: values only, blank and unread ones left out."""
    return {name: value for name in _sorted(tuple(row)) if (value := row[name].value) is not None}


@lru_cache(maxsize=1 << 10)
def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    # The rows of a form have the same few sets of fields.
    return tuple(sorted(names, key=_position))


_ORDER = (
    "label", "role", "group", "initial", "budget", "executed", "rate", "rate_text", "level", "level1", "level1_weight",
    "level2", "level2_weight", "name", "part_of", "judged_by", "criterion", "target", "actual", "weight", "coefficient", "score", "reason",
)  # fmt: skip


_POSITION = {name: at for at, name in enumerate(_ORDER)}


def _position(name: str) -> int:
    return _POSITION.get(name, len(_ORDER))

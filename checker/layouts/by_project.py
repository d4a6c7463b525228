"""Tables with the indicators of several projects below one heading, the project named in a column beside them: one form a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.cells import clean, plain, title_key
from checker.layouts.messages import at
from checker.layouts.places import rearranged, where
from checker.layouts.ragged import Realigned
from checker.model import Cell, Grid
from checker.remembered import remembered

_VALUES = frozenset({"target", "actual"})
_LABELS = frozenset({"level1", "level2", "name"})
MOST, DEEPEST = 200, 30
"""More projects stand on no form, and no heading so far down."""

Rows = Mapping[int, list[Cell]]


class Heading(Struct, frozen=True):
    """Rows `top` to before `body` with the title of the projects; the columns of indicators begin with `first`."""

    title: Cell
    top: int
    body: int
    first: int


def by_project(grid: Grid) -> tuple[Realigned, ...]:
    """Return one grid a project: the rows above the heading, its name and funds as a head, its indicators; and what was done.

    Any other grid is returned as it is, and so is one whose rows do not part by the names of projects. A total of them all is told as unread.
    """
    heading = None if grid.ragged else _heading(grid)
    groups = _groups(grid, heading) if heading is not None else []
    lines: dict[int, list[Cell]] = {}
    for cell in grid.cells if groups else ():
        lines.setdefault(cell.row, []).append(cell)
    if heading is None or not groups or not all(_whole(lines, heading, rows) for rows in groups):
        return (Realigned(grid),)
    said = (at(where(heading.title.locator), "by_project", title=clean(heading.title.text), count=len(groups)),)
    foot = [cell for row in lines if row >= groups[-1].stop for cell in lines[row]]
    totals = {cell.row: cell for cell in foot if _is_total(cell)}
    unread = tuple(at(where(cell.locator), "total_of_projects", text=clean(cell.text)[:20]) for cell in totals.values())
    foot = [cell for cell in foot if cell.row not in totals]
    return tuple(Realigned(_form(grid, lines, heading, rows, foot), said, unread) for rows in groups)


@remembered
def _names_project(text: str) -> bool:
    return vocabulary.exact_role("header_labels", text) == "project_name"


def _of_funds(title: str) -> bool:
    """True for a title of the budget; 自评得分 left of the indicators is the score of the form."""
    return vocabulary.exact_role("budget_columns", title) not in (None, "ignore") and vocabulary.exact_role("header_labels", title) is None


def _is_total(cell: Cell) -> bool:
    return title_key(cell.text) in vocabulary.words("totals")


def _heading(grid: Grid) -> Heading | None:
    """Find the heading of indicators with a title for projects left of them; two such titles say nothing clear."""
    found = []
    for title in [cell for cell in grid.cells if cell.row < DEEPEST and _names_project(cell.text)]:
        body = title.row + title.rowspan
        beside = [cell for cell in grid.cells if title.row <= cell.row < body and cell.column > title.column]
        roles = {role: cell.column for cell in reversed(beside) if (role := vocabulary.exact_role("indicator_columns", cell.text)) is not None}
        if _VALUES & roles.keys() and len(_LABELS & roles.keys()) > 1:
            found.append(Heading(title, title.row, body, min(roles[role] for role in _LABELS & roles.keys())))
    return found[0] if len(found) == 1 else None


def _groups(grid: Grid, heading: Heading) -> list[range]:
    """Return the rows of each project, from its name to before the next or to the first row of the foot (a total, notes); none where they do not part."""
    below = [cell for cell in grid.cells if cell.row >= heading.body and plain(cell.text)]
    foot = (cell.row for cell in below if cell.column <= heading.title.column and (cell.column + cell.colspan > heading.first or _is_total(cell)))
    end = min(foot, default=max((cell.row + cell.rowspan for cell in below), default=heading.body))
    names = [cell for cell in below if cell.column == heading.title.column and cell.row < end]
    if not names or names[0].row != heading.body or len(names) > MOST or len({plain(cell.text) for cell in names}) < len(names):
        return []
    return [range(top, bottom) for top, bottom in pairwise([*(cell.row for cell in names), end])]


def _whole(lines: Rows, heading: Heading, rows: range) -> bool:
    """True when every column beside the indicators has its text in the first row of the project only, and indicators stand beside it."""
    own = [cell for row in rows for cell in lines.get(row, ()) if plain(cell.text)]
    return all(cell.row == rows.start for cell in own if cell.column < heading.first) and any(cell.column >= heading.first for cell in own)


def _form(grid: Grid, lines: Rows, heading: Heading, rows: range, foot: list[Cell]) -> Grid:
    cells = [cell for row in range(heading.top) for cell in lines.get(row, ())]
    heads = [cell for row in range(heading.top, heading.body) for cell in lines.get(row, ())]
    titles = [cell for cell in heads if cell.column < heading.first]
    values = {cell.column: cell for cell in lines[rows.start] if cell.column < heading.first}
    lowest = [cell for cell in titles if cell.row + cell.rowspan == heading.body]
    funds = {cell.column for cell in lowest if _of_funds(cell.text)}
    row = heading.top
    for title in lowest:
        value = values.get(title.column)
        if title.column not in funds and value is not None and title_key(title.text) not in vocabulary.words("numberings"):
            cells += [replace(title, row=row, column=0, rowspan=1, colspan=1), replace(value, row=row, column=1, rowspan=1, colspan=1)]
            row += 1
    height, left = heading.body - heading.top, min(funds, default=0)
    if funds:
        over = (cell for cell in titles if not funds.isdisjoint(range(cell.column, cell.column + cell.colspan)))
        cells += _moved(over, row - heading.top, left)
        row += height
        cells += [replace(values[column], row=row, column=column - left, rowspan=1) for column in sorted(funds & values.keys())]
        row += 1
    cells += _moved((cell for cell in heads if cell.column >= heading.first), row - heading.top, heading.first)
    row += height
    inside = (cell for line in rows for cell in lines.get(line, ()) if cell.column >= heading.first)
    cells += _moved((replace(cell, rowspan=min(cell.rowspan, rows.stop - cell.row)) for cell in inside), row - rows.start, heading.first)
    last = min((cell.row for cell in foot), default=0)
    return rearranged(grid, [*cells, *_moved(foot, row + len(rows) - last, 0)])


def _moved(cells: Iterable[Cell], down: int, left: int) -> list[Cell]:
    return [replace(cell, row=cell.row + down, column=max(cell.column - left, 0)) for cell in cells]

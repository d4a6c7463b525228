"""One level-2 cell that names several indicators: its names go to the rows in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, line_of
from checker.model import Cell


@dataclass(frozen=True, slots=True)
class MergedNames:
    """`groups` as `line: k names, n rows`, joined by semicolons; `mismatch` when k and n differ."""

    groups: str
    mismatch: bool


def spread(rows: list[Row], notes: Notes) -> MergedNames | None:
    """Give each row of such a group its own level 2 when names and rows are equally many.

    Only groups whose rows have one name cell in common, or none of their own, are meant; rows
    without a name take the group's name text. Returns None when the form has no such group.
    """
    groups: list[str] = []
    mismatch = False
    for group in _groups(rows):
        cell = group[0]["level2"].cell
        names = re.split(r"[\s、,，;；]+", cell.text.strip()) if cell is not None else []
        if cell is None or len(names) < 2 or len(group) < 2:
            continue
        head = group[0].get("name")
        line = cell.locator.line or _row_number(cell)
        groups.append(f"{line}: {len(names)} names, {len(group)} rows")
        if len(names) == len(group):
            for row, name in zip(group, names, strict=True):
                row["level2"] = Found(name, cell)
            notes.repairs.append(at(line_of(cell), "names_spread", names=len(names), rows=len(group)))
        else:
            mismatch = True
            notes.unread.append(at(line_of(cell), "names_mismatch", names=len(names), rows=len(group)))
        if head is not None:
            for row in group:
                row.setdefault("name", Found(head.value, head.cell))
    return MergedNames("; ".join(groups), mismatch) if groups else None


def _row_number(cell: Cell) -> int:
    digits = "".join(char for char in cell.locator.cell or "" if char.isdigit())
    return int(digits) if digits else cell.row + 1


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Return runs of rows under one level-2 cell whose rows have no names of their own."""
    made: list[list[Row]] = []
    cell: Cell | None = None
    for row in rows:
        level = row["level2"].cell if "level2" in row else None
        if level is not None and level is cell:
            made[-1].append(row)
        elif level is not None:
            made.append([row])
        cell = level
    return [group for group in made if len(group) > 1 and _nameless(group)]


def _nameless(group: list[Row]) -> bool:
    head = group[0].get("name")
    return all("name" not in row or (head is not None and row["name"].cell is head.cell) for row in group[1:])

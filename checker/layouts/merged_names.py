"""One level-2 cell that names several indicators: its names go to the rows in their order."""

from __future__ import annotations

import re

from msgspec import Struct

from checker.layouts.levels import known_level
from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, line_of
from checker.model import Cell


class MergedNames(Struct, frozen=True):
    """`groups` as `line: names / rows`, joined by semicolons; `mismatch` when they differ in number; `cell` of the first."""

    groups: str
    mismatch: bool
    cell: Cell | None = None


def spread(rows: list[Row], notes: Notes) -> MergedNames | None:
    """Give each row of such a group its own level 2 when names and rows are equally many.

    Only groups whose rows have one name cell in common, or none of their own, are meant; rows
    without a name take the group's name text. Returns None when the form has no such group.
    """
    groups: list[str] = []
    mismatch = False
    first: Cell | None = None
    for group in _groups(rows):
        cell = group[0]["level2"].cell
        names = _names(cell.text.strip()) if cell is not None else []
        joined = "".join(names)
        if cell is None or len(names) < 2 or len(group) < 2 or known_level(joined, "level2_words") or known_level(joined, "level1_words"):
            continue
        head = group[0].get("name")
        line = cell.locator.line or _row_number(cell)
        groups.append(f"{line}: {len(names)} / {len(group)}")
        first = first or cell
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
    return MergedNames("; ".join(groups), mismatch, first) if groups else None


def _names(text: str) -> list[str]:
    """Return the names of a cell; of one or two characters with only blanks between them they are one word broken over lines."""
    names = [name for part in re.split("[、,，;；]+", text) for name in part.split()]
    return names if len(names) < 2 or re.search("[、,，;；]", text) or min(map(len, names)) > 2 else ["".join(names)]


def carry_on(rows: list[Row], notes: Notes) -> None:
    """Let one name stand for the rows below it in a table that lost its merged areas.

    Only for rows with a level 2 and points of their own but neither name nor target nor result, right
    below a row of the same level 1 that has no target and result either: one text stands for them all.
    """
    above: Row | None = None
    for row in rows:
        bare = _value(row, "target") is None and _value(row, "actual") is None
        if (
            above is not None and bare and _value(row, "name") is None and _value(row, "weight") is not None
            and row.get("level2") is not None and row["level2"].cell is not above["level2"].cell and _value(row, "level1") == _value(above, "level1")
        ):  # fmt: skip
            row["name"] = above["name"]
            cell = row["level2"].cell
            if cell is not None:
                notes.repairs.append(at(line_of(cell), "name_goes_on"))
        above = row if bare and _value(row, "name") is not None and "level2" in row else None


def _value(row: Row, role: str) -> object:
    return row[role].value if role in row else None


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

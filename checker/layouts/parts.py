"""Rows that are parts of the row above them, so that their points are not counted twice."""

from __future__ import annotations

from decimal import Decimal

from checker.late import late
from checker.layouts.cells import plain
from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, line_of

_HEAD = late(r"^[一二三四五六七八九十]{1,3}[、.．]")
_CHILD = late(r"^(?:\d{1,2}[、.．)]|\(\d{1,2}\))(?!\d)")


def mark_parts(rows: list[Row], notes: Notes) -> None:
    """Set `part_of` on rows under a group row (一、 over 1、2、) and on 其中 rows.

    A group row counts as one only where its points are the sum of the rows below it; a 其中 row
    only where it carries no points of its own. Rows that share one weight and one score with a row
    above them are parts of that row.
    """
    _mark_shared(rows)
    last: Row | None = None
    names = [plain(_raw(row)) for row in rows]
    for name, row in zip(names, rows, strict=True):
        if name.startswith("其中") and last is not None and not _has_points(row):
            row["part_of"] = Found(_raw(last), row["name"].cell)
        elif name:
            last = row
    n = 0
    while n < len(rows):
        end = n + 1
        if _HEAD.match(names[n]):
            while end < len(rows) and _CHILD.match(names[end]) and _level(rows[end]) == _level(rows[n]):
                end += 1
            children = rows[n + 1 : end]
            if children and _adds_up(rows[n], children):
                for child in children:
                    child["part_of"] = Found(_raw(rows[n]), child["name"].cell)
                cell = rows[n]["name"].cell
                if cell is not None:
                    notes.repairs.append(at(line_of(cell), "group_row", name=_raw(rows[n])[:20], count=len(children)))
        n = end


def _mark_shared(rows: list[Row]) -> None:
    head: Row | None = None
    for row in rows:
        if not ("weight" in row and row["weight"].shared and "score" in row and row["score"].shared):
            head = row
        elif head is not None and "name" in row and "name" in head and all(head.get(role, Found(None)).cell is row[role].cell for role in ("weight", "score")):
            row["part_of"] = Found(_raw(head), row["name"].cell)
            for role in ("weight", "score"):
                del row[role]


def _raw(row: Row) -> str:
    return str(row["name"].value) if "name" in row else ""


def _level(row: Row) -> tuple[object, object]:
    return tuple(row[role].value if role in row else None for role in ("level1", "level2"))  # type: ignore[return-value]


def _has_points(row: Row) -> bool:
    return any(role in row and row[role].value is not None for role in ("weight", "score"))


def _adds_up(head: Row, children: list[Row]) -> bool:
    for role in ("weight", "score"):
        stated = head[role].value if role in head else None
        parts = [child[role].value if role in child else None for child in children]
        numbers = [part for part in parts if isinstance(part, Decimal)]
        if isinstance(stated, Decimal) and stated > 0 and len(numbers) == len(parts) and sum(numbers) == stated:
            return True
    return False

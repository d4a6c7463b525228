"""Weights written as shares: parts of one (权重 0.20, together 1) beside scores out of a hundred, and those of a second level within its first."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from checker.layouts.cells import clean
from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, where

_WEIGHTS = ("weight", "level1_weight", "level2_weight", "total_weight")
_FEWEST = 3


def read_shares(head: Row, budget: list[Row], indicators: list[Row], others: list[Row], notes: Notes) -> None:
    """Put a hundredfold in place of such weights, in `others` (sums of levels) too; weights of which one is unread are left as they are.

    That they are shares is proved by their sum, exactly 1, and by a score above 1.
    """
    stated = [row["weight"] for row in (*budget, *indicators) if "weight" in row and (row["weight"].value is not None or row["weight"].unread)]
    points = [value for found in stated if isinstance(value := found.value, Decimal)]
    if len(points) < max(len(stated), _FEWEST) or any(point > 1 for point in points) or sum(points) != 1:
        return
    total = head.get("total_weight", Found(None)).value
    if total not in (None, 1) or not any(isinstance(value := row.get("score", Found(None)).value, Decimal) and value > 1 for row in indicators):
        return
    made: dict[int, Found] = {}
    for row in (head, *budget, *indicators, *others):
        for role in _WEIGHTS:
            found = row.get(role)
            if found is not None and isinstance(found.value, Decimal) and found.value <= 1:
                row[role] = made.setdefault(id(found), replace(found, value=_points(found.value)))
    first = stated[0].cell
    if first is not None:
        notes.repairs.append(at(where(first.locator), "shares", text=f"{points[0]:f}"))


def _points(share: Decimal) -> Decimal:
    made = share.scaleb(2)
    return made.quantize(Decimal(1)) if made == made.to_integral_value() else made


def read_relative(indicators: list[Row], notes: Notes) -> None:
    """Put points in place of the weights of second levels that are shares of their first: 60 within 产出 50 is 30, what its indicators add up to.

    Proved by the sums of all second levels, none of which equals its own weight as it is written; else nothing is changed.
    """
    rows: dict[int, list[Row]] = {}
    for row in indicators:
        rows.setdefault(id(row.get("level2_weight")), []).append(row)
    made: list[tuple[list[Row], Found]] = []
    for under in rows.values():
        one, two = (under[0].get(role, Found(None)) for role in ("level1_weight", "level2_weight"))
        added = _added(under)
        if not isinstance(one.value, Decimal) or not isinstance(two.value, Decimal) or added is None or added == two.value or added * 100 != one.value * two.value:
            return
        made.append((under, replace(two, value=added)))
    for under, found in made if len(made) > 1 else ():
        for row in under:
            row["level2_weight"] = found
        if found.cell is not None:
            notes.repairs.append(at(where(found.cell.locator), "relative", text=clean(found.cell.text)[:20], value=found.value))


def _added(rows: list[Row]) -> Decimal | None:
    values = [row.get("weight", Found(None)).value for row in rows]
    known = [value for value in values if isinstance(value, Decimal)]
    return sum(known, Decimal(0)) if len(known) == len(values) else None

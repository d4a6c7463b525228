"""Weights written as parts of one (权重 0.20, together 1) beside scores out of a hundred: points like any other."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

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

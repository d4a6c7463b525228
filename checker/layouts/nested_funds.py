"""Funds that are parts of the part above them (本年财政拨款 over 一般公共预算 and 政府性基金): counted once."""

from __future__ import annotations

from decimal import Decimal

from checker.layouts.cells import plain
from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, line_of

_MONEY = ("initial", "budget", "executed")
_OF_WHICH = "其中"


def mark_nested(rows: list[Row], notes: Notes) -> None:
    """Make funds below a fund that is their sum sources of it, where only so the parts add up to the total.

    One fund alone below another counts as its part only when it is marked 其中.
    """
    totals = [row for row in rows if row["role"].value == "total"]
    parts = [row for row in rows if row["role"].value == "part"]
    if len(totals) != 1 or len(parts) < 2 or any(row["role"].value == "structure" for row in rows):
        return
    (total,) = totals
    if _sums_to(total, parts):
        return
    nested: dict[int, list[int]] = {}
    n = 0
    while n < len(parts):
        below = _below(parts, n)
        if below:
            nested[n] = below
        n += 1 + len(below)
    inner = {child for children in nested.values() for child in children}
    if not inner or not _sums_to(total, [part for n, part in enumerate(parts) if n not in inner]):
        return
    for head, children in nested.items():
        for child in children:
            parts[child]["role"] = Found("source", parts[child]["role"].cell)
            parts[child]["group"] = Found(_name(parts[head]), parts[child]["role"].cell)
        cell = parts[head]["role"].cell
        if cell is not None:
            notes.repairs.append(at(line_of(cell), "group_row", name=_name(parts[head])[:20], count=len(children)))


def _below(parts: list[Row], head: int) -> list[int]:
    """Return the positions of the fewest funds below one that add up to it."""
    for end in range(head + 2, len(parts) + 1):
        children = parts[head + 1 : end]
        if (len(children) > 1 or _marked(children[0])) and _sums_to(parts[head], children):
            return list(range(head + 1, end))
    return []


def _sums_to(whole: Row, parts: list[Row]) -> bool:
    """True when budget and executed, and what else is filled, are sums of the parts' within half of the last digit of each."""
    known = False
    for role in _MONEY:
        stated = whole[role].value if role in whole else None
        if any(part[role].unread for part in parts if role in part):
            return False
        if not isinstance(stated, Decimal):
            continue
        amounts = [amount for part in parts if role in part and isinstance(amount := part[role].value, Decimal)]
        last = max(_digits(amount) for amount in (stated, *amounts))
        if not amounts or abs(sum(amounts) - stated) * 2 > (len(amounts) + 1) * Decimal(1).scaleb(-last):
            return False
        known = known or (role != "initial" and stated > 0)
    return known


def _digits(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _marked(row: Row) -> bool:
    cell = row["role"].cell
    return cell is not None and plain(cell.text).startswith(_OF_WHICH)


def _name(row: Row) -> str:
    return str(row["label"].value) if "label" in row else ""

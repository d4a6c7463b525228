"""How sure a form was recognised, and what shows that a part of it is missing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from checker.layouts.messages import say
from checker.layouts.places import Notes, Row, lacks, where
from checker.layouts.segments import Segment
from checker.model import Place


def doubts(
    head: Row, budget: list[Row], indicators: list[Row], roles: frozenset[str], absent: tuple[str, ...], known: bool, exact: bool, notes: Notes
) -> list[str]:
    """Return why recognition is weak, in words; what is missing is also told as unread."""
    found: list[str] = []
    if "title" not in head:
        found.append(say("untitled"))
    if not known and not exact:
        found.append(say("unknown_family"))
    elif not exact:
        found.append(say("inexact"))
    if not indicators:
        headed = any(role.startswith("indicators.") for role in roles)
        found.append(say("nothing_filled" if headed else "without_indicators"))
        notes.unread.append(say("unfilled_indicators" if headed else "no_indicators"))
    if not budget:
        found.append(say("without_budget"))
        notes.unread.append(say("no_budget"))
    if indicators and "scores" not in absent:
        found += _totals(head, budget, indicators, absent, notes)
    read = [row[name] for row in (*budget, *indicators) for name in row.keys() & _NUMBERS]
    unread = [value for value in read if value.unread and value.value is None and not value.shared]
    if len(unread) * 5 > len(read):
        found.append(say("many_unread", all=len(read), unread=len(unread)))
    return found


def unplaced(segments: Iterable[Segment], places: Iterable[Place], notes: Notes) -> list[str]:
    """Return that cells cannot be read where no field stands (a title, a label, a stamp): nobody knows what they say. Each is told as unread."""
    told = {place.locator for place in places if place.unread}
    lost = {cell.locator: cell.unread for segment in segments for cell in segment.cells() if cell.unread and cell.locator not in told}
    notes.unread += [say("at", at=where(locator), what=reason) for locator, reason in lost.items()]
    return [say("unplaced", many=len(lost), at="、".join(map(where, list(lost)[:5])) + "…" * (len(lost) > 5))] if lost else []


_NUMBERS = frozenset({"initial", "budget", "executed", "rate", "weight", "score"})


def _totals(head: Row, budget: list[Row], indicators: list[Row], absent: tuple[str, ...], notes: Notes) -> list[str]:
    if not lacks(head, "total_score"):
        return []
    weights = [row["weight"].value for row in (*budget, *indicators) if "weight" in row and "part_of" not in row]
    added = sum((value for value in weights if isinstance(value, Decimal)), Decimal(0))
    if "weights" not in absent and added == 100:
        return []
    notes.unread.append(say("no_total", added=added) if "weights" not in absent else say("no_total_unweighted"))
    return [say("without_total")]

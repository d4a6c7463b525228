"""Findings in reading order, numbered, with anchors that survive a re-run."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from checker.model import Finding, Outcome
from checker.render.places import place_key, primary
from checker.render.tally import counts

STATUSES = ("fault", "error", "warning", "note", "review", "open")
"""How a finding is marked: a fault of the engine, a failure by its severity, for a person to decide, or undecided."""

_SPECIAL = {Outcome.ERROR: "fault", Outcome.OPEN: "open", Outcome.REVIEW: "review"}


class Item(Struct, frozen=True):
    """One finding as printed: its number on the page, its anchor, its status."""

    number: int
    anchor: str
    status: str
    finding: Finding
    accepted: bool


class Group(Struct, frozen=True):
    """The findings of one rule with one status."""

    rule: str
    title: str
    status: str
    items: tuple[Item, ...]
    accepted: bool

    @property
    def first(self) -> Finding:
        """The finding that stands for the group's basis and advice."""
        return self.items[0].finding

    @property
    def message(self) -> str | None:
        """The message when several findings share it and each has arithmetic of its own, so that it is said once."""
        messages = {item.finding.message for item in self.items}
        shared = len(self.items) > 1 and len(messages) == 1 and all(item.finding.arithmetic for item in self.items)
        return messages.pop() if shared else None


def status(finding: Finding) -> str:
    """Return the status of a finding, one of STATUSES."""
    return _SPECIAL.get(finding.kind, finding.severity.value)


def _place(finding: Finding) -> tuple[int, int, str, int, int]:
    at = primary(finding)
    if not at:
        return (0, 0, "", 0, 0)
    first, where = at[0], at[0].locator
    table = ("forms", "budget_lines", "indicator_groups", "indicators").index(first.table) if first.table in ("forms", "budget_lines", "indicator_groups", "indicators") else 9
    return (where.page or 0, where.line or 0, where.sheet or "", table, first.row)


def arranged(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Group findings by rule: severity first, then rule, then place; accepted ones (waived, baseline) come last.

    An anchor is RULE-PLACE (`DED-001-L39`); a second finding at the same place adds its field, a
    third a count. Anchors depend on rule and place only, so a link survives a re-run.
    """
    ordered = sorted(findings, key=lambda f: (not counts(f), STATUSES.index(status(f)), f.rule, _place(f), f.fingerprint))
    used: set[str] = set()
    groups: list[Group] = []
    pending: list[Item] = []

    def close() -> None:
        if pending:
            first = pending[0]
            groups.append(Group(first.finding.rule, first.finding.title, first.status, tuple(pending), first.accepted))
            pending.clear()

    for number, finding in enumerate(ordered, 1):
        item = Item(number, _anchor(finding, used), status(finding), finding, not counts(finding))
        if pending and (pending[0].finding.rule, pending[0].status, pending[0].accepted) != (finding.rule, item.status, item.accepted):
            close()
        pending.append(item)
    close()
    return tuple(groups)


def _anchor(finding: Finding, used: set[str]) -> str:
    at = primary(finding)
    base = f"{finding.rule}-{place_key(at[0])}" if at else finding.rule
    if len(at) > 1:
        base = f"{finding.rule}-{at[0].table}-{at[0].field}" if at[0].field else f"{finding.rule}-{at[0].table}"
    anchor = base
    if anchor in used and at and at[0].field:
        anchor = base = f"{base}-{at[0].field}"
    count = 2
    while anchor in used:
        anchor, count = f"{base}-{count}", count + 1
    used.add(anchor)
    return anchor

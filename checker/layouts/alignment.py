"""The best order-keeping ways to put the cells of a moved row under titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.layouts.cells import blank, plain
from checker.layouts.indicators import known_level
from checker.layouts.numbers import looks_numeric

TEXT_ROLES = frozenset({"level1", "level2", "name"})
NUMBER_ROLES = frozenset({"level1_weight", "level2_weight", "weight", "score"})
OTHER = "other:"
"""Begins the name of a column that is not read: it keeps the cells that stand in it."""

NEVER = -1_000
_VALUE = re.compile(r"^(?:[≥≤≧≦><=]|\d[\d.,]*(?:%|‰|[^\d\s、.]{0,3}$)|(?:已|基本)?(?:达成|完成)(?:预期)?(?:指标|目标)?$|(?:及时|有效|良好|明显|显著)$)")


@dataclass(frozen=True, slots=True)
class Token:
    """A filled cell of a row: its column as found and its text."""

    column: int
    text: str


def fits(tokens: list[Token], order: list[str], at: dict[str, int]) -> bool:
    """True when every cell stands under a title that suits it and the row's name is not missing."""
    role_at = {at[role]: role for role in order}
    texts: set[str] = set()
    anchored = False
    for token in tokens:
        role = role_at.get(token.column)
        if role is None:
            return False
        number = looks_numeric(token.text)
        if role.startswith(OTHER):
            anchored = True
            continue
        if role in NUMBER_ROLES and not number and not blank(token.text):
            return False
        if role in TEXT_ROLES and number:
            return False
        if role == "name" and known_level(token.text, "level1_words"):
            return False
        if role == "level1" and known_level(token.text, "level2_words") and not known_level(token.text, "level1_words"):
            return False
        if role in TEXT_ROLES and value_like(token.text):
            return False
        if not number and not blank(token.text):
            texts.add(role)
    return anchored or len(tokens) == 1 or "name" in texts or texts <= {"level1", "level2", "reason"}


def value_like(text: str) -> bool:
    """True for a text that is a target or a result rather than a name: ≥95%, 100%(3133人), 达成指标."""
    return _VALUE.match(plain(text)) is not None


def _suits(role: str, token: Token, before: str | None) -> float:
    if role.startswith(OTHER):
        return 1.5 if role == f"{OTHER}{token.column}" else NEVER
    number = looks_numeric(token.text)
    if role == "level1":
        return 6 if known_level(token.text, "level1_words") else NEVER if number else -3
    if role == "level2":
        return 5 if known_level(token.text, "level2_words") else NEVER if number else -2
    if role == "level1_weight":
        return 2 if number and before == "level1" else NEVER
    if role == "level2_weight":
        return 2 if number and before == "level2" else NEVER
    if role in ("weight", "score"):
        return 4 if number else 0 if blank(token.text) else NEVER
    if role == "name":
        if number or value_like(token.text):
            return -4 if number else 0
        return 1 if known_level(token.text, "level2_words") else 3
    if role == "reason":
        return -3 if number else 1.5
    return 0.5 if number else 2


@dataclass(frozen=True, slots=True)
class _Way:
    value: float
    roles: tuple[str, ...]


def best_ways(tokens: list[Token], order: list[str], at: dict[str, int]) -> list[list[str]]:
    """Return the best assignment of roles to the cells in order, and others as good as it (at most 4).

    A way gains where neighbours keep the distance of their titles: an export moves stretches of a
    row, it does not shuffle cells. Work is bounded by cells × titles² × 4.
    """
    if not tokens or len(tokens) > len(order):
        return []
    ways: dict[int, list[_Way]] = {}
    for n, role in enumerate(order):
        value = _suits(role, tokens[0], None)
        if value > NEVER:
            ways[n] = [_Way(value + (0.1 if tokens[0].column == at[role] else 0), (role,))]
    for i, token in enumerate(tokens[1:], 1):
        further: dict[int, list[_Way]] = {}
        for n, role in enumerate(order):
            found = []
            for m, before in ways.items():
                if m >= n:
                    continue
                value = _suits(role, token, order[m])
                if value <= NEVER:
                    continue
                kept = at[role] - at[order[m]] == token.column - tokens[i - 1].column
                gain = value + (1.0 if kept else 0.0) + (0.1 if token.column == at[role] else 0)
                found += [_Way(way.value + gain, (*way.roles, role)) for way in before]
            if found:
                further[n] = sorted(found, key=lambda way: -way.value)[:4]
        ways = further
    final = sorted((way for found in ways.values() for way in found), key=lambda way: -way.value)
    if not final:
        return []
    return [list(way.roles) for way in final[:4] if final[0].value - way.value < 0.05]

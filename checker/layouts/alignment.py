"""The best order-keeping ways to put the cells of a moved row under titles."""

from __future__ import annotations

from msgspec import Struct

from checker.late import late
from checker.layouts.cells import blank, plain
from checker.layouts.levels import known_level
from checker.layouts.numbers import looks_numeric

TEXT_ROLES = frozenset({"level1", "level2", "name"})
NUMBER_ROLES = frozenset({"level1_weight", "level2_weight", "weight", "score"})
OTHER = "other:"
"""Begins the name of a column that is not read: it keeps the cells that stand in it."""

NEVER = -1_000
_VALUE = late(r"^(?:[≥≤≧≦><=═≈±]|(?:不低于|不少于|不超过|不高于|至少|大于|小于|等于|超过|低于|达到)\d|\d[\d.,]*(?:%|‰|[^\d\s、.]{0,3}$)|(?:已|基本)?(?:达成|完成)(?:预期)?(?:指标|目标)?$|(?:及时|有效|良好|明显|显著)$)")
_STATUS = late(r"^(?:已|基本|全部|部分|未)?(?:达成|完成)(?:预期|年度)?(?:指标|目标)?(?:100%)?$")
_POINTS = late(r"^\d{1,3}(?:\.\d{1,2})?[%分]$")
SHORT = 8
"""A single text of at most so many characters may be a level's label as well as a name."""


class Token(Struct, frozen=True):
    """A filled cell of a row: its column as found and its text."""

    column: int
    text: str


def fits(tokens: list[Token], order: list[str], at: dict[str, int]) -> bool:
    """True when every cell stands under a title that suits it and the row's name is not missing.

    A row with a cell under every title has not moved: words in the place of its points (约三十九分) are unread there. Nor has one that
    lacks no more than its level 1 and its reason: its level 2 may be called as others call level 1 (满意度); nor one that lacks its reason only:
    its level 1 may be called as others call level 2 (满意度指标 over 社会公众).
    """
    role_at = {at[role]: role for role in order}
    roles = [role_at.get(token.column) for token in tokens]
    strange = [role for role, token in zip(roles, tokens, strict=True) if role is None or not _stands(role, token, tokens, at)]
    if strange and not (set(strange) <= {"weight", "score"} and len(tokens) == len(order)):
        lacking = {role for role in order if role not in roles and not role.startswith(OTHER)}
        return (strange == ["level2"] and lacking <= {"level1", "reason"}) or (strange == ["level1"] and lacking <= {"reason"})
    numbers = [role for role, token in zip(roles, tokens, strict=True) if looks_numeric(token.text)]
    if len(numbers) > 1 and {"weight", "score"} <= set(order) and not set(numbers) & {"weight", "score"}:
        return False
    if "actual" in order and any(
        role == "target" and _STATUS.match(plain(token.text)) for role, token in zip(roles, tokens, strict=True)
    ):
        return False
    texts = {role for role, token in zip(roles, tokens, strict=True) if not looks_numeric(token.text) and not blank(token.text)}
    if any(str(role).startswith(OTHER) for role in texts) or "name" in texts:
        return True
    unknown = [token for role, token in zip(roles, tokens, strict=True) if role == "level1" and not _known(token.text)]
    if len(tokens) == 1:
        return not texts & {"level1", "level2"} or _known(tokens[0].text)
    return texts <= {"level1", "level2", "reason"} and not (unknown and texts == {"level1"})


def _stands(role: str, token: Token, tokens: list[Token], at: dict[str, int]) -> bool:
    """True when a cell may stand under a title, seen with the other cells of its row."""
    if role.startswith(OTHER):
        return True
    number = looks_numeric(token.text)
    if role in NUMBER_ROLES:
        return number or blank(token.text) or _POINTS.match(plain(token.text)) is not None
    one, two = known_level(token.text, "level1_words"), known_level(token.text, "level2_words")
    if role in TEXT_ROLES:
        if number or value_like(token.text):
            return False
        if role == "level1":
            return _stands_as_level1(token, tokens, at)
        if role == "level2":
            return two or not one
        beside = next((other for other in tokens if other.column == at.get("level2")), None)
        return not (one or two) or (beside is not None and known_level(beside.text, "level2_words"))
    return not (one or two)


def value_like(text: str) -> bool:
    """True for a text that is a target or a result rather than a name: ≥95%, 100%(3133人), 达成指标."""
    return _VALUE.match(plain(text)) is not None


def _known(text: str) -> bool:
    return known_level(text, "level1_words") or known_level(text, "level2_words")


def _stands_as_level1(token: Token, tokens: list[Token], at: dict[str, int]) -> bool:
    """False for a level-2 label under level 1: 成本指标 is level 1 only with a level 2 beside it."""
    if not known_level(token.text, "level2_words"):
        return True
    beside = next((other for other in tokens if other.column == at.get("level2")), None)
    if "level2" not in at:
        return known_level(token.text, "level1_words")
    return known_level(token.text, "level1_words") and beside is not None and known_level(beside.text, "level2_words")


def _suits(role: str, token: Token, before: str | None) -> float:
    if role.startswith(OTHER):
        return 1.5 if role == f"{OTHER}{token.column}" else -2
    number = looks_numeric(token.text)
    if role == "level1":
        if known_level(token.text, "level1_words"):
            return 3 if known_level(token.text, "level2_words") else 6
        return NEVER if number else -3
    if role == "level2":
        return 5 if known_level(token.text, "level2_words") else NEVER if number else -2
    if role == "level1_weight":
        return 2 if number and before == "level1" else NEVER
    if role == "level2_weight":
        return 2 if number and before == "level2" else NEVER
    if role in ("weight", "score"):
        return 4 if number or plain(token.text).removesuffix("分").isdigit() else 0 if blank(token.text) else NEVER
    if role == "name":
        if number or value_like(token.text):
            return -4 if number else 0
        return 1 if known_level(token.text, "level2_words") else 3
    if role == "reason":
        return NEVER if number else 1.5
    return 0.5 if number else 2


class _Way(Struct, frozen=True):
    value: float
    roles: tuple[str, ...]


def overflow_doubts(tokens: list[Token], way: list[str], order: list[str], at: dict[str, int], width: int) -> set[int]:
    """Return the cells of a row pushed over its end that would stand elsewhere had the row moved as a whole."""
    shift = tokens[0].column - at[way[0]]
    if shift <= 0 or tokens[-1].column < width - 1:
        return set()
    role_at = {at[role]: role for role in order}
    whole = [role_at.get(token.column - shift) for token in tokens]
    before = [None, *whole]
    if any(role is None or _suits(role, token, before[n]) < 0 for n, (role, token) in enumerate(zip(whole, tokens, strict=True))):
        return set()
    return {n for n, (one, other) in enumerate(zip(whole, way, strict=True)) if one != other}


def label_or_name(tokens: list[Token], way: list[str]) -> set[int]:
    """Return the one short text of a moved row that may be an unusual level label as well as a name."""
    texts = [n for n, token in enumerate(tokens) if not looks_numeric(token.text) and not blank(token.text)]
    if len(texts) != 1 or way[texts[0]] not in ("name", "level2") or len(tokens) == 1:
        return set()
    text = plain(tokens[texts[0]].text)
    return set(texts) if len(text) <= SHORT and not _known(text) and not text.startswith("指标") else set()


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

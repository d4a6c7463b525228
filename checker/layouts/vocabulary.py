"""The words of vocabulary.yaml, compiled once: which role a title has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from checker import kept
from checker.layouts.cells import plain, title_key
from checker.remembered import remembered

_DATED = re.compile(r"20\d\d年度?")
_QUOTIENT = re.compile(r"[(（][^()（）]*[/÷][^()（）]*[)）]$")
_BOTH = re.compile("[/、及和与]")
LONGEST = 60
"""Longer texts are no titles."""
_ENDS = ("值", "数", "分")
"""What titles of values end with; those of words (完成情况) may go on from the line above."""
_VALUES = frozenset({"target", "actual", "weight", "score", "initial", "budget", "executed", "rate"})


class Role(Struct, frozen=True):
    """A field and the titles it goes by; those of `quotients` only where brackets say what is divided: 预算执行（E/C×100%）."""

    name: str
    titles: frozenset[str]
    contains: tuple[tuple[str, ...], ...]
    excluded: tuple[str, ...]
    quotients: frozenset[str]


class Match(Struct, frozen=True):
    """The role of a title; `exact` is false when only words of it were known."""

    role: str
    exact: bool


def _roles(table: Mapping[str, Any]) -> tuple[Role, ...]:
    return tuple(
        Role(
            name,
            frozenset(title_key(title) for title in entry.get("titles", ())),
            tuple(tuple(words) for words in entry.get("contains", ())),
            tuple(entry.get("not", ())),
            frozenset(title_key(title) for title in entry.get("quotients", ())),
        )
        for name, entry in table.items()
    )


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = kept.words(Path(__file__).with_name("vocabulary.yaml"))
    return data


@cache
def roles(table: str) -> tuple[Role, ...]:
    """Return the roles of one table of the vocabulary, in order."""
    return _roles(_data()[table])


@cache
def _exact(table: str) -> Mapping[str, Match]:
    """Return the role of each known title; the first role that has a title keeps it."""
    return {title: Match(role.name, True) for role in reversed(roles(table)) for title in role.titles}


@cache
def _divided(table: str) -> Mapping[str, Match]:
    return {title: Match(role.name, True) for role in roles(table) for title in role.quotients}


@cache
def _any_word(table: str) -> re.Pattern[str]:
    """Return what finds the first word of any group of words: without one of them no role is meant."""
    firsts = {group[0] for role in roles(table) for group in role.contains}
    return re.compile("|".join(map(re.escape, sorted(firsts))) or "(?!)")


@cache
def _known_titles(tables: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    return frozenset[str]().union(*map(_exact, tables)), re.compile("|".join([_DATED.pattern, *(_any_word(table).pattern for table in tables)]))


def has_role(tables: tuple[str, ...], text: str) -> bool:
    """Say whether a title has a role in any of some tables."""
    exact, words_of = _known_titles(tables)
    key = title_key(text)
    # Most cells hold neither a title nor a word of one: that is seen before the tables are asked one by one.
    return (key in exact or words_of.search(key) is not None) and any(match(table, text) is not None for table in tables)


@cache
def words(table: str, key: str | None = None) -> frozenset[str]:
    """Return a list of the vocabulary as comparable titles."""
    data = _data()[table]
    return frozenset(title_key(word) for word in (data if key is None else data[key]))


@cache
def pattern(table: str) -> re.Pattern[str]:
    """Return a list of regular expressions of the vocabulary as one that fits where any of them does."""
    return re.compile("|".join(f"(?:{word})" for word in _data()[table]))


@cache
def starts(table: str) -> tuple[str, ...]:
    """Return a list of the vocabulary as beginnings of texts (NFKC, no white space)."""
    return tuple(dict.fromkeys(plain(word) for word in _data()[table]))


@cache
def ends(table: str) -> tuple[str, ...]:
    """Return a list of the vocabulary as endings of comparable titles."""
    return tuple(words(table))


def year_in(text: str) -> int:
    """Return the year that a title names, 0 when it names none."""
    found = _DATED.search(plain(text))
    return int(found.group()[:4]) if found else 0


def match(table: str, text: str) -> Match | None:
    """Return the role a title has in a table of the vocabulary, None when it is not known."""
    return matcher(table)(text)


@cache
def matcher(table: str) -> Callable[[str], Match | None]:
    """Return `match` for one table of the vocabulary: for loops over many cells."""
    return remembered(partial(_match, table))


def _match(table: str, text: str) -> Match | None:
    if len(text) > LONGEST or lined(text):
        return None
    key = title_key(text)
    divided = _divided(table).get(key)
    return divided if divided is not None and _QUOTIENT.search(plain(text)) else _match_key(table, key)


def exact_role(table: str, text: str) -> str | None:
    """Return the role of a title that is known as a whole, None for any other: `match` where words of a title are not enough."""
    found = _exact(table).get(title_key(text)) if len(text) <= LONGEST else None
    return found.role if found is not None else None


@remembered
def titles_column(text: str) -> bool:
    """True for the title of a column of an indicator table or of a budget, read or not."""
    return len(text) <= LONGEST and title_key(text) in _known_titles(("indicator_columns", "budget_columns"))[0]


@remembered
def titles_values(text: str) -> bool:
    """True for the title of a column of an indicator table that is read."""
    return exact_role("indicator_columns", text) not in (None, "ignore")


def halves(table: str, text: str) -> frozenset[str]:
    """Return the roles of a title that names several columns at once (目标值/实际值, 分值/得分), none for any other."""
    return _halver(table)(text)


@cache
def _halver(table: str) -> Callable[[str], frozenset[str]]:
    return remembered(partial(_halves_in, table))


def _halves_in(table: str, text: str) -> frozenset[str]:
    return frozenset(role for title in lined(text) if (role := exact_role(table, title)) is not None) or _halves(table, title_key(text))


def lined(text: str) -> tuple[str, ...]:
    """Return the two titles of values that stand in a cell one below the other (年度指标值⏎实际完成值), none for one title over two lines (目标⏎完成情况)."""
    if "\n" not in text or len(text) > LONGEST:
        return ()
    lines = [line for line in text.splitlines() if line.strip()]
    roles = {exact_role("indicator_columns", line) for line in lines}
    return tuple(lines) if len(lines) == len(roles) == 2 and _VALUES.issuperset(roles) and all(title_key(line).endswith(_ENDS) for line in lines) else ()


def _halves(table: str, key: str) -> frozenset[str]:
    known = _parts(table, key)
    return known if len(known & _VALUES) > 1 else frozenset()


def _parts(table: str, key: str) -> frozenset[str]:
    parts = _BOTH.split(key)
    if len(parts) == 1 and key.endswith(_ENDS) and key not in _exact(table):
        # On a page the end of a line is lost: 年度指标值实际完成值.
        parts = next(([key[:at], key[at:]] for at in range(2, len(key) - 1) if key[:at].endswith(_ENDS) and {key[:at], key[at:]} <= _exact(table).keys()), parts)
    return frozenset(exact.role for part in parts if (exact := _exact(table).get(part)) is not None)


def result_with_reason(text: str) -> bool:
    """True for a title of the result that takes its reasons in (完成情况及偏差原因)."""
    return {"actual", "reason"} <= _parts("indicator_columns", title_key(text))


def _match_key(table: str, key: str) -> Match | None:
    if not key:
        return None
    exact = _exact(table).get(key)
    if exact is not None:
        return exact
    if len(key) > 24 or _halves(table, key):
        return None
    if _DATED.search(key):
        bare = _DATED.sub("", key)
        found = _match_key(table, bare) if table in ("indicator_columns", "budget_columns") and len(bare) > 1 else None
        return found and Match(found.role, False)
    if _any_word(table).search(key) is None:
        return None
    for role in roles(table):
        if any(word in key for word in role.excluded):
            continue
        if any(all(word in key for word in group) for group in role.contains):
            return Match(role.name, False)
    return None

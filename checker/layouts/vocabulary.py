"""The words of vocabulary.yaml, compiled once: which role a title has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from checker.layouts.cells import plain, title_key

_DATED = re.compile(r"20\d\d年")
"""A title with a year of its own belongs to a table that compares years, not to a form."""


@dataclass(frozen=True, slots=True)
class Role:
    """A field and the titles it goes by."""

    name: str
    titles: frozenset[str]
    contains: tuple[tuple[str, ...], ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
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
        )
        for name, entry in table.items()
    )


@cache
def _data() -> Mapping[str, Any]:
    import yaml

    text = resources.files("checker.layouts").joinpath("vocabulary.yaml").read_text("utf-8")
    data: Mapping[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


@cache
def roles(table: str) -> tuple[Role, ...]:
    """Return the roles of one table of the vocabulary, in order."""
    return _roles(_data()[table])


@cache
def words(table: str, key: str | None = None) -> frozenset[str]:
    """Return a list of the vocabulary as comparable titles."""
    data = _data()[table]
    return frozenset(title_key(word) for word in (data if key is None else data[key]))


@cache
def patterns(table: str) -> tuple[re.Pattern[str], ...]:
    """Return a list of the vocabulary as regular expressions."""
    return tuple(re.compile(word) for word in _data()[table])


@cache
def starts(table: str) -> tuple[str, ...]:
    """Return a list of the vocabulary as beginnings of texts (NFKC, no white space)."""
    return tuple(dict.fromkeys(plain(word) for word in _data()[table]))


def match(table: str, text: str) -> Match | None:
    """Return the role a title has in a table of the vocabulary, None when it is not known."""
    if not text or len(text) > 60:
        return None
    return _match_key(table, title_key(text))


@lru_cache(maxsize=4096)
def _match_key(table: str, key: str) -> Match | None:
    if not key:
        return None
    entries = roles(table)
    for role in entries:
        if key in role.titles:
            return Match(role.name, True)
    if len(key) > 24 or _DATED.search(key):
        return None
    for role in entries:
        if any(word in key for word in role.excluded):
            continue
        if any(all(word in key for word in group) for group in role.contains):
            return Match(role.name, False)
    return None

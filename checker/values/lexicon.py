"""Word lists kept as YAML beside the code; each file is read once, when first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from checker import kept

_FOLDER = Path(__file__).resolve().parent


@cache
def entries(file: str) -> Mapping[str, object]:
    """Return the mapping in `<file>.yaml` of this folder."""
    loaded = kept.words(_FOLDER / f"{file}.yaml")
    if not isinstance(loaded, dict):
        raise TypeError(f"{file}.yaml: a mapping is needed")
    return loaded


@cache
def words(file: str, key: str) -> tuple[str, ...]:
    """Return a flat list of words, longest first, so that the first hit is the longest."""
    listed = entries(file)[key]
    if not isinstance(listed, list):
        raise TypeError(f"{file}.yaml {key}: a list is needed")
    return tuple(sorted((str(word) for word in listed), key=len, reverse=True))


@cache
def classes(file: str, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (class, its words) in the file's order."""
    listed = entries(file)[key]
    if not isinstance(listed, dict):
        raise TypeError(f"{file}.yaml {key}: a mapping is needed")
    return tuple((str(name), tuple(str(word) for word in members)) for name, members in listed.items())


def alternation(listed: Iterable[str]) -> str:
    """Return a regex group of literal words, longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True)) + ")"


@cache
def pattern(file: str, key: str) -> re.Pattern[str]:
    """Return the compiled union of a list of regular expressions."""
    listed = entries(file)[key]
    if not isinstance(listed, list):
        raise TypeError(f"{file}.yaml {key}: a list is needed")
    return re.compile("|".join(f"(?:{part})" for part in listed))


@cache
def word_pattern(file: str, key: str) -> re.Pattern[str]:
    """Return the compiled union of a list of literal words, longest first."""
    return re.compile(alternation(words(file, key)))

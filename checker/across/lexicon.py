"""Words the comparison of forms knows, kept as YAML beside the code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from checker import kept
from checker.values.text import letters


@cache
def _lists() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = kept.words(Path(__file__).with_name("words.yaml"))
    return loaded


@cache
def known(key: str) -> frozenset[str]:
    """Return a list of `words.yaml`, letters and Han characters only."""
    return frozenset(letters(str(word)) for word in _lists()[key])


@cache
def columns() -> Mapping[str, str]:
    """Return every title of a column, letters only and in lower case → the column it names."""
    return {letters(str(title)).lower(): name for name, titles in _lists()["columns"].items() for title in titles}

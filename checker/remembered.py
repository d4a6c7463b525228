"""What is worked out from a text alone, kept while there is room: the same labels, marks and figures stand in many cells and files."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

SHORT = 120
"""Longest text whose answer is kept."""
KEPT = 1 << 15
"""So many answers of a function are kept, a bound on memory."""


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """Return a pure function of one text with its answers to short texts kept; what it raises is not."""
    kept = lru_cache(maxsize=KEPT)(function)

    def answer(text: str) -> T:
        return kept(text) if len(text) <= SHORT else function(text)

    return answer

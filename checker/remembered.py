"""What is worked out from a text or a place alone, kept while there is room: the same labels, marks and figures stand in many cells and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K", bound="str | tuple[int, ...]")
T = TypeVar("T")

SHORT = 120
"""Longest text whose answer is kept where nothing else is said."""
KEPT = 1 << 15
"""So many answers of a function are kept, a bound on memory: then all are forgotten."""


def remembered(function: Callable[[K], T], longest: int = SHORT) -> Callable[[K], T]:
    """Return a pure function of one text or place with its answers to texts up to `longest` kept; what it raises is not."""
    # A dict's own look-up calls no Python for what is there: a form asks for some thousand answers.
    return _Answers(function, longest).__getitem__


class _Answers(dict[K, T]):
    __slots__ = ("function", "longest")

    def __init__(self, function: Callable[[K], T], longest: int) -> None:
        self.function, self.longest = function, longest

    def __missing__(self, text: K) -> T:
        answer = self.function(text)
        if len(text) <= self.longest:
            if len(self) >= KEPT:
                self.clear()
            self[text] = answer
        return answer

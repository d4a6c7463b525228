"""What is worked out from a text alone, kept while there is room: the same labels, marks and figures stand in many cells and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

SHORT = 120
"""Longest text whose answer is kept."""
KEPT = 1 << 15
"""So many answers of a function are kept, a bound on memory; then all are forgotten and asked for anew."""


class _Answers(dict[str, T], Generic[T]):
    """Answers by text; a text that is not among them is asked for. Looking one up takes no call in Python."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[str], T]) -> None:
        self._function = function

    def __missing__(self, text: str) -> T:
        made = self._function(text)
        if len(text) <= SHORT:
            if len(self) >= KEPT:
                self.clear()
            self[text] = made
        return made


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """Return a pure function of one text with its answers to short texts kept; what it raises is not."""
    return _Answers(function).__getitem__

"""Texts of forms as they are compared: letters only, numbers masked; and back to the words as filled."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

from checker.late import late
from checker.values.reason import is_stock, read_reason
from checker.values.text import half_width, letters

LEAST_TEXT = 30
"""Letters below which two texts may be alike by chance."""
LONGEST = 20_000
_NUMBER = late(r"\d+")


@lru_cache(4096)
def masked(text: str) -> str:
    """Return the letters of a text with every number as #: years and amounts change, the words do not."""
    return _NUMBER.sub("#", letters(text[:LONGEST]))


def numbers(text: str) -> list[str]:
    """Return the numbers of a text as written, in order."""
    return _NUMBER.findall(half_width(text))


def original(text: str, start: int, length: int) -> str:
    """Return the words as filled behind a passage of `masked(text)`, marks and numbers between them included."""
    spans: list[list[int]] = []
    in_number = False
    for at, char in enumerate(text[:LONGEST]):
        letter = letters(char)
        if letter:
            if in_number and letter.isdigit():
                spans[-1][1] = at
            else:
                spans.append([at, at])
            in_number = letter.isdigit()
    return text[spans[start][0] : spans[start + length - 1][1] + 1] if length else ""


def reason_words(text: str | None) -> str | None:
    """Return the words of a reason, None when it has none or is only a stock phrase."""
    reason = read_reason(text)
    return reason.text if reason and reason.text and not is_stock(reason.text) else None


def similarity(one: str, other: str) -> Decimal:
    """Return how much of two texts stands in the same order in both, in percent at two decimals, cut off."""
    from rapidfuzz.distance import Indel

    size = len(one) + len(other)
    alike = size - Indel.distance(one, other)
    return (Decimal(100 * alike) / Decimal(size)).quantize(Decimal("0.01"), ROUND_DOWN) if size else Decimal(0)

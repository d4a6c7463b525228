"""Which of many texts share words: a few marks a text (winnowing), an index of marks, then the exact comparison.

A passage of `SURE` letters or more that two texts share always gives them a mark in common, so that no
pair of texts has to be compared that shares none. Time is linear in the letters plus the pairs found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

GRAM = 5
"""Letters of a sequence in the similarity of two texts."""
_MARK = 8
_WINDOW = 12
SURE = _MARK + _WINDOW - 1
"""Letters of a shared passage that cannot be missed."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


class Pair(Struct, frozen=True):
    """Two texts by position, how alike they are in percent, and the longest passage in common: start in the first, length."""

    one: int
    other: int
    similarity: Decimal
    start: int
    passage: int


def marks(text: str) -> dict[int, int]:
    """Return the marks of a text and where each first stands: in every window the least hash of 8 letters."""
    if len(text) < _MARK:
        return {}
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(letters) - _MARK + 1
    hashes: NDArray[np.uint64] = np.zeros(count, dtype=np.uint64)
    for i in range(_MARK):
        hashes = (hashes + letters[i : i + count]) * _FACTOR
        hashes ^= hashes >> _SHIFT
    width = min(_WINDOW, count)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, width)
    chosen = np.unique(windows.argmin(axis=1) + np.arange(len(windows)))
    found: dict[int, int] = {}
    for at, mark in zip(chosen.tolist(), hashes[chosen].tolist(), strict=True):
        found.setdefault(mark, at)
    return found


def alike(texts: Sequence[str], groups: Sequence[str], most: int, may_compare: Callable[[int, int], bool]) -> list[Pair]:
    """Return the pairs of texts that share at least two marks, or all of a short text's.

    `groups` says whose a text is; a mark that more than `most` groups have is text of the template and
    counts for nothing. `may_compare` leaves out pairs that have a reason to be alike.
    """
    marked = [marks(text) for text in texts]
    holders: dict[int, list[int]] = defaultdict(list)
    for i, found in enumerate(marked):
        for mark in found:
            holders[mark].append(i)
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for mark, owners in holders.items():
        if len(owners) > 1 and 1 < len({groups[i] for i in owners}) <= most:
            for a, one in enumerate(owners):
                for other in owners[a + 1 :]:
                    if groups[one] != groups[other]:
                        shared[one, other].append(mark)
    pairs = []
    grams: dict[int, frozenset[str]] = {}
    for (one, other), common in sorted(shared.items()):
        if len(common) >= min(2, len(marked[one]), len(marked[other])) and may_compare(one, other):
            start, length = longest(texts[one], texts[other], [(marked[one][mark], marked[other][mark]) for mark in common])
            for i in (one, other):
                if i not in grams:
                    grams[i] = _grams(texts[i])
            pairs.append(Pair(one, other, jaccard(grams[one], grams[other]), start, length))
    return pairs


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + GRAM] for i in range(max(len(text) - GRAM + 1, 1)))


def jaccard(one: frozenset[str], other: frozenset[str]) -> Decimal:
    """Return what two sets have in common ÷ all, in percent at two decimals, cut off."""
    both = len(one & other)
    return (Decimal(100 * both) / Decimal(len(one) + len(other) - both)).quantize(Decimal("0.01"), ROUND_DOWN)


def longest(one: str, other: str, seeds: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return (start in the first text, length) of the longest passage in common around the seeds."""
    best = (0, 0)
    done: dict[int, int] = {}
    for a, b in sorted(seeds):
        if done.get(a - b, -1) >= a:
            continue
        start, end = a, a
        while start > 0 and start - a + b > 0 and one[start - 1] == other[start - a + b - 1]:
            start -= 1
        while end < len(one) and end - a + b < len(other) and one[end] == other[end - a + b]:
            end += 1
        done[a - b] = end - 1
        best = max(best, (start, end - start), key=lambda found: (found[1], -found[0]))
    return best

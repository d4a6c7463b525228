"""How alike two texts are: the share of letters in their longest common subsequence."""

from __future__ import annotations

SHORT = 1_000
"""Letters up to which one pass over the bits of a whole number is done before rapidfuzz would be loaded."""


def likeness(one: str, two: str) -> float:
    """Return 0 to 100, as rapidfuzz's `ratio` of the two texts: 100 when they are equal, 0 when they share no letter."""
    if len(one) > SHORT or len(two) > SHORT:
        from rapidfuzz.fuzz import ratio

        return ratio(one, two)
    whole = len(one) + len(two)
    # The steps of rapidfuzz, so that both round alike.
    return (1.0 - (whole - 2 * common(one, two)) / whole) * 100 if whole else 100.0


def common(one: str, two: str) -> int:
    """Return the length of the longest common subsequence (Hyyrö's bits: a 0 for each letter of `one` in it)."""
    places: dict[str, int] = {}
    for at, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << at
    full = left = (1 << len(one)) - 1
    for letter in two:
        hit = left & places.get(letter, 0)
        left = ((left + hit) | (left - hit)) & full
    return len(one) - left.bit_count()

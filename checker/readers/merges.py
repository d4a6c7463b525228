"""Merged areas of a sheet: which are sound, and which cells they cover."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0, both ends inside."""


def settled(areas: Iterable[Area], last_row: int, last_column: int) -> tuple[list[Area], list[Area]]:
    """Returns sound areas, cut to the used part of the sheet, and the bad ones.

    Bad is an area that overlaps one beginning before it, or whose corners are reversed. Areas of
    one cell and areas outside the used part are dropped in silence. Works in n log n.
    """
    sound: list[Area] = []
    bad: list[Area] = []
    active: list[tuple[int, int, int]] = []
    current = -1
    for area in sorted(areas):
        top, left, bottom, right = area
        if top > bottom or left > right or top < 0 or left < 0:
            bad.append(area)
            continue
        bottom, right = min(bottom, last_row), min(right, last_column)
        if top > last_row or left > last_column or (top, left) == (bottom, right):
            continue
        if top != current:
            current = top
            active = [item for item in active if item[2] >= top]
        at = bisect_right(active, (left, right, bottom))
        if any(item[0] <= right and item[1] >= left for item in active[max(0, at - 1) : at + 1]):
            bad.append(area)
            continue
        insort(active, (left, right, bottom))
        sound.append((top, left, bottom, right))
    return sound, bad


def covered(
    places: Iterable[tuple[int, int]], sound: Collection[Area]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Returns those places, given in reading order, that lie in a sound area but not at its corner, with that corner."""
    hidden: dict[tuple[int, int], tuple[int, int]] = {}
    if not sound:
        return hidden
    waiting = sorted(sound, reverse=True)
    active: list[tuple[int, int, int, int]] = []
    current = -1
    for row, column in places:
        if row != current:
            current = row
            active = [item for item in active if item[2] >= row]
            while waiting and waiting[-1][0] <= row:
                top, left, bottom, right = waiting.pop()
                if bottom >= row:
                    insort(active, (left, right, bottom, top))
        at = bisect_right(active, (column, 1 << 40, 0, 0)) - 1
        if at >= 0:
            left, right, _, top = active[at]
            if left <= column <= right and (row, column) != (top, left):
                hidden[row, column] = (top, left)
    return hidden

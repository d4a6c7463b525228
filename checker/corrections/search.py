"""The smallest sets of cells whose change makes every equation of a form hold again (Fellegi–Holt).

A hitting-set search: each broken equation must lose at least one of its cells to the set; when the
equations around the set cannot all hold, it grows by a cell next to it. Sizes are tried in order,
so the first size with an answer is the smallest; all answers of that size are listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct, field

from checker.corrections.equations import Equation, bounds_of, cells_of
from checker.corrections.system import Bound, Cell, Interval, TooLarge, holds, interval, settle

MAX_SIZE = 3
MAX_STEPS = 6_000
MAX_SETS = 60
LINK = 3
"""Cells of an equation that links what is broken on both its sides."""


class Repair(Struct, frozen=True):
    """One smallest set: for each of its cells the interval of values that fit."""

    cells: tuple[Cell, ...]
    values: Mapping[Cell, Interval]


class Knot(Struct, frozen=True):
    """Broken equations that share cells, and the smallest sets that mend them.

    `capped` is true when sets of the smallest size may be missing from the list, or none was
    found within the caps.
    """

    broken: tuple[Equation, ...]
    repairs: tuple[Repair, ...]
    capped: bool


class Answer(Struct, frozen=True):
    """What the search came to. `missing` are values of empty cells that follow when nothing else changes."""

    knots: tuple[Knot, ...]
    missing: Mapping[Cell, Interval]


class _Search(Struct):
    targets: Sequence[Equation]
    known: Mapping[Cell, Fraction]
    blank: frozenset[Cell]
    touching: Mapping[Cell, Sequence[Equation]]
    size: int = 0
    steps: int = 0
    capped: bool = False
    seen: set[frozenset[Cell]] = field(default_factory=set)
    found: dict[frozenset[Cell], Repair] = field(default_factory=dict)


def smallest(equations: Sequence[Equation], known: Mapping[Cell, Fraction], blank: frozenset[Cell]) -> Answer:
    """Find the smallest corrections, one answer for each knot of broken equations.

    `known` are the values of filled cells; `blank` the cells without one: they are free at no cost.
    """
    touching: dict[Cell, list[Equation]] = {}
    for equation in equations:
        for cell in cells_of(equation):
            touching.setdefault(cell, []).append(equation)
    broken = [e for e in equations if not cells_of(e) & blank and not _holds(e, known)]
    missing = _missing(_Search((), known, blank, touching))
    if missing is None:
        # The empty cells cannot take any value: what is around them is broken too.
        broken += [e for e in equations if cells_of(e) & blank]
        missing = {}
    knots: list[Knot] = []
    for linked in _linked(_knots(broken), equations):
        whole = _mended(_Search(tuple(e for knot in linked for e in knot), known, blank, touching))
        together = len(linked) == 1 or (whole.repairs and not whole.capped)
        knots += [whole] if together else [_mended(_Search(knot, known, blank, touching)) for knot in linked]
    return Answer(tuple(knots), missing)


def _missing(search: _Search) -> dict[Cell, Interval] | None:
    try:
        return _fits(search, frozenset())
    except TooLarge:
        return {}


def _knots(broken: Sequence[Equation]) -> list[tuple[Equation, ...]]:
    knots: list[tuple[frozenset[Cell], tuple[Equation, ...]]] = []
    for equation in broken:
        cells = cells_of(equation)
        near = [knot for knot in knots if knot[0] & cells]
        merged: tuple[Equation, ...] = (equation,)
        for knot_cells, members in near:
            cells, merged = cells | knot_cells, (*members, *merged)
        knots = [*(knot for knot in knots if knot not in near), (cells, merged)]
    return [members for _, members in knots]


def _linked(knots: Sequence[tuple[Equation, ...]], equations: Sequence[Equation]) -> list[list[tuple[Equation, ...]]]:
    """Put knots together that an equation of few cells links (a budget and what was executed of it): mended each by itself they might break it."""
    small = [cells for e in equations if len(cells := cells_of(e)) <= LINK]
    groups: list[tuple[frozenset[Cell], list[tuple[Equation, ...]]]] = []
    for knot in knots:
        cells, members = _cells(knot), [knot]
        reach = cells.union(*(link for link in small if link & cells))
        near = [group for group in groups if group[0] & reach]
        groups = [group for group in groups if group not in near]
        groups.append((cells.union(*(group[0] for group in near)), [*(knot for group in near for knot in group[1]), *members]))
    return [members for _, members in groups]


def _mended(search: _Search) -> Knot:
    for size in range(1, MAX_SIZE + 1):
        search.size = size
        search.seen.clear()
        _grow(search, frozenset())
        if search.found or search.capped:
            break
    minimal = [repair for cells, repair in search.found.items() if not any(other < cells for other in search.found)]
    return Knot(tuple(search.targets), tuple(minimal[:MAX_SETS]), search.capped or not minimal or len(minimal) > MAX_SETS)


def _holds(equation: Equation, known: Mapping[Cell, Fraction]) -> bool:
    bounds = bounds_of(equation, frozenset(), known)
    return bounds is None or all(holds(b) for b in settle(bounds, known, frozenset()))


def _grow(search: _Search, chosen: frozenset[Cell]) -> None:
    if chosen in search.seen or search.capped:
        return
    search.seen.add(chosen)
    search.steps += 1
    if search.steps > MAX_STEPS:
        search.capped = True
        return
    free = chosen | search.blank
    unhit = [e for e in search.targets if not cells_of(e) & free and not _holds(e, search.known)]
    if unhit:
        if len(chosen) < search.size:
            for cell in sorted(_fewest(unhit)):
                _grow(search, chosen | {cell})
        return
    try:
        values = _fits(search, chosen)
    except TooLarge:
        search.capped = True
        return
    if values is not None:
        if chosen:
            search.found[chosen] = Repair(tuple(sorted(chosen)), {cell: values[cell] for cell in chosen})
        return
    if len(chosen) < search.size:
        near = {cell for c in (free or _cells(search.targets)) for e in search.touching.get(c, ()) for cell in cells_of(e)} - free
        for cell in sorted(near):
            _grow(search, chosen | {cell})


def _fewest(equations: Sequence[Equation]) -> frozenset[Cell]:
    cells = [cells_of(equation) for equation in equations]
    return next(c for c in cells if len(c) == min(map(len, cells)))


def _cells(equations: Sequence[Equation]) -> frozenset[Cell]:
    return frozenset(cell for equation in equations for cell in cells_of(equation))


def _fits(search: _Search, chosen: frozenset[Cell]) -> dict[Cell, Interval] | None:
    free = chosen | search.blank
    around = {id(e): e for cell in free for e in search.touching.get(cell, ())}
    bounds: list[Bound] = []
    for equation in around.values():
        made = bounds_of(equation, free, search.known)
        if made is not None:
            bounds += settle(made, search.known, free)
    values: dict[Cell, Interval] = {}
    for part in _components(bounds, free):
        mine = [b for b in bounds if not b.terms or set(b.terms) & part]
        for cell in part:
            found = interval(mine, cell, part)
            if found is None:
                return None
            values[cell] = found
    return values


def _components(bounds: Sequence[Bound], free: frozenset[Cell]) -> list[frozenset[Cell]]:
    """Split the free cells into groups that share no constraint."""
    left = set(free)
    parts = []
    while left:
        part = {left.pop()}
        grown = True
        while grown:
            linked = {cell for b in bounds if set(b.terms) & part for cell in b.terms} - part
            part |= linked
            grown = bool(linked)
        left -= part
        parts.append(frozenset(part))
    return parts

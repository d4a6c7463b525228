"""Linear constraints over cells, exact: which values can the free cells take so that all hold?

Fourier–Motzkin elimination over rationals. The systems are small (a handful of free cells, the
constraints that touch them), so exactness costs nothing and no solver's tolerance can lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

Cell = tuple[str, int, str]
"""(table, row from 1, field)."""

MAX_CONSTRAINTS = 400


class Bound(Struct, frozen=True):
    """Σ coefficient × cell + constant ≥ 0, or > 0 when strict."""

    terms: Mapping[Cell, Fraction]
    constant: Fraction
    strict: bool = False


class Interval(Struct, frozen=True):
    """Values one cell can take; None is unbounded, open ends are excluded."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """True when no value fits."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def contains(self, value: Fraction) -> bool:
        """Say whether a value fits."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below


class TooLarge(Exception):
    """The system outgrew its cap; the caller says so instead of guessing."""


def settle(bounds: Iterable[Bound], known: Mapping[Cell, Fraction], free: frozenset[Cell]) -> list[Bound]:
    """Put the known values in; what is left speaks of free cells only."""
    made = []
    for bound in bounds:
        terms = {cell: factor for cell, factor in bound.terms.items() if cell in free}
        constant = bound.constant + sum((factor * known[cell] for cell, factor in bound.terms.items() if cell not in free), Fraction(0))
        made.append(Bound(terms, constant, bound.strict))
    return made


def holds(bound: Bound) -> bool:
    """Say whether a bound without cells is true."""
    return bound.constant > 0 if bound.strict else bound.constant >= 0


def eliminate(bounds: Sequence[Bound], cell: Cell) -> list[Bound] | None:
    """Remove one cell; None when the bounds contradict each other. Raises TooLarge."""
    lower = [b for b in bounds if b.terms.get(cell, 0) > 0]
    upper = [b for b in bounds if b.terms.get(cell, 0) < 0]
    rest = [b for b in bounds if not b.terms.get(cell)]
    if len(lower) * len(upper) + len(rest) > MAX_CONSTRAINTS:
        raise TooLarge
    for low in lower:
        for high in upper:
            rest.append(_combined(low, high, cell))
    kept: dict[tuple[tuple[Cell, Fraction], ...], Bound] = {}
    for bound in rest:
        terms = {c: f for c, f in bound.terms.items() if f}
        if not terms:
            if not holds(bound):
                return None
            continue
        size = max(abs(f) for f in terms.values())
        normal = Bound({c: f / size for c, f in terms.items()}, bound.constant / size, bound.strict)
        key = tuple(sorted(normal.terms.items()))
        other = kept.get(key)
        if other is None or (normal.constant, not normal.strict) < (other.constant, not other.strict):
            kept[key] = normal
    return list(kept.values())


def _combined(low: Bound, high: Bound, cell: Cell) -> Bound:
    a, b = low.terms[cell], -high.terms[cell]
    terms: dict[Cell, Fraction] = {}
    for source, factor in ((low, b), (high, a)):
        for name, value in source.terms.items():
            if name != cell:
                terms[name] = terms.get(name, Fraction(0)) + value * factor
    return Bound(terms, low.constant * b + high.constant * a, low.strict or high.strict)


def interval(bounds: Sequence[Bound], cell: Cell, free: frozenset[Cell]) -> Interval | None:
    """Return the values of one free cell for which the others can be chosen, None when there are none. Raises TooLarge."""
    left: list[Bound] | None = [b for b in bounds if b.terms]
    if any(not b.terms and not holds(b) for b in bounds):
        return None
    for other in sorted(free - {cell}):
        left = eliminate(left, other) if left is not None else None
        if left is None:
            return None
    low: Fraction | None = None
    high: Fraction | None = None
    low_open = high_open = False
    for bound in left or []:
        factor = bound.terms.get(cell, Fraction(0))
        if not factor:
            continue
        edge = -bound.constant / factor
        if factor > 0 and (low is None or edge > low or (edge == low and bound.strict)):
            low, low_open = edge, bound.strict
        elif factor < 0 and (high is None or edge < high or (edge == high and bound.strict)):
            high, high_open = edge, bound.strict
    found = Interval(low, high, low_open, high_open)
    return None if found.empty else found


def on_grid(found: Interval, digits: int, cap: int) -> tuple[Fraction, ...] | None:
    """Return the values with at most `digits` decimals inside an interval, None when they are more than `cap`."""
    if found.low is None or found.high is None:
        return None
    step = Fraction(1, 10**digits)
    first = -(-found.low // step)
    last = found.high // step
    if last - first + 1 > cap + 2:
        return None
    values = tuple(n * step for n in range(int(first), int(last) + 1) if found.contains(n * step))
    return values if len(values) <= cap else None

"""Exact rational arithmetic in Polars: n ÷ d · 10⁻ˢ with integer columns and proved bounds.

Every integer carries a static bound of its absolute value. Where the bound fits 63 bits the column is
Int64, else Int128; a bound beyond 127 bits is a fault of the rule, so that no column can ever wrap.
`d` is positive or null; a null divisor (or a zero one) makes the value null.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import polars as pl
from msgspec import Struct

from checker.language.nodes import LanguageFault

NARROW = 2**63 - 1
WIDE = 2**127 - 1
MAX_COST = 20_000
"""Column operations of one expression, shared parts counted each time."""


class Whole(Struct, frozen=True):
    """An integer column (or constant) and the bound of its absolute value; `cost` counts operations."""

    at: pl.Expr | int
    top: int
    cost: int = 1


class Num(Struct, frozen=True):
    """n ÷ d · 10⁻ˢ; without `d` the divisor is 1."""

    n: Whole
    scale: int = 0
    d: Whole | None = None

    @property
    def cost(self) -> int:
        """Operations in the column expressions."""
        return self.n.cost + (self.d.cost if self.d else 0)

    @property
    def const(self) -> Fraction | None:
        """The value when it is the same in every row."""
        if not isinstance(self.n.at, int) or (self.d is not None and not isinstance(self.d.at, int)):
            return None
        under = self.d.at if self.d is not None and isinstance(self.d.at, int) else 1
        return Fraction(self.n.at, under * 10**self.scale)


def bounded(top: int, cost: int) -> None:
    """Refuse a number beyond 127 bits or an expression that grows without measure."""
    if top > WIDE:
        raise LanguageFault(f"numbers here can reach {len(str(top))} digits, more than 128 bits hold: divide or round in between")
    if cost > MAX_COST:
        raise LanguageFault("too large once it is worked out, split the rule")


def column(x: Whole, wide: bool) -> pl.Expr:
    """Return the column of an integer, as Int128 when `wide`, else Int64."""
    if isinstance(x.at, int):
        return _literal(x.at, wide)
    return x.at.cast(pl.Int128) if wide and x.top <= NARROW else x.at


@lru_cache(4096)
def _literal(value: int, wide: bool) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int128 if wide else pl.Int64)


def natural(x: Whole) -> pl.Expr:
    """Return the column of an integer in the narrowest type its bound allows."""
    return column(x, x.top > NARROW)


def constant(value: Fraction) -> Num:
    """Return a constant; decimals keep a divisor of 1."""
    bounded(abs(value.numerator) * value.denominator, 1)
    for scale in range(21):
        if 10**scale % value.denominator == 0:
            n = value.numerator * (10**scale // value.denominator)
            return Num(Whole(n, abs(n)), scale)
    return Num(Whole(value.numerator, abs(value.numerator)), 0, Whole(value.denominator, value.denominator))


def times(x: Whole, y: Whole) -> Whole:
    """Return x · y."""
    top, cost = x.top * y.top, x.cost + y.cost
    if isinstance(x.at, int) and isinstance(y.at, int):
        return Whole(x.at * y.at, top)
    for one, other in ((x, y), (y, x)):
        if isinstance(one.at, int) and one.at == 1:
            return other
    bounded(top, cost)
    wide = top > NARROW
    return Whole(column(x, wide) * column(y, wide), top, cost + 1)


def plus(x: Whole, y: Whole, sign: int = 1) -> Whole:
    """Return x + y, or x − y for sign −1."""
    top, cost = x.top + y.top, x.cost + y.cost + 1
    if isinstance(x.at, int) and isinstance(y.at, int):
        return Whole(x.at + sign * y.at, top)
    bounded(top, cost)
    wide = top > NARROW
    a, b = column(x, wide), column(y, wide)
    return Whole(a + b if sign > 0 else a - b, top, cost)


def power(x: Whole, exponent: int) -> Whole:
    """Return x · 10ⁿ, n ≥ 0."""
    return times(x, Whole(10**exponent, 10**exponent)) if exponent else x


def over(x: Whole, d: Whole | None) -> Whole:
    """Return x · d, x when d is 1."""
    return times(x, d) if d is not None else x


def sides(a: Num, b: Num) -> tuple[Whole, Whole]:
    """Return integers that compare as a and b do: cross-multiplied, at one scale."""
    scale = max(a.scale, b.scale)
    left, right = power(a.n, scale - a.scale), power(b.n, scale - b.scale)
    if a.d is b.d:
        return left, right
    return over(left, b.d), over(right, a.d)


def compare(name: str, a: Num, b: Num) -> tuple[pl.Expr, int]:
    """Return (a name b as Boolean column, null when either is null; cost)."""
    x, y = sides(a, b)
    wide = max(x.top, y.top) > NARROW
    left, right = column(x, wide), column(y, wide)
    made = {
        "eq": pl.Expr.__eq__, "ne": pl.Expr.__ne__, "lt": pl.Expr.__lt__,
        "le": pl.Expr.__le__, "gt": pl.Expr.__gt__, "ge": pl.Expr.__ge__,
    }[name](left, right)  # fmt: skip
    if a.d is b.d and a.d is not None and not isinstance(a.d.at, int):
        made = pl.when(a.d.at.is_not_null()).then(made)
    return made, x.cost + y.cost + 1


def add(a: Num, b: Num, sign: int = 1) -> Num:
    """Return a + b, or a − b for sign −1."""
    scale = max(a.scale, b.scale)
    x, y = power(a.n, scale - a.scale), power(b.n, scale - b.scale)
    if a.d is b.d:
        return Num(plus(x, y, sign), scale, a.d)
    d = b.d if a.d is None else a.d if b.d is None else times(a.d, b.d)
    return Num(plus(over(x, b.d), over(y, a.d), sign), scale, d)


def multiply(a: Num, b: Num) -> Num:
    """Return a · b."""
    d = b.d if a.d is None else a.d if b.d is None else times(a.d, b.d)
    return Num(times(a.n, b.n), a.scale + b.scale, d)


def divide(a: Num, b: Num) -> Num:
    """Return a ÷ b, null where b is zero; a constant zero is a fault."""
    fixed = b.const
    if fixed is not None:
        if fixed == 0:
            raise LanguageFault("division by zero")
        return multiply(a, constant(1 / fixed))
    n = over(a.n, b.d)
    under = natural(b.n)
    n = times(n, Whole(under.sign(), 1, b.n.cost + 1))
    d = Whole(pl.when(under != 0).then(under.abs()), b.n.top, 2 * b.n.cost + 2)
    if a.d is not None:
        d = times(a.d, d)
    scale = a.scale - b.scale
    return Num(power(n, -scale), 0, d) if scale < 0 else Num(n, scale, d)


def negate(a: Num) -> Num:
    """Return −a."""
    return Num(times(Whole(-1, 1), a.n), a.scale, a.d)


def absolute(a: Num) -> Num:
    """Return |a|."""
    n = Whole(abs(a.n.at), a.n.top) if isinstance(a.n.at, int) else Whole(a.n.at.abs(), a.n.top, a.n.cost + 1)
    return Num(n, a.scale, a.d)


def hundredfold(a: Num) -> Num:
    """Return a · 100."""
    return Num(a.n, a.scale - 2, a.d) if a.scale >= 2 else Num(power(a.n, 2 - a.scale), 0, a.d)


def present(a: Num) -> pl.Expr:
    """Return whether the value is known."""
    n = natural(a.n).is_not_null()
    return n if a.d is None or isinstance(a.d.at, int) else n & a.d.at.is_not_null()


def choose(test: pl.Expr, cost: int, yes: Num, no: Num) -> Num:
    """Return yes where the test is true, no where it is not; the test must not be null."""
    scale = max(yes.scale, no.scale)
    n = _pick(test, cost, power(yes.n, scale - yes.scale), power(no.n, scale - no.scale))
    if yes.d is no.d:
        return Num(n, scale, yes.d)
    one = Whole(1, 1)
    return Num(n, scale, _pick(test, cost, yes.d or one, no.d or one))


def _pick(test: pl.Expr, cost: int, yes: Whole, no: Whole) -> Whole:
    top = max(yes.top, no.top)
    total = yes.cost + no.cost + cost + 1
    bounded(top, total)
    wide = top > NARROW
    return Whole(pl.when(test).then(column(yes, wide)).otherwise(column(no, wide)), top, total)


def known(a: Num, test: pl.Expr, cost: int) -> Num:
    """Return a where the test is true, else null."""
    wide = a.n.top > NARROW
    return Num(Whole(pl.when(test).then(column(a.n, wide)), a.n.top, a.n.cost + cost + 1), a.scale, a.d)

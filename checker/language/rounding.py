"""Rounding of exact rationals in integer columns: half up (away from zero), half even (GB/T 8170), truncation."""

from __future__ import annotations

import polars as pl

from checker.fields import SCALE
from checker.language.rational import NARROW, Num, Whole, absolute, bounded, column, natural, over, plus, power, times

MODES = {"round_half_up": "half_up", "round_half_even": "half_even", "truncate": "truncate"}


def step(digits: pl.Expr) -> Whole:
    """Return 10^(SCALE − digits), null when the digits are unknown or more than SCALE."""
    fits = pl.when(digits <= SCALE).then(SCALE - digits.cast(pl.Int64))
    return Whole(pl.lit(10, dtype=pl.Int64).pow(fits), 10**SCALE, 4)


def rounded(a: Num, places: int | pl.Expr, mode: str) -> Num:
    """Return a at `places` decimals (0 to SCALE; a column of printed digits gives a value at SCALE)."""
    if isinstance(places, int) and a.d is None and a.scale <= places:
        return a
    if isinstance(places, int):
        return Num(_whole(power(a.n, max(places - a.scale, 0)), over(Whole(10 ** max(a.scale - places, 0), 10 ** max(a.scale - places, 0)), a.d), mode), places)
    unit = step(places)
    n = power(a.n, max(SCALE - a.scale, 0))
    d = over(times(Whole(10 ** max(a.scale - SCALE, 0), 10 ** max(a.scale - SCALE, 0)), unit), a.d)
    return Num(times(_whole(n, d, mode), unit), SCALE)


def _whole(n: Whole, d: Whole, mode: str) -> Whole:
    """Return n ÷ d as an integer."""
    n, d = _expressions(n, d)
    top = max(2 * n.top + d.top, 2 * d.top)
    cost = 4 * (n.cost + d.cost) + 8
    bounded(top, cost)
    wide = top > NARROW
    x, y = column(n, wide).abs(), column(d, wide)
    sign = column(n, wide).sign()
    if mode == "truncate":
        q = x // y
    elif mode == "half_up":
        q = (x * 2 + y) // (y * 2)
    else:
        down = x // y
        rest = (x - down * y) * 2
        q = down + ((rest > y) | ((rest == y) & (down % 2 == 1))).cast(pl.Int128 if wide else pl.Int64)
    result = sign * q
    bound = n.top + 1
    return Whole(result.cast(pl.Int64) if wide and bound <= NARROW else result, bound, cost)


def _expressions(n: Whole, d: Whole) -> tuple[Whole, Whole]:
    return Whole(natural(n), n.top, n.cost), Whole(natural(d), d.top, d.cost)


def ratio_matches(a: Num, b: Num, stated: Num, digits: pl.Expr) -> tuple[pl.Expr, int]:
    """Return whether the stated percentage is a ÷ b × 100 under one of the three roundings; null when b is 0.

    With x = |a ÷ b| × 100 and one printed unit u, truncation accepts t ≤ x < t + u, half up and half
    even add t − u/2 ≤ x: so t − u/2 ≤ x < t + u, the sign of t being that of a ÷ b.
    """
    x, y, sign, zero = _quotient(a, b)
    return _fits(power(x, 2), y, stated, digits, sign, zero)


def product_matches(a: Num, b: Num, c: Num, stated: Num, digits: pl.Expr) -> tuple[pl.Expr, int]:
    """Return whether stated = a ÷ b × c within 0.01 or under a rounding at its printed digits; null when b is 0."""
    x, y, sign, zero = _quotient(Num(times(a.n, c.n), a.scale + c.scale, _join(a.d, c.d)), b)
    fits, cost = _fits(x, y, stated, digits, sign, zero)
    t = _counts(stated)
    left = times(plus(times(t, y), times(power(x, SCALE), Whole(natural(sign), 1, sign.cost)), -1), Whole(1, 1))
    left = absolute(Num(left)).n
    right = power(y, SCALE - 2)
    wide = max(left.top, right.top) > NARROW
    return fits | (column(left, wide) <= column(right, wide)), cost + left.cost + right.cost


def _join(a: Whole | None, b: Whole | None) -> Whole | None:
    return b if a is None else a if b is None else times(a, b)


def _quotient(a: Num, b: Num) -> tuple[Whole, Whole, Whole, pl.Expr]:
    """Return (|n|, |d|, sign of n ÷ d, whether d is zero) of a ÷ b."""
    n, d = over(a.n, b.d), over(b.n, a.d)
    n, d = power(n, max(b.scale - a.scale, 0)), power(d, max(a.scale - b.scale, 0))
    x, y = natural(n), natural(d)
    sign = pl.when((x < 0) != (y < 0)).then(-1).otherwise(1).cast(pl.Int64)
    return (
        Whole(x.abs(), n.top, n.cost + 1),
        Whole(pl.when(y != 0).then(y.abs()), d.top, 2 * d.cost + 2),
        Whole(sign, 1, n.cost + d.cost + 4),
        y == 0,
    )


def _counts(stated: Num) -> Whole:
    return power(stated.n, SCALE - stated.scale)


def _fits(x: Whole, y: Whole, stated: Num, digits: pl.Expr, sign: Whole, zero: pl.Expr) -> tuple[pl.Expr, int]:
    unit = step(digits)
    t = times(_counts(stated), sign)
    low = times(plus(power2(t), unit, -1), y)
    high = times(plus(t, unit), y)
    value = power(x, SCALE)
    twice = power2(value)
    wide_low = max(low.top, twice.top) > NARROW
    wide_high = max(high.top, value.top) > NARROW
    made = (column(low, wide_low) <= column(twice, wide_low)) & (column(value, wide_high) < column(high, wide_high))
    return made, low.cost + high.cost + 2 * value.cost


def power2(x: Whole) -> Whole:
    """Return 2 · x."""
    return times(x, Whole(2, 2))


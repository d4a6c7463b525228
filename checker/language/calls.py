"""Operators and functions on exact values of one row, null where the columns are null."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from checker.fields import SCALE
from checker.language.nodes import MAX_COUNT, SUBSTANCE, Call, Const, Scalar
from checker.language.patterns import Beyond, automaton, has_substance
from checker.language.rows import Record
from checker.language.value import Null, Value, decided, join, most_digits, nulls_of

if TYPE_CHECKING:
    from checker.language.exact import Evaluation

_Function = Callable[["Evaluation", Call, Record | None, str], Value]


def _plain(apply: Callable[..., Scalar | None], digits: Callable[..., int | None] = lambda *_: None, why: str = "") -> _Function:
    """Return a function that is null when an operand is; `apply` may return None for the reason `why`."""

    def call(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
        values = [run.of(arg, child, table) for arg in node.args]
        cells = join(values)
        operands = [v.value for v in values]
        for operand in operands:
            if operand is None:
                return Value(None, None, nulls_of(values), cells)
        made = apply(*operands)
        if made is None:
            return Value(None, None, (Null(run.context.table, run.context.row, "", why),), cells)
        return Value(made, digits(*values), (), cells)

    return call


def _logic(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    return decided([run.of(arg, child, table) for arg in node.args], node.name == "or")


def _choice(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    test = run.of(node.args[0], child, table)
    if test.value is None:
        return test
    taken = run.of(node.args[1 if test.value else 2], child, table)
    return Value(taken.value, taken.digits, taken.nulls, join((test, taken)))


def _coalesce(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    seen: list[Value] = []
    for arg in node.args:
        value = run.of(arg, child, table)
        seen.append(value)
        last = arg is node.args[-1]
        if value.value is not None or (run.unread(arg, child, table) and not last):
            break
    return Value(seen[-1].value, seen[-1].digits, seen[-1].nulls, join(seen))


def _presence(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    if value.value is None and run.unread(node.args[0], child, table):
        return Value(None, None, value.nulls, value.cells)
    if node.name == "blank":
        text = value.value
        empty = text is None or not _search(str(text), SUBSTANCE)
        return Value(empty, None, (), value.cells)
    there = value.value is not None
    return Value(there if node.name == "filled" else not there, None, (), value.cells)


@lru_cache(1 << 14)
def _search(text: str, pattern: str) -> bool:
    known: bool | None = None
    if pattern == SUBSTANCE:
        known = has_substance(text)
    elif (plain := automaton(pattern)) is not None:
        with suppress(Beyond):
            known = plain.search(text)
    if known is not None:
        return known
    import polars as pl

    return bool(pl.Series([text]).str.contains(pattern)[0])


@lru_cache(1 << 14)
def _number_in(text: str, pattern: str) -> Fraction | None:
    import polars as pl

    found = pl.Series([text]).str.extract(pattern, 1).cast(pl.Int64, strict=False)[0]
    return Fraction(found) if found is not None and 0 <= found < MAX_COUNT else None


def _member(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    if value.value is None:
        return Value(None, None, value.nulls, value.cells)
    items = node.args[1].value if isinstance(node.args[1], Const) and isinstance(node.args[1].value, tuple) else ()
    return Value(value.value in items, None, (), value.cells)


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """Return a value at `places` decimals: half_up (away from zero), half_even or truncate (towards zero)."""
    whole, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    twice = 2 * rest - value.denominator
    up = {"half_up": twice >= 0, "half_even": twice > 0 or (twice == 0 and whole % 2 == 1), "truncate": False}[mode]
    whole += up
    return Fraction(-whole if value < 0 else whole, 10**places)


_MODES: Mapping[str, str] = {"round_half_up": "half_up", "round_half_even": "half_even", "truncate": "truncate"}


def _round(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value, places = (run.of(arg, child, table) for arg in node.args)
    cells = join((value, places))
    if value.value is None or places.value is None:
        return Value(None, None, nulls_of((value, places)), cells)
    n = int(places.number)
    if n > SCALE:
        return Value(None, None, (Null(run.context.table, run.context.row, "", "digits"),), cells)
    return Value(rounded(value.number, n, _MODES[node.name]), n, (), cells)


def _digits_call(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    digits = run.digits(node.args[0], child, table) if value.value is not None else None
    return Value(None if digits is None else Fraction(digits), 0, value.nulls, value.cells)


def _stated(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    """Evaluate ratio_matches, rounding_fits and product_matches: the exact figure against the stated one."""
    values = [run.of(arg, child, table) for arg in node.args]
    cells = join(values)
    stated = node.args[3 if node.name == "product_matches" else 2]
    digits = run.digits(stated, child, table)
    if any(v.value is None for v in values):
        return Value(None, None, nulls_of(values), cells)
    why = "division by zero" if values[1].number == 0 else "digits" if digits is None or digits > SCALE else ""
    if why or digits is None:
        return Value(None, None, (Null(run.context.table, run.context.row, "", why),), cells)
    value = run.of(stated, child, table).number
    exact = worked_out(node.name, [v.number for v in values[:3]])
    modes = [str(values[3].value)] if node.name == "rounding_fits" else list(_MODES.values())
    fits = any(rounded(exact, digits, mode) == value for mode in modes)
    if node.name == "product_matches":
        fits = fits or abs(value - exact) <= Fraction(1, 100)
    return Value(fits, None, (), cells)


def worked_out(name: str, operands: Sequence[Fraction]) -> Fraction:
    """Return the exact figure a stated one is compared with: a ÷ b as a percentage, or a ÷ b × c."""
    a, b, c = operands
    return a / b * c if name == "product_matches" else a / b * 100


def _slack(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    total, rows, unit = (run.of(arg, child, table) for arg in node.args)
    cells = join((total, unit))
    digits = run.digits(node.args[0], child, table)
    if unit.value is None or total.value is None:
        return Value(None, None, nulls_of((total, unit)), cells)
    if unit.value == "元":
        return Value(Fraction(0), 0, (), cells)
    if rows.value is None or digits is None or digits > SCALE:
        return Value(None, None, rows.nulls or (Null(run.context.table, run.context.row, "", "digits"),), cells)
    return Value(Fraction(1, 2 * 10**digits) * (rows.number + 1), digits + 1, (), cells)


def _divide(a: Fraction, b: Fraction) -> Fraction | None:
    return a / b if b else None


def _same(value: Value) -> int | None:
    return value.digits


CALLS: Mapping[str, _Function] = {
    "and": _logic,
    "or": _logic,
    "not": _plain(lambda a: not a),
    "in": _member,
    "if": _choice,
    "eq": _plain(lambda a, b: a == b),
    "ne": _plain(lambda a, b: a != b),
    "lt": _plain(lambda a, b: a < b),
    "le": _plain(lambda a, b: a <= b),
    "gt": _plain(lambda a, b: a > b),
    "ge": _plain(lambda a, b: a >= b),
    "add": _plain(lambda a, b: a + b, most_digits),
    "sub": _plain(lambda a, b: a - b, most_digits),
    "mul": _plain(lambda a, b: a * b, most_digits),
    "div": _plain(_divide, why="division by zero"),
    "neg": _plain(lambda a: -a, _same),
    "abs": _plain(abs, _same),
    "least": _plain(min, most_digits),
    "greatest": _plain(max, most_digits),
    "percent": _plain(lambda a: a * 100),
    "share": _plain(lambda a: a / 100),
    **dict.fromkeys(_MODES, _round),
    "digits": _digits_call,
    **dict.fromkeys(("ratio_matches", "rounding_fits", "product_matches"), _stated),
    "slack": _slack,
    **dict.fromkeys(("filled", "missing", "blank"), _presence),
    "coalesce": _coalesce,
    "length": _plain(lambda a: Fraction(len(a)), lambda _: 0),
    "contains": _plain(lambda a, b: b in a),
    "starts_with": _plain(lambda a, b: a.startswith(b)),
    "ends_with": _plain(lambda a, b: a.endswith(b)),
    "matches": _plain(_search),
    "number_in": _plain(_number_in, lambda *_: 0, "no number"),
    "days": _plain(lambda a, b: Fraction((a - b).days), lambda *_: 0),
    "year": _plain(lambda a: Fraction(a.year), lambda _: 0),
}

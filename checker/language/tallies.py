"""Figures over child rows on exact values: unknown as soon as a row that matters is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from checker.language.nodes import Aggregate, Const
from checker.language.rows import Record
from checker.language.value import Null, Value, decided, join, most_digits, nulls_of

if TYPE_CHECKING:
    from checker.language.exact import Evaluation


class Rows(Struct, frozen=True):
    """The rows of a figure: those that fit with the value of each, and those whose condition is unknown."""

    fitting: tuple[tuple[Record, Value], ...]
    open: tuple[Value, ...]
    size: int


def rows_of(run: Evaluation, node: Aggregate) -> Rows:
    """Return the child rows a figure runs over, sorted by its condition; worked out once a form or group."""
    memo = (run.context.known if node.by_group else run.context.shared).rows
    kept = memo.get(id(node))
    if kept is None:
        kept = memo[id(node)] = (node, _rows_of(run, node))
    return kept[1]


def _rows_of(run: Evaluation, node: Aggregate) -> Rows:
    fitting: list[tuple[Record, Value]] = []
    open_: list[Value] = []
    rows, alike, taken = run.context.figure_rows(node.table, node.by_group), run.context.alike, node.value
    same = Value(None) if taken is None else run.of(taken) if isinstance(taken, Const) else None
    for row in rows:
        test = alike.truth(run, node.where, row, node.table) if node.where is not None else True
        if test is None and node.where is not None:
            open_.append(alike.value(run, node.where, row, node.table))
        elif test:
            fitting.append((row, same or alike.value(run, taken, row, node.table)))  # type: ignore[arg-type]
    return Rows(tuple(fitting), tuple(open_), len(rows))


def _nothing(run: Evaluation, node: Aggregate, why: str) -> Value:
    return Value(None, None, (Null(node.table, 0, "", why),))


def _all_known(rows: Rows) -> tuple[list[Value], Value | None]:
    """Return the values of the rows that fit, and the unknown figure when one of them or a condition is unknown."""
    values = [value for _, value in rows.fitting]
    open_ = [*rows.open, *(v for v in values if v.value is None)]
    return values, Value(None, None, nulls_of(open_), join(values)) if open_ else None


def _added(values: Sequence[Value]) -> Fraction:
    """Return the sum; what has the same denominator, as the figures of a form mostly do, is added as whole numbers."""
    parts: dict[int, int] = {}
    for value in values:
        number = value.number
        parts[number.denominator] = parts.get(number.denominator, 0) + number.numerator
    return sum((Fraction(part, denominator) for denominator, part in parts.items()), Fraction(0))


def _total(run: Evaluation, node: Aggregate) -> Value:
    values, unknown = _all_known(rows_of(run, node))
    if unknown is not None:
        return unknown
    if not values:
        return _nothing(run, node, "no rows")
    cells, digits = join(values), most_digits(*values)
    if node.kind == "total":
        return Value(_added(values), digits, (), cells)
    pick = min if node.kind == "lowest" else max
    best = pick(v.value for v in values if v.value is not None)
    holders = [v for v in values if v.value == best]
    return Value(best, holders[0].digits, (), join(holders))


def _known_total(run: Evaluation, node: Aggregate) -> Value:
    known = [value for _, value in rows_of(run, node).fitting if value.value is not None]
    if not known:
        return _nothing(run, node, "no rows")
    return Value(_added(known), most_digits(*known), (), join(known))


def _count(run: Evaluation, node: Aggregate) -> Value:
    values = [value for _, value in rows_of(run, node).fitting]
    open_ = [v for v in values if v.value is None]
    if open_ and node.kind == "count":
        return Value(None, None, nulls_of(open_), join(open_))
    hits = [v for v in values if v.value]
    return Value(Fraction(len(hits)), 0, (), join(hits))


def _count_missing(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, nulls_of(rows.open))
    hits = [value for _, value in rows.fitting if value.value is None]
    return Value(Fraction(len(hits)), 0, (), join(hits))


def _rows(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, nulls_of(rows.open))
    return Value(Fraction(len(rows.fitting)), 0)


def _distinct(run: Evaluation, node: Aggregate) -> Value:
    values, unknown = _all_known(rows_of(run, node))
    if unknown is not None:
        return unknown
    return Value(Fraction(len({v.value for v in values})), 0, (), join(values))


def _quantified(run: Evaluation, node: Aggregate) -> Value:
    return decided([value for _, value in rows_of(run, node).fitting], node.kind == "any_of")


def _only(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, nulls_of(rows.open))
    if len(rows.fitting) != 1:
        return _nothing(run, node, "several rows" if rows.fitting else "no rows")
    return rows.fitting[0][1]


FIGURES: Mapping[str, Callable[[Evaluation, Aggregate], Value]] = {
    "total": _total,
    "lowest": _total,
    "highest": _total,
    "known_total": _known_total,
    "count": _count,
    "known_count": _count,
    "count_missing": _count_missing,
    "rows": _rows,
    "distinct": _distinct,
    "all_of": _quantified,
    "any_of": _quantified,
    "only": _only,
}

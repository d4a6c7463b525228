"""Figures over child rows: computed once a form (or group) for all rules that ask for them.

A figure is three layers: columns on the child rows, plain sums over the rows of a key, and the
result from those sums. Columns and sums are named by what they are, so that figures share them. An
unknown condition or operand makes the figure unknown, never smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from checker.language.nodes import Aggregate, LanguageFault, canonical
from checker.language.rational import NARROW, WIDE
from checker.language.searches import Search
from checker.language.sums import Sum

MAX_ROWS = 10_000
"""Rows of one child table in one form; the bounds of totals rest on it."""


class Figure(Struct, frozen=True):
    """One figure, the same for every tree that asks for it.

    `id` names its column. `top` bounds |value| (None: not a number), `scale` is the number's. `rows`, `sums` and `result` are the three layers, the first
    two by name; `columns` and `searches` what they read of the child frame.
    """

    id: str
    table: str
    by_group: bool
    top: int | None
    scale: int
    columns: frozenset[str]
    searches: Mapping[str, Search]
    rows: Mapping[str, pl.Expr]
    sums: Mapping[str, Sum]
    result: pl.Expr


class _Parts(Struct, frozen=True):
    """What the layers are made of: the operand (`fixed` when it is the same in every row) and the condition, and the names of what is taken of them."""

    value: pl.Expr
    fixed: int | None
    where: pl.Expr | None
    names: tuple[str, str]
    rows: dict[str, pl.Expr] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)

    def of_value(self, take: str, wide: bool = False) -> pl.Expr:
        """Return a sum of the operand over the rows that fit; in rows that do not it is null."""
        name = f"{self.names[0]}{'/wide' if wide else ''}"
        value = self.value if self.where is None else pl.when(self.where).then(self.value)
        self.rows[name] = value.cast(pl.Int128) if wide else value
        return self._sum(Sum(take, name))

    def sum(self, wide: bool) -> pl.Expr:
        """Return the sum of the operand over the rows that fit."""
        return self.of_value("sum", wide) if self.fixed is None else self.fitting().cast(pl.Int128 if wide else pl.Int64) * self.fixed

    def known(self) -> pl.Expr:
        """Return the number of rows that fit and have a value."""
        return self.of_value("count").fill_null(0) if self.fixed is None else self.fitting()

    def every(self) -> pl.Expr:
        """Return the number of rows, fitting or not."""
        return self._sum(Sum("rows")).fill_null(0)

    def fitting(self) -> pl.Expr:
        """Return the number of rows known to fit."""
        return self.every() if self.where is None else self._of_where("true").fill_null(0)

    def settled(self) -> tuple[pl.Expr, ...]:
        """Return the test that the condition is known of every row; nothing when there is no condition."""
        return () if self.where is None else (self._of_where("count").fill_null(0) == self.every(),)

    def _of_where(self, take: str) -> pl.Expr:
        if self.where is not None:
            self.rows[self.names[1]] = self.where
        return self._sum(Sum(take, self.names[1]))

    def _sum(self, made: Sum) -> pl.Expr:
        self.sums[made.name] = made
        return pl.col(made.name)


def figure(node: Aggregate, value: pl.Expr | int | None, top: int | None, scale: int, where: pl.Expr | None, columns: frozenset[str], searches: Mapping[str, Search]) -> Figure:
    """Return the layers of an aggregate whose operands are given as columns of the child frame, with what they read of it."""
    operand = Aggregate("", node.table, node.value, node.where, "", node.by_group)
    fixed = value if isinstance(value, int) else None
    parts = _Parts(value if isinstance(value, pl.Expr) else pl.lit(value if fixed is not None else True), fixed, where, (named(operand), named(replace(operand, value=None))))
    result = _RESULTS[node.kind](parts, (top or 0) * MAX_ROWS > NARROW)
    bound, of_value = _bound(node.kind, top)
    if bound is not None and bound > WIDE:
        raise LanguageFault(f"the {node.kind} can leave 128 bits, multiply after adding up")
    if bound is not None:
        result = result.cast(pl.Int128 if bound > NARROW else pl.Int64)
    id_ = named(node)
    rows = {name: made.alias(name) for name, made in parts.rows.items()}
    return Figure(id_, node.table, node.by_group, bound, scale if of_value else 0, columns, searches, rows, parts.sums, result.alias(id_))


def named(node: Aggregate) -> str:
    """Return the id of a figure."""
    return "Σ" + blake2b(canonical(node).encode(), digest_size=9).hexdigest()


def _bound(kind: str, top: int | None) -> tuple[int | None, bool]:
    if kind in ("count", "known_count", "count_missing", "rows", "distinct"):
        return MAX_ROWS, False
    if kind in ("total", "known_total") and top is not None:
        return top * MAX_ROWS, True
    return top, True


def _whole(p: _Parts, best: pl.Expr) -> pl.Expr:
    """Return a figure that is there when some row fits and all that fit have a value."""
    return pl.when(p.fitting() > 0, p.known() == p.fitting(), *p.settled()).then(best)


def _total(p: _Parts, wide: bool) -> pl.Expr:
    return _whole(p, p.sum(wide))


def _known_total(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(p.known() > 0).then(p.sum(wide))


def _lowest(p: _Parts, wide: bool) -> pl.Expr:
    return _whole(p, p.of_value("min"))


def _highest(p: _Parts, wide: bool) -> pl.Expr:
    return _whole(p, p.of_value("max"))


def _only(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(p.fitting() == 1, *p.settled()).then(p.of_value("max"))


def _known_count(p: _Parts, wide: bool) -> pl.Expr:
    return p.of_value("true").fill_null(0)


def _count(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(p.known() == p.every()).then(_known_count(p, wide))


def _count_missing(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(True, *p.settled()).then(p.fitting() - p.known())


def _rows(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(True, *p.settled()).then(p.fitting())


def _distinct(p: _Parts, wide: bool) -> pl.Expr:
    # Rows that do not fit are null, and null counts as a value of its own.
    found = p.of_value("n_unique").fill_null(0) - (p.fitting() < p.every()).cast(pl.UInt32)
    return pl.when(p.known() == p.fitting(), *p.settled()).then(found)


def _all(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(~p.of_value("all").fill_null(True)).then(False).when(p.known() == p.every()).then(True)


def _any(p: _Parts, wide: bool) -> pl.Expr:
    return pl.when(p.of_value("any").fill_null(False)).then(True).when(p.known() == p.every()).then(False)


_RESULTS: Mapping[str, Callable[[_Parts, bool], pl.Expr]] = {
    "total": _total,
    "known_total": _known_total,
    "lowest": _lowest,
    "highest": _highest,
    "only": _only,
    "count": _count,
    "known_count": _known_count,
    "count_missing": _count_missing,
    "rows": _rows,
    "distinct": _distinct,
    "all_of": _all,
    "any_of": _any,
}

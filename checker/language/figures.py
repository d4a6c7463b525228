"""Figures over child rows: computed once a form (or group) for all rules that ask for them.

A figure is three layers: columns on the child rows, plain sums over the rows of a key, and the
result from those sums. An unknown condition or operand makes the figure unknown, never smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from checker.language.nodes import Aggregate, LanguageFault, canonical
from checker.language.rational import NARROW, WIDE

MAX_ROWS = 10_000
"""Rows of one child table in one form; the bounds of totals rest on it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, the same for every tree that asks for it.

    `id` names its column. `top` bounds |value| (None: not a number); `of_value` tells that the
    number has the scale of the operand. `rows`, `sums` and `result` are the three layers;
    `columns` what they read of the child frame.
    """

    id: str
    table: str
    by_group: bool
    top: int | None
    of_value: bool
    columns: frozenset[str]
    rows: tuple[pl.Expr, ...]
    sums: tuple[pl.Expr, ...]
    result: pl.Expr


@dataclass(frozen=True, slots=True)
class _Parts:
    id: str
    value: pl.Expr
    top: int
    where: pl.Expr | None

    def col(self, part: str) -> pl.Expr:
        return pl.col(f"{self.id}/{part}")

    def count(self, part: str) -> pl.Expr:
        return self.col(part).fill_null(0)


_Layers = tuple[list[tuple[str, pl.Expr]], list[tuple[str, pl.Expr]], pl.Expr]


def figure(node: Aggregate, value: pl.Expr | None, top: int | None, where: pl.Expr | None, columns: frozenset[str]) -> Figure:
    """Return the layers of an aggregate whose operands are given as columns of the child frame."""
    id_ = "Σ" + blake2b(canonical(node).encode(), digest_size=9).hexdigest()
    parts = _Parts(id_, value if value is not None else pl.lit(True), top or 0, where)
    rows, sums, result = _LAYERS[node.kind](parts)
    bound, of_value = _bound(node.kind, top)
    if bound is not None and bound > WIDE:
        raise LanguageFault(f"the {node.kind} can leave 128 bits, multiply after adding up")
    if bound is not None:
        result = result.cast(pl.Int128 if bound > NARROW else pl.Int64)
    return Figure(
        id_,
        node.table,
        node.by_group,
        bound,
        of_value,
        columns,
        tuple(e.alias(f"{id_}/{part}") for part, e in rows),
        tuple(e.alias(f"{id_}/{part}") for part, e in sums),
        result.alias(id_),
    )


def _bound(kind: str, top: int | None) -> tuple[int | None, bool]:
    if kind in ("count", "known_count", "count_missing", "rows", "distinct"):
        return MAX_ROWS, False
    if kind in ("total", "known_total") and top is not None:
        return top * MAX_ROWS, True
    return top, True


def _fit(p: _Parts, value: pl.Expr) -> pl.Expr:
    return value if p.where is None else pl.when(p.where).then(value)


def _hits(p: _Parts) -> pl.Expr:
    return pl.lit(1, dtype=pl.UInt32) if p.where is None else p.where.fill_null(False).cast(pl.UInt32)


def _unknown(p: _Parts, value: pl.Expr | None) -> pl.Expr:
    """Return whether a row leaves the figure open: its condition is unknown, or it fits and the value is."""
    tests = [] if p.where is None else [p.where.is_null()]
    if value is not None:
        tests.append(value.is_null() if p.where is None else p.where.fill_null(False) & value.is_null())
    return pl.any_horizontal(tests) if tests else pl.lit(False)


def _wide(p: _Parts, value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Int128) if p.top * MAX_ROWS > NARROW else value


def _sum(p: _Parts) -> _Layers:
    if p.where is None:
        # Every row takes part: lengths and null counts come with the grouping.
        return (
            [("v", _wide(p, p.value))],
            [("v", p.col("v").sum()), ("n", pl.len()), ("u", p.col("v").null_count() > 0)],
            pl.when(p.count("n") > 0, ~p.col("u")).then(p.col("v")),
        )
    return (
        [("v", _wide(p, _fit(p, p.value))), ("n", _hits(p)), ("u", _unknown(p, p.value))],
        [("v", p.col("v").sum()), ("n", p.col("n").sum()), ("u", p.col("u").any())],
        pl.when(p.count("n") > 0, ~p.col("u")).then(p.col("v")),
    )


def _known_sum(p: _Parts) -> _Layers:
    return (
        [("v", _wide(p, _fit(p, p.value)))],
        [("v", p.col("v").sum()), ("n", p.col("v").count())],
        pl.when(p.count("n") > 0).then(p.col("v")),
    )


def _extreme(pick: str) -> Callable[[_Parts], _Layers]:
    def layers(p: _Parts) -> _Layers:
        best = p.col("v").min() if pick == "lowest" else p.col("v").max()
        return (
            [("v", _fit(p, p.value)), ("n", _hits(p)), ("u", _unknown(p, p.value))],
            [("v", best), ("n", p.col("n").sum()), ("u", p.col("u").any())],
            pl.when(p.count("n") > 0, ~p.col("u")).then(p.col("v")),
        )

    return layers


def _only(p: _Parts) -> _Layers:
    return (
        [("v", _fit(p, p.value)), ("n", _hits(p)), ("u", _unknown(p, None))],
        [("v", p.col("v").max()), ("n", p.col("n").sum()), ("u", p.col("u").any())],
        pl.when(p.count("n") == 1, ~p.col("u")).then(p.col("v")),
    )


def _count(p: _Parts) -> _Layers:
    return (
        [("v", p.value)],
        [("v", p.col("v").sum()), ("u", p.col("v").is_null().any())],
        pl.when(~p.col("u").fill_null(False)).then(p.count("v")),
    )


def _known_count(p: _Parts) -> _Layers:
    return [("v", p.value)], [("v", p.col("v").sum())], p.count("v")


def _count_missing(p: _Parts) -> _Layers:
    return (
        [("v", _fit(p, p.value.is_null())), ("u", _unknown(p, None))],
        [("v", p.col("v").sum()), ("u", p.col("u").any())],
        pl.when(~p.col("u").fill_null(False)).then(p.count("v")),
    )


def _rows(p: _Parts) -> _Layers:
    if p.where is None:
        return [], [("n", pl.len())], p.count("n")
    return (
        [("n", _hits(p)), ("u", _unknown(p, None))],
        [("n", p.col("n").sum()), ("u", p.col("u").any())],
        pl.when(~p.col("u").fill_null(False)).then(p.count("n")),
    )


def _distinct(p: _Parts) -> _Layers:
    if p.where is None:
        return [("v", p.value)], [("v", p.col("v").n_unique()), ("u", p.col("v").null_count() > 0)], pl.when(~p.col("u").fill_null(False)).then(p.count("v"))
    return (
        [("v", _fit(p, p.value)), ("u", _unknown(p, p.value))],
        [("v", p.col("v").n_unique()), ("m", p.col("v").null_count() > 0), ("u", p.col("u").any())],
        # Rows that do not fit are null here, and null counts as a value.
        pl.when(~p.col("u").fill_null(False)).then(p.count("v") - p.count("m").cast(pl.UInt32)),
    )


def _all(p: _Parts) -> _Layers:
    return (
        [("v", p.value)],
        [("f", (~p.col("v")).any()), ("u", p.col("v").is_null().any())],
        pl.when(p.col("f").fill_null(False)).then(False).when(~p.col("u").fill_null(False)).then(True),
    )


def _any(p: _Parts) -> _Layers:
    return (
        [("v", p.value)],
        [("t", p.col("v").any()), ("u", p.col("v").is_null().any())],
        pl.when(p.col("t").fill_null(False)).then(True).when(~p.col("u").fill_null(False)).then(False),
    )


_LAYERS: Mapping[str, Callable[[_Parts], _Layers]] = {
    "total": _sum,
    "known_total": _known_sum,
    "lowest": _extreme("lowest"),
    "highest": _extreme("highest"),
    "only": _only,
    "count": _count,
    "known_count": _known_count,
    "count_missing": _count_missing,
    "rows": _rows,
    "distinct": _distinct,
    "all_of": _all,
    "any_of": _any,
}

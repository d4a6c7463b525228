"""Plain sums over the rows of a key: only those that differ from key to key are grouped.

A column that is the same in every row needs no grouping: what is taken of n rows is what is taken of one, or n times
that. Most conditions are such columns in most batches, true nowhere or everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl
from msgspec import Struct

TAKES: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "count": pl.Expr.count, "sum": pl.Expr.sum, "min": pl.Expr.min, "max": pl.Expr.max, "n_unique": pl.Expr.n_unique, "all": pl.Expr.all, "any": pl.Expr.any,
    # Counting what is there takes a tenth of the time of adding truth values up.
    "true": lambda of: pl.when(of).then(True).count(),
}  # fmt: skip
"""What can be taken of a column. `count` leaves nulls out, `true` counts what is true; for `n_unique` null is a value of its own."""

ROWS = "rows"

LOOKED = 256
"""Rows, spread over a column, that are looked at before all of them."""


class Sum(Struct, frozen=True):
    """What is taken of a column over the rows of a key; `rows` counts them and has no column."""

    take: str
    of: str = ""

    @property
    def name(self) -> str:
        """The column of the sum."""
        return f"{self.of}/{self.take}" if self.of else ROWS

    @property
    def made(self) -> pl.Expr:
        """The sum as a column."""
        return (TAKES[self.take](pl.col(self.of)) if self.of else pl.len()).alias(self.name)


class Summed(Struct, frozen=True):
    """A row for each key with the sums that take grouping, and the others as columns beside them."""

    grouped: pl.LazyFrame
    known: tuple[pl.Expr, ...]

    def whole(self, grouped: pl.DataFrame) -> pl.LazyFrame:
        """Return all sums beside those that are grouped."""
        return grouped.lazy().with_columns(self.known)


def summed(rows: pl.DataFrame, key: str, sums: Iterable[Sum]) -> Summed:
    """Return all sums for each key. Rows that are sorted by the key are grouped run by run."""
    wanted = {made.name: made for made in sums}
    known = _known(rows, [made for made in wanted.values() if made.of])
    grouped = [made for name, made in wanted.items() if name != ROWS and name not in known]
    # Beside constants, which are in one piece, the pieces of all columns would be put together.
    left = pl.DataFrame([_ordered(rows.get_column(key)), *(rows.get_column(of) for of in {made.of: None for made in grouped})])
    return Summed(left.lazy().group_by(key).agg(Sum(ROWS).made, *(made.made for made in grouped)), tuple(column.alias(name) for name, column in known.items()))


def _ordered(keys: pl.Series) -> pl.Series:
    """Return keys marked as sorted when they are."""
    return keys.set_sorted() if keys.is_sorted() else keys


def _known(rows: pl.DataFrame, sums: list[Sum]) -> dict[str, pl.Expr]:
    """Return the sums that follow from the number of rows alone."""
    if rows.height < 2:
        return {}
    many = pl.col(ROWS)
    full = {of for of in {made.of for made in sums} if not rows.get_column(of).null_count()}
    known = {made.name: many for made in sums if made.take == "count" and made.of in full}
    fixed = {of for of in {made.of for made in sums} if same(rows.get_column(of))}
    looked = [made for made in sums if made.of in fixed]
    one, two = (rows.head(n).select(made.made for made in looked) for n in (1, 2))
    for of_one, of_two in zip(one.iter_columns(), two.iter_columns(), strict=True):
        taken = pl.lit(of_one.item(), dtype=of_one.dtype)
        known[of_one.name] = taken if of_one.item() == of_two.item() else many.cast(of_one.dtype) * taken
    return known


def same(column: pl.Series) -> bool:
    """Say whether a column is the same in every row; of one without rows it says nothing."""
    nulls = column.null_count()
    if nulls or not column.len():
        return 0 < nulls == column.len()
    if column.dtype == pl.Boolean:
        return column.all() or not column.any()
    # Where some rows over the whole length differ the rest need not be looked at.
    return column.gather_every(max(column.len() // LOOKED, 1)).n_unique() == 1 and column.min() == column.max()

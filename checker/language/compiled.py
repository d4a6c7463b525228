"""What the nodes of a tree become: columns over the rows of its grain, and what those read."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec import Struct, field

from checker.language.figures import Figure
from checker.language.known import UNKNOWN, Known
from checker.language.rational import Num
from checker.language.searches import Search


class Flat(Struct, frozen=True):
    """A Boolean, String or Date column."""

    at: pl.Expr
    cost: int = 1


Column = Num | Flat


class Compiled(Struct, frozen=True):
    """The columns of a tree, the frame columns, figures and searches in texts they read; `searches` are by the names of their columns."""

    value: Column
    columns: frozenset[str]
    figures: tuple[Figure, ...]
    searches: Mapping[str, Search]


class Frame(Struct):
    """The frame a node is compiled for and what it was found to read."""

    table: str
    known: Known = UNKNOWN
    columns: set[str] = field(default_factory=set)
    figures: dict[str, Figure] = field(default_factory=dict)
    searches: dict[str, Search] = field(default_factory=dict)

    def name(self, table: str, name: str) -> str:
        """Return the column of a field, noting that it is read."""
        column = name if table in (self.table, "") else f"{table}.{name}"
        self.columns.add(column)
        return column

    def col(self, table: str, name: str) -> pl.Expr:
        return pl.col(self.name(table, name))

"""What is known of the columns of a batch before any row is looked at.

Most columns of a batch say the same in every row, nothing above all, most of the others have no gap, and numbers are far
below the bounds of their units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from checker.fields import BY_TABLE, SCALE, Field
from checker.language.figures import Figure
from checker.language.nodes import Ref, Scalar, cells_behind
from checker.language.sums import same

BITS = 8
"""Tops are rounded up to as many bits, so that batches of alike numbers know the same."""


class Fact(Struct, frozen=True):
    """What is known of a column: whether it is `fixed` at `value` in every row, is `full`, how large its numbers are at most."""

    fixed: bool = False
    value: Scalar | None = None
    full: bool = False
    top: int | None = None


class Known(Struct, frozen=True):
    """Facts of columns by (table, field) and of figures by their id; by table the fields whose cells cannot be read somewhere."""

    columns: Mapping[tuple[str, str], Fact] = field(default_factory=dict)
    figures: Mapping[str, Fact] = field(default_factory=dict)
    unread: Mapping[str, frozenset[str]] | None = None

    def __hash__(self) -> int:
        return hash((frozenset(self.columns.items()), frozenset(self.figures.items())))

    def readable(self, ref: Ref) -> bool:
        """Say whether every cell behind a field can be read in every row."""
        return not ref.table or (self.unread is not None and self.unread[ref.table].isdisjoint(cells_behind(ref)))

    def top(self, ref: Ref, bound: int) -> int:
        """Return the bound of a field's |value|, `bound` unless a smaller one is known."""
        return _least(bound, self.columns.get((ref.table, ref.name)))

    def top_of_figure(self, id_: str, bound: int) -> int:
        """Return the bound of a figure's |value|, `bound` unless a smaller one is known."""
        return _least(bound, self.figures.get(id_))


UNKNOWN = Known()
"""What holds of every batch."""


def _least(bound: int, fact: Fact | None) -> int:
    return bound if fact is None or fact.top is None else min(bound, fact.top)


def of_tables(frames: Mapping[str, pl.DataFrame]) -> Known:
    """Return what is known of the columns of whole tables."""
    columns = {(table, name): _fact(frame.get_column(name), _divisor(entry)) for table, frame in frames.items() for name, entry in BY_TABLE[table].items() if name in frame.columns}
    return Known(columns, {}, {table: _unread(frame) for table, frame in frames.items()})


def with_figures(known: Known, figures: Iterable[tuple[Figure, pl.Series]]) -> Known:
    """Return what is known once figures are worked out."""
    return replace(known, figures={figure.id: _fact(column, 10**figure.scale) for figure, column in figures})


def _divisor(entry: Field) -> int:
    return 10**SCALE if entry.scaled else 1


def _fact(column: pl.Series, divisor: int) -> Fact:
    if not column.len() or column.null_count() == column.len():
        return Fact(True)
    full = not column.null_count()
    numeric = column.dtype.is_integer()
    least, most = (column.min(), column.max()) if numeric else (None, None)
    if full and (least == most if numeric else same(column)):
        value = column.item(0)
        return Fact(True, Fraction(value, divisor) if numeric else value, full)
    top = max(abs(least), abs(most)) if isinstance(least, int) and isinstance(most, int) else None
    return Fact(full=full, top=None if top is None else (1 << -(-top.bit_length() // BITS) * BITS) - 1)


def _unread(frame: pl.DataFrame) -> frozenset[str]:
    marks = frame.get_column("unread")
    return frozenset(name for text in marks.drop_nulls().unique() for name in text.split("|") if name)

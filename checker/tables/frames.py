"""Plain columns → tables: one Polars frame a table.

One form is a batch of one. Columns are described in ARCHITECTURE.md; the pandera models of
`checker.tables.contracts` hold what is promised. Polars is loaded when a frame is made, not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from checker.fields import TABLES
from checker.model import Form
from checker.tables.columns import LIMITS, Columns, Row, columns, columns_of, exact, kind_of, scaled

if TYPE_CHECKING:
    import polars as pl


class Tables(Struct, frozen=True, eq=False):
    """The four frames of a batch; `form` is the position of the form in the batch, `row` counts from 1 within it.

    `across` holds tables of comparisons by name, where each comparison counts as a form of one row.
    """

    forms: pl.DataFrame
    budget_lines: pl.DataFrame
    indicator_groups: pl.DataFrame
    indicators: pl.DataFrame
    across: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    _spans: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return (*TABLES, *self.across)

    def frame(self, table: str) -> pl.DataFrame:
        """Return a table by name; KeyError when it is not there."""
        if table in self.across:
            return self.across[table]
        if table not in TABLES:
            raise KeyError(table)
        found: pl.DataFrame = getattr(self, table)
        return found

    def replaced(self, frames: Mapping[str, pl.DataFrame]) -> Tables:
        """Return the tables with some tables of a form replaced."""
        made = {table: frames.get(table, self.frame(table)) for table in TABLES}
        return Tables(made["forms"], made["budget_lines"], made["indicator_groups"], made["indicators"], self.across)

    def has(self, table: str, column: str) -> bool:
        """Say whether a table has a column."""
        return column in self.frame(table).columns

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return some columns of a table, row by row."""
        return self.frame(table).select(columns).rows()

    def distinct(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the distinct rows of some columns."""
        return self.frame(table).select(columns).unique(maintain_order=True).rows()

    def records(self, table: str, form: int) -> Sequence[Mapping[str, object]]:
        """Return the rows of one form with all their columns; rows of a form stand together."""
        spans = self._spans.get(table)
        if spans is None:
            spans, start = {}, 0
            for key, length in self.frame(table).get_column("form").rle().struct.unnest().select("value", "len").iter_rows():
                spans[key] = (start, length)
                start += length
            self._spans[table] = spans
        start, length = spans.get(form, (0, 0))
        return self.frame(table).slice(start, length).to_dicts()

    def with_columns(self, table: str, made: Mapping[str, Sequence[Any]]) -> Tables:
        """Add columns given row by row."""
        return self.replaced({table: self.frame(table).with_columns(_series(table, made))})

    def looked_up(self, table: str, keys: Sequence[str], found: Sequence[tuple[Any, ...]], made: Mapping[str, Sequence[Any]]) -> Tables:
        """Add columns given once for each distinct row (`found`) of `keys`."""
        import polars as pl

        frame = self.frame(table)
        known = pl.DataFrame(found, schema={name: frame.schema[name] for name in keys}, orient="row").with_columns(_series(table, made))
        return self.replaced({table: frame.join(known, on=list(keys), how="left", nulls_equal=True, maintain_order="left")})

    def without(self, table: str, columns: Iterable[str]) -> Tables:
        """Leave columns out."""
        return self.replaced({table: self.frame(table).drop(list(columns))})


def dtype(table: str, column: str) -> type[pl.DataType]:
    """Return the type of a column: Int64 for scaled numbers and counts."""
    import polars as pl

    found: type[pl.DataType] = getattr(pl, kind_of(table, column))
    return found


def _series(table: str, made: Mapping[str, Sequence[Any]]) -> list[pl.Series]:
    import polars as pl

    return [pl.Series(name, values, dtype(table, name)) for name, values in made.items()]


def tables(forms: Sequence[Form]) -> Tables:
    """Lay a batch of forms out as frames of filled fields.

    A value that does not fit its column exactly is null and its field is named in `unread`.
    """
    return framed(columns(forms))


def framed(laid: Columns) -> Tables:
    """Return plain columns as frames."""
    import polars as pl

    made = {table: pl.DataFrame(_series(table, filled)) for table, filled in laid.tables.items()}
    return Tables(made["forms"], made["budget_lines"], made["indicator_groups"], made["indicators"])


def frame_of(table: str, rows: Sequence[Row], unread: Sequence[set[str]]) -> pl.DataFrame:
    """Lay rows (form, row, values) out as the frame of a table; what does not fit is null and joins `unread`."""
    import polars as pl

    return pl.DataFrame(_series(table, columns_of(table, rows, unread)))


__all__ = ["LIMITS", "Tables", "dtype", "exact", "frame_of", "framed", "scaled", "tables"]

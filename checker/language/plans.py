"""Many trees, one pass: figures once a form or group, then one lazy plan a table for all rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from checker.errors import CheckerError
from checker.fields import GRAINS
from checker.language.figures import MAX_ROWS, Figure
from checker.language.nodes import Tree
from checker.language.rational import Num, Whole, natural
from checker.language.searches import Search, beside, shared
from checker.language.sums import Summed, summed

if TYPE_CHECKING:
    from checker.language.compiled import Compiled
    from checker.tables.frames import Tables


STREAMED = 50_000
"""Child rows from which grouping by streaming is faster."""


class Figured(Struct, frozen=True):
    """Tables with the figures over their rows: `figures` by id, `frames` with their columns, those of groups under True."""

    tables: Tables
    figures: Mapping[str, Figure]
    frames: Mapping[bool, list[pl.DataFrame]]
    as_of: date

    def columns(self) -> Iterator[tuple[Figure, pl.Series]]:
        """Yield each figure with its column, a value for each form or group."""
        for frames in self.frames.values():
            for frame in frames:
                for column in frame.iter_columns():
                    yield self.figures[column.name], column


class Program(Struct, frozen=True):
    """Compiled trees of any grains; run it on as many batches as there are."""

    trees: Mapping[str, Tree]

    def run(self, tables: Tables, as_of: date) -> dict[str, pl.DataFrame]:
        """Return for each grain that has trees a frame `form, row, <key>…` in the order of the table.

        A tree that is a condition gives a nullable Boolean column named by its key, text String, a date
        Date; a number gives the integers `<key>` and `<key>/`: numerator and divisor, null when the
        value is. Raises CheckerError for a form with more child rows than the bounds allow.
        """
        made: dict[str, pl.DataFrame] = {}
        for table, rows in self.rows(tables, as_of).items():
            trees = self._of(table)
            looked = searched(trees.values(), rows.columns)
            made[table] = rows.lazy().with_columns(looked).select("form", "row", *(column for key, tree in trees.items() for column in outputs(key, tree))).collect()
        return made

    def rows(self, tables: Tables, as_of: date) -> dict[str, pl.DataFrame]:
        """Return for each grain that has trees its rows with all the trees read beside them but some searches in texts.

        `searched` gives those, `outputs` the columns to select.

        Figures over child rows are worked out here. Raises CheckerError as `run` does.
        """
        self.bounded(tables)
        made = self.beside(self.figured(tables, as_of))
        return {table: _with_shared(rows, missing(self._of(table).values(), rows.columns)) for table, rows in made.items()}

    def bounded(self, tables: Tables) -> None:
        """Raise CheckerError for a form with more child rows than the bounds of figures allow."""
        _check_rows(tables, {figure.table for tree in self.trees.values() for figure in tree.compiled.figures})

    def figured(self, tables: Tables, as_of: date) -> Figured:
        """Work out the figures over child rows of tables that are `bounded`."""
        figures = _figures(self.trees.values())
        tables = _with_searches(tables, [figure for some in figures.values() for figure in some])
        return Figured(tables, {figure.id: figure for some in figures.values() for figure in some}, _figure_frames(figures, tables, as_of), as_of)

    def beside(self, figured: Figured) -> dict[str, pl.DataFrame]:
        """Return the rows as `rows` does, of figures that are worked out, without the searches in texts of the table."""
        tables = _with_outer(figured.tables, (tree.compiled for tree in self.trees.values()))
        return {table: self._beside(table, tables, figured.frames, figured.as_of) for table in GRAINS if self._of(table)}

    def _of(self, table: str) -> dict[str, Tree]:
        return {key: tree for key, tree in self.trees.items() if tree.table == table}

    def _beside(self, table: str, tables: Tables, figures: Mapping[bool, list[pl.DataFrame]], as_of: date) -> pl.DataFrame:
        trees = self._of(table)
        wanted = {f.id for tree in trees.values() for f in tree.compiled.figures}
        of_form, of_group = ([frame.get_column(c) for frame in figures[by_group] for c in frame.columns if c in wanted] for by_group in (False, True))
        rows = tables.frame(table)
        if table == "indicator_groups" and of_group:
            rows = rows.hstack(of_group)
        return _with_form(rows, table, {c for tree in trees.values() for c in tree.compiled.columns}, tables, as_of, of_form)


def read_by(trees: Iterable[Tree]) -> frozenset[str]:
    """Return the columns of `Program.rows` that some trees read, and those that searches of theirs are made of."""
    found: set[str] = set()
    for tree in trees:
        compiled = tree.compiled
        found |= {*compiled.columns, *compiled.searches, *(search.field for search in compiled.searches.values()), *(figure.id for figure in compiled.figures)}
    return frozenset(found)


def missing(trees: Iterable[Tree], have: Collection[str]) -> dict[str, Search]:
    """Return the searches of some trees that their rows have no columns of yet, by name."""
    return {name: search for tree in trees for name, search in tree.compiled.searches.items() if name not in have}


def searched(trees: Iterable[Tree], have: Collection[str]) -> list[pl.Expr]:
    """Return the searches of some trees that their rows have no columns of yet."""
    return [search.made for search in missing(trees, have).values()]


def program(trees: Mapping[str, Tree]) -> Program:
    """Return the program of many trees; keys name the result columns."""
    return Program(dict(trees))


def outputs(key: str, tree: Tree) -> list[pl.Expr]:
    """Return the result columns of one tree."""
    value = tree.compiled.value
    if not isinstance(value, Num):
        return [value.at.alias(key)]
    scale = Whole(10**value.scale, 10**value.scale)
    if value.d is None:
        return [natural(value.n).alias(key), natural(scale).alias(f"{key}/")]
    under = natural(value.d).cast(pl.Int128) * natural(scale).cast(pl.Int128)
    return [natural(value.n).alias(key), under.alias(f"{key}/")]


def _figures(trees: Iterable[Tree]) -> dict[tuple[str, bool], list[Figure]]:
    found: dict[tuple[str, bool], dict[str, Figure]] = {}
    for tree in trees:
        for figure in tree.compiled.figures:
            found.setdefault((figure.table, figure.by_group), {})[figure.id] = figure
    return {key: list(figures.values()) for key, figures in found.items()}


def _check_rows(tables: Tables, names: Iterable[str]) -> None:
    for table in names:
        frame: pl.DataFrame = getattr(tables, table)
        if frame.height > MAX_ROWS:
            forms = frame.get_column("form")
            longest = (forms if forms.is_sorted() else forms.sort()).rle().struct.field("len").max()
            if isinstance(longest, int) and longest > MAX_ROWS:
                raise CheckerError(f"a form has {longest:,} rows of {table}, at most {MAX_ROWS:,} can be checked exactly")


def _with_searches(tables: Tables, figures: Collection[Figure]) -> Tables:
    """Add searches of figures in texts that are best made once: those in fields of a form asked for beside other rows, and what `shared` says."""
    tables = _with_outer(tables, figures)
    made = {}
    for table in {figure.table for figure in figures}:
        frame = tables.frame(table)
        made[table] = _with_shared(frame, {name: search for figure in figures if figure.table == table for name, search in figure.searches.items() if name == search.name and name not in frame.columns})
    return tables.replaced(made)


def _with_outer(tables: Tables, parts: Iterable[Compiled | Figure]) -> Tables:
    """Add searches in fields of a form that are asked for beside other rows."""
    outer = {search.name: search for part in parts for name, search in part.searches.items() if name != search.name}
    return tables.replaced({"forms": tables.forms.with_columns(beside(outer, tables.forms.columns))}) if outer else tables


def _with_shared(rows: pl.DataFrame, searches: Mapping[str, Search]) -> pl.DataFrame:
    return rows.with_columns(shared(rows, ((search, rows.height) for search in searches.values())))


def _with_form(frame: pl.DataFrame, table: str, columns: Iterable[str], tables: Tables, as_of: date, figures: Sequence[pl.Series] = ()) -> pl.DataFrame:
    """Return the rows of a table with what belongs to their form beside them: its columns, its figures, the date of the run."""
    if table == "forms":
        rows = frame.hstack(list(figures))
    else:
        outer = [tables.forms.get_column(c.removeprefix("forms.")).alias(c) for c in sorted(columns) if c.startswith("forms.")]
        beside = pl.DataFrame([*outer, *figures])
        rows = frame.hstack(beside[places(tables.forms, frame)]) if beside.width else frame
    return rows.with_columns(pl.lit(as_of, dtype=pl.Date).alias("as_of")) if "as_of" in columns else rows


def places(forms: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """Return for each row where its form stands among the forms."""
    known = forms.get_column("form")
    first = known.item(0) if forms.height else 0
    if known.equals(pl.int_range(first, first + forms.height, eager=True).cast(known.dtype)):
        return rows.get_column("form") - first
    return rows.select("form").join(forms.select("form").with_row_index("at"), on="form", how="left", maintain_order="left").get_column("at")


def _figure_frames(figures: Mapping[tuple[str, bool], list[Figure]], tables: Tables, as_of: date) -> dict[bool, list[pl.DataFrame]]:
    """Return the figures, those of groups under True: frames with a row for every form or group, in the order of its table."""
    owned: list[tuple[str, pl.DataFrame]] = []
    laid: list[pl.LazyFrame] = []
    for (table, by_group), wanted in figures.items():
        columns = {c for f in wanted for c in f.columns}
        looked = {name: search for f in wanted for name, search in f.searches.items()}
        rows = _with_form(getattr(tables, table), table, columns, tables, as_of)
        key, owners = "form", tables.forms
        if by_group:
            key, owners = "key", tables.indicator_groups.select(_KEY.alias("key"))
            rows = _by_group(rows.select("form", "group1", "group2", *columns, *(name for name in looked if name in rows.columns)))
        laid.append(rows.lazy().with_columns(beside(looked, rows.columns)).select(key, *{name: made for f in wanted for name, made in f.rows.items()}.values()))
        owned.append((key, owners.select(key)))
    rows_of = pl.collect_all(laid)
    sums = [summed(rows, key, (made for f in wanted for made in f.sums.values())) for wanted, (key, _), rows in zip(figures.values(), owned, rows_of, strict=True)]
    most = max((rows.height for rows in rows_of), default=0)
    added = pl.collect_all([one.grouped for one in sums], engine="streaming" if most > STREAMED else "in-memory")
    made: dict[bool, list[pl.DataFrame]] = {True: [], False: []}
    for ((_, by_group), wanted), (key, owners), one, frame in zip(figures.items(), owned, sums, added, strict=True):
        made[by_group].append(_of_owners(one, frame, key, owners).select(f.result for f in wanted).collect())
    return made


def _of_owners(summed: Summed, frame: pl.DataFrame, key: str, owners: pl.DataFrame) -> pl.LazyFrame:
    """Return all sums for each owner, in their order; most often each has rows."""
    frame = frame.sort(key)
    if frame.get_column(key).equals(owners.get_column(key)):
        return summed.whole(frame)
    # Not part of a plan: a streamed join whose key nobody selects does not keep the order of the owners.
    return owners.join(summed.whole(frame).collect(), on=key, how="left", maintain_order="left").lazy()


_KEY = pl.col("form").cast(pl.UInt64) * 2**32 + pl.col("row")
"""Form and row of a group as one number: grouping by one integer takes half the time."""


def _by_group(rows: pl.DataFrame) -> pl.DataFrame:
    """Return child rows once for each group they belong to, with the key of the group."""
    first, second = rows.get_column("group1"), rows.get_column("group2")
    parts = [rows.with_columns(first.alias("row"))]
    if second.null_count() < rows.height:
        inner = pl.when(pl.col("group2") != pl.col("group1")).then(pl.col("group2"))
        parts.append(rows.with_columns(pl.when(pl.col("group1").is_null()).then(pl.col("group2")).otherwise(inner).alias("row")))
    both = pl.concat(parts) if len(parts) > 1 else parts[0]
    if both.get_column("row").null_count():
        both = both.filter(pl.col("row").is_not_null())
    return both.with_columns(_KEY.alias("key"))

"""What conditions look for in texts: columns by name, so that rules share them; once per distinct text where texts repeat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate

import polars as pl
from msgspec import Struct

from checker.language.nodes import MAX_COUNT, SUBSTANCE, Call, Const, Ref

LARGE = 20_000
"""Rows from which texts are told apart first; so many are looked at to see whether they repeat."""
OFTEN = 4
"""Rows a distinct text from which telling texts apart costs less than it saves."""
SEVERAL = 4
"""Searches in every row of a field for which texts are told apart even where the first rows repeat less."""


class Search(Struct, frozen=True):
    """A search in a field of a table; `made` reads the field and makes the column `name`."""

    name: str
    table: str
    field: str
    made: pl.Expr


def _number(text: pl.Expr, pattern: pl.Expr) -> pl.Expr:
    found = text.str.extract(pattern, 1).cast(pl.Int64, strict=False)
    return pl.when(found.is_between(0, MAX_COUNT, closed="left")).then(found)


LOOKS: Mapping[str, Callable[..., pl.Expr]] = {
    "contains": lambda text, part: text.str.contains(part, literal=True),
    "starts_with": lambda text, part: text.str.starts_with(part),
    "ends_with": lambda text, part: text.str.ends_with(part),
    "matches": lambda text, pattern: text.str.contains(pattern),
    "number_in": _number,
    "length": lambda text: text.str.len_chars(),
    "blank": lambda text: ~text.str.contains(SUBSTANCE),
}
"""By function of the language; each gives null of a text that is null. `blank` is told of texts that are there."""


def search(node: Call) -> Search | None:
    """Return the search that a call in a field is; None for any other call."""
    if node.name not in LOOKS:
        return None
    of, *parts = node.args
    wanted = [str(part.value) for part in parts if isinstance(part, Const)]
    if not isinstance(of, Ref) or not of.table or len(wanted) < len(parts):
        return None
    name = f"{of.name}.{node.name}({', '.join(wanted)})"
    return Search(name, of.table, of.name, LOOKS[node.name](pl.col(of.name), *map(pl.lit, wanted)).alias(name))


def beside(searches: Mapping[str, Search], have: Collection[str]) -> list[pl.Expr]:
    """Return the searches that a table has no column of yet."""
    return [search.made for name, search in searches.items() if name not in have]


def shared(frame: pl.DataFrame, asked: Iterable[tuple[Search, int]]) -> list[pl.Series]:
    """Return the columns of those searches that are best made once for all rules: of fields with several, whose texts repeat.

    `asked` are the searches the table has no column of, as often as they are asked for, with the number of rows.
    """
    fields: dict[str, dict[str, pl.Expr]] = {}
    rows: dict[str, int] = {}
    for search, many in asked:
        fields.setdefault(search.field, {})[search.name] = search.made
        rows[search.field] = rows.get(search.field, 0) + many
    made: list[pl.Series] = []
    if frame.height < LARGE:
        return made
    for field, mine in sorted(fields.items()):
        texts = frame.get_column(field)
        often = rows[field] / frame.height
        apart = _apart(texts) if often > 1 and (often >= SEVERAL or texts.head(LARGE).n_unique() * OFTEN <= LARGE) else None
        if apart is not None:
            known, at = apart
            made += [chunked(_spread(column, at), texts.chunk_lengths()) for column in known.to_frame().select(mine.values()).iter_columns()]
    return made


def _apart(texts: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """Return (distinct texts, which of them stands in each row); None when they repeat too seldom."""
    if texts.null_count() * 2 > texts.len():
        there = texts.is_not_null()
        apart = _apart(texts.filter(there))
        return None if apart is None else (apart[0], pl.Series([None], dtype=pl.UInt32).new_from_index(0, texts.len()).scatter(there.arg_true(), apart[1]))
    keys = texts.hash().alias("key")
    first = keys.arg_unique()
    if first.len() * OFTEN > texts.len():
        return None
    known = texts.gather(first)
    numbers = pl.DataFrame([keys.gather(first), pl.int_range(first.len(), eager=True, dtype=pl.UInt32).alias("at")])
    at = keys.to_frame().join(numbers, on="key", how="left", maintain_order="left").get_column("at")
    # Two texts may have one key, however seldom.
    return (known, at) if known.gather(at).eq_missing(texts).all() else None


def _spread(column: pl.Series, at: pl.Series) -> pl.Series:
    """Return a column of distinct texts row by row."""
    if at.null_count() == 0 and column.null_count() == 0 and column.n_unique() == 1:
        return column.new_from_index(0, at.len())
    return column.gather(at)


def chunked(column: pl.Series, lengths: Sequence[int]) -> pl.Series:
    """Return a column in chunks like those of its table: where they differ every step after copies the whole table."""
    ends = list(accumulate(lengths))
    return pl.concat([column.slice(end - length, length) for end, length in zip(ends, lengths, strict=True)], rechunk=False)

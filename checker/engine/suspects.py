"""The rows of a batch that rules may mark."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

import polars as pl

from checker.engine.folded import KEPT, Folded, told
from checker.engine.prepared import CODE, conditions
from checker.fields import TABLES
from checker.language.plans import missing, read_by
from checker.language.possible import Part, inline, possible
from checker.language.searches import Search, chunked, shared
from checker.model import Outcome
from checker.rules.rule import Rule

CHEAP = 40
"""Operations up to which an expectation is worked out in every row together with all conditions, not only where the rule applies."""

MANY = 12
"""Rules of a table from which looking first where each may mark a row costs less than it saves."""

SUSPECT = "suspect"


def suspects(table: str, rows: pl.DataFrame, standing: Folded) -> Iterator[tuple[Rule, pl.LazyFrame]]:
    """Yield the rows each rule of a table may mark, with the columns it reads, for the rules that have any: one pass for many rules, which searches no texts."""
    rules = [rule for rule in standing.rules if rule.each == table]
    masks = _masks(rows, *_marks(standing, table, tuple(rows.columns))) if len(rules) >= MANY else pl.DataFrame({rule.id: [True] for rule in rules})
    left = [(rule, masks.get_column(rule.id)) for rule in rules if masks.get_column(rule.id).any()]
    asked: dict[str, tuple[Search, int]] = {}
    for rule, mask in sorted(left, key=lambda one: int(one[1].sum())):
        asked |= {name: (search, rows.height if mask.all() else int(mask.sum())) for name, search in missing(conditions(rule).values(), rows.columns).items()}
    rows = rows.with_columns(shared(rows, asked.values()))
    for rule, mask in left:
        reads = read_by((*conditions(rule).values(), *told(rule).values())) & set(rows.columns)
        some = rows.select("form", "row", *sorted(reads - {"form", "row"}))
        yield rule, some.lazy() if mask.all() else some.with_columns(chunked(mask, rows.get_column("form").chunk_lengths()).alias(SUSPECT)).lazy().filter(SUSPECT)


def _masks(rows: pl.DataFrame, parts: list[pl.Expr], marks: list[pl.Expr]) -> pl.DataFrame:
    # Truth values are small: in one piece they are put together faster.
    return rows.lazy().select("form", *parts).collect().rechunk().select(marks)


@lru_cache(KEPT * len(TABLES))
def _marks(standing: Folded, table: str, have: tuple[str, ...]) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """Return what several conditions of a table ask, and by rule where it may mark a row, made of that."""
    parts: dict[str, pl.Expr] = {}

    def part(name: str, made: Callable[[], pl.Expr]) -> pl.Expr:
        if name not in parts:
            parts[name] = made().alias(name)
        return pl.col(name)

    marks = [may_mark(rule, have, part).alias(rule.id) for rule in standing.rules if rule.each == table]
    return list(parts.values()), marks


def may_mark(rule: Rule, have: Collection[str], part: Part = inline) -> pl.Expr:
    """Return whether a rule may mark a row, by what its condition and, unless that takes long, its expectation say without searching anew."""
    mask = pl.lit(True)
    if rule.expect is not None and rule.expect.compiled.value.cost <= CHEAP:
        expect = possible(rule.expect, have, part)
        mask = expect.false | expect.null if CODE[rule.on_missing] >= CODE[Outcome.FAIL] else expect.false
    if rule.when is not None:
        when = possible(rule.when, have, part)
        mask = when.null | (when.true & mask)
    return mask

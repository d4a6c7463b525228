"""Rules as they read in a batch, and the rows each of them may mark."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from checker.engine.prepared import CODE, conditions
from checker.language import Program, Tree, program
from checker.language.folding import Folding, holds
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


def suspects(rows: pl.DataFrame, rules: Sequence[Rule]) -> Iterator[tuple[Rule, pl.LazyFrame]]:
    """Yield the rows each rule may mark, with the columns it reads, for the rules that have any: one pass for many rules, which searches no texts."""
    masks = _masks(rows, rules) if len(rules) >= MANY else pl.DataFrame({rule.id: [True] for rule in rules})
    left = [(rule, masks.get_column(rule.id)) for rule in rules if masks.get_column(rule.id).any()]
    asked: dict[str, tuple[Search, int]] = {}
    for rule, mask in sorted(left, key=lambda one: int(one[1].sum())):
        asked |= {name: (search, rows.height if mask.all() else int(mask.sum())) for name, search in missing(conditions(rule).values(), rows.columns).items()}
    rows = rows.with_columns(shared(rows, asked.values()))
    for rule, mask in left:
        reads = read_by((*conditions(rule).values(), *told(rule).values())) & set(rows.columns)
        some = rows.select("form", "row", *sorted(reads - {"form", "row"}))
        yield rule, some.lazy() if mask.all() else some.with_columns(chunked(mask, rows.get_column("form").chunk_lengths()).alias(SUSPECT)).lazy().filter(SUSPECT)


def _masks(rows: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return by rule where it may mark a row; what several conditions ask is worked out once."""
    parts: dict[str, pl.Expr] = {}

    def part(name: str, made: Callable[[], pl.Expr]) -> pl.Expr:
        if name not in parts:
            parts[name] = made().alias(name)
        return pl.col(name)

    marks = [may_mark(rule, rows.columns, part).alias(rule.id) for rule in rules]
    # Truth values are small: in one piece they are put together faster.
    return rows.lazy().select("form", *parts.values()).collect().rechunk().select(marks)


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


def read(rules: Sequence[Rule], folding: Folding) -> list[Rule]:
    """Return the rules as they read in a batch, without those that can mark none of its rows."""
    made = []
    for rule in rules:
        when, expect = (None if tree is None else folding.tree(tree) for tree in (rule.when, rule.expect))
        always = when is None or holds(when, True)
        if (when is not None and holds(when, False)) or (always and expect is not None and holds(expect, True)):
            continue
        reported, slots = rule.slots.get(rule.reported or ""), {}
        if rule.reported is not None and reported is not None:
            slots[rule.reported] = folding.tree(reported)
        expected = None if rule.expected is None else folding.tree(rule.expected)
        severities = tuple((folding.tree(tree), severity) for tree, severity in rule.severity_when)
        made.append(replace(rule, when=None if always else when, expect=expect, expected=expected, severity_when=severities, slots=slots))
    return made


def worked_out(rules: Sequence[Rule]) -> Program:
    """Return the program of all that findings of rules rest on: their conditions and what is told of the rows they mark."""
    return program({key: tree for rule in rules for key, tree in (*conditions(rule).items(), *((f"{rule.id}:{key}", tree) for key, tree in told(rule).items()))})


def told(rule: Rule) -> dict[str, Tree]:
    """Return the trees behind what a finding says: the reported and the expected value, the severity."""
    made = {f"severity {number}": tree for number, (tree, _) in enumerate(rule.severity_when)}
    reported = rule.slots.get(rule.reported or "")
    if reported is not None:
        made["reported"] = reported
    if rule.expected is not None:
        made["expected"] = rule.expected
    return made

"""Rules as they read in a batch, and the rows each of them may mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from checker.engine.prepared import CODE, conditions
from checker.language import Program, Tree, program
from checker.language.folding import Folding, holds
from checker.language.plans import outputs, read_by, searched
from checker.model import Outcome
from checker.rules.rule import Rule

CHEAP = 40
"""Operations up to which an expectation that searches no text anew is worked out in every row together with all conditions, not only where the rule applies."""


MANY = 12
"""Rules of a table from which looking first where each may mark a row costs less than it saves."""


def suspects(rows: pl.DataFrame, rules: Sequence[Rule]) -> Iterator[tuple[Rule, pl.DataFrame]]:
    """Yield the rows each rule may mark, with the columns it reads, for the rules that have any: one pass for many rules."""
    if len(rules) < MANY:
        yield from ((rule, rows) for rule in rules)
        return
    cheap = {rule.id: tree for rule in rules if (tree := rule.expect) is not None and tree.compiled.value.cost <= CHEAP and not searched([tree], rows.columns)}
    looked = searched((rule.when for rule in rules if rule.when is not None), rows.columns)
    masks = rows.lazy().with_columns(looked).select(_may_mark(rule, cheap.get(rule.id)).alias(rule.id) for rule in rules).collect()
    for rule in rules:
        mask = masks.get_column(rule.id)
        if mask.any():
            reads = read_by((*conditions(rule).values(), *told(rule).values())) & set(rows.columns)
            some = pl.DataFrame([rows.get_column(name) for name in ("form", "row", *sorted(reads - {"form", "row"}))])
            yield rule, some if mask.all() else some.filter(mask)


def _may_mark(rule: Rule, expect: Tree | None) -> pl.Expr:
    """Return whether a rule may mark a row, by its condition and, when that is given, by what it expects."""
    mask = pl.lit(True)
    if expect is not None:
        mask = unmet(rule, outputs("expect", expect)[0])
    if rule.when is not None:
        when = outputs("when", rule.when)[0]
        mask = when.is_null() | (when & mask)
    return mask


def unmet(rule: Rule, expected: pl.Expr) -> pl.Expr:
    """Return where what a rule expects leads to a mark: it is not so or, for most rules, unknown."""
    return expected.ne_missing(True) if CODE[rule.on_missing] >= CODE[Outcome.FAIL] else expected.eq_missing(False)


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

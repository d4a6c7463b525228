"""Rules as they read in a batch, kept by what is known of it: batches of one run most often know the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from checker.engine.prepared import conditions
from checker.language import Program, Tree, program
from checker.language.folding import Folding, holds
from checker.language.known import Known
from checker.rules.rule import Rule

KEPT = 16
"""So many readings are kept in a process; a batch takes two, one before and one after its figures are known."""


class Folded(Struct, frozen=True, eq=False):
    """Rules as they read, and the program of all that their findings rest on: their conditions and what is told of the rows they mark."""

    rules: tuple[Rule, ...]
    program: Program


def folded(rules: Sequence[Rule]) -> Folded:
    """Return rules that read as they stand."""
    whole = program({key: tree for rule in rules for key, tree in (*conditions(rule).items(), *((f"{rule.id}:{key}", tree) for key, tree in told(rule).items()))})
    return Folded(tuple(rules), whole)


def told(rule: Rule) -> dict[str, Tree]:
    """Return the trees behind what a finding says: the reported and the expected value, the severity."""
    made = {f"severity {number}": tree for number, (tree, _) in enumerate(rule.severity_when)}
    reported = rule.slots.get(rule.reported or "")
    if reported is not None:
        made["reported"] = reported
    if rule.expected is not None:
        made["expected"] = rule.expected
    return made


@lru_cache(KEPT)
def fold(standing: Folded, closed: frozenset[str], known: Known) -> Folded:
    """Return the rules but those that are `closed` as they read in a batch of which so much is known, without those that can mark none of its rows."""
    folding = Folding(known)
    return folded([made for rule in standing.rules if rule.id not in closed and (made := _read(rule, folding)) is not None])


def _read(rule: Rule, folding: Folding) -> Rule | None:
    when, expect = (None if tree is None else folding.tree(tree) for tree in (rule.when, rule.expect))
    always = when is None or holds(when, True)
    if (when is not None and holds(when, False)) or (always and expect is not None and holds(expect, True)):
        return None
    reported, slots = rule.slots.get(rule.reported or ""), {}
    if rule.reported is not None and reported is not None:
        slots[rule.reported] = folding.tree(reported)
    expected = None if rule.expected is None else folding.tree(rule.expected)
    severities = tuple((folding.tree(tree), severity) for tree, severity in rule.severity_when)
    return replace(rule, when=None if always else when, expect=expect, expected=expected, severity_when=severities, slots=slots)

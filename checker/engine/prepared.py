"""Rules made ready for both evaluations: over frames (`checker.engine.batch_pass`) and row by row (`checker.engine.row_pass`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from checker.fields import TABLES
from checker.language import Tree, required_columns
from checker.language.nodes import needed
from checker.model import Outcome
from checker.rules.rule import Rule

CODES = (Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.FAIL, Outcome.OPEN, Outcome.REVIEW, Outcome.ERROR)
"""An outcome is stored as its position here (UInt8)."""

CODE: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(CODES)}

Scope = tuple[str | None, int | None, str | None]
"""What decides whether a rule is meant for a form: its type, its year, the columns it does not have."""

SCOPE = ("form_type", "fiscal_year", "not_applicable")


class Prepared(Struct, frozen=True):
    """Rules ready for one set of parameters.

    `trees` are their conditions by `<id>:when` and `<id>:expect`, `needed` the (table, field) pairs they rest on,
    `tokens` for each rule the names in `forms.not_applicable` under which it does not apply.
    """

    rules: tuple[Rule, ...]
    trees: Mapping[str, Tree]
    needed: frozenset[tuple[str, str]]
    tokens: Mapping[str, frozenset[str]]


class Told(Struct, frozen=True):
    """What the rules came to in a batch.

    `counted`: rows by outcome of each form and rule. `marked`: (row, rule, code) of each form's rows that are neither
    pass nor not applicable. `applying`: the rows to which rules apply, by form and rule. `faults`: rules that crashed
    and why.
    """

    counted: Mapping[tuple[int, str], Mapping[Outcome, int]]
    marked: Mapping[int, Sequence[tuple[int, str, int]]]
    applying: Mapping[int, Mapping[str, Sequence[int]]]
    faults: Mapping[str, str]


def prepare(rules: Sequence[Rule], grains: Sequence[str] = TABLES) -> Prepared:
    """Make the rules ready that look at the rows of `grains`, those of single forms unless said otherwise."""
    mine = tuple(rule for rule in rules if rule.each in grains and rule.expect is not None)
    trees = {key: tree for rule in mine for key, tree in conditions(rule).items()}
    extra = [tree for rule in mine for tree in (*rule.let.values(), rule.expected, rule.rows, *(t for t, _ in rule.severity_when), *rule.slots.values()) if tree is not None]
    return Prepared(mine, trees, needed((*trees.values(), *extra)), {rule.id: tokens(rule) for rule in mine})


def conditions(rule: Rule) -> dict[str, Tree]:
    """Return the conditions of a rule by `<id>:when` and `<id>:expect`."""
    pairs = {f"{rule.id}:when": rule.when, f"{rule.id}:expect": rule.expect}
    return {key: tree for key, tree in pairs.items() if tree is not None}


def tokens(rule: Rule) -> frozenset[str]:
    """Return the names in `forms.not_applicable` under which the rule does not apply."""
    return frozenset(token for tree in conditions(rule).values() for token in required_columns(tree))


def outside(rule: Rule, asked: frozenset[str], scope: Scope) -> bool:
    """Say whether a rule has nothing to do with the forms of a scope; `asked` are its `tokens`."""
    form_type, year, absent = scope
    first, last = rule.effective
    if form_type is not None and form_type not in rule.forms:
        return True
    if year is not None and ((first is not None and year < first) or (last is not None and year > last)):
        return True
    return absent is not None and any(f"|{token}|" in absent for token in asked)


def untold(rule: Rule) -> Outcome:
    """Return the outcome where a rule's condition cannot be told: it never makes a failure of itself."""
    return Outcome.OPEN if rule.on_missing is Outcome.FAIL else rule.on_missing


def fault(error: Exception) -> str:
    """Return why a rule could not be run, in one line."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"

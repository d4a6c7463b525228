"""RuleSet × plain columns → outcomes of few forms, each row worked out by the exact interpreter.

For a form or two building queries takes longer than working out their rows, and loading Polars longer than all else.
The interpreter is the one that writes the arithmetic of findings; that it agrees with the columns on every expression
is tested (`tests/test_language_exact.py`), and that whole results agree, too (`tests/test_row_pass.py`).
"""

from __future__ import annotations

from collections.abc import Collection

from checker.engine.prepared import CODE, SCOPE, Prepared, Told, fault, outside, untold
from checker.language import Contexts, RowContext, Tree
from checker.language.exact import Evaluation
from checker.model import Outcome
from checker.rules.rule import Rule
from checker.tables.columns import Columns

FEW = 300
"""Rows of all tables up to which a run is worked out row by row."""


def told(prepared: Prepared, laid: Columns, contexts: Contexts, worked: Collection[str]) -> Told:
    """Apply every rule to every row, as `checker.engine.batch_pass.told` does; `worked` are the rules whose rows are wanted in `Told.applying`."""
    scopes = {form: (kind, year, absent) for form, kind, year, absent in laid.rows("forms", "form", *SCOPE)}
    counted: dict[tuple[int, str], dict[Outcome, int]] = {}
    marked: dict[int, list[tuple[int, str, int]]] = {}
    applying: dict[int, dict[str, list[int]]] = {}
    faults: dict[str, str] = {}
    for rule in sorted(prepared.rules, key=lambda rule: rule.id):
        closed = {form for form, scope in scopes.items() if outside(rule, prepared.tokens[rule.id], scope)}
        places = laid.rows(rule.each, "form", "row")
        try:
            outcomes = [Outcome.NOT_APPLICABLE if form in closed else outcome(rule, contexts.row(rule.each, form, row)) for form, row in places]
        except Exception as error:
            faults[rule.id] = fault(error)
            continue
        for (form, row), found in zip(places, outcomes, strict=True):
            counts = counted.setdefault((form, rule.id), {})
            counts[found] = counts.get(found, 0) + 1
            if found not in (Outcome.NOT_APPLICABLE, Outcome.PASS):
                marked.setdefault(form, []).append((row, rule.id, CODE[found]))
            if found is not Outcome.NOT_APPLICABLE and rule.id in worked:
                applying.setdefault(form, {}).setdefault(rule.id, []).append(row)
    return Told(counted, marked, applying, faults)


def outcome(rule: Rule, context: RowContext) -> Outcome:
    """Return what a rule comes to on one row."""
    if rule.when is not None:
        asked = _value(rule.when, context)
        if asked is None:
            return untold(rule)
        if not asked:
            return Outcome.NOT_APPLICABLE
    holds = _value(rule.expect, context)
    return rule.on_missing if holds is None else Outcome.PASS if holds else Outcome.FAIL


def _value(tree: Tree | None, context: RowContext) -> object:
    return None if tree is None else Evaluation(context).truth(tree.root)

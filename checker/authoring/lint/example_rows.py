"""The rows that rules' examples describe, for what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.authoring.examples import AS_OF, example_form, example_tables
from checker.errors import RuleError
from checker.fields import GRAINS
from checker.language import Contexts, RowContext
from checker.rules.rule import Rule


def example_rows(rules: Sequence[Rule]) -> Mapping[str, Sequence[RowContext]]:
    """Return by rule the rows of its examples in their order, all laid out in one batch; nothing when an example is malformed, which is the loader's to report."""
    triples = [(rule, example, n) for rule in rules for n, example in enumerate(rule.examples, 1)]
    try:
        forms = [example_form(*triple) for triple in triples]
    except RuleError:
        return {}
    from checker.engine.batch_pass import prepare

    made = Contexts(example_tables(triples, forms, prepare(rules, GRAINS).needed), AS_OF)
    found: dict[str, list[RowContext]] = {}
    for i, (rule, _, _) in enumerate(triples):
        found.setdefault(rule.id, []).append(made.row(rule.each, i, 1))
    return found

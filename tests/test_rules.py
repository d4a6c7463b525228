"""Every rule gives each of its own examples the outcome the example states, in both evaluations."""

from __future__ import annotations

from functools import cache

import pytest

from checker.api import load_rules
from checker.authoring.examples import ExampleResult, run_examples
from checker.fields import GRAINS
from checker.model import Outcome
from checker.rules.rule import Rule

RULES = load_rules().rules


@cache
def results() -> dict[tuple[str, int], ExampleResult]:
    return {(result.rule.id, result.number): result for result in run_examples(RULES)}


CASES = [(rule.id, number) for rule in RULES if rule.expect is not None for number in range(1, len(rule.examples) + 1)]


@pytest.mark.parametrize(("rule", "number"), CASES, ids=[f"{rule}-{number}" for rule, number in CASES])
def test_example(rule: str, number: int) -> None:
    """The engine's pass and the exact interpreter agree with the example."""
    assert results()[rule, number].fault is None


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.status == "active" and rule.each in GRAINS], ids=lambda rule: rule.id)
def test_active_rules_show_pass_fail_and_open(rule: Rule) -> None:
    """A rule proves that it can fail, that it can pass, and that missing data leaves it open."""
    shown = {example.outcome for example in rule.examples}
    assert {Outcome.PASS, Outcome.FAIL} <= shown
    assert rule.on_missing is not Outcome.OPEN or Outcome.OPEN in shown


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_are_bilingual_and_grounded(rule: Rule) -> None:
    """Title in both languages; an active rule has message, advice and a basis; a draft says why it is one."""
    assert rule.title["zh"] and rule.title["en"]
    if rule.status == "active":
        assert all(rule.message.values()) and all(rule.advice.values()) and rule.basis
    if rule.status == "draft":
        assert rule.draft_reason and all(rule.draft_reason.values())


def test_heuristic_rules_are_never_errors() -> None:
    """What can be wrong is asked, not asserted."""
    assert not [rule.id for rule in RULES if rule.kind == "heuristic" and rule.severity.value == "error"]

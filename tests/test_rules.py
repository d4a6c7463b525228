"""Every rule gives each of its own examples the outcome the example states, in both evaluations."""

from __future__ import annotations

import re
from functools import cache

import pytest

from checker.api import load_rules
from checker.authoring.examples import ExampleResult, example_form, run_examples
from checker.authoring.lint.example_rows import example_rows
from checker.fields import GRAINS
from checker.findings.build import judge
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


TOLD = [rule for rule in RULES if rule.expect is not None and rule.status == "active"]


@cache
def messages() -> dict[str, tuple[str, ...]]:
    """What the failing examples of each rule are told in English."""
    rows = example_rows(TOLD)
    return {
        rule.id: tuple(judge(rule, example_form(rule, example, n), rows[rule.id][n - 1], 1, Outcome.FAIL, "en").message for n, example in enumerate(rule.examples, 1) if example.outcome is Outcome.FAIL)
        for rule in TOLD
    }  # fmt: skip


@pytest.mark.parametrize("rule", sorted(rule.id for rule in TOLD))
def test_a_count_of_one_has_its_word(rule: str) -> None:
    """"1 rows were" is no English: the word that goes with a number is chosen by it, and nothing of the choice is left."""
    for message in messages()[rule]:
        assert not re.search(r"(?<![\d.,/–-])1 (?:indicator |project |measured )?(?:rows|cells|parts|forms|rates|goals|targets|indicators|periods|cases|names|lines|groups|times|pairs)\b", message), message
        assert not re.search(r"\{|\w\|\w", message), message


def test_words_follow_their_number() -> None:
    """One and many in one sentence, each by its own number."""
    assert {"1 row was shifted (put back), 0 cells are lost.", "29 rows were shifted (put back), 1 cell is lost."} <= set(messages()["STR-003"])
    assert any("its 1 part adds up to" in message for message in messages()["BUD-004"]) and any("its 2 parts add up to" in message for message in messages()["BUD-004"])

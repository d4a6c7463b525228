"""The rules that docs/writing-rules.md teaches load, pass their examples and are noticed when changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.examples import run_examples
from checker.model import Outcome
from checker.mutate import run_mutants
from checker.rule import Rule
from checker.ruleset import load_ruleset

PAGE = Path(__file__).resolve().parent.parent / "docs" / "writing-rules.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    """The blocks of the page as one rule file."""
    file = tmp_path_factory.mktemp("rules") / "taught.yaml"
    file.write_text("\n".join(BLOCKS), encoding="utf-8")
    return load_ruleset([file]).rules


def test_three_cases_in_each_language(rules: tuple[Rule, ...]) -> None:
    """Three rules with Chinese field names and the same three with English ones."""
    assert [rule.id for rule in rules] == ["DOC-001", "DOC-002", "DOC-003", "DOC-011", "DOC-012", "DOC-013"]


def test_their_examples_hold(rules: tuple[Rule, ...]) -> None:
    """Every example comes out as the page says, with pass, fail and open among them."""
    results = run_examples(rules)
    assert [result.fault for result in results if result.fault] == []
    for rule in rules:
        assert {Outcome.PASS, Outcome.FAIL, Outcome.OPEN, Outcome.NOT_APPLICABLE} == {e.outcome for e in rule.examples}


def test_chinese_and_english_mean_the_same(rules: tuple[Rule, ...]) -> None:
    """The two halves of the page teach the same rules."""
    for chinese, english in zip(rules[:3], rules[3:], strict=True):
        assert [e.outcome for e in chinese.examples] == [e.outcome for e in english.examples]


def test_their_examples_notice_changes(rules: tuple[Rule, ...]) -> None:
    """What the page says of boundary examples is true of its own."""
    for told in run_mutants(rules):
        assert told.noticed >= 0.85 * told.tried, [m.what for m in told.survivors]

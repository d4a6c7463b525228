"""Mutation of rules: every change is made, good examples notice it, and what nothing notices is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.api import load_rules
from checker.authoring.mutate import Killed, mutants, run_mutants, share, told
from checker.authoring.mutate.edits import Names, edits, other_numbers
from checker.cli import cli
from checker.language.nodes import canonical
from checker.rules.rule import Rule
from checker.rules.ruleset import load_ruleset

TEXT = """\
- id: TST-001
  version: 1
  status: active
  title: {zh: 得分不应超过分值, en: A score must not exceed its weight}
  severity: error
  kind: parametric
  forms: [department, project, transfer, other]
  each: indicators
  when: 已填(分值) and 已填(得分)
  expect: 得分 <= 分值 * 上限 / 100
  at: 得分
  params: {上限: 50}
  message: {zh: 多, en: more}
  advice: {zh: 改, en: mend}
  basis: [{document: 文件, verified: false}]
  examples:
    - {given: {分值: 8, 得分: 4.00}, outcome: pass}
    - {given: {分值: 8, 得分: 4.01}, outcome: fail}
    - {given: {分值: 8, 得分: 3.96}, outcome: pass}
    - {given: {分值: -8, 得分: -4}, outcome: pass}
    - {given: {分值: 0, 得分: 0}, outcome: pass}
    - {given: {分值: 8}, outcome: not_applicable}
    - {given: {得分: 8}, outcome: not_applicable}
    - {given: {一级指标分值: 9, 二级指标分值: 9}, outcome: not_applicable}
    - {given: {分值: 8, unread: [得分]}, outcome: open}
    - {given: {得分: 8, unread: [分值]}, outcome: open}
"""

WEAK = re.sub(r"    - \{given: \{分值: (8, 得分: 4.00|-8, 得分: -4|0, 得分: 0)\}.*\n", "", TEXT)
"""Without the examples on the bound."""


def rule_of(folder: Path, text: str) -> Rule:
    file = folder / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    return load_ruleset([file]).rules[0]


def changed(text: str, kind: str, table: str = "indicators") -> list[str]:
    names = Names(table, frozenset(), frozenset(), frozenset())
    return [edit.text for edit in edits(text, names) if edit.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("score < weight", "operator", ["score <= weight"]),
        ("得分 == 分值", "operator", ["得分 != 分值"]),
        ("0 <= score < weight", "operator", ["0 < score < weight", "0 <= score <= weight"]),
        ("(score + 1) * 2 > weight", "operator", ["(score + 1) * 2 >= weight", "(score + 1) / 2 > weight", "(score - 1) * 2 > weight"]),
        ("filled(score) and filled(weight)", "operator", ["((filled(score)) or (filled(weight)))"]),
        ("filled(score) and filled(weight)", "part", ["((filled(weight)))", "((filled(score)))"]),
        ("score > 0.05", "constant", ["score > 0.06", "score > 0.04", "score > 0.50"]),
        ("score > 0", "constant", ["score > 1", "score > (-1)"]),
        ('level1 in ["a", "b"]', "list", ['level1 in ["b"]', 'level1 in ["a"]']),
        ("not filled(score)", "negate", ["(filled(score))"]),
        ("least(score, weight) > 合计(indicators.score)", "function", ["greatest(score, weight) > 合计(indicators.score)", "least(score, weight) > known_total(indicators.score)"]),
        ("total(indicators.score) == 1", "field", ["total(indicators.weight) == 1", "total(indicators.level2_weight) == 1"]),
        (r'matches(reason, "\d+(年|月)") and score > 1', "part", [r"((score > 1))", r'((matches(reason, "\d+(年|月)")))']),
    ],
)
def test_each_kind_of_change_is_made(text: str, kind: str, wanted: list[str]) -> None:
    """The text is changed in one place and otherwise left as its author wrote it, patterns and Chinese names too."""
    table = "forms" if text.startswith("total") else "indicators"
    assert sorted(changed(text, kind, table)) == sorted(wanted)


def test_numbers_move_by_their_last_digit() -> None:
    """0.05 moves by 0.01, 90 by 1, and both become ten times as large; 0 has no ten times."""
    from decimal import Decimal

    assert other_numbers(Decimal("0.05")) == ["0.06", "0.04", "0.50"]
    assert other_numbers(Decimal("90")) == ["91", "89", "900"]
    assert other_numbers(Decimal("0")) == ["1", "-1"]


def test_good_examples_notice_everything(tmp_path: Path) -> None:
    """On the bound, beside it, missing and unread: then no change goes unnoticed."""
    killed = run_mutants([rule_of(tmp_path, TEXT)])
    assert killed[0].tried > 20
    assert [mutant.what for mutant in killed[0].survivors] == []


@pytest.mark.parametrize(
    ("left_out", "survivor"),
    [
        ("    - {given: {分值: 8, 得分: 4.00}, outcome: pass}\n    - {given: {分值: -8, 得分: -4}, outcome: pass}\n    - {given: {分值: 0, 得分: 0}, outcome: pass}\n", "<= → <"),
        ("    - {given: {分值: 8}, outcome: not_applicable}\n", "已填(得分)"),
        ("    - {given: {分值: 8, 得分: 4.00}, outcome: pass}\n    - {given: {分值: 8, 得分: 3.96}, outcome: pass}\n", "50 → 49"),
    ],
)
def test_a_missing_example_shows(tmp_path: Path, left_out: str, survivor: str) -> None:
    """Without the example on the bound the operator survives, without the blank one the guard, without the near one the constant."""
    text = TEXT
    for line in left_out.splitlines(keepends=True):
        assert line in text
        text = text.replace(line, "")
    assert any(survivor in mutant.what for mutant in run_mutants([rule_of(tmp_path, text)])[0].survivors)


def test_mutants_mean_something_else(tmp_path: Path) -> None:
    """No mutant says the same as the rule or as another mutant: equivalent ones are left out by construction."""
    rule = rule_of(tmp_path, TEXT)
    made = mutants(rule)
    meanings = [tuple(canonical(t.root) if t is not None else "" for t in (m.rule.when, m.rule.expect)) for m in (*made,)]
    own = tuple(canonical(t.root) if t is not None else "" for t in (rule.when, rule.expect))
    assert own not in meanings and len(set(meanings)) == len(meanings)
    assert {m.kind for m in made} >= {"operator", "constant", "field", "negate", "part", "when"}


def test_steps_only_shown_are_told_apart(tmp_path: Path) -> None:
    """A step that stands in the message alone decides nothing; an example with its value notices a change of it."""
    text = TEXT.replace("  when: 已填", "  let: {多出: 得分 - 分值}\n  when: 已填").replace("{zh: 多, en: more}", "{zh: '{多出}', en: '{多出}'}")
    survivors = run_mutants([rule_of(tmp_path, text)])[0].survivors
    assert survivors and not any(mutant.decides for mutant in survivors)
    stated = text.replace("得分: 4.01}, outcome: fail}", '得分: 4.01}, outcome: fail, values: {多出: "−3.99"}}')
    left = run_mutants([rule_of(tmp_path, stated)])[0].survivors
    assert [mutant.key for mutant in left if mutant.key == "let.多出"] == []


def test_changed_severities_are_noticed(tmp_path: Path) -> None:
    """A condition of severity is mutated too, and an example that states the severity notices."""
    text = TEXT.replace("severity: error\n", "severity: error\n  severity_when: [{when: 得分 > 100, severity: note}]\n")
    assert any(m.key.startswith("severity_when") for m in run_mutants([rule_of(tmp_path, text)])[0].survivors)
    more = "".join(f"    - {{given: {{分值: 8, 得分: {score}}}, outcome: fail, severity: {level}}}\n" for score, level in ((100, "error"), (101, "note"), (1000, "note"), (5, "error")))
    left = run_mutants([rule_of(tmp_path, text + more + "    - {given: {分值: 101, 得分: 100, 二级指标分值: 200}, outcome: fail, severity: error}\n")])[0].survivors
    assert {m.what for m in left if m.key.startswith("severity_when")} <= {"得分 → weight", "得分 → level2_weight"}


def test_the_report_lists_survivors_and_the_share(tmp_path: Path) -> None:
    """One line a rule, its survivors by key and change, and the total; the same for the same rules."""
    rule = rule_of(tmp_path, WEAK)
    killed = run_mutants([rule])
    text = told(killed, "zh")
    assert re.search(r"^TST-001  \d+/\d+  \d+\.\d %$", text, re.M) and "运算符  得分 <= 分值 * 上限 / 100: <= → <" in text and text == told(run_mutants([rule]), "zh")
    assert 0 < share(killed) < 100 and share([Killed(rule, 0, ())]) == 100


def test_the_command_fails_below_the_share_asked_for(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """--at-least makes a gate of it; a rule whose examples fail is not mutated at all."""
    rule_of(tmp_path, WEAK)
    file = str(tmp_path / "rules.yaml")
    assert cli(["rules", "test", "--rules", file, "--mutate"]) == 0
    assert cli(["rules", "test", "--rules", file, "--mutate", "--at-least", "100"]) == 4
    capsysbinary.readouterr()
    rule_of(tmp_path, WEAK.replace("outcome: fail", "outcome: pass", 1) + "    - {given: {分值: 8, 得分: 5}, outcome: fail}\n")
    assert cli(["rules", "test", "--rules", file, "--mutate"]) == 4
    assert "<= → <" not in capsysbinary.readouterr().out.decode()


@pytest.mark.limit(600)
def test_the_shipped_examples_notice_almost_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 95 of 100 changes to the shipped rules are noticed by the rules' own examples."""
    killed = run_mutants(load_rules().rules)
    with capsys.disabled():
        print(f"\nmutation of rules: {sum(k.noticed for k in killed)} of {sum(k.tried for k in killed)} changes noticed ({share(killed):.1f} %)")
    assert sum(k.tried for k in killed) > 3000
    assert share(killed) >= 95

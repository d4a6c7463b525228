"""Static analysis of rules: every code is given for what it is for, and not for a sound rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.api import load_rules
from checker.authoring.lint import Linted, lint
from checker.authoring.lint.algebra import TooMany, alternatives, both, meet, possible
from checker.authoring.lint.fault import codes
from checker.authoring.lint.lock import load, locked, text, updated
from checker.authoring.lint.loosening import loosens
from checker.authoring.lint.run import homes, refused
from checker.authoring.lint.titles import said
from checker.cli import cli
from checker.errors import RuleError
from checker.language import parse
from checker.language.nodes import Call, Const, Node
from checker.resources import rules_dir
from checker.rules.rule import Rule
from checker.rules.ruleset import load_ruleset

GOOD: Mapping[str, object] = {
    "id": "TST-001",
    "version": 1,
    "status": "active",
    "title": {"zh": "得分不应超过分值", "en": "A score must not exceed its weight"},
    "severity": "error",
    "kind": "parametric",
    "forms": ["department", "project"],
    "each": "indicators",
    "let": {"more": "score - weight"},
    "when": "filled(weight) and filled(score)",
    "expect": "score <= weight + limit",
    "at": "score",
    "params": {"limit": 0},
    "message": {"zh": "多 {more}", "en": "{more} more"},
    "advice": {"zh": "更正", "en": "Correct"},
    "basis": [{"document": "文件", "verified": False}],
    "effective": {"from": 2015},
    "examples": [
        {"given": {"weight": 5, "score": 5}, "outcome": "pass"},
        {"given": {"weight": 5, "score": 4}, "outcome": "pass"},
        {"given": {"weight": 5, "score": 6}, "outcome": "fail"},
        {"given": {"weight": 5}, "outcome": "not_applicable"},
        {"given": {"weight": 5, "unread": ["score"]}, "outcome": "open"},
    ],
}


def linted(folder: Path, *changes: Mapping[str, object], profile: Mapping[str, object] | None = None) -> Linted:
    """The findings on rules that differ from the good one as given; JSON is YAML."""
    rules = [{**GOOD, "id": f"TST-{n:03d}", **change} for n, change in enumerate(changes, 1)]
    file = folder / "rules.yaml"
    file.write_text(json.dumps([{k: v for k, v in rule.items() if v is not None} for rule in rules], ensure_ascii=False, indent=1), encoding="utf-8")
    if profile is not None:
        (folder / "profiles").mkdir(exist_ok=True)
        (folder / "profiles" / "p.yaml").write_text(json.dumps(profile), encoding="utf-8")
    loaded = load_ruleset([file]).rules
    lock = folder / "rules.lock.json"
    if not lock.exists():
        lock.write_text(text(updated(loaded, {})), encoding="utf-8")
    return lint(loaded, homes(loaded, [Path()]))


def found(folder: Path, *changes: Mapping[str, object], profile: Mapping[str, object] | None = None) -> list[str]:
    return [fault.code for fault in linted(folder, *changes, profile=profile).faults if fault.level != "note"]


def test_a_sound_rule_has_no_finding(tmp_path: Path) -> None:
    """Silence is possible."""
    assert linted(tmp_path, {}).faults == ()


CASES: Sequence[tuple[str, Mapping[str, object]]] = (
    ("L001", {"let": {"more": "score - weight", "spare": "weight"}}),
    ("L002", {"params": {"limit": 0, "spare": 1}}),
    ("L003", {"replaced_by": "TST-999"}),
    ("L004", {"examples": [*GOOD["examples"], {"given": {"weight": 5, "score": 5}, "outcome": "pass"}]}),  # type: ignore[misc]
    ("L010", {"expect": "score / weight <= 1 + limit"}),
    ("L020", {"when": "filled(weight) and filled(score) and score > weight and weight > score"}),
    ("L020", {"when": "filled(weight) and missing(weight)"}),
    ("L020", {"when": 'level1 == "产出" and level1 == "效益"'}),
    ("L021", {"when": "rows(indicators) >= 0", "each": "forms", "at": "total_score", "let": None, "params": None, "expect": "filled(total_score)",
              "message": {"zh": "缺", "en": "missing"}, "title": {"zh": "甲", "en": "A"},
              "examples": [{"given": {"total_score": 1}, "outcome": "pass"}, {"given": {}, "outcome": "fail"}, {"given": {"unread": ["total_score"]}, "outcome": "open"}]}),
    ("L022", {"when": "filled(weight) and score <= weight"}),
    ("L023", {"when": "filled(weight) and score > weight + limit"}),
    ("L030", {"expect": "score < weight + limit"}),
    ("L030", {"title": {"zh": "得分不应低于分值", "en": "Score and weight"}}),
    ("L030", {"title": {"zh": "得分与分值", "en": "A score must not be below its weight"}}),
    ("L050", {"examples": [e for e in GOOD["examples"] if e != {"given": {"weight": 5, "score": 5}, "outcome": "pass"}]}),  # type: ignore[attr-defined]
    ("L061", {"effective": {"from": 2020, "to": 2015}}),
)  # fmt: skip


@pytest.mark.parametrize(("code", "change"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_each_code_is_found(tmp_path: Path, code: str, change: Mapping[str, object]) -> None:
    """One thing wrong gives its code, at the line of the key."""
    faults = [fault for fault in linted(tmp_path, change).faults if fault.code == code]
    assert faults, [fault.told("zh") for fault in linted(tmp_path, change).faults]
    assert all(fault.file.endswith("rules.yaml") and fault.line > 1 and fault.text["zh"] and fault.text["en"] for fault in faults)


@pytest.mark.parametrize(
    "change",
    [
        {"when": "filled(weight) and filled(score) and weight > 0", "expect": "score / weight <= 1 + limit"},
        {"when": "filled(score) and weight != 0", "expect": "score / weight <= 1 + limit"},
        {"expect": "weight == 0 or score / weight <= 1 + limit"},
        {"expect": "(score / weight if weight > 0 else 0) <= 1 + limit"},
        {"expect": "score / 100 <= weight + limit"},
        {"each": "forms", "at": "total_score", "let": None, "title": {"zh": "甲", "en": "A"}, "message": {"zh": "甲", "en": "A"}, "when": "filled(total_score)",
         "expect": "coalesce(known_total(1, indicators.score / indicators.weight > 1), 0) <= limit",
         "examples": [{"given": {"total_score": 1}, "outcome": "pass"}, {"given": {"total_score": 1, "indicators": [{"weight": 1, "score": 2}]}, "outcome": "fail"},
                      {"given": {"unread": ["total_score"]}, "outcome": "open"}]},
    ],
)
def test_guarded_divisors_are_left_alone(tmp_path: Path, change: Mapping[str, object]) -> None:
    """A divisor that `when`, an earlier condition or a choice keeps from 0 is no fault, nor one in a figure over what is known."""
    assert "L010" not in found(tmp_path, change)


def test_a_divisor_shown_open_is_meant(tmp_path: Path) -> None:
    """An example in which the divisor is 0 and the outcome open says what comes of it; one that is open for another reason does not, nor one inside a figure over rows."""
    meant = {"expect": "score / weight <= 1 + limit", "examples": [*GOOD["examples"], {"given": {"weight": 0, "score": 5}, "outcome": "open"}]}  # type: ignore[misc]
    assert "L010" not in found(tmp_path, meant)
    assert "L010" in found(tmp_path, {**meant, "expect": "score / level1_weight <= 1 + limit"})
    assert "L010" in found(tmp_path, {**meant, "expect": "score <= weight + total(indicators.score, indicators.score / indicators.weight > 1)"})


def test_a_when_that_may_have_no_value_is_not_idle(tmp_path: Path) -> None:
    """The length of a text that is there is never 0, of none it is unknown: the rule is open then, and no example below the bound is asked for."""
    named = {"when": "length(name) > 0", "examples": [{**e, "given": {"name": "甲", **e["given"]}} for e in GOOD["examples"] if e["outcome"] != "not_applicable"]}  # type: ignore[attr-defined]
    assert found(tmp_path, named) == []


def test_a_first_day_is_never_after_its_last(tmp_path: Path) -> None:
    """No example is asked for in which work was begun after it was done; the other way round it is, and so for days of two intervals."""
    row = {"when": None, "let": None, "params": None, "title": {"zh": "甲", "en": "A"}, "message": {"zh": "甲", "en": "A"}}
    given = {"level2": "时效指标", "name": "培训完成", "target": "11月前", "forms": {"fiscal_year": 2023}}
    days = [{"given": {**given, "actual": actual}, "outcome": outcome} for actual, outcome in (("11月5日完成", "pass"), ("11月完成", "fail"))]
    unread = {"given": {**given, "unread": ["actual"]}, "outcome": "open"}
    assert "L050" not in found(tmp_path, {**row, "expect": "done_from == done_to", "examples": [*days, unread]})
    assert "L050" in found(tmp_path, {**row, "expect": "done_from != done_to", "examples": [{**days[1], "outcome": "pass"}, {**days[1], "outcome": "fail"}, unread]})
    assert "L050" in found(tmp_path, {**row, "expect": "done_from == deadline_strict", "examples": [*days, unread]})


def test_days_between_two_dates_may_be_negative(tmp_path: Path) -> None:
    """days() counts backwards where the later date is the earlier one: a condition below 0 is possible."""
    assert "L020" not in found(tmp_path, {"when": "days(done_to, deadline_strict) < 0"})


def test_words_for_one_and_for_many_use_their_number(tmp_path: Path) -> None:
    """`{more:point|points}` names the step `more`."""
    assert found(tmp_path, {"message": {"zh": "甲", "en": "{more:point|points}"}}) == []


def test_two_rules_that_no_row_can_pass_together(tmp_path: Path) -> None:
    """At most 5 here, at least 6 there: a contradiction; over other rows it is none."""
    low, high = {"expect": "score <= 5 + limit"}, {"expect": "score >= 6 + limit", "title": {"zh": "乙", "en": "B"}}
    assert "L025" in found(tmp_path, low, high)
    assert "L025" not in found(tmp_path, low, {**high, "forms": ["transfer"]})
    assert "L025" not in found(tmp_path, {**low, "when": 'level1 == "产出"'}, {**high, "when": 'level1 == "效益"'})
    assert "L025" not in found(tmp_path, low, {**high, "effective": {"from": 2010, "to": 2014}})


def test_a_contradiction_with_a_question_is_a_warning(tmp_path: Path) -> None:
    """Where one rule only asks, the two may meet on a form that contradicts itself."""
    asks = {"expect": "score >= 6 + limit", "kind": "heuristic", "severity": "note", "title": {"zh": "乙", "en": "B"}}
    codes_found = found(tmp_path, {"expect": "score <= 5 + limit"}, asks)
    assert "L027" in codes_found and "L025" not in codes_found


def test_a_contradiction_with_a_question_that_is_told_is_none(tmp_path: Path) -> None:
    """Where one of the two names the other and says what to look into, the reader knows; two certain rules still contradict each other."""
    low, high = {"expect": "score <= 5 + limit"}, {"expect": "score >= 6 + limit", "title": {"zh": "乙", "en": "B"}}
    told = {"verify": ["TST-001 也适用的，核实哪一处属实"]}
    assert "L027" not in found(tmp_path, low, {**high, **told, "kind": "heuristic", "severity": "note"})
    assert "L025" in found(tmp_path, low, {**high, **told})


def test_a_rule_that_another_implies(tmp_path: Path) -> None:
    """Every row above twice the weight is above the weight: the wider rule says all the narrower says, not the other way."""
    faults = [fault for fault in linted(tmp_path, {}, {"expect": "score <= weight * 2 + limit", "when": "filled(weight) and filled(score) and weight > 0"}).faults if fault.code == "L026"]
    assert [(fault.rule, "TST-001" in fault.text["zh"]) for fault in faults] == [("TST-002", True)]


def test_a_gap_between_a_rule_and_its_successor(tmp_path: Path) -> None:
    """In force to 2020, the successor from 2022: 2021 is unwatched; from 2021 there is no gap."""
    gone = {"effective": {"from": 2015, "to": 2020}, "replaced_by": "TST-002"}
    assert "L060" in found(tmp_path, gone, {"effective": {"from": 2022}})
    assert "L060" not in found(tmp_path, gone, {"effective": {"from": 2021}})


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"value": 1, "source": "文件"}, "L080"),
        ({"value": 1, "source": "文件", "loosens": "当地规定"}, None),
        ({"value": -1, "source": "文件"}, None),
        ({"value": 0, "source": "文件"}, None),
    ],
)
def test_loosening_needs_a_reason(tmp_path: Path, entry: Mapping[str, object], code: str | None) -> None:
    """A larger tolerance spares rows: it needs a reason; a smaller one does not."""
    codes_found = found(tmp_path, {}, profile={"id": "p", "params": {"TST-001": {"limit": entry}}})
    assert [c for c in codes_found if c in ("L080", "L082")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("expect", "value", "verdict"),
    [("score <= weight + limit", 1, "yes"), ("score >= weight + limit", 1, "no"), ("score == weight + limit", 1, "both"), ("round_half_up(score * limit, 1) <= weight", 1, "unknown")],
)
def test_the_direction_of_a_parameter(tmp_path: Path, expect: str, value: int, verdict: str) -> None:
    """Loosens, tightens, both, or out of the algebra's reach."""
    linted(tmp_path, {"expect": expect, "params": {"limit": 0.5}})
    rule = load_ruleset([tmp_path / "rules.yaml"]).rules[0]
    from decimal import Decimal

    assert loosens(rule, "limit", Decimal(value)) == verdict


def test_faulty_profiles_are_named(tmp_path: Path) -> None:
    """A profile for a rule or parameter that does not exist is an error."""
    assert "L081" in found(tmp_path, {}, profile={"id": "p", "params": {"TST-009": {"limit": {"value": 1, "source": "x"}}}})
    assert "L081" in found(tmp_path, {}, profile={"id": "p", "params": {"TST-001": {"limits": {"value": 1, "source": "x"}}}})


# the lock file


def test_a_changed_meaning_needs_a_new_version(tmp_path: Path) -> None:
    """Condition, severity, parameter, basis: each counts; with a new version the lock is only behind."""
    assert found(tmp_path, {}) == []
    for change in ({"expect": "score < weight + limit", "title": {"zh": "甲", "en": "A"}}, {"severity": "warning"}, {"params": {"limit": 1}}, {"basis": [{"document": "另一文件", "verified": False}]}, {"effective": {"from": 2016}}):
        assert "L040" in found(tmp_path, change), change
        raised = found(tmp_path, {**change, "version": 2})
        assert "L043" in raised and "L040" not in raised


def test_what_is_not_meaning_needs_no_version(tmp_path: Path) -> None:
    """Words, names of steps, Chinese field names and spaces do not change what a rule decides."""
    assert found(tmp_path, {}) == []
    same = {"expect": "得分  <=  分值 + limit", "let": {"excess": "得分 - 分值"}, "message": {"zh": "{excess}", "en": "{excess}"}, "advice": {"zh": "改", "en": "Mend"}}
    assert found(tmp_path, same) == []


def test_versions_never_fall_and_numbers_never_vanish(tmp_path: Path) -> None:
    """A lower version and a rule gone from the files are errors; a new rule is a warning."""
    assert found(tmp_path, {"version": 3}) == []
    assert found(tmp_path, {"version": 2}) == ["L041"]
    assert found(tmp_path, {"version": 3}, {"expect": "score <= weight + limit + 1"}).count("L042") == 1
    assert "L044" in found(tmp_path, {"id": "TST-007"})


def test_updating_keeps_what_is_at_fault(tmp_path: Path) -> None:
    """--update-lock takes new rules and new versions, never a changed meaning under the old version."""
    linted(tmp_path, {})
    before = load(tmp_path / "rules.lock.json")
    rule = load_ruleset([tmp_path / "rules.yaml"]).rules[0]
    changed = replace(rule, on_missing=type(rule.on_missing)("fail"))
    assert updated([changed], before) == before
    assert updated([replace(changed, version=2)], before)["TST-001"] == locked(replace(changed, version=2))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rules": []}', '{"rules": {"A": 1}}', '{"rules": {"A": {"version": "x", "meaning": {}}}}', "[" * 100_000])
def test_a_broken_lock_file_is_one_line(tmp_path: Path, content: str) -> None:
    """Whatever stands in the lock file, the fault is the user's and says what to do."""
    (tmp_path / "rules.lock.json").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load(tmp_path / "rules.lock.json")
    assert "--update-lock" in str(caught.value) and "\n" not in str(caught.value)


# the command


def test_the_command_ends_with_4_only_for_errors(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Warnings are printed and end with 0; a contradiction ends with 4; the file is named with its line."""
    linted(tmp_path, {"params": {"limit": 0, "spare": 1}})
    assert cli(["rules", "lint", "--rules", str(tmp_path)]) == 0
    assert b"L002" in capsysbinary.readouterr().out
    linted(tmp_path, {"when": "filled(weight) and missing(weight)"})
    assert cli(["rules", "lint", "--rules", str(tmp_path), "--lang", "en"]) == 4
    assert b"L020 TST-001.when: when contradicts itself" in capsysbinary.readouterr().out


def test_the_shipped_rules_have_no_warning(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Whatever the analysis warns of is settled in the rule or in the analysis before it is shipped."""
    assert cli(["rules", "lint", "--lang", "en"]) == 0
    assert b": 0 errors, 0 warnings, " in capsysbinary.readouterr().out


def test_the_command_writes_the_lock_once(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """--update-lock makes the lock; a change of meaning then is an error, also under --update-lock, until the version is raised."""
    linted(tmp_path, {})
    (tmp_path / "rules.lock.json").unlink()
    (tmp_path / "ruleset.yaml").write_text("id: x\nversion: '1'\n", encoding="utf-8")
    assert cli(["rules", "lint", "--rules", str(tmp_path), "--update-lock"]) == 0
    linted(tmp_path, {"severity": "warning"})
    assert cli(["rules", "lint", "--rules", str(tmp_path), "--update-lock"]) == 4
    linted(tmp_path, {"severity": "warning", "version": 2})
    assert cli(["rules", "lint", "--rules", str(tmp_path), "--update-lock"]) == 0
    assert json.loads((tmp_path / "rules.lock.json").read_text())["rules"]["TST-001"]["version"] == 2


def test_what_cannot_be_loaded_is_reported_as_a_finding(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Text compared by order, a message with an unknown name: the loader's faults have a code and a line too."""
    for change, told in (({"expect": "name < reason"}, "文字没有大小"), ({"message": {"zh": "{foo}", "en": "{foo}"}}, "规则没有计算")):
        rule = {**GOOD, **change}
        (tmp_path / "rules.yaml").write_text(json.dumps([rule], ensure_ascii=False, indent=1), encoding="utf-8")
        assert cli(["rules", "lint", "--rules", str(tmp_path / "rules.yaml")]) == 4
        out = capsysbinary.readouterr().out.decode()
        assert "L000 TST-001" in out and told in out
    for change in ({"message": {"zh": "{more}", "en": "{more:point}"}}, {"message": {"zh": "{more}", "en": "{foo:point|points}"}}, {"figure": {"zh": "甲", "en": "{more:point|points}"}}):
        (tmp_path / "rules.yaml").write_text(json.dumps([{**GOOD, **change}], ensure_ascii=False), encoding="utf-8")
        assert cli(["rules", "lint", "--rules", str(tmp_path / "rules.yaml")]) == 4
        assert "规则没有计算" in capsysbinary.readouterr().out.decode()
    assert refused(RuleError("x.yaml:3 TST-001.when: wrong")).faults[0].line == 3


# the algebra

NUMBERS = ("weight", "score", "level1_weight")


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> str:
    """A condition over three numbers and one text."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            sign = draw(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]))
            left = " + ".join(draw(st.lists(st.sampled_from([*NUMBERS, "1", "2"]), min_size=1, max_size=2)))
            return f"{left} {sign} {draw(st.sampled_from([*NUMBERS, '0', '3', 'weight * 2', 'abs(score)']))}"
        return draw(st.sampled_from(['level1 == "a"', 'level1 != "b"', 'level1 in ["a", "b"]']))
    if draw(st.integers(0, 4)) == 0:
        return f"not ({draw(conditions(depth - 1))})"
    joiner = draw(st.sampled_from([" and ", " or "]))
    return joiner.join(f"({draw(conditions(depth - 1))})" for _ in range(2))


def holds(node: Node, row: Mapping[str, object]) -> object:
    """The value of a condition on a row, by the plain meaning of its operators."""
    if isinstance(node, Const):
        return node.value
    if isinstance(node, Call):
        values = [holds(arg, row) for arg in node.args]
        if node.name == "in":
            return values[0] in values[1]  # type: ignore[operator]
        one = values[0]
        other = values[1] if len(values) > 1 else None
        return {
            "and": lambda: all(values), "or": lambda: any(values), "not": lambda: not one, "add": lambda: one + other, "mul": lambda: one * other,
            "abs": lambda: abs(one), "eq": lambda: one == other, "ne": lambda: one != other, "lt": lambda: one < other, "le": lambda: one <= other,
            "gt": lambda: one > other, "ge": lambda: one >= other,
        }[node.name]()  # type: ignore[operator, arg-type]  # fmt: skip
    return row[node.name]  # type: ignore[union-attr]


ROWS = st.fixed_dictionaries({**{name: st.integers(-4, 4).map(Fraction) for name in NUMBERS}, "level1": st.sampled_from(["a", "b", "c"])})


@settings(max_examples=250, deadline=None)
@given(conditions(), conditions(), ROWS)
def test_what_a_row_shows_is_never_called_impossible(one: str, other: str, row: Mapping[str, object]) -> None:
    """When a row satisfies both conditions (or their negations), the algebra must not say that they exclude each other."""
    trees = [parse(text, "indicators") for text in (one, other)]
    try:
        cubes = [alternatives(tree.root, bool(holds(tree.root, row))) for tree in trees]
        assert possible(cubes[0]) and possible(both(*cubes)) and meet(*cubes)
    except TooMany:
        assume(False)


@settings(max_examples=200, deadline=None)
@given(conditions())
def test_a_condition_and_its_negation_exclude_each_other(text_: str) -> None:
    """No row makes a condition true and false at once."""
    root = parse(text_, "indicators").root
    try:
        assert not possible(both(alternatives(root, True), alternatives(root, False)))
    except TooMany:
        assume(False)


def test_titles_speak_of_the_longest_phrase() -> None:
    """不应超过 is at most, not more than."""
    assert [name for _, name, _ in said("得分不应超过分值", "zh")] == ["le"]
    assert [name for _, name, _ in said("分值应大于零", "zh")] == ["gt"]
    assert said("得分应与完成档次一致", "zh") == []


# the shipped rules


@cache
def shipped() -> tuple[tuple[Rule, ...], Linted]:
    rules = load_rules().rules
    folder = rules_dir()
    return rules, lint(rules, homes(rules, [folder.parent]))


def test_the_shipped_rules_have_no_errors() -> None:
    """Nothing contradictory, always true or never applicable ships; warnings are printed by the command."""
    assert [fault.told("zh") for fault in shipped()[1].faults if fault.level == "error"] == []


def test_every_rule_is_analysed_or_named() -> None:
    """What was not analysed is said: each rule is in the analysis or in the list of those left out."""
    rules, result = shipped()
    assert set(result.left_out or {}) == {rule.id for rule in rules if rule.expect is None}


def test_codes_are_stable_and_bilingual() -> None:
    """Each code has a level and words in both languages with the same slots."""
    import string

    for code, words in codes().items():
        assert code[0] == "L" and len(code) == 4 and words["level"] in ("error", "warning", "note")
        slots = [{name for _, name, _, _ in string.Formatter().parse(words[lang]) if name} for lang in ("zh", "en")]
        assert slots[0] == slots[1], code


def test_each_folder_has_its_own_lock_and_profiles(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Own rules beside the shipped ones are compared with their own lock file; one file of a folder does not miss the others."""
    own = tmp_path / "own"
    own.mkdir()
    linted(own, {}, {"expect": "score <= weight + limit + 1", "title": {"zh": "乙", "en": "B"}})
    assert cli(["rules", "lint", "--rules", "builtin", "--rules", str(own), "--lang", "en"]) == 0
    assert "own/rules.lock.json" not in capsysbinary.readouterr().out.decode()
    (own / "rules.yaml").rename(own / "a.yaml")
    whole = json.loads((own / "a.yaml").read_text(encoding="utf-8"))
    (own / "a.yaml").write_text(json.dumps(whole[:1], ensure_ascii=False), encoding="utf-8")
    assert cli(["rules", "lint", "--rules", str(own / "a.yaml")]) == 0
    assert cli(["rules", "lint", "--rules", str(own)]) == 4
    assert "L044 TST-002" in capsysbinary.readouterr().out.decode()

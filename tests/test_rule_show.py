"""One rule whole, the skeleton of a new one, and the commands around them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.api import load_rules
from checker.authoring.examples import run_examples
from checker.authoring.show import GRAINS, OUTCOMES, given, meaning, params, show
from checker.authoring.skeleton import skeleton
from checker.cli import cli
from checker.errors import UsageError
from checker.render.shown import width
from checker.rules.profiles import load_profiles
from checker.rules.rule import Rule
from checker.rules.ruleset import load_ruleset

RULES = load_rules().rules
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_shown(rule: Rule, lang: str) -> None:
    """Title, both sentences, basis, guards, every example and the compiled query; drafts say why they are drafts."""
    text = show(rule, load_profiles(), lang)
    assert rule.title["zh"] in text and rule.title["en"] in text and f"{rule.file}:{rule.line}" in text
    if rule.expect is None:
        assert rule.draft_reason is None or rule.draft_reason[lang] in text
        return
    assert meaning(rule, "zh") in text and meaning(rule, "en") in text
    assert all(basis.document in text for basis in rule.basis)
    assert all(guard in text for guard in rule.not_when)
    assert text.count("\n  " + OUTCOMES[lang]["fail"] + ("：" if lang == "zh" else ": ")) == sum(e.outcome.value == "fail" for e in rule.examples)
    assert 'alias("expect")' in text


def test_the_sentence_says_when_and_what() -> None:
    """Generated from the expressions: what applies, what must hold, in both languages."""
    assert meaning(BY_ID["SCO-010"], "zh").startswith("当总得分已填时，要求：")
    assert meaning(BY_ID["SCO-010"], "en").startswith("When total score is filled, required: 0 is at most total score") or "total score is at least 0" in meaning(BY_ID["SCO-010"], "en")


def test_parameters_are_shown_with_their_profiles() -> None:
    """The default beside each profile that has a value of its own."""
    listed = {name: (value, others) for name, value, others in params(BY_ID["BUD-008"], load_profiles(), "zh")}
    profiles = {profile.id: profile.params["BUD-008"]["limit"] for profile in load_profiles() if "limit" in profile.params.get("BUD-008", {})}
    assert profiles and listed["limit"][0] == str(BY_ID["BUD-008"].params["limit"])
    assert [value for _, value in listed["limit"][1]] == [str(profiles[name]) for name in sorted(profiles)]
    assert all(str(value) in show(BY_ID["BUD-008"], load_profiles(), "en") for value in profiles.values())


def test_unverified_clauses_are_marked() -> None:
    """A clause nobody read is never shown as if somebody had."""
    for rule in RULES:
        text = show(rule, (), "zh")
        assert text.count("条款待核") >= sum(not basis.verified for basis in rule.basis)


def test_examples_use_the_names_of_the_language() -> None:
    """Fields, rows beside the row, blanks and unreadable cells in words."""
    rule = BY_ID["SCO-002"]
    example = next(e for e in rule.examples if "budget_lines" in e.given and "indicators" in e.given)
    assert "总得分" in given(rule, example, "zh") and "指标 〔得分" in given(rule, example, "zh")
    assert "total score" in given(rule, example, "en") and not any("\u4e00" <= c <= "\u9fff" for c in given(rule, example, "en").partition("indicators")[0])


def test_every_grain_of_a_form_has_words() -> None:
    """Each kind of row is named in both languages."""
    assert GRAINS["zh"].keys() == GRAINS["en"].keys()


def test_a_skeleton_is_a_valid_rule(tmp_path: Path) -> None:
    """What `rules new` prints loads and its examples hold, before anything is filled in and once it is made active."""
    text = skeleton("IND", ["IND-001", "IND-007", "DED-099"])
    file = tmp_path / "new.yaml"
    file.write_text(text, encoding="utf-8")
    rule = load_ruleset([file]).rules[0]
    assert (rule.id, rule.status) == ("IND-008", "draft")
    file.write_text("\n".join(line for line in text.replace("status: draft", "status: active").splitlines() if "draft_reason:" not in line), encoding="utf-8")
    active = load_ruleset([file]).rules
    assert active[0].status == "active" and [r.fault for r in run_examples(active) if r.fault] == []


@pytest.mark.parametrize(("family", "used", "wanted"), [("IND", [], "IND-001"), ("DED", ["DED-001", "DED-003"], "DED-004"), ("SCO", ["SCO-998"], "SCO-999")])
def test_numbers_are_never_given_again(family: str, used: list[str], wanted: str) -> None:
    """The next number is above every number ever used, gaps stay gaps."""
    assert f"- id: {wanted}\n" in skeleton(family, used)


@pytest.mark.parametrize(("family", "used"), [("ind", []), ("IN", []), ("INDX", []), ("", []), ("IND", ["IND-999"]), ("I\nD", [])])
def test_a_family_is_three_capitals_with_a_number_left(family: str, used: list[str]) -> None:
    """Anything else is wrong usage, said in one line."""
    with pytest.raises(UsageError) as caught:
        skeleton(family, used)
    assert "\n" not in str(caught.value)


def test_the_commands(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    """list, show, new and schema print; an unknown rule is wrong usage with a suggestion; numbers locked are not given again."""
    assert cli(["rules", "list"]) == 0
    assert len(capsysbinary.readouterr().out.decode().splitlines()) == len(RULES)
    assert cli(["rules", "show", "DED-001", "--lang", "en"]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("DED-001  A deduction needs a reason")
    assert cli(["rules", "show", "DED-01"]) == 2
    assert "（是否要写“DED-001”？）" in capsysbinary.readouterr().err.decode()
    assert cli(["rules", "new", "IND"]) == 0
    assert "IND-001" in capsysbinary.readouterr().out.decode()
    (tmp_path / "rules.yaml").write_text(skeleton("IND", []), encoding="utf-8")
    (tmp_path / "rules.lock.json").write_text(json.dumps({"version": 1, "rules": {"IND-041": {"version": 1, "meaning": {}}}}), encoding="utf-8")
    assert cli(["rules", "new", "IND", "--rules", str(tmp_path)]) == 0
    assert "IND-042" in capsysbinary.readouterr().out.decode()
    assert cli(["rules", "schema"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["type"] == "array"


def test_the_list_of_rules_speaks_the_language_of_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    """Status, severity and what a rule looks at are words, Chinese unless English is asked for; titles stand in one column."""
    for lang, (said, grain) in {"zh": ("启用  错误", "每个指标"), "en": ("active  error", "each indicator")}.items():
        assert cli(["rules", "list", "--lang", lang]) == 0
        lines = capfd.readouterr().out.splitlines()
        assert len(lines) == len(RULES)
        first = next(line for line in lines if line.startswith("DED-001"))
        assert first.startswith(f"DED-001  {said}") and grain in first
        assert len({width(line[: line.index(rule.title[lang])]) for line, rule in zip(lines, RULES, strict=True)}) == 1

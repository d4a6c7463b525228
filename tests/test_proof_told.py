"""What a proof says is filed stands in the form; key figures show how they were worked out; English runs speak English."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checker import api
from checker.fields import BY_TABLE
from checker.model import FormResult, Outcome

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "sample_forms" / "minhang_dpf_2023.txt"
CORPUS = ROOT / "tests" / "corpus" / "forms" / "xlsx"
FORMS = (SEED, CORPUS / "01_chizhou_tangxi.xlsx", CORPUS / "24_luan_culture.xlsx", CORPUS / "38_daying_consumer_city.xlsx")


@cache
def audited(path: Path, lang: str = "zh") -> FormResult:
    return api.check([path], as_of=date(2024, 4, 18), lang=lang).forms[0]


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_a_text_cell_is_quoted_not_replaced_by_a_count(path: Path) -> None:
    """What is reported at a text cell is its text; how many words or rows were counted is said with its name beside it."""
    named = {rule.id for rule in api.load_rules().active if rule.reported is not None}
    seen = 0
    for finding in audited(path).findings:
        at = finding.locations[0]
        if finding.kind is not Outcome.FAIL or finding.reported is None or finding.rule in named or BY_TABLE[at.table][at.field].unit != "text":
            continue
        seen += 1
        assert finding.reported == at.text, finding.rule
    assert seen


def test_a_count_is_expected_by_name() -> None:
    """The cell with two targets is quoted as filed; how many targets it should have is said by name."""
    found = next(f for f in audited(SEED).findings if f.rule == "TGT-004" and f.kind is Outcome.FAIL)
    assert (found.reported, found.expected, found.difference) == ("100%(115人,20家企业)", "目标个数 ≤ 1", "+1")


def test_a_rule_on_the_whole_form_reports_nothing_of_its_title() -> None:
    """Missing kinds of indicators point at the title, too many full marks at the total; neither cell is what is wrong."""
    found = {f.rule: f for f in audited(SEED).findings if f.kind is Outcome.FAIL}
    asked = [rule for rule in ("STR-008", "GRD-002", "WGT-007") if rule in found]
    assert asked
    assert [found[rule].reported for rule in asked] == [None] * len(asked)


def figures(lang: str = "zh") -> dict[str, tuple[object, object, object]]:
    return {str(f["name"]): (f["reported"], f["expected"], f["arithmetic"]) for f in audited(SEED, lang).figures if "name" in f}


def test_sums_are_written_out() -> None:
    """Sources and structure are two figures, budget and executed, each with its terms; a level's weight is the sum of its rows."""
    made = figures()
    assert made["资金来源与资金结构：执行数"] == ("56,690,686.28", "56,690,686.28", "56,690,686.28 + 0.00 = 56,690,686.28；9,391,037.56 + 47,299,648.72 = 56,690,686.28")
    assert made["满意度指标分值"] == ("10", "10.00", "5.00 + 5.00 = 10.00")


def test_an_unreadable_cell_is_carried_through_the_sum() -> None:
    """The total shows what can be read and the □ that is missing, with the reason."""
    reported, expected, arithmetic = figures()["总得分"]
    assert (reported, expected) == ("98.75", "97.75 + □")
    assert "第 27 行" in str(arithmetic)


def test_no_figure_compares_a_count_with_itself() -> None:
    """How the rates are rounded is told in words: no `0 = 0`."""
    assert not [name for name, (_, _, arithmetic) in figures().items() if re.fullmatch(r"[\d.]+ = [\d.]+", str(arithmetic))]


def test_rates_are_compared_with_the_usual_rounding() -> None:
    """97.84 passes as cut off, and the figure says 97.85 is what rounding half up gives."""
    assert figures()["执行率：基本支出"][:2] == ("97.84%", "97.85%")


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_english_runs_tell_repairs_and_gaps_in_english(path: Path) -> None:
    """What was said of the reading of a form is in the language of the run; only quoted cells stay Chinese."""
    form = audited(path, "en").form
    told = [*form.repairs, *form.unread, *(place.unread for place in form.places.values() if place.unread)]
    quoted = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'|[^\s:]+![A-Z]+\d+|titles such as [^)]*")
    assert [text for text in told if re.search(r"[\u4e00-\u9fff]", quoted.sub("", text))] == []


def test_every_step_has_a_name_for_a_person() -> None:
    """The named steps of each rule are shown by names in both languages, never by an identifier; a step that is only true or false is not shown."""
    from checker.render.labels import load

    steps = {rule.id: {name for name, tree in rule.let.items() if tree.unit != "bool" and not name.endswith(("_zh", "_en"))} for rule in api.load_rules().rules}
    for lang in ("zh", "en"):
        names = load(lang)["page"]["findings"]["step_names"]
        assert {rule: set(named) for rule, named in names.items()} == {rule: named for rule, named in steps.items() if named}
        said = [str(name) for named in names.values() for name in named.values()]
        assert not [name for name in said if "_" in name]
        assert all((re.search(r"[\u4e00-\u9fff]", name) is not None) is (lang == "zh") for name in said)


def test_a_rule_of_somebody_else_keeps_its_own_names() -> None:
    """What a shipped rule calls a step says nothing of a step of that name elsewhere: a count of kinds is no sum of weights."""
    from checker.render.labels import load

    names = load("zh")["page"]["findings"]["step_names"]
    assert (names["STR-008"]["outputs"], names["WGT-003"]["outputs"]) == ("产出类项数", "产出类分值")
    assert "OWN-001" not in names


def test_english_messages_have_no_chinese_words_of_ours() -> None:
    """What rules put in their messages in place of an empty list, and counts of merged names, hold no Chinese word."""
    said = [f.message for f in audited(SEED, "en").findings if f.rule in ("STR-006", "STR-010")]
    assert len(said) == 2
    assert not [text for text in said if re.search(r"无|个名称|行", text)]


def test_a_cell_that_says_none_is_quoted_as_filed(tmp_path: Path) -> None:
    """The 无 of a form is the form's word and stays so in an English message."""
    row = {"level2": "社会效益指标", "name": "办事便捷性", "target": "有提升", "actual": "达成预期指标", "weight": 10, "score": 9, "reason": "无"}
    file = tmp_path / "form.json"
    file.write_text(json.dumps({"forms": [{"form": {"form_type": "project", "unit_name": "甲局", "fiscal_year": 2023}, "indicators": [row]}]}), encoding="utf-8")
    form = api.check([file], as_of=date(2024, 4, 18), lang="en", select=["ACH-005"]).forms[0]
    assert ['the reason "无"' in finding.message for finding in form.findings] == [True]


def test_undecided_english_names_fields_in_words() -> None:
    """What is missing for a decision is named as people say it, never by an identifier."""
    reasons = [f.message for f in audited(SEED, "en").findings if f.kind is Outcome.OPEN]
    assert any("reason text" in reason for reason in reasons)
    assert not [reason for reason in reasons if re.search(r"[a-z]_[a-z]", reason)]

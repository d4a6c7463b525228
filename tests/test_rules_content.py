"""What every rule of the shipped set must look like: complete, bilingual, short, grounded, in the catalogue's numbers."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from checker.api import load_rules
from checker.authoring.examples import run_examples
from checker.resources import rules_dir
from checker.rules.profiles import load_profiles, with_profile
from checker.rules.rule import Rule
from checker.wording import slots_only

RULES = load_rules().rules
ACTIVE = [rule for rule in RULES if rule.status == "active"]

# The catalogue's families and how many rules each has there; further numbers are additions of ours.
CATALOGUE = {
    "STR": 12,
    "BUD": 11,
    "WGT": 9,
    "SCO": 5,
    "ACH": 12,
    "DED": 6,
    "TGT": 12,
    "TIM": 10,
    "NAR": 8,
    "XFM": 12,
    "GRD": 3,
}

KEY_ORDER = (
    "id", "version", "status", "title", "severity", "severity_when", "kind", "confidence", "forms", "each", "let", "when",
    "expect", "on_missing", "aggregate", "at", "rows_of", "rows", "message", "advice", "basis",
)  # fmt: skip


def by_id(rule: Rule) -> str:
    return rule.id


def test_every_rule_of_the_catalogue_is_there() -> None:
    """A hundred rules, each under its own number."""
    assert sum(CATALOGUE.values()) == 100
    wanted = {f"{family}-{number:03d}" for family, count in CATALOGUE.items() for number in range(1, count + 1)}
    assert wanted <= {rule.id for rule in RULES}


def test_numbers_run_without_gaps() -> None:
    """Additions take the next free number."""
    for family in CATALOGUE:
        numbers = sorted(int(rule.id[4:]) for rule in RULES if rule.family == family)
        assert numbers == list(range(1, len(numbers) + 1)), family


def test_drafts_are_few_and_explained() -> None:
    """A rule is a draft only for want of a text or of other documents, and says which."""
    drafts = {rule.id for rule in RULES if rule.status == "draft"}
    assert len(drafts) <= 20
    for rule in RULES:
        if rule.status == "draft":
            assert rule.draft_reason and len(rule.draft_reason["zh"]) >= 10, rule.id


@pytest.mark.parametrize("rule", ACTIVE, ids=by_id)
def test_texts_are_short_and_in_both_languages(rule: Rule) -> None:
    """Titles and messages stay short, slots included; messages that compare forms may be longer."""
    assert len(rule.title["zh"]) <= 30
    assert len(rule.message["zh"]) <= (200 if rule.family == "XFM" else 130)
    assert len(rule.title["en"]) <= 75
    for text in (rule.title["en"], rule.advice["en"]):
        assert not re.search(r"[。，；：]", text), text
    assert rule.advice["zh"].endswith(("。", "）"))
    slots = {lang: set(re.findall(r"\{[^}]+\}", slots_only(rule.message[lang]))) for lang in ("zh", "en")}
    assert slots["zh"] == slots["en"] or {s.replace("_zh", "").replace("_en", "") for s in slots["zh"]} == {
        s.replace("_zh", "").replace("_en", "") for s in slots["en"]
    }


@pytest.mark.parametrize("rule", ACTIVE, ids=by_id)
def test_a_parametric_rule_has_parameters_or_says_so(rule: Rule) -> None:
    """A heuristic rule is never an error; what has a threshold keeps it as a parameter with a name."""
    if rule.kind == "heuristic":
        levels = {rule.severity.value, *(level.value for _, level in rule.severity_when)}
        assert "error" not in levels
    for name in rule.params:
        assert re.fullmatch(r"[a-z][a-z_]+", name)


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_basis_is_honest(rule: Rule) -> None:
    """Relations are of three kinds; clauses of 财预〔2020〕10号 and 101号 were not read and are marked so."""
    for basis in rule.basis:
        assert basis.relation in ("依据", "参照", "实务"), basis
        if basis.document.startswith(("财预〔2020〕10号", "财预〔2021〕101号", "预算法")):
            assert not basis.verified, (rule.id, basis)


@pytest.mark.parametrize("file", sorted(rules_dir().glob("*.yaml")), ids=lambda path: path.name)
def test_keys_stand_in_one_order(file) -> None:  # type: ignore[no-untyped-def]
    """A reader finds each key where he looks for it."""
    if file.name in ("policy.yaml", "ruleset.yaml"):
        return
    for block in re.split(r"(?m)^(?=- id:)", file.read_text(encoding="utf-8"))[1:]:
        keys = ["id", *re.findall(r"(?m)^  ([a-z_]+):", block)]
        ordered = [key for key in keys if key in KEY_ORDER]
        assert ordered == sorted(ordered, key=KEY_ORDER.index), block.splitlines()[0]


def test_profiles_fit_the_rules() -> None:
    """Every profile's parameters exist and compile; at least five jurisdictions are covered."""
    profiles = load_profiles()
    assert len(profiles) >= 5
    for profile in profiles:
        assert profile.title["zh"] and profile.title["en"]
        with_profile(ACTIVE, profile)


def test_looser_values_give_a_reason() -> None:
    """A profile value that is milder than the default says why in the file."""
    for file in sorted((rules_dir() / "profiles").glob("*.yaml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if re.search(r"\blower: \{value: 50\b|\bmany: \{value: 60\b", line):
                assert "loosens" in line, file.name


@pytest.mark.parametrize(("profile", "outcome"), [("national_project", "pass"), ("jiangxi_project", "fail")])
def test_a_profile_fixes_the_formula_of_reverse_indicators(profile: str, outcome: str) -> None:
    """125 against at most 100, scored 7.5 of 10 by excess: fine where no formula is set, wrong where the form says A/B × points (8)."""
    rule = next(r for r in with_profile(ACTIVE, next(p for p in load_profiles() if p.id == profile)) if r.id == "ACH-002")
    given = {"level2": "成本指标", "name": "单位成本", "target": "≤100元", "actual": "125元", "weight": 10, "score": 7.5}
    [result] = run_examples([replace(rule, examples=(replace(rule.examples[0], given=given),))])
    assert result.outcome.value == outcome


@pytest.mark.parametrize(
    ("rounding", "rate", "outcome"),
    [("nearest", 99.18, "pass"), ("half_up", 99.18, "fail"), ("any", 99.18, "pass"), ("half_up", 99.19, "pass"), ("nearest", 99.17, "not_applicable")],
)
def test_a_profile_fixes_how_rates_may_be_rounded(rounding: str, rate: float, outcome: str) -> None:
    """991.85 of 1000 is 99.19 half up and 99.18 half to even: the second is no rounding where only half up is accepted."""
    profile = replace(load_profiles()[0], params={"BUD-002": {"rounding": rounding}})
    rule = next(r for r in with_profile(ACTIVE, profile) if r.id == "BUD-002")
    given = {"budget": 1000, "executed": 991.85, "rate": rate}
    [result] = run_examples([replace(rule, examples=(replace(rule.examples[0], given=given),))])
    assert result.outcome.value == outcome


@pytest.mark.parametrize(("rounding", "outcome"), [("nearest", "fail"), ("half_up", "fail"), ("any", "pass")])
def test_cut_off_rates_pass_only_where_a_profile_accepts_them(rounding: str, outcome: str) -> None:
    """97.8477 printed as 97.84."""
    profile = replace(load_profiles()[0], params={"BUD-002": {"rounding": rounding}})
    rule = next(r for r in with_profile(ACTIVE, profile) if r.id == "BUD-002")
    given = {"budget": 9597603.49, "executed": 9391037.56, "rate": 97.84}
    [result] = run_examples([replace(rule, examples=(replace(rule.examples[0], given=given),))])
    assert result.outcome.value == outcome

"""What an auditor found by hand on 22 published forms, against what the rules find: recall and precision.

Printed with `pytest -s tests/test_hand_findings.py`; the README keeps the table, docs/known-limits.md
explains each miss and each kind of extra.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checker.api import check, read
from checker.model import Finding, Outcome

CORPUS = Path(__file__).parent / "corpus" / "forms"
NAMES = sorted(path.name.removesuffix(".findings.json") for path in (CORPUS / "truth").glob("*.findings.json"))

# A class of the hand findings → the rules that answer it. `other` goes by the code its detail begins with.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "actual_not_quantified": ("ACH-006", "TGT-002", "TIM-003", "TIM-013", "TGT-008"),
    "missing_value": (
        "STR-002",
        "STR-004",
        "STR-011",
        "STR-013",
        "STR-014",
        "STR-016",
        "BUD-013",
        "BUD-014",
        "SCO-007",
    ),
    "placeholder_left": ("STR-010",),
    "deduction_without_reason": ("DED-001", "DED-007", "DED-008"),
    "budget_parts_do_not_sum": ("BUD-004", "BUD-015", "BUD-016", "BUD-022", "BUD-023"),
    "rate_mismatch": ("BUD-001", "BUD-004", "BUD-009"),
    "over_achievement_unexplained": ("ACH-007",),
    "weights_sum": ("WGT-001", "WGT-011"),
    "total_score_mismatch": ("SCO-002",),
    "level_weight_mismatch": ("WGT-002", "WGT-003"),
    "target_missed_but_full_score": ("ACH-004",),
    "timeliness_vs_dates": ("TIM-004", "TIM-012"),
    "budget_adjustment_unexplained": ("BUD-008",),
    "cost_deviation_unexplained": ("ACH-015",),
    "execution_score_mismatch": ("BUD-011", "BUD-024"),
    "indicator_misclassified": ("TGT-006",),
    "level_mislabelled": ("STR-018",),
    "level_missing": ("STR-008",),
    "low_execution_called_complete": ("ACH-014",),
    "malformed_number": ("BUD-010",),
    "met_but_deducted": ("ACH-013", "ACH-017"),
    "narrative_copied": ("NAR-006",),
    "narrative_sum": ("NAR-002",),
    "part_row_scored": ("BUD-012",),
    "single_indicator": ("WGT-003", "WGT-006", "STR-008"),
    "unit_mismatch": ("TGT-014",),
    "weight_unusual": ("WGT-003", "WGT-006", "WGT-010"),
    "actual_vs_budget": ("TGT-015",),
    # seen by the auditor only beside other documents or by knowing the trade: no rule of a single form claims them
    "head_inconsistent": (),
    "year_mismatch": (),
}

# Rules of the class fire on these forms for another cell: only what answers this very finding counts.
ONLY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("39_yueyang_rural_road", "missing_value"): ("STR-010",),
    ("42_pengshui_family", "actual_not_quantified"): ("ACH-006", "TGT-002"),
}

# The words of this hand finding name a second fault: 98 % of 10 would be 9.8.
ALSO: Mapping[str, tuple[str, ...]] = {"09_yongde_mingliang_school": ("ACH-001",)}

# Errors and warnings no hand finding asks for, all true of the file; docs/known-limits.md says why of each.
EXTRAS: set[tuple[str, str]] = {
    ("01_chizhou_tangxi", "TGT-001"),
    ("01_chizhou_tangxi", "TIM-002"),
    ("03_putuo_sports_yunnan_aid", "BUD-007"),
    ("03_putuo_sports_yunnan_aid", "STR-014"),
    ("09_yongde_mingliang_school", "NAR-006"),
    ("09_yongde_mingliang_school", "TGT-001"),
    ("20_suining_drug_transfer", "ACH-008"),
    ("29_zhongjiang_water", "TGT-001"),
    ("35_longyang_fertilizer", "BUD-007"),
}

# Misses explained in docs/known-limits.md: (form, class)
KNOWN_MISSES: set[tuple[str, str]] = {
    ("15_liangping_forestry", "year_mismatch"),
    ("30_fishing_ban", "head_inconsistent"),
}


@cache
def findings(name: str) -> tuple[Finding, ...]:
    """Everything that fails on one form, read from its published page."""
    results = check(read([CORPUS / "html" / f"{name}.html"]), as_of=date(2024, 6, 30))
    return tuple(f for form in results.forms for f in form.findings if f.kind is Outcome.FAIL)


@cache
def by_hand(name: str) -> tuple[tuple[str, str, str], ...]:
    """(class, where, detail) of the hand findings; `other` under the code its detail begins with."""
    told = json.loads((CORPUS / "truth" / f"{name}.findings.json").read_text(encoding="utf-8"))
    listed = told if isinstance(told, list) else told.get("findings", [])
    return tuple(
        (f["detail"].partition(":")[0] if f["rule"] == "other" else f["rule"], f["where"], f["detail"]) for f in listed
    )


CASES = [(name, kind, where) for name in NAMES for kind, where, _ in by_hand(name)]


@pytest.mark.parametrize(("name", "kind", "where"), CASES, ids=[f"{n}: {k} {w}" for n, k, w in CASES])
def test_hand_finding_is_found(name: str, kind: str, where: str) -> None:
    """A rule of the class fails on the form; a known miss stays one, so that mending it is noticed."""
    hit = bool({f.rule for f in findings(name)} & set(ONLY.get((name, kind), ANSWERS[kind])))
    assert hit is ((name, kind) not in KNOWN_MISSES), where


def recall() -> tuple[Counter[str], Counter[str]]:
    """How many findings of each class were made by hand, and how many of them the rules give."""
    wanted: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for name, kind, _ in CASES:
        wanted[kind] += 1
        got[kind] += bool({f.rule for f in findings(name)} & set(ONLY.get((name, kind), ANSWERS[kind])))
    return wanted, got


def extras(name: str) -> set[str]:
    """The rules whose errors and warnings on a form no hand finding asks for."""
    answered = {rule for kind, _, _ in by_hand(name) for rule in ANSWERS[kind]} | set(ALSO.get(name, ()))
    return {f.rule for f in findings(name) if f.severity.value in ("error", "warning")} - answered


def precision() -> tuple[Counter[str], Counter[str]]:
    """On how many forms each rule gives an error or warning, and on how many of them one was asked for by hand."""
    fired: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for name in NAMES:
        for rule in {f.rule for f in findings(name) if f.severity.value in ("error", "warning")}:
            fired[rule] += 1
            asked[rule] += rule not in extras(name)
    return fired, asked


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Recall by class and precision by rule are printed; the extras are those explained, and nothing else."""
    (wanted, got), (fired, asked) = recall(), precision()
    with capsys.disabled():
        print(f"\nhand findings {sum(wanted.values())}, found {sum(got.values())}")
        for kind, number in sorted(wanted.items()):
            print(f"| {kind} | {got[kind]} / {number} |")
        print(f"errors and warnings, rule and form {sum(fired.values())}, asked for by hand {sum(asked.values())}")
        for rule, number in sorted(fired.items()):
            print(f"| {rule} | {asked[rule]} / {number} |")
    assert sum(got.values()) / sum(wanted.values()) >= 0.95
    assert {(name, rule) for name in NAMES for rule in extras(name)} == EXTRAS

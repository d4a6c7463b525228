"""What a senior auditor finds on the seed form: every finding with its lines, every trap silent."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from checker.api import Reading, check, forms_of_bytes
from checker.model import Finding, FormResult, Outcome, Source, Verdict
from checker.readers.limits import DEFAULT

SEED = Path(__file__).resolve().parent.parent / "sample_forms" / "minhang_dpf_2023.txt"
DAY = date(2024, 4, 18)


def checked(text: str) -> FormResult:
    """The seed's text, changed or not, through the whole program."""
    forms, _ = forms_of_bytes(text.encode(), Source("seed.txt", "0" * 64, "txt", encoding="utf-8"), DEFAULT)
    return check(Reading(forms), as_of=DAY).forms[0]


@cache
def result() -> FormResult:
    return checked(SEED.read_text(encoding="utf-8"))


def found(rule: str, kind: Outcome = Outcome.FAIL) -> list[Finding]:
    return [finding for finding in result().findings if finding.rule == rule and finding.kind is kind]


def lines(rule: str, severity: str | None = None, kind: Outcome = Outcome.FAIL) -> list[int]:
    """The source lines a rule points at, in order."""
    return sorted(
        {
            place.locator.line
            for finding in found(rule, kind)
            if severity in (None, finding.severity.value)
            for place in finding.locations
            if place.role == "primary" and place.locator.line
        }
    )


def outcome(rule: str) -> Outcome:
    return next(told.outcome for told in result().rules if told.rule == rule)


VALUELESS = [27, 32, 37, *range(39, 49), 50, 64, 65, 69, 70, *range(72, 76), 77, 78]
DEDUCTED = [28, 31, 33, 34, 38, 39]

# (rule, severity, lines the findings point at): GROUND_TRUTH sections 2 and 6
EXPECTED: list[tuple[str, str, list[int]]] = [
    ("DED-001", "error", [39]),
    ("ACH-005", "error", DEDUCTED),
    ("STR-004", "error", [27]),
    ("STR-003", "error", [27]),
    ("ACH-001", "warning", [28, 31, 33, 34]),
    ("ACH-011", "warning", DEDUCTED),
    ("ACH-009", "warning", [31, 33, 34, 38, 45, 47, 48, 50]),
    ("ACH-006", "warning", VALUELESS),
    ("ACH-007", "warning", [29, 35]),
    ("ACH-008", "warning", [29, 35]),
    ("NAR-001", "warning", [35]),
    ("STR-005", "warning", [20]),
    ("NAR-003", "warning", [15]),
    ("NAR-004", "warning", [15]),
    ("NAR-007", "warning", [15]),
    ("STR-009", "warning", [15]),
    ("DED-002", "warning", [21]),
    ("TIM-003", "warning", list(range(51, 63))),
    ("TIM-001", "warning", [51]),
    ("TIM-002", "warning", [56, 59, 61]),
    ("TGT-001", "warning", [63, 66, 67, 68, 71, 76]),
    ("TGT-002", "warning", [63, 66, 67, 68, 71, 76]),
    ("TGT-010", "warning", [64, 65, 73, 74]),
    ("TGT-008", "warning", [77, 78]),
    ("TGT-004", "warning", [33, 48]),
    ("TGT-005", "warning", [28, 31, 33, 34, 38]),
    ("TGT-005", "note", [27, 29, 30, 32, 35, 36, 37, 39, 40, *range(44, 49), 50]),
    ("TGT-011", "warning", [56]),
    ("BUD-002", "note", [11]),
    ("STR-006", "note", [20]),
    ("STR-008", "note", [3]),
    ("STR-010", "note", [20]),
    ("STR-011", "note", [3]),
    ("SCO-003", "note", [27]),
    ("WGT-007", "note", [79]),
    ("WGT-008", "note", [27, 51]),
    ("ACH-010", "note", [30]),
    ("DED-003", "note", [21, 28, 31, 33, 34, 38]),
    ("DED-004", "note", [38]),
    ("DED-005", "note", [28, 31, 33, 34, 38]),
    ("DED-006", "note", [28, 29, 30, 31, 33, 34, 35, 36, 38]),
    ("TGT-003", "note", [64, 65, 73, 74]),
    ("TGT-006", "note", [28, 30, 31, 33, 34, 38, 41, 42, 72]),
    ("TIM-005", "note", [52, 54, 55, 58]),
    ("TIM-007", "note", [53]),
    ("NAR-005", "note", [15]),
    ("GRD-002", "note", [79]),
]


@pytest.mark.parametrize(
    ("rule", "severity", "wanted"), EXPECTED, ids=[f"{rule}-{severity}" for rule, severity, _ in EXPECTED]
)
def test_every_finding_with_its_lines(rule: str, severity: str, wanted: list[int]) -> None:
    """The rule points at exactly these lines with this severity."""
    assert lines(rule, severity) == wanted


def test_nothing_else_is_found() -> None:
    """Whatever fails on the seed is one of the auditor's findings."""
    told = {(finding.rule, finding.severity.value) for finding in result().findings if finding.kind is Outcome.FAIL}
    assert told == {(rule, severity) for rule, severity, _ in EXPECTED}


def test_one_finding_for_a_pervasive_condition() -> None:
    """Conditions of many rows are told once, with their weight."""
    for rule in ("ACH-006", "TIM-003", "TGT-001", "TGT-002", "TGT-010", "ACH-009", "ACH-011", "STR-005"):
        assert len(found(rule)) == 1, rule
    assert "39.00" in found("ACH-006")[0].message and "24" in found("ACH-006")[0].message
    assert "6.00" in found("TIM-003")[0].message and "12" in found("TIM-003")[0].message
    assert "16.00" in found("TGT-001")[0].message
    assert "9.00" in found("TGT-010")[0].message
    assert "30.00" in found("STR-005")[0].message


@pytest.mark.parametrize(
    ("rule", "line", "words"),
    [
        ("SCO-003", 27, ("98.75", "1.00")),
        ("ACH-001", 28, ("3037", "3133", "0.97", "0.80")),
        ("ACH-001", 31, ("881", "910", "0.97")),
        ("ACH-001", 33, ("100", "115", "0.87", "0.95")),
        ("ACH-001", 34, ("122", "128", "0.95")),
        ("ACH-007", 29, ("28", "10", "280")),
        ("ACH-007", 35, ("10", "4", "250")),
        ("BUD-002", 11, ("97.8477", "97.84")),
        ("ACH-010", 30, ("1720", "1712")),
        ("NAR-001", 35, ("10", "12")),
        ("TIM-007", 53, ("2023-01-25", "2023-06-25")),
        ("DED-001", 39, ("0.80", "1.00", "0.20")),
        ("WGT-007", 79, ("51", "35", "20")),
        ("STR-003", 27, ("29", "2")),
        ("STR-010", 20, ("<p>", "沪财绩【2022】13号")),
        ("STR-009", 15, ("推进残疾",)),
        ("TIM-005", 52, ("2023-10-01 至 2023-10-31", "不晚于 2023-10-31")),
        ("TIM-005", 54, ("不晚于 2023-10-31", "不晚于 2023-11-30")),
        ("ACH-005", 28, ("达成指标", "0.80", "1.00", "3037人")),
        ("ACH-005", 39, ("达成指标", "0.80", "1.00")),
        ("TGT-005", 28, ("3133人", "结论不同")),
        ("TGT-005", 29, ("10场次", "结论相同")),
        ("TGT-005", 32, ("没有实测数",)),
        ("GRD-002", 79, ("57", "50", "效益指标（14）", "满意度指标（2）")),
        ("NAR-003", 15, ("三阳机构", "一网通办", "志愿服务", "非遗", "先进典型", "残联换届")),
        ("NAR-007", 15, ("全覆盖", "逐步构建")),
    ],
)
def test_the_numbers_shown_are_right(rule: str, line: int, words: tuple[str, ...]) -> None:
    """A finding that shows numbers shows those of the form and of the arithmetic."""
    finding = next(f for f in found(rule) if f.locations[0].locator.line == line)
    for word in words:
        assert word in finding.message, finding.message


def test_markup_and_document_number_are_both_placed() -> None:
    """STR-010 points at the number on line 20 and at the tags on line 15; NAR-001 also at the narrative."""
    for rule, wanted in (("STR-010", {15, 20}), ("NAR-001", {15, 35})):
        assert wanted <= {place.locator.line for finding in found(rule) for place in finding.locations}


def test_cut_texts_are_named() -> None:
    """STR-009 also names the cut indicator of line 48."""
    places = {place.locator.line for finding in found("STR-009") for place in finding.locations}
    assert {15, 48} <= places


MUST_NOT = [
    "SCO-001",
    "SCO-002",
    "WGT-001",
    "WGT-002",
    "WGT-003",
    "WGT-011",
    "BUD-001",
    "BUD-003",
    "BUD-004",
    "BUD-005",
    "BUD-006",
    "BUD-007",
    "SCO-004",
    "ACH-004",
    "ACH-013",
    "STR-001",
    "STR-002",
    "STR-007",
    "STR-012",
    "STR-013",
    "NAR-002",
    "NAR-006",
    "WGT-005",
    "WGT-006",
    "TGT-007",
    "TGT-009",
    "TGT-012",
    "TIM-010",
    "GRD-001",
    "ACH-012",
    "BUD-010",
]


@pytest.mark.parametrize("rule", MUST_NOT)
def test_nothing_of_must_not(rule: str) -> None:
    """A rule that must stay silent has no failed row."""
    assert found(rule) == []


TRAPS: list[tuple[str, str, list[int]]] = [
    ("one lost cell explains the total", "SCO-002", [79]),
    ("children of 产出 make 25 after the repair", "WGT-002", [27]),
    ("25 is the level-1 weight, not the row's", "SCO-001", [27]),
    ("97.84 is cut off, consistently", "BUD-001", [11]),
    ("0/0 printed as 0", "BUD-001", [10]),
    ("0/0 printed as 0", "BUD-006", [10]),
    ("0/0 printed as 0", "BUD-018", [10]),
    ("a composite row is not rate × weight", "BUD-011", [21]),
    ("a composite row is not rate × weight", "ACH-001", [21]),
    ("4 of 5 is exactly 0.80", "ACH-001", [38]),
    ("national project weights do not apply", "WGT-003", [79]),
    ("0.80 lies inside the band of 达成", "SCO-004", DEDUCTED),
    ("100.47 % and 104.76 % are below any threshold", "ACH-007", [30, 36]),
    ("a reason is needed for deductions only", "DED-001", [27, 29, 30, 32, 35, 36, 37, *range(40, 51)]),
    ("an implicit value is no single-row error", "ACH-004", VALUELESS),
    ("accuracy concerns those who were paid", "NAR-001", [47]),
    ("six names of eight events, 等", "NAR-002", [15]),
    ("graduates are not all disabled people", "NAR-001", [75]),
    ("the district's audience is not the film row's", "NAR-001", [41]),
    ("≥95%以上 repeats, it does not contradict", "ACH-003", [64, 65, 73]),
    ("full width from line 50 on", "TGT-008", [50]),
    ("equally long texts are not copies", "NAR-006", [15]),
    ("homologous names are not duplicates", "STR-007", list(range(20, 79))),
    ("two subordinate units without forms", "STR-012", [7]),
]


@pytest.mark.parametrize(("why", "rule", "where"), TRAPS, ids=[f"{rule}: {why}" for why, rule, _ in TRAPS])
def test_traps_stay_silent(why: str, rule: str, where: list[int]) -> None:
    """What looks like a violation and is none is not reported at these lines."""
    assert not set(lines(rule)) & set(where), why


def test_stale_clause_is_the_only_one() -> None:
    """根据…2022年工作 is legitimate; only the clause on the election is stale."""
    assert "换届" in found("NAR-004")[0].message and "2022年工作" not in found("NAR-004")[0].message


UNDECIDED = [
    "BUD-008",
    "BUD-009",
    "BUD-011",
    "BUD-014",
    "BUD-016",
    "TIM-004",
    "TIM-006",
    "TIM-008",
    "TIM-009",
    "TIM-011",
    "GRD-001",
    "WGT-003",
    "ACH-002",
    "ACH-003",
    "BUD-004",
    "SCO-005",
]


@pytest.mark.parametrize("rule", UNDECIDED)
def test_what_the_form_cannot_tell_is_never_a_pass(rule: str) -> None:
    """No initial budget, no dates, no reverse indicator: open or not applicable."""
    assert outcome(rule) in (Outcome.OPEN, Outcome.NOT_APPLICABLE)


def test_rules_that_need_the_lost_cell_are_open_there() -> None:
    """The lost score leaves its row undecided: neither failed nor passed."""
    for rule in ("SCO-001", "SCO-002", "SCO-004", "DED-001", "ACH-005"):
        assert found(rule, Outcome.OPEN), rule
    assert lines("DED-001", kind=Outcome.OPEN) == [27]


def test_verdict_is_return() -> None:
    """Errors send the form back."""
    assert result().verdict is Verdict.RETURN


@cache
def restored() -> FormResult:
    text = SEED.read_text(encoding="utf-8").split("\n")
    text[26] += "\t1.00\t"
    return checked("\n".join(text))


def test_with_the_cell_restored_the_total_holds() -> None:
    """With 1.00 on line 27 the total adds up, nothing is inferred and nothing else appears."""
    outcomes = {told.rule: told.outcome for told in restored().rules}
    assert outcomes["SCO-002"] is Outcome.PASS
    assert outcomes["SCO-003"] is not Outcome.FAIL
    assert outcomes["STR-004"] is Outcome.PASS
    told = {f.rule for f in restored().findings if f.kind is Outcome.FAIL}
    assert told <= {rule for rule, _, _ in EXPECTED}


def test_a_reason_for_line_39_settles_its_error() -> None:
    """The missing reason is what DED-001 is about: with one it passes."""
    text = SEED.read_text(encoding="utf-8").split("\n")
    cells = text[38].split("\t")
    assert "0.80" in cells
    cells[cells.index("0.80") + 1 :] = ["发放名单核对有误"]
    changed = checked("\n".join([*text[:38], "\t".join(cells), *text[39:]]))
    assert not [f for f in changed.findings if f.rule == "DED-001" and f.kind is Outcome.FAIL]

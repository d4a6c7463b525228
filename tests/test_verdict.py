"""Policy and exit codes: what stops a form, what stops the gate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checker.errors import RuleError
from checker.exit_status import exit_status
from checker.model import (
    Finding,
    Form,
    FormResult,
    Location,
    Locator,
    Outcome,
    Results,
    RuleOutcome,
    RulesetInfo,
    Severity,
    Source,
    Unreadable,
    Verdict,
)
from checker.resources import rules_dir
from checker.verdict import decide, load_policy

POLICY = load_policy(rules_dir() / "policy.yaml", "policy.yaml")
PLACE = Location("primary", "forms", 1, "title", "", Locator())


def finding(kind: Outcome = Outcome.FAIL, severity: Severity = Severity.ERROR, **more: object) -> Finding:
    return Finding("f", "DED-001", severity, kind, "t", "m", (PLACE,), **more)  # type: ignore[arg-type]


def results(*findings: Finding, rules: tuple[RuleOutcome, ...] = (RuleOutcome("DED-001", Outcome.PASS, 1),), unreadable: tuple[Unreadable, ...] = (), forms: int = 1) -> Results:
    form = FormResult(Form("f", Source("f", "", "txt"), {}), Verdict.ACCEPT, None, findings, rules)
    return Results(date(2024, 1, 1), "zh", "0", RulesetInfo("r", "1", "d", ()), (form,) * forms, unreadable)


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((), Verdict.ACCEPT),
        ((finding(),), Verdict.RETURN),
        ((finding(severity=Severity.WARNING),), Verdict.REVIEW),
        ((finding(severity=Severity.NOTE),), Verdict.ACCEPT),
        ((finding(Outcome.OPEN),), Verdict.REVIEW),
        ((finding(Outcome.OPEN, Severity.NOTE),), Verdict.ACCEPT),
        ((finding(Outcome.REVIEW, Severity.NOTE),), Verdict.REVIEW),
        ((finding(Outcome.ERROR, Severity.NOTE),), Verdict.REVIEW),
        ((finding(waiver={"reason": "r"}),), Verdict.ACCEPT),
        ((finding(baseline=True),), Verdict.ACCEPT),
    ],
)
def test_verdict_follows_policy(findings: tuple[Finding, ...], verdict: Verdict) -> None:
    """Errors return a form, warnings and undecided errors send it to a person, waived findings do not count."""
    assert decide(findings, POLICY) is verdict


def test_weak_recognition_is_never_accepted() -> None:
    """A form whose layout was guessed goes to a person even without findings, and even without policy."""
    assert decide((), POLICY, weak=True) is Verdict.REVIEW
    assert decide((), (), weak=True) is Verdict.REVIEW


@pytest.mark.parametrize(
    ("made", "fail_on", "code"),
    [
        (results(), "error", 0),
        (results(finding()), "error", 1),
        (results(*[finding()] * 300), "error", 1),
        (results(finding(severity=Severity.WARNING)), "error", 0),
        (results(finding(severity=Severity.WARNING)), "warning", 1),
        (results(finding(severity=Severity.NOTE)), "note", 1),
        (results(finding(Outcome.OPEN)), "note", 0),
        (results(finding(Outcome.OPEN)), "open", 1),
        (results(finding(Outcome.REVIEW)), "open", 1),
        (results(finding()), "never", 0),
        (results(finding(waiver={"reason": "r"})), "error", 0),
        (results(finding(), unreadable=(Unreadable("x", "y"),)), "error", 3),
        (results(forms=0), "never", 3),
        (results(rules=(RuleOutcome("DED-001", Outcome.NOT_APPLICABLE),)), "never", 3),
        (results(rules=(RuleOutcome("DED-001", Outcome.ERROR, 1),), unreadable=(Unreadable("x", "y"),)), "never", 5),
        (results(finding(Outcome.ERROR)), "never", 5),
    ],
)
def test_exit_code_is_the_highest_that_applies(made: Results, fail_on: str, code: int) -> None:
    """A crash beats an unreadable file beats a finding; never a count; nothing checked is never 0."""
    assert exit_status(made, fail_on) == code


def test_policy_faults_come_all_at_once(tmp_path: Path) -> None:
    """Unknown verdicts, counts and numbers are named with their lines."""
    path = tmp_path / "policy.yaml"
    path.write_text("- {verdict: refuse, at_least: {error: 1}}\n- {verdict: return, at_least: {eror: 1}}\n- {verdict: return, at_least: {error: 0}}\n- {verdict: return}\n", encoding="utf-8")
    with pytest.raises(RuleError) as raised:
        load_policy(path, "policy.yaml")
    assert len(raised.value.faults) == 4
    assert any("did you mean" in fault for fault in raised.value.faults)

"""Counts every output agrees on."""

from __future__ import annotations

from collections.abc import Iterable

from checker.model import Finding, FormResult, Outcome, Results, Severity, Verdict

_WORST = (Verdict.ACCEPT, Verdict.REVIEW, Verdict.RETURN)


def counts(finding: Finding) -> bool:
    """True when nobody has accepted the finding: no waiver, not in the baseline."""
    return finding.waiver is None and not finding.baseline


def severities(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many failures there are by severity; open, review, waived and baseline findings are left out."""
    tally = {severity.value: 0 for severity in Severity}
    for finding in findings:
        if finding.kind is Outcome.FAIL and counts(finding):
            tally[finding.severity] += 1
    return tally


def accepted(findings: Iterable[Finding]) -> int:
    """Return how many findings a waiver or the baseline covers."""
    return sum(not counts(finding) for finding in findings)


def outcomes(forms: Iterable[FormResult]) -> dict[str, int]:
    """Return how many rules came to which outcome, added over the forms."""
    tally = {outcome.value: 0 for outcome in Outcome}
    for form in forms:
        for rule in form.rules:
            tally[rule.outcome] += 1
    return tally


def unread_cells(forms: Iterable[FormResult]) -> int:
    """Return how many cells of the forms nobody could read or accepted."""
    return sum(len(form.unread) for form in forms)


def findings_of(results: Results) -> Iterable[Finding]:
    """Yield all findings: of each form in order, then of the batch."""
    for form in results.forms:
        yield from form.findings
    yield from results.batch


def verdict(results: Results) -> Verdict | None:
    """Return the worst verdict; a file that gave no form can never pass, and no form at all gives None."""
    if not results.forms:
        return None
    worst = max((form.verdict for form in results.forms), key=_WORST.index)
    return Verdict.REVIEW if worst is Verdict.ACCEPT and (results.unreadable or results.batch) else worst

"""Results → exit code (CONTRACT section 2): the highest of 5, 4, 3, 2, 1 that applies, never a count."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import Finding, FormResult, Outcome, Results, RuleOutcome, Severity

FAIL_ON = ("error", "warning", "note", "open", "never")

_RANK = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.NOTE: 1}
_THRESHOLD = {"error": 3, "warning": 2, "note": 1}


def exit_status(results: Results, fail_on: str) -> int:
    """Return 5 when a rule could not be run, 3 when an input gave no form or nothing was checked, 1 for findings, else 0.

    `fail_on`: error, warning or note count failed rows of at least that severity; `open` counts
    those, every undecided row and every unread cell too; `never` lets findings pass, not faults. Waived and baseline findings
    do not count.
    """
    if any(rule.outcome is Outcome.ERROR for form in results.forms for rule in form.rules):
        return 5
    if any(finding.kind is Outcome.ERROR for finding in _all(results)):
        return 5
    if results.unreadable or not results.forms or not any(_checked(form.rules) for form in results.forms):
        return 3
    if any(half_read(form) for form in results.forms):
        return 3
    if fail_on == "open" and any(form.unread for form in results.forms):
        return 1
    return 1 if any(counts(finding, fail_on) for finding in _all(results)) else 0


def half_read(result: FormResult) -> bool:
    """Say whether the indicator part of a form was not found: half a table is not a recognised form."""
    return result.form.recognition == "weak" and not result.form.indicators


def counts(finding: Finding, fail_on: str) -> bool:
    """Say whether a finding stops the gate at this threshold."""
    return finding.waiver is None and not finding.baseline and stops(finding.kind, finding.severity, fail_on)


def stops(kind: Outcome, severity: Severity, fail_on: str) -> bool:
    """Say whether rows of this outcome and severity stop the gate at this threshold."""
    if fail_on == "never":
        return False
    if kind is Outcome.FAIL:
        return fail_on == "open" or _RANK[severity] >= _THRESHOLD[fail_on]
    return fail_on == "open" and kind in (Outcome.OPEN, Outcome.REVIEW)


def _all(results: Results) -> Iterator[Finding]:
    for form in results.forms:
        yield from form.findings
    yield from results.batch


def _checked(rules: tuple[RuleOutcome, ...]) -> bool:
    return any(rule.checked for rule in rules)

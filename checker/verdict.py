"""Findings × policy → accept, review or return. The checker reports; the policy recommends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from checker.errors import RuleError
from checker.model import Finding, Outcome, Severity, Verdict
from checker.strict_yaml import load_file, unknown_keys

COUNTS = ("error", "warning", "note", "open", "review", "fault", "weak", "unread")


class PolicyLine(Struct, frozen=True):
    """One line of policy: the verdict, and the counts that must all be reached."""

    verdict: Verdict
    at_least: Mapping[str, int]


def load_policy(path: Path, name: str) -> tuple[PolicyLine, ...]:
    """Read a policy file. Raises RuleError with every fault."""
    faults: list[str] = []
    lines: list[PolicyLine] = []
    for node in load_file(path, name, kept=True).items:
        faults += unknown_keys(node, ("verdict", "at_least"), name)
        verdict, wanted = node.get("verdict"), node.get("at_least")
        counts: dict[str, int] = {}
        if verdict is None or verdict.text not in list(Verdict):
            faults.append(f"{name}:{node.line} verdict: one of {', '.join(Verdict)}")
            continue
        if wanted is None or not isinstance(wanted.value, dict) or not wanted.value:
            faults.append(f"{name}:{node.line} at_least: needs counts such as {{error: 1}}")
            continue
        faults += unknown_keys(wanted, COUNTS, f"{name} at_least")
        for key, value in wanted.value.items():
            if value.text is None or not value.text.isascii() or not value.text.isdigit() or value.text == "0":
                faults.append(f"{name}:{value.line} at_least.{key}: a whole number above 0")
            else:
                counts[key] = int(value.text)
        lines.append(PolicyLine(Verdict(verdict.text), counts))
    if faults:
        raise RuleError(faults)
    return tuple(lines)


def decide(findings: Iterable[Finding], policy: tuple[PolicyLine, ...], *, weak: bool = False, unread: int = 0) -> Verdict:
    """Return the verdict of one form; waived and baseline findings do not count.

    `unread` is the number of its cells that could not be read: an undecided row of a warning is a note like any other where
    its cells are blank, but what nobody could read nobody has checked. A weakly recognised form is never better than review, whatever the policy says.
    """
    counts = dict.fromkeys(COUNTS, 0)
    counts |= {"weak": int(weak), "unread": unread}
    for finding in findings:
        if finding.waiver is not None or finding.baseline:
            continue
        if finding.kind is Outcome.FAIL:
            counts[finding.severity.value] += 1
        elif finding.kind is Outcome.OPEN:
            counts["open"] += finding.severity is Severity.ERROR
        elif finding.kind is Outcome.REVIEW:
            counts["review"] += 1
        elif finding.kind is Outcome.ERROR:
            counts["fault"] += 1
    return recommend(counts, policy)


def recommend(counts: Mapping[str, int], policy: tuple[PolicyLine, ...]) -> Verdict:
    """Return the verdict for counts of findings by the names of `COUNTS`."""
    verdict = next((line.verdict for line in policy if all(counts[k] >= n for k, n in line.at_least.items())), Verdict.ACCEPT)
    return Verdict.REVIEW if counts["weak"] and verdict is Verdict.ACCEPT else verdict

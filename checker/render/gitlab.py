"""Results → GitLab code quality report: a JSON array GitLab compares between branches by fingerprint."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from checker.model import Finding, FormResult, Outcome, Results, Severity
from checker.render.tally import counts
from checker.render.told import (
    all_findings,
    answer_text,
    crashed_alone,
    kind_name,
    not_run,
    one_line,
    place,
    primary,
    settled_text,
    unread_alone,
)

MAX_TEXT = 1_000

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "minor"}


def render(results: Results) -> str:
    """Return the report. Errors are critical, warnings major, notes minor; undecided and accepted findings and unread cells info.

    Engine errors and files that could not be read are blockers. A place in a workbook stands on
    line 1, its cell in the description; fingerprints are made unique when one form was given twice.
    """
    zh = results.lang == "zh"
    entries = [_entry("unreadable", "blocker", f"未能读取：{file.reason}" if zh else f"not read: {file.reason}", file.path, None, "") for file in results.unreadable]
    entries += [_finding(form, finding, results.lang) for form, finding in all_findings(results)]
    for crashed, rule in crashed_alone(results):
        entries.append(_entry(rule.rule, "blocker", not_run(rule, results.lang), crashed.form.source.path if crashed else ".", None, ""))
    for form, at, said in unread_alone(results):
        entries.append(_entry("unread-cell", "info", said, form.form.source.path, at.locator.line, _digest(f"unread-cell|{form.form.form_id}|{at.table}|{at.row}|{at.field}")))
    if not results.forms:
        entries.append(_entry("nothing-checked", "blocker", "没有检查任何表" if zh else "no form was checked", ".", None, ""))
    seen: dict[str, int] = {}
    for entry in entries:
        base = entry["fingerprint"]
        seen[base] = seen.get(base, 0) + 1
        if seen[base] > 1:
            entry["fingerprint"] = _digest(f"{base}|{seen[base]}")
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _entry(rule: str, severity: str, description: str, path: str, line: int | None, fingerprint: str) -> dict[str, Any]:
    shown = one_line(path[2:] if path.startswith("./") else path, MAX_TEXT) or "."
    return {
        "description": one_line(description, 3 * MAX_TEXT) or rule,
        "check_name": rule,
        "fingerprint": fingerprint or _digest(f"{rule}|{path}"),
        "severity": severity,
        "location": {"path": shown, "lines": {"begin": line or 1}},
    }


def _finding(form: FormResult | None, finding: Finding, lang: str) -> dict[str, Any]:
    at = primary(finding)
    path = form.form.source.path if form else (at.locator.file if at else "")
    if not counts(finding):
        severity, mark = "info", f"[{one_line(settled_text(finding, lang), 200)}] "
    elif finding.kind is Outcome.ERROR:
        severity, mark = "blocker", ""
    elif finding.kind is Outcome.FAIL:
        severity, mark = _SEVERITY[finding.severity], ""
    else:
        severity, mark = "info", f"[{kind_name(finding, lang)}] "
    parts = (f"{mark}{finding.title}", place(at, lang) if at else "", finding.message, finding.arithmetic or "", answer_text(finding, lang))
    description = " | ".join(one_line(part, MAX_TEXT) for part in parts if part)
    return _entry(finding.rule, severity, description, path, at.locator.line if at else None, one_line(finding.fingerprint, 200))

"""The run record: one JSON a run, each holding the digest of the one before, so that none can be changed unseen.

A record says who ran what, when, with which versions, rules and options, on which bytes, and what
came out, with the digest of the findings JSON: the same inputs, rules and options must give those bytes again.
`chain` keeps them.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from checker import __version__
from checker.model import Finding, FormResult, Outcome, Results, Severity
from checker.records.chain import VERSION, Entry, sha256
from checker.settle.change import SHANGHAI
from checker.wording import phrase

LIBRARIES = ("polars", "pyyaml", "lxml", "selectolax", "pypdfium2", "pdfplumber", "chinesecalendar", "rapidfuzz", "numpy")
"""What findings rest on: what reads rules and forms, calendars, and what compares texts."""

Options = Mapping[str, str | int | bool | Sequence[str] | None]


def default_who() -> str:
    """Return who runs: CHECKER_WHO, the actor of the CI job, or the account; "unknown" when nothing tells."""
    for name in ("CHECKER_WHO", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def now() -> datetime:
    """Return the time in China, to the second."""
    return datetime.now(SHANGHAI).replace(microsecond=0)


def entry(
    results: Results,
    findings_json: bytes,
    *,
    who: str,
    when: datetime,
    exit_code: int,
    options: Options | None = None,
    files: Mapping[str, str] | None = None,
) -> Entry:
    """Return what is to be recorded of a run.

    `options` are those of the command, enough to run it again; `files` gives the paths of waivers,
    baseline and the like, whose digests are taken now.
    """
    return {
        "version": VERSION,
        **_frame(who, when, results.as_of, results.lang, results.checker, options, files),
        "ruleset": {"id": results.ruleset.id, "version": results.ruleset.version, "digest": results.ruleset.digest, "rules": len(results.ruleset.rules)},
        "inputs": _inputs(results),
        "unreadable": [{"path": file.path, "reason": file.reason, "sha256": digest_of(Path(file.path))} for file in results.unreadable],
        "exit_code": exit_code,
        "fault": None,
        "rules": _rules(results),
        "forms": [_form(form) for form in results.forms],
        "batch": _severities(results.batch),
        "findings_sha256": sha256(findings_json),
    }


def aborted(
    fault: str,
    *,
    who: str,
    when: datetime,
    as_of: date,
    lang: str,
    exit_code: int,
    options: Options | None = None,
    files: Mapping[str, str] | None = None,
) -> Entry:
    """Return what is to be recorded of a run that ended with a fault before anything was checked."""
    return {
        "version": VERSION,
        **_frame(who, when, as_of, lang, __version__, options, files),
        "ruleset": {"id": "", "version": "", "digest": "", "rules": 0},
        "inputs": [],
        "unreadable": [],
        "exit_code": exit_code,
        "fault": fault,
        "rules": {},
        "forms": [],
        "findings_sha256": None,
    }


def _frame(who: str, when: datetime, as_of: date, lang: str, checker: str, options: Options | None, files: Mapping[str, str] | None) -> dict[str, object]:
    return {
        "who": who,
        "when": when.isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "lang": lang,
        "checker": checker,
        "python": platform.python_version(),
        "libraries": _libraries(),
        "options": {key: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value for key, value in (options or {}).items()},
        "files": {name: {"path": path, "sha256": digest_of(Path(path))} for name, path in (files or {}).items()},
    }


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def digest_of(path: Path) -> str | None:
    """Return the digest of a file, None when it cannot be read or is none."""
    try:
        with path.open("rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _inputs(results: Results) -> list[dict[str, object]]:
    seen: dict[str, dict[str, object]] = {}
    for form in results.forms:
        source = form.form.source
        seen.setdefault(source.path, {"path": source.path, "sha256": f"sha256:{source.sha256.removeprefix('sha256:')}", "format": source.format, "size": source.size})
    return list(seen.values())


def _rules(results: Results) -> dict[str, dict[str, object]]:
    """Count over the forms how many came to which outcome, a rule each; only outcomes that occur."""
    titles = {rule.id: rule.title for rule in results.ruleset.rules}
    counted: dict[str, dict[str, object]] = {}
    for form in results.forms:
        for rule in form.rules:
            entry = counted.setdefault(rule.rule, {"title": titles.get(rule.rule, "")})
            found = entry.get(rule.outcome.value, 0)
            entry[rule.outcome.value] = (found if isinstance(found, int) else 0) + 1
    return counted


def _form(form: FormResult) -> dict[str, object]:
    header = form.form.header
    year = header.get("fiscal_year")
    failed: dict[str, int] = {}
    for finding in form.findings:
        if _counts(finding):
            places = sum(at.role == "primary" for at in finding.locations)
            failed[finding.rule] = failed.get(finding.rule, 0) + max(places, 1)
    return {
        "form_id": form.form.form_id,
        "path": form.form.source.path,
        "unit": str(header.get("unit_name") or header.get("implementing_unit") or ""),
        "project": str(header.get("project_name") or ""),
        "year": year if isinstance(year, int) else None,
        "type": str(header.get("form_type") or ""),
        "verdict": form.verdict.value,
        **_severities(form.findings),
        "accepted": sum(f.waiver is not None or f.baseline for f in form.findings),
        "failed": failed,
    }


def _severities(findings: Sequence[Finding]) -> dict[str, int]:
    return {severity.value: sum(_counts(finding) and finding.severity is severity for finding in findings) for severity in Severity}


def _counts(finding: Finding) -> bool:
    return finding.kind is Outcome.FAIL and finding.waiver is None and not finding.baseline


def changed_inputs(values: Entry) -> list[str]:
    """Say which inputs and side files of a record are not the same bytes any more, one line each."""
    listed: list[Mapping[str, Any]] = [*values["inputs"], *values["files"].values()]
    faults = []
    for file in listed:
        found = digest_of(Path(file["path"]))
        if found != file["sha256"]:
            faults.append(f"is not there any more @ {file['path']}" if found is None else f"has other bytes now @ {file['path']}")
    return faults


def replay(values: Entry, check: Callable[[Mapping[str, Any]], bytes]) -> list[str]:
    """Run a record again and say what differs, one line each; nothing when the findings are the same byte for byte.

    `check` takes the recorded options, with as_of and lang, and returns the findings JSON.
    """
    faults = changed_inputs(values)
    if faults:
        return faults
    again = sha256(check({**values["options"], "as_of": values["as_of"], "lang": values["lang"]}))
    return [] if again == values["findings_sha256"] else [f"the findings differ, {values['findings_sha256']} was recorded and {again} came out"]


_LINES = {
    "zh": "{number:06d}  {when}  {who}  退出码 {code}  {forms} 份表  错误 {error} 警告 {warning} 提示 {note}  {version}",
    "en": "{number:06d}  {when}  {who}  exit {code}  {forms} {forms:form|forms}  error {error} warning {warning} note {note}  {version}",
}


def listing(values: Iterable[Entry], lang: str = "zh") -> str:
    """Return a line a record: number, time, who, exit code, forms, findings of forms and over several of them (not counted in older records)."""
    lines = []
    for item in values:
        forms: Sequence[Mapping[str, Any]] = item["forms"]
        total = {name: sum(int(one[name]) for one in (*forms, *filter(None, [item.get("batch")]))) for name in ("error", "warning", "note")}
        lines.append(phrase(_LINES[lang], number=item["number"], when=item["when"], who=item["who"], code=item["exit_code"], forms=len(forms), version=item["ruleset"]["version"], **total))
    return "\n".join(lines) + "\n" if lines else ""

"""Results → SARIF 2.1.0, for code scanning services and editors.

A failed row is `kind: fail` with the level of its severity. Open and reviewable rows keep their
kind; SARIF allows them no level but `none`, so their severity stands in the properties. A rule
that crashed and a file that could not be read are notifications of an unsuccessful run, a cell
nobody could read that no finding shows is a notification, too: never results. Code scanning keeps
5,000 results of a run: here the same cap applies, said in a notification.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from checker.model import Finding, FormResult, Location, Outcome, Results, RuleInfo, Severity
from checker.render.shown import visible
from checker.render.told import (
    all_findings,
    crashed_alone,
    cut,
    field_name,
    place,
    rank,
    settled_text,
    unread_alone,
)

CAP = 5_000
MAX_TEXT = 10_000
MAX_PLACES = 1_000

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def render(results: Results) -> str:
    """Return one SARIF log with one run, one-space indented, ending with a line feed."""
    rules = {rule.id: index for index, rule in enumerate(results.ruleset.rules)}
    artifacts = _artifacts(results)
    listed = list(all_findings(results))
    told = [(form, finding) for form, finding in listed if finding.kind is not Outcome.ERROR]
    kept = told if len(told) <= CAP else sorted(told, key=lambda pair: rank(pair[1]))[:CAP]
    baselined = any(finding.baseline for _, finding in told)
    notices = _notifications(results, listed, len(told), rules)
    run: dict[str, Any] = {
        "tool": {"driver": _driver(results)},
        "language": "zh-CN" if results.lang == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(n["level"] == "error" for n in notices), "toolExecutionNotifications": notices}],
        "artifacts": list(artifacts.values()),
        "results": [_result(finding, form, results.lang, rules, artifacts, baselined) for form, finding in kept],
        "properties": {
            "as_of": results.as_of.isoformat(),
            "ruleset": {"id": results.ruleset.id, "version": results.ruleset.version, "digest": results.ruleset.digest},
            "forms": [_form(form) for form in results.forms],
            "results_total": len(told),
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def uri(path: str) -> str:
    """Return a path as a URI reference: relative paths relative, with `/`; absolute ones as file:///…"""
    absolute = path.startswith("/") or _DRIVE.match(path) is not None
    slashed = path.replace("\\", "/") if "/" not in path or _DRIVE.match(path) else path
    while slashed.startswith("./"):
        slashed = slashed[2:]
    coded = quote(_bytes(slashed), safe="/")
    if absolute:
        return "file:///" + coded.lstrip("/").replace("%3A", ":", 1) if _DRIVE.match(path) else "file:///" + coded.lstrip("/")
    return coded or "."


def _bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")  # the bytes of the name as they are on disk
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _text(text: str) -> str:
    return cut(text, MAX_TEXT)


def _driver(results: Results) -> dict[str, Any]:
    return {
        "name": "checker",
        "version": visible(results.checker),
        "rules": [_rule(rule, results.lang) for rule in results.ruleset.rules],
    }


def _rule(rule: RuleInfo, lang: str) -> dict[str, Any]:
    advice = "建议：" if lang == "zh" else "advice: "
    lines = [rule.sentence, *rule.basis, f"{advice}{rule.advice}" if rule.advice else ""]
    text = "\n\n".join(_text(line) for line in lines if line) or _text(rule.title)
    return {
        "id": rule.id,
        "shortDescription": {"text": _text(rule.title) or rule.id},
        "fullDescription": {"text": _text(rule.sentence or rule.title) or rule.id},
        "help": {"text": text or rule.id},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "version": rule.version,
            "kind": rule.kind,
            "waivable": rule.waivable,
            "tags": [visible(rule.family)],
            "precision": "medium" if rule.kind == "heuristic" else "very-high",
            "problem.severity": _PROBLEM[rule.severity],
        },
    }


def _artifacts(results: Results) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for form in results.forms:
        source = form.form.source
        entry: dict[str, Any] = {"location": {"uri": uri(source.path), "index": len(found)}, "roles": ["analysisTarget"]}
        if source.size:
            entry["length"] = source.size
        if source.encoding:
            entry["encoding"] = visible(source.encoding)
        if source.sha256:
            entry["hashes"] = {"sha-256": visible(source.sha256)}
        found.setdefault(source.path, entry)
    return found


def _form(form: FormResult) -> dict[str, Any]:
    return {"form_id": visible(form.form.form_id), "uri": uri(form.form.source.path), "verdict": form.verdict.value}


def _result(finding: Finding, form: FormResult | None, lang: str, rules: dict[str, int], artifacts: dict[str, dict[str, Any]], baselined: bool) -> dict[str, Any]:
    path = form.form.source.path if form else ""
    main = [at for at in finding.locations if at.role == "primary"][:MAX_PLACES] or list(finding.locations[:1])
    others = [at for at in finding.locations if at not in main][:MAX_PLACES]
    entry: dict[str, Any] = {
        "ruleId": finding.rule,
        **({"ruleIndex": rules[finding.rule]} if finding.rule in rules else {}),
        "kind": finding.kind.value,
        "level": finding.severity.value if finding.kind is Outcome.FAIL else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(at, path, lang, artifacts) for at in main] or [_file(path, artifacts)] * bool(path),
    }
    if others:
        entry["relatedLocations"] = [{"id": n, **_location(at, path, lang, artifacts), "message": {"text": _text(place(at, lang))}} for n, at in enumerate(others, 1)]
    entry["partialFingerprints"] = {"checkerFinding/v1": visible(finding.fingerprint)}
    if baselined:
        entry["baselineState"] = "unchanged" if finding.baseline else "new"
    if finding.waiver is not None:
        entry["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _text(settled_text(finding, lang))}]
    entry["properties"] = {
        key: value
        for key, value in {
            "severity": finding.severity.value,
            "form_id": visible(form.form.form_id) if form else None,
            "reported": finding.reported and _text(finding.reported),
            "expected": finding.expected and _text(finding.expected),
            "difference": finding.difference and _text(finding.difference),
            "arithmetic": finding.arithmetic and _text(finding.arithmetic),
            "advice": finding.advice and _text(finding.advice),
            "basis": [_text(entry) for entry in finding.basis] or None,
            "heuristic": finding.heuristic or None,
            "response": {key: _text(value) for key, value in finding.response.items()} if finding.response else None,
        }.items()
        if value is not None
    }
    return entry


def _message(finding: Finding) -> str:
    parts = [finding.title, finding.message if finding.message != finding.title else "", finding.arithmetic or ""]
    return "\n".join(_text(part) for part in parts if part) or finding.rule


def _file(path: str, artifacts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    known = artifacts.get(path)
    return {"physicalLocation": {"artifactLocation": dict(known["location"]) if known else {"uri": uri(path)}}}


def _location(at: Location, path: str, lang: str, artifacts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    where = at.locator
    file = path or where.file
    entry = _file(file, artifacts) if file else {}
    if where.line and file:
        entry["physicalLocation"]["region"] = {"startLine": where.line}
    logical: list[dict[str, Any]] = []
    if where.cell:
        sheet = visible(where.sheet or "")
        logical.append({"name": visible(where.cell), "fullyQualifiedName": f"{sheet}!{where.cell}" if sheet else visible(where.cell), "kind": "cell"})
    elif where.page:
        logical.append({"name": str(where.page), "fullyQualifiedName": f"page {where.page}", "kind": "page"})
    logical.append(
        {"name": visible(field_name(at.table, at.field, lang)), "fullyQualifiedName": visible(f"{at.table}[{at.row}].{at.field}"), "kind": "field"}
    )
    entry["logicalLocations"] = logical
    return entry


def _notifications(results: Results, listed: list[tuple[FormResult | None, Finding]], total: int, rules: dict[str, int]) -> list[dict[str, Any]]:
    zh = results.lang == "zh"
    notices: list[dict[str, Any]] = []
    for file in results.unreadable:
        text = f"未能读取 {file.path}：{file.reason}" if zh else f"not read: {file.path}: {file.reason}"
        notices.append({"level": "error", "message": {"text": _text(text)}, "descriptor": {"id": "unreadable"}, "locations": [_file(file.path, {})]})
    crashed = [(finding.rule, form, finding.message) for form, finding in listed if finding.kind is Outcome.ERROR]
    crashed += [(told.rule, form, told.reason or "") for form, told in crashed_alone(results)]
    for rule, form, why in crashed:
        text = f"规则 {rule} 未能执行：{why}" if zh else f"rule {rule} could not be run: {why}"
        notice: dict[str, Any] = {"level": "error", "message": {"text": _text(text)}, "descriptor": {"id": "engine-error"}}
        notice["associatedRule"] = {"id": rule, **({"index": rules[rule]} if rule in rules else {})}
        if form:
            notice["locations"] = [_file(form.form.source.path, {})]
        notices.append(notice)
    for form, at, said in unread_alone(results):
        notices.append({"level": "warning", "message": {"text": _text(said)}, "descriptor": {"id": "unread-cell"}, "locations": [_location(at, form.form.source.path, results.lang, {})]})
    if total > CAP:
        text = f"共 {total:,} 条结果，此处只列最重的 {CAP:,} 条，全部见 JSON 或工作簿。" if zh else f"{total:,} results; the {CAP:,} most severe are listed here, all of them in the JSON and the workbook."
        notices.append({"level": "warning", "message": {"text": text}, "descriptor": {"id": "capped"}})
    notices += [{"level": "note", "message": {"text": _text(note)}, "descriptor": {"id": "note"}} for note in results.notes if note]
    if not results.forms:
        notices.append({"level": "error", "message": {"text": "没有检查任何表。" if zh else "No form was checked."}, "descriptor": {"id": "nothing-checked"}})
    return notices

"""Results → GitHub Actions annotations: one workflow command a finding, a plain summary line at the end.

GitHub shows the first ten annotations of a level in a step, so the heaviest come first; the last
line counts them all. Texts are escaped as the runner unescapes them, so that a form can't issue
commands of its own.
"""

from __future__ import annotations

from checker.model import Finding, FormResult, Outcome, Results, Severity
from checker.render.tally import accepted, counts, severities, unread_cells
from checker.render.told import (
    all_findings,
    answer_text,
    crashed_alone,
    kind_name,
    not_run,
    one_line,
    place,
    primary,
    rank,
    settled_text,
    unread_alone,
)
from checker.wording import phrase

SHOWN = 10
MAX_TEXT = 1_000

_SUMMARY = "{forms} {forms:form|forms} checked, {files} not read: {error} {error:error|errors}, {warning} {warning:warning|warnings}, {note} {note:note|notes}, {held} undecided, unread cells {unread}, {accepted} accepted."
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(results: Results) -> str:
    """Return the commands, one a line, heaviest first; unreadable files and engine errors before findings."""
    zh = results.lang == "zh"
    lines = [
        _command("error", f"未能读取：{file.reason}" if zh else f"not read: {file.reason}", "checker", file.path, None) for file in results.unreadable
    ]
    if not results.forms:
        lines.append(_command("error", "没有检查任何表" if zh else "no form was checked", "checker", "", None))
    listed = sorted(all_findings(results), key=lambda pair: rank(pair[1]))
    for form, rule in crashed_alone(results):
        lines.append(_command("error", not_run(rule, results.lang), rule.rule, form.form.source.path if form else "", None))
    lines += [_finding(form, finding, results.lang) for form, finding in listed]
    lines += [_command("notice", said, "checker", form.form.source.path, at.locator.line) for form, at, said in unread_alone(results)]
    lines.append(_summary(results))
    return "\n".join(lines) + "\n"


def _finding(form: FormResult | None, finding: Finding, lang: str) -> str:
    at = primary(finding)
    path = form.form.source.path if form else (at.locator.file if at else "")
    line = at.locator.line if at else None
    where = place(at, lang) if at else ""
    if len(finding.locations) > 1 and sum(p.role == "primary" for p in finding.locations) > 1:
        more = sum(p.role == "primary" for p in finding.locations)
        where += f"（共 {more} 处）" if lang == "zh" else f" ({more} places)"
    kind = finding.kind
    mark = "" if kind is Outcome.FAIL else f"[{kind_name(finding, lang)}] "
    if not counts(finding):
        level, mark = "notice", f"[{one_line(settled_text(finding, lang), 200)}] "
    else:
        level = "error" if kind is Outcome.ERROR else _LEVEL[finding.severity] if kind is Outcome.FAIL else "notice"
    parts = [f"{where}: {finding.message}" if where else finding.message, finding.arithmetic or "", finding.advice or "", answer_text(finding, lang)]
    message = mark + " | ".join(one_line(part, MAX_TEXT) for part in parts if part)
    return _command(level, message, f"{finding.rule} {finding.title}", path, line)


def _command(level: str, message: str, title: str, path: str, line: int | None) -> str:
    properties = [f"file={_property(_relative(path))}"] if path else []
    if path and line:
        properties.append(f"line={line}")
    properties.append(f"title={_property(one_line(title, 200))}")
    return f"::{level} {','.join(properties)}::{_data(one_line(message, 4 * MAX_TEXT))}"


def _relative(path: str) -> str:
    return one_line(path[2:] if path.startswith("./") else path, MAX_TEXT)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(results: Results) -> str:
    found = [finding for _, finding in all_findings(results)]
    by = severities(found)
    held = sum(finding.kind in (Outcome.OPEN, Outcome.REVIEW) and counts(finding) for finding in found)
    unread = unread_cells(results.forms)
    many = any(number > SHOWN for number in by.values()) or held > SHOWN
    if results.lang == "zh":
        text = f"检查 {len(results.forms)} 份，读不出 {len(results.unreadable)} 份：错误 {by['error']}，警告 {by['warning']}，提示 {by['note']}，未决 {held}，读不出的格 {unread}，已接受 {accepted(found)}。"
        return text + (f"页面上每级只显示前 {SHOWN} 条，全部见日志与报告。" if many else "")
    text = phrase(_SUMMARY, forms=len(results.forms), files=len(results.unreadable), **by, held=held, unread=unread, accepted=accepted(found))
    return text + (f" GitHub shows the first {SHOWN} of a level; all are in the log and the report." if many else "")

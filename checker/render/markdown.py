"""Results → a Markdown summary for a pull or merge request.

Every text of a form is escaped so that neither Markdown, HTML, a mention, an issue reference nor a
link can come out of it. GitHub takes comments of at most 65,536 characters: findings are listed
heaviest first, as many as fit, and the rest is counted.
"""

from __future__ import annotations

import re

from checker.model import Finding, FormResult, Outcome, Results
from checker.render.tally import accepted, counts, severities, verdict
from checker.render.told import (
    all_findings,
    answer_text,
    form_name,
    kind_name,
    one_line,
    place,
    primary,
    rank,
    settled_text,
    status_name,
    verdict_name,
)
from checker.wording import phrase

MAX_CHARACTERS = 60_000
MAX_FORMS = 200
MAX_CELL = 300

_SPECIAL = re.compile(r"[\\|&`*_<>~$\[\]@#]|://|www\.", re.IGNORECASE)
_SPLIT = {"@": "<span>@</span>", "#": "<span>#</span>", "://": "&#58;//", "\\": "&#92;", "|": "&#124;", "&": "&#38;"}


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) > 1 and found != "://":
        return f"{found[:3]}&#46;"
    return _SPLIT.get(found) or f"\\{found}"


def quoted(text: str, limit: int = MAX_CELL) -> str:
    """Return a stranger's text as Markdown that shows exactly these characters, for the middle of a line.

    `@` and `#` stand in elements of their own, because mentions and references are looked for in
    the finished page, where an entity no longer helps.
    """
    return _SPECIAL.sub(_escape, one_line(text, limit))


def render(results: Results) -> str:
    """Return the summary: verdict and counts, forms, files not read, findings as far as they fit."""
    zh = results.lang == "zh"
    parts = [_head(results), _forms(results)]
    if results.unreadable:
        lines = ["### 读不出的文件" if zh else "### Files not read", "", "| 文件 | 原因 |" if zh else "| file | reason |", "|---|---|"]
        lines += [f"| {quoted(file.path)} | {quoted(file.reason)} |" for file in results.unreadable[:MAX_FORMS]]
        if len(results.unreadable) > MAX_FORMS:
            lines += ["", _more(len(results.unreadable) - MAX_FORMS, results.lang)]
        parts.append("\n".join(lines))
    if results.notes:
        parts.append("<br>".join(("注：" if zh else "Note: ") + quoted(note) for note in results.notes[:20]))
    used = sum(len(part) for part in parts)
    parts.append(_findings(results, MAX_CHARACTERS - min(used, MAX_CHARACTERS)))
    parts.append(_foot(results))
    return "\n\n".join(part for part in parts if part) + "\n"


def _more(number: int, lang: str) -> str:
    return f"另有 {number:,} 条未列出，见完整报告。" if lang == "zh" else phrase("{n:,} more {n:is|are} not listed here, see the full report.", n=number)


def _head(results: Results) -> str:
    lang, zh = results.lang, results.lang == "zh"
    found = [finding for _, finding in all_findings(results)]
    by = severities(found)
    undecided = sum(finding.kind in (Outcome.OPEN, Outcome.REVIEW) and counts(finding) for finding in found)
    broken = sum(rule.outcome is Outcome.ERROR for rules in (*(form.rules for form in results.forms), results.batch_rules) for rule in rules)
    worst = verdict(results)
    said = verdict_name(worst, lang) if worst else ("没有检查任何表" if zh else "no form was checked")
    title = f"## 绩效自评表审核：{said}" if zh else f"## Self-evaluation forms: {said}"
    labels = ("表", "错误", "警告", "提示", "未决", "已接受", "读不出", "规则出错") if zh else ("forms", "errors", "warnings", "notes", "undecided", "accepted", "not read", "engine errors")
    numbers = (len(results.forms), by["error"], by["warning"], by["note"], undecided, accepted(found), len(results.unreadable), broken)
    return f"{title}\n\n| {' | '.join(labels)} |\n|{'---:|' * len(labels)}\n| {' | '.join(f'{n:,}' for n in numbers)} |"


def _forms(results: Results) -> str:
    if not results.forms:
        return ""
    zh = results.lang == "zh"
    head = "| 表 | 文件 | 建议 | 错误 | 警告 | 提示 |" if zh else "| form | file | verdict | errors | warnings | notes |"
    lines = [head, "|---|---|---|---:|---:|---:|"]
    for form in results.forms[:MAX_FORMS]:
        by = severities(form.findings)
        lines.append(
            f"| {quoted(form_name(form.form), 80)} | {quoted(form.form.source.path, 120)} | {_verdict(form, results.lang)} | {by['error']} | {by['warning']} | {by['note']} |"
        )
    text = "\n".join(lines)
    return text if len(results.forms) <= MAX_FORMS else f"{text}\n\n{_more(len(results.forms) - MAX_FORMS, results.lang)}"


def _verdict(form: FormResult, lang: str) -> str:
    """Return the verdict, with the number of cells that could not be read: they may be its only reason."""
    said, many = verdict_name(form.verdict, lang), len(form.unread)
    if not many:
        return said
    return f"{said}（{many} 格读不出）" if lang == "zh" else phrase("{said} ({n} {n:cell|cells} not read)", said=said, n=many)


def _findings(results: Results, room: int) -> str:
    lang, zh = results.lang, results.lang == "zh"
    listed = sorted(all_findings(results), key=lambda pair: rank(pair[1]))
    if not listed:
        return "没有发现问题。" if zh and results.forms else "No findings." if results.forms else ""
    head = "| 级别 | 规则 | 位置 | 说明 | 填报 | 应为 |" if zh else "| level | rule | place | message | reported | expected |"
    many = len(results.forms) > 1
    lines = ["### 问题" if zh else "### Findings", "", head, "|---|---|---|---|---|---|"]
    used, told = sum(map(len, lines)) + 400, 0
    for form, finding in listed:
        row = _row(form, finding, lang, many)
        if used + len(row) + 1 > room:
            break
        lines.append(row)
        used, told = used + len(row) + 1, told + 1
    if told < len(listed):
        lines += ["", _more(len(listed) - told, lang)]
    return "\n".join(lines)


def _row(form: FormResult | None, finding: Finding, lang: str, many: bool) -> str:
    at = primary(finding)
    level = kind_name(finding, lang)
    if finding.kind in (Outcome.OPEN, Outcome.REVIEW):
        weight = status_name(finding.severity.value, lang)
        level += f"（{weight}）" if lang == "zh" else f" ({weight})"
    where = quoted(place(at, lang)) if at else ""
    places = sum(location.role == "primary" for location in finding.locations)
    if places > 1:
        where += f" 等 {places} 处" if lang == "zh" else f" and {places - 1} more"
    if many and form:
        where = f"{quoted(form_name(form.form), 60)}<br>{where}"
    said = quoted(finding.message)
    if finding.arithmetic:
        said += f"<br>{quoted(finding.arithmetic)}"
    if not counts(finding):
        said = f"**{quoted(settled_text(finding, lang))}**<br>{said}"
    if answer := answer_text(finding, lang):
        said += f"<br>{quoted(answer)}"
    cells = (level, quoted(finding.rule), where, said, quoted(finding.reported or "", 120), quoted(finding.expected or "", 120))
    return f"| {' | '.join(cells)} |"


def _foot(results: Results) -> str:
    ruleset = results.ruleset
    words = ("规则集", "日期", "程序") if results.lang == "zh" else ("rule set", "as of", "checker")
    return f"<sub>{words[0]} {quoted(ruleset.id)} {quoted(ruleset.version)} ({quoted(ruleset.digest[:19])}) · {words[1]} {results.as_of} · {words[2]} {quoted(results.checker)}</sub>"

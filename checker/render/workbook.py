"""Results → findings.xlsx: what was run, summary, findings, rules, cells not read.

No form can bring a formula into an auditor's workbook (`spreadsheet` says how). The bytes depend on the results alone: no
clock, no machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from checker.model import Finding, FormResult, Location, Outcome, Results, RuleInfo, RuleOutcome
from checker.render.spreadsheet import Sheet, Value, spreadsheet
from checker.render.tally import accepted, counts, severities, verdict
from checker.render.told import (
    all_findings,
    field_name,
    form_type_name,
    kind_name,
    names_of,
    place,
    primary,
    settled_text,
    status_name,
    verdict_name,
)

MAX_PLACES = 200
MAX_RULE_ROWS = 20_000
"""More rule outcomes than this are added up over the forms, a row a rule."""

WORST = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN, Outcome.PASS, Outcome.NOT_APPLICABLE)

SHEETS = {
    "zh": ("审核说明", "汇总", "问题清单", "规则执行", "读不出的单元格"),
    "en": ("Conformance", "Summary", "Findings", "Rules", "Cells not read"),
}
RECOGNITION = {"zh": {"strong": "识别可靠", "weak": "识别不确定"}, "en": {"strong": "certain", "weak": "in part"}}
BEYOND = {"zh": "另有 {left:,} 行放不下，全部见 JSON。", "en": "{left:,} more rows do not fit, the JSON has them all."}
HEADS: dict[str, dict[str, tuple[tuple[str, int], ...]]] = {
    "zh": {
        "conformance": (("项目", 18), ("内容", 60), ("SHA-256", 66), ("格式", 10), ("版式", 22), ("识别", 10)),
        "summary": (("单位", 36), ("项目名称", 30), ("年度", 8), ("表类型", 22), ("文件", 36), ("建议", 12), ("错误", 8), ("警告", 8), ("提示", 8), ("未能判定", 10), ("待人工判断", 12), ("已接受", 8), ("规则出错", 10), ("读不出的格", 12)),
        "findings": (("单位", 30), ("文件", 30), ("级别", 10), ("规则", 10), ("问题", 30), ("位置", 26), ("其他位置", 26), ("填报", 24), ("应为", 24), ("差", 12), ("算式", 36), ("说明", 50), ("建议", 40), ("依据", 40), ("结果", 12), ("已接受", 30), ("单位答复", 30), ("指纹", 26)),
        "rules": (("单位", 30), ("文件", 30), ("规则", 10), ("名称", 36), ("级别", 8), ("结果", 12), ("检查", 8), ("不符", 8), ("未能判定", 10), ("待人工判断", 12), ("不适用", 8), ("原因", 50), ("规则内容", 60)),
        "unread": (("单位", 30), ("文件", 30), ("位置", 30), ("单元格文字", 40), ("原因", 60), ("类别", 12)),
    },
    "en": {
        "conformance": (("item", 18), ("content", 60), ("SHA-256", 66), ("format", 10), ("layout", 22), ("recognition", 12)),
        "summary": (("unit", 36), ("project", 30), ("year", 8), ("form type", 30), ("file", 36), ("verdict", 12), ("errors", 8), ("warnings", 10), ("notes", 8), ("open", 8), ("review", 8), ("accepted", 10), ("engine errors", 14), ("cells not read", 14)),
        "findings": (("unit", 30), ("file", 30), ("level", 10), ("rule", 10), ("finding", 30), ("place", 26), ("other places", 26), ("reported", 24), ("expected", 24), ("difference", 12), ("arithmetic", 36), ("message", 50), ("advice", 40), ("basis", 40), ("outcome", 12), ("accepted", 30), ("answer", 30), ("fingerprint", 26)),
        "rules": (("unit", 30), ("file", 30), ("rule", 10), ("title", 36), ("level", 8), ("outcome", 14), ("checked", 9), ("failed", 8), ("open", 8), ("review", 8), ("not applicable", 14), ("reason", 50), ("sentence", 60)),
        "unread": (("unit", 30), ("file", 30), ("place", 30), ("cell text", 40), ("reason", 60), ("kind", 14)),
    },
}  # fmt: skip


def render(results: Results) -> bytes:
    """Return the workbook as bytes, always the same for the same results."""
    heads, names = HEADS[results.lang], SHEETS[results.lang]
    pages = {
        "conformance": _conformance(results),
        "summary": _summary(results),
        "findings": _findings(results),
        "rules": _rules(results),
        "unread": _unread(results),
    }
    sheets = [Sheet(name, heads[key], rows, 2 if key == "rules" else None) for name, (key, rows) in zip(names, pages.items(), strict=True)]
    return spreadsheet(sheets, results.as_of, BEYOND[results.lang])


def _of(form: FormResult | None, lang: str) -> tuple[str, str]:
    if form is None:
        return ("（批次）" if lang == "zh" else "(batch)"), ""
    return (names_of(form.form) or [form.form.form_id])[0], form.form.source.path


def _conformance(results: Results) -> Iterator[Sequence[Value]]:
    zh, ruleset = results.lang == "zh", results.ruleset
    worst = verdict(results)
    yield ("程序" if zh else "checker", f"checker {results.checker}")
    yield ("规则集" if zh else "rule set", f"{ruleset.id} {ruleset.version}", ruleset.digest)
    yield ("规则数" if zh else "rules", len(ruleset.rules))
    yield ("审核基准日" if zh else "as of", results.as_of.isoformat())
    yield ("表" if zh else "forms", len(results.forms))
    yield ("读不出的文件" if zh else "files not read", len(results.unreadable))
    yield ("建议" if zh else "verdict", verdict_name(worst, results.lang) if worst else ("没有检查任何表" if zh else "no form was checked"))
    for note in results.notes:
        yield ("说明" if zh else "note", note)
    for form in results.forms:
        source, filled = form.form.source, form.form
        yield ("文件" if zh else "file", source.path, source.sha256, source.format, str(filled.header.get("layout") or ""), RECOGNITION[results.lang].get(filled.recognition, filled.recognition))
    for file in results.unreadable:
        yield ("读不出" if zh else "not read", file.path, file.reason)


def _summary(results: Results) -> Iterator[Sequence[Value]]:
    for form in results.forms:
        header, by = form.form.header, severities(form.findings)
        unit, path = _of(form, results.lang)
        year = header.get("fiscal_year")
        yield (
            unit, str(header.get("project_name") or ""), year if isinstance(year, int) else str(year or ""), form_type_name(str(header.get("form_type") or ""), results.lang),
            path, verdict_name(form.verdict, results.lang), by["error"], by["warning"], by["note"],
            sum(f.kind is Outcome.OPEN and counts(f) for f in form.findings), sum(f.kind is Outcome.REVIEW and counts(f) for f in form.findings),
            accepted(form.findings), sum(rule.outcome is Outcome.ERROR for rule in form.rules), len(form.unread),
        )  # fmt: skip
    if results.batch:
        by = severities(results.batch)
        yield (
            _of(None, results.lang)[0], "", "", "", "", "", by["error"], by["warning"], by["note"],
            sum(f.kind is Outcome.OPEN and counts(f) for f in results.batch), sum(f.kind is Outcome.REVIEW and counts(f) for f in results.batch),
            accepted(results.batch), sum(rule.outcome is Outcome.ERROR for rule in results.batch_rules), 0,
        )  # fmt: skip


def _findings(results: Results) -> Iterator[Sequence[Value]]:
    for form, finding in all_findings(results):
        yield _finding(form, finding, results.lang)


def _finding(form: FormResult | None, finding: Finding, lang: str) -> Sequence[Value]:
    at = primary(finding)
    others = [location for location in finding.locations if location is not at]
    said = "\n".join(place(location, lang) for location in others[:MAX_PLACES])
    if len(others) > MAX_PLACES:
        said += f"\n…(+{len(others) - MAX_PLACES:,})"
    answer = "\n".join(value for value in (finding.response or {}).values() if value)
    return (
        *_of(form, lang), status_name(finding.severity.value, lang), finding.rule, finding.title, place(at, lang) if at else "", said,
        finding.reported or "", finding.expected or "", finding.difference or "", finding.arithmetic or "", finding.message,
        finding.advice or "", "\n".join(finding.basis), kind_name(finding, lang) if finding.kind is not Outcome.FAIL else status_name("fail", lang),
        settled_text(finding, lang), answer, finding.fingerprint,
    )  # fmt: skip


def _rules(results: Results) -> Iterator[Sequence[Value]]:
    infos = {rule.id: rule for rule in results.ruleset.rules}
    if sum(len(form.rules) for form in results.forms) > MAX_RULE_ROWS:
        yield from _rules_together(results, infos)
        return
    for form in results.forms:
        unit, path = _of(form, results.lang)
        for rule in form.rules:
            yield (unit, path, *_rule(rule, infos.get(rule.rule), results.lang))


@lru_cache(1 << 11)
def _rule(rule: RuleOutcome, info: RuleInfo | None, lang: str) -> Sequence[Value]:
    """Return what a rule came to; most rules come to the same on most forms of a batch."""
    return (
        rule.rule, info.title if info else "", status_name(info.severity.value, lang) if info else "",
        status_name("engine" if rule.outcome is Outcome.ERROR else rule.outcome.value, lang),
        rule.checked, rule.failed, rule.open, rule.review, rule.not_applicable, rule.reason or "", info.sentence if info else "",
    )  # fmt: skip


def _rules_together(results: Results, infos: dict[str, RuleInfo]) -> Iterator[Sequence[Value]]:
    together: dict[str, list[RuleOutcome]] = {rule: [] for rule in infos}
    for form in results.forms:
        for outcome in form.rules:
            together.setdefault(outcome.rule, []).append(outcome)
    everywhere = f"（{len(results.forms):,} 份表合计）" if results.lang == "zh" else f"(all {len(results.forms):,} forms)"
    for rule, outcomes in together.items():
        if not outcomes:
            continue
        forms = {kind: sum(outcome.outcome is kind for outcome in outcomes) for kind in WORST}
        reason = ", ".join(f"{status_name('engine' if kind is Outcome.ERROR else kind.value, results.lang)} {n:,}" for kind, n in forms.items() if n)
        added = RuleOutcome(
            rule=rule,
            outcome=next(kind for kind in WORST if forms[kind]),
            checked=sum(outcome.checked for outcome in outcomes),
            failed=sum(outcome.failed for outcome in outcomes),
            open=sum(outcome.open for outcome in outcomes),
            review=sum(outcome.review for outcome in outcomes),
            not_applicable=sum(outcome.not_applicable for outcome in outcomes),
            reason=reason,
        )
        yield (everywhere, "", *_rule(added, infos.get(rule), results.lang))


_UNREAD = {"zh": ("单元格", "同一单元格", "已接受", "整张表", "文件"), "en": ("cell", "same cell", "accepted", "form", "file")}
"""What could not be read: a cell, another field of such a cell, a cell somebody has accepted, part of a form in words, a file."""


def _unread(results: Results) -> Iterator[Sequence[Value]]:
    """Yield a line for each field that is unread; those of the kind `cell` are as many as the counts say."""
    cell, same, accepted, whole, file = _UNREAD[results.lang]
    for form in results.forms:
        named = _of(form, results.lang)
        waiting = {at.spot for at in form.unread}
        held = [(Location("related", *key, found.text, found.locator), found.unread) for key, found in form.form.places.items() if found.unread is not None]
        too_large = waiting - {at.spot for at, _ in held}  # a number too large to be compared has no reason
        seen = set[object]()
        for at, why in (*held, *((at, "") for at in form.unread if at.spot in too_large)):
            kind = accepted if at.spot not in waiting else same if at.spot in seen else cell
            seen.add(at.spot)
            yield (*named, place(at, results.lang) or field_name(at.table, at.field, results.lang), at.text, why, kind)
        for line in form.form.unread:
            yield (*named, "", "", line, whole)
    for unreadable in results.unreadable:
        yield ("", unreadable.path, "", "", unreadable.reason, file)

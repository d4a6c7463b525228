"""Places and outcomes in words, and the order in which findings are told."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checker.model import Finding, Form, FormResult, Location, Outcome, Results, RuleOutcome, Severity, Verdict
from checker.render import labels, places
from checker.render.shown import visible
from checker.render.tally import counts

_SEVERITY_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_KIND_RANK = {Outcome.ERROR: 0, Outcome.FAIL: 1, Outcome.OPEN: 2, Outcome.REVIEW: 3}


def field_name(table: str, field: str, lang: str) -> str:
    """Return what a person calls a field."""
    return labels.field_name(labels.load(lang), table, field)


def status_name(word: str, lang: str) -> str:
    """Return a severity or outcome as a person says it: 错误, 未能判定."""
    entry = labels.load(lang)["statuses"]["fault" if word == "engine" else word]
    return str(entry["name"])


def kind_name(finding: Finding, lang: str) -> str:
    """Return how a finding is marked: by its severity when it failed, else by its outcome."""
    if finding.kind is Outcome.FAIL:
        return status_name(finding.severity.value, lang)
    return status_name("engine" if finding.kind is Outcome.ERROR else finding.kind.value, lang)


def form_type_name(word: str, lang: str) -> str:
    """Return a type of form as a person says it: 项目支出."""
    return str(labels.load(lang)["form_types"].get(word, word))


def verdict_name(verdict: Verdict, lang: str) -> str:
    """Return a verdict as a person says it: 退回修改."""
    return str(labels.load(lang)["verdicts"][verdict.value])


def place(location: Location, lang: str) -> str:
    """Return where a location is, in words: `第 39 行 · 偏差及原因`, `自评表!H39 · 得分`, `指标第 3 行 · 得分`."""
    words = labels.load(lang)
    at = replace(location.locator, column=None)
    where = [places.words(words, at)]
    if not at.cell and not at.line:
        where.append(places.row_words(words, location))
    return " · ".join(part for part in (*where, field_name(location.table, location.field, lang)) if part)


def primary(finding: Finding) -> Location | None:
    """Return the cell a finding points at first; None for findings without a place."""
    return next((at for at in finding.locations if at.role == "primary"), next(iter(finding.locations), None))


def settled_text(finding: Finding, lang: str) -> str:
    """Return why a finding no longer counts, in words; nothing when it does."""
    if finding.waiver is not None:
        given = finding.waiver
        until = given.get("expires") or given.get("until") or ""
        who = given.get("approved_by", "")
        reason = given.get("reason", "")
        if lang == "zh":
            return "已豁免" + (f"至 {until}" if until else "") + (f"，{who} 批准" if who else "") + (f"：{reason}" if reason else "")
        return "waived" + (f" until {until}" if until else "") + (f", approved by {who}" if who else "") + (f": {reason}" if reason else "")
    if finding.baseline:
        return "已列入基线" if lang == "zh" else "known from the baseline"
    return ""


_ANSWER = {
    "zh": {"explanation": "", "corrected_value": "更正值 ", "document": "佐证材料 ", "by": "填写人 ", "on": "日期 "},
    "en": {"explanation": "", "corrected_value": "corrected value ", "document": "document ", "by": "by ", "on": "on "},
}


def answer_text(finding: Finding, lang: str) -> str:
    """Return the unit's answer in words; nothing without one."""
    given = finding.response or {}
    parts = [f"{lead}{given[key]}" for key, lead in _ANSWER[lang].items() if given.get(key)]
    head, mark = ("单位答复：", "；") if lang == "zh" else ("the unit's answer: ", "; ")
    return head + mark.join(parts) if parts else ""


def rank(finding: Finding) -> tuple[bool, int, int]:
    """Return the sort key of findings told in order of weight: engine errors, fails by severity, open, review; settled last."""
    kind = _KIND_RANK.get(finding.kind, 4)
    return not counts(finding), kind, _SEVERITY_RANK[finding.severity]


def all_findings(results: Results) -> Iterator[tuple[FormResult | None, Finding]]:
    """Yield every finding with its form, forms in order; findings over the whole batch come last, with None."""
    for form in results.forms:
        for finding in form.findings:
            yield form, finding
    for finding in results.batch:
        yield None, finding


def crashed_alone(results: Results) -> Iterator[tuple[FormResult | None, RuleOutcome]]:
    """Yield the rules that could not be run and of which no finding tells, with their form; those over several forms come last, with None."""
    told = {(finding.rule, form and form.form.form_id) for form, finding in all_findings(results) if finding.kind is Outcome.ERROR}
    for form in results.forms:
        yield from ((form, rule) for rule in form.rules if rule.outcome is Outcome.ERROR and (rule.rule, form.form.form_id) not in told)
    yield from ((None, rule) for rule in results.batch_rules if rule.outcome is Outcome.ERROR and (rule.rule, None) not in told)


def not_run(rule: RuleOutcome, lang: str) -> str:
    """Return the line of a gate that says that a rule could not be run, and why."""
    return f"规则未能执行：{rule.reason or ''}" if lang == "zh" else f"the rule could not be run: {rule.reason or ''}"


def unread_alone(results: Results) -> Iterator[tuple[FormResult, Location, str]]:
    """Yield the unread cells that no finding of their form shows, with the place and the reason in words: formats that list findings name them beside these."""
    said = labels.load(results.lang)["summary"]["unread_cell"]
    for form in results.forms:
        shown = {at.spot for finding in form.findings for at in finding.locations}
        for at in form.unread:
            if at.spot not in shown:
                yield form, at, said.format(where=place(at, results.lang), reason=places.unread_reason(form.form, at))


def unit_of(form: Form) -> str | None:
    """Return the unit that filed a form: the one it names as its own, else the one that carried the project out; None when it names neither."""
    unit = form.header.get("unit_name") or form.header.get("implementing_unit")
    return str(unit) if unit else None


def names_of(form: Form) -> list[str]:
    """Return unit and project of a form as far as they are filled."""
    project = form.header.get("project_name")
    return [str(name) for name in (unit_of(form), project) if name]


def form_name(form: Form) -> str:
    """Return how a person calls a form: unit, project and year as far as they are filled, else its id."""
    year = form.header.get("fiscal_year")
    return " ".join([*names_of(form), *([str(year)] if year else [])]) or form.form_id


def cut(text: str, limit: int) -> str:
    """Return a text made visible, about `limit` characters at most; how many of its own are left out is said: `…(+99,000)`."""
    for kept in (limit, limit // 10):
        shown = visible(text[:kept])
        if len(shown) <= limit:
            break
    left = len(text) - kept
    return f"{shown}…(+{left:,})" if left > 0 else shown


def one_line(text: str, limit: int) -> str:
    """Return a text cut as by `cut`, on one line."""
    return " ".join(cut(text, limit).split())

"""One batch of forms × rules → their results: tables, contract, readings, one pass of the engine, findings, verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from checker.corrections import proposals, rests_on_figures
from checker.engine import row_pass
from checker.engine.prepared import CODES, Prepared, Told
from checker.errors import CheckerError
from checker.fields import BY_TABLE, TABLES
from checker.findings.build import Judged, finding_of_form, finding_of_row, fingerprint, judge, location
from checker.findings.figures import figures_of
from checker.language import Contexts
from checker.model import (
    Finding,
    Form,
    FormResult,
    Location,
    Locator,
    Outcome,
    RuleInfo,
    RuleOutcome,
    Severity,
)
from checker.readings import Evidence, add
from checker.rules.profiles import Profile
from checker.rules.rule import Rule
from checker.tables.columns import LIMITS, Laid, columns
from checker.tables.contracts import kept, violations
from checker.tables.frames import Tables, framed
from checker.verdict import PolicyLine, decide

WORST = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN, Outcome.PASS, Outcome.NOT_APPLICABLE)


class ContractFault(CheckerError):
    """The normalized tables break their own contract: a fault of the program, not of the form (exit 5)."""

    exit_code = 5


class Plan(Struct, frozen=True):
    """What stays the same over the batches of a run."""

    as_of: date
    lang: str
    policy: tuple[PolicyLine, ...]
    infos: Mapping[str, RuleInfo]
    evidence: Evidence | None = None


def laid_out(forms: Sequence[Form], needed: frozenset[tuple[str, str]], evidence: Evidence | None = None) -> Tables:
    """Return the tables of a batch with the readings that rules need. Raises ContractFault."""
    filled = columns(forms)
    made = framed(filled)
    broken = violations({name: getattr(made, name) for name in TABLES}, LIMITS)
    if broken:
        raise ContractFault(f"normalized tables break their contract @ {forms[0].source.path}: {'; '.join(broken[:5])}")
    # Readings go from text to text: on plain columns nothing has to be taken out of frames and joined to them again.
    return framed(add(filled, needed, evidence))


def evaluated(forms: Sequence[Form], prepared: Prepared, plan: Plan, worked: frozenset[str]) -> tuple[Laid, Contexts, Told]:
    """Return the tables of a batch, their rows, and what the rules came to on them. Raises ContractFault."""
    plain = columns(forms) if sum(map(rows_of, forms)) <= row_pass.FEW else None
    if plain is not None and kept(plain, LIMITS):
        laid = add(plain, prepared.needed, plan.evidence)
        contexts = Contexts(laid, plan.as_of)
        return laid, contexts, row_pass.told(prepared, laid, contexts, worked)
    from checker.engine import batch_pass

    made = laid_out(forms, prepared.needed, plan.evidence)
    return made, Contexts(made, plan.as_of), batch_pass.told(prepared, made, plan.as_of, worked)


def unread_cells(forms: Sequence[Form], laid: Laid) -> tuple[tuple[Location, ...], ...]:
    """Return of each form of a batch the cells that hold something nobody could read, a cell of several fields or rows once."""
    found: list[dict[object, Location]] = [{} for _ in forms]
    for table in TABLES:
        for i, row, names in laid.rows(table, "form", "row", "unread"):
            for name in names.strip("|").split("|") if names else ():
                at = location(forms[i], (table, row, name), "related")
                found[i].setdefault(at.spot, at)
    return tuple(tuple(cells.values()) for cells in found)


def rows_of(form: Form) -> int:
    """Return how many rows a form has in all tables."""
    return 1 + len(form.budget_lines) + len(form.indicator_groups) + len(form.indicators)


def check_batch(forms: Sequence[Form], prepared: Prepared, plan: Plan, profile: Profile | None, tick: Callable[[Form], None] | None = None) -> tuple[FormResult, ...]:
    """Check one batch of forms under one profile: few rows one by one, many over frames, with the same results.

    `tick` is called with each form that is done.
    """
    balanced = frozenset(rule.id for rule in prepared.rules if rests_on_figures(rule))
    worked = balanced.union(rule.id for rule in prepared.rules if rule.figure is not None)
    laid, contexts, outcomes = evaluated(forms, prepared, plan, worked)
    unread = unread_cells(forms, laid)
    results = []
    for i, form in enumerate(forms):
        findings = _findings(form, i, prepared, outcomes.marked.get(i, ()), contexts, plan)
        said = {(f.rule, f.kind): f.message for f in reversed(findings)}
        rules = tuple(_rule_outcome(rule, form, outcomes.counted.get((i, rule.id), {}), said, outcomes, prepared.tokens, plan.lang) for rule in prepared.rules)
        findings = (*findings, *_fault_findings(form, outcomes, prepared, plan))
        ordered = tuple(sorted(findings, key=_order))
        verdict = decide(ordered, plan.policy, weak=form.recognition == "weak", unread=len(unread[i]))
        applied = outcomes.applying.get(i, {})
        figures = figures_of(form, i, prepared.rules, applied, contexts, plan.lang)
        corrections = proposals(form, i, prepared.rules, contexts, _believed(applied, ordered)) if _unbalanced(ordered, balanced) else ()
        contexts.forget(i)
        results.append(FormResult(form, verdict, profile.id if profile else None, ordered, rules, corrections, figures, unread[i]))
        if tick:
            tick(form)
    return tuple(results)


def _believed(applied: Mapping[str, Sequence[int]], findings: Sequence[Finding]) -> Mapping[str, Sequence[int]]:
    """Leave out rules that are broken only as a note, as a total that does not add up in an excerpt: nothing is to be mended there."""
    doubted = {f.rule for f in findings if f.kind is Outcome.FAIL and f.severity is Severity.NOTE}
    return {rule: rows for rule, rows in applied.items() if rule not in doubted}


def _unbalanced(findings: Sequence[Finding], figures: frozenset[str]) -> bool:
    """Say whether an equation may be broken or lack a value: a rule on figures alone fails or stays open."""
    return any(f.rule in figures and f.kind in (Outcome.FAIL, Outcome.OPEN) for f in findings)


def _findings(form: Form, i: int, prepared: Prepared, marked: Sequence[tuple[int, str, int]], contexts: Contexts, plan: Plan) -> tuple[Finding, ...]:
    rows: dict[str, list[tuple[int, Outcome]]] = {}
    for row, rule_id, code in marked:
        rows.setdefault(rule_id, []).append((row, CODES[code]))
    found: list[Finding] = []
    for rule in prepared.rules:
        mine = rows.get(rule.id, [])
        together = [(row, outcome) for row, outcome in mine if rule.aggregate and outcome is Outcome.FAIL]
        if together:
            here = [contexts.row(rule.each, i, row) for row, _ in together]
            judged = [judge(rule, form, context, row, outcome, plan.lang) for (row, outcome), context in zip(together, here, strict=True)]
            sound: list[Judged] = [item for item in judged if item.outcome is Outcome.FAIL]
            if sound:
                found.append(finding_of_form(rule, form, sound, [c for c, item in zip(here, judged, strict=True) if item.outcome is Outcome.FAIL], plan.lang))
        for row, outcome in mine:
            if (row, outcome) not in together:
                found.append(finding_of_row(rule, form, contexts.row(rule.each, i, row), row, outcome, plan.lang))
    return tuple(found)


def _rule_outcome(
    rule: Rule, form: Form, rows: Mapping[Outcome, int], said: Mapping[tuple[str, Outcome], str], outcomes: Told, asked: Mapping[str, frozenset[str]], lang: str
) -> RuleOutcome:
    if rule.id in outcomes.faults:
        return RuleOutcome(rule.id, Outcome.ERROR, reason=outcomes.faults[rule.id])
    worst = Outcome.ERROR if (rule.id, Outcome.ERROR) in said else next((outcome for outcome in WORST if rows.get(outcome)), Outcome.NOT_APPLICABLE)
    return RuleOutcome(
        rule=rule.id,
        outcome=worst,
        checked=rows.get(Outcome.PASS, 0) + rows.get(Outcome.FAIL, 0),
        failed=rows.get(Outcome.FAIL, 0),
        open=rows.get(Outcome.OPEN, 0),
        review=rows.get(Outcome.REVIEW, 0),
        not_applicable=rows.get(Outcome.NOT_APPLICABLE, 0),
        reason=_reason(rule, form, worst, rows, said, asked[rule.id], lang),
    )


_COLUMNS = {
    "zh": {"weights": "分值", "scores": "得分", "reasons": "原因", "rates": "执行率", "levels": "一级、二级指标", "initial": "年初预算数", "targets": "指标值", "actuals": "完成值"},
    "en": {"weights": "weight", "scores": "score", "reasons": "reason", "rates": "rate", "levels": "level", "initial": "initial budget", "targets": "target", "actuals": "actual"},
}  # fmt: skip


def _reason(rule: Rule, form: Form, worst: Outcome, rows: Mapping[Outcome, int], said: Mapping[tuple[str, Outcome], str], asked: frozenset[str], lang: str) -> str | None:
    zh = lang == "zh"
    if worst in (Outcome.OPEN, Outcome.REVIEW):
        return said.get((rule.id, worst))
    if worst is not Outcome.NOT_APPLICABLE:
        return None
    if form.header.get("form_type") not in rule.forms:
        return "不适用于这类表" if zh else "not for this type of form"
    absent = [_COLUMNS[lang].get(token, token) for token in sorted(asked) if token in form.not_applicable]
    if absent:
        return f"版式没有{'、'.join(absent)}栏" if zh else f"the layout has no {', '.join(absent)} column"
    year = form.header.get("fiscal_year")
    first, last = rule.effective
    if isinstance(year, int) and ((first and year < first) or (last and year > last)):
        return f"{year} 年度不适用" if zh else f"not in force for {year}"
    if not rows:
        return "表中没有这类行" if zh else "the form has no such row"
    return "没有符合适用条件的行" if zh else "no row meets the rule's condition"


def _fault_findings(form: Form, outcomes: Told, prepared: Prepared, plan: Plan) -> tuple[Finding, ...]:
    made = []
    for rule in prepared.rules:
        if rule.id in outcomes.faults:
            place = Location("primary", "forms", 1, next(iter(BY_TABLE["forms"])), "", Locator(file=form.source.path))
            words = {"zh": "规则未能运行：", "en": "the rule could not be run: "}[plan.lang]
            made.append(Finding(fingerprint(rule, form, "forms", None), rule.id, rule.severity, Outcome.ERROR, rule.title[plan.lang], words + outcomes.faults[rule.id], (place,)))
    return tuple(made)


_KINDS = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)


def _order(finding: Finding) -> tuple[int, int, str, str, int]:
    place = finding.locations[0]
    return _KINDS.index(finding.kind), list(Severity).index(finding.severity), finding.rule, place.table, place.row

"""Rules over comparisons: the tables they need are made, the engine judges them, findings name cells in every form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from checker.across.accounts import accounts, reviews
from checker.across.approvals import approvals, shared
from checker.across.comparison import ROW, Compared, Comparison, Inputs, honest, laid_out, spread, stand_in
from checker.across.copies import copies
from checker.across.foreign import foreign
from checker.across.portfolios import peers, portfolios
from checker.across.summaries import coverage, due, summaries
from checker.across.years import year_rows, years
from checker.engine.prepared import CODES, fault, prepare
from checker.fields import BATCH_TABLES
from checker.findings.build import finding_of_row, fingerprint, location, value_digest
from checker.language import Contexts
from checker.model import Finding, Form, Outcome, RuleOutcome, Severity, Source
from checker.rules.rule import Rule

MAKERS: Mapping[str, Callable[[Inputs], Compared]] = {
    "summaries": summaries,
    "coverage": coverage,
    "shared": shared,
    "due": due,
    "approvals": approvals,
    "years": years,
    "year_rows": year_rows,
    "copies": copies,
    "portfolios": portfolios,
    "peers": peers,
    "accounts": accounts,
    "reviews": reviews,
    "foreign": foreign,
}
_WORST = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN, Outcome.PASS)
_KINDS = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)


class Across(Struct, frozen=True):
    """What rules over several forms found, and what each of them came to."""

    findings: tuple[Finding, ...] = ()
    rules: tuple[RuleOutcome, ...] = ()


def judge_across(inputs: Inputs, rules: Sequence[Rule], as_of: date, lang: str) -> Across:
    """Run the rules whose grain is a table of comparisons over all forms of a run."""
    mine = [rule for rule in rules if rule.each in BATCH_TABLES]
    if not mine or not inputs.forms:
        return Across()
    compared: dict[str, Compared] = {}
    faults: dict[str, str] = {}
    for table in BATCH_TABLES:
        if any(rule.each == table for rule in mine):
            try:
                compared[table] = MAKERS[table](inputs)
            except Exception as error:
                faults[table] = fault(error)
    made = judge([rule for rule in mine if rule.each in compared], compared, as_of, lang)
    broken = [rule for rule in mine if rule.each in faults]
    return Across(
        (*(_fault(rule, inputs.forms[0], faults[rule.each], lang) for rule in broken), *made.findings),
        (*made.rules, *(RuleOutcome(rule.id, Outcome.ERROR, reason=faults[rule.each]) for rule in broken)),
    )


def _fault(rule: Rule, form: Form, why: str, lang: str) -> Finding:
    """Return the finding that says that a rule could not be run: it can never look like a pass."""
    words = {"zh": "规则未能运行：", "en": "the rule could not be run: "}[lang]
    place = location(form, ("forms", 1, "title"), "primary")
    return Finding(fingerprint(rule, Form("batch", Source("", "", ""), {}), rule.each, None), rule.id, rule.severity, Outcome.ERROR, rule.title[lang], words + why, (place,))


def judge(rules: Sequence[Rule], compared: Mapping[str, Compared], as_of: date, lang: str) -> Across:
    """Apply rules to comparisons already made."""
    comparisons = [honest(row) for made in compared.values() for row in made.rows]
    there = {item.table for item in comparisons}
    findings: list[tuple[tuple[object, ...], Finding]] = []
    counted: dict[str, dict[Outcome, int]] = {rule.id: {} for rule in rules}
    if not there:
        return Across((), tuple(_outcome(rule, {}, compared[rule.each], (), None, lang) for rule in rules))
    from checker.engine.batch_pass import evaluate

    tables = laid_out(comparisons)
    outcomes = evaluate(prepare([rule for rule in rules if rule.each in there], BATCH_TABLES), tables, as_of)
    contexts = Contexts(tables, as_of)
    by_id = {rule.id: rule for rule in rules}
    for at, _, rule_id, code in outcomes.marked.iter_rows():
        rule, item = by_id[rule_id], comparisons[at]
        form = stand_in(item, lang)
        made = finding_of_row(rule, form, contexts.row(rule.each, at, ROW), ROW, CODES[code], lang)
        contexts.forget(at)
        places = spread(item, rule.at.rpartition(".")[2], made.locations)
        made = replace(made, locations=places, value_digest=value_digest(places))
        findings.append(((_KINDS.index(made.kind), list(Severity).index(made.severity), made.rule, item.identity), made))
    crashed = [_fault(rule, comparisons[0].form, outcomes.faults[rule.id], lang) for rule in rules if rule.id in outcomes.faults]
    ordered = (*crashed, *(made for _, made in sorted(findings, key=lambda pair: pair[0])))
    for _, rule_id, code, rows in outcomes.counts.iter_rows():
        counted[rule_id][CODES[code]] = counted[rule_id].get(CODES[code], 0) + rows
    told = tuple(_outcome(rule, counted[rule.id], compared[rule.each], ordered, outcomes.faults.get(rule.id), lang) for rule in rules)
    return Across(ordered, told)


def _outcome(rule: Rule, rows: Mapping[Outcome, int], made: Compared, findings: Sequence[Finding], fault: str | None, lang: str) -> RuleOutcome:
    """Say what a rule came to over the run; what should have been compared and could not keeps it open, never a pass."""
    if fault is not None:
        return RuleOutcome(rule.id, Outcome.ERROR, reason=fault)
    waiting = [idle for idle in made.idle if idle.open]
    counts = dict(rows)
    if waiting:
        counts[Outcome.OPEN] = counts.get(Outcome.OPEN, 0) + len(waiting)
    for found in findings:
        if found.rule == rule.id and found.kind is Outcome.ERROR:
            counts[Outcome.ERROR] = counts.get(Outcome.ERROR, 0) + 1
    worst = next((outcome for outcome in _WORST if counts.get(outcome)), Outcome.NOT_APPLICABLE)
    reason = None
    if worst is Outcome.OPEN:
        reason = next((f.message for f in findings if f.rule == rule.id and f.kind is Outcome.OPEN), None) or waiting[0].words[lang]
        more = len(waiting) - 1
        reason += ({"zh": f"（另有 {more} 处）", "en": f" ({more} more)"}[lang]) if more > 0 and reason == waiting[0].words[lang] else ""
    elif worst is Outcome.NOT_APPLICABLE:
        reason = made.idle[0].words[lang] if made.idle else {"zh": "没有符合适用条件的比对", "en": "no comparison meets the rule's condition"}[lang]
    return RuleOutcome(
        rule.id, worst, checked=counts.get(Outcome.PASS, 0) + counts.get(Outcome.FAIL, 0), failed=counts.get(Outcome.FAIL, 0),
        open=counts.get(Outcome.OPEN, 0), review=counts.get(Outcome.REVIEW, 0), not_applicable=counts.get(Outcome.NOT_APPLICABLE, 0), reason=reason,
    )  # fmt: skip


__all__ = ["MAKERS", "Across", "Comparison", "judge", "judge_across"]

"""Results → JUnit XML: a suite a rule, a case a row, as CI servers list tests.

JUnit knows only passed, failed, broken and skipped. A failed row of an error or warning rule is a
`failure`; a note is an observation and passes with its text in `system-out`. Rows that could not
be decided, rows for a person, waived and baseline findings are `skipped` with the reason, and so are
cells nobody could read that no finding shows. A rule that crashed and a file that could not be read
are an `error`, never a failure. Rows that hold are one case a form, with their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from checker.model import Finding, FormResult, Outcome, Results, RuleOutcome, Severity
from checker.render.labels import load, step_name
from checker.render.tally import counts
from checker.render.told import (
    all_findings,
    answer_text,
    crashed_alone,
    cut,
    kind_name,
    one_line,
    place,
    primary,
    settled_text,
    status_name,
    unread_alone,
)

MAX_TEXT = 10_000
MAX_NAME = 300

Case = tuple[str, str]
"""The state (passed, failure, error, skipped) and the XML of one test case."""


def render(results: Results) -> str:
    """Return a JUnit document; suites in rule order, then the input files that could not be read."""
    by_rule: dict[str, list[tuple[FormResult | None, Finding]]] = {rule.id: [] for rule in results.ruleset.rules}
    for form, finding in all_findings(results):
        by_rule.setdefault(finding.rule, []).append((form, finding))
    outcomes: dict[str, list[tuple[FormResult, RuleOutcome]]] = {}
    for form in results.forms:
        for outcome in form.rules:
            outcomes.setdefault(outcome.rule, []).append((form, outcome))
            by_rule.setdefault(outcome.rule, [])
    alone: dict[str, list[tuple[FormResult | None, RuleOutcome]]] = {}
    for crashed, told in crashed_alone(results):
        alone.setdefault(told.rule, []).append((crashed, told))
        by_rule.setdefault(told.rule, [])
    titles = {rule.id: rule.title for rule in results.ruleset.rules}
    suites = [
        _suite(f"{rule} {titles.get(rule, '')}".strip(), list(_cases(rule, found, alone.get(rule, []), outcomes.get(rule, []), results.lang)))
        for rule, found in by_rule.items()
    ]
    reading = list(_files(results))
    if reading:
        suites.append(_suite("读取文件" if results.lang == "zh" else "reading files", reading))
    totals = {state: sum(suite[1][state] for suite in suites) for state in ("tests", "failures", "errors", "skipped")}
    head = " ".join(f'{key}="{value}"' for key, value in totals.items())
    body = "".join(suite[0] for suite in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="checker" {head} time="0">\n{body}</testsuites>\n'


def _suite(name: str, cases: list[Case]) -> tuple[str, dict[str, int]]:
    numbers = {
        "tests": len(cases),
        "failures": sum(state == "failure" for state, _ in cases),
        "errors": sum(state == "error" for state, _ in cases),
        "skipped": sum(state == "skipped" for state, _ in cases),
    }
    head = " ".join(f'{key}="{value}"' for key, value in numbers.items())
    body = "".join(text for _, text in cases)
    return f'  <testsuite name={_attribute(name)} {head} time="0">\n{body}  </testsuite>\n', numbers


def _attribute(text: str) -> str:
    return quoteattr(one_line(text, MAX_NAME))


def _body(text: str) -> str:
    return escape(cut(text, MAX_TEXT))


def _case(name: str, rule: str, state: str, *, kind: str = "", message: str = "", text: str = "", file: str = "", line: int | None = None) -> Case:
    where = (f" file={_attribute(file)}" if file else "") + (f' line="{line}"' if line else "")
    head = f"    <testcase name={_attribute(name)} classname={_attribute(rule)}{where} time=\"0\""
    if state == "passed":
        return state, f"{head}>\n      <system-out>{_body(text)}</system-out>\n    </testcase>\n" if text else f"{head}/>\n"
    typed = f" type={_attribute(kind)}" if kind else ""
    return state, f"{head}>\n      <{state} message={_attribute(message)}{typed}>{_body(text)}</{state}>\n    </testcase>\n"


def _cases(rule: str, found: list[tuple[FormResult | None, Finding]], alone: list[tuple[FormResult | None, RuleOutcome]], outcomes: list[tuple[FormResult, RuleOutcome]], lang: str) -> Iterable[Case]:
    used: dict[str, int] = {}
    for form, finding in found:
        yield _finding(rule, form, finding, lang, used)
    for crashed, told in alone:
        why = told.reason or status_name("engine", lang)
        path = crashed.form.source.path if crashed else ""
        yield _case(_unique(crashed.form.form_id if crashed else rule, used, path), rule, "error", kind="engine-error", message=why, text=why, file=path)
    for form, outcome in outcomes:
        if outcome.outcome is Outcome.ERROR:
            continue
        name = _unique(form.form.form_id, used, form.form.source.path)
        held = outcome.checked - outcome.failed
        path = form.form.source.path
        if held > 0:
            said = f"{held} 处通过" if lang == "zh" else f"{held} passed"
            yield _case(f"{name} · {said}", rule, "passed", file=path)
        elif outcome.outcome is Outcome.NOT_APPLICABLE:
            why = outcome.reason or ""
            yield _case(name, rule, "skipped", message=load(lang)["colon"].join(part for part in (status_name("not_applicable", lang), why) if part), file=path)


def _unique(name: str, used: dict[str, int], tail: str) -> str:
    name = one_line(name, MAX_NAME - 60)
    if name in used:
        name = f"{name} [{one_line(tail, 40)}]"
    base, count = name, used.get(name, 1)
    while name in used:
        count += 1
        name = f"{base} ({count})"
    used[base] = count
    used.setdefault(name, 1)
    return name


def _finding(rule: str, form: FormResult | None, finding: Finding, lang: str, used: dict[str, int]) -> Case:
    at = primary(finding)
    path = form.form.source.path if form else ""
    name = _unique(" · ".join(part for part in (form.form.form_id if form else "", place(at, lang) if at else "") if part) or rule, used, finding.fingerprint)
    line = at.locator.line if at else None
    labels = load(lang)
    colon = labels["colon"]
    lines = [finding.message, finding.arithmetic or "", *(f"{step_name(labels, finding.rule, step.name)}{colon}{step.text}" for step in finding.steps), answer_text(finding, lang), finding.advice or "", *finding.basis]
    lines.append(f"{labels['fingerprint']}{colon}{finding.fingerprint}")
    text = "\n".join(part for part in lines if part)
    if not counts(finding):
        said = f"{settled_text(finding, lang)} · {finding.message}"
        return _case(name, rule, "skipped", message=said, text=text, file=path, line=line)
    if finding.kind is Outcome.ERROR:
        return _case(name, rule, "error", kind="engine-error", message=finding.message, text=text, file=path, line=line)
    if finding.kind is Outcome.FAIL:
        if finding.severity is Severity.NOTE:
            return _case(name, rule, "passed", text=f"{kind_name(finding, lang)}{colon}{text}", file=path, line=line)
        return _case(name, rule, "failure", kind=finding.severity.value, message=finding.message, text=text, file=path, line=line)
    said = f"{kind_name(finding, lang)}{colon}{finding.message}"
    return _case(name, rule, "skipped", kind=finding.kind.value, message=said, text=text, file=path, line=line)


def _files(results: Results) -> Iterable[Case]:
    used: dict[str, int] = {}
    for file in results.unreadable:
        yield _case(_unique(file.path, used, ""), "input", "error", kind="unreadable", message=file.reason, text=file.reason, file=file.path)
    for form, at, said in unread_alone(results):
        name = _unique(f"{form.form.form_id} · {place(at, results.lang)}", used, form.form.source.path)
        yield _case(name, "input", "skipped", kind="unread", message=said, text=said, file=form.form.source.path, line=at.locator.line)
    if not results.forms:
        said = "没有检查任何表" if results.lang == "zh" else "no form was checked"
        yield _case(said, "input", "error", kind="nothing-checked", message=said)

"""The examples inside a rule → forms that the engine checks as it checks any form."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import Struct
from msgspec.structs import replace

from checker.across.comparison import Comparison, frames
from checker.audit import laid_out
from checker.engine.batch_pass import CODES, codes, prepare
from checker.errors import RuleError
from checker.fields import BATCH_TABLES, BY_TABLE, GRAINS, TABLES, Field
from checker.findings.build import judge
from checker.language import Contexts, RowContext, explain
from checker.language.names import english
from checker.model import FieldValue, Form, Locator, Outcome, Place, PlaceKey, Source
from checker.readings import Evidence, add
from checker.rules.rule import Example, Rule
from checker.strict_yaml import suggest
from checker.tables.frames import Tables, tables
from checker.values.events import Event, kind_of

AS_OF = date(2024, 6, 30)
"""The day examples count as checked on."""

RESERVED = (*TABLES, "unread", "not_applicable", "recognition", "events")


def example_form(rule: Rule, example: Example, number: int) -> Form:
    """Build the form an example describes; the row in question is row 1 of the rule's grain.

    Raises RuleError when `given` names an unknown field or a value does not fit its field.
    """
    where = f"{rule.file}:{example.line} {rule.id}.examples"
    faults: list[str] = []
    given = example.given
    own = {key: value for key, value in given.items() if key not in RESERVED or (key == rule.each and not isinstance(value, (dict, list)))}
    rows: dict[str, list[dict[str, FieldValue]]] = {table: [] for table in (*TABLES, rule.each)}
    unread: list[PlaceKey] = []
    header = given.get("forms")
    rows["forms"] = [_row("forms", header if isinstance(header, Mapping) else {}, where, faults, unread, 1)]
    if rule.each == "forms":
        rows["forms"][0].update(_row("forms", own, where, faults, unread, 1))
    elif rule.each in GRAINS:
        rows[rule.each].append(_row(rule.each, own, where, faults, unread, 1))
    for table in ("budget_lines", "indicator_groups", "indicators") if rule.each in TABLES else ():
        listed = given.get(table)
        for row in listed if isinstance(listed, list) else []:
            if isinstance(row, Mapping):
                rows[table].append(_row(table, row, where, faults, unread, len(rows[table]) + 1))
            else:
                faults.append(f"{where}: {table} is a list of rows")
    names = given.get("unread")
    for name in names if isinstance(names, list) else []:
        if english(rule.each, str(name)) not in BY_TABLE.get(rule.each, {}):
            faults.append(f"{where}: unread names no field {name!r}{suggest(str(name), tuple(BY_TABLE.get(rule.each, {})))}")
        unread.append((rule.each, 1, english(rule.each, str(name))))
    if faults:
        raise RuleError(faults)
    _join_groups(rows, rule.each)
    rows["forms"][0].setdefault("form_type", rule.forms[0])
    if given.get("events"):
        rows["forms"][0].setdefault("unit_name", f"{rule.id} {number}")
    marks = given.get("not_applicable")
    return Form(
        form_id=f"{rule.id}#{number}",
        source=Source(path=f"{rule.id}#{number}", sha256="", format="example"),
        header=rows["forms"][0],
        budget_lines=tuple(rows["budget_lines"]),
        indicators=tuple(rows["indicators"]),
        indicator_groups=tuple(rows["indicator_groups"]),
        places={key: Place(Locator(), "?", "示例：读不出 unreadable") for key in unread},
        not_applicable=tuple(str(mark) for mark in marks) if isinstance(marks, list) else (),
    )


def example_tables(pairs: Sequence[tuple[Rule, Example, int]], forms: Sequence[Form], needed: Collection[tuple[str, str]]) -> Tables:
    """Return the tables of the forms of examples, in their order, with readings, evidence and comparisons in place."""
    events = tuple(event for (rule, example, _), form in zip(pairs, forms, strict=True) for event in example_events(rule, example, form))
    compared = {i: _comparison(rule, example, form) for i, ((rule, example, _), form) in enumerate(zip(pairs, forms, strict=True)) if rule.each in BATCH_TABLES}
    return replace(add(tables(forms), needed, Evidence(events)), across=frames(compared))


def _comparison(rule: Rule, example: Example, form: Form) -> Comparison:
    """Return the comparison an example describes; its own values stand in `given` beside what is reserved."""
    values = _row(rule.each, {key: value for key, value in example.given.items() if key not in RESERVED}, "", [], [], 1)
    unknown: dict[str, Mapping[str, str]] = {name: {} for table, _, name in form.places if table == rule.each}
    return Comparison(rule.each, form, (form.form_id,), values, {}, unknown)


def _row(
    table: str, given: Mapping[str, object], where: str, faults: list[str], unread: list[PlaceKey], number: int
) -> dict[str, FieldValue]:
    row: dict[str, FieldValue] = {}
    for name, value in given.items():
        if name == "unread" and isinstance(value, list):
            unread += [(table, number, english(table, str(item))) for item in value]
            continue
        field = BY_TABLE[table].get(name) or next((f for f in BY_TABLE[table].values() if name in f.zh and not f.reading), None)
        if field is None:
            faults.append(f"{where}: {table} has no field {name!r}{suggest(name, tuple(BY_TABLE[table]))}")
        elif field.reading:
            faults.append(f"{where}: {name} is read from {', '.join(field.source)}, give those")
        elif value is not None:
            typed = field_value(field, value)
            if typed is None:
                faults.append(f"{where}: {name}: {value!r} is no {field.unit}")
            else:
                row[field.name] = typed
    return row


def example_events(rule: Rule, example: Example, form: Form) -> tuple[Event, ...]:
    """Return the dated evidence of an example: `events: [{event: paid, date: 2023-10-16, case: A}]`, of its own row; 2023-10 is the whole month."""
    made: list[Event] = []
    given = example.given.get("events")
    for item in given if isinstance(given, list) else []:
        kind = kind_of(str(item.get("event"))) if isinstance(item, Mapping) else None
        told = str(item.get("date")) if kind else ""
        try:
            day = date.fromisoformat(f"{told}-01" if len(told) == 7 else told)
        except ValueError:
            day = None
        if kind is None or day is None:
            raise RuleError(f"{rule.file}:{example.line} {rule.id}.examples: an event is {{event: paid, date: 2023-12-31}}, not {item!r}")
        row = form.indicators[0] if form.indicators else {}
        last = day.replace(day=monthrange(day.year, day.month)[1]) if len(told) == 7 else day
        made.append(Event(str(item.get("indicator") or row.get("name") or ""), kind, day, last, str(item.get("case") or ""), form=str(form.header.get("unit_name") or "")))
    return tuple(made)


def field_value(field: Field, value: object) -> FieldValue:
    """Read a filled value of an example: exact number, whole number, day, yes/no or text; None when it is not one."""
    if isinstance(value, bool):
        return value if field.unit == "bool" else None
    text = str(value)
    try:
        if field.scaled:
            number = Decimal(text.replace(",", ""))
            return number if number.is_finite() else None
        if field.unit == "count":
            return int(text)
        if field.unit == "date":
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return None
    return text if field.unit == "text" else None


def _join_groups(tables: dict[str, list[dict[str, FieldValue]]], each: str) -> None:
    if each != "indicator_groups" or not tables["indicator_groups"]:
        return
    group = tables["indicator_groups"][0]
    group.setdefault("level1", "产出指标")
    group.setdefault("level", 1 if group.get("level2") is None else 2)
    for row in tables["indicators"]:
        row.setdefault("level1", group["level1"])
        if group.get("level2") is not None:
            row.setdefault("level2", group["level2"])


class ExampleResult(Struct, frozen=True):
    """What an example came to; `fault` says how it differs from what the example states, None when it does not."""

    rule: Rule
    example: Example
    number: int
    outcome: Outcome
    fault: str | None


def run_examples(rules: Sequence[Rule], as_of: date = AS_OF, profile: str | None = None) -> tuple[ExampleResult, ...]:
    """Run every example of the rules through the engine, all in one batch.

    Raises RuleError when an example is malformed.
    """
    pairs = [(rule, example, n) for rule in rules for n, example in enumerate(rule.examples, 1) if rule.expect is not None]
    faults: list[str] = []
    forms: list[Form] = []
    for rule, example, number in pairs:
        try:
            forms.append(example_form(rule, example, number))
        except RuleError as error:
            faults += error.faults
    if faults:
        raise RuleError(faults)
    if not forms:
        return ()
    prepared = prepare(list({rule.id: rule for rule, _, _ in pairs}.values()), GRAINS)
    laid_out(forms, prepared.needed)  # holds the forms to the contract
    made = example_tables(pairs, forms, prepared.needed)
    found, crashed = codes(prepared, made, as_of)
    outcomes = {(form, rule): CODES[code] for form, row, rule, code in found.iter_rows() if row == 1}
    contexts = Contexts(made, as_of)
    results = []
    for i, (rule, example, number) in enumerate(pairs):
        outcome = Outcome.ERROR if rule.id in crashed else outcomes.get((i, rule.id), Outcome.NOT_APPLICABLE)
        fault = mismatch(rule, example, forms[i], outcome, contexts.row(rule.each, i, 1)) if rule.id not in crashed else f"{rule.file}:{example.line} {rule.id}: {crashed[rule.id]}"
        results.append(ExampleResult(rule, example, number, outcome, fault))
    return tuple(results)


def mismatch(rule: Rule, example: Example, form: Form, outcome: Outcome, context: RowContext) -> str | None:
    """Say how an outcome differs from what the example states, in both evaluations; None when it does not."""
    where = f"{rule.file}:{example.line} {rule.id}"
    if outcome is not example.outcome:
        return f"{where}: gives {outcome.value}, the example says {example.outcome.value}"
    if outcome is Outcome.NOT_APPLICABLE:
        return None
    judged = judge(rule, form, context, 1, outcome, "zh")
    if judged.outcome is not outcome:
        return f"{where}: {judged.message}"
    if example.expected is not None and example.expected != judged.proof.expected:
        return f"{where}: expected value {judged.proof.expected!r}, the example says {example.expected!r}"
    if example.severity is not None and example.severity is not judged.severity:
        return f"{where}: severity {judged.severity.value}, the example says {example.severity.value}"
    for name, value in (example.values or {}).items():
        shown = explain(rule.slots[name], context, "zh").plain if name in rule.slots else None
        if shown != value:
            return f"{where}: {name} is {shown!r}, the example says {value!r}"
    return None

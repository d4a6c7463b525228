"""Readings of evidence: dated events joined to indicators by name; all null when no evidence is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from checker.readings.distinct import from_rows, listed
from checker.readings.plan import Step, keys
from checker.tables.columns import Laid
from checker.values.calendar import NATIONAL, Overrides
from checker.values.deadline import read_deadline
from checker.values.events import (
    Event,
    completion,
    done_events,
    is_late,
    judge_cases,
    judge_periods,
    order_faults,
    outside_year,
    rest_day_payments,
)
from checker.values.kind import is_timely
from checker.values.text import letters
from checker.values.wording import bare_name

MAKES = (
    "event_count", "event_from", "event_to", "late_strict", "late_lenient", "case_count", "cases_late", "cases_undecided", "worst_case", "worst_case_days",
    "missing_periods", "missing_period_count", "late_periods", "order_fault", "events_outside_year", "payments_on_rest_days",
)  # fmt: skip
_SHOWN = 6


class Evidence(Struct, frozen=True):
    """The events of a run and the days that differ from the national calendar."""

    events: tuple[Event, ...] = ()
    overrides: Overrides = NATIONAL


def steps(evidence: Evidence | None) -> tuple[Step, ...]:
    """Return the step that adds the evidence readings."""
    return (
        Step(
            "evidence",
            keys("indicators", *MAKES),
            lambda tables: _add(tables, evidence),
            keys("indicators", "level2_class"),
        ),
    )


def _add(tables: Laid, evidence: Evidence | None) -> Laid:
    rows = tables.rows("indicators", "form", "name", "target", "level2_class")
    made: dict[str, list[Any]] = {name: [None] * len(rows) for name in MAKES}
    if evidence is not None and evidence.events:
        by_name = _by_name(evidence.events)
        heads = ("form", "fiscal_year", "unit_name", "project_name", "title")
        forms = {row[0]: dict(zip(heads, row, strict=True)) for row in tables.rows("forms", *heads)}
        for at, (form, name, target, level2) in enumerate(rows):
            events = _of_form(by_name.get(bare_name(name), ()) if name else (), forms.get(form, {}))
            if events:
                for key, value in _judge(
                    events, name, target, level2, forms[form]["fiscal_year"], evidence.overrides
                ).items():
                    made[key][at] = value
    return from_rows(tables, "indicators", made)


def _by_name(events: Sequence[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(bare_name(event.indicator), []).append(event)
    return found


def _of_form(events: Sequence[Event], form: dict[str, Any]) -> list[Event]:
    """Keep the events that name no form, or the unit, project or title of this one."""
    names = {letters(text) for key in ("unit_name", "project_name", "title") if (text := form.get(key))}
    return [event for event in events if not event.form or letters(event.form) in names]


def unmatched(tables: Laid, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events whose indicator no form has, for the note that they decided nothing."""
    known = {bare_name(name) for (name,) in tables.distinct("indicators", ["name"]) if name is not None}
    return tuple(event for event in events if bare_name(event.indicator) not in known)


def _judge(
    events: Sequence[Event], name: str, target: str | None, level2: str | None, year: int | None, overrides: Overrides
) -> dict[str, object]:
    done = completion(events, name)
    made: dict[str, object] = {
        "event_count": len(events),
        "event_from": done.first if done else None,
        "event_to": done.last if done else None,
        "order_fault": listed(order_faults(events), _SHOWN),
        "events_outside_year": listed(outside_year(events, year), _SHOWN) if year else None,
        "payments_on_rest_days": listed(rest_day_payments(events, overrides), _SHOWN),
    }
    deadline = read_deadline(target, name, year) if is_timely(name, level2) else None
    if deadline is None:
        return made
    made["late_strict"], made["late_lenient"] = is_late(done, deadline.strict), is_late(done, deadline.lenient)
    if deadline.ambiguous and done is not None and done.first != done.last and made["late_lenient"] is False:
        # 11月 against 11月之前: a month on time under one reading settles nothing under the other.
        made["late_strict"] = made["late_strict"] and None
    if cases := judge_cases(deadline, events, name, overrides):
        made |= {
            "case_count": cases.total,
            # While a case is undecided, none late is not known.
            "cases_late": cases.late or (None if cases.undecided else 0),
            "cases_undecided": cases.undecided,
            "worst_case": cases.worst,
            "worst_case_days": cases.worst_days,
        }
    if deadline.recurrence is not None and year and deadline.recurrence.every in ("month", "quarter", "half", "year"):
        missing, late, undecided = judge_periods(deadline.recurrence, year, done_events(events, name), overrides)
        made |= {
            "missing_periods": listed(missing, _SHOWN),
            "missing_period_count": len(missing) if missing or late or not undecided else None,
            "late_periods": listed(late, _SHOWN),
        }
    return made

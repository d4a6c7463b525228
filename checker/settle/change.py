"""Findings that somebody has dealt with: what they are about in words, and the verdict decided anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from msgspec.structs import replace

from checker.model import Finding, FormResult, Location, Outcome, Results
from checker.verdict import PolicyLine, decide

BATCH = "batch"
"""How findings over the whole batch are addressed where a form id is asked for."""

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without summer time since 1991, so no time zone database is needed."""

_SPACE = re.compile(r"\s+")

Change = Callable[[FormResult | None, Finding], Finding]


def today(now: datetime | None = None) -> date:
    """Return the day in China, wherever the machine stands: the default of `--as-of`."""
    return (now or datetime.now(UTC)).astimezone(SHANGHAI).date()


def changed(results: Results, change: Change, policy: tuple[PolicyLine, ...] | None) -> Results:
    """Return the results with every finding passed through `change`, and verdicts decided by `policy` (None: kept)."""
    forms = tuple(_changed(form, change, policy) for form in results.forms)
    return replace(results, forms=forms, batch=tuple(change(None, finding) for finding in results.batch))


def _changed(form: FormResult, change: Change, policy: tuple[PolicyLine, ...] | None) -> FormResult:
    findings = tuple(change(form, finding) for finding in form.findings)
    if findings == form.findings:
        return form
    unread = _unread(form, findings)
    verdict = form.verdict if policy is None else decide(findings, policy, weak=form.form.recognition == "weak", unread=len(unread))
    return replace(form, findings=findings, verdict=verdict, unread=unread)


def _unread(form: FormResult, findings: tuple[Finding, ...]) -> tuple[Location, ...]:
    """Leave out the unread cells somebody has accepted: some finding speaks of them, and none that still counts.

    A blank field that is shown at another cell of its row does not speak of that cell.
    """
    accepted, counting = set[object](), set[object]()
    for finding in findings:
        settled = finding.waiver is not None or finding.baseline
        for at in finding.locations:
            if not settled:
                counting.add(at.spot)
            elif at.text or (at.table, at.row, at.field) in form.form.places:
                accepted.add(at.spot)
    return tuple(at for at in form.unread if at.spot not in accepted - counting)


def pairs(results: Results) -> list[tuple[FormResult | None, Finding]]:
    """Return every finding with its form; those over the whole batch come last, with None."""
    return [*((form, finding) for form in results.forms for finding in form.findings), *((None, finding) for finding in results.batch)]


def form_id(form: FormResult | None) -> str:
    """Return the id a finding's form is addressed by."""
    return BATCH if form is None else form.form.form_id


def row_names(form: FormResult | None, finding: Finding) -> tuple[str, ...]:
    """Return the names a finding's row goes by, shortest first: name, level 2/name, level 1/level 2/name.

    A finding about the form as a whole, or about many rows at once, has none.
    """
    places = [at for at in finding.locations if at.role == "primary"]
    if form is None or len(places) != 1 or places[0].table == "forms":
        return ()
    rows: tuple[Mapping[str, object], ...] = getattr(form.form, places[0].table, ())
    number = places[0].row
    values = rows[number - 1] if 0 < number <= len(rows) else {}
    levels = [str(values[key]) for key in ("level1", "level2") if values.get(key)]
    own = values.get("name") or values.get("label")
    parts = [*levels, str(own)] if own else levels
    return tuple(dict.fromkeys("/".join(parts[start:]) for start in reversed(range(len(parts)))))


def same(one: str, other: str) -> bool:
    """Compare two names, white space aside."""
    return _SPACE.sub("", one) == _SPACE.sub("", other)


def value_of(finding: Finding) -> str:
    """Return the text of the cell a finding points at: what a person would call the accepted value."""
    first = next((at for at in finding.locations if at.role == "primary"), None)
    return first.text if first is not None else finding.reported or ""


def can_be_settled(finding: Finding) -> bool:
    """Say whether anybody may accept a finding: an engine fault is nobody's to accept."""
    return finding.kind is not Outcome.ERROR


def writable(text: str) -> bool:
    """Say whether YAML can hold a text: unpaired surrogates it cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def quoted(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line; what cannot be seen is escaped."""
    return '"' + "".join(char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08X}" for char in text) + '"'


def comment(text: str) -> str:
    """Return a text fit for a comment line: what cannot be printed is a blank."""
    return "".join(char if char.isprintable() else " " for char in text)

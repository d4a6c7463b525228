"""Readings of deadlines and completion dates; months without a year lie in the form's fiscal year."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.readings.distinct import by_text, from_rows
from checker.readings.plan import Step, keys
from checker.tables.columns import Laid
from checker.values.calendar import is_known
from checker.values.date import Span, dated
from checker.values.deadline import Deadline, read_deadline
from checker.values.done import read_done
from checker.values.kind import is_timely
from checker.values.recurrence import is_late, read_recurrence, roll_gaps, windows

_DEADLINE = (
    "deadline_kind", "deadline_strict", "deadline_lenient", "deadline_ambiguous", "deadline_readings", "deadline_readings_en", "deadline_days", "deadline_unit", "deadline_periods", "roll_gap_dates",
)  # fmt: skip
_DONE = ("done_from", "done_to")


def _read_deadline(target: str | None, name: str | None, level2: str | None, year: int | None) -> Sequence[object]:
    deadline = read_deadline(target, name, year) if is_timely(name, level2) else None
    if deadline is None:
        return (None,) * len(_DEADLINE)
    periods = gaps = None
    if deadline.recurrence is not None:
        periods = len(windows(deadline.recurrence, year or 2000)) or None
        gaps = roll_gaps(deadline.recurrence, year) if year else None
    return (
        deadline.kind,
        deadline.strict.last if deadline.strict else None,
        deadline.lenient.last if deadline.lenient else None,
        deadline.ambiguous,
        _both(deadline, _in_words) if deadline.ambiguous else None,
        _both(deadline, _in_english) if deadline.ambiguous else None,
        deadline.days,
        deadline.unit,
        periods,
        "、".join(day.isoformat() for day in gaps) if gaps else None,
    )


def _both(deadline: Deadline, said: Callable[[Span], str]) -> str | None:
    """Return both readings in words: 2023-10-01 至 2023-10-31 / 不晚于 2023-10-31."""
    if deadline.strict is None or deadline.lenient is None:
        return None
    return f"{said(deadline.strict)} / {said(deadline.lenient)}"


def _in_words(span: Span) -> str:
    return f"不晚于 {span.last}" if span.first is None else f"{span.first} 至 {span.last}"


def _in_english(span: Span) -> str:
    return f"by {span.last}" if span.first is None else f"{span.first} to {span.last}"


def _read_done(actual: str | None, reason: str | None, year: int | None) -> Sequence[object]:
    span = read_done(actual, reason, year)
    return (span.first, span.last) if span else (None, None)


def _with_year(tables: Laid) -> Laid:
    years = dict(tables.rows("forms", "form", "fiscal_year"))
    return tables.with_columns("indicators", {"fiscal_year": [years.get(form) for (form,) in tables.rows("indicators", "form")]})


def _drop_year(tables: Laid) -> Laid:
    return tables.without("indicators", ["fiscal_year"])


def _deadlines(tables: Laid) -> Laid:
    return _drop_year(
        by_text(
            _with_year(tables),
            "indicators",
            ("target", "name", "level2_class", "fiscal_year"),
            _DEADLINE,
            _read_deadline,
        )
    )


def _dones(tables: Laid) -> Laid:
    return _drop_year(by_text(_with_year(tables), "indicators", ("actual", "reason", "fiscal_year"), _DONE, _read_done))


def _read_recurring(target: str | None, name: str | None, actual: str | None, year: int | None) -> bool | None:
    if not actual or not year:
        return None
    deadline, done = read_deadline(target, name, year), read_recurrence(dated(actual[:2000]))
    return is_late(deadline.recurrence, done, year) if done and deadline and deadline.recurrence else None


def _recurring(tables: Laid) -> Laid:
    # Few rows hold recurring tasks: the others are not read once more.
    rows = _with_year(tables).rows("indicators", "deadline_kind", "target", "name", "actual", "fiscal_year")
    return from_rows(tables, "indicators", {"recurring_late": [_read_recurring(*given) if kind == "recurring" else None for kind, *given in rows]})


def _calendar(tables: Laid) -> Laid:
    def known(year: int | None) -> Sequence[object]:
        return (None if year is None else is_known(year),)

    return by_text(tables, "forms", ("fiscal_year",), ("calendar_known",), known)


STEPS: tuple[Step, ...] = (
    Step("deadlines", keys("indicators", *_DEADLINE), _deadlines, keys("indicators", "level2_class")),
    Step("done", keys("indicators", *_DONE), _dones),
    Step("recurring", keys("indicators", "recurring_late"), _recurring, keys("indicators", "deadline_kind")),
    Step("calendar", keys("forms", "calendar_known"), _calendar),
)

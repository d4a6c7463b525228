"""Dated events of evidence against deadlines: late cases, missing periods, broken orders.

An event of month precision is an interval; where an interval straddles a limit nothing is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from checker.values import lexicon
from checker.values.calendar import NATIONAL, Overrides, is_workday, next_workday, workdays_between
from checker.values.date import Span, months
from checker.values.deadline import Deadline
from checker.values.recurrence import Recurrence, due_days, windows

KINDS = ("applied", "approved", "paid", "contract", "delivery", "acceptance", "held", "published", "completed")


class Event(Struct, frozen=True):
    """One dated event: indicator name, case, kind of KINDS, first and last day it may have happened, document, form, place."""

    indicator: str
    kind: str
    first: date
    last: date
    case: str = ""
    document: str = ""
    form: str = ""
    place: str = ""

    @property
    def shown(self) -> str:
        """The event for a person: 支付 2023-10-13."""
        day = (
            self.first.isoformat() if self.first == self.last else f"{self.first.isoformat()}～{self.last.isoformat()}"
        )
        return f"{label(self.kind)} {day}"


class Cases(Struct, frozen=True):
    """The cases of a duration: how many, late, undecided, and the worst decided one in words with its days."""

    total: int
    late: int
    undecided: int
    worst: str | None
    worst_days: int | None


def label(kind: str) -> str:
    """Return the Chinese word of an event kind."""
    return str(lexicon.entries("events")["labels"][kind])  # type: ignore[index]


def kind_of(word: str) -> str | None:
    """Return the kind a word of the event column names, None for an unknown word."""
    word = word.strip().lower()
    for name, words in lexicon.classes("events", "kinds"):
        if word in words:
            return name
    return next(
        (
            name
            for name, words in lexicon.classes("events", "kinds")
            if any(len(w) > 1 and not w.isascii() and w in word for w in words)
        ),
        None,
    )


def _chosen(events: Sequence[Event], key: str, text: str | None) -> list[Event]:
    """Return the events of the first kind that `text` names and that occurs."""
    for kind, words in lexicon.classes("events", key):
        if text and any(word in text for word in words):
            found = [e for e in events if e.kind == kind]
            if found:
                return found
    return []


def done_events(events: Sequence[Event], name: str | None) -> list[Event]:
    """Return the events that say the task is done: of the kind its name asks for, else all kinds of doing."""
    kinds = lexicon.entries("events")["done"]
    return _chosen(events, "by_name", name) or [e for e in events if e.kind in kinds]  # type: ignore[operator]


def completion(events: Sequence[Event], name: str | None) -> Span | None:
    """Return when the last event of doing happened, None without one."""
    done = done_events(events, name)
    return Span(max(e.first for e in done), max(e.last for e in done)) if done else None


def is_late(done: Span | None, limit: Span | None) -> bool | None:
    """Tell whether an interval lies behind a limit; None when it straddles it or one is not known."""
    if done is None or limit is None or limit.last is None or done.last is None:
        return None
    if done.last <= limit.last:
        return False
    return True if done.first is not None and done.first > limit.last else None


def judge_cases(
    deadline: Deadline, events: Sequence[Event], name: str | None, overrides: Overrides = NATIONAL
) -> Cases | None:
    """Judge each case of a duration (15 个工作日内), None when the deadline is none or no case has a start.

    The day of the start does not count and day N is on time. In calendar days a term that ends on
    a rest day ends on the next working day (民法典 203). Cases without an end, with month
    precision or in years without a calendar are undecided.
    """
    if deadline.kind != "duration" or deadline.days is None:
        return None
    cases: dict[str, list[Event]] = {}
    for event in events:
        cases.setdefault(event.case, []).append(event)
    total = late = undecided = 0
    worst: tuple[int, str] | None = None
    for case, members in cases.items():
        starts = _chosen(members, "start", deadline.anchor) or [
            e for e in members if e.kind in ("applied", "contract", "approved")
        ]
        if not starts:
            continue
        total += 1
        start = min(starts, key=lambda e: e.first)
        end = completion([e for e in members if e.kind != start.kind], name)
        days, over = _judged(deadline, start, end, overrides)
        if over is None:
            undecided += 1
            continue
        late += over
        if days is not None and (worst is None or days > worst[0]) and end is not None:
            worst = days, f"{case or '—'}：{start.shown} → {end.last}，{days} {deadline.unit}"
    if not total:
        return None
    return Cases(total, late, undecided, worst[1] if worst else None, worst[0] if worst else None)


def _judged(deadline: Deadline, start: Event, end: Span | None, overrides: Overrides) -> tuple[int | None, bool | None]:
    limit = deadline.days
    if limit is None or end is None or end.first is None or end.first != end.last or start.first != start.last:
        return None, None
    if deadline.unit == "工作日":
        days = workdays_between(start.first, end.first, overrides)
        return days, None if days is None else days > limit
    if deadline.unit in ("天", "周", "月", "年"):
        days = (end.first - start.first).days
        last = _after(start.first, limit, deadline.unit)
        if last is None or end.first <= last:
            return days, None if last is None else False
        moved = next_workday(last, overrides)
        return days, None if moved is None else end.first > moved
    return None, None


def _after(start: date, count: int, unit: str) -> date | None:
    try:
        if unit in ("天", "周"):
            return start + timedelta(days=count * (7 if unit == "周" else 1))
        month = start.month - 1 + count * (12 if unit == "年" else 1)
        whole = months(start.year + month // 12, month % 12 + 1, month % 12 + 1).last
        return whole if whole is None else whole.replace(day=min(start.day, whole.day))
    except (OverflowError, ValueError):
        return None


def judge_periods(
    recurrence: Recurrence, year: int, events: Sequence[Event], overrides: Overrides = NATIONAL
) -> tuple[list[str], list[str], int]:
    """Return (periods without an event, periods whose event came late) in words and how many are undecided; periods shorter than a month are not judged.

    An event belongs to the period it may have happened in. It is late behind the later of the literal
    and the official due day; without a calendar a day behind the literal one is not decided.
    """
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(recurrence.every)
    if length is None:
        return [], [], 0
    missing: list[str] = []
    late: list[str] = []
    undecided = 0
    due = due_days(recurrence, year, overrides)
    for position, window in enumerate(windows(recurrence, year)):
        period = months(year, position * length + 1, position * length + length)
        inside = [
            e for e in events if period.first and period.last and e.first <= period.last and e.last >= period.first
        ]
        words = _period(year, position, length)
        if not inside:
            missing.append(words)
            continue
        first = min(inside, key=lambda e: e.first)
        literal, official = due[position] if position < len(due) else (window.last, window.last)
        if recurrence.roll and official is None and literal is not None and first.first > literal:
            undecided += 1
            continue
        limit = max(day for day in (literal, official) if day is not None)
        if first.first > limit or (recurrence.day is None and window.first is not None and first.last < window.first):
            late.append(f"{words}（{first.shown}）")
    return missing, late, undecided


def _period(year: int, position: int, length: int) -> str:
    if length == 1:
        return f"{year}年{position + 1}月"
    return {3: f"{year}年第{position + 1}季度", 6: f"{year}年{'上下'[position % 2]}半年"}.get(length, f"{year}年")


def order_faults(events: Sequence[Event]) -> list[str]:
    """Return the breaks of order in each case in words: 支付 2023-05-01 早于 申请 2023-05-06.

    An event certainly before the one it must follow breaks the order; of payments the last one counts,
    since advances may come early.
    """
    cases: dict[str, list[Event]] = {}
    for event in events:
        cases.setdefault(event.case, []).append(event)
    faults: list[str] = []
    for case, members in cases.items():
        for before, after in lexicon.entries("events")["orders"]:  # type: ignore[attr-defined]
            lefts = [e for e in members if e.kind == before]
            rights = [e for e in members if e.kind == after]
            if not lefts or not rights:
                continue
            left, right = min(lefts, key=lambda e: e.first), max(rights, key=lambda e: e.last)
            if right.last < left.first:
                faults.append(f"{case + '：' if case else ''}{right.shown} 早于 {left.shown}")
    return faults


def outside_year(events: Sequence[Event], year: int) -> list[str]:
    """Return the events that certainly lie outside a fiscal year, in words."""
    return [f"{e.case + '：' if e.case else ''}{e.shown}" for e in events if e.last.year < year or e.first.year > year]


def rest_day_payments(events: Sequence[Event], overrides: Overrides = NATIONAL) -> list[str]:
    """Return the payments dated on a day that is certainly no working day, in words."""
    return [
        f"{e.case + '：' if e.case else ''}{e.shown}"
        for e in events
        if e.kind == "paid" and e.first == e.last and is_workday(e.first, overrides) is False
    ]

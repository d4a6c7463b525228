"""Recurring tasks: 每月25日 (周末顺延), 每季度首月, 每月底 … and the days they fall due."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from msgspec import Struct

from checker.late import late
from checker.values.calendar import NATIONAL, Overrides, literal_roll, next_workday
from checker.values.date import Span, months, third

_RECURRING = late(
    r"(?:每个?|按|逐)(?P<every>工作日|日|天|周|旬|半月|月|季度?|半年|学期|年)度?"
    r"(?P<month>(?<=[年度])[0-9]{1,2}月)?"
    r"(?:的?(?:第?(?P<day>[0-9]{1,2})[日号]|(?P<edge>月?底|月?末|末月|首月|首日|初|上旬|中旬|下旬)))?"
    r"(?P<before>之前|以前|前)?"
)
_AFTER = late(r"(?:结束|终了|完结|期满|末)?之?后[^,;。0-9]{0,4}[0-9]")
_WEEKEND = late(r"周末(?:自动)?顺延|双休日顺延|遇周末顺延|周六日顺延")
_LATER = late(r"(?:节假日|休息日|法定假).{0,6}顺延|顺延")
_EARLIER = late(r"(?:节假日|休息日|法定假|周末).{0,6}提前")
_PERIODS = {
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "半年": "half",
    "年": "year",
    "工作日": "day",
    "日": "day",
    "天": "day",
    "周": "week",
    "旬": "third",
    "半月": "fortnight",
    "学期": "term",
}
_THIRDS = ("上旬", "中旬", "下旬")
_LENGTH = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Recurrence(Struct, frozen=True):
    """A task due once a period. `every` is day week third fortnight month quarter half term year.

    `day` is the day of the month (-1 the last), `edge` first, last or a third of the period's months;
    `roll` is weekend (周末顺延), later (节假日顺延), earlier (遇节假日提前) or None.
    """

    every: str
    day: int | None = None
    month: int | None = None
    edge: str | None = None
    until: bool = False
    roll: str | None = None


def read_recurrence(source: str) -> Recurrence | None:
    """Return the recurrence `dated` text states, None when it states none: 每季度结束后15日内 is a limit of days behind each quarter."""
    found = _RECURRING.search(source)
    if not found or _AFTER.match(source, found.end()):
        return None
    if (
        found[0].startswith("按")
        and found["day"] is None
        and not re.match(
            r"(?:度|足额|及时|按时|发放|支付|拨付|上报|报送|完成|开展|考核|结算|兑付|缴纳|$|[,;。()])",
            source[found.end() :],
        )
    ):
        return None
    every = _PERIODS[found["every"]]
    if every == "day" and found[0].startswith("按"):
        return None
    day = int(found["day"]) if found["day"] else None
    edge = found["edge"]
    if edge in ("底", "末", "月底", "月末"):
        day, edge = -1, None
    if day is not None and not (day == -1 or 1 <= day <= 31):
        return None
    month = int(found["month"].rstrip("月")) if found["month"] else None
    if month is not None and not 1 <= month <= 12:
        return None
    roll = (
        "weekend"
        if _WEEKEND.search(source)
        else "earlier"
        if _EARLIER.search(source)
        else "later"
        if _LATER.search(source)
        else None
    )
    return Recurrence(
        every,
        day,
        month,
        {"首月": "first", "末月": "last", "首日": "start", "初": "start"}.get(edge or "", edge),
        bool(found["before"]),
        roll,
    )


def windows(recurrence: Recurrence, year: int) -> tuple[Span, ...]:
    """Return the spans of a year in which the task is due, one a period; () for periods shorter than a month.

    每月25日 gives single days (short months their last day), 每季度首月 whole months, 每季度 whole quarters,
    每月10日前 the days up to the tenth, 每月上旬 the first ten days.
    """
    length = _LENGTH.get(recurrence.every)
    if length is None:
        return ()
    spans: list[Span] = []
    for start in range(1, 13, length):
        first, last = start, start + length - 1
        if recurrence.month is not None:
            first = last = recurrence.month
        elif recurrence.edge == "first" or recurrence.edge == "start":
            last = first
        elif recurrence.edge == "last" or (recurrence.day is not None and length > 1):
            first = last
        whole = months(year, first, last)
        if recurrence.day is not None:
            end = monthrange(year, last)[1]
            due = date(year, last, end if recurrence.day == -1 else min(recurrence.day, end))
            whole = Span(whole.first if recurrence.until or recurrence.day == -1 else due, due)
        elif recurrence.edge in _THIRDS and length == 1:
            whole = third(year, start, recurrence.edge)
        spans.append(whole)
    return tuple(spans)


def is_late(due: Recurrence, done: Recurrence, year: int) -> bool | None:
    """Tell whether a task that a form says was done at such days (每月12日前) is behind those due: in every period, or in none.

    None when the two have other periods, one gives no days (每月初 gives none), the limit itself is repeated, days may roll, or neither holds.
    """
    if due.edge == "start" or due.every != done.every or (done.day is None and done.edge is None) or (done.until and (done.day, done.edge) == (due.day, due.edge)):
        return None
    periods = zip(windows(due, year), windows(done, year), strict=True)
    days = [(limit.last, made.first, made.last) for limit, made in periods if limit.last and made.first and made.last]
    if not days:
        return None
    if all(last <= limit for limit, _, last in days):
        return False
    rolls = due.roll is not None or done.roll is not None
    return True if not rolls and all(first > limit for limit, first, _ in days) else None


def due_days(
    recurrence: Recurrence, year: int, overrides: Overrides = NATIONAL
) -> tuple[tuple[date, date | None], ...]:
    """Return (last day by the words, last day by the official calendar) of each period.

    The official one is the next working day when the text rolls days later; None when the year is unknown.
    Without a roll rule both are the day itself.
    """
    result: list[tuple[date, date | None]] = []
    for span in windows(recurrence, year):
        last = span.last
        if last is None:
            continue
        if recurrence.roll == "weekend":
            result.append((literal_roll(last), next_workday(last, overrides)))
        elif recurrence.roll == "later":
            rolled = next_workday(last, overrides)
            result.append((rolled or last, rolled))
        else:
            result.append((last, last))
    return tuple(result)


def roll_gaps(recurrence: Recurrence, year: int, overrides: Overrides = NATIONAL) -> tuple[date, ...] | None:
    """Return the due days whose next working day is not the one a bare 周末顺延 names: holidays and working weekends.

    () when the text does not say 周末顺延; None when the calendar of the year is unknown.
    """
    if recurrence.roll != "weekend" or recurrence.day is None:
        return ()
    gaps: list[date] = []
    for span in windows(recurrence, year):
        day = span.last
        if day is None:
            continue
        official = next_workday(day, overrides)
        if official is None:
            return None
        if official != literal_roll(day):
            gaps.append(day)
    return tuple(gaps)

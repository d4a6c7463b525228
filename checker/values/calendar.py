"""The official working days of mainland China, 调休 included; years without a notice are unknown.

Facts come from `chinesecalendar` (State Council notices, 2004–2026). Regional holidays and years
it does not know come as `Overrides`. Nothing falls back to Monday–Friday.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

MAX_DAYS = 3700


class Overrides(Struct, frozen=True):
    """Days that differ from the national calendar: `rest` and `work` days of a region or unit.

    `years` are years for which the two sets are complete, with weekends as rest days otherwise:
    a notice published after the installed calendar.
    """

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


NATIONAL = Overrides()


def is_workday(day: date, overrides: Overrides = NATIONAL) -> bool | None:
    """Tell whether a day is a working day; None when no notice covers its year."""
    if day in overrides.rest:
        return False
    if day in overrides.work:
        return True
    if day.year in overrides.years:
        return day.weekday() < 5
    return _national(day)


@lru_cache(maxsize=8192)
def _national(day: date) -> bool | None:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_known(year: int, overrides: Overrides = NATIONAL) -> bool:
    """Tell whether the working days of a year are known."""
    return is_workday(date(year, 7, 1), overrides) is not None if 1 <= year <= 9999 else False


def workdays_between(start: date, end: date, overrides: Overrides = NATIONAL) -> int | None:
    """Count the working days after `start` up to and with `end` (民法典 201: the first day does not count).

    0 when `end` is not after `start`; None when a day's year is unknown or the span exceeds ten years.
    """
    if (end - start).days > MAX_DAYS:
        return None
    count = 0
    day = start
    while day < end:
        day += timedelta(days=1)
        working = is_workday(day, overrides)
        if working is None:
            return None
        count += working
    return count


def add_workdays(start: date, days: int, overrides: Overrides = NATIONAL) -> date | None:
    """Return the `days`-th working day after `start`; None when a year on the way is unknown or days exceed a thousand."""
    if not 0 <= days <= 1000:
        return None
    day = start
    while days:
        day += timedelta(days=1)
        working = is_workday(day, overrides)
        if working is None:
            return None
        days -= working
    return day


def next_workday(day: date, overrides: Overrides = NATIONAL) -> date | None:
    """Return the day itself when it is a working day, else the first one after it; None when unknown."""
    for _ in range(30):
        working = is_workday(day, overrides)
        if working is None:
            return None
        if working:
            return day
        day += timedelta(days=1)
    return None


def literal_roll(day: date) -> date:
    """Return the day a bare 周末顺延 names: Saturday and Sunday move to Monday, whatever the notice says."""
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() >= 5 else 0)

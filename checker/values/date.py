"""Dates and intervals of time in texts; a month is the interval from its first to its last day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from checker.late import late
from checker.values.chinese import DIGITS, read_chinese
from checker.values.text import squeezed

_DIGIT = "".join(DIGITS)
_NUMERAL = late(
    rf"(?P<year>[{_DIGIT}]{{4}})(?=年)|(?P<part>[一二三四五六七八九十]{{1,3}})(?=个?工作日|[月日号天]|个月|季度|小时|周内|年内|年(?=$|[,;。)]))"
)
_WHOLE = late(
    r"((?:19|20)[0-9]{2})(?:年|[-./])([0-9]{1,2})(?:月|[-./])([0-9]{1,2})日?(?:[ T]?[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?|((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})"
)
MONTH_RANGE = late(
    r"(?<![0-9.])(?:(?P<y>(?:19|20)[0-9]{2})年)?(?P<a>[0-9]{1,2})月?(?:-|~|—|–|至|到)(?P<b>[0-9]{1,2})月"
)
RANGE = late(r"^(?:-|~|—|–|至|到)+$")
"""All that stands between the two dates of an interval."""
_MOMENT = late(
    r"(?P<iy>(?:19|20)[0-9]{2})[-./](?P<im>[0-9]{1,2})(?:[-./](?P<id>[0-9]{1,2}))?(?![0-9.%])"
    r"|(?=[0-9第上下年当本今次翌明])(?:(?P<y>(?:19|20)[0-9]{2})年度?|(?P<next>次年|翌年|明年)|(?P<this>当年|本年|今年))?"
    r"(?:(?P<m>(?<![0-9.])[0-9]{1,2})月份?(?:(?P<d>[0-9]{1,2})[日号]|(?P<third>[上中下])旬)?"
    r"|第?(?P<q>[1-4])季度|(?P<half>[上下])半年|(?P<end>全年|年底|年末|年内|底|末|内))?"
)


class Span(Struct, frozen=True):
    """An interval of days, both ends included; an end that is open is None."""

    first: date | None
    last: date | None


class Moment(Struct, frozen=True):
    """A date of day, month, quarter or year precision found in a text, with its place in `dated(text)`.

    `span` is None when the year is not known. `grain` is day, third, month, quarter, half, end
    (年底, 年末), or year.
    """

    span: Span | None
    grain: str
    start: int
    end: int


def dated(text: str) -> str:
    """Return the text without white space, half-width, Chinese numerals of dates and durations as digits."""

    def digits(found: re.Match[str]) -> str:
        if found["year"]:
            return "".join(str(DIGITS[char]) for char in found["year"])
        number = read_chinese(found["part"])
        return found["part"] if number is None else str(number)

    return _NUMERAL.sub(digits, squeezed(text))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the date, None when there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def months(year: int, first: int, last: int) -> Span:
    """Return the span from the first day of one month to the last day of another in a year."""
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def month_range(found: re.Match[str], year: int | None) -> Span | None:
    """Return the span of a `MONTH_RANGE` (1-12月), None when there is no such range or its year is not known."""
    first, last, year = int(found["a"]), int(found["b"]), int(found["y"]) if found["y"] else year
    return months(year, first, last) if year and 1 <= first <= last <= 12 else None


def read_date(text: str | None) -> date | None:
    """Return the date a cell holds whole (2024-04-18, 2024年4月18日, 2024.4.18, 20240418, 二〇二四年四月十八日); None when it holds anything else."""
    if not text or len(text) > 40:
        return None
    found = _WHOLE.fullmatch(dated(text).strip("。.,"))
    if not found:
        return None
    year, month, day = (
        (int(part) for part in (found[1], found[2], found[3]) if part)
        if found[1]
        else (int(found[4]), int(found[5]), int(found[6]))
    )
    return day_of(year, month, day)


def find_moments(source: str, year: int | None = None) -> Iterator[Moment]:
    """Yield the dates in `dated` text.

    A month without a year lies in `year`; in a range (2022年10月-12月) it takes the year before it.
    Behind a date of another year it could lie in either, so it has no span.
    """
    stated: int | None = None
    last = -10
    for found in _MOMENT.finditer(source):
        own = found["y"] or found["iy"]
        near = stated is not None and found.start() - last <= 2
        moment = _moment(found, stated if near else year)
        if moment is None:
            continue
        if own and moment.grain != "year":
            stated = int(own)
        elif stated not in (None, year) and not near and moment.grain != "year" and not own:
            moment = Moment(None, moment.grain, moment.start, moment.end)
        last = moment.end
        yield moment


def _moment(found: re.Match[str], year: int | None) -> Moment | None:
    if found["y"]:
        year = int(found["y"])
    elif found["next"] and year is not None:
        year += 1
    start, end = found.span()
    if start == end:
        return None
    if found["iy"]:
        return _day_or_month(int(found["iy"]), int(found["im"]), found["id"], start, end)
    if found["m"]:
        month = int(found["m"])
        if not 1 <= month <= 12:
            return None
        if found["third"]:
            return Moment(third(year, month, found["third"]) if year else None, "third", start, end)
        if year is None:
            return Moment(None, "day" if found["d"] else "month", start, end)
        return _day_or_month(year, month, found["d"], start, end)
    if found["q"]:
        quarter = int(found["q"])
        return Moment(months(year, quarter * 3 - 2, quarter * 3) if year else None, "quarter", start, end)
    if found["half"]:
        first, last = (1, 6) if found["half"] == "上" else (7, 12)
        return Moment(months(year, first, last) if year else None, "half", start, end)
    named = bool(found["y"] or found["next"] or found["this"])
    if not named and found["end"] not in ("年底", "年末", "年内"):
        return None
    grain = "year" if found["end"] in (None, "全年") else "end"
    return Moment(months(year, 1, 12) if year else None, grain, start, end)


def _day_or_month(year: int, month: int, day: str | None, start: int, end: int) -> Moment | None:
    if not 1 <= month <= 12:
        return None
    if day is None:
        return Moment(months(year, month, month), "month", start, end)
    exact = day_of(year, month, int(day))
    return Moment(Span(exact, exact), "day", start, end) if exact else None


def third(year: int, month: int, part: str) -> Span:
    """Return the days of 上旬, 中旬 or 下旬 of a month."""
    whole = months(year, month, month)
    return {
        "上": Span(date(year, month, 1), date(year, month, 10)),
        "中": Span(date(year, month, 11), date(year, month, 20)),
        "下": Span(date(year, month, 21), whole.last),
    }[part[0]]


def before(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)

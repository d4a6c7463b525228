"""Dates, deadlines, recurrences and the official calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.values.calendar import (
    NATIONAL,
    Overrides,
    add_workdays,
    is_known,
    is_workday,
    literal_roll,
    next_workday,
    workdays_between,
)
from checker.values.date import Span, dated, read_date
from checker.values.deadline import read_deadline
from checker.values.done import read_done
from checker.values.recurrence import due_days, is_late, read_recurrence, roll_gaps, windows

# text | kind | strict last | lenient last | ambiguous | days unit
DEADLINES = """
及时|none||||
按时|none||||
及时发放|none||||
尽快|none||||
全年|none||||
及时（10月）|point|2023-10-31|2023-10-31|y|
及时(10月)|point|2023-10-31|2023-10-31|y|
及时（11月之前）|point|2023-10-31|2023-11-30|y|
12月之前|point|2023-11-30|2023-12-31|y|
及时（6月之前）|point|2023-05-31|2023-06-30|y|
9月前|point|2023-08-31|2023-09-30|y|
11月前|point|2023-10-31|2023-11-30|y|
1月前|point|2022-12-31|2023-01-31|y|
3月前|point|2023-02-28|2023-03-31|y|
2024年3月前|point|2024-02-29|2024-03-31|y|
11月底前|point|2023-11-30|2023-11-30||
11月末|point|2023-11-30|2023-11-30||
11月30日前(含)|point|2023-11-30|2023-11-30||
11月30日前（含当日）|point|2023-11-30|2023-11-30||
11月30日前|point|2023-11-29|2023-11-30|y|
不晚于11月30日|point|2023-11-30|2023-11-30||
截至2023年11月30日|point|2023-11-30|2023-11-30||
2023年12月底|point|2023-12-31|2023-12-31||
12月前完成资金支付|point|2023-11-30|2023-12-31|y|
完成时间≤12月|point|2023-12-31|2023-12-31||
完成时间＜12月|point|2023-11-30|2023-11-30||
2025年8月7日完成|point|2025-08-07|2025-08-07||
2021年12月完成|point|2021-12-31|2021-12-31|y|
2021年12月31日|point|2021-12-31|2021-12-31||
2021.12.31|point|2021-12-31|2021-12-31||
2021-12-31前|point|2021-12-30|2021-12-31|y|
2021年底|point|2021-12-31|2021-12-31||
年底前|point|2023-12-31|2023-12-31||
年内|point|2023-12-31|2023-12-31||
当年内|point|2023-12-31|2023-12-31||
次年3月底前|point|2024-03-31|2024-03-31||
十二月底前|point|2023-12-31|2023-12-31||
二〇二三年六月三十日前|point|2023-06-29|2023-06-30|y|
12 月 31 日 前|point|2023-12-30|2023-12-31|y|
1-12月|window|2023-12-31|2023-12-31||
1月-12月|window|2023-12-31|2023-12-31||
2023年3月至2023年11月|window|2023-11-30|2023-11-30||
2022年10月-12月|window|2022-12-31|2022-12-31||
2020年全年。|window|2020-12-31|2020-12-31||
2020年|window|2020-12-31|2020-12-31||
第四季度|window|2023-12-31|2023-12-31||
第三季度末|point|2023-09-30|2023-09-30||
上半年|window|2023-06-30|2023-06-30||
6月上旬|window|2023-06-10|2023-06-10||
2月下旬|window|2023-02-28|2023-02-28||
6月前完成采购,12月前完成验收|point|2023-11-30|2023-12-31|y|
当日办结|duration||||0 天
及时受理，当日办结|duration||||0 天
及时（当天）|duration||||0 天
2023年5月8日当日办结|point|2023-05-08|2023-05-08||
当日办结率≥95%|rate||||
自申请之日起15个工作日内完成发放|duration||||15 工作日
及时（自申请之日起15个工作日内完成发放）|duration||||15 工作日
收到申请后30日内|duration||||30 天
三十日内|duration||||30 天
自申请之日起十五个工作日内|duration||||15 工作日
办理时限不超过5个工作日|duration||||5 工作日
2小时内到达现场|duration||||2 小时
1年|duration||||1 年
春节前|event||||
验收后支付|event||||
届时根据市级文件要求及时发放|external||||
及时（与工作方案计划一致）|external||||
及时（与合同约定条款一致）|external||||
在项目计划完成时间内完成|external||||
按时发放率=100%|rate||||
支付及时率≥95%|rate||||
2023年支付率≥95%|rate||||
≥360天|rate||||
100%|rate||||
每季度首月|recurring||||
及时（每月25日，周末顺延）|recurring||||
按月发放|recurring||||
每季度结束后15日内|duration||||15 天
每月终了后5个工作日内|duration||||5 工作日
每年12月|recurring||||
"""


@pytest.mark.parametrize("line", DEADLINES.strip().splitlines())
def test_deadline_wording(line: str) -> None:
    """Kind, last day on time under both readings, ambiguity and duration of each wording (fiscal year 2023)."""
    text, kind, strict, lenient, ambiguous, duration = line.split("|")
    deadline = read_deadline(text, None, 2023)
    assert deadline is not None and deadline.kind == kind
    assert (deadline.strict.last.isoformat() if deadline.strict and deadline.strict.last else "") == strict
    assert (deadline.lenient.last.isoformat() if deadline.lenient and deadline.lenient.last else "") == lenient
    assert deadline.ambiguous is (ambiguous == "y")
    assert (f"{deadline.days} {deadline.unit}" if deadline.days is not None else "") == duration


def test_deadline_without_year_keeps_its_kind() -> None:
    """A month without a fiscal year is a point with no date."""
    deadline = read_deadline("11月底前", None, None)
    assert deadline is not None and deadline.kind == "point" and deadline.strict is None and deadline.lenient is None


def test_deadline_in_the_name() -> None:
    """A date in the name counts when the target is only a rate."""
    deadline = read_deadline("100%", "12月底之前完成", 2020)
    assert deadline is not None and deadline.lenient == Span(None, date(2020, 12, 31))
    assert read_deadline(None, "养老补助划拨及时性", 2020) is None


@pytest.mark.parametrize("text", ["每月25日，周末顺延", "及时(每月25日,周末顺延)", "及时（每月25日，周末顺延）"])
def test_roll_gaps_of_2023(text: str) -> None:
    """周末顺延 does not settle the Spring Festival Wednesday nor the working Sunday of 端午."""
    deadline = read_deadline(text, None, 2023)
    assert deadline is not None and deadline.recurrence is not None
    assert roll_gaps(deadline.recurrence, 2023) == (date(2023, 1, 25), date(2023, 6, 25))
    due = dict(zip(range(1, 13), due_days(deadline.recurrence, 2023), strict=True))
    assert due[1] == (date(2023, 1, 25), date(2023, 1, 28))
    assert due[2] == (date(2023, 2, 27), date(2023, 2, 27))
    assert due[6] == (date(2023, 6, 26), date(2023, 6, 25))
    assert due[11] == (date(2023, 11, 27), date(2023, 11, 27))
    assert roll_gaps(deadline.recurrence, 2031) is None


def test_nine_months_of_nine_years_differ() -> None:
    """Over 2018–2026 the literal rule and the calendar differ in nine months."""
    deadline = read_deadline("每月25日，周末顺延", None, 2023)
    assert deadline is not None and deadline.recurrence is not None
    gaps = [day for year in range(2018, 2027) for day in roll_gaps(deadline.recurrence, year) or ()]
    assert [(day.year, day.month) for day in gaps] == [(2020, 1), (2020, 4), (2020, 6), (2021, 4), (2021, 9), (2023, 1), (2023, 6), (2025, 1), (2026, 9)]


@pytest.mark.parametrize(("text", "count", "first"), [("每季度首月", 4, Span(date(2023, 1, 1), date(2023, 1, 31))), ("每月25日", 12, Span(date(2023, 1, 25), date(2023, 1, 25))), ("每月10日前", 12, Span(date(2023, 1, 1), date(2023, 1, 10))), ("每月底", 12, Span(date(2023, 1, 1), date(2023, 1, 31))), ("每半年", 2, Span(date(2023, 1, 1), date(2023, 6, 30))), ("每季度末月", 4, Span(date(2023, 3, 1), date(2023, 3, 31))), ("每年12月", 1, Span(date(2023, 12, 1), date(2023, 12, 31))), ("每周", 0, None)])  # fmt: skip
def test_windows(text: str, count: int, first: Span | None) -> None:
    """A recurring task has one window a period."""
    deadline = read_deadline(text, None, 2023)
    assert deadline is not None and deadline.recurrence is not None
    spans = windows(deadline.recurrence, 2023)
    assert len(spans) == count and (spans[0] if spans else None) == first


def test_short_month_takes_its_last_day() -> None:
    """每月31日 is the last day of a short month."""
    deadline = read_deadline("每月31日", None, 2023)
    assert deadline is not None and deadline.recurrence is not None
    assert windows(deadline.recurrence, 2023)[1].last == date(2023, 2, 28)


@pytest.mark.parametrize(("applied", "last"), [("2023-01-16", "2023-02-09"), ("2023-03-01", "2023-03-22"), ("2023-04-17", "2023-05-09"), ("2023-06-14", "2023-07-06"), ("2023-09-18", "2023-10-13")])
def test_fifteen_working_days(applied: str, last: str) -> None:
    """The day of application does not count, the fifteenth working day is on time, the next one is late."""
    start, end = date.fromisoformat(applied), date.fromisoformat(last)
    assert add_workdays(start, 15) == end
    assert workdays_between(start, end) == 15
    following = next_workday(end + timedelta(days=1))
    assert following is not None and workdays_between(start, following) == 16


@pytest.mark.parametrize(("year", "days"), [(2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    """Working days per year agree with the notices."""
    assert workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_notice_of_2023() -> None:
    """The seven make-up days of 2023 are working days, the holidays are not."""
    assert [m for m in ("2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07", "2023-10-08") if not is_workday(date.fromisoformat(m))] == []
    assert [d for d in ("2023-01-25", "2023-04-05", "2023-05-01", "2023-06-22", "2023-09-29", "2023-10-06") if is_workday(date.fromisoformat(d))] == []


def test_unknown_year_is_unknown() -> None:
    """Without a notice nothing is guessed, also when a span only reaches into the unknown year."""
    assert is_workday(date(2031, 3, 3)) is None and not is_known(2031) and is_known(2023)
    assert workdays_between(date(2026, 12, 30), date(2027, 1, 5)) is None
    assert add_workdays(date(2026, 12, 30), 5) is None and next_workday(date(2031, 3, 3)) is None


def test_overrides_change_days_and_add_years() -> None:
    """A regional holiday is a rest day there; a complete year answers for itself."""
    regional = Overrides(rest=frozenset({date(2023, 4, 21), date(2023, 4, 24)}))
    assert is_workday(date(2023, 4, 21)) is True and is_workday(date(2023, 4, 21), regional) is False
    assert workdays_between(date(2023, 4, 20), date(2023, 4, 25), regional) == 2  # 04-23 makes up, 04-25
    future = Overrides(rest=frozenset({date(2031, 1, 1)}), work=frozenset({date(2031, 1, 4)}), years=frozenset({2031}))
    assert [is_workday(date(2031, 1, d), future) for d in (1, 2, 3, 4, 5)] == [False, True, True, True, False]


@given(st.dates(date(2005, 1, 1), date(2025, 12, 31)), st.integers(0, 60))
def test_adding_and_counting_working_days_agree(start: date, days: int) -> None:
    """The n-th working day after a day has n working days behind it and is a working day."""
    end = add_workdays(start, days, NATIONAL)
    assert end is not None and workdays_between(start, end) == days
    assert days == 0 or is_workday(end)


@given(st.dates())
def test_literal_roll_never_ends_on_a_weekend(day: date) -> None:
    """周末顺延 moves Saturday and Sunday to Monday and nothing else."""
    if day > date(9999, 12, 28):
        return
    rolled = literal_roll(day)
    assert rolled.weekday() < 5 and (rolled == day) == (day.weekday() < 5) and (rolled - day).days <= 2


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates_come_back_from_every_spelling(day: date) -> None:
    """A date printed in each usual way is read back."""
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month:02}/{day.day:02}", f"{day:%Y%m%d}", f"{day.year} 年 {day.month} 月 {day.day} 日"):
        assert read_date(text) == day


@pytest.mark.parametrize("text", [None, "", "2023-02-30", "2023年13月1日", "2023年", "12月31日", "20231301", "12345678", "abc"])
def test_not_a_date(text: str | None) -> None:
    """What is not a whole date is none."""
    assert read_date(text) is None


# actual | reason | first | last
DONE = """
11月15日完成||2023-11-15|2023-11-15
已于6月完成||2023-06-01|2023-06-30
10月||2023-10-01|2023-10-31
2021年底||2021-12-01|2021-12-31
2021年12月||2021-12-01|2021-12-31
2020年||2020-01-01|2020-12-31
12月前完成|||2023-12-31
7月||2023-07-01|2023-07-31
3月15日签订合同,5月20日验收||2023-05-20|2023-05-20
达成指标|已于6月完成|2023-06-01|2023-06-30
达成指标|受疫情影响推迟到12月完成|2023-12-01|2023-12-31
2022年3月开工,2022年12月完成||2022-12-01|2022-12-31
2023年6月20日、12月15日||2023-12-15|2023-12-15
12月15日和6月20日前||2023-12-15|2023-12-15
2023年9月30日（合同约定2023年10月15日）||2023-09-30|2023-09-30
2023年1月至12月||2023-01-01|2023-12-31
1月-12月||2023-01-01|2023-12-31
2023年1月1日至2023年11月30日。||2023-01-01|2023-11-30
2022年10月-2023年3月||2022-10-01|2023-03-31
"""


@pytest.mark.parametrize("line", DONE.strip().splitlines())
def test_done_interval(line: str) -> None:
    """A date in the actual cell, or one with a verb of doing in the reason, is when it was done."""
    actual, reason, first, last = line.split("|")
    span = read_done(actual, reason or None, 2023)
    assert span is not None
    assert (span.first.isoformat() if span.first else "") == first and (span.last.isoformat() if span.last else "") == last


@pytest.mark.parametrize(("actual", "reason"), [("达成指标", "因2023年3月政策调整"), ("预计2024年3月完成", None), ("未在6月完成", None), ("3月、6月", None), ("6月20日、12月", None), ("6月20日，年底15日", None), ("98%", None), ("达成指标", "计划6月完成"), (None, None), ("2022年3月开工,12月完成", None)])
def test_no_date_of_doing(actual: str | None, reason: str | None) -> None:
    """Plans, denials, causes, lists of months and years that cannot be settled are no date of doing."""
    assert read_done(actual, reason, 2023) is None


def test_point_verdicts_of_the_reference() -> None:
    """11月之前: 20 November is late only strictly, 1 December under both, "11月" straddles nothing lenient."""
    deadline = read_deadline("及时（11月之前）", None, 2023)
    assert deadline is not None and deadline.strict and deadline.lenient and deadline.strict.last and deadline.lenient.last
    for text, strict_late, lenient_late in (("11月20日", True, False), ("12月1日", True, True), ("10月31日", False, False)):
        done = read_done(text, None, 2023)
        assert done is not None and done.first is not None
        assert (done.first > deadline.strict.last, done.first > deadline.lenient.last) == (strict_late, lenient_late)


@pytest.mark.parametrize(
    ("due", "done", "late"),
    [
        ("每月15日前", "每月12日前", False), ("每月15日前", "均于每月10日前报送", False), ("每月15日前", "每月上旬", False), ("每月15日", "每月15日", False), ("每季度末", "每季度末月25日前", False), ("每月31日", "每月30日", False),
        ("每月15日前", "每月16日", True), ("每月15日前", "每月下旬", True), ("每月上旬", "每月15日", True), ("每季度首月", "每季度末月", True),
        ("每月15日前", "每月18日前", None), ("每月15日前", "每月15日前", None), ("每月15日前", "每月中旬", None), ("每月15日前", "每季度首月5日", None), ("每月15日前", "每月", None), ("每月初", "每月25日", None), ("每月28日", "每月底", None), ("每周", "每周", None), ("每月25日，周末顺延", "每月26日", None),
    ],
)  # fmt: skip
def test_the_days_of_a_recurring_task_compare(due: str, done: str, late: bool | None) -> None:
    """On time where no period is behind its day, late where every one is; unknown where the days straddle it, repeat the limit or may roll."""
    limit, made = read_recurrence(dated(due)), read_recurrence(dated(done))
    assert limit is not None and made is not None
    assert is_late(limit, made, 2023) is late

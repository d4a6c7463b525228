"""Deadlines of timeliness rows: kind, strict and lenient reading, recurrence, duration.

The grammar follows common usage: `X月前` is disputed (before the month or up to its end), so both
readings are kept; 底, 末, 内, 含, 不晚于, 截至 include the day. 民法典 1259 makes 以内 inclusive and is
silent on 前.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from msgspec import Struct

from checker.late import late
from checker.values.chinese import read_chinese
from checker.values.date import MONTH_RANGE, RANGE, Moment, Span, before, dated, find_moments, month_range
from checker.values.quantity import find_quantities
from checker.values.recurrence import Recurrence, read_recurrence
from checker.values.text import is_blank

_PREFIX = late(r"^(?:及时|按时|按期|如期|适时)\((.+)\)[。.]?$")
_BEFORE = late(r"^(?:\(含\))?(?:之前|以前|前)(\(含(?:当日|当天|本数)?\)|含当日)?")
_END = late(r"^(?:底|末|月底|月末)(?:之前|以前|前)?|^(?:内|以内|之内)|^24[时点](?:之前|以前|前)?")
_INCLUSIVE = late(r"(?:不晚于|不迟于|截至|截止到?|最迟|至迟|≤)(?:时间)?[:为]?$")
_LESS = late(r"(?:<|早于|先于)$")
_DURATION = late(
    r"(?P<anchor>(?:自|从|收到|接到|在)?[^,;。()0-9]{0,20}?(?:之日起|后|起|之后|以来))?"
    r"(?P<op>≤|<|不超过|不晚于)?(?P<n>[0-9]{1,4}(?:\.[0-9])?)(?:个)?(?P<unit>工作日|日历日|自然日|日|天|个月|月|小时|周|分钟|年)(?P<in>以内|之内|内)?"
)
_CHINESE_LIMIT = late(r"(?P<n>[一二三四五六七八九十]{1,3})个?(?P<unit>工作日|天|个月|小时)(?P<in>以内|之内|内)")
_SAME_DAY = late(
    r"(?:当日|当天|即日)(?:以内|之内|内)?(?:$|(?:办|完成|完毕|结|处|响应|回|反馈|上报|报送|支付|发放|到账|拨付|审|受理|答复)(?![^,;。]{0,4}率))"
)
_EVENT = late(
    r"((?:春节|元旦|清明|五一|劳动节|端午|中秋|国庆|十一|七一|八一|重阳|六一|儿童节|教师节|助残日|开学|放假|汛期|雨季|冬季|供暖季|采暖季|春耕|秋收|两会|高考|中考|学期末|学期|年报|合同签订|验收|资金下达|资金到位|活动|项目结束|项目完成|会议)[^,;。]{0,4}?(?:前|后|之前|之后|期间|以前|结束))"
)
_EXTERNAL = late(
    r"(?:合同|协议|方案|计划|文件|批复|通知|规定|要求|约定|进度安排|时间节点|时间表|工期|序时|有关时限|法定时限|考核办法)"
)
_PLAIN = late(r"(?:及时|按时|按期|如期|适时|尽快|尽早|长期|全年|持续|准时|随时|定期|当年)")
_TIME_WORD = late(r"[0-9年月日天周季旬期]")
_NOTE = late(r"\([^()]*\)$")
_YEAR = late(r"(?:19|20)[0-9]{2}")
_EXACT_UNITS = {
    "工作日": "工作日",
    "日": "天",
    "天": "天",
    "日历日": "天",
    "自然日": "天",
    "个月": "月",
    "月": "月",
    "小时": "小时",
    "周": "周",
    "分钟": "分钟",
    "年": "年",
}


class Deadline(Struct, frozen=True):
    """A deadline as read. `kind` is none point window recurring duration event external rate.

    `strict` and `lenient` are spans in which doing it is on time (no first day: any time before);
    None when the kind has no date of its own or the year is unknown. `days` and `unit` are those of
    a duration (0 天: on the same day), `anchor` what it counts from or the event it hangs on.
    """

    kind: str
    strict: Span | None = None
    lenient: Span | None = None
    ambiguous: bool = False
    days: int | None = None
    unit: str | None = None
    anchor: str | None = None
    recurrence: Recurrence | None = None


def read_deadline(text: str | None, name: str | None = None, year: int | None = None) -> Deadline | None:
    """Return the deadline a target states, else the one its name states; None when neither can be read as one.

    `year` is the fiscal year that months without a year belong to. A blank target gives None unless
    the name itself holds a date (12月底之前完成).
    """
    own = None if is_blank(text) else _read(dated((text or "")[:2000]), year)
    if (own is None or own.kind in ("none", "rate")) and name:
        named = _read(dated(name[:500]), year)
        if named is not None and named.kind in ("point", "window", "recurring", "duration") and not _names_rate(name):
            return named
    return own


def _names_rate(name: str) -> bool:
    return _NOTE.sub("", dated(name[:500])).endswith("率")


def _read(source: str, year: int | None) -> Deadline | None:
    if wrapped := _PREFIX.match(source):
        source = wrapped[1]
    if recurrence := read_recurrence(source):
        return Deadline("recurring", recurrence=recurrence)
    duration = _duration(source)
    if duration and (duration.anchor or duration.unit == "工作日"):
        return duration
    point = _points(source, year)
    if point is not None and point.kind != "year":
        return point
    if duration:
        return duration
    if _SAME_DAY.search(source):
        return Deadline("duration", days=0, unit="天")
    if event := _EVENT.search(source):
        return Deadline("event", anchor=event[1])
    if find_quantities(source):
        return Deadline("rate")
    if point is not None:
        return Deadline("window", point.strict, point.lenient)
    if _EXTERNAL.search(source):
        return Deadline("external")
    if _PLAIN.search(source) or not _TIME_WORD.search(source):
        return Deadline("none")
    return None


def _duration(source: str) -> Deadline | None:
    for found in _DURATION.finditer(source):
        unit = _EXACT_UNITS[found["unit"]]
        limited = bool(found["in"] or found["op"] or found["anchor"])
        whole = len(found[0]) >= len(source.strip("。.,;"))
        # 15日 or 3月 without 内 are dates, 360天 is a count, 1年 alone is how long the work lasts.
        if not limited and not (whole and found["unit"] in ("年", "个月", "工作日", "天", "周", "小时")):
            continue
        if found["unit"] in ("月", "年") and ((found["in"] is None and not whole) or _YEAR.fullmatch(found["n"])):
            continue
        if "≥" in source[: found.start()] or source[: found.start()].endswith((">", "不少于", "不低于")):
            continue
        days = int(found["n"]) if found["n"].isdigit() else None
        anchor = (found["anchor"] or "").strip("自从在").removesuffix("起").removesuffix("之日") or None
        return Deadline("duration", days=days, unit=unit, anchor=anchor)
    if (limit := _CHINESE_LIMIT.search(source)) and (number := read_chinese(limit["n"])) is not None:
        return Deadline("duration", days=number, unit=_EXACT_UNITS[limit["unit"]])
    return None


def _points(source: str, year: int | None) -> Deadline | None:
    if ranged := _month_range(source, year):
        return ranged
    moments = [
        m
        for m in find_moments(source, year)
        if not (m.grain == "year" and m.end < len(source) and source[m.end : m.end + 1].isdigit())
    ]
    if not moments:
        return None
    joined = _joined(source, moments)
    if joined:
        return joined
    fine = [m for m in moments if m.grain != "year"] or moments
    read = [_point(source, moment) for moment in fine]
    if len(read) == 1 or read[-1].strict is None:
        return read[-1]
    return max(read, key=lambda d: d.lenient.last if d.lenient and d.lenient.last else date.min)


def _month_range(source: str, year: int | None) -> Deadline | None:
    found = MONTH_RANGE.search(source)
    if not found or not 1 <= int(found["a"]) <= int(found["b"]) <= 12:
        return None
    span = month_range(found, year)
    return Deadline("window", span, Span(None, span.last) if span else None)


def _joined(source: str, moments: list[Moment]) -> Deadline | None:
    for one, two in pairwise(moments):
        if RANGE.match(source[one.end : two.start]):
            span = Span(one.span.first, two.span.last) if one.span and two.span else None
            if span and span.first and span.last and span.first > span.last:
                return None
            return Deadline("window", span, Span(None, span.last) if span else None)
    return None


def _point(source: str, moment: Moment) -> Deadline:
    tail, head = source[moment.end :], source[: moment.start]
    span = moment.span
    last = span.last if span else None
    upto = Span(None, last) if last else None
    if moment.grain == "year":
        if _END.match(tail) or _INCLUSIVE.search(head):
            return Deadline("point", upto, upto)
        return Deadline("year", span, upto)
    if moment.grain == "end" or _END.match(tail) or _INCLUSIVE.search(head):
        return Deadline("point", upto, upto)
    earlier = Span(None, before(span.first)) if span and span.first else None
    if _LESS.search(head):
        return Deadline("point", earlier, earlier)
    if found := _BEFORE.match(tail):
        if found[1] or tail.startswith("(含)"):
            return Deadline("point", upto, upto)
        return Deadline("point", earlier, upto, ambiguous=True)
    if moment.grain == "day":
        return Deadline("point", span, upto)
    if moment.grain == "month":
        return Deadline("point", span, upto, ambiguous=True)
    return Deadline("window", span, upto)

"""When something was done, as far as the form says: an interval of days."""

from __future__ import annotations

from operator import itemgetter

from checker.late import late
from checker.values.date import MONTH_RANGE, RANGE, Moment, Span, dated, find_moments, month_range
from checker.values.text import is_blank

_VERB = late(
    r"^[^,;。0-9]{0,12}?(?:完成|完工|竣工|完毕|发放|支付|拨付|划拨|划付|举办|召开|开展|验收|交付|到货|投保|购买|采购|到位|下达|办理|办结|公开|公示|播放|上线|投入使用|结束|举行|实施|缴纳|上报|报送|兑付|印发)"
)
_NOT_YET = late(r"(?:预计|计划|拟|将|未|尚未|没有|应|原定|约定|规定|批复|争取|力争|要求|须|需|因|目标)[^,;。]{0,8}$")
_LISTED = late(r"[、,;/和及与分别前]*")
_BEFORE = late(r"^(?:底|末)?(?:之前|以前|前)")


def read_done(actual: str | None, reason: str | None = None, year: int | None = None) -> Span | None:
    """Return the interval in which the form says the work was done; None when it gives no date.

    The actual cell may hold a date alone or with a verb of doing; the reason cell counts only with
    such a verb (已于6月完成). An interval (2023年1月至12月) lasts from its first day to its last. Dates that are planned or denied do not count, and of several the one
    a verb follows last, or the last of a mere list of days. 12月前完成 gives an open first day. `year` is that of months without one.
    """
    own = None if is_blank(actual) else _done(dated((actual or "")[:2000]), year, alone=True)
    if own is not None or is_blank(reason):
        return own
    return _done(dated((reason or "")[:2000]), year, alone=False)


def _done(source: str, year: int | None, alone: bool) -> Span | None:
    if alone and (ranged := MONTH_RANGE.fullmatch(source.rstrip("。."))) and (span := month_range(ranged, year)):
        return span
    moments = [m for m in find_moments(source, year) if not _NOT_YET.search(source[: m.start])]
    acted = [m for m in moments if _VERB.match(source[m.end :]) and m.grain != "year"]
    if acted:
        return _span(source, acted[-1])
    if alone and len(moments) == 1 and (moments[0].grain != "year" or len(source.strip("。全年度.")) <= 5):
        return _span(source, moments[0])
    return _interval(source, moments) or _last_listed(source, moments) if alone and len(moments) > 1 else None


def _interval(source: str, moments: list[Moment]) -> Span | None:
    """Return the days of a text that is nothing but an interval of two dates (2023年1月至2023年12月)."""
    one, two = moments[0], moments[-1]
    whole = len(moments) == 2 and one.start == 0 and source[two.end :].rstrip("。.") == "" and RANGE.match(source[one.end : two.start])
    if not whole or one.span is None or two.span is None or one.span.first is None or two.span.last is None or one.span.first > two.span.last:
        return None
    return Span(one.span.first, two.span.last)


def _last_listed(source: str, moments: list[Moment]) -> Span | None:
    """Return the last of several days of which a text is nothing but a list (6月20日、12月15日)."""
    ends = [0, *(moment.end for moment in moments)]
    between = "".join(source[end : moment.start] for end, moment in zip(ends, moments, strict=False)) + source[ends[-1] :].rstrip("。")
    days = [(moment.span.last, moment) for moment in moments if moment.grain == "day" and moment.span is not None and moment.span.last is not None]
    if len(days) < len(moments) or not _LISTED.fullmatch(between):
        return None
    return _span(source, max(days, key=itemgetter(0))[1])


def _span(source: str, moment: Moment) -> Span | None:
    if moment.span is None:
        return None
    if _BEFORE.match(source[moment.end :]):
        return Span(None, moment.span.last)
    if moment.grain == "end" and moment.span.last is not None:
        return Span(moment.span.last.replace(day=1), moment.span.last)
    return moment.span

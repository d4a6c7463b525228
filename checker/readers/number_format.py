"""Spreadsheet number formats: an exact number and a format code give the text a person sees.

Source: ECMA-376 Part 1, 18.8.30 and 18.8.31, with the Chinese built-in formats; `!` escapes a
character as in East Asian codes. Departures, all so that no digit is lost: a zero is shown with
digits even where the code shows a dash or nothing, scientific and fraction codes show plain
digits, and Chinese numerals (DBNum) show as digits.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from msgspec import Struct

from checker.late import late

Token = tuple[str, str]

SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP)
WIDE = Context(prec=400, rounding=ROUND_HALF_UP, Emax=999, Emin=-999)
LARGEST_EXPONENT = 309
GENERAL_WIDTH = 11
TYPED_DECIMALS = 6
LAST_DAY = 2958465
MAX_CODE = 512

DATE_YM, DATE_MD, DATE_YMD = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
HALF_DAY, HALF_DAY_SECONDS = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'

BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"￥"#,##0;"￥"-#,##0', 6: '"￥"#,##0;"￥"-#,##0', 7: '"￥"#,##0.00;"￥"-#,##0.00', 8: '"￥"#,##0.00;"￥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: DATE_YM, 28: DATE_MD, 29: DATE_MD, 30: "m-d-yy", 31: DATE_YMD,
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: HALF_DAY, 35: HALF_DAY_SECONDS, 36: DATE_YM,
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0", 42: '"￥"#,##0;"￥"-#,##0', 43: "#,##0.00;-#,##0.00", 44: '"￥"#,##0.00;"￥"-#,##0.00',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: DATE_YM, 51: DATE_MD, 52: DATE_YM, 53: DATE_MD, 54: DATE_MD,
    55: HALF_DAY, 56: HALF_DAY_SECONDS, 57: DATE_YM, 58: DATE_MD,
}  # fmt: skip

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS_ZH = "一二三四五六日"

TOKEN = late(
    r"""(?P<quoted>"[^"]*"?)|(?P<escaped>[\\!].?)|(?P<blank>[_*].?)|(?P<bracket>\[[^\]]*\]?)|(?P<end>;)
    |(?P<general>General|G/通用格式)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])
    |(?P<date>y+|m+|d+|h+|s+|e+|aaaa?|b+|g+)|(?P<digit>[0\#?])|(?P<point>\.)|(?P<comma>,)
    |(?P<percent>%)|(?P<text>@)|(?P<slash>/)|(?P<literal>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
CONDITION = late(r"\[(<=|>=|<>|<|>|=)\s*(-?\d{1,30}(?:\.\d{1,30})?)\]")
CURRENCY = late(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
ELAPSED = late(r"\[(h+|m+|s+)\]", re.IGNORECASE)


class Section(Struct, frozen=True):
    """One part of a format code between semicolons, as tokens (kind, text)."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    dated: bool
    digits: bool
    plain: bool


def number(raw: str) -> Decimal:
    """Returns the number a file stores as text, rounded to the 15 digits a spreadsheet keeps.

    Raises ValueError for anything but a finite number within a double's range.
    """
    raw = raw.strip()
    if len(raw) > 400 or not NUMBER.fullmatch(raw):
        raise ValueError("不是数值")
    value = SIGNIFICANT.create_decimal(raw)
    if not value.is_finite() or (value and abs(value.adjusted()) > LARGEST_EXPONENT):
        raise ValueError("数值超出范围")
    return value


ANY_DIGIT = late(r"[0-9]")
NUMBER = late(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


@lru_cache(maxsize=8192)
def shown_number(raw: str, code: str, date1904: bool) -> tuple[str, str | None, bool]:
    """Returns the text shown for a stored number, why it cannot be read or None, whether typed digits are not shown.

    A number that is none, a date that does not exist and a value the code hides are unread.
    """
    try:
        value = number(raw)
        text = shown(value, code, date1904)
    except ValueError as fault:
        return raw[:40], f"{fault}：{raw[:40]}", False
    if not text:
        return text, f"数字格式 {code[:40]} 隐藏了内容", False
    return text, None, _cut(value, code)


def _cut(value: Decimal, code: str) -> bool:
    # Long tails are computed and meant to be rounded; short ones were typed and are lost to the eye.
    stored = -int(value.normalize().as_tuple().exponent)
    if stored <= 0 or stored > TYPED_DECIMALS:
        return False
    _, section = _choose(parsed(code), value)
    if section.dated or section.plain or not section.digits:
        return False
    decimals, percents, scaling = _places(section.tokens)
    return stored > decimals + 2 * percents - 3 * scaling


def shown(value: Decimal, code: str, date1904: bool = False) -> str:
    """Returns `value` as a spreadsheet shows it under the format `code`, without padding.

    Returns "" when the code hides the value. Raises ValueError (reason in words) when the code
    asks for a date that does not exist.
    """
    sections = parsed(code)
    index, section = _choose(sections, value)
    if section.dated:
        return _date(value, section.tokens, date1904)
    text = _number(value, index, section)
    if value == 0 and not ANY_DIGIT.search(text):
        first = sections[0]
        text = _number(value, 0, first) if first.digits else text
        return text if ANY_DIGIT.search(text) or not first.digits else "0"
    return text


def _number(value: Decimal, index: int, section: Section) -> str:
    if section.plain:
        body = "".join(plain(abs(value)) if kind in ("general", "text") else text
                       for kind, text in section.tokens if kind in ("general", "text", "literal"))  # fmt: skip
    else:
        body = _digits(abs(value), section.tokens) if section.digits else _literals(section.tokens)
    negative = value < 0 and not (index == 1 and section.condition is None)
    if negative and section.condition is not None and section.condition[0] in ("<", "<=") and section.condition[1] <= 0:
        negative = False
    if negative and ANY_DIGIT.search(body.replace("0", "")):
        body = "-" + body
    return body.strip()


def shown_text(text: str, code: str) -> str:
    """Returns a text cell as shown: the text section of `code` may add words around it or hide it."""
    if code in ("General", "@") or ("@" not in code and code.count(";") < 3):
        return text
    sections = parsed(code)
    last = sections[-1]
    if len(sections) < 4 and not _for_text(last):
        return text
    return "".join(text if kind == "text" else token for kind, token in last.tokens if kind in ("text", "literal"))


def plain(value: Decimal) -> str:
    """Returns a number in plain digits as format General shows it, never in scientific notation.

    A number with more than six decimals is a computed one: it is cut to the eleven characters
    General has. All others keep every digit.
    """
    value = SIGNIFICANT.plus(value)
    text = _trimmed(value)
    whole, _, decimals = text.partition(".")
    if len(decimals) <= TYPED_DECIMALS or value.adjusted() < -5:
        return text
    room = max(GENERAL_WIDTH - len(whole) - 1, TYPED_DECIMALS)
    return _trimmed(value.quantize(Decimal(1).scaleb(-room), context=WIDE))


def _trimmed(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0", "-") else text


@lru_cache(maxsize=2048)
def parsed(code: str) -> tuple[Section, ...]:
    """Returns the sections of a format code; an over-long code counts as General."""
    parts: list[list[Token]] = [[]]
    conditions: dict[int, tuple[str, Decimal]] = {}
    for match in TOKEN.finditer(code if 0 < len(code) <= MAX_CODE else "General"):
        kind, text = match.lastgroup or "literal", match.group()
        if kind == "end":
            parts.append([])
            continue
        if kind == "bracket":
            if found := CONDITION.fullmatch(text):
                conditions[len(parts) - 1] = (found[1], Decimal(found[2]))
            elif found := ELAPSED.fullmatch(text):
                parts[-1].append(("elapsed", found[1].lower()))
            elif (found := CURRENCY.fullmatch(text)) and found[1]:
                parts[-1].append(("literal", found[1]))
            continue
        if kind == "blank":
            continue
        if kind == "quoted":
            kind, text = "literal", text.strip('"')
        elif kind == "escaped":
            kind, text = "literal", text[1:]
        elif kind in ("date", "ampm"):
            text = text.lower()
        parts[-1].append((kind, text))
    return tuple(_section(tokens, conditions.get(at)) for at, tokens in enumerate(parts[:4]))


def _section(tokens: list[Token], condition: tuple[str, Decimal] | None) -> Section:
    kinds = {kind for kind, _ in tokens}
    dated = bool(kinds & {"date", "elapsed", "ampm"}) and "general" not in kinds
    scientific = "exponent" in kinds or ("slash" in kinds and "digit" in kinds and not dated)
    if scientific and not dated:
        tokens = [("general", ""), *((k, t) for k, t in tokens if k == "percent")]
    is_plain = scientific or "general" in kinds or ("text" in kinds and "digit" not in kinds)
    return Section(tuple(tokens), condition, dated, is_plain or "digit" in kinds, is_plain and not dated)


def _choose(sections: tuple[Section, ...], value: Decimal) -> tuple[int, Section]:
    # A last section with @ is for text, however few sections stand before it.
    numeric = sections[:-1] if len(sections) > 3 or (len(sections) > 1 and _for_text(sections[-1])) else sections
    if any(section.condition for section in numeric):
        for index, section in enumerate(numeric):
            default = ("<", Decimal(0)) if index == 1 and len(numeric) > 2 else None
            condition = section.condition or default
            if condition is None or _holds(value, condition):
                return index, section
        return len(numeric) - 1, numeric[-1]
    if value < 0 and len(numeric) > 1:
        return 1, numeric[1]
    if value == 0 and len(numeric) > 2:
        return 2, numeric[2]
    return 0, numeric[0]


def _for_text(section: Section) -> bool:
    return any(kind == "text" for kind, _ in section.tokens)


def _holds(value: Decimal, condition: tuple[str, Decimal]) -> bool:
    operator, bound = condition
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound,
        ">=": value >= bound, "=": value == bound, "<>": value != bound,
    }[operator]  # fmt: skip


def _literals(tokens: tuple[Token, ...]) -> str:
    return "".join(text for kind, text in tokens if kind in ("literal", "percent", "slash", "point", "comma"))


def _digits(value: Decimal, tokens: tuple[Token, ...]) -> str:
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((at for at, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    last_whole = max((at for at in places if at < point), default=-1)
    commas = [at for at, (kind, _) in enumerate(tokens) if kind == "comma"]
    thousands = any(min(places) < at < last_whole for at in commas)
    decimals, percents, scaling = _places(tokens)
    value = value.scaleb(2 * percents - 3 * scaling, context=WIDE)
    text = format(value.quantize(Decimal(1).scaleb(-decimals), context=WIDE), "f")
    whole, _, fraction = text.partition(".")
    return _whole(whole.lstrip("0"), tokens[:point], thousands) + _fraction(fraction, tokens[point:])


@lru_cache(maxsize=2048)
def _places(tokens: tuple[Token, ...]) -> tuple[int, int, int]:
    # Decimals shown, percent signs, thousands scaled away by commas behind the last digit.
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((at for at, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    last_whole = max((at for at in places if at < point), default=-1)
    scaling = sum(1 for at, (kind, _) in enumerate(tokens) if kind == "comma" and (last_whole < at < point or at > max(places)))
    return sum(1 for at in places if at > point), sum(1 for kind, _ in tokens if kind == "percent"), scaling


def _whole(digits: str, tokens: tuple[Token, ...], thousands: bool) -> str:
    out: list[str] = []
    first = next((at for at, (kind, _) in enumerate(tokens) if kind == "digit"), None)
    if first is None:
        return _kept(tokens) + digits
    taken = 0

    def emit(digit: str) -> None:
        nonlocal taken
        if thousands and taken and taken % 3 == 0:
            out.append(",")
        out.append(digit)
        taken += 1

    for at in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[at]
        if kind != "digit":
            out.append(text[::-1] if kind in ("literal", "percent") else "")
        elif taken < len(digits):
            emit(digits[-1 - taken])
        elif text == "0":
            emit("0")
        if at == first:
            while taken < len(digits):
                emit(digits[-1 - taken])
    return "".join(out)[::-1]


def _fraction(digits: str, tokens: tuple[Token, ...]) -> str:
    needed = len(digits.rstrip("0"))
    out: list[str] = []
    at = 0
    for kind, text in tokens:
        if kind == "digit":
            if text == "0" or at < needed:
                out.append(digits[at])
            at += 1
        elif kind in ("literal", "percent", "point"):
            out.append(text)
    return "".join(out)


def _kept(tokens: tuple[Token, ...]) -> str:
    return "".join(text for kind, text in tokens if kind in ("literal", "percent"))


def _day(serial: int, date1904: bool) -> tuple[int, int, int, int]:
    if not date1904 and serial == 60:
        return 1900, 2, 29, 2
    day = (date(1904, 1, 1) if date1904 else date(1899, 12, 31 if serial < 60 else 30)) + timedelta(days=serial)
    return day.year, day.month, day.day, day.weekday()


def _date(value: Decimal, tokens: tuple[Token, ...], date1904: bool) -> str:
    if value < 0 or value > LAST_DAY - (1462 if date1904 else 0) + 1:
        raise ValueError("日期超出可显示的范围")
    fractions = sum(1 for at, (kind, _) in enumerate(tokens) if kind == "digit" and at > 0)
    steps = 10 ** min(fractions, 3)
    ticks = int((value * 86400 * steps).to_integral_value(rounding=ROUND_HALF_UP))
    seconds, tick = divmod(ticks, steps)
    serial, second = divmod(seconds, 86400)
    try:
        year, month, day, weekday = _day(serial, date1904)
    except OverflowError:
        raise ValueError("日期超出可显示的范围") from None
    half = any(kind == "ampm" for kind, _ in tokens)
    hour = second // 3600
    clock = (hour % 12 or 12) if half else hour
    out: list[str] = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "date":
            if text[0] == "m" and _minutes(tokens, at):
                out.append(f"{second // 60 % 60:0{len(text)}d}")
            else:
                out.append(_part(text, year, month, day, weekday, clock, second % 60))
        elif kind == "elapsed":
            whole = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[text[0]]
            out.append(f"{whole:0{len(text)}d}")
        elif kind == "ampm":
            first, _, other = text.partition("/")
            out.append((first if hour < 12 else other).upper())
        elif kind == "digit":
            if tokens[at - 1][0] in ("point", "literal") and fractions:
                out.append(f"{tick:0{min(fractions, 3)}d}")
        elif kind in ("literal", "slash", "point", "comma", "percent"):
            out.append(text)
    return "".join(out).strip()


def _minutes(tokens: tuple[Token, ...], at: int) -> bool:
    timed = [(n, text) for n, (kind, text) in enumerate(tokens) if kind in ("date", "elapsed")]
    place = next(n for n, (where, _) in enumerate(timed) if where == at)
    before = timed[place - 1][1][0] if place else ""
    after = timed[place + 1][1][0] if place + 1 < len(timed) else ""
    return before == "h" or after == "s"


def _part(code: str, year: int, month: int, day: int, weekday: int, hour: int, second: int) -> str:
    letter, width = code[0], len(code)
    if letter == "y":
        return f"{year % 100:02d}" if width <= 2 else f"{year:04d}"
    if letter == "e":
        return str(year)
    if letter == "m":
        names = {3: MONTHS[month - 1][:3], 4: MONTHS[month - 1], 5: MONTHS[month - 1][0]}
        return names.get(width, f"{month:0{min(width, 2)}d}")
    if letter == "d":
        names = {3: WEEKDAYS[weekday][:3], 4: WEEKDAYS[weekday]}
        return names.get(width, f"{day:0{min(width, 2)}d}")
    if letter == "a":
        return ("星期" if width == 4 else "") + WEEKDAYS_ZH[weekday]
    if letter == "h":
        return f"{hour:0{min(width, 2)}d}"
    if letter == "s":
        return f"{second:0{min(width, 2)}d}"
    return ""

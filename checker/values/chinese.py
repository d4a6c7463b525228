"""Chinese numerals ⇄ whole numbers."""

from __future__ import annotations

DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8}
NUMERAL = "[〇零○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"


def read_chinese(text: str) -> int | None:
    """Return the whole number a Chinese numeral writes (二十三, 二〇二三, 一亿零三万), None when it is not one.

    Numerals of more than 24 characters are not read.
    """
    text = text.strip()
    if not text or len(text) > 24:
        return None
    if all(char in DIGITS for char in text):
        if len(text) == 1 or any(char in "〇零○" for char in text) or len(text) == 4:
            return int("".join(str(DIGITS[char]) for char in text))
        return None
    total, section, digit = 0, 0, None
    zero = False
    last_small, last_large = 10**4, 10**12
    for char in text:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit, zero = DIGITS[char], zero or DIGITS[char] == 0
        elif char in _SMALL:
            unit = _SMALL[char]
            if unit >= last_small or digit == 0 or (digit is None and not (unit == 10 and section == 0)):
                return None
            section += (1 if digit is None else digit) * unit
            digit, zero, last_small = None, False, unit
        elif char in _LARGE:
            unit = _LARGE[char]
            section += digit or 0
            if unit >= last_large or section == 0:
                return None
            total += section * unit
            section, digit, zero, last_small, last_large = 0, None, False, 10**4, unit
        else:
            return None
    # 一百一 is 110 to some and 101 to others, 三万五 is 35,000: without 零 the last digit has no place.
    place = last_small if section else last_large if total else 10
    return None if digit and place > 10 and not zero else total + section + (digit or 0)

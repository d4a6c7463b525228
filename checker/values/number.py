"""A whole cell that is one number, one percentage or one amount of money."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from checker.late import late
from checker.values.chinese import DIGITS, NUMERAL, read_chinese
from checker.values.text import plain

MAX_DIGITS = 24
NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])|[0-9]+(?!,[0-9]))(?:\.[0-9]+)?"

_WHOLE = late(rf"([+-]?)\s?({NUMBER})")
_PERCENT = late(rf"([+-]?)\s?({NUMBER})\s?(%|‰|百分比|个?百分点)?")
_CHINESE_PERCENT = late(rf"百分之\s?({NUMBER}|{NUMERAL}{{1,12}}(?:点{NUMERAL}{{1,4}})?)")
_MONEY = late(
    rf"(?:人民币|¥|￥)?\s?([+-]?)\s?({NUMBER})\s?(亿元|亿|百万元|十万元|万元整|万元|万|千元|元整|元)?(?:人民币)?"
)
_MONEY_UNITS = {"亿": "亿元", "万": "万元", "万元整": "万元", "元整": "元"}


class Money(Struct, frozen=True):
    """An amount as printed and its unit (元 万元 亿元 …), None when the cell names none."""

    amount: Decimal
    unit: str | None


def decimal(digits: str) -> Decimal | None:
    """Return the Decimal of ASCII digits with thousands commas, None beyond MAX_DIGITS."""
    digits = digits.replace(",", "")
    return Decimal(digits) if len(digits) <= MAX_DIGITS else None


def _signed(sign: str, digits: str) -> Decimal | None:
    value = decimal(digits)
    return -value if value is not None and sign == "-" else value


def read_number(text: str | None) -> Decimal | None:
    """Return the number a cell holds, with its printed digits; None when it holds anything else.

    Accepts a sign, thousands commas in groups of three and full-width digits; refuses exponents,
    misplaced commas (`7,00.0,77`), units and per cent signs.
    """
    if text is None or len(text) > 64:
        return None
    found = _WHOLE.fullmatch(plain(text))
    return _signed(found[1], found[2]) if found else None


def read_percent(text: str | None) -> Decimal | None:
    """Return a percentage in points: `99.18%`, `99.18`, `百分之九十五`, `0.9‰` (0.09); None when it is not one.

    A bare number is taken as it stands; whether `0.9918` means 99.18 only the sheet can tell.
    """
    if text is None or len(text) > 64:
        return None
    text = plain(text)
    if found := _PERCENT.fullmatch(text):
        value = _signed(found[1], found[2])
        return value.scaleb(-1) if value is not None and found[3] == "‰" else value
    found = _CHINESE_PERCENT.fullmatch(text)
    return read_hundredths(found[1]) if found else None


def read_hundredths(told: str) -> Decimal | None:
    """Return the number behind 百分之 (九十五, 九十五点五, 百, 95.5), None when it is none."""
    if told[:1].isascii():
        return decimal(told)
    whole, point, rest = told.partition("点")
    number = 100 if whole == "百" else read_chinese(whole)
    if number is None or (point and not (rest and all(char in DIGITS for char in rest))):
        return None
    return Decimal(f"{number}.{''.join(str(DIGITS[char]) for char in rest)}" if point else number)


def read_money(text: str | None) -> Money | None:
    """Return an amount with the unit its own cell names (`2.38 万元`, `5.8万`, `57,157,686.73`); None when it is not one."""
    if text is None or len(text) > 64:
        return None
    found = _MONEY.fullmatch(plain(text))
    if not found:
        return None
    amount = _signed(found[1], found[2])
    return None if amount is None else Money(amount, _MONEY_UNITS.get(found[3], found[3]))

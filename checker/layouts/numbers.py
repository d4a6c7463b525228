"""Cell text → exact Decimal with the printed digits, or the reason why it is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial

from msgspec import Struct

from checker.layouts.cells import blank, plain
from checker.layouts.messages import say
from checker.model import Cell
from checker.remembered import remembered
from checker.values.text import simplified

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
_WORKING = re.compile(r"(\d[\d,]*(?:\.\d+)?%?)([×*xX÷/])(\d[\d,]*(?:\.\d+)?%?)(?:×(\d[\d,]*(?:\.\d+)?%?))?=(\d+(?:\.\d+)?)")
"""A figure with its working in front: 10×95%=9.5, 256.5/270=95%, 256.5/270×10=9.5."""
_BEGINNING = re.compile(r"[-+]?[\d.]")
_FOOTNOTE = re.compile(r"(?<=[0-9０-９%％分元])\s*[\u2460-\u2487]+\s*$")
_RAISED = re.compile(r"[0-9０-９%％]\s*[\u00b2\u00b3\u00b9\u2070-\u2079\u2460-\u249b]")
"""A circled or raised digit behind a figure is the mark of a note: its NFKC form would lengthen the figure."""
_BROKEN = re.compile(r"[0-9][^\S\n\r]+(?![0-9]{3}(?![0-9]))[0-9]")
"""White space within a line that does not part thousands: 20 20 or 10 0 may be two figures, or a broken one."""
_MONEY_UNITS = ("亿元", "万元", "千元", "元", "亿", "万")
_AMOUNT = r"\d[\d.,]*(?:[亿万千]?元|[亿万](?!元))"
_REMARKED = re.compile(rf"({_AMOUNT})\(((?:[^()\d]{{2,30}}{_AMOUNT}){{2,12}}[,;、，；]?)\)")
"""An amount with what it is made up of behind it: 854万元（农田建设400万元，示范建设295万元，道路159万元）.

Words hold no digit and figures begin with one, so that a text can be parted in one way only and no text takes long.
"""
_FACTORS = {"亿元": 8, "亿": 8, "万元": 4, "万": 4, "千元": 3, "元": 0}
MAX_LENGTH = 40
MOST_LINES = 20
MOST_POINTS = 100


class Number(Struct, frozen=True):
    """`value` None with `reason` None is a blank cell; with a reason it is unread. `note` tells of a repair."""

    value: Decimal | None = None
    reason: str | None = None
    note: str | None = None

    @property
    def malformed(self) -> bool:
        """True when digits and marks stand in an order that makes no number: 7,00.0,77."""
        return self.reason == say("malformed")


BLANK = Number()


def _damage(text: str) -> tuple[str, str | None]:
    """Drop question marks that replaced a hard blank at either end; they carry no digit."""
    bare = text.strip("?�")
    return bare, (say("damage", text=text) if bare != text else None)


def number(text: str, suffixes: tuple[str, ...] = ()) -> Number:
    """Read a cell that should hold one number, optionally with one of the suffixes behind it."""
    return _kept(suffixes)(text)


@cache
def _kept(suffixes: tuple[str, ...]) -> Callable[[str], Number]:
    return remembered(partial(_number, suffixes))


def _number(suffixes: tuple[str, ...], text: str) -> Number:
    if text.isascii() and len(text) <= MAX_LENGTH and _NUMBER.fullmatch(text):
        return Number(Decimal(text.replace(",", "")))
    if blank(text):
        return BLANK
    bare = _FOOTNOTE.sub("", text)
    if _RAISED.search(bare) or _BROKEN.search(unicodedata.normalize("NFKC", bare)):
        return Number(reason=say("not_one_number"))
    key, note = _damage(plain(bare).replace("¥", "").replace("￥", ""))
    note = note if bare == text else say("footnote", text=text.strip())
    if not key:
        return BLANK
    ending = ""
    for suffix in suffixes:
        if key == suffix:
            return BLANK
        if key.endswith(suffix):
            key, ending = key[: -len(suffix)], suffix
            break
    if "=" in key and (result := _worked_out(key, ending)) is not None:
        return Number(result, note=say("worked_out", text=text.strip()[:MAX_LENGTH]))
    if len(key) > MAX_LENGTH:
        return Number(reason=say("no_number"))
    if not key.isascii() or not _NUMBER.fullmatch(key):
        return Number(reason=_why_not(key))
    return Number(Decimal(key.replace(",", "")), note=note)


def _worked_out(key: str, ending: str) -> Decimal | None:
    """Return the result of a working that comes out at the result's printed digits, rounded or cut; None for any other."""
    found = _WORKING.fullmatch(key) if len(key) <= MAX_LENGTH else None
    if found is None:
        return None
    left, sign, right, more, result = found.groups()
    if sign in "÷/" and not _term(right):
        return None
    value = _term(left) / _term(right) if sign in "÷/" else _term(left) * _term(right)
    value *= (_term(more) if more else 1) * (100 if ending == "%" else 1)
    digits = len(result.partition(".")[2])
    return Decimal(result) if abs(value - Fraction(result)) * 10**digits < 1 else None


def _term(text: str) -> Fraction:
    return Fraction(text.rstrip("%").replace(",", "")) / (100 if text.endswith("%") else 1)


def _why_not(key: str) -> str:
    digits = sum(char.isdigit() for char in key)
    if digits == 0:
        return say("no_number")
    if re.fullmatch(r"[\d.,]+", key):
        return say("malformed")
    return say("not_one_number")


@remembered
def score(text: str) -> Number:
    """Read a weight or a score: a number, 分 may follow."""
    return number(text, ("分",))


@remembered
def weight(text: str) -> Number:
    """Read a weight: a number of points, also written as a share of 100 (10%)."""
    key = plain(text)
    read = number(text, ("分", "%"))
    return Number(read.value, note=say("share", text=key)) if read.value is not None and key.endswith("%") else read


def kept_unit(unit: str) -> str:
    """Return the unit that amounts of a form in `unit` are kept in: 元 or 万元, the two the normalized form knows."""
    return unit if unit in ("元", "万元") else "万元"


def money(text: str, unit: str | None, filed: str | None = None) -> Number:
    """Read an amount and return it in the unit that the form's own, `unit`, is kept in, exactly.

    What the cell itself says of its unit goes before `filed`, the unit of its column's title.
    """
    if blank(text):
        return BLANK
    key = simplified(plain(text))
    remarked = _REMARKED.fullmatch(key) if key.endswith(")") else None
    if remarked is not None:
        read = money(remarked.group(1), unit, filed)
        return read if read.value is None else Number(read.value, note=say("remark_behind", text=remarked.group(2)[:40]))
    own = next((u for u in _MONEY_UNITS if key.endswith(u)), None) if key.endswith(_MONEY_UNITS) else None
    if own is not None and len(key) == len(own):
        return BLANK
    read = number(text if own is None else key[: -len(own)])
    if read.value is None or unit is None or (own or filed or unit) == kept_unit(unit):
        return read
    return Number(*convert(read.value, own or filed or unit, kept_unit(unit)))


def unit_behind(texts: Iterable[str]) -> str | None:
    """Return the unit that the first of some amounts with a unit behind it carries: 120万元, 5.8万."""
    for text in texts:
        key = simplified(plain(text))
        own = next((unit for unit in _MONEY_UNITS if key.endswith(unit)), None)
        if own is not None and number(key[: -len(own)]).value is not None:
            return own if own.endswith("元") else f"{own}元"
    return None


def convert(value: Decimal, own: str, unit: str) -> tuple[Decimal, None, str | None]:
    """Return the amount in another unit, exactly, and what was done about it."""
    if _FACTORS[own] == _FACTORS[unit]:
        return value, None, None
    shift = _FACTORS[own] - _FACTORS[unit]
    moved = value.scaleb(shift)
    exponent = moved.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        moved = moved.quantize(Decimal(1))
    return moved, None, say("converted", value=value, own=own, made=moved, unit=unit)


def percent(text: str) -> Number:
    """Read a rate as a percentage: 99.18% and 99.18 are both 99.18."""
    return number(text, ("%", "百分比"))


@remembered
def looks_numeric(text: str) -> bool:
    """True when the whole cell is one plain number (no unit, no percent sign)."""
    key = plain(text)
    return bool(key) and len(key) <= MAX_LENGTH and key.isascii() and _NUMBER.fullmatch(key) is not None


@remembered
def begins_number(text: str) -> bool:
    """True when a cell begins as a number does: 5.8万, -3; what follows is left open."""
    return _BEGINNING.match(plain(text)) is not None


def fraction_as_percent(rate: Decimal, executed: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """Return rate × 100 when a bare number is proved to be the fraction executed ÷ budget, else None.

    Proved means: it equals the quotient at its own printed digits (rounded or cut), and as a
    percentage it does not.
    """
    if executed is None or budget is None or budget <= 0 or not 0 < rate <= 10:
        return None
    exponent = rate.as_tuple().exponent
    unit = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
    quotient = executed / budget
    if abs(quotient - rate) >= unit or (unit == 1 and quotient != rate):
        return None
    if abs(quotient * 100 - rate) < unit:
        return None
    moved = rate.scaleb(2)
    return moved if unit < Decimal("0.1") else moved.quantize(Decimal(1))


def lines_of(text: str) -> tuple[str, ...]:
    """Return the filled lines of a cell."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def numbers_stacked(cell: Cell, suffixes: tuple[str, ...] = ()) -> bool:
    """True for a cell that holds nothing but numbers, one a line; on a page only when they make no points together (20⏎20)."""
    if "\n" not in cell.text:
        return False
    lines = lines_of(cell.text)
    read = [value for line in lines if (value := number(line, ("分", *suffixes)).value) is not None]
    if not 2 <= len(lines) == len(read) <= MOST_LINES:
        return False
    whole = number(cell.text, ("分", *suffixes)).value
    return cell.locator.page is None or (max(read) <= MOST_POINTS and (whole is None or whole > MOST_POINTS))

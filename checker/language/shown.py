"""Exact values as a person reads them: printed digits kept, thousands separated in money, − for minus."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from checker.language.calls import rounded
from checker.language.nodes import Scalar

LONGEST_TEXT = 40
_COMPUTED = {"percent": 4}
_EXACT_UP_TO = 6


def decimals(value: Fraction, digits: int | None, unit: str) -> int:
    """Return how many decimals to show: the printed ones, all of a short exact value, else 4 (percent) or 6.

    A value cut for showing gets more when the cut would make it look like one with two decimals.
    """
    for places in range(digits or 0, _EXACT_UP_TO + 1):
        if 10**places % value.denominator == 0:
            return places
    places = max(_COMPUTED.get(unit, _EXACT_UP_TO), digits or 0)
    while places < 12 and (rounded(value, places, "half_up") * 100).denominator == 1:
        places += 2
    return places


def number(value: Fraction, digits: int | None, unit: str) -> str:
    """Return a number in words of the form: `9,391,037.56`, `−0.20`, `97.8477` (without sign of the unit)."""
    places = decimals(value, digits, unit)
    scale = 10**places
    units, left = divmod(abs(value.numerator) * scale, value.denominator)
    units += 2 * left >= value.denominator
    whole, rest = divmod(units, scale)
    text = f"{whole:,}" if unit == "money" else str(whole)
    if places:
        text += f".{rest:0{places}d}"
    return f"−{text}" if value.numerator < 0 and units else text


def value(value: Scalar | None, digits: int | None, unit: str, lang: str) -> str:
    """Return any value as shown: percentages with %, text in quotes, — for nothing."""
    if isinstance(value, Fraction):
        return number(value, digits, unit) + ("%" if unit == "percent" else "")
    if isinstance(value, str):
        return quoted(value)
    return plain(value, digits, unit, lang)


def plain(value: Scalar | None, digits: int | None, unit: str, lang: str) -> str:
    """Return any value for a message slot: as shown, without % and quotes."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return number(value, digits, unit)


def quoted(text: str) -> str:
    """Return a text in quotes, cut when long."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= LONGEST_TEXT else flat[: LONGEST_TEXT - 1] + '…'}”"

"""Quantities written in words that fill a cell: 三次, 至少一场, 零投诉, 未发生."""

from __future__ import annotations

from decimal import Decimal

from checker.late import late
from checker.values.chinese import NUMERAL, read_chinese
from checker.values.direction import LOWER, named_direction
from checker.values.quantity import Quantity
from checker.values.text import squeezed
from checker.values.units import BARE, known_unit, read_unit

_COUNT = late(
    rf"(≥|≤|>|<|=|不少于|不低于|至少|不超过)?({NUMERAL}{{1,6}})(个工作日|[^\d\s性般体样定些致直起]{{1,3}})"
)
_ZERO = late(r"(?:实现|确保|保持)?零([\u4e00-\u9fff]{2,6})")
_NOTHING = late(
    r"无|零|没有|(?:全年|本?年度|年内)?均?(?:未|没有)(?:发生|出现|收到|接到|产生|发现|引发)[\u4e00-\u9fff]{0,10}|无[\u4e00-\u9fff]{2,8}(?:发生|情况)?"
)
_OPERATORS = {"不少于": "≥", "不低于": "≥", "至少": "≥", "不超过": "≤"}


def spelled(text: str) -> tuple[Quantity, ...]:
    """Return the quantity a whole cell spells in words, () when it spells none.

    A Chinese numeral needs a known unit behind it; 零 needs something better avoided (零投诉).
    """
    source = squeezed(text).strip("。.,;")
    if (found := _COUNT.fullmatch(source)) and (value := read_chinese(found[2])) is not None:
        unit = read_unit(found[3])
        if known_unit(unit):
            operator = _OPERATORS.get(found[1] or "", found[1])
            return (Quantity(Decimal(value), unit, found.start(2), found.end(3), operator=operator),)
    if (found := _ZERO.fullmatch(source)) and named_direction(found[1]) == LOWER:
        return (Quantity(Decimal(0), BARE, 0, 1),)
    return ()


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that nothing of the kind happened (无, 未发生, 无投诉)."""
    return _NOTHING.fullmatch(squeezed(text).strip("。.,;")) is not None

"""The actual cell (全年完成值): a measured value, a band, or the target copied."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from checker.values import lexicon
from checker.values.quantity import Quantity, Unit, find_quantities, same_measure
from checker.values.reason import read_reason
from checker.values.target import Target
from checker.values.text import is_blank, plain, squeezed

FULL, PART, NONE = "达成", "部分达成", "未达成"
HUNDRED = Decimal(100)
_BANDS = (("none", NONE), ("part", PART), ("full", FULL))
_EDGE = re.compile(r"[\s。.,;!、]+$|^[\s、,]+")
_PROGRESS = re.compile(r"完成率|进度|达成率|完成比例|完成情况")
_OPERATORS = re.compile(r"[≥≤><=]|不低于|不少于|不超过|不高于|至少|以上|以下|以内")


@dataclass(frozen=True, slots=True)
class Pair:
    """A quantity of the target and the measured one comparable with it, both in the target's unit."""

    aim: Decimal
    measured: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Actual:
    """What the actual cell, or the number that leads the reason cell, says was achieved.

    `measured` are the quantities read (none for a band or a copied target) and `source` the cell
    they stand in. `copies` is true when the cell repeats the target's threshold with its operator;
    `repeats` when it repeats the target's words and measures nothing. `pairs` are in the target's order.
    """

    measured: tuple[Quantity, ...]
    source: str | None
    band: str | None
    copies: bool
    repeats: bool
    pairs: tuple[Pair, ...]


def read_band(text: str | None) -> str | None:
    """Return 达成, 部分达成 or 未达成 when the whole cell is a status word (达成指标, 达成预期指标 …)."""
    if is_blank(text):
        return None
    assert text is not None
    source = _EDGE.sub("", squeezed(text[:200]))
    for key, band in _BANDS:
        if lexicon.pattern("bands", key).fullmatch(source):
            return band
    return None


def read_actual(
    actual: str | None, reason: str | None = None, target: Target | None = None, name: str | None = None
) -> Actual | None:
    """Return the reading of an actual cell with its target and reason, None when it says nothing and the reason leads with no number."""
    source = "" if is_blank(actual) else plain((actual or "")[:20_000])
    band = read_band(source)
    if (
        band
        and "100%" in squeezed(source)
        and target
        and target.main
        and target.main.unit.base == "%"
        and _PROGRESS.search(name or "")
    ):
        band = None
    own = () if band or not source else find_quantities(source)
    copies = bool(own) and _is_threshold(own, source)
    if copies:
        own = ()
    origin: str | None = "actual" if own else None
    if not own and (told := read_reason(reason)) and told.leading:
        own, origin = told.leading, "reason"
    repeats = (
        not own
        and not copies
        and band is None
        and target is not None
        and bool(source)
        and target.main is None
        and squeezed(source) == squeezed(target.text)
    )
    if not (source or own):
        return None
    pairs = _pairs(own, target) if target and target.main else ()
    return Actual(own, origin, band, copies, repeats, pairs)


def _is_threshold(own: tuple[Quantity, ...], source: str) -> bool:
    return own[0].operator is not None and own[0].high is None and _OPERATORS.search(source) is not None


def _pairs(own: tuple[Quantity, ...], target: Target) -> tuple[Pair, ...]:
    wanted = list(target.quantities)
    pairs: list[Pair] = []
    used: set[int] = set()
    for goal in wanted:
        for position, quantity in enumerate(own):
            if position in used or quantity.high is not None:
                continue
            pair = _pair(goal, quantity, target)
            if pair:
                used.add(position)
                pairs.append(pair)
                break
    return tuple(pairs)


def _pair(goal: Quantity, quantity: Quantity, target: Target) -> Pair | None:
    unit = goal.unit
    if quantity.bare and not goal.bare:
        quantity = _borrow(goal, quantity, target)
    elif goal.bare and not quantity.bare:
        if quantity.unit.base == "%":
            return None
        goal, unit = replace(goal, unit=quantity.unit), quantity.unit
    if not (same_measure(goal.unit, quantity.unit) or (goal.bare and quantity.bare) or goal.unit == quantity.unit):
        return None
    if _damaged(goal, quantity):
        return None
    return Pair(goal.value, quantity.amount / goal.unit.factor, unit.written)


def _borrow(goal: Quantity, quantity: Quantity, target: Target) -> Quantity:
    """Give a bare number the unit of the target, unless it may mean something else."""
    unit: Unit = goal.unit
    if unit.base == "%":
        fraction = quantity.value <= 1 and quantity.value != 0 and goal.amount >= 10
        count = target.ambiguous and quantity.value != HUNDRED
        if fraction or count:
            return quantity
    elif target.ambiguous and quantity.value == HUNDRED and goal.value != HUNDRED:
        return quantity
    return replace(quantity, unit=unit)


def _damaged(goal: Quantity, quantity: Quantity) -> bool:
    """Tell whether the target is probably ≥ read as the digit 2: 290% beside 90%, 250 beside 50."""
    return goal.operator is None and format(goal.value, "f") == f"2{format(quantity.value, 'f')}"

"""Which quantity of an actual compares with which of a target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from checker.late import late
from checker.values.direction import LOWER, RANGE, change
from checker.values.pace import of_the_year, plain_counts
from checker.values.quantity import Quantity
from checker.values.target import Target
from checker.values.units import ONE, PERCENT, Unit, lent, magnitude, same_measure, thing, without_magnitude

HUNDRED = Decimal(100)
NEAR = 10
"""The part of an approximate target by which a result may be off: a tenth."""
_FAR = 100
"""So many times the target, a bare number beside 万 or 亿 is no longer taken to be in 万 or 亿."""
_HUNDREDTHS = Unit("", "%", HUNDRED)
_DECIMALS = 6
"""More cannot be kept of a measured value."""
_OPERATORS = late(r"[≥≤><]|不低于|不少于|不超过|不高于|至少|以上|以下|以内|超过|大于|小于|低于|高于")

_TOTAL = late(r"其中|包括|共|总计|合计|累计")


class Pair(Struct, frozen=True):
    """A quantity of the target and the measured one comparable with it, both in the target's unit."""

    aim: Decimal
    measured: Decimal
    unit: str


def is_threshold(quantity: Quantity, source: str) -> bool:
    """Tell whether an actual cell gives a limit with an operator instead of a value; what stands behind = is the value itself."""
    return quantity.operator is not None and quantity.high is None and _OPERATORS.search(source) is not None


def copies_target(quantity: Quantity, target: Target | None) -> bool:
    """Tell whether a limit in the actual cell is the target's own."""
    goals = target.quantities if target else ()
    return any(goal.value == quantity.value and _comparable(goal, quantity) for goal in goals)


def surpasses(quantity: Quantity, target: Target | None) -> bool:
    """Tell whether a limit in the actual cell settles the target all the same: 超过5000人 beside ≥3000人."""
    main = target.main if target else None
    if main is None or not _comparable(main, quantity):
        return False
    if target is not None and target.direction == "higher":
        return quantity.operator in ("≥", ">") and quantity.value * quantity.unit.factor >= main.amount
    return (
        target is not None
        and target.direction == "lower"
        and quantity.operator in ("≤", "<")
        and quantity.amount <= main.amount
    )


def missed(pair: Pair, target: Target) -> bool | None:
    """Tell whether a measured value misses its target: it is short of it, above one to stay below, outside a range.

    About so many (约500户) is missed when more than a tenth away. None when the direction is unknown.
    """
    aim, measured, direction = pair.aim, pair.measured, target.direction
    if direction is None:
        return None
    if direction == RANGE:
        high = target.main.high if target.main else None
        return None if high is None else not aim <= measured <= high
    off = measured > aim if direction == LOWER else measured < aim
    return off and not (target.approximate and abs(measured - aim) * NEAR <= abs(aim))


def _comparable(goal: Quantity, quantity: Quantity) -> bool:
    return goal.bare or quantity.bare or same_measure(goal.unit, quantity.unit)


def compared(own: Sequence[Quantity], target: Target, source: str = "", name: str = "") -> tuple[Pair, ...]:
    """Return the pairs of target and measured quantities with the same measure, in the target's order.

    A bare number takes the unit of its partner. Where the target sets several quantities of one
    measure, or the actual lists several for one, nothing is paired unless there are as many of each
    or one is the total (共 … , 其中 …); `source` is the actual's text, `name` that of the indicator.
    """
    goals = [goal for goal in target.quantities if goal.value != 0 or goal is target.main]
    pairs: list[Pair] = []
    done: set[str] = set()
    for goal in goals:
        measure = goal.unit.base
        if measure in done:
            continue
        done.add(measure)
        alike = [other for other in goals if other.unit.base == measure]
        if counts := plain_counts(goal, own, name):
            fitted = of_the_year(goal, counts[0], target.direction, name) if len(counts) == len(alike) == 1 else None
            pair = _pair(*fitted) if fitted else None
            pairs += [pair] if pair else []
            continue
        facts = [fact for quantity in own if (fact := _fitted(goal, quantity, target)) is not None]
        if len(facts) > len(alike):
            facts = _totals(facts, source)
        if len(facts) == len(alike):
            made = [_turned(_pair(goal, fact), change(target.text[: goal.start]) or change(name), change(source[: fact.start])) for goal, fact in zip(alike, facts, strict=True)]
            pairs += [pair for pair in made if pair is not None]
    return tuple(pairs)


def _totals(facts: list[Quantity], source: str) -> list[Quantity]:
    """Return the one that is the total of the others: outside brackets, or the first of a list that says so and as large as the rest."""
    outer = [fact for fact in facts if fact.depth == 0]
    if len(outer) == 1:
        return outer
    first, rest = facts[0], sum((fact.amount for fact in facts[1:]), Decimal(0))
    told = _TOTAL.search(source) is not None and first.amount >= rest
    return [first] if told or first.amount == rest else []


def _fitted(goal: Quantity, quantity: Quantity, target: Target) -> Quantity | None:
    """Return the measured quantity in a measure of the goal, None when it measures something else or may."""
    if quantity.high is not None:
        return None
    if quantity.bare and not goal.bare:
        return _borrowed(goal, quantity, target)
    if goal.bare and not quantity.bare:
        # Nothing is nothing in any measure: ≤0 beside a rate and 3.2%.
        return None if quantity.unit.base == "%" and goal.value != 0 else quantity
    if goal.bare and quantity.bare:
        return _in_ten_thousands(goal, quantity)
    return quantity if same_measure(goal.unit, quantity.unit) else None


def _borrowed(goal: Quantity, quantity: Quantity, target: Target) -> Quantity | None:
    """Give a bare number the unit of the target, None when it may mean something else."""
    unit = goal.unit
    if unit.base == "%":
        if unit.factor == HUNDRED:
            return replace(quantity, unit=unit if quantity.value <= 1 else PERCENT)
        if 0 < quantity.value <= 1 and goal.amount >= 10:
            # 0.96 beside 100 %: 96 % or 0.96 %. Where both lie below the target they agree.
            return replace(quantity, unit=_HUNDREDTHS) if quantity.value * HUNDRED < goal.amount and not target.ambiguous else None
        if target.ambiguous and quantity.value != HUNDRED:
            return None
    elif target.ambiguous and quantity.value == HUNDRED and goal.value != HUNDRED:
        return None
    return _in_ten_thousands(goal, quantity)


def _in_ten_thousands(goal: Quantity, quantity: Quantity) -> Quantity | None:
    """Give a bare number the unit of the target; beside 万 or 亿 it may be filled in that or in ones, None when neither is near.

    Beside ≥2万人次 a 2.086 is 万人次 and 20860 is 人次; the two readings lie ten thousand apart, so only one can be near.
    """
    times = magnitude(goal.unit)
    if times == ONE or quantity.unit.factor != ONE or quantity.value < goal.value * _FAR:
        return replace(quantity, unit=lent(goal.unit, quantity.unit))
    return replace(quantity, unit=without_magnitude(goal.unit)) if quantity.value * 10 >= goal.value * times else None


def _turned(pair: Pair | None, wanted: int, made: int) -> Pair | None:
    """Return a pair of changes that go opposite ways with what was measured below zero: 增长6% wanted, 下降8% come about."""
    opposite = pair is not None and pair.measured > 0 and wanted * made < 0
    return Pair(pair.aim, -pair.measured, pair.unit) if pair is not None and opposite else pair


def _pair(goal: Quantity, quantity: Quantity) -> Pair | None:
    if goal.bare and not quantity.bare:
        goal = replace(goal, unit=lent(quantity.unit, goal.unit))
    # A fall written as a negative number and one written as a positive one do not compare.
    if goal.value > 0 > quantity.value and goal.unit.base == "%":
        return None
    if goal.operator is None and format(goal.value, "f") == f"2{format(quantity.value, 'f')}":
        # Probably ≥ read as the digit 2 by a scanner: 290% beside 90%, 250 beside 50.
        return None
    measured = quantity.amount / goal.unit.factor
    if -int(measured.as_tuple().exponent) > _DECIMALS:
        # 11分38秒 are no exact number of minutes, 160亩 of 公顷: both are compared in the unit of the result. A range has its upper end in its own.
        if goal.high is not None:
            return None
        aim = goal.amount / quantity.unit.factor
        exact = -int(aim.as_tuple().exponent) <= _DECIMALS and quantity.unit.written != ""
        return Pair(aim, quantity.value, quantity.unit.written) if exact else Pair(goal.amount, quantity.amount, goal.unit.base)
    return Pair(goal.value, measured, goal.unit.written)


def unit_mismatch(own: Sequence[Quantity], target: Target) -> str | None:
    """Return the units when the actual counts another thing than every quantity of the target (场次 / 人, 个 / %); of a rate beside its base the base is named.

    每月2次 and 24次 in the year count the same thing.
    """
    wanted = [goal for goal in target.quantities if not goal.bare]
    if not own or not wanted or own[0].bare:
        return None
    if any(thing(goal.unit) == thing(fact.unit) or goal.unit.written == fact.unit.written for goal in wanted for fact in own):
        return None
    counted = next((goal for goal in wanted if goal.unit.base != "%"), wanted[0])
    return f"{counted.unit.written} / {own[0].unit.written}"

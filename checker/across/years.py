"""A form beside that of the year before: texts and values carried over, targets below what was reached."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from checker.across.comparison import Cells, Compared, Comparison, Idle, Inputs, header_cells, words
from checker.across.figures import Indicator, comparable, indicators
from checker.across.pairing import Pool, matched
from checker.across.units import ordered, year_of
from checker.across.wording import LEAST_TEXT, masked, numbers, reason_words, similarity
from checker.model import FieldValue, Form
from checker.values.quantity import Quantity


def compared(inputs: Inputs) -> list[tuple[Form, Form]]:
    """Return every form with that of the latest earlier year, from `--previous` and from the run itself."""
    pool = Pool((*inputs.forms, *(inputs.previous or ())))
    return [(form, before) for form in ordered(inputs.forms) if (before := pool.before(form)) is not None]


def _idle(inputs: Inputs, any_row: bool) -> tuple[Idle, ...]:
    if any_row:
        return ()
    if inputs.previous is None:
        return (Idle(True, words("没有给出上年的自评表（--previous）", "no forms of the year before were given (--previous)")),)
    return (Idle(True, words("上年的表里没有同一单位、同一项目的可比内容", "the forms of the year before hold nothing comparable of the same unit and project")),)


def years(inputs: Inputs) -> Compared:
    """Return for every form and text column how alike it is to the year before, numbers masked; and for its measured values."""
    rows = [made for form, before in compared(inputs) for made in _columns(form, before)]
    return Compared(tuple(rows), _idle(inputs, bool(rows)))


def _columns(form: Form, before: Form) -> list[Comparison]:
    rows = []
    for column in ("goal_planned", "goal_actual"):
        texts = [one.header.get(column) for one in (form, before)]
        if all(isinstance(text, str) for text in texts):
            rows.append(_texts(form, before, column, str(texts[0]), str(texts[1]), (*header_cells(form, column), *header_cells(before, column))))
    now, then = indicators(form), indicators(before)
    reasons = [[one for one in found if _told(one)] for found in (now, then)]
    cells = tuple(cell for found in reasons for one in found for cell in one.cell("reason"))
    joined = ["".join(dict.fromkeys(_told(one) or "" for one in found)) for found in reasons]
    rows.append(_texts(form, before, "reason", joined[0], joined[1], cells))
    rows.append(_actuals(form, before, matched(now, then)[0]))
    return [row for row in rows if row is not None]


def _told(indicator: Indicator) -> str | None:
    return reason_words(indicator.text("reason"))


def _texts(form: Form, before: Form, column: str, one: str, other: str, cells: Cells) -> Comparison | None:
    first, second = masked(one), masked(other)
    size = min(len(first), len(second))
    if size < LEAST_TEXT:
        return None
    values: dict[str, FieldValue] = {
        "last_year": year_of(before),
        "column": column,
        "size": size,
        "similarity": similarity(first, second),
        "numbers_same": numbers(one) == numbers(other),
    }
    return Comparison("years", form, ("years", form.form_id, before.form_id, column), values, {"similarity": cells})


def _actuals(form: Form, before: Form, pairs: list[tuple[Indicator, Indicator]]) -> Comparison | None:
    both = [(one, other) for one, other in pairs if _telling(one) and _telling(other) and comparable(one.measured, other.measured)]
    if not both:
        return None
    same = sum(one.measured.amount == other.measured.amount for one, other in both if one.measured and other.measured)
    values: dict[str, FieldValue] = {
        "last_year": year_of(before),
        "column": "actual",
        "size": len(both),
        "similarity": (Decimal(100 * same) / Decimal(len(both))).quantize(Decimal("0.01"), ROUND_DOWN),
        "numbers_same": same == len(both),
    }
    cells = tuple(cell for pair in both for one in pair for cell in one.cell("actual"))
    return Comparison("years", form, ("years", form.form_id, before.form_id, "actual"), values, {"similarity": cells})


def _telling(indicator: Indicator) -> bool:
    """Say whether an actual is a value that seldom comes twice: not 0, not 100 %, not just what the target asks."""
    quantity, target = indicator.measured, indicator.target
    if quantity is None or quantity.value == 0 or (quantity.unit.base == "%" and quantity.amount == 100):
        return False
    return target is None or target.main is None or not comparable(target.main, quantity) or target.main.amount != quantity.amount


def year_rows(inputs: Inputs) -> Compared:
    """Return for every indicator that stands in both years its targets, results and reasons, quantities in one unit."""
    rows = []
    for form, before in compared(inputs):
        for n, (now, then) in enumerate(matched(indicators(form), indicators(before))[0]):
            rows.append(_row(form, before, now, then, n))
    return Compared(tuple(rows), _idle(inputs, bool(rows)))


def _row(form: Form, before: Form, now: Indicator, then: Indicator, n: int) -> Comparison:
    goal = now.target.main if now.target and now.target.main and now.target.main.high is None else None
    last = then.target.main if then.target and then.target.main and then.target.main.high is None else None
    same_way = now.direction if now.direction == then.direction or then.direction is None else None
    reasons = _told(now), _told(then)
    values: dict[str, FieldValue] = {
        "last_year": year_of(before),
        "name": now.name,
        "direction": same_way,
        "unit": goal.unit.written or None if goal else None,
        "target": goal.value if goal else None,
        "actual": _in_unit(now.measured, goal),
        "last_target": _in_unit(last, goal),
        "last_actual": _in_unit(then.measured, goal),
        "reason": now.text("reason"),
        "last_reason": then.text("reason"),
        "reason_same": masked(reasons[0]) == masked(reasons[1]) if reasons[0] and reasons[1] else None,
    }
    cells = {column: now.cell(column) for column in ("name", "target", "actual", "reason")}
    cells |= {f"last_{column}": then.cell(column) for column in ("target", "actual", "reason")}
    cells["direction"] = (*now.cell("target"), *then.cell("target"))
    cells["reason_same"] = (*now.cell("reason"), *then.cell("reason"))
    return Comparison("year_rows", form, ("year_rows", form.form_id, before.form_id, now.key, now.text("level2") or "", str(n)), values, cells)


def _in_unit(quantity: Quantity | None, goal: Quantity | None) -> Decimal | None:
    """Return a quantity in the unit of another, None when they do not compare."""
    if quantity is None or goal is None or not comparable(quantity, goal):
        return None
    return quantity.amount / goal.unit.factor if quantity.unit.factor != goal.unit.factor else quantity.value

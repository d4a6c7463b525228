"""Readings that need the budget lines: parts of a group and rows of the other groups, costs beside what was spent.

Groups matter only where a form has several total rows; what cannot be read leaves the sum unknown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from checker.readings.distinct import from_rows
from checker.readings.plan import Step, keys
from checker.tables.columns import Laid, exact
from checker.values.quantity import find_quantities
from checker.values.text import half_width, squeezed

_TABLE = "budget_lines"
_PARTS = ("own_parts", "own_parts_budget", "own_parts_executed")
_OTHERS = ("other_groups", "other_groups_budget", "other_groups_executed")
_FACTOR = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_TIMES = Decimal(10_000)
_NAMES = ("form", "label", "role", "group", "budget", "budget_digits", "executed", "executed_digits", "unread")


class _Line(Struct, frozen=True):
    """One budget line of a form with groups, and its position in the table."""

    at: int
    label: str
    role: str | None
    group: str
    budget: tuple[int | None, int | None]
    executed: tuple[int | None, int | None]
    unread: str


def _grouped(tables: Laid) -> Laid:
    rows = tables.rows(_TABLE, *_NAMES)
    made: dict[str, list[Any]] = {name: [None] * len(rows) for name in (*_PARTS, *_OTHERS)}
    totals = Counter(form for form, _, role, group, *_ in rows if role == "total" and group is not None)
    forms: dict[int, list[_Line]] = defaultdict(list)
    for at, (form, label, role, group, budget, budget_digits, executed, executed_digits, unread) in enumerate(rows):
        if group is not None and totals[form] > 1:
            line = _Line(at, squeezed(label or ""), role, group, (budget, budget_digits), (executed, executed_digits), unread or "")
            forms[form].append(line)
    for lines in forms.values():
        whole = {line.group for line in lines if "合计" in squeezed(line.group) or "总计" in squeezed(line.group)}
        for line in lines:
            if line.role == "total":
                _note(made, _PARTS, line, [other for other in lines if other.group == line.group and other.role == "part"])
            if len(whole) == 1 and line.group in whole:
                alike = [other for other in lines if other.group not in whole and (other.role, other.label) == (line.role, line.label)]
                _note(made, _OTHERS, line, alike)
    return from_rows(tables, _TABLE, made)


def _note(made: dict[str, list[Any]], names: Sequence[str], line: _Line, rows: Sequence[_Line]) -> None:
    budgets, executed = [row.budget for row in rows], [row.executed for row in rows]
    made[names[0]][line.at] = sum(1 for amount, _ in budgets if amount is not None)
    made[names[1]][line.at] = None if any("|budget|" in row.unread for row in rows) else _added(budgets)
    made[names[2]][line.at] = None if any("|executed|" in row.unread for row in rows) else _added(executed)


def _added(amounts: Sequence[tuple[int | None, int | None]]) -> Decimal | None:
    known = [(amount, digits or 0) for amount, digits in amounts if amount is not None]
    return exact(sum(amount for amount, _ in known), max(digits for _, digits in known)) if known else None


def _clashes(tables: Laid) -> Laid:
    totals: dict[int, Decimal] = {}
    for form, role, budget in tables.rows(_TABLE, "form", "role", "budget"):
        if role == "total" and budget and budget > 0:
            totals[form] = max(totals.get(form, Decimal(0)), exact(budget) or Decimal(0))
    told = [
        _clash(half_width(f"{planned or ''}。{actual or ''}"), totals[form] * _FACTOR[unit]) if form in totals and unit in _FACTOR else None
        for form, unit, planned, actual in tables.rows("forms", "form", "amount_unit", "goal_planned", "goal_actual")
    ]
    return from_rows(tables, "forms", {"unit_clash": told})


def _clash(text: str, total: Decimal) -> str | None:
    """Return the amount that is 10,000 times the total or a ten-thousandth of it, unless another amount is of its size."""
    if "元" not in text:
        return None
    found = [q for q in find_quantities(text) if q.unit.base == "元" and q.high is None and q.amount > 0]
    if any(total / 100 < q.amount < total * 100 for q in found):
        return None
    hit = next((q for q in found if q.amount in (total * _TIMES, total / _TIMES)), None)
    return f"{hit.value:f}{hit.unit.written}" if hit else None


def _costs(tables: Laid) -> Laid:
    """Give the costs whose target is the form's whole budget the amount executed, in their own unit."""
    rows = tables.rows("indicators", "form", "level2_class", "measured", "measured_unit", "aim")
    made: list[Decimal | None] = [None] * len(rows)
    units = dict(tables.rows("forms", "form", "amount_unit"))
    largest: dict[int, tuple[int, int | None, Decimal | None]] = {}
    for form, budget, initial, executed, digits in tables.rows(_TABLE, "form", "budget", "initial", "executed", "executed_digits"):
        if executed is not None and (form not in largest or (budget or 0) > largest[form][0]):
            largest[form] = budget or 0, initial, exact(executed, digits)
    for at, (form, level2, measured, unit, aim) in enumerate(rows):
        own, of_form = _FACTOR.get(unit or ""), _FACTOR.get(units.get(form) or "")
        if level2 != "成本" or measured is None or form not in largest or own is None or of_form is None:
            continue
        budget, initial, executed = largest[form]
        if executed is not None and exact(aim) in {amount * of_form / own for amount in (exact(budget), exact(initial)) if amount}:
            made[at] = executed * of_form / own
    return from_rows(tables, "indicators", {"cost_executed": made})


STEPS: tuple[Step, ...] = (
    Step("grouped funds", keys(_TABLE, *_PARTS, *_OTHERS), _grouped),
    Step("costs", keys("indicators", "cost_executed"), _costs, keys("indicators", "level2_class", "aim", "measured", "measured_unit")),
    Step("unit clashes", keys("forms", "unit_clash"), _clashes),
)

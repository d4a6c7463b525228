"""A form's broken equations → proposals: the smallest sets of cells, and the values that follow.

It proposes; it never changes the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from checker.corrections.equations import cells_of, column_digits, digits_of, extract, value_of
from checker.corrections.scope import rests_on_figures
from checker.corrections.search import Knot, smallest
from checker.corrections.slips import slip, slipped
from checker.corrections.system import Cell, Interval, on_grid
from checker.language import Contexts, Tree
from checker.model import Form, Severity
from checker.rules.rule import Rule

MAX_VALUES = 5
MAX_BLANK = 2
"""Equations with more empty cells than this say nothing about any of them."""


def proposals(form: Form, position: int, rules: Sequence[Rule], contexts: Contexts, applied: Mapping[str, Sequence[int]]) -> tuple[Mapping[str, object], ...]:
    """Return the proposals of one form, the likeliest first.

    `kind` deduced: the value of an empty cell that follows when everything else stands. `kind`
    change: one smallest set of cells to change; those of one `group` are ways to mend the same equations, one of them is
    enough. `kind` limit: what was not searched and why.
    """
    found = extract(expectations(rules, applied), form, position, contexts)
    equations = [e for e in found.equations if sum(value_of(form, c) is None for c in cells_of(e)) <= MAX_BLANK]
    cells = {cell for equation in equations for cell in cells_of(equation)}
    known = {cell: value for cell in cells if (value := value_of(form, cell)) is not None}
    blank = frozenset(cells - known.keys())
    answer = smallest(equations, known, blank)
    follows = (_proposal("deduced", {cell: interval}, form) for cell, interval in sorted(answer.missing.items()))
    made = [proposal for proposal in follows if proposal is not None and _says_something(proposal)]
    for group, knot in enumerate(answer.knots, 1):
        made += ({**change, "group": group} for change in _changes(knot, form))
    return tuple(made)


def _changes(knot: Knot, form: Form) -> list[dict[str, object]]:
    """Return the proposals for one knot of broken equations, the likeliest first, and a note when the list is cut."""
    changes = [p for repair in knot.repairs if (p := _proposal("change", repair.values, form)) is not None]
    changes.sort(key=_likelihood)
    # Of two that are slips of the same kind neither is the likelier.
    if changes and _likelihood(changes[0])[0] == 0 and (len(changes) == 1 or _likelihood(changes[0]) < _likelihood(changes[1])):
        changes[0] = {**changes[0], "likeliest": True}
    broken = sorted({equation.rule for equation in knot.broken})
    if knot.capped:
        changes.append({"kind": "limit", "size": 0, "cells": [], "likeliest": False, "shown": len(changes)})
    return [{**change, "rules": broken} for change in changes]


def expectations(rules: Sequence[Rule], applied: Mapping[str, Sequence[int]]) -> list[tuple[str, Tree, int]]:
    """Return (rule id, expectation, row) of every row to which an error rule on figures applies."""
    wanted = [rule for rule in rules if rule.severity is Severity.ERROR and rests_on_figures(rule)]
    return [(rule.id, rule.expect, row) for rule in wanted if rule.expect is not None for row in applied.get(rule.id, ())]


def _proposal(kind: str, values: Mapping[Cell, Interval], form: Form) -> dict[str, object] | None:
    cells = [_cell(cell, interval, form, alone=len(values) == 1) for cell, interval in sorted(values.items())]
    if any(cell is None for cell in cells):
        return None
    return {"kind": kind, "size": len(cells), "cells": cells, "likeliest": False}


def _cell(cell: Cell, interval: Interval, form: Form, *, alone: bool) -> dict[str, object] | None:
    table, row, field = cell
    digits = column_digits(form, cell)
    place = form.places.get(cell)
    old = value_of(form, cell)
    grid = on_grid(interval, digits, MAX_VALUES)
    if grid == ():
        return None
    if grid and (old is None or old >= 0) and all(value < 0 for value in grid):
        # Amounts, rates, weights and scores are not negative: what only a negative number mends is mended elsewhere.
        return None
    texts = [plain(value, digits) for value in grid or ()]
    reported = None if old is None else plain(old, digits)
    if grid is None and reported and old is not None and alone and _narrow(interval, old):
        # Many values fit: one of them may be the reported number with two digits swapped or the point shifted.
        near = sorted({plain(Fraction(text), digits) for text in slipped(reported) if interval.contains(Fraction(text))})
        texts = near if len(near) == 1 else []
    return {
        "table": table,
        "row": row,
        "field": field,
        "line": place.locator.line if place else None,
        "sheet": place.locator.sheet if place else None,
        "cell": place.locator.cell if place else None,
        "reported": None if old is None else plain(old, digits_of(form, cell)),
        "value": texts[0] if len(texts) == 1 else None,
        "values": texts if len(texts) > 1 else [],
        "low": None if grid is not None or interval.low is None else plain(interval.low, digits),
        "high": None if grid is not None or interval.high is None else plain(interval.high, digits),
        # Of several values that fit one is a slip by chance.
        "slip": slip(reported, texts[0]) if reported and alone and len(texts) == 1 else None,
    }


def _narrow(interval: Interval, old: Fraction) -> bool:
    """True where what fits lies within a hundredth of the number: in a wider span a slip fits by chance (16 for any of 7 to 12)."""
    return interval.low is not None and interval.high is not None and (interval.high - interval.low) * 100 <= abs(old)


def plain(value: Fraction, digits: int) -> str:
    """Return a rational as a plain decimal text, with more decimals than `digits` only where the value has them (at most 8)."""
    while digits < 8 and (value * 10**digits).denominator != 1:
        digits += 1
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}f}"


def _says_something(proposal: Mapping[str, object]) -> bool:
    cells = proposal["cells"]
    return isinstance(cells, list) and bool(cells[0]["value"])


_SLIP_ORDER = ("swapped", "point", "digit", "sign", "dropped", "doubled", None)


def _likelihood(proposal: Mapping[str, object]) -> tuple[int, int, int]:
    cells = proposal["cells"]
    if not isinstance(cells, list):
        return (9, 0, 0)
    kinds = [_SLIP_ORDER.index(cell["slip"]) for cell in cells]
    return (0 if all(cell["slip"] for cell in cells) else 1, sum(kinds), sum(cell["value"] is None for cell in cells))

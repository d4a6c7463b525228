"""Budget lines that stand as rows of an indicator table."""

from __future__ import annotations

import re

from checker.layouts.budget import budget_like, found_number, role_of, split_label
from checker.layouts.cells import blank, label, money_unit, plain
from checker.layouts.numbers import money
from checker.layouts.places import Found, Notes, Row, name_in
from checker.model import Cell


def budget_row(group: Cell | None, title: Cell, value: Cell | None, unit: str | None, notes: Notes) -> Row:
    """Return the budget line that a row of an indicator table holds: 中央补助 | 668.00 under a fund."""
    name = split_label(title.text)[1]
    made: Row = {"label": name_in(title, name), "role": Found(role_of(name, None), title)}
    if group is not None:
        made["group"] = name_in(group, re.sub(r"^其中[:：]", "", label(group.text)))
        unit = money_unit(group.text) or unit
    if value is not None and plain(value.text):
        made["budget"] = found_number(value, money(value.text, unit), "budget", notes)
    return made


def is_budget_row(group: Cell | None, title: Cell | None, value: Cell | None) -> bool:
    """True for a row of an indicator table that holds an amount of money by source, not an indicator."""
    if group is None or title is None or money_unit(group.text) is None:
        return False
    if not budget_like(split_label(title.text)[1]) or len(label(title.text)) > 30:
        return False
    return value is None or blank(value.text) or money(value.text, None).value is not None

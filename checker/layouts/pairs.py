"""Budget figures written as label and value side by side instead of under column titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.layouts import vocabulary
from checker.layouts.budget import MONEY, budget_like, found_number, role_of, split_label
from checker.layouts.cells import blank, label, money_unit, plain, title_key, without_brackets
from checker.layouts.numbers import Number, money, percent, score
from checker.layouts.places import Found, Notes, Row
from checker.layouts.table import Table
from checker.model import Cell

_INLINE = re.compile(r"^(.{2,30}?)[:：]\s*([-+]?[\d.,]+(?:万元|亿元|元|万)?)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label cell, its role, and the cell that holds the value."""

    row: int
    column: int
    role: str
    title: Cell
    value: Cell


def read_pairs(table: Table, rows: list[int], unit: str | None, notes: Notes) -> tuple[list[Row], str | None]:
    """Return the budget lines written as label and value in these rows, and their unit.

    Pairs of different roles (预算数, 执行数, 执行率) make one line; pairs that head columns of sources
    below them make a line each, and so does every filled source.
    """
    pairs = [pair for row in rows for pair in _pairs(table, row)]
    if not pairs:
        return [], unit
    first = pairs[0]
    own = next((found for pair in pairs if (found := money_unit(pair.title.text))), None) or _side_unit(table, first.row) or unit
    below = [pair for pair in pairs if pair.row == first.row]
    height = table.area(first.title)[2]
    under = table.at(first.row + height, first.column)
    if len(below) > 1 and under is not None and budget_like(split_label(under.text)[1]):
        return _sources(table, below, rows, own, notes), own
    money_pairs = [pair for pair in pairs if pair.role in (*MONEY, "rate")]
    if len({pair.role for pair in money_pairs} & set(MONEY)) < 2:
        return [], unit
    line: Row = {}
    for pair in money_pairs:
        if pair.role not in line:
            line[pair.role] = _value(pair.value, pair.role, own, notes)
    name = _stem(money_pairs[0].title)
    line["label"] = Found(name, money_pairs[0].title)
    line["role"] = Found("total", money_pairs[0].title)
    rate = next((pair for pair in money_pairs if pair.role == "rate"), None)
    if rate is not None:
        line["rate_text"] = Found(label(rate.value.text), rate.value)
    return [line], own


def _pairs(table: Table, row: int) -> list[Pair]:
    made = []
    for column, cell in table.starts(row):
        match = vocabulary.match("budget_columns", cell.text)
        if match is None or match.role not in (*MONEY, "rate", "ignore"):
            continue
        if match.role == "ignore" and title_key(cell.text) not in vocabulary.words("budget_pairs"):
            continue
        _, _, _, width = table.area(cell)
        beside = table.at(row, column + width)
        if beside is not None and re.match(r"[-+]?[\d.,]", plain(beside.text)):
            made.append(Pair(row, column, match.role, cell, beside))
    return made


def _side_unit(table: Table, row: int) -> str | None:
    return next((unit for _, cell in table.line(row) if len(cell.text) < 60 and (unit := money_unit(cell.text))), None)


def _stem(title: Cell) -> str:
    """Return what the budget is of: 转移支付 for 转移支付预算数(A), else the title itself."""
    bare = without_brackets(label(title.text)).strip(":：")
    stem = re.sub(r"(?:全年|年度|调整后)?(?:预算|执行|支出)(?:数|金额|资金)?$", "", bare)
    return stem or bare


def _value(cell: Cell, role: str, unit: str | None, notes: Notes) -> Found:
    read: Number = percent(cell.text) if role == "rate" else score(cell.text) if role in ("weight", "score") else money(cell.text, unit)
    return found_number(cell, read, role, notes)


def _sources(table: Table, heads: list[Pair], rows: list[int], unit: str | None, notes: Notes) -> list[Row]:
    """Read columns of sources, each under its head: 计划安排资金 700, below it 县财政 700."""
    made: list[Row] = []
    for pair in heads:
        name = without_brackets(label(pair.title.text)).strip(":：")
        role = "executed" if pair.role == "executed" else "budget"
        made.append(
            {"label": Found(name, pair.title), "role": Found("total", pair.title), role: _value(pair.value, role, unit, notes)}
        )
    for row in range(heads[0].row + 1, max(rows) + 1):
        for pair in heads:
            cell = table.at(row, pair.column)
            if row not in rows or cell is None or table.area(cell)[0] != row or not budget_like(split_label(cell.text)[1]):
                continue
            _, _, _, width = table.area(cell)
            beside = table.at(row, pair.column + width)
            if beside is None or blank(beside.text) or table.area(beside)[0] != row:
                continue
            head = without_brackets(label(pair.title.text)).strip(":：")
            role = "executed" if pair.role == "executed" else "budget"
            made.append(
                {
                    "label": Found(split_label(cell.text)[1], cell),
                    "role": Found("source", cell),
                    "group": Found(head, pair.title),
                    role: _value(beside, role, unit, notes),
                }
            )
    return made


def read_two_sided(table: Table, rows: list[int], lines: list[Row], unit: str | None, notes: Notes) -> tuple[list[Row], list[int]]:
    """Read 按收入性质分 and 按支出性质分 side by side below the fund rows; return lines and rows used.

    A value stands behind the colon or in the next cell. Which column it belongs to is not written:
    it is the budget, unless the group adds up to the executed total and not to the budget.
    """
    groups: list[tuple[int, str, Cell]] = []
    made: list[Row] = []
    used: list[int] = []
    for row in rows:
        heads = [
            (column, group, cell)
            for column, cell in table.starts(row)
            if (group := split_label(cell.text)[0]) is not None and not split_label(cell.text)[1]
        ]
        if heads:
            groups = sorted({(column, name): (column, name, cell) for column, name, cell in [*groups, *heads]}.values(), key=lambda item: item[0])
            used.append(row)
            continue
        if not groups:
            continue
        pairs = _labelled(table, row)
        if not pairs:
            if any(plain(cell.text) and not budget_like(split_label(cell.text)[1]) for _, cell in table.starts(row)):
                break
            used.append(row)
            continue
        used.append(row)
        for column, name, value_cell, text in pairs:
            group = next((item for item in reversed(groups) if item[0] <= column), groups[0])
            read = money(text, unit)
            made.append(
                {
                    "label": Found(name, value_cell),
                    "role": Found(role_of(name, group[1]), value_cell),
                    "group": Found(group[1], group[2]),
                    "budget": found_number(value_cell, read, "budget", notes),
                }
            )
    _move_to_executed(made, lines, notes)
    return made, used


def _labelled(table: Table, row: int) -> list[tuple[int, str, Cell, str]]:
    made = []
    for column, cell in table.starts(row):
        inline = _INLINE.match(re.sub(r"^其中[:：]", "", label(cell.text)))
        name = split_label(inline.group(1) if inline else cell.text)[1]
        if not budget_like(name):
            continue
        if inline:
            made.append((column, name, cell, inline.group(2)))
            continue
        _, _, _, width = table.area(cell)
        beside = table.at(row, column + width)
        if beside is not None and re.match(r"[-+]?[\d.]", plain(beside.text)):
            made.append((column, name, beside, beside.text))
    return made


def _move_to_executed(made: list[Row], lines: list[Row], notes: Notes) -> None:
    total = next((line for line in lines if line.get("role", Found(None)).value == "total"), None)
    if total is None:
        return
    for group in dict.fromkeys(row["group"].value for row in made):
        rows = [row for row in made if row["group"].value == group]
        values = [row["budget"].value for row in rows]
        if any(value is None for value in values):
            continue
        added = sum(values)  # type: ignore[arg-type]
        budget, executed = (total[role].value if role in total else None for role in ("budget", "executed"))
        if executed is not None and added == executed and added != budget:
            for row in rows:
                row["executed"] = row.pop("budget")
            notes.repairs.append(f"{group}各行之和等于全年执行数，读作执行数")


def budget_row(group: Cell | None, title: Cell, value: Cell | None, unit: str | None, notes: Notes) -> Row:
    """Return the budget line that a row of an indicator table holds: 中央补助 | 668.00 under a fund."""
    name = split_label(title.text)[1]
    made: Row = {"label": Found(name, title), "role": Found(role_of(name, None), title)}
    if group is not None:
        made["group"] = Found(re.sub(r"^其中[:：]", "", label(group.text)), group)
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

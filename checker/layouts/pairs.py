"""Budget figures written as label and value side by side instead of under column titles."""

from __future__ import annotations

import re

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, Pair, pairs_in
from checker.layouts.cells import blank, label, money_unit, plain, without_brackets
from checker.layouts.figures import MONEY, figure, keep_figure
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.label_points import split_points
from checker.layouts.messages import say
from checker.layouts.numbers import unit_behind
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.layouts.table import Table
from checker.layouts.turned import funds_above, read_turned
from checker.model import Cell

_FIGURE = re.compile(r"[-+]?[\d.,]+%?")
_POINTS = re.compile(r"([^:]{2,8}):(\d{1,3}(?:\.\d{1,4})?)分?")


def read_pairs(table: Table, block: Block, unit: str | None, notes: Notes) -> tuple[list[Row], str | None, int]:
    """Return the budget lines of a block of labels and figures, their unit, and the first row behind them.

    Pairs of different roles (预算数, 执行数, 执行率) make one line, and so do the sources of one name below
    them; pairs of one stage each (计划安排, 到位, 支出) make a line each, and so does every filled source.
    """
    heads = pairs_in(table, block.top)
    own = _unit(table, heads) or unit or unit_behind(pair.text for row in range(block.top, min(block.top + 4, block.end)) for pair in pairs_in(table, row))
    funds = funds_above(table, block.top)
    if funds:
        lines, end = read_turned(table, block, funds, own, notes)
        return lines, own, end
    height = table.area(heads[0].title)[2]
    under = table.at(block.top + height, heads[0].column)
    if len(heads) > 1 and under is not None and budget_like(split_label(under.text)[1]) and not _titled(under):
        read = _shared if {"budget", "executed"} <= {pair.role for pair in heads} and all(pair.role != "ignore" for pair in heads) else _sources
        return read(table, heads, block, own, notes)
    line: Row = {}
    last = block.top
    for row in range(block.top, block.end):
        if row > last + 3:
            break
        for pair in pairs_in(table, row):
            if pair.role in (*MONEY, "rate") and pair.role not in line:
                if _alone(table, pair):
                    _keep(line, pair.role, pair.value, pair.text, own, notes)
                else:
                    line[pair.role] = _one_of_many(pair, notes)
                last = row
                if pair.role == "rate" and not line[pair.role].unread:
                    line["rate_text"] = name_in(pair.value, label(pair.text))
    for row in range(block.top, min(last + 2, block.end)):
        found = _points_beside(table, row)
        if row > last and sum(1 for _, cell in table.starts(row) if plain(cell.text)) != 2 * len(found):
            break
        last = max(last, row) if found else last
        for role, cell, text in found:
            if role not in line:
                _keep(line, role, cell, text, own, notes)
        scored = [cell for _, cell in table.starts(row) if found and vocabulary.exact_role("budget_columns", cell.text) == "score"]
        for cell, points in [(cell, split_points(cell.text)[1]) for cell in scored]:
            if points is not None:
                # 执行率得分（10分） | 9.5: the label says of how many points.
                line.setdefault("weight", Found(points, cell))
    title = next(pair.title for pair in heads if pair.role != "ignore")
    line["label"], line["role"] = name_in(title, _stem(title)), Found("total", title)
    return [line, *_beside_totals(table, range(block.top, last + 1), own, notes)], own, last + 1


def _beside_totals(table: Table, rows: range, unit: str | None, notes: Notes) -> list[Row]:
    """Read the sources behind a figure in its row: 预算数 | 120 | 其中：中央资金 | 80 | 省级资金 | 40, one line for every name."""
    lines: dict[str, Row] = {}
    for row in rows:
        pairs = pairs_in(table, row)
        if len(pairs) != 1 or pairs[0].role not in (*MONEY, "rate") or pairs[0].value is pairs[0].title:
            continue
        for column, cell in table.starts(row):
            name = split_label(cell.text)[1]
            beside = table.beside(row, column)
            if column <= pairs[0].column or not budget_like(name) or _titled(cell) or beside is None or _FIGURE.fullmatch(plain(beside.text)) is None:
                continue
            line = lines.setdefault(name, {"label": name_in(cell, name), "role": Found(role_of(name, None), cell)})
            if pairs[0].role not in line:
                _keep(line, pairs[0].role, beside, beside.text, unit, notes)
    return list(lines.values())


def _titled(cell: Cell) -> bool:
    """True for the label of a figure of its own (预算执行率), which is no source of money."""
    return vocabulary.exact_role("budget_columns", cell.text) not in (None, "ignore")


def _points_beside(table: Table, row: int) -> list[tuple[str, Cell, str]]:
    """Return the points of the execution beside or behind their labels in a row with its figures: 分值 | 10 | 得分：9.8分."""
    made = []
    for column, cell in table.starts(row):
        inline = _POINTS.fullmatch(plain(cell.text))
        role = vocabulary.exact_role("budget_columns", inline[1] if inline else cell.text)
        beside = cell if inline else table.beside(row, column)
        if role not in ("weight", "score") or beside is None:
            continue
        text = inline[2] if inline else beside.text
        if _FIGURE.fullmatch(plain(text)):
            made.append((role, beside, text))
    return made


def _unit(table: Table, heads: list[Pair]) -> str | None:
    titles = [pair.title for pair in heads] + [cell for _, cell in table.line(heads[0].row) if len(cell.text) < 60]
    return next((unit for cell in titles if (unit := money_unit(cell.text))), None)


def _stem(title: Cell) -> str:
    """Return what the budget is of: 转移支付 for 转移支付预算数(A), else the title itself."""
    bare = re.split("[:：]", without_brackets(label(title.text)))[0]
    stem = re.sub(r"(?:全年|年度|调整后)?(?:预算|执行|支出)(?:数|金额|资金)?$", "", bare)
    return bare if stem in ("", "年初", "全年", "年度", "本年", "当年", "批复", "核定", "计划") else stem


def _alone(table: Table, pair: Pair) -> bool:
    """False when further figures follow the one beside a label: 预算数 | 300 | 200 | 100, one for every year."""
    _, left, _, width = table.area(pair.value)
    after = table.at(pair.row, left + width)
    return pair.value is pair.title or after is None or _FIGURE.fullmatch(plain(after.text)) is None


def _one_of_many(pair: Pair, notes: Notes) -> Found:
    reason = say("beside_many", text=plain(pair.title.text)[:20])
    notes.unread.append(say("at", at=where(pair.value.locator), what=reason))
    return Found(None, pair.value, reason)


def _keep(line: Row, role: str, cell: Cell, text: str, unit: str | None, notes: Notes) -> None:
    keep_figure(line, role, cell, figure(text, role, unit), notes)


def _shared(
    table: Table, heads: list[Pair], block: Block, unit: str | None, notes: Notes
) -> tuple[list[Row], str | None, int]:
    """Read 预算数 120 | 执行数 118 and below each the same sources: one line for all, one for every source."""
    first = next(pair.title for pair in heads)
    total: Row = {"label": name_in(first, _stem(first)), "role": Found("total", first)}
    for pair in heads:
        if pair.role not in total:
            _keep(total, pair.role, pair.value, pair.text, unit, notes)
        if pair.role == "rate":
            total["rate_text"] = name_in(pair.value, label(pair.text))
    made = [total]
    row = block.top + 1
    while row < block.end and any(_source(table, row, pair) for pair in heads):
        lines: dict[str, Row] = {}
        for pair in heads:
            cell = _source(table, row, pair)
            if cell is None:
                continue
            name = split_label(cell.text)[1]
            line = lines.setdefault(name, {"label": name_in(cell, name), "role": Found(role_of(name, None), cell)})
            beside = table.at(row, pair.column + table.area(cell)[3])
            if beside is not None and not blank(beside.text) and table.begins(beside, row):
                _keep(line, pair.role, beside, beside.text, unit, notes)
        made += lines.values()
        row += 1
    return made, unit, row


def _sources(
    table: Table, heads: list[Pair], block: Block, unit: str | None, notes: Notes
) -> tuple[list[Row], str | None, int]:
    """Read columns of sources, each under its head: 计划安排资金 700, below it 县财政 700."""
    made: list[Row] = []
    names = {pair.column: without_brackets(label(pair.title.text)).strip(":：") for pair in heads}
    for pair in heads:
        field = "executed" if pair.role == "executed" else "budget"
        row: Row = {"label": name_in(pair.title, names[pair.column]), "role": Found("total", pair.title)}
        _keep(row, field, pair.value, pair.text, unit, notes)
        made.append(row)
    row_number = block.top + 1
    while row_number < block.end and any(_source(table, row_number, pair) for pair in heads):
        for pair in heads:
            cell = _source(table, row_number, pair)
            beside = table.at(row_number, pair.column + table.area(cell)[3]) if cell is not None else None
            if cell is None or beside is None or blank(beside.text) or not table.begins(beside, row_number):
                continue
            field = "executed" if pair.role == "executed" else "budget"
            row = {"label": name_in(cell, split_label(cell.text)[1]), "role": Found("source", cell)}
            row["group"] = name_in(pair.title, names[pair.column])
            _keep(row, field, beside, beside.text, unit, notes)
            made.append(row)
        row_number += 1
    return made, unit, row_number


def _source(table: Table, row: int, pair: Pair) -> Cell | None:
    """Return the cell below a head when it names a source of money."""
    cell = table.at(row, pair.column)
    if cell is None or not table.begins(cell, row) or not budget_like(split_label(cell.text)[1]):
        return None
    return cell

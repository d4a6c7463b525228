"""Titles below a budget heading → the column of each amount, the money unit its title names."""

from __future__ import annotations

from collections.abc import Mapping

from checker.layouts import vocabulary
from checker.layouts.below_titles import filled_below
from checker.layouts.blocks import Block
from checker.layouts.cells import blank, money_unit, plain, title_key
from checker.layouts.figures import MONEY, NUMBERS
from checker.layouts.numbers import begins_number
from checker.layouts.sub_titles import opening_column
from checker.layouts.table import Table
from checker.model import Cell


def budget_columns(table: Table, block: Block, titles: list[tuple[int, Cell]], half: range, below: Mapping[int, int | None]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the column of each role and the money unit its title names.

    An amount that two titles claim with different figures (执行数（1-9月）, 执行数（1-12月）) is read from neither, one of which
    only parts are given (预算数 over 中央, 县级) from none.
    """
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    sure: set[str] = set()
    torn: set[str] = set()
    counted = [cell for _, cell in titles if title_key(cell.text) in vocabulary.words("weighted_scores")]
    for start, cell in titles:
        if start not in half:
            continue
        column = below[start] if start in below else filled_below(table, block, cell, start)
        match = vocabulary.match("budget_columns", cell.text)
        if match is None or column is None or match.role == "ignore" or not (_holds_numbers(table, block, column) or (match.exact and _labelled(table, block, column))):
            continue
        role = match.role
        if role in torn or (role == "score" and counted and cell not in counted):
            continue
        if role in at and role in MONEY and (match.exact == (role in sure)) and _claimed(table, block, role, at[role], cell):
            torn.add(role)
            del at[role]
            continue
        if role == "budget" and "budget" in at and "initial" not in at and _filled(table, block, at["budget"]):
            first, of_first = at.pop("budget"), units.pop("budget", None)
            if not (_of_project(before := table.at(block.top, first), cell) or _adds_up(table, block, before, cell) or _net(cell)):
                at["initial"] = first
                if of_first is not None:
                    units["initial"] = of_first
        if role in at and (_filled(table, block, at[role]) or not _filled(table, block, column)) and (role in sure or not match.exact):
            continue
        at[role] = column
        if match.exact:
            sure.add(role)
        unit = money_unit(cell.text)
        if unit is not None and role in MONEY:
            units[role] = unit
    if "budget" in at and "budget" not in sure and _beside_unknown(table, block, at):
        del at["budget"]
        units.pop("budget", None)
    if "executed" in at and not {"budget", "initial"} & at.keys():
        summed = _sum_of_sources(table, block, [cell for start, cell in titles if start in half and start < at["executed"]])
        if summed is not None:
            at["budget"] = table.left(summed)
            if (unit := money_unit(summed.text)) is not None:
                units["budget"] = unit
    opening = opening_column(table, block) if below else None
    if opening is not None and opening in half:
        at.setdefault("initial", opening)
    remarks = [column for column, cell in table.starts(block.top) if column in half and title_key(cell.text) in vocabulary.words("remarks")]
    if at and "reason" not in at and len(remarks) == 1 and not _holds_figures_only(table, block, remarks[0]):
        at["reason"] = remarks[0]
    return at, units


def _sum_of_sources(table: Table, block: Block, titles: list[Cell]) -> Cell | None:
    """Return the title of what the sources of money left of it make together: 中央 | 省级 | 本级 | 其他 | 合计."""
    added = vocabulary.words("added_amounts")
    found = [n for n, cell in enumerate(titles) if title_key(cell.text) in added]
    if len(found) != 1 or not _holds_numbers(table, block, table.left(titles[found[0]])):
        return None
    before = [title_key(cell.text) for cell in titles[: found[0]]]
    return titles[found[0]] if sum(map(_of_source, before)) > 1 else None


def _beside_unknown(table: Table, block: Block, at: Mapping[str, int]) -> bool:
    """True where figures under a title nobody knows stand between budget and execution: 上级下达, 本级安排, 资金合计 may make the budget together."""
    between = range(at["budget"] + 1, at.get("executed", 0))
    return any(column in between and plain(cell.text) and vocabulary.match("budget_columns", cell.text) is None and _holds_numbers(table, block, column) for column, cell in table.starts(block.top))


def _below_sources(table: Table, block: Block, first: Cell, second: Cell) -> bool:
    """True for the same title below two sources of money: 预算 below 中央补助 and below 地方资金."""
    over = [table.title_at(block.top - 1, table.left(cell)) for cell in (first, second)]
    return over[0] is not over[1] and all(cell is not None and _of_source(title_key(cell.text)) for cell in over)


def _claimed(table: Table, block: Block, role: str, column: int, second: Cell) -> bool:
    """True when two titles claim one amount with different figures; two stages of a budget (预算数, 调整后预算数) do not."""
    first = table.at(block.top, column)
    if first is None or (plain(first.text) == plain(second.text) and not _below_sources(table, block, first, second)):
        return False
    stem, other = title_key(first.text), title_key(second.text)
    if role == "budget" and stem != other and not (_of_source(stem) and _of_source(other)):
        return False
    start = table.left(second)
    pairs = ((table.at(row, column), table.at(row, start)) for row in range(block.body, block.end))
    return any(a is not None and b is not None and not blank(a.text) and not blank(b.text) and plain(a.text) != plain(b.text) for a, b in pairs)


def _of_project(first: Cell | None, second: Cell) -> bool:
    """True for a budget of the whole project beside one of the year (总预算数, 本年预算数): no stage of the year's."""
    whole, year = (vocabulary.words(name) for name in ("whole_amounts", "this_year"))
    return first is not None and any(word in title_key(first.text) for word in whole) and any(word in title_key(second.text) for word in year)


def _adds_up(table: Table, block: Block, first: Cell | None, second: Cell) -> bool:
    """True for a budget of the year beside one that only adds what was carried over (本年预算数, 上年结转数, 预算合计): no earlier stage of it."""
    year, added, changes = (vocabulary.words(name) for name in ("this_year", "added_amounts", "changes"))
    if first is None or not any(word in title_key(first.text) for word in year) or not any(word in title_key(second.text) for word in added):
        return False
    return not any(word in title_key(cell.text) for _, cell in table.starts(block.top) for word in changes)


def _net(cell: Cell) -> bool:
    """True for a budget of which other uses are taken off (全年预算数, 扣除统筹整合资金后预算金额): its neighbour is no earlier stage of it."""
    return any(word in title_key(cell.text) for word in vocabulary.words("net_amounts"))


def _of_source(title: str) -> bool:
    return any(word in title for word in vocabulary.words("budget_labels", "source_contains") - {"预算"})


def columns_read(table: Table, block: Block) -> range:
    """Return the columns to read where two tables stand side by side: 收入项目 … | 支出项目 …, each with labels of its own.

    The one with more titles of a budget is taken, of two alike the one of 支出, else the left one; the figures of the other are told as unread.
    A word beside the rows below (年度预算) is no title of a column.
    """
    roles = {column: match.role for column, cell in table.starts(block.top) if (match := vocabulary.match("budget_columns", cell.text)) is not None and match.role in NUMBERS}
    if len(set(roles.values())) == len(roles):
        return range(table.columns)
    roles = {column: role for column, role in roles.items() if _holds_numbers(table, block, column)}
    for column, cell in table.starts(block.top):
        left, right = ({role for at, role in roles.items() if (at < column) is before} for before in (True, False))
        if left & right and column not in roles and plain(cell.text) and not _holds_numbers(table, block, column):
            return range(column, table.columns) if (len(right), "支出" in cell.text) > (len(left), False) else range(column)
    return range(table.columns)


def _filled(table: Table, block: Block, column: int) -> bool:
    """True for a column with something under its title."""
    return any((cell := table.at(row, column)) is not None and not blank(cell.text) for row in range(block.body, block.end))


def _holds_figures_only(table: Table, block: Block, column: int) -> bool:
    cells = [cell for row in range(block.body, block.end) if (cell := table.at(row, column)) is not None and not blank(cell.text)]
    return all(begins_number(cell.text) for cell in cells)


def _holds_numbers(table: Table, block: Block, column: int) -> bool:
    """False for a column that holds words only: then its title stands above the labels."""
    cells = [cell for row in range(block.body, block.end) if (cell := table.at(row, column)) is not None]
    filled = [cell for cell in cells[:12] if not blank(cell.text)]
    title = table.at(block.top, column)
    if title is not None and (match := vocabulary.match("budget_columns", title.text)) and match.role == "reason":
        return True
    return not filled or any(begins_number(cell.text) for cell in filled)


def _labelled(table: Table, block: Block, column: int) -> bool:
    """True when something stands left of a column in the rows below the heading: then the column holds no labels."""
    if block.body >= block.end:
        return False
    return any(left < column and plain(cell.text) for left, cell in table.starts(block.body))

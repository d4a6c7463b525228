"""Which of several titles of one role counts: the lowest one, that of this year, the weighted points."""

from __future__ import annotations

from collections.abc import Mapping

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import title_key
from checker.layouts.table import Table
from checker.model import Cell

Titled = tuple[int, str, bool, Cell]
"""The column of a title, its role, whether it is known exactly, and its cell."""


def lowest(table: Table, block: Block, found: list[Titled]) -> list[Titled]:
    """Leave out a title over several of which one says the same: 未完成原因分析 over 经费保障, 制度保障, 原因说明."""
    over = [
        (role, table.title_at(table.area(cell)[0] - 1, table.left(cell)))
        for _, role, sure, cell in found
        if sure and table.area(cell)[0] > block.top
    ]
    return [item for item in found if not any(item[1] == role and item[3] is cell for role, cell in over)]


def upper_names(found: list[Titled]) -> list[Titled]:
    """Take the left one of two titles of names for the level above where its word says so: 考核项目 beside 考核指标."""
    roles = {role for _, role, _, _ in found}
    level = next((role for role in ("level1", "level2") if role not in roles), None)
    named = sorted((item for item in found if item[1] == "name" and item[2]), key=lambda item: item[0])
    if level is None or len(named) != 2 or title_key(named[0][3].text) not in vocabulary.words("upper_names"):
        return found
    return [(item[0], level, *item[2:]) if item is named[0] else item for item in found]


def of_this_year(found: list[Titled], tops: Mapping[int, str]) -> list[Titled]:
    """Leave out columns of other periods where titles of one role name several: 2022年完成值, 2023年完成值; 累计完成值, 本年完成值.

    A title has its own year or that of the title over it (`tops`). The last year of the results is this year; targets may be of years to come, so without it none of them is left out.
    """
    named = {id(cell): vocabulary.year_in(cell.text) or vocabulary.year_in(tops.get(id(cell), "")) for _, _, _, cell in found}
    years: dict[str, set[int]] = {}
    within: set[str] = set()
    for _, role, _, cell in found:
        years.setdefault(role, set()).add(named[id(cell)])
        if role in ("target", "actual") and not _of_longer(cell, tops):
            within.add(role)
    this = max(years.get("actual", {0}))

    def other_period(role: str, cell: Cell) -> bool:
        year, last = named[id(cell)], max(years[role])
        of_year = this if this in years[role] else 0 if role == "target" else last
        return (year > 0 and of_year > 0 and year != of_year) or (role in within and _of_longer(cell, tops))

    return [(column, "ignore" if other_period(role, cell) else role, sure, cell) for column, role, sure, cell in found]


def _of_longer(title: Cell, tops: Mapping[int, str]) -> bool:
    """True for a title of more than the year: 累计完成值, 总体目标值, 完成值 below 2021—2023年累计."""
    key = title_key(title.text) + title_key(tops.get(id(title), ""))
    return any(word in key for word in vocabulary.words("longer_periods"))


def weighted(found: list[Titled]) -> list[Titled]:
    """Leave out points of a hundred (自评得分) beside those that count (加权得分)."""
    counted = {role for _, role, _, cell in found if title_key(cell.text) in vocabulary.words("weighted_scores")}
    return [(column, "ignore" if role in counted and title_key(cell.text) not in vocabulary.words("weighted_scores") else role, sure, cell) for column, role, sure, cell in found]


def only_scores(found: list[Titled]) -> list[Titled]:
    """Take the points that somebody else gives (评价得分) for those of a sheet without a column of its own for them."""
    if any(role == "score" for _, role, _, _ in found):
        return found
    others = [item for item in found if item[1] == "ignore" and title_key(item[3].text) in vocabulary.words("only_scores")]
    return [(item[0], "score", *item[2:]) if len(others) == 1 and item is others[0] else item for item in found]

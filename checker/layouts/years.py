"""Budgets that give several years side by side: only the year whose budget and execution are both given last is the form's."""

from __future__ import annotations

from collections.abc import Iterable

from checker.late import late
from checker.layouts import vocabulary
from checker.layouts.cells import plain, title_key
from checker.layouts.fund_labels import role_of
from checker.layouts.table import Table
from checker.model import Cell

_ALONE = late(r"20\d\d年?度?")


def last_filed(titles: Iterable[tuple[int, str]]) -> int:
    """Return the last year of an execution among (year, role of a title) when that year has a budget too, else 0."""
    dated = set(titles)
    last = max((year for year, role in dated if role == "executed"), default=0)
    return last if {(last, "budget"), (last, "initial")} & dated else 0


def other_years(table: Table, titles: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Return those of a budget's titles that belong to another year: 2022年预算数, or 预算数 below 2022年."""
    dated = [(column, cell, year, match.role) for column, cell in titles if (match := vocabulary.match("budget_columns", cell.text)) is not None and (year := _year(table, column, cell))]
    this = last_filed((year, role) for _, _, year, role in dated)
    return [(column, cell) for column, cell, year, _ in dated if this and year != this]


def year_alone(text: str) -> int:
    """Return the year when a label is nothing but that (2022年, 2022年度), else 0."""
    return vocabulary.year_in(text) if _ALONE.fullmatch(plain(text)) else 0


def other_rows(table: Table, body: int, end: int) -> dict[int, Cell]:
    """Return the rows of a budget that give years before the last one, a row for each (2021年, 2022年, 2023年), and their sum, with their labels."""
    first = [(row, cell) for row in range(body, end) for _, cell in table.starts(row)[:2]]
    years = {row: (year, cell) for row, cell in first if (year := year_alone(cell.text))}
    last = max((year for year, _ in years.values()), default=0)
    earlier = {row: cell for row, (year, cell) in years.items() if year != last}
    sums = {row: cell for row, cell in first if earlier and row > max(years) and role_of(cell.text, None) == "total"}
    return {**earlier, **sums, **_longer_periods(first)}


def _longer_periods(first: list[tuple[int, Cell]]) -> dict[int, Cell]:
    """Return the totals of more than the year (实施期资金总额) beside one of the year (年度资金总额)."""
    totals = [(row, cell) for row, cell in first if role_of(cell.text, None) == "total"]
    longer = {row: cell for row, cell in totals if any(word in title_key(cell.text) for word in vocabulary.words("longer_periods"))}
    return longer if any(row not in longer for row, _ in totals) else {}


def _year(table: Table, column: int, cell: Cell) -> int:
    own, row = vocabulary.year_in(cell.text), table.area(cell)[0]
    if own or row == 0:
        return own
    over = table.title_at(row - 1, column)
    return vocabulary.year_in(over.text) if over is not None and over is not cell else 0

"""Budget headings of two rows: 预算数 over 总额, 财政拨款, 其他资金, or over 年初, 调整, 合计."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.blocks import Block
from checker.layouts.cells import plain, title_key
from checker.layouts.fund_labels import budget_like, role_of
from checker.layouts.table import Table
from checker.model import Cell


def sub_heading(table: Table, block: Block) -> dict[int, int | None]:
    """Return, for headings over several columns (预算数 over 总额, 财政拨款, 其他资金), the column of the total, None where there is none."""
    under = _under(table, block)
    if not under or any(len(cells) < 2 for cells in under.values()):
        return {}
    stages = vocabulary.words("budget_stages")
    staged = any(title_key(cell.text) in stages for cells in under.values() for _, cell in cells)
    if any(not budget_like(title_key(cell.text)) and title_key(cell.text) not in {*stages, "小计"} for cells in under.values() for _, cell in cells):
        return {}
    totals = {start: next((column for column, cell in cells if _adds_up(cell)), None) for start, cells in under.items()}
    return {} if staged and None in totals.values() else totals


def beside_totals(table: Table, block: Block) -> list[Cell]:
    """Return the titles of the parts that stand beside a total column: 中央, 县级 beside 合计."""
    totals = sub_heading(table, block)
    under = _under(table, block) if totals else {}
    return [cell for start, cells in under.items() for column, cell in cells if totals[start] not in (None, column)]


def opening_column(table: Table, block: Block) -> int | None:
    """Return the column of the budget as it was at the start of the year: 年初 below 预算数."""
    if not sub_heading(table, block):
        return None
    opening = vocabulary.words("budget_opening")
    found = [
        column for start, cells in _under(table, block).items() for column, cell in cells
        if title_key(cell.text) in opening and (title := table.at(block.top, start)) is not None and _of_budget(title)
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _under(table: Table, block: Block) -> dict[int, list[tuple[int, Cell]]]:
    """Return the filled cells below each title that stands over several columns."""
    if block.body >= block.end:
        return {}
    words = [(column, cell) for column, cell in table.starts(block.body) if plain(cell.text)]
    titled = [(column, cell) for column, cell in table.starts(block.top) if not table.flat or plain(cell.text)]
    ends = [column for column, _ in titled[1:]] + [table.columns]
    wide = {
        column: width
        for (column, cell), end in zip(titled, ends, strict=True)
        if (width := end - column if table.flat else table.area(cell)[3]) > 1
        and vocabulary.match("budget_columns", cell.text) is not None
    }
    return {start: [(column, cell) for column, cell in words if start <= column < start + width] for start, width in wide.items()}


def _adds_up(cell: Cell) -> bool:
    return role_of(cell.text, None) == "total" or title_key(cell.text) == "小计"


def _of_budget(title: Cell) -> bool:
    match = vocabulary.match("budget_columns", title.text)
    return match is not None and match.role == "budget"

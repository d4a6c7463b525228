"""Rows below a budget heading → budget lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, budget_titles
from checker.layouts.cells import blank, clean, money_unit, plain, title_key
from checker.layouts.columns import filled_below
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.levels import is_foot, is_note, is_numbering, is_prompt
from checker.layouts.messages import at as say_at
from checker.layouts.messages import field_name, say
from checker.layouts.numbers import (
    Number,
    begins_number,
    fraction_as_percent,
    looks_numeric,
    money,
    numbers_stacked,
    percent,
    score,
    unit_behind,
    weight,
)
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.layouts.sub_titles import opening_column, sub_heading
from checker.layouts.table import Table
from checker.layouts.years import other_rows, other_years
from checker.model import Cell

MONEY = ("initial", "budget", "executed")
NUMBERS = (*MONEY, "rate", "weight", "score")
_SUFFIXES = ("%", "万元", "亿元", "元")
_DATED_OR_RATED = re.compile(r"(?!20\d\d年?度?$)[\d.,/\-年月日%‰]+")
_UNIT_ONLY = re.compile(r"^(?:亿元|万元|千元|元|万|亿|%|分)$")


class Budget(Struct):
    """Budget lines of one block, its unit when the block names one, the first row behind it, and its titles of other years."""

    rows: list[Row] = field(default_factory=list)
    unit: str | None = None
    end: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    others: list[tuple[int, Cell]] = field(default_factory=list)


def _columns(table: Table, block: Block, titles: list[tuple[int, Cell]], half: range, below: Mapping[int, int | None]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the column of each role and the money unit its title names.

    An amount that two titles claim with different figures (执行数（1-9月）, 执行数（1-12月）) is read from neither, one of which
    only parts are given (预算数 over 中央, 县级) from none.
    """
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    sure: set[str] = set()
    torn: set[str] = set()
    for start, cell in titles:
        if start not in half:
            continue
        column = below[start] if start in below else filled_below(table, block, cell, start)
        match = vocabulary.match("budget_columns", cell.text)
        if match is None or column is None or match.role == "ignore" or not (_holds_numbers(table, block, column) or (match.exact and _labelled(table, block, column))):
            continue
        role = match.role
        if role in torn:
            continue
        if role in at and role in MONEY and (match.exact == (role in sure)) and _claimed(table, block, role, at[role], cell):
            torn.add(role)
            del at[role]
            continue
        if role == "budget" and "budget" in at and "initial" not in at and _filled(table, block, at["budget"]):
            first, of_first = at.pop("budget"), units.pop("budget", None)
            if not (_of_project(before := table.at(block.top, first), cell) or _adds_up(table, block, before, cell)):
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
    opening = opening_column(table, block) if below else None
    if opening is not None and opening in half:
        at.setdefault("initial", opening)
    remarks = [column for column, cell in table.starts(block.top) if column in half and title_key(cell.text) in vocabulary.words("remarks")]
    if at and "reason" not in at and len(remarks) == 1 and not _holds_figures_only(table, block, remarks[0]):
        at["reason"] = remarks[0]
    return at, units


def _beside_unknown(table: Table, block: Block, at: Mapping[str, int]) -> bool:
    """True where figures under a title nobody knows stand between budget and execution: 上级下达, 本级安排, 资金合计 may make the budget together."""
    between = range(at["budget"] + 1, at.get("executed", 0))
    return any(column in between and plain(cell.text) and vocabulary.match("budget_columns", cell.text) is None and _holds_numbers(table, block, column) for column, cell in table.starts(block.top))


def _below_sources(table: Table, block: Block, first: Cell, second: Cell) -> bool:
    """True for the same title below two sources of money: 预算 below 中央补助 and below 地方资金."""
    over = [(table.filled_left if table.flat else table.at)(block.top - 1, table.area(cell)[1]) for cell in (first, second)]
    return over[0] is not over[1] and all(cell is not None and _of_source(title_key(cell.text)) for cell in over)


def _claimed(table: Table, block: Block, role: str, column: int, second: Cell) -> bool:
    """True when two titles claim one amount with different figures; two stages of a budget (预算数, 调整后预算数) do not."""
    first = table.at(block.top, column)
    if first is None or (plain(first.text) == plain(second.text) and not _below_sources(table, block, first, second)):
        return False
    stem, other = title_key(first.text), title_key(second.text)
    if role == "budget" and stem != other and not (_of_source(stem) and _of_source(other)):
        return False
    start = table.area(second)[1]
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


def _of_source(title: str) -> bool:
    return any(word in title for word in vocabulary.words("budget_labels", "source_contains") - {"预算"})


def _half(table: Table, block: Block) -> range:
    """Return the columns to read where two tables stand side by side: 收入项目 … | 支出项目 …, each with labels of its own.

    The one with more titles of a budget is taken, else the left one; the figures of the other are told as unread.
    A word beside the rows below (年度预算) is no title of a column.
    """
    roles = {column: match.role for column, cell in table.starts(block.top) if (match := vocabulary.match("budget_columns", cell.text)) is not None and match.role in NUMBERS and _holds_numbers(table, block, column)}
    for column, cell in table.starts(block.top):
        left, right = ({role for at, role in roles.items() if (at < column) is before} for before in (True, False))
        if left & right and column not in roles and plain(cell.text) and not _holds_numbers(table, block, column):
            return range(column, table.columns) if len(right) > len(left) else range(column)
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


def read_budget(table: Table, block: Block, unit: str | None, notes: Notes) -> Budget:
    """Read the lines of one block. `unit` is the form's unit named elsewhere (a line 单位：万元)."""
    half, below = _half(table, block), sub_heading(table, block)
    titles = budget_titles(table, block)
    others = other_years(table, titles)
    at, units = _columns(table, block, [title for title in titles if title not in others], half, below)
    made = Budget(end=block.body, columns=at, others=others)
    first = min((at[role] for role in NUMBERS if role in at), default=0)
    made.unit = _side_unit(table, block, set(at.values())) or unit or next(iter(units.values()), None)
    if made.unit is None:
        money_cells = (table.at(row, at[role]) for row in range(block.body, block.end) for role in MONEY if role in at)
        made.unit = unit_behind(cell.text for cell in money_cells if cell is not None)
    group: str | None = None
    over: Cell | None = None
    body = block.body + bool(below)
    if _units_only(table, body, block):
        units = {**{role: unit for role, column in at.items() if role in MONEY and (unit := _unit_at(table, body, column)) is not None}, **units}
        made.unit = made.unit or next(iter(units.values()), None)
        body += 1
    earlier = other_rows(table, body, block.end)
    for row in range(body, block.end):
        if row in earlier:
            notes.unread.append(say_at(where(earlier[row].locator), "other_year", text=clean(earlier[row].text)))
            made.end = row + 1
        if row in earlier or is_numbering(table, row):
            continue
        if is_foot(table, row, first):
            break
        label_cell = _label_cell(table, row, half.start, first, block)
        cells = {role: table.at(row, column) for role, column in at.items()}
        filled = {
            role: cell for role, cell in cells.items() if cell is not None and cell is not label_cell and not _no_amount(cell.text) and role in NUMBERS
        }
        numeric = [cell for cell in filled.values() if begins_number(cell.text)]
        if any(map(_of_head, table.texts[row])):
            break
        if label_cell is None and not numeric:
            if any(plain(cell.text) for _, cell in table.starts(row)):
                break
            continue
        named, name = split_label(label_cell.text) if label_cell is not None else (None, "")
        if not numeric and (filled or not budget_like(name)) and not (budget_like(name) and _goes_on(table, row + 1, at, block)):
            break
        group = named or group
        over = _fund_over(table, row, label_cell, over)
        own = split_label(over.text)[1] if over is not None and over is not label_cell else group
        made.rows.append(_line(table, row, cells, label_cell, name, own, made.unit, units, notes))
        made.end = row + 1
    if len(made.rows) == 1 and "label" not in made.rows[0]:
        made.rows[0]["role"] = Found("total", made.rows[0]["role"].cell)
    return made


def _of_head(text: str) -> bool:
    """True for a label with a value of its own beside it (自评总分 | 98.5): no line of the budget."""
    return vocabulary.exact_role("header_labels", text) in ("total_score", "grade", "goal_planned", "goal_actual", "filled_on", "preparer")


def _goes_on(table: Table, row: int, at: dict[str, int], block: Block) -> bool:
    """True when the row below a fund with words for its amounts (暂未下达) is again a fund with a figure."""
    if row >= block.end or not any(budget_like(split_label(text)[1]) for text in table.texts[row]):
        return False
    cells = (table.at(row, column) for role, column in at.items() if role in MONEY)
    return any(cell is not None and table.area(cell)[0] == row and begins_number(cell.text) for cell in cells)


def _units_only(table: Table, row: int, block: Block) -> bool:
    """True for a row below the titles that gives only their units: 万元 | 万元 | % | 分."""
    filled = [plain(cell.text) for _, cell in table.starts(row) if plain(cell.text)] if row < block.end else []
    return len(filled) > 1 and all(_UNIT_ONLY.match(text.strip("()")) for text in filled)


def _unit_at(table: Table, row: int, column: int) -> str | None:
    cell = table.at(row, column)
    return money_unit(f"单位:{plain(cell.text).strip('()')}") if cell is not None else None


def _no_amount(text: str) -> bool:
    """True for a blank cell, a unit alone, and a word that says there is none (无)."""
    return blank(text) or plain(text) in vocabulary.words("no_amount") or _UNIT_ONLY.match(plain(text)) is not None


def _label_cell(table: Table, row: int, left: int, first: int, block: Block) -> Cell | None:
    """Return the last filled cell left of the numbers that does not also stand beside the heading."""
    found = None
    titled = [
        cell
        for column, cell in table.starts(block.top)
        if left <= column < first and title_key(cell.text) in vocabulary.words("budget_label_titles")
    ]
    if len(titled) == 1 and (under := _last_under(table, row, titled[0], block)) is not None:
        return under
    for column, cell in table.line(row):
        if left <= column < first and table.area(cell)[0] >= block.body and split_label(cell.text)[1] and not blank(cell.text) and not looks_numeric(cell.text) and not _DATED_OR_RATED.fullmatch(plain(cell.text)):
            found = cell
    return found


def _fund_over(table: Table, row: int, label_cell: Cell | None, over: Cell | None) -> Cell | None:
    """Return the fund that rows belong to: one with 小计 beside it, until a label stands in its column again."""
    if label_cell is None:
        return None
    column = table.area(label_cell)[1]
    beside = table.beside(row, column)
    if beside is not None and title_key(beside.text) in vocabulary.words("subtotals"):
        return label_cell
    return over if over is not None and column > table.area(over)[1] else None


def _last_under(table: Table, row: int, title: Cell, block: Block) -> Cell | None:
    """Return the last filled cell under the title of the labels; beside 小计 the one that names what is added up."""
    over = table.over(title)
    if table.flat:
        over = range(over.start, min((column for column, cell in table.starts(block.top) if column > over.start and plain(cell.text)), default=over.stop))
    cells = dict.fromkeys(table.at(row, column) for column in over)
    named = [cell for cell in cells if cell is not None and plain(cell.text) and table.area(cell)[0] >= block.body]
    if len(named) > 1 and title_key(named[-1].text) in vocabulary.words("subtotals"):
        named.pop()
    return named[-1] if named else None


def _side_unit(table: Table, block: Block, used: set[int]) -> str | None:
    for row in (block.top, block.top + 1, block.top - 1):
        if 0 <= row < len(table.rows):
            for column, cell in table.line(row):
                if column not in used and len(cell.text) < 60 and (unit := money_unit(cell.text)):
                    return unit
    return None


def _line(
    table: Table,
    row: int,
    cells: dict[str, Cell | None],
    label_cell: Cell | None,
    name: str,
    group: str | None,
    unit: str | None,
    units: dict[str, str],
    notes: Notes,
) -> Row:
    made: Row = {"role": Found(role_of(name, group), label_cell)}
    if label_cell is not None and name:
        made["label"] = name_in(label_cell, name)
        if label_cell.unread:
            notes.unread.append(say("at", at=where(label_cell.locator), what=label_cell.unread))
    if group is not None:
        made["group"] = Found(group, label_cell)
    taken: set[int] = set()
    for role in NUMBERS:
        cell = cells.get(role)
        if cell is not None and id(cell) in taken and plain(cell.text):
            made[role] = Found(None, cell, say("merged_left"))
            continue
        if cell is None or table.area(cell)[0] != row or cell is label_cell or not plain(cell.text) or plain(cell.text) in vocabulary.words("no_amount"):
            continue
        taken.add(id(cell))
        keep_figure(made, role, cell, figure(cell.text, role, unit, units.get(role)), notes)
    settle_rate(made, notes)
    reason = cells.get("reason")
    if reason is not None and table.area(reason)[0] == row and plain(reason.text):
        if is_prompt(reason.text) or is_note(reason.text):
            notes.repairs.append(say_at(where(reason.locator), "prompt"))
            notes.left_over(reason.text, reason.locator)
        else:
            made["reason"] = Found(None if blank(reason.text) else clean(reason.text), reason)
    return made


def figure(text: str, role: str, unit: str | None, filed: str | None = None) -> Number:
    """Read the figure of a budget line by its role; amounts in the form's unit, `filed` being that of the column's title."""
    if role in MONEY:
        return money(text, unit, filed)
    return percent(text) if role == "rate" else score(text) if role == "score" else weight(text)


def found_number(cell: Cell, read: Number, role: str, notes: Notes) -> Found:
    """Turn a read number into a found value; an unread one is told with its place, and so are several numbers, one a line."""
    if read.value is not None and numbers_stacked(cell, _SUFFIXES):
        read = Number(reason=say("not_one_number"))
    reason = cell.unread or (say("cell_unread", field=field_name(role), text=clean(cell.text)[:40], why=read.reason) if read.reason else None)
    if reason is not None:
        notes.unread.append(say("at", at=where(cell.locator), what=reason))
        return Found(None, cell, reason)
    if read.note:
        notes.repairs.append(say("at", at=where(cell.locator), what=read.note))
    return Found(read.value, cell)


def keep_figure(made: Row, role: str, cell: Cell, read: Number, notes: Notes) -> None:
    """Put a read figure into its line; an amount whose writing is at fault is kept in words too: the form is wrong, not the reading."""
    made[role] = found_number(cell, read, role, notes)
    if role in MONEY and cell.unread is None and read.malformed:
        made.setdefault("amount_malformed", Found(clean(cell.text), cell))


def settle_rate(made: Row, notes: Notes) -> None:
    """Read 1 or 0.9918 as a percentage where executed ÷ budget proves it; keep what was printed."""
    rate = made.get("rate")
    if rate is None or rate.cell is None:
        return
    made["rate_text"] = Found(clean(rate.cell.text), rate.cell)
    if rate.value is None or "%" in plain(rate.cell.text):
        return
    executed, budget = (made[role].value if role in made else None for role in ("executed", "budget"))
    proved = fraction_as_percent(rate.value, executed, budget)  # type: ignore[arg-type]
    if proved is not None:
        notes.repairs.append(say_at(where(rate.cell.locator), "fraction", text=clean(rate.cell.text), value=proved))
        made["rate"] = Found(proved, rate.cell)

"""Rows below a budget heading → budget lines."""

from __future__ import annotations

import re

from msgspec import Struct, field

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, budget_titles
from checker.layouts.budget_columns import budget_columns, columns_read
from checker.layouts.cells import blank, clean, money_unit, plain, title_key
from checker.layouts.figures import MONEY, NUMBERS, figure, keep_figure, settle_rate
from checker.layouts.fund_labels import budget_like, role_of, split_label
from checker.layouts.levels import is_foot, is_note, is_numbering, is_prompt
from checker.layouts.messages import at as say_at
from checker.layouts.messages import say
from checker.layouts.numbers import begins_number, looks_numeric, unit_behind
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.layouts.sub_titles import sub_heading
from checker.layouts.table import Table
from checker.layouts.years import other_rows, other_years
from checker.model import Cell

_DATED_OR_RATED = re.compile(r"(?!20\d\d年?度?$)[\d.,/\-年月日%‰]+")
_UNIT_ONLY = re.compile(r"^(?:亿元|万元|千元|元|万|亿|%|分)$")


class Budget(Struct):
    """Budget lines of one block, its unit when the block names one, the first row behind it, and its titles of other years."""

    rows: list[Row] = field(default_factory=list)
    unit: str | None = None
    end: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    others: list[tuple[int, Cell]] = field(default_factory=list)


def read_budget(table: Table, block: Block, unit: str | None, notes: Notes) -> Budget:
    """Read the lines of one block. `unit` is the form's unit named elsewhere (a line 单位：万元)."""
    half, below = columns_read(table, block), sub_heading(table, block)
    titles = budget_titles(table, block)
    others = other_years(table, titles)
    at, units = budget_columns(table, block, [title for title in titles if title not in others], half, below)
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
    labels = [cell for column, cell in table.starts(block.top) if half.start <= column < first and title_key(cell.text) in vocabulary.words("budget_label_titles")]
    for row in range(body, block.end):
        if row in earlier:
            notes.unread.append(say_at(where(earlier[row].locator), "other_year", text=clean(earlier[row].text)))
            made.end = row + 1
        if row in earlier or is_numbering(table, row):
            continue
        if is_foot(table, row, first):
            break
        said = _explanation(table, row)
        if said is not None and made.rows:
            next((line for line in made.rows if line["role"].value == "total"), made.rows[-1]).setdefault("reason", said)
            made.end = row + 1
            continue
        label_cell = _label_cell(table, row, range(half.start, first), labels, block)
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
    _settle_total(made.rows)
    if "initial" in at and "executed" in at and "budget" not in at and _only_budget(table, block, titles, at):
        _rely_on_initial(made.rows, notes)
    return made


def _only_budget(table: Table, block: Block, titles: list[tuple[int, Cell]], at: dict[str, int]) -> bool:
    """True where the budget at the year's beginning is the only one: no title of another, no figures between it and the execution."""
    if any((match := vocabulary.match("budget_columns", cell.text)) is not None and match.role == "budget" for _, cell in titles):
        return False
    between = range(min(at["initial"], at["executed"]) + 1, max(at["initial"], at["executed"]))
    cells = (table.at(row, column) for row in range(block.body, block.end) for column in between)
    return not any(cell is not None and begins_number(cell.text) for cell in cells)


def _rely_on_initial(rows: list[Row], notes: Notes) -> None:
    """Take the budget at the year's beginning for the budget of the year, where the form has no other, and say so."""
    for row in rows:
        if "initial" in row:
            row["budget"] = row["initial"]
    first = next((found.cell for row in rows if (found := row.get("initial")) is not None and found.cell is not None), None)
    if first is not None:
        notes.repairs.append(say_at(where(first.locator), "only_initial"))


def _settle_total(rows: list[Row]) -> None:
    """Take an only line without a label for the total, and the only 小计 of a block without one."""
    if len(rows) == 1 and "label" not in rows[0]:
        rows[0]["role"] = Found("total", rows[0]["role"].cell)
    added = [row for row in rows if "label" in row and title_key(str(row["label"].value)) in vocabulary.words("subtotals")]
    if len(added) == 1 and all(row["role"].value != "total" for row in rows):
        added[0]["role"] = Found("total", added[0]["role"].cell)


def _explanation(table: Table, row: int) -> Found | None:
    """Return what a row says of the execution or of a change of the budget behind its label (执行率低的原因), None for any other row."""
    filled = [cell for _, cell in table.starts(row) if plain(cell.text)]
    if not 1 <= len(filled) <= 2 or vocabulary.match("fund_reasons", filled[0].text) is None or begins_number(filled[-1].text):
        return None
    said = filled[-1]
    return Found(None if len(filled) == 1 or blank(said.text) else clean(said.text), said, said.unread)


def _of_head(text: str) -> bool:
    """True for a label with a value of its own beside it (自评总分 | 98.5): no line of the budget."""
    return vocabulary.exact_role("header_labels", text) in ("total_score", "grade", "goal_planned", "goal_actual", "filled_on", "preparer")


def _goes_on(table: Table, row: int, at: dict[str, int], block: Block) -> bool:
    """True when the row below a fund with words for its amounts (暂未下达) is again a fund with a figure."""
    if row >= block.end or not any(budget_like(split_label(text)[1]) for text in table.texts[row]):
        return False
    cells = (table.at(row, column) for role, column in at.items() if role in MONEY)
    return any(cell is not None and table.begins(cell, row) and begins_number(cell.text) for cell in cells)


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


def _label_cell(table: Table, row: int, left: range, titles: list[Cell], block: Block) -> Cell | None:
    """Return the cell under the only title of labels, else the last filled one in the columns `left` of the numbers that does not also stand beside the heading."""
    if len(titles) == 1 and (under := _last_under(table, row, titles[0], block)) is not None:
        return under
    found = None
    for column, cell in table.line(row):
        if column in left and table.area(cell)[0] >= block.body and split_label(cell.text)[1] and not blank(cell.text) and not looks_numeric(cell.text) and not _DATED_OR_RATED.fullmatch(plain(cell.text)):
            found = cell
    return found


def _fund_over(table: Table, row: int, label_cell: Cell | None, over: Cell | None) -> Cell | None:
    """Return the fund that rows belong to: one with 小计 beside it, until a label stands in its column again."""
    if label_cell is None:
        return None
    column = table.left(label_cell)
    beside = table.beside(row, column)
    if beside is not None and title_key(beside.text) in vocabulary.words("subtotals"):
        return label_cell
    return over if over is not None and column > table.left(over) else None


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
        if cell is not None and id(cell) in taken and not blank(cell.text):
            made[role] = Found(None, cell, say("merged_left"))
            continue
        if cell is None or not table.begins(cell, row) or cell is label_cell or not plain(cell.text) or plain(cell.text) in vocabulary.words("no_amount"):
            continue
        taken.add(id(cell))
        keep_figure(made, role, cell, figure(cell.text, role, unit, units.get(role)), notes)
    settle_rate(made, notes)
    reason = cells.get("reason")
    if reason is not None and table.begins(reason, row) and plain(reason.text):
        if is_prompt(reason.text) or is_note(reason.text):
            notes.repairs.append(say_at(where(reason.locator), "prompt"))
            notes.left_over(reason.text, reason.locator)
        else:
            made["reason"] = Found(None if reason.unread or blank(reason.text) else clean(reason.text), reason, reason.unread)
    return made

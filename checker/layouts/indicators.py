"""Rows below an indicator heading → indicators, totals, subtotals of groups."""

from __future__ import annotations

import re
from copy import copy

from msgspec import Struct, field

from checker.layouts import vocabulary
from checker.layouts.blocks import Block, scored_section
from checker.layouts.cells import blank, clean, plain, title_key
from checker.layouts.columns import Columns
from checker.layouts.figures import found_number
from checker.layouts.fund_rows import budget_row, fund_row
from checker.layouts.indicator_row import NUMBER_ROLES, TEXT_ROLES, doubted, read_points, read_reason, read_row
from checker.layouts.label_points import split_points
from checker.layouts.level_labels import mend_cut, mend_first, summed_level, take_level, take_levels
from checker.layouts.levels import (
    Level,
    banner,
    is_foot,
    is_numbering,
    is_ordinary,
    is_placeholder,
    known_level,
    subtotal_cell,
    sum_cell,
    total_cell,
)
from checker.layouts.messages import at as say_at
from checker.layouts.messages import field_name, say
from checker.layouts.numbers import percent, score
from checker.layouts.places import Found, Notes, Row, line_of, where
from checker.layouts.slipped import put_back, slipped
from checker.layouts.table import Table
from checker.layouts.totals import inline_total, is_execution, read_total, unlabelled_total
from checker.model import Cell


class Indicators(Struct):
    """What stands below one indicator heading; `free` are rows of its foot."""

    rows: list[Row] = field(default_factory=list)
    total: Row = field(default_factory=dict)
    subtotals: list[tuple[str | None, str | None, Row]] = field(default_factory=list)
    budget: list[Row] = field(default_factory=list)
    execution: Row = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    one: Level = field(default_factory=Level)
    two: Level = field(default_factory=Level)
    fund: Cell | None = None
    side: Cell | None = None


def read_indicators(
    table: Table, block: Block, columns: Columns, notes: Notes, above: Indicators | None = None
) -> Indicators:
    """Read the rows of one block in order.

    `above` is the part of the same table before a repeated heading or a page's end: its level labels go on.
    """
    made = Indicators(one=above.one, two=above.two) if above is not None else Indicators()
    at = columns.at
    names = at["name"]
    if (section := scored_section(table, block.top)) is not None:
        made.one.take(section, *split_points(section.text))
    if block.kind == "indicators":
        made.side = _side(table, block, min(at.values()))
    numbers = min((at[role] for role in ("weight", "score") if role in at and at[role] > names), default=names + 1)
    one, two = made.one, made.two
    roles, positions, cover = tuple(at), tuple(at.values()), table.cover
    apart = names not in (at.get("weight"), at.get("score"))
    banners = not (table.flat and {"level1", "level2"} <= at.keys())
    judged = [table.over(title).start for title in columns.ignored if is_criteria(title)]
    scaled = [table.over(title).start for title in columns.ignored if is_coefficient(title)]
    footed = added = False
    for row in range(block.body, block.end):
        ordinary = is_ordinary(table, row)
        if not ordinary and is_foot(table, row, names) and not (footed and _shaped(table, row, at)):
            footed = True
            made.free.append(row)
            continue
        if not ordinary and is_numbering(table, row):
            continue
        if not ordinary and inline_total(table, row, made.total, notes):
            continue
        if not ordinary and total_cell(table, row, max(numbers, names + 1)) is not None:
            read_total(table, row, at, made.total, notes)
            _claimed_twice(table, row, columns, "total_", made.total)
            continue
        if not ordinary and (summed := sum_cell(table, row, max(numbers, names + 1))) is not None:
            notes.repairs.append(say_at(line_of(summed), "indicator_sum", text=clean(summed.text)))
            added = True
            continue
        if footed and not _shaped(table, row, at):
            made.free.append(row)
            continue
        footed = False
        if not ordinary and subtotal_cell(table, row, max(numbers, names + 1)) is not None:
            take_levels(dict(zip(roles, map(cover[row].get, positions), strict=True)), one, two, notes)
            made.subtotals.append((one.text, two.text, read_points(table, row, at, notes)))
            continue
        if is_execution(table, row, at, ended=bool(made.total) or added):
            made.execution = read_points(table, row, at, notes) | read_reason(table, row, columns, notes)
            continue
        if made.total and made.rows and not _shaped(table, row, at):
            made.free.append(row)
            continue
        stated = summed_level(table, row, at, block.end)
        if stated is not None:
            points_of = read_points(table, row, at, notes)
            take_level(*stated, one, two, points_of.get("weight"))
            made.subtotals.append((one.text, two.text, points_of))
            continue
        over = banner(table, row) if banners and (len(table.starts(row)) < 3 or table.flat or "level1" not in at) else None
        if over is not None and not (table.flat and over[0] in at) and not _named_within(table, row, at, over[1]):
            (one if over[0] == "level1" else two).take(*over[1:])
            if over[0] == "level1":
                two.clear()
            continue
        under: dict[str, Cell | None] = dict(zip(roles, map(cover[row].get, positions), strict=True))
        named = apart and (name := under["name"]) is not None and plain(name.text)
        if not named and unlabelled_total(table, row, at):
            read_total(table, row, at, made.total, notes)
            notes.repairs.append(say_at(line_of(table.rows[row][-1]), "total_by_place"))
            continue
        if table.flat:
            _name_moved(table, row, under, notes)
        if slipped(table, row, under, one):
            back = put_back(table, row, at, notes)
            if back is None:
                left = read_row(table, row, columns, under, Level(), Level(), notes) or {}
                made.rows.append(doubted(left, say("many_ways_cell"), ("name", *TEXT_ROLES, *NUMBER_ROLES), notes))
                continue
            under = back
        above_one, above_two = copy(one), copy(two)
        take_levels(under, one, two, notes)
        mend_first(above_one, one, made.rows, notes)
        mend_cut(under, above_two, one, two, made.rows, notes)
        fund = fund_row(table, row, at, under, made.fund)
        made.fund = fund[0] if fund is not None else None
        if fund is not None:
            made.budget.append(budget_row(*fund, None, notes))
            continue
        begun = {column for column, cell in table.starts(row) if plain(cell.text)}
        if begun and begun <= columns.idle:
            continue
        made_row = read_row(table, row, columns, under, one, two, notes)
        if made_row:
            _claimed_twice(table, row, columns, "", made_row)
            if judged:
                _judged(table, row, judged, made_row)
            if scaled and (cell := table.at(row, scaled[0])) is not None and table.begins(cell, row):
                made_row["coefficient"] = found_number(cell, percent(cell.text), "coefficient", notes)
            made.rows.append(made_row)
    return made


def is_criteria(title: Cell) -> bool:
    """True for the title of a column that says how the rows are scored (评分标准)."""
    key = title_key(title.text)
    return any(word in key for word in vocabulary.words("criteria"))


def is_coefficient(title: Cell) -> bool:
    """True for the title of a column that gives the share of the weight that is scored (得分系数)."""
    return title_key(title.text) in vocabulary.words("coefficients")


def _judged(table: Table, row: int, at: list[int], made: Row) -> None:
    """Keep by what the form says that the row is scored."""
    cell = next((cell for column in at if (cell := table.at(row, column)) is not None and (cell.unread or not blank(cell.text))), None)
    if cell is not None:
        made["criterion"] = Found(None, cell, cell.unread) if cell.unread else Found(clean(cell.text), cell)


def _claimed_twice(table: Table, row: int, columns: Columns, prefix: str, made: Row) -> None:
    """Mark the values that two columns claim, or one column holds together, as unread: they are filled, only not decided."""
    for role, title in columns.torn.items():
        cell = table.at(row, table.over(title).start)
        if cell is not None and not blank(cell.text) and (not prefix or role in NUMBER_ROLES):
            made.setdefault(f"{prefix}{role}", Found(None, cell, say(_undecided(role, title), title=clean(title.text)[:20], field=field_name(role))))


def _undecided(role: str, title: Cell) -> str:
    if role == "reason":
        return "with_result"
    return "in_one_column" if vocabulary.halves("indicator_columns", title.text) else "claimed_twice"


def _name_moved(table: Table, row: int, under: dict[str, Cell | None], notes: Notes) -> None:
    """Take what stands under level 2 for the name where a table lost its merged areas: one cell stood over both.

    Only beside a blank name, with a value of its own, and when it is no usual name of that level.
    """
    two, name = under.get("level2"), under["name"]
    if two is None or two is name or (name is not None and plain(name.text)) or not plain(two.text) or known_level(two.text, "level2_words"):
        return
    if all((cell := under.get(role)) is None or blank(cell.text) for role in ("target", "actual")):
        return
    under["name"] = under["level2"] = two
    notes.repairs.append(say_at(where(two.locator), "name_moved", text=clean(two.text)[:20]))


def _shaped(table: Table, row: int, at: dict[str, int]) -> bool:
    """True for a row below a note or the total that is an indicator all the same: a name and figures, each in a cell of its own."""
    cells = {role: cell for role in ("name", "target", "actual", "weight", "score") if role in at and (cell := table.at(row, at[role]))}
    name = cells.get("name")
    if name is None or not table.begins(name, row) or is_placeholder(name.text) or len({id(cell) for cell in cells.values()}) < len(cells):
        return False
    if not at.keys().isdisjoint(NUMBER_ROLES):
        return any(score(cells[role].text).value is not None for role in NUMBER_ROLES if role in cells)
    return all(plain(cells[role].text) for role in ("target", "actual") if role in cells) and len(cells) > 2


def _named_within(table: Table, row: int, at: dict[str, int], label: Cell) -> bool:
    """True for words in the column of the names beside a level's label merged over this row: 生态效益 there is an indicator without values, no level."""
    beside = (table.at(row, at[level]) for level in ("level1", "level2") if level in at and at[level] < at["name"])
    return table.left(label) == at["name"] and any(cell is not None and not table.begins(cell, row) and plain(cell.text) for cell in beside)


def _side(table: Table, block: Block, first: int) -> Cell | None:
    """Return the label beside the whole table when it names one of several goals: 年度绩效目标1（40分）."""
    cells = [cell for column, cell in table.line(block.top) if column < first]
    return next((cell for cell in cells if re.search(r"目标\d", plain(cell.text))), None)

"""The blocks of one form, read in order into rows, head fields and notes."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from checker.layouts import header, vocabulary
from checker.layouts.abreast_funds import read_abreast
from checker.layouts.blocks import Block
from checker.layouts.budget import Budget, read_budget
from checker.layouts.cells import blank, label, money_unit, plain, title_key
from checker.layouts.columns import Columns, read_columns
from checker.layouts.figures import NUMBERS
from checker.layouts.foot import read_foot
from checker.layouts.fund_labels import budget_like
from checker.layouts.goals import read_goals, read_tasks
from checker.layouts.indicators import Indicators, is_coefficient, is_criteria, read_indicators
from checker.layouts.label_points import weights_of_names
from checker.layouts.left_over import (
    budget_figures_left,
    fund_figures_left,
    indicator_figures_left,
    other_list,
    total_figures_left,
)
from checker.layouts.levels import is_foot, total_cell
from checker.layouts.merged_names import carry_on
from checker.layouts.messages import at, field_name, say
from checker.layouts.numbers import kept_unit, score
from checker.layouts.pairs import read_pairs
from checker.layouts.places import Found, Notes, Row, where
from checker.layouts.regions import label_columns
from checker.layouts.segments import Segment
from checker.layouts.sub_titles import beside_totals
from checker.layouts.table import Table
from checker.layouts.totals import read_total
from checker.layouts.two_sided import read_two_sided
from checker.layouts.wrapped import gather
from checker.model import Cell

MOST_POINTS = 20
"""More points than these are not given for the execution of a budget."""


class Draft(Struct):
    """A form while it is read; `last` is the indicator table that a continuation goes on with, `filed` its columns in the file."""

    head: Row = field(default_factory=dict)
    budget: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    subtotals: list[tuple[str | None, str | None, Row]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    headings: list[str] = field(default_factory=list)
    exact: bool = True
    notes: Notes = field(default_factory=Notes)
    last: tuple[Columns, Indicators] | None = None
    filed: dict[str, int] = field(default_factory=dict)
    executions: list[Row] = field(default_factory=list)


def read_segment(segment: Segment, draft: Draft, unit: str | None) -> None:
    """Read all blocks of a segment, then labels and foot from the rows no block has taken."""
    table, taken = segment.table, set[int]()
    several = sum(block.kind == "budget" for block in segment.blocks) > 1
    for block in segment.blocks:
        end, kept = block.body, list[int]()
        if block.kind == "budget":
            end = _budget(table, block, unit, draft, several)
        elif block.kind == "pairs":
            lines, own, end = read_pairs(table, block, unit, draft.notes)
            _keep_budget(Budget(lines, own), draft)
            draft.roles |= {f"budget.{role}" for line in lines for role in line if role in NUMBERS}
            kept = list(range(block.top, end))
        elif block.kind == "goals":
            end = read_goals(table, block, draft.head, draft.notes)
        elif block.kind == "indicators":
            columns = read_columns(table, block)
            if "name" in columns.at:
                kept = _indicators(table, block, columns, draft)
                end = block.end
        elif block.kind == "continuation" and draft.last is not None:
            kept = _indicators(table, block, draft.last[0], draft)
            end = block.end
        elif block.kind == "list":
            end = next((row for row in range(block.body, block.end) if is_foot(table, row, 1)), block.end)
            draft.notes.unread.append(other_list(table, block.top))
        for row in range(block.top, block.body):
            for _, cell in table.line(row):
                draft.headings.append(plain(cell.text)[:80])
        taken.update(set(range(block.top, end)).difference(kept))
    free = [row for row in range(segment.top, segment.end) if row not in taken]
    headings = _heads_of_columns(segment)
    header.read_labels(table, [row for row in free if row not in headings], draft.head, draft.notes)
    fund_figures_left(table, [row for row in free if row < min((block.top for block in segment.blocks if block.kind != "title"), default=0)], draft.notes)
    total_figures_left(table, free, draft.notes)
    read_tasks(table, free, draft.head, draft.notes)
    read_foot(table, free, draft.head)
    shown = set[str]().union(*table.texts[segment.top : segment.end])
    draft.titles.update(map(title_key, [text for text in shown if len(text) < 40]))


def _heads_of_columns(segment: Segment) -> set[int]:
    """Return the rows above a budget's heading from which several titles reach down into it (序号, 项目名称 beside 项目资金): they hold no labels of the head."""
    above = [block.top - 1 for block in segment.blocks if block.kind == "budget" and block.top > segment.top]
    return {row for row in above if sum(segment.table.area(cell)[2] > 1 for _, cell in segment.table.starts(row)) > 1}


def _budget(table: Table, block: Block, unit: str | None, draft: Draft, several: bool) -> int:
    """Read one block; of `several` one without any fund among its labels (三公经费) is another table, left out and told."""
    made = read_abreast(table, block, unit, draft.notes) or read_budget(table, block, unit, draft.notes)
    labels = [row["label"] for row in made.rows if "label" in row]
    if several and labels and not any(budget_like(str(found.value)) for found in labels):
        first = labels[0].cell
        draft.notes.unread.append(say("other_figures", text=str(labels[0].value), at=where(first.locator) if first is not None else ""))
        return made.end
    draft.roles |= {f"budget.{role}" for role in made.columns if role in NUMBERS}
    _keep_budget(made, draft)
    passed = [cell for _, cell in table.starts(block.top) if (match := vocabulary.match("budget_columns", cell.text)) is not None and match.role == "ignore"]
    leftmost = min(made.columns.values(), default=table.columns)
    passed = [cell for cell in passed if made.columns and (start := table.left(cell)) not in made.columns.values() and (start > leftmost or _amounts_below(table, block.body, made.end, cell))]
    _say_left(table, block, [*(cell for _, cell in made.others), *passed], made.end, draft.notes)
    parts = [cell for cell in beside_totals(table, block) if table.over(cell).start not in made.columns.values()]
    _say_left(table, replace(block, body=block.body + 1), parts, made.end, draft.notes)
    left = budget_figures_left(table, block, made.end, {*made.columns.values(), *(column for column, _ in made.others)}, made.rows, draft.notes)
    draft.exact = draft.exact and not left
    _perhaps_amounts(table, made, left)
    if draft.indicators and {"weight", "score"} <= made.columns.keys() and made.end < block.end and total_cell(table, made.end, table.columns) is not None:
        # The budget stands below the indicators and the total of the form below it, under the same titles.
        read_total(table, made.end, {role: made.columns[role] for role in ("weight", "score")}, draft.head, draft.notes)
        made.end += 1
    rest = list(range(made.end, block.end))
    lines, used = read_two_sided(table, rest, made.rows, made.unit, draft.notes)
    draft.budget += lines
    return max([made.end, *(row + 1 for row in used)])


def _amounts_below(table: Table, top: int, end: int, title: Cell) -> bool:
    """True for a title left of those that are read with amounts below it (发行额 left of 支出数): the labels of the lines are words, and numbers of lines no amounts."""
    cells = (cell for row in range(top, end) if (cell := table.at(row, table.left(title))) is not None and cell is not title)
    return title_key(title.text) not in vocabulary.words("numberings") and any(plain(cell.text)[:1].isdigit() for cell in cells)


def _keep_budget(made: Budget, draft: Draft) -> None:
    draft.budget += made.rows
    if made.unit is not None and "amount_unit" not in draft.head:
        draft.head["amount_unit"] = Found(kept_unit(made.unit))


def _indicators(table: Table, block: Block, columns: Columns, draft: Draft) -> list[int]:
    table = gather(table, block, columns, draft.notes)
    filed = {role: table.filed[column] for role, column in columns.at.items()}
    above = draft.last[1] if draft.last is not None and draft.filed == filed else None
    made = read_indicators(table, block, columns, draft.notes, above)
    draft.last, draft.filed = (columns, made), filed
    if indicator_figures_left(table, block, columns, [*made.rows, *made.budget, *(row for _, _, row in made.subtotals), made.execution], made.total, draft.notes):
        draft.exact = False
    draft.executions.append(made.execution)
    if table.flat:
        carry_on(made.rows, draft.notes)
    if made.side is not None:
        for row in made.rows:
            row["goal_block"] = Found(label(made.side.text), made.side)
    if not {"target", "actual"} & {*columns.at, *columns.torn}:
        for row in made.rows:
            row["judged_by"] = Found(label(columns.titles["name"].text), columns.titles["name"])
    draft.indicators += made.rows
    draft.subtotals += made.subtotals
    draft.head.update(made.total)
    if "score" in columns.at and "weight" not in (*columns.at, *columns.torn) and weights_of_names(made.rows):
        draft.roles.add("indicators.weight")
    draft.roles |= {f"indicators.{role}" for role in (*columns.at, *columns.torn) if role != "reason" or not columns.remarks}
    draft.roles |= {f"indicators.{role}" for role in ("level1", "level2") if any(role in row for row in made.rows)}
    if block.kind == "indicators":
        draft.exact = draft.exact and columns.exact
        draft.notes.cues.extend(_describe(columns))
        _unknown_columns(table, block, columns, draft)
        _outer_labels(table, block, columns, draft.notes)
    if made.budget:
        draft.budget += made.budget
        groups = [str(row["group"].value) for row in made.budget if "group" in row]
        unit = next((found for group in groups if (found := money_unit(group))), None)
        if unit is not None and "amount_unit" not in draft.head:
            draft.head["amount_unit"] = Found(kept_unit(unit))
        draft.roles.add("budget.budget")
    return made.free


def _perhaps_amounts(table: Table, made: Budget, left: list[Cell]) -> None:
    """Mark budget and execution that no column gives as unread where a figure that is not understood stands in the same line; right of all
    that is understood it may as well be the points of the execution."""
    lines = {table.area(cell)[0]: row for row in made.rows if (cell := _own_cell(row)) is not None}
    last = max(made.columns.values(), default=0)
    for cell in left:
        line = lines.get(table.area(cell)[0])
        points = score(cell.text).value
        roles = ("budget", "executed", "score") if points is not None and 1 <= points <= MOST_POINTS and table.left(cell) > last else ("budget", "executed")
        for role in roles:
            if line is not None and role not in made.columns:
                line.setdefault(role, Found(None, cell, say("perhaps", text=plain(cell.text)[:20])))


def _own_cell(line: Row) -> Cell | None:
    """Return the cell that gives a line of the budget its row: that of its label, else of its first figure."""
    return next((found.cell for role in ("label", *NUMBERS) if (found := line.get(role)) is not None and found.cell is not None), None)


def _say_left(table: Table, block: Block, titles: list[Cell], end: int, notes: Notes) -> None:
    """Name the titled columns in which something stands that no field takes (评分标准, 调整数)."""
    held = [title for title in titles if any(
        (cell := table.at(row, column)) is not None and not blank(cell.text) and table.begins(cell, row) for row in range(block.body, end) for column in table.over(title)
    )]
    if held:
        notes.unread.append(say("left_columns", titles="、".join(dict.fromkeys(label(title.text)[:20] for title in held))))


def score_execution(execution: Row, draft: Draft) -> None:
    """Give the points of the execution that stand below the indicators to the total line of the budget, or to its only line, once.

    A form without amounts has no such line: the points make one.
    """
    if execution and not draft.budget:
        draft.budget.append({"role": Found("total")})
    total = next((line for line in draft.budget if line["role"].value == "total" or len(draft.budget) == 1), None)
    for role, found in execution.items():
        if total is not None and total.get(role, Found(None)).value in (None, found.value):
            total[role] = found
            draft.roles.add(f"budget.{role}")
        elif found.cell is not None:
            draft.notes.unread.append(at(where(found.cell.locator), "figures_left", text=plain(found.cell.text)[:20]))


def _unknown_columns(table: Table, block: Block, columns: Columns, draft: Draft) -> None:
    """Say which titled columns were not understood; recognition is weak when one holds figures, or the target or result that no column gives."""
    perhaps = {"target", "actual"}.difference(columns.at, columns.torn)
    beside = [title for title in columns.ignored if title_key(title.text) not in vocabulary.words("numberings") and not is_criteria(title) and not is_coefficient(title)]
    _say_left(table, block, beside, block.end, draft.notes)
    for title in columns.unknown:
        column = table.left(title)
        cells = [table.at(row, column) for row in range(block.body, block.end)]
        filled = [cell for cell in cells if cell is not None and plain(cell.text)]
        if filled:
            draft.notes.unread.append(say("unknown_column", column=column + 1, title=plain(title.text)[:20]))
            figures = any(plain(cell.text).replace(".", "").isdigit() for cell in filled)
            draft.exact = draft.exact and not figures and not perhaps


def _outer_labels(table: Table, block: Block, columns: Columns, notes: Notes) -> None:
    """Name the labels that group those of a level below the same title (共性指标 left of 项目决策): no field takes them."""
    for role in ("level1", "level2"):
        title = columns.titles.get(role)
        beside = label_columns(table, block, title) if title is not None and role in columns.at else []
        outer = {column for column in beside if column < columns.at[role]}.difference(columns.at.values())
        words = [label(cell.text) for row in range(block.body, block.end) for column, cell in table.starts(row) if column in outer and plain(cell.text)]
        words = [word for word in dict.fromkeys(words) if word not in vocabulary.words("totals")]
        if title is not None and words:
            notes.unread.append(say("outer_labels", title=label(title.text), texts="、".join(words)[:40]))


def _describe(columns: Columns) -> list[str]:
    """Say in words how each column was read."""
    read = [
        say("column", column=columns.at[role] + 1, title=label(columns.titles[role].text), field=field_name(role))
        for role in sorted(columns.at, key=lambda item: columns.at[item])
    ]
    return read + [say("ignored", title=label(cell.text)) for cell in columns.ignored]

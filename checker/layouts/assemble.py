"""One stretch of tables → one form: blocks read in order, head and foot around them, all with places."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.layouts import header, vocabulary
from checker.layouts.budget import NUMBERS, Budget, read_budget
from checker.layouts.cells import money_unit, plain, title_key
from checker.layouts.columns import Columns, describe, read_columns
from checker.layouts.families import Shape, family, form_type, not_applicable
from checker.layouts.foot import read_foot
from checker.layouts.goals import read_goals
from checker.layouts.groups import indicator_groups
from checker.layouts.identity import form_id
from checker.layouts.indicators import read_indicators
from checker.layouts.merged_names import spread
from checker.layouts.pairs import read_pairs
from checker.layouts.places import Found, Notes, Row, place, values
from checker.layouts.ragged import Realigned
from checker.layouts.segments import Segment, Stretch
from checker.layouts.two_sided import read_two_sided
from checker.model import Cell, Form, Place, PlaceKey, Source

ORDER = (
    "form_type", "layout", "title", "fiscal_year", "unit_name", "project_name", "supervising_department",
    "implementing_unit", "subordinate_units", "amount_unit", "goal_planned", "goal_actual", "total_weight",
    "total_score", "grade", "preparer", "filled_on", "foot_reason", "merged_name_groups", "merged_name_mismatch",
    "shifted_rows", "lost_cells",
)  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A form while it is read."""

    head: Row = field(default_factory=dict)
    budget: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    subtotals: list[tuple[str | None, str | None, Row]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    headings: list[str] = field(default_factory=list)
    exact: bool = True
    notes: Notes = field(default_factory=Notes)


def build(stretch: Stretch, source: Source, realigned: Realigned | None) -> Form:
    """Read one form. The title nearest to the table, then its head, decide type and identity."""
    draft = Draft()
    lines = [cell for segment in stretch.segments for cell in (*segment.before, *_loose_lines(segment))]
    unit = next((found for cell in reversed(lines) if len(cell.text) < 120 and (found := money_unit(cell.text))), None)
    for segment in stretch.segments:
        _segment(segment, draft, unit)
    draft.head.update({"shifted_rows": Found(0), "lost_cells": Found(0)})
    merged = spread(draft.indicators, draft.notes)
    if merged is not None:
        draft.head["merged_name_groups"] = Found(merged.groups)
        draft.head["merged_name_mismatch"] = Found(merged.mismatch)
    if realigned is not None:
        draft.notes.repairs[:0] = realigned.repairs
        draft.notes.unread[:0] = realigned.unread
        draft.head.update(realigned.facts)
    _head(stretch, lines, draft)
    return _form(stretch, source, draft)


def _loose_lines(segment: Segment) -> list[Cell]:
    """Return single-cell rows above the first block: titles, years, prose inside the table's area."""
    first = min((block.top for block in segment.blocks if block.kind != "title"), default=segment.end)
    made = []
    for row in range(segment.top, first):
        filled = [cell for cell in segment.table.rows[row] if plain(cell.text)]
        made += filled if len(filled) == 1 or row < segment.top + 4 else []
    return made


def _segment(segment: Segment, draft: Draft, unit: str | None) -> None:
    table, free = segment.table, list(range(segment.top, segment.end))
    for block in segment.blocks:
        end, kept = block.body, list[int]()
        if block.kind == "budget":
            made = read_budget(table, block, unit, draft.notes)
            draft.roles |= {f"budget.{role}" for role in made.columns}
            _keep_budget(made, draft)
            rest = list(range(made.end, block.end))
            lines, used = read_two_sided(table, rest, made.rows, made.unit, draft.notes)
            draft.budget += lines
            end = max([made.end, *(row + 1 for row in used)])
        elif block.kind == "pairs":
            lines, own, end = read_pairs(table, block, unit, draft.notes)
            _keep_budget(Budget(lines, own), draft)
            draft.roles |= {f"budget.{role}" for line in lines for role in line if role in NUMBERS}
        elif block.kind == "goals":
            end = read_goals(table, block, draft.head, draft.notes)
        elif block.kind == "indicators":
            columns = read_columns(table, block)
            if "name" in columns.at:
                kept = _indicators(segment, block.top, columns, draft)
                end = block.end
        for row in range(block.top, block.body):
            for _, cell in table.line(row):
                draft.titles.add(title_key(cell.text))
                draft.headings.append(plain(cell.text)[:80])
        free = [row for row in free if not block.top <= row < end or row in kept]
    header.read_labels(table, free, draft.head, draft.notes)
    read_foot(table, free, draft.head, draft.notes)
    for row in free:
        for _, cell in table.starts(row):
            draft.titles.add(title_key(cell.text))


def _keep_budget(made: Budget, draft: Draft) -> None:
    draft.budget += made.rows
    if made.unit is not None and "amount_unit" not in draft.head:
        draft.head["amount_unit"] = Found(made.unit)


def _indicators(segment: Segment, top: int, columns: Columns, draft: Draft) -> list[int]:
    block = next(block for block in segment.blocks if block.top == top)
    made = read_indicators(segment.table, block, columns, draft.notes)
    draft.indicators += made.rows
    draft.subtotals += made.subtotals
    for name, found in made.total.items():
        draft.head[name] = found
    draft.roles |= {f"indicators.{role}" for role in columns.at}
    draft.exact = draft.exact and columns.exact
    draft.notes.cues.extend(describe(columns))
    if made.budget:
        _fund_rows(made.budget, draft)
    return made.free


def _fund_rows(rows: list[Row], draft: Draft) -> None:
    draft.budget += rows
    unit = next((found for row in rows if "group" in row and (found := money_unit(str(row["group"].value)))), None)
    if unit is not None and "amount_unit" not in draft.head:
        draft.head["amount_unit"] = Found(unit)
    draft.roles.add("budget.budget")


def _head(stretch: Stretch, lines: list[Cell], draft: Draft) -> None:
    head = draft.head
    for segment in stretch.segments:
        for cell in segment.before[-8:]:
            header.read_inline(cell, head, draft.notes)
    title = header.title_of(lines)
    if title is not None:
        head["title"] = title
    year = header.year_of(lines, title)
    if year is not None and "fiscal_year" not in head:
        head["fiscal_year"] = year
    period = head.pop("period", None)
    if period is not None and head.get("fiscal_year", Found(None)).value is None:
        head["fiscal_year"] = period
        draft.notes.repairs.append(f"年度{period.value}取自项目起止时间")
    named = header.unit_in_title(title)
    if named is not None and head.get("unit_name", Found(None)).value is None:
        head["unit_name"] = named
    if head.get("total_score", Found(None)).value is None and head.get("total_score", Found(None)).unread is None:
        after = [cell for segment in stretch.segments for cell in segment.after]
        stated = header.score_in_prose([*lines, *after])
        if stated is not None:
            head["total_score"] = stated
            draft.notes.repairs.append(f"总得分{stated.value}取自表外的文字")


def _form(stretch: Stretch, source: Source, draft: Draft) -> Form:
    head = draft.head
    title = str(head["title"].value) if "title" in head else ""
    plain_head = values(head)
    roles = frozenset(draft.roles)
    name, cues, has = family(
        Shape(frozenset(draft.titles), "|".join(draft.headings), roles, title + "|" + "|".join(s.name for s in stretch.segments))
    )
    head["layout"] = Found(name)
    head["form_type"] = Found(form_type(title or _sheet_title(stretch), roles, plain_head, name))
    absent = not_applicable(roles, has, "foot_reason" in head)
    groups = indicator_groups(draft.indicators, draft.subtotals)
    if not draft.indicators:
        draft.notes.unread.append("没有找到指标部分（找过：一级指标、三级指标、年度指标值、完成值等列名），只有预算部分")
    if not draft.budget:
        draft.notes.unread.append("没有找到预算部分（找过：年初预算数、全年预算数、执行数、执行率等列名），只有指标部分")
    strong = bool(title) and name != "其他" and draft.exact and bool(draft.indicators) and bool(draft.budget)
    cue = f"版式“{name}”" + (f"：见到 {'、'.join(cues)}" if cues else "")
    header_row = {key: head[key].value for key in ORDER if key in head and head[key].value is not None}
    return Form(
        form_id=form_id(header_row),
        source=source,
        header=header_row,
        budget_lines=tuple(values(row) for row in draft.budget),
        indicators=tuple(values(row) for row in draft.indicators),
        indicator_groups=tuple(values(row) for row in groups),
        places=_places(head, draft.budget, draft.indicators, groups),
        not_applicable=absent,
        repairs=tuple(dict.fromkeys(draft.notes.repairs)),
        unread=tuple(dict.fromkeys(draft.notes.unread)),
        recognition="strong" if strong else "weak",
        cues=(cue, *draft.notes.cues),
    )


def _sheet_title(stretch: Stretch) -> str:
    return next((segment.name for segment in stretch.segments if "自评" in segment.name), "")


def _places(head: Row, budget: list[Row], indicators: list[Row], groups: list[Row]) -> dict[PlaceKey, Place]:
    made: dict[PlaceKey, Place] = {}
    tables = (("forms", [head]), ("budget_lines", budget), ("indicators", indicators), ("indicator_groups", groups))
    for table, rows in tables:
        for number, row in enumerate(rows, 1):
            for name, found in row.items():
                where = place(found)
                if where is not None:
                    made[table, number, name] = where
    return made


def known_words(cells: list[Cell]) -> list[str]:
    """Return the titles among these cells that forms have, for the message when no form is found."""
    found = []
    for cell in cells:
        for table in ("indicator_columns", "budget_columns", "header_labels"):
            match = vocabulary.match(table, cell.text)
            if match is not None and match.exact and match.role not in ("ignore", "other"):
                found.append(title_key(cell.text))
                break
    return list(dict.fromkeys(found))

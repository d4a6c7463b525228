"""One stretch of tables → one form: head and foot around the blocks, family, doubts, places."""

from __future__ import annotations

import re

from checker.layouts import header, vocabulary
from checker.layouts.annexed import Report
from checker.layouts.cells import money_unit, plain
from checker.layouts.completeness import doubts, unplaced
from checker.layouts.ditto import take_from_above
from checker.layouts.draft import Draft, read_segment, score_execution
from checker.layouts.families import Shape, family, form_type, not_applicable
from checker.layouts.foot import read_lines
from checker.layouts.groups import indicator_groups
from checker.layouts.identity import form_id
from checker.layouts.merged_names import spread
from checker.layouts.messages import at, field_name, say
from checker.layouts.nested_funds import mark_nested
from checker.layouts.parts import mark_parts
from checker.layouts.places import Found, Notes, Row, lacks, places, values, where
from checker.layouts.ragged import Realigned
from checker.layouts.segments import Segment, Stretch
from checker.layouts.shares import read_relative, read_shares
from checker.model import Cell, Form, Place, PlaceKey, Source

ORDER = (
    "form_type", "layout", "title", "fiscal_year", "unit_name", "project_name", "supervising_department",
    "implementing_unit", "subordinate_units", "amount_unit", "goal_planned", "goal_actual", "total_weight",
    "total_score", "grade", "preparer", "filled_on", "foot_reason", "remarks", "merged_name_groups", "merged_name_mismatch",
    "shifted_rows", "lost_cells", "template_left", "markup_taken_out", "goal_score", "goal_weight", "head_score",
)  # fmt: skip


def build(stretch: Stretch, source: Source, realigned: list[Realigned], report: Report | None = None) -> Form:
    """Read one form. The title nearest to the table, then its head, decide type and identity."""
    draft = Draft()
    lines = [cell for segment in stretch.segments for cell in (*segment.before, *_loose_lines(segment))]
    unit = next((found for cell in reversed(lines) if len(cell.text) < 120 and (found := money_unit(cell.text))), None)
    unit = unit or next((found for one in stretch.segments if (found := header.stated_unit(one.table, range(one.top, one.end)))), None)
    for segment in stretch.segments:
        read_segment(segment, draft, unit)
    for execution in draft.executions:
        score_execution(execution, draft)
    take_from_above(draft.indicators, draft.notes)
    read_shares(draft.head, draft.budget, draft.indicators, [row for _, _, row in draft.subtotals], draft.notes)
    read_relative(draft.indicators, draft.notes)
    merged = spread(draft.indicators, draft.notes)
    if merged is not None:
        draft.head["merged_name_groups"] = Found(merged.groups, merged.cell)
    draft.head["merged_name_mismatch"] = Found(merged is not None and merged.mismatch)
    mark_parts(draft.indicators, draft.notes)
    mark_nested(draft.budget, draft.notes)
    if len({row["goal_block"].value for row in draft.indicators if "goal_block" in row}) < 2:
        for row in draft.indicators:
            row.pop("goal_block", None)
    for one in realigned:
        draft.notes.repairs[:0] = one.repairs
        draft.notes.unread[:0] = one.unread
    draft.head["shifted_rows"] = Found(sum(one.shifted for one in realigned))
    draft.head["lost_cells"] = Found(
        sum(one.lost for one in realigned), next((one.first_lost for one in realigned if one.first_lost), None)
    )
    if draft.notes.markup:
        draft.head["markup_taken_out"] = Found("；".join(draft.notes.markup[:10]))
    for segment in stretch.segments:
        _unticked(segment, draft)
    if draft.notes.template:
        draft.head["template_left"] = Found("；".join(draft.notes.template[:10]))
    _head(stretch, lines, draft)
    if report is not None:
        _of_report(report, draft)
    return _form(stretch, source, draft, guessed=bool(realigned) and source.format == "pdf")


_FUND_YEAR = re.compile(r"(20\d\d)年")
_BOX, _TICK = re.compile("[□☐]"), re.compile("[☑☒√✓✔■●◉]")


def _unticked(segment: Segment, draft: Draft) -> None:
    """Note lines and rows above the first block that offer boxes of which none is ticked."""
    first = min((block.top for block in segment.blocks if block.kind != "title"), default=segment.end)
    rows = [*([cell] for cell in segment.before), *(segment.table.rows[row] for row in range(segment.top, first))]
    for row in rows:
        text = " ".join(dict.fromkeys(cell.text for cell in row))
        if len(_BOX.findall(text)) >= 2 and not _TICK.search(text):
            draft.notes.left_over(text, next(cell for cell in row if _BOX.search(cell.text)).locator)


def _loose_lines(segment: Segment) -> list[Cell]:
    """Return cells above the first block that may be titles, years or prose inside the table's area."""
    first = min((block.top for block in segment.blocks if block.kind != "title"), default=segment.end)
    made = []
    for row in range(segment.top, first):
        filled = [cell for cell in segment.table.rows[row] if plain(cell.text)]
        labelled = any(vocabulary.exact_role("header_labels", cell.text) is not None for cell in filled)
        made += filled if len(filled) == 1 or not labelled else []
    return made


def _head(stretch: Stretch, lines: list[Cell], draft: Draft) -> None:
    head, notes = draft.head, draft.notes
    for segment in stretch.segments:
        for cell in segment.before[-8:]:
            header.read_inline(cell, head, notes)
    after = [cell for segment in stretch.segments for cell in segment.after]
    read_lines(after, head)
    title = header.title_of(lines)
    if title is not None:
        head["title"] = title
    year = header.year_of(lines, title)
    if year is not None and lacks(head, "fiscal_year") and not head.get("fiscal_year", year).unread:
        head["fiscal_year"] = year
    period = head.pop("period", None)
    if period is not None and lacks(head, "fiscal_year"):
        head["fiscal_year"] = period
        notes.repairs.append(say("year_of_period", year=period.value))
    named = header.unit_in_title(title) or header.unit_over_title(lines, title)
    if named is not None and lacks(head, "unit_name"):
        head["unit_name"] = named
    project = header.project_in_title(title) if lacks(head, "project_name") else None
    if project is not None:
        head["project_name"] = project
        notes.repairs.append(say("project_of_title", text=project.value))
    stated = head.pop("stated_score", None)
    if stated is not None and "total_score" not in head:
        head["total_score"] = stated
    elif stated is not None:
        head["head_score"] = stated
        row = head["total_score"].value
        if stated.cell is not None and None not in (stated.value, row) and stated.value != row:
            notes.repairs.append(at(where(stated.cell.locator), "two_totals", head=stated.value, row=row))
    below = header.score_below(stretch.segments[-1].after) if "total_score" not in head else None
    if below is not None:
        head["total_score"] = below
    if lacks(head, "total_score") and not head.get("total_score", Found(None)).unread:
        prose = header.score_in_prose([*lines, *after])
        if prose is not None:
            head["total_score"] = prose
            notes.repairs.append(say("prose_total", value=prose.value))


def _of_report(report: Report, draft: Draft) -> None:
    """Take the year, and the unit of a form of a whole department or the project of one of a project or without a title, from the report a form is annexed to where it names none."""
    head = draft.head
    title = str(head["title"].value) if "title" in head else ""
    whole, project = "整体" in title, "整体" not in title and ("项目" in title or not title)
    for name, found in (("fiscal_year", report.year), ("unit_name", report.unit if whole else None), ("project_name", report.project if project else None)):
        if found is not None and lacks(head, name):
            head[name] = found
            draft.notes.repairs.append(say("of_report", field=field_name(name), text=found.value))


def _form(stretch: Stretch, source: Source, draft: Draft, guessed: bool) -> Form:
    """Put the form together; `guessed` says that a page without rules gave the columns by the gaps between words."""
    head, notes = draft.head, draft.notes
    title = str(head["title"].value) if "title" in head else ""
    names = [segment.name for segment in stretch.segments]
    roles = frozenset(draft.roles)
    higher = head.pop("higher_department", None)
    name, cues, has = family(Shape(frozenset(draft.titles), "|".join(draft.headings), roles, "|".join([title, *names])))
    head["layout"] = Found(name)
    shown = title or next((name for name in names if "自评" in name), "")
    known = values(head) if higher is None else {**values(head), "higher_department": higher.value}
    head["form_type"] = Found(form_type(shown, roles, known, name))
    if head["form_type"].value == "transfer" and lacks(head, "fiscal_year"):
        _year_of_transfer(head, notes)
    if higher is not None:
        head.setdefault("supervising_department", higher)
    if head["form_type"].value == "department" and "unit_name" not in head and not lacks(head, "supervising_department"):
        # A form of a whole department without a label for the unit: 主管部门 is the department that fills it in (Chongqing).
        head["unit_name"] = head["supervising_department"]
        notes.repairs.append(say("unit_of_department", text=head["unit_name"].value))
    absent = not_applicable(roles, has, "foot_reason" in head)
    groups = indicator_groups(draft.indicators, draft.subtotals)
    placed = _places(head, draft.budget, draft.indicators, groups)
    weak = doubts(head, draft.budget, draft.indicators, roles, absent, name != "其他", draft.exact, notes)
    weak += unplaced(stretch.segments, placed.values(), notes)
    if guessed:
        weak.append(say("unruled"))
    said = [say("layout_by", name=name, cues="、".join(cues)) if cues else say("layout", name=name)]
    said += [say("weak", why="；".join(weak))] if weak else []
    header_row = {key: head[key].value for key in ORDER if key in head and head[key].value is not None}
    return Form(
        form_id=form_id(header_row),
        source=source,
        header=header_row,
        budget_lines=tuple(values(row) for row in draft.budget),
        indicators=tuple(values(row) for row in draft.indicators),
        indicator_groups=tuple(values(row) for row in groups),
        places=placed,
        not_applicable=absent,
        repairs=tuple(dict.fromkeys(notes.repairs)),
        unread=tuple(dict.fromkeys(notes.unread)),
        recognition="weak" if weak else "strong",
        cues=(*said, *dict.fromkeys(notes.cues)),
    )


def _year_of_transfer(head: Row, notes: Notes) -> None:
    """Take the year that the name of a transfer begins with (2022年中央财政农村危房改造补助资金): it is the year of the funds."""
    named = head.get("project_name", Found(None))
    begun = _FUND_YEAR.match(plain(str(named.value)))
    if begun is not None:
        head["fiscal_year"] = Found(int(begun.group(1)), named.cell)
        notes.repairs.append(say("year_of_transfer", year=begun.group(1)))


def _places(head: Row, budget: list[Row], indicators: list[Row], groups: list[Row]) -> dict[PlaceKey, Place]:
    return places({"forms": [head], "budget_lines": budget, "indicators": indicators, "indicator_groups": groups})

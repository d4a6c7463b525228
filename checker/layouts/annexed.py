"""The report a form is annexed to: its year, its unit and its project, for forms that name none."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from checker.late import late
from checker.layouts.cells import plain
from checker.layouts.header import project_in_report, read_inline, unit_in_title, year_of
from checker.layouts.places import Found, Notes, Row
from checker.layouts.segments import Segment
from checker.model import Cell

_TITLE = late(r"自评(?:工作|结果)?(?:情况)?的?报告$|部门决算$")
_LONGEST = 60
_NEAR = 8
"""The lines around the title of a report that may be those of its cover."""


class Report(Struct, frozen=True):
    """What the title or the cover of a report says."""

    year: Found | None = None
    unit: Found | None = None
    project: Found | None = None


def report_before(segments: Sequence[Segment]) -> dict[int, Report]:
    """Return the report that stands last before or above each segment, by the segment's id; none where a document holds none."""
    made: dict[int, Report] = {}
    last: Report | None = None
    for segment in segments:
        found = _report(_lines(segment))
        last = found or last
        if last is not None:
            made[id(segment)] = last
    return made


def _report(lines: Sequence[Cell]) -> Report | None:
    titles = [n for n, cell in enumerate(lines) if _titles(cell.text)]
    if not titles:
        return None
    year = unit = project = None
    for n in reversed(titles):
        text = plain(lines[n].text)
        year, unit = year or year_of([lines[n]], None), unit or unit_in_title(Found(text, lines[n]))
        project = project or project_in_report(lines[n])
    labelled: Row = {}
    for cell in lines[max(titles[0] - _NEAR, 0) : titles[0] + _NEAR]:
        read_inline(cell, labelled, Notes())
    return Report(year, unit or labelled.get("unit_name"), labelled.get("project_name") or project)


def _titles(text: str) -> bool:
    """True for the title of a report; most lines have none of its words."""
    if "报" not in text and "决" not in text:
        return False
    key = plain(text)
    return len(key) <= _LONGEST and _TITLE.search(key) is not None


def _lines(segment: Segment) -> list[Cell]:
    """Return the lines before a table and, of a report filed as rows of a sheet, those that stand alone in their rows above the first block."""
    first = min((block.top for block in segment.blocks if block.kind != "title"), default=segment.end)
    alone = (cells[0] for row in range(segment.top, first) if len(cells := [cell for cell in segment.table.rows[row] if plain(cell.text)]) == 1)
    return [*segment.before, *alone]

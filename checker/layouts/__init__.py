"""Document → forms: where each field stands, and the repair of what can be proved.

One recogniser reads all layouts; its knowledge is in vocabulary.yaml (titles and words) and
families.yaml (cues of the layout families). `recognise` is the only entry.
"""

from __future__ import annotations

from itertools import chain, compress
from operator import attrgetter

from msgspec.structs import replace

from checker.errors import LayoutError
from checker.layouts import vocabulary
from checker.layouts.abreast import abreast
from checker.layouts.annexed import report_before
from checker.layouts.assemble import build
from checker.layouts.by_project import by_project
from checker.layouts.failure import no_form
from checker.layouts.halves import stack_halves
from checker.layouts.identity import distinct
from checker.layouts.left_over import other_list
from checker.layouts.messages import say
from checker.layouts.pair_rows import join_rows
from checker.layouts.ragged import Realigned, realign
from checker.layouts.repeated_titles import merge_repeated
from checker.layouts.segments import Segment, Stretch, cut
from checker.layouts.shared_columns import part_columns
from checker.layouts.sideways import turn_up
from checker.layouts.stacked import take_apart
from checker.layouts.stretches import is_list, join
from checker.layouts.table import lay_out
from checker.layouts.ticks import name_ticks
from checker.layouts.torn import mend_torn
from checker.model import Cell, Document, Form, Grid

__all__ = ["recognise"]

_TEXT = attrgetter("text")
MAX_ROWS = 20_000
"""Longer tables are lists of data, not forms: they are left out and named as unread."""


def recognise(document: Document) -> tuple[Form, ...]:
    """Return the forms of a document in order. Hidden sheets are read only when no other holds a form.

    Raises LayoutError when none is found; the message says what was looked for and what was there.
    """
    forms = _forms(document, hidden=False) or _forms(document, hidden=True)
    if not forms:
        raise LayoutError(no_form(document))
    names = distinct([form.form_id for form in forms])
    return tuple(form if form.form_id == name else replace(form, form_id=name) for form, name in zip(forms, names, strict=True))


def _forms(document: Document, hidden: bool) -> list[Form]:
    segments: list[Segment] = []
    repaired: dict[int, Realigned] = {}
    left: list[str] = []
    for grid in mend_torn([grid for grid in document.grids if grid.hidden is hidden]):
        if len(grid.cells) > MAX_ROWS and (rows := len({cell.row for cell in grid.cells})) > MAX_ROWS:
            left.append(say("too_long", name=grid.name, rows=rows, limit=MAX_ROWS))
            continue
        for own in chain.from_iterable(map(by_project, abreast(grid))):
            part = own.grid
            realigned = _parted(realign(part)) if part.ragged else _laid_otherwise(part)
            if own.repairs:
                realigned = replace(own, grid=realigned.grid, repairs=own.repairs + realigned.repairs) if realigned is not None else own
            table = lay_out(realigned.grid if realigned is not None else part)
            if realigned is not None:
                repaired[id(table)] = realigned
            segments += cut(part, table)
    made = []
    stretches = join(segments)
    lists = [stretch for stretch in stretches if is_list(stretch)]
    if len(lists) < len(stretches):
        left += [say("list", name=stretch.segments[0].name) for stretch in lists]
        stretches = [stretch for stretch in stretches if stretch not in lists]
    left += _beside_forms(segments, stretches)
    reports = report_before(segments)
    for stretch in stretches:
        tables = dict.fromkeys(id(segment.table) for segment in stretch.segments)
        form = build(stretch, document.source, [repaired[key] for key in tables if key in repaired], reports.get(id(stretch.segments[0])))
        form = replace(form, unread=(*form.unread, *left)) if left else form
        made.append(_from_hidden(form) if hidden else form)
    return made


def _beside_forms(segments: list[Segment], stretches: list[Stretch]) -> list[str]:
    """Name the tables of figures that stand above or below a form on its own sheet and belong to none: an annex with a line for every county."""
    used = {id(segment) for stretch in stretches for segment in stretch.segments}
    sheets = {id(segment.table) for segment in segments if id(segment) in used}
    return [
        other_list(segment.table, block.top)
        for segment in segments if id(segment) not in used and id(segment.table) in sheets
        for block in segment.blocks if block.kind in ("budget", "indicators")
    ]  # fmt: skip


def _laid_otherwise(grid: Grid) -> Realigned | None:
    """Lay out with one indicator a row and one field a cell what stands otherwise; None where nothing does."""
    repairs: tuple[str, ...] = ()
    for step in (merge_repeated, name_ticks, part_columns, _by_titles, take_apart):
        made = step(grid)
        if made is not None:
            grid, repairs = made[0], repairs + made[1]
    return Realigned(grid, repairs) if repairs else None


def _parted(realigned: Realigned) -> Realigned:
    """Take columns of several fields apart in lines put under their titles too."""
    parted = part_columns(realigned.grid)
    return realigned if parted is None else replace(realigned, grid=parted[0], repairs=realigned.repairs + parted[1])


def _by_titles(grid: Grid) -> tuple[Grid, tuple[str, ...]] | None:
    """Put upright, below one another and in one row what the titles of an indicator table show to lie otherwise."""
    titled = _titles(grid)
    said: tuple[str, ...] = ()
    for step in (turn_up, stack_halves, join_rows):
        made = step(grid, titled)
        if made is not None:
            grid, said, titled = made[0], said + made[1], _titles(made[0])
    return (grid, said) if said else None


def _titles(grid: Grid) -> list[Cell]:
    """Return the titles of columns of an indicator table, wherever they stand."""
    titled = compress(grid.cells, map(vocabulary.titles_column, map(_TEXT, grid.cells)))
    return [cell for cell in titled if vocabulary.titles_values(cell.text)]


def _from_hidden(form: Form) -> Form:
    said = say("hidden")
    return replace(form, recognition="weak", cues=(*form.cues, say("weak", why=said)), unread=(*form.unread, said))

"""The form itself, in its own order, with the findings written on it: what section 三 of a report prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec import Struct

from checker.fields import BY_TABLE
from checker.model import FieldValue, Form, Location, Place
from checker.render.arrange import STATUSES, Group, Item
from checker.render.labels import field_name
from checker.render.places import RowPlaces, primary, row_mark
from checker.render.shown import lines

Row = Mapping[str, FieldValue]
Anchors = Mapping[tuple[str, int, str], str]
"""The anchor of every printed row, by its table, number and, of the head, field."""

_NUMBER = re.compile(r"\s*[¥￥]?[-−+]?[0-9][0-9,，]*(?:[.．][0-9]+)?\s*[%％分元]?\s*")
"""A cell that holds a number and nothing else; then the number is printed as filed."""

BUDGET = ("label", "initial", "budget", "executed", "rate", "weight", "score", "reason")
INDICATORS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
ALWAYS = {"budget_lines": ("label", "budget", "executed"), "indicators": ("name", "target", "actual")}
HEADER = ("title", "fiscal_year", "unit_name", "project_name", "supervising_department", "implementing_unit",
          "subordinate_units", "amount_unit", "grade", "preparer", "filled_on")  # fmt: skip
STORIES = ("goal_planned", "goal_actual", "foot_reason", "remarks")
_NUMBERS = ("score", "money", "percent", "quantity", "number", "count")
_NOTE, _BEHIND, _WHOLE, _TOLD = 128, 80, 480, 3
"""Columns of a note beside the form, of one that stands behind what is expected, of one above the form, and how many notes of a row are told in words; of the others the numbers stand there."""

_WIDE_SHARE, _WIDE_ROWS = 0.6, 8
"""A finding on more than this share of a table, and at least so many rows, is noted once in the column's head."""


class Note(Struct, frozen=True):
    """A note in the right margin and the findings that say it; none for a cell that cannot be read and has no finding."""

    items: tuple[Item, ...]
    text: str

    @property
    def runs(self) -> tuple[tuple[Item, Item], ...]:
        """The findings as (first, last) of runs: three or more of one status with numbers in a row stand as one."""
        runs: list[list[Item]] = []
        for item in self.items:
            if runs and (item.number, item.status) == (runs[-1][-1].number + 1, runs[-1][-1].status):
                runs[-1].append(item)
            else:
                runs.append([item])
        return tuple(pair for run in runs for pair in ([(run[0], run[-1])] if len(run) > 2 else [(item, item) for item in run]))


class Shown(Struct, frozen=True):
    """One cell as printed: its text, its mark ("" or a status), whether it cannot be read, and how it is set."""

    text: str
    status: str = ""
    gap: str = ""
    joins: str = ""
    css: str = ""


class MarkedRow(Struct, frozen=True):
    """One row: anchor, what stands in the left margin, cells in the order of the table's columns, notes."""

    anchor: str
    mark: str
    cells: tuple[Shown, ...]
    notes: tuple[Note, ...]


class Column(Struct, frozen=True):
    """One column with the findings that concern all of it."""

    key: str
    name: str
    number: bool
    items: tuple[Item, ...]


class MarkedTable(Struct, frozen=True):
    """One table of the form as printed."""

    columns: tuple[Column, ...]
    rows: tuple[MarkedRow, ...]


class Marks(Struct, frozen=True):
    """Where every finding stands: status by cell, notes by row, findings by column."""

    cells: Mapping[tuple[str, int, str], str]
    notes: Mapping[tuple[str, int], tuple[Note, ...]]
    heads: Mapping[tuple[str, str], tuple[Item, ...]]
    whole: tuple[Note, ...]
    mentions: Mapping[str, tuple[Item, ...]]


def column_of(table: str, field: str) -> str:
    """Return the column a field is printed in: a reading stands in the first cell it is read from."""
    if field in ("level1_weight", "level2_weight"):
        return field.removesuffix("_weight")
    known = BY_TABLE.get(table, {}).get(field)
    return column_of(table, known.source[0]) if known is not None and known.source else field


def _group_row(form: Form, row: int) -> tuple[int, str] | None:
    """Return the first indicator row of a group, and the column its name stands in."""
    if not 1 <= row <= len(form.indicator_groups):
        return None
    group = form.indicator_groups[row - 1]
    keys = ("level1", "level2") if group.get("level2") is not None else ("level1",)
    for number, indicator in enumerate(form.indicators, 1):
        if all(indicator.get(key) == group.get(key) for key in keys):
            return number, keys[-1]
    return None


def _cell(form: Form, at: Location) -> tuple[str, int, str]:
    if at.table == "indicator_groups":
        found = _group_row(form, at.row)
        return ("indicators", *found) if found is not None else ("forms", 1, "")
    return at.table, at.row, column_of(at.table, at.field)


def _said(item: Item, labels: Mapping[str, Any]) -> str:
    finding = item.finding
    expected, sum_ = finding.expected or "", finding.arithmetic or ""
    if item.status in ("error", "warning", "note") and 0 < len(expected) <= 24:
        text = labels["page"]["form"]["should"].format(n=expected)
        if 0 < len(sum_) <= 48:
            return str(text + labels["join_mark"] + sum_)
        return str(text + labels["join_mark"] + _short(finding.message, _BEHIND))
    return _short(finding.message, _NOTE)


def _short(text: str, columns: int) -> str:
    """Return what fits the columns, whole words only: a Chinese character takes two, so that both languages say as much."""
    told = lines(text, columns)
    first = next(told)
    return f"{first}…" if next(told, None) is not None else first


def merged(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Say what several findings say alike only once, with all their numbers."""
    by_text: dict[str, tuple[Item, ...]] = {}
    for note in notes:
        by_text[note.text] = by_text.get(note.text, ()) + note.items
    told = sorted((Note(items, text) for text, items in by_text.items() if text), key=_weight)
    silent = sorted((item for note in (*told[_TOLD:], *(Note(items, "") for text, items in by_text.items() if not text)) for item in note.items), key=lambda item: item.number)
    return (*told[:_TOLD], *([Note(tuple(silent), "")] if silent else []))


def _weight(note: Note) -> int:
    return min((STATUSES.index(item.status) for item in note.items), default=-1)


def marks(form: Form, groups: Iterable[Group], labels: Mapping[str, Any]) -> Marks:
    """Place the findings on the form; waived and baseline ones are left to the list of findings."""
    cells: dict[tuple[str, int, str], str] = {}
    notes: dict[tuple[str, int], list[Note]] = {}
    heads: dict[tuple[str, str], list[Item]] = {}
    whole: list[Note] = []
    mentions: dict[str, list[Item]] = {}
    sizes = {"indicators": len(form.indicators), "budget_lines": len(form.budget_lines)}
    for item in (item for group in groups if not group.accepted for item in group.items):
        spots = list(dict.fromkeys(_cell(form, at) for at in primary(item.finding)))
        for at in item.finding.locations:
            column = column_of(at.table, at.field)
            if at.table == "forms" and column in STORIES and item not in mentions.setdefault(column, []):
                mentions[column].append(item)
        tables = {(table, column) for table, _, column in spots}
        if len(tables) == 1:
            table, column = next(iter(tables))
            if len(spots) >= _WIDE_ROWS and len(spots) > _WIDE_SHARE * sizes.get(table, len(spots)):
                heads.setdefault((table, column), []).append(item)
                continue
        text, told = _said(item, labels), set()
        for n, (table, row, column) in enumerate(spots):
            note = Note((item,), text if n == 0 else "")
            if (table, row) in told:
                pass
            elif table == "forms" and column not in HEADER and column not in STORIES and column not in ("total_weight", "total_score"):
                whole.append(Note((item,), _short(item.finding.message, _WHOLE) if n == 0 else ""))
            else:
                notes.setdefault((table, row) if table != "forms" else (f"forms.{column}", 1), []).append(note)
            told.add((table, row) if table != "forms" else (column, 1))
            worst = cells.get((table, row, column))
            if worst is None or STATUSES.index(item.status) < STATUSES.index(worst):
                cells[table, row, column] = item.status
    return Marks(
        cells, {k: merged(v) for k, v in notes.items()}, {k: tuple(v) for k, v in heads.items()}, merged(whole), {k: tuple(v) for k, v in mentions.items()}
    )


def anchors(form: Form, places: RowPlaces) -> Anchors:
    """Return the anchor of every printed row: L39 for source line 39, R11 for sheet row 11, else table and row."""
    used: set[str] = set()
    found: dict[tuple[str, int, str], str] = {}

    def give(key: tuple[str, int, str], place: Place | None, fallback: str) -> None:
        base = fallback
        if place is not None and place.locator.line is not None:
            base = f"L{place.locator.line}"
        elif place is not None and place.locator.cell is not None and (mark := row_mark(place.locator)):
            base = f"R{mark}"
        found[key] = base if base not in used else fallback
        used.add(found[key])

    for name in (*HEADER, *STORIES, "total_score"):
        give(("forms", 1, name), form.places.get(("forms", 1, name)), f"form-{name}")
    found["forms", 1, "total_weight"] = found["forms", 1, "total_score"]
    for table, rows in (("budget_lines", form.budget_lines), ("indicators", form.indicators)):
        for number in range(1, len(rows) + 1):
            give((table, number, ""), places.get((table, number)), f"{table}-{number}")
    return found


def row_anchor(form: Form, known: Anchors, at: Location) -> str | None:
    """Return the anchor of the printed row a location stands in, None when the form does not print it."""
    table, row, column = _cell(form, at)
    return known.get((table, row, column) if table == "forms" else (table, row, ""))


def value_text(form: Form, table: str, row: int, name: str, value: FieldValue) -> str:
    """Return a value as filed: numbers with the source's own digits and signs, text without what surrounds it."""
    return _filed(value, form.places.get((table, row, name)), _unit(table, name))


def _unit(table: str, name: str) -> str:
    field = BY_TABLE[table].get(name)
    return field.unit if field is not None else ""


def _filed(value: FieldValue, place: Place | None, unit: str) -> str:
    if value is None:
        return place.text if place is not None and place.unread is not None else ""
    if unit in _NUMBERS and place is not None and len(place.text) <= 30 and _NUMBER.fullmatch(place.text):
        return place.text.strip()
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:,f}" if unit == "money" else f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def columns(form: Form, table: str, names: tuple[str, ...], found: Marks, labels: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return the columns the form has: those with a value, a place or a finding; never one its layout lacks."""
    rows = form.budget_lines if table == "budget_lines" else form.indicators
    used = {name for row in rows for name in row}
    used |= {name for (where, _, name), place in form.places.items() if where == table and (place.text or place.unread)}
    used |= {column for where, _, column in found.cells if where == table} | {c for where, c in found.heads if where == table}
    kept = [name for name in names if name in used or name in ALWAYS[table]]
    return tuple(
        Column(name, field_name(labels, table, name), BY_TABLE[table][name].unit in _NUMBERS, found.heads.get((table, name), ())) for name in kept
    )


def _goes_on(rows: tuple[Row, ...], name: str) -> list[bool]:
    """Say of each row whether its level cell goes on from the row above, as the merged cells of the form do; after the last row nothing goes on."""
    keys = ("level1", "level2") if name == "level2" else ("level1",)
    levels = [tuple([row.get(key) for key in keys]) for row in rows]
    return [False, *(mine[-1] is not None and mine == above for above, mine in pairwise(levels)), False]


def _same_cell(form: Form, table: str, number: int, name: str) -> bool:
    """True when the cell of the row above is this very cell, merged over both rows."""
    mine, above = form.places.get((table, number, name)), form.places.get((table, number - 1, name))
    return mine is not None and above is not None and bool(mine.text) and mine == above and bool(row_mark(mine.locator))


def _printed(form: Form, table: str, rows: tuple[Row, ...], column: Column, first: str, found: Marks, labels: Mapping[str, Any]) -> list[Shown]:
    """Return the cells of a column; `first` is how they are set whatever is in them."""
    name, unit, level = column.key, _unit(table, column.key), column.key in ("level1", "level2")
    goes_on = _goes_on(rows, name) if level else []
    merged_over_rows = name in ("name", "target", "actual", "reason")
    cells: list[Shown] = []
    for number, row in enumerate(rows, 1):
        place, value, joins = form.places.get((table, number, name)), row.get(name), ""
        if merged_over_rows and number > 1 and _same_cell(form, table, number, name):
            cells.append(Shown("", joins="cont", css=f"{first} cont".strip()))
            continue
        text = _filed(value, place, unit)
        if level:
            joins = " ".join(["cont"] * goes_on[number - 1] + ["more"] * goes_on[number])
            if goes_on[number - 1]:
                text = ""
            elif row.get(f"{name}_weight") is not None:
                weight = value_text(form, table, number, f"{name}_weight", row[f"{name}_weight"])
                text += labels["page"]["form"]["weight_of"].format(n=weight)
        gap = place.unread or "" if place is not None and value is None else ""
        status = found.cells.get((table, number, name), "")
        css = "gap" if gap else " ".join(filter(None, (first, joins, status and f"hit {status}"))) if joins or status else first
        cells.append(Shown(text, status, gap, joins, css))
    return cells


def marked_table(
    form: Form, table: str, names: tuple[str, ...], found: Marks, known: Anchors, places: RowPlaces, labels: Mapping[str, Any]
) -> MarkedTable:
    """Return one table of the form as printed, each row with its source line and its notes."""
    rows: tuple[Row, ...] = form.budget_lines if table == "budget_lines" else form.indicators
    heads = columns(form, table, names, found, labels)
    set_as = [" ".join(["num"] * column.number + ["lv"] * (at < 2 and table == "indicators")) for at, column in enumerate(heads)]
    cells = [_printed(form, table, rows, column, first, found, labels) for column, first in zip(heads, set_as, strict=True)]
    printed: list[MarkedRow] = []
    for number, row in enumerate(zip(*cells, strict=True), 1):
        notes = found.notes.get((table, number), ())
        gaps = tuple([Note((), cell.gap) for cell in row if cell.gap])
        place = places.get((table, number))
        mark = row_mark(place.locator) if place is not None else ""
        printed.append(MarkedRow(known[table, number, ""], mark or str(number), row, merged(gaps + notes) if gaps else notes))
    return MarkedTable(heads, tuple(printed))


def facts(form: Form, found: Marks, known: Anchors) -> list[tuple[str, MarkedRow]]:
    """Return the header of the form, field by field: what is filled, cannot be read, or has a finding."""
    printed = []
    for name in HEADER:
        place = form.places.get(("forms", 1, name))
        status, value = found.cells.get(("forms", 1, name), ""), form.header.get(name)
        if value is None and not status and (place is None or place.unread is None):
            continue
        gap = place.unread or "" if place is not None and value is None else ""
        cell = Shown(value_text(form, "forms", 1, name, value), status, gap)
        notes = ((Note((), gap),) if gap else ()) + found.notes.get((f"forms.{name}", 1), ())
        printed.append((name, MarkedRow(known["forms", 1, name], row_mark(place.locator) if place else "", (cell,), merged(notes))))
    return printed

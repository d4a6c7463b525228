"""The findings as a page lists them: by rule, each with its subject, its place, what is filed, and the proof behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from checker.fields import BY_TABLE
from checker.model import Finding, FormResult, Location
from checker.render.arrange import Group, Item
from checker.render.labels import field_name, step_name
from checker.render.marked_form import STORIES, Anchors, column_of, row_anchor
from checker.render.places import many, primary, words
from checker.render.shown import shorten

_NARRATIVE = 120
"""A narrative longer than this is not quoted as what is filed: its place and the message say which part is meant."""

_OPERANDS = 12
"""Cells of one column that a proof lists one by one; of more it gives the rows."""

_STEPS, _STEP, _TEXT = 40, 80, 400
"""Steps of a proof that are listed, characters of the name and of the text of one."""

_PLACE, _LINES, _CELL = 160, 400, 60
"""Characters of the place of a finding, cells of it that are listed one by one, characters of a cell a proof rests on."""


class Operand(Struct, frozen=True):
    """A cell a proof rests on: its text ("" when it is blank, None when it stands for many cells), its place and the anchor of its row."""

    field: str
    text: str | None
    place: str
    anchor: str | None


class Row(Struct, frozen=True):
    """One finding: `field` and `anchor` are those of its one cell, `cells` how many it has, `lines` each of several with the anchor of its row."""

    item: Item
    subject: str
    field: str
    place: str
    anchor: str | None
    cells: int
    lines: tuple[tuple[str | None, str], ...]
    filed: str | None
    steps: tuple[tuple[str, str], ...]
    operands: tuple[Operand, ...]


class Listed(Struct, frozen=True):
    """The findings of one rule with one status; `message` is what all of them say, told once, `basis` the ground of the rule."""

    group: Group
    message: str | None
    basis: str
    rows: tuple[Row, ...]


def listed(result: FormResult, groups: Sequence[Group], known: Anchors, labels: Mapping[str, Any]) -> tuple[Listed, ...]:
    """Return the groups with their findings as a page lists them; `known` are the anchors of the printed rows."""
    return tuple([Listed(group, group.message, _basis(group.first.basis, labels), tuple([_row(result, item, known, labels) for item in group.items])) for group in groups])


def _basis(basis: Sequence[str], labels: Mapping[str, Any]) -> str:
    """Return the grounds of a rule in one line; the heading says what the first one is."""
    lead = str(labels["terminal"]["basis"]) + str(labels["colon"])
    return str(labels["join_mark"]).join([text[:300] for text in (*(text.removeprefix(lead) for text in basis[:1]), *basis[1:12])])


def _row(result: FormResult, item: Item, known: Anchors, labels: Mapping[str, Any]) -> Row:
    finding, form = item.finding, result.form
    at = primary(finding)
    others = [cell for cell in finding.locations if cell.role != "primary"]
    anchors = [row_anchor(form, known, cell) for cell in at[:_LINES]]
    return Row(
        item,
        _subject(result, at, labels),
        _field(labels, at[0]) if len(at) == 1 else "",
        shorten(many(labels, at), _PLACE),
        anchors[0] if len(at) == 1 else None,
        len(at),
        tuple([(anchor, words(labels, cell.locator) or anchor or str(cell.row)) for cell, anchor in zip(at, anchors, strict=False)]) if len(at) > 1 else (),
        _filed(result, finding, at, labels),
        tuple([(step_name(labels, finding.rule, step.name)[:_STEP], step.text[:_TEXT]) for step in [step for step in finding.steps if step.text != finding.arithmetic][:_STEPS]]),
        tuple(_operands(result, others, known, labels)),
    )


def _field(labels: Mapping[str, Any], at: Location) -> str:
    """Return the field of a location as a person calls it."""
    return field_name(labels, at.table, column_of(at.table, at.field)) if at.field else ""


def _subject(result: FormResult, at: Sequence[Location], labels: Mapping[str, Any]) -> str:
    """Return what a finding is about: the indicator, budget line or group by name, else the field."""
    if not at:
        return str(labels["places"]["whole"])
    first, form = at[0], result.form
    field = _field(labels, first)
    if len(at) > 1 and len({(a.table, a.row) for a in at}) > 1:
        return field or labels["tables"].get(first.table, "")
    rows = {"indicators": form.indicators, "budget_lines": form.budget_lines, "indicator_groups": form.indicator_groups}.get(first.table, ())
    if not 1 <= first.row <= len(rows):
        return field or str(labels["places"]["whole"])
    row = rows[first.row - 1]
    return str(row.get("name") or row.get("label") or row.get("level2") or row.get("level1") or field)


def _filed(result: FormResult, finding: Finding, at: Sequence[Location], labels: Mapping[str, Any]) -> str | None:
    """Return what is filed: the finding's own word, "" for a blank cell; None when no one cell says it or it is a whole narrative."""
    if len(at) != 1 or at[0].field not in BY_TABLE.get(at[0].table, {}):
        return finding.reported
    if finding.reported is not None:
        return None if at[0].table == "forms" and at[0].field in STORIES and len(finding.reported) > _NARRATIVE else finding.reported
    column = column_of(at[0].table, at[0].field)
    place = result.form.places.get((at[0].table, at[0].row, column))
    if place is not None and place.unread is not None and not place.text:
        return str(labels["page"]["findings"]["unread"])
    rows = {"forms": (result.form.header,), "budget_lines": result.form.budget_lines, "indicators": result.form.indicators}.get(at[0].table, ())
    row = rows[at[0].row - 1] if 0 < at[0].row <= len(rows) else {column: ""}
    if row.get(column) is None and (place is None or not place.text):
        return ""
    return place.text if place is not None and at[0].table != "forms" else None


def _operands(result: FormResult, cells: Sequence[Location], known: Anchors, labels: Mapping[str, Any]) -> list[Operand]:
    """Return the cells a finding used: each with its text and place, or, many of one column, their rows in one."""
    columns: dict[tuple[str, str], list[Location]] = {}
    for at in cells:
        columns.setdefault((at.table, at.field), []).append(at)
    made: list[Operand] = []
    for column in columns.values():
        name = _field(labels, column[0])
        if len(column) > _OPERANDS:
            count = labels["places"]["count"].format(n=len(column))
            made.append(Operand(f"{name} {count}", None, shorten(many(labels, column), _PLACE), None))
            continue
        for at in column:
            text = at.text if len(at.text) <= _CELL else at.text[:_CELL] + "…"
            made.append(Operand(name, text if at.text.strip() else "", words(labels, at.locator), row_anchor(result.form, known, at)))
    return made

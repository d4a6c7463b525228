"""The smallest corrections of a form in words: which cells, which values, and why one is the likeliest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.model import FormResult, Location, Locator
from checker.render.labels import field_name, joined
from checker.render.places import row_words, words


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a proposal: where it stands, what stands there, what should."""

    at: Location
    place: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to make the equations hold: its cells, remarks, and whether it is the likeliest."""

    label: str
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    likeliest: bool


def proposals(result: FormResult, labels: Mapping[str, Any]) -> tuple[tuple[Proposal, ...], str]:
    """Return the proposals in order, and a line on what was left out ("" when all ways are listed)."""
    said = labels["page"]["recalc"]
    made: list[Proposal] = []
    limit, option = "", 0
    for correction in result.corrections:
        kind, cells = correction.get("kind"), correction.get("cells")
        if kind == "limit":
            limit = said["limit"].format(n=correction.get("shown", option))
            continue
        if not isinstance(cells, Sequence) or isinstance(cells, str):
            continue
        option += kind != "deduced"
        changes = tuple(_change(cell, result, labels) for cell in cells if isinstance(cell, Mapping))
        remarks = [said["slips"][cell["slip"]] for cell in cells if isinstance(cell, Mapping) and cell.get("slip") in said["slips"]]
        if kind == "deduced":
            remarks.insert(0, said["follows"])
        if len(changes) > 1:
            remarks.insert(0, said["together"].format(n=len(changes)))
        rules = correction.get("rules")
        if isinstance(rules, Sequence) and not isinstance(rules, str) and rules:
            remarks.append(said["broken"].format(rules=joined(labels, [str(rule) for rule in rules])))
        label = said["deduced"] if kind == "deduced" else said["option"].format(n=option)
        made.append(Proposal(label, changes, tuple(remarks), bool(correction.get("likeliest"))))
    return tuple(made), limit


def _change(cell: Mapping[str, Any], result: FormResult, labels: Mapping[str, Any]) -> Change:
    said = labels["page"]["recalc"]
    table, field = str(cell.get("table", "")), str(cell.get("field", ""))
    row = cell.get("row")
    place = Locator(sheet=cell.get("sheet"), cell=cell.get("cell"), line=cell.get("line"))
    at = Location("primary", table, row if isinstance(row, int) else 0, field, "", place)
    reported, value = cell.get("reported"), _value(cell, said)
    text = said["fill"].format(value=value) if reported is None else said["to"].format(reported=reported, value=value)
    return Change(at, words(labels, place) or row_words(labels, at), field_name(labels, table, field), text)


def _value(cell: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """Return the value a cell must take: one number, a few, an interval, or any other than the one it has."""
    if cell.get("value") is not None:
        return str(cell["value"])
    values, low, high = cell.get("values"), cell.get("low"), cell.get("high")
    if isinstance(values, Sequence) and not isinstance(values, str) and values:
        return str(said["one_of"].format(values=str(said["or"]).join(map(str, values))))
    if low is not None and high is not None:
        return str(said["between"].format(low=low, high=high))
    if low is not None:
        return str(said["at_least"].format(low=low))
    return str(said["at_most"].format(high=high) if high is not None else said["any_value"])

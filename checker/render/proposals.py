"""The smallest corrections of a form in words: which cells, which values, and why one is the likeliest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from checker.model import FormResult, Location, Locator
from checker.render.labels import field_name, joined
from checker.render.places import row_words, words
from checker.wording import phrase


class Change(Struct, frozen=True):
    """One cell of a proposal: where it stands, what stands there, what should."""

    at: Location
    place: str
    field: str
    text: str


class Proposal(Struct, frozen=True):
    """One way to make the equations hold: its cells, remarks, and whether it is the likeliest."""

    label: str
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    likeliest: bool


class Ways(Struct, frozen=True):
    """The proposals for equations that are broken together: a heading ("" for values that follow), and what was left out."""

    heading: str
    options: tuple[Proposal, ...]
    limit: str


def proposals(result: FormResult, labels: Mapping[str, Any]) -> tuple[Ways, ...]:
    """Return the proposals by group; of a group one way is enough."""
    grouped: dict[object, list[Mapping[str, Any]]] = {}
    for correction in result.corrections:
        grouped.setdefault(correction.get("group"), []).append(correction)
    return tuple(_ways(group, listed, result, labels) for group, listed in grouped.items())


def _ways(group: object, listed: Sequence[Mapping[str, Any]], result: FormResult, labels: Mapping[str, Any]) -> Ways:
    said = labels["page"]["recalc"]
    made: list[Proposal] = []
    limit, rules = "", ""
    for correction in listed:
        kind, cells = correction.get("kind"), correction.get("cells")
        broken = correction.get("rules")
        if isinstance(broken, Sequence) and not isinstance(broken, str) and broken:
            titles = {finding.rule: f"{finding.rule} {finding.title}" for finding in result.findings}
            rules = joined(labels, [titles.get(str(rule), str(rule)) for rule in broken])
        if kind == "limit":
            shown = correction.get("shown", len(made))
            limit = phrase(said["limit"], n=shown) if shown else said["none_found"]
            continue
        if not isinstance(cells, Sequence) or isinstance(cells, str):
            continue
        changes = tuple(_change(cell, result, labels) for cell in cells if isinstance(cell, Mapping))
        remarks = [said["slips"][cell["slip"]] for cell in cells if isinstance(cell, Mapping) and cell.get("slip") in said["slips"]]
        if kind == "deduced":
            remarks.insert(0, said["follows"])
        if len(changes) > 1:
            remarks.insert(0, phrase(said["together"], n=len(changes)))
        label = said["deduced"] if kind == "deduced" else said["option"].format(n=len(made) + 1)
        made.append(Proposal(label, changes, tuple(remarks), bool(correction.get("likeliest"))))
    heading = said["broken" if len(made) > 1 else "broken_one"].format(rules=rules) if group is not None and rules else ""
    return Ways(heading, tuple(made), limit)


def _change(cell: Mapping[str, Any], result: FormResult, labels: Mapping[str, Any]) -> Change:
    said = labels["page"]["recalc"]
    table, field = str(cell.get("table", "")), str(cell.get("field", ""))
    row = cell.get("row")
    place = Locator(sheet=cell.get("sheet"), cell=cell.get("cell"), line=cell.get("line"))
    at = Location("primary", table, row if isinstance(row, int) else 0, field, "", place)
    reported, value = cell.get("reported"), _value(cell, said)
    known = cell.get("value") is not None or bool(cell.get("values"))
    text = said["fill"].format(value=value) if reported is None else said["to" if known else "to_words"].format(reported=reported, value=value)
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

"""The sentence and the points at the top of a report, composed from what was found and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.model import FormResult, Location, Outcome, Results
from checker.render.arrange import Group
from checker.render.labels import family_name, field_name, joined
from checker.render.places import many, primary
from checker.render.shown import shorten

POINTS = 3
_RANK = ("fault", "error", "warning", "open", "review", "note")
_QUIET = (Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Point:
    """One of the points a head of division would repeat: heading, text, and the finding it comes from."""

    heading: str
    text: str
    anchor: str
    status: str


def quoted(labels: Mapping[str, Any], text: str) -> str:
    """Return the text in quotation marks, those inside it made single."""
    left, right, inner_left, inner_right = map(str, labels["quote"])
    return left + text.replace(left, inner_left).replace(right, inner_right) + right


def _locations(group: Group) -> tuple[Location, ...]:
    return tuple(at for item in group.items for at in primary(item.finding))


def _families(form: FormResult, results: Results, labels: Mapping[str, Any]) -> list[str]:
    """Name the families whose rules all hold, at least one of them having been applied."""
    family_of = {rule.id: rule.family for rule in results.ruleset.rules}
    held: dict[str, bool] = {}
    applied: set[str] = set()
    for rule in form.rules:
        family = family_of.get(rule.rule, rule.rule.split("-")[0])
        held[family] = held.get(family, True) and rule.outcome in _QUIET
        if rule.outcome is Outcome.PASS:
            applied.add(family)
    return [family_name(labels, family) for family, all_held in held.items() if all_held and family in applied]


def _problems(groups: tuple[Group, ...], labels: Mapping[str, Any]) -> list[str]:
    """Say of the worst severity found how many findings it has and under which rules most of them fall."""
    said = labels["summary"]
    for status in ("error", "warning", "note"):
        mine = sorted((g for g in groups if g.status == status and not g.accepted), key=lambda g: (-len(g.items), g.rule))
        if not mine:
            continue
        titles = [said["problem"].format(title=quoted(labels, shorten(g.title, 40)), n=len(g.items)) for g in mine[:2]]
        text = joined(labels, titles)
        if len(mine) > 2:
            text = said["problem_first"].format(title=text)
        total = sum(len(g.items) for g in mine)
        return [said["problems"].format(n=total, status=labels["statuses"][status]["name"], titles=text)]
    return []


def sentence(form: FormResult, results: Results, groups: tuple[Group, ...], labels: Mapping[str, Any]) -> str:
    """Return one sentence: what holds, where the problems are, what could not be decided."""
    said = labels["summary"]
    count = {status: sum(len(g.items) for g in groups if g.status == status and not g.accepted) for status in _RANK}
    parts: list[str] = []
    if count["fault"]:
        parts.append(said["fault"].format(n=count["fault"]))
    families = _families(form, results, labels)
    if families:
        parts.append(said["holds"].format(families=joined(labels, families)))
    problems = _problems(groups, labels)
    parts += problems
    if count["open"]:
        parts.append(said["open" if problems else "open_only"].format(n=count["open"]))
    if count["review"]:
        parts.append(said["review"].format(n=count["review"]))
    if not any(count.values()):
        run = sum(rule.outcome is not Outcome.NOT_APPLICABLE for rule in form.rules)
        parts = [said["clean"].format(n=run)] if run else [said["nothing"]]
    text = str(labels["join_mark"]).join(parts) + str(labels["stop"])
    return text[:1].upper() + text[1:]


def points(form: FormResult, groups: tuple[Group, ...], labels: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return at most three points: the worst and widest rules, one place kept for what could not be decided."""
    ranked = sorted((g for g in groups if not g.accepted), key=lambda g: (_RANK.index(g.status), -len(_locations(g)), g.rule))
    chosen = ranked[:POINTS]
    undecided = [g for g in ranked if g.status == "open"]
    if undecided and not any(g.status == "open" for g in chosen):
        chosen = [*chosen[: POINTS - 1], undecided[0]]
    return tuple(_point(group, form, labels) for group in chosen)


def _point(group: Group, form: FormResult, labels: Mapping[str, Any]) -> Point:
    places = many(labels, _locations(group)) or labels["places"]["whole"]
    text = f"{shorten(places, 80)}{labels['colon']}{shorten(group.first.message, 120)}"
    if len(group.items) > 1:
        text = text.rstrip("。.") + labels["summary"]["more"].format(n=len(group.items) - 1) + labels["stop"]
    if group.status == "open":
        text += _correction(form, labels)
    return Point(shorten(group.title, 60), text, group.items[0].anchor, group.status)


def _correction(form: FormResult, labels: Mapping[str, Any]) -> str:
    """Say what the one smallest correction would be, when there is exactly one."""
    if len(form.corrections) != 1:
        return ""
    cells = form.corrections[0].get("cells")
    if not isinstance(cells, tuple | list) or not cells:
        return ""
    said = labels["summary"]
    named = []
    for cell in cells:
        if not isinstance(cell, Mapping) or cell.get("proposed") is None:
            return ""
        line = cell.get("line")
        place = "" if line is None else labels["places"]["line"].format(n=line)
        field = field_name(labels, str(cell.get("table", "")), str(cell.get("field", "")))
        named.append(said["correction_cell"].format(place=place, field=field, value=cell["proposed"]))
    return f"{labels['unit_space']}{said['correction'].format(cells=joined(labels, named))}{labels['stop']}"

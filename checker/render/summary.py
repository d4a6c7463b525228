"""The sentence and the points at the top of a report, composed from what was found and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from checker.model import FormResult, Location, Locator, Outcome, Results
from checker.render.arrange import Group
from checker.render.labels import family_name, field_name, joined
from checker.render.places import many, primary, words
from checker.render.shown import shorten
from checker.wording import phrase

POINTS = 3
_RANK = ("fault", "error", "warning", "open", "review", "note")
_QUIET = (Outcome.PASS, Outcome.NOT_APPLICABLE)


class Point(Struct, frozen=True):
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
    families = [family_of.get(rule.rule) or rule.rule.split("-")[0] for rule in form.rules]
    applied = {family for family, rule in zip(families, form.rules, strict=True) if rule.outcome is Outcome.PASS}
    broken = {family for family, rule in zip(families, form.rules, strict=True) if rule.outcome not in _QUIET}
    return [family_name(labels, family) for family in dict.fromkeys(families) if family in applied and family not in broken]


def _problems(groups: tuple[Group, ...], labels: Mapping[str, Any]) -> list[str]:
    """Say of the worst severity found how many findings it has and under which rules they fall."""
    said = labels["summary"]
    for status in ("error", "warning", "note"):
        mine = sorted((g for g in groups if g.status == status and not g.accepted), key=lambda g: (-len(g.items), g.rule))
        if not mine:
            continue
        total = sum(len(g.items) for g in mine)
        named = mine[:2] if len(mine) > 3 else mine
        shares = [said["problem"].format(title=quoted(labels, shorten(g.title, int(said["title_limit"]))), n=len(g.items)) for g in named]
        text = joined(labels, shares) + (said["and_others"] if len(named) < len(mine) else "")
        most = 2 * sum(len(g.items) for g in mine[:2]) >= total > len(mine)
        pattern = said["problems" if most and len(mine) > 1 else "problems_each"]
        return [pattern.format(n=total, status=labels["statuses"][status]["name"], titles=text)]
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
        parts = [phrase(said["clean"], n=run)] if run else [said["nothing"]]
    if form.unread:
        parts.append(unread(form, labels))
    text = str(labels["join_mark"]).join(parts) + str(labels["stop"])
    return text[:1].upper() + text[1:]


def unread(form: FormResult, labels: Mapping[str, Any]) -> str:
    """Say how many cells could not be read, and where they stand."""
    return phrase(labels["summary"]["unread"], n=len(form.unread), places=shorten(many(labels, form.unread) or labels["places"]["whole"], 80))


def points(form: FormResult, groups: tuple[Group, ...], labels: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return at most three points: the worst and widest rules, one place kept for what could not be decided."""
    ranked = sorted((g for g in groups if not g.accepted), key=lambda g: (_RANK.index(g.status), -len(_locations(g)), g.rule))
    undecided = [g for g in ranked if g.status == "open"]
    others = [g for g in ranked if g.status != "open"]
    chosen = [_point(group, labels) for group in others[: POINTS - bool(undecided)]]
    return (*chosen, *([_undecided(undecided, form, labels)] if undecided else []))


def _undecided(groups: list[Group], form: FormResult, labels: Mapping[str, Any]) -> Point:
    """Say how much is undecided and for which reason most of it is, with the correction that would settle it."""
    said = labels["summary"]
    items = [item for group in groups for item in group.items]
    reason, count = Counter(item.finding.message for item in items).most_common(1)[0]
    first = next(item for item in items if item.finding.message == reason)
    heading = groups[0].title if len(items) == 1 else said["open_point"].format(n=len(items))
    text = shorten(reason, 160).rstrip("。.")
    where = many(labels, primary(first.finding)) if len(items) == 1 else ""
    if where and where not in text:
        text = f"{where}{labels['colon']}{text}"
    if 1 < count < len(items):
        text += said["open_share"].format(n=count)
    return Point(shorten(heading, 60), text + labels["stop"] + _correction(form, labels), first.anchor, "open")


def _point(group: Group, labels: Mapping[str, Any]) -> Point:
    places = many(labels, _locations(group)) or labels["places"]["whole"]
    text = f"{shorten(places, 80)}{labels['colon']}{shorten(group.first.message, 120)}"
    if len(group.items) > 1:
        text = text.rstrip("。.") + labels["summary"]["more"].format(n=len(group.items) - 1) + labels["stop"]
    return Point(shorten(group.title, 60), text, group.items[0].anchor, group.status)


def _correction(form: FormResult, labels: Mapping[str, Any]) -> str:
    """Say which value follows for an empty cell when everything else stands, if there is just one proposal."""
    proposals = [c for c in form.corrections if c.get("kind") != "limit"]
    if len(proposals) != 1 or proposals[0].get("kind") != "deduced":
        return ""
    cells = proposals[0].get("cells")
    if not isinstance(cells, tuple | list) or len(cells) != 1 or not isinstance(cells[0], Mapping) or not cells[0].get("value"):
        return ""
    cell, said = cells[0], labels["summary"]
    place = words(labels, Locator(sheet=cell.get("sheet"), cell=cell.get("cell"), line=cell.get("line")))
    field = field_name(labels, str(cell.get("table", "")), str(cell.get("field", "")))
    return f"{labels['unit_space']}{said['correction'].format(place=place, field=field, value=cell['value'])}{labels['stop']}"

"""Findings as marks: which cell gets which colour and comment, and what the legend lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from checker.marked.words import STRENGTH, WORDS
from checker.model import Finding, Form, FormResult, Location, Outcome
from checker.render import labels, places, told
from checker.render.tally import counts

MAX_MESSAGE = 1_200
MAX_COMMENT = 12_000
MAX_LISTED = 20_000
MAX_PLACES = 30


class Mark(Struct, frozen=True):
    """One finding to be shown: how it is marked, its texts, the cells it points at, each with its form."""

    status: str
    name: str
    head: str
    body: tuple[str, ...]
    locations: tuple[Location, ...]
    form: Form


def marks_of(results: Sequence[FormResult], lang: str) -> tuple[Mark, ...]:
    """Returns the findings of the forms of one file as marks, weightiest first within each form, none twice."""
    made: dict[tuple[object, ...], Mark] = {}
    for result in results:
        for finding in sorted(result.findings, key=told.rank):
            mark = _mark(finding, result.form, lang)
            made.setdefault((mark.status, mark.head, mark.body, mark.locations), mark)
    return tuple(made.values())


def _mark(finding: Finding, form: Form, lang: str) -> Mark:
    words = WORDS[lang]
    status = status_of(finding)
    name = words["accepted"] if status == "accepted" else told.kind_name(finding, lang)
    character = labels.load(lang)["statuses"]["not_applicable" if status == "accepted" else status]["mark"]
    body = [told.cut(finding.message, MAX_MESSAGE)]
    if finding.reported is not None and finding.expected is not None:
        body.append(f"{words['reported']}{told.cut(finding.reported, 300)}　{words['expected']}{told.cut(finding.expected, 300)}")
    if finding.advice:
        body.append(words["advice"] + told.cut(finding.advice, MAX_MESSAGE))
    if settled := told.settled_text(finding, lang):
        body.append(words["settled"] + told.cut(settled, MAX_MESSAGE))
    head = f"{told.one_line(finding.rule, 60)} {told.one_line(finding.title, 300)}".strip()
    return Mark(status, f"{character} {name}", head, tuple(text for text in body if text), places.primary(finding), form)


def status_of(finding: Finding) -> str:
    """Returns how a finding is marked: accepted, fault, review, open or its severity."""
    if not counts(finding):
        return "accepted"
    if finding.kind is Outcome.FAIL:
        return finding.severity.value
    return "fault" if finding.kind is Outcome.ERROR else finding.kind.value


def strongest(marks: Iterable[Mark]) -> str:
    """Returns the status that gives a cell its colour."""
    return min((mark.status for mark in marks), key=STRENGTH.index)


def comment(marks: Sequence[Mark], lang: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Returns what a cell's comment says: (head, lines, status) a finding; beyond the limit how many are left out."""
    said: list[tuple[str, tuple[str, ...], str]] = []
    size = 0
    for at, mark in enumerate(marks):
        size += len(mark.head) + sum(map(len, mark.body)) + 20
        if size > MAX_COMMENT and said:
            said.append((WORDS[lang]["more"].format(n=len(marks) - at), (), "open"))
            break
        said.append((f"{mark.name} · {mark.head}", mark.body, mark.status))
    return said


def where(mark: Mark, placed: bool, several: bool, lang: str) -> str:
    """Returns the places of a mark in words, for the legend: F43、F44 · 全年完成值; with their sheets when there are `several`."""
    words = WORDS[lang]
    catalogue = labels.load(lang)
    by_field: dict[str, list[Location]] = {}
    for at in mark.locations:
        by_field.setdefault(told.field_name(at.table, at.field, lang), []).append(at)
    said = []
    for name, found in by_field.items():
        cells = list(dict.fromkeys(_cell(at, several) for at in found if at.locator.cell))
        named = labels.joined(catalogue, cells[:MAX_PLACES]) + ("…" if len(cells) > MAX_PLACES else "")
        # A field of the form itself without a place borrows the place of another one: that is no place to send a reader to.
        near = "" if not placed and found[0].table == "forms" else places.many(catalogue, found)
        said.append(" · ".join(part for part in (told.cut(named or near, 600), name) if part))
    return ("\n".join(said) or words["whole"]) + ("" if placed else words["only_here"])


def _cell(at: Location, several: bool) -> str:
    return f"{at.locator.sheet}!{at.locator.cell}" if several and at.locator.sheet else str(at.locator.cell)


def statuses(marks: Iterable[Mark], lang: str) -> list[tuple[str, str, str]]:
    """Returns the explanation of each status that occurs: (status, mark and name, what it means)."""
    catalogue: Any = labels.load(lang)
    seen = {mark.status for mark in marks}
    made = []
    for status in STRENGTH:
        if status not in seen:
            continue
        if status == "accepted":
            made.append((status, f"{catalogue['statuses']['not_applicable']['mark']} {WORDS[lang]['accepted']}", WORDS[lang]["accepted_tally"]))
        else:
            entry = catalogue["statuses"][status]
            made.append((status, f"{entry['mark']} {entry['name']}", str(catalogue["tally"].get(status, ""))))
    return made

"""Places in words, and short keys for them that stay the same from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import is_
from typing import Any

from msgspec.structs import replace

from checker.model import Finding, Form, FormResult, Location, Locator, Place

_A1 = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})")
_UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")

_MERGED = {name: rank for rank, name in enumerate(("actual", "reason", "target", "name", "label", "level2", "level1", "level2_weight", "level1_weight"))}
"""Columns whose cells may be merged over rows, the least likely first: their places say least of a row."""


def row_mark(locator: Locator) -> str:
    """Return what stands in the left margin beside a row: its source line, sheet row or page; "" when unknown."""
    if locator.line is not None:
        return str(locator.line)
    row = _sheet_row(locator.cell) if locator.cell else ""
    return row or ("" if locator.page is None else f"p{locator.page}")


@lru_cache(1 << 12)
def _sheet_row(cell: str) -> str:
    """Return the row of a cell of a sheet, "" for what is none: forms of one layout have the same cells."""
    found = _A1.match(cell)
    return found.group(2) if found else ""


def unread_reason(form: Form, at: Location) -> str:
    """Return why a cell could not be read; what stands there where no reason was given."""
    held = form.places.get((at.table, at.row, at.field))
    return held.unread if held and held.unread else at.text


def place_key(location: Location) -> str:
    """Return the key of a place within its form: L39 for a line, E11 for a sheet cell, else table and row."""
    at = location.locator
    if at.line is not None:
        return f"L{at.line}" if at.page is None else f"P{at.page}L{at.line}"
    if at.cell is not None:
        return _UNSAFE.sub("-", at.cell)
    return f"{location.table}-{location.row}" if location.table != "forms" else _UNSAFE.sub("-", location.field) or "form"


def words(labels: Mapping[str, Any], at: Locator) -> str:
    """Return a place in words, e.g. 第 39 行第 9 格, Sheet1!E11, 第 2 页; "" when the format has none."""
    said = labels["places"]
    if at.cell is not None:
        return f"{at.sheet}!{at.cell}" if at.sheet else at.cell
    parts = []
    if at.page is not None:
        parts.append(said["page"].format(n=at.page))
    if at.table is not None:
        parts.append(said["table"].format(n=at.table))
    if at.line is not None:
        parts.append(said["line"].format(n=at.line))
        if at.column is not None:
            parts.append(said["column"].format(n=at.column))
    return str(said["join"]).join(parts)


def ranges(numbers: Iterable[int]) -> list[str]:
    """Return sorted numbers with runs of three or more written as ranges, e.g. 20–26 and 51."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(n) for n in run]
    return parts


def primary(finding: Finding) -> tuple[Location, ...]:
    """Return the cells a finding points at."""
    return tuple(at for at in finding.locations if at.role == "primary") or finding.locations[:1]


def many(labels: Mapping[str, Any], locations: Iterable[Location]) -> str:
    """Return the places of several locations in words: 第 28、31 行, or the cells one by one; "" for the form itself."""
    listed = tuple(locations)
    if len(listed) == 1:
        return words(labels, listed[0].locator) or row_words(labels, listed[0])
    lines = [at.locator.line for at in listed if at.locator.line is not None]
    if len(lines) == len(listed) and listed:
        return str(labels["places"]["lines"]).format(n=str(labels["list_mark"]).join(ranges(lines)))
    if listed and len({at.table for at in listed}) == 1 and not any(row_mark(at.locator) for at in listed) and listed[0].table != "forms":
        rows = str(labels["list_mark"]).join(ranges(at.row for at in listed))
        return str(labels["places"]["row"]).format(table=labels["tables"].get(listed[0].table, listed[0].table), n=rows)
    said = tuple(dict.fromkeys(words(labels, at.locator) or row_words(labels, at) for at in listed))
    return str(labels["list_mark"]).join(said[:20]) + ("…" if len(said) > 20 else "")


RowPlaces = Mapping[tuple[str, int], Place]


def row_places(form: Form) -> RowPlaces:
    """Return the place that tells best where each row stands: of its numbers, which are never merged over rows, else of any cell."""
    best: dict[tuple[str, int], tuple[int, Place]] = {}
    for (table, row, field), place in form.places.items():
        rank = _MERGED.get(field, -1)
        known = best.get((table, row))
        if (known is None or rank < known[0]) and row_mark(place.locator):
            best[table, row] = rank, place
    return {key: place for key, (_, place) in best.items()}


def placed(result: FormResult, rows: RowPlaces) -> FormResult:
    """Return the result with every blank cell that has no place of its own placed in the row it belongs to."""
    if not rows:
        return result

    def fill(at: Location) -> Location:
        if at.table == "forms" or row_mark(at.locator):
            return at
        near = rows.get((at.table, at.row))
        mark = row_mark(near.locator) if near is not None else ""
        return replace(at, locator=replace(at.locator, line=int(mark))) if mark.isdigit() else at

    def filled(finding: Finding) -> Finding:
        locations = tuple([fill(at) for at in finding.locations])
        return finding if all(map(is_, locations, finding.locations)) else replace(finding, locations=locations)

    return replace(result, findings=tuple(map(filled, result.findings)))


def row_words(labels: Mapping[str, Any], at: Location) -> str:
    """Return the row a location stands in by the form's own count, for formats without places; "" for the form itself."""
    table: str | None = labels["tables"].get(at.table)
    return "" if at.table == "forms" or table is None else str(labels["places"]["row"]).format(table=table, n=at.row)

"""Geometry of the two figures of a form. Coordinates are pixels; every number drawn also stands in the text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from checker.model import FieldValue, Form, FormResult
from checker.render.labels import joined
from checker.render.shown import shorten, visible

_BAR_LEFT, _BAR_WIDTH = 104, 216
_DOT_LEFT, _DOT_WIDTH = 212, 262
_DOTS = 16
_EDGE = 130
"""Percent at which the axis of completion ends; a target fulfilled beyond it gets an arrow."""


class Bar(Struct, frozen=True):
    """A level-1 or level-2 group: full mark, readable score, and the mark whose score cannot be read."""

    name: str
    weight: Decimal
    score: Decimal
    gap: Decimal
    sub: bool
    y: int
    height: int
    width: float
    filled: float
    hatched: float


class Bars(Struct, frozen=True):
    """The figure of the score's composition."""

    bars: tuple[Bar, ...]
    left: int
    height: int
    alt: str


class Dot(Struct, frozen=True):
    """One indicator: completion and share of the full mark, in percent."""

    name: str
    mark: str
    done: str
    score: str
    y: float
    x_done: float
    x_score: float
    over: bool
    apart: bool


class Dots(Struct, frozen=True):
    """The figure of completion against score."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[int, float], ...]
    height: int
    left_out: int
    alt: str


class _Part(Struct, frozen=True):
    name: str
    weight: Decimal
    score: Decimal
    gap: Decimal
    sub: bool


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return None


def _part(name: str, rows: list[Mapping[str, FieldValue]], sub: bool) -> _Part | None:
    """Add a group's rows up; None when a full mark is unknown, so that the picture would lie."""
    weight = score = gap = Decimal(0)
    for row in rows:
        full, got = _decimal(row.get("weight")), _decimal(row.get("score"))
        if full is None or full < 0 or (got is not None and got < 0):
            return None
        weight += full
        if got is None:
            gap += full
        else:
            score += got
    return _Part(name, weight, score, gap, sub)


def _parts(form: Form) -> list[_Part] | None:
    level1: dict[str, list[Mapping[str, FieldValue]]] = {}
    for row in form.indicators:
        level1.setdefault(str(row.get("level1") or ""), []).append(row)
    if len(level1) < 2 or len(level1) > 12 or "" in level1:
        return None
    parts: list[_Part] = []
    for line in form.budget_lines:
        if _decimal(line.get("weight")) is not None and _decimal(line.get("score")) is not None:
            money = _part(str(line.get("label") or ""), [line], False)
            if money is not None:
                parts.append(money)
    for name, rows in level1.items():
        whole = _part(name, rows, False)
        if whole is None:
            return None
        parts.append(whole)
        level2: dict[str, list[Mapping[str, FieldValue]]] = {}
        for row in rows:
            level2.setdefault(str(row.get("level2") or ""), []).append(row)
        if 1 < len(level2) <= 4 and whole.score < whole.weight and "" not in level2:
            parts += [part for title, mine in level2.items() if (part := _part(title, mine, True)) is not None]
    return parts if parts and max(part.weight for part in parts) > 0 else None


def _short(name: str, limit: int) -> str:
    name = visible(name, one_line=True)
    return shorten(name.removesuffix("指标") or name, limit)


def score_bars(form: Form, labels: Mapping[str, Any]) -> Bars | None:
    """Return the score's composition by level, None when the form has no levels or a full mark is missing."""
    parts = _parts(form)
    if parts is None:
        return None
    said = labels["page"]["figures"]
    scale = _BAR_WIDTH / float(max(max(part.weight, part.score) for part in parts))
    bars: list[Bar] = []
    y, told = 4, []
    for n, part in enumerate(parts):
        height = 12 if part.sub else 20
        y += 6 if n and parts[n - 1].sub and not part.sub else 0
        name = _short(part.name, 6 if part.sub else 7)
        bars.append(
            Bar(
                name, part.weight, part.score, part.gap, part.sub, y, height,
                round(float(part.weight) * scale, 1), round(float(part.score) * scale, 1), round(float(part.gap) * scale, 1),
            )
        )  # fmt: skip
        y += height + (8 if part.sub else 12)
        item = said["score_item"].format(name=name, score=part.score, weight=part.weight)
        told.append(item + (said["score_gap"].format(n=part.gap) if part.gap else ""))
    alt = said["score_alt"].format(items=labels["join_mark"].join(told))
    return Bars(tuple(bars), _BAR_LEFT, y, alt)


def _shares(result: FormResult) -> list[tuple[Mapping[str, FieldValue], int, Decimal, Decimal]]:
    """Take completion from the engine's figures and the score's share from the form: row, its number, both percents."""
    found: list[tuple[Mapping[str, FieldValue], int, Decimal, Decimal]] = []
    for figure in result.figures:
        number, done = figure.get("row"), _decimal(figure.get("share"))
        if figure.get("kind") != "completion" or done is None or not isinstance(number, int):
            continue
        if not 1 <= number <= len(result.form.indicators):
            continue
        row = result.form.indicators[number - 1]
        weight, score = _decimal(row.get("weight")), _decimal(row.get("score"))
        if weight is not None and score is not None and weight > 0:
            found.append((row, number, done, score / weight * 100))
    return found


def completion_dots(result: FormResult, labels: Mapping[str, Any]) -> Dots | None:
    """Return completion against score for the indicators with numbers; None with fewer than two of them."""
    shares = _shares(result)
    if len(shares) < 2:
        return None
    shares.sort(key=lambda s: (s[2] >= 100, s[2] > _EDGE, s[1]))
    drawn = shares[:_DOTS]
    lowest = min(min(done, score) for _, _, done, score in drawn)
    start = max(0, int(lowest - 10) // 20 * 20)
    scale = _DOT_WIDTH / (_EDGE - start)

    def x(share: Decimal) -> float:
        return round(_DOT_LEFT + (min(max(float(share), start), _EDGE) - start) * scale, 1)

    said = labels["page"]["figures"]
    dots: list[Dot] = []
    told = []
    for n, (row, number, done, score) in enumerate(drawn):
        name = _short(str(row.get("name") or row.get("level2") or number), 11)
        place = result.form.places.get(("indicators", number, "name"))
        line = place.locator.line if place is not None else None
        shown, got = f"{done:.1f}%", f"{score:.0f}%"
        apart = abs(min(done, Decimal(100)) - score) >= 5
        mark = "" if line is None else said["share_row"].format(n=line)
        dots.append(Dot(name, mark, shown, got, 14 + n * 26.5, x(done), x(score), done > _EDGE, apart))
        told.append(said["share_item"].format(name=name, done=shown, score=got))
    ticks = tuple((tick, x(Decimal(tick))) for tick in range(start, _EDGE + 1, 20))
    alt = said["share_alt"].format(items=joined({"list_mark": labels["join_mark"]}, told))
    return Dots(tuple(dots), ticks, round(14 + len(drawn) * 26.5), len(shares) - len(drawn), alt)

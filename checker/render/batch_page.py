"""What the index of a batch shows: units ranked by findings, rules by units, self-scores, what to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from checker.model import Finding, FormResult, Outcome, Results, Verdict
from checker.render import tally
from checker.render.arrange import STATUSES, status
from checker.render.labels import family_name
from checker.render.places import primary
from checker.render.shown import shorten
from checker.render.summary import quoted
from checker.render.told import names_of
from checker.wording import phrase

UNITS = 2000
"""Units listed; what is left out is counted on the page and stands in findings.json."""

HEAT_COLUMNS = 60
"""Forms up to which the heat map has a column for each; beyond, a rule shows in how many forms it was found."""

UNREADABLE = 500
ACROSS = 500
"""Findings over several forms listed; the page says how many there are."""

_BAR = 138
"""Height of the tallest column, its number above it inside the chart."""

_DOTS = 300
_CHART_WIDTH = 900


class Unit(Struct, frozen=True):
    """One form in the ranking."""

    number: int
    name: str
    file: str
    link: str | None
    verdict: Verdict
    counts: Mapping[str, int]
    score: str
    difference: str
    rate: str


class Heat(Struct, frozen=True):
    """One square of the heat map: the worst status of a rule on a form, and how many findings."""

    status: str = ""
    count: int = 0


class RuleRow(Struct, frozen=True):
    """One rule over the batch: how many forms it was found on, findings in all, and its squares (when drawn)."""

    rule: str
    title: str
    family: str
    status: str
    forms: int
    findings: int
    open_forms: int
    width: float
    squares: tuple[Heat, ...]


class Bin(Struct, frozen=True):
    """Forms whose self-score lies in one point of the scale, with the geometry of the column."""

    label: str
    count: int
    x: float
    top: bool
    dots: tuple[float, ...]
    bar: float


class Scores(Struct, frozen=True):
    """The distribution of self-scores."""

    bins: tuple[Bin, ...]
    step: float
    height: int
    ticks: tuple[tuple[str, float], ...]
    counted: int
    left_out: int
    high: int
    alt: str
    bars: bool


def name_of(form: FormResult) -> str:
    """Return what a form is called in lists: unit and project, else its id."""
    return " · ".join(names_of(form.form)) or form.form.form_id


def _counts(form: FormResult) -> dict[str, int]:
    live = Counter(status(finding) for finding in form.findings if tally.counts(finding))
    return {name: live.get(name, 0) for name in STATUSES}


def _difference(form: FormResult) -> str:
    """Return what a failed sum of scores says the total is off by; nothing when there is none."""
    for finding in form.findings:
        if finding.kind is Outcome.FAIL and finding.difference and finding.rule.startswith("SCO-") and any(at.table == "forms" and at.field == "total_score" for at in primary(finding)):
            return shorten(finding.difference, 24)
    return ""


def _rate(form: FormResult, counts: Mapping[str, int]) -> str:
    """Return failures per 100 checks: forms differ in the number of indicators."""
    checked = sum(rule.checked for rule in form.rules)
    found = counts["error"] + counts["warning"] + counts["note"]
    return f"{Decimal(found * 100) / Decimal(checked):.1f}" if checked else "—"


def ranked(results: Results) -> list[FormResult]:
    """Return the forms, most errors first, then warnings, notes, undecided; ties in the order of the run."""

    def key(form: FormResult) -> tuple[int, ...]:
        counts = _counts(form)
        return (-counts["fault"], -counts["error"], -counts["warning"], -counts["note"], -counts["open"])

    return sorted(results.forms, key=key)


def units(forms: list[FormResult], links: Mapping[str, str]) -> tuple[Unit, ...]:
    """Return the ranking; a form without a link (no page written) has None."""
    listed = []
    for number, form in enumerate(forms[:UNITS], 1):
        counts = _counts(form)
        score = form.form.header.get("total_score")
        shown = f"{score:f}" if isinstance(score, Decimal) else "" if score is None else str(score)
        link = links.get(form.form.form_id)
        listed.append(Unit(number, name_of(form), form.form.source.path, link, form.verdict, counts, shown, _difference(form), _rate(form, counts)))
    return tuple(listed)


def totals(forms: Iterable[FormResult]) -> Counter[str]:
    """Return how many findings of all forms have which status."""
    return sum((Counter(_counts(form)) for form in forms), Counter())


def rule_rows(results: Results, forms: list[FormResult], labels: Mapping[str, Any]) -> tuple[RuleRow, ...]:
    """Return the rules found on any form, most forms first; squares only for small batches."""
    infos = {info.id: info for info in results.ruleset.rules}
    by_rule: dict[str, list[tuple[int, Finding]]] = {}
    for n, form in enumerate(forms):
        for finding in form.findings:
            if tally.counts(finding):
                by_rule.setdefault(finding.rule, []).append((n, finding))
    drawn = []
    for rule, found in by_rule.items():
        failed = {n for n, f in found if f.kind in (Outcome.FAIL, Outcome.ERROR)}
        unsure = {n for n, f in found} - failed
        worst = min((status(f) for _, f in found), key=STATUSES.index)
        info = infos.get(rule)
        squares: tuple[Heat, ...] = ()
        if len(forms) <= HEAT_COLUMNS:
            cells: dict[int, list[str]] = {}
            for n, f in found:
                cells.setdefault(n, []).append(status(f))
            squares = tuple(Heat(min(cells[n], key=STATUSES.index), len(cells[n])) if n in cells else Heat() for n in range(len(forms)))
        family = family_name(labels, info.family if info else rule.split("-")[0])
        title = info.title if info else found[0][1].title
        drawn.append(RuleRow(rule, title, family, worst, len(failed), len(found), len(unsure), 0.0, squares))
    drawn.sort(key=lambda r: (-r.forms, -r.open_forms, STATUSES.index(r.status), r.rule))
    most = max((row.forms for row in drawn), default=0) or 1
    return tuple(
        RuleRow(r.rule, r.title, r.family, r.status, r.forms, r.findings, r.open_forms, round(240 * r.forms / most, 1), r.squares) for r in drawn
    )


def scores(results: Results, labels: Mapping[str, Any]) -> Scores | None:
    """Return the distribution of self-scores out of 100, in columns of one point; None without any."""
    values: list[Decimal] = []
    for form in results.forms:
        score, full = form.form.header.get("total_score"), form.form.header.get("total_weight")
        if isinstance(score, Decimal) and 0 <= score <= 100 and (full is None or full == 100):
            values.append(score)
    if not values:
        return None
    start = min(max(int(min(values)), 60), 90)
    low = sum(value < start for value in values)
    columns = Counter(min(int(value), 100) for value in values if value >= start)
    labelled = ([(f"<{start}", low, False)] if low else []) + [(str(n), columns.get(n, 0), n >= 99) for n in range(start, 101)]
    step = _CHART_WIDTH / len(labelled)
    tallest = max(count for _, count, _ in labelled)
    bars = len(values) > _DOTS or tallest > 30
    height = 160 if bars else max(40, tallest * 12 + 8)
    bins, ticks = [], []
    for n, (label, count, top) in enumerate(labelled):
        x = round((n + 0.5) * step, 1)
        dots = () if bars else tuple(round(height - 7 - i * 12, 1) for i in range(count))
        bins.append(Bin(label, count, x, top, dots, round(_BAR * count / tallest, 1) if bars else 0.0))
        if label.startswith("<") or int(label) % 5 == 0 or len(labelled) <= 12:
            ticks.append((label, x))
    high = sum(value >= 99 for value in values)
    told = [labels["index"]["score_bin"].format(label=label, n=count) for label, count, _ in labelled if count]
    alt = labels["index"]["score_alt"].format(items=labels["join_mark"].join(told))
    return Scores(tuple(bins), round(step, 2), height, tuple(ticks), len(values), len(results.forms) - len(values), high, alt, bars)


def _widest(forms: list[FormResult]) -> tuple[str, str, int] | None:
    """Return the worst severity found, the rule found so on most forms, and on how many."""
    for severity in ("fault", "error", "warning", "note"):
        hit = Counter(rule for form in forms for rule in sorted({f.rule for f in form.findings if status(f) == severity and tally.counts(f)}))
        if hit:
            rule, count = min(hit.items(), key=lambda item: (-item[1], item[0]))
            return severity, rule, count
    return None


def first_look(results: Results, forms: list[FormResult], rules: tuple[RuleRow, ...], labels: Mapping[str, Any]) -> list[str]:
    """Say what to look at first, from what was found: the rule on most forms, the unit with most errors, files unread."""
    said, lines = labels["index"], []
    widest = _widest(forms)
    if widest is not None:
        severity, rule, count = widest
        title = next((row.title for row in rules if row.rule == rule), rule)
        status_name = labels["statuses"][severity]["name"]
        lines.append(said["look_rule"].format(title=quoted(labels, shorten(title, 60)), rule=rule, n=count, all=len(forms), status=status_name))
    if len(forms) > 1 and _counts(forms[0])["error"]:
        share = sum(_counts(form)["error"] for form in results.forms)
        lines.append(said["look_unit"].format(unit=quoted(labels, shorten(name_of(forms[0]), 60)), n=_counts(forms[0])["error"], all=share))
    unsure = sum(_counts(form)["open"] > 0 for form in results.forms)
    if unsure:
        lines.append(said["look_open"].format(n=unsure))
    unread = sum(bool(form.unread) for form in results.forms)
    if unread:
        lines.append(phrase(said["look_unread"], n=unread))
    if results.unreadable:
        lines.append(said["look_unreadable"].format(n=len(results.unreadable)))
    return lines or [phrase(said["look_nothing"], n=len(results.forms))]

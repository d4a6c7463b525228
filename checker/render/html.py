"""One page a form: Jinja2 templates, everything escaped, one file without network or inline style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from pathlib import PurePath
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from checker.fields import BY_TABLE
from checker.model import FormResult, Outcome, Results, RuleInfo, RuleOutcome, Verdict
from checker.render import batch_page, figures, marked_form, story, summary, tally
from checker.render.arrange import STATUSES, Group, arranged, status
from checker.render.labels import family_name, field_name, load
from checker.render.listed import listed
from checker.render.places import RowPlaces, many, placed, primary, row_mark, row_places, words
from checker.render.proposals import proposals
from checker.render.shown import minus, shorten
from checker.render.templates import asset, environment, macro
from checker.render.told import names_of

_NAME, _FIGURE, _NUMBER = 120, 60, 20
"""Characters of the name of a key figure, of its value, and of one that may be a number."""


class _Figure(Struct, frozen=True):
    """A key figure worked out again; `anchor` leads to the finding that goes with it, `wide` and `wide_expected` say that words stand for a number."""

    name: str
    reported: str
    expected: str
    difference: str
    arithmetic: str
    outcome: str
    status: str
    anchor: str | None
    wide: bool
    wide_expected: bool


def _figures(result: FormResult, groups: tuple[Group, ...], labels: Mapping[str, Any]) -> list[_Figure]:
    """Return the recalculated figures with the anchor of the finding that goes with each: its own, else one on the same cell."""
    items = [item for group in groups if not group.accepted for item in group.items]
    by_print = {item.finding.fingerprint: item for group in groups for item in group.items}
    by_cell = {(at.table, at.row, at.field): item for item in reversed(items) if item.status != "open" for at in primary(item.finding)[:1]}
    kept: list[_Figure] = []
    for figure in result.figures:
        if figure.get("kind", "figure") != "figure":
            continue
        name, reported, expected, difference, arithmetic = (_number_text(figure.get(key)) for key in ("name", "reported", "expected", "difference", "arithmetic"))
        outcome, cell = str(figure.get("outcome", "open")), figure.get("at")
        item = by_print.get(str(figure.get("fingerprint"))) if outcome != "pass" else None
        if outcome == "pass" and isinstance(cell, Sequence) and len(cell) == 3:
            near = by_cell.get((str(cell[0]), int(str(cell[1])), str(cell[2])))
            item = near if near is not None and near.finding.reported == reported else None
            outcome = near.status if item is not None and near is not None else outcome
        status = item.status if item is not None else {"fail": "error", "error": "fault"}.get(outcome, outcome)
        told = labels["statuses"][outcome]["name"] if outcome in labels["statuses"] else outcome
        kept.append(
            _Figure(
                shorten(name or "", _NAME), _value(reported), _value(expected), _value(difference or ""), arithmetic or "", told, status,
                item.anchor if item is not None else None, len(reported or "") > _NUMBER, len(expected or "") > _NUMBER,
            )
        )  # fmt: skip
    return kept


def _number_text(value: object) -> str | None:
    """Write a figure's value; a Decimal with its own digits, never an exponent."""
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _value(text: str | None) -> str:
    return shorten(minus("□" if text is None else text), _FIGURE)


def _form_view(result: FormResult, groups: tuple[Group, ...], labels: Mapping[str, Any], known: marked_form.Anchors, rows: RowPlaces) -> dict[str, object]:
    form = result.form
    found = marked_form.marks(form, groups, labels)
    stories = [told for name in marked_form.STORIES if (told := story.story(form, name, found.mentions)) is not None]
    budget = marked_form.marked_table(form, "budget_lines", marked_form.BUDGET, found, known, rows, labels)
    indicators = marked_form.marked_table(form, "indicators", marked_form.INDICATORS, found, known, rows, labels)
    totals = {name: marked_form.value_text(form, "forms", 1, name, form.header.get(name)) for name in ("total_weight", "total_score")}
    place = form.places.get(("forms", 1, "total_score")) or form.places.get(("forms", 1, "total_weight"))
    return {
        "facts": marked_form.facts(form, found, known),
        "budget": budget,
        "indicators": indicators,
        "stories": [(told, words(labels, form.places[key].locator) if (key := ("forms", 1, told.field)) in form.places else "") for told in stories],
        "story_limit": story.LIMIT,
        "totals": totals,
        "total_mark": row_mark(place.locator) if place is not None else "",
        "total_status": {name: found.cells.get(("forms", 1, name), "") for name in totals},
        "total_notes": found.notes.get(("forms.total_score", 1), ()) + found.notes.get(("forms.total_weight", 1), ()),
        "story_notes": {name: found.notes.get((f"forms.{name}", 1), ()) for name in marked_form.STORIES},
        "whole": found.whole,
    }


def render(results: Results, form: FormResult, *, index: str | None = None) -> str:
    """Return the report of one form as one HTML page; `index` is the relative link of the batch index, when there is one.

    The same results give the same bytes. Nothing from a form reaches style or script.
    """
    labels = load(results.lang)
    rows = row_places(form.form)
    form = placed(form, rows)
    groups = arranged(form.findings)
    known = marked_form.anchors(form.form, rows)
    live = [item for group in groups if not group.accepted for item in group.items]
    counts = {status: sum(item.status == status for item in live) for status in ("fault", "error", "warning", "note", "open", "review")}
    css, css_hash = asset("report.css")
    js, js_hash = asset("report.js")
    header = {name: form.form.header.get(name) for name in BY_TABLE["forms"]}
    infos = {info.id: info for info in results.ruleset.rules}
    unit, *project = names_of(form.form) or [form.form.form_id]

    return environment().get_template("form.html.j2").render(
        labels=labels,
        L=labels["page"],
        css=css,
        css_hash=css_hash,
        js=js,
        js_hash=js_hash,
        results=results,
        result=form,
        form=form.form,
        header=header,
        file=PurePath(form.form.source.path.replace("\\", "/")).name or form.form.source.path,
        unit=unit,
        project=" ".join(project),
        index=index,
        sentence=summary.sentence(form, results, groups, labels),
        points=summary.points(form, groups, labels),
        groups=groups,
        counts=counts,
        accepted=tally.accepted(form.findings),
        outcomes=tally.outcomes([form]),
        figures=_figures(form, groups, labels),
        ways=proposals(form, labels),
        listed=listed(form, groups, known, labels),
        bars=figures.score_bars(form.form, labels),
        dots=figures.completion_dots(form, labels),
        view=_form_view(form, groups, labels, known, rows),
        known=known,
        cells=lambda row: Markup("".join([_cell(cell, results.lang) for cell in row.cells])),
        rules=_rules(form, infos, groups, results.lang),
        field=lambda table, name: field_name(labels, table, name),
        places=lambda group: many(labels, tuple(at for item in group.items for at in primary(item.finding))),
        row_anchor=lambda at: marked_form.row_anchor(form.form, known, at),
    )


def render_index(results: Results, links: Mapping[str, str]) -> str:
    """Return the index of a batch: verdicts, units ranked by findings, rules by units, self-scores, unreadable files.

    `links` leads from form id to the relative address of its page; a form without one is listed without a link.
    Long lists are capped and the page says so.
    """
    labels = load(results.lang)
    css, css_hash = asset("report.css")
    js, js_hash = asset("index.js")
    forms = batch_page.ranked(results)
    rules = batch_page.rule_rows(results, forms, labels)
    scores = batch_page.scores(results, labels)
    return environment().get_template("index.html.j2").render(
        labels=labels,
        css=css,
        css_hash=css_hash,
        js=js,
        js_hash=js_hash,
        results=results,
        years=sorted({str(form.form.header.get("fiscal_year")) for form in results.forms if form.form.header.get("fiscal_year")}),
        verdicts={verdict.value: sum(form.verdict is verdict for form in results.forms) for verdict in Verdict},
        css_of={"return": "error", "review": "warning", "accept": "pass"},
        look=batch_page.first_look(results, forms, rules, labels),
        units=batch_page.units(forms, links),
        totals=batch_page.totals(forms),
        rules=rules,
        heat=0 < len(forms) <= batch_page.HEAT_COLUMNS,
        heat_limit=batch_page.HEAT_COLUMNS,
        scores=scores,
        scores_share=f"{scores.high * 100 / scores.counted:.0f}" if scores else "",
        unread_limit=batch_page.UNREADABLE,
        batch_limit=batch_page.ACROSS,
        status=status,
        where=lambda at: words(labels, at.locator),
    )


_ORDER = {outcome: n for n, outcome in enumerate((Outcome.ERROR, Outcome.FAIL, Outcome.OPEN, Outcome.REVIEW, Outcome.PASS, Outcome.NOT_APPLICABLE))}
"""What needs attention first."""


class _Judged(Struct, frozen=True):
    """A rule as the page lists it: `anchor` leads to its first finding, `found` counts its rows that did not pass."""

    rule: RuleOutcome
    info: RuleInfo | None
    status: str
    title: str
    family: str
    anchor: str | None
    found: int


def _rules(form: FormResult, infos: Mapping[str, RuleInfo], groups: tuple[Group, ...], lang: str) -> list[Markup]:
    """Return the row of every rule with its outcome, what needs attention first, each with the anchor of its findings."""
    first = {group.rule: (group.items[0].anchor, group.status) for group in reversed(groups)}
    rows = [_rule_row(rule, infos.get(rule.rule), *first.get(rule.rule, (None, None)), lang) for rule in form.rules]
    return [row for _, row in sorted(rows, key=itemgetter(0))]


@lru_cache(1 << 12)
def _cell(cell: marked_form.Shown, lang: str) -> Markup:
    """Return a cell of the printed form: levels, weights and short answers are the same in many rows and forms."""
    return macro("cell")(cell, load(lang))


@lru_cache(1 << 11)
def _rule_row(rule: RuleOutcome, info: RuleInfo | None, anchor: str | None, worst: str | None, lang: str) -> tuple[tuple[int, int, str], Markup]:
    """Return (where a rule stands in the table of rules, its row): most rules come to the same on most forms of a batch.

    `worst` is the status of its first findings: what a rule says of a row may weigh less or more than the rule by itself.
    """
    labels = load(lang)
    failed = worst or (info.severity.value if info else "error")
    severe = STATUSES.index(failed) if rule.outcome is Outcome.FAIL else 0
    status = {"fail": failed, "error": "fault"}.get(rule.outcome.value, rule.outcome.value)
    family = family_name(labels, info.family if info else rule.rule.split("-")[0])
    told = _Judged(rule, info, status, info.title if info else rule.rule, family, anchor, rule.failed + rule.open + rule.review)
    return (_ORDER[rule.outcome], severe, rule.rule), macro("rule")(told, labels)

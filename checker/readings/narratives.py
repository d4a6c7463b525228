"""Readings of a form's goal and result narratives, and of what they say of each indicator."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from checker.readings.distinct import by_text, from_rows, listed
from checker.readings.plan import Step, keys
from checker.remembered import remembered
from checker.tables.columns import Laid, exact
from checker.values import goals
from checker.values.likeness import likeness
from checker.values.narrative import (
    admissions,
    admitted,
    concerning,
    narrated,
    object_of,
    quoted_rate,
    statements,
    widespread,
)
from checker.values.residue import cut_end, document_number_fault, is_cut_text, markup_left, prompt_left
from checker.values.target import Target, read_target
from checker.values.text import half_width
from checker.values.units import Unit
from checker.values.wording import action_mismatch

_GOALS = (
    "goal_planned_cut", "goal_actual_cut", "cut_end", "goal_actual_general", "goal_similarity", "goal_quantities", "goal_stale", "narrative_sum_fault", "narrative_downgrade", "narrated_rate",
)  # fmt: skip
_RESIDUE = ("markup_left", "prompt_left", "document_number_fault")
_SHOWN = 12


def _read_goals(planned: str | None, actual: str | None, year: int | None) -> Sequence[object]:
    return (
        is_cut_text(planned),
        is_cut_text(actual),
        " ".join(end for text in (planned, actual) if (end := cut_end(text))) or None,
        goals.is_general(actual),
        _similarity(planned, actual),
        goals.count_quantities(planned),
        goals.stale(planned, year),
        goals.sum_fault(actual),
        goals.downgrade(planned, actual),
        quoted_rate(actual),
    )


def _similarity(planned: str | None, actual: str | None) -> Decimal | None:
    """Return how alike two texts are, 0 to 100 at two decimals; texts beyond 20,000 characters are compared up to there."""
    if not planned or not actual:
        return None
    return Decimal(format(likeness(goals.compared(planned), goals.compared(actual)), ".2f"))


@remembered
def _left(text: str) -> Sequence[str | None]:
    """Return what is left in a text, in the order of _RESIDUE."""
    return tuple(function(text) for function in (markup_left, prompt_left, document_number_fault))


def _residue(table: str, columns: Sequence[str], names: Sequence[str] = _RESIDUE) -> Step:
    places = [_RESIDUE.index(name) for name in names]

    def read(*texts: str | None) -> Sequence[object]:
        left = [_left(text) for text in texts if text]
        return [next((found[at] for found in left if found[at]), None) for at in places]

    return Step(f"{table} residue", keys(table, *names), lambda tables: by_text(tables, table, columns, names, read))


def _row_residue(tables: Laid) -> Laid:
    """Gather what is left in the rows of each form, so that the form can name it."""
    columns = {
        "rows_prompts": (("indicators", "prompt_left"), ("budget_lines", "prompt_left")),
        "rows_markup": (("indicators", "markup_left"),),
        "rows_numbers": (("indicators", "document_number_fault"),),
    }
    made: dict[str, list[str | None]] = {}
    for name, sources in columns.items():
        told: dict[int, dict[str, None]] = {}
        for table, column in sources:
            for form, text in tables.rows(table, "form", column):
                if text is not None:
                    told.setdefault(form, {})[text] = None
        made[name] = ["、".join(list(told[form])[:3]) if form in told else None for (form,) in tables.rows("forms", "form")]
    return from_rows(tables, "forms", made)


def _scope(tables: Laid) -> Laid:
    def read(name: str | None) -> Sequence[object]:
        if name is None:
            return None, None
        text = half_width(name)
        return "(汇总)" in text or "(含下属" in text, "(本级)" in text or "(机关)" in text

    return by_text(tables, "forms", ("unit_name",), ("is_summary", "is_own_level"), read)


def _unanswered(tables: Laid) -> Laid:
    names: dict[int, list[str]] = {}
    for form, name in tables.rows("indicators", "form", "name"):
        if name is not None:
            names.setdefault(form, []).append(name)
    told: list[str | None] = []
    counts: list[int | None] = []
    for form, planned, actual in tables.rows("forms", "form", "goal_planned", "goal_actual"):
        missing = goals.unanswered(planned, actual, names.get(form, ()))
        counts.append(None if missing is None else len(missing))
        told.append(listed(missing or (), _SHOWN))
    return from_rows(tables, "forms", {"goals_unanswered": told, "goals_unanswered_count": counts})


def _actions(tables: Laid) -> Laid:
    def read(name: str | None, target: str | None) -> Sequence[object]:
        return (action_mismatch(name, target),)

    return by_text(tables, "indicators", ("name", "target"), ("action_mismatch",), read)


def _narrated(tables: Laid) -> Laid:
    """Match each form's result narrative with its indicators; forms without a narrative are passed over."""
    columns = ("form", "name", "target", "level2_class", "measured", "kind")
    rows = [(form, at, *row) for at, (form, *row) in enumerate(tables.rows("indicators", *columns))]
    value: list[Decimal | None] = [None] * len(rows)
    text: list[str | None] = [None] * len(rows)
    rough: list[bool | None] = [None] * len(rows)
    short: list[str | None] = [None] * len(rows)
    results = {form: actual for form, actual in tables.rows("forms", "form", "goal_actual") if actual}
    about_one = [row for row in rows if row[0] in results and row[2] is not None]
    for form, mine in groupby(about_one, key=itemgetter(0)):
        told, short_of = statements(results[form]), admissions(results[form])
        if not told and not short_of:
            continue
        members = list(mine)
        common = widespread(row[2] for row in members)
        for _, at, name, target_text, level2, measured, kind in members:
            thing = object_of(name, common)
            short[at] = admitted(thing, short_of)
            about = concerning(thing, told) if kind == "quantity" else ()
            target = read_target(target_text, name, level2) if about else None
            if target is None:
                continue
            if found := narrated(_units(target), exact(measured), about):
                value[at], text[at], rough[at] = found.value, found.clause, found.approximate
    return from_rows(
        tables,
        "indicators",
        {"narrated_value": value, "narrated_text": text, "narrated_approximate": rough, "admitted_shortfall": short},
    )


def _units(target: Target) -> list[Unit]:
    """Return the units a narrated number may have: those of the counts beside a percentage first."""
    return [q.unit for q in (*target.bases, *((target.main,) if target.main else ()), *target.others)]


STEPS: tuple[Step, ...] = (
    Step(
        "goals",
        keys("forms", *_GOALS),
        lambda tables: by_text(tables, "forms", ("goal_planned", "goal_actual", "fiscal_year"), _GOALS, _read_goals),
    ),
    Step("unanswered goals", keys("forms", "goals_unanswered", "goals_unanswered_count"), _unanswered),
    _residue("forms", ("title", "goal_planned", "goal_actual", "foot_reason", "markup_taken_out")),
    _residue("indicators", ("name", "target", "actual", "reason")),
    _residue("budget_lines", ("label", "reason"), ("prompt_left",)),
    Step(
        "residue of rows",
        keys("forms", "rows_prompts", "rows_markup", "rows_numbers"),
        _row_residue,
        (*keys("indicators", *_RESIDUE), *keys("budget_lines", "prompt_left")),
    ),
    Step("scope", keys("forms", "is_summary", "is_own_level"), _scope),
    Step("actions", keys("indicators", "action_mismatch"), _actions),
    Step(
        "narrated",
        keys("indicators", "narrated_value", "narrated_text", "narrated_approximate", "admitted_shortfall"),
        _narrated,
        keys("indicators", "level2_class", "measured", "kind"),
    ),
)

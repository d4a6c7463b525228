"""A filed form beside the approved targets: rows added, removed, targets and weights changed; and the same
indicator in the forms of a department and of its projects."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

from checker.across.comparison import Compared, Comparison, Idle, Inputs, words
from checker.across.figures import Indicator, comparable, indicators, is_lowered, same_target
from checker.across.lexicon import known
from checker.across.pairing import Pool, matched
from checker.across.summaries import projects_of
from checker.across.units import is_own_level, ordered, text, unit_name, year_of
from checker.model import FieldValue, Form

_NOT_GIVEN = Idle(True, words("没有给出批复的绩效目标（--approved）", "no approved targets were given (--approved)"))


def approvals(inputs: Inputs) -> Compared:
    """Return a comparison for every indicator that stands in a filed form, in its approved targets, or in both."""
    if inputs.approved is None:
        return Compared((), (_NOT_GIVEN,))
    pool = Pool(inputs.approved)
    rows: list[Comparison] = []
    idle: list[Idle] = []
    for form in ordered(inputs.forms):
        fitting = [other for other in pool.like(form) if year_of(other) in (year_of(form), None)]
        exact = [other for other in fitting if year_of(other) == year_of(form)] or fitting
        if len(exact) == 1:
            rows += _approved(form, exact[0])
        elif not exact:
            idle.append(Idle(True, words(f"没有找到{_called(form)}的批复目标", f"no approved targets of {_called(form)} were found")))
        else:
            idle.append(Idle(True, words(f"{_called(form)}有 {len(exact)} 张批复目标表，无法确定是哪一张", f"{_called(form)} has {len(exact)} forms of approved targets")))
    return Compared(tuple(rows), tuple(idle))


def _called(form: Form) -> str:
    return unit_name(form) + (f"“{text(form, 'project_name')}”" if text(form, "project_name") else "")


def _approved(form: Form, approved: Form) -> list[Comparison]:
    pairs, added, removed = matched(indicators(form), indicators(approved))
    seen: Counter[tuple[str, str]] = Counter()

    def made(status: str, now: Indicator | None, before: Indicator | None) -> Comparison:
        told = [one for one in (now, before) if one is not None]
        key = (told[0].key, told[0].text("level2") or "")
        seen[key] += 1
        values: dict[str, FieldValue] = {
            "status": status,
            "level2": told[0].text("level2"),
            "name": told[0].name,
            "target": now.text("target") if now else None,
            "approved_target": before.text("target") if before else None,
            "target_same": same_target(now, before) if now and before else None,
            "lowered": is_lowered(now, before) if now and before else None,
            "weight": now.number("weight") if now else None,
            "approved_weight": before.number("weight") if before else None,
        }
        both = tuple(cell for one in told for cell in one.cell("target"))
        cells = {"name": tuple(cell for one in told for cell in one.cell("name")), "target_same": both, "lowered": both}
        for column in ("target", "weight"):
            cells[column] = now.cell(column) if now else ()
            cells[f"approved_{column}"] = before.cell(column) if before else ()
        return Comparison("approvals", form, ("approvals", form.form_id, *key, str(seen[key])), values, cells)

    rows = [made("both" if one.key == other.key else "renamed", one, other) for one, other in pairs]
    return [*rows, *(made("added", one, None) for one in added), *(made("removed", None, one) for one in removed)]


def shared(inputs: Inputs) -> Compared:
    """Return the indicators a department form and one of its project forms have in common, both with a measured target.

    A name that several projects have, or that says nothing of what is measured (服务对象满意度), is passed over.
    """
    rows: list[Comparison] = []
    waiting: list[Idle] = []
    for department in (form for form in ordered(inputs.forms) if form.header.get("form_type") == "department"):
        if is_own_level(department):
            continue
        projects = projects_of(department, inputs.forms)
        if not projects:
            name = unit_name(department)
            waiting.append(Idle(True, words(f"没有收到{name}的项目自评表", f"no project form of {name} was handed in")))
        rows += _shared(department, projects)
    none = Idle(False, words("部门表与项目表没有同名的可比指标", "department and project forms have no comparable indicator in common"))
    return Compared(tuple(rows), tuple(waiting) or (() if rows else (none,)))


def _shared(department: Form, projects: list[Form]) -> list[Comparison]:
    own: dict[str, list[Indicator]] = defaultdict(list)
    theirs: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators(department):
        own[indicator.key].append(indicator)
    for form in projects:
        for indicator in indicators(form):
            if indicator.key in own:
                theirs[indicator.key].append(indicator)
    rows = []
    for key, found in theirs.items():
        if len(found) == 1 and len(own[key]) == 1 and not _says_little(key):
            one, other = own[key][0], found[0]
            if one.target and other.target and comparable(one.target.main, other.target.main):
                rows.append(_beside(department, one, other))
    return rows


def _says_little(key: str) -> bool:
    return key in known("generic_indicators")


def _beside(department: Form, one: Indicator, other: Indicator) -> Comparison:
    actual = None
    if comparable(one.measured, other.measured) and one.measured and other.measured:
        actual = one.measured.amount == other.measured.amount
    columns = ("target", "actual", "weight", "score")
    values: dict[str, FieldValue] = {
        "name": one.name,
        "project": text(other.form, "project_name"),
        "target_same": same_target(one, other),
        "actual_same": actual,
        "share_same": _same_share(one, other),
        **{column: one.text(column) or one.number(column) for column in columns},
        **{f"project_{column}": other.text(column) or other.number(column) for column in columns},
    }
    cells = {column: one.cell(column) for column in columns} | {f"project_{column}": other.cell(column) for column in columns}
    cells["target_same"] = (*one.cell("target"), *other.cell("target"))
    cells["share_same"] = tuple(cell for found in (one, other) for column in ("score", "weight") for cell in found.cell(column))
    cells["actual_same"] = (*one.cell("actual"), *other.cell("actual"))
    return Comparison("shared", department, ("shared", department.form_id, other.form.form_id, one.key), values, cells)


def _same_share(one: Indicator, other: Indicator) -> bool | None:
    """Say whether two rows got the same share of their weight, exactly; None when a number is missing or a weight is 0."""
    score, weight, theirs, full = (found.number(column) for found in (one, other) for column in ("score", "weight"))
    if not (isinstance(score, Decimal) and isinstance(weight, Decimal) and isinstance(theirs, Decimal) and isinstance(full, Decimal)) or not weight or not full:
        return None
    return Fraction(score) * Fraction(full) == Fraction(theirs) * Fraction(weight)

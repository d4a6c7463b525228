"""A summary form (汇总) beside the forms of the units below it: amounts line by line, and how many forms came."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from checker.across import amounts
from checker.across.comparison import Cells, Compared, Comparison, Idle, Inputs, Words, header_cells, unread, words
from checker.across.lists import Entry, of_entry
from checker.across.units import (
    bare,
    belongs,
    distinct,
    is_department,
    is_own_level,
    is_summary,
    known_twice,
    ordered,
    related,
    same_unit,
    text,
    unit_name,
    unit_of,
    year_of,
)
from checker.model import FieldValue, Form
from checker.wording import phrase

_YES = ("是", "免评", "yes", "√", "1")
COLUMNS = {"budget": "预算数", "executed": "执行数"}
_NO_SUMMARY = Idle(False, words("没有汇总表", "there is no summary form"))


class Family(Struct, frozen=True):
    """A summary form with the forms of the units below it; `gap` says why they are not known to be all."""

    summary: Form
    parts: tuple[Form, ...]
    expected: int | None
    gap: Words | None

    @property
    def own_level(self) -> bool:
        """True when the unit's own form is among the parts."""
        return any(is_own_level(form) for form in self.parts)

    @property
    def names(self) -> str:
        """The units that handed in a form."""
        return "、".join(unit_name(form) for form in self.parts)


def families(forms: Sequence[Form]) -> list[Family]:
    """Return every summary form with its parts, in an order of their own."""
    units = [form for form in ordered(forms) if is_department(form)]
    summaries = [form for form in units if is_summary(form)]
    single = distinct([form for form in units if not is_summary(form)])
    taken: dict[int, list[Form]] = {id(form): [] for form in summaries}
    loose: list[Form] = []
    for form in single:
        above = [one for one in summaries if year_of(one) == year_of(form) and belongs(form, unit_of(one))]
        if above:
            taken[id(max(above, key=lambda one: len(unit_of(one))))].append(form)
        else:
            loose.append(form)
    return [_family(one, taken[id(one)], loose) for one in summaries]


def _family(summary: Form, parts: list[Form], loose: Sequence[Form]) -> Family:
    stated = summary.header.get("subordinate_units")
    expected = stated if isinstance(stated, int) and stated > 0 else None
    if expected is not None and not _complete(parts, expected):
        # A unit of the same region and field counts only when with it the number is just right.
        kin = [form for form in loose if year_of(form) == year_of(summary) and not text(form, "supervising_department") and related(unit_of(form), unit_of(summary))]
        if kin and _complete([*parts, *kin], expected):
            parts = ordered([*parts, *kin])
    return Family(summary, tuple(parts), expected, _gap(parts, expected))


def _complete(parts: Sequence[Form], expected: int) -> bool:
    """Say whether all forms are there: the stated number may or may not count the unit itself."""
    return len(parts) == expected or (len(parts) == expected + 1 and any(is_own_level(form) for form in parts))


def _gap(parts: Sequence[Form], expected: int | None) -> Words | None:
    if twice := known_twice(parts):
        return words(f"{twice}送了两张不同的表", f"{twice} handed in two different forms")
    if expected is None:
        return words(f"汇总表未填下属单位个数，无法确认 {len(parts)} 张下属表是否齐全", f"the summary form does not say how many units there are, whether {len(parts)} forms are all cannot be told")
    if not _complete(parts, expected):
        return words(f"汇总表有 {expected} 个下属单位，本次收到 {len(parts)} 张表", phrase("the summary form has {units} {units:unit|units}, {n} {n:form was|forms were} handed in", units=expected, n=len(parts)))
    return None


def summaries(inputs: Inputs) -> Compared:
    """Return a comparison for every budget line and column of every summary form with the sum of its parts."""
    rows: list[Comparison] = []
    idle: list[Idle] = []
    for family in families(inputs.forms):
        if not family.parts:
            idle.append(_alone(family))
        for row in range(1, len(family.summary.budget_lines) + 1 if family.parts else 1):
            rows += [made for column in COLUMNS if (made := _line(family, row, column)) is not None]
    return Compared(tuple(rows), tuple(idle) or (() if rows else (_NO_SUMMARY,)))


def _alone(family: Family) -> Idle:
    name, count = unit_name(family.summary), family.expected or ""
    return Idle(True, words(f"没有收到{name}的 {count} 张下属单位表", phrase("none of the {n} {n:form|forms} of the units below {name} was handed in", n=count, name=name)))


def _line(family: Family, row: int, column: str) -> Comparison | None:
    own = amounts.amount(family.summary, row, column)
    line = family.summary.budget_lines[row - 1]
    label, role = amounts.label_of(line), line.get("role")
    if own is None:
        cell = ((family.summary, ("budget_lines", row, column)),)
        identity = ("summaries", family.summary.form_id, str(role), label, column)
        named: dict[str, FieldValue] = {"label": str(line.get("label") or ""), "column": COLUMNS[column], "parts": len(family.parts), "part_names": family.names}
        return Comparison("summaries", family.summary, identity, named, {"amount": cell}) if unread(cell) else None
    found: list[amounts.Amount] = []
    blank: list[Form] = []
    for form in family.parts:
        at = [n for n, other in enumerate(form.budget_lines, 1) if (amounts.label_of(other), other.get("role")) == (label, role)]
        made = amounts.amount(form, at[0], column) if len(at) == 1 else None
        if made is None:
            blank.append(form)
        else:
            found.append(made)
    unit = amounts.common_unit([own, *found])
    amount, parts = amounts.in_unit(own.value, own.unit, unit), amounts.total(found, unit)
    tolerance = amounts.tolerance([own, *found], unit)
    why = family.gap or (words(f"{unit_name(blank[0])}的表没有这一数", f"the form of {unit_name(blank[0])} lacks this amount") if blank else None)
    # An exact sum proves that nothing is missing.
    known = why is None or (abs(amount - parts) <= tolerance and bool(found))
    cells: Cells = tuple(cell for item in found for cell in item.cells)
    return Comparison(
        "summaries",
        family.summary,
        ("summaries", family.summary.form_id, str(role), label, column),
        {
            "label": str(line.get("label") or ""), "column": COLUMNS[column], "amount_unit": unit, "parts": len(family.parts),
            "part_names": family.names, "amount": amount, "parts_amount": parts if known else None, "tolerance": tolerance,
        },
        {"amount": own.cells, "parts_amount": cells},
        {} if known or why is None else {"parts_amount": why},
    )  # fmt: skip


def due(inputs: Inputs) -> Compared:
    """Return for every summary form how many forms it announces and how many came; and the same for a list of forms due."""
    rows: list[Comparison] = _listed(inputs)
    idle: list[Idle] = []
    if not rows and any(entry.kind == "due" for entry in inputs.entries or ()):
        idle.append(Idle(True, words("应报清单上的表一张也没有收到", "none of the forms on the list of forms due was handed in")))
    for family in families(inputs.forms):
        if not family.parts:
            idle.append(_alone(family))
            continue
        cells = {"expected": header_cells(family.summary, "subordinate_units"), "received": tuple(cell for form in (family.summary, *family.parts) for cell in header_cells(form, "subordinate_units" if form is family.summary else "unit_name"))}
        values = {"expected": family.expected, "received": len(family.parts), "own_level": family.own_level, "received_names": family.names}
        rows.append(Comparison("due", family.summary, ("due", family.summary.form_id), values, cells))
    return Compared(tuple(rows), tuple(idle) or (() if rows else (_NO_SUMMARY,)))


def _listed(inputs: Inputs) -> list[Comparison]:
    """Return for every unit above (or, without one, for the list as a whole) the forms a list names and those that came."""
    groups: dict[str, list[Entry]] = {}
    for entry in inputs.entries or ():
        if entry.kind == "due" and entry.text("exempt") not in _YES:
            groups.setdefault(entry.text("parent"), []).append(entry)
    rows = []
    for parent, listed in groups.items():
        found = [(entry, of_entry(entry, ordered(inputs.forms))) for entry in listed]
        came = [form for _, forms in found for form in forms[:1]]
        missing = [entry.text("project") or entry.text("unit") for entry, forms in found if not forms]
        if came:
            values: dict[str, FieldValue] = {
                "expected": len(listed),
                "received": len(came),
                "own_level": False,
                "received_names": "、".join(text(form, "project_name") or unit_name(form) for form in came),
                "missing_names": "、".join(missing) or None,
            }
            cells = {"received": tuple(cell for form in came for cell in header_cells(form, "project_name" if text(form, "project_name") else "unit_name"))}
            rows.append(Comparison("due", came[0], ("due", "list", parent), values, cells))
    return rows


def projects_of(department: Form, forms: Sequence[Form]) -> list[Form]:
    """Return the project forms of a department, of the same year: under its name, or that of a unit it sums up.

    A project of a unit that handed in a form of its own belongs to that form.
    """
    own, summing = unit_of(department), is_summary(department)
    others = {unit_of(form) for form in forms if form.header.get("form_type") == "department" and not is_summary(form)} - {own}
    found = []
    for form in ordered(forms):
        if not text(form, "project_name") or year_of(form) != year_of(department) or form.header.get("form_type") == "transfer":
            continue
        names = [name for key in ("implementing_unit", "unit_name", "supervising_department") if (name := bare(text(form, key)))]
        if is_own_level(department) or any(name in others for name in names[:1]):
            names = names[:1]
        if any(same_unit(name, own) for name in names) or (summing and belongs(form, own)):
            found.append(form)
    return distinct(found)


def coverage(inputs: Inputs) -> Compared:
    """Return for every department form its project spending beside the sum of the project forms handed in."""
    rows: list[Comparison] = []
    idle: list[Idle] = []
    for department in (form for form in ordered(inputs.forms) if form.header.get("form_type") == "department"):
        at = [n for n, line in enumerate(department.budget_lines, 1) if "项目支出" in amounts.label_of(line)]
        if len(at) != 1:
            continue
        projects = projects_of(department, inputs.forms)
        if projects:
            rows.append(_covered(department, at[0], projects))
        elif any(isinstance(v, Decimal) and v for v in (department.budget_lines[at[0] - 1].get(c) for c in COLUMNS)):
            name = unit_name(department)
            idle.append(Idle(True, words(f"没有收到{name}的项目自评表", f"no project form of {name} was handed in")))
    return Compared(tuple(rows), tuple(idle) or (() if rows else (Idle(False, words("没有列出项目支出的部门整体表", "there is no department form that shows project spending")),)))


def _covered(department: Form, row: int, projects: Sequence[Form]) -> Comparison:
    own = {column: amounts.amount(department, row, column) for column in COLUMNS}
    parts: dict[str, list[amounts.Amount]] = {column: [] for column in COLUMNS}
    gaps: dict[str, Words] = {}
    twice = known_twice(projects)
    for column in COLUMNS:
        for form in projects:
            found = _project_total(form, column)
            if found is not None:
                parts[column].append(found)
            else:
                name = text(form, "project_name")
                gaps[column] = words(f"“{name}”的表没有可读的合计数", f"the form of “{name}” has no total that can be read")
        if twice:
            gaps[column] = words(f"{twice}的同一项目送了两张不同的表", f"{twice} handed in two different forms of one project")
    taking_part = [item for items in parts.values() for item in items]
    unit = amounts.common_unit([*(item for item in own.values() if item), *taking_part])
    values: dict[str, str | int | Decimal | None] = {
        "label": str(department.budget_lines[row - 1].get("label") or ""), "amount_unit": unit, "projects": len(projects),
        "project_names": "、".join(text(form, "project_name") for form in projects),
        "tolerance": max(amounts.tolerance([*([item] if (item := own[column]) else []), *parts[column]], unit) for column in COLUMNS),
    }  # fmt: skip
    cells: dict[str, Cells] = {}
    for column in COLUMNS:
        item = own[column]
        values[column] = amounts.in_unit(item.value, item.unit, unit) if item else None
        values[f"projects_{column}"] = None if column in gaps else amounts.total(parts[column], unit)
        cells[column] = ((department, ("budget_lines", row, column)),)
        cells[f"projects_{column}"] = tuple(cell for part in parts[column] for cell in part.cells)
    unknown = {f"projects_{column}": why for column, why in gaps.items()}
    return Comparison("coverage", department, ("coverage", department.form_id), values, cells, unknown)


def _project_total(form: Form, column: str) -> amounts.Amount | None:
    """Return the amount of a project's total line; where the form has none, of its only line."""
    lines = [n for n, line in enumerate(form.budget_lines, 1) if line.get("role") == "total"]
    if not lines and len(form.budget_lines) == 1:
        lines = [1]
    return amounts.amount(form, lines[0], column) if lines else None

"""Clean forms with one cell changed at a time → which changes the rules notice (`checker rules test --corrupt`).

A change is noticed when it brings a failed or undecided row that the clean form does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from checker.audit import laid_out
from checker.corrections.equations import Comparison, Equation, bounds_of, cells_of, extract, value_of
from checker.corrections.propose import expectations
from checker.corrections.system import holds, settle
from checker.engine import CODE, Prepared, applying, codes, evaluate, prepare
from checker.fields import BY_TABLE, TABLES
from checker.language import Contexts
from checker.model import FieldValue, Form, Outcome, PlaceKey
from checker.profiles import choose, load_profiles, with_profile
from checker.rule import Rule

BATCH = 500
"""Changed forms a pass."""

KINDS = ("digit", "swapped", "sign", "point", "removed", "text_removed", "copied", "text_copied", "above_weight", "reason", "late")
"""What is done to a cell, in the order of the table."""

TEXTS = ("level1", "level2", "name", "target", "actual")
LATE_DAYS = 10

Row = Mapping[str, FieldValue]
Mark = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a form overwritten: `cell` is (table, row from 1, field), `new` None when the value is removed."""

    kind: str
    cell: PlaceKey
    old: str
    new: str | None
    form: Form


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a change. `covered`: some equation rests on the cell. `hidden`: every equation still holds,
    because a printed rounding swallows the change."""

    name: str
    change: Change
    noticed: bool
    covered: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: changes of a kind, those noticed; the same of cells that an equation covers, without the hidden ones."""

    kind: str
    tried: int
    noticed: int
    covered: int
    covered_noticed: int
    hidden: int


def corrupt(forms: Sequence[Form], rules: Sequence[Rule], as_of: date) -> tuple[Verdict, ...]:
    """Change every cell of the forms in every way, run all rules over all of it, and say what was noticed.

    Each form is checked under its own profile. Raises RuleError for a profile that does not fit the rules.
    """
    made: list[Verdict] = []
    for form, profile in zip(forms, choose(forms, load_profiles(), None), strict=True):
        prepared = prepare(with_profile(rules, profile))
        equations = _equations(form, prepared, as_of)
        cells = {cell for equation in equations if not isinstance(equation, Comparison) or equation.sign == "eq" for cell in cells_of(equation)}
        found = list(changes(form, as_of))
        known = _marks([form], prepared, as_of)[0]
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            for change, marks in zip(part, _marks([c.form for c in part], prepared, as_of), strict=True):
                touched = set(_together(form, change.cell)) & cells
                hidden = bool(touched) and change.new is not None and _still_true(equations, form, change)
                made.append(Verdict(form.source.path, change, bool(marks - known), bool(touched), hidden))
    return tuple(made)


def table(verdicts: Sequence[Verdict]) -> tuple[Line, ...]:
    """Count the verdicts by kind, in the order of KINDS."""
    lines = []
    for kind in KINDS:
        mine = [v for v in verdicts if v.change.kind == kind]
        covered = [v for v in mine if v.covered and not v.hidden]
        if mine:
            lines.append(Line(kind, len(mine), sum(v.noticed for v in mine), len(covered), sum(v.noticed for v in covered), sum(v.hidden for v in mine)))
    return tuple(lines)


def _marks(forms: Sequence[Form], prepared: Prepared, as_of: date) -> list[set[Mark]]:
    """Return (rule, row, outcome) of every failed or undecided row, form by form."""
    found, crashed = codes(prepared, laid_out(forms, prepared.needed), as_of)
    if crashed:
        name, why = next(iter(crashed.items()))
        raise RuntimeError(f"{name}: {why}")
    marks: list[set[Mark]] = [set() for _ in forms]
    for form, row, rule, code in found.iter_rows():
        if code in (CODE[Outcome.FAIL], CODE[Outcome.OPEN], CODE[Outcome.REVIEW]):
            marks[form].add((rule, row, code))
    return marks


def _equations(form: Form, prepared: Prepared, as_of: date) -> tuple[Equation, ...]:
    made = laid_out([form], prepared.needed)
    applied = applying(evaluate(prepared, made, as_of), 0)
    return extract(expectations(prepared.rules, applied), form, 0, Contexts(made, as_of)).equations


def _still_true(equations: Sequence[Equation], form: Form, change: Change) -> bool:
    """Say whether every equation the changed cell has a part in holds all the same."""
    touched = set(_together(form, change.cell))
    for equation in equations:
        cells = cells_of(equation)
        if not cells & touched:
            continue
        values = {cell: value_of(change.form, cell) for cell in cells}
        known: dict[PlaceKey, Fraction] = {cell: value for cell, value in values.items() if value is not None}
        if len(known) < len(values):
            return False
        bounds = bounds_of(equation, frozenset(), known)
        if bounds is None or not all(holds(bound) for bound in settle(bounds, known, frozenset())):
            return False
    return True


def changes(form: Form, as_of: date) -> Iterator[Change]:
    """Yield every single change of a form's cells, in the order of its tables; deterministic."""
    for name in TABLES:
        above: Row = {}
        for number, row in enumerate(_rows(form, name), 1):
            yield from _row_changes(form, name, number, row, above)
            above = row
    yield from _reasons(form)
    yield from _late(form, as_of)


def _row_changes(form: Form, table: str, number: int, row: Row, above: Row) -> Iterator[Change]:
    for name, field in BY_TABLE[table].items():
        value, cell = row.get(name), (table, number, name)
        if field.reading or value is None or _together(form, cell)[0] != cell:
            continue
        if isinstance(value, Decimal):
            for kind, other in _slips(value):
                yield _change(form, kind, cell, other)
            yield _change(form, "removed", cell, None)
            other_value = above.get(name)
            if isinstance(other_value, Decimal) and other_value != value:
                yield _change(form, "copied", cell, other_value)
            weight = row.get({"total_score": "total_weight", "score": "weight"}.get(name, ""))
            if isinstance(weight, Decimal):
                yield _change(form, "above_weight", cell, weight + 1)
        elif table == "indicators" and name in TEXTS:
            yield _change(form, "text_removed", cell, None)
            if name in ("target", "actual") and isinstance(above.get(name), str) and above[name] != value:
                yield _change(form, "text_copied", cell, above[name])


def _slips(value: Decimal) -> Iterator[tuple[str, Decimal]]:
    """Yield the numbers a slip of the pen makes of one: a digit changed, two swapped, the sign, the point."""
    text = f"{value:f}"
    made: list[tuple[str, str]] = []
    for i, char in enumerate(text):
        if char.isdigit():
            made += [("digit", f"{text[:i]}{(int(char) + step) % 10}{text[i + 1 :]}") for step in (1, 5)]
            swapped = i + 1 + (text[i + 1 : i + 2] == ".")
            if swapped < len(text) and text[swapped] != char:
                between = text[i + 1 : swapped]
                made.append(("swapped", f"{text[:i]}{text[swapped]}{between}{char}{text[swapped + 1 :]}"))
    if value:
        made += [("sign", f"{-value:f}"), ("point", f"{value.scaleb(1):f}"), ("point", f"{value.scaleb(-1):f}")]
    yield from ((kind, Decimal(other)) for kind, other in made if Decimal(other) != value)


def _reasons(form: Form) -> Iterator[Change]:
    """Yield the removal of the reason behind each deduction; of the general reason where the rows have none."""
    deducted = False
    for name in ("budget_lines", "indicators"):
        for number, row in enumerate(_rows(form, name), 1):
            score, weight = row.get("score"), row.get("weight")
            if row.get("reason") and isinstance(score, Decimal) and isinstance(weight, Decimal) and score < weight:
                deducted = True
                yield _change(form, "reason", (name, number, "reason"), None)
    if form.header.get("foot_reason") and not deducted:
        yield _change(form, "reason", ("forms", 1, "foot_reason"), None)


def _late(form: Form, as_of: date) -> Iterator[Change]:
    """Yield, for each timeliness row with a day of completion, a day after every reading of its deadline."""
    made = laid_out([form], frozenset({("indicators", "deadline_lenient"), ("indicators", "done_to")})).indicators
    for number, limit, done in made.select("row", "deadline_lenient", "done_to").iter_rows():
        if limit is not None and done is not None and done <= limit:
            day = limit + timedelta(days=LATE_DAYS)
            yield _change(form, "late", ("indicators", number, "actual"), f"{day.year}年{day.month}月{day.day}日")


def _change(form: Form, kind: str, cell: PlaceKey, value: FieldValue) -> Change:
    table, number, name = cell
    old = _rows(form, table)[number - 1].get(name)
    changed = form
    for key in _together(form, cell):
        changed = _put(changed, key, value)
    return Change(kind, cell, "" if old is None else str(old), None if value is None else str(value), changed)


def _put(form: Form, cell: PlaceKey, value: FieldValue) -> Form:
    table, number, name = cell
    rows = [dict(row) for row in _rows(form, table)]
    row = rows[number - 1]
    row.pop(name, None)
    if value is not None:
        row[name] = value
    if table == "forms":
        return replace(form, header=rows[0])
    if table == "budget_lines":
        return replace(form, budget_lines=tuple(rows))
    if table == "indicator_groups":
        return replace(form, indicator_groups=tuple(rows))
    return replace(form, indicators=tuple(rows))


def _together(form: Form, cell: PlaceKey) -> list[PlaceKey]:
    """Return the fields that are read from the same cell with the same value, in order: a merged weight stands in many rows."""
    table, number, name = cell
    place, value = form.places.get(cell), _rows(form, table)[number - 1].get(name)
    at = place.locator if place is not None else None
    if at is None or not (at.cell or (at.line and at.column)):
        return [cell]
    same = [key for key, other in form.places.items() if other.locator == at and _filled(form, key) == value and value is not None]
    return sorted(same, key=lambda key: (TABLES.index(key[0]), key[1], key[2])) or [cell]


def _filled(form: Form, cell: PlaceKey) -> FieldValue:
    table, number, name = cell
    rows = _rows(form, table)
    known = table in TABLES and name in BY_TABLE[table] and 0 < number <= len(rows)
    return rows[number - 1].get(name) if known else None


def _rows(form: Form, table: str) -> Sequence[Row]:
    rows: Sequence[Row] = (form.header,) if table == "forms" else getattr(form, table)
    return rows

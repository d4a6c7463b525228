"""Changed forms × all rules → which changes are noticed: batches through the engine, outcomes only.

A change is noticed when it brings a failed or undecided row that the clean form does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from checker.audit import audit, laid_out
from checker.authoring.corrupt.changes import KINDS, Change, changes, together
from checker.corrections.equations import Comparison, Equation, bounds_of, cells_of, extract, value_of
from checker.corrections.propose import expectations
from checker.corrections.system import holds, settle
from checker.engine.batch_pass import CODE, Prepared, applying, codes, evaluate, prepare
from checker.language import Contexts
from checker.model import Form, Outcome, PlaceKey, Severity
from checker.rules.profiles import choose, load_profiles, with_profile
from checker.rules.rule import Rule, RuleSet

BATCH = 500
"""Changed forms a pass."""

Mark = tuple[str, int, int]
Progress = Callable[[str, int, int], None]


class Verdict(Struct, frozen=True):
    """What became of a change. `covered`: some equation rests on the cell. `hidden`: every equation still holds,
    because a printed rounding swallows the change."""

    name: str
    change: Change
    noticed: bool
    covered: bool
    hidden: bool


class Line(Struct, frozen=True):
    """One line of the table: changes of a kind, those noticed; the same of cells that an equation covers, without the hidden ones."""

    kind: str
    tried: int
    noticed: int
    covered: int
    covered_noticed: int
    hidden: int


def corrupt(forms: Sequence[Form], rules: Sequence[Rule], as_of: date, progress: Progress | None = None) -> tuple[Verdict, ...]:
    """Change every cell of the forms in every way, run all rules over all of it, and say what was noticed.

    Each form is checked under its own profile. Raises RuleError for a profile that does not fit the rules.
    """
    made: list[Verdict] = []
    for form, profile in zip(forms, choose(forms, load_profiles(), None), strict=True):
        prepared = prepare(with_profile(rules, profile))
        equations = _equations(form, prepared, as_of)
        cells = {cell for equation in equations if not isinstance(equation, Comparison) or equation.sign == "eq" for cell in cells_of(equation)}
        found = list(changes(form))
        known = _marks([form], prepared, as_of)[0]
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            for change, marks in zip(part, _marks([c.form for c in part], prepared, as_of), strict=True):
                touched = set(together(form, change.cell)) & cells
                hidden = bool(touched) and change.new is not None and _still_true(equations, form, change)
                made.append(Verdict(form.source.path, change, bool(marks - known), bool(touched), hidden))
            if progress:
                progress("corrupt", start + len(part), len(found))
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
    touched = set(together(form, change.cell))
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



def covered_share(verdicts: Sequence[Verdict]) -> float:
    """Return the percentage noticed among changes of cells that an equation covers, those hidden by rounding left out."""
    covered = [v for v in verdicts if v.covered and not v.hidden]
    return 100 * sum(v.noticed for v in covered) / len(covered) if covered else 100.0


def unclean(forms: Sequence[Form], rules: Sequence[Rule], as_of: date) -> list[tuple[str, str, str]]:
    """Return (file, rule, severity) of every error or warning on forms that are said to be clean."""
    results = audit(forms, RuleSet("clean", "0", "", tuple(rules)), as_of=as_of)
    return [(r.form.source.path, f.rule, f.severity.value) for r in results.forms for f in r.findings if f.kind is not Outcome.OPEN and f.severity is not Severity.NOTE]

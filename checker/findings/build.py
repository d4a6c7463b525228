"""Rows that fail or stay open → findings: message, proof, places, fingerprint.

The exact interpreter works the rule's own tree out again with the row's numbers and writes the
arithmetic. When it disagrees with the pass over the batch the finding is an engine fault: what is shown
is what was computed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from checker.fields import BY_TABLE
from checker.findings.proof import Proof, prove
from checker.language import Explained, RowContext, explain
from checker.model import Basis, Finding, Form, Location, Locator, Outcome, Place, PlaceKey, Severity, Step
from checker.rules.rule import Rule
from checker.wording import agreed, slots_only

LOW_CONFIDENCE = {"zh": "（文字匹配，需人工核对）", "en": " (matched by text, check by hand)"}
UNVERIFIED = {"zh": "（条款待核）", "en": " (clause not verified)"}

_SLOT = re.compile(r"\{([^{}]*)\}")


class Judged(Struct, frozen=True):
    """One marked row of one rule, worked out: outcome, severity, proof, places."""

    row: int
    outcome: Outcome
    severity: Severity
    proof: Proof
    message: str
    locations: tuple[Location, ...]


def finding_of_row(rule: Rule, form: Form, context: RowContext, row: int, outcome: Outcome, lang: str) -> Finding:
    """Build the finding of one row; `outcome` is what the batch pass said."""
    judged = judge(rule, form, context, row, outcome, lang)
    return Finding(
        fingerprint=fingerprint(rule, form, rule.each, row),
        rule=rule.id,
        severity=judged.severity,
        kind=judged.outcome,
        title=rule.title[lang],
        message=judged.message,
        locations=judged.locations,
        reported=judged.proof.reported,
        expected=judged.proof.expected,
        difference=judged.proof.difference,
        arithmetic=judged.proof.arithmetic,
        steps=judged.proof.steps,
        basis=bases(rule, lang),
        advice=(rule.advice[lang] or None) if judged.outcome is Outcome.FAIL else None,
        heuristic=rule.kind == "heuristic",
        value_digest=value_digest(judged.locations),
    )


def finding_of_form(rule: Rule, form: Form, judged: Sequence[Judged], contexts: Sequence[RowContext], lang: str) -> Finding:
    """Build the one finding of an `aggregate` rule: every row is a place, the message counts them."""
    severity = min((item.severity for item in judged), key=list(Severity).index)
    places = tuple(place for item in judged for place in item.locations if place.role == "primary")
    slots = {"count": str(len(judged)), "lines": lines_of(places, lang)}
    for name in _SLOT.findall(slots_only(rule.message[lang])):
        if name.startswith("total_") and name[6:] in rule.slots:
            slots[name] = _sum([explain(rule.slots[name[6:]], context, lang) for context in contexts]) or NOT_STATED[lang]
    first = judged[0]
    message = _filled(rule.message[lang], lambda slot: slots.get(slot) or _shown(rule, slot, first.proof, contexts[0], places, lang))
    return Finding(
        fingerprint=fingerprint(rule, form, rule.each, None),
        rule=rule.id,
        severity=severity,
        kind=first.outcome,
        title=rule.title[lang],
        message=message + (LOW_CONFIDENCE[lang] if rule.confidence == "low" else ""),
        locations=places,
        reported=first.proof.reported if len(judged) == 1 else None,
        expected=first.proof.expected if len(judged) == 1 else None,
        arithmetic=first.proof.arithmetic if len(judged) == 1 else None,
        steps=tuple(Step(_row_name(form, rule.each, item.row), item.proof.arithmetic or "") for item in judged if item.proof.arithmetic),
        basis=bases(rule, lang),
        advice=rule.advice[lang] or None,
        heuristic=rule.kind == "heuristic",
        value_digest=value_digest(places),
    )


def judge(rule: Rule, form: Form, context: RowContext, row: int, outcome: Outcome, lang: str) -> Judged:
    """Work one row out again and compare with the batch pass."""
    proof = prove(rule, form, context, lang)
    locations = _locations(rule, form, context, row, proof)
    severity = next((level for tree, level in rule.severity_when if explain(tree, context, lang).value is True), rule.severity)
    if proof.outcome is not outcome:
        words = {"zh": f"引擎两次计算不一致：{outcome.value} / {proof.outcome.value}", "en": f"two evaluations disagree: {outcome.value} / {proof.outcome.value}"}
        return Judged(row, Outcome.ERROR, severity, proof, words[lang], locations)
    if outcome is Outcome.FAIL:
        message = _filled(rule.message[lang], lambda slot: _shown(rule, slot, proof, context, locations, lang))
        message += LOW_CONFIDENCE[lang] if rule.confidence == "low" else ""
    else:
        message = proof.reason or {"zh": "缺少判定所需的数据", "en": "data needed to decide is missing"}[lang]
    return Judged(row, outcome, severity, proof, message, locations)


def _filled(message: str, shown: Callable[[str], str]) -> str:
    return _SLOT.sub(lambda slot: shown(slot[1]), agreed(message, shown))


def _shown(rule: Rule, slot: str, proof: Proof, context: RowContext, places: Sequence[Location], lang: str) -> str:
    if slot in rule.slots:
        explained = explain(rule.slots[slot], context, lang)
        if explained.value is None:
            return "□"
        return explained.plain if isinstance(explained.value, str) else explained.shown
    special = {"expected": proof.expected, "reported": proof.reported, "difference": proof.difference, "lines": lines_of(places, lang), "count": "1"}
    if slot in ("line", "place"):
        return lines_of(places[:1], lang)
    if slot in special:
        return special[slot] or "□"
    value = rule.params.get(slot)
    if isinstance(value, tuple):
        return LIST[lang].join(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _sum(parts: Sequence[Explained]) -> str | None:
    from fractions import Fraction

    numbers = [part.value for part in parts if isinstance(part.value, Fraction)]
    if not numbers:
        return None
    digits = max((part.digits or 0 for part in parts), default=0)
    total = sum(numbers, Fraction(0))
    return f"{Decimal(total.numerator) / Decimal(total.denominator):.{digits}f}"


LIST = {"zh": "、", "en": ", "}
NOT_STATED = {"zh": "未列", "en": "not stated"}


def lines_of(places: Sequence[Location], lang: str = "zh") -> str:
    """Name places in the form's own terms: source lines, cells, or row numbers; runs are joined (28–31)."""
    lines = [place.locator.line for place in places]
    if places and all(line is not None for line in lines) and all(place.locator.cell is None for place in places):
        return _runs(sorted({line for line in lines if line is not None}), LIST[lang])
    if places and all(place.locator.cell for place in places):
        return LIST[lang].join(dict.fromkeys(str(place.locator.cell) for place in places))
    return _runs(sorted({place.row for place in places}), LIST[lang])


def _runs(numbers: Sequence[int], mark: str) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return mark.join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" if len(run) > 2 else f"{run[0]}{mark}{run[-1]}" for run in runs)


def _row_name(form: Form, table: str, row: int) -> str:
    rows = {"indicators": form.indicators, "budget_lines": form.budget_lines, "indicator_groups": form.indicator_groups}.get(table, ())
    values = rows[row - 1] if 0 < row <= len(rows) else {}
    return str(values.get("name") or values.get("label") or values.get("level2") or values.get("level1") or row)


def _locations(rule: Rule, form: Form, context: RowContext, row: int, proof: Proof) -> tuple[Location, ...]:
    table, _, name = rule.at.rpartition(".")
    table = table or rule.each
    near = _related_rows(rule, form, context)
    at = (table, row if table == rule.each else 1, name)
    if table != rule.each and rule.rows is not None:
        # The first row that `rows` picks out; without one the first cell the proof rests on, or the title.
        picked = next((other for owner, other, _ in near if owner == table), None)
        filled = next((cell for cell in proof.cells if cell in form.places), (rule.each, row, "title"))
        at = (table, picked, name) if picked is not None else filled
    elif rule.on_missing is Outcome.FAIL and not _unread(form, at):
        # What cannot be read is the fault: the finding points at that cell of the row.
        at = next((cell for cell in proof.cells if cell[:2] == at[:2] and _unread(form, cell)), at)
    found = [location(form, at, "primary")]
    for cell in (*proof.cells, *near):
        if cell != at and BY_TABLE[cell[0]][cell[2]].reading is False and cell not in [(p.table, p.row, p.field) for p in found]:
            found.append(location(form, cell, "related"))
    return tuple(found)


def _unread(form: Form, cell: PlaceKey) -> bool:
    place = form.places.get(cell)
    return place is not None and bool(place.unread)


def _related_rows(rule: Rule, form: Form, context: RowContext) -> list[PlaceKey]:
    if rule.rows is None or rule.rows_of is None:
        return []
    column = {"indicators": "name", "budget_lines": "label", "indicator_groups": "level1", "forms": "title"}[rule.rows_of]
    rows = context.children[rule.rows_of]
    near = [context.beside(rule.rows_of, row) for row in rows]
    return [(rule.rows_of, one.row, column) for one in near if explain(rule.rows, one).value is True]


def location(form: Form, cell: PlaceKey, role: str) -> Location:
    """Return where a field stands; a blank cell without a place of its own borrows its row's line or sheet."""
    table, row, name = cell
    place = form.places.get(cell)
    if place is None and BY_TABLE[table][name].reading:
        source = next((key for s in BY_TABLE[table][name].source if (key := (table, row, s)) in form.places), None)
        place = form.places.get(source) if source else None
    if place is None:
        near = _near(form, table, row)
        place = Place(Locator(near.file, near.sheet, _cell(form, cell, near), near.page, near.line, None, near.table))
    return Location(role, table, row, name, place.text, place.locator)


def _cell(form: Form, cell: PlaceKey, near: Locator) -> str | None:
    """Name a blank cell of a sheet: the column its field has in other rows, the line its row has; the cell of that row that is filled where no row has the field."""
    table, _, name = cell
    line = re.sub(r"^[A-Z]+", "", near.cell or "")
    if not line:
        return None
    found = (form.places.get((table, n, name)) for n in range(1, len(getattr(form, table, ())) + 1))
    column = next((place.locator.cell for place in found if place is not None and place.locator.cell and place.locator.sheet == near.sheet), None)
    return re.sub(r"\d+$", "", column) + line if column else near.cell


def _near(form: Form, table: str, row: int) -> Locator:
    for name in BY_TABLE[table]:
        if (place := form.places.get((table, row, name))) is not None and name not in ("level1", "level1_weight", "level2", "level2_weight"):
            return place.locator
    return Locator(file=form.source.path)


def bases(rule: Rule, lang: str) -> tuple[str, ...]:
    """Return the legal bases as printed; a clause nobody read is marked 条款待核."""
    return tuple(_basis(basis, lang) for basis in rule.basis)


def _basis(basis: Basis, lang: str) -> str:
    text = f"{basis.relation_in(lang)}{'：' if lang == 'zh' else ': '}{basis.document}{basis.clause or ''}"
    return text if basis.verified else text + UNVERIFIED[lang]


def fingerprint(rule: Rule, form: Form, table: str, row: int | None) -> str:
    """Return what stays the same for the same fault over runs, languages, orders and versions."""
    return hashlib.sha256("\x1f".join((rule.id, form.form_id, *row_identity(form, table, row))).encode()).hexdigest()[:24]


def row_identity(form: Form, table: str, row: int | None) -> tuple[str, ...]:
    """Identify a row by what it is about, not by its number: names, and the ordinal among rows of the same names."""
    rows: Sequence[Mapping[str, object]] = () if table == "forms" else getattr(form, table, ())
    if row is None or not 0 < row <= len(rows):
        return (table,)
    key = [_part(rows[row - 1], name) for name in _IDENTITY]
    return (table, *key, str(sum(_is(other, key) for other in rows[: row - 1])))


_IDENTITY = ("level1", "level2", "name", "label", "role")
_TELLING = ((2, "name"), (3, "label"), (1, "level2"), (0, "level1"), (4, "role"))
"""The parts of an identity with their places in it, what tells rows apart first."""


def _is(row: Mapping[str, object], key: Sequence[str]) -> bool:
    return all(_part(row, name) == key[at] for at, name in _TELLING)


def _part(row: Mapping[str, object], name: str) -> str:
    text = row.get(name)
    return _squeezed(str(text)) if text else ""


@lru_cache(1 << 14)
def _squeezed(text: str) -> str:
    return "".join(text.split())


def value_digest(places: Sequence[Location]) -> str:
    """Return a digest of the cell texts a finding rests on: a waiver given for a value lapses when it changes."""
    return hashlib.sha256("\x1f".join(place.text for place in places).encode()).hexdigest()[:16]



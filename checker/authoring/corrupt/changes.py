"""A clean form → the same form with one cell changed, in every way a hand slips. Deterministic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from checker.audit import laid_out
from checker.fields import BY_TABLE, TABLES
from checker.model import FieldValue, Form, PlaceKey

KINDS = ("digit", "swapped", "sign", "point", "removed", "copied", "above_weight", "reason", "late", "text_removed", "text_copied")
"""What is done to a cell, in the order of the table."""

TEXTS = ("level1", "level2", "name", "target", "actual")
LATE_DAYS = 10

Row = Mapping[str, FieldValue]


class Change(Struct, frozen=True):
    """One cell of a form overwritten: `cell` is (table, row from 1, field), `new` None when the value is removed."""

    kind: str
    cell: PlaceKey
    old: str
    new: str | None
    form: Form


def changes(form: Form) -> Iterator[Change]:
    """Yield every single change of a form's cells, in the order of its tables; deterministic."""
    for name in TABLES:
        above: Row = {}
        for number, row in enumerate(rows_of(form, name), 1):
            yield from _row_changes(form, name, number, row, above)
            above = row
    yield from _reasons(form)
    yield from _late(form)


def _row_changes(form: Form, table: str, number: int, row: Row, above: Row) -> Iterator[Change]:
    for name, field in BY_TABLE[table].items():
        value, cell = row.get(name), (table, number, name)
        if field.reading or value is None or together(form, cell)[0] != cell:
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
        for number, row in enumerate(rows_of(form, name), 1):
            score, weight = row.get("score"), row.get("weight")
            if row.get("reason") and isinstance(score, Decimal) and isinstance(weight, Decimal) and score < weight:
                deducted = True
                yield _change(form, "reason", (name, number, "reason"), None)
    if form.header.get("foot_reason") and not deducted:
        yield _change(form, "reason", ("forms", 1, "foot_reason"), None)


def _late(form: Form) -> Iterator[Change]:
    """Yield, for each timeliness row with a day of completion, a day after every reading of its deadline."""
    made = laid_out([form], frozenset({("indicators", "deadline_lenient"), ("indicators", "done_to")})).indicators
    for number, limit, done in made.select("row", "deadline_lenient", "done_to").iter_rows():
        if limit is not None and done is not None and done <= limit:
            day = limit + timedelta(days=LATE_DAYS)
            yield _change(form, "late", ("indicators", number, "actual"), f"{day.year}年{day.month}月{day.day}日")


def _change(form: Form, kind: str, cell: PlaceKey, value: FieldValue) -> Change:
    table, number, name = cell
    old = rows_of(form, table)[number - 1].get(name)
    changed = form
    for key in together(form, cell):
        changed = _put(changed, key, value)
    return Change(kind, cell, "" if old is None else str(old), None if value is None else str(value), changed)


def _put(form: Form, cell: PlaceKey, value: FieldValue) -> Form:
    table, number, name = cell
    rows = [dict(row) for row in rows_of(form, table)]
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


def together(form: Form, cell: PlaceKey) -> list[PlaceKey]:
    """Return the fields that are read from the same cell with the same value, in order: a merged weight stands in many rows."""
    table, number, name = cell
    place, value = form.places.get(cell), rows_of(form, table)[number - 1].get(name)
    at = place.locator if place is not None else None
    if at is None or not (at.cell or (at.line and at.column)):
        return [cell]
    same = [key for key, other in form.places.items() if other.locator == at and _filled(form, key) == value and value is not None]
    return sorted(same, key=lambda key: (TABLES.index(key[0]), key[1], key[2])) or [cell]


def _filled(form: Form, cell: PlaceKey) -> FieldValue:
    table, number, name = cell
    rows = rows_of(form, table)
    known = table in TABLES and name in BY_TABLE[table] and 0 < number <= len(rows)
    return rows[number - 1].get(name) if known else None


def rows_of(form: Form, table: str) -> Sequence[Row]:
    rows: Sequence[Row] = (form.header,) if table == "forms" else getattr(form, table)
    return rows

"""One row below an indicator heading → its fields: levels, name, texts, figures."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from checker.layouts.cells import blank, clean, is_operator, plain
from checker.layouts.columns import Columns
from checker.layouts.figures import found_number
from checker.layouts.levels import Level, is_placeholder, is_prompt, says_none
from checker.layouts.messages import at as say_at
from checker.layouts.messages import field_name, say
from checker.layouts.places import Found, Notes, Row, lacks, line_of, name_in, where
from checker.layouts.table import Table, Under
from checker.layouts.totals import points
from checker.model import Cell
from checker.remembered import remembered
from checker.values.quantity import find_quantities
from checker.values.text import half_width

TEXT_ROLES = ("target", "actual", "reason")
NUMBER_ROLES = ("weight", "score")
_TEMPLATE = re.compile(r"[….·。⋯]{2,}|…+|(三级)?指标\d{1,2}[:：、.]?[….]*")
_NUMBERS = re.compile(r"[\d.、]+")
_SCORE_WITH_REASON = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)分?\(((?:因|由于|原因|扣分|受)[^()]{3,200})\)")
"""A score with the reason for what it lacks behind it, where no column has it: 4分（因学生人数减少）."""
_COMPARED = re.compile(r"[≥≤≧≦><=═]")


def read_row(table: Table, row: int, columns: Columns, under: Under, one: Level, two: Level, notes: Notes) -> Row | None:
    at = columns.at
    name_cell = under["name"]
    texts = {
        "actual": _text(table, row, columns, "actual", under, notes),
        "reason": _text(table, row, columns, "reason", under, notes),
    }
    texts["target"] = _target(table, row, columns, under, notes)
    if "actual_unit" in under:
        texts["actual"] = _with_unit(texts["actual"], under["actual_unit"])
    if "measure" in under:
        texts["reason"] = _joined(texts["reason"], _text(table, row, columns, "measure", under, notes))
    numbers = {role: under[role] for role in NUMBER_ROLES if role in under}
    if name_cell is not None and (numbers.get("weight") is name_cell or numbers.get("score") is name_cell):
        if plain(name_cell.text):
            notes.unread.append(say_at(where(name_cell.locator), "figures_left", text=clean(name_cell.text)[:40]))
        return None
    has_name = name_cell is not None and not is_placeholder(name_cell.text) and not says_none(name_cell.text)
    if not has_name and not any(cell is not None and (cell.unread or not blank(cell.text)) and table.begins(cell, row) for cell in numbers.values()):
        has_value = any(found is not None and not _nothing(found) for role, found in texts.items() if role != "reason")
        if not has_value:
            _no_indicator(table, row, under, texts["reason"], notes)
            return None
        if one.cell is two.cell is None:
            words = " ".join(clean(found.cell.text) for found in texts.values() if found is not None and found.cell is not None and plain(found.cell.text))
            notes.unread.append(say_at(line_of(table.rows[row][0]), "figures_left", text=words[:40]))
            return None
    made: Row = {}
    if one.found is not None:
        made["level1"] = one.found
    if one.weight is not None:
        made["level1_weight"] = one.weight
    if two.found is not None:
        made["level2"] = two.found
    if two.weight is not None:
        made["level2_weight"] = two.weight
    if name_cell is not None and plain(name_cell.text):
        made["name"] = name_in(name_cell, clean(name_cell.text))
    for role, found in texts.items():
        if found is not None:
            made[role] = found
    if "reason" in made:
        _drop_prompt(made, notes)
    one_cell = len(numbers) == 2 and numbers["weight"] is numbers["score"]
    for role, cell in numbers.items():
        if cell is None:
            continue
        if one_cell and not blank(cell.text):
            made[role] = Found(None, cell, say("one_cell"))
            notes.unread.append(say_at(where(cell.locator), "one_cell"))
            continue
        if not table.begins(cell, row):
            if not blank(cell.text):
                merged = say("merged_cell", at=line_of(cell), field=field_name(role))
                made[role] = Found(None, cell, merged, shared=True)
                notes.repairs.append(say_at(where(cell.locator), "merged_number", field=field_name(role)))
            continue
        if role == "score" and lacks(made, "reason") and cell.unread is None and (told := _SCORE_WITH_REASON.fullmatch(half_width(clean(cell.text)))):
            made["score"], made["reason"] = Found(Decimal(told[1]), cell), Found(clean(cell.text)[slice(*told.span(2))], cell)
            notes.repairs.append(say_at(where(cell.locator), "reason_behind", text=clean(cell.text)[:20]))
            continue
        made[role] = found_number(cell, points(cell, role), role, notes)
    read = name_cell is not None and name_cell.unread is None and plain(name_cell.text)
    return doubted(made, say("what_row"), (*TEXT_ROLES, *NUMBER_ROLES), notes) if not read and _nameless(table, row, at["name"]) else made


def _no_indicator(table: Table, row: int, under: Under, reason: Found | None, notes: Notes) -> None:
    """Tell of a reason and of words of the blank template in a row without name, value and number."""
    if reason is not None and reason.value is not None and reason.cell is not None and table.begins(reason.cell, row):
        notes.unread.append(say_at(where(reason.cell.locator), "stray_reason"))
    for cell in (under[role] for role in ("level1", "level2", "name", "target") if role in under):
        if cell is not None and _of_template(cell.text) and table.begins(cell, row):
            notes.left_over(cell.text, cell.locator)


def _nameless(table: Table, row: int, names: int) -> bool:
    """True when all that names a row is one unread cell that begins left of the names: it may as well be a total."""
    labels = [cell for column, cell in table.starts(row) if column <= names and plain(cell.text)]
    named = table.at(row, names)
    return (
        len(labels) == 1
        and labels[0].unread is not None
        and table.left(labels[0]) < names
        and (named is None or named is labels[0] or not plain(named.text))
    )


def doubted(made: Row, reason: str, roles: tuple[str, ...], notes: Notes) -> Row:
    """Return a row of which nothing tells what it is, or where its cells belong, with the places of its figures and words only."""
    for role in roles:
        found = made.get(role)
        if found is not None and found.value is not None and found.cell is not None:
            made[role] = Found(None, found.cell, reason)
            notes.unread.append(say("at", at=where(found.cell.locator), what=reason))
    return made


def _of_template(text: str) -> bool:
    """True for rows only a blank template has (……, 指标2:), not for a dash that says "does not apply"."""
    return _TEMPLATE.fullmatch(plain(text)) is not None


def _nothing(found: Found) -> bool:
    """True for a blank value, for …… that keeps a place free and for 无, beside no name of an indicator."""
    if found.value is None:
        return not found.unread
    return _keeps_free(str(found.value)) or says_none(str(found.value))


@remembered
def _keeps_free(text: str) -> bool:
    return is_placeholder(text) and _NUMBERS.fullmatch(plain(text)) is None


def _text(table: Table, row: int, columns: Columns, role: str, under: Under, notes: Notes) -> Found | None:
    cell, wide = under.get(role), role in columns.wide
    if wide and (cell is None or not plain(cell.text)):
        cell = next((other for other in _more(table, row, columns, role, cell) if plain(other.text)), cell)
    if cell is None:
        return None
    if table.left(cell) != columns.at[role] and _stretches(under, columns.at, role, cell):
        return Found(None, cell, say("merged_left")) if plain(cell.text) else None
    more = _more(table, row, columns, role, cell) if wide else ()
    if not more:
        return Found(None if cell.unread else _filed(cell.text), cell, cell.unread)
    unread = next((part for part in (cell, *more) if part.unread), None)
    if unread is not None:
        return Found(None, unread, unread.unread)
    parts = [clean(part.text) for part in (cell, *more) if plain(part.text)]
    lost = table.flat and len(parts) > 1 and not is_operator(parts[0])
    if lost or any(re.search(r"\d$", plain(left)) and re.match(r"\d", plain(right)) for left, right in pairwise(parts)):
        reason = say("many_cells", text=" ".join(parts)[:40])
        notes.unread.append(say("at", at=where(cell.locator), what=reason))
        return Found(None, cell, reason)
    value = "".join(parts)
    return Found(None if blank(value) else value, cell)


def _unread_beside(table: Table, row: int, columns: Columns, role: str) -> str | None:
    """Return why a value may be no more than a part: the title of a filled column beside it cannot be read (指标性质, 度量单位)."""
    for title in columns.unknown:
        if title.unread is None:
            continue
        for column in table.over(title):
            cell = table.at(row, column)
            if abs(column - columns.at[role]) == 1 and cell is not None and not blank(cell.text) and table.begins(cell, row):
                return title.unread
    return None


@remembered
def _filed(text: str) -> str | None:
    value = clean(text)
    return None if blank(value) else value


def _more(table: Table, row: int, columns: Columns, role: str, first: Cell | None) -> list[Cell]:
    """Return further cells of the row under one title that covers several columns: ≥ | 100 | %."""
    span = columns.spans.get(role, range(0))
    taken = table.over(first).stop if first is not None else span.start
    others = [column for other, column in columns.at.items() if other != role]
    found: list[Cell] = []
    for column in range(max(taken, span.start), span.stop):
        cell = table.at(row, column)
        if cell is None or column in others or cell in found or not table.begins(cell, row):
            continue
        found.append(cell)
    return found


def _stretches(under: Under, at: dict[str, int], role: str, cell: Cell) -> bool:
    """True when a cell also stands under another text's title, left of this one."""
    return any(at[other] < at[role] and under[other] is cell for other in ("name", *TEXT_ROLES) if other in at)


def _joined(reason: Found | None, measure: Found | None) -> Found | None:
    """Join the reason with the measure that stands in a column of its own."""
    if measure is None or measure.value is None:
        return reason
    if reason is None or reason.value is None:
        return measure
    return Found(f"{reason.value}；{measure.value}", reason.cell, reason.unread)


def _target(table: Table, row: int, columns: Columns, under: Under, notes: Notes) -> Found | None:
    """Join operator, value and unit where they stand in columns of their own; an adjusted target governs."""
    adjusted = _text(table, row, columns, "target_adjusted", under, notes) if "target_adjusted" in under else None
    first = _text(table, row, columns, "target", under, notes)
    found = adjusted if adjusted is not None and adjusted.value is not None else first
    if found is adjusted and found is not None and found.cell is not None and first is not None and first.value != found.value:
        notes.repairs.append(say_at(where(found.cell.locator), "adjusted", value=found.value, first=first.value or "空"))
    if found is None or found.value is None or found.cell is None:
        return found
    doubt = _unread_beside(table, row, columns, "target")
    if doubt is not None:
        return Found(None, found.cell, doubt)
    if not ("operator" in under or "unit" in under):
        return found
    value = str(found.value)
    sign = under.get("operator")
    if sign is not None and sign.unread:
        return Found(None, sign, sign.unread)
    if sign is not None and is_operator(operator := clean(sign.text)) and not _COMPARED.match(plain(value)) and not _says_itself(value, operator):
        value = operator + value
    return _with_unit(Found(value, found.cell), under.get("unit"))


def _says_itself(value: str, sign: str) -> bool:
    """True for a number that says in words what the sign in a column of its own says: 大于等于24 or 95%以上 beside ≥."""
    own = find_quantities(plain(value))
    return len(own) == 1 and own[0].operator is not None and own[0].operator == find_quantities(f"{plain(sign)}1")[0].operator


def _with_unit(found: Found | None, unit: Cell | None) -> Found | None:
    """Put the unit of a column of its own behind a number."""
    if found is None or unit is None or blank(unit.text) or not re.search(r"\d$", str(found.value)):
        return found
    return Found(None, unit, unit.unread) if unit.unread else Found(f"{found.value}{clean(unit.text)}", found.cell)


def _drop_prompt(made: Row, notes: Notes) -> None:
    found = made.get("reason")
    if found is not None and isinstance(found.value, str) and is_prompt(found.value):
        made["reason"] = Found(None, found.cell)
        if found.cell is not None:
            notes.repairs.append(say_at(where(found.cell.locator), "prompt"))
            notes.left_over(found.cell.text, found.cell.locator)


def read_points(table: Table, row: int, at: dict[str, int], notes: Notes) -> Row:
    made: Row = {}
    for role in NUMBER_ROLES:
        cell = table.at(row, at[role]) if role in at else None
        if cell is not None and table.begins(cell, row) and plain(cell.text):
            made[role] = found_number(cell, points(cell, role), role, notes)
    return made


def read_reason(table: Table, row: int, columns: Columns, notes: Notes) -> Row:
    """Read the reason, with its measure, of a row that gives points only."""
    under: Under = {role: table.at(row, column) for role, column in columns.at.items()}
    found = _joined(_text(table, row, columns, "reason", under, notes), _text(table, row, columns, "measure", under, notes))
    return {"reason": found} if found is not None and found.value is not None and found.cell is not None and table.begins(found.cell, row) else {}

"""Names of other units of the run in a form's own texts: partners, or left over from a copied text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from checker.across.comparison import Compared, Comparison, Idle, Inputs, header_cells, words
from checker.across.lexicon import known
from checker.across.units import bare, is_summary, ordered, text, unit_of
from checker.late import late
from checker.model import FieldValue, Form, PlaceKey
from checker.values.text import half_width, letters

_LEAST = 6
"""Letters of a unit's name below which it may stand for something else (教育局)."""
_GRAM = 4
_NEAR = 8
"""Letters before and behind a name that are looked at for the reason it is named."""
_CLAUSE = late(r"[,，;；。!！?？\n]+")
_COLUMNS = ("name", "target", "actual", "reason")


def foreign(inputs: Inputs) -> Compared:
    """Return every name of another unit of the run that stands in a form's goals, results or indicators."""
    forms = ordered(inputs.forms)
    owners: dict[str, Form] = {}
    for form in forms:
        if len(unit := unit_of(form)) >= _LEAST:
            owners.setdefault(unit, form)
    if len(owners) < 2:
        return Compared((), (Idle(False, words("只有一家单位的表，无从比对", "there are forms of one unit only")),))
    index = _index(sorted(owners))
    rows = [row for form in forms for row in _of_form(form, index, owners)]
    none = Idle(False, words("表内没有出现同批其他单位的名称", "no form names another unit of the run"))
    return Compared(tuple(rows), () if rows else (none,))


def _index(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the names by the four letters of each that fewest names share."""
    grams = Counter(gram for name in names for gram in _grams(name))
    index: dict[str, list[str]] = defaultdict(list)
    for name in names:
        index[min(_grams(name), key=lambda gram: (grams[gram], gram))].append(name)
    return index


def _grams(name: str) -> set[str]:
    return {name[i : i + _GRAM] for i in range(len(name) - _GRAM + 1)}


def _texts(form: Form) -> Iterator[tuple[str, PlaceKey]]:
    for column in ("goal_planned", "goal_actual", "foot_reason"):
        value = form.header.get(column)
        if isinstance(value, str):
            yield value, ("forms", 1, column)
    for n, row in enumerate(form.indicators, 1):
        for column in _COLUMNS:
            value = row.get(column)
            if isinstance(value, str) and len(value) >= _LEAST:
                yield value, ("indicators", n, column)


def _of_form(form: Form, index: Mapping[str, list[str]], owners: Mapping[str, Form]) -> Iterator[Comparison]:
    own = [name for key in ("unit_name", "implementing_unit", "supervising_department") if (name := bare(text(form, key)))]
    own.append(letters(text(form, "project_name")))
    found: dict[str, list[tuple[PlaceKey, str, bool]]] = defaultdict(list)
    for value, key in _texts(form):
        plain = letters(value)
        for gram in index.keys() & _grams(plain):
            for name in index[gram]:
                if name in plain and not _akin(name, own, is_summary(form)):
                    clause = next((part for part in _CLAUSE.split(half_width(value)) if name in letters(part)), value)
                    found[name].append((key, clause.strip(), _is_partner(clause, name)))
    for name, places in found.items():
        first = next((place for place in places if not place[2]), places[0])
        values: dict[str, FieldValue] = {
            "name": name,
            "clause": first[1][:80],
            "partner": all(place[2] for place in places),
            "places": len(places),
        }
        cells = tuple((form, key) for key, _, _ in sorted(places, key=lambda place: place != first))
        yield Comparison("foreign", form, ("foreign", form.form_id, name), values, {"name": cells, "partner": cells, "places": header_cells(owners[name], "unit_name")})


def _akin(name: str, own: Sequence[str], summing: bool) -> bool:
    """Say whether a name is the form's own, that of the unit above or below it, or part of the project's."""
    return any(one and (name in one or one in name) for one in own) or (summing and any(one and name.startswith(one[:_LEAST]) for one in own[:1]))


def _is_partner(clause: str, name: str) -> bool:
    """Say whether the words around a name say why it is named: 与…联合, 向…报送, …牵头."""
    plain = letters(clause)
    at = plain.find(name)
    before, behind = plain[max(at - _NEAR, 0) : at], plain[at + len(name) : at + len(name) + _NEAR]
    return before.endswith(tuple(known("partner_links"))) or any(word in part for part in (before, behind) for word in known("partner_words"))

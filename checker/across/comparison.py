"""One comparison between forms: a row of a table of `fields.BATCH_TABLES`, with the cells behind each value.

For the engine a comparison counts as a form of one row, so that rules over comparisons are rules like
any other: same language, same two evaluations, same findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from checker.across.lists import Entry
from checker.fields import BY_TABLE
from checker.findings.build import location
from checker.model import FieldValue, Form, Location, Locator, Place, PlaceKey, Source, Unreadable
from checker.tables.frames import Tables, frame_of, tables

if TYPE_CHECKING:
    import polars as pl

Words = Mapping[str, str]
"""Chinese and English under the keys zh and en."""

Cells = tuple[tuple[Form, PlaceKey], ...]
"""Cells of one or several forms."""

ROW = 1
"""A comparison is the only row of its form."""


class Comparison(Struct, frozen=True):
    """One comparison: `form` is the one it is told of first, `identity` what stays the same over runs.

    `cells` holds the cells behind a field, those of `form` first; `unknown` says why a field has no value.
    """

    table: str
    form: Form
    identity: tuple[str, ...]
    values: Mapping[str, FieldValue]
    cells: Mapping[str, Cells] = field(default_factory=dict)
    unknown: Mapping[str, Words] = field(default_factory=dict)


class Idle(Struct, frozen=True):
    """Something that could not be compared: `open` when it should have been, otherwise there was nothing to compare."""

    open: bool
    words: Words


class References(Struct, frozen=True):
    """What forms are compared with beside each other; None where nothing was given.

    `previous` are forms of earlier years, `approved` forms that hold approved targets, `entries` lines of final accounts,
    re-check scores and forms due. `unreadable` are files among them that gave nothing, `notes` say which were given twice.
    """

    previous: tuple[Form, ...] | None = None
    approved: tuple[Form, ...] | None = None
    entries: tuple[Entry, ...] | None = None
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()


class Inputs(Struct, frozen=True):
    """All forms of a run, and what they are compared with."""

    forms: tuple[Form, ...]
    references: References = field(default_factory=References)

    @property
    def previous(self) -> tuple[Form, ...] | None:
        """Forms of earlier years."""
        return self.references.previous

    @property
    def approved(self) -> tuple[Form, ...] | None:
        """Forms that hold approved targets."""
        return self.references.approved

    @property
    def entries(self) -> tuple[Entry, ...] | None:
        """Lines of tables from elsewhere."""
        return self.references.entries


class Compared(Struct, frozen=True):
    """The rows of one table and what could not be compared."""

    rows: tuple[Comparison, ...] = ()
    idle: tuple[Idle, ...] = ()


def words(zh: str, en: str) -> Words:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def unread(cells: Cells) -> str | None:
    """Return why one of some cells cannot be read, None when all can or are blank."""
    return next((place.unread for form, key in cells if (place := form.places.get(key)) is not None and place.unread), None)


def honest(item: Comparison) -> Comparison:
    """Return a comparison in which a value that rests on a cell that cannot be read is unknown, with the cell's reason."""
    known = BY_TABLE[item.table]
    found = {name: words(why, why) for name, cells in item.cells.items() if name in known and name not in item.unknown and (why := unread(cells))}
    if not found:
        return item
    values = {name: value for name, value in item.values.items() if name not in found}
    return replace(item, values=values, unknown={**item.unknown, **found})


def header_cells(form: Form, *names: str) -> Cells:
    """Return the cells of header fields."""
    return tuple((form, ("forms", 1, name)) for name in names)


def laid_out(comparisons: Sequence[Comparison]) -> Tables:
    """Return the frames of comparisons; `form` is the position of a comparison, `row` always 1."""
    import polars as pl

    owners: dict[int, int] = {}
    forms: list[Form] = []
    for item in comparisons:
        if id(item.form) not in owners:
            owners[id(item.form)] = len(forms)
            forms.append(item.form)
    heads = frame_of("forms", [(i, ROW, form.header) for i, form in enumerate(forms)], [set() for _ in forms])
    rows = heads[[owners[id(item.form)] for item in comparisons]]
    order = pl.Series("form", range(len(comparisons)), pl.UInt32)
    mark = pl.lit(None, pl.String).alias("not_applicable")
    return replace(tables(()), forms=rows.with_columns(order, mark), across=frames(dict(enumerate(comparisons))))


def frames(comparisons: Mapping[int, Comparison]) -> dict[str, pl.DataFrame]:
    """Return a frame for every table that has a comparison; `form` is the key a comparison has."""
    made = {}
    for table in dict.fromkeys(item.table for item in comparisons.values()):
        mine = [(i, item) for i, item in comparisons.items() if item.table == table]
        made[table] = frame_of(table, [(i, ROW, _with_subject(item)) for i, item in mine], [set(item.unknown) for _, item in mine])
    return made


def _with_subject(item: Comparison) -> Mapping[str, FieldValue]:
    return {"subject": subject(item.form), **item.values} if "subject" in BY_TABLE[item.table] else item.values


def subject(form: Form) -> str | None:
    """Return how a person calls a form: its unit and project, None when it names neither."""
    named = [form.header.get(key) for key in ("unit_name", "implementing_unit", "supervising_department")]
    parts = (next((name for name in named if name), None), form.header.get("project_name"))
    return " ".join(str(part) for part in parts if part) or None


def stand_in(item: Comparison, lang: str) -> Form:
    """Return the form a comparison counts as: the head of its first form, and a place for each of its values."""
    places: dict[PlaceKey, Place] = {}
    for name in BY_TABLE[item.table]:
        cells = item.cells.get(name)
        at = location(*cells[0], "primary") if cells else None
        why = item.unknown.get(name)
        if at or why:
            places[item.table, ROW, name] = Place(at.locator if at else Locator(file=item.form.source.path), at.text if at else "", why[lang] if why else None)
    source = Source(item.form.source.path, item.form.source.sha256, item.form.source.format)
    return Form("\x1f".join(item.identity), source, item.form.header, places=places)


def spread(item: Comparison, at: str, found: Sequence[Location]) -> tuple[Location, ...]:
    """Return the cells behind the values a finding names, in the forms they stand in: at least one of every form."""
    made = list(_cells(item, [at, *(place.field for place in found)]))
    told = {id(form) for form, _ in made}
    for cells in item.cells.values():
        for form, key in cells:
            if id(form) not in told:
                told.add(id(form))
                made.append((form, key))
    if not made:
        made = [(item.form, ("forms", 1, "title"))]
    return tuple(location(form, key, "related" if i else "primary") for i, (form, key) in enumerate(made))


def _cells(item: Comparison, names: Sequence[str]) -> Iterator[tuple[Form, PlaceKey]]:
    seen: set[tuple[int, PlaceKey]] = set()
    for name in names:
        for form, key in item.cells.get(name, ()):
            if (id(form), key) not in seen:
                seen.add((id(form), key))
                yield form, key

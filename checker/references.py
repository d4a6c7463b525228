"""What forms are compared with: last year's forms, approved targets, tables of accounts, re-checks and forms due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from checker.across import References, entries, target_lists
from checker.errors import CheckerError, ReadError
from checker.forms.intake import forms_of, forms_of_bytes, take
from checker.model import Document, Form, Source, Unreadable

if TYPE_CHECKING:
    from checker.readers.limits import Limits

Paths = Sequence[str | Path]


def load_references(previous: Paths = (), approved: Paths = (), tables: Paths = (), *, limits: Limits | None = None) -> References:
    """Read what a run is compared with. Files among `previous` and `approved` that give nothing are named in `unreadable`.

    `approved` are forms, or lists with a project or unit and an indicator a line. Raises ReadError for a
    table that has no known header or holds lines that cannot be read. A file that is given twice is read once.
    """
    from checker.readers.limits import DEFAULT

    bounds = limits or DEFAULT
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    return References(
        previous=_previous(_files(previous, unreadable, notes), bounds, unreadable) if previous else None,
        approved=_approved(_files(approved, unreadable, notes), bounds, unreadable) if approved else None,
        entries=tuple(entry for path in _tables(tables, notes) for document in _documents(path, bounds) for entry in entries(document)) if tables else None,
        unreadable=tuple(unreadable),
        notes=tuple(notes),
    )


def _files(paths: Paths, unreadable: list[Unreadable], notes: list[str]) -> tuple[str, ...]:
    from checker import readers

    found = readers.listed(map(str, paths))
    unreadable += found.unreadable
    notes += found.notes
    return found.files


def _tables(paths: Paths, notes: list[str]) -> tuple[str, ...]:
    folder = next((path for path in paths if Path(path).is_dir()), None)
    if folder is not None:
        raise ReadError(f"对照表不能是文件夹 @ {folder}，请逐个给出文件")
    return _files(paths, [], notes)


def _previous(names: Iterable[str], limits: Limits, unreadable: list[Unreadable]) -> tuple[Form, ...]:
    forms: list[Form] = []
    for name in names:
        taken = take(name, limits)
        forms += taken.forms
        unreadable += taken.unreadable
    return tuple(forms)


def _documents(path: str | Path, limits: Limits) -> Iterator[Document]:
    from checker import readers

    yield from readers.read(path, limits=limits)


def _approved(names: Iterable[str], limits: Limits, unreadable: list[Unreadable]) -> tuple[Form, ...]:
    from checker import readers

    forms: list[Form] = []
    for name in names:
        for item in readers.sources(name, limits=limits):
            if isinstance(item, Unreadable):
                unreadable.append(item)
                continue
            data, source = item
            try:
                forms += _targets(data, source, limits)
            except CheckerError as error:
                unreadable.append(Unreadable(source.path, str(error)))
    return tuple(forms)


def _targets(data: bytes, source: Source, limits: Limits) -> Sequence[Form]:
    from checker import readers

    if source.format in readers.NORMALIZED:
        return forms_of_bytes(data, source, limits)[0]
    document = readers.document(data, source, limits)
    parts = target_lists(document)
    if not parts:
        return forms_of(document)
    forms: list[Form] = []
    for part in parts:
        for form in forms_of(part.document):
            kind = "project" if part.header.get("project_name") else "department"
            named = "-".join(str(part.header.get(key) or "") for key in ("fiscal_year", "unit_name", "project_name"))
            forms.append(replace(form, form_id=f"{named}-{kind}", header={**form.header, "form_type": kind, **part.header}))
    return forms

"""Rules over several forms on parts: forms are shuffled on a key that all forms of one comparison share.

Only comparisons with such a key are made here: with the year before (project, else the end of the unit's name), of scores
within a year and type, of values within a year. Copied texts, names of other units and families of a summary form have none:
they need all forms in one place (`checker check` over the forms of interest).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from zlib import crc32

import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from checker.across import Inputs
from checker.across.comparison import Compared, Comparison
from checker.across.run import MAKERS, judge
from checker.across.units import project_of, unit_of, year_of
from checker.cluster.forms import Row, forms_of
from checker.model import Finding, Form
from checker.rules.rule import Rule

KEYED = pa.schema([("bucket", pa.int64()), ("key", pa.string()), ("form", pa.binary())])
"""What is shuffled: a form, pickled, under the key of a comparison."""

_TEXT = ("form_id", "rule", "severity", "outcome", "table", "field", "reported", "expected", "fingerprint", "others", "message")
FOUND = pa.schema([*((name, pa.string()) for name in _TEXT), ("version", pa.int32()), ("row", pa.int64())])
"""A finding: its first place, and the ids of the other forms it speaks of, divided by blanks."""

_AT_ONCE = 5_000
"""Comparisons judged together: the engine costs more a call than a row."""
_LONG = ("goal_planned", "goal_actual", "foot_reason")
_TAIL = 5
"""Letters at the end of a unit's name that all ways to write it share (`across.units.same_unit`)."""


class Shuffle(Struct, frozen=True):
    """Tables made from the forms under one key, and the columns of rows they read."""

    tables: tuple[str, ...]
    key: Callable[[Form], str]
    columns: Mapping[str, frozenset[str]]
    long: bool = False


def _subject(form: Form) -> str:
    return project_of(form) or unit_of(form)[-_TAIL:]


def _kind(form: Form) -> str:
    return f"{year_of(form) or ''} {form.header.get('form_type') or 'other'}"


def _year(form: Form) -> str:
    return str(year_of(form) or "")


_READ = frozenset({"name", "level1", "level2", "target", "actual", "reason"})
SHUFFLES = {
    "years": Shuffle(("years", "year_rows"), _subject, {"indicators": _READ}, long=True),
    "portfolios": Shuffle(("portfolios",), _kind, {"indicators": frozenset({"weight", "score"})}),
    "peers": Shuffle(("peers",), _year, {"indicators": _READ, "budget_lines": frozenset({"role", "label", "executed", "executed_total"})}),
}


def needed(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the shuffles that rules need."""
    grains = {rule.each for rule in rules}
    return tuple(name for name, shuffle in SHUFFLES.items() if grains.intersection(shuffle.tables))


def keyed(folders: Iterable[str], names: Sequence[str], buckets: int) -> Iterator[pa.RecordBatch]:
    """Yield the forms of parts under each of their keys."""
    for folder in folders:
        rows: dict[str, list[object]] = {"bucket": [], "key": [], "form": []}
        for form in forms_of(Path(folder)):
            for name in names:
                key = f"{name}\x1f{SHUFFLES[name].key(form)}"
                rows["bucket"].append(crc32(key.encode()) % buckets)
                rows["key"].append(key)
                rows["form"].append(pickle.dumps(_slim(form, SHUFFLES[name])))
            if len(rows["key"]) >= 1_000:
                yield pa.RecordBatch.from_pydict(rows, KEYED)
                rows = {"bucket": [], "key": [], "form": []}
        yield pa.RecordBatch.from_pydict(rows, KEYED)


def _slim(form: Form, shuffle: Shuffle) -> Form:
    """Return a form without what the comparison does not read; rows keep their numbers."""

    def kept(table: str) -> tuple[Row, ...]:
        wanted = shuffle.columns.get(table)
        return tuple({name: value for name, value in row.items() if name in wanted} for row in getattr(form, table)) if wanted else ()

    header = {name: value for name, value in form.header.items() if shuffle.long or name not in _LONG}
    return replace(form, header=header, budget_lines=kept("budget_lines"), indicators=kept("indicators"), indicator_groups=())


def compared(rows: Iterable[tuple[str, bytes]], task: bytes) -> Iterator[pa.RecordBatch]:
    """Yield the findings of forms that come sorted by key; the forms of one key are held at a time."""
    rules, as_of = pickle.loads(task)
    grains = {rule.each for rule in rules}
    waiting: dict[str, list[Comparison]] = {}
    for key, group in groupby(rows, key=lambda row: row[0]):
        inputs = Inputs(tuple(pickle.loads(form) for _, form in group))
        for table in SHUFFLES[key.partition("\x1f")[0]].tables:
            if table in grains:
                waiting.setdefault(table, []).extend(MAKERS[table](inputs).rows)
        if sum(map(len, waiting.values())) >= _AT_ONCE:
            yield _judged(waiting, rules, as_of)
            waiting = {}
    yield _judged(waiting, rules, as_of)


def _judged(waiting: Mapping[str, Sequence[Comparison]], rules: Sequence[Rule], as_of: date) -> pa.RecordBatch:
    made = {table: Compared(tuple(rows)) for table, rows in waiting.items()}
    found = judge([rule for rule in rules if rule.each in made], made, as_of, "zh").findings if made else ()
    versions = {rule.id: (rule.version, rule.each) for rule in rules}
    return pa.RecordBatch.from_pylist([row(finding, *versions[finding.rule]) for finding in found], FOUND)


def row(finding: Finding, version: int, table: str) -> dict[str, object]:
    """Return a finding over several forms as a row."""
    first = finding.locations[0]
    others = dict.fromkeys(place.locator.file for place in finding.locations if place.locator.file != first.locator.file)
    return {
        "form_id": first.locator.file, "rule": finding.rule, "version": version, "severity": finding.severity.value, "outcome": finding.kind.value, "table": table, "row": first.row,
        "field": first.field, "reported": finding.reported, "expected": finding.expected, "fingerprint": finding.fingerprint, "others": " ".join(others), "message": finding.message,
    }  # fmt: skip


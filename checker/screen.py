"""Many files → one table of findings, chunk by chunk: read, laid out and judged in one process, nothing put into words.

Each process reads a chunk of files, judges its forms in one pass and gives back the table alone, so that forms are neither
kept nor sent. The findings are those of `checker.engine.parts`, whatever the size of a chunk and the number of processes. Rules
over several forms are not for here: they need all forms together.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from checker.audit import laid_out, unread_cells
from checker.engine import batch_pass
from checker.engine.parts import SCHEMA, Work, findings, ready
from checker.forms import intake
from checker.model import Form, Outcome, Severity, Unreadable, Verdict
from checker.processes import each, pool
from checker.readers.limits import Limits
from checker.resources import rules_dir
from checker.rules.profiles import by_profile, load_profiles, with_profile
from checker.rules.rule import Rule
from checker.tables.frames import Tables
from checker.verdict import COUNTS, load_policy, recommend

CHUNK = 1_000
"""Files a pass; memory is bounded by it. Building the pass costs as much as judging some hundred forms."""
FEWEST = 50
"""Files below which a chunk is not divided further."""

TABLE: Mapping[str, pl.DataType | type[pl.DataType]] = {"form_id": pl.String, "path": pl.String, **{name: kind for name, kind in SCHEMA.items() if name != "form_id"}}
"""Columns of the table: the form and its file, then those of `checker.engine.parts`."""


class Setting(Struct, frozen=True, eq=False):
    """What stays the same over the chunks of a run; `works` are the rules made ready, by profile, as they come up."""

    rules: tuple[Rule, ...]
    as_of: date
    limits: Limits
    profile: str | None = None
    works: dict[str | None, Work] = field(default_factory=dict)


class Screened(Struct, frozen=True):
    """What a chunk gave: the table of findings, a row each row of a form; how many findings that makes by outcome and severity, those of an
    aggregate rule on a form taken as one as in every report; the id and verdict of each form, forms of which half was not found, files
    without a form, how many cells could not be read.

    `checked` says whether any rule passed or failed on any row: without that nothing at all was checked.
    """

    findings: pl.DataFrame
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    half: tuple[str, ...] = ()
    checked: bool = False
    unreadable: tuple[Unreadable, ...] = ()
    files: int = 0
    unread: int = 0


def screen(names: Sequence[str], setting: Setting, jobs: int = 1) -> Iterator[Screened]:
    """Read and judge files in order; yields a chunk at a time. Ids are made unique within the run."""
    size = max(min(CHUNK, -(-len(names) // max(jobs, 1))), FEWEST)
    chunks = [names[start : start + size] for start in range(0, len(names), size)]
    seen: dict[str, int] = {}
    for made in _shared(chunks, setting, jobs) if jobs > 1 and len(chunks) > 1 else (_files(chunk, setting) for chunk in chunks):
        yield _told_apart(made, seen)


def judge(forms: Sequence[Form], setting: Setting) -> Screened:
    """Judge forms that were read already; their ids are kept."""
    return _told_apart(_forms(forms, setting), {})


def _files(names: Sequence[str], setting: Setting) -> Screened:
    # Cells and values are no rings: looking for rings after every 700 of them takes a tenth of the time.
    often, *rest = gc.get_threshold()
    gc.set_threshold(100_000, *rest)
    try:
        return _taken([intake.take(name, setting.limits) for name in names], setting)
    finally:
        gc.set_threshold(often, *rest)


def _taken(taken: Sequence[intake.Taken], setting: Setting) -> Screened:
    made = _forms([form for one in taken for form in one.forms], setting)
    return replace(made, unreadable=tuple(file for one in taken for file in one.unreadable), files=len(taken))


def _forms(forms: Sequence[Form], setting: Setting) -> Screened:
    """Judge forms; in the table they are named by their positions, because ids are unique only within the run."""
    parts, checked, unread = [], False, [0] * len(forms)
    for profile, mine in by_profile(forms, load_profiles(), setting.profile):
        name = profile.id if profile else None
        work = setting.works.get(name)
        if work is None:
            work = setting.works[name] = ready(with_profile(setting.rules, profile), setting.as_of)
        here = [forms[at] for at in mine]
        made = laid_out(here, work.prepared.needed)
        for at, cells in zip(mine, unread_cells(here, made), strict=True):
            unread[at] = len(cells)
        part = findings(made, pl.Series([str(at) for at in mine], dtype=pl.String), work)
        parts.append(part)
        checked = checked or Outcome.FAIL.value in part.get_column("outcome") or _any_pass(made, work)
    found = pl.concat(parts) if parts else pl.DataFrame(schema=dict(SCHEMA))
    found = found.with_columns(pl.col("form_id").cast(pl.UInt32).alias("at")).sort("at", "rule", "row")
    # A file name may hold bytes that are no UTF-8; a table of texts cannot.
    paths = pl.Series("path", [form.source.path.encode("utf-8", "backslashreplace").decode() for form in forms], pl.String)
    found = found.with_columns(paths.gather(found.get_column("at"))).select("at", *TABLE)
    half = tuple(form.source.path for form in forms if form.recognition == "weak" and not form.indicators)
    counted = _counted(found, setting)
    counts = {(outcome, severity): many for outcome, severity, many in counted.group_by("outcome", "severity").agg(pl.col("len").sum()).iter_rows()}
    return Screened(found, counts, tuple(form.form_id for form in forms), _verdicts(counted, forms, unread), half, checked, unread=sum(unread))


def _any_pass(made: Tables, work: Work) -> bool:
    """Say whether a rule passes somewhere: the table holds no rows that pass, so where nothing failed they are asked for."""
    told = batch_pass.told(work.prepared, made, work.as_of, frozenset())
    return any(rows.get(Outcome.PASS) for rows in told.counted.values())


def _counted(found: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Return how many findings (`len`) each form (`at`) has by outcome and severity."""
    together = [rule.id for rule in setting.rules if rule.aggregate]
    # An aggregate rule makes one finding of all rows that fail.
    once = pl.when(pl.col("rule").is_in(together) & (pl.col("outcome") == Outcome.FAIL.value)).then(0).otherwise(pl.col("row"))
    return found.select("at", "rule", "outcome", "severity", once.alias("row")).unique().group_by("at", "outcome", "severity").len()


def _verdicts(counted: pl.DataFrame, forms: Sequence[Form], unread: Sequence[int]) -> tuple[Verdict, ...]:
    policy = load_policy(rules_dir() / "policy.yaml", "rules/policy.yaml")
    counts = [{**dict.fromkeys(COUNTS, 0), "weak": int(form.recognition == "weak"), "unread": cells} for form, cells in zip(forms, unread, strict=True)]
    for at, outcome, severity, many in counted.iter_rows():
        if outcome == Outcome.FAIL.value:
            counts[at][severity] += many
        elif outcome == Outcome.OPEN.value:
            counts[at]["open"] += many if severity == Severity.ERROR.value else 0
        elif outcome == Outcome.REVIEW.value:
            counts[at]["review"] += many
        else:
            counts[at]["fault"] += many
    return tuple(recommend(count, policy) for count in counts)


def _told_apart(made: Screened, seen: dict[str, int]) -> Screened:
    ids = tuple(intake.told_apart(made.ids, seen))
    named = pl.Series("form_id", ids, pl.String).gather(made.findings.get_column("at"))
    return replace(made, findings=made.findings.with_columns(named).select(*TABLE), ids=ids)


def _shared(chunks: Sequence[Sequence[str]], setting: Setting, jobs: int) -> Iterator[Screened]:
    done = 0
    with pool(jobs, _start, setting) as processes:
        for made in each(processes, _one, chunks):
            done += 1
            yield made
    # A file ended its process: the readers find out which, each file in a process of its own.
    for chunk in chunks[done:]:
        yield _taken(list(intake.take_all(chunk, setting.limits, jobs=2)), setting)


_SETTING: list[Setting] = []


def _start(setting: Setting) -> None:
    _SETTING[:] = [setting]


def _one(names: Sequence[str]) -> Screened:
    return _files(names, _SETTING[0])

"""The library: read, check, load_rules. The command line calls these and nothing below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import RuleError, UsageError
from checker.forms.intake import ahead, forms_of, forms_of_bytes, take_all, told_apart
from checker.model import Form, FormResult, Results, Unreadable
from checker.processes import processors
from checker.resources import rules_dir

if TYPE_CHECKING:
    from checker.across import References
    from checker.audit import OnForm
    from checker.readers.limits import Limits
    from checker.readings import Evidence
    from checker.rules.rule import RuleSet

BUILTIN = "builtin"
LANGUAGES = ("zh", "en")

Progress = Callable[[str, int, int], None]
"""Called as progress(stage, done, total) while long work runs; total 0 when unknown."""


class Reading(Struct, frozen=True):
    """What reading gave: forms in input order, files that gave none, and notes for the person."""

    forms: tuple[Form, ...]
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()


def _several(names: str | Path | Iterable[str | Path]) -> Iterable[str | Path]:
    """Return names as they are given, and one alone as one: a text is no list of its letters, one of which is the root of the disk."""
    return (names,) if isinstance(names, str | Path) else names


def load_rules(paths: str | Path | Sequence[str | Path] = ()) -> RuleSet:
    """Load and check a rule set; without paths the built-in one. `builtin` among the paths names it too.

    Raises RuleError with every fault of every file.

    >>> rules = load_rules()
    >>> next(rule.title["en"] for rule in rules.rules if rule.id == "DED-001")
    'A deduction needs a reason'
    """
    from checker.rules.ruleset import load_ruleset

    wanted = [rules_dir() if str(p) == BUILTIN else Path(p) for p in _several(paths)] or [rules_dir()]
    return load_ruleset(wanted, root=rules_dir().parent)


def read(
    paths: str | Path | Iterable[str | Path],
    *,
    limits: Limits | None = None,
    input_format: str | None = None,
    stdin: bytes | None = None,
    jobs: int = 1,
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> Reading:
    """Read files, folders and archives into normalized forms.

    A file that cannot be read or recognised becomes an `Unreadable` with its reason; the others
    are read all the same. `-` stands for `stdin`. Form ids are made unique within the run.
    `jobs` processes share the reading (0: one a processor); the result does not depend on it.
    `exclude` are patterns (`*.md`, `out`, `old/*.xlsx`) of files in folders that are left out; a note counts them.

    >>> form = read(["sample_forms/minhang_dpf_2023.txt"]).forms[0]
    >>> form.header["fiscal_year"], form.indicators[19]["score"]
    (2023, Decimal('0.80'))
    """
    return gathered(readings(paths, limits=limits, input_format=input_format, stdin=stdin, jobs=jobs, exclude=exclude, progress=progress))


def gathered(parts: Iterable[Reading]) -> Reading:
    """Return several readings as one."""
    listed = list(parts)
    return Reading(
        tuple(form for part in listed for form in part.forms), tuple(file for part in listed for file in part.unreadable), tuple(note for part in listed for note in part.notes)
    )


def readings(
    paths: str | Path | Iterable[str | Path],
    *,
    limits: Limits | None = None,
    input_format: str | None = None,
    stdin: bytes | None = None,
    jobs: int = 1,
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> Iterator[Reading]:
    """Read as `read` does, but yield what each file gives as soon as it is read, in the same order."""
    from checker import readers
    from checker.readers.limits import DEFAULT

    bounds = limits or DEFAULT
    listed = readers.listed(map(str, _several(paths)), bounds, [str(pattern) for pattern in _several(exclude)])
    yield Reading((), listed.unreadable, listed.notes)
    seen: dict[str, int] = {}
    for done, taken in enumerate(take_all(listed.files, bounds, input_format, stdin, jobs or processors()), 1):
        if progress:
            progress("read", done, len(listed.files))
        names = told_apart((form.form_id for form in taken.forms), seen)
        yield Reading(tuple(form if form.form_id == name else replace(form, form_id=name) for form, name in zip(taken.forms, names, strict=True)), taken.unreadable, taken.notes)


def check(
    paths: str | Path | Iterable[str | Path] | Reading,
    *,
    rules: RuleSet | None = None,
    profile: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_of: date | None = None,
    lang: str = "zh",
    limits: Limits | None = None,
    evidence: Evidence | None = None,
    references: References | None = None,
    progress: Progress | None = None,
    on_form: OnForm | None = None,
    jobs: int = 1,
) -> Results:
    """Read forms, run the rules, and return everything found.

    `select` and `ignore` name rules or families; `as_of` pins the day (default today in Asia/Shanghai) that
    deadlines of waivers are compared with; `evidence` holds dated events, `references` what forms are compared
    with beside each other (`load_references`). `on_form` gets each form's result, in input order, while later
    forms are still to be read and checked. `jobs` processes share the work where there are many forms (0: one a
    processor); the results do not depend on it. Raises RuleError for invalid rules and UsageError for a selection
    that names nothing.

    >>> results = check(["sample_forms/minhang_dpf_2023.txt"], select=["DED-001"])
    >>> [(finding.kind.value, finding.arithmetic) for finding in results.forms[0].findings]
    [('fail', '1.00 − 0.80 = 0.20'), ('open', None)]
    """
    parts = (paths,) if isinstance(paths, Reading) else readings(paths, limits=limits, jobs=jobs, progress=progress)
    return check_readings(
        parts, rules=rules, profile=profile, select=select, ignore=ignore, as_of=as_of, lang=lang, evidence=evidence, references=references, progress=progress, on_form=on_form,
        jobs=jobs,
    )


def check_readings(
    parts: Iterable[Reading],
    *,
    rules: RuleSet | None = None,
    profile: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_of: date | None = None,
    lang: str = "zh",
    evidence: Evidence | None = None,
    references: References | None = None,
    progress: Progress | None = None,
    on_form: OnForm | None = None,
    jobs: int = 1,
) -> Results:
    """Run the rules on what `readings` gives, as `check` does; with `on_form` a form is checked while the next is read."""
    from checker.audit import audit_windows
    from checker.settle.change import today

    if lang not in LANGUAGES:
        raise UsageError(f"no language {lang!r}, known: {', '.join(LANGUAGES)}")
    if as_of is not None and type(as_of) is not date:
        raise UsageError(f"as_of {as_of!r}: not a day, give a datetime.date")
    ruleset = selected(rules or load_rules(), select, ignore)
    so_far: list[Reading] = []

    def windows() -> Iterator[tuple[Form, ...]]:
        for window in ahead(parts) if on_form else (list(parts),):
            so_far.extend(window)
            yield tuple(form for part in window for form in part.forms)

    made = audit_windows(windows(), ruleset, profile=profile, as_of=as_of or today(), lang=lang, evidence=evidence, references=references, progress=progress, on_form=on_form, jobs=jobs or processors())
    reading = gathered(so_far)
    unreadable = (*reading.unreadable, *(references.unreadable if references else ()))
    notes = (*reading.notes, *(references.notes if references else ()))
    if lang == "en" and (unreadable or notes):
        from checker.faults import in_language

        unreadable = tuple(replace(file, reason=in_language(file.reason, lang)) for file in unreadable)
        notes = tuple(in_language(note, lang) for note in notes)
    return replace(made, unreadable=unreadable, notes=(*notes, *made.notes))


def load_references(previous: Sequence[str | Path] = (), approved: Sequence[str | Path] = (), tables: Sequence[str | Path] = (), *, limits: Limits | None = None) -> References | None:
    """Read forms of earlier years, approved targets and tables that forms are compared with; None when none are given. Raises ReadError."""
    if not (previous or approved or tables):
        return None
    from checker import references

    return references.load_references(*([*_several(names)] for names in (previous, approved, tables)), limits=limits)


def load_evidence(events: str | Path | None, calendars: Sequence[str | Path] = ()) -> Evidence | None:
    """Read dated events and regional calendars; None when neither is given. Raises ReadError or RuleError."""
    if events is None and not calendars:
        return None
    from checker.evidence import read_calendar, read_events
    from checker.readings import Evidence

    return Evidence(read_events(events) if events is not None else (), read_calendar([*_several(calendars)]))


def selected(ruleset: RuleSet, select: Sequence[str], ignore: Sequence[str]) -> RuleSet:
    """Keep the rules named by id or family. Raises UsageError for a name that no rule has."""
    from checker.strict_yaml import suggest

    known = {rule.id for rule in ruleset.rules} | {rule.family for rule in ruleset.rules}
    select, ignore = ([str(name) for name in _several(names)] for names in (select, ignore))
    for name in (*select, *ignore):
        if name not in known:
            raise UsageError(f"no rule or family {name!r}{suggest(name.upper(), sorted(known))}")
    kept = tuple(
        rule
        for rule in ruleset.rules
        if (not select or rule.id in select or rule.family in select) and rule.id not in ignore and rule.family not in ignore
    )
    if not kept:
        raise UsageError("--select and --ignore leave no rule")
    return replace(ruleset, rules=kept)


__all__ = ["BUILTIN", "FormResult", "Progress", "Reading", "RuleError", "check", "check_readings", "forms_of", "forms_of_bytes", "gathered", "load_rules", "read", "readings", "selected"]

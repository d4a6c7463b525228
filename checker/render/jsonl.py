"""Results → JSON Lines: a line a finding, then a line a form; a run may hand them on form by form.

Each line has `type`: `run` (first), `finding`, `form` (after the findings of that form),
`unreadable`, `note`, and `summary` (last). A reader that finds no `summary` line knows that the
run did not end. Line and paragraph separators inside texts are escaped, so a line is a line to any reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.model import Finding, FormResult, Results, Unreadable
from checker.render import tally
from checker.render.json import VERSION, dumps, finding, unread_cells
from checker.render.tally import accepted, findings_of, outcomes, severities, verdict


def render(results: Results) -> str:
    """Return all lines of a finished run."""
    return "".join(lines(results))


def lines(results: Results) -> Iterator[str]:
    """Yield the lines of a finished run one by one, each ending in a line feed."""
    yield head(results)
    for form in results.forms:
        yield from form_lines(form)
    yield from rest(results)


def rest(results: Results) -> Iterator[str]:
    """Yield what stands after the forms: findings over several forms, files that gave none, notes, the summary."""
    for found in results.batch:
        yield _line("finding", {"form_id": None, **finding(found)})
    yield from unreadable_lines(results.unreadable)
    for note in results.notes:
        yield _line("note", {"text": note})
    yield tail(results)


def head(results: Results) -> str:
    """Return the first line: version, date and rule set. It needs no form yet."""
    ruleset = results.ruleset
    return _line(
        "run",
        {
            "version": VERSION, "checker": results.checker, "as_of": results.as_of, "lang": results.lang,
            "ruleset": {"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest, "rules": len(ruleset.rules)},
        },
    )  # fmt: skip


def form_lines(form: FormResult) -> Iterator[str]:
    """Yield the findings of one form, then its summary line: for a run that hands on each form as it ends."""
    filled, header = form.form, form.form.header
    for found in form.findings:
        yield _finding(found, filled.form_id, filled.source.path)
    yield _line(
        "form",
        {
            "form_id": filled.form_id,
            "source": {"path": filled.source.path, "sha256": filled.source.sha256, "format": filled.source.format, "encoding": filled.source.encoding},
            **{name: header.get(name) for name in ("form_type", "unit_name", "project_name", "fiscal_year")},
            "profile": form.profile, "verdict": form.verdict,
            "findings": severities(form.findings), "accepted": accepted(form.findings), "outcomes": outcomes([form]),
            "unread": list(filled.unread), "unread_cells": unread_cells(form), "repairs": list(filled.repairs),
        },
    )  # fmt: skip


def unreadable_lines(files: Iterable[Unreadable]) -> Iterator[str]:
    """Yield a line for each file that gave no form."""
    for file in files:
        yield _line("unreadable", {"path": file.path, "reason": file.reason})


def tail(results: Results) -> str:
    """Return the last line: the counts of the whole run. Its presence says that the run ended."""
    found = list(findings_of(results))
    return _line(
        "summary",
        {
            "forms": len(results.forms), "unreadable": len(results.unreadable), "unread": tally.unread_cells(results.forms), "verdict": verdict(results),
            "findings": severities(found), "accepted": accepted(found), "outcomes": outcomes(results.forms), "lines": len(found),
        },
    )  # fmt: skip


def _finding(found: Finding, form_id: str, path: str) -> str:
    return _line("finding", {"form_id": form_id, "path": path, **finding(found)})


def _line(kind: str, values: dict[str, object]) -> str:
    return dumps({"type": kind, **values}) + "\n"

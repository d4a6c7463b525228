"""`checker check`: read forms, run the rules, print and write findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli import bounds as bounds_of
from checker.cli import screen as screening
from checker.cli.options import LANG, PATHS, path, place
from checker.config import MAX_JOBS
from checker.errors import UsageError
from checker.exit_status import FAIL_ON

if TYPE_CHECKING:
    from checker.across import References
    from checker.api import Reading
    from checker.model import Results
    from checker.rules.rule import RuleSet

FORMATS = ("terminal", "json", "jsonl", "github", "gitlab", "markdown")


@click.command("check")
@PATHS
@click.option("--rules", "rules", multiple=True, type=path, metavar="PATH", help="Rule file or folder, repeatable; 'builtin' is the shipped set.")
@click.option("--profile", metavar="NAME", help="Parameters of a jurisdiction; default: chosen by the form's layout.")
@click.option("--select", multiple=True, metavar="RULE|FAMILY", help="Run only these, repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE|FAMILY", help="Leave these out, repeatable.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", help="What is printed on standard output.")
@click.option("--input-format", metavar="FORMAT", callback=bounds_of.input_format, help="What standard input (-) is: txt, csv, xlsx, json …")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files of folders, such as '*.md' or out/, repeatable; a note counts them.")
@bounds_of.option
@click.option("--report", "reports", multiple=True, type=path, metavar="FILE", help="Write a report; the suffix chooses (.html .pdf .json .jsonl .sarif .xml .xlsx .md .parquet), a folder gets the batch pages.")
@click.option("--marked", type=place, metavar="PATH", help="Write the .xlsx or .docx itself with tinted cells, comments and a legend; a folder for several files.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", help="Least severity that makes the exit code 1.")
@click.option("--as-of", metavar="DATE", help="The day the check counts as made on, YYYY-MM-DD; default today.")
@click.option("--evidence", type=place, metavar="FILE", help="Dated events (csv, xlsx); see `checker template events`.")
@click.option("--calendar", "calendars", multiple=True, type=place, metavar="FILE", help="Regional holidays and working days, repeatable.")
@click.option("--previous", type=place, metavar="PATH", help="Forms of earlier years to compare with: a file or a folder.")
@click.option("--approved", type=place, metavar="PATH", help="Approved targets to compare with: forms or lists, a file or a folder.")
@click.option("--reference", "tables", multiple=True, type=place, metavar="FILE", help="Final accounts, re-check scores or a list of forms due (csv, xlsx), repeatable; the header says which.")
@click.option("--waivers", type=place, help="Accepted findings (waivers.yaml).")
@click.option("--baseline", type=place, help="Known findings; never written by this command.")
@click.option("--responses", type=place, help="The unit's answers (responses.yaml).")
@click.option("--record", type=place, metavar="FOLDER", help="Keep a record of this run in a chain of records.")
@click.option("--jobs", type=click.IntRange(0, MAX_JOBS), default=1, metavar="N", help="Processes that read, check and write pages; 0: one a processor.")
@LANG
@click.option("-q", "--quiet", is_flag=True, help="Only the summary.")
@click.option("-v", "--verbose", count=True, help="Say what each file was taken for.")
def command(
    paths: tuple[str, ...],
    rules: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    input_format: str | None,
    exclude: tuple[str, ...],
    bounds: tuple[str, ...],
    reports: tuple[str, ...],
    marked: Path | None,
    fail_on: str,
    as_of: str | None,
    evidence: Path | None,
    calendars: tuple[Path, ...],
    previous: Path | None,
    approved: Path | None,
    tables: tuple[Path, ...],
    waivers: Path | None,
    baseline: Path | None,
    responses: Path | None,
    record: Path | None,
    jobs: int,
    lang: str,
    quiet: bool,
    verbose: int,
) -> int:
    """Read forms (files, folders, - for standard input), run the rules, print findings.

    \b
    Exit codes: 0 clean · 1 findings · 2 usage · 3 unreadable or nothing checked · 4 rules invalid · 5 engine fault
    """
    from checker import api
    from checker.cli.progress import progress_line
    from checker.cli.record import code_of, faults_kept, keep
    from checker.cli.reports import write
    from checker.cli.stream import ended, started
    from checker.cli.targets import check_targets, check_writable
    from checker.exit_status import exit_status
    from checker.processes import processors

    day = parse_day(as_of)
    options = {"paths": paths, "rules": rules, "profile": profile, "select": select, "ignore": ignore, "input_format": input_format, "fail_on": fail_on}
    options |= {"exclude": exclude, "limits": bounds, "calendars": tuple(map(str, calendars)), "references": tuple(map(str, tables))}
    options["previous"], options["approved"] = (str(path) if path else None for path in (previous, approved))
    compared_with = tuple(str(path) for path in (previous, approved) if path)
    files = {"waivers": waivers, "baseline": baseline, "responses": responses, "evidence": evidence}
    files |= {f"calendar {number}": path for number, path in enumerate(calendars, 1)}
    files |= {f"reference {number}": path for number, path in enumerate(tables, 1)}
    reading_notes: list[str] = []
    targets = {"--report": tuple(map(Path, reports)), "--marked": (marked,) if marked else (), "--record": (record,) if record else ()}
    check_targets(targets, (*paths, *compared_with), exclude, files)
    if quiet and form == "terminal" and screening.wanted(reports) and "-" not in paths and not any((marked, evidence, calendars, previous, approved, tables, waivers, baseline, responses, record, input_format, verbose)):
        chosen = api.selected(api.load_rules(rules), select, ignore)
        if screening.one_by_one(chosen.active):
            check_writable(targets)
            return screening.run(paths, reports, chosen, profile=profile, as_of=day, lang=lang, fail_on=fail_on, limits=bounds_of.limits(bounds), exclude=exclude, jobs=jobs)
    with faults_kept(record, options, files, day, lang), progress_line(lang) as progress:
        check_writable(targets)
        ruleset = api.load_rules(rules)
        settle = settling(lang, ruleset, waivers, baseline, responses)
        on_form = started(api.selected(ruleset, select, ignore), day, lang, settle) if form == "jsonl" else None
        limits = bounds_of.limits(bounds)
        stdin = bounds_of.standard_input(paths, limits)
        references = compared(previous, approved, tables, bounds)
        files |= sources(references)

        def parts() -> Iterator[Reading]:
            for part in api.readings(paths, limits=limits, input_format=input_format, stdin=stdin, jobs=jobs, exclude=exclude, progress=progress):
                reading_notes.extend(part.notes)
                yield part

        results = settle(
            api.check_readings(
                parts(), rules=ruleset, profile=profile, select=select, ignore=ignore, as_of=day, lang=lang,
                evidence=api.load_evidence(evidence, calendars), references=references, progress=progress, on_form=on_form, jobs=jobs,
            )
        )  # fmt: skip
        status = exit_status(results, fail_on)
        for number, target in enumerate(reports, 1):
            if screening.wanted([target]):
                screening.write(screening.table_of(results.forms, api.selected(ruleset, select, ignore).active, profile, day), Path(target))
            else:
                write(results, Path(target), progress, jobs or processors())
            progress("write", number, len(reports))
        if marked:
            from checker.cli.marked import write as write_marked

            write_marked(results, paths, marked, stdin=stdin, input_format=input_format, limits=limits)
    try:
        beside(results, len(reading_notes), paged=form == "terminal" and not quiet, verbose=bool(verbose))
        if on_form:
            ended(results)
        else:
            print_results(results, form, quiet)
    except Exception as error:
        status = code_of(error)
        raise
    finally:
        if record:
            keep(record, results, options=options, files=files, exit_code=status)
    return status


def beside(results: Results, read: int, *, paged: bool, verbose: bool) -> None:
    """Say on standard error what goes with the results: what each file was taken for, notes, and forms of which only half was found.

    The first `read` notes are of the readers and told when `verbose`; a page on a terminal (`paged`) tells the notes itself.
    """
    from checker.cli.output import on_screen, say, say_fault
    from checker.exit_status import half_read

    if verbose:
        from checker.forms.explain_layout import taken_for

        for found in results.forms:
            say(taken_for(found.form, results.lang))
    if not (paged and on_screen()):
        for note in results.notes if verbose else results.notes[read:]:
            say(note)
    for half in (found.form for found in results.forms if half_read(found)):
        say_fault(f"{half.unread[0] if half.unread else '只有半张表'} @ {half.source.path}", results.lang)


def compared(previous: Path | None, approved: Path | None, tables: Sequence[Path] = (), bounds: tuple[str, ...] = ()) -> References | None:
    """Read what forms are compared with; None when nothing is given.

    Raises ReadError when one of the files cannot be read: a comparison with half of them would mislead.
    """
    from checker import api
    from checker.errors import ReadError

    found = api.load_references([previous] if previous else (), [approved] if approved else (), tables, limits=bounds_of.limits(bounds))
    if found and found.unreadable:
        raise ReadError("\n".join(file.reason for file in found.unreadable))
    return found


def sources(references: References | None) -> dict[str, Path | None]:
    """Return the files behind the forms compared with, for the record of the run."""
    made: dict[str, Path | None] = {}
    for kind, forms in (("previous", references.previous), ("approved", references.approved)) if references else ():
        paths = dict.fromkeys(form.source.path for form in forms or ())
        made |= {f"{kind} {number}": Path(path) for number, path in enumerate(paths, 1) if Path(path).is_file()}
    return made


def settled(results: Results, ruleset: RuleSet, waivers: Path | None, baseline: Path | None, responses: Path | None) -> Results:
    """Lay waivers, baseline and the unit's answers over the findings. Raises RuleError for files that are not valid."""
    return settling(results.lang, ruleset, waivers, baseline, responses)(results)


def settling(lang: str, ruleset: RuleSet, waivers: Path | None, baseline: Path | None, responses: Path | None) -> Callable[[Results], Results]:
    """Load waivers, baseline and the unit's answers once; return what lays them over results. Raises RuleError for files that are not valid."""
    steps: list[Callable[[Results], Results]] = []
    if not (waivers or baseline or responses):
        return lambda results: results
    from checker.resources import rules_dir
    from checker.verdict import load_policy

    policy = load_policy(rules_dir() / "policy.yaml", "rules/policy.yaml")
    if waivers:
        from checker.audit import info
        from checker.cli.settings import waiver_limits
        from checker.settle import waivers as accepted

        listed = accepted.load(waivers, [info(rule, lang) for rule in ruleset.rules], **waiver_limits())
        steps.append(lambda results: accepted.apply(results, listed, policy)[0])
    if baseline:
        from checker.settle import baseline as old

        known = old.load(baseline)
        steps.append(lambda results: old.apply(results, known, policy)[0])
    if responses:
        from checker.settle import responses as answers

        given = answers.load(responses)
        steps.append(lambda results: answers.apply(results, given)[0])
    return lambda results: reduce(lambda made, step: step(made), steps, results)


def parse_day(text: str | None, option: str = "--as-of") -> date:
    """Read a day; None is today. Raises UsageError when it is no day."""
    if text is None:
        from checker.settle.change import today

        return today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(f"{option} {text or repr(text)}: not a day, write YYYY-MM-DD") from None


def print_results(results: Results, form: str, quiet: bool) -> None:
    """Print the results on standard output in one of `FORMATS`."""
    from checker.cli.output import is_terminal, on_screen, write_out

    if form == "terminal":
        from checker.render import terminal

        width = 100  # Where nobody looks the width is fixed: the same input gives the same bytes.
        if on_screen():
            import shutil

            width = shutil.get_terminal_size((100, 24)).columns
        write_out(terminal.render(results, color=is_terminal(), width=width, quiet=quiet))
    elif form == "json":
        from checker.render import json

        write_out(json.render(results))
    else:
        from importlib import import_module

        write_out(import_module(f"checker.render.{form}").render(results))

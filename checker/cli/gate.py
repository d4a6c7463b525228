"""`checker diff`, `waivers`, `baseline` and `responses`: what was accepted, answered, and changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from checker.cli import bounds as bounds_of
from checker.cli.options import LANG, PATHS, path, place
from checker.errors import ReadError, RuleError, UsageError

if TYPE_CHECKING:
    from checker.model import Results

_RULES = click.option("--rules", "rules", multiple=True, type=path, metavar="PATH", help="Rule file or folder, repeatable; default: the shipped set.")
_AS_OF = click.option("--as-of", metavar="DATE", help="YYYY-MM-DD; default today in Asia/Shanghai.")
_WAIVERS = click.option("--waivers", "file", default="waivers.yaml", show_default=True, type=place, help="The waiver file.")

_AS_CHECKED = (
    _RULES,
    _AS_OF,
    click.option("--profile", metavar="NAME", help="Parameters of a jurisdiction, as in check."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Files of folders that are left out, as in check."),
    click.option("--evidence", type=place, metavar="FILE", help="Dated events, as in check."),
    click.option("--calendar", "calendars", multiple=True, type=place, metavar="FILE", help="Regional holidays, as in check."),
    click.option("--previous", type=place, metavar="PATH", help="Forms of earlier years, as in check."),
    click.option("--approved", type=place, metavar="PATH", help="Approved targets, as in check."),
    click.option("--reference", "tables", multiple=True, type=place, metavar="FILE", help="Tables to compare with, as in check."),
    bounds_of.option,
    LANG,
)
"""What decides which findings there are: findings are accepted or answered as the gate finds them."""

Command = TypeVar("Command", bound=Callable[..., int])


def _as_checked(command: Command) -> Command:
    for option in reversed(_AS_CHECKED):
        command = option(command)
    return command


def _sides(run: Mapping[str, Any]) -> dict[str, Path | None]:
    """Return the files a run is given beside its forms, by their options."""
    return {"evidence": run["evidence"], **{f"{name} {number}": file for name in ("calendar", "reference") for number, file in enumerate(run["calendars" if name == "calendar" else "tables"], 1)}}


def _results(paths: tuple[str, ...], run: Mapping[str, Any]) -> Results:
    """Check as `checker check` does with the same options, `run`; unread files are told."""
    from checker import api
    from checker.cli.check import compared, parse_day
    from checker.cli.output import say_fault

    limits = bounds_of.limits(run["bounds"])
    results = api.check(
        api.read(paths, limits=limits, exclude=run["exclude"]),
        rules=api.load_rules(run["rules"]), profile=run["profile"], as_of=parse_day(run["as_of"]), lang=run["lang"],
        evidence=api.load_evidence(run["evidence"], run["calendars"]), references=compared(run["previous"], run["approved"], run["tables"], run["bounds"]),
    )  # fmt: skip
    for file in results.unreadable:
        say_fault(file.reason, run["lang"])
    return results


@click.command("diff")
@click.argument("old", type=place)
@click.argument("new", type=place)
@click.option("--earlier", multiple=True, type=place, help="Older findings files, to tell reopened findings; repeatable.")
@click.option("--format", "form", type=click.Choice(("terminal", "markdown", "html")), default="terminal", help="What is printed on standard output.")
@LANG
@click.option("--exit-code", is_flag=True, help="Exit 1 when the later run has a failure the earlier one had not.")
def diff(old: Path, new: Path, earlier: tuple[Path, ...], form: str, lang: str, exit_code: bool) -> int:
    """A resubmission against the earlier run: new, fixed, still open, reopened, answered, changed."""
    from checker import diff as comparing
    from checker.cli.output import write_out
    from checker.render import differences

    comparison = comparing.compare(comparing.load(old), comparing.load(new), [comparing.load(path) for path in earlier])
    write_out(getattr(differences, form)(comparison, lang))
    return 1 if exit_code and comparison.worse else 0


@click.group("waivers")
def waivers() -> None:
    """Accepted findings with a reason and an end date."""


@waivers.command("list")
@_WAIVERS
@_RULES
@_AS_OF
@LANG
def list_waivers(file: Path, rules: tuple[str, ...], as_of: str | None, lang: str) -> int:
    """List the waivers, the first to end first."""
    from checker import api
    from checker.audit import info
    from checker.cli.check import parse_day
    from checker.cli.output import write_out
    from checker.cli.settings import waiver_limits
    from checker.render.shown import visible
    from checker.settle import waivers

    infos = [info(rule, lang) for rule in api.load_rules(rules).rules]
    write_out(visible(waivers.listing(waivers.load(file, infos, **waiver_limits()), parse_day(as_of), lang)))
    return 0


@waivers.command("lint")
@_WAIVERS
@_RULES
@LANG
def lint_waivers(file: Path, rules: tuple[str, ...], lang: str) -> int:
    """Check the waiver file; exit 4 with every fault."""
    from checker import api
    from checker.audit import info
    from checker.cli.output import write_out
    from checker.cli.settings import waiver_limits
    from checker.settle import waivers

    found = waivers.load(file, [info(rule, lang) for rule in api.load_rules(rules).rules], **waiver_limits())
    write_out(f"{file}: {len(found)} ✓")
    return 0


@waivers.command("add")
@PATHS
@click.option("--finding", "fingerprint", required=True, help="Fingerprint of the finding, its first 8 characters or more.")
@click.option("--reason", required=True, help="Why the finding is accepted; shown in every output.")
@click.option("--requested-by", required=True, help="Who asks for it.")
@click.option("--approved-by", required=True, help="Who allows it; never the one who asks.")
@click.option("--days", type=click.IntRange(1, 3660), required=True, help="Days until it ends, counted from --as-of; a person chooses.")
@_WAIVERS
@_as_checked
def add_waiver(paths: tuple[str, ...], fingerprint: str, reason: str, requested_by: str, approved_by: str, days: int, file: Path, **run: Any) -> int:
    """Waive one finding of the named forms: writes an entry bound to its row and value."""
    from checker.cli.output import write_file, write_out
    from checker.cli.settings import waiver_limits
    from checker.settle import waivers

    results = _results(paths, run)
    try:
        waiver = waivers.draft(
            results, fingerprint, reason=reason, requested_by=requested_by, approved_by=approved_by,
            approved_on=results.as_of, expires=results.as_of + timedelta(days=days),
        )  # fmt: skip
    except UsageError as error:
        raise ReadError(str(error)) if results.unreadable else error from None  # the finding may be of a form that was not read
    try:
        text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise RuleError(f"{file}: cannot be read as UTF-8 text") from None
    write_file(file, waivers.add(text, waiver, str(file), results.ruleset.rules, **waiver_limits()))
    write_out(f"{file}: {waiver.rule} {waiver.form} → {waiver.expires}")
    return ReadError.exit_code if results.unreadable else 0


@click.group("baseline")
def baseline() -> None:
    """Known findings: a normal run reads the baseline and never writes it."""


@baseline.command("create")
@PATHS
@click.option("-o", "--output", required=True, type=place, help="The baseline file to write.")
@_as_checked
def create_baseline(paths: tuple[str, ...], output: Path, **run: Any) -> int:
    """Write every finding of the named forms into a new baseline."""
    from checker.cli.output import write_file, write_out
    from checker.cli.targets import check_output
    from checker.settle import baseline

    if output.exists():
        raise UsageError(f"{output}: exists, prune it or remove it first")
    check_output(output, paths, _sides(run), run["exclude"])
    results = _results(paths, run)
    if not results.forms:
        return ReadError.exit_code
    made = baseline.create(results)
    write_file(output, baseline.dumps(made))
    write_out(f"{output}: {len(made.findings)}")
    return ReadError.exit_code if results.unreadable else 0


@baseline.command("prune")
@PATHS
@click.option("--baseline", "file", required=True, type=place, help="The baseline file to prune.")
@_as_checked
def prune_baseline(paths: tuple[str, ...], file: Path, **run: Any) -> int:
    """Take out of a baseline what is gone; nothing is ever added."""
    from checker.cli.output import write_file, write_out
    from checker.settle import baseline

    results = _results(paths, run)
    kept, gone = baseline.prune(baseline.load(file), results)
    if gone:
        write_file(file, baseline.dumps(kept))
    write_out(f"{file}: −{len(gone)}, {len(kept.findings)}")
    return ReadError.exit_code if results.unreadable or not results.forms else 0


@click.command("responses")
@PATHS
@click.option("-o", "--output", type=place, help="Write here instead of standard output.")
@_as_checked
def responses(paths: tuple[str, ...], output: Path | None, **run: Any) -> int:
    """Write a file in which the unit answers each finding; give it to `check --responses`."""
    from checker.cli.output import write_file, write_out
    from checker.cli.targets import check_new, check_output
    from checker.settle import responses

    if output:
        check_new(output)
        check_output(output, paths, _sides(run), run["exclude"])
    results = _results(paths, run)
    if not results.forms:
        return ReadError.exit_code
    text = responses.template(results)
    if output:
        write_file(output, text)
    else:
        write_out(text)
    return ReadError.exit_code if results.unreadable else 0

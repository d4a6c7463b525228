"""`checker record …` and `check --record`: the run record, proved, listed, run again, asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.cli.options import LANG, place
from checker.errors import INTERNAL, CheckerError, ReadError, UsageError

if TYPE_CHECKING:
    from checker.model import Results

Options = Mapping[str, str | int | bool | Sequence[str] | None]

FOLDER = click.argument("folder", type=place)
QUESTIONS = ("rules", "units", "repeats", "tries")
TABLES = ("runs", "forms", "rules")


def keep(folder: Path, results: Results, *, options: Options, files: Mapping[str, Path | None], exit_code: int) -> Path:
    """Add a record of a finished run to the chain in `folder`; `options` are those of `check`, enough to run it again."""
    from checker.records import chain, record
    from checker.render import json

    named = {name: str(path) for name, path in files.items() if path is not None}
    made = record.entry(
        results, json.render(results).encode(), who=record.default_who(), when=record.now(), exit_code=exit_code, options={**options, **named}, files=named
    )
    return chain.write(folder, made)


def code_of(error: Exception) -> int:
    """Return the exit code of a run that ends with this fault."""
    return error.exit_code if isinstance(error, CheckerError) else 1 if isinstance(error, BrokenPipeError) else INTERNAL


@contextmanager
def faults_kept(folder: Path | None, options: Options, files: Mapping[str, Path | None], as_of: date, lang: str) -> Iterator[None]:
    """Record a run that ends with a fault (a rule or waiver file that is not valid, a crash) and let the fault go on."""
    try:
        yield
    except Exception as error:
        if folder is not None:
            from checker.records import chain, record

            named = {name: str(path) for name, path in files.items() if path is not None}
            told = "standard output was closed" if isinstance(error, BrokenPipeError) else str(error) if isinstance(error, CheckerError) else f"{type(error).__name__}: {error}"
            made = record.aborted(
                told, who=record.default_who(), when=record.now(), as_of=as_of, lang=lang, exit_code=code_of(error), options={**options, **named}, files=named
            )
            with suppress(CheckerError):  # the first fault is the one to tell
                chain.write(folder, made)
        raise


@click.group("record")
def group() -> None:
    """The run record: who checked what, when, with which rules, and what came out."""


@group.command("verify")
@FOLDER
@click.option("--head", metavar="DIGEST", help="Digest of a last record kept elsewhere: it must be in the chain.")
@LANG
def verify(folder: Path, head: str | None, lang: str) -> int:
    """Prove that no record was changed, taken out or put in. Exit 3 with every fault."""
    from checker.cli.output import say_fault, write_out
    from checker.records import chain

    verified = chain.verify(folder, head)
    for fault in verified.faults:
        say_fault(fault, lang)
    if verified.faults:
        return ReadError.exit_code
    write_out(f"{folder}: {verified.records} ✓ {verified.head}")
    return 0


@group.command("list")
@FOLDER
@LANG
def list_records(folder: Path, lang: str) -> int:
    """One line a run."""
    from checker.cli.output import write_out
    from checker.records import record
    from checker.render.shown import visible

    write_out(visible(record.listing(_entries(folder), lang)))
    return 0


@group.command("replay")
@FOLDER
@click.argument("number", type=click.IntRange(1))
@LANG
def replay(folder: Path, number: int, lang: str) -> int:
    """Run a record again on the same files; the findings must be the same byte for byte. Exit 1 when they are not."""
    from checker.cli.output import say_fault, write_out
    from checker.records import record

    found = next((item for item in _entries(folder) if item["number"] == number), None)
    if found is None:
        raise UsageError(f"no record {number} @ {folder}")
    if "-" in found["options"].get("paths", []):
        raise UsageError(f"record {number} read standard input, which is not kept @ {folder}")
    if found["fault"] is not None:
        raise UsageError(f"record {number} is of a run that ended with a fault, it has no findings @ {folder}")
    faults = record.replay(found, _again)
    for fault in faults:
        say_fault(fault, lang)
    if not faults:
        write_out(f"{number:06d} ✓ {found['findings_sha256']}")
    return 1 if faults else 0


@group.command("query")
@FOLDER
@click.argument("question", type=click.Choice(QUESTIONS))
@click.option("--years", type=click.IntRange(1, 100), help="Only runs of so many years up to the last one.")
@click.option("--since", metavar="DATE", help="Only runs since this day, YYYY-MM-DD.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma separated, for a spreadsheet.")
@LANG
def query(folder: Path, question: str, years: int | None, since: str | None, as_csv: bool, lang: str) -> int:
    """Ask the record: rules (which failed most), units, repeats (a unit and rule in several years), tries (runs a form)."""
    from checker.cli.check import parse_day
    from checker.cli.output import write_out
    from checker.forms.export import csv_text
    from checker.records import history

    if years and since is not None:
        raise UsageError("--years and --since say the same, give one of them")
    entries = _entries(folder)
    start = None if since is None else parse_day(since, "--since")
    if years:
        start = history.years_before(date.fromisoformat(str(entries[-1]["when"])[:10]), years)
    answer = history.ask(question, entries, start)
    write_out(csv_text(answer.columns, answer.iter_rows()) if as_csv else history.table(answer, lang))
    return 0


@group.command("export")
@FOLDER
@click.argument("table", type=click.Choice(TABLES))
@click.option("-o", "--output", required=True, type=place, help="The Parquet file.")
@LANG
def export(folder: Path, table: str, output: Path, lang: str) -> int:
    """Write a table of the record as Parquet, for DuckDB, Polars or a spreadsheet."""
    from checker.cli.output import write_file
    from checker.cli.targets import check_output
    from checker.records import history

    check_output(output, (str(folder),), {})
    write_file(output, history.parquet(_entries(folder), table))
    return 0


def _entries(folder: Path) -> list[Mapping[str, Any]]:
    from checker.records import chain

    faults = chain.verify(folder).faults
    if faults:
        raise ReadError("\n".join(faults))
    return chain.entries(folder)


def _path(options: Mapping[str, Any], name: str) -> Path | None:
    return Path(options[name]) if options.get(name) else None


def _again(options: Mapping[str, Any]) -> bytes:
    from checker import api
    from checker.cli.bounds import limits
    from checker.cli.check import compared, settled
    from checker.render import json

    ruleset = api.load_rules(options.get("rules") or ())
    bounds = tuple(options.get("limits") or ())
    results = api.check(
        api.read(options["paths"], limits=limits(bounds), input_format=options.get("input_format"), exclude=options.get("exclude") or ()),
        rules=ruleset,
        profile=options.get("profile"),
        select=options.get("select") or (),
        ignore=options.get("ignore") or (),
        as_of=date.fromisoformat(options["as_of"]),
        lang=options["lang"],
        evidence=api.load_evidence(Path(options["evidence"]) if options.get("evidence") else None, tuple(map(Path, options.get("calendars") or ()))),
        references=compared(_path(options, "previous"), _path(options, "approved"), tuple(map(Path, options.get("references") or ())), bounds),
    )
    paths = {name: Path(options[name]) if options.get(name) else None for name in ("waivers", "baseline", "responses")}
    return json.render(settled(results, ruleset, paths["waivers"], paths["baseline"], paths["responses"])).encode()

"""`checker normalize`: print the normalized forms."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli import bounds as bounds_of
from checker.cli.options import LANG, PATHS, place
from checker.errors import LayoutError, ReadError, UsageError

FORMATS = ("json", "yaml", "csv", "parquet")


@click.command("normalize")
@PATHS
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", help="json is the contract's normalized form.")
@click.option("--table", type=click.Choice(("forms", "budget_lines", "indicator_groups", "indicators")), help="Which table csv and parquet hold; default: indicators.")
@click.option("--locations", is_flag=True, help="Add the place of every value.")
@click.option("--explain", is_flag=True, help="Tell how the layout was recognised, what was repaired and what was left.")
@click.option("--input-format", metavar="FORMAT", callback=bounds_of.input_format, help="What standard input (-) is.")
@bounds_of.option
@click.option("-o", "--output", type=place, metavar="FILE", help="Write here instead of standard output.")
@LANG
def command(
    paths: tuple[str, ...], form: str, table: str | None, locations: bool, explain: bool, input_format: str | None, bounds: tuple[str, ...], output: Path | None, lang: str
) -> int:
    """Print the normalized form of each file. Exit 3 when one could not be read or recognised."""
    from checker import api
    from checker.cli.output import on_screen, say_fault, write_file, write_out
    from checker.cli.progress import progress_line
    from checker.cli.targets import check_output

    tables = form in ("csv", "parquet") and not explain
    if table and not tables:
        raise UsageError("--table goes with --format csv or parquet")
    if locations and (tables or explain):
        raise UsageError("--locations goes with --format json or yaml")
    check_output(output, paths, {})

    limits = bounds_of.limits(bounds)
    stdin = bounds_of.standard_input(paths, limits)
    with progress_line(lang) as progress:
        reading = api.read(paths, limits=limits, input_format=input_format, stdin=stdin, progress=progress)
    for file in reading.unreadable:
        say_fault(file.reason, lang)
    if not reading.forms:
        return LayoutError.exit_code
    if explain:
        from checker.forms.explain_layout import explain as describe

        content: str | bytes = "\n\n".join(describe(found, lang) for found in reading.forms) + "\n"
    elif tables:
        from checker.forms.export import table_csv, table_parquet

        content = (table_csv if form == "csv" else table_parquet)(reading.forms, table or "indicators")
    else:
        from checker.forms.normalized import to_json, to_yaml

        content = (to_json if form == "json" else to_yaml)(reading.forms, locations=locations)
    if output:
        write_file(output, content)
    elif isinstance(content, bytes) and on_screen():
        raise UsageError("parquet is binary, name a file with -o")
    else:
        write_out(content)
    return ReadError.exit_code if reading.unreadable else 0

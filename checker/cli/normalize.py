"""`checker normalize`: print the normalized forms."""

from __future__ import annotations

import click

from checker.cli import bounds as bounds_of
from checker.cli.options import LANG
from checker.errors import LayoutError, ReadError, UsageError

FORMATS = ("json", "yaml", "csv", "parquet")


@click.command("normalize")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", help="json is the contract's normalized form.")
@click.option("--table", type=click.Choice(("forms", "budget_lines", "indicator_groups", "indicators")), default="indicators", help="Which table csv and parquet hold.")
@click.option("--locations", is_flag=True, help="Add the place of every value.")
@click.option("--explain", is_flag=True, help="Tell how the layout was recognised, what was repaired and what was left.")
@click.option("--input-format", metavar="FORMAT", callback=bounds_of.input_format, help="What standard input (-) is.")
@bounds_of.option
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
@LANG
def command(
    paths: tuple[str, ...], form: str, table: str, locations: bool, explain: bool, input_format: str | None, bounds: tuple[str, ...], output: str | None, lang: str
) -> int:
    """Print the normalized form of each file. Exit 3 when one could not be read or recognised."""
    from pathlib import Path

    from checker import api
    from checker.cli.output import on_screen, say_fault, write_file, write_out
    from checker.cli.progress import progress_line

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
    elif form in ("csv", "parquet"):
        from checker.forms.export import table_csv, table_parquet

        content = table_csv(reading.forms, table) if form == "csv" else table_parquet(reading.forms, table)
    else:
        from checker.forms.normalized import to_json, to_yaml

        content = (to_json if form == "json" else to_yaml)(reading.forms, locations=locations)
    if output:
        write_file(Path(output), content)
    elif isinstance(content, bytes) and on_screen():
        raise UsageError("parquet is binary, name a file with -o")
    else:
        write_out(content)
    return ReadError.exit_code if reading.unreadable else 0

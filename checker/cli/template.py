"""`checker template`: empty forms and evidence tables to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.options import LANG, path, place

KINDS = ("department", "project", "events")


@click.command("template")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("-o", "--output", type=place, help="Where to write; .xlsx for forms, .csv or .xlsx for events, which go to standard output without it.")
@click.option("--for", "forms", multiple=True, type=path, metavar="PATH", help="events: list the timeliness indicators of these forms, repeatable.")
@LANG
def command(kind: str, output: Path | None, forms: tuple[str, ...], lang: str) -> int:
    """Write an empty, well-made form with formulas and validation, or a table for dated events. Exit 3 when a form could not be read."""
    from checker.cli.output import say_fault, write_file, write_out
    from checker.cli.targets import check_new, check_output
    from checker.errors import ReadError, UsageError

    if forms and kind != "events":
        raise UsageError("--for goes with events")
    suffix = output.suffix.lower() if output else ""
    if kind == "events":
        if output and suffix not in (".csv", ".xlsx"):
            raise UsageError("events are a table, name a file with -o events.csv or -o events.xlsx")
        if output:
            check_new(output)
            check_output(output, forms, {})
        from checker import api
        from checker.evidence import template, template_workbook

        reading = api.read(forms)
        for file in reading.unreadable:
            say_fault(file.reason, lang)
        if forms and not reading.forms:
            return ReadError.exit_code
        names = [str(row["name"]) for form in reading.forms for row in form.indicators if "时效" in str(row.get("level2") or "") and row.get("name")]
        if output is None:
            write_out(template(names))
        else:
            write_file(output, template_workbook(names) if suffix == ".xlsx" else template(names))
        return ReadError.exit_code if reading.unreadable else 0
    if output is None or suffix != ".xlsx":
        raise UsageError("a form is a workbook, name a file with -o form.xlsx")
    check_new(output)
    check_output(output, (), {})
    from checker.forms.template import workbook

    write_file(output, workbook(kind))
    return 0

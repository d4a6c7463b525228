"""`checker template`: empty forms and evidence tables to fill in."""

from __future__ import annotations

from pathlib import Path

import click

KINDS = ("department", "project", "events")


@click.command("template")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; .xlsx for forms. Events go to standard output without it.")
@click.option("--for", "forms", multiple=True, metavar="PATH", help="events: list the timeliness indicators of these forms, repeatable.")
def command(kind: str, output: Path | None, forms: tuple[str, ...]) -> int:
    """Write an empty, well-made form with formulas and validation, or a table for dated events. Exit 3 when a form could not be read."""
    from checker.cli.output import say_fault, write_file, write_out
    from checker.errors import ReadError, UsageError

    if kind == "events":
        from checker import api
        from checker.evidence import template

        reading = api.read(forms)
        for file in reading.unreadable:
            say_fault(file.reason)
        names = [str(row["name"]) for form in reading.forms for row in form.indicators if "时效" in str(row.get("level2") or "") and row.get("name")]
        text = template(names)
        if output:
            write_file(output, text)
        else:
            write_out(text)
        return ReadError.exit_code if reading.unreadable else 0
    if output is None:
        raise UsageError("a form is a workbook, name a file with -o form.xlsx")
    from checker.forms.template import workbook

    write_file(output, workbook(kind))
    return 0

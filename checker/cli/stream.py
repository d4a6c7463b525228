"""`checker check --format jsonl`: each form is printed as soon as its batch is checked.

What is printed is the same, byte for byte, as the lines of the finished run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from checker.model import FormResult, Results
    from checker.rules.rule import RuleSet


def started(ruleset: RuleSet, as_of: date, lang: str, settle: Callable[[Results], Results]) -> Callable[[FormResult], None]:
    """Print the first line and return what prints the lines of one form.

    `ruleset` holds the rules selected; `settle` lays waivers, baseline and answers over the findings of that form alone.
    """
    from checker import __version__
    from checker.audit import about
    from checker.cli.output import on_screen, write_out
    from checker.model import Results
    from checker.render import jsonl

    empty = Results(as_of, lang, __version__, about(ruleset, lang), ())
    write_out(jsonl.head(empty))

    def on_form(form: FormResult) -> None:
        if on_screen() and sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")  # the progress line stands where the text goes
        one = settle(replace(empty, forms=(form,)))
        write_out("".join(jsonl.form_lines(one.forms[0])))

    return on_form


def ended(results: Results) -> None:
    """Print what stands after the forms; its last line says that the run ended."""
    from checker.cli.output import write_out
    from checker.render import jsonl

    write_out("".join(jsonl.rest(results)))

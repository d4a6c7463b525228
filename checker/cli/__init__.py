"""The command line: arguments in, text out, exit code out. Commands import what they need when they run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

import click

from checker import __version__
from checker.errors import INTERRUPTED, CheckerError

HELP = ["-h", "--help"]
CONTEXT = {"help_option_names": HELP}


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from checker.cli.output import write_out

        write_out(f"checker, version {__version__}")
        context.exit()


@click.group(context_settings=CONTEXT)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit.")
@click.pass_context
def group(context: click.Context) -> None:
    """绩效自评表审核 · audit performance self-evaluation forms.

    \b
    checker check 自评表.xlsx --report report.html
    checker check 2023年度/ --report out/
    """
    from pathlib import Path

    from checker.cli.settings import defaults

    if not set(context.help_option_names).intersection(context.obj or ()):  # help comes whatever the settings are
        context.default_map = {**defaults(Path.cwd())}


def cli(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (CONTRACT section 2)."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(words)
    except CheckerError as error:
        from checker.cli.output import say_fault

        say_fault(error, language(words))
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        from checker.cli.output import say_fault

        say_fault("interrupted, nothing half written", language(words))
        return INTERRUPTED
    except click.ClickException as error:
        from checker.cli.usage import show

        show(error, language(words))
        return error.exit_code
    except click.exceptions.Exit as leaving:
        return int(leaving.exit_code)
    except BrokenPipeError:
        from checker.cli.output import abandon

        abandon()
        return 1  # as click does: what was not printed must not look like a pass


def _run(words: list[str]) -> int:
    from checker.cli import register

    register.register(group, words)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # help in Chinese on a terminal that has no such letters
    if set(HELP).intersection(words):
        from checker.cli.help_page import asked, page
        from checker.cli.output import write_out

        context = asked(group, words)
        if context is not None:
            write_out(page(context, language(words)))
            return 0
    result = group.main(words, prog_name="checker", standalone_mode=False, obj=words)
    return result if isinstance(result, int) else 0


def language(words: Sequence[str]) -> str:
    """Return the language faults are told in: that of --lang, else of the configuration, else zh."""
    from pathlib import Path

    from checker.config import discover

    for word, value in pairwise((*words, "")):
        if word == "--lang" or word.startswith("--lang="):
            return "en" if (word, value) == ("--lang", "en") or word == "--lang=en" else "zh"
    try:
        return "en" if discover(Path.cwd()).get("lang") == "en" else "zh"
    except (CheckerError, OSError):
        return "zh"

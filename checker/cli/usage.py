"""What is wrong with a command line, in the language of the run."""

from __future__ import annotations

import click

from checker.cli.help_page import page, said_in, usage
from checker.faults import in_language

_WORDS = {
    "zh": ("用法：", "运行 {help} 看有哪些选项。", "错误："),
    "en": ("Usage: ", "Try '{help}' for help.", "Error: "),
}


def show(error: click.ClickException, lang: str) -> None:
    """Write the usage line, where help is, and the fault to standard error."""
    from checker.cli.output import say

    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        click.echo(page(error.ctx, lang), err=True)
        return
    how, help_, fault = _WORDS[lang]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        say(f"{how}{context.command_path} {usage(context, lang)}")
        say(help_.format(help=f"{context.command_path} --help"))
    say(f"{fault}{_said(error, lang)}")


def _said(error: click.ClickException, lang: str) -> str:
    """Return the fault as one line: a choice that is missing is named by its words, they need not be listed below it."""
    if isinstance(error, click.BadParameter) and isinstance(error.param, click.Argument) and error.ctx is not None:
        error.param_hint = f"'{said_in(error.param.make_metavar(error.ctx), lang)}'"
    said = " ".join(line.strip() for line in error.format_message().splitlines())
    if isinstance(error, click.MissingParameter):
        said = said.partition(" Choose from:")[0]
    for number in ("integer", "float"):
        said = said.replace(f"a valid {number} range.", f"a valid {number}.")
    told = in_language(said, lang)
    return told.replace("', '", "'、'") if lang == "zh" else told

"""What is wrong with a command line, in the language of the run."""

from __future__ import annotations

import click

from checker.cli.help_page import page
from checker.faults import in_language

_WORDS = {
    "zh": ("用法：", "运行 {help} 看有哪些选项。", "错误："),
    "en": ("Usage: ", "Try '{help}' for help.", "Error: "),
}


def show(error: click.ClickException, lang: str) -> None:
    """Write the usage line, where help is, and the fault to standard error."""
    from checker.cli.output import say

    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        click.echo(page(error.ctx) if lang == "zh" else error.ctx.get_help(), err=True)
        return
    usage, help_, fault = _WORDS[lang]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        pieces = " ".join(context.command.collect_usage_pieces(context))
        say(f"{usage}{context.command_path} {pieces}")
        say(help_.format(help=f"{context.command_path} --help"))
    for line in error.format_message().splitlines():
        say(f"{fault}{in_language(line, lang)}")
        fault = ""

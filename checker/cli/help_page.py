"""The pages of --help, in columns of a terminal: what commands say in English, in Chinese by help.zh.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from checker import kept
from checker.render.shown import pad, width, wrapped

COLUMNS = 100
FEWEST = 60
"""Columns of a page at most and at least, between them those of the terminal."""
_GAP = 2
_NAMES = 30
"""Columns for the names of options; longer ones stand on a line of their own."""
_TITLES = {"zh": ("用法：", "选项：", "命令："), "en": ("Usage: ", "Options:", "Commands:")}
_BESIDE = {"zh": ("必填", "不写为 {}", "、", "（{}）"), "en": ("required", "default {}", ", ", " [{}]")}


def words() -> Mapping[str, str]:
    """Return what commands and options say in English → Chinese."""
    found: Mapping[str, str] = kept.words(Path(__file__).with_name("help.zh.yaml"))
    return found


def asked(group: click.Group, arguments: Sequence[str]) -> click.Context | None:
    """Return the context of the command whose help the arguments ask for, None when they ask for none."""
    command: click.Command = group
    context = click.Context(group, info_name="checker", **group.context_settings)
    for word in arguments:
        if word in context.help_option_names:
            return context
        if word == "--":
            return None
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is not None:
            command, context = found, click.Context(found, parent=context, info_name=word)
    return None


def page(context: click.Context, lang: str = "zh") -> str:
    """Return the help of a command."""
    from shutil import get_terminal_size

    command = context.command
    how, options, commands = _TITLES[lang]
    columns = min(COLUMNS, max(FEWEST, get_terminal_size((COLUMNS, 24)).columns))
    lines = [f"{how}{context.command_path} {usage(context, lang)}", ""]
    for paragraph in _paragraphs(command):
        lines += [" " * _GAP + line for said in paragraph for line in wrapped(said_in(said, lang), columns - _GAP)] + [""]
    told = [(_names(option, context, lang), said_in(option.help or "", lang) + _beside(option, lang)) for option in command.get_params(context) if isinstance(option, click.Option)]
    lines += [options, *_table(told, columns)]
    if isinstance(command, click.Group):
        parts = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
        lines += ["", commands, *_table([(name, said_in(" ".join(next(_paragraphs(part), [])), lang)) for name, part in parts if part], columns)]
    return "\n".join(lines)


def usage(context: click.Context, lang: str) -> str:
    """Return what is written behind a command."""
    return " ".join(said_in(piece, lang) for piece in context.command.collect_usage_pieces(context))


def said_in(text: str, lang: str) -> str:
    """Return what a command says, or what it calls a value, in the language; a choice of words stays as it is typed."""
    return words().get(text, text) if lang == "zh" else text


def _beside(option: click.Option, lang: str) -> str:
    """Return that an option must be given, its default where it is shown, and the numbers it takes."""
    required, default, comma, around = _BESIDE[lang]
    kind = option.type
    facts = [required] if option.required else []
    facts += [default.format(option.default)] if option.show_default else []
    facts += [f"{kind.min or 0:g}–{kind.max:g}"] if isinstance(kind, click.IntRange | click.FloatRange) and kind.max is not None else []
    return around.format(comma.join(facts)) if facts else ""


def _paragraphs(command: click.Command) -> Iterator[list[str]]:
    """Yield the paragraphs of a command's help: one line, or several where they are set as they stand."""
    for paragraph in (command.help or "").split("\n\n"):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        if lines and lines[0] == "\b":
            yield lines[1:]
        elif any(lines):
            yield [" ".join(lines)]


def _names(option: click.Option, context: click.Context, lang: str) -> str:
    names = ", ".join(sorted((*option.opts, *option.secondary_opts), key=len))
    return names if option.is_flag or option.count or option.opts == ["--help"] else f"{names} {said_in(option.make_metavar(context), lang)}"


def _table(rows: Sequence[tuple[str, str]], columns: int) -> Iterator[str]:
    names = min(max((width(name) for name, _ in rows), default=0), _NAMES)
    indent = " " * (names + 2 * _GAP)
    for name, said in rows:
        first, *rest = wrapped(said, columns - len(indent)) or [""]
        if width(name) > names:
            yield f"{' ' * _GAP}{name}"
            yield indent + first
        else:
            yield f"{' ' * _GAP}{pad(name, names + _GAP)}{first}"
        yield from (indent + line for line in rest)

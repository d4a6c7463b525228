"""Options that several commands have alike."""

from __future__ import annotations

from pathlib import Path

import click


def path(text: str) -> str:
    """Take a path as it is written. Raises BadParameter for none: an unset variable of a script must not mean the current folder."""
    if not text:
        raise click.BadParameter("empty, name a file or a folder")
    return text


def place(text: str | Path) -> Path:
    """Take a file or folder: whether it can be read is said where it is read, with the exit code of its kind."""
    return Path(path(str(text)))


place.__name__ = path.__name__  # what help calls the value

LANG = click.option("--lang", type=click.Choice(("zh", "en")), default="zh", help="Language of the texts.")
PATHS = click.argument("paths", nargs=-1, required=True, type=path, metavar="PATH…")

"""Options that several commands have alike."""

from __future__ import annotations

from pathlib import Path

import click

PLACE = click.Path(path_type=Path, readable=False)
"""A file or folder as an option names it: whether it can be read is said where it is read, with the exit code of its kind."""

LANG = click.option("--lang", type=click.Choice(("zh", "en")), default="zh", help="Language of the texts.")

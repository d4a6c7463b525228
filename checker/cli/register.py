"""The list of commands: which module holds each. Only the one that is asked for is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

import click

HOMES: Mapping[str, str] = {
    "check": "check:command", "normalize": "normalize:command", "rules": "rules:command", "diff": "gate:diff", "waivers": "gate:waivers",
    "baseline": "gate:baseline", "responses": "gate:responses", "record": "record:group", "init": "settings:init", "template": "template:command",
}  # fmt: skip


def register(group: click.Group, arguments: Sequence[str]) -> None:
    """Attach the command that arguments name to the group, all of them where help or a slip asks for the list."""
    named = next((word for word in arguments if not word.startswith("-")), None)
    wanted = [named] if named in HOMES else [] if list(arguments) == ["--version"] else list(HOMES)
    for name in wanted:
        if name is not None and name not in group.commands:
            module, _, member = HOMES[name].partition(":")
            group.add_command(getattr(import_module(f"checker.cli.{module}"), member))

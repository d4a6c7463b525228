"""The list of commands."""

from __future__ import annotations

import click

from checker.cli import check, gate, normalize, record, rules, settings, template


def register(group: click.Group) -> None:
    """Attach every command to the group; doing it twice changes nothing."""
    for command in (check.command, normalize.command, rules.command, *gate.COMMANDS, record.group, settings.init, template.command):
        group.add_command(command)

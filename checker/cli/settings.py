"""`checker init`, and the settings of checker.toml as defaults of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from checker.cli.options import LANG
from checker.errors import UsageError

_CHECK = {
    "rules": "rules", "profile": "profile", "select": "select", "ignore": "ignore", "format": "form", "report": "reports", "fail_on": "fail_on", "lang": "lang",
    "jobs": "jobs", "waivers": "waivers", "baseline": "baseline", "responses": "responses", "evidence": "evidence", "record": "record", "quiet": "quiet",
    "exclude": "exclude", "calendar": "calendars", "previous": "previous", "approved": "approved", "reference": "tables",
}  # fmt: skip
"""Settings → parameters of `check`."""

_RUN = ("rules", "profile", "exclude", "evidence", "calendar:calendars", "previous", "approved", "reference:tables")
_OTHERS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("waivers", "list"): ("rules", "waivers:file"), ("waivers", "lint"): ("rules", "waivers:file"), ("waivers", "add"): (*_RUN, "waivers:file"),
    ("baseline", "create"): _RUN, ("baseline", "prune"): (*_RUN, "baseline:file"), ("responses",): _RUN,
    ("diff",): (), ("normalize",): (), ("template",): (), ("init",): (),
    **{("rules", name): () for name in ("list", "show", "lint", "test", "new", "schema", "docs")},
    **{("record", name): () for name in ("verify", "list", "replay", "query", "export")},
}  # fmt: skip
"""Other commands → their settings, beside the language, which all have."""


def defaults(start: Path) -> Mapping[str, Any]:
    """Return click's `default_map` for a working folder; empty when there is no configuration.

    Raises RuleError (exit 4) for a configuration that is not valid, whichever command is run.
    """
    from checker.config import discover

    values = discover(start).values
    made: dict[str, Any] = {"check": {param: values[name] for name, param in _CHECK.items() if name in values}}
    for command, names in _OTHERS.items():
        place = made
        for word in command:
            place = place.setdefault(word, {})
        for name in (*names, "lang"):
            setting, _, param = name.partition(":")
            if setting in values:
                place[param or setting] = values[setting]
    return made


def waiver_limits() -> dict[str, Any]:
    """Return what the configuration says of waivers: the longest span, and who may approve."""
    from checker.config import discover
    from checker.settle.waivers import LONGEST_DAYS

    found = discover(Path.cwd())
    return {"longest_days": found.number("waivers_longest_days", LONGEST_DAYS), "approvers": found.texts("waivers_approvers")}


@click.command("init")
@LANG
def init(lang: str) -> int:
    """Write a checker.toml with every setting explained, all of them commented out, into this folder."""
    from checker.cli.output import write_file, write_out
    from checker.config import NAME, template

    target = Path(NAME)
    if target.exists():
        raise UsageError(f"{NAME}: exists, it is not overwritten")
    write_file(target, template(lang))
    write_out(NAME)
    return 0

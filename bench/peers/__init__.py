"""Other validators on the ten rules of the measurement, each written as its documentation shows, in a module of its own.

A module has `findings(folder)`: rule, form, row, reported, expected of every row that breaks a rule. Numbers stay the exact
integers of the part. What a tool cannot state (a join, a pivot, a sum) is prepared in the library it runs on, and that time
counts.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PEERS = {
    "pandera": "pandera",
    "pointblank": "pointblank",
    "dataframely": "dataframely",
    "great_expectations": "great_expectations",
    "frictionless": "frictionless",
    "r_validate": "polars",
}
"""Name → what has to be installed; `peers.with_<name>` runs it."""

READ_CSV = ("frictionless", "r_validate")
"""Peers that read CSV, written beside the part beforehand; that time does not count."""


def lacking(name: str) -> str | None:
    """Return why a peer cannot run here, None when it can."""
    if find_spec(PEERS[name]) is None:
        return f"{PEERS[name]} is not installed (requirements/bench.txt)"
    if name == "r_validate":
        why: str | None = import_module("peers.with_r_validate").lacking()
        return why
    return None


def loaded(name: str) -> Callable[[Path], Any]:
    """Import a peer and return what runs it, so that importing is not counted."""
    found: Callable[[Path], Any] = import_module(f"peers.with_{name}").findings
    return found

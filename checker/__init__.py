"""Audit checker for performance self-evaluation forms (绩效自评表).

`read(paths)` reads forms, `check(paths)` reads them, runs the rules and returns `Results`, `load_rules()` loads a rule
set; `frame(results)` gives the findings as a Polars frame, `to_pandera(rules, table)` the rules as a pandera schema.
Importing this module imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.api import Reading, check, load_rules, read
    from checker.forms.export import frame
    from checker.model import Form, Results
    from checker.pandera_rules import to_pandera

__version__ = "0.1.0"

__all__ = ["Form", "Reading", "Results", "check", "frame", "load_rules", "read", "to_pandera"]


if not TYPE_CHECKING:

    _HOMES = {
        "Finding": "model", "Form": "model", "Results": "model", "frame": "forms.export", "to_pandera": "pandera_rules",
        "Reading": "api", "check": "api", "load_rules": "api", "read": "api",
    }  # fmt: skip

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _HOMES:
            return getattr(import_module(f"checker.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'checker' has no attribute {name!r}")

"""Audit checker for performance self-evaluation forms (绩效自评表).

`check(paths)` reads forms, runs the rules and returns `Results`; `read` stops after reading,
`load_rules` loads a rule set. Importing this module imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.api import Reading, check, load_rules, read
    from checker.model import Finding, Form, Results

__version__ = "0.1.0"

__all__ = ["Finding", "Form", "Reading", "Results", "check", "load_rules", "read"]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in ("Reading", "check", "load_rules", "read"):
            return getattr(import_module("checker.api"), name)
        if name in ("Finding", "Form", "Results"):
            return getattr(import_module("checker.model"), name)
        raise AttributeError(f"module 'checker' has no attribute {name!r}")

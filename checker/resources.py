"""Where the rule files and the report templates lie: inside an installed wheel, or at the top of the source tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from checker.errors import UsageError


@cache
def _folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    for path in (package / f"_{name}", package.parent / name):
        if path.is_dir():
            return path
    raise UsageError(f"folder {name}/ is missing @ {package.parent}, install the checker again")


def rules_dir() -> Path:
    """The folder of the rule set that ships with the checker; `UsageError` when the installation lacks it."""
    return _folder("rules")


def template_dir() -> Path:
    """The folder of report templates, styles and labels; `UsageError` when the installation lacks it."""
    return _folder("reports")

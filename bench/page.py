"""What is measured, put into a page of docs/ between its marks."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def heading(how: str) -> str:
    """Return the line above the figures: the day, the machine, and how they were taken."""
    return f"Measured {time.strftime('%Y-%m-%d')}: {os.cpu_count()} processors, {platform.system()}, CPython {platform.python_version()}{how}."


def marked(name: str, text: str) -> str:
    """Return text between its marks."""
    return f"<!-- {name}: begin -->\n\n{text}\n\n<!-- {name}: end -->"


def put(page: Path, name: str, text: str) -> None:
    """Put text in place of the last one of that name. Raises SystemExit for a page without its marks."""
    head, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name}: begin -->")
    _, end, tail = rest.partition(f"<!-- {name}: end -->")
    if not (begin and end):
        raise SystemExit(f"{page} has no marks of {name}: nothing is written")
    page.write_text(head + marked(name, text) + tail, encoding="utf-8")

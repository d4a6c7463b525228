"""The marked copy: the submitter's own file with tinted cells, comments and a legend, nothing else changed.

The package's XML is changed by insertion only; every part that is not concerned keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from checker.errors import UsageError
from checker.marked.marks import marks_of
from checker.marked.words import WORDS
from checker.model import FormResult
from checker.readers.limits import DEFAULT, Limits

FORMATS = ("xlsx", "docx")
"""The formats that can carry marks."""


def mark(source: bytes, format: str, results: Sequence[FormResult], lang: str = "zh", limits: Limits = DEFAULT) -> bytes:
    """Returns a file with the findings of all its forms marked; the same input gives the same bytes.

    `format` is the detected one (`Source.format`). Raises UsageError for a format that cannot carry
    marks and ReadError for a broken file.
    """
    path = results[0].form.source.path if results else ""
    if format not in FORMATS:
        raise UsageError(f"no marked copy of a {format} file @ {path}, only .xlsx and .docx can carry marks; use --report instead")
    made: bytes = import_module(f"checker.marked.{format}").mark(source, marks_of(results, lang), lang, path, limits)
    return made


def notes(source: bytes, path: str, lang: str = "zh", limits: Limits = DEFAULT) -> tuple[str, ...]:
    """Returns what a person should know of a marked copy: a digital signature does not survive it."""
    from checker.marked.package import Package

    return (WORDS[lang]["signed"].format(path=path),) if Package(source, path, limits).signed() else ()

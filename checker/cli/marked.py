"""`--marked PATH`: the submitters' own files with the findings marked, one file or a folder of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from checker.cli.output import say, say_fault, write_file
from checker.errors import CheckerError, UsageError
from checker.wording import phrase

if TYPE_CHECKING:
    from checker.model import FormResult, Results, Source
    from checker.readers.limits import Limits

SUFFIXES = {"xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"), "docx": (".docx", ".docm", ".dotx", ".dotm")}
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
MAX_PART = 80
MAX_SAID = 20


def write(results: Results, paths: Sequence[str], target: Path, *, stdin: bytes | None, input_format: str | None, limits: Limits | None) -> None:
    """Write the marked copies of all files that held forms: into a folder, or one file when there was one.

    Files that cannot carry marks are named on standard error; when there is nothing else, or
    `target` is one of the inputs, that is a UsageError.
    """
    forms: dict[str, list[FormResult]] = {}
    for found in results.forms:
        forms.setdefault(found.form.source.path, []).append(found)
    if not forms:
        say_fault("--marked: no form was read, nothing to mark", results.lang)
        return
    folder = target.is_dir() or not target.suffix
    if not folder and len(forms) > 1:
        raise UsageError(f"--marked {target}: {len(forms)} files hold forms, name a folder for their copies")
    inputs = {os.path.realpath(_container(path)) for path in forms}
    taken: set[str] = set()
    faults: list[CheckerError] = []
    written = 0
    for data, source in _contents(forms, stdin, input_format, limits):
        try:
            place = target / _name(source, paths, taken) if folder else _checked(target, source)
            if os.path.realpath(place) in inputs:
                raise UsageError(f"--marked {target} would overwrite {source.path}, choose another place")
            _mark(data, source, forms[source.path], place, results.lang, limits)
            written += 1
        except CheckerError as fault:
            faults.append(fault)
    missing = len(forms) - written - len(faults)
    if missing:
        faults.append(UsageError(phrase("--marked: {n} {n:file|files} changed or went away while {n:it was|they were} checked, run again", n=missing)))
    if faults and not written:
        raise faults[0]
    for each in faults[:MAX_SAID]:
        say_fault(each, results.lang)
    if len(faults) > MAX_SAID:
        say_fault(f"--marked: {len(faults) - MAX_SAID} more files have no marked copy", results.lang)


def _container(path: str) -> str:
    from checker.readers import SEPARATOR

    return path.partition(SEPARATOR)[0]


def _contents(forms: dict[str, list[FormResult]], stdin: bytes | None, input_format: str | None, limits: Limits | None) -> Iterator[tuple[bytes, Source]]:
    """Read the files again, one at a time, and yield those that are still what was checked."""
    from checker import readers
    from checker.model import Unreadable

    for outer in dict.fromkeys(map(_container, forms)):
        for item in readers.sources(outer, data=stdin if outer == readers.STDIN else None, limits=limits or readers.DEFAULT, input_format=input_format):
            if not isinstance(item, Unreadable) and item[1].path in forms and item[1].sha256 == forms[item[1].path][0].form.source.sha256:
                yield item


def _mark(data: bytes, source: Source, forms: Sequence[FormResult], place: Path, lang: str, limits: Limits | None) -> None:
    from checker import marked
    from checker.readers import DEFAULT

    made = marked.mark(data, source.format, forms, lang, limits or DEFAULT)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make folder @ {place.parent}: {error.strerror}, choose another place") from None
    write_file(place, made)
    for note in marked.notes(data, source.path, lang, limits or DEFAULT):
        say(note)


def _checked(target: Path, source: Source) -> Path:
    # A program opens a file by its suffix: a workbook must not be called .docx.
    allowed = SUFFIXES.get(source.format)
    if allowed and target.suffix.lower() not in allowed:
        raise UsageError(f"--marked {target}: {source.path} is a {source.format} file, end the name in {_suffix(source)}")
    return target


def _suffix(source: Source) -> str:
    own = PurePosixPath(source.path.replace("\\", "/")).suffix.lower()
    allowed = SUFFIXES.get(source.format, (own,))
    return own if own in allowed else allowed[0]


def _name(source: Source, paths: Sequence[str], taken: set[str]) -> Path:
    """Name a copy in the folder as its source is named below the folder given, without anything that leads out."""
    from checker.readers import SEPARATOR, STDIN

    outer, *inner = source.path.split(SEPARATOR)
    given = next((path for path in paths if path != STDIN and os.path.isdir(path) and _below(outer, path)), None)
    parts = ["stdin" if outer == STDIN else os.path.relpath(outer, given) if given else os.path.basename(outer), *inner]
    clean = [_safe(part) for piece in parts for part in piece.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    place = Path(*clean)
    suffix = _suffix(source)
    stem = place.name[: -len(place.suffix)] if place.suffix else place.name
    count = 1
    while str(made := place.with_name(f"{stem}{f' ({count})' if count > 1 else ''}{suffix}")).casefold() in taken:
        count += 1
    taken.add(str(made).casefold())
    return made


def _below(path: str, folder: str) -> bool:
    return os.path.abspath(path).startswith(os.path.join(os.path.abspath(folder), ""))


def _safe(part: str) -> str:
    text = UNSAFE.sub("_", part).rstrip(". ")
    stem, dot, suffix = text.rpartition(".")
    return (f"{stem[:MAX_PART]}{dot}{suffix[:8]}" if dot else text[:MAX_PART]) or "_"

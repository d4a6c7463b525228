"""Writing results: beside the target and renamed, so that an interrupted run leaves nothing half written."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from checker.errors import UsageError


def write_file(path: Path, content: str | bytes) -> None:
    """Write a whole file or none. Raises UsageError when the folder is missing, not writable or full."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    except OSError as error:
        raise UsageError(f"cannot write @ {path}: {error.strerror}, choose another place") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except OSError as error:
        raise UsageError(f"cannot write @ {path}: {error.strerror}, choose another place") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def write_out(content: str | bytes) -> None:
    """Write bytes to standard output, or text as UTF-8 whatever the terminal's encoding. Raises UsageError when it takes none."""
    if sys.stdout is None:
        raise UsageError("cannot write @ standard output, it is closed, send it somewhere or use --report")
    stream = sys.stdout.buffer
    try:
        stream.write(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
        if isinstance(content, str) and not content.endswith("\n"):
            stream.write(b"\n")
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise UsageError(f"cannot write @ standard output: {error.strerror or error}, choose another place") from None


def abandon() -> None:
    """Give up standard output: what is left in its buffer goes nowhere, so that leaving does not fail on it again."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Write one line to standard error; what a terminal would obey in a file name or a waiver is spelled out."""
    from checker.render.shown import visible

    click.echo(visible(text, one_line=True), err=True)


def say_fault(fault: object, lang: str = "zh") -> None:
    """Write a fault to standard error in zh or en, each of its lines with the name of the program in front."""
    from checker.faults import in_language

    for line in str(fault).split("\n"):
        say(f"checker: {in_language(line, lang)}")


def on_screen() -> bool:
    """True when standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_terminal() -> bool:
    """True when standard output is a terminal and colours are wanted (NO_COLOR unset)."""
    return on_screen() and not os.environ.get("NO_COLOR")

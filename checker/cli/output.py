"""Writing results: beside the target and renamed, so that an interrupted run leaves nothing half written."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from checker.errors import UsageError


def write_file(path: Path, content: str | bytes) -> None:
    """Write a whole file or none. Raises UsageError when the folder is missing or not writable."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    except OSError as error:
        raise UsageError(f"cannot write @ {path}: {error.strerror}, choose another place") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_out(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the terminal's encoding."""
    stream = sys.stdout.buffer
    stream.write(text.encode("utf-8", "backslashreplace"))
    if not text.endswith("\n"):
        stream.write(b"\n")
    stream.flush()


def say(text: str) -> None:
    """Write one line to standard error."""
    click.echo(text, err=True)


def is_terminal() -> bool:
    """True when standard output is a terminal and colours are wanted (NO_COLOR unset)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")

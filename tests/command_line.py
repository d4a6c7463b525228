"""The command line run in this process, as a process of its own would run it: one start serves many tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from checker.cli import cli

ROOT = Path(__file__).resolve().parent.parent


Run = Callable[..., tuple[int, str, str]]


def calling(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command in the current folder: its exit code, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli(list(arguments))
        done = capfd.readouterr()
        return code, done.out, done.err

    return call


def checker(*arguments: str | Path, stdin: bytes = b"") -> CompletedProcess[bytes]:
    """Exit code, standard output and standard error of `checker ARGUMENTS` at the top of the repository; a fault that is not caught is raised."""
    words = [str(argument) for argument in arguments]
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(ROOT)
        patched.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
        patched.setattr(sys, "stdout", out)
        patched.setattr(sys, "stderr", err)
        code = cli(words)
    return CompletedProcess(words, code, *(stream.buffer.getvalue() for stream in (out, err)))  # type: ignore[attr-defined]

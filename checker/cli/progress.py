"""Progress of long work: a line that is rewritten on a terminal, plain lines elsewhere, nothing for short work."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from checker.api import Progress

QUIET_SECONDS = 1.0
PLAIN_SECONDS = 10.0

_STAGES = {"read": "读取 reading", "check": "审核 checking", "write": "写出 writing"}


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Give a function (stage, done, total) that shows progress on standard error after the first second."""
    terminal = sys.stderr.isatty()
    started = time.monotonic()
    shown = started
    drawn = False

    def report(stage: str, done: int, total: int) -> None:
        nonlocal shown, drawn
        now = time.monotonic()
        if now - started < QUIET_SECONDS or now - shown < (0.1 if terminal else PLAIN_SECONDS):
            return
        shown = now
        left = f"，约剩 {(now - started) / done * (total - done):.0f} s" if 0 < done < total else ""
        text = f"{_STAGES.get(stage, stage)} {done}/{total}{left}"
        if terminal:
            sys.stderr.write(f"\r\x1b[K{text}")
            drawn = True
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    try:
        yield report
    finally:
        if drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

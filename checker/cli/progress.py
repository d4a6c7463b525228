"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing for short work."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from checker.api import Progress
from checker.render.shown import wrapped

QUIET_SECONDS = 1.0
REDRAW_SECONDS = 0.1
PLAIN_SECONDS = 10.0
BAR = 20

_STAGES = {"read": "读取 reading", "check": "审核 checking", "write": "写出 writing"}


def line(stage: str, done: int, total: int, seconds: float, rows: int, *, bar: bool = False) -> str:
    """Return one line: what is being done, how much of it, rows checked so far, time left at the pace of this stage."""
    parts = [f"{_STAGES.get(stage, stage)} {done:,}/{total:,}" if total else f"{_STAGES.get(stage, stage)} {done:,}"]
    if rows:
        parts.append(f"{rows:,} 行 rows")
    if 0 < done < total and seconds > 0:
        parts.append(f"约剩 {seconds / done * (total - done):.0f} s left")
    filled = BAR * done // total if total else 0
    return (f"[{'#' * filled}{'.' * (BAR - filled)}] " if bar and total else "") + " · ".join(parts)


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Give a function (stage, done, total) that shows progress on standard error after the first second.

    The stage `rows` only counts rows, which are told beside the stage under way. One thing alone has no progress.
    """
    from shutil import get_terminal_size

    terminal = sys.stderr is not None and sys.stderr.isatty()
    begun = time.monotonic()
    shown = last = begun
    drawn = False
    rows = 0
    state = ("", 0, 0)
    starts: dict[str, float] = {}

    def report(stage: str, done: int, total: int) -> None:
        nonlocal shown, last, drawn, rows, state
        now = time.monotonic()
        if stage == "rows":
            rows = done
        else:
            state = (stage, done, total)
            starts.setdefault(stage, last)  # a stage begins where the one before it was heard of last
            last = now
        if sys.stderr is None or not state[0] or state[2] == 1 or now - begun < QUIET_SECONDS or now - shown < (REDRAW_SECONDS if terminal else PLAIN_SECONDS):
            return
        shown = now
        text = line(*state, now - starts[state[0]], rows, bar=terminal)
        if terminal:
            sys.stderr.write(f"\r\x1b[K{wrapped(text, get_terminal_size((80, 24)).columns - 1)[0]}")
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

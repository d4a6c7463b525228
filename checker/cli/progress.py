"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing for short work."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from checker.api import Progress
from checker.render.shown import wrapped
from checker.wording import phrase

QUIET_SECONDS = 1.0
REDRAW_SECONDS = 0.1
PLAIN_SECONDS = 10.0
BAR = 20

_STAGES = {
    "zh": {"read": "读取", "check": "审核", "write": "写出", "mutate": "改规则", "corrupt": "改表"},
    "en": {"read": "reading", "check": "checking", "write": "writing", "mutate": "changing rules", "corrupt": "changing forms"},
}
_ROWS = {"zh": "{n:,} 行", "en": "{n:,} {n:row|rows}"}
_LEFT = {"zh": "约剩 {:.0f} 秒", "en": "about {:.0f} s left"}


def line(stage: str, done: int, total: int, seconds: float, rows: int, *, lang: str = "zh", bar: bool = False) -> str:
    """Return one line: what is being done, how much of it, rows checked so far, time left at the pace of this stage."""
    name = _STAGES[lang].get(stage, stage)
    parts = [f"{name} {done:,}/{total:,}" if total else f"{name} {done:,}"]
    if rows:
        parts.append(phrase(_ROWS[lang], n=rows))
    if 0 < done < total and seconds > 0:
        parts.append(_LEFT[lang].format(seconds / done * (total - done)))
    filled = BAR * done // total if total else 0
    return (f"[{'#' * filled}{'.' * (BAR - filled)}] " if bar and total else "") + " · ".join(parts)


@contextmanager
def progress_line(lang: str = "zh") -> Iterator[Progress]:
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
        text = line(*state, now - starts[state[0]], rows, lang=lang, bar=terminal)
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

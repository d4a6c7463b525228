"""Bounds on work as multiples of a fixed piece of work done in the same run: a slow machine is slow for both."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


def stick() -> float:
    """Processor seconds of a million small steps of the interpreter, about a twentieth of a second."""
    begun, total = time.process_time(), 0
    for step in range(1_000_000):
        total += step % 7
    return time.process_time() - begun


@contextmanager
def at_most(sticks: float) -> Iterator[None]:
    """What is done inside takes at most so many times the work of `stick`, measured before and after it.

    What earlier tests left in memory is kept from the collector meanwhile: to look through it is none of this work.
    """
    gc.freeze()
    try:
        before, begun = stick(), time.process_time()
        yield
        used = time.process_time() - begun
    finally:
        gc.unfreeze()
    allowed = sticks * max(before, stick())
    assert used <= allowed, f"took {used / allowed * sticks:.1f} of the {sticks:g} allowed"

"""Processes that share the work of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


def processors() -> int:
    """Return how many processors this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pool(jobs: int, start: Callable[..., None] | None = None, *given: object) -> ProcessPoolExecutor:
    """Return a pool of processes; each calls `start(*given)` first."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Never a plain fork: libraries of this process may run threads.
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["checker.readers.xlsx", "checker.layouts"])
    else:
        context = multiprocessing.get_context("spawn")  # type: ignore[assignment]
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=start, initargs=given)  # type: ignore[arg-type]

"""Processes that share the work of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Made = TypeVar("Made")


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


def each(processes: ProcessPoolExecutor, work: Callable[..., Made], *given: Iterable[object]) -> Iterator[Made]:
    """Yield what `work` makes of the items of `given`, in order; what is left when a process is ended from outside is not made."""
    from concurrent.futures.process import BrokenProcessPool

    with suppress(BrokenProcessPool):
        yield from processes.map(work, *given)

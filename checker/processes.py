"""Processes that share the work of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import signal
    from concurrent.futures import ProcessPoolExecutor

Made = TypeVar("Made")

_SAFE_PATH = "PYTHONSAFEPATH"


def processors() -> int:
    """Return how many processors this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool(jobs: int, start: Callable[..., None] | None = None, *given: object) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes that share the processors; each calls `start(*given)` first. Leaving ends them, whatever work is left."""
    processes = _pool(jobs, start, *given)
    try:
        yield processes
    finally:
        with _uninterrupted():  # a second Ctrl-C would leave them waiting for work for ever, and this process for them
            processes.shutdown(cancel_futures=True)


def _pool(jobs: int, start: Callable[..., None] | None, *given: object) -> ProcessPoolExecutor:
    import gc
    import multiprocessing
    import multiprocessing.forkserver
    import os
    import pickle
    from concurrent.futures import ProcessPoolExecutor

    # Never a plain fork: libraries of this process may run threads.
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["checker.readers.xlsx", "checker.layouts"])
        with _uninterrupted(), _installed_only():
            multiprocessing.forkserver.ensure_running()
    else:
        os.environ[_SAFE_PATH] = "1"  # processes are started whenever work comes
        context = multiprocessing.get_context("spawn")  # type: ignore[assignment]
    # Packed, it is taken in one piece: a process that reads it bit by bit, and loads what that takes, keeps the next one from being started.
    packed = pickle.dumps((start, given))
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(max(processors() // jobs, 1), gc.get_threshold(), packed))


def _begin(threads: int, patience: tuple[int, int, int], packed: bytes) -> None:
    import gc
    import os
    import pickle
    import sys
    from threading import Thread

    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(*patience)  # as in the process that asks for the work
    os.environ.setdefault("POLARS_MAX_THREADS", str(threads))
    if "polars" in sys.modules:
        # Settings are read when it is loaded, threads started with the first query.
        sys.modules["polars"].Config.load("{}")
    start, given = pickle.loads(packed)
    if start:
        start(*given)


def _end_with_parent() -> None:
    """End this process when the one that asks for the work was ended from outside: it would wait for work for ever."""
    import os
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def each(processes: ProcessPoolExecutor, work: Callable[..., Made], *given: Iterable[object]) -> Iterator[Made]:
    """Yield what `work` makes of the items of `given`, in order; what is left when a process is ended from outside is not made."""
    from concurrent.futures.process import BrokenProcessPool

    with suppress(BrokenProcessPool):
        with _interrupted_later():  # processes start here
            made = processes.map(partial(_interruptible, work), *given)
        yield from made


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have Ctrl-C pass by what is done and started here: a process that Ctrl-C ends while it starts or waits would say so."""
    import signal

    with _handled(signal.SIG_IGN):
        yield


@contextmanager
def _installed_only() -> Iterator[None]:
    """Start what is started here so that it loads nothing that lies in the current folder: that may be a stranger's."""
    import os

    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back until all is done here: a process that is half started cannot be ended."""
    import signal

    seen: list[int] = []
    with _handled(lambda number, _: seen.append(number)):
        yield
    if seen:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def _handled(by: Callable[[int, object], None] | signal.Handlers) -> Iterator[None]:
    """Have Ctrl-C handled by another; only the main thread can, and only where it is heard at all."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread() or not callable(signal.getsignal(signal.SIGINT)):
        yield
        return
    before = signal.signal(signal.SIGINT, by)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interruptible(work: Callable[..., Made], *given: object) -> Made:
    """Do a piece of work that Ctrl-C ends; what waits for the next piece is not disturbed."""
    import signal

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return work(*given)
    finally:
        signal.signal(signal.SIGINT, before)

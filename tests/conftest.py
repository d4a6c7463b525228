"""The order of the test files: `--dist loadfile` gives a worker one file at a time, so the longest ones come first.

And a limit of time for every test: one that hangs must fail, not hold up the rest.
"""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

LIMIT = 120.0
"""Seconds a test may take, and its fixtures; `@pytest.mark.limit(seconds)` says otherwise."""

LONGEST = (
    "test_batch_pages.py", "test_real_pages.py", "test_pages.py", "test_cluster_ray.py", "test_cluster_spark.py", "test_wheel.py", "test_rule_mutation.py", "test_parts.py", "test_corrections.py",
    "test_seed_digits.py", "test_render_pdf.py", "test_bench.py", "test_gate_edges.py", "test_docs.py", "test_screen.py", "test_fuzz_readers.py", "test_library.py", "test_gate_plugins.py",
    "test_rule_lint.py", "test_readers_limits.py", "test_marked_docx.py", "test_docs_ci.py", "test_readers_pdf.py", "test_language_exact.py", "test_jobs.py", "test_language_known.py",
    "test_gate_year.py", "test_golden.py", "test_contract_proof.py", "test_corruption.py", "test_across.py", "test_stream.py", "test_layouts_properties.py", "test_row_pass.py", "test_faults.py",
)  # fmt: skip
"""Files that take longest, in this order (`pytest --durations=0`); a wrong place costs time and nothing else."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, the others behind them as they were."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"limit(seconds): what the test may take instead of {LIMIT:.0f} seconds")


@contextmanager
def limited(item: pytest.Item) -> Iterator[None]:
    """Fail what takes too long; what does not heed this either, as code outside Python, ends the process after half the time again.

    The failure is none of `Exception`, so that nothing tested takes it for a fault of its own; it comes again for who goes on.
    """
    mark = item.get_closest_marker("limit")
    seconds = float(mark.args[0]) if mark else LIMIT

    def late(*_: object) -> None:
        pytest.fail(f"not done within {seconds:g} seconds")

    faulthandler.dump_traceback_later(1.5 * seconds, exit=True)
    before = signal.signal(signal.SIGALRM, late) if hasattr(signal, "SIGALRM") else None
    try:
        if before is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds, seconds / 10)
        yield
    finally:
        if before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    with limited(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    with limited(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    with limited(item):
        return (yield)

"""The order of the test files: `--dist loadfile` gives a worker one file at a time, so the longest ones come first."""

from __future__ import annotations

import pytest

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

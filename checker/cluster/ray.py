"""Parts on Ray Data: `map_batches` over a list of their paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from checker.cluster import across as comparisons
from checker.cluster.task import ARROW, PART, checked, packed, told
from checker.engine.parts import BATCH
from checker.errors import UsageError
from checker.rules.rule import Rule

if TYPE_CHECKING:
    import ray.data


def _paths(folders: Sequence[Path | str]) -> ray.data.Dataset:
    """Return the paths of parts, each a task of its own."""
    import ray.data

    return ray.data.from_items([{PART: str(folder)} for folder in folders], override_num_blocks=len(folders))


def findings(folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, batch: int = BATCH) -> ray.data.Dataset:
    """Return the findings of parts as a lazy dataset with the columns of `task.ARROW`; a task a part, run where Ray likes.

    Every worker must see the folders under the same paths and have this package installed.
    """
    task = packed(rules, as_of)

    def check(paths: pa.Table) -> pa.Table:
        return pa.Table.from_batches(checked(paths.column(PART).to_pylist(), task, batch), ARROW)

    return _paths(folders).map_batches(check, batch_format="pyarrow", batch_size=1)


def across(folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, buckets: int | None = None) -> ray.data.Dataset:
    """Return the findings of rules over several forms of all parts (`across.SHUFFLES` says which) as a lazy dataset.

    Forms are shuffled into `buckets`, as many as parts unless told otherwise; a bucket must fit a worker's memory.
    """
    task, names, many = packed(rules, as_of), comparisons.needed(rules), buckets or max(len(folders), 1)

    def spread(paths: pa.Table) -> pa.Table:
        return pa.Table.from_batches(comparisons.keyed(paths.column(PART).to_pylist(), names, many), comparisons.KEYED)

    def compare(bucket: pa.Table) -> pa.Table:
        rows = bucket.sort_by("key")
        pairs = zip(rows.column("key").to_pylist(), rows.column("form").to_pylist(), strict=True)
        return pa.Table.from_batches(comparisons.compared(pairs, task), comparisons.FOUND)

    keyed = _paths(folders).map_batches(spread, batch_format="pyarrow", batch_size=1)
    return keyed.groupby("bucket", num_partitions=many).map_groups(compare, batch_format="pyarrow")


def collected(dataset: ray.data.Dataset) -> pl.DataFrame:
    """Run a dataset of findings and return it as one table, in an order that does not depend on the workers."""
    import ray

    tables = [table for table in ray.get(dataset.to_arrow_refs()) if table.num_columns]
    return told(pa.concat_tables(tables)) if tables else pl.DataFrame()


def start(workers: int = 2, memory: int = 256 << 20) -> None:
    """Start Ray on this machine alone: loopback, no dashboard, no usage reports, `memory` bytes for its object store.

    Each worker gets one thread. Ray settles its addresses when it is imported: raises UsageError when it already is.
    """
    if "ray" in sys.modules:
        raise UsageError("Ray 已被导入，无法只在本机启动 @ checker.cluster.ray.start，请先调用 start 再导入 ray")
    # Despite its name Ray reads this everywhere; without it all its servers listen on every address of the machine.
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray.data

    ray.init(
        num_cpus=workers,
        object_store_memory=memory,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="error",
        _node_ip_address="127.0.0.1",
        runtime_env={"env_vars": {"POLARS_MAX_THREADS": "1"}},
    )
    ray.data.DataContext.get_current().enable_progress_bars = False

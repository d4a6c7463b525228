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

from checker.cluster.task import ARROW, PART, checked, packed, told
from checker.errors import UsageError
from checker.parts import BATCH
from checker.rule import Rule

if TYPE_CHECKING:
    import ray.data


def findings(folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, batch: int = BATCH) -> ray.data.Dataset:
    """Return the findings of parts as a lazy dataset with the columns of `task.ARROW`; a task a part, run where Ray likes.

    Every worker must see the folders under the same paths and have this package installed.
    """
    import ray.data

    task = packed(rules, as_of)

    def check(paths: pa.Table) -> pa.Table:
        return pa.Table.from_batches(checked(paths.column(PART).to_pylist(), task, batch), ARROW)

    rows = [{PART: str(folder)} for folder in folders]
    return ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(check, batch_format="pyarrow", batch_size=1)


def collected(dataset: ray.data.Dataset) -> pl.DataFrame:
    """Run a dataset of findings and return it as one table, parts in order of their paths."""
    import ray

    tables = [table for table in ray.get(dataset.to_arrow_refs()) if table.num_rows]
    return told(pa.concat_tables(tables) if tables else ARROW.empty_table())


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

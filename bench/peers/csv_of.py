"""A part as CSV: the columns that rules read, for tools that read nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl

COLUMNS = {
    "indicators": ["form", "row", "level2", "name", "target", "actual", "weight", "score", "reason", "done_to", "deadline_lenient", "group1"],
    "indicator_groups": ["form", "row", "weight"],
    "budget_lines": ["form", "row", "budget", "executed", "rate", "role"],
    "forms": ["form", "form_id", "total_score"],
}


def write(folder: Path) -> None:
    """Write the tables beside the Parquet files."""
    for table, columns in COLUMNS.items():
        pl.read_parquet(folder / f"{table}.parquet", columns=columns).write_csv(folder / f"{table}.csv")

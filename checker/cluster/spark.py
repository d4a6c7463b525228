"""Parts on PySpark: `mapInArrow` over a list of their paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from checker.cluster.task import ARROW, PART, checked, packed, told
from checker.parts import BATCH
from checker.rule import Rule

_TYPES = {pa.string(): "string", pa.int32(): "int", pa.int64(): "bigint"}
DDL = ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in ARROW)


def findings(session: SparkSession, folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, batch: int = BATCH) -> DataFrame:
    """Return the findings of parts as a lazy frame with the columns of `task.ARROW`; a task a part, run where Spark likes.

    Every worker must see the folders under the same paths and have this package installed.
    """
    task = packed(rules, as_of)

    def check(tables: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return checked((path for table in tables for path in table.column(PART).to_pylist()), task, batch)

    rows = [(str(folder),) for folder in folders]
    return session.createDataFrame(rows, f"{PART} string").repartition(max(len(rows), 1)).mapInArrow(check, DDL)


def collected(frame: DataFrame) -> pl.DataFrame:
    """Run a frame of findings and return it as one table, parts in order of their paths."""
    return told(frame.toArrow())


def start(workers: int = 2, memory: str = "1g", scratch: Path | None = None) -> SparkSession:
    """Start Spark on this machine alone: loopback, no web page, `memory` for the Java process.

    Each worker is a Python process of one thread; parts are shared among them.
    """
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.sql.shuffle.partitions": str(workers),
        **({"spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch / "warehouse")} if scratch else {}),
    }
    builder = SparkSession.builder.master(f"local[{workers}]").appName("checker")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session

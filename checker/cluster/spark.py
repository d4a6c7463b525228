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

from checker.cluster import across as comparisons
from checker.cluster.task import ARROW, PART, checked, packed, told
from checker.engine.parts import BATCH
from checker.rules.rule import Rule

_TYPES = {pa.string(): "string", pa.int32(): "int", pa.int64(): "bigint", pa.binary(): "binary"}


def _declared(schema: pa.Schema) -> str:
    return ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in schema)


def _paths(session: SparkSession, folders: Sequence[Path | str]) -> DataFrame:
    """Return the paths of parts, each a task of its own."""
    return session.createDataFrame([(str(folder),) for folder in folders], f"{PART} string").repartition(max(len(folders), 1))


def _named(tables: Iterator[pa.RecordBatch]) -> Iterator[str]:
    return (path for table in tables for path in table.column(PART).to_pylist())


def findings(session: SparkSession, folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, batch: int = BATCH) -> DataFrame:
    """Return the findings of parts as a lazy frame with the columns of `task.ARROW`; a task a part, run where Spark likes.

    Every worker must see the folders under the same paths and have this package installed.
    """
    task = packed(rules, as_of)

    def check(tables: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return checked(_named(tables), task, batch)

    return _paths(session, folders).mapInArrow(check, _declared(ARROW))


def across(session: SparkSession, folders: Sequence[Path | str], rules: Sequence[Rule], as_of: date, *, buckets: int | None = None) -> DataFrame:
    """Return the findings of rules over several forms of all parts (`across.SHUFFLES` says which) as a lazy frame.

    Forms are shuffled into `buckets`, as many as parts unless told otherwise, and sorted there; those of one key must fit a
    worker's memory.
    """
    task, names, many = packed(rules, as_of), comparisons.needed(rules), buckets or max(len(folders), 1)

    def spread(tables: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return comparisons.keyed(_named(tables), names, many)

    def compare(tables: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return comparisons.compared((pair for table in tables for pair in zip(table.column("key").to_pylist(), table.column("form").to_pylist(), strict=True)), task)

    shuffled = _paths(session, folders).mapInArrow(spread, _declared(comparisons.KEYED)).repartition(many, "key").sortWithinPartitions("key")
    return shuffled.mapInArrow(compare, _declared(comparisons.FOUND))


def collected(frame: DataFrame) -> pl.DataFrame:
    """Run a frame of findings and return it as one table, in an order that does not depend on the workers."""
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
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        **({"spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch / "warehouse")} if scratch else {}),
    }
    builder = SparkSession.builder.master(f"local[{workers}]").appName("checker")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session

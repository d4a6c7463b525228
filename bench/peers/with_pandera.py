"""pandera on Polars frames: a schema a frame, every rule a check of the whole frame, all failures collected (lazy=True)."""

from __future__ import annotations

from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from peers.conditions import named, read, told


def _check(rule: str, right: pl.Expr) -> pa.Check:
    def holds(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(right.alias(rule))

    return pa.Check(holds, name=rule)


def findings(folder: Path) -> pl.DataFrame:
    """Validate every frame; a frame, not a LazyFrame, since pandera checks only the types of the latter."""
    part = read(folder)
    found = []
    for frame, rules in part.checked:
        columns = {name: pa.Column(kind, nullable=True) for name, kind in frame.schema.items()}
        schema = pa.DataFrameSchema(columns, checks=[_check(rule, right) for rule, right in rules.items()])
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as broken:
            for error in broken.schema_errors:
                if error.check.name not in rules:
                    raise
                found.append(told(error.check.name, error.failure_cases))
    return named(found, part)

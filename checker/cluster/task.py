"""What every engine runs on a worker: the path of a part in, its findings as Arrow out."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa

from checker.engine.parts import BATCH, SCHEMA, Work, batches, ready
from checker.rules.rule import Rule

PART = "part"
"""Column with the path of a part: all that is handed out, and the first column of the findings."""

_NUMBERS: Mapping[object, object] = {pl.Int32: pa.int32(), pl.UInt32: pa.int64()}
ARROW = pa.schema([(PART, pa.string()), *((name, _NUMBERS.get(kind, pa.string())) for name, kind in SCHEMA.items())])
"""Types that Ray and Spark both have: no unsigned numbers, no large strings."""


def packed(rules: Sequence[Rule], as_of: date) -> bytes:
    """Return rules and day as bytes, so that a worker compiles them once for all its parts."""
    return pickle.dumps((tuple(rules), as_of))


@lru_cache(1)
def _work(task: bytes) -> Work:
    rules, as_of = pickle.loads(task)
    return ready(rules, as_of)


def checked(folders: Iterable[str], task: bytes, batch: int = BATCH) -> Iterator[pa.RecordBatch]:
    """Yield the findings of parts; a part that cannot be read raises ReadError, so that the job fails and never says less."""
    for folder in folders:
        for found in batches(Path(folder), _work(task), batch=batch):
            told = found.select(pl.lit(folder).alias(PART), *SCHEMA).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(ARROW)
            yield from told.to_batches()


def told(table: pa.Table) -> pl.DataFrame:
    """Return findings that came back from an engine in an order of their own: those of parts as `check_parts` gives them, by
    path of the part and then as checked; those over several forms by form, rule and fingerprint."""
    made = pl.DataFrame(pl.from_arrow(table))
    if PART not in made.columns:
        return made.sort("form_id", "rule", "fingerprint", "row", "field")
    return made.sort(PART, maintain_order=True).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())

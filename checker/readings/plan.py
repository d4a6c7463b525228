"""Which reading needs which columns; `add` runs only the steps that are needed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from checker.fields import BY_TABLE, Field
from checker.frames import Tables

if TYPE_CHECKING:
    from checker.readings.evidence import Evidence

Key: TypeAlias = tuple[str, str]
"""(table, column)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work: `run` takes the tables and returns them with the columns of `makes` added.

    `needs` names readings of other steps that must be there before; filled columns always are.
    """

    name: str
    makes: tuple[Key, ...]
    run: Callable[[Tables], Tables]
    needs: tuple[Key, ...] = ()


def keys(table: str, *names: str) -> tuple[Key, ...]:
    """Return the keys of several columns of a table."""
    return tuple((table, name) for name in names)


def add(tables: Tables, needed: Collection[Key] | None = None, evidence: Evidence | None = None) -> Tables:
    """Return the tables with reading columns added: those in `needed`, all of them for None.

    `needed` holds (table, field) pairs; filled fields and unknown names in it are passed over.
    Scaled readings come as Int64 with a `<name>_digits` UInt8 column; a value that does not fit is null.
    Readings of `evidence` are null without it.
    """
    from checker.readings.steps import all_steps

    steps = all_steps(evidence)
    wanted = {key for step in steps for key in step.makes} if needed is None else set(needed)
    chosen: list[Step] = []
    asked = set(wanted)
    for step in reversed(steps):
        if not asked.isdisjoint(step.makes):
            chosen.append(step)
            asked.update(step.needs)
    made: list[Key] = []
    for step in reversed(chosen):
        tables = step.run(tables)
        made += step.makes
    extra = [key for key in made if key not in wanted]
    return _without(tables, extra) if extra else tables


def _without(tables: Tables, extra: Collection[Key]) -> Tables:
    frames: dict[str, pl.DataFrame] = {}
    for table in {table for table, _ in extra}:
        names = {name for owner, name in extra if owner == table}
        frame: pl.DataFrame = getattr(tables, table)
        frames[table] = frame.drop([c for c in frame.columns if c in names or c.removesuffix("_digits") in names])
    return tables.replaced(frames)


def field_of(table: str, name: str) -> Field:
    """Return the declared field of a reading; readings not declared in `checker.fields` are a programming fault."""
    return BY_TABLE[table][name]

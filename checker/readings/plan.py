"""Which reading needs which columns; `add` runs only the steps that are needed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from msgspec import Struct

from checker.fields import BY_TABLE, TABLES, Field
from checker.tables.columns import Laid

if TYPE_CHECKING:
    from checker.readings.evidence import Evidence

Kind = TypeVar("Kind", bound=Laid)
"""Frames or plain columns: what comes in goes out."""

Key: TypeAlias = tuple[str, str]
"""(table, column)."""


class Step(Struct, frozen=True):
    """One piece of work: `run` takes the tables and returns them with the columns of `makes` added.

    `needs` names readings of other steps that must be there before; filled columns always are.
    """

    name: str
    makes: tuple[Key, ...]
    run: Callable[[Laid], Laid]
    needs: tuple[Key, ...] = ()


def keys(table: str, *names: str) -> tuple[Key, ...]:
    """Return the keys of several columns of a table."""
    return tuple((table, name) for name in names)


def add(tables: Kind, needed: Collection[Key] | None = None, evidence: Evidence | None = None) -> Kind:
    """Return the tables with reading columns added: those in `needed`, all of them for None.

    `needed` holds (table, field) pairs; filled fields and unknown names in it are passed over.
    Scaled readings come as counts of 10⁻⁶ with a `<name>_digits` column; a value that does not fit is null.
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
    laid: Laid = tables
    for step in reversed(chosen):
        laid = step.run(laid)
    for table in TABLES:
        extra = {name for step in chosen for owner, name in step.makes if owner == table and (owner, name) not in wanted}
        if extra:
            extra |= {digits for name in extra if laid.has(table, digits := f"{name}_digits")}
            laid = laid.without(table, extra)
    return cast(Kind, laid)


def field_of(table: str, name: str) -> Field:
    """Return the declared field of a reading; readings not declared in `checker.fields` are a programming fault."""
    return BY_TABLE[table][name]

"""A condition or value of child rows, worked out once for all rows of a batch that hold the same where it looks."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checker.language.nodes import Aggregate, Call, Let, Node, Ref, walk
from checker.language.value import Null, Value

if TYPE_CHECKING:
    from checker.language.exact import Evaluation
    from checker.language.rows import Record

KEPT = 1 << 12
"""So many answers to one question are kept, a bound on memory: then all are forgotten."""


class Asked(Struct):
    """A node with what it came to, by what the row holds where it looks (`held`); None when it looks beyond the row.

    The node keeps its identity alive.
    """

    node: Node
    held: Callable[[Record], object] | None
    truths: dict[object, object] = field(default_factory=dict)
    values: dict[object, Value] = field(default_factory=dict)


class Alike:
    """What the rows of a batch came to; it serves the rows of all its forms."""

    def __init__(self) -> None:
        self._asked: dict[int, Asked] = {}

    def truth(self, run: Evaluation, node: Node, row: Record, table: str) -> object:
        """Return whether a condition holds on a child row of `table`."""
        asked = self._asked.get(id(node)) or self._new(node, row, table)
        if asked.held is None:
            return run.truth(node, row, table)
        key = asked.held(row)
        if key not in asked.truths:
            _make_room(asked.truths)
            asked.truths[key] = run.truth(node, row, table)
        return asked.truths[key]

    def value(self, run: Evaluation, node: Node, row: Record, table: str) -> Value:
        """Return the value of a node on a child row of `table`, with that row's own cells."""
        if not isinstance(node, Call):
            # A lone field is looked up as fast as what rows came to.
            return run.of(node, row, table)
        asked = self._asked.get(id(node)) or self._new(node, row, table)
        if asked.held is None:
            return run.of(node, row, table)
        key = asked.held(row)
        known = asked.values.get(key)
        if known is not None:
            return _on(known, row["row"])
        made = run.of(node, row, table)
        # Why a quotient or rounding is not there is said of the row a figure is worked out for, not of this one.
        if all(null.field for null in made.nulls):
            _make_room(asked.values)
            asked.values[key] = made
        return made

    def _new(self, node: Node, row: Record, table: str) -> Asked:
        asked = self._asked[id(node)] = Asked(node, _held(node, row, table))
        return asked


def _make_room(kept: dict[object, object] | dict[object, Value]) -> None:
    if len(kept) >= KEPT:
        kept.clear()


def _held(node: Node, row: Record, table: str) -> Callable[[Record], object] | None:
    columns: dict[str, None] = {"unread": None}
    for part in walk(node):
        if isinstance(part, (Let, Aggregate)) or (isinstance(part, Ref) and part.table not in (table, "")):
            return None
        if isinstance(part, Ref) and part.table:
            columns |= {part.name: None, f"{part.name}_digits": None}
    return itemgetter(*(name for name in columns if name in row))


def _on(value: Value, row: object) -> Value:
    """Return what a row came to as that of another row that holds the same."""
    number = row if isinstance(row, int) else 0
    nulls = tuple([Null(null.table, number, null.field, null.reason) for null in value.nulls])
    return Value(value.value, value.digits, nulls, tuple([(table, number, name) for table, _, name in value.cells]))

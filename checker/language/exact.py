"""The exact value of a tree on one row, by `fractions.Fraction`: what the columns say, said again and explained.

A null carries why it is null, and every value the cells it rests on. Of `and` and `or` only the
parts that decide are kept.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache

from checker.fields import BY_TABLE, SCALE
from checker.language.calls import CALLS
from checker.language.functions import digits_source
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, cells_behind
from checker.language.rows import Record, RowContext
from checker.language.tallies import FIGURES
from checker.language.value import Null, Value


class Evaluation:
    """Evaluates nodes on one row; values of nodes are kept for the text that explains them."""

    def __init__(self, context: RowContext) -> None:
        self.context = context

    def of(self, node: Node, child: Record | None = None, table: str = "") -> Value:
        """Return the value of a node, on a child row of `table` when one is given."""
        if isinstance(node, Const):
            return Value(node.value if not isinstance(node.value, tuple) else None, node.digits)
        if child is not None:
            key, memo = (id(node), child["row"], table), self.context.shared.values
        else:
            key, memo = (id(node), 0, table), self.context.known.values
            if type(node) is Aggregate and not node.by_group:
                memo = self.context.shared.values
        kept = memo.get(key)
        if kept is None:
            kept = memo[key] = (node, self._node(node, child, table))
        return kept[1]

    def truth(self, node: Node, child: Record | None = None, table: str = "") -> object:
        """Return the value of a condition and nothing of how it comes about: parts that cannot change it are not looked at."""
        if isinstance(node, Let):
            return self.truth(node.tree.root)
        if not isinstance(node, Call) or node.name not in ("and", "or", "not"):
            return self.of(node, child, table).value
        if node.name == "not":
            inner = self.truth(node.args[0], child, table)
            return None if inner is None else not inner
        decisive, told = node.name == "or", node.name == "and"
        unknown = False
        for arg in node.args:
            part = self.truth(arg, child, table)
            if part is decisive:
                return decisive
            unknown = unknown or part is None
        return None if unknown else told

    def _node(self, node: Ref | Let | Call | Aggregate, child: Record | None, table: str) -> Value:
        # Calls and fields are by far the most.
        if isinstance(node, Call):
            return CALLS[node.name](self, node, child, table)
        if isinstance(node, Ref):
            return self._ref(node, child, table)
        if isinstance(node, Let):
            return self.of(node.tree.root, None, "")
        return FIGURES[node.kind](self, node)

    def record(self, ref: Ref, child: Record | None, table: str) -> tuple[Record, str, int]:
        """Return (the row a field is read from, its table, its number)."""
        if child is not None and ref.table == table:
            return child, table, _whole(child["row"])
        if ref.table == self.context.table and child is None:
            return self.context.record, ref.table, self.context.row
        return self.context.form, "forms", 1

    def _ref(self, node: Ref, child: Record | None, table: str) -> Value:
        if not node.table:
            return Value(self.context.as_of)
        record, owner, row = self.record(node, child, table)
        raw = record[node.name]
        field = BY_TABLE[node.table][node.name]
        cells = tuple([(owner, row, name) for name in field.source]) if field.reading else ((owner, row, node.name),)
        if raw is None:
            reason = "unread" if self.unread(node, child, table) else "none" if field.reading else "blank"
            return Value(None, None, (Null(owner, row, node.name, reason),), cells)
        if isinstance(raw, (bool, str, date)):
            return Value(raw, None, (), cells)
        if not field.scaled:
            return Value(_fraction(_whole(raw), 1), 0, (), cells)
        digits = record.get(f"{node.name}_digits")
        return Value(_fraction(_whole(raw), 10**SCALE), digits if isinstance(digits, int) else None, (), cells)

    def unread(self, node: Node, child: Record | None, table: str) -> bool:
        """Return whether a cell behind a node holds something that cannot be read."""
        match node:
            case Ref():
                if not node.table:
                    return False
                record, _, _ = self.record(node, child, table)
                marks = record.get("unread")
                return isinstance(marks, str) and any(f"|{name}|" in marks for name in cells_behind(node))
            case Let():
                return self.unread(node.tree.root, None, "")
            case Call():
                return any(self.unread(arg, child, table) for arg in node.args)
            case Aggregate():
                parts = [part for part in (node.value, node.where) if part is not None]
                rows = self.context.figure_rows(node.table, node.by_group)
                return any(self.unread(part, row, node.table) for row in rows for part in parts)
            case Const():
                return False

    def digits(self, node: Node, child: Record | None, table: str) -> int | None:
        """Return the printed decimals of a field or of `only` one, None when there is no value."""
        source = digits_source(node)
        return self.of(source, child if source is node else None, table if source is node else "").digits if source else None


_fraction = lru_cache(1 << 14)(Fraction)
"""Fractions of frame integers; the same weights and scores stand in many rows."""


def _whole(raw: object) -> int:
    if not isinstance(raw, int):
        raise TypeError("not an integer")
    return raw

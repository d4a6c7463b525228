"""One row with all a tree may read around it: its form and the child rows of the form, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checker.language.alike import Alike
from checker.tables.columns import Laid

if TYPE_CHECKING:
    from checker.language.nodes import Node
    from checker.language.tallies import Rows
    from checker.language.value import Value

Record = Mapping[str, object]
"""A row of a frame: scaled integers, `<field>_digits`, text, dates, `unread`, as they stand there."""


class Memo(Struct, frozen=True):
    """What was worked out already: values by the identity of the node, child row and child table, the rows of figures by the node.

    The node beside each keeps its identity alive.
    """

    values: dict[tuple[int, object, str], tuple[Node, Value]] = field(default_factory=dict)
    rows: dict[int, tuple[Node, Rows]] = field(default_factory=dict)


class RowContext(Struct, frozen=True, eq=False):
    """A row of `table`; `children` holds every row of its form by table, `forms` included.

    `known` keeps what was worked out on this row, `shared` what is the same for every row of the form, `alike` what is
    the same for rows that hold the same.
    """

    table: str
    row: int
    record: Record
    children: Mapping[str, Sequence[Record]]
    as_of: date
    known: Memo = field(default_factory=Memo)
    shared: Memo = field(default_factory=Memo)
    alike: Alike = field(default_factory=Alike)

    @property
    def form(self) -> Record:
        """The row of the form itself."""
        return self.children["forms"][0]

    def beside(self, table: str, record: Record) -> RowContext:
        """Return the context of another row of the form; what is known of the form and of rows that hold the same stays known."""
        return RowContext(table, int(str(record["row"])), record, self.children, self.as_of, shared=self.shared, alike=self.alike)

    def figure_rows(self, table: str, by_group: bool) -> Sequence[Record]:
        """Return the child rows a figure runs over: of the form, or of this group."""
        rows = self.children[table]
        return [r for r in rows if self.row in (r["group1"], r["group2"])] if by_group else rows


class Contexts:
    """Row contexts of a batch; rows of a form are taken from its tables once."""

    def __init__(self, tables: Laid, as_of: date) -> None:
        self._tables = tables
        self._as_of = as_of
        self._forms: dict[int, dict[str, Sequence[Record]]] = {}
        self._rows: dict[int, dict[tuple[str, int], RowContext]] = {}
        self._shared: dict[int, Memo] = {}
        self._alike = Alike()

    def row(self, table: str, form: int, row: int) -> RowContext:
        """Return the context of a row; KeyError when the batch has no such row."""
        made = self._rows.setdefault(form, {})
        context = made.get((table, row))
        if context is None:
            children = self._children(form)
            record = next((r for r in children[table] if r["row"] == row), None)
            if record is None:
                raise KeyError(f"{table} {form}/{row}")
            context = made[table, row] = RowContext(table, row, record, children, self._as_of, Memo(), self._shared.setdefault(form, Memo()), self._alike)
        return context

    def forget(self, form: int) -> None:
        """Drop what is kept of a form that is done with."""
        for kept in (self._forms, self._rows, self._shared):
            kept.pop(form, None)

    def records(self, table: str, form: int) -> Sequence[Record]:
        """Return the rows of a form in one table."""
        return self._children(form)[table]

    def _children(self, form: int) -> dict[str, Sequence[Record]]:
        children = self._forms.get(form)
        if children is None:
            children = self._forms[form] = {name: self._tables.records(name, form) for name in self._tables.names}
        return children

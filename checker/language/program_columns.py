"""Which columns of which table a program reads: so that only those are read from a file."""

from __future__ import annotations

from collections.abc import Mapping

from checker.language.plans import Program
from checker.language.searches import Search


def columns_read(program: Program) -> dict[str, tuple[str, ...]]:
    """Return the columns by table, without `form` and `row`; figures by group read the group columns too."""
    found: dict[str, set[str]] = {}
    for tree in program.trees.values():
        _put(found, tree.table, tree.compiled.columns, tree.compiled.searches)
        for figure in tree.compiled.figures:
            _put(found, figure.table, figure.columns, figure.searches)
            if figure.by_group:
                found[figure.table] |= {"group1", "group2"}
    return {table: tuple(sorted(names)) for table, names in found.items()}


def _put(found: dict[str, set[str]], table: str, columns: frozenset[str], searches: Mapping[str, Search]) -> None:
    found.setdefault(table, set())
    for search in searches.values():
        found.setdefault(search.table, set()).add(search.field)
    for name in columns.difference(searches):
        owner, _, column = name.rpartition(".")
        if name != "as_of":
            found.setdefault(owner or table, set()).add(column)

"""Names of an expression → fields and tables, English or Chinese, with the nearest name for a slip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from checker.fields import BY_TABLE, TABLES, Field

TABLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "forms": ("自评表", "表头"),
    "budget_lines": ("资金", "预算资金"),
    "indicator_groups": ("指标组",),
    "indicators": ("指标",),
}
"""Chinese names of the tables of a form; the first is the one shown. Tables of comparisons are grains only and have none."""

AS_OF = ("as_of", "截至日")
"""The date of the run."""


@cache
def tables() -> Mapping[str, str]:
    """Return every name of a table, English and Chinese → its English name."""
    return {name: table for table in TABLES for name in (table, *TABLE_NAMES[table])}


@cache
def fields(table: str) -> Mapping[str, tuple[Field, ...]]:
    """Return every name of a field in a table → the fields it may mean (more than one: ambiguous)."""
    found: dict[str, tuple[Field, ...]] = {}
    for entry in BY_TABLE[table].values():
        for name in dict.fromkeys((entry.name, *entry.zh)):
            found[name] = (*found.get(name, ()), entry)
    return found


def english(table: str, name: str) -> str:
    """Return the English name of a field under any of its names; the name itself when none or several are meant."""
    found = fields(table).get(name, ()) if table in BY_TABLE else ()
    return found[0].name if len(found) == 1 else name


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean …?)` for the closest known name, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6 if name.isascii() else 0.5)
    return f" (did you mean {close[0]}?)" if close else ""

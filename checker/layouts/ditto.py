"""同上 in a cell: the text of the row above stands for it."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.cells import title_key
from checker.layouts.messages import at
from checker.layouts.places import Found, Notes, Row, where

_TEXTS = ("level1", "level2", "target", "actual", "reason")


def take_from_above(rows: list[Row], notes: Notes) -> None:
    """Put the text of the row above, or that it is unread, into cells that refer to it; below a blank one the words stay as they are."""
    above: Row = {}
    for row in rows:
        for role in _TEXTS:
            found, meant = row.get(role), above.get(role)
            if found is None or found.cell is None or meant is None or not (meant.value or meant.unread):
                continue
            if title_key(str(found.value)) in vocabulary.words("ditto"):
                row[role] = Found(meant.value, found.cell, meant.unread)
                if meant.value is not None:
                    notes.repairs.append(at(where(found.cell.locator), "ditto", text=str(found.value), value=str(meant.value)[:20]))
        above = row

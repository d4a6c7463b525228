"""The legend of a marked copy: added by the audit, so it is left out when the copy is handed in again."""

from __future__ import annotations

from checker.model import Document, Grid

LEGENDS = {
    "zh": "审核标记图例（审核程序所加，不是填报内容）",
    "en": "Legend of the audit marks (added by the audit, not part of the form)",
}
"""The first cell of a legend sheet or table, by language."""

TITLES = frozenset(LEGENDS.values())


def is_legend(grid: Grid) -> bool:
    """True for the sheet or table of marks that a marked copy ends with."""
    return bool(grid.cells) and grid.cells[0].text.strip() in TITLES


def without_legends(document: Document) -> Document:
    """Returns the document without legends of marks; a note names each one, so that nothing is left out in silence."""
    from msgspec.structs import replace

    found = [grid.name for grid in document.grids if is_legend(grid)]
    if not found:
        return document
    said = tuple(f"{name} 是审核标记图例，不是填报内容，未读" for name in found)
    return replace(document, grids=tuple(grid for grid in document.grids if not is_legend(grid)), notes=(*document.notes, *said))

"""A cell that cannot be read is a doubt wherever it stands: under a title, beside a number, in a title or label itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.errors import LayoutError
from checker.layouts import recognise
from checker.model import Cell, Document, Form
from checker.readers import read

TESTS = Path(__file__).resolve().parent
CLEAN = sorted((TESTS.parent / "sample_forms").glob("clean_*.xlsx"))
PUBLISHED = sorted((TESTS / "corpus" / "forms" / "xlsx").glob("*.xlsx"))
REASON = "显示为 ####"


def with_one_lost(document: Document, every: int = 1) -> Iterator[tuple[Cell, list[Form]]]:
    """Yield a document's forms for each, or every so manieth, of its filled cells shown as #### instead; none where it is refused."""
    for g, grid in enumerate(document.grids):
        for i in [i for i, cell in enumerate(grid.cells) if cell.text.strip() and not cell.unread][::every]:
            cells = (*grid.cells[:i], replace(grid.cells[i], text="####", unread=REASON), *grid.cells[i + 1 :])
            grids = (*document.grids[:g], replace(grid, cells=cells), *document.grids[g + 1 :])
            try:
                yield grid.cells[i], list(recognise(replace(document, grids=grids)))
            except LayoutError:
                yield grid.cells[i], []


def passed_over(cell: Cell, forms: list[Form]) -> bool:
    """True when no field has its place at an unread cell with the reason, and no form is said to be recognised in part for it."""
    placed = any(place.unread == REASON for form in forms for place in form.places.values())
    said = any(form.recognition == "weak" and any(REASON in words and str(cell.locator.cell) in words for words in form.unread) for form in forms)
    return not placed and not said


def taken_for_text(forms: list[Form]) -> list[str]:
    """Return the values that hold the signs shown in the place of a text."""
    rows = [row for form in forms for row in (form.header, *form.budget_lines, *form.indicators, *form.indicator_groups)]
    return [value for row in rows for value in row.values() if isinstance(value, str) and "####" in value]


@pytest.mark.parametrize(("path", "every"), [*((path, 1) for path in CLEAN), *((path, 5) for path in PUBLISHED)], ids=lambda value: getattr(value, "stem", ""))
def test_no_unread_cell_is_passed_over(path: Path, every: int) -> None:
    """Whichever cell of a form cannot be read, it has a field's place with the reason, or the form is recognised in part and says where it
    stands, or it is refused; none of its signs comes into a value (≥40#### for ≥40人)."""
    (document,) = read(path)
    lost = list(with_one_lost(document, every))
    assert [cell.locator for cell, forms in lost if forms and passed_over(cell, forms)] == []
    assert [value for _, forms in lost for value in taken_for_text(forms)] == []
    assert sum(bool(forms) for _, forms in lost) * 2 > len(lost) > 4


def test_the_unit_and_the_sign_of_a_target_belong_to_it() -> None:
    """Where 指标性质 or 度量单位 cannot be read, no more is known of the target than a number: it is unread, and its place is the lost cell."""
    (document,) = read(CLEAN[-1])
    lost = {cell.text: (cell, form) for cell, (form,) in with_one_lost(document) if cell.text in ("≥", "人")}
    for cell, form in lost.values():
        (key,) = [key for key, place in form.places.items() if place.unread]
        assert key[2] == "target" and "target" not in form.indicators[key[1] - 1] and form.places[key].locator == cell.locator
        assert form.recognition == "strong"
    assert len(lost) == 2


def test_a_title_of_the_names_that_is_lost_ends_nothing() -> None:
    """The weights may stand behind the names where a heading has no column of them; without a title of names in its first row nobody looks there."""
    (document,) = read(TESTS / "corpus" / "forms" / "xlsx" / "09_yongde_mingliang_school.xlsx")
    titles = [cell for cell, forms in with_one_lost(document) if cell.text == "分值" and not passed_over(cell, forms)]
    assert titles

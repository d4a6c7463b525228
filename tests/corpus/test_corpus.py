"""Real forms are read as published: 100 % of the cells from sheets, documents and pages, nothing wrong in silence."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from measure import Share, compare, files, read, table, truth

DOCUMENTS = list(files())


@pytest.fixture(scope="module")
def shares() -> dict[tuple[str, str], list[Share]]:
    """Shares by format and form, filled while the documents are read."""
    return {}


@pytest.mark.parametrize(("kind", "path"), DOCUMENTS, ids=[f"{kind}-{path.stem}" for kind, path in DOCUMENTS])
def test_every_cell_is_right(kind: str, path: Path, shares: dict[tuple[str, str], list[Share]]) -> None:
    """No cell differs from the truth, none is missing, no row is invented."""
    if kind == "doc" and shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    share = compare(path.stem, read(path))
    shares.setdefault((kind, path.stem), []).append(share)
    assert share.wrong == 0 and share.extra == 0, share.misses
    if kind == "pdf":
        assert share.right * 100 >= share.cells * 98, share.misses
    else:
        assert share.right == share.cells, share.misses


def test_the_measure_can_tell_wrong_from_missing() -> None:
    """A changed digit counts as wrong, a dropped value as null, a further row as extra."""
    name = "01_chizhou_tangxi"
    known = truth(name)
    good = {"form": known["form"], "budget_lines": known["budget_lines"], "indicators": known["indicators"]}
    clean = compare(name, [good])
    assert (clean.null, clean.wrong, clean.extra) == (0, 0, 0) and clean.cells > 80
    first, *others = known["indicators"]
    changed = {**good, "indicators": [{**first, "score": Decimal("7.9"), "target": None}, *others, first]}
    bad = compare(name, [changed])
    assert (bad.null, bad.wrong, bad.extra) == (1, 1, 1)


def test_the_table_names_each_format() -> None:
    """The printed table has a column for each format and a line for each family."""
    shares = {("xlsx", "A"): [Share(9, 1, 0, 0, [])], ("pdf", "C"): [Share(5, 0, 0, 1, [])]}
    lines = table(shares).splitlines()
    assert lines[0] == "| family | cells | xlsx | pdf |"
    assert lines[2] == "| A | 10 | 90.00 / 10.00 / 0.00 | – |"
    assert lines[3] == "| C | 5 | – | 100.00 / 0.00 / 0.00 +1 |"

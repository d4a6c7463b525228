"""Rules over several forms on parts: forms shuffled on a key give the comparisons of all forms in one place."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from across_forms import form
from across_parts import DAY, GRAINS, forms, parts, usual

from checker import api
from checker.across import Inputs
from checker.across.run import MAKERS
from checker.across.units import same_unit, unit_of
from checker.cluster import across
from checker.cluster.forms import forms_of
from checker.cluster.task import packed, told
from checker.engine.parts import write_part
from checker.fields import BATCH_TABLES

RULES = api.load_rules().active


@pytest.mark.parametrize(("size", "buckets"), [(1, 1), (5, 4), (100, 3)])
def test_shuffled_forms_give_the_findings_of_the_usual_run(tmp_path: Path, size: int, buckets: int) -> None:
    """Whatever the parts and the buckets are, every finding comes once, with its cells' rows, values and words."""
    many = forms()
    random.Random(size).shuffle(many)
    task, names = packed(RULES, DAY), across.needed(RULES)
    rows = pa.Table.from_batches(across.keyed(map(str, parts(tmp_path, many, size)), names, buckets), across.KEYED).to_pylist()
    batches = []
    for bucket in range(buckets):
        mine = sorted((row["key"], row["form"]) for row in rows if row["bucket"] == bucket)
        batches += across.compared(mine, task)
    found, wanted = told(pa.Table.from_batches(batches, across.FOUND)), usual(many, RULES)
    assert set(wanted.get_column("table")) == GRAINS
    assert found.equals(wanted)


def test_forms_come_back_from_a_part_as_they_were(tmp_path: Path) -> None:
    """Every filled field with its digits, every cell that cannot be read; batches do not matter."""
    many = api.read(sorted((Path(__file__).resolve().parent.parent / "sample_forms").glob("*.xlsx"))).forms
    write_part(many, tmp_path)
    back = list(forms_of(tmp_path))
    assert [one.form_id for one in back] == [one.form_id for one in many]
    compared = 0
    for one, other in zip(back, many, strict=True):
        for table in ("budget_lines", "indicators", "indicator_groups"):
            for mine, theirs in zip(getattr(one, table), getattr(other, table), strict=True):
                for name, value in mine.items():
                    compared += 1
                    assert str(value) == str(theirs[name]).strip()
        assert {name for name, value in one.header.items() if isinstance(value, Decimal)} == {name for name, value in other.header.items() if isinstance(value, Decimal)}
        assert {key for key, place in other.places.items() if place.unread} == {key for key, place in one.places.items() if place.unread}
    assert compared > 100


@pytest.mark.parametrize(("one", "other", "same"), [("上海市闵行区残疾人联合会", "闵行区残疾人联合会", True), ("教育局", "教育局", True), ("示例县图书馆", "图书馆", False), ("甲县图书管理中心", "乙县图书管理中心", False)])
def test_units_that_are_one_share_a_key(one: str, other: str, same: bool) -> None:
    """The end of a name is a key: names that `same_unit` takes for one never part."""
    first, second = form(one), form(other, year=2022)
    key = across.SHUFFLES["years"].key
    assert same_unit(unit_of(first), unit_of(second)) is same
    assert key(first) == key(second) or not same


def test_comparisons_without_a_key_are_left_out() -> None:
    """Tables that need all forms in one place are in no shuffle: the documentation names them."""
    left = set(BATCH_TABLES) - GRAINS
    assert left == {"summaries", "due", "coverage", "shared", "approvals", "copies", "foreign", "accounts", "reviews"}
    told_of = (Path(__file__).resolve().parent.parent / "docs" / "scale.md").read_text(encoding="utf-8")
    assert all(f"`{table}`" in told_of for table in left)
    assert set(MAKERS) == set(BATCH_TABLES)
    assert MAKERS["years"](Inputs(())).rows == ()

"""The quick proof of the table contract and pandera's schema come from one list and agree on every frame."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.fields import TABLES
from checker.model import Form, Source
from checker.tables.contracts import broken, promised, proved, violations
from checker.tables.frames import LIMITS, tables

BOUNDS = tuple(sorted(LIMITS.items()))
STRANGE = {
    "UInt32": [0, 1, 5, None],
    "UInt8": [0, 6, 7, 255, None],
    "Int64": [0, -1, 10**12 - 1, 10**12, -(10**12), 9 * 10**18 - 1, 9 * 10**18, -9 * 10**18, None],
    "String": ["", " ", "x", "total", "元", "|a|", "a", "|A|", "||", None],
    "Date": [None],
    "Boolean": [True, False, None],
}


def frames() -> dict[str, pl.DataFrame]:
    from decimal import Decimal

    row = {"weight": Decimal("1.00"), "score": Decimal("0.5"), "name": "甲", "target": "5人"}
    line = {"label": "财政拨款", "role": "part", "budget": Decimal("9.10"), "executed": Decimal("9.10"), "rate": Decimal("100.00")}
    form = Form("a", Source("a", "", "txt"), {"form_type": "project", "fiscal_year": 2023, "amount_unit": "元"}, (line, line), (row, row, row), ({"level": 1, "level1": "产出"},) * 2)
    made = tables([form, form])
    return {table: made.frame(table) for table in TABLES}


def test_sound_frames_are_proved() -> None:
    """What the frames module makes passes the quick proof, without pandera being asked."""
    assert all(proved(table, frame, BOUNDS) for table, frame in frames().items())
    assert violations(frames(), LIMITS) == ()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_proof_agrees_with_pandera(data: st.DataObject) -> None:
    """A frame with any cells replaced is proved exactly when pandera finds nothing broken."""
    table = data.draw(st.sampled_from(TABLES))
    frame = frames()[table]
    for promise in data.draw(st.lists(st.sampled_from(promised(table, BOUNDS)), min_size=1, max_size=2, unique=True)):
        if promise.column in ("form", "row"):
            continue
        values = data.draw(st.lists(st.sampled_from(STRANGE[promise.kind]), min_size=frame.height, max_size=frame.height))
        frame = frame.with_columns(pl.Series(promise.column, values, frame.schema[promise.column]))
    assert proved(table, frame, BOUNDS) == (broken(table, frame, BOUNDS) == ())


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.with_columns(pl.lit(1, pl.UInt32).alias("row")),
        lambda f: f.with_columns(pl.lit(0, pl.UInt32).alias("row")),
        lambda f: f.with_columns(pl.lit(None, pl.UInt32).alias("form")),
        lambda f: f.with_columns(pl.col("score").cast(pl.Float64)),
        lambda f: f.drop("score"),
        lambda f: pl.concat([f, f.head(1)]),
    ],
)
def test_broken_identity_and_types_are_named(change: object) -> None:
    """Repeated rows, row 0, missing forms, other types and missing columns are found and named."""
    changed = {**frames(), "indicators": change(frames()["indicators"])}  # type: ignore[operator]
    assert not proved("indicators", changed["indicators"], BOUNDS)
    assert all(told.startswith("indicators.") for told in violations(changed, LIMITS))
    assert violations(changed, LIMITS)


def test_rows_out_of_order_are_no_fault() -> None:
    """The quick proof leaves unsorted rows to pandera, which finds nothing wrong with them."""
    frame = frames()["indicators"].reverse()
    assert not proved("indicators", frame, BOUNDS)
    assert broken("indicators", frame, BOUNDS) == ()


def test_pandera_stays_unloaded_while_all_is_well() -> None:
    """Checking a clean form does not import pandera, numpy or pandas."""
    code = (
        "import sys; from checker import check; check(['sample_forms/clean_project.xlsx']);"
        "sys.exit(','.join(m for m in ('pandera', 'numpy', 'pandas', 'openpyxl', 'jinja2') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-300:]

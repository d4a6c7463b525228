"""Forms → frames: exact scaled integers, three kinds of null, the contract."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.fields import TABLES
from checker.model import Form, Locator, Place, Source
from checker.tables.contracts import violations
from checker.tables.frames import LIMITS, exact, scaled, tables

SOURCE = Source("form.txt", "0" * 64, "txt")


def form(**parts: object) -> Form:
    return Form("f", SOURCE, {"form_type": "department", "fiscal_year": 2023}, **parts)  # type: ignore[arg-type]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=Decimal("-999999"), max_value=Decimal("999999")))
def test_numbers_keep_value_and_printed_digits(value: Decimal) -> None:
    """A number in a frame is the number in the cell, with as many decimals as printed."""
    fitted = scaled(value, "score")
    assert fitted is not None
    assert exact(*fitted) == value
    assert str(exact(*fitted)) == format(value, "f").replace("-0.000000", "0.000000")


@pytest.mark.parametrize("value", [Decimal("0.9999999999999999999999999999999999999999"), Decimal("1e-300"), Decimal("0.1234567"), Decimal("1e6"), Decimal("NaN"), Decimal("Infinity"), Decimal("-1000000")])
def test_numbers_that_do_not_fit_are_refused(value: Decimal) -> None:
    """More than six decimals, too large or no number at all: None, never a rounded value."""
    assert scaled(value, "score") is None


def test_zeros_beyond_six_decimals_change_nothing() -> None:
    """52.80000000 is 52.8 exactly; its printed digits are counted up to six."""
    assert scaled(Decimal("52.80000000"), "money") == (52_800_000, 6)
    assert scaled(Decimal("-0.000001"), "score") == (-1, 6)
    assert scaled(Decimal("1E+3"), "score") == (1_000_000_000, 0)


def test_a_value_that_does_not_fit_is_null_and_named_unread() -> None:
    """Nothing is rounded in silence: the cell is null and its field stands in `unread`."""
    made = tables([form(indicators=({"name": "甲", "weight": Decimal("0.12345678"), "score": Decimal("1")},))])
    row = made.indicators.row(0, named=True)
    assert (row["weight"], row["score"], row["unread"]) == (None, 1_000_000, "|weight|")


def test_unread_places_are_told_from_blank_cells() -> None:
    """A cell with a reason is unread; a cell without anything is blank."""
    places = {("indicators", 2, "score"): Place(Locator("form.txt", line=27), "", "得分格丢失")}
    made = tables([form(indicators=({"name": "甲"}, {"name": "乙"}), places=places)])
    assert made.indicators["unread"].to_list() == [None, "|score|"]


def test_rows_know_their_groups() -> None:
    """group1 and group2 are the rows of an indicator's level-1 and level-2 group."""
    groups = ({"level": 1, "level1": "产出"}, {"level": 2, "level1": "产出", "level2": "数量"})
    made = tables([form(indicator_groups=groups, indicators=({"level1": "产出", "level2": "数量"}, {"level1": "产出", "level2": "质量"}))])
    assert made.indicators.select("group1", "group2").rows() == [(1, 2), (1, None)]


def test_the_contract_holds_for_what_frames_make() -> None:
    """Frames made from a form keep the promise."""
    made = tables([form(budget_lines=({"label": "财政拨款", "role": "source", "budget": Decimal("1.00")},))])
    assert violations({name: getattr(made, name) for name in TABLES}, LIMITS) == ()


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("budget_lines", "role", pl.lit("main"), "budget_lines.role"),
        ("budget_lines", "rate", pl.lit(10**15), "budget_lines.rate"),
        ("forms", "amount_unit", pl.lit("美元"), "forms.amount_unit"),
        ("budget_lines", "budget_digits", pl.lit(9, pl.UInt8), "budget_lines.budget_digits"),
        ("budget_lines", "unread", pl.lit("rate"), "budget_lines.unread"),
    ],
)
def test_each_broken_promise_is_found(table: str, column: str, value: pl.Expr, told: str) -> None:
    """A wrong role, bound, unit, digit count or mark is a violation: the contract can fail."""
    made = tables([form(budget_lines=({"label": "财政拨款", "role": "source", "budget": Decimal("1.00")},))])
    frames = {name: getattr(made, name) for name in TABLES}
    frames[table] = frames[table].with_columns(value.alias(column))
    assert any(line.startswith(told) for line in violations(frames, LIMITS))


def test_duplicate_rows_break_the_contract() -> None:
    """Form and row identify a row."""
    made = tables([form(indicators=({"name": "甲"}, {"name": "乙"}))])
    frames = {name: getattr(made, name) for name in TABLES}
    frames["indicators"] = frames["indicators"].with_columns(row=pl.lit(1, pl.UInt32))
    assert violations(frames, LIMITS)

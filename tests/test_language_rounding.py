"""Rounding is exact, also of negative values, ties and the largest amounts: compared with `decimal` and with the rational."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_world import AS_OF, tables_of

from checker.language import Contexts, explain, parse, program
from checker.tables.frames import Tables

MODES = {"round_half_up": ROUND_HALF_UP, "round_half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}
MONEY = st.integers(-(9 * 10**18) + 1, 9 * 10**18 - 1)
TIES = st.integers(-(10**9), 10**9).map(lambda n: n * 500_000)


def budget_lines(rows: list[dict[str, object]]) -> Tables:
    """Return tables with these budget lines, numbers given as scaled integers."""
    blank = tables_of("budget_lines", {})
    frame = pl.concat([blank.budget_lines] * len(rows)).with_columns(pl.Series("row", range(1, len(rows) + 1), dtype=pl.UInt32))
    columns = [pl.Series(name, [r.get(name) for r in rows], dtype=frame.schema[name]) for name in {n for r in rows for n in r}]
    return Tables(blank.forms, frame.with_columns(columns), blank.indicator_groups, blank.indicators)


def column(text: str, tables: Tables) -> list[Fraction | bool | None]:
    """Return the values of an expression over the budget lines; the exact interpreter must say the same."""
    tree = parse(text, "budget_lines")
    frame = program({"x": tree}).run(tables, AS_OF)["budget_lines"]
    if "x/" not in frame.columns:
        found: list[Fraction | bool | None] = frame.get_column("x").to_list()
    else:
        found = [None if n is None or d is None else Fraction(n, d) for n, d in frame.select("x", "x/").iter_rows()]
    contexts = Contexts(tables, AS_OF)
    for row, value in list(enumerate(found, 1))[:5]:
        assert explain(tree, contexts.row("budget_lines", 0, row)).value == value
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(MONEY | TIES, min_size=1, max_size=30), st.integers(0, 5))
def test_decimals_round_as_quantize(numbers: list[int], places: int) -> None:
    """A decimal at n places is what decimal.quantize gives in the named mode."""
    tables = budget_lines([{"budget": n, "budget_digits": 6} for n in numbers])
    with localcontext(prec=60):
        for name, mode in MODES.items():
            wanted = [Fraction(Decimal(n).scaleb(-6).quantize(Decimal(1).scaleb(-places), rounding=mode)) for n in numbers]
            assert column(f"{name}(budget, {places})", tables) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(MONEY | TIES, MONEY | st.sampled_from([0, 1, -1, 2_000_000, -8_000_000])), min_size=1, max_size=20), st.integers(0, 4))
def test_quotients_round_as_quantize(pairs: list[tuple[int, int]], places: int) -> None:
    """A quotient is rounded once, from its exact value: decimal with digits enough to hold every tie gives the same."""
    tables = budget_lines([{"executed": e, "executed_digits": 6, "budget": b, "budget_digits": 6} for e, b in pairs])
    with localcontext(prec=80):
        for name, mode in MODES.items():
            wanted = [None if not b else Fraction((Decimal(e) / Decimal(b)).quantize(Decimal(1).scaleb(-places), rounding=mode)) for e, b in pairs]
            assert column(f"{name}(executed / budget, {places})", tables) == wanted


def roundings(e: int, b: int, digits: int) -> dict[str, Decimal]:
    """Return e ÷ b as a percentage in the three roundings."""
    with localcontext(prec=80):
        return {name: (Decimal(e) * 100 / Decimal(b)).quantize(Decimal(1).scaleb(-digits), rounding=mode) for name, mode in MODES.items()}


@settings(max_examples=120, deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15) | st.sampled_from([8_000_000, 16_000_000, 3_000_000]), st.integers(0, 4), st.booleans())
def test_ratio_matches_exactly_the_three_roundings(e: int, b: int, digits: int, negative: bool) -> None:
    """Of all percentages around e ÷ b exactly those are accepted that one of the roundings gives."""
    b = -b if negative else b
    accepted = roundings(e, b, digits)
    unit = Decimal(1).scaleb(-digits)
    near = [accepted["truncate"] + unit * k for k in range(-3, 4)]
    near = [value for value in near if abs(value) < 10**6]
    tables = budget_lines([{"executed": e, "budget": b, "rate": int(v.scaleb(6)), "rate_digits": digits} for v in near] or [{"executed": e, "budget": b}])
    if not near:
        return
    assert column("ratio_matches(executed, budget, rate)", tables) == [v in accepted.values() for v in near]
    for name, mode in {"round_half_up": "half_up", "round_half_even": "half_even", "truncate": "truncate"}.items():
        assert column(f'rounding_fits(executed, budget, rate, "{mode}")', tables) == [v == accepted[name] for v in near]
        assert column(f"{name}(percent(executed / budget), digits(rate)) == rate", tables) == [v == accepted[name] for v in near]


@settings(max_examples=80, deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15), st.integers(1, 10**8), st.sampled_from([0, 1, 2, 4]))
def test_product_matches_within_a_hundredth_or_a_rounding(e: int, b: int, weight: int, digits: int) -> None:
    """A stated score is accepted within 0.01 of e ÷ b × weight, or when a rounding at its digits gives it."""
    exact = Fraction(e, b) * Fraction(weight, 10**6)
    base = Decimal(round(exact * 10**digits)).scaleb(-digits)
    near = [base + Decimal(1).scaleb(-digits) * k for k in range(-2, 3)] + [base + Decimal("0.01") * k for k in (-2, -1, 1, 2)]
    near = [v for v in near if abs(v) < 10**6]
    if not near:
        return
    rows: list[dict[str, object]] = [{"executed": e, "budget": b, "weight": weight, "score": int(v.scaleb(6)), "score_digits": max(-int(v.as_tuple().exponent), 0)} for v in near]
    with localcontext(prec=80):
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
        wanted = [
            abs(Fraction(v) - exact) <= Fraction(1, 100)
            or any(value.quantize(Decimal(1).scaleb(-max(-int(v.as_tuple().exponent), 0)), rounding=mode) == v for mode in MODES.values())
            for v in near
        ]
    assert column("product_matches(executed, budget, weight, score)", budget_lines(rows)) == wanted


def test_largest_values_do_not_wrap() -> None:
    """Sums and products at the bounds are exact where 64 bits would wrap."""
    top = 9 * 10**18 - 1
    tables = budget_lines([{"budget": top, "executed": -top}] * 40)
    assert column("total(budget_lines.budget)", tables)[0] == Fraction(40 * top, 10**6)
    assert column("budget - executed", tables)[0] == Fraction(2 * top, 10**6)
    assert column("executed / budget", tables)[0] == -1
    assert column("round_half_up(budget / 3 * 2, 2)", tables)[0] == Fraction(Decimal("5999999999999.999999").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    assert column("total(budget_lines.budget) / 7 > total(budget_lines.executed)", tables)[0] is True


@pytest.mark.parametrize(
    ("unit", "digits", "wanted"),
    [("元", 2, Fraction(0)), ("万元", 2, Fraction(3, 200)), ("万元", 0, Fraction(3, 2)), ("万元", 6, Fraction(3, 2 * 10**6)), (None, 2, None), ("万元", None, None)],
)
def test_slack(unit: str | None, digits: int | None, wanted: Fraction | None) -> None:
    """The tolerance of a total of two figures is ½·10⁻ᵈ·3, none in 元, unknown without the unit or the digits."""
    blank = budget_lines([{"budget": 10**6, "budget_digits": digits}] * 2)
    tables = Tables(blank.forms.with_columns(pl.lit(unit, dtype=pl.String).alias("amount_unit")), blank.budget_lines, blank.indicator_groups, blank.indicators)
    assert column("slack(budget, budget_lines.budget)", tables)[0] == wanted


def test_a_changed_rounding_is_seen() -> None:
    """The three modes differ on the values of these tests: a tie, a negative tie, a tie to the odd digit."""
    values: Mapping[str, list[object]] = {
        name: list(column(f"{name}(budget, 0)", budget_lines([{"budget": n} for n in (500_000, 1_500_000, 2_500_000, -2_500_000, 999_999)])))
        for name in MODES
    }
    assert values["round_half_up"] == [1, 2, 3, -3, 1]
    assert values["round_half_even"] == [0, 2, 2, -2, 1]
    assert values["truncate"] == [0, 1, 2, -2, 0]

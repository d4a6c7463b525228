"""The columns, the exact interpreter and an independent evaluator agree on every row, boundary values included."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from language_generator import Generator
from language_reference import World, evaluate
from language_world import AS_OF, world, worlds

from checker.language import Contexts, LanguageFault, Tree, explain, parse, program, sentence
from checker.language.alike import Alike
from checker.language.exact import Evaluation
from checker.tables.frames import Tables

UNITS = ("bool", "bool", "score", "money", "percent", "count", "number", "quantity", "text", "date")
TABLES = ("forms", "budget_lines", "indicator_groups", "indicators")


@cache
def batch(seed: int) -> tuple[Tables, dict[str, dict[tuple[int, int], World]], Contexts]:
    tables = world(seed)
    return tables, {table: worlds(tables, table) for table in TABLES}, Contexts(tables, AS_OF)


def columns(tree: Tree, tables: Tables) -> dict[tuple[int, int], object]:
    """Return the value of a tree on every row, as the columns say."""
    frame = program({"x": tree}).run(tables, AS_OF)[tree.table]
    found: dict[tuple[int, int], object] = {}
    for row in frame.iter_rows(named=True):
        value = row["x"]
        if "x/" in frame.columns:
            value = None if value is None or row["x/"] is None else Fraction(value, row["x/"])
        found[row["form"], row["row"]] = value
    return found


def compare(text: str, tree: Tree, seed: int, explained: Random | None = None, lets: dict[str, str] | None = None) -> None:
    tables, rows, contexts = batch(seed)
    wanted = {key: evaluate(text, replace(row, lets=lets or {})) for key, row in rows[tree.table].items()}
    got = columns(tree, tables)
    assert got == wanted, text
    keys = list(wanted) if explained is None else explained.sample(list(wanted), min(6, len(wanted)))
    for form, row in keys:
        if tree.unit == "bool":
            fresh = Contexts(tables, AS_OF).row(tree.table, form, row)
            assert Evaluation(fresh).truth(tree.root) == wanted[form, row], (text, form, row)
        said = explain(tree, contexts.row(tree.table, form, row))
        assert said.value == wanted[form, row], (text, form, row, said)
        assert said.text
        assert bool(said.nulls) == (said.value is None), (text, form, row, said)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(TABLES), st.sampled_from(UNITS), st.integers(1, 6))
def test_three_evaluators_agree(seed: int, table: str, unit: str, depth: int) -> None:
    """A random well-typed expression has the same value on every row by all three evaluators."""
    rng = Random(seed)
    generator = Generator(rng, table)
    text = generator.expression(unit, depth, UNITS)
    assume(text is not None)
    try:
        tree = generator.parsed(text)
    except LanguageFault as fault:
        assume(not any(part in fault.message for part in ("128 bits", "too large", "division by zero", "quotients", "constant", "more than 400 parts", "nested too deeply")))
        raise AssertionError(f"{fault.message} @ {fault.column}: {generator.lets} {text}") from None
    compare(text, tree, seed % 7, rng, {name: step for name, (_, step) in generator.lets.items()})
    assert sentence(tree, "zh") and sentence(tree, "en")


def told(tree: Tree, contexts: Contexts, keys: list[tuple[int, int]]) -> list[object]:
    said = [explain(tree, contexts.row(tree.table, form, row)) for form, row in keys]
    return [(one.value, one.digits, one.nulls, one.cells, one.text) for one in said]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(("forms", "indicator_groups")), st.sampled_from(UNITS))
def test_rows_that_hold_the_same_keep_their_own_cells(seed: int, table: str, unit: str) -> None:
    """Value, digits, cells, reasons and words of a figure are those of rows worked out one by one."""
    generator = Generator(Random(seed), table)
    text = generator.expression(unit, 4, UNITS)
    assume(text is not None)
    try:
        tree = generator.parsed(text)
    except LanguageFault:
        assume(False)
    alone(tree, seed % 7)


@pytest.mark.parametrize("seed", range(7))
def test_a_division_by_zero_in_a_figure_is_told_of_its_own_row(seed: int) -> None:
    """What has no cell to blame is said of the row the figure is worked out for, however many rows of the batch hold the same."""
    alone(parse("any_of(indicators.weight / (indicators.weight - indicators.weight) > 1)", "indicator_groups"), seed)


def alone(tree: Tree, seed: int) -> None:
    tables, rows, _ = batch(seed)
    keys = list(rows[tree.table])
    together = told(tree, Contexts(tables, AS_OF), keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Alike, "truth", lambda _, run, *at: run.truth(*at))
        patch.setattr(Alike, "value", lambda _, run, *at: run.of(*at))
        assert told(tree, Contexts(tables, AS_OF), keys) == together, tree.text


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("text", ["share < share + 1", "share == share", "share - share == 0", "least(share, share) >= share"])
def test_a_quotient_with_itself(text: str, seed: int) -> None:
    """A quotient that is null stays null when it meets itself."""
    step = "score / weight"
    compare(text.replace("share", "part"), parse(text.replace("share", "part"), "indicators", {"part": parse(step, "indicators")}), seed, None, {"part": step})


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("indicators", "score <= weight"),
        ("indicators", "weight - score > 0.2 * weight"),
        ("indicators", "measured / aim == score / weight"),
        ("indicators", "coalesce(measured / aim, 1) >= 1.3"),
        ("indicators", "score == round_half_up(measured / aim * weight, 2)"),
        ("indicators", "not blank(reason_text) or score >= weight"),
        ("indicators", "days(done_to, deadline_lenient) > 0 and year(done_to) == forms.fiscal_year"),
        ("indicators", "count(indicators.score < indicators.weight) / rows(indicators) >= 0.85"),
        ("budget_lines", "ratio_matches(executed, budget, rate)"),
        ("budget_lines", 'rounding_fits(executed, budget, rate, "truncate")'),
        ("budget_lines", "product_matches(executed, budget, weight, score)"),
        ("budget_lines", "round_half_even(percent(executed / budget), digits(rate)) == rate"),
        ("budget_lines", "abs(budget - total(budget_lines.budget)) <= slack(budget, budget_lines.budget)"),
        ("forms", "total(indicators.weight) == 100"),
        ("forms", "total_score - known_total(indicators.score) >= 0 and count_missing(indicators.score) == 1"),
        ("forms", 'only(budget_lines.executed, budget_lines.role == "元") == total(budget_lines.executed, budget_lines.role != "元")'),
        ("forms", 'ratio_matches(total(budget_lines.executed), total(budget_lines.budget), only(budget_lines.rate, budget_lines.label == "a"))'),
        ("forms", "missing(only(budget_lines.budget, budget_lines.initial > 0))"),
        ("forms", 'highest(budget_lines.rate, "A.b" in ["A.b", "元"]) >= 0'),
        ("budget_lines", '"A.b" in ["产出", "元"] or budget > 0'),
        ("indicator_groups", "total(indicators.weight) == weight"),
        ("indicator_groups", "rows(indicators) >= 2 and highest(indicators.score) == lowest(indicators.score)"),
    ],
)
def test_rules_agree_on_every_row(table: str, text: str, seed: int) -> None:
    """Expressions such as rules hold have the same value on every row by all three evaluators."""
    compare(text, parse(text, table), seed)


@pytest.mark.parametrize("seed", range(7))
def test_a_step_of_the_form_inside_a_figure(seed: int) -> None:
    """A let over fields of the form can stand inside a figure over its rows."""
    step = "total_weight / 2"
    compare("count(filled(indicators.score) and filled(half) and indicators.score > half)", parse("count(filled(indicators.score) and filled(half) and indicators.score > half)", "forms", {"half": parse(step, "forms")}), seed, None, {"half": step})

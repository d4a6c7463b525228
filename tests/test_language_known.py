"""Rules as they read in a batch: what is known of its columns changes no value."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from language_generator import Generator
from language_world import AS_OF, settled, world

from checker.fields import TABLES
from checker.language import LanguageFault, Tree, parse, program
from checker.language.folding import Folding
from checker.language.known import of_tables, with_figures
from checker.language.nodes import NOTHING, Const
from checker.language.plans import Figured, outputs, searched
from checker.tables.frames import Tables

UNITS = ("bool", "bool", "bool", "score", "money", "percent", "count", "number", "quantity", "text", "date")


def values(tree: Tree, figured: Figured) -> list[object]:
    """Return the value of a tree in each row of its table."""
    rows = program({"x": tree}).beside(figured)[tree.table]
    frame = rows.lazy().with_columns(searched([tree], rows.columns)).select("row", *outputs("x", tree)).collect()
    if "x/" not in frame.columns:
        return frame.get_column("x").to_list()
    return [None if n is None or d is None else Fraction(n, d) for n, d in frame.select("x", "x/").iter_rows()]


def compare(tree: Tree, tables: Tables) -> Tree:
    """Check a tree as it reads before and after its figures are known, and return the latter."""
    wanted = values(tree, program({"x": tree}).figured(tables, AS_OF))
    facts = of_tables({table: tables.frame(table) for table in TABLES})
    first = Folding(facts).tree(tree)
    figured = program({"x": first}).figured(tables, AS_OF)
    assert values(first, figured) == wanted
    second = Folding(with_figures(facts, figured.columns())).tree(first)
    assert values(second, figured) == wanted
    return second


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(TABLES), st.sampled_from(UNITS), st.integers(1, 6))
def test_what_is_known_changes_no_value(seed: int, table: str, unit: str, depth: int) -> None:
    """A random well-typed expression has the same value on every row as it reads in the batch."""
    rng = Random(seed)
    generator = Generator(rng, table)
    text = generator.expression(unit, depth, UNITS)
    assume(text is not None)
    try:
        tree = generator.parsed(text)
        assert tree.compiled
    except LanguageFault:
        assume(False)
    compare(tree, settled(world(seed % 7), rng))


def batch(**columns: list[object]) -> Tables:
    """Return one form of a few indicators, all that is not given the same in every row."""
    tables = world(1, forms=1)
    indicators = pl.DataFrame({"form": [0, 0, 0], "row": [1, 2, 3]}, schema={"form": pl.UInt32, "row": pl.UInt32})
    schema = tables.indicators.schema
    others = [pl.lit(None, schema[name]).alias(name) for name in schema if name not in columns and name not in ("form", "row")]
    given_ = [pl.Series(name, values, schema[name]) for name, values in columns.items()]
    return tables.replaced({"indicators": indicators.with_columns(*given_, *others)})


def read(text: str, tables: Tables) -> object:
    """Return what a rule over indicators reads as: True, False, None when it is settled, else the tree."""
    tree = compare(parse(text, "indicators"), tables)
    if isinstance(tree.root, Const):
        return tree.root.value
    return None if getattr(tree.root, "name", "") == NOTHING else tree


TABLE = batch(score=[1_000_000, 2_000_000, 3_000_000], weight=[5_000_000] * 3, name=["甲", None, "乙"], target=[None] * 3, unread=["|target|", None, None])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("filled(score)", True),
        ("missing(weight)", False),
        ("filled(level1)", False),
        ("level1 == name", None),
        ("level1 == name and filled(reason)", False),
        ("weight * 2 == 10", True),
        ('contains(coalesce(reason, "无"), "无")', True),
        ("count(indicators.score <= indicators.weight) == 3", True),
        ("score / (weight - 5) == 2", None),
    ],
)
def test_what_is_settled_needs_no_row(text: str, value: object) -> None:
    """Columns that are full, empty or the same in every row settle conditions."""
    assert read(text, TABLE) is value


@pytest.mark.parametrize("text", ["filled(target)", "filled(name)", 'coalesce(target, "无") == "无"', "score < weight"])
def test_what_is_open_stays_a_question(text: str) -> None:
    """A cell that cannot be read somewhere, a gap, numbers that differ: each row is asked."""
    assert isinstance(read(text, TABLE), Tree)


def test_numbers_are_as_wide_as_they_must_be() -> None:
    """Products are Int128 by the bounds of their units, Int64 where the numbers of the batch are small."""
    tree = parse("score * (measured / aim)", "indicators")
    tables = batch(score=[1_000_000, 2_000_000, None], measured=[3_000_000, 4_000_000, 5_000_000], aim=[4_000_000] * 3)
    facts = of_tables({table: tables.frame(table) for table in TABLES})
    widths = [tables.indicators.select(outputs("x", made)[0]).to_series().dtype for made in (tree, Folding(facts).tree(tree))]
    assert widths == [pl.Int128, pl.Int64]

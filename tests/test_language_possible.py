"""What a condition can come to before texts are searched: what it then comes to is never ruled out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from language_generator import Generator
from language_world import AS_OF, world

from checker.fields import TABLES
from checker.language import LanguageFault, Tree, parse, program
from checker.language.folding import Folding
from checker.language.known import of_tables
from checker.language.possible import inline, possible
from checker.tables.frames import Tables

UNITS = ("bool", "bool", "score", "count", "text", "date")


def read(tree: Tree, tables: Tables) -> Tree:
    """Return a condition as it is read for a part: what is constant is worked out."""
    return Folding(of_tables({table: tables.frame(table) for table in TABLES})).tree(tree)


def told(tree: Tree, tables: Tables) -> tuple[list[object], list[tuple[bool, bool, bool]]]:
    """Return what a condition comes to in the rows of tables, and whether it could be true, false, unknown."""
    made, can = program({"it": tree}), possible(tree, (), inline)
    rows = made.rows(tables, AS_OF)[tree.table].select("form", can.true.alias("true"), can.false.alias("false"), can.null.alias("null"))
    return made.run(tables, AS_OF)[tree.table].get_column("it").to_list(), rows.drop("form").rows()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(TABLES), st.integers(1, 6))
def test_what_comes_of_a_condition_was_possible(seed: int, table: str, depth: int) -> None:
    """Over values with and without nulls a condition comes to what could come of it; one that searches nothing is told exactly."""
    generator = Generator(Random(seed), table)
    text = generator.expression("bool", depth, UNITS)
    assume(text is not None)
    try:
        tree = read(generator.parsed(text or ""), tables := world(seed % 7))
        values, can = told(tree, tables)
    except LanguageFault:
        assume(False)
    for value, (true, false, null) in zip(values, can, strict=True):
        assert {True: true, False: false, None: null}[value] is True  # type: ignore[index]
        assert tree.compiled.searches or true + false + null == 1


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ('score > weight and matches(name, "率")', False),
        ('score <= 1000 or not contains(name, "率")', True),
        ('not (score > weight and contains(name, "率"))', True),
    ],
)
def test_the_rest_settles_most_rows(text: str, settled: bool) -> None:
    """Where a part decides, what is searched for need not be looked at."""
    values, can = told(parse(text, "indicators"), world(3))
    alone = [value for value, row in zip(values, can, strict=True) if sum(row) == 1]
    assert settled in alone

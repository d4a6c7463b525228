"""The table of expressions: what each comes to on a row, the arithmetic in words, the sentence."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from language_reference import evaluate
from language_world import AS_OF, tables_of, worlds

from checker.language import Contexts, explain, parse, program, sentence

VECTORS = list(csv.DictReader((Path(__file__).parent / "data" / "expressions.csv").open(encoding="utf-8"), delimiter=";"))
CHINESE = {"得分 <= 分值", "合计(指标.分值) == 100", "执行数 / 全年预算数", "year(done_to) == forms.年度"}


def spelled(value: object, plain: str) -> str:
    """Return a value as the table spells it."""
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else plain


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{v['expression']} {v['row']}"[:90] for v in VECTORS])
def test_vector(vector: dict[str, str]) -> None:
    """Value, words and sentence are those of the table, and the columns give the same value."""
    row = yaml.load(vector["row"], Loader=yaml.BaseLoader)
    tree = parse(vector["expression"], vector["table"])
    tables = tables_of(vector["table"], row)
    said = explain(tree, Contexts(tables, AS_OF).row(vector["table"], 0, 1))
    assert spelled(said.value, said.plain) == vector["value"]
    assert said.text == vector["in words"]
    assert sentence(tree) == vector["sentence"]
    first = program({"x": tree}).run(tables, AS_OF)[vector["table"]].row(0, named=True)
    value = first["x"]
    if "x/" in first:
        value = None if value is None or first["x/"] is None else Fraction(value, first["x/"])
    assert value == said.value
    if vector["expression"] not in CHINESE and "matches(target" not in vector["expression"]:
        assert evaluate(vector["expression"], worlds(tables, vector["table"])[0, 1]) == said.value


def test_table_covers_the_language() -> None:
    """Every function of the language stands in the table."""
    from checker.language import AGGREGATES, FUNCTIONS

    text = " ".join(v["expression"] for v in VECTORS)
    assert [name for name in (*FUNCTIONS, *AGGREGATES) if f"{name}(" not in text] == []


def test_english_words() -> None:
    """The arithmetic and the sentence are complete in English."""
    tree = parse("total(indicators.weight) == 100", "forms")
    tables = tables_of("forms", {"indicators": [{"weight": "60.00"}, {"weight": "39.50"}]})
    said = explain(tree, Contexts(tables, AS_OF).row("forms", 0, 1), "en")
    assert said.text == "60.00 + 39.50 = 99.50 ≠ 100, difference 0.50"
    assert sentence(tree, "en") == "the total weight of indicators equals 100"
    for vector in VECTORS:
        words = sentence(parse(vector["expression"], vector["table"]), "en")
        unquoted = "".join(part for i, part in enumerate(words.replace("”", "“").split("“")) if i % 2 == 0)
        assert not any("\u4e00" <= c <= "\u9fff" for c in unquoted), words


def test_lets_and_params() -> None:
    """A let stands for its tree, a parameter for its value; both can be used in figures of the form."""
    share = parse("known_total(indicators.score) / 100", "forms", params={})
    tables = tables_of("forms", {"fiscal_year": "2023", "indicators": [{"score": "60.00", "level2": "a"}]})
    context = Contexts(tables, AS_OF).row("forms", 0, 1)
    tree = parse("enough >= limit", "forms", {"enough": share}, {"limit": Fraction(1, 2)})
    assert explain(tree, context).value is True
    listed = parse("count(indicators.level2 in kinds) == 1", "forms", {}, {"kinds": ["a", "b"]})
    assert explain(listed, context).value is True
    year = parse("fiscal_year - 1", "forms")
    half = parse("any_of(indicators.score > half)", "forms", {"half": parse("100 / 2", "forms")})
    assert explain(half, context).value is True
    assert explain(parse("last == 2022", "forms", {"last": year}), context).value is True
    assert explain(parse("as_of > day", "forms", {}, {"day": date(2024, 4, 17)}), context).value is True


def test_cells_are_those_that_decide() -> None:
    """Related places of a failing row are the cells that make it fail, not all cells of the form."""
    tables = tables_of("forms", {"indicators": [{"score": "1", "weight": "1"}, {"score": "2", "weight": "1"}]})
    said = explain(parse("all_of(indicators.score <= indicators.weight)", "forms"), Contexts(tables, AS_OF).row("forms", 0, 1))
    assert said.cells == (("indicators", 2, "score"), ("indicators", 2, "weight"))
    row = tables_of("indicators", {"score": "0.80", "weight": "1.00", "name": "x"})
    said = explain(parse('score < weight and name == "y"', "indicators"), Contexts(row, AS_OF).row("indicators", 0, 1))
    assert said.cells == (("indicators", 1, "name"),)


def test_cells_of_a_reading_are_its_sources() -> None:
    """A reading points at the cells it was read from, for the form has no other."""
    tables = tables_of("indicators", {"measured": "3", "aim": "4"})
    said = explain(parse("measured < aim", "indicators"), Contexts(tables, AS_OF).row("indicators", 0, 1))
    assert {name for _, _, name in said.cells} == {"target", "actual", "reason"}

"""Many trees in one pass: order, batches, figures shared, what a rule needs."""

from __future__ import annotations

import polars as pl
import pytest
from language_world import AS_OF, tables_of, world
from polars.testing import assert_frame_equal

from checker.errors import CheckerError
from checker.fields import TABLES
from checker.language import Tree, needs, parse, plans, program, required_columns, searches, sums
from checker.language.nodes import Call, Const, Ref
from checker.tables.frames import Tables

TREES = {
    "a": ("indicators", "score <= weight"),
    "b": ("indicators", "count(indicators.score < indicators.weight) > 1"),
    "c": ("forms", "total(indicators.weight) == 100"),
    "d": ("forms", "total(indicators.weight) - total_weight"),
    "e": ("indicator_groups", "total(indicators.weight) == weight"),
    "f": ("indicator_groups", "total(indicator_groups.weight, indicator_groups.level == 1) == forms.total_weight"),
    "g": ("budget_lines", "ratio_matches(executed, budget, rate)"),
    "h": ("budget_lines", "total(indicators.weight) == 100 or year(as_of) == forms.fiscal_year"),
}


def trees() -> dict[str, Tree]:
    return {key: parse(text, table) for key, (table, text) in TREES.items()}


def test_one_frame_a_grain_in_order() -> None:
    """Results stand in the order of the table, one row a row, one or two columns a tree."""
    tables = world(3, forms=20)
    made = program(trees()).run(tables, AS_OF)
    assert set(made) == {"forms", "budget_lines", "indicator_groups", "indicators"}
    for table, frame in made.items():
        assert frame.select("form", "row").equals(getattr(tables, table).select("form", "row"))
    assert made["forms"].columns == ["form", "row", "c", "d", "d/"]
    assert made["indicators"].schema["a"] == pl.Boolean


def test_together_as_alone() -> None:
    """A tree has the same values in a program of many as alone."""
    tables = world(4, forms=20)
    made = program(trees()).run(tables, AS_OF)
    for key, tree in trees().items():
        alone = program({key: tree}).run(tables, AS_OF)[tree.table]
        assert alone.equals(made[tree.table].select(alone.columns)), key


def test_a_form_does_not_see_its_neighbours() -> None:
    """A batch gives each form what it gets alone."""
    tables = world(5, forms=12)
    made = program(trees()).run(tables, AS_OF)
    for form in range(12):
        one = Tables(*(getattr(tables, t).filter(pl.col("form") == form) for t in ("forms", "budget_lines", "indicator_groups", "indicators")))
        for table, frame in program(trees()).run(one, AS_OF).items():
            assert frame.equals(made[table].filter(pl.col("form") == form))


def test_many_forms_are_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of a large batch, grouped by streaming on several threads, go to the forms they are of, those without rows among them."""
    few = world(6, forms=15)
    assert few.indicator_groups.get_column("form").n_unique() < 15
    times = 400
    many = Tables(*(pl.concat([frame.with_columns((pl.col("form") + 15 * n).cast(pl.UInt32)) for n in range(times)]) for frame in map(few.frame, TABLES)))
    monkeypatch.setattr(plans, "STREAMED", 0)
    wanted = {"any": parse("any_of(indicator_groups.level == 1)", "forms"), "c": parse("total(indicators.weight) == 100", "forms")}
    alone, together = (program(wanted).run(tables, AS_OF)["forms"].drop("form") for tables in (few, many))
    assert alone.get_column("any").n_unique() > 1
    assert together.equals(pl.concat([alone] * times))


def in_field(name: str, kind: str, *wanted: str) -> searches.Search:
    made = searches.search(Call(kind, (Ref("indicators", name, "text"), *(Const(text, "text") for text in wanted)), "bool"))
    assert made is not None
    return made


def test_searches_once_per_text_find_what_searches_row_by_row_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields with several searches whose texts repeat get a column for each, null where the text is; other fields and those asked for in few rows get none."""
    monkeypatch.setattr(searches, "LARGE", 40)
    texts = [None, "", " ", "完成率12场", "98765432101场", "100%", "率"]
    frame = pl.DataFrame({"name": [texts[n % 7] for n in range(50)], "target": [f"{n}率" for n in range(50)], "actual": ["率"] * 50})
    asked = [("number_in", r"(\d+)场"), ("matches", "率$"), ("contains", "1"), ("starts_with", "完"), ("ends_with", "率"), ("length",), ("blank",)]
    wanted = [in_field(name, kind, *part) for name in ("name", "target") for kind, *part in asked]
    wanted.append(in_field("actual", "matches", "率"))
    made = searches.shared(frame, [(one, frame.height) for one in wanted])
    assert [column.name for column in made] == [one.name for one in wanted if one.field == "name"]
    assert pl.DataFrame(made).equals(frame.select(one.made for one in wanted if one.field == "name"))
    assert searches.shared(frame, [(one, 5) for one in wanted]) == []
    assert searches.shared(frame.head(39), [(one, 39) for one in wanted]) == []


def test_texts_of_one_key_are_not_taken_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two texts fall on one key, searches are made row by row."""
    monkeypatch.setattr(searches, "LARGE", 40)
    frame = pl.DataFrame({"name": ["完成率", "人数"] * 25})
    wanted = [(in_field("name", kind, "率"), frame.height) for kind in ("contains", "ends_with")]
    assert len(searches.shared(frame, wanted)) == 2
    monkeypatch.setattr(pl.Series, "hash", lambda texts: pl.zeros(texts.len(), pl.UInt64, eager=True))
    assert searches.shared(frame, wanted) == []


def test_empty_batch() -> None:
    """A batch without rows gives frames without rows."""
    tables = world(1)
    empty = Tables(*(getattr(tables, t).clear() for t in ("forms", "budget_lines", "indicator_groups", "indicators")))
    assert all(frame.height == 0 for frame in program(trees()).run(empty, AS_OF).values())


def test_figures_are_computed_once() -> None:
    """The same figure in several trees, English or Chinese, behind a let or not, is one figure."""
    share = parse("total(indicators.weight)", "forms")
    same = [share, parse("合计(指标.分值) == 100", "forms"), parse("x > 1", "forms", {"x": share}), parse("total(indicators.weight) > 1", "indicators")]
    assert len({figure.id for tree in same for figure in tree.compiled.figures}) == 1
    grouped = parse("total(indicators.weight) > 1", "indicator_groups")
    assert grouped.compiled.figures[0].id != share.compiled.figures[0].id


@pytest.mark.parametrize("many", [0, 1, 2, 40])
def test_sums_that_need_no_grouping_are_those_of_grouping(many: int) -> None:
    """Columns that are the same in every row, full ones and mixed ones: every sum is what grouping gives, null for null."""
    whole = {"null": [None] * many, "seven": [7] * many, "mixed": [None if n % 3 == 0 else n % 5 - 2 for n in range(many)], "full": [n % 4 for n in range(many)], "some": [None if n % 3 else 7 for n in range(many)]}
    truth = {"true": [True] * many, "false": [False] * many, "unknown": [None] * many, "either": [n % 2 == 0 for n in range(many)], "doubt": [None if n % 4 == 0 else n % 4 == 1 for n in range(many)]}
    columns = [pl.Series(name, values, kind) for kind, some in ((pl.Int64, whole), (pl.Int128, {f"{n}/wide": v for n, v in whole.items()}), (pl.Boolean, truth)) for name, values in some.items()]
    rows = pl.DataFrame([pl.Series("key", [n // 7 for n in range(many)], pl.UInt32), *columns])
    of_whole, of_truth = ("count", "sum", "min", "max", "n_unique"), ("count", "sum", "all", "any")
    wanted = [sums.Sum("rows"), *(sums.Sum(take, column.name) for column in columns for take in (of_truth if column.dtype == pl.Boolean else of_whole))]
    grouped = rows.group_by("key").agg(one.made for one in wanted).sort("key")
    summed = sums.summed(rows, "key", wanted)
    assert_frame_equal(summed.whole(summed.grouped.collect()).collect().sort("key"), grouped, check_column_order=False)


def test_too_many_rows_are_refused() -> None:
    """The bounds of totals rest on the number of rows of a form, so more are an error, never a wrong sum."""
    tables = tables_of("forms", {"indicators": [{"weight": "1"}]})
    many = Tables(tables.forms, tables.budget_lines, tables.indicator_groups, pl.concat([tables.indicators] * 10_001))
    with pytest.raises(CheckerError, match="10,001 rows of indicators"):
        program({"c": parse("total(indicators.weight) == 100", "forms")}).run(many, AS_OF)


def test_needs() -> None:
    """Every field counts, inside figures and lets too."""
    lost = parse("weight - score", "indicators")
    tree = parse("lost > 0 and not blank(reason_text) and count(indicators.twins > 1) > 0 and forms.fiscal_year > 2020", "indicators", {"lost": lost})
    assert needs(tree) == {("indicators", f) for f in ("weight", "score", "reason_text", "twins")} | {("forms", "fiscal_year")}


@pytest.mark.parametrize(
    ("table", "text", "tokens"),
    [
        ("indicators", "score < weight", {"scores", "weights"}),
        ("indicators", "score < weight and not blank(reason_text)", {"scores", "weights"}),
        ("indicators", "length(reason) > 3", {"reasons"}),
        ("indicators", "reason_clauses > 1", {"reasons"}),
        ("indicators", "filled(score) and missing(weight)", set()),
        ("indicators", "filled(coalesce(score, weight))", {"scores", "weights"}),
        ("indicators", "measured < aim", {"targets", "actuals"}),
        ("indicators", "actual_value > 1", {"actuals"}),
        ("indicators", "target_vague", {"targets"}),
        ("indicators", 'level2_class == "时效"', {"levels"}),
        ("indicators", "same_share_rows >= 3", {"scores", "weights"}),
        ("budget_lines", "rate > 90 and executed <= budget", {"rates"}),
        ("budget_lines", "budget == initial", {"initial"}),
        ("forms", "total(indicators.weight) == 100", {"weights"}),
        ("forms", "count_missing(indicators.score) == 1", {"scores"}),
        ("forms", "all_of(filled(indicators.score))", set()),
        ("indicator_groups", "weight > 0", set()),
        ("indicators", 'level1_class == "满意度" or matches(name, "满意度")', set()),
        ("indicators", 'level1_class == "满意度" or level2_class == "满意度"', {"levels"}),
        ("forms", 'known_total(indicators.score, missing(indicators.level1_class) or indicators.level1_class != "投入")', {"scores"}),
        ("indicators", "score > 1 or actual_value > 1", {"scores", "actuals"}),
    ],
)
def test_required_columns(table: str, text: str, tokens: set[str]) -> None:
    """A rule does not apply to a form whose layout lacks a column it reads, unless it only asks for its presence, or reads the levels in one alternative of several."""
    assert required_columns(parse(text, table)) == tokens


def test_required_columns_behind_a_let() -> None:
    """A let asks for the columns its tree asks for."""
    assert required_columns(parse("lost > 0", "indicators", {"lost": parse("weight - score", "indicators")})) == {"scores", "weights"}

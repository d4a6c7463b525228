"""What is shown is what was computed: arithmetic read back as arithmetic gives the figure, sentences read alike in both languages."""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from language_generator import Generator
from language_world import AS_OF, tables_of, world

from checker.language import Contexts, LanguageFault, explain, parse, sentence
from checker.language.shown import number, plain
from checker.tables.frames import Tables


@cache
def batch(seed: int) -> tuple[Tables, Contexts]:
    tables = world(seed)
    return tables, Contexts(tables, AS_OF)


def formula(rng: Random, fields: tuple[str, ...], depth: int) -> str:
    """Return a formula over fields of one unit."""
    if depth == 0:
        return rng.choice(fields)
    left, right = formula(rng, fields, depth - 1), formula(rng, fields, rng.randrange(depth))
    return rng.choice((f"({left} + {right})", f"({left} - {right})", f"({left} * 3)", f"({left} / 7)", f"(-{left})", f"(0.5 * {right})", left))


def worked_out(text: str) -> Fraction:
    """Work a line of arithmetic out as it stands."""
    plain_text = text.replace(",", "").replace("−", "-").replace("×", "*").replace("÷", "/").replace("%", "")
    return _value(ast.parse(plain_text.strip(), mode="eval").body, plain_text.strip())


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, text)
    assert isinstance(node, ast.BinOp)
    a, b = _value(node.left, text), _value(node.right, text)
    return {ast.Add: lambda: a + b, ast.Sub: lambda: a - b, ast.Mult: lambda: a * b, ast.Div: lambda: a / b}[type(node.op)]()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from([("indicators", ("score", "weight", "level1_weight")), ("budget_lines", ("budget", "executed", "initial"))]), st.integers(1, 4))
def test_arithmetic_reads_back(seed: int, where: tuple[str, tuple[str, ...]], depth: int) -> None:
    """The line is `formula = figure`; the formula worked out is the exact value, the figure that value as shown."""
    rng = Random(seed)
    table, fields = where
    text = formula(rng, fields, depth)
    text = f"{text} / {formula(rng, fields, 1)}" if rng.random() < 0.5 else text
    try:
        tree = parse(text, table)
    except LanguageFault:
        assume(False)
    tables, contexts = batch(seed % 5)
    for row in getattr(tables, table).select("form", "row").sample(5, with_replacement=True, seed=seed % 1000).iter_rows():
        said = explain(tree, contexts.row(table, *row))
        if not isinstance(said.value, Fraction):
            continue
        left, _, shown = said.text.rpartition(" = ") if " = " in said.text else (said.text, "", said.text)
        assert worked_out(left) == said.value, (text, said.text)
        places = len(shown.partition(".")[2].rstrip("%"))
        assert abs(worked_out(shown) - said.value) <= Fraction(1, 2 * 10**places)
        assert shown == said.shown


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(["forms", "budget_lines", "indicator_groups", "indicators"]))
def test_words_are_complete(seed: int, table: str) -> None:
    """No construct falls back to its name in code, English texts hold no Chinese wording."""
    rng = Random(seed)
    text = Generator(rng, table).condition(3)
    try:
        tree = parse(text, table)
    except LanguageFault:
        assume(False)
    for lang in ("zh", "en"):
        said = sentence(tree, lang)
        assert not any(mark in said for mark in ("_", "{", "}", "None", "Fraction")), said
    context = batch(seed % 5)[1].row("forms", 0, 1) if table == "forms" else None
    if context is not None:
        told = explain(tree, context, "en").text
        unquoted = "".join(part for i, part in enumerate(told.replace("”", "“").split("“")) if i % 2 == 0)
        assert not any("\u4e00" <= c <= "\u9fff" for c in unquoted), told


@pytest.mark.parametrize(
    ("value", "digits", "unit", "shown"),
    [
        ("9391037.56", 2, "money", "9,391,037.56"),
        ("-0.2", 2, "score", "−0.20"),
        ("1", 2, "score", "1.00"),
        ("0.8", None, "score", "0.8"),
        ("100/3", None, "number", "33.333333"),
        ("9391037.56/95976.0349", None, "percent", "97.8477"),
        ("99.182961", None, "percent", "99.182961"),
        ("978499999/10000003", None, "percent", "97.849971"),
        ("1/8", 2, "score", "0.125"),
        ("-1/3", 2, "score", "−0.333333"),
        ("1234567", 0, "count", "1234567"),
        ("0", 2, "money", "0.00"),
        ("-1/3000000000", None, "money", "−0.0000000003"),
    ],
)
def test_numbers_as_shown(value: str, digits: int | None, unit: str, shown: str) -> None:
    """Printed digits are kept, exact values shown whole, others cut late enough not to pass for a printed figure."""
    numerator, _, denominator = value.partition("/")
    assert number(Fraction(numerator) / Fraction(denominator or 1), digits, unit) == shown


def test_plain_values() -> None:
    """Message slots get words for conditions and a dash for nothing."""
    assert [plain(v, None, "bool", "zh") for v in (True, False, None)] == ["是", "否", "—"]
    assert [plain(v, None, "bool", "en") for v in (True, False, None)] == ["yes", "no", "—"]


def test_long_texts_are_cut() -> None:
    """A text in the arithmetic is quoted on one line and cut; the value itself is whole."""
    tables = tables_of("forms", {"goal_planned": "目标\n" * 40})
    said = explain(parse("goal_planned", "forms"), Contexts(tables, AS_OF).row("forms", 0, 1))
    assert said.shown.endswith("…”") and "\n" not in said.shown and len(said.shown) <= 42
    assert said.value == "目标\n" * 40


def test_codes_are_said_in_words() -> None:
    """Codes of readings are Chinese words in Chinese, codes in English."""
    tree = parse('deadline_kind == "none"', "indicators")
    tables = tables_of("indicators", {"deadline_kind": "external"})
    context = Contexts(tables, AS_OF).row("indicators", 0, 1)
    assert explain(tree, context).text == "时限类型为“见其他文件”，不是“无时限”"
    assert explain(tree, context, "en").text == "deadline kind is “external”, not “none”"
    assert explain(parse("deadline_kind", "indicators"), context).plain == "见其他文件"
    assert explain(parse("deadline_kind", "indicators"), context).value == "external"
    filled_in = parse('coalesce(deadline_kind, "") in ["none", "point"]', "indicators")
    assert "“无时限”" in explain(filled_in, context).text and "none" not in sentence(filled_in)
    assert "“none”" in sentence(filled_in, "en")


@pytest.mark.parametrize(("goal", "told"), [({}, "90"), ({"goal_score": "10"}, "90 + 10 = 100"), ({"goal_score": "0"}, "90 + 0 = 90")])
def test_what_nobody_filled_is_left_out_of_a_sum(goal: dict[str, str], told: str) -> None:
    """A field that counts as 0 where it is blank is no term of the sum then; a 0 that was filed is one."""
    tables = tables_of("forms", {"total_score": "90", **goal})
    said = explain(parse("total_score + coalesce(goal_score, 0)", "forms"), Contexts(tables, AS_OF).row("forms", 0, 1))
    assert said.text == told


def test_guards_are_left_out_of_counts() -> None:
    """The name of a count leaves out the question whether a field is there when the count asks more of it."""
    tree = parse("count(filled(indicators.score) and indicators.score < 1)", "forms")
    tables = tables_of("forms", {"indicators": [{"score": "0.5"}, {"score": "2"}]})
    assert explain(tree, Contexts(tables, AS_OF).row("forms", 0, 1)).text == "得分小于 1：1 项（共 2 项）"
    assert sentence(tree) == "〔得分已填，且得分小于 1〕的指标数"


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ('rounding == "nearest"', "参数 rounding 为“nearest”", "parameter rounding is “nearest”"),
        ('rounding != "any"', "参数 rounding 不为“any”", "parameter rounding is not “any”"),
        ("strict == 1", "参数 strict 等于 1", "parameter strict equals 1"),
        ("score <= strict", "得分不大于 0", "score is at most 0"),
    ],
)
def test_a_parameter_compared_is_named(expression: str, zh: str, en: str) -> None:
    """A comparison about a parameter names it; a bound keeps its value, which is what a reader asks for."""
    tree = parse(expression, "indicators", params={"rounding": "nearest", "strict": 0})
    assert (sentence(tree), sentence(tree, "en")) == (zh, en)
    if "rounding" in expression:
        context = Contexts(tables_of("indicators", {"score": "1"}), AS_OF).row("indicators", 0, 1)
        assert explain(tree, context).text == "参数 rounding 为“nearest”"


def test_words_are_bracketed_once() -> None:
    """What is said with brackets of its own gets no second pair; a named step gets one where it is rounded or multiplied."""
    due = parse("2 * coalesce(score, weight)", "indicators")
    assert sentence(due) == "2 × (得分、分值中首个有值者)"
    assert sentence(parse("round_half_up(least(score, weight), 2)", "indicators")) == "(得分、分值中的较小者)四舍五入到 2 位小数"
    assert sentence(parse("round_half_up(due, 2)", "indicators", lets={"due": parse("weight * (score / weight)", "indicators")})) == "(分值 × 得分 ÷ 分值)四舍五入到 2 位小数"

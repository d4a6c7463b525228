"""What is not in the language is refused when the rule is loaded, with a column and a hint, never with a traceback."""

from __future__ import annotations

import string
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.fields import BY_TABLE
from checker.language import AGGREGATES, FUNCTIONS, LanguageFault, parse

REFUSED = [
    # code
    ("indicators", "__import__('os')", "unknown function __import__"),
    ("indicators", "score.__class__", "unknown table score"),
    ("indicators", "forms.title.upper()", "only the functions of the language"),
    ("indicators", "(lambda: 1)() == 1", "only the functions of the language"),
    ("indicators", "lambda: score", "lambda is not part of the language"),
    ("indicators", "[x for x in name]", "a comprehension is not part"),
    ("indicators", "any(x for x in name)", "unknown function any"),
    ("indicators", 'f"{score}" == "1"', "formatted text|no braces|quotes"),
    ("indicators", "(score := 1) == 1", ":= is not part"),
    ("indicators", "score[0] == 1", "indexing with \\[ \\]"),
    ("indicators", "{1: 2} == 1", "no braces"),
    ("indicators", "score if weight", "not an expression"),
    ("indicators", "await score", "await|not an expression"),
    ("indicators", "total(*indicators.weight)", "\\*|name their table|part of"),
    ("indicators", "round_half_up(score, n=2)", "by position"),
    ("indicators", "score == None", "missing"),
    ("indicators", "target_vague == True", "True is not part"),
    ("indicators", "score is 1", "is is not part"),
    ("indicators", "score == 1 # comment", "no comments"),
    ("indicators", "score; weight", "one expression"),
    ("indicators", "score\\\n== 1", "no backslash"),
    ("indicators", "print(score)", "unknown function print"),
    ("indicators", "(score, weight)", "a tuple is not part"),
    ("indicators", "...", "not part|No|Ellipsis"),
    # operators
    ("indicators", "score ** 2 == 1", "\\*\\* is not part"),
    ("indicators", "score % 2 == 1", "write percent"),
    ("indicators", "score // 2 == 1", "// is not part"),
    ("indicators", "+score == 1", "\\+ as a sign"),
    ("indicators", "~score == 1", "~ is not part"),
    ("indicators", "score = weight", "compare with =="),
    ("indicators", "score & weight", "& is not part"),
    ("indicators", "score ≤ weight", "write <="),
    ("indicators", "得分 ＜ 分值", "write <$"),
    ("indicators", "total（指标.分值）== 1", "write \\("),
    ("indicators", "score == “a”", 'write "'),
    # names
    ("indicators", "scroe <= weight", "did you mean score"),
    ("indicators", "得份 <= 分值", "did you mean 得分"),
    ("indicators", "total_weight == 100", "write forms.total_weight"),
    ("forms", "total(indicators.wieght) == 100", "did you mean weight"),
    ("forms", "total(indicator.weight) == 100", "unknown table indicator"),
    ("forms", "totl(indicators.weight) == 100", "did you mean total"),
    ("forms", "indicators.weight == 100", "inside a figure"),
    ("forms", "indicators == 1", "is a table"),
    ("indicators", "blank", "is a function, write blank"),
    ("forms", "total(weight) == 100", "name their table: indicators.weight"),
    ("indicators", "count(score < indicators.weight) == 1", "write indicators.score"),
    ("forms", "total(indicators.weight, budget_lines.budget > 0)", "one figure reads one table"),
    ("forms", "total(total(indicators.weight))", "inside another figure"),
    ("forms", "rows(forms) == 1", "rows\\(\\) takes a table"),
    ("forms", "rows() == 1", "takes 1 to 2 operands"),
    # units
    ("indicators", "score <= reason", "cannot be compared"),
    ("budget_lines", "budget + rate > 1", "means nothing"),
    ("budget_lines", "budget * rate > 1", "share"),
    ("budget_lines", "budget > weight", "cannot be compared"),
    ("indicators", "score / target_value > 1", "means nothing"),
    ("indicators", "score * weight > 1", "means nothing"),
    ("indicators", "1 / score > 1", "means nothing"),
    ("indicators", 'reason >= "a"', "has no order"),
    ("indicators", "target_vague < target_perception", "has no order"),
    ("indicators", 'reason + "a" == "b"', "takes numbers"),
    ("indicators", "done_to - done_from > 3", "days"),
    ("indicators", 'done_to > "soon"', "is not a date"),
    ("indicators", "done_to > 2023", "cannot be compared"),
    ("indicators", "score and weight", "and joins conditions"),
    ("indicators", "not score", "not joins conditions"),
    ("indicators", "1 if score else 2", "if joins conditions"),
    ("indicators", 'score if target_vague else "a"', "do not go together"),
    ("indicators", "score in [1, \"a\"]", "all numbers or all text"),
    ("indicators", 'score in ["a"]', "cannot be in a list"),
    ("indicators", "score in []", "at least one"),
    ("indicators", "score in [weight]", "plain values"),
    ("indicators", "score in weight", "stands a list"),
    ("indicators", "1 < score in [1]", "in stands alone"),
    ("indicators", "[1, 2]", "a list outside"),
    ("indicators", "blank(score)", "must be text"),
    ("indicators", "filled(1)", "not about a constant"),
    ("indicators", "length(score) > 1", "must be text"),
    ("indicators", "digits(score + 1) > 1", "printed digits"),
    ("indicators", "digits(twins) > 1", "printed digits"),
    ("indicators", "percent(score) > 1", "plain number"),
    ("budget_lines", "ratio_matches(executed, budget, score)", "must be a percentage"),
    ("budget_lines", "ratio_matches(executed, budget, percent(executed / budget))", "printed digits"),
    ("budget_lines", "ratio_matches(executed, score, rate)", "do not go together"),
    ("budget_lines", "ratio_matches(executed, budget)", "takes 3 operands, not 2"),
    ("budget_lines", 'rounding_fits(executed, budget, rate, "floor")', "must be one of"),
    ("budget_lines", "round_half_up(rate, 1.5) == 1", "whole number"),
    ("budget_lines", "round_half_up(rate, 7) == 1", "0 to 6"),
    ("budget_lines", "round_half_up(rate, weight) == 1", "written out"),
    ("forms", "count(indicators.weight) == 1", "takes a condition"),
    ("forms", "total(indicators.name) == 1", "takes a number"),
    ("forms", "total(indicators.weight, indicators.name) == 1", "must be true or false"),
    ("forms", "total(indicators.score / indicators.weight) > 1", "cannot run over quotients"),
    ("forms", "slack(100, budget_lines.budget) > 1", "printed total"),
    ("budget_lines", "slack(budget, executed) > 1", "how many there are"),
    # patterns
    ("indicators", 'matches(name, "(")', "not a regular expression"),
    ("indicators", 'matches(name, "(?<=a)b")', "look-around"),
    ("indicators", 'matches(name, "(a)\\1")', "backreferences"),
    ("indicators", 'matches(name, "(a{1000}){1000}")', "size limit|too big|exceeds"),
    ("indicators", f'matches(name, "{"a" * 201}")', "longer than 200"),
    ("indicators", "matches(name, reason)", "written out"),
    # literals
    ("indicators", "score == 1e999999999", "not a plain number"),
    ("indicators", "score == 1e3", "not a plain number"),
    ("indicators", "score == 0x10", "not a plain number"),
    ("indicators", "score == 1_000", "not a plain number"),
    ("indicators", "score == 1j", "not part|complex|plain"),
    ("indicators", "score == " + "9" * 19, "not a plain number"),
    ("indicators", "score == 0.12345678901", "not a plain number"),
    ("indicators", "score == " + "9" * 1900, "not a plain number"),
    ("indicators", 'name == r"a"', "one pair of quotes"),
    ("indicators", 'name == "a" "b"', "one pair of quotes"),
    ("indicators", 'name == """a"""', "one pair of quotes"),
    ("indicators", 'name == b"a"', "not part|quotes"),
    ("indicators", 'name == "a', "not closed"),
    ("indicators", 'name == "a\\"', "backslash cannot stand before"),
    # sizes
    ("indicators", "", "empty"),
    ("indicators", "   \u3000 ", "empty"),
    ("indicators", "-" * 3000 + "score", "longer than"),
    ("indicators", "-" * 1900 + "score", "nested too deeply"),
    ("indicators", "not " * 450 + "target_vague", "nested too deeply"),
    ("indicators", "(" * 300 + "score" + ")" * 300, "nested too deeply"),
    ("indicators", " + ".join(["1"] * 250) + " > 0", "nested too deeply|parts"),
    ("indicators", " and ".join(["twins > 0"] * 140), "more than 400 parts"),
    ("indicators", "score > 0\x00", "U\\+0000"),
    ("indicators", "score > 0\u2028", "U\\+2028"),
    ("indicators", "score > \ud800", "U\\+D800"),
    ("indicators", "score / 0 > 1", "division by zero"),
    ("indicators", "score / (1 - 1) > 1", "division by zero"),
    # 128 bits
    ("indicators", "target_value * (target_value / actual_value) * (target_value / actual_value) > 1", "more than 128 bits"),
    ("forms", "total(budget_lines.budget * 999999999999999999) > 1", "128 bits"),
]


@pytest.mark.parametrize(("table", "text", "reason"), REFUSED, ids=[repr(text)[:60] for _, text, _ in REFUSED])
def test_refused(table: str, text: str, reason: str) -> None:
    """The fault says what is wrong in one line and where."""
    with pytest.raises(LanguageFault, match=reason) as caught:
        parse(text, table)
    assert "\n" not in caught.value.message
    assert 1 <= caught.value.column <= max(len(text), 1) + 1


def test_column_counts_characters() -> None:
    """The column is that of the character, behind Chinese names too."""
    with pytest.raises(LanguageFault) as caught:
        parse("得分 <= 分值 and scroe > 0", "indicators")
    assert caught.value.column == 14


def test_bounds_refuse_only_what_can_overflow() -> None:
    """Products that fit 127 bits at the bounds of their units are accepted, one more factor is not."""
    parse("target_value * (target_value / actual_value) > 1", "indicators")
    with pytest.raises(LanguageFault, match="128 bits"):
        parse("target_value * (target_value / actual_value) > 1 * (aim / measured) * aim", "indicators")


def test_let_may_not_hide_a_name() -> None:
    """A let or parameter cannot take the name of a field, table or function."""
    tree = parse("weight - score", "indicators")
    for name in ("score", "得分", "forms", "total", "合计", "as_of"):
        with pytest.raises(LanguageFault, match="already the name"):
            parse("1 == 1", "indicators", {name: tree})
    with pytest.raises(LanguageFault, match="already the name"):
        parse("1 == 1", "indicators", {}, {"score": 1})


def test_let_of_a_row_cannot_enter_a_figure() -> None:
    """A step of one row means nothing over other rows."""
    tree = parse("weight - score", "indicators")
    with pytest.raises(LanguageFault, match="belongs to one row"):
        parse("count(indicators.score > lost) > 1", "indicators", {"lost": tree})


def test_lets_cannot_grow_without_measure() -> None:
    """Doubling lets are refused long before they fill memory."""
    lets = {"a0": parse("score + weight", "indicators")}
    with pytest.raises(LanguageFault, match=r"too large|128 bits|let names"):
        for n in range(60):
            lets[f"a{n + 1}"] = parse(f"least(a{n}, a{n} + 1)", "indicators", lets)


@pytest.mark.parametrize("value", [1.5, True, Decimal("NaN"), Decimal("Infinity"), Decimal("1e30"), Decimal("1e-11"), Decimal("1e-999999999"), 10**18, [], [1, "a"], [[1]], object(), Fraction(1, 10**11)])
def test_inexact_params_refused(value: object) -> None:
    """Parameters are exact and of a plain kind."""
    with pytest.raises(LanguageFault, match=r"parameter limit|list"):
        parse("score > limit", "indicators", {}, {"limit": value})  # type: ignore[dict-item]


WORDS = [*BY_TABLE["indicators"], *BY_TABLE["forms"], *FUNCTIONS, *AGGREGATES, "forms", "indicators", "indicators.score", "and", "or", "not", "in", "if", "else",
         "lambda", "for", "is", "None", "True", "0", "1", "0.8", "1e9", '"a"', "'", '"', "(", ")", "[", "]", "{", "}", ",", ".", "+", "-", "*", "/", "**", "%", "<", "<=",
         "==", "!=", ":=", ":", "#", "\\", "\n", "得分", "分值", "（", "，", "_", "__class__", "@", "...", "->", "\x00", "\ud800", "🙂", "i\u0307", "ﬁeld"]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.lists(st.sampled_from(WORDS), max_size=20).map("".join))
@example("(" * 1999)
@example("[" * 39 + "-" * 1900)
@example("a." * 900 + "b")
@example("1if 1else 1" * 100)
@example("not " * 499)
@example("score<" * 300 + "score")
@example("1" + "+1" * 999)
@example("f(" * 39 + ")" * 39)
@example("\t\f score")
def test_no_text_breaks_the_parser(text: str) -> None:
    """Whatever the text of a rule, parsing gives a tree or a LanguageFault."""
    try:
        parse(text, "indicators")
    except LanguageFault as fault:
        assert "\n" not in fault.message


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(string.printable, max_size=200))
def test_no_characters_break_the_parser(text: str) -> None:
    """Random characters give a tree or a LanguageFault."""
    try:
        parse(text, "forms")
    except LanguageFault as fault:
        assert fault.column >= 1

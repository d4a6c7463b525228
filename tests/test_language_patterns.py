"""Patterns on one text, without Polars: the same answer as Polars gives for columns, in time linear in the text."""

from __future__ import annotations

import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checker import load_rules
from checker.language.calls import _search
from checker.language.functions import pattern_fault
from checker.language.nodes import SUBSTANCE, Call, Const, walk
from checker.language.patterns import Beyond, automaton, has_substance

ATOMS = st.sampled_from(["a", "b", "完", "成", "1", r"\d", r"\s", ".", "[ab]", "[^a1]", "[a-c完]", r"[\d.]", "[/—-]", r"\.", r"\-", "^", "$", " ", "\u3000", r"[^\s]", "(?:a|b)", "()"])
QUANTIFIERS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}", "+?", "*?"])
TEXTS = st.text(st.sampled_from([*"ab完成1２. /—-\n\t\u3000\x85\x1c^$c]"]), max_size=12)
PATTERNS = st.recursive(
    st.lists(st.tuples(ATOMS, QUANTIFIERS).map("".join), max_size=4).map("".join),
    lambda inner: st.one_of(st.lists(inner, min_size=1, max_size=3).map("|".join), st.tuples(inner, QUANTIFIERS).map(lambda pair: f"({pair[0]}){pair[1]}"), st.lists(inner, max_size=3).map("".join)),
    max_leaves=6,
)


def by_polars(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern)[0])


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=4))
def test_random_patterns_mean_what_they_mean_to_polars(pattern: str, texts: list[str]) -> None:
    """Every pattern the automaton takes gives Polars' answer on every text."""
    assume(pattern_fault(pattern) is None)
    made = automaton(pattern)
    if made is not None:
        assert [made.search(text) for text in texts] == [by_polars(pattern, text) for text in texts]


@given(st.text(st.sampled_from([*"ab|()[]{}*+?^$.\\-,&~12dswbpD#x: "]), max_size=9), TEXTS)
@settings(max_examples=500, deadline=None)
def test_a_pattern_that_is_taken_is_one_polars_takes_the_same_way(pattern: str, text: str) -> None:
    """Marks in any order: what the automaton takes and Polars refuses, or understands otherwise, would be a fault."""
    made = automaton(pattern)
    if made is not None and pattern_fault(pattern) is None:
        assert made.search(text) is by_polars(pattern, text)


def shipped() -> list[str]:
    trees = [tree for rule in load_rules().rules for tree in (rule.when, rule.expect, rule.expected, *rule.let.values(), *(t for t, _ in rule.severity_when)) if tree is not None]
    calls = [node for tree in trees for node in walk(tree.root) if isinstance(node, Call) and node.name == "matches"]
    return sorted({str(call.args[1].value) for call in calls if isinstance(call.args[1], Const)})


@pytest.mark.parametrize("pattern", shipped())
def test_shipped_patterns_are_all_plain(pattern: str) -> None:
    """A run of one form needs no other evaluator; each gives Polars' answer on words cut from the patterns themselves."""
    made = automaton(pattern)
    assert made is not None
    words = [word for other in shipped() for word in re.findall(r"[\u4e00-\u9fff]+|[0-9%≥≤/—-]+", other)] + ["", " ", "无", " 无 ", "3 /", "（1）", "目标表", "12月31日前完成"]
    assert [made.search(word) for word in words] == pl.Series(words).str.contains(pattern).to_list()


@pytest.mark.parametrize("pattern", [r"\w", r"\bx", r"(?i)x", r"\p{Han}", "[[:alpha:]]", "a{1", "[a&&b]", "^^a", "a$$", "(^)*a", "x" * 700])
def test_what_lies_beyond_the_plain_part_is_left_to_polars(pattern: str) -> None:
    """No guess: the automaton refuses."""
    assert automaton(pattern) is None


def test_a_character_python_does_not_know_is_left_to_polars() -> None:
    """Unassigned in Python's tables, perhaps a digit or letter in newer ones."""
    unknown = next(chr(c) for c in range(0x30000, sys.maxunicode) if unicodedata.category(chr(c)) == "Cn")
    made = automaton(r"^\d")
    assert made is not None
    with pytest.raises(Beyond):
        made.search(unknown)
    assert has_substance(unknown) is None
    assert _search(unknown, SUBSTANCE) is by_polars(SUBSTANCE, unknown)


@given(st.text(max_size=4))
@settings(max_examples=300, deadline=None)
def test_substance_is_what_polars_calls_letters_and_digits(text: str) -> None:
    """`blank` on one text and on columns."""
    assert _search(text, SUBSTANCE) is by_polars(SUBSTANCE, text)


def test_work_does_not_grow_beyond_the_text() -> None:
    """Nested and neighbouring repetitions, deadly for a backtracking matcher: a longer text needs no more states."""

    def known(size: int) -> int:
        made = automaton(r"^(\s*\s*\d*a?)*\s*(a|aa)+$")
        assert made is not None
        made.moves.clear()
        assert not made.search(" a" * size + "x")
        return len(made.moves)

    assert known(20_000) == known(20) < 20


def test_repetitions_of_nothing_are_read_at_once() -> None:
    """They hold no place to count: written out they would come to 600 ** 8 copies."""
    made = automaton("(" * 8 + "){600}" * 8 + "x")
    assert made is not None
    assert made.search("axa")
    assert not made.search("aa")

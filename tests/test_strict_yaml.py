"""YAML of strangers: what it may hold, and everything it may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import RuleError
from checker.faults import in_language
from checker.strict_yaml import MAX_BYTES, load, load_file, plain, suggest, unknown_keys


def test_scalars_stay_text() -> None:
    """Numbers, times and yes/no words stay text; only null, true and false are read."""
    node = load("a: 010\nb: 12:30\nc: no\nd: 1.00\ne: null\nf: true\ng: 'null'\nh:\n", "f")
    assert plain(node) == {"a": "010", "b": "12:30", "c": "no", "d": "1.00", "e": None, "f": True, "g": "null", "h": None}


def test_every_node_knows_its_line() -> None:
    """A fault can name the line of any value."""
    node = load("a:\n  b: 1\n  c:\n    - x\n    - y\n", "f")
    inner = node.get("a")
    assert inner is not None
    items = inner.get("c")
    assert items is not None and [item.line for item in items.items] == [4, 5]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\na: 2", "f:2 a: written twice (first on line 1)"),
        ("a: {b: 1, b: 2}", "f:1 b: written twice (first on line 1)"),
        ("a: &x 1", "f:1 anchor &x is not allowed"),
        ("a: [&x 1, *x]", "f:1 alias *x is not allowed, write the value out"),
        ("a: !!python/object:os.system x", "f:1 tag tag:yaml.org,2002:python/object:os.system is not allowed"),
        ("<<: {a: 1}", "f:1 merge key << is not allowed"),
        ("--- a\n--- b", "f:2 a second document, keep one a file"),
    ],
)
def test_surprising_yaml_is_a_fault_with_its_line(text: str, fault: str) -> None:
    """Duplicate keys, anchors, aliases, tags, merge keys and second documents are refused."""
    with pytest.raises(RuleError) as raised:
        load(text, "f")
    assert fault in raised.value.faults


def test_all_faults_are_reported_at_once() -> None:
    """One run shows every fault of a file."""
    with pytest.raises(RuleError) as raised:
        load("a: &x 1\na: 2\nb: !t 1", "f")
    assert len(raised.value.faults) == 3


def test_size_and_depth_are_capped() -> None:
    """A huge or deeply nested file ends in one line, not in memory."""
    with pytest.raises(RuleError, match="larger than"):
        load("a" * (MAX_BYTES + 1), "f")
    with pytest.raises(RuleError, match="nested deeper"):
        load("[" * 100 + "]" * 100, "f")


def test_files_that_cannot_be_read_are_faults(tmp_path: Path) -> None:
    """Missing and non-UTF-8 files are named."""
    with pytest.raises(RuleError, match="cannot be read"):
        load_file(tmp_path / "none.yaml", "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("标题: 一".encode("gb18030"))
    with pytest.raises(RuleError, match="not UTF-8"):
        load_file(tmp_path / "gbk.yaml", "gbk.yaml")


def test_unknown_keys_are_named_with_the_nearest_known_one() -> None:
    """A typing error is answered with a suggestion."""
    assert unknown_keys(load("titel: 1", "f"), ("title", "id"), "f DED-001") == ['f:1 DED-001.titel: unknown key (did you mean "title"?)']
    assert suggest("zzz", ("title",)) == ""


@given(st.text(max_size=200))
def test_no_text_breaks_the_loader(text: str) -> None:
    """Any text gives a node or a RuleError."""
    try:
        load(text, "f")
    except RuleError as error:
        assert error.faults


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a:\n  - {b: 1\n", "x.yaml:3 不是 YAML（缺 , 或 }）"),
        ("a: [1\nb: 2\n", "x.yaml:2 不是 YAML（缺 , 或 ]）"),
        ("a: b: c\n", "x.yaml:1 不是 YAML（此处不能有键和值，请看冒号和缩进）"),
        ('a: "b\n', "x.yaml:2 不是 YAML（引号没有结束）"),
        ("a: @b\n", "x.yaml:1 不是 YAML（有不能用来开头的字符，文字请加引号）"),
        ("a: 1\n b: 2\n", "x.yaml:2 不是 YAML（此处不能有键和值，请看冒号和缩进）"),
    ],
)
def test_what_is_no_yaml_is_told_in_both_languages(text: str, zh: str) -> None:
    """The fault says that it is no YAML, and why, in one language."""
    with pytest.raises(RuleError) as caught:
        load(text, "x.yaml")
    (fault,) = caught.value.faults
    assert " not YAML (" in fault and in_language(fault, "zh") == zh

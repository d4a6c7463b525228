"""Answers kept by text: the same as without, within a bound, nothing long and no fault kept."""

from __future__ import annotations

import pytest

from checker import remembered as module
from checker.remembered import SHORT, remembered


def test_a_short_text_is_worked_out_once_a_long_one_each_time() -> None:
    """Same answers; only texts up to the bound are kept."""
    asked: list[str] = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = ["", "分值", "分值", "长" * SHORT, "长" * SHORT, "长" * (SHORT + 1), "长" * (SHORT + 1)]
    assert [length(text) for text in texts] == [len(text) for text in texts]
    assert [len(text) for text in asked] == [0, 2, SHORT, SHORT + 1, SHORT + 1]


def test_no_more_answers_are_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is no room all are forgotten, and asked for anew."""
    monkeypatch.setattr(module, "KEPT", 3)
    asked: list[str] = []

    @remembered
    def same(text: str) -> str:
        asked.append(text)
        return text

    for text in "abcabcdddabc":
        assert same(text) == text
    assert "".join(asked) == "abcdabc"


def test_a_fault_is_raised_each_time() -> None:
    """What raises has no answer that could be kept."""

    @remembered
    def number(text: str) -> int:
        return int(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="x"):
            number("x")
    assert number("7") == 7

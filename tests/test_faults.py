"""Faults a user can cause are said in the language of the run, Chinese unless English is asked for."""

from __future__ import annotations

import re

import pytest
from fault_sources import FILLED, PACKAGE, said
from yardstick import at_most

from checker.faults import in_language
from checker.kept import words

FAULTS = {text: place for place, text in said()}


def test_the_source_is_read() -> None:
    """A pattern that no longer finds the faults would find nothing missing either."""
    assert len(FAULTS) > 300


QUOTED = {"zh": " ".join(en for _, en in words(PACKAGE / "faults.yaml")), "en": " ".join(zh for zh, _ in words(PACKAGE / "faults.yaml"))}
"""Titles of forms in English sentences, commands in Chinese ones."""


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_every_fault_is_there_in_both_languages(fault: str) -> None:
    """A fault that stays as it is in the other language is missing from faults.yaml; there and back it is the same."""
    if fault.startswith(f"{FILLED}{FILLED} @ "):  # a list of other faults
        fault = fault.partition("，")[2]
    arises = "zh" if re.search(r"[\u4e00-\u9fff]", fault) and not fault.startswith("the pattern marks") else "en"
    there = in_language(fault, {"zh": "en", "en": "zh"}[arises])
    assert there != fault, FAULTS[fault]
    left = re.findall(r"[\u4e00-\u9fff]{2,}" if arises == "zh" else r"[a-z]{2,} [a-z]{2,}", there)
    assert [words for words in left if words not in QUOTED[arises]] == [], there
    assert spaced(in_language(there, arises)) == spaced(fault)
    assert in_language(fault, arises) == fault


def spaced(fault: str) -> str:
    return re.sub(r" ?@ ", " @ ", fault)


@pytest.mark.parametrize(
    ("fault", "zh", "en"),
    [
        ("文件不存在 @ 甲，乙.xlsx，请检查路径", "文件不存在 @ 甲，乙.xlsx，请检查路径", "there is no such file @ 甲，乙.xlsx, check the path"),
        ("a.yaml:3 DED-001.expect: money × a score means nothing", "a.yaml:3 DED-001.expect: 金额 × 分数 没有意义", "a.yaml:3 DED-001.expect: money × a score means nothing"),
        ("a.yaml:3 DED-001.expect: unknown function foo (did you mean only?)", "a.yaml:3 DED-001.expect: 没有函数 foo（是否要写“only”？）", "a.yaml:3 DED-001.expect: unknown function foo (did you mean only?)"),
        ("第3行 缺 日期；第4行 日期“x”不是 2024-04-18 这样的日期 @ e.csv，请改正后重新提交", "第3行 缺 日期；第4行 日期“x”不是 2024-04-18 这样的日期 @ e.csv，请改正后重新提交", "line 3 lacks 日期; line 4 “x” is no date like 2024-04-18 @ e.csv, correct it and submit it again"),
        ("Invalid value for '--jobs': 'two' is not a valid integer.", "'--jobs' 的值不对：'two' 不是整数。", "Invalid value for '--jobs': 'two' is not a valid integer."),
        ("我的一句话", "我的一句话", "我的一句话"),
        ("cannot write @ a: b, c.html: Permission denied, choose another place", "无法写入 @ a: b, c.html：没有权限，请另选位置", "cannot write @ a: b, c.html: Permission denied, choose another place"),
        ("cannot write @ out.html: Permission denied, choose another place", "无法写入 @ out.html：没有权限，请另选位置", "cannot write @ out.html: Permission denied, choose another place"),
    ],
)
def test_places_and_quotations_stay(fault: str, zh: str, en: str) -> None:
    """File names, positions and what was filed are quoted; what is none of ours is left alone."""
    assert (in_language(fault, "zh"), in_language(fault, "en")) == (zh, en)


def test_pages_are_named_behind_the_file() -> None:
    """The words for pages are part of what is said: none of them stays in Chinese, and the file stays before it."""
    said = in_language("form.pdf: 第 1 页有 6 个斜排的字符（水印、印章），没有读", "en")
    assert said == "form.pdf: 6 slanted characters (a watermark, a seal) not read: page 1"
    assert in_language("form.pdf: 表1 跨第 1–3、5 页，已接成一张", "en") == "form.pdf: table 1 runs over pages 1–3、5 and was joined"


def test_long_names_of_strangers_cost_little() -> None:
    """Work grows with the length of a fault, whatever stands in it: names of files come from strangers."""
    with at_most(5):
        for _ in range(20):
            in_language("没有 " * 600 + "a: " * 600, "en")
            in_language("文件不存在 @ " + "，请" * 900, "en")
            in_language("Invalid value for a: " * 95, "zh")

"""Findings on a terminal: grouped, aligned for Chinese, safe, with one summary line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results_factory import (
    HOSTILE,
    RULES,
    finding,
    form_result,
    hostile,
    results,
    row_of,
    seed,
    seed_findings,
    seed_form,
)

from checker.model import Outcome, RuleOutcome, Unreadable, Verdict
from checker.render import terminal
from checker.render.arrange import arranged
from checker.render.shown import pad, visible, width, wrapped

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def test_the_last_line_sums_the_run_up() -> None:
    """The last line has the verdict, the counts by severity, what is undecided, and the rules by outcome."""
    last = terminal.render(seed()).splitlines()[-1]
    assert last.startswith("退回修改：错误 6 · 警告 9 · 提示 3；未能判定 1；待人工判断 1；")
    assert last.endswith("规则：通过 4，未通过 10，未能判定 1，待人工判断 1，不适用 2，出错 0")


def test_quiet_keeps_only_the_summary() -> None:
    """With one form quiet gives one line; with several, one line a form and the summary."""
    assert len(terminal.render(seed(), quiet=True).splitlines()) == 1
    form = form_result(seed_form(), seed_findings(seed_form()))
    assert len(terminal.render(results([form, form]), quiet=True).splitlines()) == 3


def test_findings_stand_in_order_of_severity_with_arithmetic() -> None:
    """Errors come before warnings, those before notes, undecided ones last; each sum stands under its finding."""
    text = terminal.render(seed())
    order = [text.index(rule) for rule in ("ACH-005", "DED-001", "ACH-001", "BUD-002", "TGT-008", "SCO-002")]
    assert order == sorted(order)
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if "第 39 行第 9 格" in line)
    assert "扣 0.20 分" in lines[at]
    assert lines[at + 1].strip() == "1.00 − 0.80 = 0.20"


def test_messages_of_one_rule_begin_in_the_same_column() -> None:
    """Messages are aligned by terminal columns, Chinese characters taking two."""
    lines = terminal.render(seed()).splitlines()
    starts = {width(line[: line.index("完成值是指标值的")]) for line in lines if "完成值是指标值的" in line}
    assert len(starts) == 1


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_message_line_is_wider_than_asked(columns: int, lang: str) -> None:
    """Text of findings is folded to the width; only headings and the summary may be longer."""
    for line in terminal.render(seed(lang), width=columns).splitlines():
        if line.startswith("   "):
            assert width(line) <= columns


def test_colour_is_off_unless_asked() -> None:
    """Without colour no escape is sent; with it the text is the same once the escapes are taken out."""
    plain, coloured = terminal.render(seed()), terminal.render(seed(), color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("text", [*HOSTILE, "水" * 100_000, "x" * 100_000])
def test_a_form_cannot_send_control_characters(text: str) -> None:
    """Escapes, bidi marks, carriage returns and line feeds of a form are shown, not sent; long texts are cut."""
    out = terminal.render(hostile(text), color=True)
    out = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert not CONTROL.search(out)
    assert len(out) < 20_000
    assert out.encode("utf-8")


def test_line_feeds_of_a_form_do_not_break_lines() -> None:
    """A forged summary line inside a message stays inside its own line."""
    out = terminal.render(hostile("ok\n通过：错误 0"))
    assert not any(line.startswith("通过") for line in out.splitlines())


def test_rules_left_undecided_without_a_finding_are_listed() -> None:
    """A rule that came out open has its reason printed even when no row of it is a finding."""
    form = form_result(seed_form())
    rules = (RuleOutcome("XFM-001", Outcome.OPEN, open=1, reason="没有上年的表"),)
    text = terminal.render(results([type(form)(form.form, Verdict.REVIEW, None, (), rules)]))
    assert "XFM-001  没有上年的表" in text


def test_unreadable_files_are_named() -> None:
    """A file that gave no form is named with its reason and counted in the summary."""
    text = terminal.render(results([], unreadable=[Unreadable("坏.xlsx", "不是工作簿")]))
    assert "读不出 坏.xlsx：不是工作簿" in text
    assert "读不出的文件 1" in text.splitlines()[-1]
    assert text.splitlines()[-1].startswith("没有可审核的表：")
    assert terminal.render(results([])).splitlines()[-1] == "没有可审核的表"


def test_ranges_are_shortened() -> None:
    """The places of a finding on many rows are written as ranges."""
    assert "第 27–48、50–78 行" in terminal.render(seed())


def test_anchors_are_unique_and_do_not_depend_on_order() -> None:
    """Each finding has its own anchor, the same whatever order the findings come in."""
    found = seed_findings(seed_form())
    one = {i.finding.fingerprint: i.anchor for g in arranged(found) for i in g.items}
    two = {i.finding.fingerprint: i.anchor for g in arranged(tuple(reversed(found))) for i in g.items}
    assert one == two
    assert len(set(one.values())) == len(found)
    assert "DED-001-L39" in one.values()


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=300)
def test_visible_leaves_nothing_hidden(text: str) -> None:
    """No control, bidi or surrogate character is left, and text without any is untouched."""
    out = visible(text, one_line=True)
    assert not CONTROL.search(out)
    assert visible(out, one_line=True) == out


@given(st.text(alphabet="汉字 ab，1", max_size=200), st.integers(8, 40))
@settings(max_examples=300)
def test_folding_keeps_every_character(text: str, columns: int) -> None:
    """Folded lines fit the width and, spaces aside, hold the whole text in order."""
    lines = wrapped(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_words_and_numbers_are_not_cut() -> None:
    """A line ends at a space or beside a Chinese character, never before a closing mark; what fits no line is cut."""
    assert wrapped("9,391,037.56 ÷ 9,597,603.49 = 97.8477%，填报 97.84%", 22) == ["9,391,037.56 ÷", "9,597,603.49 =", "97.8477%，填报 97.84%"]
    assert wrapped("归在社会效益指标（文字匹配，需人工核对）", 14) == ["归在社会效益指", "标（文字匹配，", "需人工核对）"]
    assert wrapped("需要由人核对）。", 14) == ["需要由人核", "对）。"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_padding_counts_columns() -> None:
    """Two Chinese characters take four columns."""
    assert pad("汉字", 6) == "汉字  "


def test_what_several_rules_lack_is_said_once() -> None:
    """Rules undecided for the same reason stand under each other, the reason behind the first."""
    form = seed_form()
    found = tuple(finding(form, RULES[id], [row_of(27)], "score", "得分格丢失", kind=Outcome.OPEN) for id in ("ACH-001", "DED-001", "SCO-001"))
    text = terminal.render(results([form_result(form, found)]))
    assert text.count("得分格丢失") == 1
    assert [line.split()[0] for line in text.splitlines() if line.startswith("   ") and "-001" in line] == ["ACH-001", "DED-001", "SCO-001"]

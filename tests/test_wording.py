"""Words for one and for many: what is counted agrees with its number in every catalogue of English sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from results_factory import form_result, results, seed_findings, seed_form

from checker.faults import in_language
from checker.layouts.messages import english
from checker.render import html, markdown, terminal
from checker.wording import phrase, retold, templates

ROOT = Path(__file__).parent.parent
WORD = re.compile(r"\{(\w+):[^{}|]*\|[^{}|]*\}")
UNCOUNTED = re.compile(r"\{(\w+)(?::,)?\} (?:(?:more|hidden|undecided|number|level-2|other) )*(?!is\b|its\b|as\b|has\b|was\b|this\b|takes\b|means\b|runs\b|goes\b|lacks\b|hides\b)[a-z]+s\b")
COUNTS = frozenset(["n", "many", "count", "rows", "columns", "forms", "files", "names", "unread", "unreadable", "all", "open", "error", "warning", "note", "chars", "characters", "width", "indicators", "groups", "units", "added", "gone", "wanted", "given", "days", "pages", "left"])
"""Slots that count something; bounds (most, limit, seconds) are never one."""
SEVERAL = {"{many} findings have", "a form has {many} rows of {table}, at most {most} can be checked exactly", "{days} days from approval, at most {most} ({day})"}
"""Said of more than one only."""


def texts(node: object) -> Iterator[str]:
    """Yield every text of a catalogue."""
    if isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str):
        yield node


def catalogue() -> list[str]:
    """Every English sentence of the outputs, the faults and the notes on reading."""
    labels = yaml.safe_load((ROOT / "reports/labels.en.yaml").read_text(encoding="utf-8"))
    pages = yaml.safe_load((ROOT / "reports/rules.labels.yaml").read_text(encoding="utf-8"))["en"]
    said = yaml.safe_load((ROOT / "checker/layouts/messages.yaml").read_text(encoding="utf-8"))["messages"]
    faults = yaml.safe_load((ROOT / "checker/faults.yaml").read_text(encoding="utf-8"))
    return [*texts(labels), *texts(pages), *(entry["en"] for entry in said.values()), *(en for _, en in faults)]


@pytest.mark.parametrize(("n", "said"), [(0, "0 forms were read"), (1, "1 form was read"), (2, "2 forms were read"), (21, "21 forms were read")])
def test_the_word_agrees_with_its_number(n: int, said: str) -> None:
    """One form was read, any other number of forms were."""
    assert phrase("{n} {n:form was|forms were} read", n=n) == said


def test_texts_of_a_form_are_values_not_patterns() -> None:
    """Braces and bars in a value are shown as they stand."""
    assert phrase("{n} {n:form|forms}: {what}", n=1, what="{n:a|b} {x}") == "1 form: {n:a|b} {x}"


@pytest.mark.parametrize("n", ["1", "7"])
def test_a_sentence_is_told_again_for_one_and_for_many(n: str) -> None:
    """Both readings of a template are known, whichever language the sentence arose in."""
    pair = ("另有 {n} 个文件", "{n} more {n:file|files}")
    there = f"{n} more {'file' if n == '1' else 'files'}"
    assert retold(f"另有 {n} 个文件", templates([pair]), lambda _, value: value) == there
    assert retold(there, templates([pair[::-1]]), lambda _, value: value) == f"另有 {n} 个文件"


def test_counts_of_the_catalogues_have_words_for_one_and_many() -> None:
    """No sentence counts things in a plural that holds for one as well."""
    wrong = [text for text in catalogue() if text not in SEVERAL and any(found[1] in COUNTS for found in UNCOUNTED.finditer(text))]
    assert wrong == []


def test_words_go_with_a_number_of_their_sentence() -> None:
    """The slot that a word agrees with stands in the sentence itself: a slip in its name would be a plural for ever."""
    for text in catalogue():
        for word in WORD.finditer(text):
            assert re.search(rf"\{{{word[1]}(:,)?\}}", text), text


def test_notes_and_faults_count_one() -> None:
    """A note on the reading and a fault in English, each of one thing."""
    assert english("一行写了 1 项指标，以换行分开，按行拆开（推定）").startswith("one row holds 1 indicator divided")
    assert in_language("另有 1 个文件没有标注副本", "en") == "1 more file has no marked copy"
    assert in_language("1 more file has no marked copy", "zh") == "另有 1 个文件没有标注副本"


def test_outputs_count_one() -> None:
    """A run of one form with one finding speaks of one form and one finding."""
    form = seed_form()
    run = results([form_result(form, seed_findings(form)[:1])], lang="en")
    for page in (terminal.render(run), markdown.render(run), html.render(run, run.forms[0]), html.render_index(run, {})):
        assert not re.search(r"\b1 (forms|errors|warnings|notes|files|rules|findings|cells|rows)\b", page)


def test_two_counts_of_one_sentence_are_told_back_each_by_its_own_number() -> None:
    """One insertion beside three deletions is found again, as are all other ways that two numbers may go."""
    sentence, other = "{added} {added:row|rows} added, {gone} {gone:row|rows} gone", "增加 {added} 行，减少 {gone} 行"
    known = templates([(sentence, other)])
    for added, gone in ((1, 1), (1, 3), (3, 1), (3, 3)):
        assert retold(phrase(sentence, added=added, gone=gone), known, lambda _, value: value) == f"增加 {added} 行，减少 {gone} 行"


@pytest.mark.parametrize(("tables", "said"), [("1 张表里没有自评表的列名", "1 table was seen, with no column title of such a form;"), ("2 张表里只见到 分值、得分", "2 tables were seen, with nothing but 分值、得分;")])
def test_the_refusal_of_a_file_without_a_form_is_a_sentence(tables: str, said: str) -> None:
    """What was seen instead reads as English for one table and for several."""
    fault = f"没有找到绩效自评表 @ a.html：找过预算部分（预算数、执行数、执行率）和指标部分（一级指标、三级指标、年度指标值、完成值、分值、得分），{tables}，请提交含完整表头的自评表"
    assert said in in_language(fault, "en")

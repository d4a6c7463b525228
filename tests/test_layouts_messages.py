"""What is told about reading a form is complete in Chinese and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.forms.explain_layout import explain
from checker.layouts import recognise
from checker.layouts.messages import _data, at, english, field_name, say
from checker.readers import read
from checker.wording import phrase

FORMS = Path(__file__).parent / "corpus" / "forms" / "xlsx"
SEED = Path(__file__).parent.parent / "sample_forms" / "minhang_dpf_2023.txt"
SLOT = re.compile(r"\{(\w+)\}")
OURS = re.compile(r"第\d+[行格列页]|错位|合并为一格|没有找到|未读|读作|识别|版式")


@pytest.mark.parametrize("key", sorted(_data()["messages"]))
def test_both_languages_have_the_same_slots(key: str) -> None:
    """English says everything the Chinese sentence says."""
    entry = _data()["messages"][key]
    assert set(SLOT.findall(entry["zh"])) == set(SLOT.findall(entry["en"])) and entry["en"]


@pytest.mark.parametrize("key", sorted(set(_data()["messages"]) - {"at"}))
def test_every_sentence_is_found_again_by_its_template(key: str) -> None:
    """A sentence made by `say` comes out in English with its slots, alone and behind a place."""
    entry = _data()["messages"][key]
    slots = dict.fromkeys(SLOT.findall(entry["zh"]), "7")
    wanted = phrase(entry["en"], **slots)
    assert english(say(key, **slots)) == wanted
    assert english(at("第3行第2格", key, **slots)) == f"line 3, cell 2: {wanted}"


def test_sentences_within_sentences() -> None:
    """Reasons, fields and places inside a sentence are put into English; what the form holds is not."""
    text = at("表1!G13", "cell_unread", field=field_name("score"), text="较好，按规定", why=say("no_number"))
    assert text == "表1!G13：得分“较好，按规定”不是数字"
    assert english(text) == "表1!G13: score “较好，按规定” is not a number"
    steps = "，".join(say("step", field=field_name(name), cell=n) for n, name in enumerate(("name", "weight"), 1))
    assert english(say("shifted", at="第21行", steps=steps)) == "line 21 was shifted: name ← cell 1, weight ← cell 2"
    weak = say("weak", why="；".join([say("without_budget"), say("without_total")]))
    assert english(weak) == "recognition is weak: no budget block; no total score, the table may be incomplete"


@pytest.mark.parametrize("path", [SEED, *sorted(FORMS.glob("*.xlsx"))], ids=lambda path: path.stem)
def test_the_account_of_real_forms_has_no_chinese_of_ours_in_english(path: Path) -> None:
    """Only quotations and titles of the form stay Chinese in the English account."""
    (document,) = read(path)
    for form in recognise(document):
        account = explain(form, "en")
        left = [line for line in account.splitlines()[1:] if OURS.search(re.sub(r"“[^”]*”", "", line))]
        assert not left, left
        assert form.form_id in explain(form, "zh")


def test_the_account_names_cues_columns_repairs_and_losses() -> None:
    """The seed: layout, each column, 29 moved rows, the lost cells."""
    (document,) = read(SEED)
    (form,) = recognise(document)
    account = explain(form)
    assert "版式“部门整体支出”：见到 整体支出规模" in account and "第4列“三级指标”→ 指标名称" in account
    assert account.count("错位") == 29 and "得分格丢失" in account and "识别可靠" in account

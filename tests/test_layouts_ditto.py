"""同上 in a cell stands for the text above it, and is told; below a blank cell it stands for nothing."""

from __future__ import annotations

from datetime import date

from layout_grids import Entry, Rows, one_form, rows_of

from checker import api
from checker.audit import audit
from checker.model import Form

HEADING: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
REASON = "拆迁户未签约，两座站房不能动工"


def form_of(*reasons: str) -> Form:
    """Return a form of as many indicators, each with points taken off and its cell of the reason."""
    rows: Rows = [HEADING, *[["产出指标", "数量指标", f"修缮站房第{n}批", "≥6座", "4座", "25", "20", reason] for n, reason in enumerate(reasons)], [("合计", 5), str(25 * len(reasons)), str(20 * len(reasons)), ""]]
    return one_form(rows, ("某县站房修缮项目支出绩效自评表（2023年度）",))


def without_reason(form: Form) -> list[str]:
    """Return the lines that DED-001 finds, from the top."""
    (made,) = audit([form], api.load_rules(), as_of=date(2024, 4, 18)).forms
    return sorted(str(at.locator.cell) for found in made.findings if found.rule == "DED-001" for at in found.locations if at.role == "primary")


def test_the_same_reason_in_the_rows_below() -> None:
    """Two rows below a reason refer to it: they have one, said to be that of the row above."""
    form = form_of("无", REASON, "同上", "同 上。")
    assert rows_of(form, "reason") == [("无",), (REASON,), (REASON,), (REASON,)]
    assert [words for words in form.repairs if "取上一行" in words] == [f"表1!H4：“同上”：取上一行的“{REASON}”", f"表1!H5：“同 上。”：取上一行的“{REASON}”"]
    assert form.places["indicators", 3, "reason"].text == "同上"
    assert without_reason(form) == ["H2"]


def test_nothing_above_to_refer_to() -> None:
    """Below a blank cell, and in the first row, 同上 gives no reason."""
    form = form_of("同上", "", "同上", REASON)
    assert rows_of(form, "reason") == [("同上",), (None,), ("同上",), (REASON,)]
    assert without_reason(form) == ["H2", "H3", "H4"]

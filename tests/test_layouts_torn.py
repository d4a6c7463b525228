"""Tables that a page break tore in two: funds, goal and indicators go on in the next table without their titles."""

from __future__ import annotations

import pytest
from layout_grids import Entry, Rows, document, grid, lines, rows_of

from checker.layouts import recognise
from checker.layouts.torn import mend_torn
from checker.model import Form

TITLE = ("某县卫健委2023年度项目支出绩效自评表",)
HEAD: Rows = [["项目名称", ("村卫生室建设", 9)]]
FUNDS: list[list[Entry]] = [
    [("项目资金（万元）", 1, 4), "", ("年初预算数", 2), "全年预算数", ("全年执行数", 2), "分值", "执行率", "得分"],
    ["年度资金总额", ("672", 2), "672", ("660", 2), "10", "98.21%", "9.82"],
    ["其中：当年财政拨款", ("672", 2), "672", ("660", 2), "—", "98.21%", "—"],
    ["其他资金", ("", 2), "", ("", 2), "—", "", "—"],
]
GOALS: list[list[Entry]] = [[("年度总体目标", 1, 2), ("预期目标", 4), ("实际完成情况", 5)], [("建村卫生室", 4), ("已建成", 5)]]
TITLES: list[Entry] = ["绩效指标", "一级指标", "二级指标", ("三级指标", 2), "年度指标值", "实际完成值", "分值", "得分", "原因"]
FIRST: list[Entry] = ["", ("产出指标", 1, 2), "数量指标", ("新建", 2), "≥28所", "28所", "40", "40", ""]
SECOND: list[Entry] = ["", "质量指标", ("合格率", 2), "100%", "95%", "50", "47.5", "两所整改"]
FOOT: Rows = [[("其他需要说明事项", 5), ("无", 5)], [("总分", 7), "100", "97.32", ""]]


def whole(*tables: Rows) -> Form:
    (form,) = recognise(document(*(grid(rows, f"表{number}", TITLE if number == 1 else ()) for number, rows in enumerate(tables, 1))))
    return form


def read(form: Form) -> tuple[object, ...]:
    return (
        lines(form, "label", "initial", "executed", "weight", "score"), [form.header.get(name) for name in ("goal_planned", "goal_actual")],
        rows_of(form, "level1", "level2", "name", "target", "actual", "weight", "score", "reason"), str(form.header.get("total_score")),
    )  # fmt: skip


WHOLE = read(whole([*HEAD, *FUNDS, *GOALS, TITLES, FIRST, SECOND, *FOOT]))


@pytest.mark.parametrize("first", [1, 2, 3])
def test_funds_go_on_in_the_next_table(first: int) -> None:
    """The lines of the funds below the break belong to the funds above it; the label beside them is blank there."""
    upper: Rows = [[("项目资金（万元）", 1, first), *FUNDS[0][1:]], *FUNDS[1:first]]
    lower: Rows = [[("", 1, 4 - first), *FUNDS[first]], *FUNDS[first + 1 :]]
    assert read(whole([*HEAD, *upper], [*lower, *GOALS, TITLES, FIRST, SECOND, *FOOT])) == WHOLE


def test_goal_and_result_go_on_in_the_next_table() -> None:
    """The break stands between the titles of goal and result and the texts below them."""
    torn: Rows = [["", *GOALS[1]], TITLES, FIRST, SECOND, *FOOT]
    assert read(whole([*HEAD, *FUNDS, [("年度总体目标", 1), *GOALS[0][1:]]], torn)) == WHOLE


def test_indicators_go_on_where_merged_cells_hide_a_column() -> None:
    """All names below the break cover two columns: the table there has fewer columns than the one above, and rows of the foot before its total."""
    above: Rows = [*HEAD, *FUNDS, *GOALS, TITLES, ["", "产出指标", *FIRST[2:]]]
    assert read(whole(above, [["", "", *SECOND[1:]], *FOOT])) == WHOLE
    assert read(whole([*above, ["", "", *SECOND[1:]]], FOOT)) == WHOLE


def test_a_level_goes_on_below_its_titles_said_again() -> None:
    """Below the same titles on the next page a blank level is that of the page before."""
    above: Rows = [*HEAD, *FUNDS, *GOALS, TITLES, ["", "产出指标", *FIRST[2:]]]
    assert read(whole(above, [TITLES, ["", "", *SECOND[1:]], *FOOT])) == WHOLE


@pytest.mark.parametrize("other", [
    [["年度资金总额", ("672", 2), "", "672", ("660", 3), "", ""]], [["培训对象", ("120", 2), "672", ("660", 2), "10", "98.21%", "9.82", ""]],
])  # fmt: skip
def test_a_table_that_does_not_suit_the_funds_is_none_of_theirs(other: Rows) -> None:
    """Figures under other columns, or behind a label that no fund has, are not put to the funds above."""
    form = whole([*HEAD, *FUNDS[:2]], other, [TITLES, FIRST, SECOND, *FOOT])
    assert [label for (label,) in lines(form, "label")] == ["年度资金总额"]


def test_thousands_of_tables_are_not_put_together() -> None:
    """A page of a great many one-row tables costs little: a table is torn into a few parts only."""
    part = grid([["上年结转资金", "1", "2", "3"]])
    first = grid([["项目资金", "年初预算数", "全年预算数", "执行数"], ["总额", "1", "2", "3"]])
    assert len(mend_torn([first, *[part] * 1000])) > 900

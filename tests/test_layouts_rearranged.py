"""Tables whose indicators do not stand one a row, or whose cells hold several fields: read where the form itself says how, else told."""

from __future__ import annotations

import pytest
from layout_grids import Rows, lines, one_form, rows_of

from checker.model import Form

TITLE = "2023年度项目支出绩效自评表"


def one(rows: Rows, before: tuple[str, ...] = (TITLE,)) -> Form:
    return one_form(rows, before)


@pytest.mark.parametrize(("title", "first", "second", "total"), [
    ("分值（得分）", "60（58.5）", "40(40)", "100（98.5）"), ("分值/得分", "60/58.5", "40／40", "100/98.5"), ("分值及得分", "60分，得58.5分", "60、58.5", ""),
    ("得分/分值", "58.5/60", "40/40", "98.5/100"), ("分值\n得分", "60\n58.5", "40\n40", "100\n98.5"),
])  # fmt: skip
def test_weight_and_score_in_one_column_are_read_as_its_title_orders_them(title: str, first: str, second: str, total: str) -> None:
    """分值（得分） over 60（58.5）; 得分/分值 the other way round. 60分，得58.5分 is not divided by a mark of its own: unread, none is guessed."""
    form = one([["三级指标", "指标值", "完成值", title, "原因"], ["修路", "12公里", "11.7公里", first, "汛期"], ["满意度", "≥90%", "92%", second, ""], ["合计", "", "", total, ""]])
    if total:
        assert rows_of(form, "weight", "score", "reason") == [("60", "58.5", "汛期"), ("40", "40", None)]
        assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98.5"]
        assert any("分开读取" in text for text in form.repairs)
    else:
        assert rows_of(form, "weight", "score", "reason") == [(None, None, "汛期"), ("60", "58.5", None)]
        assert form.places["indicators", 1, "score"].unread is not None


def test_a_budget_with_weight_and_score_in_one_column() -> None:
    """执行率 | 分值（得分） over 95% | 10（9.5）."""
    form = one([["资金（万元）", "全年预算数", "全年执行数", "执行率", "分值（得分）"], ["年度资金总额", "100", "95", "95%", "10（9.5）"], ["其中：财政拨款", "100", "95", "95%", "—"]])
    assert lines(form, "budget", "executed", "rate", "weight", "score") == [("100", "95", "95", "10", "9.5"), ("100", "95", "95", None, None)]


@pytest.mark.parametrize(("title", "first", "second"), [
    ("目标值/完成值", "≥12公里 / 11公里", "≥90%/92%"), ("年度指标值\n实际完成值", "≥12公里\n11公里", "≥90%\n92%"),
    ("目标值及实际完成值", "目标值：≥12公里 实际完成值：11公里", "完成值：92%；目标值：≥90%"),
])  # fmt: skip
def test_target_and_result_in_one_column(title: str, first: str, second: str) -> None:
    """Divided by a stroke, by lines or by labels of their own, in whatever order the labels stand."""
    form = one([["三级指标", title, "分值", "得分"], ["修路", first, "60", "55"], ["满意度", second, "40", "40"]])
    assert rows_of(form, "name", "target", "actual", "weight") == [("修路", "≥12公里", "11公里", "60"), ("满意度", "≥90%", "92%", "40")]


def test_a_value_with_a_stroke_is_not_divided() -> None:
    """≤300元/人 below 目标值/完成值 is one value with its unit: target and actual are unread, with a reason."""
    form = one([["三级指标", "目标值/完成值", "分值", "得分"], ["人均成本", "≤300元/人", "60", "60"], ["满意度", "≥90%/92%", "40", "40"]])
    assert rows_of(form, "target", "actual") == [(None, None), ("≥90%", "92%")]
    assert {field for field in ("target", "actual") if form.places["indicators", 1, field].unread} == {"target", "actual"}


def test_one_title_over_two_lines_names_one_field() -> None:
    """目标⏎完成情况 is the result, broken in a narrow cell; its texts of two lines stay whole."""
    form = one([["三级指标", "目标值", "目标\n完成情况", "分值", "得分"], ["修路", "≥12公里", "完成\n12公里", "60", "60"], ["满意度", "≥90%", "92%", "40", "40"]])
    assert rows_of(form, "target", "actual") == [("≥12公里", "完成12公里"), ("≥90%", "92%")]


def test_cells_that_label_their_own_parts() -> None:
    """分值：60 得分：58 below a title that says nothing of it, and a whole indicator in one cell; a remark with one label stays a remark."""
    form = one([["三级指标", "指标值", "完成值", "评分情况", "原因"], ["修路", "12公里", "11公里", "分值：60 得分：58", "原因：汛期"], ["满意度", "≥90%", "92%", "分值：40 得分：40", ""], ["合计", "", "", "分值：100 得分：98", ""]])
    assert rows_of(form, "weight", "score", "reason") == [("60", "58", "原因：汛期"), ("40", "40", None)]
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98"]
    whole = one([["一级指标", "二级指标", "指标内容"], *(["产出指标", "数量指标", f"三级指标：{name}；指标值：12；完成值：12；分值：50；得分：{score}"] for name, score in (("修路", 50), ("建桥", 48)))])
    assert rows_of(whole, "name", "target", "actual", "weight", "score") == [("修路", "12", "12", "50", "50"), ("建桥", "12", "12", "50", "48")]


def test_columns_right_of_a_divided_one_keep_their_places() -> None:
    """The cells of a finding are those of the file, however the columns were laid out for reading."""
    form = one([["三级指标", "指标值", "完成值", "分值/得分", "原因"], ["修路", "12公里", "11公里", "60/58", "汛期"], ["满意度", "≥90%", "92%", "40/40", ""]])
    assert [form.places["indicators", 1, field].locator.cell for field in ("weight", "score", "reason")] == ["D2", "D2", "E2"]


SIDEWAYS: Rows = [
    ["一级指标", ("产出指标", 2), "满意度指标"], ["三级指标", "修路", "建桥", "群众满意度"], ["年度指标值", "≥12公里", "2座", "≥90%"],
    ["实际完成值", "12公里", "1座", "93%"], ["分值", "50", "40", "10"], ["得分", "50", "20", "10"], ["偏差原因", "", "汛期停工", ""],
]  # fmt: skip


def test_indicators_that_stand_one_a_column() -> None:
    """Titles one below the other, every column an indicator, a level over two of them; what stands below is read as ever."""
    form = one([["项目名称", ("村道", 3)], *SIDEWAYS, ["自评总分", ("80", 3)]])
    assert rows_of(form, "level1", "name", "target", "actual", "weight", "score", "reason") == [
        ("产出指标", "修路", "≥12公里", "12公里", "50", "50", None), ("产出指标", "建桥", "2座", "1座", "40", "20", "汛期停工"), ("满意度指标", "群众满意度", "≥90%", "93%", "10", "10", None),
    ]
    assert form.header["project_name"] == "村道" and str(form.header["total_score"]) == "80"
    assert form.places["indicators", 2, "score"].locator.cell == "C7"


def test_labels_with_one_value_each_are_no_table_on_its_side() -> None:
    """三级指标 | 修路 / 指标值 | 12 / … with nothing beside is no table of several indicators and is not turned."""
    form = one([["项目资金（万元）", "预算数", "执行数"], ["财政拨款", "10", "10"], *([label, value] for label, value in (("三级指标", "修路"), ("指标值", "12"), ("完成值", "12"), ("分值", "50"), ("得分", "50")))])
    assert form.indicators == ()


HALF = ["三级指标", "指标值", "完成值", "分值", "得分"]


def test_two_groups_of_indicators_side_by_side() -> None:
    """The same titles twice: the right half follows the left one; the total row below belongs to the form."""
    form = one([[*HALF, *HALF], ["修路", "12公里", "12公里", "30", "30", "满意度", "≥90%", "92%", "10", "10"], ["建桥", "2座", "2座", "20", "20", "受益户", "≥900户", "870户", "40", "38.67"], [("合计", 3), "100", "98.67", ("", 5)]])
    assert rows_of(form, "name", "weight", "score") == [("修路", "30", "30"), ("建桥", "20", "20"), ("满意度", "10", "10"), ("受益户", "40", "38.67")]
    assert str(form.header["total_score"]) == "98.67"


def test_halves_below_the_names_of_levels() -> None:
    """产出指标 and 效益指标 over the halves, or as the titles of their names; the halves may differ in length."""
    body: Rows = [["修路", "12公里", "12公里", "30", "30", "受益户", "≥900户", "870户", "40", "38.67"], ["建桥", "2座", "2座", "20", "20", "", "", "", "", ""]]
    expected = [("产出指标", "修路", "30"), ("产出指标", "建桥", "20"), ("效益指标", "受益户", "40")]
    assert rows_of(one([[("产出指标", 5), ("效益指标", 5)], [*HALF, *HALF], *body]), "level1", "name", "weight") == expected
    assert rows_of(one([["产出指标", *HALF[1:], "效益指标", *HALF[1:]], *body]), "level1", "name", "weight") == expected


def test_totals_of_both_halves_are_not_taken_for_that_of_the_form() -> None:
    """合计 | 50 | 50 left and 40 | 38.67 right: neither is the form's total, and both are told."""
    form = one([["产出指标", *HALF[1:], "效益指标", *HALF[1:]], ["修路", "12公里", "12公里", "50", "50", "受益户", "≥900户", "870户", "40", "38.67"], [("合计", 3), "50", "50", ("", 3), "40", "38.67"]])
    assert "total_score" not in {name for name, value in form.header.items() if value is not None}
    assert form.places["forms", 1, "total_score"].unread is not None


def test_years_side_by_side_in_a_budget() -> None:
    """Of several years the last one with budget and execution is the form's, named in each title or over several; the others are told as unread."""
    indicators: Rows = [["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12公里", "12公里", "90", "90"]]
    single = one([["资金（万元）", "2021年预算", "2022年预算", "2023年预算", "2023年执行数", "执行率", "分值", "得分"], ["财政拨款", "20", "26", "30", "29.1", "97%", "10", "9.7"], *indicators])
    over = one([[("资金（万元）", 1, 2), ("2022年", 2), ("2023年", 3), ("分值", 1, 2), ("得分", 1, 2)], ["预算数", "执行数", "预算数", "执行数", "执行率"], ["财政拨款", "26", "25", "30", "29.1", "97%", "10", "9.7"], *indicators])
    for form in (single, over):
        assert lines(form, "initial", "budget", "executed", "rate", "score") == [(None, "30", "29.1", "97", "9.7")]
    assert any("2021年预算" in text for text in single.unread) and not any("不在认识的列名下" in text for text in over.unread)


def test_income_of_a_social_insurance_fund_is_no_budget() -> None:
    """收入预算数, 收入决算数 stand beside 支出预算数, 支出决算数: the expenditure is the budget and its execution."""
    form = one([["基金（万元）", "收入预算数", "收入决算数", "支出预算数", "支出决算数", "支出完成率"], ["合计", "312", "318", "286", "280.28", "98%"]])
    assert lines(form, "initial", "budget", "executed", "rate") == [(None, "286", "280.28", "98")]


def test_a_row_of_a_turned_budget_that_gives_nothing_of_the_forms_own() -> None:
    """到位数 between 预算数 and 支出数 is passed over; the rows behind it are read."""
    form = one([["项目", "合计", "中央", "县级"], ["预算数", "300", "250", "50"], ["到位数", "300", "250", "50"], ["支出数", "285", "240", "45"], ["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12", "12", "90", "90"]])
    assert lines(form, "label", "budget", "executed") == [("合计", "300", "285"), ("中央", "250", "240"), ("县级", "50", "45")]


def test_points_of_the_execution_below_the_total_of_a_form_with_one_fund() -> None:
    """预算执行率 | 10 | 10 below 合计 belongs to the only line of the budget, whatever it is called."""
    form = one([["资金（万元）", "预算数", "执行数", "执行率"], ["财政拨款", "70", "70", "100%"], ["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12", "12", "90", "90"], [("合计", 3), "90", "90"], [("预算执行率", 3), "10", "10"], [("总计", 3), "100", "100"]])
    assert lines(form, "weight", "score") == [("10", "10")]


def test_a_list_of_projects_above_a_form_names_none_of_them() -> None:
    """项目名称 | 预算数 in the heading of a list is no project called 预算数."""
    form = one([["序号", "项目名称", "预算数", "得分"], ["1", "村道", "20", "98"], [TITLE], ["项目名称", ("村道", 3)], ["资金（万元）", "预算数", "执行数", "执行率"], ["财政拨款", "70", "70", "100%"], ["三级指标", "指标值", "完成值", "分值"], ["修路", "12", "12", "90"]], before=())
    assert form.header["project_name"] == "村道"


def test_names_that_go_on_below_blank_levels() -> None:
    """Two names alone, each below a row filled in all its columns, are the rest of the names above, even where levels are written once."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"], ["产出指标", "数量指标", "高标准农田", "≥12万亩", "12万亩", "50", "50"], ["", "", "建设面积", "", "", "", ""], ["", "质量指标", "项目竣工", "≥9%", "9%", "40", "40"], ["", "", "验收合格率", "", "", "", ""]]
    form = one(rows)
    assert rows_of(form, "name", "weight") == [("高标准农田建设面积", "50"), ("项目竣工验收合格率", "40")] and sum("推定" in text for text in form.repairs) == 2
    rows[3][4] = ""
    assert len(one(rows).indicators) == 4
    rows[3][4], rows[4][2] = "9%", "指标2：……"
    assert one(rows).indicators[1]["name"] == "建设面积"


def test_a_name_alone_below_a_blank_level_is_told() -> None:
    """It stays an indicator, and that it may be the rest of the name above is said."""
    form = one([["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"], ["产出指标", "数量指标", "高标准农田", "≥12万亩", "12万亩", "50", "50"], ["", "", "建设面积", "", "", "", ""], ["", "质量指标", "合格率", "≥9%", "9%", "40", "40"]])
    assert [row["name"] for row in form.indicators] == ["高标准农田", "建设面积", "合格率"] and any("建设面积" in text and "推定" in text for text in form.repairs)


def test_more_fields_in_one_cell() -> None:
    """目标值/完成值/完成率, a value with the result in brackets, a name with its points, a score with its reason, a path of levels: each as its title says."""
    three = one([["三级指标", "目标值/完成值/完成率", "分值", "得分"], ["修路", "12公里/11公里/91.67%", "60", "55"], ["满意度", "≥90%/92%/102.2%", "40", "40"]])
    assert rows_of(three, "target", "actual") == [("12公里", "11公里"), ("≥90%", "92%")]
    bracket = one([["三级指标（分值）", "指标值（完成值）", "得分及扣分原因"], ["修路（60分）", "12公里（11公里）", "55（汛期停工）"], ["满意度（40分）", "≥90%（92%）", "40"]])
    assert rows_of(bracket, "name", "weight", "target", "actual", "score", "reason") == [("修路", "60", "12公里", "11公里", "55", "汛期停工"), ("满意度", "40", "≥90%", "92%", "40", None)]
    wide = one([["三级指标（分值）", "指标值（完成值）", "得分及扣分原因"], ["修路（６０分）", "12公里（11公里）", "５５．５ （汛期停工）"], ["满意度（40分）", "≥90%（92%）", "3９．8７"], ["合计", "", "９５．３７"]])
    assert rows_of(wide, "weight", "score", "reason") == [("60", "55.5", "汛期停工"), ("40", "39.87", None)] and str(wide.header["total_score"]) == "95.37"
    assert "score" not in one([["三级指标（分值）", "指标值（完成值）", "得分及扣分原因"], ["修路（60分）", "12公里（11公里）", "5 5"], ["满意度（40分）", "≥90%（92%）", "40"]]).indicators[0]
    path = one([["项目名称", ("村道", 4)], ["绩效指标", "指标值", "完成值", "分值", "得分"], ["产出指标-数量指标-修路", "12公里", "11公里", "60", "55"], ["满意度指标-服务对象满意度指标-群众满意度", "≥90%", "92%", "40", "40"]])
    assert rows_of(path, "level1", "level2", "name", "score") == [("产出指标", "数量指标", "修路", "55"), ("满意度指标", "服务对象满意度指标", "群众满意度", "40")]
    assert path.header["project_name"] == "村道"


def test_an_indicator_of_two_rows_one_for_the_target_and_one_for_the_result() -> None:
    """目标 | 12公里 over 完成 | 11公里 beside one name: one row; where something else begins in the second row nothing is joined."""
    rows: Rows = [["三级指标", "类别", "数值", "分值", "得分"], [("修路", 1, 2), "目标", "12公里", ("60", 1, 2), ("55", 1, 2)], ["完成", "11公里"], [("满意度", 1, 2), "目标", "≥90%", ("40", 1, 2), ("40", 1, 2)], ["完成", "92%"], ["合计", "", "", "100", "95"]]
    form = one(rows)
    assert rows_of(form, "name", "target", "actual", "score") == [("修路", "12公里", "11公里", "55"), ("满意度", "≥90%", "92%", "40")]
    assert str(form.header["total_score"]) == "95" and form.places["indicators", 1, "actual"].locator.cell == "C3"
    apart = one([rows[0], ["修路", "目标", "12公里", "60", "55"], ["建桥", "完成", "11公里", "", ""], ["满意度", "目标", "≥90%", "40", "40"], ["受益户", "完成", "92%", "", ""]])
    assert [row["name"] for row in apart.indicators] == ["修路", "建桥", "满意度", "受益户"]


def test_merged_cells_filled_in_each_row() -> None:
    """A title or a label beside the budget said again in each row is one merged cell; pairs of rows with everything said again are one row."""
    rows: Rows = [["项目资金（万元）", "预算数", "执行数", "执行率"], ["项目资金（万元）", "260", "247", "95%"], ["一级指标", "三级指标", ("年度指标值", 2, 1), "完成值", "分值", "得分"], ["一级指标", "三级指标", "符号", "数值", "完成值", "分值", "得分"], ["产出指标", "修路", "≥", "12", "11", "60", "55"], ["满意度指标", "群众满意度", "≥", "90%", "92%", "40", "40"]]
    form = one(rows)
    assert lines(form, "role", "label", "budget") == [("total", None, "260")]
    assert rows_of(form, "level1", "name", "target", "actual") == [("产出指标", "修路", "≥12", "11"), ("满意度指标", "群众满意度", "≥90%", "92%")]
    assert [text for text in form.repairs if "重复填写" in text] == ["表1!A1：“项目资金（万元）”在下面各行重复填写，按合并单元格读取", "表1!A3：“一级指标、三级指标、完成值、分值、得分”在下面各行重复填写，按合并单元格读取"]
    figures = one([["计划安排资金", "260", "实际到位资金", "260", "实际支出", "255.5"], ["市财政", "260", "市财政", "260", "市财政", "255.5"], *rows[2:]])
    assert sum("260" in str(line.values()) for line in figures.budget_lines) == 4
    two = [["三级指标", "类别", "数值", "分值", "得分"], ["修路", "目标", "12公里", "60", "55"], ["修路", "完成", "11公里", "60", "55"], ["满意度", "目标", "≥90%", "40", "40"], ["满意度", "完成", "92%", "40", "40"]]
    assert rows_of(one(two), "name", "target", "actual", "score") == [("修路", "12公里", "11公里", "55"), ("满意度", "≥90%", "92%", "40")]
    two[4][3] = "30"
    assert len(one(two).indicators) == 4


def test_goals_and_results_in_several_rows_without_merged_cells() -> None:
    """The label and both titles stand once, their texts in the rows below: all rows of both texts are read."""
    rows: Rows = [["年度总体目标", "年初设定目标", "", "", "全年完成情况", "", ""], ["", "目标1：办展览6场", "", "", "办7场", "", ""], ["", "目标2：巡展10站", "", "", "巡展10站", "", ""], ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"], ["产出指标", "数量指标", "科普展览", "6场", "7场", "60", "60"], ["满意度指标", "服务对象满意度指标", "观众满意度", "≥95%", "97%", "40", "40"]]
    head = one(rows).header
    assert (head["goal_planned"], head["goal_actual"]) == ("目标1：办展览6场\n目标2：巡展10站", "办7场\n巡展10站")
    numbered: Rows = [["年度总体目标", "序号", "年初设定目标", "", "全年完成情况", "", ""], ["", "1", "办展览6场", "", "办7场", "", ""], ["", "2", "巡展10站", "", "巡展9站", "", ""], *rows[3:]]
    head = one(numbered).header
    assert (head["goal_planned"], head["goal_actual"]) == ("办展览6场\n巡展10站", "办7场\n巡展9站")


def test_a_title_behind_those_of_goal_and_result_is_no_result() -> None:
    """年度预期目标 | 具体完成情况 | 总体完成率 over their texts: the result stands below its title, not beside it."""
    form = one([[("年度预期目标", 3, 1), ("具体完成情况", 2, 1), ("总体完成率", 2, 1)], [("办展览6场", 3, 1), ("办7场", 2, 1), ("100%", 2, 1)], ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"], ["产出指标", "数量指标", "科普展览", "6场", "7场", "100", "100"]])
    assert (form.header["goal_planned"], form.header["goal_actual"]) == ("办展览6场", "办7场")


def test_a_title_of_money_is_no_name() -> None:
    """项目名称 beside 项目资金（万元） in a list of projects is the title of a column, not a label with its value."""
    form = one([["预算单位", "项目名称", "项目资金（万元）", "", ""], ["", "", "预算数", "执行数", "执行率"], ["某市林业局", "森林防火", "320", "316.8", "99%"]], ("某市项目绩效自评表",))
    assert "project_name" not in form.header and "unit_name" not in form.header


def test_a_level_broken_over_two_lines_is_one() -> None:
    """资⏎金投入 over two rows without names is not two levels; 数量甲⏎数量乙 is, told as an assumption."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"], [("产出指标", 1, 2), ("资\n金投入", 1, 2), ("预算编制", 1, 2), "6场", "7场", "60", "60"], ["≥95%", "97%", "40", "40"]]
    assert rows_of(one(rows), "level2") == [("资金投入",)] * 2
    rows[1][1] = ("资金\n投入", 1, 2)
    assert rows_of(one(rows), "level2") == [("资金投入",)] * 2
    rows[1][1] = ("资金甲\n资金乙", 1, 2)
    assert rows_of(one(rows), "level2") == [("资金甲",), ("资金乙",)]


def test_years_one_below_the_other_in_a_budget() -> None:
    """2021年, 2022年, 2023年 as rows: the last is the form's, the others are told."""
    form = one([["资金（万元）", "预算数", "执行数", "执行率"], ["2021年", "200", "200", "100%"], ["2022年", "220", "209", "95%"], ["2023年", "260", "247", "95%"]])
    assert lines(form, "label", "budget", "executed") == [("2023年", "260", "247")]
    assert sum("不是本年的资金" in text for text in form.unread) == 2


def test_a_date_or_a_rate_before_the_amounts_is_no_label() -> None:
    """第一批 | 2023-03-15 | 3.05% | 6000: the fund is called 第一批."""
    form = one([["债券批次", "发行日期", "利率", "债券额度（万元）", "实际支出（万元）"], ["第一批", "2023-03-15", "3.05%", "6000", "5800"], ["合计", "", "", "6000", "5800"]])
    assert lines(form, "label", "budget", "executed") == [("第一批", "6000", "5800"), ("合计", "6000", "5800")]


def test_the_total_below_a_budget_that_stands_below_the_indicators() -> None:
    """总得分 | 100 | 98.5 under the budget's 分值 and 得分 gives both, not the weight for the score."""
    form = one([["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12", "12", "90", "89"], ["年初预算数", "全年预算数", "全年执行数", "分值", "得分"], ["260", "260", "247", "10", "9.5"], [("总得分", 3), "100", "98.5"]])
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98.5"]
    assert lines(form, "budget", "score") == [("260", "9.5")]


def test_a_figure_beside_the_budget_that_may_be_its_points() -> None:
    """9.5 under a title nobody knows right of the rate may be the points of the execution: they are unread, not missing."""
    form = one([["资金（万元）", "预算数", "执行数", "执行率", "核定数乙"], ["财政拨款", "260", "247", "95%", "9.5"], ["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12", "12", "90", "89"]])
    assert form.places["budget_lines", 1, "score"].unread is not None


def test_funds_side_by_side_in_one_row() -> None:
    """预算 and 支出 below 中央补助, 地方资金 and 合计 make a line each; the rate is that of the total, and without one it is no fund's."""
    heads: Rows = [[("资金（万元）", 1, 3), ("中央补助", 2), ("地方资金", 2), ("合计", 2), ("执行率", 1, 2)], ["预算", "支出", "预算", "支出", "预算", "支出"]]
    form = one([*heads, ["300", "300", "100", "90", "400", "390", "97.5%"]])
    assert lines(form, "label", "role", "budget", "executed", "rate") == [
        ("中央补助", "part", "300", "300", None), ("地方资金", "part", "100", "90", None), ("合计", "total", "400", "390", "97.5"),
    ]
    assert form.header["amount_unit"] == "万元" and not any("不在认识的列名下" in text for text in form.unread)
    flat = one([["资金（万元）", "中央补助", "", "地方资金", "", "执行率"], ["", "预算", "支出", "预算", "支出", ""], ["", "300", "300", "100", "90", "97.5%"]])
    assert lines(flat, "label", "budget", "executed", "rate") == [("中央补助", "300", "300", None), ("地方资金", "100", "90", None)]
    assert any("97.5%" in text for text in flat.unread)


def test_a_reason_that_says_target_and_result_again_stays_whole() -> None:
    """指标值：…，完成值：…，原因：… below 原因 is a reason: target and result have columns of their own."""
    said = "指标值：12公里，完成值：11公里，原因：汛期"
    form = one([["三级指标", "指标值", "完成值", "分值", "得分", "原因"], ["修路", "12公里", "11公里", "60", "55", said], ["建桥", "2座", "1座", "40", "20", said]])
    assert rows_of(form, "target", "actual", "reason") == [("12公里", "11公里", said), ("2座", "1座", said)]


def test_two_tables_on_their_side_one_below_the_other() -> None:
    """Each is turned; the total below them is that of the form."""
    second: Rows = [["三级指标", "受益户", "增收"], ["年度指标值", "≥900户", "≥9%"], ["实际完成值", "950户", "9%"], ["分值", "5", "5"], ["得分", "5", "5"]]
    form = one([*SIDEWAYS, *second, ["自评总分", ("90", 3)]])
    assert [row["name"] for row in form.indicators] == ["修路", "建桥", "群众满意度", "受益户", "增收"] and str(form.header["total_score"]) == "90"


def test_goals_of_tasks_in_two_rows_are_no_indicators() -> None:
    """目标 and 完成 of a task stand below a budget heading: nothing of the budget is moved."""
    form = one([["资金（万元）", "预算数", "执行数", "执行率"], ["财政拨款", "180", "171", "95%"], [("任务一", 1, 2), "目标", ("抽检4200批次", 2)], ["完成", ("抽检4260批次", 2)], [("任务二", 1, 2), "目标", ("处置", 2)], ["完成", ("处置率100%", 2)], ["三级指标", "指标值", "完成值", "分值"], ["抽检", "≥4200批次", "4260批次", "90"]])
    assert lines(form, "budget", "executed", "rate") == [("180", "171", "95")]


def test_a_sum_over_years_is_no_total_of_this_year() -> None:
    """2022年, 2023年, 合计: only 2023年 is the form's."""
    form = one([["资金（万元）", "预算数", "执行数", "执行率"], ["2022年", "150", "150", "100%"], ["2023年", "180", "171", "95%"], ["合计", "330", "321", "97.27%"]])
    assert lines(form, "label", "budget", "executed") == [("2023年", "180", "171")]


def test_titles_below_the_indicators_begin_another_table() -> None:
    """指标名称 | 上年目标 | 上年完成 below the total is no indicator, nor is what stands under it."""
    form = one([["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "12", "12", "90", "90"], ["合计", "", "", "90", "90"], ["指标名称", "上年目标", "上年完成", "", ""], ["修路", "10公里", "10公里", "", ""]])
    assert [row["name"] for row in form.indicators] == ["修路"]


def _ticked(*rows: tuple[str, str, str, str]) -> Form:
    """Return a form whose results are ticked in one of three columns."""
    head: Rows = [
        ["一级指标", ("三级指标", 1, 2), ("年度指标值", 1, 2), ("实际完成情况", 3), ("分值", 1, 2), ("得分", 1, 2)],
        ["", "达成预期指标", "部分达成预期指标并具有一定效果", "未达成预期指标且效果较差"],
    ]
    return one([*head, *(["产出指标", name, "12处", *marks, "20", "20"] for name, *marks in rows)])


def test_a_tick_means_the_title_of_its_column() -> None:
    """√ below 部分达成预期指标并具有一定效果 is that result; empty boxes beside it say nothing."""
    form = _ticked(("维护点", "√", "", ""), ("巡查", "", "√", ""), ("修缮", "□", "□", "☑"))
    assert [row["actual"] for row in form.indicators] == ["达成预期指标", "部分达成预期指标并具有一定效果", "未达成预期指标且效果较差"]
    assert sum("打勾" in text for text in form.repairs) == 1


def test_two_ticks_in_a_row_mean_neither_title() -> None:
    """Nothing tells which of them counts: they stay as they are filed."""
    form = _ticked(("维护点", "√", "√", ""), ("巡查", "√", "", ""))
    assert [row["actual"] for row in form.indicators] == ["√√", "达成预期指标"]

"""Further ways of published project forms: places kept free, sums beside totals, rows cut by a page, labels of two things, weights as shares."""

from __future__ import annotations

import pytest
from layout_grids import Rows, document, grid, lines, one_form, rows_of
from msgspec.structs import replace
from test_layouts_published import COLUMNS, OUTPUT, TITLE, TOTAL, paged

from checker.layouts import recognise


def test_a_name_that_says_there_is_none_is_no_indicator() -> None:
    """无 under 经济效益指标, with nothing or 无 beside it, keeps the place free; with points it stays."""
    heading: Rows = [["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "数量指标", "案件", "2200件", "2310件", "60", "60"]]
    rows = [["效益指标", "经济效益指标", "无", "", "", "", ""], ["效益指标", "生态效益指标", "不涉及", "无", "/", "", ""], ["效益指标", "可持续影响指标", "不适用", "不适用", "不适用", "0", "0"]]
    form = one_form([*heading, *rows, ["满意度指标", "满意度", "当事人满意度", "≥95%", "98%", "40", "40"]], TITLE)
    assert rows_of(form, "name", "level2") == [("案件", "数量指标"), ("不适用", "可持续影响指标"), ("当事人满意度", "满意度")]


def test_sums_of_the_levels_move_no_total() -> None:
    """总分 | 100 | 100 | 100 under 分值 of each level, merged over the labels, beside the score."""
    heading: Rows = [["一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评价标准", "自评得分"]]
    rows: Rows = [["投入", "40", "项目立项", "40", "立项规范性", "40", "规范", "39"], ["产出", "60", "项目产出", "60", "完成率", "60", "按比例", "58"]]
    form = one_form([*heading, *rows, ["总分", ("100", 2), ("100", 2), "100", "", "97"]], TITLE)
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "97"]


def test_a_target_changed_in_the_year_governs() -> None:
    """年中调整目标 beside 年初目标 is the adjusted target."""
    rows: Rows = [["二级指标", "指标名称", "年初目标", "年中调整目标", "全年完成", "分值", "得分"], ["数量指标", "监测断面", "62个", "60个", "60个", "50", "50"], ["质量指标", "合格率", "≥98%", "", "99%", "50", "50"]]
    assert rows_of(one_form(rows, TITLE), "target") == [("60个",), ("≥98%",)]


def test_a_school_names_itself() -> None:
    """学校名称：甲大学 above the table is the unit."""
    rows: Rows = [["三级指标", "指标值", "完成值", "分值", "得分"], ["论文", "350篇", "402篇", "50", "50"], ["满意度", "90%", "94%", "50", "50"]]
    assert one_form(rows, (*TITLE, "学校名称：甲大学　　单位：万元")).header["unit_name"] == "甲大学"


SCORED: Rows = [
    [("一级指标", 2), "二级指标", "三级指标", "分值", "得分"], [("共性指标（30分）", 1, 2), "项目决策（20分）", "科学决策", "必要性", "20", "20"], ["项目管理（10分）", "资金管理", "资金使用", "10", "9"],
    [("特性指标（70分）", 1, 3), ("项目绩效（70分）", 1, 3), ("项目效益", 1, 3), "社会效益", "40", "40"], ["生态效益"], ["公平效率", "30", "29"],
]  # fmt: skip


def test_the_inner_labels_below_the_title_of_a_level_are_the_levels() -> None:
    """一级指标 over 共性指标 and 项目决策: the labels that group those of the level are told as unread."""
    form = one_form([*SCORED, [("总分", 4), "100", "98"]], TITLE)
    assert rows_of(form, "level1", "level1_weight")[:3] == [("项目决策", "20"), ("项目管理", "10"), ("项目绩效", "70")]
    assert any("共性指标（30分）、特性指标（70分）" in text for text in form.unread)


def test_a_name_beside_merged_labels_is_no_level() -> None:
    """生态效益 alone in its row, below the names, is an indicator without values: its level stands beside it."""
    assert rows_of(one_form([*SCORED, [("总分", 4), "100", "98"]], TITLE), "level2", "name")[2:] == [("项目效益", "社会效益"), ("项目效益", "生态效益"), ("项目效益", "公平效率")]


def test_a_row_cut_by_the_end_of_a_page_is_one() -> None:
    """效益指标35 over 分 and 通行条 over 件: the second part of a row is no indicator, and the level goes on below it."""
    rows: Rows = [
        COLUMNS,
        ["产出指标40分", "数量指标15分", "养护里程", "40公里", "42公里", "40", "40", ""],
        ["效益指标35", "社会效益15", "通行条", "改善", "改善", "15", "12", ""],
        [("分", 1, 2), "分", "件", "", "", "", "", ""],
        ["可持续影响20分", "使用年限", "≥10年", "10年", "45", "43", ""],
    ]
    (form,) = recognise(document(paged(rows, 3)))
    assert rows_of(form, "level1", "level1_weight", "level2", "level2_weight", "name", "score") == [
        ("产出指标", "40", "数量指标", "15", "养护里程", "40"), ("效益指标", "35", "社会效益", "15", "通行条件", "12"), ("效益指标", "35", "可持续影响", "20", "使用年限", "43")
    ]  # fmt: skip
    assert rows_of(recognise(document(paged(rows, 99)))[0], "name")[2] == ("件",)


def test_labels_as_wide_as_their_title_are_a_level() -> None:
    """项目决策 below 项目权重, both over two columns of a table drawn together with another one."""
    rows: Rows = [
        [("项目权重", 2), ("评价内容", 2), "分值", "自评分"], [("项目决策2分", 2), ("决策依据", 2), "2", "2"], [("项目管理98分", 2, 2), ("财务制度", 2), "48", "48"], [("组织机构", 2), "50", "50"]
    ]  # fmt: skip
    assert rows_of(one_form(rows, TITLE), "level1", "level1_weight", "name") == [("项目决策", "2", "决策依据"), ("项目管理", "98", "财务制度"), ("项目管理", "98", "组织机构")]


@pytest.mark.parametrize(("value", "unit", "unread"), [("甲县农技中心（本级）／张某", "甲县农技中心（本级）", False), ("甲县农技中心", None, True), ("甲/乙/丙", None, True), ("", None, False)])
def test_a_label_of_two_things_parts_its_value(value: str, unit: str | None, unread: bool) -> None:
    """项目实施单位/项目负责人 beside both of them; a value with other parts is unread and told."""
    form = one_form([["项目名称", ("种薯繁育", 7)], ["项目实施单位/项目负责人", (value, 7)], COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert form.header.get("implementing_unit") == unit
    assert any("写了几项" in text for text in form.unread) is unread


@pytest.mark.parametrize(("stage", "read"), [("调整后", ("600", "580", "580")), ("追加", (None, None, "580"))])
def test_figures_behind_stages_of_an_amount_are_read_or_told(stage: str, read: tuple[str | None, ...]) -> None:
    """预算数（万元） | 年初数 | 600 | 调整后 | 580 in a row of its own: both amounts; 追加 names no budget, and what stands there is told."""
    rows: Rows = [["项目名称", ("自行车补贴", 5)], ["预算数（万元）", "年初" if stage == "追加" else "年初数", "600", stage, ("580", 2)], ["执行数（万元）", ("580", 2), "执行率（%）", ("100", 2)]]
    table: Rows = [["一级指标", "三级指标", "指标值", "完成值", "分值", "得分"], ["产出指标", "站点数", "320", "318", "50", "49"], ["满意度指标", "满意度", "90%", "92%", "50", "50"]]
    form = one_form([*rows, *table], TITLE)
    assert lines(form, "initial", "budget", "executed") == [read]
    assert sum("“600”" in text or "“580”" in text for text in form.unread) == (2 if read[0] is None else 0)


def test_stages_and_points_behind_colons_are_read() -> None:
    """年初预算：80 | 调整后：80 | 支出：78.4 | 执行率：98% | 得分：9.8 in one row."""
    rows: Rows = [["资金情况", "年初预算：80", "调整后：82", "支出：80.36", "执行率：98%", ("得分：9.8分", 3)]]
    assert lines(one_form([*rows, COLUMNS, *OUTPUT], TITLE), "initial", "budget", "executed", "rate", "score") == [("80", "82", "80.36", "98", "9.8")]


def test_a_heading_with_points_over_the_whole_row_is_a_first_level() -> None:
    """四、预算执行（10分） below 三、满意度指标（10分）: its rows are not those of the level above."""
    rows: Rows = [["序号", "指标名称", "指标值", "完成值", "分值", "得分"], [("一、产出指标（90分）", 6)], ["1", "教室", "46间", "46间", "90", "90"], [("二、预算执行（10分）", 6)], ["1", "预算执行率", "100%", "100%", "10", "10"]]
    assert rows_of(one_form(rows, TITLE), "level1", "level1_weight", "name") == [("产出指标", "90", "教室"), ("预算执行", "10", "预算执行率")]


@pytest.mark.parametrize(("text", "points", "grade"), [("97.2分（优秀）", "97.2", "优秀"), ("97.2，等级：良", "97.2", "良"), ("97.2", "97.2", None), ("97.2分（含加分）", None, None)])
def test_a_total_with_its_grade_is_read(text: str, points: str | None, grade: str | None) -> None:
    """自评总分及等级 | 97.2分（优秀） in one cell; other words in the brackets leave the score unread."""
    form = one_form([COLUMNS, *OUTPUT, [("自评总分及等级", 3), (text, 5)]], TITLE)
    made = form.header.get("total_score")
    assert (str(made) if made is not None else None, form.header.get("grade")) == (points, grade)
    assert (points is None) == any("含加分" in told for told in form.unread)


@pytest.mark.parametrize(("weights", "score", "read"), [(("0.50", "0.4", "0.1"), "48", ["50", "40", "10"]), (("0.50", "0.4", "0.1"), "0.48", ["0.50", "0.4", "0.1"]), (("0.50", "0.4", "0.2"), "48", ["0.50", "0.4", "0.2"]), (("0.5", "0.5", "####"), "48", ["0.5", "0.5", None])])
def test_weights_that_add_up_to_one_are_shares(weights: tuple[str, ...], score: str, read: list[str | None]) -> None:
    """权重 0.50, 0.4 and 0.1 beside scores out of a hundred; beside scores out of one, or with another sum, or one unread, they stay as filed."""
    rows: Rows = [[("产出指标", "甲", "10", "10", weight, score)[n] for n in range(6)] for weight in weights]
    made = grid([["一级指标", "三级指标", "指标值", "完成值", "权重", "加权得分"], *rows], before=TITLE)
    made = replace(made, cells=tuple(replace(cell, unread="截去" if cell.text == "####" else None) for cell in made.cells))
    (form,) = recognise(document(made))
    assert [str(row["weight"]) if "weight" in row else None for row in form.indicators] == read
    assert any("合计为 1" in text for text in form.repairs) is (read[0] == "50")


@pytest.mark.parametrize(("second", "read"), [("60%", ["30", "20", "50"]), ("50%", ["50", "40", "100"])])
def test_weights_of_second_levels_within_their_first_are_points(second: str, read: list[str]) -> None:
    """60% of 产出 50% is 30, what its indicators add up to; where one level does not come out all stay as filed."""
    columns = ["一级指标", "权重", "二级指标", "权重", "三级指标", "权重", "目标值", "完成值", "得分"]
    rows: Rows = [
        [("产出", 1, 2), ("50%", 1, 2), "数量", second, "整治面积", "30", "1", "1", "30"], ["质量", "40%", "合格率", "20", "1", "1", "20"], ["效益", "50%", "社会", "100%", "受益农户", "50", "1", "1", "50"],
    ]  # fmt: skip
    form = one_form([columns, *rows], TITLE)
    assert [str(row["level2_weight"]) for row in form.indicators] == read
    assert sum("所占的比例" in text for text in form.repairs) == (3 if read[0] == "30" else 0)


def test_rate_and_points_below_titles_merged_over_rows_are_the_totals() -> None:
    """执行率 and 得分 over two rows beside funds that stand as titles: their figures are in the row of the execution."""
    rows: Rows = [["资金来源", "中央", "省级", "合计", ("执行率", 1, 2), ("得分", 1, 2)], ["预算数", "1,200.00", "650.00", "1,850.00"], ["执行数", "1,200.00", "530.00", "1,730.00", "93.51%", "9.35"]]
    assert lines(one_form([*rows, COLUMNS, *OUTPUT], TITLE), "label", "budget", "executed", "rate", "score")[-1] == ("合计", "1850.00", "1730.00", "93.51", "9.35")


def test_a_name_like_a_title_among_values_ends_no_column_of_several_fields() -> None:
    """预算执行率（10分） below 三级指标及分值 is an indicator with its points, and no heading of another table."""
    columns = ["一级指标", "二级指标", "三级指标及分值", "预期目标", "完成情况", "自评分"]
    rows: Rows = [["产出指标", "数量指标", "发表论文（60分）", "8篇", "10篇", "60"], ["满意度", "满意度", "师生满意度（30分）", "90%", "96%", "30"], ["预算执行", "预算执行", "预算执行率（10分）", "100%", "72.4%", "7.24"]]
    assert rows_of(one_form([columns, *rows], TITLE), "name", "weight", "score")[2:] == [("预算执行率", "10", "7.24")]


@pytest.mark.parametrize(("text", "score", "reason"), [("4分（因全校人数减少，比例没减少）", "4", "因全校人数减少，比例没减少"), ("4.5(由于招标延后)", "4.5", "由于招标延后"), ("4分（满分5分）", None, None), ("4分（因病", None, None)])
def test_a_reason_behind_the_score_is_one(text: str, score: str | None, reason: str | None) -> None:
    """Where no column has reasons; other words in brackets leave the score unread."""
    rows: Rows = [["一级指标", "三级指标", "年初目标值", "实际完成值", "得分"], ["产出指标", "奖学金人数", "530", "512", text], ["效益指标", "完成学业率", "95%", "98%", "10"]]
    assert rows_of(one_form(rows, TITLE), "score", "reason")[0] == (score, reason)


def test_points_of_the_execution_keep_their_reason() -> None:
    """预算执行率得分 over all words, its points, and why they are not full in the columns of the reasons."""
    funds: Rows = [["项目资金（万元）", ("全年预算数", 2), ("全年执行数", 2), "执行率", ("", 2)], ["年度资金总额", ("463.8", 2), ("431.3", 2), "93.00%", ("", 2)]]
    heading: Rows = [["一级指标", "三级指标", "年度指标值", "全年实际值", "分值", "得分", "未完成原因分析", "拟采取的措施"], ["产出指标", "养护里程", "386公里", "386公里", "90", "90", "", ""]]
    form = one_form([*funds, *heading, [("预算执行率得分", 4), "10", "9.3", "冬季停工", "加快支付"], [("总分", 4), "100", "99.3", "", ""]], TITLE)
    assert len(form.indicators) == 1
    assert lines(form, "label", "weight", "score", "reason") == [("年度资金总额", "10", "9.3", "冬季停工；加快支付")]


def test_results_of_the_year_go_before_those_of_the_whole_period() -> None:
    """本年度目标 and 本年度完成 beside 合同约定值 and 累计完成."""
    rows: Rows = [["一级指标", "三级指标", "合同约定值", "本年度目标", "本年度完成", "累计完成", "分值", "得分"], ["产出指标", "发明专利", "12", "5", "6", "9", "60", "60"], ["产出指标", "论文", "15", "6", "5", "11", "40", "33"]]
    form = one_form(rows, TITLE)
    assert rows_of(form, "target", "actual") == [("5", "6"), ("6", "5")]
    assert any("累计完成" in text for text in form.unread) and any("合同约定值" in text for text in form.unread)


def test_what_is_said_of_the_points_is_their_reason() -> None:
    """自评情况说明 in a score sheet without a column of reasons."""
    rows: Rows = [["一级指标", "三级指标", "分值", "评价标准", "自评情况说明", "自评得分"], ["决策", "目标合理性", "60", "合理得满分", "目标合理", "60"], ["决策", "指标明确性", "40", "明确得满分", "个别指标未量化", "35"]]
    assert rows_of(one_form(rows, TITLE), "score", "reason") == [("60", "目标合理"), ("35", "个别指标未量化")]

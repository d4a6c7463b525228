"""Other wordings and shapes of the same tables, as counties fill them: read, or told, never wrong in silence."""

from __future__ import annotations

import pytest
from layout_grids import Entry, Rows, document, grid, lines, one_form, rows_of

from checker.layouts import recognise
from checker.layouts.label_points import split_points
from checker.layouts.numbers import percent, score
from checker.model import Form

TITLE = "2023年度项目支出绩效自评表"


def one(rows: Rows, before: tuple[str, ...] = (TITLE,)) -> Form:
    return one_form(rows, before)


@pytest.mark.parametrize(
    ("budget", "executed", "rate", "weight", "score"),
    [("调整后预算", "实际支出数", "支出率", "标准分", "实得分"), ("计划数", "全年支出", "支付进度", "应得分", "自评"), ("年度预算", "实际使用", "执行进度", "满分", "评分")],
)
def test_budget_titles_of_counties(budget: str, executed: str, rate: str, weight: str, score: str) -> None:
    """Further words for budget, execution and rate; 应得分 is what can be had, 实得分 what was given."""
    form = one([["项目资金（万元）", budget, executed, rate, weight, score], ["资金总额", "120", "118.8", "99%", "10", "9.9"]])
    assert lines(form, "budget", "executed", "rate", "weight", "score") == [("120", "118.8", "99", "10", "9.9")]


def test_amounts_of_other_years_and_not_spent_are_no_budget() -> None:
    """上年决算数, 累计支出数 and 未支出数 have the words of a title but are not this year's execution."""
    form = one([["项目资金（万元）", "上年决算数", "累计支出数", "未支出数", "本年预算数", "本年决算数"], ["资金总额", "90", "310", "1", "120", "119"]])
    assert lines(form, "budget", "executed") == [("120", "119")]


@pytest.mark.parametrize(
    ("target", "actual", "weight", "score", "reason"),
    [("年初目标", "实际情况", "应得分", "实得分", "扣分理由"), ("计划完成值", "达成值", "满分值", "自评打分", "偏差说明"), ("目标任务", "实际完成指标", "标准分", "自评", "未完成情况及整改措施")],
)
def test_indicator_titles_of_counties(target: str, actual: str, weight: str, score: str, reason: str) -> None:
    """Further words for the columns of indicators; a planned value is a target although it says 完成值."""
    form = one([["一级指标", "三级指标", target, actual, weight, score, reason], ["产出指标", "修路", "≥12公里", "11公里", "50", "45", "雨季"]])
    assert rows_of(form, "target", "actual", "weight", "score", "reason") == [("≥12公里", "11公里", "50", "45", "雨季")]


def test_names_under_the_title_of_all_indicators() -> None:
    """绩效指标 right of the level columns is the title of the names."""
    form = one([["一级指标", "二级指标", "绩效指标", "目标值", "完成值", "分值", "得分"], ["产出", "数量", "扶持户数", "120户", "126户", "40", "40"]])
    assert rows_of(form, "level1", "level2", "name", "target") == [("产出", "数量", "扶持户数", "120户")]


def test_a_column_with_a_title_of_its_own_is_no_name() -> None:
    """A column beside the names whose title is not understood is unread, it does not become the name."""
    form = one([["指标名称", "约定事项", "实际完成值", "满分", "自评分"], ["网格员人数", "45人", "45人", "30", "30"], ["巡查频次", "每日2次", "每日2次", "20", "20"]])
    assert rows_of(form, "level1", "name", "actual") == [(None, "网格员人数", "45人"), (None, "巡查频次", "每日2次")]
    assert any("约定事项" in text for text in form.unread)


@pytest.mark.parametrize(("text", "name", "points"), [("产出指标（500分）", "产出指标", "500"), ("数量指标300分", "数量指标", "300"), ("产出指标（2023）", "产出指标（2023）", "None"), ("产出指标（5000分）", "产出指标（5000分）", "None")])
def test_points_of_a_scale_of_a_thousand(text: str, name: str, points: str) -> None:
    """With 分 a label may carry up to 1000 points; a bare number above 100 is a year or a count."""
    got = split_points(text)
    assert (got[0], str(got[1])) == (name, points)


def test_subtotals_with_the_name_of_their_level() -> None:
    """产出指标合计 and 满意度指标小计 add a group up: neither indicators nor the form's total."""
    form = one([
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        [("产出指标", 1, 2), "数量指标", "改造小区", "12个", "12个", "60", "60"], [("产出指标合计", 4), "60", "60"],
        [("满意度指标", 1, 2), "满意度指标", "居民满意度得分", "≥90分", "95分", "40", "38"], [("满意度指标小计", 4), "40", "38"],
        [("总计", 5), "100", "98"],
    ])  # fmt: skip
    assert rows_of(form, "level1", "name", "weight", "score") == [("产出指标", "改造小区", "60", "60"), ("满意度指标", "居民满意度得分", "40", "38")]
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98"]
    assert [(str(row["weight"]), str(row["score"])) for row in form.indicator_groups if row["level"] == 1] == [("60", "60"), ("40", "38")]


def test_a_total_score_in_a_form_that_only_deducts() -> None:
    """Where rows have a weight and a deduction, 自评总分 below is a score, not the sum of the weights."""
    form = one([
        ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "满分", "扣分"],
        ["产出指标", "数量指标", "办理案件", "≥300件", "312件", "60", "0"], ["产出指标", "质量指标", "合格率", "≥95%", "93%", "40", "2"],
        [("合计", 5), "100", "2"], [("自评总分", 5), ("98", 2)],
    ])  # fmt: skip
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98"]
    assert rows_of(form, "weight", "score") == [("60", None), ("40", None)]
    assert "scores" in form.not_applicable


def test_budget_in_one_line_of_text() -> None:
    """Figures behind their labels make one line, also without a colon; the unit is the figures' own."""
    form = one([
        ["资金情况", "年初预算数：120万元", "调整后预算数：118万元", "实际支出数：1156400元", "执行率98%"],
        ["一级指标", "三级指标", "目标值", "完成值", "得分"], ["产出指标", "修路", "12公里", "12公里", "100"],
    ])  # fmt: skip
    assert lines(form, "initial", "budget", "executed", "rate") == [("120", "118", "115.6400", "98")]
    assert form.header["amount_unit"] == "万元"


def test_a_unit_that_only_the_cells_name() -> None:
    """Amounts in 万元 and 元 without a unit in the heading are brought to one unit and the unit is said."""
    form = one([["项目资金", "全年预算数", "全年执行数", "执行率"], ["年度资金总额", "120万元", "1188000元", "99%"]])
    assert lines(form, "budget", "executed") == [("120", "118.8000")]
    assert form.header["amount_unit"] == "万元"


def test_levels_as_rows_of_their_own() -> None:
    """A row over the whole table that names a level governs the rows below it; level 2 lasts until the next level 1."""
    form = one([
        ["序号", "指标名称", "指标值", "完成值", "分值", "得分"],
        [("一、产出指标（50分）", 6)], [("（一）数量指标", 6)], ["1", "采购防护服", "≥5000套", "5000套", "30", "30"], [("（二）质量指标", 6)], ["2", "合格率", "100%", "100%", "20", "20"],
        [("二、满意度（50分）", 6)], ["3", "机构满意度", "≥90%", "96%", "50", "50"], [("总分", 4), "100", "100"],
    ])  # fmt: skip
    assert rows_of(form, "level1", "level1_weight", "level2", "name") == [
        ("产出指标", "50", "数量指标", "采购防护服"), ("产出指标", "50", "质量指标", "合格率"), ("满意度", "50", None, "机构满意度"),
    ]  # fmt: skip
    assert "levels" not in form.not_applicable
    assert not any("产出指标" in text for text in form.unread)


def test_a_level_row_in_a_table_that_has_the_column_of_levels() -> None:
    """The name of a level over the whole width is not the name of an indicator either."""
    form = one([
        ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
        [("产出指标（60分）", 7)], ["", "数量指标", "修路", "12公里", "12公里", "60", "60"],
        [("效益指标（40分）", 7)], ["", "社会效益指标", "受益人口", "3万人", "3万人", "40", "40"], [("总分", 5), "100", "100"],
    ])  # fmt: skip
    assert rows_of(form, "level1", "level1_weight", "level2", "name") == [("产出指标", "60", "数量指标", "修路"), ("效益指标", "40", "社会效益指标", "受益人口")]


def test_a_name_over_the_second_level_too() -> None:
    """One cell over 二级指标 and 三级指标 is the indicator's name; level 2 has none."""
    form = one([
        ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
        ["预算执行", ("预算执行率", 2), "100%", "98%", "10", "9.8"], ["产出指标", "数量指标", "修路", "12公里", "12公里", "90", "90"], [("总分", 5), "100", "99.8"],
    ])  # fmt: skip
    assert rows_of(form, "level1", "level2", "name") == [("预算执行", None, "预算执行率"), ("产出指标", "数量指标", "修路")]


INDICATORS: Rows = [["一级指标", "三级指标", "目标值", "完成值", ("得分", 2)], ["产出指标", "修路", "12公里", "12公里", ("100", 2)]]


def test_a_budget_turned_by_a_quarter() -> None:
    """Funds as titles of columns, 预算数, 执行数 and 执行率 as labels of rows: one line for every fund."""
    form = one([
        [("资金情况（万元）", 1, 4), "", "合计", "中央财政", "省级财政", "其他"],
        ["预算数", "5000", "3000", "1800", "200"], ["执行数", "4850", "3000", "1700", "—"], ["执行率", "97%", "1", "94.44%", ""],
        *INDICATORS,
    ])  # fmt: skip
    assert lines(form, "label", "role", "budget", "executed", "rate") == [
        ("合计", "total", "5000", "4850", "97"), ("中央财政", "part", "3000", "3000", "100"), ("省级财政", "part", "1800", "1700", "94.44"), ("其他", "part", "200", None, None),
    ]  # fmt: skip
    assert form.header["amount_unit"] == "万元"


def test_figures_of_several_years_beside_one_label_are_not_guessed() -> None:
    """预算数 with a figure for every year: which one counts cannot be told, and that is said."""
    form = one([
        [("资金情况（万元）", 1, 3), "", "2021年", "2022年", "2023年"], ["预算数", "300", "200", "100"], ["执行数", "290", "190", "90"],
        *INDICATORS,
    ])  # fmt: skip
    assert lines(form, "budget", "executed") == [(None, None)]
    assert sum("旁有几个数" in text for text in form.unread) == 2


def test_income_and_spending_side_by_side() -> None:
    """Two tables in one: figures of income never become those of spending; the half that is not read is told."""
    form = one([
        [("年度资金（万元）", 1, 3), "收入项目", "年初预算", "决算数", "支出项目", "年初预算", "全年预算", "决算数"],
        ["财政拨款", "900", "930", "基本支出", "600", "620", "618"], ["合计", "920", "950", "合计", "920", "950", "944"],
        [("一级指标", 2), "三级指标", "目标值", "完成值", ("得分", 3)], [("产出指标", 2), "购书", "2万册", "2万册", ("100", 3)],
    ])  # fmt: skip
    assert lines(form, "label", "initial", "budget", "executed") == [("基本支出", "600", "620", "618"), ("合计", "920", "950", "944")]
    assert all(any(f"“{figure}”" in text for text in form.unread) for figure in ("900", "930"))


LEVELS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


def test_points_of_execution_below_the_indicators() -> None:
    """预算执行得分 below the sum of the indicators belongs to the budget's total line and is no indicator."""
    rows: Rows = [
        [("项目资金（万元）", 1, 2), "", "年初预算数", "全年预算数", "全年执行数", "执行率", ""], ["资金总额", "300", "300", "285", "95%", ""],
        [*LEVELS], ["产出指标", "数量指标", "安置人数", "120人", "126人", "90", "89"],
        [("合计", 3), "", "", "90", "89"], [("预算执行得分", 3), "", "", "10", "9.5"], [("总得分", 3), "", "", "100", "98.5"],
    ]  # fmt: skip
    form = one(rows)
    assert rows_of(form, "name") == [("安置人数",)]
    assert lines(form, "label", "weight", "score") == [("资金总额", "10", "9.5")]
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98.5"]
    rows[3:4] = [["产出指标", "数量指标", "安置人数", "120人", "126人", "80", "79"], ["产出指标", "成本指标", "预算执行率", "", "", "10", "10"]]
    assert rows_of(one(rows), "name") == [("安置人数",), ("预算执行率",)]


def test_one_year_in_the_titles_of_a_budget() -> None:
    """2023年执行数 is the form's own column; a table that compares years is still no budget block."""
    indicators: Rows = [[*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "90", "90"]]
    own = one([["项目资金（万元）", "2023年年初预算数", "2023年调整预算数", ("2023年执行数", 2), "执行率", "分值"], ["合计", "20", "25", ("24.5", 2), "98%", "10"], *indicators])
    assert lines(own, "initial", "budget", "executed", "rate", "weight") == [("20", "25", "24.5", "98", "10")]
    other = one([["经费（万元）", "2022年决算数", "2023年预算数", ("2023年决算数", 2), "执行率", ""], ["三公经费", "12", "15", ("11", 2), "73%", ""], *indicators])
    assert lines(other, "budget") == []


def test_columns_under_one_title_with_titles_of_their_own() -> None:
    """运算符号, 数值 and 单位 below 年度指标值 make the target, 数值 and 单位 below 实际完成值 the actual; 复核 is not the unit's score."""
    form = one([
        [("一级指标", 1, 2), ("三级指标", 1, 2), ("年度指标值", 3), ("实际完成值", 2), ("分值", 1, 2), ("得分", 2)],
        ["运算符号", "数值", "单位", "数值", "单位", "自评", "复核"],
        ["产出指标", "取土化验", "≥", "500", "个", "480", "个", "60", "58", "55"], ["效益指标", "化肥减量", "≥", "3", "%", "3.2", "%", "40", "40", "40"],
    ])  # fmt: skip
    expected = [("取土化验", "≥500个", "480个", "60", "58"), ("化肥减量", "≥3%", "3.2%", "40", "40")]
    assert rows_of(form, "name", "target", "actual", "weight", "score") == expected
    flat = one([
        ["一级指标", "三级指标", "年度指标值", "", "", "实际完成值", "", "分值", "得分", ""], ["", "", "运算符号", "数值", "单位", "数值", "单位", "", "自评", "复核"],
        ["产出指标", "取土化验", "≥", "500", "个", "480", "个", "60", "58", "55"], ["效益指标", "化肥减量", "≥", "3", "%", "3.2", "%", "40", "40", "40"],
    ])  # fmt: skip
    assert rows_of(flat, "name", "target", "actual", "weight", "score") == expected


def test_one_column_for_target_and_actual_that_does_not_part_is_told() -> None:
    """目标值/实际值 in one column whose cells nothing divides is neither the target nor the actual; it is named as unread."""
    form = one([["指标名称", "目标值/实际值", "分值", "得分", "原因"], ["改厕户数", "300户，296户", "60", "59", "4户搬迁"], ["农户满意度", "≥90%，92%", "40", "40", ""]])
    assert rows_of(form, "name", "target", "actual", "weight") == [("改厕户数", None, None, "60"), ("农户满意度", None, None, "40")]
    assert any("目标值/实际值" in text for text in form.unread)
    assert not {"targets", "actuals"} & set(form.not_applicable)


def test_a_total_row_with_two_labels() -> None:
    """标准分合计 | 100 | 自评总分 | 98.8: each figure belongs to the label before it."""
    form = one([[*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "100", "98.8"], ["标准分合计", ("100", 3), "自评总分", ("98.8", 2)]])
    assert [str(form.header[name]) for name in ("total_weight", "total_score")] == ["100", "98.8"]


def test_a_date_is_no_amount() -> None:
    """下达时间 has a word of a budget's title and holds a date."""
    form = one([
        ["资金下达文号", "某财教1号", "下达时间", ("2022年3月", 4)], ["预算金额（万元）", "150", "支出金额（万元）", "150", "支出率", ("100%", 2)],
        [*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "100", "100"],
    ])  # fmt: skip
    assert lines(form, "budget", "executed", "rate") == [("150", "150", "100")]


def test_a_list_of_projects_before_the_forms_is_no_form() -> None:
    """A line for every project (汇总表) beside real forms is left out and told; alone it stays, recognised weakly."""
    rows: Rows = [["序号", "项目名称", "预算数（万元）", "执行数（万元）", "执行率", "自评得分"], ["1", "修路", "100", "98", "98%", "97"], ["2", "护林", "50", "50", "100%", "99"]]
    listed = grid(rows, name="汇总", before=("2023年度项目绩效自评结果汇总表",))
    real = grid([["项目名称", ("修路", 6)], [*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "100", "97"]], before=(TITLE,))
    (form,) = recognise(document(listed, real))
    assert (form.header["project_name"], lines(form, "label")) == ("修路", [])
    assert any("汇总" in text for text in form.unread)
    (alone,) = recognise(document(listed))
    assert alone.recognition == "weak"


def test_titles_that_begin_with_a_digit_and_parts_of_the_year() -> None:
    """1-7月执行数 beside 全年预算数 is a title, not a figure; the whole year's columns count, not those of quarters."""
    form = one([
        ["项目名称", ("应急广播", 8)], [("资金（万元）", 2), ("本年全年预算", 2), ("1-7月执行数", 2), ("全年执行数", 2), "执行率"], ["", "", ("110", 2), ("60", 2), ("104.5", 2), "95%"],
        ["一级指标", "三级指标", "年度指标值", "一季度完成值", "上半年完成值", "全年完成值", "分值", "得分", "备注"], ["产出指标", "建设终端", "200个", "20个", "80个", "200个", "100", "100", ""],
    ])  # fmt: skip
    assert lines(form, "budget", "executed", "rate") == [("110", "104.5", "95")]
    assert rows_of(form, "target", "actual") == [("200个", "200个")]


def test_a_table_that_only_frames_others_keeps_the_title_for_them() -> None:
    """The title stands before an empty table in which the form's tables are nested."""
    frame = grid([[""], [""]], before=("项目支出绩效自评表（2022年度）",))
    (form,) = recognise(document(frame, grid([["项目名称", ("修路", 6)], [*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "100", "97"]])))
    assert (form.header["title"], form.header["fiscal_year"]) == ("项目支出绩效自评表（2022年度）", 2022)


def test_a_fund_with_parts_of_its_own() -> None:
    """财政资金 with 小计 and the governments below it: each has its own label, and only funds of one rank are parts of the total."""
    body: Rows = [["合计", "", "110", "104.5"], [("财政资金", 1, 3), "小计", "100", "95"], ["中央", "60", "60"], ["县级", "40", "35"], [("其他资金", 2), "10", "9.5"]]
    flat: Rows = [["合计", "", "110", "104.5"], ["财政资金", "小计", "100", "95"], ["", "中央", "60", "60"], ["", "县级", "40", "35"], ["其他资金", "", "10", "9.5"]]
    expected = [
        ("合计", "total", None, "110"), ("财政资金", "part", None, "100"), ("中央", "source", "财政资金", "60"), ("县级", "source", "财政资金", "40"), ("其他资金", "part", None, "10"),
    ]  # fmt: skip
    assert lines(one([[("资金来源", 2), "预算数", "执行数"], *body]), "label", "role", "group", "budget") == expected
    assert lines(one([["资金来源", "", "预算数", "执行数"], *flat]), "label", "role", "group", "budget") == expected


def test_another_table_of_figures_above_the_budget() -> None:
    """三公经费 above the funds has the same titles and none of the funds: left out and told."""
    form = one([
        [("三公经费", 1, 2), "", "预算数", "决算数", ("控制率", 3)], ["公务接待费", "2", "1.5", ("75%", 3)],
        [("资金（万元）", 1, 2), "", "年初预算数", "全年预算数", "全年执行数", ("执行率", 2)], ["资金总额", "100", "110", "104.5", ("95%", 2)],
        [*LEVELS], ["产出指标", "数量指标", "修路", "12公里", "12公里", "100", "100"],
    ])  # fmt: skip
    assert lines(form, "label", "initial", "budget", "executed") == [("资金总额", "100", "110", "104.5")]
    assert any("公务接待费" in text for text in form.unread)


def test_the_value_at_the_start_and_the_adjusted_value() -> None:
    """年初值 and 调整值 below 年度指标值: the adjusted one governs where there is one."""
    form = one([
        [("一级指标", 1, 2), ("三级指标", 1, 2), ("年度指标值", 2), ("实际完成值", 1, 2), ("得分", 1, 2)], ["年初值", "调整值"],
        ["产出指标", "建设终端", "180个", "200个", "200个", "60"], ["效益指标", "覆盖人口", "≥5万", "", "5.1万", "40"],
    ])  # fmt: skip
    assert rows_of(form, "name", "target", "actual", "score") == [("建设终端", "200个", "200个", "60"), ("覆盖人口", "≥5万", "5.1万", "40")]


def test_funds_that_say_there_is_none() -> None:
    """无 in the place of an amount is a blank one; the funds below it are still read."""
    form = one([["资金（万元）", "年初预算数", "全年预算数", "全年执行数"], ["资金总额", "100", "110", "104.5"], ["上年结转资金", "无", "无", "无"], ["其他资金", "5", "5", "5"]])
    assert lines(form, "label", "initial", "executed") == [("资金总额", "100", "104.5"), ("上年结转资金", None, None), ("其他资金", "5", "5")]
    assert not any("不是数字" in text for text in form.unread)


def test_a_fund_with_words_for_its_amount_ends_no_table() -> None:
    """暂未下达 in the place of an amount is told as unread; the fund below it is still read."""
    form = one([["资金（万元）", "年初预算数", "全年执行数"], ["资金总额", "100", "104.5"], ["上年结转资金", "暂未下达", ""], ["其他资金", "5", "5"], ["预算绩效管理情况", "规范", ""]])
    assert lines(form, "label", "initial", "executed") == [("资金总额", "100", "104.5"), ("上年结转资金", None, None), ("其他资金", "5", "5")]
    assert any("暂未下达" in text for text in form.unread)


@pytest.mark.parametrize(("executed", "shown", "rate"), [("94.5", "1.05", "105"), ("135", "1.5", "150"), ("180", "2", "200"), ("135", "2", "2"), ("1.8", "2", "2"), ("94.5", "105", "105"), ("81", "0.9", "90"), ("80.91", "0.899", "89.9")])
def test_a_fraction_above_one(executed: str, shown: str, rate: str) -> None:
    """1.05 is 105 % where the execution says so to the last digit printed; else it stays what it is."""
    form = one([["资金（万元）", "全年预算数", "全年执行数", "执行率"], ["资金总额", "90", executed, shown]])
    assert lines(form, "rate") == [(rate,)]


def test_values_of_more_than_the_year_stand_beside_those_of_the_year() -> None:
    """总目标值 and 累计完成值 are left out where the year has columns of its own; alone they are read."""
    titles: list[Entry] = ["一级指标", "三级指标", "总目标值", "本年目标值", "累计完成值", "本年完成值", "分值", "得分"]
    form = one([titles, ["产出", "改造渠道", "50公里", "20公里", "45公里", "18公里", "50", "45"]])
    assert rows_of(form, "target", "actual", "score") == [("20公里", "18公里", "45")]
    alone = one([["一级指标", "三级指标", "总目标值", "累计完成值", "得分"], ["产出", "改造渠道", "50公里", "45公里", "45"]])
    assert rows_of(alone, "target", "actual") == [("50公里", "45公里")]


@pytest.mark.parametrize(("actual", "target"), [("2023年完成值", "120个"), ("完成值", None)])
def test_targets_of_the_years_to_come(actual: str, target: str | None) -> None:
    """2024年指标值 is no target of 2023; where the result names no year, neither of two years is taken."""
    form = one([["一级指标", "三级指标", "2023年指标值", "2024年指标值", actual, "得分"], ["产出", "新增工位", "120个", "150个", "118个", "49"]])
    assert rows_of(form, "target", "actual") == [(target, "118个")]
    assert target is not None or any("2024年指标值" in text for text in form.unread)


def test_scores_that_two_titles_claim_are_read_from_neither() -> None:
    """学校得分 beside 主管局得分 with other figures: no score, both columns are told, and scores are not called not applicable."""
    form = one([["一级指标", "三级指标", "目标值", "完成值", "分值", "主管局得分", "学校得分"], ["产出", "维修面积", "30", "29", "50", "48", "48.5"]])
    assert rows_of(form, "weight", "score") == [("50", None)]
    assert "scores" not in form.not_applicable
    assert all(any(title in text for text in form.unread) for title in ("主管局得分", "学校得分"))


def test_values_apart_in_the_brackets_of_their_titles_only() -> None:
    """完成值（上半年） beside 完成值（全年）: brackets are no part of a title, so neither is read and both are told."""
    form = one([["一级指标", "三级指标", "指标值（年初）", "指标值（年中）", "完成值（上半年）", "完成值（全年）", "得分"], ["产出", "安装器材", "100套", "120套", "50套", "121套", "50"]])
    assert rows_of(form, "target", "actual", "score") == [(None, None, "50")]
    assert all(any(title in text for text in form.unread) for title in ("年初", "年中", "上半年", "全年"))


def test_scores_out_of_a_hundred_beside_weighted_ones() -> None:
    """加权得分 is the score of a row, 单项得分（百分制） is not."""
    form = one([["一级指标", "三级指标", "指标值", "完成值", "权重（%）", "单项得分（百分制）", "加权得分"], ["产出", "可用率", "≥99%", "98%", "20", "95", "19"]])
    assert rows_of(form, "weight", "score") == [("20", "19")]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [("执行数（1-9月）", "执行数（1-12月）", "executed"), ("中央下达数", "省级下达数", "budget")],
)
def test_amounts_that_two_titles_claim_are_read_from_neither(first: str, second: str, field: str) -> None:
    """Two parts of one amount under titles alike: none of them is taken for the whole, both are told."""
    form = one([["资金（万元）", first, second, "执行率"], ["资金总额", "60", "95", "95%"]])
    assert lines(form, field, "rate") == [(None, "95")]
    assert not any(row.get("initial") for row in form.budget_lines)
    assert all(any(f"“{figure}”" in text for text in form.unread) for figure in ("60", "95"))


@pytest.mark.parametrize("whole", ["总预算数", "预算总额"])
def test_a_budget_of_the_whole_project_is_no_budget_at_the_start(whole: str) -> None:
    """总预算数 beside 本年预算数 is told as unread; 预算数 beside 调整后预算数 is the budget at the start."""
    form = one([["资金（万元）", whole, "本年预算数", "执行数"], ["资金总额", "600", "95", "93"]])
    assert lines(form, "initial", "budget", "executed") == [(None, "95", "93")]
    assert any("“600”" in text for text in form.unread)
    adjusted = one([["资金（万元）", "预算总额", "调整后预算数", "执行数"], ["资金总额", "60", "95", "93"]])
    assert lines(adjusted, "initial", "budget") == [("60", "95")]


def test_a_fourth_level_holds_the_names() -> None:
    """四级指标 beside 三级指标 is what is measured."""
    form = one([["一级指标", "二级指标", "三级指标", "四级指标", "目标值", "实际值", "得分"], ["产出", "数量", "康复服务", "适配人数", "≥260人", "271人", "30"]])
    assert rows_of(form, "level2", "name", "target") == [("数量", "适配人数", "≥260人")]


@pytest.mark.parametrize("foot", [["填表日期", "2024年2月", "联系电话", "", ""], ["经办人：", "", "审核人：", "", ""], ["评价等次", "", "", "", "优"], ["得分率", "", "", "", "96%"]])
def test_signatures_grades_and_rates_below_the_total_are_no_indicators(foot: list[Entry]) -> None:
    """Labels of the foot in cells of their own make no row."""
    form = one([["一级指标", "二级指标", "三级指标", "完成值", "得分"], ["产出", "数量", "签约项目", "28个", "96"], ["总分", "", "", "", "96"], foot])
    assert rows_of(form, "name", "score") == [("签约项目", "96")]


def test_a_heading_goes_as_far_down_as_its_merged_titles() -> None:
    """Level titles merged over two rows tell that the second row is heading too; values of the half-year and points of a review are left out and told."""
    form = one(
        [
            [("一级指标", 1, 2), ("三级指标", 1, 2), ("指标值", 1, 2), ("完成值", 2), ("评分", 3), ("偏差情况", 2)],
            ["半年值", "全年值", "满分", "自评", "复评", "偏差原因", "改进措施"],
            ["产出指标", "养护里程", "≥320公里", "150公里", "310公里", "20", "19.38", "19", "雨季水毁", "加密巡查"],
        ]
    )
    assert rows_of(form, "target", "actual", "weight", "score", "reason") == [("≥320公里", "310公里", "20", "19.38", "雨季水毁；加密巡查")]
    assert any("半年值" in text for text in form.unread)


@pytest.mark.parametrize("merged", [True, False])
def test_targets_of_the_year_start_and_after_adjustment_under_one_title(merged: bool) -> None:
    """年初, 年中 and 调整后 below 绩效目标值: the adjusted target governs, that of mid-year is told as unread."""
    top: list[Entry] = [("一级指标", 1, 2), ("三级指标", 1, 2), ("绩效目标值", 3), ("完成值", 1, 2), ("分值", 1, 2), ("得分", 1, 2)]
    flat: list[Entry] = ["一级指标", "三级指标", "绩效目标值", "", "", "完成值", "分值", "得分"]
    below: list[Entry] = ["年初", "年中", "调整后"] if merged else ["", "", "年初", "年中", "调整后", "", "", ""]
    form = one([top if merged else flat, below, ["产出指标", "修路", "8公里", "8.5公里", "9公里", "9公里", "30", "30"]])
    assert rows_of(form, "target", "actual", "weight", "score") == [("9公里", "9公里", "30", "30")]
    assert any("年中" in text for text in form.unread)
    assert not any("8公里8" in text for text in form.repairs)


def test_head_labels_in_the_rows_of_the_budget_figures() -> None:
    """项目名称 and 主管部门 that stand left of 年初预算数 and 全年执行数 are read as well."""
    form = one(
        [
            ["项目名称", "免费开放", "年初预算数（万元）", "60"], ["主管部门", "某区文化局", "全年预算数（万元）", "58"], ["实施单位", "某区文化馆", "全年执行数（万元）", "55.1"],
            ["三级指标", "指标值", "完成值", "得分"], ["展览", "≥12场", "14场", "30"],
        ]
    )
    assert [form.header[name] for name in ("project_name", "supervising_department", "implementing_unit")] == ["免费开放", "某区文化局", "某区文化馆"]
    assert lines(form, "initial", "budget", "executed") == [("60", "58", "55.1")]


def test_a_side_label_of_the_budget_is_no_second_table() -> None:
    """年度预算 beside the funds is no title of amounts: the label of a total that begins below it is kept."""
    form = one([[("年度预算（万元）", 1, 2), "支出类型", "年初预算数", "决算数", "执行率"], ["基本支出", "100", "100", "100%"], [("合计", 2), "100", "100", "100%"]])
    assert lines(form, "label", "executed") == [("基本支出", "100"), ("合计", "100")]


STACKED: Rows = [
    ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
    ["产出指标", "数量\n指标", "维修水厂\n更换管道", "8处\n12公里", "8处\n11公里", "20\n20", "20\n18.33"],
    ["产出指标", "质量指标", "水质达标率", "100%", "100%", "20", "20"],
]


def test_indicators_divided_by_line_breaks_are_taken_apart() -> None:
    """Names, values and points with as many lines each are so many indicators; a level's name broken over two lines stays one."""
    form = one(STACKED)
    assert rows_of(form, "level2", "name", "target", "actual", "weight", "score") == [
        ("数量指标", "维修水厂", "8处", "8处", "20", "20"), ("数量指标", "更换管道", "12公里", "11公里", "20", "18.33"), ("质量指标", "水质达标率", "100%", "100%", "20", "20"),
    ]
    assert any("2 项指标" in text for text in form.repairs)


def test_stacked_points_without_as_many_names_are_unread() -> None:
    """20⏎20 beside one name is no 2020: the points are told as unread."""
    form = one([STACKED[0], ["产出指标", "数量指标", "维修水厂和管道", "8处", "8处", "20\n20", "20\n18.33"]])
    assert rows_of(form, "name", "weight", "score") == [("维修水厂和管道", None, None)]
    assert sum("20" in text for text in form.unread) == 2


def test_forms_side_by_side_are_read_each() -> None:
    """Two titles with an empty column between them are two forms."""
    def half(name: str, value: str) -> Rows:
        return [[("2023年度项目支出绩效自评表", 4)], ["项目名称", (name, 3)], ["三级指标", "指标值", "完成值", "得分"], ["义诊", "≥100次", value, "48"]]

    rows: Rows = [[*left, "", *right] for left, right in zip(half("送医", "96次"), half("送教", "112次"), strict=True)]
    forms = recognise(document(grid(rows)))
    assert [(form.header["project_name"], form.indicators[0]["actual"]) for form in forms] == [("送医", "96次"), ("送教", "112次")]


def test_traditional_characters() -> None:
    """Titles, levels, the unit of money and the unit in the title are known in the older script; texts stay as filed."""
    form = one(
        [
            ["項目資金（萬元）", "全年預算數", "全年執行數", "執行率"], ["年度資金總額", "240", "235.2", "98%"],
            ["一級指標", "二級指標", "三級指標", "年度指標值", "實際完成值", "分值", "得分"], ["滿意度指標", "服務對象滿意度指標", "長者滿意度", "≥90%", "95%", "10", "10"],
        ],
        before=("某區社會福利局2023年度項目支出績效自評表",),
    )
    assert (form.header["amount_unit"], form.header["unit_name"], form.header["fiscal_year"]) == ("万元", "某區社會福利局", 2023)
    assert rows_of(form, "level1", "name", "score") == [("滿意度指標", "長者滿意度", "10")]


def test_a_bonus_row_has_no_weight_of_a_level() -> None:
    """加分项 over all columns of names is no weight of level 1 that cannot be read."""
    form = one([["一级指标", "分值", "三级指标", "分值", "完成值", "得分"], ["产出指标", "50", "受益学生", "50", "2万人", "50"], [("加分项", 3), "", "获省级表彰", "1"]])
    assert rows_of(form, "name", "score") == [("受益学生", "50"), ("加分项", "1")]
    assert not any("加分项" in text for text in form.unread)


def test_a_row_with_the_name_and_the_sum_of_a_level_is_no_indicator() -> None:
    """（一）产出指标 | 50 | 49 above indicators of together 50 points is the level's heading with its points."""
    form = one(
        [
            ["序号", "指标名称", "目标值", "实际值", "满分", "得分", "未达标说明"],
            [("（一）产出指标", 4), "50", "49", ""], ["1.1", "筛查人数", "≥3万人", "2.9万人", "40", "39", "宣传不足"], ["1.2", "完成时间", "10月底", "10月20日", "10", "10", ""],
            [("（二）满意度指标", 4), "10", "10", ""], ["2.1", "妇女满意度", "≥90%", "96%", "10", "10", ""], [("合计", 4), "60", "59", ""],
        ]
    )
    assert rows_of(form, "level1", "level1_weight", "name", "weight", "reason") == [
        ("产出指标", "50", "筛查人数", "40", "宣传不足"), ("产出指标", "50", "完成时间", "10", None), ("满意度指标", "10", "妇女满意度", "10", None),
    ]
    assert [(group["level1"], str(group["score"])) for group in form.indicator_groups] == [("产出指标", "49"), ("满意度指标", "10")]
    assert form.header["total_weight"] == 60


def test_a_level_named_alone_stays_an_indicator_where_it_adds_nothing_up() -> None:
    """满意度指标 with points of its own that are no sum of the rows below is a row like any other."""
    form = one([["指标名称", "目标值", "完成值", "分值", "得分"], [("满意度指标", 3), "10", "10"], ["筛查人数", "≥3万人", "3万人", "40", "40"]])
    assert rows_of(form, "weight") == [("10",), ("40",)]


def test_both_levels_in_one_cell() -> None:
    """产出指标/数量指标 names level 1 and level 2; a slash within other words parts nothing."""
    form = one([["指标类别", "指标名称", "指标值", "完成值", "得分"], ["产出指标/数量指标", "修路", "9公里", "9公里", "50"], ["效益/其他", "就业", "9人", "9人", "50"]])
    assert rows_of(form, "level1", "level2") == [("产出指标", "数量指标"), ("效益/其他", None)]


def test_weights_left_of_the_levels() -> None:
    """An only column 分值 of numbers left of the levels is the weight; a side label 分值 is not."""
    form = one([["分值", "一级指标", "三级指标", "指标值", "完成情况", "得分"], ["30", "产出指标", "主体班", "12期", "12期", "30"], ["100", ("合计", 4), "99"]])
    assert rows_of(form, "weight", "score") == [("30", "30")]
    assert form.header["total_weight"] == 100
    beside = one([[("分值", 1, 2), "一级指标", "三级指标", "指标值", "完成情况", "得分"], ["产出指标", "主体班", "12期", "12期", "30"]])
    assert rows_of(beside, "name", "weight") == [("主体班", None)]


def test_english_behind_chinese_titles() -> None:
    """總分 Total and 指標值 Target are known by their Chinese part."""
    form = one([["一級指標", "三級指標 Indicator", "指標值 Target", "完成值 Result", "分值 Points", "得分 Score"], ["產出指標", "交流人數", "300人", "286人", "60", "57.2"], [("總分 Total", 4), "60", "57.2"]])
    assert rows_of(form, "target", "score") == [("300人", "57.2")]
    assert (form.header["total_weight"], str(form.header["total_score"])) == (60, "57.2")


@pytest.mark.parametrize(("title", "unit"), [("某市地震局２０２３年度项目支出绩效自评表", "某市地震局"), ("2022年度某市博物馆项目自评表", "某市博物馆"), ("某县残联2023年度项目支出绩效自评表", "某县残联"), ("#某县水务局2023年度项目支出绩效自评表", "某县水务局")])
def test_the_unit_that_a_title_names(title: str, unit: str) -> None:
    """Full-width years, shorter words for the form, short names of associations and a mark of markdown do not hide the unit."""
    form = one([["三级指标", "指标值", "完成值", "得分"], ["修路", "9公里", "9公里", "50"]], before=(title,))
    assert form.header["unit_name"] == unit


@pytest.mark.parametrize("merged", [True, False])
def test_stages_of_the_budget_below_one_title(merged: bool) -> None:
    """预算数 over 年初, 调整, 合计 and 支出数 over 本年, 结转, 合计: the totals count, 年初 is the first budget."""
    top: list[Entry] = [("资金来源", 1, 2), ("预算数（万元）", 3), ("支出数", 3), ("执行率", 1, 2)]
    flat: list[Entry] = ["资金来源", "预算数（万元）", "", "", "支出数", "", "", "执行率"]
    below: list[Entry] = ["年初", "调整", "合计", "本年", "结转", "合计"]
    form = one([top if merged else flat, below if merged else ["", *below, ""], ["财政拨款", "900", "60", "960", "870", "61.2", "931.2", "97%"]])
    assert lines(form, "label", "initial", "budget", "executed", "rate") == [("财政拨款", "900", "960", "931.2", "97")]


def test_stages_without_a_total_are_not_chosen_between() -> None:
    """年初 and 调整 below 预算数 without 合计 leave the budget unread: neither is the budget of the year."""
    form = one([[("资金来源", 1, 2), ("预算数", 2), ("支出数", 2), ("执行率", 1, 2)], ["年初", "调整", "本年", "结转"], ["财政拨款", "900", "60", "870", "61.2", "97%"]])
    assert not [row for row in form.budget_lines if row.get("budget") is not None]


@pytest.mark.parametrize(("text", "read"), [("9.5①", "9.5"), ("9.5 ②", "9.5"), ("９.５⑴", "9.5"), ("9.5分①", "9.5"), ("10²", None), ("98.5³", None)])
def test_marks_of_notes_behind_figures(text: str, read: str | None) -> None:
    """A circled number behind a figure marks a note and is left out, said; a raised one may be a power, so the figure is unread. 9.5① is never 9.51."""
    form = one([["三级指标", "指标值", "完成值", "分值", "得分"], ["修路", "9公里", "9公里", "10", text]])
    assert rows_of(form, "score") == [(read,)]
    assert len(form.repairs if read else form.unread) > 0


def test_the_label_of_a_fund_under_a_title_that_lost_its_merged_area() -> None:
    """国有资本经营预算 | 资本金注入 in a file of separated values: the name of the line is the deeper label."""
    form = one([["资金来源", "", "预算数（万元）", "决算数", "执行率"], ["国有资本经营预算", "资本金注入", "500", "500", "100%"], ["", "改革成本", "300", "285", "95%"], ["合计", "", "800", "785", "98.13%"]])
    assert lines(form, "label", "budget") == [("资本金注入", "500"), ("改革成本", "300"), ("合计", "800")]


@pytest.mark.parametrize(("text", "read"), [("20 20", None), ("10 0", None), ("20\n20", None), ("1 260 000", "1260000"), ("12 000.50", "12000.50"), ("98 .5", "98.5")])
def test_white_space_within_figures(text: str, read: str | None) -> None:
    """Blanks part thousands; between other digits, or as a line's end, they may part two figures: 20 20 is told as unread, never 2020."""
    form = one([["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数"], ["资金总额", "300", text, "300"]])
    assert lines(form, "budget") == [(read,)]
    assert any("不是单独一个数字" in said for said in form.unread) is (read is None)


def test_funds_below_a_fund_are_counted_once() -> None:
    """一般公共预算 and 政府性基金 below 本年财政拨款 are its sources where only so the parts make the total; 其中 marks one alone."""
    form = one(
        [
            ["项目资金（万元）", "全年预算数", "全年执行数"], ["年度资金总额", "500", "480"], ["其中：本年财政拨款", "400", "390"],
            ["其中：一般公共预算", "300", "292"], ["政府性基金", "100", "98"], ["上年结转资金", "100", "90"], ["其中：财政结转", "100", "90"],
        ]
    )
    assert lines(form, "label", "role") == [
        ("年度资金总额", "total"), ("本年财政拨款", "part"), ("一般公共预算", "source"), ("政府性基金", "source"), ("上年结转资金", "part"), ("财政结转", "source"),
    ]


@pytest.mark.parametrize("rows", [[["甲资金", "60", "60"], ["乙资金", "40", "40"]], [["甲资金", "60", "60"], ["乙资金", "60", "60"]], [["甲资金", "200", "60"], ["乙资金", "100", "30"], ["丙资金", "100", "30"]]])
def test_funds_that_do_not_prove_to_be_nested_stay_parts(rows: Rows) -> None:
    """Parts that make the total, parts that exceed it, and sums below a part that does not make it are left as they are."""
    form = one([["项目资金（万元）", "全年预算数", "全年执行数"], ["年度资金总额", "100", "100"], *rows])
    assert {str(row["role"]) for row in form.budget_lines} == {"total", "part"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("20×96%=19.2", "19.2"), ("10*95%=9.5分", "9.5"), ("100/3=33.33", "33.33"), ("256.5÷270×10=9.5", "9.5"),
        ("20×96%=19.3", None), ("100/0=5", None), ("2=2", None), ("20×96%", None),
    ],
)  # fmt: skip
def test_a_figure_with_its_working(text: str, read: str | None) -> None:
    """The result of a working is read where it comes out, and told; any other stays unread."""
    found = score(text)
    assert (None if found.value is None else str(found.value)) == read
    assert (found.note is not None, found.reason is not None) == (read is not None, read is None)
    assert str(percent("256.5/270=95%").value) == "95"


WRAPPED: Rows = [
    ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分", "原因"],
    ["产出指标", "数量指标", "草原改良及", "≥12万亩", "11万亩", "50", "45.83", "连续高温，"], ["", "", "补播面积", "", "", "", "", "部分地块补种"],
    ["满意度指标", "服务对象满意度", "牧民满意度", "≥90%", "93%", "10", "10", ""], ["", "指标", "", "", "", "", "", ""],
]


def test_texts_of_a_row_that_go_on_in_the_row_below_are_put_together() -> None:
    """Where every row with points states its level 1, a row of nothing but texts below texts is no indicator."""
    form = one(WRAPPED)
    assert rows_of(form, "level2", "name", "target", "score", "reason") == [
        ("数量指标", "草原改良及补播面积", "≥12万亩", "45.83", "连续高温，部分地块补种"), ("服务对象满意度指标", "牧民满意度", "≥90%", "10", None),
    ]
    assert sum("合为一格" in text for text in form.repairs) == 3


def test_a_name_without_values_stays_an_indicator_where_levels_are_stated_once() -> None:
    """A blank level is then no sign that the name belongs to the row above; nor is it beside a target of its own, and a target and
    a result without a name are a second half of the indicator, no second half of their texts."""
    once = [*WRAPPED[:3], ["", "质量指标", "出苗率", "≥85%", "90%", "10", "10", ""]]
    assert [row["name"] for row in one(once).indicators] == ["草原改良及", "补播面积", "出苗率"]
    named = [*WRAPPED[:2], ["", "", "补播面积", "≥3万亩", "", "", "", ""], *WRAPPED[3:4]]
    assert [row["name"] for row in one(named).indicators] == ["草原改良及", "补播面积", "牧民满意度"]
    halves = [*WRAPPED[:2], ["", "", "", "乡镇3万亩", "2.8万亩", "", "", ""], WRAPPED[3]]
    assert rows_of(one(halves), "target", "actual")[:2] == [("≥12万亩", "11万亩"), ("乡镇3万亩", "2.8万亩")]


def test_sources_behind_a_figure_in_its_row() -> None:
    """预算数 | 120 | 其中：中央资金 | 80 | 县级资金 | 40: one line for every name over all rows."""
    form = one([["预算数（万元）", "120", "其中：中央资金", "80", "县级资金", "40"], ["执行数（万元）", "118", "其中：中央资金", "80", "县级资金", "38"], ["执行率", "98.33%", "其中：中央资金", "100%", "县级资金", "95%"]])
    assert lines(form, "label", "budget", "executed", "rate") == [("预算数", "120", "118", "98.33"), ("中央资金", "80", "80", "100"), ("县级资金", "40", "38", "95")]


def test_numbered_rows_that_only_name_a_level_govern_the_rows_below() -> None:
    """1 产出指标, 1.1 数量指标, 1.1.1 造林: where the levels have no column, such rows are no indicators, blank cells beside them or not."""
    titles: Rows = [["序号", "指标名称", "指标值", "完成值", "分值", "得分"], ["1", "产出指标", "", "", "", ""], ["1.1", "数量指标", "", "", "", ""], ["1.1.1", "造林", "≥2万亩", "2.1万亩", "50", "50"]]
    more: Rows = [["2", "效益指标"], ["2.1", "生态效益指标"], ["2.1.1", "成活率", "≥85%", "82%", "30", "28.94"], [("合计", 4), "100", "98.94"]]
    assert rows_of(one([*titles, *more]), "level1", "level2", "name", "score") == [("产出指标", "数量指标", "造林", "50"), ("效益指标", "生态效益指标", "成活率", "28.94")]


def test_a_result_whose_title_takes_the_reasons_in() -> None:
    """完成情况及偏差原因 is the result as filed; whether it gives a reason is undecided and never a missing one."""
    form = one([["一级指标", "三级指标", "指标值", "完成情况及偏差原因", "分值", "得分"], ["效益指标", "成活率", "≥85%", "82%，春旱", "30", "28.94"]])
    assert rows_of(form, "actual", "reason") == [("82%，春旱", None)]
    assert "分不开" in str(form.places["indicators", 1, "reason"].unread)

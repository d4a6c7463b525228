"""Families of layouts by their published descriptions, written as grids: columns, funds, totals, what they lack."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from layout_grids import Entry, document, grid
from yardstick import at_most

from checker.errors import LayoutError
from checker.layouts import recognise
from checker.model import FieldValue, Form, Grid

Rows = list[list[Entry]]


def one(*grids: Grid) -> Form:
    (form,) = recognise(document(*grids))
    return form


def column(form: Form, field: str) -> list[FieldValue]:
    return [row.get(field) for row in form.indicators]


def funds(form: Form, *fields: str) -> list[tuple[FieldValue, ...]]:
    return [tuple(str(row[name]) if name in row else None for name in fields) for row in form.budget_lines]


NATIONAL_HEAD: Rows = [
    [("项目支出绩效自评表", 8)],
    [("（2022年度）", 8)],
    ["项目名称", ("甲项目", 7)],
    ["主管部门", ("某局", 3), "实施单位", ("某所", 3)],
    [("项目资金（万元）", 1, 3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额：", "10", "10", "9.8", "10", "98%", "9.8"],
    ["其中：本年财政拨款", "10", "10", "9.8", "—", "—", "—"],
]
NATIONAL_TITLES: Rows = [["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]]
FIRST: Rows = [["产出指标", "数量指标", "甲", "1个", "1个", "50", "50", ""], ["", "质量指标", "乙", "1个", "1个", "20", "20", ""]]
SECOND: Rows = [["", "时效指标", "丙", "1个", "1个", "10", "10", ""], ["满意度指标", "服务对象满意度指标", "丁", "≥90%", "95%", "10", "9", "样本不足"]]
TOTAL: Rows = [[("总分", 5), "100", "98.8", ""]]
WHOLE = NATIONAL_HEAD + NATIONAL_TITLES + FIRST + SECOND + TOTAL


def test_transfer_payment_form_of_the_ministry() -> None:
    """Seven rows on how the money was managed are no indicators; nothing is scored."""
    managed: Rows = [[name, ("符合要求", 2), ("无", 2)] for name in ("分配科学性", "下达及时性", "拨付合规性", "使用规范性", "执行准确性", "预算绩效管理情况", "支出责任履行情况")]
    form = one(grid([
        [("转移支付区域（项目）绩效目标自评表", 7)], [("（2022年度）", 7)],
        [("转移支付（项目）名称", 2), ("困难群众救助补助资金", 5)],
        [("地方主管部门", 2), ("某县民政局", 2), "资金使用单位", ("某县救助中心", 2)],
        [("资金投入情况\n（万元）", 2, 5), "", "全年预算数（A）", "全年执行数（B）", ("预算执行率（B/A×100%）", 2)],
        ["年度资金总额：", "1900", "1100.07", ("57.89%", 2)],
        ["其中：中央财政资金", "1000", "600", ("60%", 2)],
        ["地方资金", "900", "500.07", ("55.56%", 2)],
        ["其他资金", "", "", ("", 2)],
        [("资金管理情况", 2, 8), "", ("情况说明", 2), ("存在问题和改进措施", 2)], *managed,
        [("总体目标完成情况", 1, 2), ("总体目标", 3), ("全年实际完成情况", 3)],
        [("目标1：规范低保", 3), ("已发放", 3)],
        [("绩效指标", 1, 4), "一级指标", "二级指标", "三级指标", "指标值", "全年实际完成值", "未完成原因和改进措施"],
        [("产出指标", 1, 2), "数量指标", "低保人数", "应保尽保", "3200人", ""],
        ["时效指标", "发放及时率", "≥90%", "85%", "资金调度不及时"],
        ["满意度指标", "服务对象满意度指标", "救助对象满意度", "≥85%", "95%", ""],
        ["说明", ("请在此处简要说明审计中发现的问题，如没有请填无。", 6)],
        [("注：1.资金使用单位按项目绩效目标填报。", 7)],
    ]))  # fmt: skip
    assert (form.header["form_type"], form.header["supervising_department"], form.header["amount_unit"]) == ("transfer", "某县民政局", "万元")
    assert (form.header["goal_planned"], form.header["goal_actual"]) == ("目标1：规范低保", "已发放")
    assert column(form, "name") == ["低保人数", "发放及时率", "救助对象满意度"]
    assert column(form, "reason") == [None, "资金调度不及时", None]
    assert funds(form, "label", "budget", "executed", "rate") == [
        ("年度资金总额", "1900", "1100.07", "57.89"), ("中央财政资金", "1000", "600", "60"),
        ("地方资金", "900", "500.07", "55.56"), ("其他资金", None, None, None),
    ]  # fmt: skip
    assert {"weights", "scores"} <= set(form.not_applicable) and "rates" not in form.not_applicable


def test_funds_by_source_and_by_use_side_by_side() -> None:
    """Figures behind colons are lines of their own; a group that adds up to the executed total is executed."""
    form = one(grid([
        [("2021年度部门整体支出绩效自评表", 8)],
        ["省级预算部门名称", ("某厅", 7)],
        [("年度预算申请（万元）", 1, 6), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "1000", "1200", "1100", "10", "91.67%", "9.17"],
        [("按收入性质分：", 3), ("按支出性质分：", 4)],
        [("其中：一般公共预算：1100", 3), ("其中：基本支出：700", 4)],
        [("政府性基金拨款：", 3), ("项目支出：400", 4)],
        [("其他资金：100", 3), ("", 4)],
        [("年度总体目标", 1, 2), ("预期目标", 3), ("实际完成情况", 4)],
        [("目标甲", 3), ("完成甲", 4)],
        [("绩效指标", 1, 3), "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "自评得分", "偏差原因分析及改进措施"],
        ["产出指标（50分）", "数量指标", "办件数量", "≥100件", "120件", "50", "50", ""],
        ["效益指标（40分）", "社会效益指标", "便民", "提升", "提升", "40", "38", "效果有待显现"],
        [("总分", 6), "100", "97.17", ""],
        [("填表人：        填报日期：2022年5月6日    联系电话：0000", 8)],
    ]))  # fmt: skip
    assert (form.header["form_type"], form.header["unit_name"], form.header["filled_on"]) == ("department", "某厅", "2022年5月6日")
    assert [(r["label"], r["role"], r.get("budget"), r.get("executed")) for r in form.budget_lines[1:]] == [
        ("一般公共预算", "source", Decimal(1100), None), ("基本支出", "structure", None, Decimal(700)),
        ("项目支出", "structure", None, Decimal(400)), ("其他资金", "source", Decimal(100), None),
    ]  # fmt: skip
    assert any("等于全年执行数" in text for text in form.repairs)
    assert column(form, "level1_weight") == [50, 40] and form.header["total_score"] == Decimal("97.17")


def test_form_without_levels_joins_value_and_unit() -> None:
    """Operator, value and unit stand in three columns; an adjusted value governs and is told; the coefficient of the score is no score."""
    form = one(grid([
        [("2022年度部门整体绩效自评表", 12)],
        ["主管部门", ("某区教委", 2), "部门联系人", ("经办人", 2), "联系电话", "0000", "自评总分（分）", ("99.68", 3)],
        [("部门预算执行情况", 1, 3), ("", 2), ("年初预算数（元）", 2), ("全年（调整）预算数（元）", 2), ("全年执行数（元）", 2), "执行率(%)", "执行率权重", "执行率得分"],
        [("年度总金额", 2), ("3,000,000.00?", 2), ("3,724,055.00", 2), ("3,606,700.12", 2), "96.85", "", ""],
        [("其中：财政拨款", 2), ("3,000,000.00", 2), ("3,724,055.00", 2), ("3,606,700.12", 2), "96.85", "10", "9.68"],
        [("当年绩效目标", 1, 2), ("年初绩效目标", 4), ("全年（调整）绩效目标", 4), ("全年目标实际完成情况", 3)],
        [("甲", 4), ("", 4), ("完成", 3)],
        [("绩效指标", 1, 4), "指标名称", "计量单位", "指标性质", "年初指标值", "调整指标值", "全年完成值", "得分系数（%）", "指标权重（分）", "指标得分（分）", "是否核心指标", "说明"],
        ["政府采购执行率", "%", "≥", "90", "", "79", "100", "45.00", "45", "是", ""],
        ["学校数量", "所", "＝", "20", "22", "22", "100", "40.00", "40", "否", "年中新增两所"],
        ["教师培训", "", "定性", "好", "", "好", "100", "5", "5", "否", ""],
    ]))  # fmt: skip
    assert column(form, "target") == ["≥90%", "＝22所", "好"]
    assert [str(value) for value in column(form, "weight")] == ["45.00", "40.00", "5"] and column(form, "score") == [45, 40, 5]
    assert column(form, "coefficient") == [100, 100, 100] and not any("系数" in text for text in form.unread)
    assert form.header["total_score"] == Decimal("99.68") and "levels" in form.not_applicable
    assert [row.get("score") for row in form.budget_lines] == [None, Decimal("9.68")]
    assert any("调整后的 ＝22所" in text or "调整后的 22" in text for text in form.repairs)
    assert any("乱码" in text for text in form.repairs)
    assert (form.header["goal_planned"], form.header["goal_actual"]) == ("甲", "完成")


def test_points_inside_labels_and_a_second_score_column() -> None:
    """Points of levels stand in their labels; of two score columns only the unit's own counts; empty numbers are no rows."""
    form = one(grid([
        [("2019年度项目支出绩效自评表", 9)],
        [("项目名称", 2), ("某项目", 7)], [("自评总分", 2), ("92", 7)],
        [("项目资金（万元）", 2, 3), "资金来源", ("预算数", 2), ("执行数", 2), ("执行率", 2)],
        ["财政拨款", ("100", 2), ("98", 2), ("98 %", 2)], ["合计", ("100", 2), ("98", 2), ("98 %", 2)],
        ["一级指标", "二级指标", "三级指标", "年初指标值", "年终完成值", "评价标准及依据", "分值", "自评分", "复核分"],
        ["项目决策（2分）", "立项规范性（2分）", "立项程序", "", "", "程序完整得2分", "", "2", "1"],
        [("项目绩效（98分）", 1, 2), "产出数量（98分）", "1.修建公里", "10公里", "9公里", "", "", "90", "89"],
        ["产出质量", "2.", "", "", "", "", "", ""],
        [("合计", 6), "100", "92", "90"],
    ]))  # fmt: skip
    assert column(form, "score") == [2, 90] and column(form, "level2_weight") == [2, 98]
    assert [(g["level"], g.get("weight")) for g in form.indicator_groups] == [(1, 2), (2, 2), (1, 98), (2, 98)]
    assert [row["role"] for row in form.budget_lines] == ["part", "total"]
    assert "“复核分”列不读" in form.cues


def test_weight_before_target_and_parts_of_rows() -> None:
    """分值 may stand before the target; unscored 其中 rows are parts of the row above; 一、 rows are sums of 1、2、."""
    form = one(grid([
        [("绩效目标自评表（2021年度）", 9)], [("项目名称", 2), ("衔接资金项目", 7)],
        [("资金情况（万元）", 2, 2), "", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", ("得分", 2)],
        ["年度资金总额：", "50", "50", "10", "100%", ("10", 2)],
        [("绩效指标", 1, 9), "一级指标", "二级指标", "三级指标", "分值", "年度指标值", "全年实际值", "得分", "未完成原因及拟采取的改进措施"],
        [("产出指标（60分）", 1, 6), ("数量指标", 1, 5), "★道路里程", "10", "≥5公里", "5.2公里", "10", ""],
        ["其中：硬化道路", "", "≥3公里", "3公里", "", ""],
        ["一、示范区", "15", "≥20亩", "20亩", "15", ""], ["1、甲片", "10", "≥10亩", "10亩", "10", ""], ["2、乙片", "5", "≥10亩", "10亩", "5", ""],
        ["质量指标", "★合格率", "35", "=100%", "100%", "35", ""],
        ["效益指标（30分）", "社会效益指标", "受益人口", "30", "≥100人", "120人", "30", ""],
        [("……", 3), "", "", "", "", ""],
        [("总分", 4), "100", "", "", "100", ""],
    ]))  # fmt: skip
    assert column(form, "part_of") == [None, "★道路里程", None, "一、示范区", "一、示范区", None, None]
    own = [row["weight"] for row in form.indicators if "part_of" not in row and "weight" in row]
    assert sum(own) + 10 == 100  # type: ignore[arg-type]
    assert column(form, "target")[0] == "≥5公里" and column(form, "weight")[0] == 10


def test_tasks_with_budget_columns_over_sources() -> None:
    """A heading of two rows: 预算数 and 执行数 each over 总额 and its sources; the total column is read."""
    form = one(grid([
        [("部门整体支出绩效自评表（2020年度）", 12)], ["部门名称", ("某市教育局", 11)],
        [("年度主要任务", 1, 5), ("任务名称", 1, 2), ("主要内容", 1, 2), ("预算数（万元）", 3), ("执行数（万元）", 3), ("分值", 1, 2), ("执行率", 1, 2), ("得分", 1, 2)],
        ["总额", "财政拨款", "其他资金", "总额", "财政拨款", "其他资金"],
        ["任务1", "内容一", "100", "90", "10", "95", "86", "9", "", "95%", ""],
        ["任务2", "内容二", "200", "200", "0", "200", "200", "0", "", "100%", ""],
        [("金额合计", 2), "300", "290", "10", "295", "286", "9", "10", "98.33%", "9.83"],
        [("年度绩效指标", 1, 3), "一级指标", "二级指标", ("三级指标", 2), ("年度指标值", 2), ("实际完成值", 2), "分值", "得分", ("偏差原因分析及改进措施", 2)],
        ["产出指标", "数量指标", ("学位", 2), ("1个", 2), ("1个", 2), "50", "50", ("", 2)],
        ["效益指标", "社会效益", ("入学", 2), ("高", 2), ("高", 2), "40", "38", ("略低", 2)],
        [("总分", 9), "100", "97.83", ("", 2)],
    ]))  # fmt: skip
    assert funds(form, "label", "role", "budget", "executed", "weight") == [
        ("任务1", "part", "100", "95", None), ("任务2", "part", "200", "200", None), ("金额合计", "total", "300", "295", "10"),
    ]  # fmt: skip
    assert column(form, "reason") == [None, "略低"]


def test_export_with_numbered_columns_and_two_reason_columns() -> None:
    """A row that only numbers the columns is skipped; problem and measure are joined into the reason."""
    form = one(grid([
        [("转移支付区域绩效自评表（2024年度）", 9)], [("项目名称", 2), ("某补助", 7)],
        [("预算执行情况（万元）", 1, 3), "", "预算数（A）", "其中：中央", "省级", "全年执行数（B）", "其中：中央", "省级", "执行率（B/A）"],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["年度资金总额", "52.800000", "52.8", "0", "52.800000", "52.8", "0", "100%"],
        ["一级指标", "二级指标", ("三级指标", 2), "指标值", "全年实际完成值", ("存在问题", 2), "改进措施"],
        ["产出指标", "时效指标", ("拨付时间", 2), "12月底前", "12月20日", ("资金到账晚", 2), "提前申请"],
    ]))  # fmt: skip
    assert funds(form, "label", "budget", "executed", "rate") == [("年度资金总额", "52.800000", "52.800000", "100")]
    assert column(form, "reason") == ["资金到账晚；提前申请"]


def test_one_level_table_with_words_known_elsewhere() -> None:
    """A layout nobody described: 指标, 目标值, 实际完成值, 权重, 自评分. It comes out, weak, with what is missing."""
    form = one(grid([
        [("2017年度项目支出绩效自评表", 6)],
        ["序号", "指标", "目标值", "实际完成值", "权重", "自评分"],
        ["1", "预算执行率", "=98%", "95%", "8.4", "8.4"], ["2", "按时完成率", "100%", "100%", "2.8", "2.8"],
        [("合计", 4), "11.2", "11.2"],
    ]))  # fmt: skip
    assert column(form, "name") == ["预算执行率", "按时完成率"] and column(form, "weight") == [Decimal("8.4"), Decimal("2.8")]
    assert form.recognition == "weak" and "levels" in form.not_applicable


def test_subtotals_belong_to_their_group() -> None:
    """小计 rows are no indicators; they state the score of their level-1 group."""
    rows = NATIONAL_HEAD + NATIONAL_TITLES + FIRST + [["", "小计", "", "", "", "70", "70", ""]] + SECOND + TOTAL
    form = one(grid(rows))
    assert len(form.indicators) == 4
    assert form.indicator_groups[0]["score"] == 70


@pytest.mark.parametrize("where", ["rows", "sheets"])
def test_several_forms_in_one_file(where: str) -> None:
    """Forms below each other or on sheets of their own come out one by one, with distinct identities."""
    grids = [grid(WHOLE + WHOLE)] if where == "rows" else [grid(WHOLE), grid(WHOLE, "表2")]
    forms = recognise(document(*grids))
    assert len(forms) == 2 and forms[0].indicators == forms[1].indicators
    assert forms[1].form_id == f"{forms[0].form_id}-2"


@pytest.mark.parametrize("cuts", [[4], [4, 7], [9], [7, 10]])
def test_one_form_spread_over_tables(cuts: list[int]) -> None:
    """Head, funds and indicators in tables of their own, or an indicator table that goes on without its heading."""
    edges = [0, *cuts, len(WHOLE)]
    form = one(*(grid(WHOLE[a:b]) for a, b in itertools.pairwise(edges)))
    whole = one(grid(WHOLE))
    assert (form.indicators, form.budget_lines, form.header) == (whole.indicators, whole.budget_lines, whole.header)


def test_a_repeated_heading_keeps_the_levels() -> None:
    """A heading printed again on the next page does not break the inheritance of level labels."""
    form = one(grid(NATIONAL_HEAD + NATIONAL_TITLES + FIRST + NATIONAL_TITLES + SECOND + TOTAL))
    assert column(form, "level1") == ["产出指标"] * 3 + ["满意度指标"]


def test_a_table_that_compares_years_is_no_budget() -> None:
    """附件一 in front of a form has 决算数 and 预算数 of several years: it gives no form and no lines."""
    other = grid([[("附件一 基础数据表", 4)], ["三公经费", "2019年决算数", "2020年预算数", "2020年决算数"], ["公务接待费", "1", "2", "3"]])
    assert one(other, grid(WHOLE)).budget_lines == one(grid(WHOLE)).budget_lines


def test_a_hidden_sheet_is_read_only_when_nothing_else_holds_a_form() -> None:
    """A form on a hidden sheet does not stand beside the visible one; alone it is weak and says so."""
    from msgspec.structs import replace

    hidden = replace(grid(WHOLE, "旧"), hidden=True)
    assert len(recognise(document(grid(WHOLE), hidden))) == 1
    alone = one(hidden)
    assert alone.recognition == "weak" and any("隐藏" in text for text in alone.unread)


def test_column_units_are_converted_exactly() -> None:
    """A column in 元 under a form in 万元 is converted exactly and told; a unit inside a cell too."""
    rows = [list(row) for row in WHOLE]
    rows[4][4] = "全年执行数（元）"
    rows[5][3], rows[6][3] = "98,000.50", "980,005元"
    form = one(grid(rows))
    assert [str(row["executed"]) for row in form.budget_lines] == ["9.800050", "98.0005"]
    assert sum("换算为" in text for text in form.repairs) == 2


@pytest.mark.parametrize(
    ("text", "value"), [("0.98", "98"), ("0.9800", "98.00"), ("98", "98"), ("９８％", "98"), ("0.97", "0.97"), ("1", "1")]
)
def test_a_fraction_is_a_percentage_only_where_the_amounts_prove_it(text: str, value: str) -> None:
    """9.8 of 10: 0.98 is 98 %; 0.97 and 1 cannot be proved and stay as filed."""
    rows = [list(row) for row in WHOLE]
    rows[5][5] = text
    assert str(one(grid(rows)).budget_lines[0]["rate"]) == value


def test_unread_cells_are_null_with_a_reason() -> None:
    """A broken amount and a word for a score are null, named with cell and text, and never blank."""
    rows = [list(row) for row in WHOLE]
    rows[5][3], rows[8][6] = "7,00.0,77", "较好"
    form = one(grid(rows))
    assert "executed" not in form.budget_lines[0] and "score" not in form.indicators[0]
    assert form.places["budget_lines", 1, "executed"].unread and form.places["indicators", 1, "score"].unread
    assert len(form.unread) == 2 and "7,00.0,77" in form.unread[0] and "较好" in form.unread[1]


def test_marks_for_does_not_apply_are_blank() -> None:
    """Dash and slash are neither zero nor unread."""
    form = one(grid(WHOLE))
    assert "score" not in form.budget_lines[1]
    assert form.places["budget_lines", 1, "rate"].unread is None and form.unread == ()


def test_merged_score_stands_on_its_first_row() -> None:
    """A score over two rows is the first row's; the second says whose it shares."""
    rows = [list(row) for row in WHOLE]
    rows[8] = ["产出指标", "数量指标", "甲", "1个", "1个", "50", ("70", 1, 2), ""]
    rows[9] = ["", "质量指标", "乙", "1个", "1个", "20", ""]
    form = one(grid(rows))
    assert form.indicators[0]["score"] == 70 and "score" not in form.indicators[1]
    assert "合并" in str(form.places["indicators", 2, "score"].unread)


def test_pair_of_totals_in_one_cell() -> None:
    """100/98.8 in the total row is weight and score."""
    rows = [*WHOLE[:-1], [("总分", 5), ("100/98.8", 2), ""]]
    form = one(grid(rows))
    assert (form.header["total_weight"], form.header["total_score"]) == (100, Decimal("98.8"))


def test_unknown_column_with_figures_makes_recognition_weak() -> None:
    """A titled column that is not understood is told; silence would hide figures."""
    rows = [list(row) for row in WHOLE]
    for number, row in enumerate(rows[7:11]):
        row.append("抽查数" if number == 0 else "3")
    form = one(grid(rows))
    assert form.recognition == "weak" and any("抽查数" in text for text in form.unread)


def test_no_form_says_what_was_looked_for_and_found() -> None:
    """One line: what is missing, what was there, what to do."""
    with pytest.raises(LayoutError) as fault:
        recognise(document(grid([["姓名", "年龄"], ["甲", "3"]])))
    assert "找过预算部分" in str(fault.value) and "没有自评表的列名" in str(fault.value) and "\n" not in str(fault.value)
    with pytest.raises(LayoutError, match="项目名称"):
        recognise(document(grid([["项目名称", "甲"]])))


def test_year_comes_from_the_form_not_from_the_project() -> None:
    """A project's name may carry another year; the line (2022年度) above the table counts."""
    rows = [list(row) for row in WHOLE]
    rows[2] = ["项目名称", ("2021年度高标准农田项目", 7)]
    assert one(grid(rows)).header["fiscal_year"] == 2022


def test_levels_under_one_title() -> None:
    """绩效指标 over three untitled columns: the last holds the names; over two the first is level 1."""
    three = one(grid([
        [("2020年度项目支出绩效自评表", 8)], [("绩效指标", 3), "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
        [("产出指标", 1, 2), "数量指标", "甲", "1", "1", "50", "50", ""], ["质量指标", "乙", "1", "1", "50", "40", "延期"],
    ]))  # fmt: skip
    assert [(r["level1"], r["level2"], r["name"]) for r in three.indicators] == [("产出指标", "数量指标", "甲"), ("产出指标", "质量指标", "乙")]
    two = one(grid([
        [("项目支出绩效自评表", 7)], [("指标", 2), "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
        [("产出指标", 1, 2), "甲", "1", "1", "60%", "50", ""], ["乙", "1", "1", "40%", "40", ""],
    ]))  # fmt: skip
    assert [(r["level1"], r["name"], r["weight"]) for r in two.indicators] == [("产出指标", "甲", 60), ("产出指标", "乙", 40)]


def test_goals_and_figures_beside_their_labels() -> None:
    """年度目标 | text and 预算数 | 100 | 执行率：99.5% are read without headings above them."""
    form = one(grid([
        [("2023年度部门整体支出绩效自评表", 6)], [("单位名称：某县教育局", 5), "金额单位：万元"],
        ["年度目标", ("促进教育公平", 5)], ["年度目标完成情况", ("已完成", 5)],
        ["预算执行情况", "预算数", "100", "执行数", "99.5", "执行率：99.5%"],
        ["一级指标", "二级指标", "三级指标", "目标值", "完成值", "得分"], ["产出指标", "数量指标", "学校数", "5所", "5所", "10"],
    ]))  # fmt: skip
    assert (form.header["unit_name"], form.header["goal_planned"], form.header["goal_actual"]) == ("某县教育局", "促进教育公平", "已完成")
    assert funds(form, "budget", "executed", "rate") == [("100", "99.5", "99.5")] and form.header["amount_unit"] == "万元"


def test_one_score_column_for_every_block() -> None:
    """Points that the goals carry are read and told; a lone 万元 is an empty cell."""
    form = one(grid([
        [("中央财政林业转移支付绩效自评表（2021年度）", 8)], ["专项名称", ("林业改革发展资金", 7)],
        [("资金情况（万元）", 1, 3), ("资金来源", 2), "全年预算数（A）", "全年执行数（B）", ("执行率（B/A）", 2), "自评得分"],
        [("年度资金总额：", 2), "2.38 万元", "2.38 万元", ("100%", 2), "10"], [("地方资金", 2), "万元", "万元", ("", 2), ""],
        [("年度总体目标", 1, 2), ("年初设定目标", 3), ("全年实际完成情况", 3), "自评得分"], [("甲", 3), ("甲", 3), "20"],
        [("绩效指标", 1, 3), "一级指标", "二级指标", "三级指标", "年度指标值", ("实际完成指标值", 2), "自评得分"],
        ["产出指标", "数量指标", "指标1：造林面积", "100亩", ("100亩", 2), "35"], ["效益指标", "生态效益指标", "指标1：森林覆盖率", "提高", ("提高", 2), "35"],
    ]))  # fmt: skip
    assert funds(form, "label", "budget", "executed", "score") == [("年度资金总额", "2.38", "2.38", "10"), ("地方资金", None, None, None)]
    assert form.header["goal_score"] == 20 and any("得分 20" in text for text in form.repairs) and not any("得分 20" in text for text in form.unread)
    assert "weights" in form.not_applicable


def test_notes_and_instructions_are_neither_indicators_nor_reasons() -> None:
    """注：, 说明, left-over instructions and …… give no rows and no reasons."""
    rows = [*WHOLE[:-1], ["", "", "……", "", "", "", "", ""], ["", "", "指标2：", "", "", "", "", ""], *TOTAL, [("注：1.得分一档最高不能超过该指标分值上限。", 8)], ["说明", ("无", 7)]]
    rows[8] = [*rows[8][:7], "简要说明未完成原因（100字以内）"]
    form = one(grid(rows))
    assert len(form.indicators) == 4 and "reason" not in form.indicators[0]
    assert any("填表说明" in text for text in form.repairs)


def test_check_boxes_and_signatures_stay_out_of_the_head() -> None:
    """项目类别 with its boxes is no value of a field; several labels in one line are taken apart."""
    rows = [*WHOLE[:2], [("单位名称：某局          填报日期：2023年3月1日", 8)], ["项目类别", ("1、部门预算项目 ☑   2、财政专项 □", 7)], *WHOLE[2:]]
    head = one(grid(rows)).header
    assert (head["unit_name"], head["filled_on"], head["project_name"]) == ("某局", "2023年3月1日", "甲项目")
    assert not any("☑" in str(value) for value in head.values())


def test_a_list_of_data_beside_the_form_is_left_out_and_named() -> None:
    """A sheet with more rows than any form has is not searched; the form beside it is read and says so."""
    data = grid([["甲", "1"]] * 20_001, "明细")
    form = one(data, grid(WHOLE))
    assert form.indicators == one(grid(WHOLE)).indicators and any("明细" in text for text in form.unread)


def test_cells_that_cover_weight_and_score() -> None:
    """One number under 分值 and 得分 together: in the total row it is the score, in a row of points neither."""
    rows = [list(row) for row in WHOLE]
    rows[-1] = [("总分", 5), ("98.8", 2), ""]
    rows[8] = [*rows[8][:5], ("50", 2), ""]
    form = one(grid(rows))
    assert "total_weight" not in form.header and form.header["total_score"] == Decimal("98.8")
    assert "weight" not in form.indicators[0] and form.places["indicators", 1, "score"].unread


def test_long_hostile_cells_take_linear_time() -> None:
    """Cells full of brackets, blanks, tags and digits do not make reading slow."""
    rows = [list(row) for row in WHOLE]
    rows[8][7], rows[9][7] = "<" + " " * 50_000 + "p", "自评得分" * 20_000
    rows[10][2], rows[10][3] = "(" * 50_000, "1" * 50_000
    rows[11][2] = "目标值：1" + "\u3000" * 90_000 + "x 实际值：2"
    rows.insert(7, [("年度总体目标", 1), ("预期目标", 3), ("实际完成情况", 4)])
    rows.insert(8, ["", ("<" + " " * 90_000, 3), ("<p>" * 30_000, 4)])
    with at_most(150):
        one(grid(rows))


def test_goals_side_by_side_with_their_titles() -> None:
    """预期目标 | text | 实际完成情况 | text in one row: the text right of a title is its value."""
    rows = [*WHOLE[:7], ["年度总体目标", "预期目标", ("培训十场", 2), "实际完成情况", ("办了十二场", 3)], *WHOLE[7:]]
    head = one(grid(rows)).header
    assert (head["goal_planned"], head["goal_actual"]) == ("培训十场", "办了十二场")


def test_two_goals_each_with_its_indicators() -> None:
    """Rows name their goal where a form has several, each with a heading of its own."""
    heads: Rows = [[(f"年度绩效目标{n}\n（40分）", 1, 2), "一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"] for n in (1, 2)]
    row: list[Entry] = ["产出指标", "数量指标", "甲", "1", "1", "40"]
    form = one(grid([[("2020年度项目自评表", 7)], heads[0], row, heads[1], row, [("总分", 6), "80"]]))
    assert column(form, "goal_block") == ["年度绩效目标1（40分）", "年度绩效目标2（40分）"]


def test_brackets_that_are_no_points() -> None:
    """（2022） behind a label is no weight; （10分） is."""
    rows = [list(row) for row in WHOLE]
    rows[8][0], rows[8][1] = "产出指标（70分）", "数量指标（2022）"
    row = one(grid(rows)).indicators[0]
    assert (row["level1_weight"], row["level2"], row.get("level2_weight")) == (70, "数量指标（2022）", None)


def test_titles_in_traditional_characters_with_pinyin() -> None:
    """績(jī)效-style pages: titles are known in either script and without what stands in brackets."""
    rows = [list(row) for row in WHOLE]
    rows[4] = [("項目資金（万元）", 1, 3), "", "年初預(yù)算數", "全年預算數", "全年執(zhí)行數", "分值", "執行率", "得分"]
    rows[7] = ["一級(jí)指標(biāo)", "二級指標", "三級指標", "年度指標值", "實際完成值", "分值", "得分", "偏差原因分析及改進措施"]
    form = one(grid(rows))
    assert (form.indicators, form.budget_lines) == (one(grid(WHOLE)).indicators, one(grid(WHOLE)).budget_lines)

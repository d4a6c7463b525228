"""Forms annexed to reports, and department, transfer and fund forms in the words of their templates."""

from __future__ import annotations

import pytest
from layout_grids import Rows, document, grid, lines, one_form

from checker.layouts import recognise
from checker.layouts.blocks import is_title
from checker.model import Form

TITLE = "2023年度项目支出绩效自评表"
REPORT = "某县林业局2023年部门整体支出绩效自评报告"
LEVELS = ("一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
ROW = ("产出指标", "修路", "12公里", "12公里", "100", "97", "")
LIST: Rows = [["序号", "项目名称", "预算数（万元）", "执行数（万元）", "执行率"], ["1", "森林防火", "320", "318.4", "99.5%"]]


def one(rows: Rows, before: tuple[str, ...] = (TITLE,)) -> Form:
    return one_form(rows, before)


def test_a_form_without_year_and_unit_has_those_of_the_report_it_is_annexed_to() -> None:
    """The title of the report stands above another table; that it is the source is said. A project's form takes the year only."""
    before = grid(LIST, before=(REPORT, "一、基本情况"))
    whole, project = recognise(document(before, grid([[*LEVELS], [*ROW]], before=("部门整体支出绩效自评表",)), grid([["项目名称", ("护林", 6)], [*LEVELS], [*ROW]], before=("项目支出绩效自评表",))))
    assert (whole.header["fiscal_year"], whole.header["unit_name"]) == (2023, "某县林业局")
    assert any(REPORT[:5] in text for text in whole.repairs)
    assert (project.header["fiscal_year"], project.header.get("unit_name")) == (2023, None)


def test_the_own_year_and_unit_of_an_annexed_form_stand() -> None:
    own = grid([["部门名称", ("某县园林局", 6)], [*LEVELS], [*ROW]], before=(REPORT, "部门整体支出绩效自评表", "（2022年度）"))
    (form,) = recognise(document(own))
    assert (form.header["fiscal_year"], form.header["unit_name"]) == (2022, "某县园林局")


def test_a_line_of_the_contents_is_no_title() -> None:
    assert not is_title("附件1：部门整体支出绩效自评表…………6")
    assert not is_title("附：项目支出绩效自评表........12")
    assert is_title("附件1：部门整体支出绩效自评表")


def test_a_list_of_projects_and_a_form_on_one_sheet_stay_apart() -> None:
    """In a report filed as one sheet the list's lines are no funds of the form under the next title."""
    wide: Rows = [[REPORT], *LIST, ["2023年部门整体支出绩效自评表"], [*LEVELS], [*ROW]]
    (form,) = recognise(document(grid(wide)))
    assert (lines(form, "label"), form.header["unit_name"]) == ([], "某县林业局")
    assert any("汇总表" in text for text in form.unread)


def test_accounts_of_a_report_are_no_form() -> None:
    """收支情况 below the cover of a report compares figures without a rate or points: the form is the one with indicators."""
    accounts: Rows = [["单位名称：某县林业局（公章）"], ["项目", "年初预算数", "决算数", "增减额"], ["收入合计", "2,180", "2,346", "166"], ["支出合计", "2,180", "2,322", "142"]]
    (form,) = recognise(document(grid([*accounts, ["部门整体支出绩效自评表（2023年度）"], [*LEVELS], [*ROW]])))
    assert lines(form, "label") == []


def test_a_name_ends_before_the_place_of_the_stamp() -> None:
    assert one([["单位名称：某县林业局（公章）"], [*LEVELS], [*ROW]]).header["unit_name"] == "某县林业局"
    assert one([[*LEVELS], [*ROW]], before=(TITLE, "填报单位：某县财政局(盖章)")).header["unit_name"] == "某县财政局"


def test_titles_that_reach_down_into_a_heading_are_no_labels() -> None:
    """项目名称 beside 项目资金 over 预算数 and 执行数 is the title of a column: the list is told, and no project is called 项目资金."""
    listed: Rows = [
        [("序号", 1, 2), ("项目名称", 1, 2), ("项目资金（万元）", 3), ("问题", 1, 2)], ["预算数", "执行数", "执行率"], ["1", "护林", "320", "316.8", "99%", ""],
    ]  # fmt: skip
    form, alone = one([[*LEVELS], [*ROW]]), one(listed, before=("2022年度项目绩效自评结果汇总表",))
    assert alone.header.get("project_name") is None and alone.recognition == "weak"
    (beside,) = recognise(document(grid(listed, before=("2022年度项目绩效自评结果汇总表",)), grid([[*LEVELS], [*ROW]], before=(TITLE,))))
    assert beside.indicators == form.indicators and beside.budget_lines == ()


@pytest.mark.parametrize("title", ["某市2023年度中央补助公共卫生项目区域绩效自评表", "2023年度项目绩效自评表"])
def test_a_form_with_the_name_of_a_transfer_is_one_of_a_transfer(title: str) -> None:
    """转移支付名称 tells the type where the title speaks of a project."""
    assert one([["转移支付名称", ("公共卫生补助", 6)], [*LEVELS], [*ROW]], before=(title,)).header["form_type"] == "transfer"


def test_table_13_of_yunnan() -> None:
    """Tasks with 批复金额 over three sources are the funds; 其他需说明事项 is the foot; the title makes it a department's form."""
    form = one([
        ["部门名称", ("某县民政局", 7)],
        [("任务名称", 1, 2), ("项目级次", 1, 2), ("批复金额（万元）", 3), ("实际支出金额（万元）", 1, 2), ("预算执行率", 2, 2)], ["总额", "财政拨款", "其他资金"],
        ["城乡低保", "本级", "2,860", "2,860", "0", "2,831.4", ("99%", 2)], ["养老服务", "本级", "240", "200", "40", "192", ("80%", 2)],
        ["一级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值", ("偏差原因", 2)], ["产出指标", "建互助站", "≥", "12", "个", "13", ("", 2)], [("其他需说明事项", 2), ("无", 6)],
    ], before=("部门整体支出绩效自评情况", "公开13表"))  # fmt: skip
    assert lines(form, "label", "budget", "executed", "rate") == [("城乡低保", "2860", "2831.4", "99"), ("养老服务", "240", "192", "80")]
    assert [row["name"] for row in form.indicators] == ["建互助站"]
    assert (form.header["form_type"], form.header["unit_name"]) == ("department", "某县民政局")


def test_words_of_funds_and_policies() -> None:
    """经办机构 fills the form, 填报年度 is its year, 完成率 of a fund its rate; notes on the points given are its reasons."""
    form = one([
        ["基金名称", ("医保基金", 6)], ["经办机构", ("医保中心", 3), "填报年度", ("2023", 2)],
        ["基金（万元）", "年初预算数", "调整预算数", "决算数", "完成率", "分值", "得分"], ["基金支出", "550", "562", "550.76", "98%", "5", "4.9"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "自评分说明"], ["产出指标", "参保人数", "62万人", "61.3万人", "95", "94", "部分人员参加职工医保"],
    ], before=("社会保险基金绩效自评表",))  # fmt: skip
    assert (form.header["implementing_unit"], form.header["fiscal_year"]) == ("医保中心", 2023)
    assert lines(form, "rate") == [("98",)]
    assert form.indicators[0]["reason"] == "部分人员参加职工医保"


def test_bonds_in_one_column_over_two() -> None:
    form = one([
        [("债券资金情况（万元）", 1, 2), ("专项债券安排金额", 2), "实际支出金额", "支出进度", "分值", "得分"], [("12,000", 2), "11,400", "95%", "10", "9.5"],
        [*LEVELS], [*ROW],
    ], before=("2023年专项债券项目资金绩效自评表",))  # fmt: skip
    assert lines(form, "budget", "executed", "rate") == [("12000", "11400", "95")]


def test_receipts_beside_payments_with_rates_of_their_own() -> None:
    """Of two tables side by side that give as much, the one of the payments is read."""
    form = one([
        ["收入项目", "预算数", "决算数", "完成率", "支出项目", "预算数", "决算数", "执行率"], ["财政补助", "4,200", "4,200", "100%", "人员经费", "18,600", "18,414", "99%"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因", "备注"], [*ROW, ""],
    ])  # fmt: skip
    assert lines(form, "label", "budget", "rate") == [("人员经费", "18600", "99")]


def test_the_total_behind_its_colon_above_the_table() -> None:
    """总分：96.5 above the table is the form's score; in the total row 总分 stands before the weights."""
    assert str(one([[*LEVELS[:4], "得分"], [*ROW[:4], "96.5"]], before=(TITLE, "填报日期：2024年3月8日      总分：96.5")).header["total_score"]) == "96.5"
    assert str(one([["项目名称", ("修路", 6)], [*LEVELS], [*ROW], [("总分", 4), "100", "97", ""]]).header["total_score"]) == "97"


def test_figures_of_funds_above_the_blocks_are_told() -> None:
    """基本支出总额 | 612.4 does not say whether it is budget or execution."""
    form = one([["基本支出总额", ("612.4", 2), "项目支出总额", ("287.6", 3)], ["整体支出（万元）", "预算数（A）", "执行数（B）", "执行率", ("得分", 3)], ["部门整体支出总额", "900", "877.5", "97.5%", ("19.5", 3)], [*LEVELS], [*ROW]])
    assert [figure for figure in ("612.4", "287.6") if any(figure in text for text in form.unread)] == ["612.4", "287.6"]


AREAS: Rows = [
    [("一级指标", 1, 2), ("三级指标", 1, 2), ("指标值", 1, 2), ("全年实际完成值", 3), ("原因", 1, 2)], ["全市", "甲县", "乙县"],
    ["产出指标", "新增造林", "≥1.2万亩", "1.26万亩", "0.5万亩", "0.76万亩", ""],
]  # fmt: skip


def test_results_of_areas_below_one_title() -> None:
    """全年实际完成值 over 全市, 甲县, 乙县: the whole counts and the areas are told; without a whole none is taken."""
    form = one(AREAS)
    assert [row["actual"] for row in form.indicators] == ["1.26万亩"]
    assert any("甲县" in text for text in form.unread)
    areas = [AREAS[0], ["丙县", "甲县", "乙县"], AREAS[2]]
    apart = one(areas)
    assert [row.get("actual") for row in apart.indicators] == [None]
    assert apart.places["indicators", 1, "actual"].unread


def test_bonds_granted_paid_out_and_used() -> None:
    """已使用金额 is the execution; 已拨付金额 and 使用率, which may be of either, are told."""
    form = one([["债券资金（万元）", "债券资金额度", "已拨付金额", "已使用金额", "使用率", "分值", "得分"], ["一般债券", "3,000", "2,900", "2,850", "98%", "10", "9.5"], [*LEVELS], [*ROW]])
    assert lines(form, "label", "budget", "executed", "rate") == [("一般债券", "3000", "2850", None)]
    assert any("使用率" in text for text in form.unread)


def test_the_name_of_a_transfer_begins_with_its_year() -> None:
    """Where nothing else gives the year of a transfer its name does, and that is said; a project's name gives none."""
    rows: Rows = [["转移支付名称", ("2022年中央财政农村危房改造补助资金", 6)], [*LEVELS], [*ROW]]
    form = one(rows, before=("转移支付区域绩效自评表",))
    assert form.header["fiscal_year"] == 2022 and any("转移支付名称" in text for text in form.repairs)
    assert one(rows, before=("转移支付区域绩效自评表", "（2023年度）")).header["fiscal_year"] == 2023
    assert "fiscal_year" not in one([["项目名称", ("2022年续建道路", 6)], [*LEVELS], [*ROW]], before=("项目支出绩效自评表",)).header

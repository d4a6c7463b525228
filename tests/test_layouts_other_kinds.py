"""Forms that are no ordinary form of a project: bonds, funds, monitoring, whole departments, reports with tables in their prose."""

from __future__ import annotations

import pytest
from layout_grids import Entry, Rows, document, grid, lines, one_form, rows_of
from msgspec.structs import replace

from checker.layouts import recognise
from checker.model import Form, Locator

HEADING: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROW: list[Entry] = ["产出指标", "数量指标", "改造校舍", "≥6座", "6座", "90", "90", ""]
FUNDS: Rows = [["资金来源", ("计划金额", 2), "到位金额", "实际支出", "支出率", ("备注", 2)], ["债券资金", ("3000", 2), "3000", "2799", "93.3%", ("", 2)]]
TITLE = "项目支出绩效自评表（2023年度）"


@pytest.mark.parametrize("label", ["预算执行率（10分）", "预算执行得分"])
def test_points_of_the_execution_whose_label_covers_all_words(label: str) -> None:
    """Above the total, too: a label over names, target and result is no indicator, so no reason is asked for the points it lacks."""
    form = one_form([*FUNDS, HEADING, ROW, [(label, 5), "10", "9.33", ""], [("总分", 5), "100", "99.33", ""]], (TITLE, "单位：万元"))
    assert rows_of(form, "name", "weight") == [("改造校舍", "90")]
    assert lines(form, "label", "budget", "executed", "weight", "score") == [("债券资金", "3000", "2799", "10", "9.33")]


def test_points_of_an_execution_without_amounts() -> None:
    """They make a line of the budget, and the sums count them; a label over the levels only, beside a blank name, is a row like any other."""
    form = one_form([HEADING, ROW, [("预算执行率（10分）", 5), "10", "9.33", ""], [("总分", 5), "100", "99.33", ""]], (TITLE,))
    assert (lines(form, "role", "weight", "score"), len(form.indicators)) == ([("total", "10", "9.33")], 1)
    beside = one_form([HEADING, ROW, [("预算执行率", 2), "", "100%", "93.3%", "10", "9.33", ""], [("总分", 5), "100", "99.33", ""]], (TITLE,))
    assert (lines(beside, "weight"), len(beside.indicators)) == ([], 2)


@pytest.mark.parametrize("title", ["项目支出绩效目标执行监控表", "2019年项目支出绩效运行跟踪表", "部门整体支出绩效跟踪监控情况表", "项目支出绩效目标审核表", "预算绩效目标申请表", "部门预算项目绩效目标公开表", "项目支出绩效中期评估表"])
def test_titles_of_monitoring_and_of_targets(title: str) -> None:
    """The title is kept, so that what was filed is told."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "年度目标值", "截至9月底完成值"], ["产出指标", "数量指标", "养护里程", "420公里", "310公里"]]
    assert one_form(rows, (title,)).header["title"] == title


@pytest.mark.parametrize("title", ["绩效跟踪情况说明", "关于开展绩效运行跟踪的通知", "绩效监控管理办法"])
def test_words_of_monitoring_in_other_lines(title: str) -> None:
    """A line that names no form is no title."""
    assert "title" not in one_form([HEADING, ROW], (title,)).header


def test_a_column_that_may_be_the_target() -> None:
    """Where no column gives the target, one of words that is not understood may be it: the form cannot be recognised for certain."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "考核口径", "实际完成值", "分值", "得分"], ["产出指标", "数量指标", "宣传手册", "印五千册", "5000册", "90", "90"], [("总分", 5), "100", "100"]]
    funds: Rows = [["", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], ["年度资金总额", "4", "4", "4", "10", "100%", "10"]]

    def read(title: str) -> Form:
        return one_form([*funds, [title if entry == "考核口径" else entry for entry in rows[0]], *rows[1:]], (TITLE, "单位：万元"))

    form = read("考核口径")
    assert form.recognition == "weak" and any("考核口径" in text for text in form.unread)
    known = read("年度指标值")
    assert known.recognition == "strong" and rows_of(known, "target") == [("印五千册",)]


@pytest.mark.parametrize("title", ["标杆值", "计划目标"])
def test_further_titles_of_the_target(title: str) -> None:
    """标杆值 of score sheets and 计划目标 of older forms are targets."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "权重", title, "实际值", "得分"], ["产出", "数量", "垃圾清运量", "100", "≥3.6万吨", "3.72万吨", "100"]]
    assert rows_of(one_form(rows, ("绩效评价评分表",)), "target", "actual") == [("≥3.6万吨", "3.72万吨")]


def test_a_whole_department_without_a_label_for_the_unit() -> None:
    """主管部门 is the department that fills the form in, and this is said; where a label for the unit is blank it stays so, and a project's form takes none."""
    head: list[Entry] = ["主管部门", ("某区融媒体中心", 7)]
    form = one_form([head, HEADING, ROW], ("部门整体绩效自评表（2021年度）",))
    assert form.header["unit_name"] == "某区融媒体中心" and any("主管部门" in text for text in form.repairs)
    blank = one_form([head, ["部门名称", ("", 7)], HEADING, ROW], ("部门整体绩效自评表（2021年度）",))
    assert "unit_name" not in blank.header
    assert "unit_name" not in one_form([head, HEADING, ROW], (TITLE,)).header


def test_the_fund_of_an_insurance_and_the_buyer_of_a_service() -> None:
    """险种 names what a form of social insurance is about; 购买主体 is the unit that buys."""
    fund = one_form([["险种", ("城乡居民基本养老保险", 7)], HEADING, ROW], ("社会保险基金预算绩效自评表（2023年度）",))
    assert fund.header["project_name"] == "城乡居民基本养老保险"
    bought = one_form([["购买主体", ("某街道办事处", 3), "承接主体", ("某服务中心", 3)], HEADING, ROW], ("政府购买服务项目绩效自评表（2022年度）",))
    assert bought.header["unit_name"] == "某街道办事处"


@pytest.mark.parametrize(
    ("report", "project"),
    [
        ("某县农业农村局2018年度职业农民培育项目绩效自评报告", "职业农民培育项目"),
        ("关于2022年农业保险保费补贴绩效自评情况的报告", "农业保险保费补贴"),
        ("某局2024年度项目支出绩效单位自评报告", None),
        ("某局2021年度市级部门预算项目绩效自评报告", None),
    ],
)
def test_the_project_of_a_report_with_tables_in_its_prose(report: str, project: str | None) -> None:
    """Tables without a title of their own are about the project that the report's title names; words that fit any report name none."""
    before = grid([["资金来源", "预算数（万元）", "执行数（万元）", "执行率"], ["年度资金总额", "160", "156.8", "98%"]], before=(report, "一、项目基本情况"))
    (form,) = recognise(document(before, grid([HEADING, ROW], before=("二、绩效指标完成情况",))))
    assert form.header.get("project_name") == project
    assert any("报告" in text for text in form.repairs) or project is None


def test_a_money_amount_beside_a_label_of_the_head() -> None:
    """项目总投资（万元） | 48,600 above the indicators is no budget of the year: it is told, and so is every amount beside it."""
    form = one_form([["项目总投资（万元）", ("48,600", 3), "债券资金（万元）", ("20,000", 3)], ["项目单位", ("某水务公司", 7)], HEADING, ROW], ("新增专项债券项目绩效自评表（2022年度）",))
    assert {amount for amount in ("48,600", "20,000") if any(amount in text for text in form.unread)} == {"48,600", "20,000"}


@pytest.mark.parametrize(("title", "read"), [("截至9月底完成值", False), ("1-7月完成情况", False), ("全年预计完成值", False), ("截至12月底完成值", True), ("全年完成值", True)])
def test_results_of_a_part_of_the_year(title: str, read: bool) -> None:
    """What was done by September, or is expected by December, is not the result of the year: it stays unread and is told."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "年度目标值", title, "备注"], ["产出指标", "数量指标", "养护里程", "420公里", "310公里", ""]]
    form = one_form(rows, (TITLE,))
    assert rows_of(form, "target", "actual") == [("420公里", "310公里" if read else None)]
    assert any(title in text for text in form.unread) is not read


def test_names_below_titles_of_levels() -> None:
    """指标名称 below 一级指标, 二级指标 and 三级指标 (Shenzhen) is the name of that level; the points beside it are the level's."""
    head: Rows = [
        [("评价指标", 6), ("评分标准", 1, 3), ("自评得分", 1, 3)],
        [("一级指标", 2), ("二级指标", 2), ("三级指标", 2)],
        ["指标名称", "权重（%）", "指标名称", "权重（%）", "指标名称", "权重（%）"],
        [("部门决策", 1, 2), ("25", 1, 2), ("预算编制", 1, 2), ("25", 1, 2), "编制合理性", "15", "合理得满分", "15"],
        ["编制规范性", "10", "规范得满分", "9"],
        [("总分", 5), "100", "", "96"],
    ]
    form = one_form(head, ("2023年度部门整体支出绩效评价指标评分表",))
    assert rows_of(form, "level1", "level1_weight", "level2", "name", "weight", "score") == [
        ("部门决策", "25", "预算编制", "编制合理性", "15", "15"),
        ("部门决策", "25", "预算编制", "编制规范性", "10", "9"),
    ]


@pytest.mark.parametrize(("upper", "level"), [("考核项目", "资金管理"), ("一级指标", "资金管理")])
def test_two_titles_of_names(upper: str, level: str) -> None:
    """考核项目 beside 考核指标 is the level above; alone it holds the names."""
    rows: Rows = [[upper, "分值", "考核指标", "标准分", "自评得分", "扣分原因"], ["资金管理", "20", "预算执行", "100", "95", "进度较慢"]]
    assert rows_of(one_form(rows, ("绩效考核自评表",)), "level1", "name", "weight") == [(level, "预算执行", "100")]
    alone: Rows = [["考核项目", "标准分", "自评得分", "扣分原因"], ["资金管理", "100", "95", "进度较慢"]]
    assert rows_of(one_form(alone, ("绩效考核自评表",)), "level1", "name") == [(None, "资金管理")]


@pytest.mark.parametrize(
    ("title", "project"),
    [
        ("甲县2019年度基本公共卫生服务项目绩效考核自评表", "基本公共卫生服务项目"),
        ("2021年度造林绿化项目绩效自评评分表", "造林绿化项目"),
        ("甲县农村危房改造项目绩效评价指标体系及评分表", "甲县农村危房改造项目"),
        ("2022年度项目支出绩效评价指标评分表", None),
    ],
)
def test_the_project_in_the_title_of_a_score_sheet(title: str, project: str | None) -> None:
    """What stands before the words of a score sheet is the project; words that fit any sheet name none."""
    form = one_form([HEADING, ROW], (title,))
    assert (form.header["title"], form.header.get("project_name")) == (title, project)


def test_a_blank_label_of_the_year_beside_a_title_that_gives_it() -> None:
    """财政年度 heads a list of years here (Yunnan): what is blank beside it does not hide the year in the title; a year that cannot be read stays unread."""
    years: Rows = [["财政年度", "", ("目标", 3), ("实际完成情况", 3)], ["2023", "", ("推进服务", 3), ("完成", 3)]]
    assert one_form([*years, HEADING, ROW], ("2023年度部门整体支出绩效自评表",)).header["fiscal_year"] == 2023


PAGED: list[Entry] = ["指标名称", "指标性质", "年初指标值", "全年完成值", "指标权重（分）", "指标得分（分）"]


@pytest.mark.parametrize(
    ("upper", "lower", "name", "target"),
    [
        (["公用", "定量指标", "100", "97%"], ["经费控制率", "", "%", ""], "公用经费控制率", "100%"),
        (["管理制", "定性", "高", "高"], ["度健全性", "指标", "", ""], "管理制度健全性", "高"),
    ],
)
def test_a_row_cut_by_the_end_of_a_page(upper: list[str], lower: list[str], name: str, target: str) -> None:
    """A number over its sign, or two texts that make what another row says, tell that the row goes on: also where no column gives the levels."""
    rows: Rows = [PAGED, ["结转率", "定性指标", "≤2%", "0", "50", "50"], [*upper, "50", "40"], [*lower, "", ""]]
    made = grid(rows, before=("部门整体绩效自评表（2021年度）",))

    def read(first: int) -> Form:
        cells = tuple(replace(cell, locator=Locator("form.pdf", page=1 + (cell.row >= first), line=cell.row + 1)) for cell in made.cells)
        (form,) = recognise(document(replace(made, cells=cells)))
        return form

    assert rows_of(read(3), "name", "target", "weight")[1:] == [(name, target, "50")]
    assert len(read(99).indicators) == 3


def test_a_table_of_figures_below_a_form_on_its_own_sheet() -> None:
    """A line for every county belongs to no form: it is told, so that no figure of the sheet is lost in silence."""
    counties: Rows = [["序号", "市县名称", "预算数（万元）", "执行数（万元）", "执行率"], ["1", "甲县", "5200", "5100", "98.08%"]]
    funds: Rows = [["", "", "全年预算数（A）", "全年执行数（B）", "预算执行率"], ["", "年度资金总额", "5200", "5100", "98.08%"]]
    (form,) = recognise(document(grid([*funds, HEADING, ROW, ["附：各市县资金执行情况表"], *counties], before=("转移支付区域绩效自评表（2024年度）",))))
    assert any("市县名称" in text for text in form.unread)
    assert lines(form, "budget") == [("5200",)]


def test_points_of_levels_stand_between_the_levels() -> None:
    """一级指标 | 权重 | 得分 | 二级指标 | …: the points of a level are not those of the indicator behind it."""
    heading: list[Entry] = ["一级指标", "权重", "得分", "二级指标", "权重", "得分", "三级指标", "权重", "得分"]
    rows: Rows = [
        heading,
        [("决策", 1, 2), ("20", 1, 2), ("19", 1, 2), ("项目立项", 1, 2), ("20", 1, 2), ("19", 1, 2), "立项依据", "10", "10"],
        ["立项程序", "10", "9"],
    ]
    assert rows_of(one_form(rows, ("绩效评价得分情况表",)), "level1", "level2", "name", "weight", "score") == [
        ("决策", "项目立项", "立项依据", "10", "10"),
        ("决策", "项目立项", "立项程序", "10", "9"),
    ]


@pytest.mark.parametrize(("titles", "score"), [(("评价得分",), "9.2"), (("评价得分", "自评得分"), "10"), (("自评得分", "评价得分"), "9.2")])
def test_points_of_an_evaluation(titles: tuple[str, ...], score: str) -> None:
    """评价得分 gives the points of a sheet that has no other ones; beside 自评得分 it is somebody else's and left out."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "分值", "评分标准", *titles], ["过程", "资金管理", "预算执行率", "10", "执行率×分值", *("9.2", "10")[: len(titles)]]]
    assert rows_of(one_form(rows, ("老旧小区改造项目绩效评价打分表（2021年度）",)), "weight", "score") == [("10", score)]


@pytest.mark.parametrize(("title", "project"), [("某县耕地轮作项目2020年度绩效自评打分表", "某县耕地轮作项目"), ("2020年度耕地轮作项目绩效自评打分表", "耕地轮作项目"), ("某县2020年度项目支出绩效自评打分表", None)])
def test_the_year_behind_or_before_the_project_in_a_title(title: str, project: str | None) -> None:
    """The year is no part of the project's name."""
    header = one_form([HEADING, ROW], (title,)).header
    assert (header.get("project_name"), header["fiscal_year"]) == (project, 2020)


def test_years_below_the_titles_of_values() -> None:
    """目标值 and 完成值, each over 2022年 and 2023年 (policies): those of the last year are the form's, the others are told."""
    rows: Rows = [
        [("一级指标", 1, 2), ("三级指标", 1, 2), ("目标值", 2), ("完成值", 2), ("分值", 1, 2), ("得分", 1, 2)],
        ["2022年", "2023年", "2022年", "2023年"],
        ["产出", "奖补企业数", "50家", "60家", "52家", "58家", "100", "96.7"],
    ]
    form = one_form(rows, ("财政政策绩效自评表（2023年度）",))
    assert rows_of(form, "target", "actual") == [("60家", "58家")] and any("2022年" in text for text in form.unread)


@pytest.mark.parametrize(("label", "weight"), [("执行率得分（10分）", "10"), ("执行率得分", None)])
def test_points_in_the_label_of_the_execution_s_score(label: str, weight: str | None) -> None:
    """执行率得分（10分） | 9.5 beside the amounts: the label says of how many."""
    head: Rows = [["预算金额（万元）", ("3300", 3), "实际支出（万元）", ("3135", 3)], ["预算执行率", ("95.00%", 3), label, ("9.5", 3)]]
    assert lines(one_form([*head, HEADING, ROW], (TITLE,)), "budget", "rate", "weight", "score") == [("3300", "95.00", weight, "9.5")]


def test_amounts_left_of_the_columns_that_are_read() -> None:
    """发行额 and 到位数 left of 支出数 (bonds) are no columns of the form's own: they are told, so that the figures are not lost in silence; words and line numbers there are not."""
    head: Rows = [["行次", "资金来源", "发行额", "到位数", "支出数", "支出率", ("", 2)], ["1", "专项债券", "12.50", "12.50", "11.36", "90.88%", ("", 2)]]
    form = one_form([*head, HEADING, ROW], ("专项债券项目绩效自评表（2023年度）", "单位：亿元"))
    assert lines(form, "label", "executed") == [("专项债券", "113600")]
    told = [text for text in form.unread if "发行额" in text]
    assert len(told) == 1 and "到位数" in told[0] and "行次" not in told[0] and "资金来源" not in told[0]

"""Ways of filling in that published project forms have: signs of comparison in a second column, lists below the indicators,
sources of money added up, parts of an amount behind it, labels cut by the end of a page, a project named in the title only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from layout_grids import Rows, document, grid, lines, one_form, rows_of
from msgspec.structs import replace
from yardstick import at_most

from checker.layouts import recognise
from checker.layouts.header import project_in_title
from checker.layouts.numbers import money
from checker.layouts.places import Found
from checker.model import Form, Grid, Locator
from checker.values.target import read_target

HEAD: Rows = [["项目名称", ("湖区道路养护", 7)], ["实施单位", ("甲县公路站", 7)]]
TITLE = ("项目支出绩效自评表", "（2023年度）")
COLUMNS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
OUTPUT: Rows = [["产出指标", "数量指标", "养护里程", "≥40公里", "42公里", "50", "50", ""], ["效益指标", "社会效益指标", "通行条件", "改善", "改善", "40", "40", ""]]
FUNDS: Rows = [[("项目资金（万元）", 1, 2), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], ["年度资金总额", "30", "30", "30", "10", "100%", "10"]]
TOTAL: Rows = [[("总分", 5), "100", "100", ""]]


def test_signs_of_comparison_are_taken_from_the_column_that_has_them() -> None:
    """指标性质 may say 正向 and 指标方向 大于等于: the sign goes before the target, and the other column is told as left out."""
    rows: Rows = [
        ["一级指标", "三级指标", "指标性质", "指标方向", "目标值", "计量单位", "实际完成值", "分值", "得分"],
        ["产出指标", "巡检次数", "正向", "大于等于", "12", "次", "12", "50", "50"],
        ["产出指标", "台账", "定性", "", "完整", "", "完整", "50", "50"],
    ]
    form = one_form(rows, TITLE)
    assert rows_of(form, "target") == [("大于等于12次",), ("完整",)]
    assert any("指标性质" in text for text in form.unread)


@pytest.mark.parametrize("sign", ["﹦", "＝", "≧", "＞"])
def test_a_sign_in_any_width_goes_before_its_target(sign: str) -> None:
    """Small and wide signs in a column of their own are signs too."""
    rows: Rows = [["一级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "分值", "得分"], ["产出指标", "发放率", sign, "100", "%", "100", "100", "100"]]
    assert rows_of(one_form(rows, TITLE), "target") == [(f"{sign}100%",)]


@pytest.mark.parametrize(
    ("sign", "value", "target"),
    [("≥", "大于等于24", "大于等于24次"), ("≥", "95%以上", "95%以上"), ("≤", "30以内", "30以内"), ("至少", "3", "至少3次"), ("≥", "不超过30", "≥不超过30次"), ("≥", "24", "≥24次")],
)
def test_a_sign_that_the_value_says_itself_is_not_said_twice(sign: str, value: str, target: str) -> None:
    """大于等于24 beside a column of signs with ≥ is one comparison; two that differ stay as filed."""
    rows: Rows = [["一级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "分值", "得分"], ["产出指标", "巡检次数", sign, value, "次", "30", "100", "100"]]
    assert rows_of(one_form(rows, TITLE), "target") == [(target,)]


def test_a_list_below_the_indicators_is_another_table() -> None:
    """Titles that begin with 序号 end the indicators of a sheet: the rows below are told and not read."""
    listed: Rows = [["序号", "机构性质", "培训机构", "补助标准", "人数", "合格人数", "补助资金", "备注"], ["1", "民办", "甲培训学校", "2600", "842", "842", "218.92", ""]]
    form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *listed], TITLE)
    assert rows_of(form, "name") == [("养护里程",), ("通行条件",)]
    assert any("另一张表" in text and "培训机构" in text for text in form.unread)


def test_the_foot_of_a_form_stands_below_a_list_too() -> None:
    """Signatures and reasons below the rows of a list are the form's own."""
    listed: Rows = [["序号", "机构性质", "培训机构", "补助标准", "人数", "合格人数", "补助资金", "备注"], ["1", "民办", "甲培训学校", "2600", "842", "842", "218.92", ""]]
    foot: Rows = [["未完成原因分析", ("雨季停工，工期顺延", 7)], [("填表人：王某", 8)]]
    form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL, *listed, *foot], TITLE)
    assert (form.header["foot_reason"], form.header["preparer"]) == ("雨季停工，工期顺延", "王某")
    assert rows_of(form, "name") == [("养护里程",), ("通行条件",)]


@pytest.mark.parametrize("title", ["其他需要说明的问题", "其他需要说明事项", "说明", "备注"])
def test_remarks_at_the_foot_are_read(title: str) -> None:
    """What a form says below its indicators under a title of remarks is kept; 无 is what it says, a blank one is blank."""
    for text, expected in (("资金12月下达，未及支付。", "资金12月下达，未及支付。"), ("无", "无"), ("", None)):
        form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL, [title, (text, 7)], [("填表人：王某", 8)]], TITLE)
        assert form.header.get("remarks") == expected
        assert (form.header["preparer"], rows_of(form, "name")) == ("王某", [("养护里程",), ("通行条件",)])


def test_notes_of_a_blank_form_are_no_remarks() -> None:
    """备注：and 说明：begin the instructions of a blank form; a line with the whole title gives the remarks."""
    for line, expected in (("备注：1.其他资金包括社会投入资金。", None), ("说明：各地填写时删去本行。", None), ("其他需要说明的事项：尾款跨年支付。", "尾款跨年支付。")):
        form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL, [(line, 8)]], TITLE)
        assert form.header.get("remarks") == expected


def test_numbered_indicators_are_no_other_table() -> None:
    """序号 in the heading of the indicators, said again on the next page, begins no list."""
    heading = ["序号", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    rows: Rows = [[str(n + 1), *row[:7]] for n, row in enumerate(OUTPUT)]
    form = one_form([heading, rows[0], heading, rows[1]], TITLE)
    assert rows_of(form, "name") == [("养护里程",), ("通行条件",)]


def test_sources_added_up_make_the_budget() -> None:
    """中央, 省级, 本级, 其他 and their 合计 beside the execution: what they add up to is the budget, in its own unit."""
    funds: Rows = [
        [("资金来源", 1, 2), "中央（万元）", "省级（万元）", "本级（万元）", "其他（万元）", "合计（万元）", "执行数（万元）", "执行率"],
        ["", "12", "18", "", "30", "27", "90%"],
    ]
    form = one_form([*HEAD, *funds, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert lines(form, "budget", "executed", "rate") == [("30", "27", "90")]
    assert form.header["amount_unit"] == "万元"


def test_a_sum_without_sources_is_no_budget() -> None:
    """合计 beside one title only may add up anything."""
    funds: Rows = [[("资金", 1, 2), "一期", ("合计", 2), ("执行数", 2), ("执行率", 2)], ["12", ("30", 2), ("27", 2), ("90%", 2)]]
    form = one_form([*HEAD, *funds, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert all(line[0] is None for line in lines(form, "budget"))


def test_what_an_amount_is_made_up_of_does_not_hide_it() -> None:
    """Amounts in brackets behind an amount with its unit are its parts; other words in brackets leave it unread."""
    read = money("854万（农田建设400万元，示范建设295万元，道路159万元）", "万元")
    assert read.value == Decimal(854) and read.note is not None and "159" in read.note
    assert money("8540000元(农田4000000元，道路4540000元)", "万元").value == Decimal("854.0000")
    for text in ("854（农田400万元，道路454万元）", "854万元（预计）", "854万元（含上年结转20万元）", "854万元或900万元（农田400万元，道路500万元）"):
        assert money(text, "万元").value is None and money(text, "万元").reason is not None


def test_many_parts_of_an_amount_take_linear_time() -> None:
    """Marks and units that could be parted in many ways, in brackets that end otherwise, do not make reading slow."""
    with at_most(100):
        for part in (",,万", "甲甲.元", "甲元1万元,", "甲,1,,万"):
            assert money(f"1元({part * 2_000}x)", "万元").value is None


def test_a_label_cut_by_the_end_of_a_page_is_put_together() -> None:
    """可持续影 over 响指标 name a level together only: the name beside the rest goes on as well and is no indicator."""
    rows: Rows = [
        COLUMNS,
        [("产出指标", 1, 2), ("数量指标", 1, 2), "养护里程", "≥40公里", "42公里", "50", "50", ""],
        ["指标2:", "", "", "", "", ""],
        [("效益指标", 1, 3), "可持续影", "已建工程", "", "", "10", "10", ""],
        [("响指标", 1, 2), "良性运行", "", "", "", "", ""],
        ["指标2:", "", "", "", "", ""],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "10", "10", ""],
    ]
    form = one_form(rows, TITLE)
    assert rows_of(form, "level2", "name", "score") == [("数量指标", "养护里程", "50"), ("可持续影响指标", "已建工程良性运行", "10"), ("服务对象满意度指标", "群众满意度", "10")]


def test_a_whole_label_begins_an_indicator() -> None:
    """A label that names a level alone cuts nothing: a name without values below it stays an indicator, and that is told."""
    rows: Rows = [
        COLUMNS,
        [("产出指标", 1, 2), ("数量指标", 1, 2), "养护里程", "≥40公里", "42公里", "50", "50", ""],
        ["指标2:", "", "", "", "", ""],
        [("效益指标", 1, 2), "社会效益指标", "已建工程", "", "", "10", "10", ""],
        ["可持续影响指标", "良性运行", "", "", "", "", ""],
    ]
    form = one_form(rows, TITLE)
    assert rows_of(form, "name") == [("养护里程",), ("已建工程",), ("良性运行",)]
    assert any("良性运行" in text for text in form.repairs)


def test_the_first_level_is_known_by_what_stands_in_it() -> None:
    """类别 over 投入目标 and 产出目标 is the first level where no title names one; over other words it is not."""
    heading = ["类别", "指标名称", "目标值", "权重", "实际完成值", "自评分值"]
    known: Rows = [heading, ["投入目标", "资金到位率", "100%", "40", "100%", "40"], ["产出目标", "完成率", "100%", "60", "100%", "60"]]
    assert rows_of(one_form(known, TITLE), "level1", "name") == [("投入目标", "资金到位率"), ("产出目标", "完成率")]
    other: Rows = [heading, ["定量", "资金到位率", "100%", "40", "100%", "40"], ["定性", "完成率", "100%", "60", "100%", "60"]]
    assert rows_of(one_form(other, TITLE), "level1") == [(None,), (None,)]


def test_the_number_of_a_printed_table_is_no_part_of_a_unit() -> None:
    """部门：甲县某中学 公开14表 names the school."""
    form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL], (*TITLE, "部门：甲县第二中学 公开14表"))
    assert form.header["unit_name"] == "甲县第二中学"


@pytest.mark.parametrize(
    ("title", "project"),
    [
        ("2021年度农村公益事业奖补项目绩效评价自评表", "农村公益事业奖补项目"), ("食品安全抽检工作经费绩效自评表", "食品安全抽检工作经费"), ("湖区清淤工程支出绩效自评表（2023年度）", "湖区清淤工程"),
        ("农业产业强镇示范建设项目绩效自评表（2022年度）", "农业产业强镇示范建设项目"), ("老旧小区改造项目绩效自评表", "老旧小区改造项目"), ("聊城市专项资金绩效自评表", None),
        ("部门预算项目支出绩效自评表", None), ("甲市本级项目支出绩效自评表", None), ("2020年度县级专项资金绩效目标自评表", None), ("政府购买服务项目绩效自评表", None),
        ("甲县民政局2020年度预算项目绩效自评表", None), ("甲县2024年度中央补助计划服务项目绩效自评表", None), ("甲市财政预算支出项目绩效目标自评表", None),
    ],
)  # fmt: skip
def test_a_title_names_a_project(title: str, project: str | None) -> None:
    """What stands before the words of any form is the project; words that fit every project name none."""
    found = project_in_title(Found(title))
    assert (found.value if found is not None else None) == project


def test_the_title_gives_the_project_where_the_form_has_none() -> None:
    """A label 项目名称 goes before; that the name is taken from the title is said."""
    without = one_form([*FUNDS, COLUMNS, *OUTPUT, *TOTAL], ("湖区清淤工程绩效自评表", "（2023年度）"))
    assert without.header["project_name"] == "湖区清淤工程" and any("标题" in text for text in without.repairs)
    labelled = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL], ("湖区清淤工程绩效自评表", "（2023年度）"))
    assert labelled.header["project_name"] == "湖区道路养护" and not any("标题" in text for text in labelled.repairs)


@pytest.mark.parametrize(("name", "unit"), [("种植补助成本（≤**元/株）", "元/株"), ("种植数量（≥**株）", "株"), ("人均补助(<××元/人)", "元/人"), ("单位成本（元/株）", "元/株")])
def test_the_place_kept_free_for_a_figure_is_no_part_of_the_unit(name: str, unit: str) -> None:
    """The model of an indicator names its unit behind stars (≤**元/株): a bare target is counted in it."""
    target = read_target("28.40", name)
    assert target is not None and target.main is not None and target.main.unit.written == unit


def test_two_tables_of_one_document_stay_one_form() -> None:
    """A list in a table of its own below the indicators belongs to no form and is none."""
    listed: Rows = [["序号", "机构", "人数", "金额"], ["1", "甲校", "842", "218.92"]]
    (form,) = recognise(document(grid([*HEAD, *FUNDS, COLUMNS, *OUTPUT, *TOTAL], before=TITLE), grid(listed)))
    assert len(form.indicators) == 2


def test_a_section_of_points_judges_what_its_title_names() -> None:
    """评价内容 over the names of a section without titles of indicators: the labels beside it are the first level, and no target is asked for."""
    rows: Rows = [
        *HEAD,
        ["项目权重", ("评价内容", 3), "分值", "自评分", "复核分", "评价标准及依据"],
        ["项目决策\n2分", ("决策依据", 3), "2", "2", "", "有批复2分。"],
        [("项目管理\n13分", 1, 2), ("财务制度", 3), "5", "5", "", "有制度5分。"],
        [("运行监管", 3), "8", "7", "", "有记录8分。"],
        COLUMNS, *OUTPUT,
    ]  # fmt: skip
    form = one_form(rows, TITLE)
    assert rows_of(form, "level1", "level1_weight", "name", "weight", "score", "judged_by") == [
        ("项目决策", "2", "决策依据", "2", "2", "评价内容"),
        ("项目管理", "13", "财务制度", "5", "5", "评价内容"),
        ("项目管理", "13", "运行监管", "8", "7", "评价内容"),
        ("产出指标", None, "养护里程", "50", "50", None),
        ("效益指标", None, "通行条件", "40", "40", None),
    ]


def test_criteria_beside_names_are_no_names() -> None:
    """评价内容 beside 三级指标 holds criteria."""
    rows: Rows = [["一级指标", "三级指标", "评价内容", "分值", "得分"], ["项目决策", "立项依据", "依据是否充分", "50", "50"], ["项目过程", "财务制度", "制度是否健全", "50", "50"]]
    assert rows_of(one_form(rows, TITLE), "name") == [("立项依据",), ("财务制度",)]


def test_a_line_of_signatures_ends_a_score() -> None:
    """自评总分：95 单位领导审签：: the words before the next colon are no part of the figure."""
    form = one_form([*HEAD, *FUNDS, COLUMNS, *OUTPUT], (*TITLE, "填报日期：2022年8月10日 自评总分：95 单位领导审签："))
    assert form.header["total_score"] == 95 and not form.unread


def test_numbers_beside_the_names_are_no_first_level() -> None:
    """1.1 and 1.2 below a row 一、产出指标 that stands over all columns number the rows: the row gives the level."""
    heading = ["序号", "指标名称", "目标值", "实际完成值", "分值", "得分"]
    rows: Rows = [heading, [("一、产出指标（60分）", 6)], ["1.1", "养护里程", "40公里", "42公里", "30", "30"], ["1.2", "完工率", "100%", "100%", "30", "30"], [("二、效益指标（40分）", 6)], ["2.1", "通行条件", "改善", "改善", "40", "40"]]
    assert rows_of(one_form(rows, TITLE), "level1", "name") == [("产出指标", "养护里程"), ("产出指标", "完工率"), ("效益指标", "通行条件")]


@pytest.mark.parametrize(("stated", "repairs"), [("100", 0), ("98", 1)])
def test_the_total_of_the_head_is_kept_beside_that_of_the_row(stated: str, repairs: int) -> None:
    """The total row gives the score; what the head states is kept to be compared, and a difference is told."""
    form = one_form([*HEAD, [("自评得分", 2), (stated, 6)], *FUNDS, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert (form.header["total_score"], form.header["head_score"]) == (100, Decimal(stated))
    assert sum("表头总分" in text for text in form.repairs) == repairs


def test_a_total_of_the_head_that_is_no_number_differs_from_none() -> None:
    """It is told as unread, not as another total than that of the row."""
    form = one_form([*HEAD, [("自评得分", 2), ("约九十", 6)], *FUNDS, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert form.header["total_score"] == 100 and any("约九十" in text for text in form.unread) and not form.repairs


def paged(rows: Rows, first: int) -> Grid:
    """Return a grid of which the rows from `first` on stand on the second page; #### cannot be read."""
    made = grid(rows, before=TITLE)
    return replace(made, cells=tuple(replace(cell, unread="截去" if cell.text == "####" else None, locator=Locator("form.pdf", page=1 + (cell.row >= first), line=cell.row + 1)) for cell in made.cells))


CUT: Rows = [
    COLUMNS,
    ["效益指标（30分）", "社会效益指标", "通行条件", "改善", "改善", "30", "30", ""],
    ["", "服务对象", "群众满意度", "≥90%", "95%", "5", "5", ""],
    ["满意度指标（10分）", "满意度指标", "干部满意度", "≥90%", "95%", "5", "5", ""],
]


def test_labels_cut_between_two_rows_by_the_end_of_a_page_are_one() -> None:
    """The second level of both rows is put together, and the first, said on the new page only, is that of both."""
    (form,) = recognise(document(paged(CUT, 3)))
    assert rows_of(form, "level1", "level1_weight", "level2", "name") == [
        ("效益指标", "30", "社会效益指标", "通行条件"),
        ("满意度指标", "10", "服务对象满意度指标", "群众满意度"),
        ("满意度指标", "10", "服务对象满意度指标", "干部满意度"),
    ]
    assert any("服务对象满意度指标" in text for text in form.repairs)


@pytest.mark.parametrize(("upper", "lower", "level"), [("满意度", "指标", ("满意度指标", None)), ("效益指标（40", "分）", ("效益指标", "40")), ("效益指标", "（40分）", ("效益指标", "40")), ("产出指标", "效益指标", None)])
def test_a_first_level_cut_by_the_end_of_a_page_is_one(upper: str, lower: str, level: tuple[str, str | None] | None) -> None:
    """Both parts together are a usual name, points behind it included, and the lower part is none: it is the level of the rows above as well."""
    rows: Rows = [COLUMNS, [upper, "质量指标", "养护里程", "1", "1", "20", "20", ""], [lower, "时效指标", "养护次数", "1", "1", "20", "20", ""], ["", "数量指标", "养护人数", "1", "1", "20", "20", ""]]
    (form,) = recognise(document(paged(rows, 2)))
    assert rows_of(form, "level1", "level1_weight") == ([level] * 3 if level else [(upper, None), (lower, None), (lower, None)])
    if level:
        assert rows_of(recognise(document(paged(rows, 99)))[0], "level1") != [(level[0],)] * 3


def test_labels_on_one_page_are_read_as_they_stand() -> None:
    """Within a page nothing cuts a label."""
    (form,) = recognise(document(paged(CUT, 99)))
    assert rows_of(form, "level1", "level2")[1:] == [("效益指标", "服务对象"), ("满意度指标", "满意度指标")]


@pytest.mark.parametrize(("upper", "lower"), [("数量指标", "####"), ("####", "满意度指标"), ("经济性", "社会效益指标"), ("公众", "质量指标")])
def test_labels_of_two_rows_stay_two_where_they_make_no_usual_name(upper: str, lower: str) -> None:
    """A label that cannot be read is put to none, and stays unread; one of the form's own above a usual one is a label of its own."""
    rows: Rows = [COLUMNS, ["产出指标", upper, "养护里程", "1", "1", "50", "50", ""], ["", lower, "养护次数", "1", "1", "50", "50", ""]]
    (form,) = recognise(document(paged(rows, 2)))
    assert rows_of(form, "level2") == [(None if label == "####" else label,) for label in (upper, lower)]
    assert [form.places["indicators", n, "level2"].unread for n in (1, 2)] == ["截去" if label == "####" else None for label in (upper, lower)]
    assert not form.repairs


def test_a_name_whose_rest_cannot_be_read_is_unread() -> None:
    """The rest of a name in the row below is part of it: without it the name is not known, and its signs are not taken for words."""
    rows: Rows = [COLUMNS, ["产出指标", "数量指标", "养护里", "1", "1", "50", "50", ""], ["", "", "####", "", "", "", "", ""], ["产出指标", "质量指标", "完好率", "1", "1", "50", "50", ""]]
    (form,) = recognise(document(paged(rows, 99)))
    assert rows_of(form, "name") == [(None,), ("完好率",)]
    assert form.places["indicators", 1, "name"].unread == "截去"


def test_a_row_with_words_in_a_column_left_out_only_is_no_indicator() -> None:
    """A row that a page cut shows the rest of its criteria below cells that stand over both parts."""
    columns = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分计算方法", "分值", "得分"]
    rows: Rows = [
        columns,
        [("产出指标", 1, 2), ("数量指标", 1, 2), ("养护里程", 1, 2), ("40公里", 1, 2), ("42公里", 1, 2), "完成值达到指标值", ("50", 1, 2), "50"],
        ["记满分", ""],
        ["效益指标", "社会效益指标", "通行条件", "改善", "改善", "三档", "50", "50"],
    ]
    assert rows_of(one_form(rows, TITLE), "name", "score") == [("养护里程", "50"), ("通行条件", "50")]


def test_a_first_level_named_as_a_second_moves_no_row_that_lacks_its_reason_only() -> None:
    """满意度指标 over 社会公众 in a text export whose last row ends with its result."""
    columns = ["年度绩效目标", "一级指标", "二级指标", "三级指标", "年初目标值", "实际完成值", "未完成原因及改进措施"]
    whole: Rows = [columns, ["", "产出指标", "产出数量", "配备率", "100%", "100%", ""], ["", "满意度指标", "社会公众", "群众满意度", "90%", "达成预期指标"]]
    (form,) = recognise(document(grid(whole, before=TITLE, ragged=True)))
    assert rows_of(form, "level1", "level2", "name", "target", "actual")[1] == ("满意度指标", "社会公众", "群众满意度", "90%", "达成预期指标")


def test_the_second_line_of_a_heading_may_name_single_points() -> None:
    """单项指标得分, 权重占比 and 单项指标折算得分 below 自评得分, in a table that lost its merged areas too: out of a hundred count, those weighted do not."""
    rows: Rows = [
        ["一级指标", "二级指标", "三级指标", "指标描述", "预期指标值", "", "", "单项指标实际完成值", "单项指标完成情况", "自评得分", "", ""],
        ["", "", "", "", "符号", "值", "单位（文字描述）", "", "", "单项指标得分", "权重占比(%)", "单项指标折算得分"],
        ["产出指标", "质量指标", "对象覆盖率", "享受人数占应享受人数的比例", ">=", "98", "%", "100%", "完成", "60.00", "60.00", "36.00"],
        ["效果指标", "社会效益指标", "补贴发放率", "发放完成率", ">=", "75", "%", "100%", "完成", "40.00", "40.00", "16.00"],
    ]
    assert rows_of(one_form(rows, ("预算项目绩效自评表", "（2020年度）")), "name", "target", "actual", "weight", "score") == [
        ("对象覆盖率", ">=98%", "100%", "60.00", "60.00"), ("补贴发放率", ">=75%", "100%", "40.00", "40.00"),
    ]  # fmt: skip


def test_a_second_name_of_an_office_or_project_is_told() -> None:
    """省级主管部门 and 地方主管部门, or two projects: the first is read, the other is named; the same name with its seal or year is no other."""
    two = one_form([*HEAD, ["项目名称", ("河岸绿化", 7)], *FUNDS, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert two.header["project_name"] == "湖区道路养护" and any("项目名称另填有“河岸绿化”" in text for text in two.unread)
    rows: Rows = [["项目名称", ("湖区道路养护", 7)], ["省级主管部门", ("某省交通厅", 3), "地方主管部门", ("甲市交通局", 3)], ["实施单位", ("甲县公路站", 3), "实施单位", ("甲县公路站（盖章）", 3)]]
    form = one_form([*rows, *FUNDS, COLUMNS, *OUTPUT, *TOTAL], TITLE)
    assert (form.header["supervising_department"], form.header["implementing_unit"]) == ("某省交通厅", "甲县公路站")
    assert [text.partition("：")[2] for text in form.unread] == ["主管部门另填有“甲市交通局”，只取第一个“某省交通厅”"]


def test_a_dash_merged_over_several_figures_stands_for_none_of_them() -> None:
    """— over rate, weight and score of a part, or over weight and score of an indicator, says that there are none; a number there is nobody's."""
    def read(mark: str) -> Form:
        funds: Rows = [[("项目资金（万元）", 1, 3), *FUNDS[0][1:]], FUNDS[1], ["其中：财政拨款", "30", "30", "30", (mark, 3)]]
        return one_form([*HEAD, *funds, COLUMNS, ["产出指标", "数量指标", "巡查", "≥4次", "4次", (mark, 2), ""], *OUTPUT, *TOTAL], TITLE)

    dash, number = read("—"), read("7")
    assert [place for place in dash.places.values() if place.unread] == [] and not dash.unread
    assert {key for key, place in number.places.items() if place.unread} == {("budget_lines", 2, "weight"), ("budget_lines", 2, "score"), ("indicators", 1, "weight"), ("indicators", 1, "score")}

"""Rows of a form that are neither a fund nor an indicator under a heading: scored sections, explanations, names of units."""

from __future__ import annotations

import pytest
from layout_grids import Entry, Rows, document, grid, lines, one_form, rows_of

from checker.layouts import recognise
from checker.model import Form

HEADING: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROW: list[Entry] = ["产出指标", "数量指标", "新建卫生室", "≥28所", "28所", "70", "70", ""]
FUNDS: list[Entry] = ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", ""]


def one(rows: Rows, before: tuple[str, ...] = ("某县卫健委2023年度项目支出绩效自评表",)) -> Form:
    return one_form(rows, before)


@pytest.mark.parametrize("merged", [True, False])
def test_scored_management_of_the_funds(merged: bool) -> None:
    """Henan: 资金管理情况 scores four points without titles of indicators; they count to the total and are no funds."""
    points: Rows = [["安排科学性", "测算依据充分", "5", "5", ("无", 3)], ["拨付合规性", "按进度拨付", "15", "14", ("一笔滞后", 3)]]
    label: Entry = ("资金管理情况（20分）", 1, 3) if merged else "资金管理情况（20分）"
    form = one([
        ["项目名称", ("村卫生室建设", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""],
        [label, "", "情况说明", "分值", "得分", ("存在问题和改进措施", 3)], *(points if merged else [["", *row] for row in points]),
        HEADING, ROW, [("总分", 5), "100", "99", ""],
    ])  # fmt: skip
    assert lines(form, "label", "budget", "weight") == [("年度资金总额", "672", "10")]
    assert rows_of(form, "level1", "level1_weight", "level2", "name", "target", "actual", "weight", "score", "reason") == [
        ("资金管理情况", "20", None, "安排科学性", None, "测算依据充分", "5", "5", "无"),
        ("资金管理情况", "20", None, "拨付合规性", None, "按进度拨付", "15", "14", "一笔滞后"),
        ("产出指标", None, "数量指标", "新建卫生室", "≥28所", "28所", "70", "70", None),
    ]  # fmt: skip
    assert not form.unread


@pytest.mark.parametrize(("title", "said"), [("预算调整及执行偏差说明", "结转专项450万元"), ("执行率低的原因", "案件跨年办结"), ("资金结余原因", "招标节约")])
def test_a_row_that_explains_the_execution(title: str, said: str) -> None:
    """A row below the funds that says why money was not spent is the reason of the total, not a fund without amounts."""
    form = one([["项目名称", ("内涝治理", 7)], FUNDS, ["年度资金总额", "186", "231", "219", "10", "94.81%", "9.48", ""], ["其中：财政拨款", "186", "231", "219", "", "", "", ""], [title, (said, 7)], HEADING, ROW])
    assert lines(form, "label", "reason") == [("年度资金总额", said), ("财政拨款", None)]


def test_the_total_by_its_subtotal() -> None:
    """One 小计 below the funds of a block without a total is their total: it is scored once."""
    both = one([["项目名称", ("生活补助", 7)], FUNDS, ["财政拨款", "93", "93", "93", "10", "100%", "10", ""], ["小计", "93", "93", "93", "10", "100%", "10", ""], HEADING, ROW])
    assert lines(both, "label", "role") == [("财政拨款", "part"), ("小计", "total")]


def test_marks_before_a_fund() -> None:
    """A number sign that marks a part (#财政拨款) is no part of its name."""
    form = one([["项目名称", ("培训", 7)], FUNDS, ["总额", "320", "312", "312", "10", "100%", "10", ""], ["#财政拨款", "320", "312", "312", "", "100%", "", ""], HEADING, ROW])
    assert lines(form, "label", "role") == [("总额", "total"), ("财政拨款", "part")]


@pytest.mark.parametrize("merged", [True, False])
def test_reasons_below_ticks(merged: bool) -> None:
    """Liaoning: under 未完成原因分析 stand ticks and 原因说明; the words and the measures are the reason, the ticks are told."""
    first: list[Entry] = ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"]
    ticks: list[Entry] = ["经费保障", "人员保障", "其他", "原因说明"]
    top: list[Entry] = [*((title, 1, 2) for title in first), ("未完成原因分析", 4), ("改进措施", 1, 2)] if merged else [*first, "未完成原因分析", "", "", "", "改进措施"]
    below: list[Entry] = ticks if merged else [*[""] * 7, *ticks, ""]
    form = one([
        ["项目名称", ("视频监控", 11)], ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", ("得分", 6)], ["合计", "180", "180", "180", "10", "100%", ("10", 6)],
        top, below, ["产出指标", "质量指标", "在线率", "≥98%", "97%", "90", "89", "", "√", "", "光缆被挖断", "建立会商机制"], [("总分", 5), "100", "99", ("", 5)],
    ])  # fmt: skip
    assert rows_of(form, "name", "target", "weight", "score", "reason") == [("在线率", "≥98%", "90", "89", "光缆被挖断；建立会商机制")]
    assert form.unread == ("“人员保障”列有内容，不属于自评表要核对的栏，未读",)


@pytest.mark.parametrize(("line", "unit"), [("上海市某区疾病预防控制中心", "上海市某区疾病预防控制中心"), ("某县人民政府", None), ("附件2", None), ("关于公开某县财政局", None)])
def test_a_unit_in_a_line_above_the_title(line: str, unit: str | None) -> None:
    """A line directly above the title that is nothing but a unit's name names the unit; a government's name is a site's."""
    form = one([["项目名称", ("设备更新", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], HEADING, ROW], (line, "项目支出绩效自评表", "（2023年度）"))
    assert form.header.get("unit_name") == unit


def test_another_list_below_the_total() -> None:
    """Rows of a list that follows the form in the same sheet are no indicators; an indicator below the total (加分项) stays one."""
    form = one([
        ["项目名称", ("设备购置", 7)], FUNDS, ["年度资金总额", "24", "24", "24", "10", "100%", "10", ""], HEADING, ROW, [("总分", 5), "100", "100", ""],
        ["加分项", "", "获省级表彰", "1次", "1次", "2", "2", ""],
        ["问题整改清单"], ["序号", "存在问题", "整改措施", "责任人", "完成时限"], ["1", "计划不够精准", "加强调研", "张某", "2024年6月"],
    ])  # fmt: skip
    assert rows_of(form, "name", "weight") == [("新建卫生室", "70"), ("获省级表彰", "2")]


def test_points_out_of_a_hundred_beside_the_weighted_ones() -> None:
    """The points that count are the weighted ones (加权得分), of the indicators and of the funds; those out of a hundred are told."""
    form = one([
        ["项目名称", ("药品抽检", 7)], ["资金（万元）", "年初预算", "全年预算", "实际支出", "执行率", "权重", "自评得分", "加权得分"], ["财政拨款", "210", "210", "199.5", "95%", "10%", "95", "9.5"],
        ["一级指标", "二级指标", "三级指标", "目标值", "完成值", "权重", "自评得分（百分制）", "加权得分"],
        ["产出", "数量", "检验批次", "3000批次", "3120批次", "60%", "100", "60"], ["效益", "社会效益", "处置率", "100%", "95%", "30%", "95", "28.5"], [("合计", 5), "100%", "", "98"],
    ])  # fmt: skip
    assert lines(form, "weight", "score") == [("10", "9.5")]
    assert (rows_of(form, "weight", "score"), str(form.header["total_score"])) == ([("60", "60"), ("30", "28.5")], "98")
    assert "“自评得分（百分制）”列有内容，不属于自评表要核对的栏，未读" in form.unread


def test_values_of_the_year_beside_those_of_several() -> None:
    """Of 指标值 and 完成值 below 2023年度 and below 2021—2023年累计 those of the year are read."""
    form = one([
        ["项目名称", ("棚改", 8)], ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率", "分值", ("得分", 3)], ["合计", "86", "86", "86", "100%", "10", ("10", 3)],
        [("一级指标", 1, 2), ("二级指标", 1, 2), ("三级指标", 1, 2), ("2023年度", 2), ("2021—2023年累计", 2), ("分值", 1, 2), ("得分", 1, 2)], ["指标值", "完成值", "指标值", "完成值"],
        ["产出指标", "数量指标", "改造套数", "600套", "612套", "1800套", "1742套", "90", "90"],
    ])  # fmt: skip
    assert rows_of(form, "target", "actual") == [("600套", "612套")]


def test_execution_between_the_sum_and_the_total() -> None:
    """预算执行率得分 below 绩效指标小计 gives the points of the funds, no indicator."""
    form = one([
        ["项目名称", ("广场建设", 7)], ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", ("执行率", 4)], ["财政拨款", "300", "300", "297", ("99%", 4)],
        HEADING, ROW, [("绩效指标小计", 5), "90", "70", ""], [("预算执行率得分", 5), "10", "9.9", ""], [("总分", 5), "100", "79.9", ""],
    ])  # fmt: skip
    assert (lines(form, "label", "weight", "score"), rows_of(form, "name")) == ([("财政拨款", "10", "9.9")], [("新建卫生室",)])


def test_names_with_their_points_in_a_text_export() -> None:
    """Names with their points under one title are taken apart in lines without columns too: a weight there is no missing one."""
    text = [
        ["项目名称", "登记服务"], ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率", "得分"], ["财政拨款", "160", "160", "160", "100%", "10"],
        ["一级指标", "二级指标", "三级指标（分值）", "年度指标值", "实际完成值", "得分"], ["产出指标", "数量指标", "办理登记（60分）", "≥2万件", "3万件", "60"], ["满意度指标", "服务对象满意度指标", "群众满意度（30分）", "≥90%", "95%", "30"],
    ]  # fmt: skip
    (form,) = recognise(document(grid([list(row) for row in text], before=("某中心2023年度项目支出绩效自评表",), ragged=True)))
    assert rows_of(form, "name", "weight", "score") == [("办理登记", "60", "60"), ("群众满意度", "30", "30")]
    assert "weights" not in form.not_applicable


TEXT_HEAD: Rows = [["项目名称", "渔业增殖"], ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "权重", "执行率", "得分"], ["资金总额", "450", "450", "450", "10", "100%", "10"], [*HEADING[:7], "原因"]]


def lines_of_text(*rows: list[Entry]) -> Form:
    (form,) = recognise(document(grid([*TEXT_HEAD, *rows], before=("某局2023年度项目支出绩效自评表",), ragged=True)))
    return form


@pytest.mark.parametrize("unit", ["%", "分"])
def test_points_with_a_unit_in_a_text_export(unit: str) -> None:
    """Points written 20% or 20分 stand under their title: the row has not moved."""
    form = lines_of_text(["产出指标", "数量指标", "增殖放流", "≥2亿尾", "2.7亿尾", f"60{unit}", "60"], ["", "质量指标", "检疫合格率", "100%", "100%", f"30{unit}", "28", "一批次不合格"])
    assert rows_of(form, "level2", "name", "target", "weight", "score") == [("数量指标", "增殖放流", "≥2亿尾", "60", "60"), ("质量指标", "检疫合格率", "100%", "30", "28")]
    assert (form.header["shifted_rows"], form.header["lost_cells"]) == (0, 0)


def test_a_second_level_called_like_a_first_in_a_text_export() -> None:
    """满意度 as the second level below 效益, its first level written once above: nothing is moved."""
    form = lines_of_text(["效益", "社会效益", "发明专利", "≥60件", "63件", "60", "60"], ["", "满意度", "单位满意度", "≥90%", "95%", "30", "30"])
    assert rows_of(form, "level1", "level2", "name") == [("效益", "社会效益", "发明专利"), ("效益", "满意度", "单位满意度")]


def test_a_line_that_says_the_table_goes_on() -> None:
    """续表 in a text export is neither a level nor an indicator."""
    form = lines_of_text(["产出指标", "数量指标", "增殖放流", "≥2亿尾", "2.7亿尾", "60", "60"], ["续表"], [*HEADING[:7], "原因"], ["效益指标", "社会效益指标", "渔民增收", "≥3%", "3.4%", "30", "30"])
    assert rows_of(form, "level1", "name") == [("产出指标", "增殖放流"), ("效益指标", "渔民增收")]
    assert not form.unread


def test_money_of_the_whole_period_beside_that_of_the_year() -> None:
    """Of 实施期资金总额 and 年度资金总额 the year's is the total; the other is told, not judged."""
    form = one([["项目名称", ("广场建设", 7)], FUNDS, ["实施期资金总额", "900", "900", "620", "", "68.89%", "", ""], ["年度资金总额", "300", "300", "297", "10", "99%", "9.9", ""], HEADING, ROW])
    assert lines(form, "label", "role", "budget") == [("年度资金总额", "total", "300")]
    assert any("实施期资金总额" in said for said in form.unread)


def test_the_total_in_a_table_of_its_own() -> None:
    """A table that is nothing but the total row, merged over the columns of names, is the last row of the table before it."""
    above: Rows = [["项目名称", ("村卫生室建设", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], HEADING, ROW]
    total = grid([[("总分", 5), "80", "79", ""]], "表2")
    (form,) = recognise(document(grid(above, before=("某县卫健委2023年度项目支出绩效自评表",)), total))
    assert (form.header["total_weight"], form.header["total_score"]) == (80, 79)
    (form,) = recognise(document(grid(above, before=("某县卫健委2023年度项目支出绩效自评表",)), grid([[("总分", 4), "80", ("79", 3)]], "表2")))
    assert form.header.get("total_score") is None


def test_a_total_around_the_indicators_is_told() -> None:
    """Where the indicators are a table within a cell, the total row below that cell is no row of theirs: its figures are named."""
    outer: Rows = [["项目名称", ("村卫生室建设", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], ["绩效指标", ("", 7)], [("总分", 5), "80", "79", ""]]
    (form,) = recognise(document(grid(outer, before=("某县卫健委2023年度项目支出绩效自评表",)), grid([HEADING, ROW], "表2")))
    assert len(form.indicators) == 1 and form.header.get("total_score") is None
    assert list(form.unread[:2]) == ["表1!F5：“80”不在认识的列名下，未读", "表1!G5：“79”不在认识的列名下，未读"]


def test_a_total_row_moved_by_one_column_is_no_reading() -> None:
    """Where the label covers the weight too, 100 under the score and 98 right of it are weight and score, moved: neither is read."""
    rows: Rows = [["项目名称", ("村卫生室建设", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], HEADING, ROW]
    form = one([*rows, [("总分", 6), "80", "79"]])
    assert (form.header.get("total_weight"), form.header.get("total_score")) == (None, None)
    assert any("合计行" in note for note in form.unread)
    kept = one([*rows, [("总分", 6), "79", ""]])
    assert kept.header["total_score"] == 79


def test_labels_and_values_of_a_printed_row_without_upright_rules() -> None:
    """主管部门 某局 实施单位 某中心 in one cell are two labels with their values; a label without a value behind it is left alone."""
    rest: Rows = [FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], HEADING, ROW]
    form = one([[("项目名称 村卫生室 二期", 8)], [("主管部门 某县卫健委 实施单位 某县卫生院", 8)], *rest])
    assert [form.header.get(field) for field in ("project_name", "supervising_department", "implementing_unit")] == ["村卫生室 二期", "某县卫健委", "某县卫生院"]
    bare = one([[("主管部门 实施单位 某县卫生院", 8)], *rest])
    assert (bare.header.get("supervising_department"), bare.header.get("implementing_unit")) == (None, None)


def test_a_form_of_four_tables_is_one_form() -> None:
    """Head, funds, goal and indicators each in a table of its own, as pages have them: one form."""
    budget: Rows = [FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""]]
    goals: Rows = [[("年度总体目标", 1, 2), ("预期目标", 3), ("实际完成情况", 4)], [("建村卫生室", 3), ("已建成", 4)]]
    title = ("某县卫健委2023年度项目支出绩效自评表",)
    (form,) = recognise(document(grid([["项目名称", ("村卫生室建设", 7)]], "表1", title), grid(budget, "表2"), grid(goals, "表3"), grid([HEADING, ROW], "表4")))
    assert (form.header["project_name"], form.header["goal_planned"], len(form.budget_lines), len(form.indicators)) == ("村卫生室建设", "建村卫生室", 1, 1)


def test_the_total_in_a_line_below_the_table() -> None:
    """总分：98.5分 alone in a line below a form without a total row is its total; below the title of a next form it is that one's."""
    rows: Rows = [["项目名称", ("村卫生室建设", 7)], FUNDS, ["年度资金总额", "672", "672", "672", "10", "100%", "10", ""], HEADING, ROW]
    title = "某县卫健委2023年度项目支出绩效自评表"
    (form,) = recognise(document(grid(rows, before=(title,), after=("填表人：", "总分：98.5分", "注：无"))))
    assert str(form.header["total_score"]) == "98.5"
    for after in ((title, "总分：98.5分"), ("总分：优",), ("其中数量指标总分：98.5分",)):
        assert recognise(document(grid(rows, before=(title,), after=after)))[0].header.get("total_score") is None

"""What stands in another place than usual in published forms: read there, or told, never wrong in silence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from layout_grids import Entry, document, grid

from checker.layouts import recognise
from checker.model import Form

Rows = list[list[Entry]]
TITLE = "2023年度项目支出绩效自评表"
HEAD: list[Entry] = ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分", "偏差原因"]
ROW: list[Entry] = ["产出指标", "数量指标", "培训人数", "≥100人", "96人", "90", "86", ""]
BUDGET: Rows = [["资金来源（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率", "分值", "得分"], ["资金总额", "50", "60", "57", "95%", "10", "9.5"]]


def one(rows: Rows, before: tuple[str, ...] = (TITLE,), after: tuple[str, ...] = ()) -> Form:
    (form,) = recognise(document(grid(rows, before=before, after=after)))
    return form


@pytest.mark.parametrize(("unit", "amounts"), [("亿元", ("12000", "9500")), ("千元", ("0.12", "0.095")), ("万元", ("1.20", "0.95")), ("元", ("1.20", "0.95"))])
@pytest.mark.parametrize("place", ["title", "line", "label"])
def test_amounts_are_kept_in_yuan_or_ten_thousands(unit: str, amounts: tuple[str, str], place: str) -> None:
    """A form in 亿元 or 千元 is kept in 万元, wherever it names its unit, and each amount that was moved is told."""
    head: list[Entry] = [f"资金来源（{unit}）" if place == "title" else "资金来源", "年初预算数", "全年预算数", "全年执行数", "执行率"]
    rows: Rows = [*([["金额单位", unit]] if place == "label" else []), head, ["合计", "1.20", "1.20", "0.95", "79.17%"]]
    form = one([*rows, HEAD, ROW], before=(TITLE, f"单位：{unit}") if place == "line" else (TITLE,))
    line = form.budget_lines[0]
    assert form.header["amount_unit"] == ("元" if unit == "元" else "万元")
    assert (line["budget"], line["executed"]) == tuple(map(Decimal, amounts))
    assert any("换算" in said for said in form.repairs) is (unit in ("亿元", "千元"))


def test_total_between_funds_and_indicators_is_no_fund() -> None:
    """自评总分 | 98.5 right below the fund rows is the form's total, not a line of the budget with 98.5 in it."""
    form = one([*BUDGET, [("自评总分", 1), ("95.5", 6)], HEAD, ROW])
    assert len(form.budget_lines) == 1 and form.header["total_score"] == Decimal("95.5")


def test_sum_of_the_indicators_is_neither_indicator_nor_total() -> None:
    """指标得分小计 leaves the points of the execution out: it is told and not counted."""
    form = one([HEAD, ROW, [("指标得分小计", 5), "90", "86", ""], *BUDGET], after=("自评总得分：95.5分",))
    assert [row["name"] for row in form.indicators] == ["培训人数"]
    assert form.header["total_score"] == Decimal("95.5") and "total_weight" not in form.header
    assert any("指标得分小计" in said for said in form.repairs)


def test_funds_in_a_table_below_the_indicators() -> None:
    """A budget table without a head of its own belongs to the form whose indicators stand above it."""
    (form,) = recognise(document(grid([HEAD, ROW], before=(TITLE,)), grid(BUDGET, before=("资金情况（单位：万元）",))))
    assert form.budget_lines[0]["executed"] == Decimal(57) and len(form.indicators) == 1


@pytest.mark.parametrize("place", ["row", "cell", "line", "note"])
def test_reasons_below_the_table(place: str) -> None:
    """The reasons for all deviations stand in a row, in one cell with their title, or in a line below the table."""
    text = "讲师临时缺席，已补课"
    rows = [*BUDGET, HEAD, ROW]
    if place == "row":
        rows.append([("偏差原因及改进措施", 2), (text, 6)])
    elif place == "cell":
        rows.append([(f"未完成原因分析：{text}", 8)])
    form = one(rows, after={"line": (f"偏差原因：{text}",), "note": (f"注：扣分原因：{text}",)}.get(place, ()))
    assert form.header["foot_reason"] == text and len(form.indicators) == 1


def test_reasons_left_of_the_levels() -> None:
    """A column of reasons is read wherever it stands."""
    form = one([*BUDGET, ["偏差原因", *HEAD[:-1]], ["设备未到货", *ROW[:-1]]])
    assert form.indicators[0]["reason"] == "设备未到货"


def test_remarks_are_the_reasons_where_there_is_no_column_for_them() -> None:
    """备注 gives the reasons of a form without such a column; the layout still counts as one without."""
    rows: Rows = [*BUDGET, [*HEAD[:-1], "备注"], [*ROW[:-1], "设备未到货"]]
    form = one(rows)
    assert form.indicators[0]["reason"] == "设备未到货" and "reasons" in form.not_applicable
    both = one([*BUDGET, [*HEAD, "备注"], [*ROW[:-1], "招标延迟", "已通报"]])
    assert both.indicators[0]["reason"] == "招标延迟" and "reasons" not in both.not_applicable


@pytest.mark.parametrize("flat", [True, False])
def test_value_in_the_second_cell_under_its_title(flat: bool) -> None:
    """A title over two columns: operator and value make one target, and a result may stand in the second alone."""
    wide: Rows = [["三级指标", ("指标值", 2), ("完成值", 2), "分值", "得分"], ["培训人数", "≥", "100人", "", "96人", "90", "86"]]
    split: Rows = [["三级指标", "指标值", "", "完成值", "", "分值", "得分"], ["培训人数", "≥", "100人", "", "96人", "90", "86"]]
    form = one(split if flat else wide)
    assert (form.indicators[0]["target"], form.indicators[0]["actual"]) == ("≥100人", "96人")


def test_two_values_under_one_title_of_a_table_without_merged_areas() -> None:
    """Where separated values do not tell which cells belong together, two filled ones are read as neither."""
    form = one([["三级指标", "指标值", "", "完成值", "分值", "得分"], ["培训人数", "100人", "120人", "96人", "90", "86"]])
    assert "target" not in form.indicators[0] and form.places[("indicators", 1, "target")].unread


def test_level_that_is_the_only_one_may_be_the_second() -> None:
    """数量指标 and 质量指标 under 指标类型 are names of the second level."""
    form = one([["指标类型", "指标名称", "目标值", "完成值", "分值", "得分"], ["数量指标", "培训人数", "100人", "96人", "50", "48"], ["质量指标", "合格率", "90%", "95%", "40", "40"]])
    assert [(row.get("level1"), row["level2"]) for row in form.indicators] == [(None, "数量指标"), (None, "质量指标")]


def test_every_fund_of_a_turned_budget_is_read() -> None:
    """Between funds with known words a fund with an unknown name (工会经费) is one as well."""
    rows: Rows = [["项目资金（万元）", "合计", "财政拨款", "工会经费"], ["全年预算数", "180", "120", "60"], ["全年执行数", "171", "120", "51"], HEAD, ROW]
    assert [(line["label"], line["budget"], line["executed"]) for line in one(rows).budget_lines][2] == ("工会经费", Decimal(60), Decimal(51))


def test_points_beside_the_rate_are_the_execution() -> None:
    """预算执行率 | 98% | 分值 | 10 | 得分 | 9.8 above the indicators: figures beside their labels, no heading."""
    rows: Rows = [["预算数", "50", "执行数", "49", "", ""], ["预算执行率", "98%", "分值", "10", "得分", "9.8"], HEAD, ROW]
    line = one(rows).budget_lines[0]
    assert (line["rate"], line["weight"], line["score"]) == (Decimal(98), Decimal(10), Decimal("9.8"))


@pytest.mark.parametrize("label", ["政策主管部门", "项目主管部门", "业务主管单位"])
def test_head_labels_with_a_word_before_them(label: str) -> None:
    """政策主管部门, 购买服务项目名称 and 项目实施机构 are the labels they end with."""
    form = one([[label, ("某局", 7)], ["购买服务项目名称", ("保洁", 3), "项目实施机构", ("某中心", 3)], *BUDGET, HEAD, ROW])
    assert (form.header["supervising_department"], form.header["project_name"], form.header["implementing_unit"]) == ("某局", "保洁", "某中心")
    assert "supervising_department" not in one([["主管部门审核意见", ("同意", 7)], *BUDGET, HEAD, ROW]).header


@pytest.mark.parametrize("title", ["甲市民政局项目支出绩效自评表", "2023年度甲市民政局项目支出绩效自评表", "甲市民政局2023年度项目支出绩效自评表"])
def test_unit_in_the_title(title: str) -> None:
    """The unit stands before or behind the year, or without one before the words for the form."""
    assert one([*BUDGET, HEAD, ROW], before=(title,)).header["unit_name"] == "甲市民政局"


def test_scores_of_others_in_the_second_line_of_a_heading() -> None:
    """主管部门评分 beside 单位自评得分 is the department's, not the unit's own."""
    rows: Rows = [["三级指标", "指标值", "完成值", "分值", ("评分情况", 2)], ["", "", "", "", "单位自评得分", "主管部门评分"], ["培训人数", "100人", "96人", "90", "86", "80"]]
    assert one(rows).indicators[0]["score"] == Decimal(86)


def test_rows_that_share_their_points_are_parts_of_the_first() -> None:
    """One weight and one score over two rows: the second counts with the first and lacks nothing."""
    rows: Rows = [["三级指标", "指标值", "完成值", "分值", "得分"], ["站点", "≥120处", "126处", ("30", 1, 2), ("30", 1, 2)], ["报汛", "≥12万份", "13.1万份"], ["合格率", "100%", "100%", "60", "60"]]
    form = one([*BUDGET, *rows])
    assert [(row.get("part_of"), row.get("weight")) for row in form.indicators] == [(None, Decimal(30)), ("站点", None), (None, Decimal(60))]
    assert ("indicators", 2, "score") not in form.places
    scored = one([*BUDGET, rows[0], ["站点", "≥120处", "126处", ("30", 1, 2), "15"], ["报汛", "≥12万份", "13.1万份", "14"]])
    assert "part_of" not in scored.indicators[1] and scored.places[("indicators", 2, "weight")].unread


@pytest.mark.parametrize(("text", "malformed"), [("7,00.0,77", "7,00.0,77"), ("496（追加16）", None), ("约500", None), ("见附表", None)])
def test_amounts_badly_written_and_amounts_not_read(text: str, malformed: str | None) -> None:
    """Digits that make no number are the form's fault; an amount that is legible but not to a program is unread only."""
    form = one([BUDGET[0], ["资金总额", "50", text, "57", "95%", "10", "9.5"], HEAD, ROW])
    assert form.budget_lines[0].get("amount_malformed") == malformed and form.places[("budget_lines", 1, "budget")].unread


def test_names_that_stood_over_two_columns_of_a_table_without_merged_areas() -> None:
    """A name under 二级指标 beside a blank third level is the row's name; a usual name of that level is not."""
    split: Rows = [HEAD, ["预算执行", "预算执行率", "", "100%", "95%", "10", "9.5", ""], ["产出指标", "数量指标", "", "100人", "96人", "90", "86", ""]]
    form = one(split)
    assert [(row.get("level2"), row.get("name")) for row in form.indicators] == [(None, "预算执行率"), ("数量指标", None)]
    assert any("预算执行率" in said for said in form.repairs)


def test_points_in_the_row_below_the_figures_of_the_budget() -> None:
    """预算数 | 执行数 | 执行率 beside their figures and 分值 | 得分 below them are one line; a total of the head has words before it."""
    rows: Rows = [["绩效自评总得分", ("95.5", 3), "等级", "优"], ["预算数（元）", "380000", "执行数", "361000", "执行率", "95%"], ["分值", "10", "得分", "9.5", "", ""], HEAD, ROW]
    form = one(rows)
    line = form.budget_lines[0]
    assert (line["weight"], line["score"], form.header["total_score"]) == (Decimal(10), Decimal("9.5"), Decimal("95.5"))


def test_points_of_the_years_tasks_count_beside_the_indicators() -> None:
    """A table of tasks with 分值 and 得分 of their own: both are added up once, and told."""
    tasks: Rows = [["任务名称", ("主要内容", 2), "完成情况", "分值", "得分", ""], ["扩面", ("参保率95%", 2), "95.6%", "10", "10", ""], ["监管", ("检查100家", 2), "104家", "10", "9.5", ""]]
    form = one([*tasks, *BUDGET, HEAD, ROW])
    assert (form.header["goal_weight"], form.header["goal_score"]) == (Decimal(20), Decimal("19.5"))
    assert len(form.indicators) == 1 and sum("任务" in said for said in form.repairs) == 2
    half: Rows = [["年度指标值", ("实际完成值", 2), "", "分值", "得分", ""], ["≥10次", ("10次", 2), "", "20", "20", ""]]
    assert "goal_weight" not in one([*half, *BUDGET, HEAD, ROW]).header


TITLES: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


def ragged(*rows: list[Entry]) -> Form:
    (form,) = recognise(document(grid([TITLES, *rows], before=(TITLE,), ragged=True)))
    return form


def test_words_in_the_place_of_points_move_no_row() -> None:
    """A text row with a cell under every title stands where it is: 约三十九分 is an unread score, the rest is read."""
    form = ragged(["产出指标", "数量指标", "培训人数", "≥300人", "312人", "40", "约三十九分"], ["效益指标", "社会效益指标", "就业率", "70%", "75%", "50", "50"])
    assert (form.indicators[0]["name"], form.indicators[0]["actual"], form.indicators[0].get("score")) == ("培训人数", "312人", None)
    assert form.places["indicators", 1, "score"].unread is not None and len(form.indicators) == 2


def test_a_row_that_fits_nowhere_is_an_unread_indicator() -> None:
    """It does not vanish: sums over the rows stay open."""
    form = ragged(["产出指标", "20", "≥300人", "312人", "40", "39", "50", "60"], ["效益指标", "社会效益指标", "就业率", "70%", "75%", "50", "50"])
    assert [row.get("weight") for row in form.indicators] == [None, Decimal(50)]
    assert form.places["indicators", 1, "weight"].unread is not None


def test_a_lone_text_between_rows_is_not_taken_for_a_name() -> None:
    """管理情况 in a line of its own may be a heading as well as an indicator without values."""
    form = ragged(["产出指标", "数量指标", "培训人数", "≥300人", "312人", "40", "40"], ["管理情况"], ["效益指标", "社会效益指标", "就业率", "70%", "75%", "50", "50"])
    assert "管理情况" not in [row.get("name") for row in form.indicators]
    assert any("管理情况" in told for told in form.unread)


def test_a_total_row_that_lost_its_label_cells() -> None:
    """100 and 98.5 of the total row under 指标名称 and 指标值 are neither weight nor score."""
    form = ragged(["产出指标", "数量指标", "培训人数", "≥300人", "312人", "90", "88.5"], ["总分", "", "100", "98.5"])
    assert "total_weight" not in form.header and "total_score" not in form.header
    assert any("合计行" in told for told in form.unread)


def test_reasons_of_one_level() -> None:
    """产出指标扣分原因：… in a row of its own gives reasons and is no indicator."""
    rows: Rows = [["项目名称", ("培训", 6)], TITLES, ["产出指标", "数量指标", "培训人数", "≥300人", "290人", "50", "48"], [("产出指标扣分原因：两期合并举办。", 7)], ["效益指标", "社会效益指标", "就业率", "70%", "75%", "40", "40"]]
    form = one(rows)
    assert (form.header["foot_reason"], [row["name"] for row in form.indicators]) == ("两期合并举办。", ["培训人数", "就业率"])

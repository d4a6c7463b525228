"""Nothing is lost or guessed in silence: figures under no title, moved notes, two columns of one kind, tables without rules."""

from __future__ import annotations

import pytest
from layout_grids import Entry, document, grid
from msgspec.structs import replace

from checker.layouts import recognise
from checker.model import FieldValue, Form, Source

Rows = list[list[Entry]]

NAMES: Rows = [[("项目支出绩效自评表", 8)], [("（2022年度）", 8)], ["项目名称", ("甲项目", 7)]]
FUNDS: Rows = [
    [("项目资金（万元）", 1, 2), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额：", "10", "10", "9.8", "10", "98%", "9.8"],
]
TITLES: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
OUTPUT: list[Entry] = ["产出指标", "数量指标", "甲", "1个", "1个", "50", "50", ""]
EFFECT: list[Entry] = ["效益指标", "社会效益指标", "乙", "好", "好", "40", "38", "效果不足"]
TOTAL: list[Entry] = [("总分", 5), "100", "97.8", ""]


def one(rows: Rows) -> Form:
    (form,) = recognise(document(grid(rows)))
    return form


def column(form: Form, field: str) -> list[FieldValue]:
    return [row.get(field) for row in form.indicators]


def funds(form: Form, *fields: str) -> list[tuple[FieldValue, ...]]:
    return [tuple(str(row[name]) if name in row else None for name in fields) for row in form.budget_lines]


def test_a_whole_form_leaves_nothing_unread() -> None:
    """The form that the cases below change is read for certain and without remarks."""
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, TOTAL])
    assert (form.recognition, form.unread, form.repairs) == ("strong", (), ())


def test_figures_and_words_under_no_title_are_named() -> None:
    """A column without a title, or a figure beside the known columns, makes recognition weak and is named with its place."""
    for title, text in (("", "样本不足"), ("", "12.5")):
        form = one([*NAMES, *FUNDS, [*TITLES[:7], title], [*OUTPUT[:7], text], EFFECT[:7], TOTAL])
        assert form.recognition == "weak" and any(text in said and "表1!H7" in said for said in form.unread)


def test_a_figure_beside_the_total_is_named() -> None:
    """A total that stands under the reasons is neither the total score nor silent."""
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, [("总分", 5), "100", "", "97.8"]])
    assert "total_score" not in form.header and any("97.8" in said for said in form.unread) and form.recognition == "weak"


@pytest.mark.parametrize(
    ("row", "weight", "score"),
    [([("总分：97.8分", 8)], None, "97.8"), ([("总分", 5), ("97.8/100", 2), ""], "100", "97.8"), ([("自评总分", 5), ("97.8分", 3)], None, "97.8")],
)
def test_totals_however_they_are_written(row: list[Entry], weight: str | None, score: str) -> None:
    """Label and points in one cell, score before weight, one cell for both: no indicator, and never the score for the weight."""
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, row])
    assert len(form.indicators) == 2 and str(form.header["total_score"]) == score
    assert (str(form.header["total_weight"]) if weight else form.header.get("total_weight")) == weight


def test_a_second_heading_below_one_title_is_no_indicator() -> None:
    """年初 | 调整 below 指标值 belongs to the heading: it is named, and the two figures under one title stay unread."""
    titles: list[Entry] = ["一级指标", "二级指标", "三级指标", ("指标值", 2), "完成值", "分值", "得分"]
    rows: Rows = [["", "", "", "年初", "调整", "", "", ""], ["产出指标", "数量指标", "甲", "10", "12", "12", "90", "90"]]
    form = one([*NAMES, *FUNDS, titles, *rows, [("总分", 6), "100", "99.8"]])
    assert column(form, "name") == ["甲"] and column(form, "target") == [None] and len(form.unread) == 2


def test_budget_columns_that_are_not_understood_are_named() -> None:
    """Amounts whose titles are no known columns are no labels and not lost."""
    heads: list[Entry] = ["资金总额（万元）", "其中：财政资金", "全年执行数", "其中：财政资金", "执行率", "得分（10分）", ("", 2)]
    form = one([*NAMES, heads, ["3000", "2800", "2910", "2710", "97%", "9.7", ("", 2)], TITLES, OUTPUT, EFFECT, TOTAL])
    assert funds(form, "label", "executed", "rate", "score") == [(None, "2910", "97", "9.7")]
    assert form.recognition == "weak" and sum("不在认识的列名下" in said for said in form.unread) == 3


def test_an_indicator_below_a_note_inside_the_table_is_read() -> None:
    """A line 注：… between the rows ends nothing; the lines of the note are no indicators."""
    note: Rows = [[("注：1.以上为产出指标。", 8)], [("2.以下为效益指标。", 8)]]
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, *note, EFFECT, TOTAL, *note])
    assert column(form, "name") == ["甲", "乙"] and str(form.header["total_score"]) == "97.8"


def test_cells_split_under_one_title_are_one_value() -> None:
    """≥ | 100 | % under one title is ≥100%; two figures under one title cannot be told apart and stay unread."""
    titles: list[Entry] = [*TITLES[:3], ("年度指标值", 3), *TITLES[4:]]
    rows: Rows = [["产出指标", "数量指标", "甲", "≥", "100", "%", "98%", "50", "50", ""], ["效益指标", "社会效益指标", "乙", "5", "6", "", "好", "40", "38", ""]]
    form = one([*NAMES, *FUNDS, titles, *rows, [("总分", 7), "100", "97.8", ""]])
    assert column(form, "target") == ["≥100%", None] and any("几格" in said for said in form.unread)
    assert form.places["indicators", 2, "target"].unread


def test_one_cell_over_two_levels_is_no_level_2() -> None:
    """预算执行率 over level 1 and level 2 is a level 1."""
    row: list[Entry] = [("预算执行", 2), "预算执行率", "100%", "98%", "10", "9.8", ""]
    form = one([*NAMES, TITLES, row, OUTPUT, EFFECT, TOTAL])
    assert column(form, "level1")[0] == "预算执行" and column(form, "level2")[:2] == [None, "数量指标"]


@pytest.mark.parametrize("other", ["复核得分", "专家评分", "终评得分", "抽查得分", "得分率", "得分说明"])
def test_a_score_that_is_not_the_units_own_stands_first(other: str) -> None:
    """Scores of a later check, rates and remarks beside 自评得分 are never the score."""
    rows: Rows = [[*TITLES[:6], other, "自评得分", "偏差原因"], [*OUTPUT[:6], "49", "50", ""], [*EFFECT[:6], "37", "38", ""]]
    form = one([*NAMES, *FUNDS, *rows, [("总分", 5), "100", "95.8", "97.8", ""]])
    assert column(form, "score") == [50, 38] and str(form.header["total_score"]) == "97.8"


def test_years_in_titles() -> None:
    """Of 2021年完成值 and 2022年完成值 the later counts, and the reading is told as inexact."""
    titles: list[Entry] = [*TITLES[:3], "2022年目标值", "2021年完成值", "2022年实际完成值", "分值", "得分"]
    form = one([*NAMES, *FUNDS, titles, ["产出指标", "数量指标", "甲", "10", "8", "9", "90", "81"], [("总分", 6), "100", "90.8"]])
    assert (column(form, "target"), column(form, "actual"), form.recognition) == (["10"], ["9"], "weak")


def test_a_changed_budget_beside_the_budget() -> None:
    """预算调整数 is what was changed, 全年预算数 the budget, in whatever order they stand."""
    heads: list[Entry] = ["", "年初预算数(A)", "预算调整数(B)", "全年预算数(C=A+B)", "全年执行数(D)", "分值", "执行率(D/C)", "得分"]
    form = one([*NAMES, heads, ["年度资金总额", "10", "2", "12", "11", "10", "91.67%", "9.17"], TITLES, OUTPUT, EFFECT, TOTAL])
    assert funds(form, "initial", "budget", "executed") == [("10", "12", "11")]


def test_sources_beside_budget_and_execution() -> None:
    """预算数 | 120 | 执行数 | 118 with the same sources below each: one line for all and one for every source."""
    rows: Rows = [
        [("预算执行情况（万元）", 1, 3), "预算数：", ("120", 2), "执行数：", "118", "执行率：", "98.33%"],
        ["其中-财政拨款：", ("100", 2), "其中-财政拨款：", "98", "", ""], ["其他资金：", ("20", 2), "其他资金：", "20", "", ""],
    ]  # fmt: skip
    form = one([*NAMES, *rows, TITLES, OUTPUT, EFFECT, TOTAL])
    assert funds(form, "label", "budget", "executed", "rate") == [
        ("预算数", "120", "118", "98.33"), ("财政拨款", "100", "98", None), ("其他资金", "20", "20", None),
    ]  # fmt: skip


def test_a_line_with_the_unit_of_money_names_no_unit() -> None:
    """（2022年度）  单位：万元 gives the unit of the amounts, not the name of an office."""
    rows: Rows = [[("部门整体支出绩效自评表", 8)], [("（2022年度）        单位：万元", 8)], ["部门名称", ("某局", 7)], *FUNDS, TITLES, OUTPUT, EFFECT, TOTAL]
    head = one(rows).header
    assert (head["unit_name"], head["amount_unit"]) == ("某局", "万元")


def test_a_form_that_names_a_ministry_above_the_local_department() -> None:
    """中央主管部门 marks a transfer payment; the local department supervises."""
    rows: Rows = [
        [("林业改革发展资金绩效自评表（2022年度）", 8)], ["专项名称", ("林业改革发展资金", 7)], ["中央主管部门", ("某部", 7)],
        ["地方主管部门", ("某县林业局", 3), "资金使用单位", ("某乡", 3)], *FUNDS, TITLES, OUTPUT, EFFECT, TOTAL,
    ]  # fmt: skip
    head = one(rows).header
    assert (head["form_type"], head["supervising_department"], head["implementing_unit"]) == ("transfer", "某县林业局", "某乡")


def test_sources_under_stages_in_a_table_that_lost_its_merged_areas() -> None:
    """预算数 over 总额, 财政拨款, 其他资金: the total counts, in a file of separated values too."""
    rows: Rows = [
        ["任务名称", "完成情况", "预算数（万元）", "", "", "执行数（万元）", "", "", "执行率"], ["", "", "总额", "财政拨款", "其他资金", "总额", "财政拨款", "其他资金", ""],
        ["任务1", "完成", "1200", "1000", "200", "1100", "950", "150", "91.67%"],
    ]  # fmt: skip
    form = one([["部门整体支出绩效自评表（2022年度）"], ["单位名称", "某局"], *rows, TITLES, OUTPUT, EFFECT, ["总分", "", "", "", "", "100", "97.8", ""]])
    assert funds(form, "label", "budget", "executed", "rate") == [("任务1", "1200", "1100", "91.67")]


def test_a_page_without_rules_is_recognised_weakly() -> None:
    """Columns told by the place of words in a PDF are a guess, however well they fit; a text export is not."""
    rows = grid([[str(entry[0] if isinstance(entry, tuple) else entry) for entry in row] for row in [*NAMES, TITLES, OUTPUT, EFFECT]], ragged=True)
    paged = replace(document(rows), source=Source("form.pdf", "0" * 64, "pdf"))
    (form,) = recognise(paged)
    assert form.recognition == "weak" and any("没有框线" in cue for cue in form.cues)
    assert not any("没有框线" in cue for cue in recognise(document(rows))[0].cues)


def test_goal_and_result_in_a_line_that_lost_its_label_are_put_under_their_titles() -> None:
    """Below 年度总体目标 | 预期目标 | 实际完成情况 a line of two texts is goal and result: neither is taken for the other, and it is said."""
    goals: Rows = [["年度总体目标", "预期目标", "实际完成情况"], ["完成甲", "甲已完成"]]
    filed = [[str(entry[0] if isinstance(entry, tuple) else entry) for entry in row] for row in [*NAMES, *goals, TITLES, OUTPUT, EFFECT]]
    (form,) = recognise(document(grid([list(row) for row in filed], ragged=True)))
    assert (form.header["goal_planned"], form.header["goal_actual"]) == ("完成甲", "甲已完成")
    assert any("预期目标←第1格，目标完成情况←第2格" in repair for repair in form.repairs)
    one_text = [row if row[0] != "完成甲" else ["完成甲"] for row in filed]
    (form,) = recognise(document(grid([list(row) for row in one_text], ragged=True)))
    assert (form.header.get("goal_planned"), form.header.get("goal_actual")) == (None, None)


def test_a_target_beside_a_column_whose_title_is_unread_may_be_a_part() -> None:
    """≥ | 95 | %: where the title of one of the columns cannot be read the target is null, not what is left of it."""
    split: Rows = [
        ["一级指标", "二级指标", "三级指标", "指标性", "指标值", "度量单位", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", "甲", "≥", "95", "%", "96%", "50", "50"], ["效益指标", "社会效益指标", "乙", "", "好", "", "好", "40", "38"],
    ]  # fmt: skip
    filed = grid([[("项目支出绩效自评表", 9)], [("（2022年度）", 9)], ["项目名称", ("甲项目", 8)], *split, [("总分", 7), "90", "88"]])
    cut = replace(filed, cells=tuple(replace(cell, unread="截去") if cell.text == "指标性" else cell for cell in filed.cells))
    (form,) = recognise(document(cut))
    assert column(form, "target") == [None, "好"]
    assert form.places[("indicators", 1, "target")].unread == "截去"


def test_a_budget_label_that_cannot_be_read_names_no_line() -> None:
    """A title beside its amount that was cut off is null with its reason, not the part that is left of it."""
    pairs: Rows = [["年初预算金额（元", ("520000", 3), "实际支出金额（元）", ("498765", 3)]]
    filed = grid([*NAMES, *pairs, TITLES, OUTPUT, EFFECT, TOTAL])
    cut = replace(filed, cells=tuple(replace(cell, unread="截去") if cell.text == "年初预算金额（元" else cell for cell in filed.cells))
    (form,) = recognise(document(cut))
    assert funds(form, "label", "initial") == [(None, "520000")]
    assert form.places[("budget_lines", 1, "label")].unread == "截去"


def test_a_row_whose_name_is_unread_counts_neither_as_an_indicator_nor_as_a_total() -> None:
    """A label over all levels that cannot be read may be 总分: the figures beside it stay unread, so that no sum takes them."""
    filed = grid([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, [("标\n总分", 5), "100", "97.8", ""]])
    crossed = replace(filed, cells=tuple(replace(cell, unread="文字越过表格线") if cell.text == "标\n总分" else cell for cell in filed.cells))
    (form,) = recognise(document(crossed))
    assert column(form, "weight") == [50, 40, None] and column(form, "score") == [50, 38, None]
    assert form.places["indicators", 3, "weight"].unread and form.places["indicators", 3, "score"].unread
    assert "total_score" not in form.header and sum("分不清是指标还是合计" in said for said in form.unread) == 2


def test_one_cell_over_name_and_score_is_no_indicator() -> None:
    """A text over the whole row names no indicator; it is said to be unread."""
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, [("加强管理", 8)], EFFECT, TOTAL])
    assert column(form, "name") == ["甲", "乙"] and any("加强管理" in said for said in form.unread)


def test_columns_that_hold_nothing_to_check_are_named_when_filled() -> None:
    """指标解释 beside the indicators and 调整数 among the funds are no columns of the form's own; what stands there is told once."""
    adjusted: Rows = [[*FUNDS[0][:2], "年初预算数", "调整数", *FUNDS[0][3:]], ["年度资金总额：", "10", "0.5", "10.5", "10.3", "10", "98.1%", "9.8"]]
    marked = one([*NAMES, *adjusted, [*TITLES, "指标解释", "序号"], [*OUTPUT, "按月统计", "1"], [*EFFECT, "按年统计", "2"], TOTAL])
    assert [said for said in marked.unread if "列有内容" in said] == ["“调整数”列有内容，不属于自评表要核对的栏，未读", "“指标解释”列有内容，不属于自评表要核对的栏，未读"]
    assert one([*NAMES, *FUNDS, [*TITLES, "指标解释"], [*OUTPUT, ""], [*EFFECT, "—"], TOTAL]).unread == ()


def test_an_amount_under_a_title_that_is_not_understood_is_unread_and_not_blank() -> None:
    """Where the execution has no column of its own and a figure stands under 实拨金额, it may be the execution."""
    form = one([*NAMES, ["项目资金（万元）", "年初预算数", "全年预算数", "实拨金额", "执行率"], ["年度资金总额", "10", "10", "9.8", "98%"], TITLES, OUTPUT])
    assert "executed" not in form.budget_lines[0] and form.places[("budget_lines", 1, "executed")].unread
    whole = one([*NAMES, ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "实拨金额"], ["年度资金总额", "10", "10", "9.8", "9.9"], TITLES, OUTPUT])
    assert ("budget_lines", 1, "rate") not in whole.places


@pytest.mark.parametrize(("titles", "fields"), [(["完成值（上半年）", "完成值（全年）"], ("actual",)), (["学校得分", "主管局得分"], ("score", "total_score"))])
def test_values_that_two_columns_claim_are_unread_and_not_blank(titles: list[str], fields: tuple[str, ...]) -> None:
    """Two filled columns of one kind are read from neither: each row says so, and so does the total."""
    head: list[Entry] = ["三级指标", "年度指标值", *(titles if "actual" in fields else ["实际完成值"]), "分值", *(["得分"] if "actual" in fields else titles)]
    row: list[Entry] = ["甲", "9个", *(["4个", "8个"] if "actual" in fields else ["8个"]), "90", *(["80"] if "actual" in fields else ["80", "78"])]
    total: list[Entry] = ["总分", "", *["" for _ in (titles if "actual" in fields else [""])], "90", *(["80"] if "actual" in fields else ["80", "78"])]
    form = one([*NAMES, *FUNDS, head, row, total])
    assert fields[0] not in form.indicators[0] and form.places[("indicators", 1, fields[0])].unread
    assert all(name not in form.header and form.places[("forms", 1, name)].unread for name in fields[1:])


def test_a_total_row_whose_cells_have_moved_is_unread() -> None:
    """100 under the results and the score under the weights: neither is read, and the total is not taken for blank."""
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, [("总分", 4), "100", "97.8", "", ""]])
    assert "total_weight" not in form.header and "total_score" not in form.header
    assert all(form.places[("forms", 1, name)].unread for name in ("total_weight", "total_score"))
    assert any("合计行的数字" in said for said in form.unread)


def test_the_money_of_one_source_beside_figures_nobody_knows_is_no_budget() -> None:
    """上级下达 beside 本级安排 and 资金合计 may be a part of the budget only: no figure is taken, all are told."""
    form = one([["资金（万元）", "上级下达", "本级安排", "资金合计", "实际支出", "执行率"], ["彩票公益金", "60", "30", "90", "85.5", "95%"]])
    assert funds(form, "label", "budget", "executed", "rate") == [("彩票公益金", None, "85.5", "95")]
    assert all(any(f"“{figure}”" in text for text in form.unread) for figure in ("60", "30", "90"))


def test_a_word_of_the_budget_beside_a_sum_nobody_knows_is_no_budget() -> None:
    """本年下达 before 小计 may be a part of it; right of the execution such a figure says nothing about the budget."""
    title, row = ["资金（万元）", "本年下达", "小计", "实际支出", "执行率"], ["衔接资金", "88", "100", "96", "96%"]
    assert funds(one([title, row]), "budget", "executed", "rate") == [(None, "96", "96")]
    order = [0, 1, 3, 4, 2]
    assert funds(one([[title[at] for at in order], [row[at] for at in order]]), "budget", "executed", "rate") == [("88", "96", "96")]


def test_a_rate_in_the_fifth_row_of_figures_beside_their_labels() -> None:
    """Labels of amounts one below the other are read as long as they go on."""
    form = one([["年初批复数（万元）", "60"], ["追加数", "5"], ["追减数", "-10"], ["调整后预算数", "55"], ["实际支出数", "53.9"], ["执行率", "98%"]])
    assert funds(form, "initial", "budget", "executed", "rate") == [("60", "55", "53.9", "98")]


def test_the_same_titles_below_two_sources_are_no_stages_of_one_budget() -> None:
    """预算 below 中央补助 and below 地方资金: neither is the year's budget or its earlier stage."""
    form = one([[("资金（万元）", 1, 2), ("中央补助", 2), ("地方资金", 2)], ["预算", "支出", "预算", "支出"], ["造林", "300", "300", "100", "90"]])
    flat = one([["资金（万元）", "中央补助", "", "地方资金", ""], ["", "预算", "支出", "预算", "支出"], ["造林", "300", "300", "100", "90"]])
    for made in (form, flat):
        assert not any(row.get(name) for row in made.budget_lines for name in ("initial", "budget", "executed"))
        assert made.unread


def test_titles_that_end_with_the_second_row_of_a_heading() -> None:
    """执行率 and 得分 beside titles of two rows are columns of the lower row too."""
    form = one([[("资金（万元）", 1, 2), ("可用资金", 2), ("支出", 2), ("执行率", 1, 2), ("得分", 1, 2)], ["上年结转", "预算数", "结转支出", "支出合计"], ["衔接资金", "12", "100", "12", "96", "96%", "9.6"]])
    assert funds(form, "budget", "executed", "rate", "score")[-1] == ("100", "96", "96", "9.6")


def test_first_levels_run_together_are_no_level() -> None:
    """A lost rule makes one label of two (效益指标满意度指标): the rows have no first level, and it is told; one name is one level."""
    both: list[Entry] = [("效益指标满意度指标", 1, 2), "社会效益指标", "乙", "好", "好", "40", "38", "效果不足"]
    form = one([*NAMES, *FUNDS, TITLES, OUTPUT, both, ["服务对象满意度指标", "丙", "≥90%", "95%", "10", "10", ""], TOTAL])
    assert column(form, "level1") == ["产出指标", None, None]
    assert any("“效益指标满意度指标”写了几项，分不开" in told for told in form.unread)
    assert column(one([*NAMES, *FUNDS, TITLES, OUTPUT, EFFECT, TOTAL]), "level1") == ["产出指标", "效益指标"]

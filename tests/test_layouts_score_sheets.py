"""Score sheets of whole departments, numbered columns, budgets with one column, columns that hold two values."""

from __future__ import annotations

import pytest
from layout_grids import Entry, Rows, document, grid, lines, one_form, rows_of

from checker.errors import LayoutError
from checker.findings.build import location
from checker.layouts import recognise
from checker.layouts.blocks import is_title
from checker.layouts.levels import is_numbering
from checker.layouts.table import lay_out
from checker.model import Form

HEADING: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROW: list[Entry] = ["产出指标", "数量指标", "修缮站房", "≥6座", "6座", "90", "90", ""]
TITLE = ("某县2019年部门整体支出绩效评价得分表",)


def sheet(names: tuple[tuple[str, str, str, str], ...], bracket: str) -> Rows:
    """Return a score sheet whose weights stand behind the names only."""
    shown = [[text.replace("(", bracket[0]).replace(")", bracket[1]) for text in row] for row in names]
    return [["一级指标", "二级指标", "三级指标", "得分"], *[list[Entry](row) for row in shown], [("合计", 3), "17"]]


@pytest.mark.parametrize("unit", ["分", ""])
@pytest.mark.parametrize("bracket", ["（）", "()"])
def test_weights_behind_the_names(unit: str, bracket: str) -> None:
    """Without a column of weights those behind the names are taken; an only indicator below a level 2 has the points of that."""
    rows = (
        *((f"决策(10{unit})", f"目标(10{unit})", f"{name}(5{unit})", score) for name, score in (("依据充分", "5"), ("指标明确", "4"))),
        (f"管理(5{unit})", f"公开(5{unit})", f"决算公开(5{unit})", "4"), (f"管理(5{unit})", f"公开(5{unit})", f"绩效公开(5{unit})", "0"), (f"绩效(4{unit})", f"成效(4{unit})", "本部门指标", "4"),
    )  # fmt: skip
    form = one_form(sheet(rows, bracket), TITLE)
    assert rows_of(form, "level1", "level1_weight", "level2", "name", "weight", "score") == [
        ("决策", "10", "目标", "依据充分", "5", "5"), ("决策", "10", "目标", "指标明确", "5", "4"),
        ("管理", "5", "公开", "决算公开", "5", "4"), ("管理", "5", "公开", "绩效公开", "5", "0"), ("绩效", "4", "成效", "本部门指标", "4", "4"),
    ]  # fmt: skip
    assert (form.header["form_type"], form.header["fiscal_year"], str(form.header["total_score"])) == ("department", 2019, "17")
    assert "weights" not in form.not_applicable and "targets" in form.not_applicable


def test_names_without_points_are_no_score_sheet() -> None:
    """Levels, names and one column of scores alone are not enough: such tables sum up other forms."""
    with pytest.raises(LayoutError):
        recognise(document(grid([["一级指标", "二级指标", "三级指标", "得分"], *[["决策", "目标", f"第{n}项", "5"] for n in range(5)]], before=TITLE)))


def test_a_column_of_weights_stands_before_points_in_names() -> None:
    """Where a column gives the weights, brackets behind names stay part of the names."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "分值", "得分"], *[["决策", "目标", f"第{n}项（3分）", "5", "5"] for n in range(4)]]
    assert {row[:2] for row in rows_of(one_form(rows, TITLE), "weight", "score")} == {("5", "5")}
    assert rows_of(one_form(rows, TITLE), "name")[0] == ("第0项（3分）",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("部门整体支出绩效评价指标评分表", True), ("项目绩效评价指标体系表", True), ("林业资金绩效评价表", True), ("部门整体支出绩效评价基础数据表", False), ("绩效评价指标评分表及报告", False)],
)
def test_titles_of_score_sheets(text: str, expected: bool) -> None:
    """A sheet of scores names a form by its own words; tables of base data do not."""
    assert is_title(text) is expected


def numbered(label: str) -> Rows:
    return [
        ["项目名称", ("林草资金", 8)],
        ["资金投入情况（万元）", "行次", "全年预算数（A）", "统筹整合资金数（B）", "扣除统筹整合资金后预算金额（C）", "全年到位资金（D）", "预算到位（D/C×100%）", "全年执行资金（E）", "预算执行（E/C×100%）"],
        [label, "0", "1", "2", "3", "4", "5", "6", "7"],
        ["年度资金总额", "1", "60.50", "7.50", "53.00", "53.00", "100.00%", "26.50", "50.00%"],
        ["其中：中央财政资金", "2", "60.50", "7.50", "53.00", "53.00", "100.00%", "26.50", "50.00%"],
        [*HEADING, ""], [*ROW, ""],
    ]  # fmt: skip


def test_a_row_that_numbers_the_columns_is_no_fund() -> None:
    """列次 | 0 | 1 …: no amounts; the budget is that after what was taken off, the rate is what is divided by it."""
    form = one_form(numbered("列次"), ("林草资金绩效自评表",))
    assert lines(form, "label", "initial", "budget", "executed", "rate") == [("年度资金总额", None, "53.00", "26.50", "50.00"), ("中央财政资金", None, "53.00", "26.50", "50.00")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [(["列次", "0", "1", "2", "材料"], True), (["栏次", "1", "2"], False), (["合计", "0", "1", "2", "3"], False), (["", "0", "1", "2", "3"], True), (["列次", "0", "2", "3", ""], False)],
)
def test_rows_of_numbers(row: list[Entry], expected: bool) -> None:
    """Columns are numbered one after the other; other words beside the numbers only in a row that says so."""
    assert is_numbering(lay_out(grid([row])), 0) is expected


def one_column(title: str, more: tuple[str, str] | None = None) -> Form:
    heading: list[Entry] = ["部门资金（万元）", title, *more[:1], "全年执行数"] if more else ["部门资金（万元）", title, "全年执行数"]
    total: list[Entry] = ["年度资金总额", "80", *more[1:], "76"] if more else ["年度资金总额", "80", "76"]
    wide = 8 - len(heading)
    return one_form([["部门名称", ("某局", 7)], [*heading[:-1], (str(heading[-1]), wide + 1)], [*total[:-1], (str(total[-1]), wide + 1)], HEADING, ROW], ("部门整体支出绩效自评表（2022年度）",))


def test_the_only_budget_is_that_of_the_year_s_beginning() -> None:
    """Where a form has 年初预算数 alone, execution is measured by it, and this is told; with another column it is not."""
    form = one_column("年初预算数（A）")
    assert lines(form, "initial", "budget", "executed") == [("80", "80", "76")]
    assert "adjusted" in form.not_applicable and any("只有年初预算数" in said for said in form.repairs)
    for more in (("追加数", "5"), ("未知列", "5")):
        assert lines(one_column("年初预算数", more), "initial", "budget", "executed") == [("80", None, "76")]
    both = one_column("年初预算数", ("全年预算数", "85"))
    assert lines(both, "initial", "budget") == [("80", "85")] and "adjusted" not in both.not_applicable


def test_a_column_that_holds_target_and_result() -> None:
    """指标值及完成情况: both are filled and undecided, so no rule may call them blank."""
    form = one_form([["一级指标", "二级指标", "指标内容", "指标值及完成情况", "分值", "得分"], ["产出指标", "数量指标", "开展演出", "12场", "90", "90"]], ("项目支出绩效自评表（2021年度）",))
    assert rows_of(form, "target", "actual") == [(None, None)]
    assert all("写在一起" in str(form.places[("indicators", 1, name)].unread) for name in ("target", "actual"))


def test_what_stands_beside_a_signature_is_no_unit() -> None:
    """姓名 | 单位 | 签字 heads a list of people: 签字 is no name of a unit."""
    form = one_form([["姓名", "职务/职称", "单位", "签字", ("", 4)], ["王某", "会计", "某中心", "", ("", 4)], HEADING, ROW], ("项目支出绩效自评表（2021年度）",))
    assert form.header.get("unit_name") is None


def test_a_blank_column_has_the_place_of_its_row() -> None:
    """A missing reason is shown at the line of its indicator also where no line has one."""
    blank: Rows = [HEADING, ["产出指标", "数量指标", "修缮站房", "≥6座", "5座", "50", "40"], ["", "", "清淤沟渠", "≥3条", "2条", "50", "40"]]
    form = one_form(blank, ("项目支出绩效自评表（2021年度）",))
    assert location(form, ("indicators", 2, "reason"), "primary").locator.cell == "C3"
    filled = one_form([*blank[:2], ["", "", "清淤沟渠", "≥3条", "2条", "50", "40", "雨季停工"]], ("项目支出绩效自评表（2021年度）",))
    assert location(filled, ("indicators", 1, "reason"), "primary").locator.cell == "H2"


@pytest.mark.parametrize(("title", "known"), [("项目支出绩效目标申报表", True), ("绩效目标表（2022年度）", True), ("部门预算绩效运行监控表", True), ("关于填报绩效目标表的通知", False)])
def test_the_title_of_a_form_that_is_no_self_evaluation(title: str, known: bool) -> None:
    """A form of targets or monitoring keeps its title, so that it is told; a self-evaluation's own title stands before it."""
    rows: Rows = [["一级指标", "二级指标", "三级指标", "指标值"], ["产出指标", "数量指标", "硬化里程", "≥12公里"]]
    assert one_form(rows, (title,)).header.get("title") == (title if known else None)
    assert one_form(rows, ("项目支出绩效自评表", title)).header["title"] == "项目支出绩效自评表"


@pytest.mark.parametrize("sign", ["﹦", "═", "≧", "﹥"])
def test_operators_of_other_code_blocks(sign: str) -> None:
    """A sign of comparison that a form takes from elsewhere in Unicode stays with its target."""
    heading: list[Entry] = ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值", "分值", "得分"]
    form = one_form([heading, ["产出指标", "质量指标", "验收合格率", sign, "98", "%", "99", "90", "90"]], ("项目支出绩效自评表（2020年度）",))
    assert rows_of(form, "target") == [(f"{sign}98%",)]


@pytest.mark.parametrize("title", ["评分标准", "指标解释及评分标准", "计分方法", "评分细则（100分）"])
def test_what_the_rows_are_scored_by_is_kept(title: str) -> None:
    """The form's own criteria stand beside each row; a column that only explains the names is told as unread."""
    form = one_form([[*HEADING, title], [*ROW, "每少1座扣5分"], [*ROW[:2], "站房合格率", "100%", "99%", "10", "9", "返修", "—"]], TITLE)
    assert rows_of(form, "criterion") == [("每少1座扣5分",), (None,)] and not any("列有内容" in text for text in form.unread)
    explained = one_form([[*HEADING, "指标解释"], [*ROW, "按座统计"]], TITLE)
    assert rows_of(explained, "criterion") == [(None,)] and any("指标解释" in text for text in explained.unread)


def test_a_year_behind_the_name_of_a_unit() -> None:
    """单位名称：某局    2020年度 in one line, its spaces lost: the year is no part of the name."""
    form = one_form([HEADING, ROW], ("部门整体支出绩效自评表", "单位名称：某县统计局 （2020年度）"))
    assert (form.header["unit_name"], form.header["fiscal_year"]) == ("某县统计局", 2020)
    assert one_form([HEADING, ROW], ("部门整体支出绩效自评表", "单位名称：2020年度普查中心")).header["unit_name"] == "2020年度普查中心"


def test_a_year_behind_the_name_of_a_project() -> None:
    """It tells the project from that of another year, and a date ends with it: nothing is taken off."""
    form = one_form([HEADING, ROW], ("项目支出绩效自评表", "项目名称：农田水利工程 2020年度", "填报日期：三月 2021年"))
    assert (form.header["project_name"], form.header["filled_on"]) == ("农田水利工程 2020年度", "三月 2021年")


def test_a_score_sheet_annexed_to_the_report_of_a_project() -> None:
    """The cover of a report names the project of the score sheet behind it; a sheet of a whole department takes none."""
    cover = ("财政支出项目绩效评价自评报告", "项目名称：场馆运行经费", "项目单位：某文旅局")
    rows: Rows = [["一级指标", "二级指标", "三级指标", "分值", "评分标准", "得分"], ["项目决策", "目标", "目标明确", "100", "明确得满分", "96"]]
    for title, project in (("项目支出绩效评价指标评分表", "场馆运行经费"), ("部门整体支出绩效评价指标评分表", None)):
        forms = recognise(document(grid([HEADING, ROW, [("总分", 5), "90", "90", ""]], before=cover), grid(rows, before=(title,))))
        assert forms[-1].header.get("project_name") == project

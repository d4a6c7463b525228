"""Forms of further provinces by their published layouts, whole: every figure where it belongs, nothing left."""

from __future__ import annotations

from layout_grids import Entry, Rows, document, grid, lines, one_form, rows_of

from checker.layouts import recognise
from checker.model import Form


def one(rows: Rows, before: tuple[str, ...] = ()) -> Form:
    return one_form(rows, before)


def test_tasks_with_their_money() -> None:
    """Shaanxi and others: yearly tasks are budget lines, 预算数 and 执行数 each over 总额 and its sources."""
    form = one([
        [("部门（单位）名称", 2), ("某省文物局", 10)],
        [("年度主要任务", 1, 5), ("任务名称", 1, 2), ("主要内容", 1, 2), ("完成情况", 1, 2), ("预算数（万元）", 3), ("执行数（万元）", 3), ("分值", 1, 2), ("执行率", 1, 2)],
        ["总额", "财政拨款", "其他资金", "总额", "财政拨款", "其他资金"],
        ["任务1", "文物保护", "完成", "1200", "1000", "200", "1100", "950", "150", "", ""],
        ["任务2", "考古发掘", "完成", "800", "800", "0", "780", "780", "0", "", ""],
        [("金额合计", 3), "2000", "1800", "200", "1880", "1730", "150", "10", "94.00%"],
        [("年度总体目标完成情况", 1, 2), ("预期目标", 5), ("目标实际完成情况", 6)],
        [("目标1：文物安全", 5), ("文物安全", 6)],
        [("年度绩效指标", 1, 3), "一级指标", "二级指标", ("三级指标", 2), ("年度指标值", 2), ("实际完成值", 2), "分值", "得分", "偏差原因"],
        ["产出指标\n（50分）", "数量指标", ("考古发掘面积", 2), ("≥5000平方米", 2), ("5200平方米", 2), "50", "50", ""],
        ["效益指标\n（40分）", "社会效益指标", ("文物影响力", 2), ("提升", 2), ("提升", 2), "40", "39", "宣传不够"],
        [("总分", 9), "100", "98.4", ""],
    ], ("2022年省级部门整体支出绩效自评表",))  # fmt: skip
    assert lines(form, "label", "role", "budget", "executed", "rate", "weight") == [
        ("任务1", "part", "1200", "1100", None, None), ("任务2", "part", "800", "780", None, None), ("金额合计", "total", "2000", "1880", "94.00", "10"),
    ]  # fmt: skip
    assert rows_of(form, "level1", "level1_weight", "name", "weight", "score") == [
        ("产出指标", "50", "考古发掘面积", "50", "50"), ("效益指标", "40", "文物影响力", "40", "39"),
    ]  # fmt: skip
    assert (form.header["form_type"], form.header["unit_name"], form.header["goal_actual"]) == ("department", "某省文物局", "文物安全")


def test_a_weight_column_for_every_level() -> None:
    """Guangdong: 评价指标 over three levels, each with its 权重; standards and remarks are no values."""
    form = one([
        [("评价指标", 6), ("指标说明", 1, 2), ("评分标准", 1, 2), ("自评分", 1, 2), ("扣分原因", 1, 2)],
        ["一级指标", "权重（%）", "二级指标", "权重（%）", "三级指标", "权重（%）"],
        [("履职效能", 1, 2), ("50", 1, 2), ("整体效能", 1, 2), ("50", 1, 2), "产出指标完成情况", "25", "说明甲", "按完成率计分", "24", "一项未完成"],
        ["效益指标完成情况", "25", "说明乙", "按完成率计分", "25", ""],
        ["管理效率", "50", "预算执行", "50", "预算编制约束性", "50", "说明丙", "按比例", "49.2", "年中追加"],
        ["合计", "100", "", "100", "", "100", "", "", "98.2", ""],
    ], ("2022年省级部门整体支出绩效自评指标评分表", "部门名称：某省博物馆"))  # fmt: skip
    assert rows_of(form, "level1", "level1_weight", "level2", "name", "weight", "score", "reason") == [
        ("履职效能", "50", "整体效能", "产出指标完成情况", "25", "24", "一项未完成"), ("履职效能", "50", "整体效能", "效益指标完成情况", "25", "25", None),
        ("管理效率", "50", "预算执行", "预算编制约束性", "50", "49.2", "年中追加"),
    ]  # fmt: skip
    assert {"targets", "actuals"} <= set(form.not_applicable)
    assert (form.header["form_type"], form.header["unit_name"], str(form.header["total_score"])) == ("department", "某省博物馆", "98.2")


def test_amounts_beside_their_titles_and_a_rate_of_completion() -> None:
    """Zhejiang: amounts in yuan beside their titles, the target in three columns, 完成率 is worked out and not read."""
    form = one([
        ["项目名称", ("社区矫正经费", 4), "预算单位", ("某区司法局", 4)],
        ["年初预算金额（元）", ("520000", 2), "调整后预算金额（元）", "500000", "实际支出金额（元）", "498,765.43", "预算执行率", ("99.75%", 2)],
        ["一级指标", "二级指标", "三级指标", "指标方向", "目标值", "计量单位", "实际完成值", "完成率", "权重", "得分"],
        [("产出指标", 1, 2), "数量指标", "矫正对象人数", "≥", "120", "人", "131", "109.17%", "60", "60"],
        ["时效指标", "报到及时率", "≥", "100", "%", "100", "100%", "30", "30"],
        [("预算执行", 2), "预算执行率", "≥", "100", "%", "99.75", "99.75%", "10", "9.98"],
        [("自评总分", 8), "100", "99.98"],
    ], ("某市2023年度部门项目支出绩效自评结果表",))  # fmt: skip
    assert lines(form, "initial", "budget", "executed", "rate") == [("520000", "500000", "498765.43", "99.75")]
    assert rows_of(form, "level2", "name", "target", "actual", "weight", "score") == [
        ("数量指标", "矫正对象人数", "≥120人", "131", "60", "60"), ("时效指标", "报到及时率", "≥100%", "100", "30", "30"),
        (None, "预算执行率", "≥100%", "99.75", "10", "9.98"),
    ]  # fmt: skip
    assert (form.header["amount_unit"], form.header["implementing_unit"], form.unread) == ("元", "某区司法局", ("“完成率”列有内容，不属于自评表要核对的栏，未读",))


def test_points_before_the_target_and_the_year_before() -> None:
    """Xinjiang: 权重 before the target, 上年完成值 and 完成程度 beside the result, the total spread over the row."""
    form = one([
        ["项目名称", ("乡村道路", 10)],
        [("项目资金（万元）", 1, 3), ("", 3), "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值（10分）", "执行率（B/A)", "得分", ""],
        [("年度资金总额", 3), "120.5", "120.5", "118.9", "10", "98.67%", "9.87", ""], [("其中：当年财政拨款", 3), "120.5", "120.5", "118.9", "—", "—", "—", ""],
        [("年度绩效指标完成情况", 1, 3), "一级指标", "二级指标", "三级指标", "权重", "年度指标值", "上年完成值", "实际完成值", "完成程度", "得分", "偏差原因分析及改进措施"],
        ["产出指标", "数量指标", "修建里程", "60", ">=12公里", "10公里", "12公里", "100%", "60", ""],
        ["满意度指标", "满意度指标", "村民满意度", "30", ">=95%", "94%", "94%", "99%", "29", "一处未完工"],
        [("总分", 4), "100", "", "", "", "", "98.87", ""],
    ], ("项目支出绩效自评表", "（2023年度）"))  # fmt: skip
    assert rows_of(form, "name", "target", "actual", "weight", "score", "reason") == [
        ("修建里程", ">=12公里", "12公里", "60", "60", None), ("村民满意度", ">=95%", "94%", "30", "29", "一处未完工"),
    ]  # fmt: skip
    assert (str(form.header["total_weight"]), str(form.header["total_score"]), form.unread) == ("100", "98.87", ("“上年完成值、完成程度”列有内容，不属于自评表要核对的栏，未读",))
    assert lines(form, "label", "weight", "rate", "score") == [("年度资金总额", "10", "98.67", "9.87"), ("当年财政拨款", None, None, None)]


def test_titles_over_quarters_and_years() -> None:
    """计划 and 完成 below each quarter, or 目标 and 实际 below each year: those of the whole, and of the last, year count."""
    names: list[Entry] = [("一级指标", 1, 2), ("三级指标", 1, 2)]
    quarters = one([
        [*names, ("第一季度", 2), ("第二季度", 2), ("全年", 2), ("分值", 1, 2), ("得分", 1, 2)], ["计划", "完成"] * 3,
        ["产出指标", "发放救助金", "2000", "1990", "2000", "1960", "8000人次", "7900人次", "30", "29.63"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert rows_of(quarters, "name", "target", "actual", "weight", "score") == [("发放救助金", "8000人次", "7900人次", "30", "29.63")]
    years = one([
        [*names, ("2022年", 2), ("2023年", 2), ("分值", 1, 2), ("得分", 1, 2)], ["目标", "实际"] * 2,
        ["产出指标", "培育企业", "25家", "25家", "30家", "32家", "30", "30"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert rows_of(years, "name", "target", "actual") == [("培育企业", "30家", "32家")]
    assert years.unread[0] == "“目标、实际”列有内容，不属于自评表要核对的栏，未读"


def test_results_below_titles_of_which_none_is_the_unit() -> None:
    """完成值 below 东片 and below 西片 is read from neither where they differ; 得分 below 单位自评 is the unit's own."""
    form = one([
        [("一级指标", 1, 2), ("三级指标", 1, 2), ("年度指标值", 1, 2), ("东片", 1), ("西片", 1), ("分值", 1, 2), ("单位自评", 2), ("学校评价", 2)],
        ["完成值", "完成值", "得分", "说明", "得分", "说明"],
        ["产出指标", "修建道路", "30公里", "14公里", "16公里", "50", "50", "", "45", ""],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert rows_of(form, "name", "score") == [("修建道路", "50")]
    wide = one([
        [("一级指标", 1, 2), ("三级指标", 1, 2), ("年度指标值", 1, 2), ("东片", 2), ("西片", 2), ("分值", 1, 2), ("得分", 1, 2)],
        ["完成值", "完成率", "完成值", "完成率"],
        ["产出指标", "修建道路", "30公里", "14公里", "93%", "16公里", "107%", "50", "50"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert wide.indicators[0].get("actual") is None
    assert (place := wide.places["indicators", 1, "actual"]).unread is not None and "都可能" in place.unread, wide.places


def test_a_form_that_goes_on_below_its_title_said_again() -> None:
    """…自评表（续） begins no form: its heading is repeated, page numbers are no levels, and blank levels go on."""
    heading: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    form = one([
        [("某局2023年度项目支出绩效自评表", 7)], ["项目名称", ("河湖管护", 6)], heading,
        ["产出指标", "数量指标", "巡查河道", "480公里", "492公里", "50", "50"], ["— 1 —"], [("某局项目支出绩效自评表（续）", 7)], heading,
        ["", "质量指标", "履职率", "100%", "98%", "40", "39.2"], ["第2页"], [("总分", 5), "90", "89.2"],
    ])  # fmt: skip
    assert rows_of(form, "level1", "level2", "name") == [("产出指标", "数量指标", "巡查河道"), ("产出指标", "质量指标", "履职率")]
    assert (form.header["title"], str(form.header["total_score"])) == ("某局2023年度项目支出绩效自评表", "89.2")


def test_budget_headings_over_sources() -> None:
    """预算数 over 中央, 县级, 合计 gives the sum and tells the parts; without a sum neither part is taken for it."""
    def form(*parts: str) -> Form:
        head: list[Entry] = [("资金（万元）", 1, 3), ("全年预算数", len(parts)), ("全年执行数", len(parts)), ("执行率", 1, 2)]
        figures = ["300", "120", "420"][: len(parts)] + ["300", "114", "414"][: len(parts)]
        return one([["项目名称", ("医共体", 2 * len(parts) + 1)], head, [*parts, *parts], [*figures, "98.57%"],
            ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "派驻医师", "60人", "63人", "90", "90"]], ("2022年度财政支出绩效自评表",))  # fmt: skip

    summed = form("中央", "县级", "合计")
    assert lines(summed, "budget", "executed") == [("420", "414")]
    assert summed.unread[0] == "“中央、县级”列有内容，不属于自评表要核对的栏，未读"
    parts = form("中央", "县级")
    assert lines(parts, "budget", "executed") == [(None, None)]
    assert {place[2] for place, found in parts.places.items() if found.unread} >= {"budget", "executed"}


def test_units_below_the_titles_of_a_budget() -> None:
    """万元 | 万元 | % below the titles of amounts are their units; a mark in the place of a figure names no fund."""
    form = one([
        ["项目名称", ("管网改造", 5)], [("项目", 1, 2), "年初预算数", "全年预算数", "到位数", "全年执行数", "执行率"], ["万元", "万元", "万元", "万元", "%"],
        ["区级财政", "640", "640", "—", "620.8", "97"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "改造管网", "18公里", "18.2公里", "90", "90"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert lines(form, "label", "initial", "budget", "executed", "rate") == [("区级财政", "640", "640", "620.8", "97")]
    assert form.header["amount_unit"] == "万元"


def test_a_row_without_the_cell_of_its_level() -> None:
    """A row one cell short at its end with a name of level 2 under level 1 is read one title to the right, a full one from no title."""
    project: list[Entry] = ["项目名称", ("健身器材", 6)]
    heading: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    first: list[Entry] = ["产出指标", "数量指标", "安装器材", "80套", "80套", "20", "20"]
    slipped = one([project, heading, first, ["时效指标", "安装时间", "10月底前", "10月12日", "30", "29"]], ("2023年度项目支出绩效自评表",))
    assert rows_of(slipped, "level1", "level2", "name", "target", "actual", "weight", "score")[1] == ("产出指标", "时效指标", "安装时间", "10月底前", "10月12日", "30", "29")
    doubtful = one([project, heading, first, ["时效指标", "安装时间", "10月底前", "10月12日", "30", "29", "无"]], ("2023年度项目支出绩效自评表",))
    assert {doubtful.indicators[1].get(name) for name in ("level1", "name", "target", "actual", "weight", "score")} == {None}
    assert sum("多种可能" in told for told in doubtful.unread) >= 4


def test_tasks_as_the_first_level() -> None:
    """The only column of words left of level 2 is level 1, whatever its title; one of figures there is told."""
    form = one([
        ["年度任务", "任务预算（万元）", "二级指标", "三级指标", "指标值", "实际值", "分值", "得分"],
        [("任务一：耕地保护", 1, 2), ("380.00", 1, 2), "数量指标", "补充耕地", "1200亩", "1260亩", "50", "50"], ["质量指标", "耕地等别", "8等", "8等", "40", "40"],
    ], ("2022年度部门整体绩效自评表",))  # fmt: skip
    assert rows_of(form, "level1", "level2") == [("任务一：耕地保护", "数量指标"), ("任务一：耕地保护", "质量指标")]
    assert "“任务预算(万元)”的含义不认识" in form.unread[0]


def test_a_cover_and_tables_without_headings() -> None:
    """The title of a cover counts where the form has none; tables that only go on may be several."""
    heading: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    cover = grid([["项目支出绩效自评表"], ["（2023年度）"], ["填报单位：某市园林绿化中心"]], "封面")
    rows = [grid([["产出指标", "数量指标", f"布置花卉{n}", "62万盆", "63万盆", "30", "30"]], f"表{n}") for n in range(2, 5)]
    (form,) = recognise(document(cover, grid([["项目名称", ("花卉布置", 6)], heading], "表1"), *rows))
    assert (form.header["fiscal_year"], form.header["unit_name"], len(form.indicators)) == (2023, "某市园林绿化中心", 3)
    titled = grid([["项目名称", ("花卉布置", 6)], heading, *[["产出指标", "数量指标", "甲", "1", "1", "90", "90"]]], "表1", ("某区公园2022年度项目支出绩效自评表",))
    (own,) = recognise(document(cover, titled))
    assert (own.header["fiscal_year"], own.header["unit_name"]) == (2022, "某区公园")


def test_figures_right_of_where_their_title_begins() -> None:
    """A title merged over two columns whose figures stand in the second one gives them all the same; one beside a filled column is told."""
    form = one([
        ["项目名称", ("技能竞赛", 9)],
        ["资金（万元）", ("全年预算数", 2), ("全年执行数", 2), ("执行率", 2), ("得分", 2), "备注"], ["财政拨款", "", "60", "", "57", "", "95%", "", "9.5", ""],
        ["一级指标", "三级指标", ("年度指标值", 2), ("实际完成值", 2), ("分值", 2), ("得分", 2)],
        ["产出指标", "参赛人数", "", "≥300人", "", "312人", "", "60", "", "60"], ["效益指标", "就业率", "", "70%", "", "75%", "", "30", "", "30"],
        [("总分", 2), "", "", "", "", "", "100", "", "99.5"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert lines(form, "budget", "executed", "rate", "score") == [("60", "57", "95", "9.5")]
    assert rows_of(form, "target", "actual", "weight", "score") == [("≥300人", "312人", "60", "60"), ("70%", "75%", "30", "30")]
    assert (str(form.header["total_weight"]), str(form.header["total_score"])) == ("100", "99.5")
    beside = one([["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", ("得分", 2)], ["产出指标", "参赛人数", "300人", "312人", "60", "60", "58"]], ("2023年度项目支出绩效自评表",))
    assert beside.unread[0] == "表1!G2：“58”不在认识的列名下，未读"


def test_a_budget_with_what_was_carried_over() -> None:
    """本年预算数 that 预算合计 adds to 上年结转数 is no earlier stage of it; with changes in the year (年中追加) it is."""
    def form(*titles: str) -> Form:
        return one([["资金来源（万元）", *titles, "支出数", "执行率"], ["财政拨款", "80", "20", "100", "100", "100%"],
            ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "参赛人数", "300人", "312人", "90", "90"]], ("2023年度项目支出绩效自评表",))  # fmt: skip

    assert lines(form("本年预算数", "上年结转数", "预算合计"), "initial", "budget", "executed") == [(None, "100", "100")]
    assert lines(form("本年预算数", "年中追加", "预算合计"), "initial", "budget", "executed") == [("80", "100", "100")]


def test_the_rate_beside_a_turned_budget() -> None:
    """Funds as columns: 执行率 beside them is no fund, and belongs to their total."""
    form = one([
        ["项目名称", ("专业群", 5)], ["经费（万元）", "中央财政", "省级财政", "合计", ("执行率", 2)], ["预算数", "500", "300", "800", ("98.75%", 2, 2)], ["支出数", "500", "290", "790"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "参赛人数", "300人", "312人", "90", "90"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert lines(form, "label", "budget", "executed", "rate") == [("中央财政", "500", "500", None), ("省级财政", "300", "290", None), ("合计", "800", "790", "98.75")]


def test_how_columns_are_worked_out() -> None:
    """（1）（2）（3）=（2）/（1） below the titles numbers the columns; 满分：30分 behind a level gives its points."""
    form = one([
        [("预算执行情况（元）", 1, 3), "全年预算", "实际支出", "执行率", ("分值", 1), "得分"], ["（1）", "（2）", "（3）=（2）/（1）", "（4）", "（5）"], ["2,400,000", "2,400,000", "100%", "10", "10"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标\n满分：90分", "完成测绘", "60项", "61项", "90", "90"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert lines(form, "budget", "executed", "rate", "weight", "score") == [("2400000", "2400000", "100", "10", "10")]
    assert rows_of(form, "level1", "level1_weight") == [("产出指标", "90")]


def test_other_years_by_words() -> None:
    """去年完成值 and 明年目标 beside 今年目标 and 今年完成值 are left out and told."""
    form = one([["一级指标", "三级指标", "今年目标", "去年完成值", "今年完成值", "明年目标", "分值", "得分"], ["产出指标", "绿化面积", "12万", "11万", "12.4万", "13万", "90", "90"]], ("2023年度项目支出绩效自评表",))
    assert rows_of(form, "target", "actual") == [("12万", "12.4万")]
    assert form.unread[0] == "“去年完成值、明年目标”列有内容，不属于自评表要核对的栏，未读"


def test_points_before_and_after_an_adjustment() -> None:
    """调整前 and 调整后 below 分值 are weights: the adjusted ones count, and neither is a target; 计划 and 实际 there are told."""
    for merged in (True, False):
        over: Rows = [[("一级指标", 1, 2), ("三级指标", 1, 2), ("目标值", 1, 2), ("完成值", 1, 2), ("分值", 2), ("得分", 2)], ["调整前", "调整后", "自评", "复评"]]
        flat: Rows = [["一级指标", "三级指标", "目标值", "完成值", "分值", "", "得分", ""], ["", "", "", "", "调整前", "调整后", "自评", "复评"]]
        form = one([*(over if merged else flat), ["产出指标", "修缮面积", "4000平方米", "4100平方米", "40", "45", "44.5", "44"]], ("2023年度项目支出绩效自评表",))
        assert rows_of(form, "target", "actual", "weight", "score") == [("4000平方米", "4100平方米", "45", "44.5")]
    planned = one([[("一级指标", 1, 2), ("三级指标", 1, 2), ("目标值", 1, 2), ("完成值", 1, 2), ("分值", 2), ("得分", 1, 2)], ["计划", "实际"], ["产出指标", "甲", "10个", "11个", "40", "41", "39"]], ("2023年度项目支出绩效自评表",))
    assert rows_of(planned, "target", "actual", "weight", "score") == [("10个", "11个", None, "39")]
    assert planned.unread[0] == "“计划、实际”列有内容，不属于自评表要核对的栏，未读"


def test_amounts_below_one_wider_title() -> None:
    """年初预算数 and 全年预算数 below 预算 are columns of their own beside those that cover both rows."""
    form = one([
        [("资金来源（万元）", 1, 2), ("预算", 2), ("全年执行数", 1, 2), ("执行率", 1, 2), ("得分", 1, 2)], ["年初预算数", "全年预算数"], ["中央财政", "3100", "3200", "3136", "98%", "9.8"],
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "参赛人数", "300人", "312人", "90", "90"],
    ], ("2023年度项目支出绩效自评表",))  # fmt: skip
    assert lines(form, "label", "initial", "budget", "executed", "rate", "score") == [("中央财政", "3100", "3200", "3136", "98", "9.8")]

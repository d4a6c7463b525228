"""Tables that hold the indicators of several projects below one heading are read as one form a project."""

from __future__ import annotations

import pytest
from layout_grids import Rows, document, grid, lines, rows_of
from yardstick import at_most

from checker.layouts import recognise
from checker.model import Form

TITLE = ("2023年度项目支出绩效自评表", "单位名称：甲乡服务中心　　金额单位：万元")
HEADING: Rows = [
    [("序号", 1, 2), ("项目名称", 1, 2), ("项目资金", 3), ("一级指标", 1, 2), ("三级指标", 1, 2), ("年度指标值", 1, 2), ("实际完成值", 1, 2), ("分值", 1, 2), ("得分", 1, 2)],
    ["全年预算数", "全年执行数", "执行率"],
]  # fmt: skip
ROAD: Rows = [
    [("1", 1, 2), ("村道养护", 1, 2), ("48.00", 1, 2), ("45.60", 1, 2), ("95%", 1, 2), "产出指标", "养护里程", "≥12公里", "12公里", "60", "60"],
    ["满意度指标", "村民满意度", "≥90%", "92%", "40", "38"],
]  # fmt: skip
WASTE: Rows = [["2", "环境整治", "30.00", "30.00", "100%", "产出指标", "清运垃圾", "≥800吨", "860吨", "100", "100"]]


def forms(rows: Rows) -> tuple[Form, ...]:
    return recognise(document(grid(rows, before=TITLE)))


def test_every_project_of_a_table_is_a_form() -> None:
    """项目名称 beside the indicators parts them: each project has its own funds, indicators and the head of the table."""
    road, waste = forms([*HEADING, *ROAD, *WASTE])
    assert [form.header["project_name"] for form in (road, waste)] == ["村道养护", "环境整治"]
    assert [lines(form, "budget", "executed", "rate") for form in (road, waste)] == [[("48.00", "45.60", "95")], [("30.00", "30.00", "100")]]
    assert rows_of(road, "level1", "name", "score") == [("产出指标", "养护里程", "60"), ("满意度指标", "村民满意度", "38")]
    assert rows_of(waste, "name", "actual") == [("清运垃圾", "860吨")]
    for form in (road, waste):
        assert form.header["unit_name"] == "甲乡服务中心" and form.header["fiscal_year"] == 2023 and any("2 个项目" in text for text in form.repairs)
    assert road.places["indicators", 1, "name"].locator.cell == "G3" and waste.places["indicators", 1, "score"].locator.cell == "K5"


def test_a_total_of_all_projects_belongs_to_none() -> None:
    """合计 below the last project is told; notes below it stay at the foot."""
    read = forms([*HEADING, *ROAD, *WASTE, ["合计", "", "78.00", "75.60", "96.92%", "", "", "", "", "", ""], [("注：执行率保留两位小数。", 11)]])
    assert [lines(form, "budget") for form in read] == [[("48.00",)], [("30.00",)]]
    assert all(any("合计" in text and "几个项目之和" in text for text in form.unread) for form in read)


@pytest.mark.parametrize("wrong", [
    [["1", "村道养护", "48.00", "45.60", "95%", *ROAD[0][5:]], ["", "", "20.00", "", "", *ROAD[1]]],
    [["1", "村道养护", "48.00", "45.60", "95%", *ROAD[0][5:]], ["2", "村道养护", "20.00", "20.00", "100%", *ROAD[1]]],
])  # fmt: skip
def test_rows_that_do_not_part_by_project_stay_together(wrong: Rows) -> None:
    """A second amount within a project, or a name said again, shows that the column parts nothing clearly."""
    assert len(forms([*HEADING, *wrong])) == 1


def test_many_projects_take_linear_time() -> None:
    """Two hundred projects of ten indicators are parted in time that grows with the rows."""
    several: Rows = [[("1", 1, 10), (f"项目{n}", 1, 10), ("1", 1, 10), ("1", 1, 10), ("100%", 1, 10), "产出指标", "甲", "1", "1", "10", "10"] if i == 0 else ["产出指标", f"指标{i}号", "1", "1", "10", "10"] for n in range(200) for i in range(10)]
    with at_most(20):
        assert len(forms([*HEADING, *several])) == 200


def test_a_score_beside_the_funds_is_that_of_the_form() -> None:
    """自评得分 left of the indicators is no column of the funds, 得分 there is."""
    heading: Rows = [["项目名称", "预算数", "执行数", "自评得分", "一级指标", "三级指标", "指标值", "完成值", "分值", "得分"]]
    read = forms([*heading, ["甲项目", "120", "114", "98.5", "产出指标", "评审", "90个", "96个", "100", "98.5"], ["乙项目", "36", "36", "100", "产出指标", "运维", "9个", "9个", "100", "100"]])
    assert [str(form.header["total_score"]) for form in read] == ["98.5", "100"]
    assert [lines(form, "budget", "executed", "score") for form in read] == [[("120", "114", None)], [("36", "36", None)]]

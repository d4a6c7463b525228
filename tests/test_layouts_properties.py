"""What must hold for every grid: no crash, columns found by title wherever they stand, noise in titles ignored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_grids import Entry, document, grid

from checker.errors import LayoutError
from checker.forms.normalized import from_json, to_json
from checker.layouts import recognise
from checker.layouts.levels import is_placeholder
from checker.model import Cell, Form, Grid, Locator

TITLES = {
    "level1": "一级指标", "level2": "二级指标", "name": "三级指标", "target": "年度指标值", "actual": "实际完成值",
    "weight": "分值", "score": "得分", "reason": "偏差原因分析及改进措施",
}  # fmt: skip
ROWS = (
    ("产出指标", "数量指标", "培训场次", "≥10场", "12场", "30", "30", ""),
    ("产出指标", "质量指标", "合格率", "≥95%", "93%", "20", "18.5", "个别学员缺考"),
    ("效益指标", "社会效益指标", "就业人数", "≥50人", "50人", "30", "30", ""),
    ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "95%", "10", "10", ""),
)
BUDGET: list[list[Entry]] = [
    [("项目支出绩效自评表（2023年度）", 8)],
    ["项目名称", ("培训项目", 7)],
    [("项目资金（万元）", 1, 3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额", "100", "100.00", "98.60", "10", "98.60%", "9.86"],
    ["其中：财政拨款", "100", "100.00", "98.60", "—", "—", "—"],
]


def project(order: list[int], titles: dict[str, str] = TITLES) -> Form:
    names = list(TITLES)
    rows: list[list[Entry]] = [*BUDGET, [titles[names[n]] for n in order]]
    rows += [[row[n] for n in order] for row in ROWS]
    total: list[Entry] = [""] * len(order)
    total[order.index(names.index("weight"))] = "100"
    total[order.index(names.index("score"))] = "98.36"
    total[0 if order[0] not in (5, 6) else next(n for n, item in enumerate(order) if item not in (5, 6))] = "总分"
    (form,) = recognise(document(grid([*rows, total])))
    return form


def content(form: Form) -> tuple[object, ...]:
    return form.budget_lines, form.indicators, form.header.get("total_score"), form.not_applicable


PLAIN = content(project(list(range(8))))


def test_the_plain_form_is_read_as_written() -> None:
    """The form that the properties vary is itself right."""
    budget, indicators, total, absent = PLAIN
    assert total == Decimal("98.36") and absent == ()
    assert [row["score"] for row in indicators] == [Decimal(text) for text in ("30", "18.5", "30", "10")]  # type: ignore[attr-defined]
    assert indicators[1]["reason"] == "个别学员缺考" and budget[0]["executed"] == Decimal("98.60")  # type: ignore[index]


@settings(max_examples=120, deadline=None)
@given(st.permutations(list(range(3, 8))))
def test_columns_are_found_by_title_in_any_order(tail: list[int]) -> None:
    """Target, result, weight, score and reason may stand in any order behind the names."""
    assert content(project([0, 1, 2, *tail])) == PLAIN


NOISE = st.sampled_from(["", " ", "\n", "　", " \n "])
FULL = str.maketrans("ABC()/%0123456789", "ＡＢＣ（）／％０１２３４５６７８９")


@st.composite
def noisy(draw: st.DrawFn, text: str) -> str:
    parts = [char + draw(NOISE) for char in text]
    suffix = draw(st.sampled_from(["", "(A)", "（B）", "(B/A)", "：", ":", "(分)"]))
    made = "".join(parts) + suffix
    return made.translate(FULL) if draw(st.booleans()) else made


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_white_space_and_full_width_in_titles_change_nothing(data: st.DataObject) -> None:
    """Titles match without white space, brackets, colons and whatever their width."""
    titles = {role: data.draw(noisy(text)) for role, text in TITLES.items()}
    assert content(project(list(range(8)), titles)) == PLAIN


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3), st.sampled_from(["weight", "score"]), st.text(max_size=12))
def test_a_number_cell_is_a_number_or_says_why_not(row: int, role: str, text: str) -> None:
    """Whatever stands in a weight or score cell, the value is exact, blank (一 alone is filed as a dash too), or unread with a reason."""
    changed = [list(line) for line in ROWS]
    changed[row][list(TITLES).index(role)] = text
    rows: list[list[Entry]] = [*BUDGET, list(TITLES.values()), *changed]  # type: ignore[list-item]
    (form,) = recognise(document(grid(rows)))
    if len(form.indicators) != 4:
        return
    value = form.indicators[row].get(role)
    place = form.places.get(("indicators", row + 1, role))
    if value is None and any(char.isalnum() for char in text) and text.strip() != "一":
        assert place is not None and place.unread
        assert any(f"{text.strip()[:1]}" in line for line in form.unread)
    if value is not None:
        assert isinstance(value, Decimal)


WORDS = [
    *TITLES.values(), "年初预算数", "全年预算数", "执行数", "执行率", "总分", "合计", "其中：财政拨款", "年度资金总额", "100", "9.5", "—", "/", "1",
    "预期目标", "实际完成情况", "项目支出绩效自评表", "项目名称", "指标1：", "……", "注：1.说明", "产出指标（50分）", "预算数（A）", "5.8万", "小计",
    "按收入性质分：", "一、甲", "1、乙", "其中：丙", "资金来源", "说明", "数量指标 质量指标", "99.18%",
]  # fmt: skip
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.just(""))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    cells = []
    for _ in range(draw(st.integers(0, 40))):
        row, column = draw(st.integers(0, 9)), draw(st.integers(0, 9))
        spans = draw(st.tuples(st.integers(1, 4), st.integers(1, 4))) if draw(st.booleans()) else (1, 1)
        cells.append(Cell(row, column, draw(CELL), Locator("x", line=row + 1, column=column + 1), *spans))
    lines = tuple(Cell(n, 0, text, Locator("x", line=n)) for n, text in enumerate(draw(st.lists(CELL, max_size=3))))
    return Grid("x", tuple(cells), draw(st.booleans()), lines, lines)


@settings(max_examples=400, deadline=None)
@given(st.lists(grids(), max_size=3))
def test_any_grid_gives_forms_or_one_message(found: list[Grid]) -> None:
    """Random grids with the forms' words never crash; what comes out can be written and read back."""
    source = document(*found)
    try:
        forms = recognise(source)
    except LayoutError as fault:
        assert "\n" not in str(fault) and " @ " in str(fault)
        return
    assert len({form.form_id for form in forms}) == len(forms)
    again = from_json(to_json(forms), source.source)
    for form, other in zip(forms, again, strict=True):
        assert other.indicators == form.indicators and other.budget_lines == form.budget_lines
        for row in (*form.indicators, *form.budget_lines):
            assert all(not isinstance(value, float) for value in row.values())


@pytest.mark.parametrize("size", [4_000])
def test_work_grows_with_the_cells(size: int) -> None:
    """A table of many thousand rows is read in seconds, not minutes."""
    rows: list[list[Entry]] = [*BUDGET, list(TITLES.values())]
    rows += [["", "", f"指标甲{n}", "≥1次", "1次", "0.01", "0.01", ""] for n in range(size)]
    (form,) = recognise(document(grid(rows)))
    assert len(form.indicators) == size


EXPORT = (["一级指标", "分值", "二级指标", "三级指标", "年度指标值", "全年完成值", "分值", "得分", "偏差原因分析"],)
LINES = (
    ["产出指标", "50", "数量指标", "残疾人就业培训场次", "≥10场", "达成指标", "20.00", "20.00", ""],
    ["", "", "", "辅助器具适配完成数量", "100%(105件)", "达成指标", "10.00", "9.50", "102件，申请减少"],
    ["", "", "质量指标", "培训合格率", "≥95%", "达成指标", "20.00", "20.00", ""],
    ["效益指标", "30", "社会效益指标", "残疾人办事便捷性", "有提升", "达成指标", "30.00", "30.00", ""],
    ["", "", "", "残疾人文体生活丰富作用", ">=95%以上认为有促进作用", "达成指标", "10.00", "8.00", "人数不足"],
    ["满意度指标", "10", "服务对象满意度指标", "残疾人满意度", ">=85%", "达成指标", "10.00", "10.00", ""],
)


def export(lines: list[list[str]]) -> Form:
    head: list[list[Entry]] = [["部门(单位)整体支出绩效自评表(2023年度)"], *EXPORT]
    (form,) = recognise(document(grid([*head, *lines, ["", "", "", "", "", "", "100", "97.50", ""]], ragged=True)))
    return form


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=6, max_size=6))
def test_moved_rows_come_back_or_are_left_unread(moves: list[tuple[int, bool]]) -> None:
    """Rows whose leading empty cells are lost, with or without their numbers moving along, are never read wrongly."""
    lines = []
    for line, (steps, numbers_stay) in zip(LINES, moves, strict=True):
        empty = next(n for n, text in enumerate(line) if text)
        steps = min(steps, empty)
        end = 6 if numbers_stay else len(line)
        lines.append([*line[steps:end], *[""] * steps, *line[end:]])
    plain, moved = export([list(line) for line in LINES]), export(lines)
    assert len(moved.indicators) == len(plain.indicators)
    for number, (row, other) in enumerate(zip(plain.indicators, moved.indicators, strict=True), 1):
        for field in {*row, *other}:
            if other.get(field) != row.get(field):
                place = moved.places["indicators", number, field]
                assert field not in other and place.unread, (field, row.get(field), other.get(field))
    assert moved.header["shifted_rows"] == sum(a != b for a, b in zip(lines, LINES, strict=True))


def test_cells_of_dots_are_told_apart_from_names_in_linear_time() -> None:
    """A cell of many dots with a letter behind them is no placeholder, and finding that out does not take longer than its length."""
    assert is_placeholder("." * 200)
    assert is_placeholder("…。。…")
    assert not is_placeholder("." * 5_000 + "x")
    assert not is_placeholder("。" * 5_000 + "x")

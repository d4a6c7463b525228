"""The seed's text export: 29 rows moved, one score lost, one cell naming seven indicators."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from checker.layouts import recognise
from checker.model import Form
from checker.readers import read

ROOT = Path(__file__).parent.parent
SEED = ROOT / "sample_forms" / "minhang_dpf_2023.txt"
TWINS = ROOT / "tests" / "corpus" / "forms"


@cache
def form(path: Path = SEED) -> Form:
    (document,) = read(path)
    (found,) = recognise(document)
    return found


def line(number: int) -> int:
    """Return the indicator row (from 1) that stands on a line of the text."""
    return next(row for (table, row, field), place in form().places.items() if table == "indicators" and field == "weight" and place.locator.line == number)


def test_58_indicators_with_100_points_come_out() -> None:
    """Every row is kept and every weight is its own."""
    assert len(form().indicators) == 58
    assert sum(row["weight"] for row in form().indicators) == Decimal("100.00")  # type: ignore[misc]


def test_groups_add_up_after_the_repair() -> None:
    """The rows under each label make the points the form states: 30, 25, 35, 10; 数量 12, 质量 7, 时效 6."""
    sums: dict[object, Decimal] = {}
    for row in form().indicators:
        for key in (row["level1"], (row["level1"], row["level2"])):
            sums[key] = sums.get(key, Decimal(0)) + row["weight"]  # type: ignore[operator]
    assert [sums[name] for name in ("投入管理指标", "产出指标", "效益指标", "满意度指标")] == [30, 25, 35, 10]
    assert [sums["产出指标", name] for name in ("数量指标", "质量指标", "时效指标")] == [12, 7, 6]
    stated = {group["level1"]: group["weight"] for group in form().indicator_groups if group["level"] == 1}
    assert stated == {"投入管理指标": 30, "产出指标": 25, "效益指标": 35, "满意度指标": 10}


def test_the_lost_score_is_null_with_its_reason() -> None:
    """Line 27 keeps its weight 1.00 (not the level's 25); score and reason are unread, not guessed and not blank."""
    row = form().indicators[line(27) - 1]
    assert row["weight"] == Decimal("1.00") and str(row["weight"]) == "1.00"
    assert "score" not in row and "reason" not in row
    for field, name in (("score", "得分"), ("reason", "原因")):
        place = form().places["indicators", line(27), field]
        assert place.unread == f"源文件本行只有 10 格，{name}格丢失" and place.locator.line == 27
    assert form().unread == ("第27行：源文件本行只有 10 格，得分格丢失", "第27行：源文件本行只有 10 格，原因格丢失")
    assert form().header["lost_cells"] == 2


def test_every_moved_row_is_told_with_its_line() -> None:
    """29 repairs name lines 21–48 and 76, and no other line."""
    told = [text for text in form().repairs if "错位" in text]
    assert [int(text[1 : text.index("行")]) for text in told] == [*range(21, 49), 76]
    assert form().header["shifted_rows"] == 29


def test_seven_names_in_one_cell_go_to_seven_rows() -> None:
    """Names and rows are equally many, so they correspond in order; the form's head says so."""
    rows = form().indicators[:7]
    assert [row["level2"] for row in rows] == ["预算编审管理", "预算执行管理", "预算绩效管理", "资产管理", "预算透明度", "内部控制管理", "预算信息化"]
    assert len({row["name"] for row in rows}) == 1 and str(rows[0]["name"]).startswith("根据沪财绩【2022】13号文")
    assert form().header["merged_name_groups"] == "20: 7 / 7"
    assert form().header["merged_name_mismatch"] is False


def test_head_and_budget() -> None:
    """Four lines by source and structure, amounts with their digits, total row without a label."""
    head = form().header
    assert (head["form_type"], head["fiscal_year"], head["unit_name"], head["subordinate_units"]) == (
        "department", 2023, "上海市闵行区残疾人联合会(汇总)", 2,
    )  # fmt: skip
    assert (head["amount_unit"], head["total_weight"], head["total_score"]) == ("元", Decimal(100), Decimal("98.75"))
    lines = [(row["label"], row["role"], str(row["budget"]), str(row["rate"])) for row in form().budget_lines]
    assert lines == [
        ("财政拨款", "source", "57157686.73", "99.18"),
        ("其他资金", "source", "0.00", "0.00"),
        ("基本支出", "structure", "9597603.49", "97.84"),
        ("项目支出", "structure", "47560083.24", "99.45"),
    ]


def test_goal_texts_lose_their_tags_and_nothing_else() -> None:
    """<p> is taken out and told; the text keeps its 987 characters and breaks off where the form does."""
    goal = str(form().header["goal_planned"])
    assert "<" not in goal and len(goal) == 987 and goal.endswith("推进残疾")
    assert any("<p>" in text for text in form().repairs)


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "pdf"])
def test_the_well_made_twin_is_equal(kind: str) -> None:
    """The same form as a well-made document gives the same rows and head, but for what tells of repairs."""
    twin = form(TWINS / kind / f"00_minhang_seed.{kind}")
    assert twin.budget_lines == form().budget_lines
    assert twin.indicators == form().indicators
    assert twin.indicator_groups == form().indicator_groups
    told = {"shifted_rows", "lost_cells", "merged_name_groups", "markup_taken_out"}
    if kind == "pdf":
        told |= {"goal_planned", "goal_actual"}
    assert {k: v for k, v in twin.header.items() if k not in told} == {k: v for k, v in form().header.items() if k not in told}
    assert twin.form_id == form().form_id and twin.not_applicable == form().not_applicable
    assert (twin.header["shifted_rows"], twin.header["lost_cells"]) == (0, 0)


def test_a_form_with_half_its_table_says_what_is_missing(tmp_path: Path) -> None:
    """Cut after the goals: recognition is weak and the missing indicator block is told."""
    half = tmp_path / "half.txt"
    half.write_text("".join(SEED.read_text("utf-8").splitlines(keepends=True)[:16]), "utf-8")
    (document,) = read(half)
    (found,) = recognise(document)
    assert found.recognition == "weak" and not found.indicators
    assert any("没有找到指标部分" in text for text in found.unread)


@pytest.mark.parametrize(("name", "separator"), [("seed.csv", ","), ("seed.txt", "\t")])
def test_a_copy_without_merged_areas_is_equal(name: str, separator: str) -> None:
    """Saved as separated values, merged cells are lost; labels and the one name for seven rows go on as assumed."""
    import csv
    import io

    from checker.readers import read_bytes

    (document,) = read(TWINS / "xlsx" / "00_minhang_seed.xlsx")
    cells = {(cell.row, cell.column): cell.text for cell in document.grids[0].cells}
    height, width = (max(key[n] for key in cells) + 1 for n in (0, 1))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    for row in range(height):
        writer.writerow([cells.get((row, column), "").replace("\n", "") for column in range(width)])
    (flat,) = read_bytes(text.getvalue().encode(), name)
    (copy,) = recognise(flat)
    assert copy.budget_lines == form().budget_lines and copy.indicators == form().indicators
    assert copy.header["total_score"] == Decimal("98.75") and copy.header["unit_name"] == form().header["unit_name"]
    assert sum("沿用" in told for told in copy.repairs) == 6

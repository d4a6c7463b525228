"""Reading columns on the seed form and on small batches."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker import readings
from checker.fields import BY_TABLE, FIELDS, TABLES
from checker.model import Form, Source
from checker.tables.frames import Tables, exact, tables

SEED = json.loads((Path(__file__).parent / "data" / "seed_readings.json").read_text(encoding="utf-8"), parse_float=Decimal)


def _form(header: dict[str, Any], rows: list[dict[str, Any]], name: str = "f", lines: list[dict[str, Any]] | None = None) -> Form:
    def typed(table: str, row: dict[str, Any]) -> dict[str, Any]:
        known = BY_TABLE[table]
        return {k: Decimal(v) if known[k].scaled else v for k, v in row.items() if v is not None and k in known}

    return Form(name, Source(name, "", "json"), typed("forms", header), tuple(typed("budget_lines", r) for r in lines or []), tuple(typed("indicators", r) for r in rows))


def _seed() -> Form:
    return _form(SEED["form"], SEED["indicators"])


@pytest.fixture(scope="module")
def seed() -> Tables:
    return readings.add(tables([_seed()]))


def _column(frame: pl.DataFrame, name: str) -> list[object]:
    values = frame[name].to_list()
    return [exact(v) for v in values] if f"{name}_digits" in frame.columns else values


# row of the table → source line of the seed
LINES = [*range(20, 49), *range(50, 79)]


def _by_line(seed: Tables, name: str) -> dict[int, object]:
    return dict(zip(LINES, _column(seed.indicators, name), strict=True))


def test_every_declared_reading_is_made(seed: Tables) -> None:
    """Each field with a source in checker.fields is a column of its declared type, and nothing else is added."""
    from checker.tables.frames import dtype

    base = tables([_seed()])
    for table in TABLES:
        frame, filled = getattr(seed, table), getattr(base, table)
        declared = {f.name: f for f in FIELDS if f.table == table and f.reading}
        extra = set(frame.columns) - set(filled.columns)
        assert extra == set(declared) | {f"{n}_digits" for n, f in declared.items() if f.scaled}
        assert {n: frame.schema[n] for n in declared} == {n: dtype(table, n)() for n in declared}
        assert frame.height == filled.height


def test_seed_pairs(seed: Tables) -> None:
    """The nine measured rows of the seed compare with their bases; line 33 has two pairs."""
    aim, measured = _by_line(seed, "aim"), _by_line(seed, "measured")
    assert {line: (aim[line], measured[line]) for line in LINES if measured[line] is not None} == {
        28: (3133, 3037), 29: (10, 28), 30: (1712, 1720), 31: (910, 881), 33: (115, 100), 34: (128, 122), 35: (4, 10), 36: (105, 110), 38: (5, 4),
    }  # fmt: skip
    assert (_by_line(seed, "aim_best")[33], _by_line(seed, "measured_best")[33]) == (20, 19)
    assert {line for line, source in _by_line(seed, "actual_source").items() if source} == {28, 29, 30, 31, 33, 34, 35, 36, 38}


@pytest.mark.parametrize(
    ("target", "actual", "missed"),
    [
        ("≥100人", "99人", True), ("≥100人", "100人", False), ("=100人", "101人", False), ("约500户", "450户", False), ("约500户", "449户", True),
        ("500人左右", "480人", False), ("500余户", "499户", True), ("合约100份", "95份", True), ("100-200元", "99元", True), ("100-200元", "200元", False),
        ("100-200元", "201元", True), ("0起", "1起", True), ("≤10天", "11天", True), ("≤10天", "10天", False), ("≥100人", "达成指标", None), ("100-200公顷", "2401亩", None), ("100-200公顷", "2400亩", False), ("10-12分钟", "11分38秒", None), ("有所提升", "有所提升", None),
    ],
)  # fmt: skip
def test_a_missed_target_is_one_reading(target: str, actual: str, missed: bool | None) -> None:
    """Short of it, above one to stay below, outside a range; off an approximate one by more than a tenth; null where nothing compares."""
    made = readings.add(tables([_form({}, [{"name": "事故起数" if target == "0起" else "人数", "level2": "数量指标", "target": target, "actual": actual}])]))
    assert made.indicators["target_missed"].to_list() == [missed]


@pytest.mark.parametrize(
    ("criterion", "graded"),
    [
        ("100%计满分，每低于5%扣2分，扣完为止", True), ("每发生一起扣２分", True), ("达到目标得满分，否则不得分", True), ("完成得10分，未完成得0分", True),
        ("95%以上得满分，其余按比例得分", True), ("完成率×分值，低于60%不得分", True), ("≥90人得满分，其余按比例得分", True), ("90人及以上满分，按比例扣分", True), ("按比例计分，每低1个百分点扣1分", True),
        ("按完成比例计分，满分10分", False), ("完成率×分值，满分10分", False), ("达到100%得满分，不足的按比例扣分", False), ("得分=完成率*10分", False), ("≥100%得10分，不足的按比例得分", False),
        ("行业标准", False), ("计划标准", False), (None, None),
    ],
)  # fmt: skip
def test_a_criterion_that_is_no_proportion_is_one_reading(criterion: str | None, graded: bool | None) -> None:
    """Steps, thresholds and fixed deductions are graded; a share of the result, 100 % its only mark, is not, nor is a criterion without points."""
    made = readings.add(tables([_form({}, [{"name": "人数", "target": "100人", "criterion": criterion}])]))
    assert made.indicators["graded"].to_list() == [graded]


def test_points_lost_are_known_only_where_both_numbers_are() -> None:
    """Weight less score where the score is lower, exact; null where nothing is lost or a number is not given, so that forms without scores can ask."""
    rows = [(1.0, 0.8), (10, 10), (10, 10.5), (10, None), (None, 8), (5, 0)]
    made = readings.add(tables([_form({}, [{"name": "人数", "weight": w if w is None else Decimal(str(w)), "score": s if s is None else Decimal(str(s))} for w, s in rows])]))
    assert made.indicators["points_lost"].to_list() == [200_000, None, None, None, None, 5_000_000]


def test_seed_kinds(seed: Tables) -> None:
    """33 quantitative rows, 12 of time, 6 of words, 7 without a target; 24 quantities have no value."""
    kind = _by_line(seed, "kind")
    assert [list(kind.values()).count(k) for k in ("quantity", "timeliness", "quality", None)] == [33, 12, 6, 7]
    value = _by_line(seed, "actual_value")
    assert [line for line in LINES if kind[line] == "quantity" and value[line] is None] == [27, 32, 37, *range(39, 49), 50, 64, 65, 69, 70, 72, 73, 74, 75, 77, 78]
    assert [line for line, vague in _by_line(seed, "target_vague").items() if vague and kind[line] == "quality"] == [63, 66, 67, 68, 71, 76]
    assert set(_by_line(seed, "actual_band").values()) == {"达成", None}


def test_seed_targets(seed: Tables) -> None:
    """Rate and base on twenty rows, two quantities on 33 and 48, doubled and missing comparators, perception shares, references."""
    assert [line for line, v in _by_line(seed, "ambiguous_target").items() if v] == [*range(27, 41), *range(44, 49), 50]
    assert [line for line, v in _by_line(seed, "target_quantities").items() if isinstance(v, int) and v >= 2] == [33, 48]
    assert [line for line, v in _by_line(seed, "comparator").items() if v == "doubled"] == [64, 65, 73]
    assert [line for line, v in _by_line(seed, "comparator").items() if v == "missing"] == [74]
    assert [line for line, v in _by_line(seed, "target_perception").items() if v] == [64, 65, 73, 74]
    assert [line for line, v in _by_line(seed, "target_reference").items() if v] == list(range(20, 27))
    assert all(_by_line(seed, "direction")[line] == "higher" for line in (28, 29, 31, 33, 34, 35, 38))


def test_seed_reasons(seed: Tables) -> None:
    """Line 39 has no reason text, line 21 one without substance, the others say why."""
    text, substance = _by_line(seed, "reason_text"), _by_line(seed, "reason_substance")
    assert text[39] is None and text[29] is None and text[21] == "执行率99.18%" and substance[21] is None
    assert [line for line in LINES if substance[line]] == [28, 31, 33, 34, 38]
    assert [line for line, v in _by_line(seed, "reason_external").items() if v] == [28, 31, 33, 34, 38]
    assert not any(_by_line(seed, "reason_measures").values())


def test_seed_deadlines(seed: Tables) -> None:
    """The twelve timeliness rows as DATES.md reads them."""
    kind = _by_line(seed, "deadline_kind")
    assert {line: k for line, k in kind.items() if k} == {51: "none", 52: "point", 53: "recurring", 54: "point", 55: "point", 56: "external", 57: "duration", 58: "point", 59: "external", 60: "recurring", 61: "external", 62: "duration"}
    strict, lenient = _by_line(seed, "deadline_strict"), _by_line(seed, "deadline_lenient")
    assert (strict[54], lenient[54]) == (date(2023, 10, 31), date(2023, 11, 30))
    assert (strict[58], lenient[58]) == (date(2023, 5, 31), date(2023, 6, 30))
    assert [line for line, v in _by_line(seed, "deadline_ambiguous").items() if v] == [52, 54, 55, 58]
    assert _by_line(seed, "deadline_readings")[52] == "2023-10-01 至 2023-10-31 / 不晚于 2023-10-31"
    assert _by_line(seed, "deadline_readings")[54] == "不晚于 2023-10-31 / 不晚于 2023-11-30"
    assert {line: v for line, v in _by_line(seed, "roll_gap_dates").items() if v} == {53: "2023-01-25、2023-06-25"}
    assert {line: v for line, v in _by_line(seed, "deadline_periods").items() if v} == {53: 12, 60: 4}
    assert {line: v for line, v in _by_line(seed, "deadline_days").items() if v} == {57: 15, 62: 15}
    assert not any(_by_line(seed, "done_to").values())


def test_seed_across_rows(seed: Tables) -> None:
    """Six deductions share 0.8 while the gaps differ; four programmes deduct one side only; line 48 is cut."""
    shares = _by_line(seed, "same_share_rows")
    assert [line for line, n in shares.items() if n == 6] == [28, 31, 33, 34, 38, 39] and shares[21] == 1 and shares[20] == 0 and shares[27] is None
    assert _by_line(seed, "same_share_gap_spread")[39] == Decimal("16.94")
    assert [line for line, v in _by_line(seed, "parallel_rows").items() if v] == [31, 33, 34, 38, 45, 47, 48, 50]
    assert seed.forms["parallel_pairs"][0] == 7 and seed.forms["parallel_differing"][0] == 4
    assert [line for line, v in _by_line(seed, "name_cut").items() if v] == [48]
    assert max(n for n in _by_line(seed, "twins").values() if isinstance(n, int)) == 1
    assert not any(_by_line(seed, "cross_class_twin").values())
    assert {line: v for line, v in _by_line(seed, "action_mismatch").items() if v} == {56: "投保 / 发放"}


def test_seed_narrative(seed: Tables) -> None:
    """Only the screenings of the federation itself are matched; the goal is cut, stale, unquantified and partly unanswered."""
    assert {line: v for line, v in _by_line(seed, "narrated_value").items() if v is not None} == {35: 12}
    assert _by_line(seed, "narrated_text")[35] == "全年区残联组织播放观看无障碍电影12场"
    row = seed.forms.row(0, named=True)
    assert (row["goal_planned_cut"], row["goal_actual_cut"]) == (True, False)
    assert row["goal_quantities"] == 0 and row["goal_stale"] == "为2023年区残联换届做好准备" and row["narrative_sum_fault"] is None
    assert "全覆盖" in row["narrative_downgrade"] and "逐步构建" in row["narrative_downgrade"]
    assert row["goals_unanswered_count"] >= 5 and "残联换届" in row["goals_unanswered"]
    assert row["goal_similarity"] < 40 * 10**6 and row["is_summary"] and not row["is_own_level"] and row["calendar_known"]


def test_only_needed_readings_are_made() -> None:
    """`needed` limits the columns; intermediate readings do not stay."""
    base = tables([_seed()])
    made = readings.add(base, [("indicators", "same_share_gap_spread"), ("indicators", "name"), ("forms", "is_summary")])
    assert set(made.indicators.columns) - set(base.indicators.columns) == {"same_share_gap_spread", "same_share_gap_spread_digits"}
    assert set(made.forms.columns) - set(base.forms.columns) == {"is_summary"}
    assert made.budget_lines.equals(base.budget_lines)
    assert readings.add(base, []).indicators.equals(base.indicators)


def test_needed_readings_equal_all_readings() -> None:
    """Asking for one reading gives the same values as asking for all."""
    base = tables([_seed()])
    everything = readings.add(base)
    for field in (f for f in FIELDS if f.reading):
        one = getattr(readings.add(base, [(field.table, field.name)]), field.table)
        assert one[field.name].equals(getattr(everything, field.table)[field.name], null_equal=True), field.name


def test_forms_of_a_batch_do_not_mix(seed: Tables) -> None:
    """Cross-row readings are per form, and order and rows stay as they were."""
    small = _form({"fiscal_year": 2020}, [{"level1": "产出指标", "level2": "时效指标", "name": "完成及时性", "target": "11月前"}, {"level1": "产出指标", "level2": "数量指标", "name": "电影播放场次数量", "target": "4场", "weight": "1", "score": "0.8"}], "small")
    batch = readings.add(tables([small, _seed(), replace(_seed(), form_id="again")]))
    part = batch.indicators.filter(pl.col("form") == 1).drop("form")
    assert part.equals(seed.indicators.drop("form"), null_equal=True)
    assert batch.indicators.filter(pl.col("form") == 2).drop("form").equals(part, null_equal=True)
    first = batch.indicators.filter(pl.col("form") == 0)
    assert first["deadline_lenient"].to_list() == [date(2020, 11, 30), None] and first["narrated_value"].to_list() == [None, None] and first["same_share_rows"].to_list() == [None, 1]
    assert batch.forms.drop("form")[1].equals(seed.forms.drop("form"), null_equal=True)


def test_empty_batch() -> None:
    """No form and a form without rows give empty columns, not faults."""
    assert readings.add(tables([])).indicators.height == 0
    bare = readings.add(tables([_form({}, [])]))
    assert bare.forms.height == 1 and bare.forms["goals_unanswered_count"].to_list() == [None] and bare.forms["calendar_known"].to_list() == [None]


def test_value_that_does_not_fit_is_null() -> None:
    """More than six decimals, or more than the bound, is null in the frame, never rounded."""
    rows = [{"level2": "数量指标", "name": "长度", "target": t} for t in ("≥0.1234567米", "≥99999999999999米", "≥0.123456米")]
    made = readings.add(tables([_form({}, rows)])).indicators
    assert made["target_value"].to_list() == [None, None, 123456] and made["target_value_digits"].to_list() == [None, None, 6]


def test_twins_and_reused_reasons() -> None:
    """Same level 2, name and target make twins whatever the marks and widths; a name under 产出 and 效益 crosses; reasons are counted."""
    rows = [
        {"level1": "产出指标", "level2": "数量指标", "name": "指标1：培训人数", "target": "≥50人", "reason": "受疫情影响"},
        {"level1": "产出指标", "level2": "数量指标", "name": "培训人数", "target": "≥５０人", "reason": "受疫情影响"},
        {"level1": "效益指标", "level2": "社会效益", "name": "培训人数", "target": "≥50人", "reason": "5人，受疫情影响"},
        {"level1": "产出指标", "level2": "数量指标", "name": "培训期数", "target": None},
        {"level1": "产出指标", "level2": "数量指标", "name": "培训期数", "target": None},
    ]
    made = readings.add(tables([_form({}, rows)])).indicators
    assert made["twins"].to_list() == [2, 2, 1, 1, 1]
    assert made["cross_class_twin"].to_list() == [True, True, True, False, False]
    assert made["same_reason_rows"].to_list() == [3, 3, 3, None, None]
    assert made["reason_stock"].to_list() == [True, True, True, None, None]


_TEXT = st.one_of(st.none(), st.text(max_size=30), st.text(alphabet="0123456789.,，%≥≤（）()、。；年月日前底每季度个人次场达成指标完成率自申请之日起内工作百分之其中共〔〕【】无—", max_size=30))
_ROW = st.fixed_dictionaries({"level1": st.sampled_from([None, "产出指标", "效益指标", "满意度指标"]), "level2": st.sampled_from([None, "数量指标", "时效指标", "成本指标"]), "name": _TEXT, "target": _TEXT, "actual": _TEXT, "reason": _TEXT, "weight": st.sampled_from([None, "0", "1.00", "2"]), "score": st.sampled_from([None, "0", "0.80", "1", "3"])})


@given(st.lists(st.tuples(st.lists(_ROW, max_size=4), _TEXT, _TEXT, st.sampled_from([None, 2023, 2031])), max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_forms_have_readings(forms: list[tuple[list[dict[str, Any]], str | None, str | None, int | None]]) -> None:
    """Whatever stands in the cells, readings keep rows and filled columns, and a form's readings do not depend on its batch."""
    made = [_form({"goal_planned": planned, "goal_actual": actual, "fiscal_year": year}, rows, f"{i}") for i, (rows, planned, actual, year) in enumerate(forms)]
    base = tables(made)
    batch = readings.add(base)
    assert batch.indicators.select(base.indicators.columns).equals(base.indicators) and batch.forms.select(base.forms.columns).equals(base.forms)
    if made:
        alone = readings.add(tables(made[-1:]))
        last = batch.indicators.filter(pl.col("form") == len(made) - 1)
        assert last.drop("form").equals(alone.indicators.drop("form"))
        assert batch.forms[len(made) - 1 :].drop("form").equals(alone.forms.drop("form"))


def test_prompts_and_numbers_in_cells() -> None:
    """Template prompts in budget reasons and indicator cells are quoted."""
    lines = [{"label": "总额", "reason": "1.预算执行率=预算执行数/调整后预算数;2.年中发生预算调整的，应单独说明理由"}, {"label": "财政", "reason": "100%,无"}]
    rows = [{"name": "资金发放及时性", "target": "30日内", "actual": "提前批资金(-年-月-日)"}, {"name": "依据", "target": "川财〔2022〕第13号"}, {"name": "依据", "target": "川财〔2022〕13号"}]
    made = readings.add(tables([_form({"goal_planned": "对照年度目标，说明完成情况(100字以内)"}, rows, lines=lines)]))
    assert made.budget_lines["prompt_left"].is_not_null().to_list() == [True, False]
    assert made.indicators["prompt_left"].to_list() == ["(-年-月-日)", None, None]
    assert made.indicators["document_number_fault"].to_list() == [None, "川财〔2022〕第13号", None]
    assert made.forms["prompt_left"][0]

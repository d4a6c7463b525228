"""Rules over several forms: every injected fault is found, unrelated forms give nothing, the order of forms does not matter."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from across_forms import changed, crowd, family, form, line, narrative, row
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.across import Across, Inputs, References, entries, judge_across
from checker.across.lists import Entry
from checker.across.passages import SURE, longest, marks
from checker.across.portfolios import median
from checker.across.units import bare, same_unit
from checker.across.wording import masked, original
from checker.api import Reading, check, forms_of_bytes, load_references, load_rules
from checker.errors import ReadError
from checker.fields import BATCH_TABLES
from checker.model import Cell, Document, Finding, Form, Grid, Locator, Outcome, Place, RuleOutcome, Severity, Source
from checker.readers.limits import DEFAULT
from checker.rules.rule import Rule

SEED = Path(__file__).resolve().parent.parent / "sample_forms" / "minhang_dpf_2023.txt"
DAY = date(2024, 4, 18)
ORDERS = settings(max_examples=40, deadline=None)


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules().active if rule.each in BATCH_TABLES)


def across(
    forms: Sequence[Form], *only: str, previous: Sequence[Form] | None = None, approved: Sequence[Form] | None = None, table: str | None = None, lang: str = "zh"
) -> Across:
    """The rules over these forms; `only` names some of them."""
    chosen = [rule for rule in rules() if not only or rule.id in only]
    references = References(
        None if previous is None else tuple(previous),
        None if approved is None else tuple(approved),
        None if table is None else tuple(listed(table)),
    )
    return judge_across(Inputs(tuple(forms), references), chosen, DAY, lang)


def listed(table: str) -> list[Entry]:
    """The entries of a table given as text, cells parted by |."""
    cells = [Cell(r, c, text.strip(), Locator("table.csv", line=r + 1)) for r, line_ in enumerate(table.strip().splitlines()) for c, text in enumerate(line_.split("|"))]
    return entries(Document(Source("table.csv", "0" * 64, "csv"), (Grid("", tuple(cells)),)))


def failed(made: Across, rule: str | None = None) -> list[Finding]:
    return [f for f in made.findings if f.kind is Outcome.FAIL and rule in (None, f.rule)]


def outcome(made: Across, rule: str) -> RuleOutcome:
    return next(told for told in made.rules if told.rule == rule)


def files(finding: Finding) -> set[str]:
    return {place.locator.file for place in finding.locations}


# XFM-001, XFM-004: a summary and its parts


def test_a_summary_that_equals_its_parts_passes() -> None:
    """Sum and number agree: both rules pass and nothing is found."""
    made = across(family(3), "XFM-001", "XFM-004")
    assert not made.findings
    assert outcome(made, "XFM-001").outcome is Outcome.PASS
    assert outcome(made, "XFM-001").checked == 2
    assert outcome(made, "XFM-004").outcome is Outcome.PASS


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("column", ["budget", "executed"])
def test_one_changed_amount_breaks_the_sum(which: int, column: str) -> None:
    """One fen in any of the forms is found, in the column it stands in, with places in all of them."""
    forms = family(3)
    value = Decimal(str(forms[which].budget_lines[0][column])) + Decimal("0.01")
    forms[which] = changed(forms[which], "budget_lines", 1, **{column: value})
    [found] = failed(across(forms, "XFM-001"))
    assert found.severity is Severity.ERROR
    assert ("预算数" if column == "budget" else "执行数") in found.message
    assert found.difference in ("+0.01", "−0.01")
    assert files(found) == {one.source.path for one in forms}
    assert found.locations[0].role == "primary" and found.locations[0].locator.file == forms[0].source.path


def test_missing_parts_leave_the_sum_open() -> None:
    """Two of three units: not a failure of the sum but open with the reason; the number itself is asked about."""
    made = across(family(3)[:-1], "XFM-001", "XFM-004")
    opened = [f for f in made.findings if f.rule == "XFM-001"]
    assert {f.kind for f in opened} == {Outcome.OPEN} and len(opened) == 2
    assert "3 个下属单位，本次收到 2 张" in opened[0].message
    [number] = failed(made, "XFM-004")
    assert (number.reported, number.expected) == ("2", "3")


def test_no_part_at_all_is_open_without_a_finding() -> None:
    """A summary alone is not a fault of the form: the rules stay open with the reason."""
    made = across(family(3)[:1], "XFM-001", "XFM-004")
    assert not made.findings
    assert [told.outcome for told in made.rules] == [Outcome.OPEN, Outcome.OPEN]
    assert "3 张下属单位表" in str(outcome(made, "XFM-001").reason)


def test_the_own_level_may_be_counted_or_not() -> None:
    """A stated number with or without the unit itself is complete; without an own-level form one more is one too many."""
    for count in (3, 2):
        made = across(family(3, own_level=True, count=count), "XFM-001", "XFM-004")
        assert not made.findings and outcome(made, "XFM-001").outcome is Outcome.PASS
    made = across(family(3, count=2), "XFM-004")
    assert len(failed(made, "XFM-004")) == 1


def test_an_exact_sum_proves_that_all_parts_are_there() -> None:
    """Without a stated number a sum that fits passes, one that does not is open."""
    forms = [changed(one, "forms", 1, subordinate_units=None) for one in family(2)]
    assert outcome(across(forms, "XFM-001"), "XFM-001").outcome is Outcome.PASS
    forms[1] = changed(forms[1], "budget_lines", 1, budget="1.00")
    assert {f.kind for f in across(forms, "XFM-001").findings} == {Outcome.OPEN}


def test_units_are_converted_exactly() -> None:
    """A summary in 万元 over parts in 元: what two printed decimals of 万元 allow passes, one yuan more does not."""
    top, *parts = family(2)
    top = replace(changed(top, "budget_lines", 1, budget="0.03", executed="0.02"), header={**top.header, "amount_unit": "万元"})
    made = across([top, *parts], "XFM-001")
    assert outcome(made, "XFM-001").outcome is Outcome.PASS
    off = changed(parts[0], "budget_lines", 1, budget="150.01")
    [found] = failed(across([top, off, parts[1]], "XFM-001"))
    assert (found.reported, found.expected) == ("300", "350.01")


def test_the_same_file_twice_counts_once_two_versions_are_open() -> None:
    """A second copy changes nothing; another version of the same unit's form leaves the sum open."""
    forms = family(2)
    assert outcome(across([*forms, replace(forms[1], form_id="copy")], "XFM-001"), "XFM-001").outcome is Outcome.PASS
    other = replace(forms[1], form_id="other", source=Source("other.xlsx", "another", "xlsx"))
    made = across([*forms, other], "XFM-001")
    assert {f.kind for f in made.findings} <= {Outcome.OPEN} or outcome(made, "XFM-001").outcome is Outcome.PASS


def test_other_years_and_other_units_are_no_parts() -> None:
    """Forms of another year or of a unit with another name take no part in the sum."""
    forms = family(2)
    stranger = form("示例区水务局", lines=[line("财政拨款", "9.00", "9.00")])
    older = form("示例区教育局第一中心", year=2022, lines=[line("财政拨款", "9.00", "9.00")])
    made = across([*forms, stranger, older], "XFM-001", "XFM-004")
    assert not made.findings and outcome(made, "XFM-001").checked == 2


@ORDERS
@given(
    cents=st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**11)), min_size=1, max_size=6),
    wrong=st.sampled_from([None, "budget", "executed"]),
    seed=st.integers(0, 999),
)
def test_sums_of_any_amounts(cents: list[tuple[int, int]], wrong: str | None, seed: int) -> None:
    """Whatever the amounts, an exact summary passes and one fen off fails, in any order of the forms."""
    names = ["甲", "乙", "丙", "丁", "戊", "己"]
    parts = [form(f"示例区民政局{name}站", lines=[line("财政拨款", f"{Decimal(b).scaleb(-2)}", f"{Decimal(e).scaleb(-2)}")]) for name, (b, e) in zip(names, cents, strict=False)]
    total = {"budget": sum(b for b, _ in cents), "executed": sum(e for _, e in cents)}
    if wrong:
        total[wrong] += 1
    top = form("示例区民政局（汇总）", count=len(parts), lines=[line("财政拨款", f"{Decimal(total['budget']).scaleb(-2)}", f"{Decimal(total['executed']).scaleb(-2)}")])
    forms = [top, *parts]
    random.Random(seed).shuffle(forms)
    made = across(forms, "XFM-001")
    assert len(failed(made)) == (1 if wrong else 0)
    assert not [f for f in made.findings if f.kind is not Outcome.FAIL]


# XFM-002, XFM-003: a department and its projects


def department(spending: str = "900.00", rows: Sequence[dict[str, object]] = ()) -> Form:
    return form("示例区民政局", lines=[line("基本支出", "100.00", "100.00", "structure"), line("项目支出", spending, spending, "structure")], rows=rows)  # type: ignore[arg-type]


def project(name: str, amount: str, rows: Sequence[dict[str, object]] = (), above: str = "示例区民政局", unit: str = "示例区救助站") -> Form:
    return form(unit, kind="project", project=name, above=above, lines=[line("年度资金总额", amount, amount, "total")], rows=rows)  # type: ignore[arg-type]


def test_projects_cover_the_spending_or_the_rest_is_asked_for() -> None:
    """All projects: pass. One missing: a warning that names the share covered, with places in every form."""
    full = [department(), project("救助", "600.00"), project("养老", "300.00")]
    assert outcome(across(full, "XFM-002"), "XFM-002").outcome is Outcome.PASS
    [found] = failed(across(full[:2], "XFM-002"))
    assert found.severity is Severity.WARNING and "覆盖 66.6667%" in found.message
    assert files(found) == {one.source.path for one in full[:2]}


def test_projects_in_wan_yuan_have_the_slack_of_their_last_digit() -> None:
    """0.09 万元 may be 850 to 950 元; a project of another department or year does not count."""
    other = [project("别的", "1.00", above="示例区教育局", unit="示例区学校"), replace(project("去年", "1.00"), header={**project("去年", "1.00").header, "fiscal_year": 2022})]
    wan = replace(project("救助", "0.09"), header={**project("救助", "0.09").header, "amount_unit": "万元"})
    assert outcome(across([department("950.00"), wan, *other], "XFM-002"), "XFM-002").outcome is Outcome.PASS
    assert len(failed(across([department("950.01"), wan, *other], "XFM-002"))) == 1


def test_a_department_without_project_forms_is_open_not_wrong() -> None:
    """No project form came in: nothing is found, the reason is given."""
    made = across([department()], "XFM-002", "XFM-003")
    assert not made.findings and outcome(made, "XFM-002").outcome is Outcome.OPEN
    assert "没有收到示例区民政局的项目自评表" in str(outcome(made, "XFM-002").reason)


def test_a_project_belongs_to_the_unit_that_has_a_form_of_its_own() -> None:
    """The project of a unit with its own department form is not counted for the department above it."""
    own = form("示例区救助站", lines=[line("项目支出", "600.00", "600.00", "structure")])
    made = across([department("300.00"), own, project("救助", "600.00"), project("养老", "300.00", unit="示例区民政局")], "XFM-002")
    assert not made.findings and outcome(made, "XFM-002").checked == 2


@pytest.mark.parametrize(
    ("theirs", "severity"),
    [
        ({}, None),
        ({"actual": "96人"}, Severity.ERROR),
        ({"score": "9"}, Severity.ERROR),
        ({"target": "≥120人"}, Severity.WARNING),
        ({"target": "不低于100人"}, None),
        ({"weight": "5", "score": "5"}, None),
    ],
)
def test_the_same_indicator_in_both_forms(theirs: dict[str, str], severity: Severity | None) -> None:
    """Another result or share of marks under the same target is an error, another target a question, another wording nothing."""
    mine = row("城乡低保对象救助人数", "≥100人", "98人")
    other = row("城乡低保对象救助人数", **{"target": "≥100人", "actual": "98人", **theirs})
    found = failed(across([department(rows=[mine]), project("救助", "900.00", rows=[other])], "XFM-003"))
    assert [f.severity for f in found] == ([severity] if severity else [])
    assert all(len(files(f)) == 2 for f in found)


def test_names_that_say_little_or_stand_twice_are_not_compared() -> None:
    """服务对象满意度 means another thing in every form; a name that two projects have has two scopes."""
    vague = [department(rows=[row("服务对象满意度", "≥90%", "91%")]), project("救助", "900.00", rows=[row("服务对象满意度", "≥90%", "95%")])]
    assert not across(vague, "XFM-003").findings
    twice = [project(name, "300.00", rows=[row("走访困难家庭户次", "≥10户次", f"{n}户次")]) for n, name in enumerate(("甲", "乙"), 10)]
    assert not across([department(rows=[row("走访困难家庭户次", "≥10户次", "50户次")]), *twice], "XFM-003").findings


# XFM-006, WGT-009: approved targets

ROWS = [row("培训基层干部人次", "≥100人次", "100人次"), row("培训合格率", "≥95%", "96%", level2="质量指标"), row("政策宣传场次", "≥12场", "12场")]


def approvals(**values: object) -> tuple[list[Form], list[Form]]:
    filed = form(kind="project", project="培训", rows=ROWS)
    approved = form(kind="project", project="培训", rows=[{k: v for k, v in one.items() if k not in ("actual", "score")} for one in ROWS], path="approved.xlsx")
    return [changed(filed, "indicators", 1, **values) if values else filed], [approved]


def test_targets_as_approved_pass() -> None:
    """Same rows, targets and weights: both rules pass on all three rows; another spelling is no change."""
    for target in ("≥100人次", "不低于100人次", "≥100 人次"):
        forms, approved = approvals(target=target)
        made = across(forms, "XFM-006", "WGT-009", approved=approved)
        assert not made.findings
        assert [(told.outcome, told.checked) for told in made.rules] == [(Outcome.PASS, 3)] * 2


@pytest.mark.parametrize(("target", "severity"), [("≥80人次", Severity.ERROR), ("≥120人次", Severity.WARNING), ("培训若干", Severity.WARNING)])
def test_a_changed_target_is_found(target: str, severity: Severity) -> None:
    """A lowered target is an error, any other change a question; both forms are named."""
    forms, approved = approvals(target=target)
    [found] = failed(across(forms, "XFM-006", approved=approved))
    assert found.severity is severity and "≥100人次" in found.message and target in found.message
    assert files(found) == {forms[0].source.path, "approved.xlsx"}


def test_changed_weights_and_rows_are_found() -> None:
    """A weight moved, a row added and a row left out are each one finding."""
    forms, approved = approvals(weight="9")
    [found] = failed(across(forms, "WGT-009", approved=approved))
    assert (found.reported, found.expected) == ("9", "10")
    fewer = replace(forms[0], indicators=tuple(ROWS[:2]))
    more = replace(forms[0], indicators=(*ROWS, row("印发简报期数", "≥4期", "4期")))
    for one, name in ((fewer, "政策宣传场次"), (more, "印发简报期数")):
        [found] = failed(across([one], "WGT-009", approved=approved))
        assert f"“{name}”" in found.message and "□" in found.message


def test_a_reworded_name_is_the_same_row() -> None:
    """One word more in a long name neither adds nor removes a row."""
    forms, approved = approvals(name="培训基层干部总人次")
    assert not across(forms, "WGT-009", "XFM-006", approved=approved).findings


def test_without_approved_targets_nothing_is_decided() -> None:
    """No --approved, or none for this form: open with the reason, never a pass."""
    forms, approved = approvals()
    assert outcome(across(forms, "XFM-006"), "XFM-006").outcome is Outcome.OPEN
    stranger = [changed(approved[0], "forms", 1, project_name="别的项目")]
    made = across(forms, "XFM-006", "WGT-009", approved=stranger)
    assert not made.findings and {told.outcome for told in made.rules} == {Outcome.OPEN}
    assert "没有找到" in str(made.rules[0].reason)


# XFM-007, XFM-011, XFM-013, XFM-014: the year before


def year(number: int, **given: object) -> Form:
    return form(kind="project", project="培训", year=number, path=f"{number}.xlsx", **given)  # type: ignore[arg-type]


def test_a_text_copied_from_last_year_is_asked_about() -> None:
    """The same words with other years and numbers are found in every column; a rewritten text is not."""
    old = narrative(1).replace("9", "7") + "2022年完成。"
    new = narrative(1).replace("9", "3") + "2023年完成。"
    made = across([year(2023, result=new, goal=new)], "XFM-007", previous=[year(2022, result=old, goal=old)])
    found = failed(made)
    assert [(f.severity, files(f)) for f in found] == [(Severity.WARNING, {"2022.xlsx", "2023.xlsx"}), (Severity.NOTE, {"2022.xlsx", "2023.xlsx"})]
    assert all("？" in f.message for f in found)
    assert not across([year(2023, result=narrative(2))], "XFM-007", previous=[year(2022, result=old)]).findings


def test_identical_values_are_asked_about() -> None:
    """Five measured values all as last year are found; four are too few; one that differs settles it."""
    rows = [row(f"第{n}类检测批次数", "≥100批次", f"{110 + n}批次") for n in range(5)]
    old = [year(2022, rows=rows)]
    assert len(failed(across([year(2023, rows=rows)], "XFM-007", previous=old))) == 1
    assert not failed(across([year(2023, rows=rows[:4])], "XFM-007", previous=old))
    other = [*rows[:4], row("第4类检测批次数", "≥100批次", "120批次")]
    assert not failed(across([year(2023, rows=other)], "XFM-007", previous=old))


@pytest.mark.parametrize(("target", "found"), [("≥90人次", 0), ("≥89人次", 1), ("≥0.9百人次", 0)])
def test_a_target_below_last_year(target: str, found: int) -> None:
    """Nine tenths of last year's result is the bound; with another unit nothing is said."""
    now, then = year(2023, rows=[row("培训人次", target, "100人次")]), year(2022, rows=[row("培训人次", "≥80人次", "100人次")])
    assert len(failed(across([now], "XFM-011", previous=[then]))) == found


def test_lower_is_better_the_other_way_round() -> None:
    """For a rate to be kept low a target that allows more than last year's result is asked about."""
    then = year(2022, rows=[row("有责投诉率", "≤5%", "2%")])
    assert len(failed(across([year(2023, rows=[row("有责投诉率", "≤3%", "2%")])], "XFM-011", previous=[then]))) == 1
    assert not failed(across([year(2023, rows=[row("有责投诉率", "≤2%", "2%")])], "XFM-011", previous=[then]))


def test_the_same_reason_and_the_same_excess_twice() -> None:
    """A reason reused and a target exceeded by 30 % twice are found; another reason and 29 % are not."""
    then = year(2022, rows=[row("培训人次", "≥100人次", "130人次", reason="报名人员因农忙未能到场，下一步错峰开班")])
    same = year(2023, rows=[row("培训人次", "≥100人次", "130人次", reason="报名人员因农忙未能到场，下一步错峰开班")])
    other = year(2023, rows=[row("培训人次", "≥100人次", "129人次", reason="培训教室装修，暂停开班两月")])
    assert {f.rule for f in failed(across([same], "XFM-013", "XFM-014", previous=[then]))} == {"XFM-013", "XFM-014"}
    assert not failed(across([other], "XFM-013", "XFM-014", previous=[then]))


def test_years_within_one_run_compare_too() -> None:
    """Two years of one project in the same folder need no --previous; the later one is the one asked about."""
    text = narrative(3)
    [found] = failed(across([year(2023, result=text), year(2022, result=text)], "XFM-007"))
    assert found.locations[0].locator.file == "2023.xlsx"


# XFM-008: texts of other units


def test_copied_narratives_are_found_in_a_crowd() -> None:
    """Five of eighty units share a text, numbers changed: one finding that names all five; the other texts are silent."""
    forms = crowd(80, copied=5)
    [found] = failed(across(forms, "XFM-008"))
    assert files(found) == {f"batch/{n}.xlsx" for n in range(5)}
    assert found.heuristic and "？" in found.message


def test_one_copied_paragraph_in_long_texts_is_found() -> None:
    """Two texts that differ but for one paragraph of a hundred letters are told by that paragraph, as filled."""
    shared = narrative(7, 5)
    forms = [form("示例市水务局", result=narrative(1) + shared), form("示例市文旅局", result=narrative(2) + shared + narrative(3, 4))]
    [found] = failed(across(forms, "XFM-008"))
    assert shared[:30] in found.message


def test_reasons_copied_between_units_are_found() -> None:
    """A reason of two sentences in two units is found, a short one is not."""
    long = "报名人员因农忙未能到场，培训名额未用完，下一步错峰开班并与村委会联合组织报名工作"
    for text, count in ((long, 1), ("报名人员因农忙未能到场", 0)):
        forms = [form(unit, rows=[row(f"{unit}培训", reason=text)]) for unit in ("示例市水务局", "示例市文旅局")]
        assert len(failed(across(forms, "XFM-008"))) == count


def test_units_with_reason_to_be_alike_are_not_compared() -> None:
    """One project of many units, a summary and its part, and two forms of one unit may share a text."""
    text = narrative(9)
    same_project = [form(unit, kind="project", project="义务教育补助", result=text) for unit in ("示例市一中", "示例市二中")]
    summary = [form("示例区教育局（汇总）", result=text), form("示例区教育局教研室", result=text)]
    one_unit = [form("示例区教育局", result=text), form("示例区教育局", kind="project", project="校舍", result=text)]
    for forms in (same_project, summary, one_unit):
        assert not across(forms, "XFM-008").findings


def test_text_of_the_template_is_no_copy() -> None:
    """A text that 21 of 21 units have is the template's, one that 20 have is not."""
    for size, count in ((21, 0), (20, 1)):
        forms = [replace(one, header={**one.header, "goal_actual": narrative(5)}) for one in crowd(size)]
        assert len(failed(across(forms, "XFM-008"))) == count


@ORDERS
@given(seeds=st.lists(st.integers(10_000, 10**6), min_size=2, max_size=12, unique=True))
def test_unrelated_texts_are_silent(seeds: list[int]) -> None:
    """Texts written apart give nothing, although they draw on the same words."""
    forms = [replace(one, header={**one.header, "goal_actual": narrative(seed), "goal_planned": narrative(seed + 10**7)}) for one, seed in zip(crowd(len(seeds)), seeds, strict=True)]
    assert not across(forms).findings


@pytest.mark.parametrize(
    ("clause", "count"),
    [("示例市水务局全年巡查河道40次，", 1), ("联合示例市水务局巡查河道40次，", 0), ("向示例市水务局报送信息40条，", 0), ("水务局全年巡查河道40次，", 0), ("", 0)],
)
def test_the_name_of_another_unit_is_asked_about(clause: str, count: int) -> None:
    """Another unit's full name in a text is found unless the words around it say why; a short name is not looked for."""
    forms = [form("示例市文旅局", result=clause + narrative(1)), form("示例市水务局", result=narrative(2))]
    found = failed(across(forms, "NAR-008"))
    assert len(found) == count and all(f.locations[0].field == "goal_actual" and "示例市水务局" in f.message for f in found)


def test_units_above_and_below_may_be_named() -> None:
    """The supervising department, a subordinate unit and the unit in the project's name are no strangers."""
    forms = [
        form("示例市文旅局", result="示例市文旅局图书馆新增图书900册。" + narrative(1)),
        form("示例市文旅局图书馆", above="示例市文旅局", result="示例市文旅局拨来图书900册。" + narrative(2)),
        form("示例市园林所", kind="project", project="示例市文旅局绿化养护", result="示例市文旅局院内植树90棵。" + narrative(3)),
    ]
    assert not failed(across(forms, "NAR-008"))


# XFM-009, XFM-010: many scores


def scored(*scores: str) -> list[Form]:
    return [replace(one, header={**one.header, "total_score": Decimal(score)}) for one, score in zip(crowd(len(scores)), scores, strict=True)]


def test_scores_high_everywhere() -> None:
    """Nine of ten forms at 95 or more are asked about, as a whole; eight are not; four forms are too few."""
    [found] = failed(across(scored("60", *["95"] * 9), "XFM-009"))
    assert "10 张表中九成得分率不低于 95.00%（最低 60.00%" in found.message and len(files(found)) == 10
    assert not failed(across(scored("60", "70", *["100"] * 8), "XFM-009"))
    assert outcome(across(scored(*["100"] * 4), "XFM-009"), "XFM-009").outcome is Outcome.NOT_APPLICABLE


def test_a_score_far_from_the_others() -> None:
    """60 among scores around 90 is an outlier and the only one; seven forms are too few; all the same score is no measure."""
    usual = ("88.0", "89.0", "89.5", "90.0", "90.5", "91.0", "92.0")
    [found] = failed(across(scored(*usual, "60"), "XFM-010"))
    assert found.severity is Severity.NOTE and found.reported == "60"
    assert not failed(across(scored(*usual[:6], "60"), "XFM-010"))
    assert not failed(across(scored(*["90"] * 8, "60"), "XFM-010"))


def test_a_cost_and_a_completion_far_from_the_others() -> None:
    """One school pays ten times as much for a child, another reports twenty times its target."""
    children = ["2000人" if k == 5 else f"{100 + k}人" for k in range(9)]
    money = [f"{(100_000 + 1700 * k) * (10 if k == 3 else 1)}" for k in range(9)]
    forms = [
        form(f"示例市{name}小学", kind="project", project="营养餐", lines=[line("年度资金总额", "1", spent, "total")], rows=[row("用餐学生人数", "≥100人", many)])
        for name, spent, many in zip("一二三四五六七八九", money, children, strict=True)
    ]
    found = failed(across(forms, "XFM-010"))
    assert {("单位成本" in f.message, files(f).pop()) for f in found} >= {(True, forms[3].source.path), (False, forms[5].source.path)}


# XFM-005, XFM-012, XFM-004 by list: tables from elsewhere

ACCOUNTS = """
单位名称 | 资金项目 | 决算数(元)
示例区民政局 | 基本支出 | 100.00
示例区民政局 | 项目支出 | 900.00
"""


def test_a_cost_per_unit_far_from_the_others_is_asked_about() -> None:
    """Nine roads cost about 100 yuan a unit, the tenth 500: the figure itself is told, whatever its target."""
    costs = [100, 102, 98, 101, 99, 103, 97, 100, 100, 500]
    forms = [form(f"示例{n}所", kind="project", project=f"护路项目{n}", rows=[row("单位养护成本", f"≤{cost + 10}元", f"{cost}元", level2="成本指标")]) for n, cost in enumerate(costs)]
    told = [f.message for f in failed(across(forms, "XFM-010")) if "完成值（元）" in f.message]
    assert len(told) == 1 and "500" in told[0] and "100" in told[0]


def test_the_final_accounts_are_compared_line_by_line() -> None:
    """The same amounts pass; one fen more is an error that names the line of the table; a label the form lacks is open."""
    assert outcome(across([department()], "XFM-005", table=ACCOUNTS), "XFM-005").checked == 2
    [found] = failed(across([department("900.01")], "XFM-005", table=ACCOUNTS))
    assert (found.reported, found.expected, found.severity) == ("900.01", "900.00", Severity.ERROR)
    assert "table.csv 第3行" in found.message
    made = across([department()], "XFM-005", table=ACCOUNTS.replace("基本支出", "公用经费"))
    assert outcome(made, "XFM-005").outcome is Outcome.OPEN and "公用经费" in str(outcome(made, "XFM-005").reason)


def test_a_total_of_the_accounts_is_the_sum_of_the_structure() -> None:
    """合计 in 万元 is compared with 基本支出 + 项目支出 where the form prints no total, with the slack of 万元."""
    for amount, count in (("0.10", 0), ("0.11", 1)):
        table = f"单位|资金项目|决算数（万元）\n示例区民政局|合计|{amount}"
        assert len(failed(across([department()], "XFM-005", table=table))) == count


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("单位|资金项目|决算数\n示例区民政局|合计|100", "没有写明是元还是万元"),
        ("单位|资金项目|决算数(元)\n示例区民政局|合计|一百", "不是数字"),
        ("甲|乙\n1|2", "没有表头"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(table: str, fault: str) -> None:
    """One line says what is wrong, where, and what to do."""
    with pytest.raises(ReadError, match=fault) as raised:
        listed(table)
    assert "@ table.csv" in str(raised.value) and "\n" not in str(raised.value)


def test_scores_of_a_recheck() -> None:
    """Below 10 % nothing, from 10 % a warning, from 20 % an error; totals and indicators; forms the table lacks are open."""
    one = form("示例区图书馆", kind="project", project="借阅", rows=[row("图书借阅册次", "≥100册", "100册")], score="100")
    for review, severity in (("90.5", None), ("90", Severity.WARNING), ("80", Severity.ERROR)):
        found = failed(across([one], "XFM-012", table=f"单位|项目名称|复核得分\n示例区图书馆|借阅|{review}"))
        assert [f.severity for f in found] == ([severity] if severity else [])
    [found] = failed(across([one], "XFM-012", table="项目名称|指标名称|复核得分\n借阅|图书借阅册次|7.5"))
    assert (found.reported, found.expected) == ("10", "7.5") and found.locations[0].table == "indicators"
    made = across([one], "XFM-012", table="单位|项目名称|复核得分\n示例区图书馆|别的|60")
    assert not made.findings and outcome(made, "XFM-012").outcome is Outcome.OPEN


def test_a_list_of_forms_due_names_what_is_missing() -> None:
    """Every project of the list has its form: pass; one without is named; exempt ones are not asked for."""
    table = "主管部门|项目名称|是否免评\n示例区民政局|救助|\n|养老|\n|殡葬|是"
    both = [project("救助", "1.00"), project("养老", "1.00")]
    assert not across(both, "XFM-004", table=table).findings
    [found] = failed(across(both[:1], "XFM-004", table=table))
    assert (found.reported, found.expected) == ("1", "2") and "缺：养老" in found.message
    assert outcome(across([project("别的", "1.00")], "XFM-004", table=table), "XFM-004").outcome is Outcome.OPEN


def test_references_are_read_from_files(tmp_path: Path) -> None:
    """A list of approved targets of two projects gives each form its own rows; a file that gives nothing is named."""
    (tmp_path / "approved").mkdir()
    (tmp_path / "approved" / "targets.csv").write_text(
        "项目名称,单位名称,一级指标,二级指标,三级指标,指标值,分值\n"
        "借阅,示例区图书馆,产出指标,数量指标,图书借阅册次,≥100册,10\n,,,,读者活动场次,≥6场,10\n"
        "讲座,示例区图书馆,产出指标,数量指标,讲座场次,≥20场,20\n",
        encoding="utf-8",
    )
    (tmp_path / "approved" / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    found = load_references(approved=[tmp_path / "approved"])
    assert found is not None and found.approved is not None
    assert [(one.header.get("project_name"), [r["name"] for r in one.indicators]) for one in found.approved] == [("借阅", ["图书借阅册次", "读者活动场次"]), ("讲座", ["讲座场次"])]
    assert [Path(one.path).name for one in found.unreadable] == ["notes.csv"]
    filed = form("示例区图书馆", kind="project", project="借阅", rows=[row("图书借阅册次", "≥80册", "100册"), row("读者活动场次", "≥6场", "6场")])
    results = check(Reading((filed,)), select=["XFM-006", "WGT-009"], references=found, as_of=DAY)
    assert [(f.rule, f.severity) for f in results.batch] == [("XFM-006", Severity.ERROR)]
    assert results.unreadable == found.unreadable
    assert results.batch[0].locations[-1].locator.file.endswith("targets.csv")


def test_last_year_is_read_from_files() -> None:
    """Forms of --previous are read like any others and are not themselves checked."""
    sample = SEED.with_name("clean_project.xlsx")
    found = load_references(previous=[sample])
    assert found is not None and found.previous is not None
    now = [replace(one, header={**one.header, "fiscal_year": 2024}) for one in found.previous]
    results = check(Reading(tuple(now)), select=["XFM"], references=found, as_of=DAY)
    assert len(results.forms) == 1 and outcome(Across(results.batch, results.batch_rules), "XFM-011").checked > 3


# all of them


TABLES = "单位|项目|资金项目|决算数(元)\n示例区民政局||项目支出|1.00"
REVIEWS = "单位|项目|复核得分\n示例区党校|培训|60"


def everything() -> tuple[list[Form], list[Form], list[Form]]:
    """Forms in which every rule finds something, with those of last year and the approved ones."""
    text = narrative(11)
    top = family(2)
    top[0] = changed(top[0], "budget_lines", 1, budget="999.00")
    filed = form(kind="project", project="培训", path="filed.xlsx", score="96", result=text, rows=[row("培训人次", "≥50人次", "130人次", weight="9", reason="报名人员因农忙未能到场，下一步错峰开班")], unit="示例区党校")
    last = form(kind="project", project="培训", year=2022, path="last.xlsx", result=text, rows=[row("培训人次", "≥60人次", "100人次", reason="报名人员因农忙未能到场，下一步错峰开班")], unit="示例区党校")
    approved = form(kind="project", project="培训", path="approved.xlsx", rows=[row("培训人次", "≥100人次")], unit="示例区党校")
    pair = [department(rows=[row("城乡低保对象救助人数", "≥100人", "98人")]), project("救助", "600.00", rows=[row("城乡低保对象救助人数", "≥100人", "97人")])]
    short = family(3)
    short = [replace(one, form_id=f"w{n}", header={**one.header, "unit_name": str(one.header["unit_name"]).replace("教育局", "水务局")}) for n, one in enumerate(short)][:-1]
    copied = [form("示例市文旅局", result=text, goal="示例区水务局第一中心全年巡河90次。", path="copy.xlsx")]
    many = [*scored("60", *["100"] * 9), *scored(*["98", "98.1", "98.2", "98.3", "98.4", "98.5", "98.6", "40"])]
    many = [replace(one, form_id=f"{one.form_id}/{n}", header={**one.header, "project_name": f"专项{n}", "form_type": "project" if n < 10 else "transfer"}) for n, one in enumerate(many)]
    return [*top, filed, *pair, *short, *copied, *many], [last], [approved]


def test_every_active_rule_has_a_case_here() -> None:
    """One run in which each rule over several forms finds its fault; a new rule must join it."""
    forms, last, approved = everything()
    made = across(forms, previous=last, approved=approved, table=TABLES)
    reviewed = across(forms, "XFM-012", table=REVIEWS)
    assert {f.rule for f in (*failed(made), *failed(reviewed))} == {rule.id for rule in rules()}


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_forms_does_not_matter(seed: int) -> None:
    """Shuffled inputs give the same findings, word for word, in the same order."""
    forms, last, approved = everything()
    before = across(forms, previous=last, approved=approved)
    random.Random(seed).shuffle(forms)
    assert across(forms, previous=last, approved=approved) == before


def test_findings_are_sound() -> None:
    """No finding is an engine fault: both evaluations agree; fingerprints are distinct and the same in both languages."""
    forms, last, approved = everything()
    zh, en = (across(forms, previous=last, approved=approved, lang=lang) for lang in ("zh", "en"))
    assert not [f for f in zh.findings if f.kind in (Outcome.ERROR, Outcome.REVIEW)]
    assert [f.fingerprint for f in zh.findings] == [f.fingerprint for f in en.findings]
    assert len({f.fingerprint for f in zh.findings}) == len(zh.findings)
    assert all(f.basis and f.message and f.locations[0].role == "primary" for f in zh.findings)
    assert all(len(files(f)) > 1 for f in zh.findings if f.rule not in ("XFM-010", "WGT-009"))
    assert not [f.message for f in en.findings if f.kind is Outcome.FAIL and "{" in f.message]


def test_a_fingerprint_survives_a_new_neighbour() -> None:
    """More forms in the run leave the fingerprints of what was found as they are."""
    forms, last, approved = everything()
    before = {f.fingerprint for f in across(forms, "XFM-001", "XFM-008", "XFM-006", previous=last, approved=approved).findings}
    more = [*forms, form("示例县气象局", result=narrative(77))]
    assert before <= {f.fingerprint for f in across(more, "XFM-001", "XFM-008", "XFM-006", previous=last, approved=approved).findings}


def test_one_form_alone_is_never_passed() -> None:
    """GROUND_TRUTH section 4: what needs other forms is open or not applicable on the seed, with a reason, and finds nothing."""
    forms, _ = forms_of_bytes(SEED.read_bytes(), Source("seed.txt", "0" * 64, "txt", encoding="utf-8"), DEFAULT)
    results = check(Reading(forms), as_of=DAY)
    assert results.batch == ()
    assert {told.rule for told in results.batch_rules} == {rule.id for rule in rules()}
    assert {told.outcome for told in results.batch_rules} <= {Outcome.OPEN, Outcome.NOT_APPLICABLE}
    assert all(told.reason for told in results.batch_rules)


def test_the_library_hands_findings_over() -> None:
    """check() puts findings over several forms into Results.batch and leaves those of single forms alone."""
    forms = family(2)
    forms[0] = changed(forms[0], "budget_lines", 1, budget="1.00")
    results = check(Reading(tuple(forms)), select=["XFM"], as_of=DAY)
    assert [f.rule for f in results.batch] == ["XFM-001"]
    assert all(not found.findings for found in results.forms)


def test_a_profile_parameter_reaches_rules_over_forms() -> None:
    """Parameters are those of the rule: a tighter share flags a target that the default lets pass."""
    from checker.rules.reader import with_params

    rule = next(rule for rule in rules() if rule.id == "XFM-011")
    tight = with_params(rule, {"kept": Decimal("1")})
    now, then = year(2023, rows=[row("培训人次", "≥95人次", "100人次")]), year(2022, rows=[row("培训人次", "≥80人次", "100人次")])
    inputs = Inputs((now,), References(previous=(then,)))
    assert [len(judge_across(inputs, [one], DAY, "zh").findings) for one in (rule, tight)] == [0, 1]


def test_a_comparison_that_crashes_never_looks_like_a_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault while a table is made, or in a rule, is a finding of kind error and exit code 5; the other rules are run."""
    from checker.across import run
    from checker.exit_status import exit_status

    def broken(inputs: Inputs) -> None:
        raise RuntimeError("boom")

    forms = family(2)
    forms[0] = changed(forms[0], "budget_lines", 1, budget="1.00")
    monkeypatch.setattr(run, "MAKERS", {**run.MAKERS, "due": broken})
    results = check(Reading(tuple(forms)), select=["XFM"], as_of=DAY)
    assert [(f.rule, f.kind) for f in results.batch][:2] == [("XFM-004", Outcome.ERROR), ("XFM-001", Outcome.FAIL)]
    assert "boom" in results.batch[0].message and results.batch[0].locations
    assert next(told for told in results.batch_rules if told.rule == "XFM-004").outcome is Outcome.ERROR
    assert exit_status(results, "never") == 5


def test_a_form_in_several_files_counts_once() -> None:
    """The same form as workbook, document and page is one form in a distribution."""
    one = scored("100")[0]
    files_ = [replace(one, form_id=f"{one.form_id}~{n}", source=Source(f"{n}.pdf", str(n), "pdf")) for n in range(9)]
    assert outcome(across(files_, "XFM-009"), "XFM-009").outcome is Outcome.NOT_APPLICABLE
    assert not across(files_).findings


def unread(one: Form, table: str, row_number: int, name: str) -> Form:
    """The form with a cell that holds something nobody can read."""
    empty = changed(one, table, row_number, **{name: None})
    return replace(empty, places={**one.places, (table, row_number, name): Place(Locator(one.source.path, "表", "Z9"), "#REF!", "公式出错")})


def test_a_cell_that_cannot_be_read_is_open_with_its_reason() -> None:
    """An unreadable amount, target, weight or score decides nothing: open, with the reader's reason; never a failure, never a pass."""
    top, *parts = family(2)
    forms, approved = approvals()
    now, then = year(2023, rows=[row("培训人次", "≥80人次", "100人次")]), year(2022, rows=[row("培训人次", "≥80人次", "100人次")])
    cases = [
        across([unread(top, "budget_lines", 1, "budget"), *parts], "XFM-001"),
        across([top, unread(parts[0], "budget_lines", 1, "budget"), parts[1]], "XFM-001"),
        across([unread(forms[0], "indicators", 1, "target")], "XFM-006", approved=approved),
        across([unread(forms[0], "indicators", 1, "weight")], "WGT-009", approved=approved),
        across(forms, "XFM-006", approved=[unread(approved[0], "indicators", 1, "target")]),
        across([now], "XFM-011", previous=[unread(then, "indicators", 1, "actual")]),
        across([unread(department(), "budget_lines", 2, "executed"), project("救助", "900.00")], "XFM-002"),
        across([unread(forms[0], "forms", 1, "total_score")], "XFM-012", table="项目名称|复核得分\n培训|60"),
    ]
    for n, made in enumerate(cases):
        assert not failed(made), n
        assert made.rules[0].outcome in (Outcome.OPEN, Outcome.NOT_APPLICABLE), n
    reasons = [" ".join(f.message for f in made.findings) for made in cases]
    assert all("公式出错" in said for n, said in enumerate(reasons) if n not in (1, 5))
    assert "没有这一数" in reasons[1]


# the parts


LETTERS = "甲乙丙丁戊己庚辛壬癸"


@settings(max_examples=150, deadline=None)
@given(before=st.text(LETTERS, max_size=60), shared=st.text(LETTERS, min_size=SURE, max_size=60), behind=st.text(LETTERS, max_size=60), lead=st.text(LETTERS, max_size=60))
def test_a_shared_passage_always_shares_a_mark(before: str, shared: str, behind: str, lead: str) -> None:
    """Two texts with SURE letters in common have a mark in common, and the longest passage around it is at least that long."""
    one, other = before + shared + behind, lead + shared
    common = marks(one).keys() & marks(other).keys()
    assert common
    _, length = longest(one, other, [(marks(one)[mark], marks(other)[mark]) for mark in common])
    assert length >= SURE


@settings(max_examples=100, deadline=None)
@given(one=st.text(LETTERS + "，。 12,", max_size=80), start=st.integers(0, 79), length=st.integers(0, 80))
def test_masked_passages_lead_back_to_the_words_as_filled(one: str, start: int, length: int) -> None:
    """The words behind a passage of the masked text, masked again, are that passage."""
    text = masked(one)
    passage = text[start : start + length]
    assert masked(original(one, start, len(passage))) == passage


@given(st.lists(st.fractions(), min_size=1, max_size=30))
def test_the_median_is_exact(values: list[Fraction]) -> None:
    """The median is that of the standard library, without rounding."""
    assert median(values) == statistics.median(values)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("上海市闵行区残疾人联合会", "闵行区残疾人联合会", True),
        ("示例省示例市教育局", "示例市教育局", True),
        ("示例市第一中学", "示例市第二中学", False),
        ("甲区教育局", "乙区教育局", False),
        ("教育局", "示例市教育局", False),
        ("", "", False),
    ],
)
def test_units_with_and_without_their_regions(one: str, other: str, same: bool) -> None:
    """A name may leave out the regions another begins with; a bare 教育局 is nobody in particular."""
    assert same_unit(bare(one), bare(other)) is same is same_unit(bare(other), bare(one))


def test_kin_count_only_when_they_make_the_number_right() -> None:
    """闵行区残疾人劳动服务所 is taken for a unit of 闵行区残疾人联合会 when two units are stated and it is the second."""
    lines = [line("财政拨款", "50.00", "50.00")]
    top = form("上海市闵行区残疾人联合会(汇总)", count=2, lines=[line("财政拨款", "100.00", "100.00")])
    own, kin, other = (form(name, lines=lines) for name in ("上海市闵行区残疾人联合会(本级)", "上海市闵行区残疾人劳动服务所", "上海市闵行区教育局"))
    assert outcome(across([top, own, kin, other], "XFM-001"), "XFM-001").outcome is Outcome.PASS
    assert outcome(across([top, own, other], "XFM-001"), "XFM-001").outcome is Outcome.OPEN

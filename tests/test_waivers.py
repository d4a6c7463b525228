"""Waivers: what is valid, what they cover, when they end, and that none of them lapses in silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import results_factory as factory
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.errors import RuleError, UsageError
from checker.exit_status import exit_status
from checker.model import Outcome, Results, RuleInfo, Severity, Verdict
from checker.settle import change, waivers
from checker.verdict import load_policy

POLICY = load_policy(Path(__file__).parents[1] / "rules" / "policy.yaml", "rules/policy.yaml")
RULES: tuple[RuleInfo, ...] = (*factory.RULES.values(), replace(factory.RULES["WGT-001"], id="WGT-900", waivable=False))
DED = "DED-001"

ENTRY = """\
- rule: DED-001
  form: minhang_dpf_2023
  row: {row}
  reason: 原因已在附件说明
  requested_by: 王报
  approved_by: 李审
  approved_on: 2024-04-01
  expires: 2024-06-30
"""


def name_of(results: Results, rule: str) -> str:
    form = results.forms[0]
    finding = next(f for f in form.findings if f.rule == rule)
    return change.row_names(form, finding)[0]


def on_day(results: Results, day: str) -> Results:
    return replace(results, as_of=date.fromisoformat(day))


def entry(**changes: str | None) -> str:
    seed = factory.seed()
    lines = ENTRY.format(row=name_of(seed, DED)).splitlines()
    values = {line[2:].split(": ", 1)[0]: line[2:].split(": ", 1)[1] for line in lines}
    values.update({key: value for key, value in changes.items() if value is not None})
    kept = [f"{key}: {value}" for key, value in values.items() if key not in changes or changes[key] is not None]
    return "- " + "\n  ".join(kept) + "\n"


def read(text: str, **options: object) -> tuple[waivers.Waiver, ...]:
    return waivers.loads(text, "waivers.yaml", RULES, **options)  # type: ignore[arg-type]


def faults(text: str, **options: object) -> tuple[str, ...]:
    with pytest.raises(RuleError) as caught:
        read(text, **options)
    assert caught.value.exit_code == 4
    return caught.value.faults


def of_rule(results: Results, rule: str) -> list:
    return [finding for finding in results.forms[0].findings if finding.rule == rule]


def states(uses: Iterable[waivers.Use]) -> list[str]:
    return [use.state for use in uses]


# ---- what covers what


def test_a_waived_finding_stays_marked_and_no_longer_counts() -> None:
    """The finding keeps its place in the results with reason, names and end; exit code and verdict leave it out."""
    seed = factory.seed()
    only = replace(seed, forms=(replace(seed.forms[0], findings=tuple(of_rule(seed, DED))),))
    results, uses = waivers.apply(only, read(entry()), POLICY)
    (finding,) = results.forms[0].findings
    assert states(uses) == ["used"]
    assert finding.waiver is not None
    assert finding.waiver["reason"] == "原因已在附件说明"
    assert (finding.waiver["requested_by"], finding.waiver["approved_by"], finding.waiver["until"]) == ("王报", "李审", "2024-06-30")
    assert exit_status(only, "error") == 1
    assert exit_status(results, "error") == 0
    assert (only.forms[0].verdict, results.forms[0].verdict) == (Verdict.RETURN, Verdict.ACCEPT)


def test_other_findings_are_untouched() -> None:
    """A waiver for one row of one rule changes nothing else."""
    seed = factory.seed()
    results, _ = waivers.apply(seed, read(entry()), POLICY)
    for before, after in zip(seed.forms[0].findings, results.forms[0].findings, strict=True):
        assert (before == after) == (before.rule != DED)
    assert results.forms[0].verdict is Verdict.RETURN


@pytest.mark.parametrize(("day", "state"), [("2024-03-31", "future"), ("2024-04-01", "used"), ("2024-06-30", "used"), ("2024-07-01", "expired")])
def test_first_and_last_day_are_included(day: str, state: str) -> None:
    """A waiver holds on the day it was approved and on the day it ends, not a day more on either side."""
    results, uses = waivers.apply(on_day(factory.seed(), day), read(entry()), POLICY)
    assert states(uses) == [state]
    assert (of_rule(results, DED)[0].waiver is not None) == (state == "used")


def test_expired_is_said() -> None:
    """An expired waiver is told with file, line, rule, form, row and day, and the finding counts again."""
    results, _ = waivers.apply(on_day(factory.seed(), "2024-07-01"), read(entry()), POLICY)
    (note,) = results.notes
    assert note.startswith("waivers.yaml:1 DED-001 minhang_dpf_2023 · ")
    assert note.endswith("豁免已于 2024-06-30 到期，问题重新计入")
    assert exit_status(results, "error") == 1
    english, _ = waivers.apply(on_day(factory.seed("en"), "2024-07-01"), read(entry()), POLICY)
    assert english.notes[0].endswith("waiver expired on 2024-06-30, the finding counts again")


def test_ending_soon_is_said() -> None:
    """Two weeks before its end a waiver that is used is told; before that it is silent."""
    quiet, _ = waivers.apply(on_day(factory.seed(), "2024-06-15"), read(entry()), POLICY)
    told, _ = waivers.apply(on_day(factory.seed(), "2024-06-16"), read(entry()), POLICY)
    assert quiet.notes == ()
    assert told.notes[0].endswith("豁免将于 2024-06-30 到期")


def test_renewed_waiver_silences_the_expired_one() -> None:
    """An expired entry that a later one continues stays in the file as history and is not reported."""
    text = entry() + entry(approved_on="2024-07-01", expires="2024-12-31")
    results, uses = waivers.apply(on_day(factory.seed(), "2024-07-15"), read(text), POLICY)
    assert states(uses) == ["expired", "used"]
    assert results.notes == ()
    assert of_rule(results, DED)[0].waiver is not None


@pytest.mark.parametrize("value", ['"5人"', '""'])
def test_a_waiver_lapses_when_its_value_changes(value: str) -> None:
    """A waiver given for a value covers that value only; another value brings the finding back, and that is said."""
    seed = factory.seed()
    shown = change.value_of(of_rule(seed, DED)[0])
    results, uses = waivers.apply(seed, read(entry(value=value)), POLICY)
    holds = value.strip('"') == shown
    assert states(uses) == ["used" if holds else "lapsed"]
    assert (of_rule(results, DED)[0].waiver is not None) == holds
    assert any("数值已改变" in note for note in results.notes) != holds


def test_a_waiver_lapses_with_any_cell_the_finding_rests_on() -> None:
    """The digest covers every cell used, not only the one pointed at."""
    seed = factory.seed()
    form = seed.forms[0]
    findings = tuple(replace(f, value_digest="aaaa") if f.rule == DED else f for f in form.findings)
    seed = replace(seed, forms=(replace(form, findings=findings),))
    _, same = waivers.apply(seed, read(entry(value_digest="aaaa")), POLICY)
    _, other = waivers.apply(seed, read(entry(value_digest="bbbb")), POLICY)
    assert (states(same), states(other)) == (["used"], ["lapsed"])


def test_unused_is_said_and_forms_outside_the_run_are_counted() -> None:
    """A waiver without its finding is told; those for forms or rules that are not in this run are counted in one line, expired ones too."""
    seed = factory.seed()
    gone = entry(rule="SCO-001")
    elsewhere = entry(form="2023-别的单位-department")
    old = entry(form="2022-别的单位-department", approved_on="2022-01-01", expires="2022-02-01")
    results, uses = waivers.apply(seed, read(gone + elsewhere + old), POLICY)
    assert states(uses) == ["unused", "elsewhere", "elsewhere"]
    assert results.notes[0].endswith("豁免没有对应的问题，请删去")
    assert results.notes[1].startswith("2 条豁免所指的表或规则不在本次审核中")
    assert all(use.waiver.place in results.notes[1] for use in uses[1:])


def test_a_row_name_that_fits_two_rows_covers_none() -> None:
    """A name two rows share is ambiguous: neither is waived and it is said; the fingerprint tells them apart."""
    seed = factory.seed()
    form = seed.forms[0]
    finding = of_rule(seed, DED)[0]
    at = finding.locations[0]
    twin = replace(finding, fingerprint="f" * 16, locations=(replace(at, row=at.row + 1), *finding.locations[1:]))
    rows = list(form.form.indicators)
    rows[at.row] = {**rows[at.row], "name": rows[at.row - 1]["name"], "level2": rows[at.row - 1]["level2"], "level1": rows[at.row - 1]["level1"]}
    doubled = replace(form, form=replace(form.form, indicators=tuple(rows)), findings=(finding, twin))
    results, uses = waivers.apply(replace(seed, forms=(doubled,)), read(entry()), POLICY)
    assert states(uses) == ["ambiguous"]
    assert all(f.waiver is None for f in results.forms[0].findings)
    assert "fingerprint" in results.notes[0]
    exact, uses = waivers.apply(replace(seed, forms=(doubled,)), read(entry(fingerprint="f" * 16)), POLICY)
    assert states(uses) == ["used"]
    assert [f.waiver is not None for f in exact.forms[0].findings] == [False, True]


def test_without_a_row_only_findings_about_the_form_are_covered() -> None:
    """A waiver that names no row never covers a row: a new faulty row can't slip in under it."""
    seed = factory.seed()
    _, uses = waivers.apply(seed, read(entry(row=None)), POLICY)
    assert states(uses) == ["unused"]
    results, uses = waivers.apply(seed, read(entry(row=None, rule="STR-010") + entry(row=None, rule="ACH-006")), POLICY)
    assert states(uses) == ["used", "used"]
    assert of_rule(results, "STR-010")[0].waiver is not None


def test_engine_faults_cannot_be_waived() -> None:
    """A rule that crashed stays an error, whatever the waivers say."""
    seed = factory.seed()
    form = seed.forms[0]
    broken = tuple(replace(f, kind=Outcome.ERROR) if f.rule == DED else f for f in form.findings)
    results, uses = waivers.apply(replace(seed, forms=(replace(form, findings=broken),)), read(entry()), POLICY)
    assert states(uses) == ["unused"]
    assert exit_status(results, "never") == 5


# ---- what is valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry(approved_by="王报"), "waivers.yaml:6 approved_by: 王报 asked for this waiver"),
        (entry(approved_by="' 王 报 '"), "asked for this waiver"),
        (entry(requested_by="Li", approved_by="ＬＩ"), "asked for this waiver"),
        (entry(expires=None), "waivers.yaml:1 expires: missing"),
        (entry(reason=None), "waivers.yaml:1 reason: missing"),
        (entry(reason="'　'"), "waivers.yaml:4 reason: must be a text"),
        (entry(expires="2024-02-30"), "waivers.yaml:8 expires: '2024-02-30' is not a day"),
        (entry(expires="20240630"), "is not a day, write YYYY-MM-DD"),
        (entry(expires="2024-6-30"), "is not a day"),
        (entry(expires="2024-03-31"), "is before approved_on"),
        (entry(expires="2025-04-03"), "367 days from approval, at most 366 (2025-04-02)"),
        (entry(rule="DED-01"), 'no rule \'DED-01\' (did you mean "DED-001"?)'),
        (entry(rule="WGT-900"), "WGT-900 can't be waived"),
        (entry(expire="2024-06-30"), 'unknown key (did you mean "expires"?)'),
        (entry(reason="[a, b]"), "reason: must be a text"),
        ("rule: DED-001\n", "must be a list of waivers"),
        ("- just text\n", "must be a mapping"),
        ("text", "must be a list of waivers"),
        (entry() + entry(), "overlapping days"),
        (entry() + entry(approved_on="2024-06-30", expires="2024-07-30"), "overlapping days"),
        (entry() + "  expires: 2030-01-01\n", "written twice"),
    ],
)
def test_faults(text: str, said: str) -> None:
    """Each fault is refused with file, line, key and what to do."""
    assert any(said in fault for fault in faults(text)), faults(text)


def test_all_faults_at_once() -> None:
    """Every fault of every entry is told in one go."""
    listed = faults(entry(approved_by="王报", expires="never") + entry(rule="XXX-001", reason=None))
    assert len(listed) == 4
    assert all(line.startswith("waivers.yaml:") for line in listed)


def test_longest_span_is_configurable() -> None:
    """The longest time from approval to end is the configuration's, to the day."""
    assert read(entry(), longest_days=90)
    assert "at most 89" in faults(entry(), longest_days=89)[0]


def test_approvers_can_be_named() -> None:
    """When the configuration names who may approve, nobody else can."""
    assert read(entry(), approvers=("李 审", "赵"))
    assert "not among the approvers" in faults(entry(), approvers=("赵",))[0]


def test_an_empty_file_is_no_waiver() -> None:
    """An empty file and an empty list hold no waivers."""
    assert read("") == read("[]\n") == read("# nothing yet\n") == ()


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """A waiver file that is named and not there ends the run: it is not the same as none."""
    with pytest.raises(RuleError):
        waivers.load(tmp_path / "waivers.yaml", RULES)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_waivers_or_a_rule_error(text: str) -> None:
    """Whatever a waiver file holds, it is read or refused with faults; nothing else is raised."""
    try:
        read(text)
    except RuleError as error:
        assert error.faults


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 500), st.integers(-10, 510))
def test_holds_exactly_between_its_days(start: date, span: int, offset: int) -> None:
    """For any approval, span and day of run, a waiver covers its finding exactly when the day lies between both ends."""
    text = entry(approved_on=start.isoformat(), expires=(start + timedelta(days=span)).isoformat())
    if span > waivers.LONGEST_DAYS:
        assert faults(text)
        return
    seed = replace(factory.seed(), as_of=start + timedelta(days=offset))
    results, _ = waivers.apply(seed, read(text), POLICY)
    assert (of_rule(results, DED)[0].waiver is not None) == (0 <= offset <= span)


# ---- writing one


def drafted(results: Results, rule: str, **changes: str) -> waivers.Waiver:
    finding = of_rule(results, rule)[0]
    values = {"reason": '口径"已"批复: # 见附件', "requested_by": "王报", "approved_by": "李审", **changes}
    return waivers.draft(results, finding.fingerprint, approved_on=date(2024, 4, 1), expires=date(2024, 6, 30), **values)


@pytest.mark.parametrize("rule", sorted({finding.rule for finding in factory.seed().forms[0].findings}))
def test_a_written_waiver_covers_its_finding(rule: str) -> None:
    """`add` writes what `load` reads and `apply` uses, for findings on rows, on many rows and on the form."""
    seed = factory.seed()
    text = waivers.add("", drafted(seed, rule), "waivers.yaml", RULES)
    results, uses = waivers.apply(seed, read(text), POLICY)
    assert states(uses) == ["used"]
    assert sum(f.waiver is not None for f in results.forms[0].findings) == 1


def test_adding_keeps_what_is_there() -> None:
    """Comments, order and indentation of the file stay; the entry comes at the end."""
    text = "# 经办：王报\n" + "".join(f"  {line}\n" for line in entry().splitlines()) + "  # 以下为新增"
    made = waivers.add(text, drafted(factory.seed(), "STR-010"), "waivers.yaml", RULES)
    assert made.startswith(text + "\n")
    assert [waiver.rule for waiver in read(made)] == [DED, "STR-010"]


def test_adding_what_is_not_allowed_writes_nothing() -> None:
    """The wrong approver, a span too long or a finding waived already is refused before anything is written."""
    seed = factory.seed()
    with pytest.raises(RuleError, match="asked for this waiver"):
        waivers.add("", drafted(seed, DED, approved_by="王报"), "waivers.yaml", RULES)
    once = waivers.add("", drafted(seed, DED), "waivers.yaml", RULES)
    with pytest.raises(RuleError, match="overlapping"):
        waivers.add(once, drafted(seed, DED), "waivers.yaml", RULES)


@pytest.mark.parametrize("fingerprint", ["", "0000", "00000000ffffffff", "x" * 100])
def test_drafting_needs_one_finding(fingerprint: str) -> None:
    """An unknown or too short fingerprint is refused."""
    with pytest.raises(UsageError, match="fingerprint"):
        waivers.draft(factory.seed(), fingerprint, reason="x", requested_by="a", approved_by="b", approved_on=date(2024, 1, 1), expires=date(2024, 2, 1))


def test_listing_sorts_by_end() -> None:
    """The list shows the first to end first, with its state on that day."""
    text = waivers.listing(read(entry() + entry(rule="STR-010", row=None, expires="2024-05-01")), date(2024, 5, 2), "zh")
    assert [line.split()[:3] for line in text.splitlines()] == [["2024-05-01", "已到期", "STR-010"], ["2024-06-30", "有效", DED]]


def test_the_day_is_chinas() -> None:
    """Today is the day in China: at 16:30 UTC it is already tomorrow there."""
    assert change.today(datetime(2024, 6, 30, 15, 59, tzinfo=UTC)) == date(2024, 6, 30)
    assert change.today(datetime(2024, 6, 30, 16, 0, tzinfo=UTC)) == date(2024, 7, 1)


@pytest.mark.parametrize("text", [*factory.HOSTILE, "😀\x00", "a: b # c", "- x", "\\U00000041"], ids=ascii)
def test_a_waiver_for_a_hostile_row_reads_back(text: str) -> None:
    """Whatever a row's name or value holds, a waiver written for it reads back and covers it alone."""
    results = factory.hostile(text)
    form = results.forms[0]
    results = replace(results, forms=(replace(form, form=replace(form.form, form_id="f"), findings=tuple(replace(f, waiver=None, value_digest="d") for f in form.findings)),))
    rules = (replace(results.ruleset.rules[0], severity=Severity.ERROR),)
    finding = results.forms[0].findings[0]
    made = waivers.draft(results, finding.fingerprint, reason="x", requested_by="a", approved_by="b", approved_on=date(2024, 4, 1), expires=date(2024, 5, 1))
    back = waivers.loads(waivers.add("", made, "w.yaml", rules), "w.yaml", rules)
    marked, uses = waivers.apply(results, back, POLICY)
    assert states(uses) == ["used"]
    assert [f.waiver is not None for f in marked.forms[0].findings] == [True, False, False]


# ---- what findings are about


def located(rule: str, table: str, *rows: int) -> tuple[Results, object]:
    seed = factory.seed()
    finding = of_rule(seed, rule)[0]
    at = replace(finding.locations[0], table=table)
    return seed, replace(finding, locations=tuple(replace(at, row=row) for row in rows))


def test_the_value_of_a_finding_is_the_cell_it_points_at() -> None:
    """The first primary cell's text is the value, whatever other cells it uses; without a cell the reported one is."""
    seed = factory.seed()
    assert change.value_of(of_rule(seed, "ACH-005")[0]) == "达成指标"
    assert change.value_of(of_rule(seed, DED)[0]) == ""
    turned = replace(of_rule(seed, DED)[0], locations=of_rule(seed, DED)[0].locations[::-1])
    assert change.value_of(turned) == ""
    nowhere = replace(of_rule(seed, "ACH-005")[0], locations=(), reported="98.75")
    assert change.value_of(nowhere) == "98.75"
    assert change.value_of(replace(nowhere, reported=None)) == ""


@pytest.mark.parametrize(
    ("table", "row", "names"),
    [
        ("indicators", 1, 2),
        ("indicators", 58, 3),
        ("indicators", 59, 0),
        ("indicators", 0, 0),
        ("budget_lines", 3, 1),
        ("indicator_groups", 3, 2),
        ("indicator_groups", 1, 1),
        ("forms", 1, 0),
    ],
)
def test_row_names_by_table(table: str, row: int, names: int) -> None:
    """A row goes by its name, with its levels before it; budget lines by their label; rows that are not there by none."""
    seed, finding = located(DED, table, row)
    found = change.row_names(seed.forms[0], finding)  # type: ignore[arg-type]
    assert len(found) == names
    expected = {("budget_lines", 3): "基本支出", ("indicator_groups", 3): "数量指标", ("indicator_groups", 1): "投入管理指标"}
    if (table, row) == ("indicators", 58):
        last = seed.forms[0].form.indicators[57]
        assert found == (last["name"], f"{last['level2']}/{last['name']}", f"{last['level1']}/{last['level2']}/{last['name']}")
    elif (table, row) in expected:
        assert found[0] == expected[table, row]


def test_many_rows_have_no_name() -> None:
    """A finding over several rows, or over the batch, is about no single row."""
    seed, finding = located(DED, "indicators", 1, 2)
    assert change.row_names(seed.forms[0], finding) == ()  # type: ignore[arg-type]
    assert change.row_names(None, of_rule(seed, DED)[0]) == ()


def test_a_null_value_is_a_blank_cell() -> None:
    """`value:` with nothing after it names the blank cell, and lapses when something is written there."""
    assert read(entry(value=""))[0].value == ""
    _, uses = waivers.apply(factory.seed(), read(entry(value="")), POLICY)
    assert states(uses) == ["used"]
    form = factory.seed().forms[0]
    filled = tuple(replace(f, locations=(replace(f.locations[0], text="已补"), *f.locations[1:])) if f.rule == DED else f for f in form.findings)
    _, uses = waivers.apply(replace(factory.seed(), forms=(replace(form, findings=filled),)), read(entry(value="")), POLICY)
    assert states(uses) == ["lapsed"]


@pytest.mark.parametrize(("day", "word"), [("2024-03-31", "not yet"), ("2024-04-01", "holds"), ("2024-06-30", "holds"), ("2024-07-01", "expired")])
def test_listing_tells_the_state_to_the_day(day: str, word: str) -> None:
    """The list has the state of the day, both ends included."""
    assert f"  {word}  " in waivers.listing(read(entry()), date.fromisoformat(day), "en")


def test_a_waiver_file_is_read_from_disk(tmp_path: Path) -> None:
    """`load` reads what `loads` reads, and names the file in its places."""
    path = tmp_path / "waivers.yaml"
    path.write_text(entry(), encoding="utf-8")
    (found,) = waivers.load(path, RULES)
    assert found.place == f"{path}:1"
    assert replace(found, place="") == replace(read(entry())[0], place="")

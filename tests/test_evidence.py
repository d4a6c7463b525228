"""Evidence: dated events from a table, joined to indicators, judged against deadlines and calendar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from checker import readings
from checker.errors import ReadError, RuleError
from checker.evidence import read_calendar, read_events, template
from checker.model import Form, Source
from checker.readings import Evidence, unmatched
from checker.tables.frames import tables
from checker.values.calendar import NATIONAL, Overrides
from checker.values.events import Event, kind_of, order_faults

FILM = "电影播放及时性"
TRAINING = "培训完成及时性"
PENSION = "城镇重残无业人员养老补助划拨及时性"
INSURANCE = "残车保险投保及时性"
HELP = "农村困难残疾人帮扶及时性"

ROWS = (
    (TRAINING, "及时（11月之前）"),
    (PENSION, "及时（每月25日，周末顺延）"),
    (INSURANCE, "及时（每季度首月）"),
    (HELP, "及时（自申请之日起15个工作日内完成发放）"),
)


def _form(year: int = 2023, unit: str = "甲单位") -> Form:
    rows = tuple({"level1": "产出指标", "level2": "时效指标", "name": name, "target": target, "weight": Decimal("0.50"), "score": Decimal("0.50")} for name, target in ROWS)
    return Form(unit, Source(unit, "", "json"), {"fiscal_year": year, "unit_name": unit}, indicators=rows)


def _judge(lines: list[str], name: str, overrides: Overrides = NATIONAL, year: int = 2023) -> dict[str, object]:
    events = tuple(_event(line) for line in lines)
    made = readings.add(tables([_form(year)]), None, Evidence(events, overrides)).indicators
    return made.row([n for n, _ in ROWS].index(name), named=True)


def _event(line: str) -> Event:
    name, case, kind, first, *last = line.split(",")
    found = kind_of(kind)
    assert found is not None
    return Event(name, found, date.fromisoformat(first), date.fromisoformat(last[0] if last else first), case)


@pytest.mark.parametrize(
    ("done", "strict", "lenient"),
    [(("2023-10-31",), False, False), (("2023-11-20",), True, False), (("2023-12-01",), True, True), (("2023-11-01", "2023-11-30"), None, False), (("2023-10-15", "2023-11-14"), None, False), (("2023-11-15", "2023-12-14"), True, None)],
)
def test_point_under_both_readings(done: tuple[str, ...], strict: bool | None, lenient: bool | None) -> None:
    """A date is late strictly, under every reading, or undecided when its interval straddles the limit or a month is all that is known (11月 against 11月之前)."""
    row = _judge([f"{TRAINING},,completed,{','.join(done)}"], TRAINING)
    assert (row["late_strict"], row["late_lenient"]) == (strict, lenient)
    assert row["event_to"] == date.fromisoformat(done[-1])


def _payments(**other: str) -> list[str]:
    days = {m: f"2023-{m:02}-25" for m in range(1, 13)} | {2: "2023-02-27", 3: "2023-03-27", 11: "2023-11-27"}
    days |= {int(key[1:]): day for key, day in other.items()}
    return [f"{PENSION},,paid,{day}" for day in days.values() if day]


def test_twelve_payments_on_time() -> None:
    """Twelve payments on the rolled days miss nothing and are not late."""
    row = _judge(_payments(), PENSION)
    assert (row["missing_period_count"], row["missing_periods"], row["late_periods"]) == (0, None, None)


@pytest.mark.parametrize("day", ["2023-06-25", "2023-06-26"])
def test_payment_on_a_working_sunday_is_on_time(day: str) -> None:
    """Both the official day and the literal Monday are on time."""
    assert _judge(_payments(m6=day), PENSION)["late_periods"] is None


def test_payment_after_the_spring_festival_is_on_time() -> None:
    """2023-01-28 is the next official working day after the holiday the rule is silent on; the 29th is late."""
    assert _judge(_payments(m1="2023-01-28"), PENSION)["late_periods"] is None
    assert "2023年1月" in str(_judge(_payments(m1="2023-01-29"), PENSION)["late_periods"])


def test_month_without_payment_is_missing() -> None:
    """A month without an event is named; a late one too."""
    row = _judge(_payments(m7="", m9="2023-09-27"), PENSION)
    assert (row["missing_period_count"], row["missing_periods"]) == (1, "2023年7月")
    assert str(row["late_periods"]).startswith("2023年9月")


def test_quarter_without_insurance_is_missing() -> None:
    """每季度首月 with January, April and July only misses the fourth quarter; May is outside its window."""
    base = [f"{INSURANCE},,held,2023-{m}-10" for m in ("01", "04", "07")]
    row = _judge(base, INSURANCE)
    assert (row["missing_period_count"], row["missing_periods"], row["late_periods"]) == (1, "2023年第4季度", None)
    late = _judge([base[0], f"{INSURANCE},,held,2023-05-10", base[2], f"{INSURANCE},,held,2023-10-31"], INSURANCE)
    assert late["missing_periods"] is None and "第2季度" in str(late["late_periods"])


def _case(case: str, applied: str, paid: str) -> list[str]:
    return [f"{HELP},{case},applied,{applied}"] + ([f"{HELP},{case},paid,{paid}"] if paid else [])


def test_fifteen_working_days_by_case() -> None:
    """The fifteenth working day is on time, the sixteenth late by one; the worst case is told; an open case is undecided."""
    row = _judge([*_case("A", "2023-09-18", "2023-10-13"), *_case("B", "2023-09-18", "2023-10-16"), *_case("C", "2023-03-01", "")], HELP)
    assert (row["case_count"], row["cases_late"], row["cases_undecided"]) == (3, 1, 1)
    assert row["worst_case_days"] == 16 and str(row["worst_case"]).startswith("B：")


def test_unknown_calendar_is_undecided() -> None:
    """A case that runs into a year without a notice is undecided, never counted Monday to Friday; then “none late” is not known either, so that nothing passes by it."""
    row = _judge(_case("A", "2026-12-28", "2027-01-12"), HELP, year=2026)
    assert (row["case_count"], row["cases_late"], row["cases_undecided"]) == (1, None, 1)


def test_regional_holiday_moves_the_limit() -> None:
    """A regional rest day makes the sixteenth national working day the fifteenth there."""
    case = _case("A", "2023-09-18", "2023-10-16")
    assert _judge(case, HELP)["cases_late"] == 1
    assert _judge(case, HELP, Overrides(rest=frozenset({date(2023, 9, 20)})))["cases_late"] == 0


def test_order_year_and_rest_days() -> None:
    """Payment before application, events of another year and payments on rest days are told."""
    row = _judge([f"{HELP},A,applied,2023-05-08", f"{HELP},A,paid,2023-05-06", f"{HELP},B,applied,2022-12-30", f"{HELP},B,paid,2023-01-01"], HELP)
    assert row["order_fault"] == "A：支付 2023-05-06 早于 申请 2023-05-08"
    assert row["events_outside_year"] == "B：申请 2022-12-30"
    assert row["payments_on_rest_days"] == "B：支付 2023-01-01"  # 2023-05-06 is a make-up Saturday


def test_order_needs_certainty_and_the_last_payment() -> None:
    """Month precision that may fit and an advance before the contract's last payment break nothing."""
    assert order_faults([_event("x,A,applied,2023-05-08"), _event("x,A,paid,2023-05-01,2023-05-31")]) == []
    assert order_faults([_event("x,A,contract,2023-05-08"), _event("x,A,paid,2023-04-01"), _event("x,A,paid,2023-06-01")]) == []
    assert order_faults([_event("x,A,contract,2023-05-08"), _event("x,A,acceptance,2023-05-01")]) != []


def test_without_evidence_everything_is_null() -> None:
    """No evidence, or none for an indicator, leaves null, so nothing passes by it."""
    from checker.readings.evidence import MAKES

    bare = readings.add(tables([_form()])).indicators
    assert all(bare[name].null_count() == bare.height for name in MAKES)
    other = _judge([f"{TRAINING},,completed,2023-10-01"], HELP)
    assert all(other[name] is None for name in MAKES)


def test_events_of_a_named_unit_count_for_it_only() -> None:
    """The form column limits an event to one unit of the batch."""
    event = Event(TRAINING, "completed", date(2023, 12, 1), date(2023, 12, 1), form="乙单位")
    made = readings.add(tables([_form(), _form(unit="乙单位")]), None, Evidence((event,))).indicators
    assert made["late_lenient"].to_list() == [None] * 4 + [True] + [None] * 3


def test_unmatched_events_are_returned() -> None:
    """Events of indicators no form has are not lost silently."""
    events = (_event(f"{TRAINING},,completed,2023-10-01"), _event("别的指标,,paid,2023-10-01"))
    assert [e.indicator for e in unmatched(tables([_form()]), events)] == ["别的指标"]


CSV = f"指标,编号,事项,日期,凭证号\n{HELP},A-1,申请,2023-09-18,\n{HELP},A-1,发放,2023年10月16日,沪财1号\n\n{HELP},A-2,paid,2023年10月,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_events_from_csv(tmp_path: Path, encoding: str) -> None:
    """Chinese or English headings and kinds, day and month precision, common encodings; places are kept."""
    path = tmp_path / "events.csv"
    path.write_text(CSV, encoding=encoding)
    events = read_events(path)
    assert [(e.kind, e.case, e.first.isoformat(), e.last.isoformat(), e.document) for e in events] == [
        ("applied", "A-1", "2023-09-18", "2023-09-18", ""), ("paid", "A-1", "2023-10-16", "2023-10-16", "沪财1号"), ("paid", "A-2", "2023-10-01", "2023-10-31", ""),
    ]  # fmt: skip
    assert all(e.place for e in events)


def test_events_from_xlsx_with_date_cells(tmp_path: Path) -> None:
    """Date cells of a workbook are read as dates."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["indicator", "case", "event", "date", "document", "form"])
    book.active.append([HELP, "A", "applied", date(2023, 9, 18), None, None])
    book.active.append([HELP, "A", "支付", "2023/10/13", "001", "甲单位"])
    book.save(tmp_path / "events.xlsx")
    events = read_events(tmp_path / "events.xlsx")
    assert [(e.kind, e.first.isoformat(), e.form) for e in events] == [("applied", "2023-09-18", ""), ("paid", "2023-10-13", "甲单位")]


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "没有表头"), ("indicator,event,date\n", "没有事件"), ("indicator,event,date\nx,飞行,2023-01-01\n", "不认识的事项"), ("indicator,event,date\nx,paid,2023-02-30\n", "2023-02-30"), ("indicator,event,date\nx,paid,10月\n", "10月"), ("indicator,event,date\n,paid,2023-01-01\n", "缺 indicator")],
)
def test_faulty_tables_say_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    """A table that cannot be read stops with one line that names the place; nothing is dropped silently."""
    path = tmp_path / "events.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as fault:
        read_events(path)
    assert said in str(fault.value) and "\n" not in str(fault.value)


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is a ReadError."""
    with pytest.raises(ReadError):
        read_events(tmp_path / "none.csv")


def test_template_is_read_back(tmp_path: Path) -> None:
    """The template has the heading; filled in, it is read."""
    path = tmp_path / "events.csv"
    text = template([TRAINING, 'with "quotes", and comma'])
    path.write_text(text.replace(",,,,,\r\n", ",,paid,2023-01-05,,\r\n"), encoding="utf-8")
    assert [e.indicator for e in read_events(path)] == [TRAINING, 'with "quotes", and comma']


def test_calendar_files(tmp_path: Path) -> None:
    """A calendar file gives rest and working days and complete years; files are joined."""
    one, two = tmp_path / "a.yaml", tmp_path / "b.yaml"
    one.write_text("region: 广西\nsource: 通知\nrest: [2023-04-21]\n", encoding="utf-8")
    two.write_text("source: 通知\nyears: [2031]\nwork: [2031-01-04]\nrest: [2031-01-01]\n", encoding="utf-8")
    made = read_calendar([one, two])
    assert made == Overrides(frozenset({date(2023, 4, 21), date(2031, 1, 1)}), frozenset({date(2031, 1, 4)}), frozenset({2031}))


def test_calendar_faults_are_all_told(tmp_path: Path) -> None:
    """Wrong dates, years and keys and a missing source are told together, with file and line."""
    path = tmp_path / "a.yaml"
    path.write_text("rest: [2023-04-31]\nyears: [23]\nholidays: []\nwork: [2023-05-01]\n", encoding="utf-8")
    with pytest.raises(RuleError) as fault:
        read_calendar([path])
    assert len(fault.value.faults) == 4 and all("a.yaml:" in line for line in fault.value.faults)

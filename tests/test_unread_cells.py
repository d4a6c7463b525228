"""What nobody could read nobody has checked: no form with such a cell is recommended for acceptance, whoever asks for the cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from checker import api, screen
from checker.audit import audit
from checker.cli import cli
from checker.fields import BY_TABLE
from checker.model import FieldValue, Form, FormResult, Outcome, Place, PlaceKey, Results, Severity, Verdict
from checker.readers.limits import DEFAULT
from checker.render import gitlab, workbook
from checker.render.told import unread_alone
from checker.resources import rules_dir
from checker.screen import Setting
from checker.settle import baseline
from checker.verdict import load_policy

SAMPLES = Path(__file__).resolve().parent.parent / "sample_forms"
CLEAN = ("clean_project.xlsx", "clean_hubei.xlsx", "clean_sichuan.xlsx", "clean_department.xlsx")
AS_OF = date(2024, 4, 18)
RULES = api.load_rules()
POLICY = load_policy(rules_dir() / "policy.yaml", "rules/policy.yaml")


@pytest.fixture(scope="module")
def accepted() -> tuple[Form, ...]:
    """The forms that are accepted as they are."""
    forms = tuple(api.read([str(SAMPLES / name) for name in CLEAN]).forms)
    assert [made.verdict for made in checked(*forms).forms] == [Verdict.ACCEPT] * len(CLEAN)
    return forms


def checked(*forms: Form) -> Results:
    """Judge forms in words."""
    return audit(forms, RULES, as_of=AS_OF)


def with_value(form: Form, key: PlaceKey, value: FieldValue, unread: str | None = None) -> Form:
    """Return the form with another value in a field, or with none and the reason why it cannot be read."""
    table, row, name = key
    rows: list[Mapping[str, FieldValue]] = [form.header] if table == "forms" else list(getattr(form, table))
    rows[row - 1] = {field: held for field, held in rows[row - 1].items() if field != name} | ({} if value is None else {name: value})
    made = replace(form, form_id="·".join(map(str, (form.form_id, *key))), places={**form.places, key: replace(form.places[key], unread=unread)})
    return replace(made, header=rows[0]) if table == "forms" else replace(made, **{table: tuple(rows)})


def probed(form: Form) -> list[PlaceKey]:
    """Return every result of a form, and one cell of each other field."""
    first: dict[tuple[str, str], PlaceKey] = {}
    for key in form.places:
        if key[2] in BY_TABLE[key[0]]:
            first.setdefault((key[0], key[2]), key)
    return [*first.values(), *(key for key in form.places if key[2] == "actual" and key not in first.values())]


def told(form: FormResult) -> list[PlaceKey]:
    """Return the fields of the unread cells of a form."""
    return [(at.table, at.row, at.field) for at in form.unread]


def test_no_form_with_an_unread_cell_is_accepted(accepted: tuple[Form, ...]) -> None:
    """Whichever cell cannot be read, one by one, the form goes to a person or back, in words and without; the cell is named."""
    broken = [with_value(form, key, None, "读不出") for form in accepted for key in probed(form)]
    assert len(broken) > 100
    results = checked(*broken)
    assert [made.form.form_id for made in results.forms if made.verdict is Verdict.ACCEPT or len(made.unread) != 1] == []
    quick = screen.judge(broken, Setting(RULES.active, AS_OF, DEFAULT))
    assert (quick.verdicts, quick.unread) == (tuple(made.verdict for made in results.forms), len(broken))


def test_what_only_a_warning_asks_for_is_counted(accepted: tuple[Form, ...]) -> None:
    """The undecided row of a warning did not count: a goal that is blank is no fault, one that is unread is one nobody has compared."""
    blank, unread = checked(*(with_value(accepted[0], ("forms", 1, "goal_planned"), None, why) for why in (None, "读不出"))).forms
    assert (blank.verdict, unread.verdict) == (Verdict.ACCEPT, Verdict.REVIEW)
    assert {f.severity for f in unread.findings if f.kind is Outcome.OPEN} <= {Severity.WARNING, Severity.NOTE}
    assert told(unread) == [("forms", 1, "goal_planned")] and blank.unread == ()


def test_what_no_rule_asks_for_is_counted(accepted: tuple[Form, ...]) -> None:
    """An unread cell without any finding is still a cell nobody has checked."""
    key = ("forms", 1, "implementing_unit")
    (made,) = checked(with_value(accepted[1], key, None, "读不出")).forms
    assert all((at.table, at.row, at.field) != key for finding in made.findings for at in finding.locations)
    assert (made.verdict, told(made)) == (Verdict.REVIEW, [key])


def test_a_number_too_large_to_be_compared_is_unread(accepted: tuple[Form, ...]) -> None:
    """A figure beyond the bounds of its column is null to the rules, so it is not checked either."""
    key = ("budget_lines", 1, "weight")
    results = checked(with_value(accepted[0], key, Decimal("12345678")))
    (made,) = results.forms
    assert (made.verdict, told(made)) == (Verdict.REVIEW, [key])
    book = openpyxl.load_workbook(BytesIO(workbook.render(results)))
    assert [row[-1] for row in book["汇总"].iter_rows(values_only=True)] == ["读不出的格", 1]
    assert len(list(book["读不出的单元格"].iter_rows(values_only=True))) == 2


def test_the_workbook_counts_what_the_verdict_counts(accepted: tuple[Form, ...]) -> None:
    """A merged cell behind several fields is one in its summary as in the other reports; each field has its line among the cells, one of them counts."""
    form = accepted[0]
    merged = [key for key, place in form.places.items() if place.locator == form.places["indicators", 1, "level1"].locator]
    for key in merged:
        form = with_value(form, key, None, "读不出")
    book = openpyxl.load_workbook(BytesIO(workbook.render(checked(form))))
    assert [row[-1] for row in book["汇总"].iter_rows(values_only=True)] == ["读不出的格", 1]
    assert [row[-1] for row in book["读不出的单元格"].iter_rows(values_only=True)] == ["类别", "单元格", *["同一单元格"] * (len(merged) - 1)]


def test_a_cell_over_several_rows_is_one(accepted: tuple[Form, ...]) -> None:
    """A merged cell that stands behind a field of many rows, and of their groups, is counted once."""
    form = accepted[0]
    merged = [key for key, place in form.places.items() if place.locator == form.places["indicators", 1, "level1"].locator]
    assert len(merged) > 2
    for key in merged:
        form = with_value(form, key, None, "读不出")
    (made,) = checked(form).forms
    assert (made.verdict, len(made.unread)) == (Verdict.REVIEW, 1)


def test_accepting_every_finding_of_a_cell_accepts_the_cell(accepted: tuple[Form, ...]) -> None:
    """A baseline over everything accepts the form; while one finding still speaks of the cell, it counts."""
    key = ("indicators", 1, "actual")
    results = checked(with_value(accepted[0], key, None, "读不出"))
    known = baseline.create(results)
    (whole,) = baseline.apply(results, known, POLICY)[0].forms
    assert (whole.verdict, whole.unread) == (Verdict.ACCEPT, ())
    about = [f for f in results.forms[0].findings if key in [(at.table, at.row, at.field) for at in f.locations]]
    warned = next(f for f in about if f.severity is not Severity.ERROR)
    (left,) = baseline.apply(results, replace(known, findings=tuple(k for k in known.findings if k.fingerprint != warned.fingerprint)), POLICY)[0].forms
    assert [f.fingerprint for f in left.findings if not f.baseline] == [warned.fingerprint]
    assert (left.verdict, told(left)) == (Verdict.REVIEW, [key])


def test_an_undecided_condition_names_the_cell_it_lacks(accepted: tuple[Form, ...]) -> None:
    """Where the condition of a rule rests on the unread cell, the finding has it among its places: accepting the finding accepts the cell."""
    key = ("budget_lines", 1, "initial")
    (made,) = checked(with_value(accepted[0], key, None, "读不出")).forms
    lacking = [f for f in made.findings if "读不出" in f.message]
    assert lacking and all(key in [(at.table, at.row, at.field) for at in f.locations] for f in lacking)


def test_a_cell_that_no_finding_speaks_of_cannot_be_accepted(accepted: tuple[Form, ...]) -> None:
    """A baseline knows findings; a cell without one stays to be looked at."""
    forms = (with_value(accepted[1], ("forms", 1, "implementing_unit"), None, "读不出"), with_value(accepted[0], ("indicators", 1, "actual"), None, "读不出"))
    results = checked(*forms)
    assert [made.verdict for made in baseline.apply(results, baseline.create(results), POLICY)[0].forms] == [Verdict.REVIEW, Verdict.ACCEPT]


def test_accepting_what_is_only_shown_at_a_cell_accepts_no_cell(accepted: tuple[Form, ...]) -> None:
    """A blank preparer is shown at the title, the only cell of its row: who accepts that finding has not looked at the title."""
    results = checked(with_value(accepted[0], ("forms", 1, "title"), None, "读不出"))
    (made,) = results.forms
    shown = tuple(f for f in made.findings if f.rule == "STR-011")
    assert {at.spot for at in made.unread} <= {at.spot for f in shown for at in f.locations}
    alone = replace(results, forms=(replace(made, findings=shown),))
    (settled,) = baseline.apply(alone, baseline.create(alone), POLICY)[0].forms
    assert all(f.baseline for f in settled.findings)
    assert (settled.verdict, told(settled)) == (Verdict.REVIEW, [("forms", 1, "title")])


@pytest.mark.parametrize(
    ("lang", "said", "counted", "aside"),
    [("zh", "1 格读不出（绩效自评表!G7），须看原件", "读不出的格 1", "人工复核（1 格读不出）"), ("en", "1 cell could not be read (绩效自评表!G7): look at the original", "unreadable cells 1", "Manual review (1 cell not read)")],
)
def test_the_reader_is_told_why(lang: str, said: str, counted: str, aside: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An error value in a cell that no rule asks for: terminal, page, Markdown, JSON and JSON Lines say which cell keeps the form from being accepted."""
    book = openpyxl.load_workbook(SAMPLES / "clean_project.xlsx")
    book.active["G7"] = "#REF!"
    book.save(tmp_path / "form.xlsx")
    reports = [part for name in ("r.html", "r.json", "r.jsonl", "r.md") for part in ("--report", str(tmp_path / name))]
    assert cli(["check", str(tmp_path / "form.xlsx"), "--as-of", AS_OF.isoformat(), "--lang", lang, *reports]) == 0
    out = capfd.readouterr().out
    assert said in out and counted in out.splitlines()[-1]
    assert said in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert aside in (tmp_path / "r.md").read_text(encoding="utf-8")
    run = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    (form,) = run["forms"]
    assert (form["verdict"], run["summary"]["unread"], form["summary"]["unread"], [*form["unread_cells"]]) == ("review", 1, 1, ["budget_lines[2].weight"])
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()]
    assert next(line for line in lines if line["type"] == "form")["unread_cells"] == form["unread_cells"]


@pytest.fixture
def error_value(tmp_path: Path) -> Path:
    """A form without faults but for an error value in a cell that no rule asks for."""
    book = openpyxl.load_workbook(SAMPLES / "clean_project.xlsx")
    book.active["G7"] = "#REF!"
    book.save(tmp_path / "form.xlsx")
    return tmp_path / "form.xlsx"


def test_a_gate_that_stops_the_undecided_stops_an_unread_cell(error_value: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`--fail-on open`: what nobody could read is undecided, whether findings are put into words or into one table."""
    for more in ([], ["--report", str(error_value.with_suffix(".parquet")), "-q"]):
        said = [cli(["check", str(error_value), "--as-of", AS_OF.isoformat(), "--select", "BUD", "--fail-on", threshold, *more]) for threshold in ("open", "warning", "never")]
        assert said == [1, 0, 0]
    capfd.readouterr()


def test_lists_of_findings_name_the_cell_that_no_finding_shows(error_value: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """SARIF, JUnit, GitHub and GitLab list findings; a cell nobody could read stands beside them, once, and JSON Lines count it at the end."""
    reports = [error_value.with_name(name) for name in ("r.sarif", "r.xml", "r.jsonl")]
    given = [part for report in reports for part in ("--report", str(report))]
    assert cli(["check", str(error_value), "--as-of", AS_OF.isoformat(), "--format", "github", *given]) == 0
    shown = capfd.readouterr().out.splitlines()
    assert [line.partition("::读不出")[2] for line in shown if "读不出，" in line] == ["，须看原件：绩效自评表!G7 · 分值（单元格为错误值 #REF!）"]
    assert "读不出的格 1，" in shown[-1]
    sarif, junit, lines = (report.read_text(encoding="utf-8") for report in reports)
    (notice,) = [one for one in json.loads(sarif)["runs"][0]["invocations"][0]["toolExecutionNotifications"] if one["descriptor"]["id"] == "unread-cell"]
    assert (notice["level"], notice["locations"][0]["logicalLocations"][0]["name"]) == ("warning", "G7")
    assert junit.count('type="unread"') == 1 and "绩效自评表!G7" in junit
    assert json.loads(lines.splitlines()[-1])["unread"] == 1
    assert [one["severity"] for one in json.loads(gitlab.render(audit(api.read([str(error_value)]).forms, RULES, as_of=AS_OF))) if one["check_name"] == "unread-cell"] == ["info"]


def test_lists_of_findings_do_not_name_a_cell_twice(accepted: tuple[Form, ...], capfd: pytest.CaptureFixture[str]) -> None:
    """A cell that a finding shows is named by that finding."""
    results = checked(with_value(accepted[0], ("indicators", 1, "score"), None, "读不出"))
    assert len(results.forms[0].unread) == 1 and [*unread_alone(results)] == []


def test_a_place_without_a_cell_of_its_own_is_told_by_its_field(accepted: tuple[Form, ...]) -> None:
    """Normalized data have no cells: two fields of one form are two unread cells."""
    bare = replace(accepted[0], places={})
    keys: list[PlaceKey] = [("indicators", 1, "actual"), ("indicators", 2, "actual")]
    rows = [{name: held for name, held in row.items() if n > 1 or name != "actual"} for n, row in enumerate(bare.indicators)]
    locator = replace(next(iter(accepted[0].places.values())).locator, cell=None)
    (made,) = checked(replace(bare, indicators=tuple(rows), places={key: Place(locator, "?", "读不出") for key in keys})).forms
    assert told(made) == keys

"""The library: rules as a pandera schema, findings as a frame, public names with a runnable example each."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors

import checker
from checker import Reading, Results, check, frame, load_rules, read, to_pandera
from checker.errors import CheckerError, UsageError
from checker.forms.export import rows
from checker.model import Form, Outcome
from checker.rules.profiles import load_profiles
from checker.rules.rule import Rule
from checker.tables.frames import tables

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2024, 4, 18)
SAMPLES = ("minhang_dpf_2023.txt", "clean_department.xlsx", "clean_hubei.xlsx", "clean_project.xlsx")
RULES = load_rules()


def rule(name: str) -> list[Rule]:
    return [one for one in RULES.rules if one.id == name]


@pytest.fixture(scope="module")
def forms() -> tuple[Form, ...]:
    return read([ROOT / "sample_forms" / name for name in SAMPLES]).forms


@pytest.fixture(scope="module")
def results(forms: tuple[Form, ...]) -> Results:
    return check(Reading(forms), as_of=DAY)


def own_frame(forms: tuple[Form, ...], table: str) -> pl.DataFrame:
    """The checker's frame of a table with its scaled integers, as a person with a pipeline would have it."""
    made = tables(forms)
    one = made.frame(table).drop("row", *(["group1", "group2"] if table == "indicators" else []))
    if table == "forms":
        return one
    header = made.forms.select("form", *(pl.col(c).alias(f"forms.{c}") for c in made.forms.columns if c not in ("form", "row", "unread")))
    return one.join(header, on="form", how="left", maintain_order="left")


def failing(schema: pa.DataFrameSchema, data: pl.DataFrame) -> dict[str, set[int]]:
    """Check name → rows that fail it."""
    try:
        schema.validate(data, lazy=True)
    except SchemaErrors as faults:
        found: dict[str, set[int]] = {}
        for name, index in faults.failure_cases.select("check", "index").iter_rows():
            found.setdefault(name, set()).add(index)
        return found
    return {}


def told(results: Results, table: str, kinds: tuple[Outcome, ...]) -> dict[str, int]:
    """Rule → rows of that kind, as `check` counts them."""
    grain = {one.id: one.each for one in RULES.rules}
    made: dict[str, int] = {}
    for form in results.forms:
        for outcome in form.rules:
            if grain[outcome.rule] == table:
                count = sum({Outcome.FAIL: outcome.failed, Outcome.OPEN: outcome.open, Outcome.REVIEW: outcome.review}[kind] for kind in kinds)
                if count:
                    made[outcome.rule] = made.get(outcome.rule, 0) + count
    return made


@pytest.mark.parametrize("table", ["indicators", "budget_lines", "indicator_groups", "forms"])
def test_pandera_says_what_check_says(table: str, forms: tuple[Form, ...]) -> None:
    """On real forms every check fails on as many rows as the engine counts, failed and open apart, given all tables."""
    results = check(Reading(forms), as_of=DAY, rules=RULES)
    local = {name for profile in load_profiles() for name in profile.params}  # a jurisdiction's parameters are the run's, not the rule's
    plain = [one for one in RULES.active if one.id not in local]
    others = {name: own_frame(forms, name) for name in ("forms", "indicators", "budget_lines", "indicator_groups") if name != table}
    schema = to_pandera(plain, table, others=others, as_of=DAY)
    assert schema.metadata == {"left_out": {}}
    found = failing(schema, own_frame(forms, table))
    mine = {one.id for one in plain}
    assert {name: len(at) for name, at in found.items() if ":" not in name} == {k: v for k, v in told(results, table, (Outcome.FAIL,)).items() if k in mine}
    undecided = {name.partition(":")[0]: len(at) for name, at in found.items() if ":" in name}
    assert undecided == {k: v for k, v in told(results, table, (Outcome.OPEN, Outcome.REVIEW)).items() if k in mine}
    assert table == "indicator_groups" or len(found) > 1


def columns(schema: pa.DataFrameSchema, **values: object) -> pl.DataFrame:
    """A frame of one row with the columns a schema needs, null unless given."""
    data = {name: [values.get(name.removeprefix("forms."), values.get(name))] for name in schema.columns}
    return pl.DataFrame(data | {name: [value] for name, value in values.items() if name == "unread" or name.endswith("_digits")})


cents = st.integers(0, 20_000)


@given(cents, cents)
@settings(max_examples=60, deadline=None)
def test_a_cent_decides(weight: int, score: int) -> None:
    """A score one cent above its weight fails and one at it passes, as Decimal and as scaled integers."""
    schema = SCORES
    expected = {"SCO-001"} if score > weight else set()
    decimal = columns(schema, weight=Decimal(weight).scaleb(-2), score=Decimal(score).scaleb(-2))
    assert set(failing(schema, decimal)) == expected
    scaled = columns(schema, weight=weight * 10_000, score=score * 10_000, weight_digits=2, score_digits=2)
    assert set(failing(schema, scaled)) == expected


SCORES = to_pandera(rule("SCO-001"), "indicators", as_of=DAY)


def test_null_is_not_a_pass() -> None:
    """A cell that cannot be read fails the check `ID:open`, not `ID`."""
    assert failing(SCORES, columns(SCORES, weight=Decimal(1), unread="|score|")) == {"SCO-001:open": {0}}


@pytest.mark.parametrize("kind", [str, Path])
def test_one_path_need_not_stand_in_a_list(kind: type) -> None:
    """A text or path alone is one file; read letter by letter the text would name the root of the disk."""
    path = ROOT / "sample_forms" / "clean_project.xlsx"
    one, listed = read(kind(path)), read([path])
    assert [form.form_id for form in one.forms] == [form.form_id for form in listed.forms] and len(one.forms) == 1


def test_a_lazy_frame_is_judged_by_its_values() -> None:
    """What fails as a DataFrame fails as a LazyFrame, and where pandera is told to look at types only; a good one comes back lazy."""
    bad = columns(SCORES, weight=Decimal(1), score=Decimal(2))
    with pytest.raises(SchemaErrors, match="SCO-001"):
        SCORES.validate(bad.lazy(), lazy=True)
    with pytest.raises(SchemaError, match="SCO-001"):
        SCORES(bad.lazy())
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert failing(SCORES, bad) == {"SCO-001": {0}}
    good = columns(SCORES, weight=Decimal(1), score=Decimal(1))
    kept = SCORES.validate(good.lazy())
    assert isinstance(kept, pl.LazyFrame) and kept.collect().equals(good)


def test_digits_decide_rounding() -> None:
    """97.84 of 97.8477… holds at two printed decimals; with storage decimals alone nobody knows, and a wrong figure fails."""
    schema = to_pandera(rule("BUD-001"), "budget_lines", as_of=DAY)
    amounts = {"role": "part", "budget": Decimal("9597603.49"), "executed": Decimal("9391037.56")}
    assert failing(schema, columns(schema, rate=Decimal("97.85"), **amounts)) == {}
    assert failing(schema, columns(schema, rate=Decimal("97.86"), **amounts)) == {"BUD-001": {0}}
    assert failing(schema, columns(schema, rate=Decimal("97.850000"), **amounts)) == {"BUD-001:open": {0}}
    assert failing(schema, columns(schema, rate=Decimal("97.850000"), rate_digits=2, **amounts)) == {}
    assert failing(schema, columns(schema, rate=Decimal("97.860000"), rate_digits=2, **amounts)) == {"BUD-001": {0}}


@pytest.mark.parametrize(
    ("values", "check_name"),
    [
        ({"weight": 1.0, "score": Decimal(1)}, "exact_number"),
        ({"weight": 1, "score": Decimal(1)}, "exact_number"),
        ({"weight": "1.00", "score": Decimal(1)}, "exact_number"),
        ({"weight": Decimal(1), "score": Decimal(1), "fiscal_year": 2023.0}, "whole_number"),
        ({"weight": Decimal(1), "score": Decimal(1), "form_type": "部门"}, "isin"),
    ],
)
def test_columns_that_are_not_exact_are_refused(values: dict[str, object], check_name: str) -> None:
    """Floats, whole numbers that do not say their digits, numbers as text and unknown form types fail the column."""
    assert any(name.startswith(check_name) for name in failing(SCORES, columns(SCORES, **values)))


def test_a_missing_column_is_told() -> None:
    """A column that a rule needs and the frame lacks fails the schema by name."""
    with pytest.raises(SchemaErrors, match="score"):
        SCORES.validate(columns(SCORES, weight=Decimal(1)).drop("score"), lazy=True)


def test_rules_that_need_other_tables_are_named() -> None:
    """A rule over two tables is never left out in silence, and nothing left is an error."""
    schema = to_pandera(RULES, "forms")
    assert schema.metadata and "indicators" in schema.metadata["left_out"]["WGT-001"]
    with pytest.raises(UsageError, match="no rule"):
        to_pandera(rule("WGT-001"), "forms")
    with pytest.raises(UsageError, match="no table"):
        to_pandera(RULES, "evidence")


def test_rows_of_a_form_must_agree_on_its_header() -> None:
    """Two rows of one form with different years, or two rows for one form, are refused, never picked from."""
    one = columns(SCORES, weight=Decimal(1), score=Decimal(1), fiscal_year=2023)
    two = pl.concat([one, one.with_columns(pl.lit(2024, pl.Int64).alias("forms.fiscal_year"))])
    assert failing(SCORES, two)
    assert failing(SCORES, pl.concat([one, one])) == {}
    heads = pl.DataFrame({"form": [1, 1], "form_type": ["project", "project"], "fiscal_year": [2023, 2024]})
    with pytest.raises(CheckerError, match="two rows"):
        to_pandera(rule("SCO-001"), "indicators", others={"forms": heads}).checks[0]._check_fn(type("Data", (), {"lazyframe": one.drop("forms.fiscal_year", "forms.form_type").lazy()}))


def test_the_order_of_rows_is_kept() -> None:
    """Rows of several forms may come interleaved; each check marks the row it is about."""
    one = columns(SCORES, weight=Decimal(1), score=Decimal(1))
    bad = columns(SCORES, weight=Decimal(1), score=Decimal(2))
    data = pl.concat([one, bad, one, bad, one], how="vertical_relaxed").with_columns(pl.Series("form", ["b", "a", "a", "b", "c"]))
    assert failing(SCORES, data) == {"SCO-001": {1, 3}}


def test_a_second_frame_is_judged_anew() -> None:
    """The outcomes of one validation are never taken for those of the next."""
    good, bad = columns(SCORES, weight=Decimal(1), score=Decimal(1)), columns(SCORES, weight=Decimal(1), score=Decimal(2))
    assert [bool(failing(SCORES, data)) for data in (good, bad, good, bad)] == [False, True, False, True]


def test_findings_as_a_frame(results: Results) -> None:
    """One row a finding, in order, with the text of the figures, and nothing lost over forms and batch."""
    made = frame(results)
    listed = [finding for form in results.forms for finding in form.findings] + list(results.batch)
    assert made["fingerprint"].to_list() == [finding.fingerprint for finding in listed]
    assert made["arithmetic"].to_list() == [finding.arithmetic for finding in listed]
    assert made["row"].to_list() == [finding.locations[0].row for finding in listed]
    assert not {pl.Float32, pl.Float64} & set(made.dtypes)
    assert made.filter(pl.col("kind") == "fail").height == sum(finding.kind is Outcome.FAIL for finding in listed)


def test_a_frame_without_findings_has_the_same_columns(results: Results) -> None:
    """A clean run gives an empty frame of the same types, so that pipelines need no special case."""
    clean = frame(Results(results.as_of, "zh", results.checker, results.ruleset, ()))
    assert clean.height == 0 and clean.schema == frame(results).schema


def test_form_rows_feed_the_schema(forms: tuple[Form, ...]) -> None:
    """What `export.rows` gives for an analyst can be validated as it is, Decimals with the form's digits."""
    listed = rows(forms[:1], "indicators")
    data = pl.DataFrame(listed, infer_schema_length=None).rename({"form_id": "form"}).drop("row")
    data = data.with_columns(pl.lit("department").alias("forms.form_type"), pl.lit(2023, pl.Int64).alias("forms.fiscal_year"))
    wanted = {name: pl.Decimal(38, 2) for name in ("weight", "score")}
    lost = {i for i, row in enumerate(listed) if row["score"] is None}
    assert failing(SCORES, data.with_columns(pl.col(name).cast(kind) for name, kind in wanted.items())) == {"SCO-001:open": lost}


def test_public_names_are_few_documented_and_lazy() -> None:
    """At most eight names, each with a docstring; importing the package loads neither polars nor pandera."""
    assert len(checker.__all__) <= 8
    for name in checker.__all__:
        assert (getattr(checker, name).__doc__ or "").strip(), name
    probe = "import sys, checker; sys.exit(bool({'polars', 'pandera', 'lxml', 'jinja2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False, timeout=60).returncode == 0
    with pytest.raises(AttributeError):
        checker.nothing  # noqa: B018


@pytest.mark.parametrize("module", ["checker.api", "checker.forms.export", "checker.pandera_rules"])
def test_examples_of_the_docstrings_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `>>>` example of a public docstring gives what it shows."""
    monkeypatch.chdir(ROOT)
    tried = doctest.testmod(import_module(module))
    assert tried.attempted > 2 and tried.failed == 0


def test_every_public_function_has_an_example() -> None:
    """check, read, load_rules, frame and to_pandera each show a runnable example."""
    for name in ("check", "read", "load_rules", "frame", "to_pandera"):
        assert ">>>" in (getattr(checker, name).__doc__ or ""), name


CONSUMER = """
from datetime import date
from pathlib import Path

import polars as pl

from checker import Form, Reading, Results, check, frame, load_rules, read, to_pandera

reading: Reading = read([Path("a.xlsx")], jobs=2, exclude=["*.md"])
forms: tuple[Form, ...] = reading.forms
rules = load_rules()
results: Results = check(reading, rules=rules, select=["DED"], as_of=date(2024, 4, 18), lang="en")
found: pl.DataFrame = frame(results)
said: list[str | None] = [finding.arithmetic for form in results.forms for finding in form.findings]
schema = to_pandera(rules, "indicators")
kept: pl.DataFrame = schema.validate(found)
lazy: pl.LazyFrame = schema.validate(found.lazy())
"""
WRONG = """
check(3)
schema.validate("x")
frame(reading)
"""


@pytest.mark.limit(400)
def test_users_can_type_check_strictly(tmp_path: Path) -> None:
    """A program that uses every public name passes mypy --strict, and what it gets wrong is told: the types reach it."""
    (tmp_path / "good.py").write_text(CONSUMER, encoding="utf-8")
    (tmp_path / "bad.py").write_text(CONSUMER + WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(ROOT / ".mypy_cache"), "good.py", "bad.py"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "MYPYPATH": str(ROOT)}, capture_output=True, text=True, timeout=400, check=False)
    # Of installed packages, ours among them, a user is told nothing.
    lines = [line for line in done.stdout.splitlines() if ": error:" in line and line.startswith(("good.py:", "bad.py:"))]
    assert len(lines) == 3 and all(line.startswith("bad.py:") for line in lines), done.stdout + done.stderr


def test_one_name_is_one_name(tmp_path: Path) -> None:
    """A text where several are taken is one name, not its letters: `exclude="*.txt"` left out every file, for `*` is one of them."""
    folder = tmp_path / "forms"
    folder.mkdir()
    shutil.copy(ROOT / "sample_forms" / "clean_project.xlsx", folder)
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    assert len(read(folder, exclude="*.txt").forms) == 1
    results = check(folder / "clean_project.xlsx", select="DED", ignore="DED-001")
    assert {rule.family for rule in results.ruleset.rules} == {"DED"} and "DED-001" not in {rule.id for rule in results.ruleset.rules}
    assert load_rules("builtin").rules == load_rules().rules


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"as_of": "2024-04-18"}, {"as_of": datetime(2024, 4, 18, 12, 0)}])
def test_faults_of_the_caller_are_told(wrong: dict[str, Any]) -> None:
    """A language nobody speaks and a day that is no date raise UsageError, as every fault of a caller does; a text as a day was taken and compared with dates."""
    with pytest.raises(UsageError, match=r"no language 'fr'|not a day"):
        check(ROOT / "sample_forms" / "clean_project.xlsx", **wrong)

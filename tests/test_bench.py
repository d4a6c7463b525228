"""The measurements stay honest: equal findings, known faults found, and a bound on the ratio to a hand-written plan."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parent.parent
BOUND = 2.2
"""Checker ÷ hand-written Polars in processor time at this small size, where building queries weighs most; the ratio
falls with the size (docs/performance.md)."""


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", ROOT / "bench" / f"{name}.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("numpy")
    folder = tmp_path_factory.mktemp("part")
    module("tables").generate(2_000, folder)
    return folder


def test_every_fault_is_found_and_nothing_else(part: Path) -> None:
    """Rule, form and row of the findings are the generator's truth."""
    found = module("contenders").by_checker(part)
    truth = pl.read_parquet(part / "truth.parquet")
    assert set(found.select("rule", "form_id", "row").rows()) == set(truth.rows())
    assert found.height == truth.height == 10 * 40


def test_forms_for_all_shipped_rules_have_every_reading_and_words_of_their_own(tmp_path: Path) -> None:
    """In the part that all shipped rules are measured on the faults put in are found, in every copy."""
    shipped = module("shipped")
    shipped.DISTINCT = 20
    shipped.generate(50, tmp_path)
    indicators = pl.read_parquet(tmp_path / "indicators.parquet")
    assert indicators.get_column("form").n_unique() == 50
    assert indicators.get_column("name").n_unique() > indicators.filter(pl.col("form") < 20).get_column("name").n_unique()
    made = shipped.measure(tmp_path, 1)
    assert made["rows"] == indicators.height
    assert made["rules"] > 100
    from checker import api
    from checker.engine.parts import check_part, ready

    found = check_part(tmp_path, ready(api.load_rules().active, shipped.DAY))
    assert made["findings"] == found.height
    by_form = dict(found.filter(pl.col("rule").is_in(["DED-001", "SCO-002"])).select("rule", "form_id").group_by("rule").all().iter_rows())
    assert {rule: len(ids) for rule, ids in by_form.items()} == {"DED-001": 3, "SCO-002": 2}


def test_the_hand_written_plans_find_the_same(part: Path) -> None:
    """Polars and DuckDB agree with the rules written in YAML, row by row."""
    contenders = module("contenders")
    mine = set(contenders.by_checker(part).select("rule", "form_id", "row").rows())
    assert set(contenders.by_polars(part).select("rule", "form_id", "row").rows()) == mine
    pytest.importorskip("duckdb")
    assert set(contenders.by_duckdb(part).select("rule", "form_id", "row").rows()) == mine


def test_the_ratio_to_the_hand_written_plan_is_bounded(part: Path) -> None:
    """Measured in the same run, in alternation; never an absolute time."""
    run = module("run")
    taken = run.contend(part, 3, ("checker", "polars"))
    assert run.ratios(taken, "polars", "cpu") <= BOUND


def test_generated_forms_are_the_same_every_time_and_hold_their_faults(tmp_path: Path) -> None:
    """Two series of one seed are equal cell by cell; a form with a fault gives a finding its clean twin does not."""
    generate = module("generate")
    assert [generate.form(n, 7) for n in range(1, 30)] == [generate.form(n, 7) for n in range(1, 30)]
    assert generate.form(3, 7) != generate.form(3, 8)
    generate.generate(20, tmp_path / "forms")
    from checker import check

    errors = {Path(form.form.source.path).name for form in check([tmp_path / "forms"]).forms if any(f.severity.value == "error" and f.kind.value == "fail" for f in form.findings)}
    assert errors == {"form-000010.xlsx", "form-000020.xlsx"}


def test_the_minimal_script_runs() -> None:
    """What cold start is compared with does its work."""
    pytest.importorskip("python_calamine")
    done = subprocess.run([sys.executable, "bench/minimal.py", "sample_forms/clean_project.xlsx"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "10 rules, 10 rows" in done.stdout


def test_a_cold_start_stays_near_the_minimal_script() -> None:
    """One form, one process, all rules, against ten hand-written ones: processor time, in alternation, medians of the same rounds.

    The bounds lie above the targets (docs/performance.md) so that a busy machine does not break them; loading Polars, or
    typing the rules anew, for one form does.
    """
    pytest.importorskip("python_calamine")
    ratios = module("cold").measure(5)["ratios"]
    assert ratios["checker check / minimal script"]["processor"] <= 2.0
    assert ratios["checker --version / import click"]["processor"] <= 2.0


@pytest.mark.parametrize(("kind", "bound"), [("xlsx", 4.0), ("xlsx, dressed", 4.0), ("xlsx, texts in cells", 4.0), ("html", 12.0), ("docx", 4.0), ("pdf", 0.6)])
def test_readers_keep_near_the_fastest_libraries(kind: str, bound: float) -> None:
    """Every text of generated forms comes out, within a wide multiple of the fastest library's time in the same run."""
    for name in ("xlsxwriter", "openpyxl", "reportlab", "python_calamine"):
        pytest.importorskip(name)
    assert module("readers").measure(kind, 2 if kind == "pdf" else 8, 3)["ratio"] < bound


def test_figures_take_the_place_of_the_last_ones(tmp_path: Path) -> None:
    """What stands between the marks is exchanged and nothing else; a page without them is not touched."""
    page = module("page")
    file = tmp_path / "page.md"
    file.write_text(f"before\n{page.marked('one', 'old')}\nbetween\n{page.marked('two', 'kept')}\nafter\n", encoding="utf-8")
    page.put(file, "one", "new")
    assert file.read_text(encoding="utf-8") == f"before\n{page.marked('one', 'new')}\nbetween\n{page.marked('two', 'kept')}\nafter\n"
    for text in ("no marks", "<!-- one: begin --> no end", "no begin <!-- one: end -->"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit, match="no marks of one"):
            page.put(file, "one", "new")
        assert file.read_text(encoding="utf-8") == text


def test_the_pages_have_the_marks_that_are_written() -> None:
    """Each page that takes figures has the marks of every name written into it, once."""
    for name, marks in (("performance.md", ("measured", "cold", "peers")), ("scale.md", ("measured",))):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert all(text.count(f"<!-- {mark}: {end} -->") == 1 for mark in marks for end in ("begin", "end")), name

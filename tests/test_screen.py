"""Many files to one table: the same findings whatever the chunks and processes, and those of the run in words."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from checker import api, screen
from checker.cli import cli
from checker.model import Outcome, Verdict
from checker.readers.limits import DEFAULT
from checker.screen import Screened, Setting

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_forms"
AS_OF = date(2024, 4, 18)

sys.path.insert(0, str(ROOT / "bench"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated forms, two real ones with profiles of their own, the same form twice, and a file that holds none."""
    import generate

    made = tmp_path_factory.mktemp("screen") / "forms"
    generate.generate(12, made)
    for name in ("clean_hubei.xlsx", "clean_sichuan.xlsx", "minhang_dpf_2023.txt"):
        (made / name).write_bytes((SAMPLES / name).read_bytes())
    (made / "again.xlsx").write_bytes((made / "form-000003.xlsx").read_bytes())
    (made / "broken.xlsx").write_bytes((made / "form-000004.xlsx").read_bytes()[:3000])
    return made


def names(folder: Path) -> list[str]:
    """Return the files in order."""
    return sorted(map(str, folder.iterdir()))


def whole(parts: list[Screened]) -> pl.DataFrame:
    """Return the findings of all chunks."""
    return pl.concat([part.findings for part in parts])


def test_findings_do_not_depend_on_chunks_and_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One chunk, chunks of five files, and two processes give one table, one list of ids and one list of verdicts."""
    rules = api.load_rules().active
    one = list(screen.screen(names(folder), Setting(rules, AS_OF, DEFAULT)))
    monkeypatch.setattr(screen, "FEWEST", 1)
    monkeypatch.setattr(screen, "CHUNK", 5)
    several = list(screen.screen(names(folder), Setting(rules, AS_OF, DEFAULT)))
    shared = list(screen.screen(names(folder), Setting(rules, AS_OF, DEFAULT), jobs=2))
    assert len(one) == 1 < len(several) == len(shared)
    for other in (several, shared):
        assert whole(one).equals(whole(other))
        assert [name for part in one for name in part.ids] == [name for part in other for name in part.ids]
        assert [v for part in one for v in part.verdicts] == [v for part in other for v in part.verdicts]
        assert [f.path for part in other for f in part.unreadable] == [str(folder / "broken.xlsx")]


def test_findings_and_verdicts_are_those_of_the_run_in_words(folder: Path) -> None:
    """Every row the words speak of stands in the table with its outcome and severity, and the forms get the same verdicts."""
    rules = api.load_rules()
    results = api.check(api.read(names(folder)), rules=rules, as_of=AS_OF)
    (made,) = screen.screen(names(folder), Setting(rules.active, AS_OF, DEFAULT))
    assert made.ids == tuple(form.form.form_id for form in results.forms)
    assert made.verdicts == tuple(form.verdict for form in results.forms)
    assert {Verdict.ACCEPT, Verdict.RETURN} <= set(made.verdicts)
    together = {rule.id for rule in rules.active if rule.aggregate}
    told = Counter((form.form.form_id, f.rule, f.severity.value, f.kind.value) for form in results.forms for f in form.findings if not (f.rule in together and f.kind is Outcome.FAIL))
    table = made.findings.filter(~(pl.col("rule").is_in(sorted(together)) & (pl.col("outcome") == "fail")))
    assert told == Counter(table.select("form_id", "rule", "severity", "outcome").iter_rows())
    gathered = {(form.form.form_id, f.rule) for form in results.forms for f in form.findings if f.rule in together and f.kind is Outcome.FAIL}
    assert gathered == set(made.findings.filter(pl.col("rule").is_in(sorted(together)) & (pl.col("outcome") == "fail")).select("form_id", "rule").iter_rows())


def test_the_table_is_the_same_with_and_without_words(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`--report FILE.parquet` writes one table, whether the run prints findings or only the table is wanted; exit code 3 names the broken file."""
    assert cli(["check", str(folder), "--report", str(tmp_path / "worded.parquet"), "--as-of", "2024-04-18"]) == 3
    capfd.readouterr()
    assert cli(["check", str(folder), "-q", "--report", str(tmp_path / "quick.parquet"), "--as-of", "2024-04-18"]) == 3
    assert pl.read_parquet(tmp_path / "quick.parquet").equals(pl.read_parquet(tmp_path / "worded.parquet"))
    told, said = capfd.readouterr()
    assert "broken.xlsx" in said
    assert "跨表规则未检查" in said
    assert told.startswith("16 张表")


def test_a_table_without_findings_keeps_its_columns(tmp_path: Path) -> None:
    """Nothing to read gives an empty table with all columns and exit code 3, never a pass."""
    (tmp_path / "empty").mkdir()
    assert cli(["check", str(tmp_path / "empty"), "-q", "--report", str(tmp_path / "none.parquet")]) == 3
    assert pl.read_parquet(tmp_path / "none.parquet").columns == list(screen.TABLE)

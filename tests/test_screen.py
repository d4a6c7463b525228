"""Many files to one table: the same findings whatever the chunks and processes, and those of the run in words."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
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


SINGLE = ("--ignore", "XFM", "--ignore", "WGT-009", "--ignore", "NAR-008")
"""All rules but those over several forms."""


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Files of each chunk that is judged without words while a test runs."""
    seen: list[int] = []
    judged = screen.screen

    def counted(names: list[str], setting: Setting, jobs: int = 1) -> Iterator[Screened]:
        for made in judged(names, setting, jobs):
            seen.append(made.files)
            yield made

    monkeypatch.setattr(screen, "screen", counted)
    return seen


def test_the_table_is_the_same_with_and_without_words(folder: Path, tmp_path: Path, chunks: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    """`--report FILE.parquet` writes one table, whether the run prints findings or only the table is wanted; exit code 3 names the broken file."""
    assert cli(["check", str(folder), "--report", str(tmp_path / "worded.parquet"), "--as-of", "2024-04-18"]) == 3
    capfd.readouterr()
    assert cli(["check", str(folder), "-q", *SINGLE, "--report", str(tmp_path / "quick.parquet"), "--as-of", "2024-04-18"]) == 3
    assert pl.read_parquet(tmp_path / "quick.parquet").equals(pl.read_parquet(tmp_path / "worded.parquet"))
    told, said = capfd.readouterr()
    assert chunks == [17]
    assert "broken.xlsx" in said
    assert told.startswith("16 张表")


def test_rules_over_several_forms_are_never_left_out_unasked(folder: Path, tmp_path: Path, chunks: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    """-q takes away words, not rules: while a rule needs all forms together they are checked together."""
    assert cli(["check", str(folder), "-q", "--report", str(tmp_path / "all.parquet"), "--as-of", "2024-04-18"]) == 3
    assert chunks == []
    assert pl.read_parquet(tmp_path / "all.parquet").height


@pytest.mark.parametrize("select", ["DED-001", "ACH-002", "WGT-001", "NAR-001"])
@pytest.mark.parametrize("fail_on", ["error", "warning", "note", "open", "never"])
@pytest.mark.parametrize("name", ["clean_department.xlsx", "minhang_dpf_2023.txt"])
def test_the_exit_code_does_not_depend_on_words(name: str, fail_on: str, select: str, tmp_path: Path, chunks: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    """The same rules on the same form end alike; a rule that applies nowhere has checked nothing, which is 3 and not a pass."""
    given = ["check", str(SAMPLES / name), "-q", "--select", select, "--fail-on", fail_on, "--as-of", "2024-04-18"]
    assert cli([*given, "--report", str(tmp_path / "quick.parquet")]) == cli(given)
    assert chunks == [1]


def test_a_table_without_findings_keeps_its_columns(tmp_path: Path) -> None:
    """Nothing to read gives an empty table with all columns and exit code 3, never a pass."""
    (tmp_path / "empty").mkdir()
    assert cli(["check", str(tmp_path / "empty"), "-q", "--report", str(tmp_path / "none.parquet")]) == 3
    assert pl.read_parquet(tmp_path / "none.parquet").columns == list(screen.TABLE)


def test_a_file_name_that_is_no_utf8_is_spelled_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file system takes any bytes as a name, a table only text: the run says the name with the bytes spelled out and goes on."""
    form = os.fsencode(tmp_path) + b"/bad\xff.xlsx"
    with open(form, "wb") as file:
        file.write((SAMPLES / "clean_project.xlsx").read_bytes())
    table = tmp_path / "f.parquet"
    assert cli(["check", os.fsdecode(form), "-q", "--select", "DED", "--report", str(table)]) == 0
    assert pl.read_parquet(table)["path"].unique().to_list() == [f"{tmp_path}/bad\\udcff.xlsx"]

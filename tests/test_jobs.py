"""Several processes check forms and write pages: nothing of what comes out depends on how many there are."""

from __future__ import annotations

import filecmp
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars
import pytest
from msgspec.structs import replace

from checker import api, audit
from checker.audit import processes
from checker.audit.batch import ContractFault
from checker.cli import reports
from checker.errors import UsageError
from checker.model import Form, Results
from checker.processes import pool, processors

ROOT = Path(__file__).resolve().parent.parent
PATHS = [ROOT / "sample_forms" / name for name in ("clean_department.xlsx", "clean_hubei.xlsx", "minhang_dpf_2023.txt", "clean_sichuan.xlsx")]
DAY = date(2024, 4, 18)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many forms as there are here are enough for several processes, two a batch."""
    monkeypatch.setattr(processes, "FEWEST", 2)
    monkeypatch.setattr(audit, "SHARE", 1)
    monkeypatch.setattr(reports, "FEWEST", 2)
    monkeypatch.setattr(reports, "CHUNK", 1)


def checked(jobs: int, on_form: Callable[..., None] | None = None) -> Results:
    return api.check(PATHS, as_of=DAY, jobs=jobs, on_form=on_form)


@pytest.fixture(scope="module")
def alone() -> Results:
    """What this process alone gives."""
    return checked(1)


def test_results_do_not_depend_on_the_processes(few: None, alone: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes give the results one gives, in input order, over profiles; this process checks nothing itself."""
    assert len({form.profile for form in alone.forms}) > 1
    ticks: list[tuple[int, int]] = []
    monkeypatch.setattr(processes, "_check", lambda *_: pytest.fail("checked in this process"))
    shared = api.check(PATHS, as_of=DAY, jobs=2, progress=lambda step, done, of: ticks.append((done, of)) if step == "check" else None)
    assert shared == alone
    assert ticks == [(number, len(PATHS)) for number in range(1, len(PATHS) + 1)]


def test_processes_are_started_once_a_run(few: None, alone: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms that come window by window are checked by the same processes, which are ended with the run."""
    started: list[ProcessPoolExecutor] = []

    @contextmanager
    def counted(*given: object) -> Iterator[ProcessPoolExecutor]:
        with pool(*given) as made:  # type: ignore[arg-type]
            started.append(made)
            yield made

    monkeypatch.setattr(processes, "pool", counted)
    reading = api.read(PATHS)
    made = audit.audit_windows((reading.forms[:2], reading.forms[2:]), api.load_rules(), as_of=DAY, jobs=2)
    assert made.forms == alone.forms
    assert len(started) == 1
    with pytest.raises(RuntimeError, match="after shutdown"):
        started[0].submit(len, "")


def test_processes_share_the_processors() -> None:
    """Processes together have as many threads as there are processors, one each where they are as many."""
    with pool(processors()) as started:
        assert started.submit(polars.thread_pool_size).result() == 1


def test_processes_collect_as_seldom_as_this_one() -> None:
    """What a process looks through for what is no longer used, and how often, is set as where the work is asked for."""
    before = gc.get_threshold()
    gc.set_threshold(54_321, 9, 8)
    try:
        with pool(1) as started:
            assert started.submit(gc.get_threshold).result() == (54_321, 9, 8)
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize(("forms", "jobs", "sizes"), [(300, 2, [75] * 4), (1000, 2, [100] * 10), (7, 3, [3, 3, 1]), (1, 4, [1]), (1200, 1, [500, 500, 200])])
def test_processes_get_as_many_forms_as_each_other(forms: int, jobs: int, sizes: list[int]) -> None:
    """No process is left with a batch while the others have none, and no batch is larger than a pass may be."""
    size = audit._size(forms, jobs)
    assert [min(size, forms - start) for start in range(0, forms, size)] == sizes


def test_processes_load_nothing_from_the_current_folder(tmp_path: Path) -> None:
    """Code that lies among the forms is not run, whatever it is called; the way Python finds modules is as before."""
    script, folder, names = tmp_path / "run.py", tmp_path / "forms", ("selectors.py", "python_calamine.py", "checker/__init__.py")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("open('was run', 'w').close()\nraise SystemExit(9)\n", encoding="utf-8")
    script.write_text(
        "import os\nfrom checker.processes import pool\nif __name__ == '__main__':\n    with pool(1) as started:\n"
        "        started.submit(os.getpid).result()\n    assert 'PYTHONSAFEPATH' not in os.environ\n",
        encoding="utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    assert subprocess.run([sys.executable, script], cwd=folder, env=environment).returncode == 0
    assert not (folder / "was run").exists()


def test_few_forms_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where starting processes would take longer than checking, none is started."""
    monkeypatch.setattr(processes, "pool", lambda *_: pytest.fail("a pool was started"))
    assert len(checked(4).forms) == len(PATHS)


def test_few_forms_are_checked_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms that no processes share are not dealt out among them: each batch has its own cost."""
    sizes: list[int] = []
    here = processes.check_batch

    def seen(forms: Sequence[Form], *rest: object) -> object:
        sizes.append(len(forms))
        return here(forms, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(processes, "check_batch", seen)
    (form,) = api.read(PATHS[:1]).forms
    made = audit.audit([replace(form, form_id=str(n)) for n in range(6)], api.load_rules(), as_of=DAY, jobs=3)
    assert (len(made.forms), sizes) == (6, [6])


def _faulty(forms: Sequence[Form], *_: object) -> None:
    raise ContractFault(f"broken @ {forms[0].source.path}")


_HERE: Callable[..., int] | None = None


def _first_dies(*given: object) -> int:
    """End a process that was started for the work; work on where this one was asked."""
    if _HERE is None:
        os._exit(9)
    return _HERE(*given)


def _dying(*_: object) -> None:
    os._exit(9)


def test_a_fault_in_a_process_ends_the_run(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault keeps its class, so that the exit code is that of an engine fault."""
    monkeypatch.setattr(processes, "_one", _faulty_one)
    with pytest.raises(ContractFault, match="broken @"):
        checked(2)


def _faulty_one(batch: processes.Batch) -> None:
    _faulty(batch.forms)


def test_a_process_that_ends_is_no_end(few: None, alone: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a process that was ended from outside are checked by this one."""
    monkeypatch.setattr(processes, "_one", _dying)
    assert checked(2) == alone


def test_pages_of_a_process_that_ends_are_written(few: None, alone: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that a process ended from outside did not write are written by this one."""
    here = reports._write_pages
    monkeypatch.setattr(reports, "_write_pages", _first_dies)
    monkeypatch.setitem(globals(), "_HERE", here)
    reports.write(alone, tmp_path, jobs=2)
    assert len(list(tmp_path.glob("form-*.html"))) == len(PATHS)


def _held(results: Results, _: object) -> tuple[int, int, int]:
    return len(results.forms), len(results.batch), len(results.batch_rules)


def test_what_a_page_needs_does_not_grow_with_the_batch(few: None, alone: Results) -> None:
    """Processes that make pages are sent neither other forms nor findings over several, which many forms have many of."""
    results = replace(alone, batch=alone.forms[0].findings)
    assert results.batch
    assert results.batch_rules
    assert list(reports._made(_held, results, ["one", "two"], 2)) == [(0, 0, 0)] * 2


def test_pages_do_not_depend_on_the_processes(few: None, alone: Results, tmp_path: Path) -> None:
    """Two processes write the same files, byte for byte, as one, and progress counts each page."""
    made: list[int] = []
    reports.write(alone, tmp_path / "one", jobs=1)
    reports.write(alone, tmp_path / "two", lambda _, done, of: made.append(done), jobs=2)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert len(names) == len(PATHS) + 3
    assert filecmp.cmpfiles(tmp_path / "one", tmp_path / "two", names, shallow=False) == (names, [], [])
    assert made == list(range(1, len(PATHS) + 1))


def test_a_page_that_cannot_be_written_leaves_nothing(few: None, alone: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in a process that writes pages ends the run, and no file is left half made."""
    monkeypatch.setattr(reports, "_write_pages", _full)
    with pytest.raises(UsageError, match="No space left"):
        reports.write(alone, tmp_path / "out", jobs=2)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_report_that_cannot_be_written_beside_the_pages_leaves_nothing(few: None, alone: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of this process while others still make pages ends the run, and no file is left half made."""
    monkeypatch.setattr("checker.render.workbook.render", _full)
    with pytest.raises(UsageError, match="No space left"):
        reports.write(alone, tmp_path / "out", jobs=2)
    assert list((tmp_path / "out").iterdir()) == []


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")

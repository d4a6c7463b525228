"""Reading by several processes: the same forms in the same order, and no file can stop the others."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from checker import api
from checker.forms import intake
from checker.forms.intake import FEWEST, Taken, take_all
from checker.readers.limits import DEFAULT

SAMPLES = Path(__file__).resolve().parent.parent / "sample_forms"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """More files than the pool needs: forms of four layouts, one broken file, one of no known layout."""
    samples = sorted(SAMPLES.glob("clean_*.xlsx"))
    for number in range(FEWEST):
        shutil.copy(samples[number % len(samples)], tmp_path / f"{number:02d}.xlsx")
    (tmp_path / "05-broken.xlsx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "07-other.txt").write_text("今天天气很好", encoding="utf-8")
    return tmp_path


def test_processes_change_nothing(folder: Path) -> None:
    """Forms, ids, unreadable files and notes are the same for one process and for two."""
    alone, shared = api.read([folder]), api.read([folder], jobs=2)
    assert len(alone.forms) == FEWEST
    assert len(alone.unreadable) == 2
    assert shared == alone


def _dying(names: list[str], *_: object) -> list[Taken]:
    os._exit(3)


def _take(name: str, *_: object) -> Taken:
    if "05" in name:
        os._exit(3)
    return Taken(notes=(name,))


def test_a_file_that_ends_its_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a reader takes its process down, that file is unreadable with a reason and all others are read, in order."""
    monkeypatch.setattr(intake, "_take_some", _dying)
    monkeypatch.setattr(intake, "take", _take)
    names = [f"{number:02d}.xlsx" for number in range(FEWEST)]
    taken = list(take_all(names, DEFAULT, jobs=2))
    assert [one.notes[0] if one.notes else one.unreadable[0].path for one in taken] == names
    (fault,) = [found for one in taken for found in one.unreadable]
    assert fault.path == "05.xlsx"
    assert "意外结束" in fault.reason


def test_few_files_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of files is read by this process however many are allowed."""
    monkeypatch.setattr(intake, "pool", lambda jobs: pytest.fail("a pool was started"))
    assert len(api.read([SAMPLES / "clean_project.xlsx"], jobs=4).forms) == 1

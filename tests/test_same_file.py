"""A file that is reached by two ways is one form; two files with the same content are two."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checker.cli import cli

SAMPLE = Path(__file__).resolve().parent.parent / "sample_forms" / "clean_project.xlsx"
DAY = ("--as-of", "2024-04-18", "--fail-on", "never")


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "forms").mkdir()
    shutil.copy(SAMPLE, tmp_path / "forms" / "a.xlsx")
    return tmp_path / "forms"


@pytest.mark.parametrize("paths", [("forms/a.xlsx", "forms/a.xlsx"), ("forms", "forms/a.xlsx"), ("forms/a.xlsx", "./forms/../forms/a.xlsx", "forms"), ("forms", "link.xlsx"), ("link.xlsx", "forms/")])
@pytest.mark.parametrize("more", [(), ("-q", "--report", "out.parquet", "--ignore", "XFM", "--ignore", "WGT-009", "--ignore", "NAR-008")])
def test_a_file_given_twice_is_one_form(forms: Path, capsys: pytest.CaptureFixture[str], paths: tuple[str, ...], more: tuple[str, ...]) -> None:
    """By the same path, by another one, in a folder and by itself, through a link: read once, which is said; the exit code is that of one form."""
    Path("link.xlsx").symlink_to(Path("forms/a.xlsx"))
    assert cli(["check", *paths, *DAY, "--lang", "en", *(more or ("--report", "one.json"))]) == 0
    out, err = capsys.readouterr()
    assert "given more than once and read once: " in out + err
    if not more:
        made = json.loads(Path("one.json").read_text(encoding="utf-8"))
        assert len(made["forms"]) == made["summary"]["forms"] == 1
        assert "~2" not in made["forms"][0]["form_id"]
    else:
        assert "1 form: " in out


def test_files_that_hold_the_same_are_two_forms(forms: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy under another name, and one form in two archives or folders, stays a form of its own: rules over several forms must see it."""
    Path("forms", "b").mkdir()
    for copy in ("forms/copy.xlsx", "forms/b/a.xlsx"):
        Path(copy).write_bytes(Path("forms/a.xlsx").read_bytes())
    Path("forms/hard.xlsx").hardlink_to(Path("forms/a.xlsx"))
    assert cli(["check", "forms", *DAY, "--report", "all.json"]) == 0
    assert "只读一次" not in capsys.readouterr().err
    assert len(json.loads(Path("all.json").read_text(encoding="utf-8"))["forms"]) == 4

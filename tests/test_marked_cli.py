"""`check --marked`: one file, a folder for a batch, archives; never over an input, never a format that can't carry marks."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import openpyxl
import pytest
from command_line import checker
from marked_files import FORMS, SAMPLES

BOOK, WORD = FORMS / "xlsx" / "03_putuo_sports_yunnan_aid.xlsx", FORMS / "docx" / "03_putuo_sports_yunnan_aid.docx"
SEED = SAMPLES / "minhang_dpf_2023.txt"


def run(*arguments: str | Path, stdin: bytes = b"") -> CompletedProcess[bytes]:
    return checker("check", *arguments, "--as-of", "2026-01-01", "-q", stdin=stdin)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)).replace(os.sep, "/") for path in folder.rglob("*") if path.is_file())


def test_one_file(tmp_path: Path) -> None:
    """The copy is written where asked, the source stays as it was, the exit code is that of the findings."""
    before = BOOK.read_bytes()
    done = run(BOOK, "--marked", tmp_path / "copy.xlsx")
    assert done.returncode == run(BOOK).returncode and done.stderr == b""
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames == ["Sheet1", "审核标记"]
    assert BOOK.read_bytes() == before and files(tmp_path) == ["copy.xlsx"]


def test_english(tmp_path: Path) -> None:
    """`--lang en` gives an English legend."""
    run(BOOK, "--marked", tmp_path / "copy.xlsx", "--lang", "en")
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames == ["Sheet1", "Audit marks"]


def test_a_batch_goes_into_a_folder_with_its_own_folders(tmp_path: Path) -> None:
    """Names and folders are kept; equal names from two folders do not meet; files that can't carry marks are named."""
    for name, source in (("甲/表.xlsx", BOOK), ("乙/表.docx", WORD), ("seed.txt", SEED)):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, tmp_path / "in" / name)
    done = run(tmp_path / "in", "--marked", tmp_path / "out")
    assert files(tmp_path / "out") == ["乙/表.docx", "甲/表.xlsx"]
    said = done.stderr.decode()
    assert "seed.txt" in said and "txt" in said and "Traceback" not in said and done.returncode == 1
    run(tmp_path / "in" / "甲" / "表.xlsx", BOOK, tmp_path / "in" / "乙" / "表.docx", "--marked", tmp_path / "flat")
    assert files(tmp_path / "flat") == [BOOK.name, "表.docx", "表.xlsx"]


def test_members_of_an_archive_stay_below_the_folder(tmp_path: Path) -> None:
    """A member whose path leads out is written inside; two of one name get numbers; standard input has a name of its own."""
    with zipfile.ZipFile(tmp_path / "forms.zip", "w") as archive:
        archive.writestr("../../evil.xlsx", BOOK.read_bytes())
        archive.writestr("a/con:<x>.xlsx", BOOK.read_bytes())
        archive.writestr("a/con__x_.xlsx", BOOK.read_bytes())
    run(tmp_path / "forms.zip", "--marked", tmp_path / "deep" / "out")
    assert files(tmp_path / "deep") == ["out/forms.zip/a/con__x_ (2).xlsx", "out/forms.zip/a/con__x_.xlsx", "out/forms.zip/evil.xlsx"]
    run("-", "--marked", tmp_path / "in" / "", stdin=WORD.read_bytes())
    assert files(tmp_path / "in") == ["stdin.docx"]


@pytest.mark.parametrize(("source", "target", "words"), [
    (SEED, "copy.xlsx", "txt"),
    (WORD, "copy.xlsx", ".docx"),
    (BOOK, "missing/copy.pdf", ".xlsx"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, source: Path, target: str, words: str) -> None:
    """Formats without marks and suffixes of another format: exit 2, one line that says what to do, no file."""
    done = run(source, "--marked", tmp_path / target)
    said = done.stderr.decode()
    assert done.returncode == 2 and words in said and said.count("\n") == 1 and "Traceback" not in said
    assert files(tmp_path) == []


def test_no_input_is_overwritten(tmp_path: Path) -> None:
    """Neither by its own name, nor through another spelling of it, nor by a folder that holds it."""
    source = tmp_path / "表.xlsx"
    shutil.copy(BOOK, source)
    for target in (source, tmp_path, tmp_path / "x" / ".." / "表.xlsx"):
        done = run(source, "--marked", target)
        assert done.returncode == 2 and "会覆盖" in done.stderr.decode()
    assert source.read_bytes() == BOOK.read_bytes() and files(tmp_path) == ["表.xlsx"]


def test_several_files_need_a_folder(tmp_path: Path) -> None:
    """One name for two files is refused."""
    done = run(BOOK, WORD, "--marked", tmp_path / "copy.xlsx")
    assert done.returncode == 2 and "放副本的文件夹" in done.stderr.decode() and files(tmp_path) == []


def test_a_macro_workbook_keeps_its_suffix(tmp_path: Path) -> None:
    """A program would refuse .xlsm content under .xlsx."""
    shutil.copy(BOOK, tmp_path / "表.xlsm")
    run(tmp_path / "表.xlsm", "--marked", tmp_path / "out")
    assert files(tmp_path / "out") == ["表.xlsm"]

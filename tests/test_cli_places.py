"""Where commands write, and options that contradict each other: nothing that somebody filled in is overwritten, nothing is passed over in silence."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from command_line import Run, calling

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_forms"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command where a.xlsx and forms/b.xlsx are forms and full.csv was filled in; returns exit code, standard output and standard error."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "forms").mkdir()
    for name in ("a.xlsx", "forms/b.xlsx"):
        shutil.copy(SAMPLES / "clean_project.xlsx", tmp_path / name)
    (tmp_path / "full.csv").write_text("indicator,case,event,date,document,form\n甲,,完成,2023-11-20,,\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return calling(capfd)


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("responses a.xlsx -o a.xlsx", "已存在"),
        ("responses a.xlsx -o full.csv", "full.csv: 已存在，不予覆盖"),
        ("responses forms -o forms/answers.yaml", "在被检查的 forms 之内"),
        ("normalize a.xlsx -o a.xlsx", "-o a.xlsx 会覆盖输入的文件"),
        ("normalize forms -o forms/b.xlsx", "在被检查的 forms 之内"),
        ("baseline create forms -o forms/new.json", "在被检查的 forms 之内"),
        ("template events --for a.xlsx -o full.csv", "full.csv: 已存在，不予覆盖"),
        ("template project -o a.xlsx", "a.xlsx: 已存在，不予覆盖"),
        ("check a.xlsx --previous forms --report forms/x.json", "在被检查的 forms 之内"),
        ("check a.xlsx --previous forms/b.xlsx --report forms/b.xlsx", "--report forms/b.xlsx 会覆盖输入的文件"),
    ],
)
def test_nothing_that_is_read_or_was_filled_in_is_overwritten(run: Run, tmp_path: Path, arguments: str, said: str) -> None:
    """A form, its answers and its dates are somebody's work: a command that would write over them ends with exit code 2 and touches nothing."""
    before = state(tmp_path)
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1, err
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check forms --report nosuch/x.html", "无法写入 @ nosuch/x.html：没有这个文件或文件夹"),
        ("check forms --report full.csv/out/", "无法写入 @ full.csv/out"),
        ("check forms --record full.csv", "无法写入 @ full.csv：已存在同名文件"),
        ("check forms --marked full.csv/x.xlsx", "无法写入 @ full.csv/x.xlsx"),
        (f"check forms --report {'x' * 300}.html", "文件名过长"),
        (f"check forms -q --report {'x' * 300}.parquet --select WGT", "文件名过长"),
        ("normalize forms -o nosuch/x.json", "无法写入 @ nosuch/x.json"),
        ("responses forms -o nosuch/x.yaml", "无法写入 @ nosuch/x.yaml"),
        ("rules docs -o nosuch/x.html", "无法写入 @ nosuch/x.html"),
    ],
)
def test_a_place_that_takes_nothing_is_told_before_the_work(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, said: str) -> None:
    """What a run of an hour is to be written to is tried before the first form is read."""
    monkeypatch.setattr("checker.forms.intake.take", lambda *_: pytest.fail("a form was read"))
    before = state(tmp_path)
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1, err
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ""],
        *(["check", "a.xlsx", option, ""] for option in ("--rules", "--report", "--marked", "--evidence", "--calendar", "--previous", "--approved", "--reference", "--waivers", "--baseline", "--responses", "--record")),
        ["normalize", "a.xlsx", "-o", ""],
        ["template", "events", "--for", ""],
        ["diff", "", ""],
        ["record", "list", ""],
        ["rules", "list", "--rules", ""],
    ],
    ids=" ".join,
)
def test_no_path_is_not_the_current_folder(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    """An unset variable of a script gives an empty path: exit code 2, where it meant the current folder the pages of a batch went there."""
    before = state(tmp_path)
    for lang, said in (("zh", "为空，请写明文件或文件夹"), ("en", "empty, name a file or a folder")):
        code, out, err = run(*arguments, "--lang", lang)
        assert (code, out) == (2, "") and said in err.splitlines()[-1], err
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("template project --for a.xlsx -o x.xlsx", "--for goes with events"),
        ("normalize a.xlsx --table forms", "--table goes with --format csv or parquet"),
        ("normalize a.xlsx --explain --table forms --format csv", "--table goes with --format csv or parquet"),
        ("normalize a.xlsx --format csv --locations", "--locations goes with --format json or yaml"),
        ("normalize a.xlsx --explain --locations", "--locations goes with --format json or yaml"),
        ("rules test --at-least 90 -k WGT-001", "--at-least goes with --mutate or --corrupt"),
        ("rules test --mutate --corrupt a.xlsx", "--mutate and --corrupt are two tests, run one after the other"),
        ("record query records rules --years 3 --since 2020-01-01", "--years and --since say the same, give one of them"),
        ("record query records rules --since yesterday", "--since yesterday: not a day, write YYYY-MM-DD"),
        ("check a.xlsx --limit max_bytes=" + "9" * 5000, "a whole number above 0 is needed, of 18 digits at most"),
    ],
    ids=lambda text: text[:40],
)
def test_options_that_do_nothing_are_refused(run: Run, arguments: str, said: str) -> None:
    """An option that is passed over in silence looks like one that held: a bound on mutants that are not made passes always."""
    assert run("check", "a.xlsx", "-q", "--record", "records")[0] == 0
    code, out, err = run(*arguments.split(), "--lang", "en")
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1, err


@pytest.mark.parametrize("arguments", ["responses nosuch.xlsx -o x.yaml", "template events --for nosuch.xlsx -o x.csv", "baseline create nosuch.xlsx -o x.json", "normalize nosuch.xlsx -o x.json"])
def test_nothing_read_nothing_written(run: Run, tmp_path: Path, arguments: str) -> None:
    """Where no form could be read there is nothing to answer, to date or to know: no file is written, the exit code is 3."""
    before = state(tmp_path)
    code, out, err = run(*arguments.split())
    assert (code, out) == (3, "") and err == "checker: 文件不存在 @ nosuch.xlsx，请检查路径\n"
    assert state(tmp_path) == before


def test_a_waiver_beside_a_file_that_cannot_be_read_is_told(run: Run) -> None:
    """The highest exit code holds: a finding that is not there may be one of the form that could not be read."""
    words = ["--reason", "附件三", "--requested-by", "王报", "--approved-by", "李审", "--days", "30"]
    code, _, err = run("waivers", "add", "a.xlsx", "nosuch.xlsx", "--finding", "0" * 24, *words)
    assert code == 3 and "没有问题是指纹" in err
    assert run("waivers", "add", "a.xlsx", "--finding", "0" * 24, *words)[0] == 2


def test_the_name_of_a_file_is_never_translated(run: Run) -> None:
    """A folder called by a word of ours keeps its name in a fault."""
    assert run("record", "list", "missing")[2] == "checker: 没有记录 @ missing，请给出 --record 用的文件夹\n"


@pytest.mark.parametrize(("lang", "said"), [("zh", "checker: 内容已变 @ a.xlsx\n"), ("en", "checker: has other bytes now @ a.xlsx\n")])
def test_a_replay_tells_what_changed_in_both_languages(run: Run, lang: str, said: str) -> None:
    """What differs from the recorded run is said in the language of the run."""
    run("check", "a.xlsx", "-q", "--record", "records")
    shutil.copy(SAMPLES / "clean_hubei.xlsx", "a.xlsx")
    assert run("record", "replay", "records", "1", "--lang", lang)[::2] == (1, said)


@pytest.mark.parametrize(("lang", "said"), [("zh", "链接指向文件夹之外或不存在，未读 3 个文件："), ("en", "3 links that lead out of the folder or nowhere, not read: ")])
def test_links_that_are_not_followed_are_told(run: Run, tmp_path: Path, lang: str, said: str) -> None:
    """A link in a folder that leads out of it, or nowhere, is not read, and neither is a linked folder: the run says so instead of passing them over."""
    (tmp_path / "forms" / "out.xlsx").symlink_to(tmp_path / "a.xlsx")
    (tmp_path / "forms" / "nowhere.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (tmp_path / "forms" / "up").symlink_to(tmp_path)
    (tmp_path / "forms" / "same.xlsx").symlink_to(tmp_path / "forms" / "b.xlsx")
    code, out, err = run("check", "forms", "-q", "-v", "--lang", lang)
    assert code == 0 and said in err
    assert all(f"forms/{name}" in err for name in ("out.xlsx", "nowhere.xlsx", "up")) and "same.xlsx" not in out


def test_pages_that_find_no_room_leave_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while the pages of a batch are made: one line with the folder that was named, and nothing in it."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _, err = run("check", "forms", "-q", "--report", "out/")
    assert (code, err) == (2, "checker: 无法写入 @ out：磁盘已满，请另选位置\n")
    assert list((tmp_path / "out").iterdir()) == []

"""`--previous` and `--approved`: forms of a run compared with those of earlier years and with approved targets."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

from command_line import ROOT, checker

SEED = ROOT / "sample_forms" / "minhang_dpf_2023.txt"


def run(*arguments: str | Path) -> CompletedProcess[str]:
    done = checker(*arguments)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def batch(*arguments: str | Path) -> list[str]:
    """The rules that speak of several forms."""
    return sorted({finding["rule"] for finding in json.loads(run("check", SEED, "--format", "json", "--as-of", "2024-04-18", *arguments).stdout)["batch"]})


def test_a_form_copied_from_last_year_is_asked_about(tmp_path: Path) -> None:
    """Without last year's form nothing is said; with a copy of it the narrative and the reasons are questioned."""
    (tmp_path / "2022.txt").write_text(SEED.read_text(encoding="utf-8").replace("2023", "2022"), encoding="utf-8")
    assert batch() == []
    assert "XFM-007" in batch("--previous", tmp_path)


def test_targets_lowered_after_approval_are_found(tmp_path: Path) -> None:
    """An approved target higher than the filed one is reported."""
    (tmp_path / "approved.txt").write_text(SEED.read_text(encoding="utf-8").replace(">=520人次", ">=900人次"), encoding="utf-8")
    assert "XFM-006" in batch("--approved", tmp_path)


def test_comparing_with_half_of_the_forms_is_refused(tmp_path: Path) -> None:
    """A file of last year that cannot be read stops the run: exit 3, one line."""
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    done = run("check", SEED, "--previous", tmp_path)
    assert done.returncode == 3 and "broken.xlsx" in done.stderr and "Traceback" not in done.stderr


def test_the_final_accounts_are_compared(tmp_path: Path) -> None:
    """`--reference` takes a table of final accounts; the recorded run can be made again, and a changed table is named."""
    table = tmp_path / "accounts.csv"
    table.write_text("单位名称,资金项目,决算数(元)\n上海市闵行区残疾人联合会(汇总),项目支出,47299648.73\n", encoding="utf-8")
    assert batch("--reference", table) == ["XFM-005"]
    run("check", SEED, "--reference", table, "--record", tmp_path / "records", "--as-of", "2024-04-18", "-q")
    assert run("record", "replay", tmp_path / "records", "1").returncode == 0
    table.write_text("单位,年\n", encoding="utf-8")
    changed = run("record", "replay", tmp_path / "records", "1")
    assert changed.returncode != 0 and "accounts.csv" in changed.stdout + changed.stderr
    refused = run("check", SEED, "--reference", table)
    assert refused.returncode == 3 and "没有表头" in refused.stderr and "Traceback" not in refused.stderr


def test_a_table_reached_by_two_ways_is_read_once(tmp_path: Path) -> None:
    """The same table twice counts once, which is said; a copy of it under another name is a table of its own."""
    table, link, copy = tmp_path / "accounts.csv", tmp_path / "link.csv", tmp_path / "copy.csv"
    table.write_text("单位名称,资金项目,决算数(元)\n上海市闵行区残疾人联合会(汇总),项目支出,47299648.73\n", encoding="utf-8")
    link.symlink_to(table)
    copy.write_bytes(table.read_bytes())
    finding = ["check", SEED, "--format", "json", "--as-of", "2024-04-18", "--select", "XFM-005", "--reference", table]
    once = run(*finding)
    for other in (table, link, table.parent / "." / ".." / tmp_path.name / table.name):
        twice = run(*finding, "--reference", other)
        assert json.loads(twice.stdout)["batch"] == json.loads(once.stdout)["batch"] != []
        assert "重复给出、只读一次的有 1 个文件" in twice.stderr and "只读一次" not in once.stderr
    assert "1 file given more than once and read once" in run(*finding, "--reference", link, "--lang", "en").stderr
    both = run(*finding, "--reference", copy)
    assert "只读一次" not in both.stderr and json.loads(both.stdout)["batch"] != json.loads(once.stdout)["batch"]


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    """`--reference` takes files: a folder is refused in one line."""
    (tmp_path / "a.csv").write_text("单位名称,资金项目,决算数(元)\n甲,项目支出,1\n", encoding="utf-8")
    for lang, said in (("zh", "对照表不能是文件夹 @ {}，请逐个给出文件"), ("en", "a table to compare with cannot be a folder @ {}, give its files one by one")):
        refused = run("check", SEED, "--reference", tmp_path, "--lang", lang)
        assert refused.returncode == 3 and refused.stderr == f"checker: {said.format(tmp_path)}\n"

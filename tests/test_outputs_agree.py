"""One run, every output: whoever adds up the findings of one gets the numbers of all others."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from lxml import etree

from checker.cli import cli

ROOT = Path(__file__).resolve().parents[1]
DAY = ("--as-of", "2024-04-18")
ALONE = ("--ignore", "XFM", "--ignore", "WGT-009", "--ignore", "NAR-008")

pytestmark = pytest.mark.limit(300)


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five forms, two of which share a reason word for word (a finding over several forms), cells nobody can read, a file that is no form."""
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in ("clean_department.xlsx", "clean_sichuan.xlsx", "minhang_dpf_2023.txt"):
        shutil.copy(ROOT / "sample_forms" / name, folder)
    for name in ("12_huangshi_library", "39_yueyang_rural_road"):
        shutil.copy(ROOT / "tests" / "corpus" / "forms" / "xlsx" / f"{name}.xlsx", folder)
    (folder / "坏.xlsx").write_bytes(b"\x00\x01")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return folder


def test_all_outputs_of_a_run_count_alike(forms: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """JSON, JSON Lines, SARIF, JUnit, workbook, Markdown, GitHub, GitLab, terminal and the run record: the same failures, undecided findings, cells and files."""
    reports = [word for name in ("f.json", "f.jsonl", "f.sarif", "f.xml", "f.xlsx", "f.md") for word in ("--report", name)]
    assert cli(["check", "forms", *DAY, "-q", *reports, "--record", "records"]) == 3
    terminal = capfd.readouterr().out.splitlines()[-1]
    run = json.loads(Path("f.json").read_text(encoding="utf-8"))
    summary, found = run["summary"], [*run["batch"], *(finding for form in run["forms"] for finding in form["findings"])]
    failed = Counter(finding["severity"] for finding in found if finding["kind"] == "fail")
    undecided = sum(finding["kind"] == "open" for finding in found)
    error, warning, note = (failed[name] for name in ("error", "warning", "note"))
    assert run["batch"] and min(error, warning, note, undecided, summary["unread"], summary["unreadable"]) > 0
    assert summary["findings"] == {"error": error, "warning": warning, "note": note}

    lines = [json.loads(line) for line in Path("f.jsonl").read_text(encoding="utf-8").splitlines()]
    assert Counter(line["type"] for line in lines)["finding"] == lines[-1]["lines"] == len(found)
    assert {key: lines[-1][key] for key in summary} == summary

    sarif = Counter((result["kind"], result.get("level")) for result in json.loads(Path("f.sarif").read_text(encoding="utf-8"))["runs"][0]["results"])
    assert sarif == {("fail", "error"): error, ("fail", "warning"): warning, ("fail", "note"): note, ("open", "none"): undecided}

    junit = etree.parse("f.xml").getroot()
    assert [len(junit.findall(f".//{kind}")) for kind in ("failure", "error")] == [error + warning, summary["unreadable"]]
    assert int(junit.get("failures")) == error + warning

    book = openpyxl.load_workbook("f.xlsx")
    sheets = {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name in book.sheetnames if (rows := list(book[name].iter_rows(values_only=True)))}
    assert [sum(int(row[name] or 0) for row in sheets["汇总"]) for name in ("错误", "警告", "提示", "未能判定", "读不出的格")] == [error, warning, note, undecided, summary["unread"]]
    assert len(sheets["问题清单"]) == len(found)
    assert [sum(row["类别"] == kind for row in sheets["读不出的单元格"]) for kind in ("单元格", "文件")] == [summary["unread"], summary["unreadable"]]

    assert f"| 5 | {error} | {warning} | {note} | {undecided} | 0 | 1 | 0 |" in Path("f.md").read_text(encoding="utf-8")
    assert f"错误 {error} · 警告 {warning} · 提示 {note}；未能判定 {undecided}；读不出的格 {summary['unread']}；读不出的文件 1；" in terminal

    cli(["record", "list", "records"])
    assert f"5 份表  错误 {error} 警告 {warning} 提示 {note} " in capfd.readouterr().out
    cli(["check", "forms", *DAY, "--format", "gitlab"])
    assert Counter(one["severity"] for one in json.loads(capfd.readouterr().out)) == {"critical": error, "major": warning, "minor": note, "info": undecided, "blocker": summary["unreadable"]}
    cli(["check", "forms", *DAY, "--format", "github"])
    assert f"错误 {error}，警告 {warning}，提示 {note}，未决 {undecided}，读不出的格 {summary['unread']}，" in capfd.readouterr().out.splitlines()[-1]


def test_the_quick_run_says_the_numbers_of_the_run_in_words(forms: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A rule that makes one finding of many rows is one in the line of the quick run too; its table keeps a row each row."""
    assert cli(["check", "forms", *DAY, *ALONE, "-q", "--report", "f.parquet"]) == 3
    quick = capfd.readouterr().out
    assert cli(["check", "forms", *DAY, *ALONE, "-q", "--report", "f.json"]) == 3
    summary = json.loads(Path("f.json").read_text(encoding="utf-8"))["summary"]["findings"]
    error, warning, note = (summary[name] for name in ("error", "warning", "note"))
    assert f"不合格 {error + warning + note} 处（错误 {error}，警告 {warning}，提示 {note}）" in quick
    assert len(pl.read_parquet("f.parquet").filter(pl.col("outcome") == "fail")) > error + warning + note


def test_a_waiver_moves_one_finding_in_every_output(forms: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What is accepted leaves the failures of each output by one and stands in each as accepted; index and pages say the same."""
    assert cli(["check", "forms", *DAY, "-q", "--report", "before.json"]) == 3
    before = json.loads(Path("before.json").read_text(encoding="utf-8"))
    fingerprint = next(finding["fingerprint"] for form in before["forms"] for finding in form["findings"] if finding["rule"] == "DED-001" and finding["kind"] == "fail")
    words = ["--reason", "附件三已说明", "--requested-by", "王报", "--approved-by", "李审", "--days", "60"]
    assert cli(["waivers", "add", "forms", *DAY, "--finding", fingerprint, *words]) == 3
    assert cli(["check", "forms", *DAY, "-q", "--waivers", "waivers.yaml", "--report", "after.json", "--report", "after.xlsx", "--report", "after.xml", "--report", "out/"]) == 3
    capfd.readouterr()
    after = json.loads(Path("after.json").read_text(encoding="utf-8"))["summary"]
    assert (after["findings"]["error"], after["accepted"]) == (before["summary"]["findings"]["error"] - 1, 1)
    book = openpyxl.load_workbook("after.xlsx")
    head, *rows = book["汇总"].iter_rows(values_only=True)
    assert [sum(int(row[head.index(name)] or 0) for row in rows) for name in ("错误", "已接受")] == [after["findings"]["error"], 1]
    assert len(etree.parse("after.xml").getroot().findall(".//failure")) == after["findings"]["error"] + after["findings"]["warning"]
    index = Path("out/index.html").read_text(encoding="utf-8")
    pages = [path.read_text(encoding="utf-8") for path in Path("out").glob("form-*.html")]
    assert sum(int(re.search(r'class="error" href="#findings" data-only="error"><span class="n">(\d+)', page)[1]) for page in pages) == after["findings"]["error"]  # type: ignore[index]
    assert f"共 {after['findings']['error']} 处" in index
    assert json.loads(Path("out/findings.json").read_text(encoding="utf-8"))["summary"] == after

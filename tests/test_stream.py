"""`checker check --format jsonl` prints form by form while it runs, and the same bytes as the finished run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from checker import audit, check
from checker.audit import processes
from checker.cli import cli
from checker.model import Form, FormResult

ROOT = Path(__file__).resolve().parents[1]
SEED = (ROOT / "sample_forms" / "minhang_dpf_2023.txt").read_text(encoding="utf-8")
NAMES = ("甲.txt", "丙.txt", "丁.txt")


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three forms of three units in `forms/`, one form a batch."""
    (tmp_path / "forms").mkdir()
    for name in NAMES:
        (tmp_path / "forms" / name).write_text(SEED.replace("上海市闵行区残疾人联合会(汇总)", f"第{name[0]}局"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(audit, "BATCH", 1)
    return tmp_path


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_lines_of_a_form_come_before_the_next_batch_is_checked(forms: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """When a batch begins, all forms before it are on standard output, with their findings, and the summary is not."""
    printed: list[list[dict[str, object]]] = []
    whole = processes.check_batch

    def watched(batch: Sequence[Form], *rest: object) -> tuple[FormResult, ...]:
        printed.append(lines(capfd.readouterr().out))
        return whole(batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(processes, "check_batch", watched)
    assert cli(["check", "forms", "--format", "jsonl", "--as-of", "2024-04-18"]) == 1
    last = lines(capfd.readouterr().out)
    assert [[line["type"] for line in part if line["type"] != "finding"] for part in printed] == [["run"], ["form"], ["form"]]
    assert all(part[0]["type"] == "finding" for part in printed[1:])
    assert [line["type"] for line in last if line["type"] not in ("finding", "note")] == ["form", "summary"]


def test_streamed_lines_equal_the_report(forms: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With waivers, baseline, answers, an unreadable file and a selection the stream is, byte for byte, the .jsonl report."""
    day = ["--as-of", "2024-04-18"]
    select = ["--select", "DED", "--select", "BUD", "--select", "XFM"]
    (forms / "forms" / "坏.xlsx").write_bytes(b"PK\x03\x04 no archive")
    cli(["check", "forms", *day, "--format", "jsonl"])
    found = [line for line in lines(capfd.readouterr().out) if line["type"] == "finding" and line["rule"] == "DED-001" and line["kind"] == "fail"]
    assert len(found) == len(NAMES)
    waive = ["--reason", "已在附件三说明", "--requested-by", "王报", "--approved-by", "李审", "--days", "60"]
    assert cli(["waivers", "add", "forms", "--finding", str(found[1]["fingerprint"]), *waive, *day]) == 3  # 坏.xlsx cannot be read
    assert cli(["baseline", "create", "forms/丁.txt", "-o", "baseline.json", *day]) in (0, 3)
    (forms / "responses.yaml").write_text(f"{json.dumps(found[2]['fingerprint'])}:\n  explanation: 人数减少\n", encoding="utf-8")
    capfd.readouterr()
    files = ["--waivers", "waivers.yaml", "--baseline", "baseline.json", "--responses", "responses.yaml"]
    assert cli(["check", "forms", *day, *select, *files, "--format", "jsonl", "--report", "run.jsonl"]) == 3
    out = capfd.readouterr().out
    assert out == (forms / "run.jsonl").read_text(encoding="utf-8")
    read = lines(out)
    assert [line["type"] for line in read].count("unreadable") == 1
    for mark in ("waiver", "baseline", "response"):
        assert any(line.get(mark) for line in read if line["type"] == "finding"), mark


def test_forms_come_in_input_order_over_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms checked under other parameters wait for those before them; each is told once."""
    monkeypatch.setattr(audit, "BATCH", 1)
    paths = [ROOT / "sample_forms" / name for name in ("clean_department.xlsx", "clean_hubei.xlsx", "minhang_dpf_2023.txt", "clean_sichuan.xlsx")]
    told: list[FormResult] = []
    results = check(paths, as_of=date(2024, 4, 18), on_form=told.append)
    assert len({form.profile for form in results.forms}) > 1
    assert tuple(told) == results.forms


def test_a_run_that_breaks_off_has_no_summary(forms: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A fault in a later batch leaves the forms before it printed, no summary, and the fault's exit code."""
    whole = processes.check_batch

    def failing(batch: Sequence[Form], *rest: object) -> tuple[FormResult, ...]:
        if "甲" in batch[0].source.path:
            raise audit.ContractFault("broken @ 甲.txt")
        return whole(batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(processes, "check_batch", failing)
    assert cli(["check", "forms", "--format", "jsonl"]) == 5
    types = [line["type"] for line in lines(capfd.readouterr().out)]
    assert types.count("form") == 2 and "summary" not in types


def test_a_closed_pipe_is_no_pass(forms: Path) -> None:
    """A reader that goes away before the end leaves an exit code that is not 0."""
    with subprocess.Popen(
        [sys.executable, "-m", "checker", "check", *(["forms"] * 12), "--format", "jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONPATH": str(ROOT), "PATH": ""},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        running.stdout.read(1)
        running.stdout.close()
        assert running.wait(120) == 1

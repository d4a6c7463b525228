"""A year in the life of a gate, by its commands alone: what stops, what passes, and that the record of it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, calling

from checker.engine import batch_pass, row_pass

SEED = Path(__file__).resolve().parents[1] / "sample_forms" / "minhang_dpf_2023.txt"
LINE = 39
"""The line whose deduction has no reason: 得分 0.80, 分值 1.00."""



@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder; returns exit code, standard output and standard error."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHECKER_WHO", "赵平台")
    return calling(capfd)


def submit(name: str, score: str = "0.80", reason: str = "") -> None:
    """Put the seed form into forms/, its line 39 with another score or reason."""
    lines = SEED.read_text(encoding="utf-8").split("\n")
    cells = lines[LINE - 1].split("\t")
    where = cells.index("0.80")
    cells[where] = score
    if reason:
        cells[where + 1 :] = [reason]
    lines[LINE - 1] = "\t".join(cells)
    Path("forms").mkdir(exist_ok=True)
    Path("forms", name).write_text("\n".join(lines), encoding="utf-8")


def check(run: Run, *more: str, day: str = "2024-04-18", code: int) -> tuple[str, str]:
    got, out, err = run("check", "forms", "--select", "DED", "--as-of", day, "--record", "records", *more)
    assert got == code, out + err
    return out, err


def waive(run: Run, approved_by: str) -> tuple[int, str, str]:
    listed = [json.loads(line) for line in run("check", "forms", "--select", "DED-001", "--format", "jsonl")[1].splitlines()]
    fingerprint = next(item["fingerprint"] for item in listed if item["type"] == "finding" and item["kind"] == "fail")
    return run(
        "waivers", "add", "forms", "--finding", fingerprint, "--reason", "原因已在附件三说明", "--requested-by", "王报", "--approved-by", approved_by, "--days", "60", "--as-of", "2024-04-18",
    )  # fmt: skip


def crashing(rule: str, real: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """The engine's `program`, but what it makes of one rule crashes when it is run."""

    def program(trees: Mapping[str, Any]) -> Any:
        made = real(trees)
        if not any(key.startswith(f"{rule}:") for key in trees):
            return made

        class Broken:
            def __getattr__(self, name: str) -> Any:
                return getattr(made, name)

            def run(self, *_: object) -> Any:
                raise ArithmeticError("made to crash")

        return Broken()

    return program


def crashing_on_rows(rule: str, real: Callable[..., Any]) -> Callable[..., Any]:
    """What works out few forms, but one rule crashes."""

    def outcome(given: Any, context: Any) -> Any:
        if given.id == rule:
            raise ArithmeticError("made to crash")
        return real(given, context)

    return outcome


def test_a_year(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """First faults, a waiver wrongly and rightly approved, its value changed, its end, a baseline, a crash, unreadable files, a resubmission; all recorded."""
    # the folder is there, nothing in it yet: nothing checked is no pass
    Path("forms").mkdir()
    check(run, code=3)

    # first submission: a deduction without a reason
    submit("闵行残联.txt")
    out, _ = check(run, "--format", "github", code=1)
    assert f"::error file=forms/闵行残联.txt,line={LINE},title=DED-001" in out
    check(run, "--report", "first.json", code=1)

    # a waiver approved by the one who asked for it: refused, written by hand too
    code, _, err = waive(run, "王报")
    assert code == 4
    assert "approved_by: 王报 是申请人，须由他人批准" in err
    assert not Path("waivers.yaml").exists()
    code, _, _ = waive(run, "李审")
    assert code == 0
    right = Path("waivers.yaml").read_text(encoding="utf-8")
    Path("waivers.yaml").write_text(right.replace("李审", "王报"), encoding="utf-8")
    _, err = check(run, "--waivers", "waivers.yaml", code=4)
    assert re.search(r"waivers\.yaml:\d+ approved_by: 王报 是申请人，须由他人批准", err)

    # approved by somebody else: the gate opens, and the waiver is to be seen
    Path("waivers.yaml").write_text(right, encoding="utf-8")
    for form in ("terminal", "json", "jsonl", "github", "gitlab", "markdown"):
        out, _ = check(run, "--waivers", "waivers.yaml", "--format", form, code=0)
        assert "已豁免" in out or '"waiver": {' in out, form
        assert all(word in out for word in ("原因已在附件三说明", "李审", "2024-06-17")), form

    # the waived value changes: the waiver was not given for that
    submit("闵行残联.txt", score="0.30")
    _, err = check(run, "--waivers", "waivers.yaml", code=1)
    assert "被豁免的数值已改变，豁免失效" in err
    submit("闵行残联.txt")

    # its last day, and the day after
    check(run, "--waivers", "waivers.yaml", day="2024-06-17", code=0)
    _, err = check(run, "--waivers", "waivers.yaml", day="2024-06-18", code=1)
    assert "豁免已于 2024-06-17 到期，问题重新计入" in err

    # a baseline: known findings pass, changed ones and new ones don't; prune takes out what is gone
    assert run("baseline", "create", "forms", "-o", "baseline.json", "--as-of", "2024-06-18")[0] == 0
    before = Path("baseline.json").read_bytes()
    check(run, "--baseline", "baseline.json", day="2024-06-18", code=0)
    submit("闵行残联.txt", score="0.30")
    check(run, "--baseline", "baseline.json", day="2024-06-18", code=1)
    assert Path("baseline.json").read_bytes() == before
    submit("闵行残联.txt", reason="部分参保人员已迁出本区，下年按实有人数测算")
    assert run("baseline", "prune", "forms", "--baseline", "baseline.json", "--as-of", "2024-06-18")[0] == 0
    pruned = json.loads(Path("baseline.json").read_text(encoding="utf-8"))["findings"]
    assert len(pruned) < len(json.loads(before)["findings"])
    assert not any(item["rule"] == "DED-001" and item["kind"] == "fail" for item in pruned)

    # the resubmission, under another file name, compared with the first
    Path("forms", "闵行残联.txt").rename(Path("forms", "整改后.txt"))
    check(run, "--report", "second.json", code=0)
    code, out, _ = run("diff", "first.json", "second.json", "--exit-code")
    assert code == 0
    assert re.search(r"已改正  错误  DED-001", out)
    assert run("diff", "second.json", "first.json", "--exit-code")[0] == 1

    # a file nobody can read, beside a good one
    Path("forms", "坏.xlsx").write_bytes(b"PK no workbook")
    check(run, code=3)
    check(run, "--fail-on", "never", code=3)
    Path("forms", "坏.xlsx").unlink()

    # a rule that crashes
    with monkeypatch.context() as patch:
        patch.setattr(batch_pass, "program", crashing("DED-002", batch_pass.program))
        patch.setattr(row_pass, "outcome", crashing_on_rows("DED-002", row_pass.outcome))
        out, _ = check(run, "--fail-on", "never", "--format", "github", code=5)
        assert re.search(r"::error file=forms/整改后.txt,title=DED-002", out)

    # hundreds of findings are exit 1, not a count that wraps
    for number in range(5):
        text = SEED.read_text(encoding="utf-8").replace("上海市闵行区残疾人联合会", f"第{number}单位")
        Path("forms", f"{number}.txt").write_text(text, encoding="utf-8")
    code, out, _ = run("check", "forms", "--as-of", "2024-04-18", "--fail-on", "note", "--record", "records", "--format", "jsonl")
    assert code == 1
    assert sum(json.loads(out.splitlines()[-1])["findings"].values()) >= 300

    # the record of all of it: intact, then one byte changed
    code, out, _ = run("record", "verify", "records")
    assert code == 0, out
    listed = run("record", "list", "records")[1]
    assert {re.search(r"退出码 (\d)", line)[1] for line in listed.splitlines()} == {"0", "1", "3", "4", "5"}
    assert listed.count("赵平台") == len(listed.splitlines()) == len(list(Path("records").glob("*.json")))
    assert "DED-001" in run("record", "query", "records", "rules", "--years", "3")[1]
    newest = max(Path("records").glob("*.json"))
    assert run("record", "replay", "records", str(int(newest.stem)))[0] == 0
    victim = Path("records", "000003.json")
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(bytes(data))
    code, _, err = run("record", "verify", "records")
    assert code == 3
    assert "000003.json" in err
    assert run("record", "query", "records", "rules")[0] == 3


def test_settings_hold_without_being_repeated(run: Run) -> None:
    """checker init writes a file that changes nothing; a setting in it holds for check, and the command line goes before it."""
    submit("a.txt")
    assert run("init")[0] == 0
    assert run("init")[0] == 2
    check(run, code=1)
    text = Path("checker.toml").read_text(encoding="utf-8")
    Path("checker.toml").write_text(text + 'fail_on = "never"\nformat = "markdown"\n', encoding="utf-8")
    out, _ = check(run, code=0)
    assert out.startswith("## ")
    check(run, "--fail-on", "error", code=1)
    Path("checker.toml").write_text('fail_on = "nevr"\n', encoding="utf-8")
    code, _, err = run("check", "forms")
    assert code == 4
    assert "checker.toml:1 fail_on: 应为下列之一" in err


def test_settings_limit_waivers(run: Run) -> None:
    """The longest span and the approvers of checker.toml hold for writing and for reading waivers."""
    submit("a.txt")
    assert waive(run, "李审")[0] == 0
    check(run, "--waivers", "waivers.yaml", code=0)
    Path("checker.toml").write_text("waivers_longest_days = 59\n", encoding="utf-8")
    assert "至多 59 天" in check(run, "--waivers", "waivers.yaml", code=4)[1]
    Path("checker.toml").write_text('waivers = "waivers.yaml"\nwaivers_approvers = ["钱"]\n', encoding="utf-8")
    assert "不在设置的批准人之列" in check(run, code=4)[1]
    assert run("waivers", "lint")[0] == 4
    Path("checker.toml").write_text('waivers = "waivers.yaml"\nwaivers_approvers = ["李 审"]\n', encoding="utf-8")
    check(run, code=0)


def test_a_replay_on_changed_files_is_refused(run: Run) -> None:
    """A record can be run again byte for byte; when a form changed since, the file is named and the exit code is 1."""
    submit("a.txt")
    check(run, code=1)
    assert run("record", "replay", "records", "1")[0] == 0
    submit("a.txt", score="0.30")
    code, _, err = run("record", "replay", "records", "1")
    assert code == 1
    assert "内容已变 @ forms/a.txt" in err
    assert run("record", "replay", "records", "2")[0] == 2


def test_a_replay_uses_the_recorded_side_files(run: Run) -> None:
    """Evidence, waivers and answers are part of the record: a replay reads them again, and a changed one is named."""
    submit("a.txt")
    Path("events.csv").write_text("indicator,case,event,date\n电影播放及时性,1,举办,2024-03-25\n", encoding="utf-8")
    assert waive(run, "李审")[0] == 0
    assert run("responses", "forms", "-o", "responses.yaml", "--as-of", "2024-04-18")[0] == 0
    text = Path("responses.yaml").read_text(encoding="utf-8").replace("  explanation:\n", "  explanation: 见附件\n")
    Path("responses.yaml").write_text(text, encoding="utf-8")
    sides = ("--waivers", "waivers.yaml", "--responses", "responses.yaml", "--select", "TIM")
    without, _ = check(run, *sides, "--format", "json", code=0)
    for name in ("000001.json", "HEAD"):
        Path("records", name).unlink()
    proved, _ = check(run, *sides, "--evidence", "events.csv", "--format", "json", code=1)
    assert proved != without
    assert "见附件" in proved
    kept = json.loads(Path("records", "000001.json").read_text(encoding="utf-8"))
    assert set(kept["files"]) == {"waivers", "responses", "evidence"}
    assert run("record", "replay", "records", "1")[0] == 0
    Path("events.csv").write_text("indicator,case,event,date\n电影播放及时性,1,举办,2024-03-26\n", encoding="utf-8")
    code, _, err = run("record", "replay", "records", "1")
    assert code == 1
    assert "内容已变 @ events.csv" in err


def test_a_baseline_of_unread_files_is_no_success(run: Run) -> None:
    """Where a form can't be read, creating and pruning end with 3; nothing is written when nothing was read."""
    Path("forms").mkdir()
    Path("forms", "坏.xlsx").write_bytes(b"PK no workbook")
    assert run("baseline", "create", "forms", "-o", "baseline.json")[0] == 3
    assert not Path("baseline.json").exists()
    submit("a.txt")
    assert run("baseline", "create", "forms", "-o", "baseline.json")[0] == 3
    before = Path("baseline.json").read_bytes()
    assert run("baseline", "create", "forms", "-o", "baseline.json")[0] == 2
    Path("forms", "a.txt").unlink()
    assert run("baseline", "prune", "forms", "--baseline", "baseline.json")[0] == 3
    assert Path("baseline.json").read_bytes() == before


def test_a_waiver_file_that_is_no_text_is_one_line(run: Run) -> None:
    """Adding to a file that is not UTF-8 is refused, and the file stays as it is."""
    submit("a.txt")
    Path("waivers.yaml").write_bytes(b"\xff\xfe")
    code, _, err = waive(run, "李审")
    assert code == 4
    assert "waivers.yaml" in err
    assert Path("waivers.yaml").read_bytes() == b"\xff\xfe"


def test_what_evidence_shows_can_be_accepted(run: Run) -> None:
    """Findings that rest on evidence, a profile or settings are in a baseline made with the same options, and stay out of the gate."""
    submit("a.txt")
    Path("events.csv").write_text("indicator,case,event,date\n电影播放及时性,1,举办,2024-03-25\n", encoding="utf-8")
    Path("checker.toml").write_text('evidence = "events.csv"\nexclude = ["*.md"]\nselect = ["TIM"]\n', encoding="utf-8")
    Path("forms", "readme.md").write_text("x", encoding="utf-8")
    assert run("check", "forms", "--as-of", "2024-04-18")[0] == 1
    assert run("baseline", "create", "forms", "-o", "plain.json", "--evidence", "none.csv")[0] == 3
    assert run("baseline", "create", "forms", "-o", "baseline.json", "--as-of", "2024-04-18")[0] == 0
    assert run("check", "forms", "--as-of", "2024-04-18", "--baseline", "baseline.json")[0] == 0
    assert run("baseline", "prune", "forms", "--baseline", "baseline.json", "--as-of", "2024-04-18")[1].startswith("baseline.json: −0,")

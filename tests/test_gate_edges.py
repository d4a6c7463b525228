"""Where a gate is leaned on: closed and full outputs, odd terminals, places that must not be overwritten, interrupts, progress."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from command_line import Run, calling

from checker import api
from checker.cli.progress import line
from checker.forms.intake import ahead

ROOT = Path(__file__).resolve().parents[1]
SEED = (ROOT / "sample_forms" / "minhang_dpf_2023.txt").read_text(encoding="utf-8")
DAY = ("--as-of", "2024-04-18")

pytestmark = pytest.mark.limit(300)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command where forms/a.txt is the seed; returns exit code, standard output and standard error."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "a.txt").write_text(SEED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return calling(capfd)


def process(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of shell in which `checker` is the program of the source tree, in an environment of its own."""
    env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **environment}
    return subprocess.run(["bash", "-c", f'checker() {{ "{sys.executable}" -m checker "$@"; }}; {command}'], cwd=folder, env=env, capture_output=True, timeout=300, check=False)


# ---- exit codes


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("forms", "nosuch"), 3, ""),
        (("forms/a.txt", "--fail-on", "never"), 0, ""),
        (("forms/a.txt", "--fail-on", "nevr"), 2, "--fail-on"),
        (("forms/a.txt", "--input-format", "xslx"), 2, "（是否要写“xlsx”？）"),
        (("forms/a.txt", "--profile", "nope"), 2, "没有口径"),
        (("forms/a.txt", "--select", "DED", "--ignore", "DED"), 2, "没有规则可运行"),
        (("nosuch", "--rules", "nosuch.yaml"), 4, "nosuch.yaml"),
        (("nosuch", "--waivers", "nosuch.yaml"), 4, "nosuch.yaml"),
        (("forms", "--evidence", "nosuch.csv"), 3, "nosuch.csv"),
    ],
)
def test_the_highest_code_that_applies(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    """An unread file beside findings is 3, a wrong rule file beside an unread form 4; wrong usage is 2 before anything is read."""
    got, _, err = run("check", *arguments, *DAY)
    assert got == code, err
    assert said in err


@pytest.mark.parametrize("command", ["template events --for forms/a.txt", "baseline create forms -o known.json", "responses forms", "normalize forms"])
def test_a_file_that_cannot_be_read_is_three_whatever_is_made(run: Run, command: str) -> None:
    """Beside a file that is read one that is not is named, and the exit code is 3; without it, 0."""
    words = command.split()
    assert run(*words)[0] == 0
    Path("known.json").unlink(missing_ok=True)
    first = next(n for n, word in enumerate(words) if word.startswith("forms"))
    more = (words[first - 1], "nosuch.xlsx") if words[first - 1] == "--for" else ("nosuch.xlsx",)
    code, _, err = run(*words[: first + 1], *more, *words[first + 1 :])
    assert code == 3
    assert "nosuch.xlsx" in err


def test_open_rows_stop_only_a_gate_that_asks(run: Run) -> None:
    """A form whose only trouble is undecided passes at `note` and stops at `open`."""
    lines = SEED.split("\n")
    lines[38] = lines[38].replace("0.80", "1.00")
    Path("forms/a.txt").write_text("\n".join(lines), encoding="utf-8")
    assert run("check", "forms", "--select", "DED-001", "--fail-on", "note", *DAY)[0] == 0
    assert run("check", "forms", "--select", "DED-001", "--fail-on", "open", *DAY)[0] == 1


def test_a_crash_of_the_program_is_five_and_recorded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault nobody thought of is no finding: exit code 5, one line, and a record of the run."""
    from checker import __main__

    def broken(*_: object) -> int:
        raise ZeroDivisionError("made to crash")

    monkeypatch.setattr("checker.exit_status.exit_status", broken)
    monkeypatch.setattr(sys, "argv", ["checker", "check", "forms", "--select", "DED-001", "--record", "records"])
    with pytest.raises(SystemExit) as left:
        __main__.main()
    assert left.value.code == 5
    kept = json.loads(Path("records/000001.json").read_text(encoding="utf-8"))
    assert (kept["exit_code"], kept["fault"]) == (5, "ZeroDivisionError: made to crash")


# ---- places that are written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--report", "out.foo"), "没有写 'out.foo' 的报告格式"),
        (("--report", "a.json", "--report", "./a.json"), "写了两次"),
        (("--report", "forms/a.txt"), "没有写 'a.txt' 的报告格式"),
        (("--report", "page.html"), "会覆盖输入的文件"),
        (("--baseline", "baseline.json", "--report", "baseline.json"), "会覆盖 baseline 文件"),
        (("--report", "forms/out/"), "在被检查的 forms 之内"),
        (("--record", "forms/records"), "在被检查的 forms 之内"),
        (("--marked", "forms/marked/"), "在被检查的 forms 之内"),
    ],
)
def test_outputs_never_fall_on_inputs(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """A report that would overwrite a form or the baseline, or be read as a form next time, is refused before anything is read or written."""
    Path("page.html").write_text("a form", encoding="utf-8")
    Path("baseline.json").write_text("kept", encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    code, out, err = run("check", "forms", "page.html", *arguments, *DAY)
    assert (code, out) == (2, ""), err
    assert said in err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_excluded_files_are_counted(run: Run) -> None:
    """--exclude leaves out files of folders, never one that was named; how many is said, and nothing left is no pass."""
    Path("forms/readme.md").write_text("x", encoding="utf-8")
    Path("forms/old").mkdir()
    Path("forms/old/b.txt").write_text("x", encoding="utf-8")
    assert run("check", "forms", *DAY, "--fail-on", "never")[0] == 3
    code, out, _ = run("check", "forms", "--exclude", "*.md", "--exclude", "old/", *DAY, "--fail-on", "never", "--report", "forms/old/out/", "--record", "records")
    assert code == 0
    assert "未读 2 个文件" in out and "readme.md" in out
    assert Path("forms/old/out/index.html").exists()
    assert run("record", "replay", "records", "1")[0] == 1, "the report is now among what is left out"
    assert run("check", "forms/readme.md", "--exclude", "*.md")[0] == 3
    assert run("check", "forms", "--exclude", "*")[0] == 3
    Path("checker.toml").write_text('exclude = ["*.md", "forms/old", "old"]\n', encoding="utf-8")
    assert run("check", "forms", *DAY, "--fail-on", "never")[0] == 0


def test_a_run_that_cannot_write_is_recorded(run: Run) -> None:
    """Where a report cannot be written the exit code is 2 and the record says so."""
    assert run("check", "forms", "--report", "nosuch/x.json", "--record", "records")[0] == 2
    kept = json.loads(Path("records/000001.json").read_text(encoding="utf-8"))
    assert kept["exit_code"] == 2 and "nosuch" in kept["fault"]


def test_a_record_holds_the_exit_code_of_the_process(run: Run, tmp_path: Path) -> None:
    """Findings that could not be printed are recorded with the exit code the run ended with, not with the one it would have had."""
    for number, (to, code) in enumerate(((">/dev/full", 2), (">/dev/null", 0)), 1):
        done = process(tmp_path, f"checker check forms --select DED-001 --fail-on never --record records {to}")
        kept = json.loads(Path(f"records/{number:06d}.json").read_text(encoding="utf-8"))
        assert done.returncode == kept["exit_code"] == code, done.stderr
        assert kept["findings_sha256"] and kept["fault"] is None


def test_limits_belong_to_a_record(run: Run) -> None:
    """A replay reads within the limits of the recorded run."""
    assert run("check", "forms", "--limit", "max_bytes=100", "--record", "records")[0] == 3
    assert run("record", "replay", "records", "1")[0] == 0


# ---- outputs that are closed, full or know no Chinese


@pytest.mark.parametrize("command", ["check forms --select DED-001 --fail-on never", "check forms --select DED-001 --fail-on never --format jsonl", "normalize forms", "normalize forms --format parquet"])
def test_a_full_or_closed_output_is_one_line(run: Run, command: str, tmp_path: Path) -> None:
    """Results that could not be printed are never a pass and never a traceback."""
    for to in (">/dev/full", ">&-"):
        done = process(tmp_path, f"checker {command} {to}")
        assert done.returncode == 2, done.stderr
        assert done.stderr.decode().startswith("checker: 无法写入 @ 标准输出") and done.stderr.count(b"\n") == 1
        assert "No space" not in done.stderr.decode()


@pytest.mark.parametrize("command", ["check", "normalize"])
def test_a_closed_standard_input_is_nothing_read(run: Run, command: str, tmp_path: Path) -> None:
    """`-` without an input is exit code 3."""
    done = process(tmp_path, f"checker {command} - <&-")
    assert done.returncode == 3 and b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "cp936"}, {"LANG": "C"}]
)
def test_terminals_without_chinese(run: Run, environment: Mapping[str, str], tmp_path: Path) -> None:
    """Help, faults and results come out whatever the encoding of the terminal; results are UTF-8."""
    done = process(tmp_path, "checker --help && checker check --help >/dev/null && checker check forms nosuch中文 --select DED-001 -v", **environment)
    assert done.returncode == 3, done.stderr
    assert b"Traceback" not in done.stderr
    assert "退回修改" in done.stdout[done.stdout.index("上海".encode()) :].decode("utf-8")


def test_odd_file_names_come_through_every_format(run: Run) -> None:
    """File names with broken bytes, line feeds, commands and direction marks are shown harmless, and each output can be read."""
    names = [b"\xff\xfe x.txt", b"a\n::error::x%0A.txt", b"=cmd|'<b>`.txt", "\u202eesrever.txt".encode()]
    for name in names:
        Path("forms", os.fsdecode(name)).write_text(SEED, encoding="utf-8")
    reports = [part for name in ("r.html", "r.json", "r.jsonl", "r.sarif", "r.xml", "r.xlsx", "r.md") for part in ("--report", name)]
    code, out, err = run("check", "forms", "--select", "DED-001", *DAY, *reports, "--format", "github", "--record", "records")
    assert code == 1, err
    assert all(line.startswith(("::error ", "::notice ", "检查 ")) for line in out.splitlines())
    uris = [item["location"]["uri"] for item in json.loads(Path("r.sarif").read_text(encoding="utf-8"))["runs"][0]["artifacts"]]
    assert "forms/%FF%FE%20x.txt" in uris
    for name in ("r.html", "r.jsonl", "r.xml", "r.md"):
        assert "\u202e" not in Path(name).read_text(encoding="utf-8"), name
    assert run("record", "replay", "records", "1")[0] == 0


def test_messages_never_drive_the_terminal(run: Run) -> None:
    """Controls in file names, waivers and the name of who ran are spelled out on standard error and in lists."""
    Path("forms/a.txt").rename("forms/\x1b[2Ja.txt")
    Path("\x1b[2Jbad.yaml").write_text("x", encoding="utf-8")
    waiver = {"rule": "DED-001", "form": "x\\e[2J", "reason": "\\e[31mred\\u202e", "requested_by": "a", "approved_by": "b", "approved_on": "2024-04-01", "expires": "2024-04-02"}
    Path("waivers.yaml").write_text("- " + "\n  ".join(f'{key}: "{value}"' for key, value in waiver.items()), encoding="utf-8")
    for arguments in (
        ("check", "forms", "nosuch\x1b[2J", "-v", "--select", "DED-001", "--waivers", "waivers.yaml", *DAY),
        ("check", "forms", "--rules", "\x1b[2Jbad.yaml"), ("normalize", "nosuch\x1b[2J"), ("waivers", "list"),
    ):  # fmt: skip
        _, out, err = run(*arguments)
        assert "\x1b" not in out + err and "\u202e" not in out + err, arguments
        assert "␛" in out + err, arguments


def test_files_that_may_not_be_read_have_the_code_of_their_kind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a side file can be read is found out by its reader, not by the parser of options: a waiver file is exit 4, a rule folder too."""
    Path("rules").mkdir()
    Path("side.yaml").write_text("x", encoding="utf-8")

    def closed(folder: Path) -> Sequence[Path]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("os.access", lambda *_: False)
    assert run("check", "forms", "--waivers", "side.yaml")[0] == 4
    assert run("check", "forms", "--evidence", "side.yaml")[0] == 3
    monkeypatch.setattr("pathlib.Path.iterdir", closed)
    assert run("check", "forms/a.txt", "--rules", "rules")[::2] == (4, "checker: rules: 不能读取（没有权限）\n")


# ---- what people said


def test_waivers_and_answers_are_in_every_output(run: Run) -> None:
    """Each format shows the waiver with reason, approver and end, and the unit's answer, beside its finding."""
    found = [json.loads(text) for text in run("check", "forms", "--select", "DED-001", "--format", "jsonl", *DAY)[1].splitlines()]
    fingerprint = next(item["fingerprint"] for item in found if item.get("kind") == "fail")
    given = ("--reason", "原因已在附件三说明", "--requested-by", "王报", "--approved-by", "李审", "--days", "60")
    assert run("waivers", "add", "forms", "--finding", fingerprint, *given, *DAY)[0] == 0
    Path("responses.yaml").write_text(f"{fingerprint}: {{explanation: 人员已迁出, corrected_value: '0.90', document: 附件三}}\n", encoding="utf-8")
    sides = ("--select", "DED-001", "--waivers", "waivers.yaml", "--responses", "responses.yaml", *DAY)
    names = ("r.html", "r.json", "r.jsonl", "r.sarif", "r.xml", "r.md", "out/")
    assert run("check", "forms", *sides, *(part for name in names for part in ("--report", name)), "--report", "r.xlsx")[0] == 0
    told = {name: Path(name).read_text(encoding="utf-8") for name in names[:-1]}
    told["page"] = next(Path("out").glob("form-*.html")).read_text(encoding="utf-8")
    told["r.xlsx"] = " ".join(str(cell) for sheet in openpyxl.load_workbook("r.xlsx") for row in sheet.iter_rows(values_only=True) for cell in row)
    told |= {form: run("check", "forms", *sides, "--format", form)[1] for form in ("terminal", "json", "jsonl", "github", "gitlab", "markdown")}
    for name, text in told.items():
        for word in ("原因已在附件三说明", "李审", "2024-06-17", "人员已迁出", "0.90", "附件三"):
            assert word in text, (name, word)
    assert "已接受 1" in run("check", "forms", *sides, "-q")[1]


# ---- while it runs


def test_a_form_is_told_while_the_next_is_still_coming(tmp_path: Path) -> None:
    """JSON Lines of the first form are out while the second file, a pipe nobody has written to yet, holds up the reading."""
    (tmp_path / "1.txt").write_text(SEED, encoding="utf-8")
    code = (
        "import sys, time, pathlib, checker.forms.intake as intake\n"
        "real = intake.take\n"
        "def slow(name, *rest):\n"
        "    while name == '2.txt' and not pathlib.Path('go').exists():\n"
        "        time.sleep(0.05)\n"
        "    return real('1.txt' if name == '2.txt' else name, *rest)\n"
        "intake.take = slow\n"
        "from checker.__main__ import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "check", "1.txt", "2.txt", "--select", "DED-001", "--format", "jsonl", *DAY]
    with subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        types = [json.loads(running.stdout.readline())["type"] for _ in range(4)]
        assert types == ["run", "finding", "finding", "form"]
        assert running.poll() is None
        (tmp_path / "go").touch()
        rest = [json.loads(text)["type"] for text in running.stdout.read().splitlines()]
        assert rest == ["finding", "finding", "form", "summary"]
        assert running.wait(120) == 1


def test_what_is_read_ahead_comes_in_order_with_its_fault() -> None:
    """Nothing read ahead is lost or waits for ever, and what reading raises comes after what it gave."""
    assert [item for window in ahead(iter(range(1000)), most=7) for item in window] == list(range(1000))
    assert max(len(window) for window in ahead(iter(range(1000)), most=7)) <= 7
    assert list(ahead(iter(()))) == []

    def broken() -> Sequence[int]:
        yield 1
        raise KeyError("broken")

    got: list[int] = []
    with pytest.raises(KeyError, match="broken"):
        for window in ahead(broken()):
            got += window
    assert got == [1]


def test_check_takes_any_iterable_of_paths(run: Run) -> None:
    """A generator of paths, as Path.glob gives, is read like a list."""
    assert len(api.check(Path("forms").glob("*.txt"), select=["DED-001"]).forms) == 1


def test_an_interrupt_leaves_no_half_report(run: Run, tmp_path: Path) -> None:
    """Ctrl-C while the pages of a batch are written: exit code 130, no page and nothing unfinished left, the old report whole."""
    for number in range(12):
        (tmp_path / "forms" / f"{number}.txt").write_text(SEED.replace("上海市闵行区残疾人联合会", f"第{number}单位"), encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("old", encoding="utf-8")
    command = [sys.executable, "-m", "checker", "check", "forms", "--select", "DED", "--report", "out/", "--record", "records", *DAY]
    with subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as running:
        end = time.monotonic() + 120
        while not list((tmp_path / "out").glob(".unfinished-*/form-*")) and time.monotonic() < end:
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=120)
    assert running.returncode == 130, err
    assert err.decode().strip() == "checker: 已中断，未写出不完整的报告" and out == b""
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["index.html"]
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"


BEGUN = "import pathlib; from checker.cli import cli; pathlib.Path('begun').touch(); from checker.__main__ import main; main()"


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.8, 1.1, 1.5])
def test_an_interrupt_of_several_processes_is_one_line(run: Run, tmp_path: Path, seconds: float) -> None:
    """Ctrl-C reaches every process of a run, those that start and those that wait too: none of them says so, nothing is written."""
    for number in range(60):
        (tmp_path / "forms" / f"{number}.txt").write_text(SEED.replace("上海市闵行区残疾人联合会", f"第{number}单位"), encoding="utf-8")
    command = [sys.executable, "-c", BEGUN, "check", "forms", "--jobs", "2", "--report", "out.json", "--lang", "en", *DAY]
    with subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as running:
        while not Path("begun").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=120)
    assert running.returncode == 130 and out == b""
    assert [text for text in err.decode().splitlines() if text and "reading" not in text] == ["checker: interrupted, nothing half written"]
    assert not Path("out.json").exists()


IMPATIENT = """
import time, checker.cli
from checker.__main__ import main
from checker.processes import each, pool

def work():
    try:
        with pool(2) as processes:
            for _ in each(processes, time.sleep, [1.5] * 20):
                pass
    except KeyboardInterrupt:
        return 130

checker.cli.cli = work
print(flush=True)
main()
"""


def test_who_presses_ctrl_c_again_is_not_kept_waiting(tmp_path: Path) -> None:
    """Ctrl-C while processes are being ended is passed by: broken off, they would wait for work for ever and the run for them."""
    with subprocess.Popen([sys.executable, "-c", IMPATIENT], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as running:
        assert running.stdout and running.stdout.readline()
        try:
            for _ in range(4):
                time.sleep(0.3)
                running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    assert (running.returncode, err) == (130, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_processes_end_with_the_run(run: Run, tmp_path: Path, number: int, code: int) -> None:
    """A run that a pipeline calls off, or that the system ends, leaves no process behind that waits for work."""
    for copy in range(60):
        (tmp_path / "forms" / f"{copy}.txt").write_text(SEED.replace("上海市闵行区残疾人联合会", f"第{copy}单位"), encoding="utf-8")
    command = [sys.executable, "-c", BEGUN, "check", "forms", "--jobs", "2", "--report", "out/", *DAY]
    with subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        while not Path("begun").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(1)
        running.send_signal(number)
        assert running.wait(timeout=60) == code
        end = time.monotonic() + 30
        with suppress(ProcessLookupError):
            while time.monotonic() < end:
                os.killpg(running.pid, 0)  # raises when the last one is gone
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGKILL)
            pytest.fail("processes were left")
    assert number == signal.SIGKILL or not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "--help", "--lang", "en"], ["check", "--limit", "list"]])
def test_help_on_a_full_disk_is_one_line(run: Run, words: list[str], tmp_path: Path) -> None:
    """What explains the program is no fault of the program when it cannot be printed."""
    done = process(tmp_path, f"checker {' '.join(words)} >/dev/full")
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1
    assert done.stderr.decode() in ("checker: 无法写入 @ 标准输出：磁盘已满，请另选位置\n", "checker: cannot write @ standard output: No space left on device, choose another place\n")


def test_the_limits_are_listed(run: Run) -> None:
    """`--limit list` names each bound with its value and needs no form."""
    code, out, err = run("check", "--limit", "list")
    assert (code, err) == (0, "") and "max_bytes=104857600" in out.splitlines()
    assert run("normalize", "--limit", "list") == (0, out, "")


def test_what_a_file_was_taken_for_is_said_in_one_language(run: Run) -> None:
    """-v tells reader, encoding, layout and what was found; only what the form says is Chinese in English."""
    place = "2023-上海市闵行区残疾人联合会(汇总)-department"
    assert run("check", "forms", "-qv", "--select", "DED-001", *DAY)[2] == f"forms/a.txt：txt utf-8 → 部门整体支出；识别可靠；资金 4 行，指标 58 行，指标组 16 个；{place}\n"
    said = run("check", "forms", "-qv", "--select", "DED-001", "--lang", "en", *DAY)[2]
    assert said == f"forms/a.txt: txt utf-8 → 部门整体支出; recognised for certain; 4 budget lines, 58 indicators, 16 groups; {place}\n"


def test_a_line_of_progress() -> None:
    """The line says the stage, files done of all, rows checked and the time left at the pace so far; the bar is filled in proportion."""
    assert line("read", 5, 20, 10.0, 395) == "读取 5/20 · 395 行 · 约剩 30 秒"
    assert line("read", 5, 20, 10.0, 395, lang="en") == "reading 5/20 · 395 rows · about 30 s left"
    assert line("check", 10, 20, 1.0, 0, bar=True).startswith("[##########..........] 审核 10/20")
    assert "剩" not in line("read", 20, 20, 1.0, 0)
    assert line("read", 3, 0, 1.0, 0) == "读取 3"


SLOW = "import checker.cli.progress as p; p.QUIET_SECONDS = p.REDRAW_SECONDS = p.PLAIN_SECONDS = 0.0; from checker.__main__ import main; main()"


def test_a_bar_on_a_terminal_and_lines_elsewhere(run: Run, tmp_path: Path) -> None:
    """On a terminal one line is redrawn and wiped at the end; into a file plain lines are written, without control characters."""
    for number in range(3):
        (tmp_path / "forms" / f"{number}.txt").write_text(SEED, encoding="utf-8")
    command = [sys.executable, "-c", SLOW, "check", "forms", "--select", "DED-001", "-q", *DAY]
    env = {"PYTHONPATH": str(ROOT), "PATH": "", "TERM": "xterm", "COLUMNS": "60"}
    plain = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=300, check=False).stderr.decode()
    assert "读取 4/4" in plain and "审核 4/4" in plain
    assert " 行" in plain and "\x1b" not in plain and "\r" not in plain

    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=theirs, stdin=theirs) as running:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 300)[0]:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert running.wait(120) == 1
    os.close(ours)
    drawn = shown.decode().split("\r\x1b[K")
    assert any(text.startswith("[##########..........] 读取 2/4") for text in drawn)
    assert "\n" not in shown.decode() and drawn[-1] == ""

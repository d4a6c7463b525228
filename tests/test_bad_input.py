"""Bad input gets one clear line and the exit code of the contract, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, checker

SEED = ROOT / "sample_forms" / "minhang_dpf_2023.txt"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000100e221bc330000000049454e44ae426082")


def one_line(done: subprocess.CompletedProcess[bytes]) -> str:
    """The message: no traceback, and at most a line a fault."""
    text = done.stderr.decode("utf-8")
    assert "Traceback" not in text, text
    return text.strip()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.xlsx", b"", "empty.xlsx"),
        ("picture.xlsx", PNG, "picture.xlsx"),
        ("letter.txt", "关于召开会议的通知\n请各单位按时参加。\n".encode(), "letter.txt"),
        ("broken.docx", b"PK\x03\x04" + b"\0" * 40, "broken.docx"),
        ("half.pdf", b"%PDF-1.7\n1 0 obj\n<<", "half.pdf"),
        ("wrong.json", b'{"forms": [', "wrong.json"),
    ],
)
def test_files_without_a_form_exit_3(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    """Empty, wrong and formless files are named with their reason."""
    (tmp_path / name).write_bytes(content)
    done = checker("check", tmp_path / name)
    assert done.returncode == 3, done
    assert told in (done.stdout + done.stderr).decode("utf-8")
    one_line(done)


def test_a_missing_file_exits_3(tmp_path: Path) -> None:
    """A path that does not exist is named, by a process of its own too."""
    done = subprocess.run([sys.executable, "-m", "checker", "check", str(tmp_path / "none.xlsx")], cwd=ROOT, capture_output=True, timeout=120, check=False)
    here = checker("check", tmp_path / "none.xlsx")
    assert (here.returncode, here.stdout, here.stderr) == (done.returncode, done.stdout, done.stderr)
    assert done.returncode == 3
    assert "none.xlsx" in (done.stdout + done.stderr).decode()
    one_line(done)


def test_an_empty_folder_exits_3(tmp_path: Path) -> None:
    """Nothing to check is not a pass."""
    done = checker("check", tmp_path)
    assert done.returncode == 3
    one_line(done)


def test_one_bad_file_among_good_ones_is_reported_and_exits_3(tmp_path: Path) -> None:
    """The good file is checked all the same, the bad one is listed."""
    (tmp_path / "a.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "b.xlsx").write_bytes(PNG)
    done = checker("check", tmp_path)
    assert done.returncode == 3
    assert "DED-001" in done.stdout.decode()
    assert "b.xlsx" in (done.stdout + done.stderr).decode()


def test_half_a_table_is_never_accepted(tmp_path: Path) -> None:
    """A form cut off in the middle is read as far as it goes and said to be incomplete."""
    lines = SEED.read_bytes().split(b"\n")
    (tmp_path / "half.txt").write_bytes(b"\n".join(lines[:17]))
    done = checker("check", tmp_path / "half.txt")
    assert done.returncode in (1, 3)
    assert "通过：" not in done.stdout.decode().splitlines()[-1]
    one_line(done)


def test_usage_faults_exit_2() -> None:
    """Unknown options, rules and days are usage faults."""
    for arguments in (["check"], ["check", str(SEED), "--fail-on", "x"], ["check", str(SEED), "--select", "NOPE-001"], ["check", str(SEED), "--as-of", "2024-13-01"], ["check", str(SEED), "--report", "x.odd"], ["check", str(SEED), "--profile", "nowhere"]):
        done = checker(*arguments)
        assert done.returncode == 2, (arguments, done)
        assert one_line(done)


BROKEN_RULES = """
- id: ZZZ-001
  version: 1
  status: active
  titel: {zh: 一, en: One}
  severity: fatal
  kind: deterministic
  forms: [department]
  each: indicators
  expect: scor <= weight
  at: scorre
  message: {zh: "得分 {scoree}", en: "score"}
  advice: {zh: 改, en: mend}
  basis: [{document: 文件, verified: false}]
  examples:
    - {given: {weight: 1, score: 2}, outcome: fail}
"""


def test_a_broken_rule_file_shows_all_faults_at_once_and_exits_4(tmp_path: Path) -> None:
    """Every fault has file, line, rule and key, and a suggestion where one is near."""
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN_RULES, encoding="utf-8")
    done = checker("check", SEED, "--rules", path)
    assert done.returncode == 4
    text = one_line(done)
    for told in ("ZZZ-001.titel", "ZZZ-001.severity", "ZZZ-001.expect", "ZZZ-001.at", "ZZZ-001.title", "ZZZ-001.examples"):
        assert told in text, told
    assert "（是否要写“score”？）" in text
    assert "broken.yaml:10" in text
    assert done.stdout == b""


def test_a_rule_without_its_examples_does_not_load_as_active(tmp_path: Path) -> None:
    """An active rule needs examples that fail, pass and stay open."""
    path = tmp_path / "bare.yaml"
    path.write_text(BROKEN_RULES.replace("titel", "title").replace("fatal", "error").replace("scorre", "score").replace("scoree", "score").replace("scor <=", "score <="), encoding="utf-8")
    done = checker("check", SEED, "--rules", path)
    assert done.returncode == 4
    assert "启用的规则要有结果为 pass 的例子" in one_line(done)
    assert "启用的规则要有结果为 open 的例子" in one_line(done)


def test_nothing_half_written(tmp_path: Path) -> None:
    """A report into a folder that is missing writes nothing and exits 2."""
    done = checker("check", SEED, "--report", tmp_path / "none" / "report.html")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_limits_are_options(tmp_path: Path) -> None:
    """A bound can be tightened; a name nobody knows is answered with the nearest one."""
    small = checker("check", SEED, "--limit", "max_bytes=1000")
    assert small.returncode == 3 and "1" in small.stdout.decode()
    assert checker("check", SEED, "-q", "--limit", "max_bytes=20000").returncode == 1
    wrong = checker("normalize", SEED, "--limit", "max_byte=1")
    assert wrong.returncode == 2 and "max_bytes" in one_line(wrong)

"""Every command of docs/ci.md and docs/ci.en.md, run in order in a folder with one form, ends with the exit code the page says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from checker.cli import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("ci.md", "ci.en.md")


def commands(page: str) -> list[tuple[str, int]]:
    """The lines of the page's sh blocks: command and exit code."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            match = re.fullmatch(r"checker (.+?)\s+# → (\d)", line)
            assert match, f"{page}: {line!r} has no exit code"
            found.append((match[1], int(match[2])))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_commands_do_what_the_page_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Each command is run as written and ends with the exit code beside it."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "forms" / "自评表.txt").write_bytes((ROOT / "sample_forms" / "minhang_dpf_2023.txt").read_bytes())
    monkeypatch.chdir(tmp_path)
    listed = commands(page)
    assert len(listed) > 20
    fingerprint = ""
    for command, code in listed:
        got = cli(shlex.split(command.replace("FINGERPRINT", fingerprint)))
        out, err = capfd.readouterr()
        assert got == code, f"{page}: {command}: {got}\n{out[-500:]}{err}"
        if "--select DED-001 --format jsonl" in command:
            fingerprint = next(item["fingerprint"] for item in map(json.loads, out.splitlines()) if item.get("kind") == "fail")[:8]


def test_both_languages_show_the_same_commands() -> None:
    """The Chinese and the English page have the same commands, texts and language aside."""

    def shape(page: str) -> list[tuple[list[str], int]]:
        return [(command.replace(" --lang en", "").split()[:3], code) for command, code in commands(page)]

    assert shape("ci.md") == shape("ci.en.md")


@pytest.mark.parametrize("page", PAGES)
def test_page_names_every_setting_file_and_hook(page: str) -> None:
    """What a platform team puts in place is on the page: hooks, formats, every exit code."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    hooks = re.findall(r"^- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    for word in (*hooks, ".sarif", ".xml", ".md", ".xlsx", "jsonl", "github", "gitlab", "checker.toml", "waivers.yaml", "baseline.json", "responses.yaml"):
        assert word in text, word
    assert re.findall(r"^\| (\d) \|", text, re.MULTILINE) == ["0", "1", "2", "3", "4", "5"]

"""README shows what runs: its output, its tables, its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from command_line import checker
from readme_parts import README, ROOT, fill

TEXT = README.read_text(encoding="utf-8")


def test_generated_parts_are_current() -> None:
    """What README shows as output is what the commands print (`python tests/readme_parts.py` makes it anew)."""
    assert fill(TEXT) == TEXT


def test_every_command_exists() -> None:
    """Each `checker …` line of README names a command and options that exist."""
    lines = [line.partition("#")[0].strip() for line in TEXT.splitlines() if line.startswith("checker ")]
    assert len(lines) > 5
    for line in lines:
        words = shlex.split(line)[1:]
        path = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
        shown = checker(*path, "--help")
        assert shown.returncode == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in shown.stdout.decode("utf-8"), line


def test_links_lead_somewhere() -> None:
    """Every relative link of README and docs is a file of the repository."""
    for page in [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_ci_runs_the_readme_s_test_command() -> None:
    """The script of continuous integration takes its test command from README, word for word."""
    found = re.search(r"<!-- test -->\n```\n(.+)\n```", TEXT)
    assert found and found[1] == "pip install '.[dev]' && pytest"
    assert "README.md" in (Path(ROOT) / ".ci" / "run").read_text(encoding="utf-8")

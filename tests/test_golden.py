"""The same input, rules and day give the same bytes in every format: twice, in two time zones, with two hash seeds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("report.html", "findings.json", "findings.jsonl", "findings.sarif", "findings.xml", "findings.xlsx", "summary.md")
FILES = ("sample_forms/minhang_dpf_2023.txt", "sample_forms/clean_project.xlsx")
PLACES = (("Asia/Shanghai", "1", "C.UTF-8"), ("America/Los_Angeles", "2", "C.UTF-8"), ("UTC", "3", "C"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, str]]:
    """The digests of a file in the first place, made once."""
    return cache(lambda file: digests(tmp_path_factory.mktemp("first") / "0", file, *PLACES[0]))


def digests(folder: Path, file: str, zone: str, seed: str, locale: str, *more: str) -> dict[str, str]:
    """The digest of every report and of standard output, made in a process of its own."""
    folder.mkdir()
    reports = [part for name in FORMATS for part in ("--report", str(folder / name))]
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "checker", "check", file, "--as-of", "2024-04-18", *reports, *more], cwd=ROOT, env=environment, capture_output=True, timeout=180, check=False
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    made = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FORMATS}
    return {**made, "terminal": hashlib.sha256(done.stdout).hexdigest()}


@pytest.mark.parametrize("file", FILES)
def test_bytes_do_not_depend_on_clock_zone_or_hash_seed(file: str, tmp_path: Path, first: Callable[[str], dict[str, str]]) -> None:
    """Reports can be compared by digest."""
    for n, place in enumerate(PLACES[1:]):
        assert digests(tmp_path / str(n), file, *place) == first(file)


def test_the_comparison_can_fail(tmp_path: Path, first: Callable[[str], dict[str, str]]) -> None:
    """Another day or language changes the reports, so equal digests mean something."""
    one = first(FILES[0])
    other = digests(tmp_path / "en", FILES[0], *PLACES[0], "--lang", "en")
    assert all(one[name] != other[name] for name in one)

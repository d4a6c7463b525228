"""A test that hangs fails, by the limit of time in conftest.py."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HANGS = """\
import signal, time
import pytest

pytestmark = pytest.mark.limit(0.5)

def test_busy():
    while True:
        pass

def test_waiting():
    time.sleep(60)

def test_deaf_to_its_own_faults():
    try:
        time.sleep(60)
    except Exception:
        pass

@pytest.fixture
def never():
    time.sleep(60)

def test_fixture(never):
    pass

@pytest.fixture
def left():
    yield
    time.sleep(60)

def test_left(left):
    pass

@pytest.mark.limit(30)
def test_slow_by_leave():
    time.sleep(0.7)

def test_quick():
    pass
"""

BLOCKED = """\
import signal, time
import pytest

@pytest.mark.limit(0.5)
def test_blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(60)
"""


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """The tests of `text` under the conftest.py of this folder."""
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "test_some.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-c", "none.ini", "--rootdir", str(folder), "-p", "no:cacheprovider", "test_some.py"]
    (folder / "none.ini").write_text("[pytest]\n", encoding="utf-8")
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=50, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGALRM; there the process ends")
def test_what_hangs_fails_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Busy, waiting, deaf to exceptions, in a fixture before or after: each fails by itself and is named; what is quick or may be slow passes."""
    done = run(tmp_path, HANGS)
    told = [line.split(" - ")[0].split("::")[1] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert sorted(told) == ["test_busy", "test_deaf_to_its_own_faults", "test_fixture", "test_left", "test_waiting"], done.stdout
    assert done.stdout.count("Failed: not done within 0.5 seconds") >= 5
    assert "3 passed" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGALRM; there the process ends in any case")
def test_what_cannot_be_stopped_ends_the_process(tmp_path: Path) -> None:
    """Code that lets no signal through ends the process instead of holding it up."""
    done = run(tmp_path, BLOCKED)
    assert done.returncode == 1
    assert not {"passed", "failed"} & set(done.stdout.split())

"""The wheel carries rules and templates: built, installed in an empty environment, run from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "sample_forms" / "minhang_dpf_2023.txt"

pytestmark = pytest.mark.limit(900)


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=900, check=check)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


def test_the_wheel_carries_rules_and_templates(wheel: Path) -> None:
    """Rules, profiles, policy, templates, labels and layout data are inside; tests are not."""
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("checker/_rules/policy.yaml", "checker/_rules/deductions.yaml", "checker/_reports/form.html.j2", "checker/layouts/vocabulary.yaml", "checker/py.typed"):
        assert wanted in names, wanted
    assert not [name for name in names if name.startswith("tests/")]


def test_an_empty_environment_runs_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Installed with nothing but pip, from another folder, it gives the seed's findings and a page."""
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    if find_spec("pip"):  # the pip that is here spares the making of another one there
        run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
        pip: tuple[str | Path, ...] = (sys.executable, "-m", "pip", "--python", scripts / "python")
    else:
        run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
        pip = (scripts / "python", "-m", "pip")
    installed = run(*pip, "install", "--quiet", "--no-compile", wheel, cwd=tmp_path, check=False)
    if installed.returncode and not os.environ.get("CI"):
        pytest.skip(f"no package registry here: {installed.stderr.strip().splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr
    form = tmp_path / "form.txt"
    form.write_bytes(SEED.read_bytes())
    done = run(scripts / "checker", "check", "form.txt", "--report", "report.html", "--report", "findings.json", cwd=tmp_path, check=False)
    assert done.returncode == 1, done.stderr
    assert "DED-001" in done.stdout
    findings = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert findings["summary"]["verdict"] == "return"
    assert "DED-001" in (tmp_path / "report.html").read_text(encoding="utf-8")

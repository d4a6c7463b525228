"""The files platforms read: the pre-commit hooks, the GitHub Action, the GitLab template, the Dockerfile, run as far as it can be here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SEED = "sample_forms/minhang_dpf_2023.txt"
SARIF_SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.limit(300)


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "SYSTEMROOT", "TMPDIR")}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "GIT_CONFIG_NOSYSTEM": "1", **more}


def stand_in(place: Path) -> None:
    """A `checker` command as the installed one, run from the source tree."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n', encoding="utf-8")
    place.chmod(0o755)


def step(name: str) -> Mapping[str, object]:
    return next(step for step in ACTION["runs"]["steps"] if step["name"] == name)


def run_check(tmp_path: Path, folder: Path = ROOT, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    """Run the action's Check step as a runner does: bash -eo pipefail, inputs in the environment."""
    stand_in(tmp_path / "temp" / "checker" / "bin" / "checker")
    output, summary = tmp_path / "output", tmp_path / "summary"
    output.touch()
    summary.touch()
    given = {"CHECKER_PATHS": SEED, "CHECKER_FAIL_ON": "error", "CHECKER_ARGUMENTS": "--as-of=2024-04-18", "CHECKER_REPORT": "", **inputs}
    env = environment(tmp_path, RUNNER_TEMP=str(tmp_path / "temp"), GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), **given)
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", str(step("Check")["run"])], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
    return done, outputs, summary.read_text(encoding="utf-8")


# ---- GitHub


def test_action_annotates_reports_and_keeps_the_exit_code(tmp_path: Path) -> None:
    """The Check step prints annotations, writes valid SARIF and a summary, and hands on exit code 1 instead of failing at once."""
    done, outputs, summary = run_check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert outputs["exit-code"] == "1"
    assert f"::error file={SEED},line=" in done.stdout
    log = json.loads(Path(outputs["sarif-file"]).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(SARIF_SCHEMA).validate(log)
    assert log["runs"][0]["results"]
    assert summary.startswith("## 绩效自评表审核：退回修改")


def test_action_passes_unreadable_input_on(tmp_path: Path) -> None:
    """A file that is no form gives exit code 3, in the SARIF too; an empty folder does as well."""
    (tmp_path / "forms").mkdir()
    done, outputs, _ = run_check(tmp_path, folder=tmp_path, CHECKER_PATHS="forms")
    assert (done.returncode, outputs["exit-code"]) == (0, "3")
    (tmp_path / "forms" / "x.xlsx").write_bytes(b"no workbook")
    done, outputs, _ = run_check(tmp_path, folder=tmp_path, CHECKER_PATHS="forms")
    assert outputs["exit-code"] == "3"
    assert json.loads(Path(outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_action_inputs_are_never_run(tmp_path: Path) -> None:
    """Paths and arguments are data: nothing in them is run by the shell, and a path with a leading dash is no option."""
    for name in ("$(touch gotcha)", "`touch gotcha`", "; touch gotcha", "--rules=gotcha", "a b.txt"):
        _, outputs, _ = run_check(tmp_path, folder=tmp_path, CHECKER_PATHS=name)
        assert outputs["exit-code"] == "3", name
    assert not (tmp_path / "gotcha").exists()


def test_action_holds_no_expression_inside_a_script() -> None:
    """No script of the action has `${{ … }}` in it: what a pull request is called can't become shell."""
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(scripts) == 4
    assert not any("${{" in script for script in scripts)


def test_action_uses_only_pinned_actions() -> None:
    """Every action it uses is named by commit, not by a tag somebody can move."""
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


@pytest.mark.parametrize(("status", "code"), [("0", 0), ("1", 1), ("3", 3), ("4", 4), ("", 5)])
def test_action_ends_with_the_exit_code(tmp_path: Path, status: str, code: int) -> None:
    """The last step fails with the code of the check; when there is none, because the check step died, with 5."""
    last = ACTION["runs"]["steps"][-1]
    assert last["if"] == "${{ always() }}"
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", last["run"]], env=environment(tmp_path, STATUS=status), timeout=60)
    assert done.returncode == code


@pytest.mark.parametrize(("listed", "verbs"), [("", ["POST"]), ("17\n42\n", ["PATCH"])])
def test_action_comments_once_and_then_edits_its_own_comment(tmp_path: Path, listed: str, verbs: list[str]) -> None:
    """The summary is one comment a pull request, found by its mark: no comment of somebody else is edited."""
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\ncase "$*" in *--paginate*) printf "%s" "{listed}";; esac\n', encoding="utf-8")
    gh.chmod(0o755)
    (tmp_path / "summary.md").write_text("## 汇总", encoding="utf-8")
    env = environment(tmp_path, RUNNER_TEMP=str(tmp_path), GITHUB_REPOSITORY="o/r", PULL="7", SUMMARY=str(tmp_path / "summary.md"))
    env["PATH"] = f"{gh.parent}:{env['PATH']}"
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", str(step("Comment the summary")["run"])], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert [verb for call in calls for verb in ("POST", "PATCH") if verb in call] == verbs
    assert ("issues/comments/42" in calls[-1]) == bool(listed)
    assert (tmp_path / "checker-comment.md").read_text(encoding="utf-8").startswith("<!-- checker -->\n## 汇总")


def test_action_without_a_right_to_comment_does_not_fail(tmp_path: Path) -> None:
    """From a fork the comment is refused: a notice, and the step goes on."""
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    gh.chmod(0o755)
    (tmp_path / "summary.md").write_text("x", encoding="utf-8")
    env = environment(tmp_path, RUNNER_TEMP=str(tmp_path), GITHUB_REPOSITORY="o/r", PULL="7", SUMMARY=str(tmp_path / "summary.md"))
    env["PATH"] = f"{gh.parent}:{env['PATH']}"
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", str(step("Comment the summary")["run"])], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "::notice::" in done.stdout


def test_action_is_valid() -> None:
    """action.yml validates against the published schema of GitHub Actions."""
    check_schema("vendor.github-actions", ROOT / "action.yml")


def check_schema(name: str, path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- GitLab


def test_gitlab_template_is_valid() -> None:
    """The template validates against GitLab's schema; reports are kept whatever the exit code."""
    check_schema("vendor.gitlab-ci", ROOT / "templates" / "gitlab-ci.yml")
    assert GITLAB[".checker"]["artifacts"]["when"] == "always"


def test_gitlab_script_writes_its_reports(tmp_path: Path) -> None:
    """The job's own script, run as GitLab runs it, ends with 1 and leaves every report the job names."""
    job = GITLAB[".checker"]
    stand_in(tmp_path / ".checker-venv" / "bin" / "checker")
    script = [line for line in job["script"] if "pip install" not in line and "-m venv" not in line]
    variables = {**job["variables"], "CHECKER_PATHS": str(ROOT / SEED), "CHECKER_ARGUMENTS": "--as-of=2024-04-18"}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(script)], cwd=tmp_path, env=environment(tmp_path, **variables), capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert json.loads((tmp_path / reports["codequality"]).read_text(encoding="utf-8"))
    assert (tmp_path / reports["junit"]).read_text(encoding="utf-8").startswith("<?xml")
    assert (tmp_path / "checker-report" / "html" / "index.html").exists()


# ---- pre-commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a configuration that has our hooks, entries run from the source tree."""
    hooks = []
    for hook in HOOKS:
        program, *rest = hook["entry"].split()
        assert program == "checker"
        hooks.append({**hook, "language": "system", "entry": " ".join([f'"{sys.executable}" -m checker', *rest])})
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]}, allow_unicode=True), encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    return folder


def git(folder: Path, *arguments: str) -> None:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.invalid", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment(folder.parent, **names), check=True, capture_output=True, timeout=60)


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("pre_commit")
    env = environment(folder.parent, PRE_COMMIT_HOME=str(folder.parent / "cache"))
    return subprocess.run([sys.executable, "-m", "pre_commit", *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=300)


def test_hooks_manifest_is_valid() -> None:
    """pre-commit itself takes the manifest."""
    done = pre_commit(ROOT, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_hook_stops_a_form_with_errors(repository: Path) -> None:
    """With the real pre-commit: a form with errors stops the commit and shows why; other files are left alone."""
    (repository / "note.md").write_text("x", encoding="utf-8")
    git(repository, "add", "-A")
    assert pre_commit(repository, "run", "checker").returncode == 0
    (repository / "form.txt").write_bytes((ROOT / SEED).read_bytes())
    git(repository, "add", "-A")
    done = pre_commit(repository, "run", "checker")
    assert done.returncode == 1
    assert "exit code: 1" in done.stdout
    assert "DED-001" in done.stdout


def test_hook_stops_a_file_that_is_no_form(repository: Path) -> None:
    """A workbook that can't be read does not slip through: exit code 3."""
    (repository / "form.xlsx").write_bytes(b"no workbook")
    git(repository, "add", "-A")
    assert "exit code: 3" in pre_commit(repository, "run", "checker").stdout


def test_hook_stops_a_waiver_its_own_requester_approved(repository: Path) -> None:
    """The waiver hook refuses a waiver approved by the one who asked for it, exit code 4."""
    text = "- {rule: DED-001, form: a, reason: x, requested_by: 王报, approved_by: %s, approved_on: 2024-04-01, expires: 2024-05-01}\n"
    (repository / "waivers.yaml").write_text(text % "王报", encoding="utf-8")
    git(repository, "add", "-A")
    done = pre_commit(repository, "run", "checker-waivers")
    assert "exit code: 4" in done.stdout
    assert "是申请人，须由他人批准" in done.stdout
    (repository / "waivers.yaml").write_text(text % "李审", encoding="utf-8")
    git(repository, "add", "-A")
    assert pre_commit(repository, "run", "checker-waivers").returncode == 0


# ---- Docker


def test_dockerfile_copies_what_the_wheel_needs_and_runs_without_root() -> None:
    """Everything the build copies is in the repository and let through, and the image does not run as root."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert {"pyproject.toml", "checker", "rules", "reports"} <= set(sources)
    for name in sources:
        assert name == "README.md" or (ROOT / name).exists(), name
        assert f"!{name}" in ignore
    assert re.search(r"^USER (?!0|root)\S+$", text, re.MULTILINE)
    assert 'ENTRYPOINT ["checker"]' in text

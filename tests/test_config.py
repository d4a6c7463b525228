"""checker.toml and [tool.checker]: found upwards, checked whole, told with file, line and key; the schema agrees."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import config
from checker.cli import cli
from checker.errors import RuleError
from checker.faults import in_language
from checker.rules.profiles import load_profiles

ROOT = Path(__file__).resolve().parents[1]


def write(folder: Path, text: str, name: str = "checker.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, name: str = "checker.toml") -> tuple[str, ...]:
    with pytest.raises(RuleError) as caught:
        config.load(write(folder, text, name), name)
    assert caught.value.exit_code == 4
    return caught.value.faults


def test_settings_are_read_and_paths_start_at_the_file(tmp_path: Path) -> None:
    """Every kind of setting comes out as its type; paths start from the folder of the file, folders keep their slash."""
    path = write(tmp_path, 'fail_on = "warning"\nwaivers = "gate/waivers.yaml"\nreport = ["out/", "a.html"]\nrules = ["builtin", "r.yaml"]\njobs = 4\nquiet = true\nselect = ["BUD"]\n')
    (tmp_path / "forms").mkdir()
    assert config.load(path, start=tmp_path / "forms").text("waivers") == "../gate/waivers.yaml"
    read = config.load(path, start=tmp_path)
    assert dict(read.values) == {
        "fail_on": "warning",
        "waivers": "gate/waivers.yaml",
        "report": ("out/", "a.html"),
        "rules": ("builtin", "r.yaml"),
        "jobs": 4,
        "quiet": True,
        "select": ("BUD",),
    }
    assert (read.text("fail_on"), read.texts("select"), read.number("jobs", 1), read.number("waivers_longest_days", 366)) == ("warning", ("BUD",), 4, 366)
    assert (read.get("baseline"), read.text("jobs"), read.texts("fail_on")) == (None, None, ())


def test_absolute_paths_stay(tmp_path: Path) -> None:
    """A path from the root stays what it is."""
    assert config.load(write(tmp_path, 'waivers = "/srv/w.yaml"')).text("waivers") == "/srv/w.yaml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('fail_on = "warning"\nfailon = "x"\n', 'checker.toml:2 failon: unknown key (did you mean "fail_on"?)'),
        ('fail_on = "warn"\n', 'checker.toml:1 fail_on: must be one of error, warning, note, open, never (did you mean "warning"?)'),
        ("\n\njobs = 257\n", "checker.toml:3 jobs: must be a whole number from 0 to 256"),
        ("jobs = true\n", "jobs: must be a whole number"),
        ('jobs = "2"\n', "jobs: must be a whole number"),
        ('select = "BUD"\n', "select: must be a list of texts"),
        ("select = [1]\n", "select: must be a list of texts"),
        ('waivers = " "\n', "waivers: must be a text"),
        ('waivers = "a\\u0000b"\n', "waivers: must be a path"),
        ('quiet = "no"\n', "quiet: must be true or false"),
        ('as_of = "2024-01-01"\n', "as_of: can't be set here, a day in a file goes stale"),
        ("as_of = 2024-01-01\n", "as_of: can't be set here"),
        ("[waivers]\nlongest_days = 3\n", "checker.toml:1 waivers: must be a text"),
        ("jobs = 1\njobs = 2\n", "not TOML"),
        ("jobs =", "not TOML"),
        ("a = " + "[" * 5000 + "]" * 5000, "not TOML"),
    ],
    ids=range(16),
)
def test_faults_name_file_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong is told with file, line, key and the nearest known word, exit code 4."""
    assert any(said in fault for fault in faults(tmp_path, text)), faults(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('jobs = 1\n\njobs = 2\n', "checker.toml:3 不是 TOML（同一个键写了两次）", "checker.toml:3 not TOML (Cannot overwrite a value)"),
        ('lang = "en\n', "checker.toml:1 不是 TOML（不允许的字符 '\\n'，请看引号）", "checker.toml:1 not TOML (Illegal character '\\n')"),
        ("lang = zh\n", "checker.toml:1 不是 TOML（值的写法不对，文字要加引号）", "checker.toml:1 not TOML (Invalid value)"),
        ("lang zh\n", "checker.toml:1 不是 TOML（键后缺 =）", "checker.toml:1 not TOML (Expected '=' after a key in a key/value pair)"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_in_both_languages(tmp_path: Path, text: str, zh: str, en: str) -> None:
    """The line stands where that of every other fault stands, and nothing of it is half translated."""
    assert list(faults(tmp_path, text)) == [en]
    assert in_language(en, "zh") == zh


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault of a file is told in one go."""
    assert len(faults(tmp_path, 'lang = "fr"\njobs = -1\nselct = []\n')) == 3


def test_pyproject_table(tmp_path: Path) -> None:
    """[tool.checker] is read like checker.toml; a key of the same name in another table is not taken for it."""
    text = '[project]\nname = "x"\n\n[tool.other]\nfail_on = "x"\n\n[tool.checker]\nfail_on = "note"\n'
    assert config.load(write(tmp_path, text, "pyproject.toml")).text("fail_on") == "note"
    (fault,) = faults(tmp_path, text.replace('"note"', '"nott"'), "pyproject.toml")
    assert fault.startswith("pyproject.toml:8 fail_on: ")
    assert "has no [tool.checker]" in faults(tmp_path, '[project]\nname = "x"\n', "pyproject.toml")[0]
    assert "must be a table" in faults(tmp_path, "[tool]\nchecker = 3\n", "pyproject.toml")[0]


def test_nearest_file_wins_up_to_the_repository(tmp_path: Path) -> None:
    """The nearest file upwards holds; the search ends at the top of the repository, so nothing above it has a say."""
    deep = tmp_path / "repo" / "a" / "b"
    deep.mkdir(parents=True)
    write(tmp_path, 'lang = "en"\n')
    assert config.find(deep) == tmp_path / "checker.toml"
    (tmp_path / "repo" / ".git").mkdir()
    assert config.find(deep) is None
    assert config.discover(deep) == config.Config()
    write(tmp_path / "repo", "[tool.checker]\njobs = 3\n", "pyproject.toml")
    assert config.discover(deep).get("jobs") == 3
    write(tmp_path / "repo" / "a", "[project]\n", "pyproject.toml")
    assert config.discover(deep).get("jobs") == 3
    write(tmp_path / "repo" / "a", "jobs = 4\n")
    assert config.discover(deep).get("jobs") == 4
    write(tmp_path / "repo" / "a", "[tool.checker]\njobs = 5\n", "pyproject.toml")
    assert config.discover(deep).get("jobs") == 4


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_template_holds_every_setting_and_is_valid(tmp_path: Path, lang: str) -> None:
    """A new checker.toml sets nothing; with the comment marks of its settings taken off it is a valid file with every key."""
    text = config.template(lang)
    assert tomllib.loads(text) == {}
    live = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert set(config.load(write(tmp_path, live)).values) == set(config.BY_NAME)
    jsonschema.validate(tomllib.loads(live), config.schema())
    assert tomllib.loads(live)["profile"] in {profile.id for profile in load_profiles()}


@pytest.mark.parametrize("jobs", [-1, 0, 1, 256, 257])
def test_jobs_are_bounded_alike_in_settings_and_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """0, one a processor, to 256 both ways; anything else is refused both ways."""
    taken = cli(["check", str(ROOT / "sample_forms" / "clean_project.xlsx"), "--jobs", str(jobs)]) == 0
    monkeypatch.chdir(tmp_path)
    write(tmp_path, f"jobs = {jobs}\n")
    assert (cli(["check", str(ROOT / "sample_forms" / "clean_project.xlsx")]) == 0) == taken == (0 <= jobs <= 256)


def test_published_schema_is_the_programs() -> None:
    """docs/checker.schema.json is the schema the program has."""
    assert json.loads((ROOT / "docs" / "checker.schema.json").read_text(encoding="utf-8")) == config.schema()
    jsonschema.Draft202012Validator.check_schema(config.schema())


VALUES = st.one_of(st.booleans(), st.integers(-3, 300), st.sampled_from(["error", "zh", "terminal", "x", " ", ""]), st.lists(st.sampled_from(["a", "", "b"]) | st.integers(0, 1), max_size=2))


@settings(max_examples=300, deadline=None)
@given(key=st.sampled_from([*config.BY_NAME, "other"]), value=VALUES)
def test_schema_and_program_agree(tmp_path_factory: pytest.TempPathFactory, key: str, value: object) -> None:
    """A file is valid by the schema exactly when the program takes it."""
    folder = tmp_path_factory.getbasetemp() / "agree"
    folder.mkdir(exist_ok=True)
    path = write(folder, f"{key} = {json.dumps(value)}\n")
    by_schema = jsonschema.Draft202012Validator(config.schema()).is_valid({key: value})
    try:
        config.load(path)
        taken = True
    except RuleError:
        taken = False
    assert taken == by_schema


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_settings_or_a_rule_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever the file holds, it is read or refused; nothing else is raised."""
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    path = folder / "checker.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        config.load(path)
    except RuleError as error:
        assert error.faults


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_one_line(tmp_path: Path) -> None:
    """A file without permission is told in one line."""
    path = write(tmp_path, "")
    path.chmod(0)
    with pytest.raises(RuleError, match="cannot be read"):
        config.load(path)

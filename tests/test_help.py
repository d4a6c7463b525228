"""--help speaks Chinese, and English when asked: every command and option has both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from checker.cli import cli, group, register
from checker.cli.help_page import COLUMNS, asked, page, words
from checker.cli.settings import defaults
from checker.render.shown import width


def commands() -> Iterator[click.Context]:
    register.register(group, ["--help"])
    waiting = [click.Context(group, info_name="checker", **group.context_settings)]
    while waiting:
        context = waiting.pop()
        yield context
        if isinstance(context.command, click.Group):
            for name in context.command.list_commands(context):
                command = context.command.get_command(context, name)
                assert command is not None
                waiting.append(click.Context(command, parent=context, info_name=name))


ALL = {context.command_path: context for context in commands()}


def value_names(context: click.Context) -> set[str]:
    """What is typed behind a command and its options, but words to choose from and N."""
    options = [option for option in context.command.get_params(context) if isinstance(option, click.Option) and not option.is_flag]
    names = [*context.command.collect_usage_pieces(context), *(option.make_metavar(context) for option in options)]
    return {name for name in names if re.search("[A-Z]{2}", name)}


@pytest.mark.parametrize("path", sorted(ALL))
def test_values_are_named_in_chinese(path: str) -> None:
    """PATH, FILE, DATE and their like have a Chinese name, and the help uses it."""
    names = value_names(ALL[path])
    assert names and names - set(words()) == set()
    assert names.isdisjoint(page(ALL[path]).split())


@pytest.mark.parametrize("path", sorted(ALL))
def test_every_command_is_explained_in_both_languages(path: str) -> None:
    """What stands only in English is missing from help.zh.yaml; lines fit their columns, wide characters counted as two."""
    context, known = ALL[path], words()
    assert context.command.help
    options = [option for option in context.command.get_params(context) if isinstance(option, click.Option)]
    assert [option.opts for option in options if option.help not in known] == []
    told = page(context)
    assert [line for line in told.splitlines() if width(line) > COLUMNS and not line.startswith("用法：")] == []
    for option in options:
        assert max(option.opts, key=len) in told
    said = told.splitlines()[2].strip()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said), said


@pytest.mark.parametrize("path", sorted(path for path, context in ALL.items() if not isinstance(context.command, click.Group)))
def test_every_command_speaks_the_language_asked_for(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--lang is an option of every command, and `lang` of the settings is its default; the command line goes before it."""
    (tmp_path / "checker.toml").write_text('lang = "en"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    context = ALL[path]
    (option,) = (option for option in context.command.params if option.name == "lang")
    assert option.opts == ["--lang"]
    held = defaults(tmp_path)
    for word in path.split()[1:]:
        held = held[word]
    assert held["lang"] == "en"


def test_faults_of_commands_that_wrote_chinese_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`template`, `rules new`, `waivers lint` and `baseline` take --lang; without it they are Chinese."""
    monkeypatch.chdir(tmp_path)
    for arguments, zh, en in (
        (["template", "project"], "表样是工作簿", "a form is a workbook"),
        (["rules", "new", "x"], "规则类别是三个大写字母", "three capital"),
        (["waivers", "lint", "--waivers", "no.yaml"], "不能读取", "cannot be read"),
        (["baseline", "create", "no", "-o", "b.json"], "文件不存在", "no such file"),
    ):
        for lang, said in ((), zh), (("--lang", "en"), en):
            assert cli([*arguments, *lang]) != 0
            assert said in capsys.readouterr().err, (arguments, lang)


def test_nothing_is_explained_that_is_not_there() -> None:
    """A command or option that went away takes its words with it."""
    there = {option.help for context in ALL.values() for option in context.command.get_params(context) if isinstance(option, click.Option)}
    there |= {name for context in ALL.values() for name in value_names(context)}
    there |= {" ".join(part.split()).removeprefix("\b ") for context in ALL.values() for part in (context.command.help or "").split("\n\n")}
    assert set(words()) - there == set()


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--help"], "用法：checker [选项] 命令 [参数]…"),
        (["check", "a.xlsx", "-h"], "用法：checker check [选项] 路径…"),
        (["rules", "show", "--help"], "用法：checker rules show [选项] 规则编号"),
        (["rules", "show", "--lang", "en", "--help"], "Usage: checker rules show [OPTIONS]"),
        (["--help", "--lang=en"], "Usage: checker [OPTIONS]"),
    ],
)
def test_help_is_in_the_language_asked_for(arguments: list[str], first: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help wins over everything else on the line, and exits with 0."""
    assert cli(arguments) == 0
    assert capsys.readouterr().out.startswith(first)


def test_a_group_without_a_command_shows_its_help_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was done: exit code 2, and the commands there are."""
    assert cli(["waivers"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("用法：checker waivers") and "  lint" in shown.err


def test_words_behind_two_dashes_are_no_options() -> None:
    """A file may be called --help."""
    assert asked(group, ["check", "--", "--help"]) is None


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["check"], "缺少参数 '路径…'。", "Missing argument 'PATH…'."),
        (["diff", "a.json"], "缺少参数 '后一次'。", "Missing argument 'NEW'."),
        (["template"], "缺少参数 '{department|project|events}'。", "Missing argument '{department|project|events}'."),
        (["check", "a", "--jobs", "1.5"], "'1.5' 不是整数。", "'1.5' is not a valid integer."),
        (["rules", "test", "--corrupt", "--at-least", "x"], "'x' 不是数。", "'x' is not a valid float."),
        (["check", "a", "--fail-on", "x"], "'x' 不是 'error'、'warning'、'note'、'open'、'never' 之一。", "'x' is not one of 'error', 'warning', 'note', 'open', 'never'."),
    ],
)
def test_a_wrong_line_is_told_in_three_lines_of_one_language(arguments: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The usage, where help is, and the fault: names of values as in the help, choices on one line."""
    for lang, said, usage in (("zh", zh, "[选项]"), ("en", en, "[OPTIONS]")):
        assert cli([*arguments, "--lang", lang]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 3 and usage in lines[0] and lines[2].endswith(said), lines


@pytest.mark.parametrize("path", sorted(path for path, context in ALL.items() if isinstance(context.command, click.Group)))
def test_english_help_says_of_each_command_what_it_does(path: str) -> None:
    """The list of commands tells the whole first sentence in English as in Chinese, not its beginning."""
    told = " ".join(page(ALL[path], "en").split())
    for part in (context for name, context in ALL.items() if name.rpartition(" ")[0] == path):
        assert " ".join(str(part.command.help).split("\n\n")[0].split()) in told


@pytest.mark.parametrize(("lang", "said"), [("zh", ("（必填、1–3660）", "（不写为 waivers.yaml）")), ("en", ("[required, 1–3660]", "[default waivers.yaml]"))])
def test_help_says_what_must_be_given_and_what_holds_otherwise(lang: str, said: tuple[str, str]) -> None:
    """Options that are required, their bounds and defaults are told in both languages."""
    told = "".join(line.strip() if lang == "zh" else f" {line.strip()}" for line in page(ALL["checker waivers add"], lang).splitlines())
    assert all(one in told for one in said)


def test_the_contract_names_every_command_and_every_option_of_check() -> None:
    """What others hold on to is written down: a command or an option of `check` that CONTRACT does not name could go unnoticed."""
    contract = (Path(__file__).resolve().parents[1] / "CONTRACT.md").read_text(encoding="utf-8")
    assert [path for path in ALL if len(path.split()) == 2 and path not in contract] == []
    options = [option for option in ALL["checker check"].command.params if isinstance(option, click.Option)]
    assert [option.opts for option in options if not any(re.search(rf"(?<![\w-]){name}(?![\w-])|/{name[2:]}(?![\w-])", contract) for name in option.opts)] == []

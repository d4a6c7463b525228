"""Build the documentation site: `python docs/build_site.py site` (needs the extra `docs`; no network).

What is generated is generated here, at each build, and stored nowhere: the rule catalogue from rules/, the commands from
the command line itself, the reference from the docstrings. So none of them can be out of date.
"""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import yaml
from msgspec import Struct

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FAMILIES = {"zh": "规则目录", "en": "Rule catalogue"}
VALUES = ("Finding", "FormResult", "RuleOutcome", "Location", "Locator", "Outcome", "Severity", "Verdict", "Unreadable")
"""Values of `checker.model` that come with results and are described beside the public names."""


def rules_page(lang: str) -> str:
    """Return the catalogue as a page: a table a family, each rule linked to its whole text."""
    from checker import load_rules
    from checker.render.labels import family_name, load

    labels, ruleset = load(lang), load_rules()
    names = sorted({rule.family for rule in ruleset.rules}, key=lambda name: (list(labels["families"]).index(name) if name in labels["families"] else 99, name))
    target = "catalogue.html" if lang == "zh" else "catalogue.en.html"
    head = {"zh": "| 编号 | 级别 | 规则 |", "en": "| id | severity | rule |"}[lang]
    intro = {
        "zh": f"由 rules/ 生成，共 {len(ruleset.rules)} 条。点编号看全文：含义、依据、参数、示例。停用的草案注明“草案”。",
        "en": f"Generated from rules/, {len(ruleset.rules)} rules. An id leads to the whole rule: meaning, basis, parameters, examples. Drafts do not run.",
    }[lang]
    levels = {"zh": {"error": "错误", "warning": "警告", "note": "提示"}, "en": {"error": "error", "warning": "warning", "note": "note"}}[lang]
    draft = {"zh": "（草案）", "en": " (draft)"}[lang]
    parts = [f"# {FAMILIES[lang]}", intro]
    for name in names:
        rows = [
            f"| [{rule.id}]({target}#{rule.id}) | {levels[rule.severity.value]} | {escaped(rule.title[lang])}{draft if rule.status == 'draft' else ''} |"
            for rule in sorted(ruleset.rules, key=lambda rule: rule.id)
            if rule.family == name
        ]
        parts += [f"## {name} {family_name(labels, name)}", "\n".join([head, "|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with its words, groups before what is in them."""
    from checker.cli import group, register

    register.register(group, ())

    def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            for name in sorted(command.commands):
                yield from walk(command.commands[name], (*words, name))

    yield from walk(group, ("checker",))


def commands_page() -> str:
    """Return the page of all commands and options, with the words of --help."""
    parts = ["# 命令 Commands", "由命令行自身生成，与 `--help` 一致。Generated from the command line; the same words as `--help`."]
    for words, command in commands():
        if isinstance(command, click.Group):
            continue
        context = click.Context(command, info_name=" ".join(words))
        parts += [f"## {' '.join(words)}", f"```text\n{' '.join(command.collect_usage_pieces(context) and [' '.join(words), *command.collect_usage_pieces(context)])}\n```"]
        parts.append(inspect.cleandoc(command.help or "").replace("\b\n", ""))
        rows = [record for option in command.params if isinstance(option, click.Option) and (record := option.get_help_record(context))]
        if rows:
            parts.append("\n".join(["| 选项 Option | 含义 Meaning |", "|---|---|", *(f"| <code>{escaped(left)}</code> | {escaped(right)} |" for left, right in rows)]))
    return "\n\n".join(parts) + "\n"


def reference_page() -> str:
    """Return the reference: every public name of `checker` and the values results are made of."""
    import checker

    parts = ["# 接口 Reference", "由文档字符串生成。Generated from the docstrings; every `>>>` example is run in the tests."]
    for name in checker.__all__:
        parts += section(f"checker.{name}", getattr(checker, name))
    model = import_module("checker.model")
    for name in VALUES:
        parts += section(f"checker.model.{name}", getattr(model, name))
    errors = import_module("checker.errors")
    for name, one in vars(errors).items():
        if isinstance(one, type) and issubclass(one, Exception):
            parts += section(f"checker.errors.{name}", one)
    return "\n\n".join(parts) + "\n"


def section(title: str, thing: Any) -> list[str]:
    """Return heading, signature, description and examples of one name."""
    made = [f"## {title}"]
    if isinstance(thing, type) and issubclass(thing, (Struct, tuple)):
        names = thing.__struct_fields__ if issubclass(thing, Struct) else thing._fields
        listed = "\n".join(f"    {name}: {thing.__annotations__[name]}" for name in names)
        made.append(f"```python\nclass {thing.__name__}:\n{listed}\n```")
    elif inspect.isfunction(thing):
        made.append(f"```python\n{thing.__name__}{signature(thing)}\n```")
    elif isinstance(thing, type) and not issubclass(thing, Exception):
        made.append(f"```python\n{' · '.join(str(value) for value in thing)}\n```")
    text, _, example = inspect.cleandoc(thing.__doc__ or "").partition("\n>>> ")
    made.append(text.strip())
    if example:
        made.append(f"```pycon\n>>> {example}\n```")
    return made


def signature(thing: Any) -> str:
    """Return a signature with one parameter a line when it is long."""
    shown = str(inspect.signature(thing)).replace("'", "")
    if len(shown) < 90:
        return shown
    body, _, result = shown.rpartition(") -> ")
    return "(\n    " + re.sub(r", (?=[\w*]+(?:[:,=)]|$))", ",\n    ", body[1:]) + f",\n) -> {result}"


def escaped(text: str) -> str:
    """Return a text fit for one cell of a Markdown table."""
    return " ".join(text.split()).replace("<", "&lt;").replace("|", "&#124;")


def stage(folder: Path) -> None:
    """Lay all pages out below a folder, ready to build; nav entries without a page are left out, pages without an entry added."""
    from checker import load_rules
    from checker.authoring.docs import catalogue
    from checker.rules.profiles import load_profiles

    docs = folder / "docs"
    docs.mkdir(parents=True)
    for file in sorted((ROOT / "docs").iterdir()):
        if file.suffix in (".md", ".png", ".json", ".svg", ".html"):
            shutil.copy(file, docs)
    for lang, name in (("zh", "rules.md"), ("en", "rules.en.md")):
        (docs / name).write_text(rules_page(lang), encoding="utf-8")
        (docs / name.replace("rules", "catalogue").replace(".md", ".html")).write_text(catalogue(load_rules(), load_profiles(), lang), encoding="utf-8")
    (docs / "commands.md").write_text(commands_page(), encoding="utf-8")
    (docs / "reference.md").write_text(reference_page(), encoding="utf-8")
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    nav = existing(settings["nav"], docs)
    listed = set(re.findall(r"[\w.-]+\.md", str(nav)))
    nav += [{name.removesuffix(".md"): name} for name in sorted(p.name for p in docs.glob("*.md")) if name not in listed]
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({**settings, "nav": nav}, allow_unicode=True, sort_keys=False), encoding="utf-8")


def existing(nav: list[Mapping[str, Any]], docs: Path) -> list[Mapping[str, Any]]:
    """Return the navigation without pages that are not there."""
    made: list[Mapping[str, Any]] = []
    for entry in nav:
        for title, to in entry.items():
            if isinstance(to, list):
                made.append({title: existing(to, docs)})
            elif (docs / to).exists():
                made.append({title: to})
    return made


def build(site: Path) -> None:
    """Build the site into a new folder, or over an older site, warnings being faults. Raises SystemExit with what went wrong."""
    if site.exists() and any(site.iterdir()) and not (site / "404.html").exists():
        raise SystemExit(f"{site} is there and is no site, name another folder")
    with tempfile.TemporaryDirectory() as name:
        stage(Path(name))
        done = subprocess.run([sys.executable, "-m", "zensical", "build", "--clean", "--strict"], cwd=name, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise SystemExit(f"the site could not be built:\n{done.stdout}{done.stderr}")
        if site.exists():
            shutil.rmtree(site)
        shutil.copytree(Path(name) / "site", site)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/build_site.py FOLDER")
    build(Path(sys.argv[1]))

"""The pages of docs/: their commands, outputs and Python examples run, their links lead somewhere, the site is built from them."""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import click
import pytest

from checker.cli import cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAIRS = ("index", "tutorial", "internal-audit", "finance-review", "outcomes", "library")
PAGES = tuple(f"{name}{suffix}.md" for name in PAIRS for suffix in ("", ".en"))
SAMPLES = ("minhang_dpf_2023.txt", "clean_department.xlsx", "clean_hubei.xlsx", "clean_sichuan.xlsx")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Language and content of the page's fenced blocks, in order."""
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text(page), re.DOTALL | re.MULTILINE):
        yield match[1], match[2]


def commands(page: str) -> list[tuple[str, int, str]]:
    """Command, exit code and the output shown right below it, if any, of every line of the page's sh blocks.

    A csv block is a table of events filled in by hand: no command, the content instead of the output.
    """
    found: list[tuple[str, int, str]] = []
    fresh = False
    for kind, content in blocks(page):
        if kind == "sh":
            for line in content.splitlines():
                match = re.fullmatch(r"checker (.+?)\s+# → (\d)", line)
                assert match, f"{page}: {line!r} has no exit code"
                found.append((match[1], int(match[2]), ""))
        elif kind == "csv":
            found.append(("", 0, content))
        elif kind == "text" and f"```\n\n```text\n{content}" in text(page) and fresh:
            found[-1] = (*found[-1][:2], content)
        fresh = kind == "sh"
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample forms, as the top of the repository has them."""
    (tmp_path / "sample_forms").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "sample_forms" / name, tmp_path / "sample_forms")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def missing(shown: str, printed: str) -> list[str]:
    """The pieces of what a page shows that do not stand in the output in this order; … stands for anything."""
    lost, at = [], 0
    for piece in filter(None, (part.strip() for line in shown.splitlines() for part in line.split("…"))):
        found = printed.find(piece, at)
        if found < 0:
            lost.append(piece)
        else:
            at = found + len(piece)
    return lost


@pytest.mark.parametrize("page", [page for page in PAGES if "```sh" in (DOCS / page).read_text(encoding="utf-8")])
def test_commands_do_what_the_page_says(page: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each command, run in order, ends with the exit code beside it and prints what is shown below it."""
    for command, code, shown in commands(page):
        if not command:
            (folder / "events.csv").write_text(shown, encoding="utf-8")
            continue
        got = cli(shlex.split(command))
        out, err = capfd.readouterr()
        assert got == code, f"{page}: {command}: {got}\n{out[-600:]}{err}"
        assert missing(shown, out) == [], f"{page}: {command}"


def test_shown_output_can_be_wrong() -> None:
    """A line the command did not print, or printed in another order, is noticed."""
    assert missing("a\nb … c", "x a b 1 c") == []
    assert missing("b\na", "a b") == ["a"]
    assert missing("得分 0.81", "得分 0.80") == ["得分 0.81"]


@pytest.mark.parametrize("page", [page for page in PAGES if "```pycon" in (DOCS / page).read_text(encoding="utf-8")])
def test_python_examples_give_what_the_page_shows(page: str, folder: Path) -> None:
    """The Python examples of a page, run as one session, give the values shown."""
    source = "\n".join(content for kind, content in blocks(page) if kind == "pycon")
    said: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(source, {}, page, page, 0), out=said.append)
    assert runner.tries > 5
    assert not runner.failures, "".join(said)


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_say_the_same(name: str) -> None:
    """A page and its English one have the same sections, the same commands and the same number of examples."""
    zh, en = f"{name}.md", f"{name}.en.md"

    def shape(page: str) -> list[tuple[list[str], int]]:
        return [([word for word in shlex.split(command) if word.startswith("--") and word != "--lang"] + command.split()[:1], code) for command, code, _ in commands(page)]

    def headings(page: str) -> list[int]:
        return [len(mark) for mark in re.findall(r"^(#+) ", text(page), re.MULTILINE)]

    assert shape(zh) == shape(en)
    assert headings(zh) == headings(en)
    assert [kind for kind, _ in blocks(zh)] == [kind for kind, _ in blocks(en)]
    assert f"]({en})" in text(zh) and f"]({zh})" in text(en)


def test_no_page_names_a_machine_path_or_a_network_font() -> None:
    """Pages and settings are free of absolute paths of a machine; the theme asks no network for a font."""
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(home|root|tmp|opt|usr)/", text(page)), page
    assert re.search(r"^  font: false", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)


# what is generated


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    """docs/build_site.py as a module."""
    spec = importlib.util.spec_from_file_location("build_site", DOCS / "build_site.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_and_option_has_help_and_is_documented(builder: ModuleType) -> None:
    """No command or option without a word of help; each command stands in a page somebody wrote, each option on the page of commands."""
    written = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    shown = builder.commands_page()
    count = 0
    for words, command in builder.commands():
        assert (command.help or "").strip(), f"{' '.join(words)} has no help"
        if isinstance(command, click.Group):
            continue
        count += 1
        assert re.search(rf"{' '.join(words)}(?![\w-])", written), f"{' '.join(words)} stands in no page of docs/"
        own = shown.partition(f"## {' '.join(words)}\n")[2].partition("\n## ")[0]
        for option in (one for one in command.params if isinstance(one, click.Option) and not one.hidden):
            assert option.help, f"{' '.join(words)} {option.opts[-1]} has no help"
            assert all(name in own for name in option.opts), f"{' '.join(words)} {option.opts}"
    assert count > 20


def test_reference_describes_every_public_name(builder: ModuleType) -> None:
    """Each public name and each fault has a section with words in it; each public function an example."""
    import checker

    page = builder.reference_page()
    for name in checker.__all__:
        section = page.partition(f"## checker.{name}\n")[2].partition("\n## ")[0]
        assert len(section.split()) > 10, name
        assert name[0].isupper() or "```pycon\n>>> " in section, name
    assert "## checker.errors.RuleError" in page


def test_rule_catalogue_names_every_rule(builder: ModuleType) -> None:
    """The catalogue pages have every rule of rules/ once, linked to its whole text."""
    from checker import load_rules

    for lang, target in (("zh", "catalogue.html"), ("en", "catalogue.en.html")):
        page = builder.rules_page(lang)
        for rule in load_rules().rules:
            assert page.count(f"[{rule.id}]({target}#{rule.id})") == 1, rule.id


# the site


class Links(HTMLParser):
    """The ids of a page, its links, and what a browser would load for it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        self.loaded |= {values[name] for name in ("src", "href") if name in values and tag in ("script", "link", "img", "iframe", "source")}


def dead(site: Path) -> list[str]:
    """Links of the site's pages that lead to no page or no place on it."""
    pages = {path.relative_to(site).as_posix(): Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}
    found = []
    for name, page in pages.items():
        for link in page.links | page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = os.path.normpath(os.path.join(os.path.dirname(name), unquote(parts.path))) if parts.path else name
            to = "index.html" if to == "." else to
            fragment = unquote(parts.fragment)
            if not (site / to).exists() or (fragment and to in pages and fragment not in pages[to].ids):
                found.append(f"{name} → {link}")
    return found


@pytest.fixture(scope="module")
def site(builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built from a copy of docs/ with warnings as faults."""
    if importlib.util.find_spec("zensical") is None:
        assert not os.environ.get("CI"), "continuous integration builds the site: install the extra docs"
        pytest.skip("the extra docs is not installed")
    folder: Path = tmp_path_factory.mktemp("docs") / "site"
    builder.build(folder)
    return folder


def test_site_has_every_page(site: Path) -> None:
    """Each page of docs/ and each generated page is there, and reachable from the start page."""
    start = Links((site / "index.html").read_text(encoding="utf-8")).links
    for page in [*(path.name for path in DOCS.glob("*.md")), "rules.md", "rules.en.md", "commands.md", "reference.md"]:
        name = page.removesuffix(".md") + ".html"
        assert (site / name).exists(), page
        assert any(link.removeprefix("./").partition("#")[0] in (name, "" if name == "index.html" else name) for link in start), page


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    """Every link inside the site leads to a page, and to a place on it that exists."""
    assert dead(site) == []


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    """A link to a page or a place that is not there is found."""
    (tmp_path / "a.html").write_text('<a href="b.html">b</a><a href="#x">x</a><a href="#y">y</a><p id="y">', encoding="utf-8")
    assert sorted(dead(tmp_path)) == ["a.html → #x", "a.html → b.html"]


def test_site_needs_no_network(site: Path) -> None:
    """No page loads a script, style, font or picture from elsewhere, nor do the styles."""
    for page in site.rglob("*.html"):
        for loaded in Links(page.read_text(encoding="utf-8")).loaded:
            assert not urlsplit(loaded).netloc, f"{page.name}: {loaded}"
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_a_broken_page_stops_the_build(builder: ModuleType, site: Path, tmp_path: Path) -> None:
    """A link to a page that is not there is a fault of the strict build, so that the build can fail."""
    builder.stage(tmp_path / "stage")
    with (tmp_path / "stage" / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    done = subprocess.run([sys.executable, "-m", "zensical", "build", "--clean", "--strict"], cwd=tmp_path / "stage", capture_output=True, text=True, check=False)
    assert done.returncode != 0


def test_the_build_overwrites_nothing_else(builder: ModuleType, tmp_path: Path) -> None:
    """A folder that holds something other than a site is left alone."""
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(SystemExit, match="no site"):
        builder.build(tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "kept"

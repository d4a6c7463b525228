"""Checked rule sets kept between processes: equal to what the files give, never stale, never in the way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checker import kept as keeping
from checker.api import load_rules
from checker.errors import RuleError
from checker.rules.profiles import load_profiles, with_profile
from checker.rules.rule import Rule
from checker.rules.ruleset import load_ruleset
from checker.strict_yaml import load_file

RULES = Path(__file__).resolve().parent.parent / "rules"
FILES = [RULES / name for name in ("scores.yaml", "weights.yaml", "budget.yaml", "timeliness.yaml")]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CHECKER_CACHE", str(folder))
    return folder


def test_a_kept_rule_set_equals_the_read_one(cache: Path) -> None:
    """The second load takes the rules from the cache, equal in every member."""
    read = load_ruleset(FILES)
    assert len(list(cache.glob("rules-*.json"))) == 1
    kept = load_ruleset(FILES)
    assert kept == read
    assert [rule.slots.keys() for rule in kept.rules] == [rule.slots.keys() for rule in read.rules]


def test_the_cache_is_what_is_read_the_second_time(cache: Path) -> None:
    """A title changed in the kept file shows, so the test above looks at the cache."""
    load_ruleset(FILES)
    (file,) = cache.glob("rules-*.json")
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["content"]["rules"][0]["title"]["zh"] = "改过"
    file.write_text(json.dumps(kept), encoding="utf-8")
    assert load_ruleset(FILES).rules[0].title["zh"] == "改过"


def test_kept_rules_are_typed_once_a_process() -> None:
    """Who loads the rules again, under every profile there is, has the same ones."""

    def loaded() -> list[Rule]:
        rules = load_rules().rules
        return [rule for profile in (None, *load_profiles()) for rule in with_profile(rules, profile)]

    loaded()
    first, second = loaded(), loaded()
    assert len(first) == len(second) > 1000
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_kept_trees_give_the_same_columns() -> None:
    """Trees from the cache compile to the same expressions as trees from the text."""
    read, kept = load_ruleset(FILES), load_ruleset(FILES)
    for one, other in zip(read.rules, kept.rules, strict=True):
        for name in ("when", "expect"):
            tree, again = getattr(one, name), getattr(other, name)
            if tree is not None:
                assert again.compiled.columns == tree.compiled.columns
                assert [figure.id for figure in again.compiled.figures] == [figure.id for figure in tree.compiled.figures]
    assert all(tree is rule.slots[name] for rule in kept.rules for name, tree in rule.let.items())


def test_a_changed_rule_is_read_again(tmp_path: Path) -> None:
    """Another text is another key: the kept rules of the old text are not used."""
    file = tmp_path / "r.yaml"
    text = (RULES / "scores.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    before = load_ruleset([file])
    file.write_text(text.replace("得分应在 0 与分值之间", "得分须在 0 与分值之间"), encoding="utf-8")
    after = load_ruleset([file])
    assert after.rules[0].title != before.rules[0].title
    assert after.digest != before.digest


def test_invalid_rules_are_never_kept(tmp_path: Path, cache: Path) -> None:
    """A faulty file is refused every time and leaves nothing behind."""
    file = tmp_path / "r.yaml"
    file.write_text("- id: AAA-001\n  wrong: 1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleError):
            load_ruleset([file])
    assert not list(cache.glob("*.json")) if cache.exists() else True


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": "KEY", "content": []}', '{"key": "KEY", "content": {"nodes": [], "trees": [], "rules": [{}]}}'])
def test_a_broken_cache_is_no_fault(cache: Path, text: str) -> None:
    """Whatever the kept file holds, the rules are read from their files and kept anew."""
    read = load_ruleset(FILES)
    (file,) = cache.glob("rules-*.json")
    good = file.read_bytes()
    file.write_text(text.replace("KEY", file.stem.removeprefix("rules-")), encoding="utf-8")
    assert load_ruleset(FILES) == read
    assert file.read_bytes() == good


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a usable folder, or with the cache switched off, loading works and writes nothing."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    for value in (str(blocked / "below"), "off"):
        monkeypatch.setenv("CHECKER_CACHE", value)
        assert load_ruleset(FILES).rules
    assert keeping.folder() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_word_lists_are_kept_as_they_were_read(tmp_path: Path, cache: Path) -> None:
    """What JSON cannot hold is read every time; another text is another key; what is kept is what is used."""
    lists = tmp_path / "a.yaml"
    lists.write_text("words: [一, 2, null, {x: yes}]\n", encoding="utf-8")
    assert keeping.words(lists) == {"words": ["一", 2, None, {"x": True}]}
    (file,) = cache.glob("words-*.json")
    held = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**held, "content": {"words": ["改过"]}}), encoding="utf-8")
    keeping.words.cache_clear()
    assert keeping.words(lists) == {"words": ["改过"]}
    keeping.words.cache_clear()
    lists.write_text("a: {2: 一, yes: [{null: 二}]}\n", encoding="utf-8")
    for _ in range(2):
        keeping.words.cache_clear()
        assert keeping.words(lists) == {"a": {2: "一", True: [{None: "二"}]}}
    assert len(list(cache.glob("words-*.json"))) == 2
    lists.write_text("2024-01-01\n", encoding="utf-8")
    keeping.words.cache_clear()
    assert keeping.words(lists) == date(2024, 1, 1)
    assert len(list(cache.glob("words-*.json"))) == 2


def test_kept_nodes_have_their_lines(tmp_path: Path, cache: Path) -> None:
    """Faults found later name the right line, whether the file was read or kept; a faulty file is refused each time."""
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb:\n  - {c: 甲}\n  - null\n", encoding="utf-8")
    first, second = (load_file(file, "a.yaml", kept=True) for _ in range(2))
    assert first == second == load_file(file, "a.yaml")
    assert len(list(cache.glob("nodes-*.json"))) == 1
    file.write_text("a: 1\na: 2\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleError, match=r"a.yaml:2 a: written twice"):
            load_file(file, "a.yaml", kept=True)
    assert len(list(cache.glob("nodes-*.json"))) == 1


@pytest.mark.parametrize("content", [5, [], [1], [1, [2]], {"a": 1}, None])
def test_broken_nodes_and_words_are_no_fault(tmp_path: Path, cache: Path, content: object) -> None:
    """Whatever stands under the key of a file, the file is read and what it gives kept anew."""
    file = tmp_path / "a.yaml"
    file.write_text("a: {2: x}\n", encoding="utf-8")

    def both() -> list[object]:
        keeping.words.cache_clear()
        return [load_file(file, "a.yaml", kept=True), keeping.words(file)]

    read = both()
    files = sorted(cache.glob("*.json"))
    good = [one.read_bytes() for one in files]
    assert len(files) == 2
    nodes = next(one for one in files if one.name.startswith("nodes-"))
    nodes.write_text(json.dumps({"key": nodes.stem.removeprefix("nodes-"), "content": content}), encoding="utf-8")
    words = next(one for one in files if one.name.startswith("words-"))
    words.write_text(json.dumps({"key": words.stem.removeprefix("words-"), "content": {"\0": 5}}), encoding="utf-8")
    assert both() == read
    assert [one.read_bytes() for one in files] == good

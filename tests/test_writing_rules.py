"""The rules that docs/writing-rules.md teaches load, pass their examples and are noticed when changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.authoring.examples import run_examples
from checker.authoring.lint.run import homes, lint
from checker.authoring.mutate import run_mutants
from checker.authoring.show import meaning
from checker.errors import RuleError
from checker.language import LanguageFault, parse
from checker.model import Outcome
from checker.rules.profiles import load_profiles, with_profile
from checker.rules.rule import Rule
from checker.rules.ruleset import load_ruleset

PAGE = Path(__file__).resolve().parent.parent / "docs" / "writing-rules.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
RULES = [block for block in BLOCKS if block.startswith("- id:")]
PROFILES = [block for block in BLOCKS if block.startswith("id:")]
HALVES = (range(4), range(4, 8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blocks of the page as a folder of one rule file and two profiles."""
    made = tmp_path_factory.mktemp("rules")
    (made / "taught.yaml").write_text("\n".join(RULES), encoding="utf-8")
    (made / "profiles").mkdir()
    for number, block in enumerate(PROFILES):
        (made / "profiles" / f"{number}.yaml").write_text(block, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def rules(folder: Path) -> tuple[Rule, ...]:
    return load_ruleset([folder]).rules


def test_every_block_is_a_rule_or_a_profile() -> None:
    """Nothing on the page that looks like a rule file goes untested."""
    assert len(RULES) == 8 and len(PROFILES) == 2 and len(RULES) + len(PROFILES) == len(BLOCKS)


def test_three_cases_and_a_parameter_in_each_language(rules: tuple[Rule, ...]) -> None:
    """Rules with Chinese field names and the same with English ones."""
    assert [rule.id for rule in rules] == ["DOC-001", "DOC-002", "DOC-003", "DOC-004", "DOC-011", "DOC-012", "DOC-013", "DOC-014"]
    for number in HALVES[0]:
        expressions = [text for key, text in rules[number].texts.items() if key in ("when", "expect")]
        assert all(re.search(r"[\u4e00-\u9fff]", text) for text in expressions)


def test_their_examples_hold(rules: tuple[Rule, ...]) -> None:
    """Every example comes out as the page says, with pass, fail and open among them."""
    results = run_examples(rules)
    assert [result.fault for result in results if result.fault] == []
    for rule in rules:
        assert {Outcome.PASS, Outcome.FAIL, Outcome.OPEN, Outcome.NOT_APPLICABLE} == {e.outcome for e in rule.examples}


def test_chinese_and_english_mean_the_same(rules: tuple[Rule, ...]) -> None:
    """The two halves of the page teach the same rules: same sentence, same examples, same cell."""
    for one, other in zip(*HALVES, strict=True):
        chinese, english = rules[one], rules[other]
        assert meaning(chinese, "zh") == meaning(english, "zh")
        assert [e.outcome for e in chinese.examples] == [e.outcome for e in english.examples]
        assert (chinese.at, chinese.each, chinese.severity) == (english.at, english.each, english.severity)


def test_their_examples_notice_changes(rules: tuple[Rule, ...]) -> None:
    """What the page says of boundary examples is true of its own."""
    for told in run_mutants(rules):
        assert told.noticed >= 0.85 * told.tried, [m.what for m in told.survivors]


def test_lint_finds_nothing_in_them(folder: Path, rules: tuple[Rule, ...]) -> None:
    """No error and no warning but that a new rule is not in the lock file yet; the profiles only tighten."""
    found = lint(rules, homes(rules, [folder]))
    assert [fault.told("zh") for fault in found.faults if fault.level != "note" and fault.code not in ("L042", "L026")] == []
    twins = {frozenset((fault.rule, fault.text["en"][len("is implied by ") :][:7])) for fault in found.faults if fault.code == "L026"}
    assert twins <= {frozenset((rules[a].id, rules[b].id)) for a, b in zip(*HALVES, strict=True)}


def test_its_profiles_fit_its_rules(folder: Path, rules: tuple[Rule, ...]) -> None:
    """The profile of each half changes the limit of its rule."""
    for profile in load_profiles(folder / "profiles"):
        changed = [rule for rule, before in zip(with_profile(rules, profile), rules, strict=True) if rule.params != before.params]
        assert [str(next(iter(rule.params.values()))) for rule in changed] == ["95"]


def test_the_sentence_it_quotes_is_the_sentence_generated(rules: tuple[Rule, ...]) -> None:
    """What `rules show` is said to print is what it prints."""
    quoted = re.findall(r"^> (.+)$", TEXT, re.M)
    assert quoted == [meaning(rules[3], "zh")]


@pytest.mark.parametrize(("expression", "table"), [(e, t) for e, t in re.findall(r"`((?:合计|计数|任一|全部|唯一|total|count|only)\([^`…]*\))`()", TEXT)])
def test_figures_in_its_tables_are_valid(expression: str, table: str) -> None:
    """Every whole expression over rows that the page quotes is in the language."""
    parse(expression.replace("\\|", "|"), table or "forms")


def test_common_mistakes_give_the_messages_quoted(tmp_path: Path) -> None:
    """The table of mistakes quotes what the loader really says."""
    for text, table, told in (
        ("得分 ＜ 分值", "indicators", "＜ is not part of the language, write <"),
        ("得份 < 分值", "indicators", "indicators has no field 得份 (did you mean 得分?)"),
        ("scroe < weight", "indicators", "indicators has no field scroe (did you mean score?)"),
        ("得分 + 预算数 > 0", "budget_lines", "a score + money means nothing"),
        ("偏差原因 < 指标名称", "indicators", "text has no order, compare with == or !="),
        ("指标.得分 > 0", "forms", "indicators.得分 stands only inside a figure over the rows"),
    ):
        with pytest.raises(LanguageFault) as caught:
            parse(text, table)
        assert str(caught.value).startswith(told), str(caught.value)
        assert told in TEXT
    file = tmp_path / "open.yaml"
    file.write_text(re.sub(r"\n    - \{name: 缺一个得分.*", "", RULES[2]), encoding="utf-8")
    with pytest.raises(RuleError, match="an active rule needs an example that gives open"):
        load_ruleset([file])

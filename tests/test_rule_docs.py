"""The catalogue page: every rule, nothing active in it, the same bytes every time, nothing unescaped."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from lxml import html as parser
from msgspec.structs import replace

from checker.api import load_rules
from checker.authoring.docs import catalogue
from checker.authoring.show import meaning
from checker.cli import cli
from checker.language import parse
from checker.rules.profiles import load_profiles
from checker.rules.rule import RuleSet

SET = load_rules()


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param, catalogue(SET, load_profiles(), request.param)


def test_every_rule_stands_on_the_page(page: tuple[str, str]) -> None:
    """Title, generated sentence, advice and basis of each rule, under an anchor of its own."""
    lang, text = page
    root = parser.fromstring(text)
    for rule in SET.rules:
        article = root.get_element_by_id(rule.id).text_content()
        assert rule.title[lang] in article and all(basis.document in article for basis in rule.basis)
        if rule.expect is not None:
            assert meaning(rule, lang) in article and rule.advice[lang] in article
            assert len(root.xpath(f'//article[@id="{rule.id}"]//tbody/tr')) == len(rule.examples)
        if rule.draft_reason:
            assert rule.draft_reason[lang] in article


def test_ids_are_unique_and_links_lead_somewhere(page: tuple[str, str]) -> None:
    """No anchor twice, no link into nothing."""
    root = parser.fromstring(page[1])
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in root.xpath("//a/@href")} <= set(ids)


def test_nothing_runs_and_nothing_is_fetched(page: tuple[str, str]) -> None:
    """No script, no inline style, no address of a network; the policy allows just the two styles on the page, by digest."""
    text = page[1]
    root = parser.fromstring(text)
    assert not root.xpath("//script | //*[@style] | //iframe | //form | //img") and not re.search(r"https?://", text)
    policy = root.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for style in root.xpath("//style"):
        digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_same_rules_give_the_same_page(page: tuple[str, str]) -> None:
    """Byte for byte, whatever order the rules came in within their families."""
    lang, text = page
    assert catalogue(SET, load_profiles(), lang) == text
    assert catalogue(replace(SET, rules=tuple(reversed(SET.rules))), load_profiles(), lang) == text


def test_texts_of_rules_are_escaped() -> None:
    """A rule set of somebody else cannot put markup into the page."""
    evil = "<script>alert(1)</script>&\"'"
    rule = next(rule for rule in SET.rules if rule.id == "DED-001")
    hostile = replace(rule, title={"zh": evil, "en": evil}, advice={"zh": evil, "en": evil}, not_when=(evil,), verify=(evil,), expect=parse('contains(reason, "<u>")', "indicators"))
    text = catalogue(RuleSet(evil, evil, evil, (hostile,)), (), "zh")
    assert "<script" not in text and "<u>" not in text and "&lt;u&gt;" in text and "&lt;script&gt;" in text


def test_the_command_writes_the_page(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """-o writes the file whole; without it the page is printed; a folder that is not there is one line."""
    assert cli(["rules", "docs", "-o", str(tmp_path / "catalogue.html"), "--lang", "en"]) == 0
    assert (tmp_path / "catalogue.html").read_text(encoding="utf-8") == catalogue(SET, load_profiles(), "en")
    assert cli(["rules", "docs", "-o", str(tmp_path / "none" / "catalogue.html")]) == 2
    assert cli(["rules", "docs"]) == 0
    assert "审核规则目录" in capsysbinary.readouterr().out.decode()

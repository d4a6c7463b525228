"""Findings JSON: the contract's keys, exact numbers, any text, the same bytes every time."""

from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from results_factory import HOSTILE, RULES, form_result, hostile, results, seed, seed_findings, seed_form

from checker.model import Outcome, Unreadable, Verdict
from checker.render import json as writer

FORM_KEYS = {"form_id", "source", "form_type", "profile", "unit_name", "fiscal_year", "verdict", "findings", "rules", "corrections"}
FINDING_KEYS = {"fingerprint", "rule", "severity", "kind", "title", "message", "reported", "expected", "arithmetic", "locations", "basis", "advice", "waiver"}
LOCATION_KEYS = {"role", "table", "row", "field", "text", "file", "sheet", "cell", "page", "line"}


def test_the_contract_keys_are_there() -> None:
    """Every key that CONTRACT section 6 names is present, at every level."""
    data = json.loads(writer.render(seed()))
    assert {"version", "checker", "as_of", "ruleset", "summary", "forms", "unreadable"} <= data.keys()
    assert data["version"] == 1
    assert data["as_of"] == "2024-04-18"
    assert data["ruleset"]["rules"] == len(RULES)
    form = data["forms"][0]
    assert form.keys() >= FORM_KEYS
    assert all(found.keys() >= FINDING_KEYS for found in form["findings"])
    assert all(at.keys() >= LOCATION_KEYS for found in form["findings"] for at in found["locations"])
    assert all(rule.keys() >= {"rule", "outcome", "checked", "failed", "open", "reason"} for rule in form["rules"])


def test_summary_counts_what_is_listed() -> None:
    """The summary counts failures by severity and rules by outcome; open and review findings are not failures."""
    data = json.loads(writer.render(seed()))
    found = data["forms"][0]["findings"]
    for severity, count in data["summary"]["findings"].items():
        assert count == sum(f["severity"] == severity and f["kind"] == "fail" for f in found)
    assert sum(data["summary"]["outcomes"].values()) == len(data["forms"][0]["rules"])
    assert data["summary"]["verdict"] == "return"


def test_a_waived_finding_is_listed_but_not_counted() -> None:
    """A waiver leaves the finding in the list and takes it out of the counts."""
    data = json.loads(writer.render(hostile("x")))
    assert len(data["forms"][0]["findings"]) == 3
    assert data["summary"]["findings"]["error"] == 2
    assert data["summary"]["accepted"] == 1


@pytest.mark.parametrize(("value", "text"), [("57157686.73", "57157686.73"), ("1E+3", "1000"), ("0.8000", "0.8000"), ("1E-7", "0.0000001"), ("NaN", "null")])
def test_numbers_keep_their_digits(value: str, text: str) -> None:
    """A Decimal is written with its own digits, never through a float, never with an exponent."""
    assert writer.dumps({"n": Decimal(value)}) == f'{{"n": {text}}}'


def test_figures_and_corrections_are_written_as_they_are() -> None:
    """A share of 96.94 stays 96.94, the proposed score of the lost cell stays "1.00"."""
    text = writer.render(seed())
    assert '"share": 96.94}' in text
    assert '"value": "1.00"' in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_unchanged(text: str) -> None:
    """Whatever a form holds is valid UTF-8 JSON and, parsed, the same text."""
    written = writer.render(hostile(text))
    data = json.loads(written.encode("utf-8"))
    assert data["forms"][0]["unit_name"] == text
    assert data["forms"][0]["findings"][0]["message"] == text
    assert "\x1b" not in written
    assert "\u202e" not in written


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=200)
def test_any_string_round_trips(text: str) -> None:
    """Strings of any code points, unpaired surrogates too, survive writing and parsing."""
    assert json.loads(writer.text(text).encode("utf-8")) == text


def test_the_same_results_give_the_same_bytes() -> None:
    """Two renderings of results built twice are equal."""
    assert writer.render(seed()) == writer.render(seed())


def test_files_that_gave_no_form_forbid_a_pass() -> None:
    """With an accepted form beside an unreadable file the run's verdict is review; with no form at all there is none."""
    form = form_result(seed_form(), verdict=Verdict.ACCEPT)
    bad = [Unreadable("a.xlsx", "not a workbook")]
    assert json.loads(writer.render(results([form])))["summary"]["verdict"] == "accept"
    data = json.loads(writer.render(results([form], unreadable=bad)))
    assert data["summary"]["verdict"] == "review"
    assert data["unreadable"] == [{"path": "a.xlsx", "reason": "not a workbook"}]
    assert json.loads(writer.render(results([], unreadable=bad)))["summary"]["verdict"] is None


def test_one_finding_stands_on_one_line() -> None:
    """Each finding is one line, so that two runs can be compared with diff."""
    lines = writer.render(seed()).splitlines()
    findings = seed_findings(seed_form())
    assert sum('"fingerprint"' in line and '"locations"' in line for line in lines) == len(findings)
    assert any(f.kind is Outcome.OPEN for f in findings)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@settings(max_examples=100)
def test_both_writers_agree(text: str) -> None:
    """The quick writer of findings and the exact writer give the same characters."""
    for found in seed_findings(seed_form())[:3]:
        plain = writer.finding(replace(found, message=text, waiver=MappingProxyType({"reason": text})))
        assert writer._quick(plain) == writer.dumps(plain)

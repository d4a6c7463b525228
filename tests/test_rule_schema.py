"""The JSON Schema of rule files: the shipped ones fit, slips do not, and it names every key, field and function."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from checker.authoring.schema import schema
from checker.authoring.skeleton import skeleton
from checker.fields import BY_TABLE, TABLES
from checker.language import AGGREGATES, FUNCTIONS
from checker.resources import rules_dir
from checker.rules.reader import KEYS

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
FILES = sorted(p for p in rules_dir().glob("*.yaml") if p.name not in ("ruleset.yaml", "policy.yaml"))


def as_an_editor_reads(text: str) -> Any:
    """YAML as editors take it: dates are text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(k): plain(v) for k, v in value.items()}
        if isinstance(value, list):
            return [plain(v) for v in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(yaml.safe_load(text))


def faults(rules: Any) -> list[str]:
    return [f"{list(e.absolute_path)[:4]}: {e.message[:200]}" for e in VALIDATOR.iter_errors(rules)]


def test_it_is_a_schema() -> None:
    """Valid by the meta schema of draft 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.name)
def test_shipped_rule_files_fit(file: Path) -> None:
    """No shipped rule is underlined in an editor."""
    assert faults(as_an_editor_reads(file.read_text(encoding="utf-8"))) == []


def test_the_skeleton_fits() -> None:
    """Nor is the skeleton, with its Chinese field names."""
    assert faults(as_an_editor_reads(skeleton("IND", []))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severity: warning", "severity: fatal"),
        ("each: indicators", "each: rows"),
        ("at: 得分 ", "at: 得份 "),
        ("  version: 1", "  version: one"),
        ("- id: IND-001", "- id: IND-1"),
        ("forms: [department, project, transfer]", "forms: [departments]"),
        ("kind: deterministic", "kind: heuristic\n  severity_: error"),
        ("{{given: {{分值: 5}}".replace("{{", "{").replace("}}", "}"), "{given: {分价: 5}"),
        ("outcome: open", "outcome: opened"),
        ("verified: false", "verified: perhaps"),
        ("  advice:", "  advise:"),
        ("    en: Correct the score.", ""),
        ("  title: {zh: 得分不应超过分值, en: A score must not exceed its weight}", ""),
    ],
)
def test_slips_are_found(old: str, new: str) -> None:
    """A value outside its list, a field that does not exist, a missing or misspelt key: each is a fault."""
    text = skeleton("IND", [])
    assert old in text
    assert faults(as_an_editor_reads(text.replace(old, new, 1)))


def test_a_question_is_never_an_error() -> None:
    """The rule of severities holds in the editor too."""
    text = skeleton("IND", []).replace("kind: deterministic", "kind: heuristic")
    assert faults(as_an_editor_reads(text)) == []
    assert faults(as_an_editor_reads(text.replace("severity: warning", "severity: error")))


def test_an_active_rule_needs_more_than_a_draft() -> None:
    """expect and examples may be missing from a draft, not from an active rule."""
    draft = [{"id": "IND-001", "version": 1, "status": "draft", "title": {"zh": "甲", "en": "A"}, "severity": "note", "kind": "deterministic", "draft_reason": {"zh": "乙", "en": "B"}}]
    assert faults(draft) == []
    assert faults([{**draft[0], "status": "active"}])


def test_it_completes_everything() -> None:
    """Every key has a description, every filled field both its names in examples, every function a line."""
    rule = SCHEMA["$defs"]["rule"]  # type: ignore[index]
    assert tuple(rule["properties"]) == KEYS and all(p["description"] for p in rule["properties"].values())
    for table in TABLES:
        row = SCHEMA["$defs"][f"row_{table}"]["properties"]  # type: ignore[index]
        for field in BY_TABLE[table].values():
            assert field.reading or {field.name, *field.zh} <= row.keys()
    told = SCHEMA["$defs"]["expression"]["description"]  # type: ignore[index]
    assert all(name in told for name in (*FUNCTIONS, *AGGREGATES))

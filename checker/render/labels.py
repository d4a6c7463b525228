"""The words of every output, by language: reports/labels.zh.yaml and reports/labels.en.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from checker import kept
from checker.fields import BY_TABLE
from checker.resources import template_dir

LANGUAGES = ("zh", "en")


@cache
def load(lang: str) -> Mapping[str, Any]:
    """Return the catalogue of labels; a language we do not have falls back to Chinese."""
    name = f"labels.{lang if lang in LANGUAGES else 'zh'}.yaml"
    loaded: Mapping[str, Any] = kept.words(template_dir() / name)
    return loaded


def field_name(labels: Mapping[str, Any], table: str, name: str) -> str:
    """Return what a person calls a field: its label, else its first Chinese name, else the name itself."""
    known: str | None = labels["fields"].get(name)
    if known is not None:
        return known
    field = BY_TABLE.get(table, {}).get(name)
    if field is None or labels["code"] != "zh":
        return name.replace("_", " ")
    return field.zh[0]


def step_name(labels: Mapping[str, Any], rule: str, name: str) -> str:
    """Return what a step (`let`) of a rule is called in the proof of a finding; one without a label keeps its own name."""
    said = labels["page"]["findings"]
    known: str = said["test"] if name == "expect" else said["step_names"].get(rule, {}).get(name, name)
    return known


def family_name(labels: Mapping[str, Any], family: str) -> str:
    """Return what a person calls a family of rules; one without a label keeps its own name."""
    known: str = labels["families"].get(family, family)
    return known


def joined(labels: Mapping[str, Any], words: list[str]) -> str:
    """Return the words as a list in the language's punctuation."""
    return str(labels["list_mark"]).join(words)

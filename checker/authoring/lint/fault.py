"""A finding of the rule checker: a stable code, a level, where it stands, and words in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from checker.rules.rule import Rule
from checker.strict_yaml import load_file

_CODES = Path(__file__).with_name("codes.yaml")


class Fault(Struct, frozen=True):
    """One finding. `key` is the part of the rule it speaks of, "" for the whole."""

    code: str
    level: str
    file: str
    line: int
    rule: str
    key: str
    text: Mapping[str, str]

    def told(self, lang: str) -> str:
        """Return the finding in one line: file:line CODE ID.key: what."""
        where = f"{self.rule}.{self.key}" if self.key else self.rule
        return f"{self.file}:{self.line} {self.code} {where}{': ' if where else ''}{self.text[lang]}"


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Return the codes: level and wording in both languages."""
    loaded = load_file(_CODES)
    table = loaded.value if isinstance(loaded.value, dict) else {}
    return {code: {key: (node.get(key) or node).text or "" for key in ("level", "zh", "en")} for code, node in table.items()}


def fault(code: str, file: str, line: int, rule: str, key: str, zh: Mapping[str, object], en: Mapping[str, object] | None = None) -> Fault:
    """Make a finding; `zh` and `en` fill the slots of its wording (`en` when they differ)."""
    words = codes()[code]
    return Fault(code, words["level"], file, line, rule, key, {"zh": words["zh"].format(**zh), "en": words["en"].format(**(en or zh))})


Lines = Mapping[tuple[str, str], int]
"""(rule id, key) → line in its file."""


def at(code: str, rule: Rule, key: str, lines: Lines, zh: Mapping[str, object], en: Mapping[str, object] | None = None) -> Fault:
    """Make a finding about a part of a rule."""
    line = lines.get((rule.id, key)) or lines.get((rule.id, key.partition(".")[0])) or rule.line
    return fault(code, rule.file, line, rule.id, key, zh, en)

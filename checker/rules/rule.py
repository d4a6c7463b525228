"""A rule as loaded: a frozen value, its expressions already parsed and typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from checker.language import Tree
from checker.model import Basis, Outcome, Severity

Text = Mapping[str, str]
"""Chinese and English under the keys zh and en."""

ParamValue = Decimal | str | tuple[str, ...]


class Example(Struct, frozen=True):
    """One row as filled, and the outcome the rule must give it. `line` is where it stands in the file."""

    given: Mapping[str, object]
    outcome: Outcome
    line: int
    name: str | None = None
    expected: str | None = None
    values: Mapping[str, str] | None = None
    severity: Severity | None = None


class Rule(Struct, frozen=True):
    """One audit rule (CONTRACT section 5). `let`, `when`, `expect` … are typed trees of the rule language, `said` the expectation as a sentence."""

    id: str
    version: int
    status: str
    title: Text
    severity: Severity
    kind: str
    forms: tuple[str, ...]
    each: str
    let: Mapping[str, Tree]
    when: Tree | None
    expect: Tree | None
    on_missing: Outcome
    at: str
    message: Text
    advice: Text
    basis: tuple[Basis, ...]
    effective: tuple[int | None, int | None]
    params: Mapping[str, ParamValue]
    examples: tuple[Example, ...]
    file: str
    line: int
    aggregate: bool = False
    rows: Tree | None = None
    rows_of: str | None = None
    expected: Tree | None = None
    reported: str | None = None
    severity_when: tuple[tuple[Tree, Severity], ...] = ()
    confidence: str = "high"
    waivable: bool = True
    draft_reason: Text | None = None
    not_when: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, Tree] = field(default_factory=dict)
    figure: Text | None = None
    said: Text = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The letters before the number: STR, BUD, WGT …"""
        return self.id.partition("-")[0]


class RuleSet(Struct, frozen=True):
    """All rules of a run; `digest` covers the text of every file."""

    id: str
    version: str
    digest: str
    rules: tuple[Rule, ...]

    @property
    def active(self) -> tuple[Rule, ...]:
        """The rules that are run on single forms."""
        return tuple(rule for rule in self.rules if rule.status == "active")

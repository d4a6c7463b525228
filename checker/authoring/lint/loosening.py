"""Profiles that loosen a rule without saying why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

from checker.authoring.lint.algebra import Cube, TooMany, alternatives, meet, unknowns
from checker.authoring.lint.fault import Fault, fault
from checker.authoring.lint.logic import Conditions, conditions
from checker.corrections.system import Bound, TooLarge
from checker.errors import RuleError
from checker.fields import FIELDS
from checker.language import LanguageFault
from checker.rules.reader import with_params
from checker.rules.rule import ParamValue, Rule
from checker.strict_yaml import Node, load_file, param_value


def profiles(folder: Path, rules: Sequence[Rule]) -> Iterator[Fault]:
    """Yield every parameter of a profile that makes a rule fail fewer rows and gives no reason, and faulty profile files."""
    by_id = {rule.id: rule for rule in rules}
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        name = f"rules/profiles/{path.name}"
        try:
            params = load_file(path, name).get("params")
        except RuleError as error:
            for what in error.faults:
                yield fault("L081", name, 1, "", "", {"what": what})
            continue
        for rule_id, values in _items(params):
            rule = by_id.get(rule_id)
            if rule is None:
                yield fault("L081", name, values.line, rule_id, "", {"what": f"{rule_id}: 没有这条规则 no such rule"})
                continue
            for param, entry in _items(values):
                yield from _judged(rule, param, entry, name)


def _items(node: Node | None) -> list[tuple[str, Node]]:
    return list(node.value.items()) if node is not None and isinstance(node.value, dict) else []


def _judged(rule: Rule, param: str, entry: Node, name: str) -> Iterator[Fault]:
    value, reason = param_value(entry.get("value") or Node(None, entry.line)), entry.get("loosens")
    old = rule.params.get(param)
    if value is None or old is None:
        yield fault("L081", name, entry.line, rule.id, param, {"what": f"{rule.id}.{param}: 没有这个参数或没有值 no such parameter, or no value"})
        return
    if value == old or (reason is not None and reason.text):
        return
    verdict = loosens(rule, param, value)
    if verdict != "no":
        slots = {"rule": rule.id, "name": param, "old": _shown(old), "new": _shown(value)}
        yield fault("L080" if verdict == "yes" else "L082", name, entry.line, rule.id, param, slots)


def _shown(value: ParamValue) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)


def loosens(rule: Rule, param: str, value: ParamValue) -> Literal["yes", "no", "both", "unknown"]:
    """Say whether rows fail the rule but not with the other value (yes), only the other way round (no), or both.

    Figures are taken to be at least 0. `unknown` when the parameter stands where the algebra does not reach.
    """
    try:
        before, after = conditions(rule), conditions(with_params(rule, {param: value}))
        names = unknowns([*before.fails, *before.passes])
        if names != unknowns([*after.fails, *after.passes]):
            return "unknown"
        sane = [Bound({("", 0, name): Fraction(1)}, Fraction(0)) for name in names if name in _FIGURES]
        spared, caught = (meet(one.fails, [*_outside(other), *other.passes], sane) for one, other in ((before, after), (after, before)))
    except (TooMany, TooLarge, LanguageFault):
        return "unknown"
    return "both" if spared and caught else "yes" if spared else "no"


def _outside(here: Conditions) -> list[Cube]:
    return alternatives(here.rule.when.root, False) if here.rule.when is not None else []


_FIGURES = frozenset(f"{field.table}.{field.name}" for field in FIELDS if field.scaled)

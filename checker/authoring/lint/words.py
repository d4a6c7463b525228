"""Names that nothing uses, examples written twice, years that do not fit together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from checker.authoring.lint.fault import Fault, Lines, at
from checker.language.nodes import Const, Let, Node, children
from checker.rules.rule import Rule
from checker.wording import slots_only


def unused(rules: Sequence[Rule], lines: Lines) -> Iterator[Fault]:
    """Yield steps and parameters that neither a condition nor a text of the rule uses."""
    for rule in rules:
        texts = slots_only(" ".join((*rule.message.values(), *(rule.figure or {}).values())))
        named = {name for tree in _trees(rule) for name in _names(tree)} | {rule.reported}
        for name in rule.let:
            if name not in named and f"{{{name}}}" not in texts:
                yield at("L001", rule, f"let.{name}", lines, {"name": name})
        for name in rule.params:
            if name not in named and f"{{{name}}}" not in texts:
                yield at("L002", rule, f"params.{name}", lines, {"name": name})


def _trees(rule: Rule) -> list[Node]:
    found = [rule.when, rule.expect, rule.expected, rule.rows, *(tree for tree, _ in rule.severity_when)]
    return [tree.root for tree in found if tree is not None] + [tree.root for tree in rule.let.values()]


def _names(node: Node) -> Iterator[str]:
    """Yield the steps and parameters that stand in an expression; those of a step belong to the step."""
    if isinstance(node, Let):
        yield node.name
        return
    if isinstance(node, Const) and node.name:
        yield node.name
    for child in children(node):
        yield from _names(child)


def repeated(rules: Sequence[Rule], lines: Lines) -> Iterator[Fault]:
    """Yield examples whose given row and outcome stand in the rule before."""
    for rule in rules:
        seen: dict[str, int] = {}
        for number, example in enumerate(rule.examples):
            key = json.dumps([example.given, example.outcome.value], ensure_ascii=False, sort_keys=True, default=str)
            if key in seen:
                yield at("L004", rule, f"examples.{number}", lines, {"other": seen[key]})
            seen.setdefault(key, example.line)


def in_force(rules: Sequence[Rule], successors: Mapping[str, str], lines: Lines) -> Iterator[Fault]:
    """Yield years that run backwards, successors that do not exist, and gaps between a rule and its successor."""
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        start, end = rule.effective
        if start is not None and end is not None and start > end:
            yield at("L061", rule, "effective", lines, {"start": start, "to": end})
        name = successors.get(rule.id)
        if name is None:
            continue
        after = by_id.get(name)
        if after is None:
            yield at("L003", rule, "replaced_by", lines, {"name": name})
        elif end is not None and after.effective[0] is not None and after.effective[0] > end + 1:
            yield at("L060", rule, "effective", lines, {"to": end, "other": name, "start": after.effective[0]})

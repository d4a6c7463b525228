"""Checked rule sets kept as JSON under their digest, so that a process need not read and type them again.

The key covers the text of every rule file, the names they are shown under, the version and the source
files that read rules. `checker.kept` says where they are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from checker import kept
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Tree
from checker.model import Basis, Outcome, Severity
from checker.rules.rule import Example, ParamValue, Rule

FORMAT = "1"
_PLAIN = ("id", "version", "status", "title", "kind", "each", "at", "message", "advice", "file", "line", "aggregate", "rows_of",
          "reported", "confidence", "waivable", "draft_reason", "texts", "figure", "said")  # fmt: skip
_TUPLES = ("forms", "effective", "not_when", "verify")
_READS = ("language", "rules", "strict_yaml", "fields", "model.py")


def key(texts: Sequence[tuple[str, str]]) -> str:
    """Return the key of rule files given as (name shown, text)."""
    return kept.digest(FORMAT, _sources(), *(part for pair in texts for part in pair))


def _sources() -> str:
    package = Path(__file__).parent.parent
    told = []
    for name in _READS:
        path = package / name
        for entry in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            stat = entry.stat()
            told.append(f"{entry.name}:{stat.st_size}:{stat.st_mtime_ns}")
    return ",".join(told)


def load(name: str) -> tuple[Rule, ...] | None:
    """Return the rules kept under a key, None when there are none that can be read. The same bytes are typed once a process."""
    held = kept.text("rules", name)
    return None if held is None else _typed(held, name)


@lru_cache(maxsize=16)  # the rules of a run, and those that each profile changes
def _typed(held: bytes, name: str) -> tuple[Rule, ...] | None:
    return kept.content(held, name, decoded)


def keep(name: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Keep checked rules under a key and return them as `load` will give them."""
    made = encoded(rules)
    kept.keep("rules", name, made)
    return decoded(made)


def encoded(rules: Sequence[Rule]) -> dict[str, object]:
    """Return rules as plain JSON values; equal nodes of their trees stand there once."""
    writer = _Writer()
    made = [_rule(rule, writer) for rule in rules]
    return {"nodes": writer.nodes, "trees": writer.trees, "rules": made}


class _Writer:
    """Numbers the nodes and trees met so far, parts before wholes."""

    def __init__(self) -> None:
        self.nodes: list[list[object]] = []
        self.trees: list[list[object]] = []
        self._node_at: dict[str, int] = {}
        self._tree_at: dict[int, int] = {}

    def tree(self, tree: Tree | None) -> int | None:
        if tree is None:
            return None
        if id(tree) not in self._tree_at:
            root = self.node(tree.root)
            self._tree_at[id(tree)] = len(self.trees)
            self.trees.append([tree.text, tree.table, root, tree.unit])
        return self._tree_at[id(tree)]

    def node(self, node: Node | None) -> int | None:
        if node is None:
            return None
        match node:
            case Const():
                made = ["c", _scalar(node.value), node.unit, node.digits, node.name]
            case Ref():
                made = ["r", node.table, node.name, node.unit]
            case Let():
                made = ["l", node.name, self.tree(node.tree), node.unit]
            case Call():
                made = ["f", node.name, [self.node(arg) for arg in node.args], node.unit]
            case Aggregate():
                made = ["a", node.kind, node.table, self.node(node.value), self.node(node.where), node.unit, node.by_group]
        text = json.dumps(made)
        if text not in self._node_at:
            self._node_at[text] = len(self.nodes)
            self.nodes.append(made)
        return self._node_at[text]


def _scalar(value: object) -> object:
    if isinstance(value, tuple):
        return ["t", [_scalar(item) for item in value]]
    if isinstance(value, Fraction):
        return ["n", str(value.numerator), str(value.denominator)]
    if isinstance(value, Decimal):
        return ["d", str(value)]
    if isinstance(value, date):
        return ["y", value.isoformat()]
    if isinstance(value, str | bool) or value is None:
        return value
    raise TypeError(f"{type(value).__name__} in a rule")


def _value(held: Any) -> Any:
    if not isinstance(held, list):
        return held
    match held:
        case ["t", items]:
            return tuple(_value(item) for item in items)
        case ["n", over, under]:
            return Fraction(int(over), int(under))
        case ["d", text]:
            return Decimal(text)
        case ["y", text]:
            return date.fromisoformat(text)
    raise ValueError("unknown value")


def _rule(rule: Rule, writer: _Writer) -> dict[str, object]:
    return {
        **{name: getattr(rule, name) for name in (*_PLAIN, *_TUPLES)},
        "severity": rule.severity.value,
        "on_missing": rule.on_missing.value,
        "let": [[name, writer.tree(tree)] for name, tree in rule.let.items()],
        "slots": [[name, writer.tree(tree)] for name, tree in rule.slots.items()],
        **{name: writer.tree(getattr(rule, name)) for name in ("when", "expect", "rows", "expected")},
        "severity_when": [[writer.tree(tree), level.value] for tree, level in rule.severity_when],
        "basis": [[getattr(basis, name) for name in Basis.__struct_fields__] for basis in rule.basis],
        "params": {name: _scalar(value) for name, value in rule.params.items()},
        "examples": [
            [example.given, example.outcome.value, example.line, example.name, example.expected, example.values, example.severity and example.severity.value]
            for example in rule.examples
        ],
    }


def decoded(held: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return rules from what `encoded` made. Raises one of the usual lookup errors for anything else."""
    nodes: list[Node] = []
    trees: list[Tree] = []
    written = held["trees"]

    def tree(at: int | None) -> Tree | None:
        if at is None:
            return None
        # A named step is written before the nodes that use it, but after the nodes it is made of.
        while len(trees) <= at:
            text, table, root, unit = written[len(trees)]
            trees.append(Tree(text, table, nodes[root], unit))
        return trees[at]

    for one in held["nodes"]:
        nodes.append(_node(one, nodes, tree))
    return tuple(_read(rule, tree) for rule in held["rules"])


def _node(one: Sequence[Any], nodes: Sequence[Node], tree: Callable[[Any], Any]) -> Node:
    match one[0]:
        case "c":
            return Const(_value(one[1]), one[2], one[3], one[4])
        case "r":
            return Ref(one[1], one[2], one[3])
        case "l":
            return Let(one[1], tree(one[2]), one[3])
        case "f":
            return Call(one[1], tuple(nodes[at] for at in one[2]), one[3])
        case "a":
            value, where = one[3], one[4]
            return Aggregate(one[1], one[2], None if value is None else nodes[value], None if where is None else nodes[where], one[5], one[6])
    raise ValueError("unknown node")


def _read(held: Mapping[str, Any], tree: Callable[[Any], Any]) -> Rule:
    same: dict[str, Any] = {name: held[name] for name in _PLAIN} | {name: tuple(held[name]) for name in _TUPLES}
    return Rule(
        **same,
        severity=Severity(held["severity"]),
        on_missing=Outcome(held["on_missing"]),
        let={name: tree(at) for name, at in held["let"]},
        slots={name: tree(at) for name, at in held["slots"]},
        when=tree(held["when"]),
        expect=tree(held["expect"]),
        rows=tree(held["rows"]),
        expected=tree(held["expected"]),
        severity_when=tuple((tree(at), Severity(level)) for at, level in held["severity_when"]),
        basis=tuple(Basis(*one) for one in held["basis"]),
        params={name: _param(value) for name, value in held["params"].items()},
        examples=tuple(Example(given, Outcome(outcome), line, name, expected, values, level and Severity(level)) for given, outcome, line, name, expected, values, level in held["examples"]),
    )


def _param(held: object) -> ParamValue:
    value = _value(held)
    if not isinstance(value, Decimal | str | tuple):
        raise ValueError("unknown parameter")
    return value

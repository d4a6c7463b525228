"""A rule → the rules that differ from it in one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from checker.authoring.mutate.edits import Names, edits, other_numbers
from checker.language import LanguageFault, Tree, needs, parse
from checker.language.nodes import Let, canonical, walk
from checker.rules.rule import ParamValue, Rule


class Mutant(Struct, frozen=True):
    """A rule with one thing changed. `key` is where (let.x, when, params.x …), `what` the change, `kind` its sort.

    `decides` is false when only what is told changes: the expected value, a step of the message.
    """

    origin: Rule
    rule: Rule
    kind: str
    key: str
    what: str
    decides: bool


def mutants(rule: Rule) -> tuple[Mutant, ...]:
    """Return every mutant of a rule that is a valid rule and means something else than the rule and the others."""
    if rule.expect is None:
        return ()
    names = Names(rule.each, frozenset(rule.let), frozenset(rule.params), _used(rule))
    own = _meaning(rule)
    seen = {own}
    made: list[Mutant] = []
    for kind, key, what, other in _changed(rule, names):
        meaning = _meaning(other)
        if meaning not in seen:
            seen.add(meaning)
            made.append(Mutant(rule, replace(other, id=f"{rule.id}~{len(made) + 1}"), kind, key, what, meaning[0] != own[0]))
    return tuple(made)


def _changed(rule: Rule, names: Names) -> Iterator[tuple[str, str, str, Rule]]:
    keys = [*(f"let.{name}" for name in rule.let), *(key for key in rule.texts if not key.startswith("let.") and key != "rows")]
    for key in keys:
        for edit in edits(rule.texts[key], names):
            other = rebuilt(rule, {key: edit.text}, rule.params)
            if other is not None:
                yield edit.kind, key, edit.what, other
    if rule.when is not None:
        yield "when", "when", "−", replace(rule, when=None)
    for name, value in rule.params.items():
        for what, changed in _other_values(value):
            other = rebuilt(rule, {}, {**rule.params, name: changed})
            if other is not None:
                yield "constant" if isinstance(value, Decimal) else "list", f"params.{name}", what, other


def _other_values(value: ParamValue) -> Iterator[tuple[str, ParamValue]]:
    if isinstance(value, Decimal):
        yield from ((f"{value} → {other}", Decimal(other)) for other in other_numbers(value))
    elif isinstance(value, tuple) and len(value) > 1:
        yield from ((f"− {item}", value[:i] + value[i + 1 :]) for i, item in enumerate(value))


def rebuilt(rule: Rule, texts: Mapping[str, str], params: Mapping[str, ParamValue]) -> Rule | None:
    """Return the rule with other expressions or parameters, None when they are not valid in the language."""
    now = {**rule.texts, **texts}
    fresh = dict(params) != dict(rule.params)
    lets: dict[str, Tree] = {}

    def stale(key: str, tree: Tree) -> bool:
        """Say whether an expression is to be parsed again: it changed itself or stands on a step that did."""
        return fresh or key in texts or any(isinstance(node, Let) and f"let.{node.name}" in texts for node in walk(tree.root))

    try:
        for name, tree in rule.let.items():
            lets[name] = parse(now[f"let.{name}"], rule.each, lets, params) if stale(f"let.{name}", tree) else tree

        def again(key: str, tree: Tree | None) -> Tree | None:
            if tree is None or not stale(key, tree):
                return tree
            made = parse(now[key], rule.each, lets, params)
            return made if made.unit == tree.unit else None

        made = replace(
            rule, let=lets, params=params, texts=now, when=again("when", rule.when), expect=again("expect", rule.expect),
            expected=again("expected", rule.expected), slots={**rule.slots, **lets},
            severity_when=tuple((again(f"severity_when.{n}", tree) or tree, level) for n, (tree, level) in enumerate(rule.severity_when)),
        )  # fmt: skip
    except LanguageFault:
        return None
    lost = (rule.when is not None and made.when is None) or made.expect is None or (rule.expected is not None and made.expected is None)
    return None if lost else made


def _used(rule: Rule) -> frozenset[tuple[str, str]]:
    trees = [*rule.let.values(), rule.when, rule.expect, *(tree for tree, _ in rule.severity_when)]
    return frozenset(pair for tree in trees if tree is not None for pair in needs(tree))


def _meaning(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what decides (when, expect, severity) and what is told (expected, steps), each as texts equal for equal meaning."""
    deciding = [rule.when, rule.expect, *(tree for tree, _ in rule.severity_when)]
    told = [rule.expected, *rule.let.values()]
    return tuple(_text(tree) for tree in deciding), tuple(_text(tree) for tree in told)


def _text(tree: Tree | None) -> str:
    return "" if tree is None else canonical(tree.root)

"""Divisors that nothing keeps from being 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from checker.authoring.lint.algebra import EMPTY, Cube, TooMany, alternatives, both, possible
from checker.authoring.lint.fault import Fault, Lines, at
from checker.corrections.system import TooLarge
from checker.language import RowContext, Tree, explain
from checker.language.nodes import Aggregate, Call, Const, Let, Node, canonical, children
from checker.language.sentences import say
from checker.model import Outcome
from checker.rules.rule import Rule


def divisions(rules: Sequence[Rule], contexts: Mapping[str, Sequence[RowContext]], lines: Lines) -> Iterator[Fault]:
    """Yield each divisor that neither `when` nor the conditions before it keep from being 0.

    One that is 0 in an example which says "open" is meant so: the rule shows its reader what comes of it.
    """
    for rule in rules:
        if rule.expect is None:
            continue
        try:
            applies = alternatives(rule.when.root) if rule.when is not None else [EMPTY]
        except TooMany:
            applies = [EMPTY]
        seen: set[str] = set()
        parts = [("when", rule.when, [EMPTY]), ("expect", rule.expect, applies), *((f"severity_when.{n}", tree, applies) for n, (tree, _) in enumerate(rule.severity_when))]
        for key, tree, under in parts:
            if tree is None:
                continue
            for divisor, assumed, own in _divisors(tree.root, under):
                if canonical(divisor) in seen or not _may_vanish(divisor, assumed):
                    continue
                seen.add(canonical(divisor))
                if not own or not _shown_open(tree.part(divisor, divisor.unit), rule, contexts.get(rule.id, ())):
                    yield at("L010", rule, key, lines, {"what": say(divisor, "zh")}, {"what": say(divisor, "en")})


def _shown_open(divisor: Tree, rule: Rule, contexts: Sequence[RowContext]) -> bool:
    return any(example.outcome is Outcome.OPEN and explain(divisor, context).value == 0 for example, context in zip(rule.examples, contexts, strict=False))


_DIVIDING = {"div": 1, "ratio_matches": 1, "rounding_fits": 1, "product_matches": 1}


def _divisors(node: Node, under: list[Cube]) -> Iterator[tuple[Node, list[Cube], bool]]:
    """Yield every divisor of a tree with what is assumed where it stands, and whether it is of the rule's own row, not inside a figure over rows."""
    if isinstance(node, Let):
        yield from _divisors(node.tree.root, under)
        return
    if isinstance(node, Call) and node.name in ("and", "or"):
        for arg in node.args:
            yield from _divisors(arg, under)
            under = _with(under, arg, node.name == "and")
        return
    if isinstance(node, Call) and node.name == "if":
        test, yes, no = node.args
        yield from _divisors(test, under)
        yield from _divisors(yes, _with(under, test, True))
        yield from _divisors(no, _with(under, test, False))
        return
    if isinstance(node, Call) and node.name in _DIVIDING:
        yield node.args[_DIVIDING[node.name]], under, True
    if isinstance(node, Aggregate) and node.kind.startswith("known_"):
        return  # rows without a value are left out by design
    if isinstance(node, Aggregate):
        inner = _with([EMPTY], node.where, True) if node.where is not None else [EMPTY]
        for part in (node.value, node.where):
            if part is not None:
                yield from ((divisor, assumed, False) for divisor, assumed, _ in _divisors(part, inner if part is node.value else [EMPTY]))
        return
    for child in children(node):
        yield from _divisors(child, under)


def _with(under: list[Cube], condition: Node, truth: bool) -> list[Cube]:
    try:
        return both(under, alternatives(condition, truth))
    except TooMany:
        return under


def _may_vanish(divisor: Node, under: list[Cube]) -> bool:
    if isinstance(divisor, Const):
        return divisor.value == 0
    zero = Call("eq", (divisor, Const(Fraction(0), divisor.unit)), "bool")
    try:
        return possible(both(under, alternatives(zero)))
    except (TooMany, TooLarge):
        return True

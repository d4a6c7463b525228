"""Trees as they read in a batch of which something is known: conditions that are settled by that are left out.

What is left to ask of each row is often nothing, and what numbers are worked out fit into narrower columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from checker.language.exact import Evaluation
from checker.language.figures import named
from checker.language.known import Fact, Known
from checker.language.nodes import (
    NOTHING,
    Aggregate,
    Call,
    Const,
    LanguageFault,
    Let,
    Node,
    Ref,
    Scalar,
    Tree,
    fields_of,
)
from checker.language.rounding import MODES
from checker.language.rows import RowContext


class Folding:
    """Makes trees simpler by what is known; a `let` is made once.

    Of trees that were made simpler already the figures are what is known besides.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self._lets: dict[int, tuple[Tree, Node]] = {}

    def tree(self, tree: Tree) -> Tree:
        """Return a tree as it reads then."""
        if tree.known is not None and not tree.compiled.figures:
            return tree
        made = self._read(tree, self.node(tree.root))
        try:
            made.compiled  # noqa: B018
        except LanguageFault:
            # A constant can have more digits than the column it was worked out of.
            return self._read(tree, _opened(tree.root))
        return made

    def _read(self, tree: Tree, root: Node) -> Tree:
        return Tree(tree.text, tree.table, root, tree.unit, self.known)

    def node(self, node: Node) -> Node:
        """Return a node that comes to the same in every row of the batch."""
        match node:
            case Ref():
                return _settled(node, self.known.columns.get((node.table, node.name)))
            case Let():
                return self._let(node)
            case Aggregate():
                return self._aggregate(node)
            case Call():
                return self._call(node)
        return node

    def _let(self, node: Let) -> Node:
        kept = self._lets.get(id(node.tree))
        if kept is None:
            root = self.node(node.tree.root)
            kept = self._lets[id(node.tree)] = node.tree, root if isinstance(root, (Const, Ref)) or _is_nothing(root) else Let(node.name, self._read(node.tree, root), node.unit)
        return kept[1]

    def _aggregate(self, node: Aggregate) -> Node:
        if self.known.figures:
            # What it runs over was made simpler before it was worked out.
            return _settled(node, self.known.figures.get(named(node)))
        value, where = (None if part is None else self.node(part) for part in (node.value, node.where))
        return replace(node, value=value, where=None if where is not None and _is(where, True) else where)

    def _call(self, node: Call) -> Node:
        if node.name in ("and", "or"):
            return self._logic(node)
        if node.name in _OTHERS:
            return _OTHERS[node.name](self, node)
        args = tuple(self.node(arg) for arg in node.args)
        if any(_is_nothing(arg) for arg in args):
            return _nothing(node.unit)
        if node.name in _PRINTED:
            return replace(node, args=(args[0] if node.name in MODES else _opened(node.args[0]), *map(_opened, node.args[1:])))
        if all(isinstance(arg, Const) for arg in args):
            return _worked_out(replace(node, args=args))
        if node.name == "div" and _is(args[1], Fraction(0)):
            return _nothing(node.unit)
        first = args[0]
        if node.name in _TESTS and isinstance(first, Call) and first.name == "coalesce" and self._readable(first) and all(isinstance(arg, Const) for arg in (*args[1:], first.args[-1])):
            # What is asked of the first that has a value is asked of each: a constant at the end has its answer.
            return self.coalesce(Call("coalesce", tuple(replace(node, args=(part, *args[1:])) for part in first.args), "bool"))
        return replace(node, args=args)

    def _logic(self, node: Call) -> Node:
        decisive = node.name == "or"
        left: list[Node] = []
        for arg in node.args:
            part = self.node(arg)
            if _is(part, decisive):
                return part
            if not _is(part, not decisive):
                left.append(part)
        return left[0] if len(left) == 1 else replace(node, args=tuple(left)) if left else Const(not decisive, "bool")

    def if_(self, node: Call) -> Node:
        test = self.node(node.args[0])
        if _is_nothing(test):
            return _nothing(node.unit)
        if isinstance(test, Const):
            return self.node(node.args[1 if test.value else 2])
        return replace(node, args=(test, *(self.node(arg) for arg in node.args[1:])))

    def presence(self, node: Call) -> Node:
        arg = self.node(node.args[0])
        if self._full(arg) and node.name != "blank":
            return Const(node.name == "filled", "bool")
        if not self._readable(node.args[0]):
            return _opened(node)
        if _is_nothing(arg):
            return Const(node.name != "filled", "bool")
        return _worked_out(replace(node, args=(arg,))) if isinstance(arg, Const) else replace(node, args=(arg,))

    def coalesce(self, node: Call) -> Node:
        left: list[Node] = []
        for part in node.args:
            made = self.node(part)
            if self._full(made):
                left.append(made)
                break
            if not self._readable(part):
                left.append(_opened(part))
            elif not _is_nothing(made):
                left.append(made)
        return left[0] if len(left) == 1 else replace(node, args=tuple(left)) if left else _nothing(node.unit)

    def _full(self, node: Node) -> bool:
        """Say whether a node has a value in every row."""
        if isinstance(node, Const):
            return True
        facts = self.known.columns.get((node.table, node.name)) if isinstance(node, Ref) else self.known.figures.get(named(node)) if isinstance(node, Aggregate) else None
        return facts is not None and facts.full

    def _readable(self, node: Node) -> bool:
        return all(self.known.readable(ref) for ref in fields_of(node))


_TESTS = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts_with", "ends_with", "matches"})

_PRINTED = frozenset({"digits", "round_half_up", "round_half_even", "truncate", "ratio_matches", "rounding_fits", "product_matches"})
"""Functions that ask for the printed digits of a field, so that the field must stay."""

_OTHERS: Mapping[str, Callable[[Folding, Call], Node]] = {
    "if": Folding.if_,
    "filled": Folding.presence,
    "missing": Folding.presence,
    "blank": Folding.presence,
    "coalesce": Folding.coalesce,
    "slack": lambda _, node: _opened(node),
    **dict.fromkeys(("unread", NOTHING), lambda _, node: node),
}  # fmt: skip
"""Functions that can have a value although an operand has none."""


def holds(tree: Tree, value: Scalar) -> bool:
    """Say whether a tree is known to come to a value in every row."""
    return _is(tree.root, value)


def _is(node: Node, value: Scalar) -> bool:
    return isinstance(node, Const) and node.value == value and type(node.value) is type(value)


def _nothing(unit: str) -> Call:
    # The unit is an operand, so that figures over nothing of several units are several figures.
    return Call(NOTHING, (Const(unit, "text"),), unit)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Call) and node.name == NOTHING


def _settled(node: Ref | Aggregate, fact: Fact | None) -> Node:
    if fact is None or not fact.fixed:
        return node
    return _nothing(node.unit) if fact.value is None else Const(fact.value, node.unit)


def _worked_out(node: Call) -> Node:
    made = Evaluation(RowContext("", 0, {}, {}, date.min)).of(node).value
    return _nothing(node.unit) if made is None else Const(made, node.unit)


def _opened(node: Node) -> Node:
    """Return a node with the trees of its `let` names in their places: those are compiled for what is known, too."""
    match node:
        case Let():
            return _opened(node.tree.root)
        case Call():
            return replace(node, args=tuple(map(_opened, node.args)))
        case Aggregate():
            value, where = (None if part is None else _opened(part) for part in (node.value, node.where))
            return replace(node, value=value, where=where)
    return node

"""What a condition can come to in a row before texts are searched: most rows are settled by the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce

import polars as pl
from msgspec import Struct

from checker.language.compiled import Flat
from checker.language.nodes import Aggregate, Call, Let, Node, Ref, Tree, canonical, children
from checker.language.searches import search

Part = Callable[[str, Callable[[], pl.Expr]], pl.Expr]
"""Gives the column of a part of a condition, by its name and what makes it: conditions share parts."""


class Possible(Struct, frozen=True):
    """Whether a condition can be true, false, unknown: columns without gaps."""

    true: pl.Expr
    false: pl.Expr
    null: pl.Expr


def possible(tree: Tree, have: Collection[str], part: Part) -> Possible:
    """Return what a condition can come to in rows that have no columns of searches but those of `have`; it comes to one of that."""
    made = _of(tree.root, tree, have, part)
    return made if isinstance(made, Possible) else _settled(made)


def inline(_: str, made: Callable[[], pl.Expr]) -> pl.Expr:
    """Give a part where it stands."""
    return made()


def _column(tree: Tree) -> pl.Expr:
    value = tree.compiled.value
    return value.at if isinstance(value, Flat) else pl.lit(None, pl.Boolean)


def _of(node: Node, tree: Tree, have: Collection[str], part: Part) -> pl.Expr | Possible:
    match node:
        case Let():
            return _of(node.tree.root, tree, have, part)
        case Call("not", (arg,)):
            of = _of(arg, tree, have, part)
            return _not(of) if isinstance(of, Possible) else ~of
        case Call("and" | "or"):
            return _joined([_of(arg, tree, have, part) for arg in node.args], node.name == "and")
        case _ if not _searches(node, tree.table, have):
            return part(canonical(node), lambda: _column(tree.part(node, "bool")))
        case Call("contains" | "starts_with" | "ends_with" | "matches", (Ref(name=text), *_)):
            there = part(text, pl.col(text).is_not_null)
            return Possible(there, there, ~there)
    return Possible(_ANY, _ANY, _ANY)


_ANY = pl.lit(True)


def _joined(parts: list[pl.Expr | Possible], both: bool) -> pl.Expr | Possible:
    settled = [part for part in parts if not isinstance(part, Possible)]
    left = [part for part in parts if isinstance(part, Possible)]
    if settled:
        one = reduce(pl.Expr.and_ if both else pl.Expr.or_, settled)
        if not left:
            return one
        left.append(_settled(one))
    return reduce(_and, left) if both else _not(reduce(_and, map(_not, left)))


def _settled(at: pl.Expr) -> Possible:
    return Possible(at.fill_null(False), ~at.fill_null(True), at.is_null())


def _not(a: Possible) -> Possible:
    return Possible(a.false, a.true, a.null)


def _and(a: Possible, b: Possible) -> Possible:
    return Possible(a.true & b.true, a.false | b.false, (a.null & (b.true | b.null)) | (a.true & b.null))


def _searches(node: Node, table: str, have: Collection[str]) -> bool:
    """Say whether a node searches texts of its rows anew; figures over child rows are worked out already."""
    made = search(node) if isinstance(node, Call) else None
    if made is not None:
        return made.table == table and made.name not in have
    return not isinstance(node, Aggregate) and any(_searches(child, table, have) for child in children(node))

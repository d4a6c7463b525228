"""Comparisons whose examples leave out the bound itself or one of its sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from checker.authoring.lint.algebra import Cube, TooMany, alternatives, both, possible
from checker.authoring.lint.fault import Fault, Lines, at
from checker.authoring.lint.logic import Conditions
from checker.corrections.system import TooLarge
from checker.language import RowContext, Tree, explain
from checker.language.nodes import Call, Const, Let, Node, canonical
from checker.language.sentences import say

ORDERED = ("lt", "le", "gt", "ge", "eq", "ne")
SIDES = {-1: ("小于界限的", "below the bound"), 0: ("正好在界限上的", "on the bound"), 1: ("大于界限的", "above the bound"), 2: ("不等的", "off the bound")}


def boundaries(analysed: Sequence[Conditions], contexts: Mapping[str, Sequence[RowContext]], lines: Lines) -> Iterator[Fault]:
    """Yield each comparison of numbers or dates in `when` and `expect` without an example on the bound and on each side.

    A side that no row can have (a count below 0) is not asked for. Comparisons inside figures over
    rows are left to the mutation test.
    """
    for here in analysed:
        if here.rule.id in contexts:
            yield from _of_rule(here, contexts[here.rule.id], lines)


def _of_rule(here: Conditions, contexts: Sequence[RowContext], lines: Lines) -> Iterator[Fault]:
    rule, seen = here.rule, set[str]()
    for key, tree in (("when", rule.when), ("expect", rule.expect)):
        for node in _comparisons(tree.root) if tree is not None else ():
            name = "|".join(sorted(canonical(arg) for arg in node.args))
            if name in seen or tree is None:
                continue
            seen.add(name)
            sides = {side for context in contexts if (side := _side(tree, node, context)) is not None}
            shown = sides | ({2} if sides & {-1, 1} else set())
            needed, further = _wanted(node, key, here.applies)
            for code, missing in (("L050", [s for s in needed if s not in shown]), ("L051", [s for s in further if s not in shown])):
                if not missing:
                    continue
                words = [{"sentence": say(node, lang), "missing": mark.join(SIDES[side][lang == "en"] for side in missing)} for lang, mark in (("zh", "、"), ("en", ", "))]
                yield at(code, rule, key, lines, *words)


def _comparisons(node: Node) -> Iterator[Call]:
    """Yield the comparisons of numbers and dates, not those inside figures over rows."""
    if isinstance(node, Let):
        yield from _comparisons(node.tree.root)
    elif isinstance(node, Call):
        if node.name in ORDERED and node.args[0].unit not in ("text", "bool"):
            yield node
        for arg in node.args:
            yield from _comparisons(arg)


def _side(tree: Tree, node: Call, context: RowContext) -> int | None:
    left, right = (explain(tree.part(root=arg, unit=arg.unit), context).value for arg in node.args)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return (left > right) - (left < right)
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    return None


def _wanted(node: Call, key: str, applies: list[Cube]) -> tuple[list[int], list[int]]:
    """Return the sides an example must show and those it could show besides; sides that no row can have are left out.

    Needed are the bound and the side on which the answer changes; of an equality of figures both
    sides, of one with a level or a count, and in `when`, any other value.
    """
    signs = {-1: "lt", 0: "eq", 1: "gt"}
    can = [side for side, sign in signs.items() if _can(Call(sign, node.args, "bool"), applies if key == "expect" else [])]
    code = any(arg.unit == "count" for arg in node.args) and any(isinstance(arg, Const) for arg in node.args)
    if node.name in ("eq", "ne"):
        if key == "when" or code:
            return [side for side in can if side == 0] + ([2] if {-1, 1} & set(can) else []), []
        return can, []
    turn = -1 if node.name in ("lt", "ge") else 1
    return [side for side in can if side in (0, turn)], [side for side in can if side == -turn]


def _can(node: Call, applies: list[Cube]) -> bool:
    try:
        cubes = alternatives(node)
        return possible(both(applies, cubes) if applies else cubes)
    except (TooMany, TooLarge):
        return True

"""A title that says 不超过 over an expression that says `<`: the comparison in words against the comparison computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from checker.authoring.lint.fault import Fault, Lines, at
from checker.language import sentence
from checker.language.nodes import Call, Const, Let, Node, Ref
from checker.rules.rule import Rule
from checker.strict_yaml import load_file, plain

_FILE = Path(__file__).with_name("comparisons.yaml")
_NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}
_MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_EQUATIONS = ("ratio_matches", "rounding_fits", "product_matches")


@cache
def phrases(lang: str) -> tuple[tuple[str, str], ...]:
    """Return (phrase, comparison), the longest phrase first."""
    loaded = plain(load_file(_FILE))
    table = loaded[lang] if isinstance(loaded, dict) else {}
    return tuple(sorted(((p, name) for name, listed in table.items() for p in listed), key=lambda pair: (-len(pair[0]), pair[0])))


def said(title: str, lang: str) -> list[tuple[str, str, int]]:
    """Return (phrase, comparison, where) of every comparison a title speaks of."""
    left, found = title.lower(), []
    for phrase, name in phrases(lang):
        while (where := left.find(phrase)) >= 0:
            found.append((phrase, name, where))
            left = left.replace(phrase, "\0" * len(phrase), 1)
    return found


def titles(rules: Sequence[Rule], lines: Lines) -> Iterator[Fault]:
    """Yield each title whose comparison the expression does not make."""
    for rule in rules:
        if rule.expect is None:
            continue
        made = list(comparisons(rule.expect.root))
        if not made:
            continue
        for lang in ("zh", "en"):
            spoken = said(rule.title[lang], lang)
            wrong = [phrase for phrase, name, where in spoken if not _made(name, rule.title[lang][:where], made)]
            if wrong:
                words = {"said": wrong[0]}
                yield at("L030", rule, f"title.{lang}", lines, {**words, "sentence": sentence(rule.expect, "zh")}, {**words, "sentence": sentence(rule.expect, "en")})
                break


def _made(name: str, before: str, made: Sequence[tuple[str, Node, Node]]) -> bool:
    """Say whether some comparison is the one spoken of; which side the title names first settles its direction."""
    if name == "between":
        return any(sign in ("le", "ge") for sign, _, _ in made)
    for sign, left, right in made:
        mentions = [_mentioned(side, before) for side in (left, right)]
        wanted = {sign} if mentions == [True, False] else {_MIRRORED[sign]} if mentions == [False, True] else {sign, _MIRRORED[sign]}
        if name in wanted:
            return True
    return False


def _mentioned(node: Node, before: str) -> bool:
    inner = node.tree.root if isinstance(node, Let) else node
    if not isinstance(inner, Ref) or inner.field is None:
        return False
    return any(name in before for name in inner.field.zh) or inner.field.name.replace("_", " ") in before.lower()


def comparisons(node: Node, truth: bool = True) -> Iterator[tuple[str, Node, Node]]:
    """Yield (sign, left, right) of the numeric comparisons a condition is made of; a stated ratio or a bounded difference is eq."""
    if isinstance(node, Let):
        yield from comparisons(node.tree.root, truth)
    elif isinstance(node, Call):
        if node.name == "not":
            yield from comparisons(node.args[0], not truth)
        elif node.name in ("and", "or", "if"):
            for arg in node.args:
                yield from comparisons(arg, truth)
        elif node.name in _EQUATIONS:
            yield "eq", node.args[-1], node.args[0]
        elif node.name in _NEGATED and node.args[0].unit not in ("text", "bool", "date") and not _is_none(node):
            sign = node.name if truth else _NEGATED[node.name]
            yield sign, node.args[0], node.args[1]
            if sign in ("le", "lt") and _is_abs(node.args[0]):
                yield "eq", node.args[0], node.args[1]


def _is_none(node: Call) -> bool:
    """A count compared with 0 says that there is none, nothing about size."""
    return any(isinstance(arg, Const) and arg.value == 0 for arg in node.args) and any(arg.unit == "count" for arg in node.args)


def _is_abs(node: Node) -> bool:
    return (isinstance(node, Let) and _is_abs(node.tree.root)) or (isinstance(node, Call) and node.name == "abs")


"""One expression → the same text with one thing changed: operator, number, field, condition.

Changes are made in the text, so that a surviving one can be shown to the author as he would write it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from checker.fields import BY_TABLE, Field
from checker.language.functions import BY_NAME
from checker.language.names import fields, tables
from checker.language.source import Source, parse_source

SIBLINGS = 2
"""Fields of the same unit that are tried in place of one field."""

_COMPARE = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "==": "!=", "!=": "=="}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
_TWINS = {"total": "known_total", "count": "known_count", "lowest": "highest", "highest": "lowest", "least": "greatest", "greatest": "least", "any_of": "all_of", "all_of": "any_of"}
"""Figures that are easily taken for each other; of known_total and its kin only the way that hides what is missing."""

_OPERATOR = re.compile(r"<=|>=|==|!=|<|>|\bnot\s+in\b|\bin\b|[-+*/]")


class Edit(Struct, frozen=True):
    """A changed expression: `kind` of change, `what` was changed into what, the whole new `text`."""

    kind: str
    what: str
    text: str


class Names(Struct, frozen=True):
    """What the names of an expression may be: the grain, the steps and parameters of the rule, the fields it uses elsewhere."""

    table: str
    lets: frozenset[str]
    params: frozenset[str]
    used: frozenset[tuple[str, str]]


def edits(text: str, names: Names) -> Iterator[Edit]:
    """Yield every change of one expression, in the order of the text; LanguageFault when it is none."""
    source = parse_source(text)
    for node in ast.walk(source.body):
        yield from _of(node, source, names)
    yield from _negations(source)


def _of(node: ast.AST, source: Source, names: Names) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node, source)
    elif isinstance(node, ast.BinOp):
        yield from _between(source, node.left, node.right, _ARITHMETIC)
    elif isinstance(node, ast.BoolOp):
        yield from _boolean(node, source)
    elif isinstance(node, ast.Constant):
        yield from _number(node, source)
    elif isinstance(node, ast.Call):
        yield from _twin(node, source)
    elif isinstance(node, ast.List):
        yield from _shorter(node, source)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _fields(node, source, names)


def _put(source: Source, start: int, end: int, new: str) -> str:
    raw = source.text.encode()
    return (raw[:start] + new.encode() + raw[end:]).decode()


def _end(node: ast.expr) -> int:
    return node.end_col_offset or node.col_offset


def _replaced(source: Source, node: ast.expr, new: str) -> str:
    return _put(source, node.col_offset, _end(node), new)


def _between(source: Source, left: ast.expr, right: ast.expr, table: Mapping[str, str]) -> Iterator[Edit]:
    gap = source.text.encode()[_end(left) : right.col_offset].decode()
    found = _OPERATOR.search(gap)
    if found is None or found.group() not in table:
        return
    start = _end(left) + len(gap[: found.start()].encode())
    new = table[found.group()]
    shown = f"{source.segment(left)} {found.group()} {source.segment(right)}"
    yield Edit("operator", f"{_short(shown)}: {found.group()} → {new}", _put(source, start, start + len(found.group()), new))


def _comparisons(node: ast.Compare, source: Source) -> Iterator[Edit]:
    operands = [node.left, *node.comparators]
    for left, right in pairwise(operands):
        yield from _between(source, left, right, _COMPARE)


def _boolean(node: ast.BoolOp, source: Source) -> Iterator[Edit]:
    word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [f"({source.segment(value)})" for value in node.values]
    yield Edit("operator", f"{_short(source.segment(node))}: {word} → {other}", _replaced(source, node, f"({f' {other} '.join(parts)})"))
    for i, value in enumerate(node.values):
        rest = parts[:i] + parts[i + 1 :]
        yield Edit("part", f"− {word} {_short(source.segment(value))}", _replaced(source, node, f"({f' {word} '.join(rest)})"))


def _number(node: ast.Constant, source: Source) -> Iterator[Edit]:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    written = source.segment(node)
    for other in other_numbers(Decimal(written)):
        new = f"({other})" if other.startswith("-") else other
        yield Edit("constant", f"{written} → {other}", _replaced(source, node, new))


def other_numbers(value: Decimal) -> list[str]:
    """Return a number one unit of its last printed digit up and down, and ten times as large."""
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    changed = dict.fromkeys([value + step, value - step, value * 10])
    return [f"{number:f}" for number in changed if number != value]


def _twin(node: ast.Call, source: Source) -> Iterator[Edit]:
    written = source.segment(node.func)
    other = _TWINS.get(BY_NAME.get(written, ""))
    if other is not None:
        yield Edit("function", f"{_short(source.segment(node))}: {written} → {other}", _replaced(source, node.func, other))


def _shorter(node: ast.List, source: Source) -> Iterator[Edit]:
    if len(node.elts) < 2:
        return
    items = [source.segment(item) for item in node.elts]
    for i, item in enumerate(items):
        yield Edit("list", f"− {item}", _replaced(source, node, f"[{', '.join(items[:i] + items[i + 1 :])}]"))


def _fields(node: ast.Name | ast.Attribute, source: Source, names: Names) -> Iterator[Edit]:
    written = source.segment(node)
    if isinstance(node, ast.Attribute):
        prefix = f"{node.value.id}." if isinstance(node.value, ast.Name) else ""
        table = tables().get(prefix[:-1], "")
    else:
        prefix, table = "", names.table
        if written in names.lets or written in names.params:
            return
    word = written.removeprefix(prefix)
    found = fields(table).get(word, ()) if table else ()
    if len(found) != 1 or not source.text:
        return
    for other in siblings(found[0], names.used):
        shown = other.name if word.isascii() else other.zh[0]
        yield Edit("field", f"{written} → {prefix}{shown}", _replaced(source, node, f"{prefix}{other.name}"))


def siblings(field: Field, used: frozenset[tuple[str, str]]) -> list[Field]:
    """Return fields of the same table, unit and origin: those the rule uses first, then the nearest in the field table."""
    order = [f for f in BY_TABLE[field.table].values() if f.unit == field.unit and f.reading == field.reading]
    here = order.index(field)
    others = [f for f in order if f is not field]
    others.sort(key=lambda f: ((f.table, f.name) not in used, abs(order.index(f) - here)))
    return others[:SIBLINGS]


def _negations(source: Source) -> Iterator[Edit]:
    for node in _conditions(source.body):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield Edit("negate", f"{_short(source.segment(node))} → {_short(source.segment(node.operand))}", _replaced(source, node, f"({source.segment(node.operand)})"))
        elif not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq)):
            yield Edit("negate", f"{_short(source.segment(node))} → not …", _replaced(source, node, f"(not ({source.segment(node)}))"))


def _conditions(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what is true or false: the whole, the operands of and, or, not, and what decides a choice."""
    if isinstance(node, ast.BoolOp):
        yield node
        for value in node.values:
            yield from _conditions(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node
        if isinstance(node.operand, ast.BoolOp):
            for value in node.operand.values:
                yield from _conditions(value)
    elif isinstance(node, ast.IfExp):
        yield from _conditions(node.test)
        yield from _conditions(node.body)
        yield from _conditions(node.orelse)
    elif isinstance(node, ast.Compare | ast.Call):
        yield node
        inner = [*node.args] if isinstance(node, ast.Call) else []
        for value in inner:
            if isinstance(value, ast.BoolOp):
                yield from _conditions(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"

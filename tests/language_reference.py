"""An evaluator of rule expressions that shares no code with the checker: Python's `ast`, `fractions`, Kleene logic.

It works on plain dictionaries (values as Fraction, str, bool, date or None; `unread` a set of field
names) and is what the checker's two evaluators are compared with.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

Record = Mapping[str, Any]
TABLES = ("forms", "budget_lines", "indicator_groups", "indicators")


@dataclass(frozen=True)
class World:
    """One row of `table`, its form, all child rows of the form, the date of the run, and the sources of readings."""

    table: str
    record: Record
    form: Record
    children: Mapping[str, Sequence[Record]]
    as_of: date
    sources: Mapping[tuple[str, str], tuple[str, ...]]
    text: str = ""
    child: Record | None = None
    child_table: str = ""
    lets: Mapping[str, str] = field(default_factory=dict)


def evaluate(text: str, world: World) -> Any:
    """Return the value of an expression on a row: Fraction, str, bool, date or None; `lets` of the world are named steps."""
    return _ev(ast.parse(text, mode="eval").body, replace(world, text=text))


def _step(node: ast.expr, w: World) -> tuple[ast.expr, World] | None:
    """Return the expression behind a let name, on the row itself."""
    if isinstance(node, ast.Name) and node.id in w.lets:
        text = w.lets[node.id]
        return ast.parse(text, mode="eval").body, replace(w, text=text, child=None, child_table="")
    return None


def _where(node: ast.expr, w: World) -> tuple[str, Record, str] | None:
    """Return (table, row, field) a name or attribute stands for."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        table = node.value.id
        if table == w.child_table and w.child is not None:
            return table, w.child, node.attr
        return table, (w.form if table == "forms" else w.record), node.attr
    if isinstance(node, ast.Name) and node.id != "as_of":
        return w.table, w.record, node.id
    return None


def _ev(node: ast.expr, w: World) -> Any:
    step = _step(node, w)
    if step is not None:
        return _ev(*step)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else Fraction(Decimal(ast.get_source_segment(w.text, node) or ""))
    if isinstance(node, ast.Name) and node.id == "as_of":
        return w.as_of
    if isinstance(node, ast.Name | ast.Attribute):
        found = _where(node, w)
        assert found is not None
        return found[1][found[2]]
    if isinstance(node, ast.UnaryOp):
        value = _ev(node.operand, w)
        return None if value is None else (not value if isinstance(node.op, ast.Not) else -value)
    if isinstance(node, ast.BoolOp):
        values = [_ev(part, w) for part in node.values]
        strong = isinstance(node.op, ast.Or)
        return strong if strong in values else None if None in values else not strong
    if isinstance(node, ast.BinOp):
        a, b = _ev(node.left, w), _ev(node.right, w)
        if a is None or b is None:
            return None
        match node.op:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Mult():
                return a * b
            case _:
                return a / b if b != 0 else None
    if isinstance(node, ast.IfExp):
        test = _ev(node.test, w)
        return None if test is None else _ev(node.body if test else node.orelse, w)
    if isinstance(node, ast.Compare):
        return _compare(node, w)
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return _call(node.func.id, node.args, w)


def _compare(node: ast.Compare, w: World) -> bool | None:
    outcome: bool | None = True
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        outcome = _and(outcome, _one(operator, left, right, w))
        left = right
    return outcome


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _one(operator: ast.cmpop, left: ast.expr, right: ast.expr, w: World) -> bool | None:
    a = _ev(left, w)
    if isinstance(operator, ast.In | ast.NotIn):
        assert isinstance(right, ast.List)
        items = [_ev(item, w) for item in right.elts]
        return None if a is None else (a in items) == isinstance(operator, ast.In)
    b = _ev(right, w)
    if a is None or b is None:
        return None
    if isinstance(a, date) and isinstance(b, str):
        b = date.fromisoformat(b)
    return {ast.Eq: a == b, ast.NotEq: a != b}[type(operator)] if isinstance(operator, ast.Eq | ast.NotEq) else {
        ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b}[type(operator)]  # fmt: skip


def _round(x: Fraction, places: int, mode: str) -> Fraction:
    sign, size = (-1 if x < 0 else 1), abs(x) * 10**places
    whole = {"half_up": floor(size + Fraction(1, 2)), "half_even": round(size), "truncate": floor(size)}[mode]
    return Fraction(sign * whole, 10**places)


def _digits(node: ast.expr, w: World) -> int | None:
    step = _step(node, w)
    if step is not None:
        return _digits(*step)
    if isinstance(node, ast.Call):
        rows = _rows(node.args, w, 1)
        return _digits(node.args[0], rows[0][0]) if len(rows) == 1 and rows[0][1] is True else None
    found = _where(node, w)
    assert found is not None
    return found[1][f"{found[2]}_digits"] if found[1][found[2]] is not None else None


def _unread(node: ast.expr, w: World) -> bool:
    """Return whether a cell behind an expression cannot be read."""
    step = _step(node, w)
    if step is not None:
        return _unread(*step)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _AGGREGATES:
        table = _table(node.args)
        rows = [replace(w, child=row, child_table=table) for row in _members(table, w)]
        return any(_unread(argument, row) for row in rows for argument in node.args if not isinstance(argument, ast.Name))
    if isinstance(node, ast.Name | ast.Attribute):
        found = _where(node, w)
        if found is None:
            return False
        table, row, name = found
        return bool({name, *w.sources.get((table, name), ())} & row["unread"])
    return any(_unread(part, w) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) and not (isinstance(node, ast.Call) and part is node.func))


def _table(arguments: Sequence[ast.expr]) -> str:
    if isinstance(arguments[0], ast.Name) and arguments[0].id in TABLES:
        return arguments[0].id
    names = {
        part.value.id for a in arguments for part in ast.walk(a)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id != "forms"
    }  # fmt: skip
    (table,) = names
    return table


def _members(table: str, w: World) -> list[Record]:
    rows = w.children[table]
    if w.table == "indicator_groups" and table == "indicators":
        return [row for row in rows if w.record["row"] in (row["group1"], row["group2"])]
    return list(rows)


def _rows(arguments: Sequence[ast.expr], w: World, condition: int) -> list[tuple[World, bool | None]]:
    """Return the child rows that fit or may fit, each with True or None."""
    table = _table(arguments)
    made = []
    for row in _members(table, w):
        inner = replace(w, child=row, child_table=table)
        fits = _ev(arguments[condition], inner) if len(arguments) > condition else True
        if fits is not False:
            made.append((inner, fits))
    return made


_AGGREGATES = {"total", "known_total", "count", "known_count", "count_missing", "lowest", "highest", "all_of", "any_of", "only", "rows", "distinct"}


def _aggregate(name: str, arguments: Sequence[ast.expr], w: World) -> Any:
    rows = _rows(arguments, w, 1)
    unsure = any(fits is None for _, fits in rows)
    if name == "rows":
        return None if unsure else Fraction(len(rows))
    values = [(_ev(arguments[0], inner), fits) for inner, fits in rows]
    if name == "all_of":
        outcomes = [True if v is True else (False if v is False and fits else None) for v, fits in values]
        return False if False in outcomes else None if None in outcomes else True
    if name in ("any_of", "count", "known_count"):
        outcomes = [False if v is False else (True if v is True and fits else None) for v, fits in values]
        if name == "known_count":
            return Fraction(outcomes.count(True))
        if name == "count":
            return None if None in outcomes else Fraction(sum(outcomes))
        return True if True in outcomes else None if None in outcomes else False
    if name == "known_total":
        known = [v for v, fits in values if fits and v is not None]
        return sum(known, Fraction(0)) if known else None
    if unsure:
        return None
    found = [v for v, _ in values]
    if name == "count_missing":
        return Fraction(found.count(None))
    if name == "distinct":
        return None if None in found else Fraction(len(set(found)))
    if name == "only":
        return found[0] if len(found) == 1 else None
    if not found or None in found:
        return None
    return {"total": lambda: sum(found, Fraction(0)), "lowest": lambda: min(found), "highest": lambda: max(found)}[name]()


_MODES = {"round_half_up": "half_up", "round_half_even": "half_even", "truncate": "truncate"}


def _call(name: str, arguments: Sequence[ast.expr], w: World) -> Any:
    if name in _AGGREGATES:
        return _aggregate(name, arguments, w)
    if name == "slack":
        unit, total, digits = w.form["amount_unit"], _ev(arguments[0], w), _digits(arguments[0], w)
        if len(arguments) == 2 and isinstance(arguments[1], ast.Name):
            n = _ev(arguments[1], w)
        else:
            n = sum(1 for _ in _rows(arguments[1:], w, 1)) if all(f for _, f in _rows(arguments[1:], w, 1)) else None
        if unit is None or total is None:
            return None
        return Fraction(0) if unit == "元" else None if n is None or digits is None else Fraction(n + 1, 2 * 10**digits)
    if name == "digits":
        digits = _digits(arguments[0], w)
        return None if digits is None else Fraction(digits)
    if name in ("filled", "missing", "blank"):
        value = _ev(arguments[0], w)
        if value is None and _unread(arguments[0], w):
            return None
        if name == "blank":
            return value is None or not any(c.isalnum() for c in value)
        return (value is not None) == (name == "filled")
    if name == "coalesce":
        for part in arguments[:-1]:
            value = _ev(part, w)
            if value is not None:
                return value
            if _unread(part, w):
                return None
        return _ev(arguments[-1], w)
    values = [_ev(argument, w) for argument in arguments]
    if None in values:
        return None
    return _plain(name, values, arguments, w)


def _plain(name: str, v: list[Any], arguments: Sequence[ast.expr], w: World) -> Any:
    if name in _MODES:
        return _round(v[0], int(v[1]) if len(v) > 1 else 0, _MODES[name])
    if name in ("ratio_matches", "rounding_fits", "product_matches"):
        stated = arguments[3 if name == "product_matches" else 2]
        digits = _digits(stated, w)
        if v[1] == 0 or digits is None:
            return None
        exact = v[0] / v[1] * (v[2] if name == "product_matches" else 100)
        modes = [v[3]] if name == "rounding_fits" else list(_MODES.values())
        value = v[3] if name == "product_matches" else v[2]
        near = name == "product_matches" and abs(value - exact) <= Fraction(1, 100)
        return near or any(_round(exact, digits, mode) == value for mode in modes)
    if name == "year":
        return Fraction(v[0].year)
    if name == "days":
        return Fraction((v[0] - v[1]).days)
    if name == "number_in":
        hit = re.search(v[1], v[0], re.ASCII)
        return Fraction(int(hit[1])) if hit and hit[1] and re.fullmatch(r"\+?[0-9]+", hit[1]) and int(hit[1]) < 10**9 else None
    if name == "length":
        return Fraction(len(v[0]))
    return {
        "abs": lambda: abs(v[0]), "least": lambda: min(v), "greatest": lambda: max(v), "percent": lambda: v[0] * 100,
        "share": lambda: v[0] / 100, "contains": lambda: v[1] in v[0], "starts_with": lambda: v[0].startswith(v[1]),
        "ends_with": lambda: v[0].endswith(v[1]),
    }[name]()  # fmt: skip

"""The text of an expression → a typed tree, or a fault with its column. Nothing of it is ever evaluated as Python."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct, field, structs

from checker.fields import BATCH_TABLES, GRAINS
from checker.language.functions import AGGREGATES, BY_NAME, FUNCTIONS, digits_source, settle, slack, together
from checker.language.names import AS_OF, fields, nearest, tables
from checker.language.nodes import (
    MAX_DEPTH,
    MAX_SIZE,
    Aggregate,
    Call,
    Const,
    LanguageFault,
    Let,
    Node,
    Ref,
    Tree,
    aggregates_of,
    fields_of,
    measure,
)
from checker.language.params import Param, decimals_of, param, value_list
from checker.language.source import MAX_NODES, Source, parse_source
from checker.language.units import NUMERIC, common, label, product, quotient
from checker.wording import phrase

_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.In: "in", ast.NotIn: "not_in",
}  # fmt: skip
_ARITHMETIC: Mapping[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
_SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_CONDITIONS = ("count", "known_count")
_REFUSED = {
    "Lambda": "lambda", "ListComp": "a comprehension", "SetComp": "a comprehension", "DictComp": "a comprehension",
    "GeneratorExp": "a comprehension", "JoinedStr": "a formatted text", "Subscript": "indexing with [ ]", "Starred": "*",
    "NamedExpr": ":=", "Await": "await", "Yield": "yield", "Dict": "a dictionary", "Set": "a set", "Tuple": "a tuple",
    "Slice": "a slice", "List": "a list outside `in`", "Pow": "**", "Mod": "%", "FloorDiv": "//", "Is": "is", "IsNot": "is not",
    "UAdd": "+ as a sign", "Invert": "~",
}  # fmt: skip


class _Scope(Struct, frozen=True):
    """What names mean: the grain, its lets and params, and the child table inside an aggregate."""

    source: Source
    table: str
    lets: Mapping[str, Tree]
    params: Mapping[str, Const]
    child: str | None = None
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def parse(text: str, table: str, lets: Mapping[str, Tree] | None = None, params: Mapping[str, Param] | None = None) -> Tree:
    """Return the typed tree of an expression over one row of `table` (a name of `fields.GRAINS`).

    `lets` are named steps of the same grain; `params` are Decimal, int, text, date or a list of
    those, never float. Raises LanguageFault for every fault: syntax, unknown names, units that do
    not go together, numbers that could leave 128 bits, sizes beyond the limits.
    """
    if not lets and not params:
        return _alone(text, table)
    return _tree(text, table, lets or {}, params or {})


@lru_cache(4096)
def _alone(text: str, table: str) -> Tree:
    return _tree(text, table, {}, {})


def _tree(text: str, table: str, lets: Mapping[str, Tree], params: Mapping[str, Param]) -> Tree:
    if table not in GRAINS:
        raise LanguageFault(f"unknown table {table}{nearest(table, GRAINS)}")
    source = parse_source(text)
    scope = _Scope(source, table, lets, {name: param(name, value) for name, value in params.items()})
    for name in (*scope.lets, *scope.params):
        taken = name in fields(table) or name in tables() or name in BY_NAME or name in AS_OF
        if taken:
            raise LanguageFault(f"{name} is already the name of a field, table or function, choose another")
    root = _node(source.body, scope, 0)
    size, depth = measure(root)
    if size > MAX_SIZE or depth > MAX_DEPTH:
        raise LanguageFault("too large once its let names are written out")
    if root.unit == "list":
        raise LanguageFault("a list stands only behind in")
    unit = "number" if root.unit == "literal" else root.unit
    tree = Tree(source.text, table, root, unit)
    _ = tree.compiled  # bounds are proved here, not when the rule first runs
    return tree


def _node(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if depth > MAX_DEPTH // 2:
        raise LanguageFault("nested too deeply", scope.source.column(node))
    if next(scope.count) > MAX_NODES:
        raise LanguageFault(f"more than {MAX_NODES} parts, split it with let", scope.source.column(node))
    convert = _CONVERT.get(type(node))
    if convert is None:
        raise _refused(node, scope, node)
    try:
        return convert(node, scope, depth + 1)
    except TypeError as error:
        raise LanguageFault(str(error), scope.source.column(node)) from None


def _refused(what: ast.AST, scope: _Scope, at: ast.expr) -> LanguageFault:
    name = _REFUSED.get(type(what).__name__, type(what).__name__)
    return LanguageFault(f"{name} is not part of the language", scope.source.column(at))


def _constant(node: ast.expr, scope: _Scope, depth: int) -> Node:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, str):
        return Const(scope.source.literal(node), "text")
    if isinstance(value, bool) or value is None:
        hint = "ask with missing(…) or filled(…)" if value is None else "the comparison itself is true or false"
        raise TypeError(f"{value} is not part of the language, {hint}")
    if isinstance(value, int | float):
        written = Decimal(scope.source.number(node))
        return Const(Fraction(written), "literal", decimals_of(written))
    raise _refused(node, scope, node)


def _name(node: ast.expr, scope: _Scope, depth: int) -> Node:
    name = node.id if isinstance(node, ast.Name) else ""
    if name in scope.lets:
        tree = scope.lets[name]
        if scope.child and (aggregates_of(tree.root) or any(ref.table != "forms" for ref in fields_of(tree.root))):
            raise TypeError(f"{name} belongs to one row, inside a figure over {scope.child} only steps of the form can stand")
        return Let(name, tree, tree.root.unit)
    if name in scope.params:
        return scope.params[name]
    if name in AS_OF:
        return Ref("", AS_OF[0], "date")
    if scope.child and scope.table != "forms":
        hint = f"write {scope.child}.{name}" if name in fields(scope.child) else "name the table"
        raise TypeError(f"{name} of the row cannot stand inside a figure over {scope.child}, {hint}")
    return _field(name, scope.table, scope, node)


def _attribute(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        raise TypeError("a point stands only between a table and its field")
    table = tables().get(node.value.id)
    if table is None:
        raise TypeError(f"unknown table {node.value.id}{nearest(node.value.id, tables())}")
    if table not in ("forms", scope.child) and not (table == scope.table and scope.child is None):
        if scope.child:
            raise TypeError(f"one figure reads one table, {scope.child}, not also {table}")
        raise TypeError(f"{table}.{node.attr} stands only inside a figure over the rows, such as total({table}.{node.attr})")
    return _field(node.attr, table, scope, node)


def _field(name: str, table: str, scope: _Scope, node: ast.expr) -> Node:
    known = fields(table)
    found = known.get(name, ())
    if len(found) == 1:
        return Ref(table, found[0].name, found[0].unit)
    if len(found) > 1:
        raise TypeError(f"{name} may mean {' or '.join(entry.name for entry in found)}, write which")
    if name in tables():
        raise TypeError(f"{name} is a table, write {name}.field inside a figure over its rows")
    if table != "forms" and name in fields("forms"):
        raise TypeError(f"{table} has no field {name}, the form has: write forms.{name}")
    if name in BY_NAME:
        raise TypeError(f"{name} is a function, write {name}(…)")
    extra = (*scope.lets, *scope.params) if table == scope.table else ()
    raise TypeError(f"{table} has no field {name}{nearest(name, (*known, *extra))}")


def _call(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise TypeError("only the functions of the language can be called, by name")
    name = BY_NAME.get(node.func.id)
    if name is None:
        raise TypeError(f"unknown function {node.func.id}{nearest(node.func.id, BY_NAME)}")
    if node.keywords:
        raise TypeError(f"{name}() takes its operands by position")
    if name in AGGREGATES:
        return _aggregate(name, node, scope, depth)
    function = FUNCTIONS[name]
    given, most = len(node.args), 2 if name == "days" else 1 if name == "year" else function.most
    if given < function.least or (most is not None and given > most):
        wanted = str(function.least) if most == function.least else f"{function.least} to {most or 'any number of'}"
        raise TypeError(phrase("{name}() takes {wanted} {wanted:operand|operands}, not {given}", name=name, wanted=wanted, given=given))
    return function.check(name, [_node(argument, scope, depth) for argument in node.args])


def _aggregate(name: str, node: ast.Call, scope: _Scope, depth: int) -> Node:
    if scope.child:
        raise TypeError(f"{name}() cannot stand inside another figure over rows")
    if scope.table in BATCH_TABLES:
        raise TypeError(f"{name}() runs over the rows of one form, a comparison between forms has none")
    arguments = list(node.args)
    first: Node | None = None
    if name == "slack":
        if len(arguments) not in (2, 3):
            raise TypeError(f"slack() takes 2 to 3 operands, not {len(arguments)}")
        first = _node(arguments.pop(0), scope, depth)
        if not isinstance(first, Ref) or digits_source(first) is None:
            raise TypeError("the first operand of slack must be the field with the printed total")
        if len(arguments) == 1 and not any(isinstance(part, ast.Attribute) for part in ast.walk(arguments[0])):
            return slack(first, _node(arguments[0], scope, depth))
    most = 1 if name == "rows" and arguments and isinstance(arguments[0], ast.Name) and len(arguments) == 1 else 2
    if not 1 <= len(arguments) <= most:
        raise TypeError(f"{name}() takes 1 to 2 operands, not {len(arguments)}")
    table = _child_table(name, arguments, scope)
    inner = structs.replace(scope, child=table)
    by_group = scope.table == "indicator_groups" and table == "indicators"
    value = None if name == "rows" else _node(arguments[0], inner, depth)
    where = _node(arguments[1], inner, depth) if len(arguments) > 1 else None
    if where is not None and where.unit != "bool":
        raise TypeError(f"the condition of {name}() must be true or false, this is {label(where.unit)}")
    unit = _aggregate_unit(name, value)
    if first is not None and value is not None:
        return slack(first, Aggregate("rows", table, None, where, "count", by_group), value)
    if name in (*_CONDITIONS, "all_of", "any_of") and where is not None and value is not None:
        value, where = (Call("or", (Call("not", (where,), "bool"), value), "bool") if name == "all_of" else Call("and", (where, value), "bool")), None
    return Aggregate(name, table, value, where, unit, by_group)


def _aggregate_unit(name: str, value: Node | None) -> str:
    if value is None:
        return "count"
    if name in (*_CONDITIONS, "all_of", "any_of"):
        if value.unit != "bool":
            raise TypeError(f"{name}() takes a condition, this is {label(value.unit)}")
        return "count" if name in _CONDITIONS else "bool"
    if name in ("count_missing", "distinct"):
        if name == "distinct" and value.unit in ("bool", "list"):
            raise TypeError("distinct() takes text, a date or a number")
        return "count"
    if name == "only":
        if value.unit == "list":
            raise TypeError("only() takes a field")
        return "number" if value.unit == "literal" else value.unit
    if name in ("lowest", "highest") and value.unit == "date":
        return "date"
    if value.unit not in NUMERIC:
        raise TypeError(f"{name}() takes a number, this is {label(value.unit)}")
    return "number" if value.unit == "literal" else value.unit


def _child_table(name: str, arguments: Sequence[ast.expr], scope: _Scope) -> str:
    known = tables()
    if name == "rows":
        target = arguments[0]
        if not isinstance(target, ast.Name) or target.id not in known or known[target.id] == "forms":
            raise TypeError("rows() takes a table: budget_lines, indicator_groups or indicators")
        return known[target.id]
    named = dict.fromkeys(
        known[part.value.id]
        for argument in arguments
        for part in ast.walk(argument)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in known
    )
    named.pop("forms", None)
    if len(named) > 1:
        raise TypeError(f"one figure reads one table, not {' and '.join(named)}")
    if not named:
        pairs = [p.value.id for a in arguments for p in ast.walk(a) if isinstance(p, ast.Attribute) and isinstance(p.value, ast.Name)]
        if pairs and pairs[0] not in known:
            raise TypeError(f"unknown table {pairs[0]}{nearest(pairs[0], known)}")
        bare = next((p.id for a in arguments for p in ast.walk(a) if isinstance(p, ast.Name) and p.id not in known), "field")
        guess = next((t for t in ("indicators", "budget_lines", "indicator_groups") if bare in fields(t)), "indicators")
        raise TypeError(f"{name}() is a figure over rows, name their table: {guess}.{bare}")
    return next(iter(named))


def _boolean(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.BoolOp):
        raise _refused(node, scope, node)
    name = "and" if isinstance(node.op, ast.And) else "or"
    parts = tuple(_condition(part, scope, depth, name) for part in node.values)
    return Call(name, parts, "bool")


def _condition(node: ast.expr, scope: _Scope, depth: int, what: str) -> Node:
    part = _node(node, scope, depth)
    if part.unit != "bool":
        raise LanguageFault(f"{what} joins conditions, this is {label(part.unit)}", scope.source.column(node))
    return part


def _unary(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not | ast.USub):
        raise _refused(node.op if isinstance(node, ast.UnaryOp) else node, scope, node)
    if isinstance(node.op, ast.Not):
        return Call("not", (_condition(node.operand, scope, depth, "not"),), "bool")
    operand = _node(node.operand, scope, depth)
    if operand.unit not in NUMERIC:
        raise TypeError(f"− takes a number, this is {label(operand.unit)}")
    if isinstance(operand, Const) and isinstance(operand.value, Fraction) and operand.name is None:
        return Const(-operand.value, operand.unit, operand.digits)
    return Call("neg", (operand,), operand.unit)


def _arithmetic(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.BinOp) or type(node.op) not in _ARITHMETIC:
        raise _refused(node.op if isinstance(node, ast.BinOp) else node, scope, node)
    name = _ARITHMETIC[type(node.op)]
    left, right = _node(node.left, scope, depth), _node(node.right, scope, depth)
    for operand in (left, right):
        if operand.unit not in NUMERIC:
            hint = ", use days(later, earlier)" if operand.unit == "date" else ""
            raise TypeError(f"{_SIGNS[name]} takes numbers, this is {label(operand.unit)}{hint}")
    rule = {"mul": product, "div": quotient}.get(name, common)
    unit = rule(left.unit, right.unit)
    if unit is None:
        hint = ", use share(…) for a percentage" if name in ("mul", "div") and "percent" in (left.unit, right.unit) else ""
        raise TypeError(f"{label(left.unit)} {_SIGNS[name]} {label(right.unit)} means nothing{hint}")
    if name in ("add", "sub"):
        left, right = settle(left, unit), settle(right, unit)
    return Call(name, (left, right), unit)


def _compare(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.Compare):
        raise _refused(node, scope, node)
    for operator in node.ops:
        if type(operator) not in _COMPARE:
            raise _refused(operator, scope, node)
    names = [_COMPARE[type(operator)] for operator in node.ops]
    if len(names) > 1 and ("in" in names or "not_in" in names):
        raise TypeError("in stands alone, join with and")
    if names[0] in ("in", "not_in"):
        return _membership(names[0], node, scope, depth)
    operands = [_node(part, scope, depth) for part in (node.left, *node.comparators)]
    pairs = tuple(_pair(name, a, b) for name, a, b in zip(names, operands, operands[1:], strict=False))
    return pairs[0] if len(pairs) == 1 else Call("and", pairs, "bool")


def _pair(name: str, left: Node, right: Node) -> Node:
    left, right = _as_date(left, right), _as_date(right, left)
    unit = common(left.unit, right.unit)
    if unit is None or unit == "list":
        raise TypeError(f"{label(left.unit)} {_SIGNS[name]} {label(right.unit)} cannot be compared")
    if unit in ("text", "bool") and name not in ("eq", "ne"):
        raise TypeError(f"{label(unit)} has no order, compare with == or !=")
    return Call(name, (settle(left, unit), settle(right, unit)), "bool")


def _as_date(node: Node, partner: Node) -> Node:
    if partner.unit == "date" and isinstance(node, Const) and isinstance(node.value, str):
        try:
            return Const(date.fromisoformat(node.value), "date", None, node.name)
        except ValueError:
            raise TypeError(f'"{node.value[:20]}" is not a date, write year-month-day as in "2023-12-31"') from None
    return node


def _membership(name: str, node: ast.Compare, scope: _Scope, depth: int) -> Node:
    left = _node(node.left, scope, depth)
    right = node.comparators[0]
    if isinstance(right, ast.List):
        items = value_list([_node(item, scope, depth) for item in right.elts], None, "the list")
    else:
        found = _node(right, scope, depth)
        if not isinstance(found, Const) or found.unit != "list":
            raise TypeError('behind in stands a list, as in ["a", "b"], or a parameter that is one')
        items = found
    values = items.value if isinstance(items.value, tuple) else ()
    kind = "text" if isinstance(values[0], str) else "date" if isinstance(values[0], date) else "literal"
    if common(left.unit, kind) is None:
        raise TypeError(f"{label(left.unit)} cannot be in a list of {'texts' if kind == 'text' else 'numbers'}")
    call = Call("in", (left, items), "bool")
    return call if name == "in" else Call("not", (call,), "bool")


def _choice(node: ast.expr, scope: _Scope, depth: int) -> Node:
    if not isinstance(node, ast.IfExp):
        raise _refused(node, scope, node)
    test = _condition(node.test, scope, depth, "if")
    unit, (yes, no) = together((_node(node.body, scope, depth), _node(node.orelse, scope, depth)), "if … else")
    if unit == "list":
        raise TypeError("a list stands only behind in")
    return Call("if", (test, yes, no), unit)


_CONVERT: Mapping[type[ast.expr], Callable[[ast.expr, _Scope, int], Node]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.Compare: _compare,
    ast.IfExp: _choice,
}

"""The equations of a form, taken from the rules' own expressions.

A comparison whose sides are linear in the cells becomes bounds; a stated ratio or product becomes
the band its rounding allows. What is not linear (texts, dates, readings) gives no equation, and the
caller counts it as not analysed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from checker.corrections.system import Bound, Cell
from checker.language import Contexts, RowContext, Tree, explain
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref
from checker.model import Form

SLACK = Fraction(1, 100)
SIGNS = {"eq", "le", "lt", "ge", "gt"}


class Linear(Struct, frozen=True):
    """Σ coefficient × cell + constant."""

    terms: Mapping[Cell, Fraction]
    constant: Fraction = Fraction(0)

    @property
    def cells(self) -> frozenset[Cell]:
        """The cells it rests on."""
        return frozenset(self.terms)


class Comparison(Struct, frozen=True):
    """`left sign right`, both linear."""

    rule: str
    left: Linear
    sign: str
    right: Linear


class Ratio(Struct, frozen=True):
    """`stated` = a ÷ b × factor, printed with `digits` decimals, under any accepted rounding; `slack` is allowed beyond."""

    rule: str
    a: Linear
    b: Linear
    factor: Linear
    stated: Cell
    digits: int
    slack: Fraction


Equation = Comparison | Ratio


class Extracted(Struct, frozen=True):
    """The equations found, and the ids of numeric rules that could not be analysed."""

    equations: tuple[Equation, ...]
    left_out: tuple[str, ...]


class _NotLinear(Exception):
    pass


def cells_of(equation: Equation) -> frozenset[Cell]:
    """Return every cell an equation rests on."""
    if isinstance(equation, Comparison):
        return equation.left.cells | equation.right.cells
    return equation.a.cells | equation.b.cells | equation.factor.cells | {equation.stated}


def extract(trees: Sequence[tuple[str, Tree, int]], form: Form, position: int, contexts: Contexts) -> Extracted:
    """Take the equations out of (rule id, expectation, row) for the rows to which the rules apply."""
    equations: list[Equation] = []
    left_out: dict[str, None] = {}
    for rule, tree, row in trees:
        context = contexts.row(tree.table, position, row)
        for node in conjuncts(tree.root):
            try:
                for equation in _equation(rule, node, _Reader(form, position, contexts, context, tree)):
                    if cells_of(equation) and equation not in equations:
                        equations.append(equation)
            except _NotLinear:
                left_out[rule] = None
    return Extracted(tuple(equations), tuple(left_out))


def conjuncts(node: Node) -> Iterator[Node]:
    """Yield the parts that must all hold, let names written out."""
    if isinstance(node, Let):
        yield from conjuncts(node.tree.root)
    elif isinstance(node, Call) and node.name == "and":
        for arg in node.args:
            yield from conjuncts(arg)
    else:
        yield node


class _Reader(Struct, frozen=True):
    form: Form
    position: int
    contexts: Contexts
    context: RowContext
    tree: Tree

    def value(self, node: Node) -> Fraction:
        """Evaluate a node that is to be a constant: counts, slack, readings. Not linear when it is unknown."""
        found = explain(self.tree.part(root=node, unit=node.unit), self.context).value
        if not isinstance(found, Fraction):
            raise _NotLinear
        return found


def _equation(rule: str, node: Node, reader: _Reader) -> Iterator[Equation]:
    if not isinstance(node, Call):
        raise _NotLinear
    if node.name == "or":
        yield from _alternative(rule, node, reader)
        return
    if node.name == "if":
        condition, yes, no = node.args
        for part in conjuncts(yes if _truth(condition, reader) else no):
            yield from _equation(rule, part, reader)
    elif node.name in ("le", "lt") and _is_abs(node.args[0]):
        inner, limit = _linear(_abs_of(node.args[0]), reader), _linear(node.args[1], reader)
        yield Comparison(rule, inner, node.name, limit)
        yield Comparison(rule, _scaled(inner, Fraction(-1)), node.name, limit)
    elif node.name in SIGNS and node.args[0].unit not in ("text", "bool", "date"):
        yield Comparison(rule, _linear(node.args[0], reader), node.name, _linear(node.args[1], reader))
    elif node.name in ("ratio_matches", "product_matches"):
        a, b, *more, stated = node.args
        cell = _cell(stated, reader)
        factor = _linear(more[0], reader) if more else Linear({}, Fraction(100))
        digits = digits_of(reader.form, cell)
        yield Ratio(rule, _linear(a, reader), _linear(b, reader), factor, cell, digits, SLACK if more else Fraction(0))
    else:
        raise _NotLinear


def _alternative(rule: str, node: Call, reader: _Reader) -> Iterator[Equation]:
    """Take the alternative that holds now; when none does, the first that is an equation."""
    for arg in node.args:
        if explain(reader.tree.part(root=arg, unit="bool"), reader.context).value is True:
            for part in conjuncts(arg):
                yield from _equation(rule, part, reader)
            return
    for arg in node.args:
        try:
            made = [equation for part in conjuncts(arg) for equation in _equation(rule, part, reader)]
        except _NotLinear:
            continue
        yield from made
        return
    raise _NotLinear


def _truth(condition: Node, reader: _Reader) -> bool:
    truth = explain(reader.tree.part(root=condition, unit="bool"), reader.context).value
    if not isinstance(truth, bool):
        raise _NotLinear
    return truth


def _is_abs(node: Node) -> bool:
    return (isinstance(node, Let) and _is_abs(node.tree.root)) or (isinstance(node, Call) and node.name == "abs")


def _abs_of(node: Node) -> Node:
    if isinstance(node, Let):
        return _abs_of(node.tree.root)
    return node.args[0] if isinstance(node, Call) else node


def _cell(node: Node, reader: _Reader) -> Cell:
    linear = _linear(node, reader)
    if len(linear.terms) != 1 or linear.constant:
        raise _NotLinear
    return next(iter(linear.terms))


def _linear(node: Node, reader: _Reader, row: tuple[str, int] | None = None) -> Linear:
    match node:
        case Const(value=Fraction() as number):
            return Linear({}, number)
        case Ref():
            return _field(node, reader, row)
        case Let():
            return _linear(node.tree.root, reader, row)
        case Aggregate():
            return _aggregate(node, reader)
        case Call(name="add"):
            return _sum(_linear(node.args[0], reader, row), _linear(node.args[1], reader, row), Fraction(1))
        case Call(name="sub"):
            return _sum(_linear(node.args[0], reader, row), _linear(node.args[1], reader, row), Fraction(-1))
        case Call(name="neg"):
            return _scaled(_linear(node.args[0], reader, row), Fraction(-1))
        case Call(name="percent"):
            return _scaled(_linear(node.args[0], reader, row), Fraction(100))
        case Call(name="share"):
            return _scaled(_linear(node.args[0], reader, row), Fraction(1, 100))
        case Call(name="mul"):
            one, other = (_linear(arg, reader, row) for arg in node.args)
            if one.terms and other.terms:
                raise _NotLinear
            return _scaled(one, other.constant) if one.terms else _scaled(other, one.constant)
        case Call(name="div"):
            one, other = (_linear(arg, reader, row) for arg in node.args)
            if other.terms or not other.constant:
                raise _NotLinear
            return _scaled(one, 1 / other.constant)
        case Call(name="coalesce"):
            return _coalesce(node, reader, row)
        case Call(name="if"):
            return _choice(node, reader, row)
        case Call(name="digits" | "slack"):
            return Linear({}, reader.value(node))
    raise _NotLinear


def _field(node: Ref, reader: _Reader, row: tuple[str, int] | None) -> Linear:
    entry = node.field
    if entry is None or entry.reading or not entry.scaled:
        if entry is not None and entry.unit == "count" and row is None:
            return Linear({}, reader.value(node))
        raise _NotLinear
    if node.table == "forms":
        return Linear({("forms", 1, node.name): Fraction(1)})
    table, number = row if row is not None else (reader.context.table, reader.context.row)
    if node.table != table:
        raise _NotLinear
    return Linear({(table, number, node.name): Fraction(1)})


def _aggregate(node: Aggregate, reader: _Reader) -> Linear:
    if node.kind not in ("total", "known_total", "only") or node.value is None:
        return Linear({}, reader.value(node))
    found = Linear({})
    rows = _rows(node, reader)
    if node.kind == "only" and len(rows) != 1:
        raise _NotLinear
    for number in rows:
        part = _linear(node.value, reader, (node.table, number))
        if node.kind == "known_total" and any(value_of(reader.form, cell) is None for cell in part.terms):
            continue
        found = _sum(found, part, Fraction(1))
    if not rows:
        raise _NotLinear
    return found


def _rows(node: Aggregate, reader: _Reader) -> list[int]:
    context = reader.context
    found = []
    for record in context.figure_rows(node.table, node.by_group):
        row = context.beside(node.table, record)
        if node.where is None:
            found.append(row.row)
            continue
        truth = explain(reader.tree.part(table=node.table, root=node.where, unit="bool"), row).value
        if truth is None:
            raise _NotLinear
        if truth is True:
            found.append(row.row)
    return found


def _coalesce(node: Call, reader: _Reader, row: tuple[str, int] | None) -> Linear:
    for arg in node.args:
        part = _linear(arg, reader, row)
        if all(value_of(reader.form, cell) is not None for cell in part.terms):
            return part
    raise _NotLinear


def _choice(node: Call, reader: _Reader, row: tuple[str, int] | None) -> Linear:
    condition, yes, no = node.args
    if row is not None:
        raise _NotLinear
    return _linear(yes if _truth(condition, reader) else no, reader, row)


def _sum(one: Linear, other: Linear, sign: Fraction) -> Linear:
    terms = dict(one.terms)
    for cell, factor in other.terms.items():
        terms[cell] = terms.get(cell, Fraction(0)) + sign * factor
    return Linear({cell: factor for cell, factor in terms.items() if factor}, one.constant + sign * other.constant)


def _scaled(one: Linear, factor: Fraction) -> Linear:
    return Linear({cell: value * factor for cell, value in one.terms.items() if factor}, one.constant * factor)


def value_of(form: Form, cell: Cell) -> Fraction | None:
    """Return the filled value of a cell, None when it is blank or unreadable."""
    table, row, name = cell
    rows: Sequence[Mapping[str, object]] = (form.header,) if table == "forms" else getattr(form, table)
    value = rows[row - 1].get(name) if 0 < row <= len(rows) else None

    return Fraction(value) if isinstance(value, Decimal) else None


def digits_of(form: Form, cell: Cell) -> int:
    """Return the printed decimals of a cell, those of its column at most when it is blank."""

    table, row, name = cell
    rows: Sequence[Mapping[str, object]] = (form.header,) if table == "forms" else getattr(form, table)
    own = rows[row - 1].get(name) if 0 < row <= len(rows) else None
    values = [own] if isinstance(own, Decimal) else [r.get(name) for r in rows]
    return max((max(-int(v.as_tuple().exponent), 0) for v in values if isinstance(v, Decimal)), default=2)


def column_digits(form: Form, cell: Cell) -> int:
    """Return the most decimals printed in a cell's column: the grid on which corrections are sought."""

    table, _, name = cell
    rows: Sequence[Mapping[str, object]] = (form.header,) if table == "forms" else getattr(form, table)
    values = [r.get(name) for r in rows]
    if table == "forms":
        values += [row.get("score" if name == "total_score" else "weight") for row in form.indicators]
    return max((max(-int(v.as_tuple().exponent), 0) for v in values if isinstance(v, Decimal)), default=2)


def bounds_of(equation: Equation, free: frozenset[Cell], known: Mapping[Cell, Fraction]) -> list[Bound] | None:
    """Return what an equation demands of the free cells; None when it demands nothing (its stated value follows)."""
    if isinstance(equation, Comparison):
        return _comparison_bounds(equation)
    movable = (equation.a.cells | equation.b.cells | equation.factor.cells) & free
    if equation.stated in free:
        return None if movable else _stated_bounds(equation, known)
    stated = known[equation.stated]
    unit = Fraction(1, 10**equation.digits)
    low, high = stated - max(unit / 2, equation.slack), stated + max(unit, equation.slack)
    top = _fixed_product(equation, free, known)
    if top is None:
        return [Bound({}, Fraction(-1))]
    positive = Bound(equation.b.terms, equation.b.constant, True)
    at_least = _sum(top, _scaled(equation.b, low), Fraction(-1))
    at_most = _sum(_scaled(equation.b, high), top, Fraction(-1))
    return [positive, Bound(at_least.terms, at_least.constant), Bound(at_most.terms, at_most.constant, equation.slack < unit)]


def _fixed_product(equation: Ratio, free: frozenset[Cell], known: Mapping[Cell, Fraction]) -> Linear | None:
    """Return a × factor as a linear form; None when both hold free cells."""
    if equation.factor.cells & free:
        if equation.a.cells & free:
            return None
        return _scaled(equation.factor, _settled(equation.a, known))
    return _scaled(equation.a, _settled(equation.factor, known))


def _settled(linear: Linear, known: Mapping[Cell, Fraction]) -> Fraction:
    return linear.constant + sum((factor * known[cell] for cell, factor in linear.terms.items()), Fraction(0))


def _stated_bounds(equation: Ratio, known: Mapping[Cell, Fraction]) -> list[Bound]:
    divisor = _settled(equation.b, known)
    if divisor <= 0:
        return [Bound({}, Fraction(-1))]
    exact = _settled(equation.a, known) / divisor * _settled(equation.factor, known)
    unit = Fraction(1, 10**equation.digits)
    cell = {equation.stated: Fraction(1)}
    other = {equation.stated: Fraction(-1)}
    return [
        Bound(cell, max(unit, equation.slack) - exact, equation.slack < unit),
        Bound(other, exact + max(unit / 2, equation.slack)),
    ]


def _comparison_bounds(equation: Comparison) -> list[Bound]:
    gap = _sum(equation.left, equation.right, Fraction(-1))
    back = _scaled(gap, Fraction(-1))
    at_least, at_most = Bound(gap.terms, gap.constant), Bound(back.terms, back.constant)
    match equation.sign:
        case "eq":
            return [at_least, at_most]
        case "ge":
            return [at_least]
        case "le":
            return [at_most]
        case "gt":
            return [replace(at_least, strict=True)]
    return [replace(at_most, strict=True)]



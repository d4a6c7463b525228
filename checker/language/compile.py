"""A typed tree → Polars columns over the rows of its grain.

Fields of the row are columns by their names, those of its form `forms.<field>`, figures over child
rows columns named by the figure's id; `plans` puts them there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce

import polars as pl

from checker.fields import SCALE
from checker.language import rational, rounding, searches
from checker.language.compiled import Column, Compiled, Flat, Frame
from checker.language.figures import figure
from checker.language.functions import digits_source
from checker.language.known import UNKNOWN, Known
from checker.language.nodes import (
    MAX_COUNT,
    NOTHING,
    Aggregate,
    Call,
    Const,
    LanguageFault,
    Let,
    Node,
    Ref,
    cells_behind,
    fields_of,
)
from checker.language.rational import Num, Whole
from checker.language.units import NUMERIC
from checker.tables.columns import LIMITS

BOUNDS: Mapping[str, int] = {unit: limit if unit == "count" else limit * 10**SCALE for unit, limit in LIMITS.items()}
"""Bounds of |value| of a frame column by unit, as counts of 10**-SCALE (counts: as they are)."""

FEW = 3
"""Texts or dates of a list up to which comparing with each takes less time than looking them up."""


def compile_root(root: Node, table: str, known: Known | None = None) -> Compiled:
    """Compile a tree for the rows of its grain, those of a batch of which so much is known. Raises LanguageFault when a number could leave 128 bits."""
    frame = Frame(table, known or UNKNOWN)
    value = _column(root, frame)
    rational.bounded(0, value.cost)
    return Compiled(value, frozenset(frame.columns), tuple(frame.figures.values()), frame.searches)


def _column(node: Node, frame: Frame) -> Column:
    match node:
        case Const():
            return _const(node)
        case Ref():
            return _ref(node, frame)
        case Let():
            return _let(node, frame)
        case Aggregate():
            return _figure(node, frame)
        case Call():
            return _CALLS[node.name](node, frame)


def _num(node: Node, frame: Frame) -> Num:
    value = _column(node, frame)
    if not isinstance(value, Num):
        raise LanguageFault("a number is needed")
    return value


def _flat(node: Node, frame: Frame) -> Flat:
    value = _column(node, frame)
    if not isinstance(value, Flat):
        raise LanguageFault("text, a date or a condition is needed")
    return value


def _const(node: Const) -> Column:
    if isinstance(node.value, Fraction):
        return rational.constant(node.value)
    return Flat(pl.lit(node.value, dtype=pl.Date) if isinstance(node.value, date) else pl.lit(node.value))


def _nothing(node: Call, frame: Frame) -> Column:
    return Num(Whole(pl.lit(None, pl.Int64), 0)) if node.unit in NUMERIC else Flat(pl.lit(None, _TYPES[node.unit]))


_TYPES: Mapping[str, type[pl.DataType]] = {"bool": pl.Boolean, "text": pl.String, "date": pl.Date}


def _ref(node: Ref, frame: Frame) -> Column:
    at = frame.col(node.table, node.name)
    if node.unit not in BOUNDS:
        return Flat(at)
    return Num(Whole(at, frame.known.top(node, BOUNDS[node.unit])), 0 if node.unit == "count" else SCALE)


def _let(node: Let, frame: Frame) -> Column:
    if frame.table != node.tree.table:
        return _column(node.tree.root, frame)
    compiled = node.tree.compiled
    frame.columns |= compiled.columns
    frame.figures |= {f.id: f for f in compiled.figures}
    frame.searches |= compiled.searches
    return compiled.value


def _figure(node: Aggregate, frame: Frame) -> Column:
    inner = Frame(node.table, frame.known)
    value = _column(node.value, inner) if node.value is not None else None
    where = _flat(node.where, inner) if node.where is not None else None
    number = value if isinstance(value, Num) else None
    if number is not None and number.d is not None:
        raise LanguageFault(f"{node.kind}() cannot run over quotients, compare inside all_of, any_of or count, or divide the totals")
    made = figure(
        node,
        (number.n.at if isinstance(number.n.at, int) else rational.natural(number.n)) if number else value.at if isinstance(value, Flat) else None,
        number.n.top if number else None,
        number.scale if number else 0,
        where.at if where else None,
        frozenset(inner.columns),
        inner.searches,
    )
    frame.figures[made.id] = made
    if made.top is None:
        return Flat(pl.col(made.id))
    return Num(Whole(pl.col(made.id), frame.known.top_of_figure(made.id, made.top)), made.scale)


def _digits(node: Node, frame: Frame) -> pl.Expr:
    source = digits_source(node)
    if isinstance(source, Ref):
        return frame.col(source.table, f"{source.name}_digits")
    if isinstance(source, Aggregate) and source.value is not None:
        made = _figure(Aggregate("only", source.table, Call("digits", (source.value,), "count"), source.where, "count", source.by_group), frame)
        if isinstance(made, Num):
            return rational.natural(made.n)
    raise LanguageFault("a field with printed digits is needed")


def _unread(node: Node, frame: Frame) -> pl.Expr | None:
    """Return whether a cell behind the node holds something that cannot be read; None when there is no such cell."""
    names: dict[str, set[str]] = {}
    figures: list[pl.Expr] = []
    todo: list[Node] = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, Ref):
            if not frame.known.readable(part):
                names.setdefault(part.table, set()).update(cells_behind(part))
        elif isinstance(part, Aggregate):
            cells = tuple(ref for n in (part.value, part.where) if n is not None for ref in fields_of(n) if not frame.known.readable(ref))
            if cells:
                probe = Aggregate("any_of", part.table, Call("unread", cells, "bool"), None, "bool", part.by_group)
                made = _figure(probe, frame)
                figures.append(made.at if isinstance(made, Flat) else pl.lit(False))
        elif isinstance(part, Let):
            todo.append(part.tree.root)
        elif isinstance(part, Call):
            todo.extend(part.args)
    tests = [*figures, *(_holds(frame.col(table, "unread"), cells) for table, cells in sorted(names.items()))]
    return pl.any_horizontal(tests) if len(tests) > 1 else tests[0] if tests else None


def _holds(unread: pl.Expr, cells: set[str]) -> pl.Expr:
    if len(cells) == 1:
        return unread.str.contains(f"|{next(iter(cells))}|", literal=True).fill_null(False)
    return unread.str.contains(rf"\|({'|'.join(sorted(cells))})\|").fill_null(False)


def _known(value: Column) -> pl.Expr:
    return rational.present(value) if isinstance(value, Num) else value.at.is_not_null()


def _unread_call(node: Call, frame: Frame) -> Column:
    names: dict[str, set[str]] = {}
    for ref in node.args:
        if isinstance(ref, Ref):
            names.setdefault(ref.table, set()).update(cells_behind(ref))
    return Flat(pl.any_horizontal([_holds(frame.col(table, "unread"), cells) for table, cells in sorted(names.items())]), 2)


def _filled(node: Call, frame: Frame) -> Column:
    value = _column(node.args[0], frame)
    unread = _unread(node.args[0], frame)
    known = _known(value)
    made = known if unread is None else known | pl.when(unread).then(None).otherwise(False)
    return Flat(made if node.name == "filled" else ~made, value.cost + 4)


def _blank(node: Call, frame: Frame) -> Column:
    blank, cost = _found(node, frame)
    unread = _unread(node.args[0], frame)
    absent = pl.lit(True) if unread is None else pl.when(~unread).then(True)
    return Flat(pl.when(blank.is_not_null()).then(blank).otherwise(absent), 2 * cost + 4)


def _coalesce(node: Call, frame: Frame) -> Column:
    result = _column(node.args[-1], frame)
    for part in reversed(node.args[:-1]):
        value = _column(part, frame)
        unread = _unread(part, frame)
        if unread is None and isinstance(value, Flat) and isinstance(result, Flat):
            result = Flat(value.at.fill_null(result.at), value.cost + result.cost + 1)
            continue
        result = _choose(_known(value), value.cost + 1, value, result)
        if unread is not None:
            result = _mask(result, _known(value) | ~unread, value.cost + 2)
    return result


def _choose(test: pl.Expr, cost: int, yes: Column, no: Column) -> Column:
    if isinstance(yes, Num) and isinstance(no, Num):
        return rational.choose(test, cost, yes, no)
    if isinstance(yes, Flat) and isinstance(no, Flat):
        return Flat(pl.when(test).then(yes.at).otherwise(no.at), yes.cost + no.cost + cost)
    raise LanguageFault("both branches must be of one kind")


def _mask(value: Column, test: pl.Expr, cost: int) -> Column:
    if isinstance(value, Num):
        return rational.known(value, test, cost)
    return Flat(pl.when(test).then(value.at), value.cost + cost)


def _if(node: Call, frame: Frame) -> Column:
    test, yes, no = _flat(node.args[0], frame), _column(node.args[1], frame), _column(node.args[2], frame)
    return _mask(_choose(test.at, test.cost, yes, no), test.at.is_not_null(), test.cost + 1)


def _compare(node: Call, frame: Frame) -> Column:
    left, right = _column(node.args[0], frame), _column(node.args[1], frame)
    if isinstance(left, Num) and isinstance(right, Num):
        at, cost = rational.compare(node.name, left, right)
        return Flat(at, cost)
    if isinstance(left, Flat) and isinstance(right, Flat):
        a, b = left.at, right.at
        made = {"eq": a == b, "ne": a != b}[node.name] if node.args[0].unit != "date" else {
            "eq": a == b, "ne": a != b, "lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[node.name]  # fmt: skip
        return Flat(made, left.cost + right.cost + 1)
    raise LanguageFault("both sides must be of one kind")


def _in(node: Call, frame: Frame) -> Column:
    value = _column(node.args[0], frame)
    items = node.args[1].value if isinstance(node.args[1], Const) and isinstance(node.args[1].value, tuple) else ()
    if isinstance(value, Flat):
        if len(items) > FEW:
            return Flat(value.at.is_in(pl.lit(list(items), dtype=pl.List(pl.Date if isinstance(items[0], date) else pl.String))), value.cost + 2)
        tests = [(value.at == pl.lit(item), value.cost + 1) for item in items]
    else:
        tests = [rational.compare("eq", value, rational.constant(item)) for item in items if isinstance(item, Fraction)]
    return Flat(reduce(pl.Expr.or_, [at for at, _ in tests]), sum(cost for _, cost in tests))


def _logic(node: Call, frame: Frame) -> Column:
    parts = [_flat(part, frame) for part in node.args]
    join = pl.Expr.and_ if node.name == "and" else pl.Expr.or_
    return Flat(reduce(join, [part.at for part in parts]), sum(part.cost for part in parts))


def _extreme(node: Call, frame: Frame) -> Column:
    parts = [_num(part, frame) for part in node.args]
    best = parts[0]
    for part in parts[1:]:
        test, cost = rational.compare("le" if node.name == "least" else "ge", best, part)
        best = rational.known(rational.choose(test, cost, best, part), test.is_not_null(), cost)
    return best


def _round(node: Call, frame: Frame) -> Column:
    places = node.args[1]
    if isinstance(places, Const) and isinstance(places.value, Fraction):
        at: int | pl.Expr = int(places.value)
    else:
        at = _digits(places.args[0], frame) if isinstance(places, Call) else 0
    return rounding.rounded(_num(node.args[0], frame), at, rounding.MODES[node.name])


def _ratio_matches(node: Call, frame: Frame) -> Column:
    a, b, stated = (_num(part, frame) for part in node.args)
    return Flat(*rounding.ratio_matches(a, b, stated, _digits(node.args[2], frame)))


def _rounding_fits(node: Call, frame: Frame) -> Column:
    a, b, stated = (_num(part, frame) for part in node.args[:3])
    mode = node.args[3].value if isinstance(node.args[3], Const) else ""
    made = rounding.rounded(rational.hundredfold(rational.divide(a, b)), _digits(node.args[2], frame), str(mode))
    return Flat(*rational.compare("eq", made, stated))


def _product_matches(node: Call, frame: Frame) -> Column:
    a, b, c, stated = (_num(part, frame) for part in node.args)
    return Flat(*rounding.product_matches(a, b, c, stated, _digits(node.args[3], frame)))


def _slack(node: Call, frame: Frame) -> Column:
    field_, rows, unit = node.args
    total = _num(field_, frame)
    n = rational.plus(_num(rows, frame).n, Whole(1, 1))
    half = rational.times(rational.times(n, rounding.step(_digits(field_, frame))), Whole(5, 5))
    currency = _flat(unit, frame).at
    made = rational.choose(currency == "元", 1, rational.constant(Fraction(0)), Num(half, SCALE + 1))
    return rational.known(made, currency.is_not_null() & rational.present(total), total.cost + 2)


def _found(node: Call, frame: Frame) -> tuple[pl.Expr, int]:
    """Return what a search in a text finds, and its cost; one in a field has a column of its own, so that rules share it."""
    search = searches.search(node)
    if search is not None:
        if search.table == frame.table:
            frame.name(search.table, search.field)
            frame.searches[search.name] = search
            return pl.col(search.name), 1
        frame.searches[f"{search.table}.{search.name}"] = search
        return frame.col(search.table, search.name), 1
    values = [_flat(arg, frame) for arg in node.args]
    return searches.LOOKS[node.name](*(value.at for value in values)), sum(value.cost for value in values)


def _search(node: Call, frame: Frame) -> Column:
    found, cost = _found(node, frame)
    return Flat(found, cost + 2)


def _number_in(node: Call, frame: Frame) -> Column:
    found, cost = _found(node, frame)
    return Num(Whole(found, MAX_COUNT, 2 * cost + 6))


def _share(node: Call, frame: Frame) -> Column:
    value = _num(node.args[0], frame)
    return Num(value.n, value.scale + 2, value.d)


def _count(at: pl.Expr, bound: int, cost: int) -> Num:
    return Num(Whole(at.cast(pl.Int64), bound, cost))


_CALLS: Mapping[str, Callable[[Call, Frame], Column]] = {
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), _compare),
    **dict.fromkeys(("contains", "starts_with", "ends_with", "matches"), _search),
    **dict.fromkeys(rounding.MODES, _round),
    "and": _logic,
    "or": _logic,
    "not": lambda node, frame: Flat(~_flat(node.args[0], frame).at),
    "in": _in,
    "if": _if,
    "add": lambda node, frame: rational.add(_num(node.args[0], frame), _num(node.args[1], frame)),
    "sub": lambda node, frame: rational.add(_num(node.args[0], frame), _num(node.args[1], frame), -1),
    "mul": lambda node, frame: rational.multiply(_num(node.args[0], frame), _num(node.args[1], frame)),
    "div": lambda node, frame: rational.divide(_num(node.args[0], frame), _num(node.args[1], frame)),
    "neg": lambda node, frame: rational.negate(_num(node.args[0], frame)),
    "abs": lambda node, frame: rational.absolute(_num(node.args[0], frame)),
    "least": _extreme,
    "greatest": _extreme,
    "percent": lambda node, frame: rational.hundredfold(_num(node.args[0], frame)),
    "share": _share,
    "digits": lambda node, frame: _count(_digits(node.args[0], frame), 255, 1),
    "ratio_matches": _ratio_matches,
    "rounding_fits": _rounding_fits,
    "product_matches": _product_matches,
    "slack": _slack,
    "filled": _filled,
    "missing": _filled,
    "blank": _blank,
    "unread": _unread_call,
    NOTHING: _nothing,
    "coalesce": _coalesce,
    "number_in": _number_in,
    "length": lambda node, frame: _count(_found(node, frame)[0], 10**9, 2),
    "days": lambda node, frame: _count((_flat(node.args[0], frame).at - _flat(node.args[1], frame).at).dt.total_days(), 10**7, 3),
    "year": lambda node, frame: _count(_flat(node.args[0], frame).at.dt.year(), 10**6, 2),
}

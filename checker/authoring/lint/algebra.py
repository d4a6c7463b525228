"""What can hold together: conditions as alternatives of linear bounds, decided exactly by elimination.

A condition becomes alternatives (cubes) of facts. Whatever is not linear – products of two fields,
roundings, patterns – stands as one unknown with the bounds it surely has. So "cannot hold" is
always true; "can hold" may be too generous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct, field

from checker.corrections.system import Bound, eliminate
from checker.corrections.system import holds as sound
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Scalar, canonical

MAX_CUBES = 600
"""Alternatives of a condition beyond which it is not analysed."""

_NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}


MAX_PAIRS = 60_000
"""Pairs of alternatives beyond which two conditions are not compared."""


class TooMany(Exception):
    """The condition has more alternatives than are looked at."""


class Linear(Struct, frozen=True):
    """Σ factor × unknown + constant."""

    terms: Mapping[str, Fraction]
    constant: Fraction = Fraction(0)


class Cube(Struct, frozen=True):
    """Facts that hold together: truths by name, texts that are or are not something, linear bounds."""

    truths: Mapping[str, bool] = field(default_factory=dict)
    texts: Mapping[str, tuple[Scalar | None, frozenset[Scalar]]] = field(default_factory=dict)
    bounds: tuple[Bound, ...] = ()


EMPTY = Cube()


def alternatives(node: Node, truth: bool = True) -> list[Cube]:
    """Return the alternatives under which a condition is true (or false), each without inner contradiction of words.

    Raises TooMany.
    """
    match node:
        case Let():
            return alternatives(node.tree.root, truth)
        case Call(name="not"):
            return alternatives(node.args[0], not truth)
        case Call(name="and" | "or"):
            if (node.name == "and") == truth:
                made = [EMPTY]
                for arg in node.args:
                    made = both(made, alternatives(arg, truth))
                return made
            return _capped([cube for arg in node.args for cube in alternatives(arg, truth)])
        case Call(name="if"):
            test, yes, no = node.args
            return _capped([*both(alternatives(test, True), alternatives(yes, truth)), *both(alternatives(test, False), alternatives(no, truth))])
        case Call(name="in"):
            values = node.args[1].value if isinstance(node.args[1], Const) and isinstance(node.args[1].value, tuple) else ()
            each = [Call("eq", (node.args[0], Const(value, node.args[0].unit)), "bool") for value in values]
            return alternatives(Call("or", tuple(each), "bool"), truth)
        case Call(name="filled" | "missing"):
            return [Cube({f"filled {canonical(_bare(node.args[0]))}": (node.name == "filled") == truth})]
        case Call(name="eq" | "ne" | "lt" | "le" | "gt" | "ge"):
            return _comparison(node, truth)
    return [Cube({canonical(node): truth})]


def both(one: Sequence[Cube], other: Sequence[Cube]) -> list[Cube]:
    """Return the alternatives under which both hold. Raises TooMany."""
    if len(one) * len(other) > 20 * MAX_CUBES:
        raise TooMany
    return _capped([cube for a in one for b in other if (cube := _merged(a, b)) is not None])


def meet(one: Sequence[Cube], other: Sequence[Cube], extra: Sequence[Bound] = ()) -> bool:
    """Say whether some row can be in both, `extra` bounds given. Raises TooMany and corrections.system.TooLarge."""
    if len(one) * len(other) > MAX_PAIRS:
        raise TooMany
    more = Cube(bounds=tuple(extra))
    return any(_feasible(merged) for a in one for b in other if (both_ := _merged(a, b)) is not None and (merged := _merged(both_, more)) is not None)


def possible(cubes: Iterable[Cube]) -> bool:
    """Say whether any alternative can hold; corrections.system.TooLarge when that is too long to decide."""
    return any(_feasible(cube) for cube in cubes)


def unknowns(cubes: Iterable[Cube]) -> frozenset[str]:
    """Return the names of all that the alternatives speak of."""
    return frozenset(name for cube in cubes for name in (*cube.truths, *cube.texts, *(cell[2] for bound in cube.bounds for cell in bound.terms)))


def _capped(cubes: list[Cube]) -> list[Cube]:
    if len(cubes) > MAX_CUBES:
        raise TooMany
    return cubes


def _merged(one: Cube, other: Cube) -> Cube | None:
    truths = {**one.truths, **other.truths}
    if any(truths[name] != value for name, value in one.truths.items()):
        return None
    texts = dict(one.texts)
    for name, (is_, is_not) in other.texts.items():
        mine, never = texts.get(name, (None, frozenset()))
        if mine is not None and is_ is not None and mine != is_:
            return None
        now, barred = mine if mine is not None else is_, never | is_not
        if now is not None and now in barred:
            return None
        texts[name] = (now, barred)
    merged = Cube(truths, texts, (*one.bounds, *other.bounds))
    return None if _speaks_of_blank(merged) else merged


def _speaks_of_blank(cube: Cube) -> bool:
    """A comparison with a blank cell is neither true nor false."""
    blank = {name.removeprefix("filled ") for name, value in cube.truths.items() if name.startswith("filled ") and not value}
    if not blank:
        return False
    named = {cell[2] for bound in cube.bounds for cell in bound.terms} | set(cube.texts)
    return bool(blank & named)


def _feasible(cube: Cube) -> bool:
    if any(not bound.terms and not sound(bound) for bound in cube.bounds):
        return False
    left: list[Bound] | None = [bound for bound in cube.bounds if bound.terms]
    while left:
        cells = {cell for bound in left for cell in bound.terms}
        first = min(sorted(cells), key=lambda cell: _weight(left or [], cell))
        left = eliminate(left, first)
    return left is not None


def _weight(bounds: Sequence[Bound], cell: tuple[str, int, str]) -> int:
    above = sum(bound.terms.get(cell, 0) > 0 for bound in bounds)
    below = sum(bound.terms.get(cell, 0) < 0 for bound in bounds)
    return above * below


def _comparison(node: Call, truth: bool) -> list[Cube]:
    sign = node.name if truth else _NEGATED[node.name]
    left, right = (_bare(arg) for arg in node.args)
    if left.unit in ("text", "bool"):
        return _text(left, right, sign)
    if sign == "ne":
        return [*_compared(left, right, "lt"), *_compared(left, right, "gt")]
    return _compared(left, right, sign)


def _text(left: Node, right: Node, sign: str) -> list[Cube]:
    if isinstance(left, Const) and not isinstance(right, Const):
        left, right = right, left
    if isinstance(right, Const) and not isinstance(right.value, tuple):
        if isinstance(left, Const):
            return [EMPTY] if (left.value == right.value) == (sign == "eq") else []
        value = right.value
        return [Cube(texts={canonical(left): (value, frozenset()) if sign == "eq" else (None, frozenset({value}))})]
    one, other = sorted((canonical(left), canonical(right)))
    return [Cube({f"{one} = {other}": sign == "eq"})]


def _compared(left: Node, right: Node, sign: str) -> list[Cube]:
    made = []
    for under, one, facts in _cases(left):
        for beside, other, more in _cases(right):
            gap = _sum(one, other, Fraction(-1))
            if sign in ("lt", "le"):
                gap = _scaled(gap, Fraction(-1))
            bounds = [_bound(gap, sign in ("lt", "gt")), *_in_order(left, right)]
            if sign == "eq":
                bounds.append(_bound(_scaled(gap, Fraction(-1)), False))
            merged = _merged(under, beside)
            cube = _merged(merged, Cube(bounds=(*bounds, *facts, *more))) if merged is not None else None
            if cube is not None:
                made.append(cube)
    return _capped(made)


_IN_ORDER = {"indicators.done_from": "indicators.done_to", "indicators.event_from": "indicators.event_to"}
"""Readings of intervals of days: the first day is never after the last."""


def _in_order(left: Node, right: Node) -> tuple[Bound, ...]:
    named = sorted((canonical(left), canonical(right)))
    return (_bound(Linear({named[1]: Fraction(1), named[0]: Fraction(-1)}), False),) if _IN_ORDER.get(named[0]) == named[1] else ()


def _bound(linear: Linear, strict: bool) -> Bound:
    return Bound({("", 0, name): factor for name, factor in linear.terms.items()}, linear.constant, strict)


Case = tuple[Cube, Linear, tuple[Bound, ...]]
"""A condition, the value under it, and the bounds its unknowns surely have."""


def _cases(node: Node) -> list[Case]:
    """Return the values of a number: one for each way its choices can go."""
    match node:
        case Const(value=Fraction() as number):
            return [(EMPTY, Linear({}, number), ())]
        case Const(value=date() as day):
            return [(EMPTY, Linear({}, Fraction(day.toordinal())), ())]
        case Let():
            return _cases(node.tree.root)
        case Call(name="add" | "sub"):
            sign = Fraction(1 if node.name == "add" else -1)
            return _pairs(node.args[0], node.args[1], lambda a, b: _sum(a, b, sign))
        case Call(name="neg" | "percent" | "share"):
            factor = {"neg": Fraction(-1), "percent": Fraction(100), "share": Fraction(1, 100)}[node.name]
            return [(under, _scaled(value, factor), facts) for under, value, facts in _cases(node.args[0])]
        case Call(name="mul" | "div"):
            return _product(node)
        case Call(name="if"):
            test, yes, no = node.args
            chosen = [(cube, case) for truth, arm in ((True, yes), (False, no)) for cube in alternatives(test, truth) for case in _cases(arm)]
            merged = [(_merged(cube, under), value, facts) for cube, (under, value, facts) in chosen]
            return [(under, value, facts) for under, value, facts in merged if under is not None]
    return _unknown(node)


def _pairs(a: Node, b: Node, join: Callable[[Linear, Linear], Linear]) -> list[Case]:
    made: list[Case] = []
    for under, one, facts in _cases(a):
        for beside, other, more in _cases(b):
            merged = _merged(under, beside)
            if merged is not None:
                made.append((merged, join(one, other), (*facts, *more)))
    return made


def _product(node: Call) -> list[Case]:
    made: list[Case] = []
    for under, one, facts in _cases(node.args[0]):
        for beside, other, more in _cases(node.args[1]):
            merged = _merged(under, beside)
            if merged is None:
                continue
            if not other.terms and (node.name == "mul" or other.constant):
                value = _scaled(one, other.constant if node.name == "mul" else 1 / other.constant)
            elif not one.terms and node.name == "mul":
                value = _scaled(other, one.constant)
            else:
                return _unknown(node)
            made.append((merged, value, (*facts, *more)))
    return made


def _unknown(node: Node) -> list[Case]:
    """Return a node as one unknown, with the bounds that follow from what it is."""
    name = canonical(node)
    value = Linear({name: Fraction(1)})
    facts: list[Bound] = []
    if _filled_text(node):
        facts.append(_bound(_sum(value, Linear({}, Fraction(1)), Fraction(-1)), False))
    elif _never_negative(node):
        facts.append(_bound(value, False))
    if isinstance(node, Call) and node.name in ("abs", "least", "greatest", "round_half_up", "round_half_even"):
        facts += _surely(node, value)
    return [(EMPTY, value, tuple(facts))]


def _filled_text(node: Node) -> bool:
    """Say whether a node is the length of what stands in cells: blank cells are null, so no text is empty."""
    if not isinstance(node, Call) or node.name != "length":
        return False
    text = _bare(node.args[0])
    cells = text.args if isinstance(text, Call) and text.name == "coalesce" else (text,)
    return all(isinstance(cell, Ref) for cell in cells)


def _never_negative(node: Node) -> bool:
    match node:
        case Call(name="length" | "digits" | "number_in"):
            return True
        case Ref() | Aggregate(kind="count" | "known_count" | "count_missing" | "rows" | "distinct"):
            return node.unit == "count"
        case Const(value=Fraction() as number):
            return number >= 0
        case Let():
            return _never_negative(node.tree.root)
        case Aggregate(kind="total" | "known_total" | "lowest" | "highest" | "only"):
            return node.value is not None and _never_negative(node.value)
        case Call(name="coalesce" | "least" | "round_half_up" | "round_half_even" | "truncate"):
            return all(_never_negative(arg) for arg in node.args)
        case Call(name="abs"):
            return True
    return False


def _surely(node: Call, value: Linear) -> list[Bound]:
    """Return what follows for an absolute value, a least or greatest, a rounding, when its operands are plain."""
    made: list[Bound] = []
    plain = [cases[0] for arg in node.args if len(cases := _cases(arg)) == 1]
    if node.name == "abs" and plain:
        made = [_bound(_sum(value, plain[0][1], sign), False) for sign in (Fraction(-1), Fraction(1))]
    elif node.name in ("least", "greatest"):
        sign = Fraction(1 if node.name == "greatest" else -1)
        made = [_bound(_scaled(_sum(value, case[1], Fraction(-1)), sign), False) for case in plain]
    elif plain and isinstance(node.args[1], Const) and isinstance(node.args[1].value, Fraction):
        width = Fraction(1, 10 ** int(node.args[1].value))
        gap = _sum(value, plain[0][1], Fraction(-1))
        made = [_bound(_sum(Linear({}, width / 2), gap, sign), False) for sign in (Fraction(1), Fraction(-1))]
    facts = [fact for case in plain for fact in case[2]]
    return [*made, *facts]


def _bare(node: Node) -> Node:
    return _bare(node.tree.root) if isinstance(node, Let) else node


def _sum(one: Linear, other: Linear, sign: Fraction) -> Linear:
    terms = dict(one.terms)
    for name, factor in other.terms.items():
        terms[name] = terms.get(name, Fraction(0)) + sign * factor
    return Linear({name: factor for name, factor in terms.items() if factor}, one.constant + sign * other.constant)


def _scaled(one: Linear, factor: Fraction) -> Linear:
    return Linear({name: value * factor for name, value in one.terms.items() if factor}, one.constant * factor)


def is_opaque(node: Node) -> bool:
    """Say whether a condition holds parts that stand as unknowns because they are not linear."""
    match node:
        case Let():
            return is_opaque(node.tree.root)
        case Ref() | Const() | Aggregate():
            return False
        case Call(name="mul"):
            free = [arg for arg in node.args if _cases(arg)[0][1].terms]
            return len(free) > 1 or any(is_opaque(arg) for arg in node.args)
        case Call(name="div"):
            return bool(_cases(node.args[1])[0][1].terms) or is_opaque(node.args[0])
        case Call(name="and" | "or" | "not" | "add" | "sub" | "neg" | "if" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "in" | "percent" | "share" | "filled" | "missing"):
            return any(is_opaque(arg) for arg in node.args)
    return True

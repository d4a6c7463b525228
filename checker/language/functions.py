"""The functions of the language: their names, operands and units. One row a function.

A check gets the typed operands and returns the call, or raises TypeError with what is wrong; the
parser adds the column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref
from checker.language.units import NUMERIC, SCALARS, common, label

MODES = ("half_up", "half_even", "truncate")
MAX_PATTERN = 200
MAX_PLACES = 6

Check = Callable[[str, Sequence[Node]], Node]


class Function(Struct, frozen=True):
    """A function of row values: Chinese name, least and most operands (None: any number), check."""

    zh: str
    least: int
    most: int | None
    check: Check
    doc: str


def settle(node: Node, unit: str) -> Node:
    """Give a literal the unit of its partner."""
    if isinstance(node, Const) and node.unit == "literal" and unit in NUMERIC:
        return Const(node.value, unit, node.digits, node.name)
    return node


def numeric(node: Node, what: str) -> str:
    """Return the unit of a numeric operand; TypeError when it is none."""
    if node.unit not in NUMERIC:
        raise TypeError(f"{what} must be a number, this is {label(node.unit)}")
    return node.unit


def together(nodes: Sequence[Node], what: str) -> tuple[str, tuple[Node, ...]]:
    """Return (the unit all operands share, the operands with literals settled)."""
    unit = nodes[0].unit
    for node in nodes[1:]:
        shared = common(unit, node.unit)
        if shared is None:
            raise TypeError(f"{what}: {label(unit)} and {label(node.unit)} do not go together")
        unit = shared
    return unit, tuple(settle(node, unit) for node in nodes)


def digits_source(node: Node) -> Node | None:
    """Return the field, or the single child field, whose printed digits a value has; None for computed values."""
    if isinstance(node, Let):
        return digits_source(node.tree.root)
    if isinstance(node, Ref) and node.field is not None and node.field.scaled:
        return node
    if isinstance(node, Aggregate) and node.kind == "only" and node.value is not None and digits_source(node.value):
        return node
    return None


def slack(printed: Node, rows: Node, value: Node | None = None) -> Node:
    """Return the tolerance of a printed total of so many figures, each of them a `value`; in 元 it is 0."""
    if value is not None:
        together((printed, value), "slack")
    if rows.unit != "count":
        raise TypeError(f"the second operand of slack must be figures of a table or how many there are, this is {label(rows.unit)}")
    return Call("slack", (printed, rows, Ref("forms", "amount_unit", "text")), printed.unit)


def _printed(node: Node, what: str) -> None:
    if digits_source(node) is None:
        raise TypeError(f"{what} must be a field with printed digits, or only(…) of one")


def _text(node: Node, what: str) -> None:
    if node.unit != "text":
        raise TypeError(f"{what} must be text, this is {label(node.unit)}")


def _constant_text(node: Node, what: str) -> str:
    if not isinstance(node, Const) or not isinstance(node.value, str):
        raise TypeError(f"{what} must be written out as text")
    return node.value


def _round(name: str, args: Sequence[Node]) -> Node:
    unit = numeric(args[0], "what is rounded")
    places = args[1] if len(args) > 1 else Const(Fraction(0), "literal", 0)
    if isinstance(places, Const):
        value = places.value
        if not isinstance(value, Fraction) or value.denominator != 1 or not 0 <= value <= MAX_PLACES:
            raise TypeError(f"the number of decimals must be a whole number from 0 to {MAX_PLACES}")
    elif not (isinstance(places, Call) and places.name == "digits"):
        raise TypeError("the number of decimals must be written out, or digits(field)")
    return Call(name, (args[0], places), unit)


def _same_unit(name: str, args: Sequence[Node]) -> Node:
    unit = numeric(args[0], f"the operand of {name}")
    return Call(name, tuple(args), unit)


def _among(name: str, args: Sequence[Node]) -> Node:
    for node in args:
        numeric(node, f"each operand of {name}")
    unit, settled = together(args, name)
    return Call(name, settled, unit)


def _percent(name: str, args: Sequence[Node]) -> Node:
    if numeric(args[0], "the operand of percent") not in SCALARS:
        raise TypeError(f"percent() takes a plain number such as executed / budget, this is {label(args[0].unit)}")
    return Call(name, tuple(args), "percent")


def _share(name: str, args: Sequence[Node]) -> Node:
    if args[0].unit not in ("percent", "literal"):
        raise TypeError(f"share() takes a percentage, this is {label(args[0].unit)}")
    return Call(name, (settle(args[0], "percent"),), "number")


def _digits(name: str, args: Sequence[Node]) -> Node:
    _printed(args[0], "the operand of digits")
    return Call(name, tuple(args), "count")


def _ratio(name: str, args: Sequence[Node]) -> Node:
    a, b, stated = args[:3]
    numeric(a, "the dividend"), numeric(b, "the divisor")
    _, (a, b) = together((a, b), name)
    if stated.unit != "percent":
        raise TypeError(f"the stated ratio must be a percentage, this is {label(stated.unit)}")
    _printed(stated, "the stated ratio")
    if name == "ratio_matches":
        return Call(name, (a, b, stated), "bool")
    mode = _constant_text(args[3], "the rounding")
    if mode not in MODES:
        raise TypeError(f"the rounding must be one of {', '.join(MODES)}")
    return Call(name, (a, b, stated, args[3]), "bool")


def _product(name: str, args: Sequence[Node]) -> Node:
    a, b, c, stated = args
    for node in (a, b, c):
        numeric(node, f"each operand of {name}")
    _, (a, b) = together((a, b), name)
    _, (c, stated) = together((c, stated), name)
    _printed(stated, "the stated product")
    return Call(name, (a, b, c, stated), "bool")


def _presence(name: str, args: Sequence[Node]) -> Node:
    if isinstance(args[0], Const):
        raise TypeError(f"{name}() asks about a field, not about a constant")
    return Call(name, tuple(args), "bool")


def _blank(name: str, args: Sequence[Node]) -> Node:
    _text(args[0], "the operand of blank")
    return _presence(name, args)


def _length(name: str, args: Sequence[Node]) -> Node:
    _text(args[0], "the operand of length")
    return Call(name, tuple(args), "count")


def _search(name: str, args: Sequence[Node]) -> Node:
    _text(args[0], f"the first operand of {name}")
    _text(args[1], f"the second operand of {name}")
    return Call(name, tuple(args), "bool")


def _matches(name: str, args: Sequence[Node]) -> Node:
    _text(args[0], f"the first operand of {name}")
    pattern = _constant_text(args[1], "the pattern")
    if len(pattern) > MAX_PATTERN:
        raise TypeError(f"the pattern is longer than {MAX_PATTERN} characters")
    fault = pattern_fault(pattern)
    if fault:
        raise TypeError(f"the pattern is not a regular expression in Rust syntax: {fault}")
    if name == "number_in":
        if not has_group(pattern):
            raise TypeError("the pattern marks the number with brackets, such as \"第(\\d+)次\"")
        return Call(name, tuple(args), "count")
    return Call(name, tuple(args), "bool")


@lru_cache(1024)
def pattern_fault(pattern: str) -> str | None:
    """Return why a pattern is refused, None when it is a regular expression in Rust syntax (linear time)."""
    import polars as pl

    try:
        pl.Series(["", "a"]).str.contains(pattern)
    except pl.exceptions.PolarsError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return next((line.removeprefix("error: ") for line in lines if line.startswith("error:")), lines[0] if lines else "?")
    return None


@lru_cache(1024)
def has_group(pattern: str) -> bool:
    """Return whether a pattern has a group that captures."""
    import polars as pl

    kind = pl.Series([""]).str.extract_groups(pattern).dtype
    return isinstance(kind, pl.Struct) and len(kind.fields) > 0


def _coalesce(name: str, args: Sequence[Node]) -> Node:
    unit, settled = together(args, name)
    return Call(name, settled, unit)


def _days(name: str, args: Sequence[Node]) -> Node:
    for node in args:
        if node.unit != "date":
            raise TypeError(f"{name}() takes dates, this is {label(node.unit)}")
    return Call(name, tuple(args), "count")


FUNCTIONS: Mapping[str, Function] = {
    "round_half_up": Function("四舍五入", 1, 2, _round, "to n decimals, halves away from zero"),
    "round_half_even": Function("五成双", 1, 2, _round, "to n decimals, halves to the even digit (GB/T 8170)"),
    "truncate": Function("截断", 1, 2, _round, "to n decimals, the rest cut off"),
    "abs": Function("绝对值", 1, 1, _same_unit, "without sign"),
    "least": Function("取小", 2, None, _among, "the smallest; null when any is null"),
    "greatest": Function("取大", 2, None, _among, "the largest; null when any is null"),
    "percent": Function("百分比", 1, 1, _percent, "a number × 100 as a percentage"),
    "share": Function("比例", 1, 1, _share, "a percentage ÷ 100 as a number"),
    "digits": Function("小数位数", 1, 1, _digits, "printed decimals of a field"),
    "ratio_matches": Function("比率相符", 3, 3, _ratio, "stated percentage = a ÷ b under one of the three roundings"),
    "rounding_fits": Function("舍入相符", 4, 4, _ratio, "stated percentage = a ÷ b under the named rounding"),
    "product_matches": Function("乘积相符", 4, 4, _product, "stated = a ÷ b × c within 0.01 or under a rounding"),
    "filled": Function("已填", 1, 1, _presence, "holds a value; null when the cell cannot be read"),
    "missing": Function("缺失", 1, 1, _presence, "holds no value; null when the cell cannot be read"),
    "blank": Function("无实义", 1, 1, _blank, "no letter, digit or Han character"),
    "length": Function("字数", 1, 1, _length, "characters"),
    "contains": Function("包含", 2, 2, _search, "text within text"),
    "starts_with": Function("开头为", 2, 2, _search, "text at the start"),
    "ends_with": Function("结尾为", 2, 2, _search, "text at the end"),
    "matches": Function("匹配", 2, 2, _matches, "a regular expression (Rust syntax) somewhere in the text"),
    "number_in": Function("文中数", 2, 2, _matches, "the whole number captured by the first group of a pattern; null when there is none below 10⁹"),
    "coalesce": Function("首个有值", 2, None, _coalesce, "the first that has a value; null when one before it cannot be read"),
    "days": Function("天数", 2, 2, _days, "days from the second date to the first"),
    "year": Function("年份", 1, 1, _days, "calendar year of a date"),
}

AGGREGATES: Mapping[str, tuple[str, str]] = {
    "total": ("合计", "sum; null when any operand is null or no row fits"),
    "known_total": ("已知合计", "sum of what is known; null when nothing is"),
    "count": ("计数", "rows of which the condition is true; null when it is unknown of one"),
    "known_count": ("已知计数", "rows of which the condition is known to be true; unknown ones are left out"),
    "count_missing": ("缺失数", "rows without a value, blank or unreadable"),
    "lowest": ("最小值", "smallest; null when any is null or no row fits"),
    "highest": ("最大值", "largest; null when any is null or no row fits"),
    "all_of": ("全部", "true of every row; true when there is none"),
    "any_of": ("任一", "true of at least one row"),
    "only": ("唯一", "the value of the one row that fits, null when none or several do"),
    "rows": ("行数", "number of rows"),
    "distinct": ("不同值数", "number of different values; null when any is null"),
    "slack": ("容差", "½·10⁻ᵈ·(n+1) for a total of n printed figures; 0 when amounts are in 元"),
}

BY_NAME: Mapping[str, str] = {
    **{name: name for name in (*FUNCTIONS, *AGGREGATES)},
    **{function.zh: name for name, function in FUNCTIONS.items()},
    **{zh: name for name, (zh, _) in AGGREGATES.items()},
}
"""Every name of a function, English and Chinese → its English name."""

"""Parameters of a rule file → constants of the language, exact or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from checker.language.nodes import Const, LanguageFault, Node, Scalar

Param = Decimal | Fraction | int | str | date | Sequence["Param"]


def param(name: str, value: Param) -> Const:
    """Return a parameter as a constant; LanguageFault for a value that is not exact or too long."""
    if isinstance(value, bool | float):
        raise LanguageFault(f"parameter {name}: {value} is not exact, write a plain number, text or date")
    if isinstance(value, str):
        return Const(value, "text", None, name)
    if isinstance(value, datetime):
        raise LanguageFault(f"parameter {name}: a date without time is needed")
    if isinstance(value, date):
        return Const(value, "date", None, name)
    if isinstance(value, (Decimal, Fraction, int)):
        finite = not isinstance(value, Decimal) or (value.is_finite() and value.adjusted() < 18 and decimals_of(value) <= 10)
        exact = Fraction(value) if finite else Fraction(0)
        if not finite or not -(10**18) < exact < 10**18 or exact.denominator > 10**10:
            raise LanguageFault(f"parameter {name}: at most 18 digits before and 10 after the point")
        return Const(exact, "literal", decimals_of(value) if isinstance(value, Decimal) else 0, name)
    if isinstance(value, Sequence):
        return value_list([param(name, item) for item in value], name, f"parameter {name}")
    raise LanguageFault(f"parameter {name}: {type(value).__name__} is no number, text, date or list")


def decimals_of(value: Decimal) -> int:
    """Return the decimals as written."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def value_list(items: Sequence[Node], name: str | None, what: str) -> Const:
    """Return the constant behind `in`; LanguageFault unless all values are plain and of one kind."""
    units = {item.unit for item in items}
    if not items or len(units) != 1 or "list" in units:
        raise LanguageFault(f"{what} must hold at least one value, all numbers or all text")
    return Const(tuple(_scalar(item) for item in items), "list", None, name)


def _scalar(node: Node) -> Scalar:
    if not isinstance(node, Const) or isinstance(node.value, tuple):
        raise LanguageFault("a list holds plain values")
    return node.value

"""What units do under arithmetic: score × number is score, money ÷ money is a number, money + percent is nothing.

A "literal" is a number that has not met a partner yet and takes any unit; a count is a number when it meets one.
"""

from __future__ import annotations

NUMERIC = frozenset({"literal", "count", "score", "money", "percent", "quantity", "number"})
SCALARS = frozenset({"literal", "number", "count"})

LABELS = {
    "literal": "a number",
    "number": "a number",
    "count": "a count",
    "score": "a score",
    "money": "money",
    "percent": "a percentage",
    "quantity": "a quantity",
    "text": "text",
    "date": "a date",
    "bool": "true or false",
    "list": "a list",
}


def label(unit: str) -> str:
    """Return a unit in words, for faults."""
    return LABELS[unit]


def common(a: str, b: str) -> str | None:
    """Return the unit two operands of +, -, a comparison or a choice share, None when they share none."""
    if a == b:
        return a
    for one, other in ((a, b), (b, a)):
        if one == "literal" and other in NUMERIC:
            return other
        if one == "count" and other == "number":
            return "number"
    return None


def product(a: str, b: str) -> str | None:
    """Return the unit of a × b, None when the product means nothing."""
    if a in SCALARS and b in SCALARS:
        if a == b:
            return a
        return "number"
    if a in SCALARS:
        return b
    if b in SCALARS:
        return a
    return None


def quotient(a: str, b: str) -> str | None:
    """Return the unit of a ÷ b, None when the quotient means nothing."""
    if a in SCALARS and b in SCALARS:
        return "literal" if a == b == "literal" else "number"
    if b in SCALARS:
        return a
    return "number" if a == b else None

"""Level-1 and level-2 groups in order, with what the form states for them."""

from __future__ import annotations

from checker.layouts.places import Found, Row


def indicator_groups(rows: list[Row], subtotals: list[tuple[str | None, str | None, Row]]) -> list[Row]:
    """Return one row per level-1 and level-2 group in order of appearance.

    `weight` and `score` are stated values only: points in a label, a weight column of the level, a
    subtotal row. Sums are left to the rules.
    """
    made: list[Row] = []
    by_one: dict[str, Row] = {}
    by_two: dict[tuple[str | None, str], Row] = {}
    for row in rows:
        one, two = _text(row, "level1"), _text(row, "level2")
        if one is not None and one not in by_one:
            by_one[one] = _group(1, row)
            made.append(by_one[one])
        if two is not None and (one, two) not in by_two:
            by_two[one, two] = _group(2, row)
            made.append(by_two[one, two])
    for one, two, stated in subtotals:
        target = by_two.get((one, two)) if two is not None and _only_group(by_two, one, two) else None
        target = target or (by_one.get(one) if one is not None else None)
        if target is not None:
            for role, found in stated.items():
                target.setdefault(role, found)
    return made


def _only_group(by_two: dict[tuple[str | None, str], Row], one: str | None, two: str) -> bool:
    """True when level 1 has several level-2 groups, so that a subtotal may belong to one of them."""
    return sum(key[0] == one for key in by_two) > 1 and (one, two) in by_two


def _group(level: int, row: Row) -> Row:
    made: Row = {"level": Found(level)}
    for role in ("level1", "level2")[:level]:
        if role in row:
            made[role] = row[role]
    stated = row.get(f"level{level}_weight")
    if stated is not None:
        made["weight"] = stated
    return made


def _text(row: Row, role: str) -> str | None:
    value = row[role].value if role in row else None
    return value if isinstance(value, str) else None

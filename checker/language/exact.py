"""The exact value of a tree on one row, by `fractions.Fraction`: what the columns say, said again and explained.

A null carries why it is null, and every value the cells it rests on. Of `and` and `or` only the
parts that decide are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from checker.fields import SCALE
from checker.language.compile import SUBSTANCE
from checker.language.functions import digits_source
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Scalar, cells_behind
from checker.language.rows import Record, RowContext

CellKey = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Null:
    """Why a value is not there: "blank" (for a reading "none"), "unread", "no rows", "several rows", "division by zero" or "digits"."""

    table: str
    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value (Fraction, text, date, bool; None with its reasons), its printed decimals, the cells used."""

    value: Scalar | None
    digits: int | None = None
    nulls: tuple[Null, ...] = ()
    cells: tuple[CellKey, ...] = ()

    @property
    def number(self) -> Fraction:
        """The number; TypeError when there is none."""
        if not isinstance(self.value, Fraction):
            raise TypeError("not a number")
        return self.value


class Evaluation:
    """Evaluates nodes on one row; values of nodes are kept for the text that explains them."""

    def __init__(self, context: RowContext) -> None:
        self.context = context
        self._kept: dict[tuple[int, int, str], Value] = {}
        self._alive: list[Node] = []

    def of(self, node: Node, child: Record | None = None, table: str = "") -> Value:
        """Return the value of a node, on a child row of `table` when one is given."""
        key = (id(node), child["row"] if child is not None else 0, table)
        kept = self._kept.get(key)  # type: ignore[arg-type]
        if kept is None:
            kept = self._node(node, child, table)
            self._kept[key] = kept  # type: ignore[index]
            self._alive.append(node)
        return kept

    def _node(self, node: Node, child: Record | None, table: str) -> Value:
        match node:
            case Const():
                return Value(node.value if not isinstance(node.value, tuple) else None, node.digits)
            case Ref():
                return self._ref(node, child, table)
            case Let():
                inner = self.of(node.tree.root, None, "")
                return inner
            case Aggregate():
                return _FIGURES[node.kind](self, node)
            case Call():
                return _CALLS[node.name](self, node, child, table)

    def record(self, ref: Ref, child: Record | None, table: str) -> tuple[Record, str, int]:
        """Return (the row a field is read from, its table, its number)."""
        if child is not None and ref.table == table:
            return child, table, _whole(child["row"])
        if ref.table == self.context.table and child is None:
            return self.context.record, ref.table, self.context.row
        return self.context.form, "forms", 1

    def _ref(self, node: Ref, child: Record | None, table: str) -> Value:
        if not node.table:
            return Value(self.context.as_of)
        record, owner, row = self.record(node, child, table)
        raw = record[node.name]
        cells = tuple((owner, row, name) for name in (node.field.source if node.field and node.field.reading else (node.name,)))
        if raw is None:
            reason = "unread" if self.unread(node, child, table) else "none" if node.field and node.field.reading else "blank"
            return Value(None, None, (Null(owner, row, node.name, reason),), cells)
        if isinstance(raw, bool | str | date):
            return Value(raw, None, (), cells)
        scaled = node.field is not None and node.field.scaled
        digits = record.get(f"{node.name}_digits") if scaled else 0
        value = Fraction(_whole(raw), 10**SCALE if scaled else 1)
        return Value(value, digits if isinstance(digits, int) else None, (), cells)

    def unread(self, node: Node, child: Record | None, table: str) -> bool:
        """Return whether a cell behind a node holds something that cannot be read."""
        match node:
            case Ref():
                if not node.table:
                    return False
                record, _, _ = self.record(node, child, table)
                marks = record.get("unread")
                return isinstance(marks, str) and any(f"|{name}|" in marks for name in cells_behind(node))
            case Let():
                return self.unread(node.tree.root, None, "")
            case Call():
                return any(self.unread(arg, child, table) for arg in node.args)
            case Aggregate():
                parts = [part for part in (node.value, node.where) if part is not None]
                rows = self.context.figure_rows(node.table, node.by_group)
                return any(self.unread(part, row, node.table) for row in rows for part in parts)
            case Const():
                return False

    def digits(self, node: Node, child: Record | None, table: str) -> int | None:
        """Return the printed decimals of a field or of `only` one, None when there is no value."""
        source = digits_source(node)
        return self.of(source, child if source is node else None, table if source is node else "").digits if source else None


def _whole(raw: object) -> int:
    if not isinstance(raw, int):
        raise TypeError("not an integer")
    return raw


def _join(values: Iterable[Value]) -> tuple[CellKey, ...]:
    return tuple(dict.fromkeys(cell for value in values for cell in value.cells))


def _nulls(values: Iterable[Value]) -> tuple[Null, ...]:
    return tuple(dict.fromkeys(null for value in values for null in value.nulls))


def _digits(*values: Value) -> int | None:
    known = [value.digits for value in values]
    return None if None in known else max((d for d in known if d is not None), default=0)


_Function = Callable[[Evaluation, Call, Record | None, str], Value]


def _plain(apply: Callable[..., Scalar | None], digits: Callable[..., int | None] = lambda *_: None, why: str = "") -> _Function:
    """Return a function that is null when an operand is; `apply` may return None for the reason `why`."""

    def call(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
        values = [run.of(arg, child, table) for arg in node.args]
        cells = _join(values)
        if any(v.value is None for v in values):
            return Value(None, None, _nulls(values), cells)
        made = apply(*(v.value for v in values))
        if made is None:
            return Value(None, None, (Null(run.context.table, run.context.row, "", why),), cells)
        return Value(made, digits(*values), (), cells)

    return call


def _logic(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    values = [run.of(arg, child, table) for arg in node.args]
    decisive = node.name == "or"
    hits = [v for v in values if v.value is decisive]
    open_ = [v for v in values if v.value is None]
    if hits:
        return Value(decisive, None, (), _join(hits))
    if open_:
        return Value(None, None, _nulls(open_), _join(open_))
    return Value(not decisive, None, (), _join(values))


def _choice(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    test = run.of(node.args[0], child, table)
    if test.value is None:
        return test
    taken = run.of(node.args[1 if test.value else 2], child, table)
    return Value(taken.value, taken.digits, taken.nulls, _join((test, taken)))


def _coalesce(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    seen: list[Value] = []
    for arg in node.args:
        value = run.of(arg, child, table)
        seen.append(value)
        last = arg is node.args[-1]
        if value.value is not None or (run.unread(arg, child, table) and not last):
            break
    return Value(seen[-1].value, seen[-1].digits, seen[-1].nulls, _join(seen))


def _presence(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    if value.value is None and run.unread(node.args[0], child, table):
        return Value(None, None, value.nulls, value.cells)
    if node.name == "blank":
        text = value.value
        empty = text is None or not _search(str(text), SUBSTANCE)
        return Value(empty, None, (), value.cells)
    there = value.value is not None
    return Value(there if node.name == "filled" else not there, None, (), value.cells)


def _search(text: str, pattern: str) -> bool:
    import polars as pl

    found = pl.Series([text]).str.contains(pattern)[0]
    return bool(found)


def _member(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    if value.value is None:
        return Value(None, None, value.nulls, value.cells)
    items = node.args[1].value if isinstance(node.args[1], Const) and isinstance(node.args[1].value, tuple) else ()
    return Value(value.value in items, None, (), value.cells)


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """Return a value at `places` decimals: half_up (away from zero), half_even or truncate (towards zero)."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    if mode == "half_up" and twice >= 0 or mode == "half_even" and (twice > 0 or twice == 0 and whole % 2):
        whole += 1
    return Fraction(-whole if value < 0 else whole, 10**places)


_MODES: Mapping[str, str] = {"round_half_up": "half_up", "round_half_even": "half_even", "truncate": "truncate"}


def _round(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value, places = (run.of(arg, child, table) for arg in node.args)
    cells = _join((value, places))
    if value.value is None or places.value is None:
        return Value(None, None, _nulls((value, places)), cells)
    n = int(places.number)
    if n > SCALE:
        return Value(None, None, (Null(run.context.table, run.context.row, "", "digits"),), cells)
    return Value(rounded(value.number, n, _MODES[node.name]), n, (), cells)


def _digits_call(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    value = run.of(node.args[0], child, table)
    digits = run.digits(node.args[0], child, table) if value.value is not None else None
    return Value(None if digits is None else Fraction(digits), 0, value.nulls, value.cells)


def _stated(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    """Evaluate ratio_matches, rounding_fits and product_matches: the exact figure against the stated one."""
    values = [run.of(arg, child, table) for arg in node.args]
    cells = _join(values)
    stated = node.args[3 if node.name == "product_matches" else 2]
    digits = run.digits(stated, child, table)
    if any(v.value is None for v in values):
        return Value(None, None, _nulls(values), cells)
    why = "division by zero" if values[1].number == 0 else "digits" if digits is None or digits > SCALE else ""
    if why or digits is None:
        return Value(None, None, (Null(run.context.table, run.context.row, "", why),), cells)
    value = run.of(stated, child, table).number
    exact = worked_out(node.name, [v.number for v in values[:3]])
    modes = [str(values[3].value)] if node.name == "rounding_fits" else list(_MODES.values())
    fits = any(rounded(exact, digits, mode) == value for mode in modes)
    if node.name == "product_matches":
        fits = fits or abs(value - exact) <= Fraction(1, 100)
    return Value(fits, None, (), cells)


def worked_out(name: str, operands: Sequence[Fraction]) -> Fraction:
    """Return the exact figure a stated one is compared with: a ÷ b as a percentage, or a ÷ b × c."""
    a, b, c = operands
    return a / b * c if name == "product_matches" else a / b * 100


def _slack(run: Evaluation, node: Call, child: Record | None, table: str) -> Value:
    total, rows, unit = (run.of(arg, child, table) for arg in node.args)
    cells = _join((total, unit))
    digits = run.digits(node.args[0], child, table)
    if unit.value is None or total.value is None:
        return Value(None, None, _nulls((total, unit)), cells)
    if unit.value == "元":
        return Value(Fraction(0), 0, (), cells)
    if rows.value is None or digits is None or digits > SCALE:
        return Value(None, None, rows.nulls or (Null(run.context.table, run.context.row, "", "digits"),), cells)
    return Value(Fraction(1, 2 * 10**digits) * (rows.number + 1), digits + 1, (), cells)


def _divide(a: Fraction, b: Fraction) -> Fraction | None:
    return a / b if b else None


def _longest(*values: Value) -> int | None:
    return _digits(*values)


def _same(value: Value) -> int | None:
    return value.digits


_CALLS: Mapping[str, _Function] = {
    "and": _logic,
    "or": _logic,
    "not": _plain(lambda a: not a),
    "in": _member,
    "if": _choice,
    "eq": _plain(lambda a, b: a == b),
    "ne": _plain(lambda a, b: a != b),
    "lt": _plain(lambda a, b: a < b),
    "le": _plain(lambda a, b: a <= b),
    "gt": _plain(lambda a, b: a > b),
    "ge": _plain(lambda a, b: a >= b),
    "add": _plain(lambda a, b: a + b, _longest),
    "sub": _plain(lambda a, b: a - b, _longest),
    "mul": _plain(lambda a, b: a * b, _longest),
    "div": _plain(_divide, why="division by zero"),
    "neg": _plain(lambda a: -a, _same),
    "abs": _plain(abs, _same),
    "least": _plain(min, _longest),
    "greatest": _plain(max, _longest),
    "percent": _plain(lambda a: a * 100),
    "share": _plain(lambda a: a / 100),
    **{name: _round for name in _MODES},
    "digits": _digits_call,
    **{name: _stated for name in ("ratio_matches", "rounding_fits", "product_matches")},
    "slack": _slack,
    **{name: _presence for name in ("filled", "missing", "blank")},
    "coalesce": _coalesce,
    "length": _plain(lambda a: Fraction(len(a)), lambda _: 0),
    "contains": _plain(lambda a, b: b in a),
    "starts_with": _plain(lambda a, b: a.startswith(b)),
    "ends_with": _plain(lambda a, b: a.endswith(b)),
    "matches": _plain(_search),
    "days": _plain(lambda a, b: Fraction((a - b).days), lambda *_: 0),
    "year": _plain(lambda a: Fraction(a.year), lambda _: 0),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a figure: those that fit with the value of each, and those whose condition is unknown."""

    fitting: tuple[tuple[Record, Value], ...]
    open: tuple[Value, ...]
    size: int


def rows_of(run: Evaluation, node: Aggregate) -> Rows:
    """Return the child rows a figure runs over, sorted by its condition."""
    fitting: list[tuple[Record, Value]] = []
    open_: list[Value] = []
    rows = run.context.figure_rows(node.table, node.by_group)
    for row in rows:
        test = run.of(node.where, row, node.table) if node.where is not None else Value(True)
        if test.value is None:
            open_.append(test)
        elif test.value:
            fitting.append((row, run.of(node.value, row, node.table) if node.value is not None else Value(None)))
    return Rows(tuple(fitting), tuple(open_), len(rows))


def _nothing(run: Evaluation, node: Aggregate, why: str) -> Value:
    return Value(None, None, (Null(node.table, 0, "", why),))


def _total(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    values = [value for _, value in rows.fitting]
    open_ = [*rows.open, *(v for v in values if v.value is None)]
    if open_:
        return Value(None, None, _nulls(open_), _join(values))
    if not values:
        return _nothing(run, node, "no rows")
    cells, digits = _join(values), _digits(*values)
    if node.kind == "total":
        return Value(sum((v.number for v in values), Fraction(0)), digits, (), cells)
    pick = min if node.kind == "lowest" else max
    best = pick((v.value for v in values if v.value is not None), key=lambda x: x)  # type: ignore[type-var,return-value,arg-type]
    holders = [v for v in values if v.value == best]
    return Value(best, holders[0].digits, (), _join(holders))


def _known_total(run: Evaluation, node: Aggregate) -> Value:
    known = [value for _, value in rows_of(run, node).fitting if value.value is not None]
    if not known:
        return _nothing(run, node, "no rows")
    return Value(sum((v.number for v in known), Fraction(0)), _digits(*known), (), _join(known))


def _count(run: Evaluation, node: Aggregate) -> Value:
    values = [value for _, value in rows_of(run, node).fitting]
    open_ = [v for v in values if v.value is None]
    if open_:
        return Value(None, None, _nulls(open_), _join(open_))
    hits = [v for v in values if v.value]
    return Value(Fraction(len(hits)), 0, (), _join(hits))


def _count_missing(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, _nulls(rows.open))
    hits = [value for _, value in rows.fitting if value.value is None]
    return Value(Fraction(len(hits)), 0, (), _join(hits))


def _rows(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, _nulls(rows.open))
    return Value(Fraction(len(rows.fitting)), 0)


def _quantified(run: Evaluation, node: Aggregate) -> Value:
    values = [value for _, value in rows_of(run, node).fitting]
    decisive = node.kind == "any_of"
    hits = [v for v in values if v.value is decisive]
    open_ = [v for v in values if v.value is None]
    if hits:
        return Value(decisive, None, (), _join(hits))
    if open_:
        return Value(None, None, _nulls(open_), _join(open_))
    return Value(not decisive, None, (), _join(values))


def _only(run: Evaluation, node: Aggregate) -> Value:
    rows = rows_of(run, node)
    if rows.open:
        return Value(None, None, _nulls(rows.open))
    if len(rows.fitting) != 1:
        return _nothing(run, node, "several rows" if rows.fitting else "no rows")
    return rows.fitting[0][1]


_FIGURES: Mapping[str, Callable[[Evaluation, Aggregate], Value]] = {
    "total": _total,
    "lowest": _total,
    "highest": _total,
    "known_total": _known_total,
    "count": _count,
    "count_missing": _count_missing,
    "rows": _rows,
    "all_of": _quantified,
    "any_of": _quantified,
    "only": _only,
}

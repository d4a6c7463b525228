"""A tree on one row → its exact value with the arithmetic in one line, the cells used, and why it may be null.

    9,391,037.56 ÷ 9,597,603.49 = 97.8477%
    30.00 + 25.00 + 35.00 + 9.50 = 99.50 ≠ 100，相差 0.50
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from msgspec import Struct

from checker.language import shown
from checker.language.calls import rounded, worked_out
from checker.language.exact import Evaluation
from checker.language.explained import Explained, worded_value
from checker.language.functions import MODES
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Scalar, Tree, fields_of
from checker.language.phrases import field_name, row_name, table_name, text
from checker.language.rows import Record, RowContext
from checker.language.sentences import BINDING, SIGNS, named, say, spaced, upright, worded
from checker.language.tallies import rows_of
from checker.language.units import NUMERIC
from checker.language.value import Null, Value

FEW = 6
"""A total of so many rows or fewer is written out."""
_COUNTS = ("count", "known_count", "count_missing", "rows", "distinct", "lowest", "highest")
_TRUE = {"lt": "<", "eq": "=", "gt": ">"}


def explain(tree: Tree, context: RowContext, lang: str = "zh") -> Explained:
    """Evaluate a tree exactly on one row; `lang` is zh or en, the language its words will be in."""
    run = _Run(Evaluation(context), lang)
    return Explained(tree, run.value(tree.root), lang, run.line)


class _Run(Struct):
    """One explanation: the evaluation and, inside a figure, the child row spoken of."""

    evaluation: Evaluation
    lang: str
    child: Record | None = None
    table: str = ""

    def value(self, node: Node) -> Value:
        if isinstance(node, Let):
            return self.evaluation.of(node, None, "")
        return self.evaluation.of(node, self.child, self.table)

    def shown(self, node: Node) -> str:
        value = self.value(node)
        return shown.value(worded_value(node, value.value, self.lang), value.digits, node.unit, self.lang)

    def say(self, key: str, *parts: object) -> str:
        return text(key, self.lang, *parts)

    def line(self, node: Node) -> str:
        """Return the arithmetic of a node in one line."""
        value = self.value(node)
        if value.value is None:
            return self.say("steps").join(dict.fromkeys(self.why(null) for null in value.nulls)) or "—"
        if isinstance(node, Let):
            return self.line(node.tree.root)
        if isinstance(node, Call) and node.name in _LINES:
            return _LINES[node.name](self, node)
        if isinstance(node, Aggregate) and (node.unit == "bool" or node.kind not in ("total", "known_total", "only") or _counts(node)):
            return _figure_line(self, node)
        if node.unit == "bool":
            name = field_name(node, self.lang) if isinstance(node, Ref) else say(node, self.lang)
            return self.say("true" if value.value else "false", name)
        steps = self.steps(node)
        return self.say("steps").join(dict.fromkeys([*steps, self.equation(node)]))

    def why(self, null: Null) -> str:
        """Return why a value is not there."""
        if null.reason in ("no rows", "several rows"):
            return self.say(null.reason, table_name(null.table, self.lang))
        if not null.field:
            return self.say(null.reason)
        name = field_name((null.table, null.field), self.lang)
        said = self.say(null.reason, name)
        if null.table in ("forms", self.evaluation.context.table) and null.row in (1, self.evaluation.context.row):
            return said
        return f"{row_name(null.table, null.row, self.lang)}{'' if self.lang == 'zh' else ': '}{said}"

    def equation(self, node: Node) -> str:
        """Return `formula = value`, or the value alone when there is nothing to work out."""
        formula, value = self.formula(node, top=True), self.shown(node)
        return value if formula == value else joined(formula, "=", value)

    def steps(self, node: Node) -> list[str]:
        """Return the figures over many rows inside a formula, each worked out on its own."""
        if isinstance(node, Call) and node.name in ("percent", "share") and isinstance(node.args[0], Aggregate):
            return self.steps(node.args[0])
        found: list[str] = []
        for part in node.args if isinstance(node, Call) else ():
            if isinstance(part, Aggregate) and not _written_out(self, part) and self.value(part).value is not None:
                found.append(_figure_line(self, part))
            else:
                found.extend(self.steps(part))
        return list(dict.fromkeys(found))

    def formula(self, node: Node, outer: str = "", right: bool = False, top: bool = False) -> str:
        """Return a number as a formula with the row's figures."""
        if isinstance(node, Aggregate):
            terms = _written_out(self, node)
            if top:
                return terms or _figure_name(self, node)
            return f"({terms})" if terms and " + " in terms and outer != "add" else terms or self.shown(node)
        if not isinstance(node, Call):
            return self.shown(node)
        if node.name in ("add", "sub") and self.unfilled(node.args[1]):
            return self.formula(node.args[0], outer, right, top)
        if node.name in SIGNS:
            left = self.formula(node.args[0], node.name)
            said = f"{left} {SIGNS[node.name]} {self.formula(node.args[1], node.name, right=True)}"
            loose = outer and (BINDING[node.name] < BINDING[outer] or (right and BINDING[node.name] == BINDING[outer] and outer in ("sub", "div")))
            return f"({said})" if loose else said
        if node.name == "neg":
            return f"−{self.formula(node.args[0], 'neg')}"
        if node.name == "days":
            return f"{self.shown(node.args[0])} − {self.shown(node.args[1])}"
        if node.name == "abs":
            return f"|{self.formula(node.args[0])}|"
        if node.name in ("percent", "share") and not outer:
            return self.formula(node.args[0], outer, right, top)
        if node.name in ("least", "greatest"):
            inner = ", ".join(self.formula(arg) for arg in node.args)
            return f"{'min' if node.name == 'least' else 'max'}({inner})"
        return self.shown(node)

    def unfilled(self, node: Node) -> bool:
        """True for a field nobody filled that counts as 0: a sum is written without it."""
        if not (isinstance(node, Call) and node.name == "coalesce" and isinstance(node.args[-1], Const)):
            return False
        return self.value(node).value == 0 and all(self.value(arg).value is None for arg in node.args[:-1])

    def inside(self, child: Record, table: str) -> _Run:
        """Return the explanation of one child row."""
        return _Run(self.evaluation, self.lang, child, table)


def joined(left: str, sign: str, right: str) -> str:
    """Return both sides of a sign; a Chinese bracket needs no space behind it."""
    return f"{left}{'' if left.endswith('）') else ' '}{sign} {right}"


def _written_out(run: _Run, node: Aggregate) -> str | None:
    """Return the terms of a total over few rows, `only` as its value; None for a figure that needs words."""
    if node.kind == "only":
        return run.shown(node)
    if node.kind != "total" or node.value is None:
        return None
    rows = rows_of(run.evaluation, node)
    if not 0 < len(rows.fitting) <= FEW or any(v.value is None for _, v in rows.fitting):
        return None
    return " + ".join(_term(shown.value(v.value, v.digits, node.unit, run.lang)) for _, v in rows.fitting)


def _term(written: str) -> str:
    return f"({written})" if written.startswith("−") else written


def _figure_name(run: _Run, node: Aggregate) -> str:
    if _counts(node):
        return run.shown(node)
    name = say(node.value, run.lang) if node.value is not None else ""
    rows = rows_of(run.evaluation, node)
    if node.kind == "total":
        return run.say("many", name, len(rows.fitting))
    known = sum(1 for _, v in rows.fitting if v.value is not None)
    return run.say("known", name, known, len(rows.fitting)) if node.kind == "known_total" else name


def _counts(node: Node) -> bool:
    """Return whether a sum is a count of rows known to fit: a constant for each of them."""
    return isinstance(node, Aggregate) and node.kind == "known_total" and isinstance(node.value, Const) and node.where is not None


def _figure_line(run: _Run, node: Aggregate) -> str:
    """Return a figure over rows with its value: `Σ分值（58 项）= 99.50`, `得分等于分值：51 项（共 58 项）`."""
    value = run.value(node)
    if _counts(node) and node.where is not None:
        rows = rows_of(run.evaluation, node)
        return _of_all(run, say(unguarded(node.where), run.lang), Fraction(len(rows.fitting)), rows.size)
    name = say(unguarded(node.value), run.lang) if node.value is not None else ""
    if node.kind in ("total", "known_total"):
        return joined(_written_out(run, node) or _figure_name(run, node), "=", run.shown(node))
    if node.kind in ("lowest", "highest"):
        return run.say(node.kind, name, run.shown(node))
    if node.kind in ("all_of", "any_of"):
        return _quantified(run, node)
    if node.kind == "only":
        return run.shown(node)
    rows = rows_of(run.evaluation, node)
    if node.kind == "rows":
        said = f"{table_name(node.table, run.lang)}"
        said = run.say("where", say(node.where, run.lang), said) if node.where is not None else said
        return spaced(run.say("rows", said, run.shown(node)), run.lang)
    name = run.say({"count_missing": "blank", "distinct": "different"}[node.kind], name) if node.kind in ("count_missing", "distinct") else name
    return _of_all(run, name, value.value, len(rows.fitting))


def _of_all(run: _Run, name: str, count: Scalar | None, rows: int) -> str:
    """Return how many of so many rows something is said of."""
    return f"{name}{'：' if run.lang == 'zh' else ': '}{run.say('of', shown.value(count, 0, 'count', run.lang), rows)}"


def unguarded(node: Node) -> Node:
    """Return a condition without the questions whether a field is there that another part of it asks more of."""
    if not isinstance(node, Call) or node.name not in ("and", "or"):
        return node
    parts = tuple(unguarded(arg) for arg in node.args)
    spoken = {ref for part in parts if not _asks(part) for ref in fields_of(part)}
    kept = tuple(part for part in parts if node.name == "or" or not (_asks(part, "filled") and spoken.issuperset(fields_of(part))))
    return kept[0] if len(kept) == 1 else Call(node.name, kept, "bool")


def _quantified(run: _Run, node: Aggregate) -> str:
    value = run.value(node)
    decisive = node.kind == "any_of"
    if node.value is None or value.value is not decisive:
        return say(node if value.value else Call("not", (node,), "bool"), run.lang)
    hits = [row for row, v in rows_of(run.evaluation, node).fitting if v.value is decisive]
    lines = [f"{row_name(node.table, row['row'], run.lang)}{'：' if run.lang == 'zh' else ': '}{run.inside(row, node.table).line(node.value)}" for row in hits[:3]]
    more = [run.say("of", len(hits), rows_of(run.evaluation, node).size)] if len(hits) > len(lines) else []
    return run.say("steps").join([*lines, *more])


def _side(run: _Run, node: Node) -> str:
    """Return one side of a comparison, named when it is a field or a count, worked out when it is a formula."""
    if isinstance(node, Let):
        root = node.tree.root
        if isinstance(root, Call) and root.name == "coalesce" and _counts(root.args[0]) and _Run(run.evaluation, run.lang).value(root.args[0]).value is not None:
            root = root.args[0]
        named = isinstance(root, Ref) or (isinstance(root, Aggregate) and root.kind in _COUNTS) or _counts(root)
        return _side(_Run(run.evaluation, run.lang), root) if named else run.shown(node)
    if isinstance(node, Ref):
        return f"{field_name(node, run.lang)} {run.shown(node)}"
    if isinstance(node, Aggregate) and node.kind not in ("total", "known_total"):
        return run.shown(node) if node.kind == "only" else _figure_line(run, node)
    if isinstance(node, Call) and node.name in ("length", "digits", "year", "number_in"):
        return f"{say(node, run.lang)} {run.shown(node)}"
    return run.line(node) if isinstance(node, Call) and node.name in _LINES else run.equation(node)


def _comparison(run: _Run, node: Call) -> str:
    node = upright(node)
    left, right = node.args
    if left.unit not in NUMERIC and left.unit != "date":
        return _text_comparison(run, node)
    a, b = run.value(left), run.value(right)
    steps = list(dict.fromkeys([*run.steps(left), *run.steps(right)]))
    sign = _TRUE["eq" if a.value == b.value else "lt" if a.value < b.value else "gt"]  # type: ignore[operator]
    if node.name in ("eq", "ne") and sign != "=":
        sign = "≠"
    if left.unit == "date" and sign in "<>":
        sign = run.say("before" if sign == "<" else "after")
    said = joined(_side(run, left), sign, _side(run, right))
    if isinstance(a.value, date) and isinstance(b.value, date) and a.value != b.value:
        said += run.say("difference", run.say("days", abs((a.value - b.value).days)))
    allowed = sign in "<>" and (_is_gap(left) or _is_gap(right))
    if isinstance(a.value, Fraction) and isinstance(b.value, Fraction) and a.value != b.value and not allowed:
        digits = None if a.digits is None or b.digits is None else max(a.digits, b.digits)
        unit = left.unit if left.unit != "literal" else right.unit
        gap = shown.number(abs(a.value - b.value), digits, unit)
        said += run.say("difference", run.say("points", gap) if unit == "percent" else gap)
    return run.say("steps").join([*steps, said])


def _is_gap(node: Node) -> bool:
    """Return whether a side of a comparison is itself a difference, held against what is allowed of it."""
    if isinstance(node, Let):
        return _is_gap(node.tree.root)
    return isinstance(node, Call) and node.name in ("abs", "sub", "slack")


def _text_comparison(run: _Run, node: Call) -> str:
    left, right = node.args
    equal = run.value(left).value == run.value(right).value
    right = worded(node, run.lang).args[1]
    name = named(left, run.lang)
    if equal or node.name == "ne":
        return run.say("is", name, run.shown(left))
    other = f"{field_name(right, run.lang)} {run.shown(right)}" if isinstance(right, Ref) else run.shown(right)
    return run.say("is not", name, run.shown(left), other)


def _membership(run: _Run, node: Call) -> str:
    left = node.args[0]
    name = named(left, run.lang)
    if run.value(node).value:
        return run.say("is", name, run.shown(left))
    return run.say("is none", name, run.shown(left), say(worded(node, run.lang).args[1], run.lang))


def _logic(run: _Run, node: Call) -> str:
    decisive = node.name == "or"
    values = [(arg, run.value(arg).value) for arg in node.args]
    hits = [arg for arg, value in values if value is decisive] or [arg for arg, _ in values]
    spoken = {ref for arg in hits if not _asks(arg) for ref in fields_of(arg)}
    hits = [arg for arg in hits if not (_asks(arg) and spoken.issuperset(fields_of(arg)))]
    return run.say("steps").join(dict.fromkeys(run.line(arg) for arg in hits))


def _asks(node: Node, *names: str) -> bool:
    """Return whether a condition only asks whether a field is there."""
    return isinstance(node, Call) and node.name in (names or ("filled", "missing")) and isinstance(node.args[0], Ref)


def _statement(run: _Run, node: Call) -> str:
    """Say a fact about a text or its presence, as it is: `原因“…”没有实义文字`."""
    subject = node.args[0]
    value = run.value(subject)
    holds = run.value(node).value
    if node.name in ("filled", "missing"):
        name = field_name(subject, run.lang) if isinstance(subject, Ref) else say(subject, run.lang)
        absent = "none" if isinstance(subject, Ref) and subject.field is not None and subject.field.reading else "blank"
        return run.say(absent, name) if value.value is None else f"{name} {run.shown(subject)}"
    fact = node if holds else Call("not", (node,), "bool")
    said = say(fact, run.lang)
    if isinstance(subject, Ref):
        name = field_name(subject, run.lang)
        if value.value is None:
            return run.say("blank", name)
        return said.replace(name, f"{name}{' ' if run.lang == 'en' else ''}{run.shown(subject)}", 1)
    return said


def _rounded(run: _Run, node: Call) -> str:
    value, places = run.value(node.args[0]), run.value(node.args[1])
    if value.value == run.value(node).value:
        return run.equation(node.args[0])
    mode = {"round_half_up": "half_up", "round_half_even": "half_even"}.get(node.name, "truncate")
    steps = run.steps(node.args[0])
    said = run.say("places", run.equation(node.args[0]), run.shown(node), run.say(mode), places.value)
    return run.say("steps").join([*steps, said])


def _stated(run: _Run, node: Call) -> str:
    product = node.name == "product_matches"
    stated = node.args[3 if product else 2]
    digits = run.evaluation.digits(stated, run.child, run.table) or 0
    operands = [run.value(arg).number for arg in node.args[:3]]
    exact = worked_out(node.name, operands)
    unit = stated.unit
    quotient = Call("div", (node.args[0], node.args[1]), "number")
    formula = run.formula(Call("mul", (quotient, node.args[2]), unit) if product else quotient)
    wanted = [str(node.args[3].value)] if node.name == "rounding_fits" and isinstance(node.args[3], Const) else list(MODES)
    found: dict[Fraction, list[str]] = {}
    for mode in wanted:
        found.setdefault(rounded(exact, digits, mode), []).append(run.say(mode))
    roundings = [f"{run.say('list').join(names)} {shown.value(value, digits, unit, run.lang)}" for value, names in found.items()]
    steps = list(dict.fromkeys(step for arg in node.args for step in run.steps(Call("neg", (arg,), arg.unit))))
    exact_shown = shown.value(exact, digits if (exact * 10**digits).denominator == 1 else None, unit, run.lang)
    said = run.say("gap").join([f"{formula} = {exact_shown}", *roundings, run.say("stated", run.shown(stated))])
    return run.say("steps").join([*steps, said])


def _choice(run: _Run, node: Call) -> str:
    test = run.value(node.args[0]).value
    return run.line(node.args[1 if test else 2])


def _coalesce(run: _Run, node: Call) -> str:
    return run.line(next(arg for arg in node.args if run.value(arg).value is not None))


def _slack(run: _Run, node: Call) -> str:
    value = run.value(node)
    if value.value == 0:
        return run.say("slack none")
    power = str(run.evaluation.digits(node.args[0], run.child, run.table)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return run.say("slack", power, run.shown(node.args[1]), run.shown(node))


_LINES: Mapping[str, Callable[[_Run, Call], str]] = {
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), _comparison),
    **dict.fromkeys(("filled", "missing", "blank", "contains", "starts_with", "ends_with", "matches"), _statement),
    **dict.fromkeys(("round_half_up", "round_half_even", "truncate"), _rounded),
    **dict.fromkeys(("ratio_matches", "rounding_fits", "product_matches"), _stated),
    "in": _membership,
    "and": _logic,
    "or": _logic,
    "not": lambda run, node: run.line(node.args[0]),
    "if": _choice,
    "coalesce": _coalesce,
    "slack": _slack,
}

"""The proof of one row: what the form reports, what the rule expects, the difference, the arithmetic, the cells.

All of it comes from the rule's own tree; no rule is known here by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from msgspec import Struct

from checker.fields import BY_TABLE
from checker.language import Explained, Null, RowContext, Tree, explain, needs, sentence
from checker.language.exact import Evaluation
from checker.language.nodes import Call, Const, Let, Node, Ref
from checker.language.phrases import field_name, table_name
from checker.language.phrases import text as phrase
from checker.model import Form, Outcome, PlaceKey, Step
from checker.rules.rule import Rule

COMPARISONS = {"eq": "", "ne": "≠ ", "lt": "< ", "le": "≤ ", "gt": "> ", "ge": "≥ "}
MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
NULL_WORDS = {
    "zh": {"blank": "未填", "unread": "读不出", "no rows": "没有行", "several rows": "不止一行", "division by zero": "除数为 0", "digits": "位数不明", "none": "没有或无法判定"},
    "en": {"none": "none, or undecided"},
}
SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
JOINT = {"zh": "；", "en": "; "}
ALTERNATIVES = {"zh": ("（{}）", "或", "、"), "en": (" ({})", " or ", ", ")}
_BARE = re.compile(r"[\d.,%]+ [=<>≠] [\d.,%]+")
NAME = 12
"""Characters of a name that may stand before an expected value; longer ones are told by the arithmetic alone."""
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}
ROUNDING_WORDS = {
    "zh": {"half_up": "四舍五入", "half_even": "五成双", "truncate": "截断"},
    "en": {"half_up": "half up", "half_even": "half even", "truncate": "truncated"},
}


class Proof(Struct, frozen=True):
    """What one row came to under one rule; `reason` says why it is undecided."""

    outcome: Outcome
    reported: str | None
    expected: str | None
    difference: str | None
    arithmetic: str | None
    steps: tuple[Step, ...]
    cells: tuple[PlaceKey, ...]
    reason: str | None


def prove(rule: Rule, form: Form, context: RowContext, lang: str) -> Proof:
    """Work a rule out on one row, exactly."""
    expect, outcome = _conclusion(rule, context, lang)
    lets = {name: explain(tree, context, lang) for name, tree in rule.let.items()}
    cells = tuple(dict.fromkeys(cell for part in (expect, *lets.values()) for cell in part.cells))
    # Names in _zh and _en are words of messages, no steps of the work.
    steps = tuple(Step(name, part.text) for name, part in lets.items() if part.value is not None and not isinstance(part.value, bool) and not name.endswith(("_zh", "_en")))
    if rule.expect is None or outcome is not Outcome.FAIL:
        asked = [explain(rule.when, context, lang)] if rule.when is not None else []
        nulls = tuple(dict.fromkeys(null for part in (*asked, expect) for null in part.nulls))
        cells = tuple(dict.fromkeys((*cells, *(cell for part in asked for cell in part.cells if cell in form.places and form.places[cell].unread))))
        return Proof(outcome, None, None, None, None, steps, cells, why_open(nulls, form, lang))
    key = decisive(rule.expect, context, lang)
    told = explain(key, context, lang)
    reported, expected, difference = sides(rule, key, context, lang)
    reported, expected, difference = stated(rule, (reported, expected, difference), context, lang)
    numeric = [part.text for part in lets.values() if isinstance(part.value, Fraction) and part.text != part.shown]
    telling = _is_numeric(key.root) and not _BARE.fullmatch(told.text)
    arithmetic = told.text if telling else JOINT[lang].join(numeric) or None
    if reported is None and _reads_its_place(rule):
        reported = at_text(rule, form, context, lang)
    return Proof(outcome, reported, expected, difference, arithmetic, (*steps, Step("expect", told.text)), cells, None)


def _reads_its_place(rule: Rule) -> bool:
    """Say whether a rule rests on the cell it points at; one on the whole form points at its title."""
    table, _, name = rule.at.rpartition(".")
    table = table or rule.each
    trees = [tree for tree in (rule.expect, rule.when, *rule.let.values()) if tree is not None]
    asked = {cell for tree in trees for cell in needs(tree)}
    return any(where == table and name in (field, *BY_TABLE[table][field].source) for where, field in asked)


def outcome_of(rule: Rule, context: RowContext, lang: str) -> Outcome:
    """Return what a rule comes to on one row."""
    return _conclusion(rule, context, lang)[1]


def _conclusion(rule: Rule, context: RowContext, lang: str) -> tuple[Explained, Outcome]:
    if rule.expect is None:
        raise ValueError(f"{rule.id} has nothing to prove")
    expect = explain(rule.expect, context, lang)
    when = Evaluation(context).truth(rule.when.root) if rule.when is not None else True
    if when is False:
        return expect, Outcome.NOT_APPLICABLE
    if when is None:
        return expect, Outcome.OPEN if rule.on_missing is Outcome.FAIL else rule.on_missing
    if expect.value is None:
        return expect, rule.on_missing
    return expect, Outcome.PASS if expect.value is True else Outcome.FAIL


Sides = tuple[str | None, str | None, str | None]


def stated(rule: Rule, found: Sides, context: RowContext, lang: str) -> Sides:
    """Return (reported, expected, difference) with what the rule itself names as reported and expected in their place."""
    reported, expected, difference = found
    if rule.expected is not None:
        wanted = explain(rule.expected, context, lang)
        expected = wanted.shown if wanted.value is not None else expected
        difference = _difference(explain(rule.slots[rule.reported], context, lang), wanted) if rule.reported is not None and rule.reported in rule.slots else difference
    if rule.reported is not None and rule.reported in rule.slots:
        reported = explain(rule.slots[rule.reported], context, lang).shown
    return reported, expected, difference


def decisive(tree: Tree, context: RowContext, lang: str) -> Tree:
    """Return the comparison that decides: of a conjunction the part that is false (or, when it holds, the part that
    rests on most cells), of alternatives the one that holds, of a choice the branch taken."""
    node = tree.root
    while isinstance(node, Let):
        node = node.tree.root
    if not isinstance(node, Call) or node.name not in ("and", "or", "if"):
        return tree.part(root=node, unit=node.unit)
    if node.name == "if":
        truth = explain(tree.part(root=node.args[0], unit="bool"), context, lang).value
        return decisive(tree.part(root=node.args[1] if truth else node.args[2]), context, lang)
    parts = [(part, explain(part, context, lang)) for part in (tree.part(root=arg, unit=arg.unit) for arg in node.args)]
    value = explain(tree, context, lang).value
    deciding = [(part, told) for part, told in parts if told.value is value] or parts
    if (node.name == "and") is (value is True):
        deciding.sort(key=lambda pair: -len(pair[1].cells))
    return decisive(deciding[0][0], context, lang)


def _is_numeric(node: Node) -> bool:
    if not isinstance(node, Call):
        return False
    if node.name in ("ratio_matches", "rounding_fits", "product_matches"):
        return True
    return node.name in COMPARISONS and node.args[0].unit not in ("text", "bool", "date")


def sides(rule: Rule, key: Tree, context: RowContext, lang: str) -> Sides:
    """Return (reported, expected, difference) of a comparison or ratio; the side that is the `at` field is the reported one.

    What is compared need not stand in the cell a rule points at (a count of words, the score of a status): then nothing is
    reported here, and the expected value is told with the name of what it is expected of.
    """
    node = key.root
    if not isinstance(node, Call):
        return None, None, None
    if node.name in ("ratio_matches", "product_matches"):
        return _rounded(key, node, context, lang)
    if node.name not in COMPARISONS or node.args[0].unit in ("bool", "text"):
        return None, None, None
    left, right, sign = node.args[0], node.args[1], node.name
    table, _, at = rule.at.rpartition(".")
    if _is_field(right, at) and not _is_field(left, at):
        left, right, sign = right, left, MIRRORED[sign]
    one, other = (explain(key.part(root=side, unit=side.unit), context, lang) for side in (left, right))
    if not _is_field(left, at) and left.unit != BY_TABLE[table or rule.each][at].unit:
        name = sentence(key.part(root=left, unit=left.unit), lang)
        told = len(name) <= (NAME if lang == "zh" else 2 * NAME)
        return None, f"{name} {SIGNS[sign]} {other.shown}" if told else None, _difference(one, other) if told else None
    return one.shown, f"{COMPARISONS[sign]}{other.shown}", _difference(one, other)


def _is_field(node: Node, name: str) -> bool:
    if isinstance(node, Let):
        return _is_field(node.tree.root, name)
    return isinstance(node, Ref) and node.name == name


def _rounded(key: Tree, node: Call, context: RowContext, lang: str) -> Sides:
    parts = [explain(key.part(root=arg, unit=arg.unit), context, lang) for arg in node.args if not isinstance(arg, Const)]
    stated = parts[-1]
    values = [part.value for part in parts[:-1]]
    if not all(isinstance(value, Fraction) for value in values) or not isinstance(stated.value, Fraction):
        return None, None, None
    numbers = [value for value in values if isinstance(value, Fraction)]
    if numbers[1] == 0:
        return stated.shown, None, None
    exact = numbers[0] / numbers[1] * (numbers[2] if len(numbers) > 2 else 100)
    digits = stated.digits or 0
    sign = "%" if node.name == "ratio_matches" else ""
    made: dict[str, list[str]] = {}
    for mode in ROUNDINGS:
        made.setdefault(rounded(exact, digits, mode) + sign, []).append(ROUNDING_WORDS[lang][mode])
    nearest = rounded(exact, digits, "half_up")
    half_up = nearest + sign
    bracket, either, mark = ALTERNATIVES[lang]
    others = [text + bracket.format(mark.join(modes)) for text, modes in made.items() if text != half_up]
    expected = half_up + bracket.format(mark.join(made[half_up])) + either + mark.join(others) if others else half_up
    return stated.shown, expected, signed(stated.value - Fraction(nearest), digits)


def rounded(value: Fraction, digits: int, mode: str) -> str:
    """Return an exact value rounded to `digits` decimals by half_up, half_even or truncate."""
    with localcontext() as local:
        local.prec = 60
        scaled = value * 10**digits
        whole = scaled.numerator // scaled.denominator
        rest = scaled - whole
        # Two extra digits carry on which side of the half an exact fraction lies.
        tail = 0 if rest == 0 else 25 if rest < Fraction(1, 2) else 50 if rest == Fraction(1, 2) else 75
        number = Decimal(whole * 100 + tail).scaleb(-2).quantize(Decimal(1), rounding=ROUNDINGS[mode])
        return f"{number.scaleb(-digits):.{digits}f}"


def _difference(one: Explained, other: Explained) -> str | None:
    if not isinstance(one.value, Fraction) or not isinstance(other.value, Fraction):
        return None
    return signed(one.value - other.value, max(one.digits or 0, other.digits or 0))


def signed(value: Fraction, digits: int) -> str:
    """Return a difference with its sign (+ or −) and as many decimals as needed, at most six."""
    while digits < 6 and (value * 10**digits).denominator != 1:
        digits += 1
    text = f"{abs(Decimal(value.numerator) / Decimal(value.denominator)):,.{digits}f}"
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{text}"


def at_text(rule: Rule, form: Form, context: RowContext, lang: str) -> str | None:
    """Return what the form has in the cell a rule points at, as filed; None when it is blank."""
    table, _, name = rule.at.rpartition(".")
    table = table or rule.each
    row = context.row if table == rule.each else 1
    names = BY_TABLE[table][name].source or (name,)
    for source in names:
        place = form.places.get((table, row, source))
        if place is not None and place.text:
            return place.text
    rows: Sequence[Mapping[str, object]] = (form.header,) if table == "forms" else getattr(form, table, ())
    value = rows[row - 1].get(names[0]) if 0 < row <= len(rows) else None
    return None if value is None else str(value)


def why_open(nulls: tuple[Null, ...], form: Form, lang: str) -> str | None:
    """Say which cells are missing and why, the reader's or layout's own reason where there is one."""
    told: list[str] = []
    cells = {(null.table, null.row) for null in nulls if not _is_reading(null)}
    for null in nulls:
        # A reading of a cell that cannot be read adds nothing to the cell itself.
        if _is_reading(null) and (null.table, null.row) in cells:
            continue
        name = field_name((null.table, null.field), lang) if null.table in BY_TABLE and null.field else null.field
        place = form.places.get((null.table, null.row, null.field)) if null.row else None
        words = place.unread if place is not None and place.unread else NULL_WORDS[lang].get(null.reason, null.reason)
        if null.reason in ("no rows", "several rows") and null.table:
            words = phrase(null.reason, lang, table_name(null.table, lang))
        line = place.locator.line if place is not None else None
        where = (f"第 {line} 行" if lang == "zh" else f"line {line} ") if line else ""
        told.append(f"{where}{name}{'：' if lang == 'zh' else ': '}{words}" if name else words)
    unique = list(dict.fromkeys(told))
    more = "…" + ALTERNATIVES[lang][0].format(len(unique)) if len(unique) > 4 else ""
    return JOINT[lang].join(unique[:4]) + more if unique else None


def _is_reading(null: Null) -> bool:
    field = BY_TABLE.get(null.table, {}).get(null.field)
    return field is not None and field.reading

"""Key figures worked out again, for the report: every row of the rules that name a `figure`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from checker.fields import BY_TABLE
from checker.findings.build import fingerprint
from checker.findings.proof import JOINT, at_text, decisive, outcome_of, prove, sides, stated
from checker.language import Contexts, Explained, RowContext, Tree, explain, needs
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref
from checker.language.phrases import field_name
from checker.language.rows import Record
from checker.model import Form, Outcome
from checker.rules.rule import Rule

COLON = {"zh": "：", "en": ": "}
_SLOT = re.compile(r"\{([^{}]*)\}")


def figures_of(
    form: Form, i: int, rules: Sequence[Rule], applied: Mapping[str, Sequence[int]], contexts: Contexts, lang: str
) -> tuple[Mapping[str, object], ...]:
    """Return a mapping a figure: name, reported, expected, difference, arithmetic, outcome, rule, fingerprint.

    Rows to which a rule does not apply give none; undecided ones are listed as open with the reason
    instead of the arithmetic.
    """
    shown: list[Mapping[str, object]] = []
    for rule in rules:
        if rule.figure is None or rule.expect is None:
            continue
        for row in applied.get(rule.id, ()):
            context = contexts.row(rule.each, i, row)
            outcome = outcome_of(rule, context, lang)
            proof = prove(rule, form, context, lang) if outcome is not Outcome.PASS else None
            name = _SLOT.sub(lambda m: _named(rule, m[1], context, lang), rule.figure[lang])  # noqa: B023
            told = {"outcome": outcome.value, "rule": rule.id, "fingerprint": fingerprint(rule, form, rule.each, row), "at": _cell(rule, row)}
            if proof is not None and outcome is not Outcome.FAIL:
                known = _known(rule.expect, context, lang)
                line = {"reported": at_text(rule, form, context, lang), "expected": f"{known.shown} + □" if known else None, "difference": None}
                shown.append({"name": name, **line, "arithmetic": JOINT[lang].join(text for text in (known.text if known else None, proof.reason) if text), **told})
                continue
            for part, of in _parts(rule.expect, context, lang):
                said = (proof.reported, proof.expected, proof.difference) if proof is not None else (None, None, None)
                if proof is None or of:
                    said = sides(rule, part, context, lang)
                    said = said if of else stated(rule, said, context, lang)
                arithmetic: str | None = _worked(part, context, lang)
                if said[1] is None:
                    # What is compared stands in no cell of the form: the name says it, and the rule what is asked of it.
                    said, arithmetic = ("", "", ""), rule.title[lang]
                own = {"outcome": Outcome.PASS.value} if of and explain(part, context, lang).value is True else {}
                line = dict(zip(("reported", "expected", "difference"), said, strict=True))
                shown.append({"name": f"{name}{COLON[lang]}{of}" if of else name, **line, "arithmetic": arithmetic, **told, **own})
    return (*shown, *completion(contexts.records("indicators", i)))


def _parts(tree: Tree, context: RowContext, lang: str) -> list[tuple[Tree, str]]:
    """Return the comparisons a figure shows, each with what sets it apart: one a column when a rule asks the same of several columns, else the decisive one."""
    root = tree.root
    args = root.args if isinstance(root, Call) and root.name == "and" else ()
    parts = [decisive(tree.part(root=arg, unit=arg.unit), context, lang) for arg in args]
    columns = [{(table, name) for table, name in needs(part) if BY_TABLE[table][name].unit not in ("text", "bool", "date")} for part in parts]
    if len(parts) > 1 and all(len(column) == 1 for column in columns) and len(set.union(*columns)) == len(parts):
        return [(part, field_name(next(iter(column)), lang)) for part, column in zip(parts, columns, strict=True)]
    return [(decisive(tree, context, lang), "")]


def _worked(part: Tree, context: RowContext, lang: str) -> str:
    """Return the arithmetic of a comparison with its named sums written out: `9.60 + 47.56 = 57.16`, not `57.16 = 57.16`."""
    sides = part.root.args if isinstance(part.root, Call) else ()
    sums = [told.text for let in dict.fromkeys(_named_sums(sides)) if isinstance((told := explain(let, context, lang)).value, Fraction) and told.text != told.shown]
    whole = explain(part, context, lang)
    plain = sums and whole.value is True and all(isinstance(side, Let | Ref | Const) for side in sides)
    return JOINT[lang].join(sums if plain else [*sums, whole.text])


def _known(tree: Tree, context: RowContext, lang: str) -> Explained | None:
    """Return the sum of what can be read, of the first sum that an unreadable cell keeps open."""
    for let in _named_sums(tree.root.args if isinstance(tree.root, Call) else ()):
        root = let.root
        if isinstance(root, Aggregate) and root.kind == "total" and explain(let, context, lang).value is None:
            known = explain(let.part(root=replace(root, kind="known_total")), context, lang)
            return known if known.value is not None else None
    return None


def _cell(rule: Rule, row: int) -> list[object]:
    """Return the cell a rule points at on a row, as findings name it."""
    table, _, name = rule.at.rpartition(".")
    return [table or rule.each, row if table in ("", rule.each) else 1, name]


def _named_sums(nodes: Sequence[Node]) -> Iterator[Tree]:
    for node in nodes:
        if isinstance(node, Let):
            yield node.tree
        elif isinstance(node, Call):
            yield from _named_sums(node.args)


def completion(indicators: Sequence[Record]) -> tuple[Mapping[str, object], ...]:
    """Return a mapping with `kind` "completion" for each indicator whose measured value compares with its aim.

    `share` is measured ÷ aim in percent, half-up at two decimals; indicators where less is better, or
    with a score that is missing, are left out. Reports draw them beside the share of the full mark.
    """
    names = ("row", "direction", "aim", "measured", "weight", "score")
    if not indicators or not all(name in indicators[0] for name in names):
        return ()
    rows: list[tuple[Any, ...]] = [tuple(row[name] for name in names) for row in indicators]
    return tuple(
        {"kind": "completion", "table": "indicators", "row": row, "share": (Decimal(measured * 100) / Decimal(aim)).quantize(Decimal("0.01"), ROUND_HALF_UP)}
        for row, direction, aim, measured, weight, score in rows
        if direction in ("higher", "equal") and aim and aim > 0 and measured is not None and measured >= 0 and weight and score is not None
    )


def _named(rule: Rule, slot: str, context: RowContext, lang: str) -> str:
    tree: Tree | None = rule.slots.get(slot)
    if tree is None:
        return slot
    told = explain(tree, context, lang)
    return "" if told.value is None else told.plain if isinstance(told.value, str) else told.shown



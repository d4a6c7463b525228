"""Key figures worked out again, for the report: every row of the rules that name a `figure`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from checker.findings import fingerprint
from checker.language import Contexts, RowContext, Tree, explain
from checker.language.rows import Record
from checker.model import Form, Outcome
from checker.proof import at_text, decisive, prove, sides
from checker.rule import Rule

_SLOT = re.compile(r"\{([^{}]*)\}")


def figures_of(
    form: Form, i: int, rules: Sequence[Rule], applied: Mapping[str, Sequence[int]], contexts: Contexts, lang: str
) -> tuple[Mapping[str, object], ...]:
    """Return a mapping a figure: name, reported, expected, difference, arithmetic, outcome, rule, fingerprint.

    Rows to which a rule does not apply give none; undecided ones are listed as open with the reason
    instead of the arithmetic.
    """
    shown = []
    for rule in rules:
        if rule.figure is None:
            continue
        for row in applied.get(rule.id, ()):
            context = contexts.row(rule.each, i, row)
            proof = prove(rule, form, context, lang)
            reported, expected, difference, arithmetic = proof.reported, proof.expected, proof.difference, proof.arithmetic
            if proof.outcome is Outcome.PASS and rule.expect is not None:
                key = decisive(rule.expect, context, lang)
                reported, expected, difference = sides(rule, key, context, lang)
                arithmetic = explain(key, context, lang).text
            elif proof.outcome is not Outcome.FAIL:
                reported = at_text(rule, form, context, lang)
            shown.append(
                {
                    "name": _SLOT.sub(lambda m: _named(rule, m[1], context, lang), rule.figure[lang]),  # noqa: B023
                    "reported": reported,
                    "expected": expected,
                    "difference": difference,
                    "arithmetic": arithmetic or proof.reason,
                    "outcome": proof.outcome.value,
                    "rule": rule.id,
                    "fingerprint": fingerprint(rule, form, rule.each, row),
                }
            )
    return (*shown, *completion(contexts.records("indicators", i)))


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



"""Which rules speak of figures alone, so that their equations may be mended."""

from __future__ import annotations

from checker.fields import BY_TABLE
from checker.language import needs
from checker.rules.rule import Rule


def rests_on_figures(rule: Rule) -> bool:
    """Say whether a rule speaks of filled figures alone: no reading of a text has a part in it, and it compares numbers.

    Which columns the layout has is no reading of a text: no correction of a figure changes it.
    """
    if rule.expect is None or rule.kind == "heuristic":
        return False
    asked = needs(rule.expect)
    named = (asked | (needs(rule.when) if rule.when is not None else frozenset())) - {("forms", "columns_absent")}
    numbers = any(BY_TABLE[table][field].unit not in ("text", "date", "bool") for table, field in asked)
    return numbers and not any(BY_TABLE[table][field].reading for table, field in named)

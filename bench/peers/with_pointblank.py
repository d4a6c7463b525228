"""pointblank: a step a rule, `col_vals_expr`, and the failing rows from its extracts (500 a step unless told otherwise)."""

from __future__ import annotations

from pathlib import Path

import pointblank as pb
import polars as pl

from peers.conditions import named, read, told

_ALL = 10**9


def findings(folder: Path) -> pl.DataFrame:
    """Interrogate every frame and take the extracts."""
    part = read(folder)
    found = []
    for frame, rules in part.checked:
        plan = pb.Validate(frame)
        for right in rules.values():
            plan = plan.col_vals_expr(expr=right)
        extracts = plan.interrogate(collect_tbl_checked=False, extract_limit=_ALL).get_data_extracts()
        for step, rule in enumerate(rules, 1):
            if extracts[step] is not None and len(extracts[step]):
                found.append(told(rule, extracts[step]))
    return named(found, part)

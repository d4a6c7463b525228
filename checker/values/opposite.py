"""Results in words that say the opposite of a target in words: 同比下降 and 同比上升, 不发生 and 发生1起, 控制在预算内 and 超支."""

from __future__ import annotations

import re
from functools import cache

from checker.values import lexicon
from checker.values.text import squeezed

_LONGEST = 2000


@cache
def _kinds() -> tuple[tuple[re.Pattern[str] | None, ...], ...]:
    kinds = [dict(listed) for listed in lexicon.entries("opposites").values()]  # type: ignore[call-overload]
    return tuple(
        tuple(re.compile("|".join(f"(?:{part})" for part in kind[key])) if kind[key] else None for key in ("target", "target_but", "actual", "actual_but"))
        for kind in kinds
    )


def is_opposite(target: str, actual: str) -> bool | None:
    """Tell whether a result says the opposite of its target; None where the target is of no kind that has an opposite."""
    aim, result = squeezed(target[:_LONGEST]), squeezed(actual[:_LONGEST])
    known = False
    for wanted, wanted_but, against, against_but in _kinds():
        if wanted is None or against is None or not wanted.search(aim) or (wanted_but and wanted_but.search(aim)):
            continue
        known = True
        if against.search(result) and not (against_but and against_but.search(result)):
            return True
    return False if known else None

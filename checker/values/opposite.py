"""Results in words that say the opposite of a target in words: 同比下降 and 同比上升, 不发生 and 发生1起, 控制在预算内 and 超支."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from checker.late import late
from checker.values import lexicon
from checker.values.text import squeezed

_LONGEST = 2000


@cache
def _listed() -> list[dict[str, list[str]]]:
    return [dict(kind) for kind in lexicon.entries("opposites").values()]  # type: ignore[call-overload]


@cache
def _kinds() -> tuple[tuple[re.Pattern[str] | None, ...], ...]:
    return tuple(tuple(late(_either(kind[key])) if kind[key] else None for key in ("target", "target_but", "actual", "actual_but")) for kind in _listed())


@cache
def _any_target() -> re.Pattern[str]:
    return late(_either([part for kind in _listed() for part in kind["target"]]))


def _either(parts: Sequence[str]) -> str:
    return "|".join(f"(?:{part})" for part in parts)


def is_opposite(target: str, actual: str) -> bool | None:
    """Tell whether a result says the opposite of its target; None where the target is of no kind that has an opposite."""
    aim, result = squeezed(target[:_LONGEST]), squeezed(actual[:_LONGEST])
    known = False
    # Most targets are of none of these kinds, whose patterns need not be compiled for them.
    for wanted, wanted_but, against, against_but in _kinds() if _any_target().search(aim) else ():
        if wanted is None or against is None or not wanted.search(aim) or (wanted_but and wanted_but.search(aim)):
            continue
        known = True
        if against.search(result) and not (against_but and against_but.search(result)):
            return True
    return False if known else None

"""Results in words that say the opposite of a target in words: 同比下降 and 同比上升, 不发生 and 发生1起, 控制在预算内 and 超支."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from checker.values import lexicon
from checker.values.text import squeezed

_LONGEST = 2000


@cache
def _listed() -> dict[str, dict[str, list[str]]]:
    return {kind: dict(parts) for kind, parts in lexicon.entries("opposites").items()}  # type: ignore[call-overload]


@cache
def _pattern(kind: str, key: str) -> re.Pattern[str] | None:
    return _either(_listed()[kind][key])


@cache
def _any_target() -> re.Pattern[str] | None:
    return _either([part for kind in _listed().values() for part in kind["target"]])


def _either(parts: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{part})" for part in parts)) if parts else None


def _says(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def is_opposite(target: str, actual: str) -> bool | None:
    """Tell whether a result says the opposite of its target; None where the target is of no kind that has an opposite."""
    aim, result = squeezed(target[:_LONGEST]), squeezed(actual[:_LONGEST])
    # Most targets are of none of these kinds, whose patterns need not be compiled for them.
    kinds = _listed() if _says(_any_target(), aim) else ()
    known = [kind for kind in kinds if _says(_pattern(kind, "target"), aim) and not _says(_pattern(kind, "target_but"), aim)]
    if not known:
        return None
    return any(_says(_pattern(kind, "actual"), result) and not _says(_pattern(kind, "actual_but"), result) for kind in known)

"""Which way is better: what operator, name and class say, in that order."""

from __future__ import annotations

import re
from functools import cache

from checker.late import late
from checker.values import lexicon
from checker.values.quantity import Quantity
from checker.values.text import letters
from checker.values.units import DURATIONS

HIGHER, LOWER, EQUAL, RANGE = "higher", "lower", "equal", "range"

_NOTE = late(r"[(（][^()（）]*[)）]\s*$")
_CHANGE = late(r"(?:增长|增加|提高|提升|上升|增幅|下降|降低|减少|压减|节约|降幅)[^,;。]{0,4}$")
_FALL = late(r"(?:下降|降低|减少|压减|节约|降幅)[^,;。]{0,4}$")
_AGAINST = late(r"同比|(?:较|比)(?:上年|去年|上一年|同期|年初|基期|20[0-9]{2}年)")
_LEVEL = late(r"[到至为]\s*$")
_GROWTH = late(r"增|提升|提高|上涨|超|达产|同比")


@cache
def _named() -> re.Pattern[str]:
    # Overlapping hits matter (事故处置率 holds 事故 and 处置率), hence the lookahead.
    known = (word for key in ("lower", "higher", "counts") for word in lexicon.words("names", key))
    return re.compile(f"(?=({lexicon.alternation(known)}))")


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(lexicon.words("names", key))


def named_direction(name: str | None) -> str | None:
    """Return the direction an indicator's name decides, None when it decides nothing.

    The word that ends last decides. A mere count (人数, 面积) of something adverse is undecided unless
    the name says that it is dealt with, and so is something adverse that is to be reduced (降低成本)
    or of which another thing is said (支出规范性).
    """
    if not name:
        return None
    bare = letters(_NOTE.sub("", name[:500]))
    best: tuple[int, int, str] | None = None
    for found in _named().finditer(bare):
        word = found[1]
        candidate = (found.start() + len(word), len(word), word)
        if best is None or candidate[:2] > best[:2]:
            best = candidate
    if best is None:
        return None
    if best[2] in _listed("lower") and best[2] in _listed("adverse") and lexicon.word_pattern("names", "handled").search(bare):
        return None
    if best[2] in _listed("spending") and best[0] < len(bare) and bare.endswith(tuple(_listed("spending_ends"))):
        return None
    if best[2] in _listed("lower"):
        return None if lexicon.word_pattern("names", "reducing").search(bare) else LOWER
    if best[2] in _listed("counts") and lexicon.word_pattern("names", "adverse").search(bare):
        return HIGHER if lexicon.word_pattern("names", "remedy").search(bare) else None
    return HIGHER


def is_adverse(name: str | None) -> bool:
    """Tell whether a name speaks of something better avoided and not of dealing with it."""
    bare = letters((name or "")[:500])
    return (
        lexicon.word_pattern("names", "adverse").search(bare) is not None
        and lexicon.word_pattern("names", "remedy").search(bare) is None
    )


def is_rate_name(name: str | None) -> bool:
    """Tell whether a name is that of a rate (…率, …度, …比例), brackets at its end left out."""
    bare = letters(_NOTE.sub("", name or ""))
    return bare.endswith(lexicon.words("names", "rate_ending")) and not bare.endswith(lexicon.words("names", "no_rates"))


def change(before: str) -> int:
    """Return 1 for a number that a rise opens (同比增长), -1 for one that a fall opens, 0 for any other; a level (提高到) is neither."""
    if _LEVEL.search(before):
        return 0
    return -1 if _FALL.search(before) else 1 if _CHANGE.search(before) else 0


def read_direction(
    main: Quantity | None, based: bool, name: str | None = None, level2_class: str | None = None, text: str = ""
) -> str | None:
    """Return higher, lower, equal or range; None when nothing decides, and then no verdict may follow.

    A written operator decides alone, but for a cost of at least so much money. Without one: the name; zero is a target nobody can undercut
    (lower); growth and fall are to be reached (增长10%, 下降5%: higher); a cost is lower; 100 % with a
    base (100%(3133人)) and counts under 数量 are outputs, so higher. A rate of spending (采购执行率) is
    equal: short of it is missed, beyond it is not better. More than 100 % without a name
    of growth is probably ≥ read as a digit: undecided. Money outside 成本, times and bare
    percentages whose name decides nothing stay undecided. `text` is the target's.
    """
    if main is None:
        return None
    if main.high is not None:
        return RANGE
    if main.operator in ("≥", ">"):
        # A cost of at least so much (TGT-007): sign and name contradict each other.
        upside_down = level2_class in lexicon.words("names", "cost_classes") and main.unit.base.startswith("元") and named_direction(name) == LOWER
        return None if upside_down else HIGHER
    if main.operator in ("≤", "<"):
        return LOWER
    by_name = named_direction(name)
    if main.operator == "=":
        return LOWER if by_name == LOWER and main.value == 0 else EQUAL
    percent = main.unit.base == "%"
    if percent and main.amount > 100 and not _GROWTH.search(name or ""):
        return None
    if _FALL.search(text[: main.start]) and _AGAINST.search(text[: main.start]):
        # 火灾事故, target 同比下降10%: against another year it is the fall that is to be reached.
        return HIGHER
    if by_name == LOWER and _FALL.search(text[: main.start]):
        # 能耗, target 下降10%: a fall to be reached, or the level after it? Not said.
        return None
    if by_name == HIGHER and level2_class in lexicon.words("names", "cost_classes") and main.unit.base.startswith("元"):
        # 救助标准 5000元/人 under 成本: what everybody gets, or what it may cost at most? Not said.
        return None
    if by_name is not None:
        return by_name
    if main.value == 0:
        return LOWER
    if _CHANGE.search(text[: main.start]):
        return HIGHER
    if level2_class in lexicon.words("names", "cost_classes"):
        return LOWER
    if percent and letters(_NOTE.sub("", (name or "")[:500])).endswith(lexicon.words("names", "spent")):
        return EQUAL
    if percent:
        return HIGHER if main.amount == 100 and based else None
    if is_adverse(name):
        return None
    counted = not main.unit.base.startswith("元") and main.unit.base not in DURATIONS
    return HIGHER if counted and level2_class in lexicon.words("names", "count_classes") else None

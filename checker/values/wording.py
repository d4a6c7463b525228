"""Names and clauses as sets of two-character words, for comparing objects without a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from checker.late import late
from checker.remembered import remembered
from checker.values import lexicon
from checker.values.text import half_width, letters

_MARK = late(
    r"^(?:★|☆|指标\s*[0-9]{1,2}\s*[.:、]?|[0-9]{1,2}\s*[.、]|[一二三四五六七八九十]{1,3}、|\([0-9一二三四五六七八九十]{1,3}\))\s*"
)
_SENTENCE = late(r"[。!?;\n]+")
_PART = late(r"[,，]+")
_HAN_RUN = late(r"[\u3400-\u9fffA-Za-z]+")


@remembered
def bare_name(name: str) -> str:
    """Return an indicator name without list marks, punctuation and spaces (指标1：学生人数 → 学生人数)."""
    return letters(_MARK.sub("", half_width(name).strip()))


@cache
def _tails() -> re.Pattern[str]:
    return re.compile(lexicon.alternation(lexicon.words("wording", "measure_tail")) + "$")


def stem(name: str) -> str:
    """Return what a name counts, without the words that say how (电影播放场次数量 → 电影播放)."""
    bare = bare_name(name)
    for _ in range(3):
        shorter = _tails().sub("", bare)
        if len(shorter) < 2 or shorter == bare:
            return bare
        bare = shorter
    return bare


@cache
def _tail_words() -> re.Pattern[str]:
    return re.compile(lexicon.alternation(lexicon.words("wording", "measure_tail")))


def measure_at(text: str) -> str:
    """Return the word of measure that opens a text (及时率为98 → 及时率), an empty text for none."""
    found = _tail_words().match(text)
    return found.group() if found else ""


def bigrams(text: str) -> frozenset[str]:
    """Return the two-character words of each run of Han characters and letters."""
    return frozenset(run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(len(run) - 1))


def salient(text: str) -> frozenset[str]:
    """Return the bigrams of a text without the common ones."""
    return bigrams(text) - frozenset(lexicon.words("wording", "common"))


def sentences(text: str) -> list[str]:
    """Return the sentences of a narrative, split at full stops, semicolons and line ends."""
    return [part for raw in _SENTENCE.split(half_width(text)) if (part := raw.strip())]


def parts(sentence: str) -> list[str]:
    """Return the clauses of a sentence, split at commas."""
    return [part for raw in _PART.split(sentence) if (part := raw.strip())]


@cache
def _marks(key: str) -> re.Pattern[str]:
    return re.compile(lexicon.alternation(lexicon.words("wording", key)))


def marks(text: str, key: str) -> frozenset[str]:
    """Return the words of a list (scope, population) that a text holds."""
    return frozenset(_marks(key).findall(text))


def may_be_cut(name: str) -> bool:
    """Tell whether a name could break off at all: it ends in a joining word, an open bracket, or no usual head."""
    text = half_width(name).strip()
    if not text:
        return False
    own = bare_name(name)
    return _is_open(text) or (len(own) >= 6 and not own.endswith(lexicon.words("wording", "complete")))


def is_cut(name: str, siblings: Iterable[str]) -> bool:
    """Tell whether a name breaks off: a joining word or an open bracket at its end, or two longer siblings that go on alike.

    `siblings` are the bare names of the form.
    """
    text = half_width(name).strip()
    if not text or not may_be_cut(name):
        return False
    if _is_open(text):
        return True
    own = bare_name(name)
    longer = {other for other in siblings if len(other) > len(own) + 1 and other.startswith(own)}
    return len(longer) >= 2 and len({other[len(own)] for other in longer}) == 1


def _is_open(text: str) -> bool:
    return text[-1] in "及和与或、,(的" or text.count("(") > text.count(")")


def action_mismatch(name: str | None, target: str | None) -> str | None:
    """Return the acts of name and target when both name one and they differ (投保 / 发放), else None."""
    if not name or not target:
        return None
    mine, theirs = _acts(name), _acts(target)
    if not mine or not theirs or {act for act, _ in mine} & {act for act, _ in theirs}:
        return None
    return f"{mine[0][1]} / {theirs[0][1]}"


@remembered
def _acts(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((act, word) for act, words in lexicon.classes("wording", "actions") for word in words if word in text)

"""The reason cell (偏差原因): the numbers that lead it, the text behind them, what it really says."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from checker.late import late
from checker.values import lexicon
from checker.values.quantity import Quantity, find_quantities
from checker.values.text import clauses, content_length, is_blank, plain, squeezed

_GAP = late(r"[\s,、;和及与]*")
_CLOSE = late(r"[\s,、;。:]*")
_NOUN = late(r"[\u4e00-\u9fff]{0,4}(?=$|[\s,、;。:(])")
_NUMBERS = late(r"[0-9]+(?:[.,][0-9]+)*")
_BY_HOW_MUCH = late("[低少高多差]了?$")
_SENTENCE = late(r"[。;\n]+\s*")


class Reason(Struct, frozen=True):
    """A reason cell taken apart.

    `leading` are the quantities that open it, `text` what stands behind them (None when nothing
    does), `substance` the text without numbers, units and words that only restate a figure.
    """

    leading: tuple[Quantity, ...]
    text: str | None
    substance: str | None
    clauses: int


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(lexicon.alternation(lexicon.words("reasons", "lead")) + r"?\s*[:为]?\s*")


def read_reason(text: str | None) -> Reason | None:
    """Return the reading of a reason cell; None when it is blank or says that there is no reason (无, 不适用)."""
    if is_blank(text):
        return None
    assert text is not None
    source = plain(text[:20_000])
    if _bare(source) in lexicon.words("reasons", "none"):
        return None
    leading, end = _leading(source)
    rest: str | None = source[end:].strip()
    if is_blank(rest):
        rest = None
    return Reason(leading, rest, _substance(source) if rest else None, len(clauses(rest)) if rest else 0)


def _bare(source: str) -> str:
    return squeezed(source).strip("。.,;")


def stated(text: str) -> str | None:
    """Return what the foot of a form gives as reasons; None when it says that there are none (无, 不存在偏差较大的情况)."""
    source = plain(text[:20_000])
    whole = _bare(source)
    if is_blank(source) or whole in lexicon.words("reasons", "none") or lexicon.pattern("reasons", "denials").fullmatch(whole):
        return None
    return source


def on_funds(text: str) -> str | None:
    """Return the sentences that speak of budget or money; None when none does. Instructions of a blank form (请…说明) are no remarks."""
    kept = [part for part in _SENTENCE.split(plain(text[:20_000])) if lexicon.word_pattern("reasons", "funds").search(part) and not part.startswith("请")]
    return "；".join(kept) or None


def _leading(source: str) -> tuple[tuple[Quantity, ...], int]:
    """Return the quantities of the first clauses made of nothing else, and where the text behind them begins."""
    found = find_quantities(source)
    if not found:
        return (), 0
    lead = _lead().match(source)
    position = lead.end() if lead else 0
    taken: list[Quantity] = []
    end = 0
    for quantity in found:
        gap = _GAP.match(source, position)
        if (gap.end() if gap else position) != quantity.start or quantity.depth:
            break
        noun = _NOUN.match(source, quantity.end)
        if noun is None or lexicon.word_pattern("reasons", "happenings").search(noun.group()):
            break
        taken.append(quantity)
        position = end = noun.end()
    if not taken:
        return (), 0
    close = _CLOSE.match(source, end)
    return tuple(taken), close.end() if close else end


def _substance(source: str) -> str | None:
    rest = source
    for quantity in reversed(find_quantities(source)):
        rest = _BY_HOW_MUCH.sub("", rest[: quantity.start]) + " " + rest[quantity.end :]
    rest = _NUMBERS.sub(" ", rest)
    said = lexicon.word_pattern("reasons", "restating").sub("", rest)
    return squeezed(rest).strip(",;。、:()%‰") if content_length(said) >= 2 else None


def has_measures(text: str) -> bool:
    """Tell whether a reason names a corrective measure."""
    return lexicon.word_pattern("reasons", "measures").search(text) is not None


def is_external(text: str) -> bool:
    """Tell whether a reason blames what lies outside the unit and nothing of its own planning."""
    outside, own = lexicon.word_pattern("reasons", "external"), lexicon.word_pattern("reasons", "planning")
    return outside.search(text) is not None and own.search(text) is None


def is_stock(text: str) -> bool:
    """Tell whether a reason is a stock phrase and nothing else."""
    return squeezed(text).strip("。.,;") in lexicon.words("reasons", "stock")

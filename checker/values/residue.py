"""What templates and systems leave behind: markup, prompts, cut texts, document numbers with wrong brackets."""

from __future__ import annotations

import re

from checker.late import late
from checker.values import lexicon
from checker.values.text import content_length, half_width

MAX_TEXT = 20_000
_CLOSED = late(r"[。！？!?；;.…)）”\"』」》】]$")
_COUNTED = late(r"[0-9%％‰元个人次项户件]$")
_CLAUSE = late(r"[,，、;；:：。\n]")
_OFFICE = r"[\u4e00-\u9fff]{1,10}"
_WRONG = (
    re.compile(rf"{_OFFICE}[【\[（(［][ ]?(?:19|20)[0-9]{{2}}[ ]?[】\]）)］][ ]?第?[ ]?[0-9]{{1,5}}[ ]?号"),
    re.compile(rf"{_OFFICE}〔[ ]?(?:19|20)[0-9]{{2}}[ ]?〕[ ]?(?:第[ ]?[0-9]{{1,5}}|0[0-9]{{0,4}})[ ]?号"),
)
_HEAD = late(
    r"^(?:根据|按照|依据|参照|依照|见|详见|和|及|与|关于|的|以|由|在|对照|印发|下达|执行|贯彻|落实|文件)+"
)


def markup_left(text: str | None) -> str | None:
    """Return the first HTML tag or entity left in a text, None when there is none."""
    found = lexicon.pattern("residue", "markup").search(text[:MAX_TEXT]) if text else None
    return found[0] if found else None


def prompt_left(text: str | None) -> str | None:
    """Return the first template prompt or placeholder left in a text (100字以内, XX, (-年-月-日)), None when there is none."""
    found = lexicon.pattern("residue", "prompts").search(text[:MAX_TEXT]) if text else None
    return found[0] if found else None


def document_number_fault(text: str | None) -> str | None:
    """Return the first document number whose year is not in 〔〕 (沪财绩【2022】13号) or that adds 第 or a leading zero."""
    if not text or "号" not in text:
        return None
    for pattern in _WRONG:
        if found := pattern.search(text[:MAX_TEXT]):
            return _HEAD.sub("", found[0])
    return None


def cut_end(text: str | None) -> str | None:
    """Return how a narrative that breaks off ends (…推进残疾), None when it does not break off."""
    return f"…{text.strip()[-10:]}" if text and is_cut_text(text) else None


def is_cut_text(text: str | None) -> bool | None:
    """Tell whether a narrative breaks off; None for a blank one.

    It does when it has no closing mark and either fills a known field limit to 95 %, or ends in a
    clause of at most four characters although it closes its other sentences. Numbers with units and
    words that end a clause well are no break.
    """
    if not text:
        return None
    text = text.strip()
    if not text or _CLOSED.search(text) or _COUNTED.search(text):
        return False
    whole = half_width(text)
    limits = [int(limit) for limit in lexicon.words("residue", "limits")]
    if any(limit * 95 <= len(whole) * 100 <= limit * 100 for limit in limits):
        return True
    last = _CLAUSE.split(text)[-1]
    ended = text.count("。") + text.count(";") + text.count("；")
    return (
        ended >= 2
        and len(text) >= 100
        and 1 <= content_length(last) <= 4
        and not last.endswith(lexicon.words("residue", "closing"))
    )

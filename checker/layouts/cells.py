"""Text of one cell → comparable title, clean text, money unit: no knowledge of any layout."""

from __future__ import annotations

import re
import unicodedata

from checker.late import late
from checker.remembered import remembered
from checker.values.text import simplified

_BREAK = late(r"[\n\r\u2028\v]")
_TAG = late(r"<[\s/]{0,4}(?:p|br|div|span|b|strong|u|i|font|o:p|td|tr)\b[^<>]{0,400}>", re.IGNORECASE)
_LIST_MARK = late(r"^(?:[★☆*▲●◆·]+|\(?\d{1,2}[).、．](?!\d)|\d{1,2}\.(?!\d)|[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十\d]{1,2}\))+")
_NUMBERED = late(r"^(?:目标|任务|指标)\s*[\d一二三四五六七八九十]")
_FOREIGN = late(r"(?<=[\u4e00-\u9fff]{2})[A-Za-z][A-Za-z .&'/-]{2,60}$")
_OPEN, _CLOSE = "([{【〔（［", ")]}】〕）］"

_BRACKET = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")

NOT_APPLICABLE = frozenset(["—", "–", "-", "－", "/", "／", "\\", "──", "——", "--", "／／", "//", "―", "﹣", "─", "一", "━"])
"""Cell texts that say "does not apply": the value is blank, not unread."""


_OPERATOR = re.compile(r"[≥≤≧≦><=═≈±]=?|大于等于|小于等于|大于或等于|小于或等于|大于|小于|等于|不低于|不高于|不少于|不多于|不小于|不大于|不超过|至少|至多")


@remembered
def plain(text: str) -> str:
    """Return the text in NFKC without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_operator(text: str) -> bool:
    """True for a sign or word of comparison alone, as it stands in a column of its own."""
    return _OPERATOR.fullmatch(plain(text)) is not None


def without_brackets(text: str) -> str:
    """Drop bracketed parts, nested ones with their outermost; an unclosed bracket drops nothing."""
    depth, opened, behind = 0, 0, 0
    kept: list[str] = []
    for mark in _BRACKET.finditer(text):
        if mark.group() in _OPEN:
            opened = opened if depth else mark.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                kept.append(text[behind:opened])
                behind = mark.end()
    return "".join(kept) + text[behind:] if kept else text


@remembered
def title_key(text: str) -> str:
    """Return what titles are compared by: NFKC, no white space, no brackets, no list marks, no colons, no English behind the Chinese."""
    if len(text) > 400:
        return ""
    key = simplified(plain(text)).replace("《", "").replace("》", "")
    bare = without_brackets(_LIST_MARK.sub("", key))
    if bare and "a" <= bare[-1].lower() <= "z":
        bare = _FOREIGN.sub("", bare)
    return bare.strip(":;,.。、*★☆_")


@remembered
def clean(text: str) -> str:
    """Return the text as filed on one line: trimmed, broken lines joined (a blank between Latin words)."""
    if not _BREAK.search(text):
        return text.strip()
    parts = [part.strip() for part in _lines(text)]
    joined = ""
    for part in parts:
        if not part:
            continue
        if joined and joined[-1].isascii() and joined[-1].isalnum() and part[0].isascii() and part[0].isalpha():
            joined += " "
        joined += part
    return joined


def label(text: str) -> str:
    """Return a heading or level label: as filed, without white space."""
    return "".join(text.split())


def narrative(text: str, paged: bool = False) -> str:
    """Return a long text: paragraphs kept, each trimmed.

    On a page a line may end where the page does: with `paged` a line that does not end a sentence goes
    on in the next one, unless that begins with a list mark.
    """
    parts = [part for part in (line.strip() for line in _lines(text)) if part]
    if not paged:
        return "\n".join(parts)
    made: list[str] = []
    for part in parts:
        if made and made[-1][-1] not in "。！？；;:：!?" and not _LIST_MARK.match(plain(part)) and not _NUMBERED.match(part):
            made[-1] += part
        else:
            made.append(part)
    return "\n".join(made)


def strip_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without HTML tags (a paragraph's end is a line end) and the tags found."""
    if "<" not in text:
        return text, ()
    found = tuple(dict.fromkeys(match.group(0) for match in _TAG.finditer(text)))
    if not found:
        return text, ()
    return _TAG.sub("\n", text), found


@remembered
def blank(text: str) -> bool:
    """True for an empty cell or one with a mark for "does not apply"."""
    key = plain(text)
    return not key or key in NOT_APPLICABLE


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\v", "\n").split("\n")


@remembered
def money_unit(text: str) -> str | None:
    """Return 元, 万元 or 亿元 when a heading names it in brackets, after 单位: or at its end; else None."""
    if "元" not in text:
        return None
    key = simplified(plain(text))
    match = re.search(r"[(\[]?(?:金额)?单位[:;]?(亿元|万元|千元|元)", key) or re.search(r"\((?:单位:)?(亿元|万元|千元|元)\)", key)
    return match.group(1) if match else None

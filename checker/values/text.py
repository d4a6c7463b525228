"""Widths, operator spellings and Han characters of cell texts."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from checker.late import late

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF |= {
    ord(old): ord(new)
    for old, new in {
        "　": " ",
        "\u00a0": " ",
        "≧": "≥",
        "≦": "≤",
        "═": "=",
        "﹪": "%",
        "﹥": ">",
        "﹤": "<",
        "﹦": "=",
        "⩾": "≥",
        "⩽": "≤",
        "〜": "~",
        "～": "~",
        "﹣": "-",
        "−": "-",
    }.items()
}
_DROPPED: dict[int, int | None] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))
_READ: dict[int, int | None] = {**_HALF, **_DROPPED}
SHORT = 120
"""Longest text whose reading is kept: the same figures and words stand in many cells and are asked for by several readings."""
KEPT = 1 << 15
"""So many readings of a kind are kept, a bound on memory."""
_PINYIN = late(r"\([a-zēéěèāáǎàīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\)")
_SPACES = late(r"\s+")
_CONTENT = late(r"[0-9A-Za-z\u3400-\u9fff\U00020000-\U0003ffff]")
_HAN = late(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CLAUSE = late(r"[,;。!?\n]+")


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and punctuation as half-width, one character for one."""
    return text.translate(_HALF)


def plain(text: str) -> str:
    """Return the text as the value readers see it: half-width, entities resolved, `>=` as ≥, `<=` as ≤, trimmed."""
    return _plain_kept(text) if len(text) <= SHORT else _plain(text)


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_READ)
    if "(" in text:
        text = _PINYIN.sub("", text)
    if ">" in text or "<" in text:
        text = re.sub(r">\s?=|=\s?>", "≥", text)
        text = re.sub(r"<\s?=|=\s?<", "≤", text)
    return text.strip()


_plain_kept = lru_cache(maxsize=KEPT)(_plain)


def squeezed(text: str) -> str:
    """Return `plain` text without any white space."""
    return _squeezed_kept(text) if len(text) <= SHORT else _squeezed(text)


def _squeezed(text: str) -> str:
    return _SPACES.sub("", plain(text))


_squeezed_kept = lru_cache(maxsize=KEPT)(_squeezed)


def is_blank(text: str | None) -> bool:
    """Tell whether the text holds no letter, digit or Han character."""
    return text is None or (_CONTENT.search(text) is None and _CONTENT.search(half_width(text)) is None)


def content_length(text: str) -> int:
    """Count the Han characters and letters of a text."""
    return len(_HAN.findall(text)) + len(re.findall(r"[A-Za-z]", text))


def letters(text: str) -> str:
    """Return only letters, digits and Han characters, half-width, for comparing names."""
    return "".join(_CONTENT.findall(half_width(text)))


def clauses(text: str) -> list[str]:
    """Return the clauses of a text, split at commas, semicolons and full stops, empty ones left out."""
    return [part for raw in _CLAUSE.split(half_width(text).replace("；", ";")) if (part := raw.strip())]


def depths(text: str) -> list[int]:
    """Return for each character how many round brackets stand open before it."""
    result: list[int] = []
    depth = 0
    for char in text:
        if char == ")" and depth:
            depth -= 1
        result.append(depth)
        if char == "(":
            depth += 1
    return result

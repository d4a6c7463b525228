"""Widths, operator spellings and Han characters of cell texts."""

from __future__ import annotations

import html
import re

from checker.late import late
from checker.remembered import remembered
from checker.values.lexicon import words

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
        "∶": ":",
    }.items()
}
_SIMPLE = {ord(pair[0]): ord(pair[1]) for pair in words("characters", "traditional")}
"""Characters in the script of old prints, of Hong Kong, Macao and Taiwan, one for one; what forms say stays as filed."""
_TRADITIONAL = frozenset(map(chr, _SIMPLE))
_HALF |= _SIMPLE
_DROPPED: dict[int, int | None] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))
_READ: dict[int, int | None] = {**_HALF, **_DROPPED}
_PINYIN = late(r"\([a-zēéěèāáǎàīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\)")
_SPACES = late(r"\s+")
_CONTENT = late(r"[0-9A-Za-z\u3400-\u9fff\U00020000-\U0003ffff]")
_HAN = late(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CLAUSE = late(r"[,;。!?\n]+")


def simplified(text: str) -> str:
    """Return the text in simplified characters, one for one; most texts hold no others."""
    return text if _TRADITIONAL.isdisjoint(text) else text.translate(_SIMPLE)


@remembered
def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and punctuation as half-width and Han characters simplified, one for one."""
    return text.translate(_HALF)


@remembered
def plain(text: str) -> str:
    """Return the text as the value readers see it: half-width, entities resolved, `>=` as ≥, `<=` as ≤, trimmed."""
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


@remembered
def squeezed(text: str) -> str:
    """Return `plain` text without any white space."""
    return _SPACES.sub("", plain(text))


def is_blank(text: str | None) -> bool:
    """Tell whether the text holds no letter, digit or Han character."""
    return text is None or _says_nothing(text)


@remembered
def _says_nothing(text: str) -> bool:
    return _CONTENT.search(text) is None and _CONTENT.search(half_width(text)) is None


def content_length(text: str) -> int:
    """Count the Han characters and letters of a text."""
    return len(_HAN.findall(text)) + len(re.findall(r"[A-Za-z]", text))


@remembered
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

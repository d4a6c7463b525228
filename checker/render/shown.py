"""Text of strangers as it may be shown: what a reader cannot see, or a terminal would obey, is made visible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = str.maketrans({"\n": "␊", "\t": "␉"})


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"[U+{code:04X}]"


def visible(text: str, *, one_line: bool = False) -> str:
    """Return the text with control, bidirectional, zero-width and unpaired surrogate characters spelled out.

    C0 controls become their pictures (␛), the others `[U+202E]`. Line feeds and tabs stay, unless
    `one_line` asks for their pictures too. Linear in the length of the text.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _HIDDEN.sub(_sign, text.replace("\r\n", "\n"))
    return text.translate(_LINE_ENDS) if one_line else text


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters, an ellipsis standing for the rest."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def minus(value: object) -> str:
    """Write a number with a real minus sign."""
    text = str(value)
    return f"−{text[1:]}" if text[:1] == "-" and text[1:2].isdigit() else text


def width(text: str) -> int:
    """Return the columns a text takes on a terminal: East Asian wide and full-width characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


_sign_width = lru_cache(1 << 12)(width)
"""The width of one character: the same ones come again and again."""


def pad(text: str, columns: int) -> str:
    """Return the text with spaces up to a number of terminal columns."""
    return text + " " * (columns - width(text))


_CLOSING = frozenset("，。、；：！？）》〉】〕」』”’…％,.;:!?)]}%")
_OPENING = frozenset("（《〈【〔「『“‘([{")


def _may_part(before: str, after: str) -> bool:
    """Say whether a line may end between two characters: behind a space and beside a wide one, but no line begins with a closing mark or ends with an opening one."""
    if after == " " or after in _CLOSING or before in _OPENING:
        return False
    return before == " " or _sign_width(before) == 2 or _sign_width(after) == 2


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns` terminal columns; a word or number is broken only where it takes most of a line."""
    return list(lines(text, columns))


def lines(text: str, columns: int) -> Iterator[str]:
    """Yield the lines of `wrapped` one by one, so that who needs the first only need not wait for the others."""
    for paragraph in text.split("\n"):
        if 2 * len(paragraph) <= columns:
            yield paragraph
            continue
        line, used, cut = "", 0, 0
        for char in paragraph:
            size = _sign_width(char)
            if line and _may_part(line[-1], char):
                cut = len(line)
            if used + size > columns and line:
                if char == " ":
                    yield line
                    line, used, cut = "", 0, 0
                    continue
                end = cut if cut > len(line) // 3 else len(line)
                yield line[:end].rstrip(" ")
                line, cut = line[end:], 0
                used = width(line)
            line += char
            used += size
        yield line

"""Text as a person sees it: lines without invisible characters, damage named."""

from __future__ import annotations

from checker.late import late
from checker.readers.symbols import PRIVATE as SYMBOLS
from checker.remembered import remembered

INVISIBLE = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]")
SPACES = late(r"[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f]+")
UNTIDY = late(f"{INVISIBLE.pattern}|[\t-\r\u00a0\u1680\u2000-\u200a\u202f\u205f\ue000-\uf8ff]|  ")
# A source line broken between two wide characters shows no gap worth keeping.
BROKEN = late("(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f])[ \t\r\f]*\n[ \t\r\f]*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f])")
DAMAGED = "\ufffd"
PRIVATE = late("[\ue000-\uf8ff\U000f0000-\U000ffffd]")

# What offices print where a column is too narrow, an encoding was lost or a font lacks its characters.
NOT_SHOWN = late(r"\s*(?:[#＃]{2,}|[?？]{2,}|[■▇█▓▒]{2,})\s*")
ERROR = late(r"\s*(#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!))\s*")
LOST = frozenset("#＃?？■▇█▓▒")


def words(text: str) -> frozenset[str]:
    """Returns the words of a text as a set; for tables of names."""
    return frozenset(text.split())


@remembered
def tidy(text: str) -> str:
    """Returns one line with invisible characters dropped, spaces collapsed and ends trimmed (an ideographic space stays inside)."""
    if not UNTIDY.search(text):
        return text.strip(" \u3000")
    if PRIVATE.search(text):
        text = "".join(SYMBOLS.get(ord(char), char) for char in text)
    return SPACES.sub(" ", INVISIBLE.sub("", text).replace("\n", " ")).strip(" \u3000")


@remembered
def wrapped(text: str) -> str:
    """Returns source text whose line ends are white space (HTML) as one line; none is left between wide characters."""
    if "\n" in text:
        text = BROKEN.sub("", text)
    return tidy(text)


@remembered
def damage(text: str) -> str | None:
    """Returns why a text cannot be trusted: undecodable bytes, characters of a private font or signs instead of what stood there;
    None when it can.
    """
    if text.lstrip()[:1] in LOST:
        if error := ERROR.fullmatch(text):
            return f"单元格为错误值 {error.group(1)}"
        if NOT_SHOWN.fullmatch(text):
            return "内容没有显示出来，只有符号"
    if text.isascii():
        return None
    if DAMAGED in text or "锟斤拷" in text:
        return "含无法识别的字符（乱码）"
    if PRIVATE.search(text):
        return "含专用字体的字符，无法识别"
    return None

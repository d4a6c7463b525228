"""Sheets and shared strings in the plain form office programs write, read in one pass of a regular expression.

The expression must account for every character of the cells; a tag, attribute or reference it does not know leaves the
part to the careful reader of `xlsx_sheet`, which reads XML of any form, gives the same cells, and names what is wrong. What
stands around the cells (columns, merged areas, name spaces, document types) goes through the XML parser in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

LARGEST = 1 << 23
"""Larger parts are streamed by the careful reader, so that they never stand in memory as a whole."""
DEEPEST = 6
"""Elements within each other in a plain sheet: a limit below it is for the careful reader to watch."""

MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
DECLARED = r"""(?:<\?xml version=["']1\.0["'] encoding=["'](?:UTF|utf)-8["'](?: standalone=["'](?:yes|no)["'])? ?\?>)?\s{0,4}"""
SHEET = re.compile(rf'{DECLARED}<worksheet xmlns="{MAIN}"[ >]')
STRINGS = re.compile(rf'{DECLARED}<sst xmlns="{MAIN}"(?: count="\d{{1,9}}")?(?: uniqueCount="\d{{1,9}}")?>')
STRING = re.compile(r'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*+)</t>)(?:<phoneticPr fontId="\d{1,5}"(?: type="\w{1,30}")?(?: alignment="\w{1,30}")?/>)?</si>')
FORMULA = r'<f(?: t="shared"(?: ref="[A-Z0-9:]{1,20}")? si="\d{1,6}")?(?:/>|>(?:[^<&]|&(?:lt|gt|amp|quot|apos);)*+</f>)'
TOKEN = re.compile(
    r'<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: s="(\d{1,5})")?(?: t="(s|str|n|b|e|inlineStr)")?'
    rf'(?:/>|>({FORMULA})?(?:<v>([^<]*+)</v>|<v/>)?(?:<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?</c>)'
    r'|<row r="([1-9]\d{0,6})"((?: (?:x14ac:)?[A-Za-z]{1,20}="[^"<&]{0,100}")*+)(/?)>'
    r"|(</row>)"
)
WIDTH = 12
"""Groups of TOKEN with the gap behind them."""
ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
ODD = bytes(code for code in range(0x20) if code not in b"\t\n")
"""Characters that may not stand in XML, and line ends that a parser would change."""
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

Token = tuple[str, str, str, str, str, str, str, str, str, str, str, str]
"""Of a cell: letters, row from 1, style, type, formula, value, inline text; of a row: number, attributes, `/` of an empty one; its end; what is unread."""


class NotPlain(Exception):
    """The part is not of the plain form: the careful reader takes it."""


def plain_strings(data: bytes, cleaned: Callable[[str], str]) -> tuple[str, ...]:
    """Returns the shared strings, each passed through `cleaned`. Raises NotPlain."""
    text = _text(data)
    head, end = STRINGS.match(text), text.rfind("</sst>")
    if head is None or end < head.end() or text[end + 6 :].strip(" \t\r\n"):
        raise NotPlain
    inner = text[head.end() : end]
    _check(inner.encode())
    parts = STRING.split(inner)
    if any(parts[::2]):
        raise NotPlain
    if "&" in inner:
        return tuple([cleaned(resolved(part)) if part else "" for part in parts[1::2]])
    return tuple([cleaned(part) if part else "" for part in parts[1::2]])


def plain_sheet(data: bytes) -> tuple[str, str]:
    """Returns the XML around the cells of a sheet and that of the cells. Raises NotPlain."""
    start, end = data.find(b"<sheetData>") + 11, data.find(b"</sheetData>")
    if start < 11 or end < start or data.count(b"sheetData>") != 2:
        raise NotPlain
    _check(data[start:end])
    around, inner = _text(data[:start] + data[end:]), _text(data[start:end])
    if "<!" in around or not SHEET.match(around):
        raise NotPlain
    return around, inner


def tokens(inner: str) -> Iterator[Token]:
    """Returns an iterator over rows and cells; the last part of each is what stood unread behind it. Raises NotPlain."""
    parts = iter(TOKEN.split(inner))
    if next(parts):
        raise NotPlain
    return zip(*[parts] * WIDTH, strict=True)


def _check(data: bytes) -> None:
    if len(data.translate(None, ODD)) != len(data) or b"]]>" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        raise NotPlain


@lru_cache(maxsize=1 << 10)
def hides(attributes: str, extended: bool) -> bool:
    """Returns whether the attributes of a row hide it; `extended` says that their second name space is declared. Raises NotPlain."""
    found = ATTRIBUTE.findall(attributes)
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or "r" in names or (not extended and any(":" in name for name in names)):
        raise NotPlain
    return dict(found).get("hidden") in ("1", "true", "on")


def resolved(text: str) -> str:
    """Returns text with its references to characters resolved. Raises NotPlain for others."""
    return REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    named, decimal, hexadecimal = match.groups()
    if named:
        return NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if not (code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000):
        raise NotPlain
    return chr(code)


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise NotPlain
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlain from None

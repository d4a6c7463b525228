"""Sheets and shared strings in the plain form office programs write, read in one pass of a regular expression.

The expression must account for every character of the cells; a tag, attribute or reference it does not know leaves the
part to the careful reader of `xlsx_sheet`, which reads XML of any form, gives the same cells, and names what is wrong. What
stands around the cells (columns, merged areas, name spaces, document types) goes through the XML parser in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from checker.remembered import remembered

LARGEST = 1 << 23
"""Larger parts are streamed by the careful reader, so that they never stand in memory as a whole."""

MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
DECLARED = r"""(?:<\?xml version=["']1\.0["'] encoding=["'](?:UTF|utf)-8["'](?: standalone=["'](?:yes|no)["'])? ?\?>)?\s{0,4}"""
SHEET = re.compile(rf'{DECLARED}<worksheet xmlns="{MAIN}"[ >]')
STRINGS = re.compile(rf'{DECLARED}<sst xmlns="{MAIN}"(?: count="\d{{1,9}}")?(?: uniqueCount="\d{{1,9}}")?>')
STRING = re.compile(r'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*+)</t>)(?:<phoneticPr fontId="\d{1,5}"(?: type="\w{1,30}")?(?: alignment="\w{1,30}")?/>)?</si>')
FORMULA = r'<f(?: t="shared"(?: ref="[A-Z0-9:]{1,20}")? si="\d{1,6}")?(?:/>|>(?:[^<&]|&(?:lt|gt|amp|quot|apos);)*+</f>)'
TOKEN = re.compile(
    r'<c r="([A-Z]{1,3})([1-9]\d{0,6})"((?: [st]="\w{1,9}"){0,2})(?:/>|>(?:<v>([^<]*+)</v>|((?:[^<]|<(?!/c>))*+))</c>)'
    r'|(<row r="[1-9]\d{0,6}"(?: (?:x14ac:)?[A-Za-z]{1,20}="[^"<&]{0,100}")*+/?>|</row>)'
)
WIDTH = 7
"""Groups of TOKEN with the gap behind them."""
KIND = re.compile(r'(?: s="(\d{1,5})")?(?: t="(s|str|n|b|e|inlineStr)")?|(?: t="(s|str|n|b|e|inlineStr)") s="(\d{1,5})"')
CONTENT = re.compile(rf'({FORMULA})?(?:<v>([^<]*+)</v>|<v/>)?(?:<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?')
DIMENSION = re.compile(r'<dimension ref="[A-Z0-9:]{1,20}"/>')
MERGED = re.compile(r'<mergeCells(?: count="\d{1,9}")?>((?:<mergeCell ref="[A-Z]{1,3}[1-9]\d{0,6}:[A-Z]{1,3}[1-9]\d{0,6}"/>)++)</mergeCells>')
AREA = re.compile(r'"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})"')
ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
ODD = bytes(code for code in range(0x20) if code not in b"\t\n")
"""Characters that may not stand in XML, and line ends that a parser would change."""
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

Token = tuple[str | None, str, str, str, str]
"""Of a cell: letters, row from 1, style and type, value, other content. The tag of a row has no letters."""


class NotPlain(Exception):
    """The part is not of the plain form: the careful reader takes it."""


def plain_strings(data: bytes, cleaned: Callable[[str], str], longest: int) -> tuple[str, ...]:
    """Returns the shared strings; those with an escape or longer than `longest` are passed through `cleaned`. Raises NotPlain."""
    text = _text(data)
    head, end = STRINGS.match(text), text.rfind("</sst>")
    if head is None or end < head.end() or text[end + 6 :].strip(" \t\r\n"):
        raise NotPlain
    inner = text[head.end() : end]
    _check(inner.encode())
    parts = STRING.split(inner)
    if any(parts[::2]):
        raise NotPlain
    texts = [resolved(part) if part else "" for part in parts[1::2]] if "&" in inner else [part or "" for part in parts[1::2]]
    if "_x" in inner or "&" in inner or len(inner) > longest:
        texts = list(map(cleaned, texts))
    return tuple(texts)


def plain_sheet(data: bytes) -> tuple[str, list[tuple[str, str, str, str]], str]:
    """Returns the XML around the cells of a sheet without its extent, its merged areas, and the XML of the cells. Raises NotPlain."""
    start, end = data.find(b"<sheetData>") + 11, data.find(b"</sheetData>")
    if start < 11 or end < start or data.count(b"sheetData>") != 2:
        raise NotPlain
    _check(data[start:end])
    head, tail, inner = _text(data[:start]), _text(data[end:]), _text(data[start:end])
    if "<!" in head or "<!" in tail or not SHEET.match(head):
        raise NotPlain
    merged = MERGED.search(tail)
    areas: list[tuple[str, str, str, str]] = AREA.findall(merged[1]) if merged else []
    return DIMENSION.sub("", head, 1) + (tail[: merged.start()] + tail[merged.end() :] if merged else tail), areas, inner


def tokens(inner: str) -> tuple[Iterator[Token], list[str | None]]:
    """Returns an iterator over cells and tags of rows, and the tags alone with None for each cell. Raises NotPlain."""
    parts = TOKEN.split(inner)
    # The last part of each is what stood unread behind it.
    if parts[0] or any(parts[WIDTH::WIDTH]):
        raise NotPlain
    return zip(*(parts[at::WIDTH] for at in range(1, WIDTH - 1)), strict=True), parts[WIDTH - 1 :: WIDTH]


def hidden_rows(tags: list[str | None], extended: bool) -> list[int]:
    """Returns the numbers from 0 of hidden rows; `tags` and `extended` as of `tokens` and `row_of`. Raises NotPlain for a cell outside a row."""
    hidden: list[int] = []
    inside, last = False, -1
    for at, tag in [(at, tag) for at, tag in enumerate(tags) if tag]:
        if inside is (tag != "</row>") or (not inside and at != last + 1):
            raise NotPlain
        last = at
        if inside:
            inside = False
            continue
        number, unseen, empty = row_of(tag, extended)
        inside = not empty
        if unseen:
            hidden.append(number)
    if inside or last != len(tags) - 1:
        raise NotPlain
    return hidden


def _check(data: bytes) -> None:
    if len(data.translate(None, ODD)) != len(data) or b"]]>" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        raise NotPlain


@lru_cache(maxsize=1 << 12)
def row_of(tag: str, extended: bool) -> tuple[int, bool, bool]:
    """Returns number from 0, whether it is hidden and whether it is empty, of the tag of a row; `extended` says that its second name space is declared. Raises NotPlain."""
    found = ATTRIBUTE.findall(tag)
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or (not extended and any(":" in name for name in names)):
        raise NotPlain
    values = dict(found)
    return int(values["r"]) - 1, values.get("hidden") in ("1", "true", "on"), tag.endswith("/>")


@lru_cache(maxsize=1 << 10)
def kind_of(attributes: str) -> tuple[str, str]:
    """Returns style and type of a cell. Raises NotPlain."""
    found = KIND.fullmatch(attributes)
    if found is None:
        raise NotPlain
    return found[1] or found[4] or "0", found[2] or found[3] or "n"


def content(xml: str) -> tuple[str, str]:
    """Returns formula and text of a cell that holds more than a value. Raises NotPlain."""
    found = CONTENT.fullmatch(xml)
    if found is None:
        raise NotPlain
    return found[1] or "", (found[2] or "") + (found[3] or "")


def resolved(text: str) -> str:
    """Returns text with its references to characters resolved. Raises NotPlain for others."""
    return REFERENCE.sub(_known, text) if "&" in text else text


def _known(match: re.Match[str]) -> str:
    return _character(match[0])


@remembered
def _character(reference: str) -> str:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise NotPlain
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

"""Sheets and shared strings in the plain form office programs write, parted at the marks between which their texts stand.

What stands between two values (the cell's place and style, the end of a row, blank cells) recurs from file to file: a regular
expression must account for every character of it, and its meaning is kept. A tag, attribute or reference it does not know leaves
the part to the careful reader of `xlsx_sheet`, which reads XML of any form, gives the same cells, and names what is wrong. What
stands around the cells (columns, merged areas, name spaces, document types) goes through the XML parser in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from checker.readers.sheet import column_of
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
    r'<c r=("[A-Z]{1,3}[1-9]\d{0,6}"(?: [st]="\w{1,9}"){0,2})(?:/>|>((?:[^<]|<(?!/c>))*+)</c>)'
    r'|(<row r="[1-9]\d{0,6}"(?: (?:x14ac:)?[A-Za-z]{1,20}="[^"<&]{0,100}")*+/?>|</row>)'
)
WIDTH = 4
"""Groups of TOKEN with the gap behind them."""
OPENING = re.compile(rf'"([A-Z]{{1,3}})([1-9]\d{{0,6}})"((?: [st]="\w{{1,9}}"){{0,2}})>({FORMULA})?')
VALUE, VALUED = "><v>", "</v></c>"
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

Opening = tuple[int, int, str, bool, "Between | None"]
"""What a cell says before its value: row and column from 0, style and type, whether it is a formula; what stands before it, if that says anything."""
Between = tuple[tuple[int, ...], tuple[tuple[int, int, str, bool, str], ...], bool]
"""Numbers of hidden rows; cells without a value of their own, with row, column, style and type, whether it is a formula, text; whether a row is open at the end."""


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
    if "<!" in head or "<!" in tail or not SHEET.match(head) or ("x14ac:" in inner and 'xmlns:x14ac="' not in head):
        raise NotPlain
    merged = MERGED.search(tail)
    areas: list[tuple[str, str, str, str]] = AREA.findall(merged[1]) if merged else []
    return DIMENSION.sub("", head, 1) + (tail[: merged.start()] + tail[merged.end() :] if merged else tail), areas, inner


def parted(inner: str) -> tuple[list[str], list[str], str]:
    """Returns what stands before each value, the values, and what stands behind them all, each seen from within a row. Raises NotPlain."""
    parts = f"</row>{inner}".replace(VALUED, VALUE).split(VALUE)
    before, values = parts[::2], parts[1::2]
    # Values must begin and end in turn, and hold no markup.
    if len(before) == len(values) or VALUED.join([*map(VALUE.join, zip(before, values, strict=False)), before[-1]]) != f"</row>{inner}" or "<" in "".join(values):
        raise NotPlain
    return before[:-1], values, before[-1]


@remembered
def opening(before: str) -> Opening:
    """Returns what is said of a cell before its value. Raises NotPlain."""
    aside, mark, head = before.rpartition("<c r=")
    hidden, cells, inside = between(aside)
    if not mark or not inside:
        raise NotPlain
    return *_head(head + ">"), (hidden, cells, inside) if hidden or cells else None


@remembered
def between(xml: str) -> Between:
    """Returns what stands within a row between values: cells that hold something else or nothing, the row's end, further rows. Raises NotPlain."""
    parts = TOKEN.split(xml)
    # The last part of each is what stood unread behind it.
    if parts[0] or any(parts[WIDTH::WIDTH]):
        raise NotPlain
    hidden: list[int] = []
    cells: list[tuple[int, int, str, bool, str]] = []
    inside = True
    for head, more, tag in zip(parts[1::WIDTH], parts[2::WIDTH], parts[3::WIDTH], strict=True):
        if inside is bool(tag and tag != "</row>"):
            raise NotPlain
        if tag == "</row>":
            inside = False
        elif tag:
            number, unseen, empty = _row(tag)
            inside = not empty
            if unseen:
                hidden.append(number)
        elif more:
            row, column, attributes, _ = _head(head + ">")
            cells.append((row, column, attributes, *_content(more)))
    return tuple(hidden), tuple(cells), inside


def _head(xml: str) -> tuple[int, int, str, bool]:
    found = OPENING.fullmatch(xml)
    if found is None:
        raise NotPlain
    letters, row, attributes, formula = found.groups()
    return int(row) - 1, column_of(letters), attributes, bool(formula)


def _check(data: bytes) -> None:
    if len(data.translate(None, ODD)) != len(data) or b"]]>" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        raise NotPlain


@remembered
def _row(tag: str) -> tuple[int, bool, bool]:
    # Number from 0, whether it is hidden and whether it is empty.
    found = ATTRIBUTE.findall(tag)
    values = dict(found)
    if len(values) < len(found):
        raise NotPlain
    return int(values["r"]) - 1, values.get("hidden") in ("1", "true", "on"), tag.endswith("/>")


@remembered
def kind_of(attributes: str) -> tuple[str, str]:
    """Returns style and type of a cell. Raises NotPlain."""
    found = KIND.fullmatch(attributes)
    if found is None:
        raise NotPlain
    return found[1] or found[4] or "0", found[2] or found[3] or "n"


def _content(xml: str) -> tuple[bool, str]:
    # Whether it is a formula, and the text of a cell that holds more than a value.
    found = CONTENT.fullmatch(xml)
    if found is None:
        raise NotPlain
    return bool(found[1]), (found[2] or "") + (found[3] or "")


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

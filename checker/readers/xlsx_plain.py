"""Sheets in the plain form office programs write, parted at the marks between which their texts stand.

What stands between two values (the cell's place and style, the end of a row, blank cells) recurs from file to file: a regular
expression must account for every character of it, and its meaning is kept. A tag, attribute or reference it does not know leaves
the part to the careful reader of `xlsx_sheet`, which reads XML of any form, gives the same cells, and names what is wrong. What
stands around the cells (columns, merged areas, name spaces, document types) goes through the XML parser in any case.
"""

from __future__ import annotations

import re
from functools import partial

from checker.readers.merges import Area
from checker.readers.sheet import Place, column_of, place_of
from checker.remembered import remembered

LARGEST = 1 << 23
"""Larger parts are streamed by the careful reader, so that they never stand in memory as a whole."""

MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
DECLARED = r"""(?:<\?xml version=["']1\.0["'] encoding=["'](?:UTF|utf)-8["'](?: standalone=["'](?:yes|no)["'])? ?\?>)?\s{0,4}"""
SHEET = re.compile(rf'{DECLARED}<worksheet xmlns="{MAIN}"[ >]')
FORMULA = r'<f(?: t="shared"(?: ref="[A-Z0-9:]{1,20}")? si="\d{1,6}")?(?:/>|>(?:[^<&]|&(?:lt|gt|amp|quot|apos);)*+</f>)'
TOKEN = re.compile(
    r'<c r=("[A-Z]{1,3}[1-9]\d{0,6}"(?: [st]="\w{1,9}"){0,2})(?:/>|>((?:[^<]|<(?!/c>))*+)</c>)'
    r'|(<row r="[1-9]\d{0,6}"(?: (?!xmlns=)(?:x14ac:)?[A-Za-z]{1,20}="[^"<&]{0,100}")*+/?>|</row>)'
)
WIDTH = 4
"""Groups of TOKEN with the gap behind them."""
OPENING = re.compile(rf'"([A-Z]{{1,3}})([1-9]\d{{0,6}})"((?: [st]="\w{{1,9}}"){{0,2}})>({FORMULA})?')
VALUE, VALUED = "><v>", "</v></c>"
VALUE_END, INLINE, INLINE_END = "\0", "\1", "\2"
"""Stand for the end of a value, and where a text begins and ends that stands in the cell itself: characters that XML cannot hold."""
KIND = re.compile(r'(?: s="(\d{1,5})")?(?: t="(s|str|n|b|e|inlineStr)")?|(?: t="(s|str|n|b|e|inlineStr)") s="(\d{1,5})"')
CONTENT = re.compile(rf'({FORMULA})?(?:<v>([^<]*+)</v>|<v/>)?(?:<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?')
DIMENSION = re.compile(r'<dimension ref="[A-Z0-9:]{1,20}"/>')
MERGED = re.compile(r'<mergeCells(?: count="\d{1,9}")?>')
AREA = re.compile(r'([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})"/>')
LONG = 400
"""Longest XML between two values whose meaning is kept."""
ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]+)="([^"]*)"')
ODD = bytes(code for code in range(0x20) if code not in b"\t\n")
"""Characters that may not stand in XML, and line ends that a parser would change."""
REFERENCE = re.compile(r"(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

Opening = tuple[Place, str, bool, "Between | None"]
"""What a cell says before its value: place, style and type, whether it is a formula; what stands before it, if that says anything."""
Between = tuple[tuple[int, ...], tuple[tuple[Place, str, bool, str], ...], bool]
"""Numbers of hidden rows; cells without a value of their own, with place, style and type, whether it is a formula, text; whether a row is open at the end."""


class NotPlain(Exception):
    """The part is not of the plain form: the careful reader takes it."""


def plain_sheet(data: bytes) -> tuple[str, list[Area], str]:
    """Returns the XML around the cells of a sheet without its extent, its merged areas, and the XML of the cells. Raises NotPlain."""
    start, end = data.find(b"<sheetData>") + 11, data.rfind(b"</sheetData>")
    if start < 11 or end < start:
        raise NotPlain
    head, tail, inner = decoded(data[:start]), decoded(data[end:]), decoded(data[start:end])
    if "<!" in head or "<!" in tail or not SHEET.match(head) or ("x14ac:" in inner and 'xmlns:x14ac="' not in head.partition("<worksheet")[2].partition(">")[0]):
        raise NotPlain
    areas: list[Area] = []
    before, mark, behind = tail.partition("</mergeCells>")
    if mark:
        before, begun, merged = before.partition("<mergeCells")
        opened, *references = (begun + merged).split('<mergeCell ref="')
        if not MERGED.fullmatch(opened):
            raise NotPlain
        areas += map(_area, references)
    return DIMENSION.sub("", head, 1) + before + behind, areas, inner


@remembered
def _area(reference: str) -> Area:
    found = AREA.fullmatch(reference)
    if found is None:
        raise NotPlain
    left, top, right, bottom = found.groups()
    return int(top) - 1, column_of(left), int(bottom) - 1, column_of(right)


def parted(inner: str) -> tuple[list[str], list[str], str]:
    """Returns what stands before each value, the values, and what stands behind them all, each seen from within a row. Raises NotPlain."""
    inline = "<is>" in inner
    if inline:
        inner = inner.replace('<t xml:space="preserve">', "<t>").replace("><is><t>", VALUE + INLINE).replace("</t></is></c>", INLINE_END + VALUED)
    parts = f"{VALUE_END}</row>{inner}".replace(VALUED, VALUE + VALUE_END).split(VALUE)
    before, values = parts[::2], parts[1::2]
    if inline:
        values = [value[1:-1] if value[:1] == INLINE and value[-1:] == INLINE_END else value for value in values]
    texts = "".join(values)
    # Values begin and end in turn: of all parts those before a value begin with the end of one, as `opening` sees to, and no value does.
    if len(before) == len(values) or "<" in texts:
        raise NotPlain
    check_characters(texts)
    return before[:-1], values, before[-1]


@partial(remembered, longest=LONG)
def opening(before: str) -> Opening:
    """Returns what is said of a cell before its value. Raises NotPlain."""
    aside, mark, head = before.rpartition("<c r=")
    hidden, cells, inside = between(aside)
    if not mark or not inside:
        raise NotPlain
    return *_head(head + ">"), (hidden, cells, inside) if hidden or cells else None


@partial(remembered, longest=LONG)
def between(xml: str) -> Between:
    """Returns what stands within a row behind the end of a value, up to the next: cells that hold something else or nothing, the row's end, further rows. Raises NotPlain."""
    check_characters(xml.removeprefix(VALUE_END))
    parts = TOKEN.split(xml.removeprefix(VALUE_END))
    # The last part of each is what stood unread behind it.
    if not xml.startswith(VALUE_END) or parts[0] or any(parts[WIDTH::WIDTH]):
        raise NotPlain
    hidden: list[int] = []
    cells: list[tuple[Place, str, bool, str]] = []
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
            place, attributes, _ = _head(head + ">")
            cells.append((place, attributes, *_content(more)))
    return tuple(hidden), tuple(cells), inside


@remembered
def _head(xml: str) -> tuple[Place, str, bool]:
    check_characters(xml)
    found = OPENING.fullmatch(xml)
    if found is None:
        raise NotPlain
    letters, row, attributes, formula = found.groups()
    return place_of((int(row) - 1, column_of(letters))), attributes, bool(formula)


def check_characters(text: str) -> None:
    """Raises NotPlain for characters that may not stand in XML, line ends that a parser would change, and the end of a literal part."""
    data = text.encode()
    if len(data.translate(None, ODD)) != len(data) or "]]>" in text or "\ufffe" in text or "\uffff" in text:
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


@partial(remembered, longest=LONG)
def resolved(text: str) -> str:
    """Returns text with its references to characters resolved. Raises NotPlain for others."""
    first, *parts = text.split("&")
    made = [first]
    for part in parts:
        name, mark, rest = part.partition(";")
        if not mark:
            raise NotPlain
        made += _character(name), rest
    return "".join(made)


@remembered
def _character(name: str) -> str:
    match = REFERENCE.fullmatch(name)
    if match is None:
        raise NotPlain
    named, decimal, hexadecimal = match.groups()
    if named:
        return NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if not (code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000):
        raise NotPlain
    return chr(code)


def decoded(data: bytes) -> str:
    """Returns a part as text. Raises NotPlain for one that is over-large or not UTF-8."""
    if len(data) > LARGEST:
        raise NotPlain
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlain from None

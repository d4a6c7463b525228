"""The shared strings of an Excel workbook: in the plain form office programs write parted at once, in any other form through the XML parser.

A text set in several runs (office programs begin one where Chinese characters meet digits) is plain when a regular expression accounts
for every character of the properties of its runs, and none of their fonts shows symbols instead of letters.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from functools import partial

from checker.readers.limits import DEFAULT, PIECE, Limits, unpack
from checker.readers.sheet import too_many
from checker.readers.symbols import table_of, translate
from checker.readers.xlsx_plain import (
    ATTRIBUTE,
    DECLARED,
    LARGEST,
    LONG,
    MAIN,
    NotPlain,
    check_characters,
    decoded,
    resolved,
)
from checker.readers.xlsx_sheet import SHORT, cell_text
from checker.readers.xml_stream import parse
from checker.remembered import remembered

MAX_STRINGS = 4
"""Shared strings for each cell allowed."""
HEAD = re.compile(rf'{DECLARED}<sst xmlns="{MAIN}"(?: count="\d{{1,9}}")?(?: uniqueCount="\d{{1,9}}")?>')
FIRST, NEXT, LAST = "<si><t>", "</t></si><si><t>", "</t></si>"
PHONETIC = re.compile(r'<phoneticPr fontId="\d{1,5}"(?: type="\w{1,30}")?(?: alignment="\w{1,30}")?/></si>')
RUNS, RUN, RUNS_END = "\1", "\2", "\3"
"""Stand where a text of runs begins, between two runs and where it ends: characters that XML cannot hold."""
PROPERTY = re.compile(r'<(rFont|charset|family|b|i|strike|outline|shadow|condense|extend|color|sz|u|vertAlign|scheme)((?: (?:val|rgb|theme|tint|indexed|auto)="[^"<&]{0,60}")*)/>')


def shared_strings(archive: zipfile.ZipFile, name: str, limits: Limits, path: str) -> tuple[str, ...]:
    """Returns the texts in their order, without their fonts; phonetic hints are left out. Raises ReadError for broken XML and beyond the limits."""
    pieces = unpack(archive, name, limits, path)
    if archive.NameToInfo[name].file_size > LARGEST:
        return _any_strings(pieces, limits, path)
    data = b"".join(pieces)
    try:
        strings = plain_strings(data, lambda text: cell_text(text, path, limits), limits.max_cell_text)
    except NotPlain:
        strings = ()
    if strings and limits.max_nesting >= DEFAULT.max_nesting and len(strings) <= MAX_STRINGS * limits.max_cells:
        return strings
    return _any_strings((data[at : at + PIECE] for at in range(0, len(data), PIECE)), limits, path)


def plain_strings(data: bytes, cleaned: Callable[[str], str], longest: int) -> tuple[str, ...]:
    """Returns the shared strings; those with an escape or longer than `longest` are passed through `cleaned`. Raises NotPlain."""
    start, end = data.find(b"<si>"), data.rfind(b"</sst>")
    if not 0 <= start < end or data[end + 6 :].strip(b" \t\r\n") or not HEAD.fullmatch(decoded(data[:start])):
        raise NotPlain
    inner = decoded(data[start:end])
    runs = "<r>" in inner
    if runs:
        inner = _legible(inner)
    if "<phoneticPr" in inner:
        inner = PHONETIC.sub("</si>", inner)
    inner = inner.replace('<t xml:space="preserve"', "<t").replace("<t/>", "<t></t>")
    if runs:
        inner = inner.replace("</t></r><r><t>", RUN).replace("<si><r><t>", FIRST + RUNS).replace("</t></r></si>", RUNS_END + LAST)
    texts = inner[len(FIRST) : -len(LAST)].split(NEXT)
    # Each text stands between four tags, and there are no others.
    if not inner.startswith(FIRST) or not inner.endswith(LAST) or inner.count("<") != 4 * len(texts):
        raise NotPlain
    if runs:
        texts = list(map(_of_runs, texts))
    # A mark of runs that is left stands for a tag without the other that belongs to it.
    held = "".join(texts)
    check_characters(held)
    if "&" in inner and not runs:
        texts = list(map(resolved, texts))
    if "_x" in held or "&" in inner or len(inner) > longest:
        texts = list(map(cleaned, texts))
    return tuple(texts)


def _of_runs(text: str) -> str:
    # A reference to a character stands within one run.
    if text[:1] == RUNS and text[-1:] == RUNS_END:
        return "".join(map(resolved, text[1:-1].split(RUN))) if "&" in text else text[1:-1].replace(RUN, "")
    return resolved(text) if "&" in text else text


def _legible(inner: str) -> str:
    """Return shared strings without the properties of their runs. Raises NotPlain for those that may change a text, and for the marks of runs."""
    first, *parts = inner.split("<rPr>")
    if parts:
        properties, marks, texts = zip(*[part.partition("</rPr>") for part in parts], strict=True)
        if "" in marks:
            raise NotPlain
        for found in set(properties):
            _check_run(found)
        inner = first + "".join(texts)
    if RUNS in inner or RUN in inner or RUNS_END in inner:
        raise NotPlain
    return inner


@partial(remembered, longest=LONG)
def _check_run(properties: str) -> None:
    check_characters(properties)
    at = 0
    for found in PROPERTY.finditer(properties):
        attributes = ATTRIBUTE.findall(found[2])
        values = dict(attributes)
        if found.start() != at or len(values) < len(attributes) or (found[1] == "rFont" and table_of(values.get("val"))):
            raise NotPlain
        at = found.end()
    if at < len(properties):
        raise NotPlain


def _any_strings(parts: Iterable[bytes], limits: Limits, path: str) -> tuple[str, ...]:
    strings: list[str] = []
    pieces: list[str] = []
    taking = phonetic = False
    symbols: dict[int, str] | None = None

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal taking, phonetic, symbols
        short = SHORT.get(tag)
        if short == "t":
            taking = not phonetic
        elif short == "rPh":
            phonetic = True
        elif short == "r":
            symbols = None
        elif short == "rFont":
            symbols = table_of(values.get("val"))

    def end(tag: str) -> None:
        nonlocal taking, phonetic, symbols
        short = SHORT.get(tag)
        if short == "t":
            taking = False
        elif short == "rPh":
            phonetic = False
        elif short == "r":
            symbols = None
        elif short == "si":
            strings.append(cell_text("".join(pieces), path, limits))
            pieces.clear()
            if len(strings) > MAX_STRINGS * limits.max_cells:
                raise too_many("共享文字", MAX_STRINGS * limits.max_cells, path)

    def text(piece: str) -> None:
        if taking:
            pieces.append(translate(piece, symbols) if symbols else piece)

    parse(parts, start, end, text, limits, path)
    return tuple(strings)

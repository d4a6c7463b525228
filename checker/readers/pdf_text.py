"""Characters of a PDF page → lines, and lines of a cell → its text. Pure geometry."""

from __future__ import annotations

import re
from itertools import pairwise
from operator import itemgetter

from msgspec import Struct

from checker.readers.lines import tidy
from checker.readers.pdf_chars import Char

SAME_LINE = 0.5
"""Characters whose centres differ by less, in sizes, stand on one line (sub- and superscripts included)."""
OVERPRINT = 0.25
WIDE_GAP = 0.7
NARROW_GAP = 0.15
COLUMN_GAP = 1.6
PADDING = 6.0
LATIN = re.compile(r"[A-Za-z]")
# How an item of a list begins: it starts a line of its own even where the line above is full.
ITEM = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、．)）]|\d{1,2}\.(?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳]|(?:目标|指标)\d{1,2}[:：、]")
RUNNING = 25
"""A line of running text is at least this many sizes wide; titles and remarks are shorter."""
BY_PLACE = itemgetter(1)
SURROGATE = re.compile("[\ud800-\udfff]")
# What must not begin or end a line: it takes its neighbour along when a line is wrapped.
CLOSING = frozenset("，。、；：？！）》〉】〕」』”’…—％‰℃,.;:?!)]}%")
OPENING = frozenset("（《〈【〔「『“‘([{￥$")
WIDE = "\u2e80"
"""Characters from here on are set on the full width (Han, full-width forms)."""


class Line(Struct):
    """One line of text: what it says, where it stands, how wide its first word is, and where its columns begin and end."""

    text: str
    y: float
    x0: float
    x1: float
    size: float
    head: float
    columns: tuple[tuple[float, float], ...] = ()


def lines(chars: list[Char], columns: bool = False) -> list[Line]:
    """Returns characters as lines from the top down, each read from left to right.

    Spaces of the file and gaps become one space, a gap beside a wide character only when it is clearly
    wider than loose setting; with `columns` gaps that part columns become tabs. Characters printed twice in one
    place (false bold) count once.
    """
    if not chars:
        return []
    centres = [char[0] for char in chars]
    if max(centres) - min(centres) <= SAME_LINE * chars[0][3]:
        line = _line(chars, columns)
        return [line] if line else []
    chars.sort()
    centre, _, _, size, _, _ = chars[0]
    rows: list[list[Char]] = []
    row: list[Char] = []
    for char in chars:
        y, high = char[0], char[3]
        if y - centre > SAME_LINE * (size if size > high else high):
            rows.append(row)
            row = []
            centre, size = y, high
        elif high > size:
            centre, size = y, high
        row.append(char)
    rows.append(row)
    return [line for row in rows if (line := _line(row, columns)) is not None]


def _line(row: list[Char], columns: bool) -> Line | None:
    """Returns the characters of one line as text, None when there are only spaces."""
    row.sort(key=BY_PLACE)
    pieces: list[str] = []
    edge = before = first = size = head = above = 0.0
    # Spaces before the first word take room on the line.
    start = row[0][1]
    last = ""
    spaced = False
    in_head = True
    spans: list[tuple[float, float]] = []
    begun = 0.0
    for _, x0, x1, high, char, _ in row:
        if char == " ":
            spaced = True
            continue
        if not last:
            edge, first, begun, spaced = x0, x0, x0, False
        else:
            if char == last and x0 - before < OVERPRINT * high and 2 * (x0 - before) < x1 - x0:
                continue
            gap = x0 - edge
            beside_wide = char >= WIDE or last >= WIDE
            # A raised figure stands beside larger text.
            wide = high if high > above else above
            if columns and gap > COLUMN_GAP * high:
                pieces.append("\t")
                spans.append((begun, edge))
                begun, in_head = x0, False
            elif spaced or gap > (WIDE_GAP if beside_wide else NARROW_GAP) * wide:
                pieces.append(" ")
                in_head = False
            elif beside_wide and char not in CLOSING and last not in OPENING:
                in_head = False
        pieces.append(char)
        last, before, above, spaced = char, x0, high, False
        if high > size:
            size = high
        if x1 > edge:
            edge = x1
        if in_head:
            head = edge - first
    if not last:
        return None
    text = "".join(pieces)
    if SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Line(text, row[0][0], start, edge, size, head, (*spans, (begun, edge)) if columns else ())


def cell_text(found: list[Line], left: float, right: float) -> str:
    """Returns the text of a cell between `left` and `right`: lines that were only wrapped are joined, others parted by "\\n".

    A line was wrapped when the first word of the next one had no room left on it, and that does not
    begin an item of a list.
    """
    if not found:
        return ""
    if len(found) == 1:
        return tidy(found[0].text)
    padding = max(0.0, min(PADDING, *(min(line.x0 - left, right - line.x1) for line in found)))
    room = right - left - 2 * padding
    pieces = [tidy(found[0].text)]
    for above, line in pairwise(found):
        text = tidy(line.text)
        if not text:
            continue
        last = pieces[-1][-1:]
        if (above.x1 - above.x0) + line.head > room - 0.3 * line.size and not ITEM.match(text):
            if LATIN.match(last) and LATIN.match(text[0]):
                pieces.append(" ")
        else:
            pieces.append("\n")
        pieces.append(text)
    return "".join(pieces)


def paragraphs(found: list[Line]) -> list[Line]:
    """Returns the free lines of a page with wrapped ones joined and those in separate columns apart.

    A line goes on with the next when that begins at the same margin or left of it, close below, in
    the same size, and had no room for its first word. Text parted by wide gaps is not running text.
    """
    edge = max((line.x1 for line in found), default=0.0)
    joined: list[Line] = []
    for line in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and "\t" not in last.text + line.text
            and last.x1 - last.x0 > RUNNING * last.size
            and abs(last.size - line.size) < 0.2 * line.size
            and 0 < line.y - last.y < 2.6 * line.size
            and line.x0 < last.x0 + 0.6 * line.size
            and edge - last.x1 < line.head + 0.5 * line.size
            and not ITEM.match(line.text)
        ):
            between = " " if LATIN.match(last.text[-1:]) and LATIN.match(line.text[:1]) else ""
            joined[-1] = Line(last.text + between + line.text, line.y, min(last.x0, line.x0), line.x1, line.size, last.head)
        else:
            joined.append(line)
    return [piece for line in joined for piece in _columns(line)]


def _columns(line: Line) -> list[Line]:
    """Returns a line cut at its wide gaps, unless single characters stand between them (a title set wide)."""
    parts = line.text.split("\t")
    if len(parts) == 1 or any(len(part.strip()) < 2 for part in parts):
        return [line]
    return [Line(part, line.y, line.x0, line.x1, line.size, line.head) for part in parts]

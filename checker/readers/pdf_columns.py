"""Tables with too few rules: columns from the gaps in the text, or from pdfplumber when the gaps do not tell."""

from __future__ import annotations

import bisect
import logging
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from checker.readers.pdf_page import Page
from checker.readers.pdf_ruled import Rule, merged

if TYPE_CHECKING:
    from checker.readers.pdf_chars import Char
    from checker.readers.pdf_text import Line

SAME_END = 6.0
LONG = 0.3
"""A rule longer than this share of the page's width may belong to a table."""
FEWEST = 3
GAP = 0.8
"""A gap between columns is at least this wide, in character sizes."""

SURE = 1.6
"""White as wide as this, in sizes, parts columns even where it does so in one row only."""
EDGE = 0.5
"""Points that a rule stands before the text behind it."""
BETWEEN = 0.8
OVERLAP = 0.6
LOOSE = 1.2
FLUSH = 0.5
ROOM = 3.0
"""A text that ends less than this many sizes before the next column may have been wrapped: cells have room at both sides."""
"""Lines closer than this share of the usual step, or of a size, are not rows of their own."""


def unsure(page: Page) -> bool:
    """Returns True when a page without a ruled table has long rules and text, so that it may hold a table."""
    across = [rule for rule in merged(page.across) if rule[2] - rule[1] > LONG * page.width]
    down = [rule for rule in merged(page.down) if rule[2] - rule[1] > 0.1 * page.height]
    return len(page.chars) > 20 and (len(across) >= FEWEST or len(down) >= FEWEST)


def from_gaps(page: Page) -> list[Rule]:
    """Returns upright rules for a table that has rules across only, where white parts the texts of its rows; [] when none does.

    A rule is left out of rows whose text crosses it, so that merged cells stay whole.
    """
    across = [rule for rule in merged(page.across) if rule[2] - rule[1] >= LONG * page.width]
    groups: list[list[Rule]] = []
    for rule in sorted(across, key=lambda rule: rule[1] - rule[2]):
        group = next((g for g in groups if g[0][1] - rule[1] < SAME_END and rule[2] - g[0][2] < SAME_END), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    found: list[Rule] = []
    for group in groups:
        if sum(abs(rule[1] - group[0][1]) + abs(rule[2] - group[0][2]) < SAME_END for rule in group) >= FEWEST:
            found += _columns(sorted(group), page.chars)
    return found


def _columns(group: list[Rule], chars: list[Char]) -> list[Rule]:
    """Returns the upright rules of one table by its rules across, the widest of which reach over all of it."""
    left, right = min(rule[1] for rule in group), max(rule[2] for rule in group)
    ys = sorted({rule[0] for rule in group})
    bands: list[list[Char]] = [[] for _ in ys[1:]]
    for char in chars:
        if left <= (char[1] + char[2]) / 2 <= right and ys[0] <= char[0] < ys[-1]:
            bands[bisect.bisect_right(ys, char[0]) - 1].append(char)
    if not any(bands):
        return []
    spans = [_spans(band) for band in bands]
    size = sorted(char[3] for band in bands for char in band)[sum(map(len, bands)) // 2]
    separators = _separators([(end, start) for found in spans for (_, end), (start, _) in pairwise(found)], SURE * size)
    if not separators:
        return []
    rules: list[Rule] = []
    for x in (left, *separators, right):
        # Rows that no rule parts here are one: the text of a cell merged over them crosses in all of them or in none.
        parted = [at for at, y in enumerate(ys) if at in (0, len(ys) - 1) or any(rule[0] == y and rule[1] - SAME_END < x < rule[2] + SAME_END for rule in group)]
        for first, last in pairwise(parted):
            if not any(start < x < end for inside in spans[first:last] for start, end in inside):
                rules.append((x, ys[first], ys[last]))
    return rules


def _separators(gaps: list[tuple[float, float]], sure: float) -> list[float]:
    """Returns the fewest places that lie in all gaps between texts; one that only parts two texts of one row closer than `sure` is none."""
    found: list[float] = []
    left = sorted(gaps, key=itemgetter(1))
    while left:
        x = left[0][1] - EDGE
        within = [gap for gap in left if gap[0] < x]
        if len(within) > 1 or left[0][1] - left[0][0] >= sure:
            found.append(x)
        left = [gap for gap in left[1:] if gap[0] >= x]
    return found


def _spans(band: list[Char]) -> list[tuple[float, float]]:
    """Returns the stretches of text of a row, parted where a gap is wide enough to part columns."""
    spans: list[tuple[float, float]] = []
    for _, x0, x1, size, _, _ in sorted(band, key=lambda char: char[1]):
        if spans and x0 - spans[-1][1] < GAP * size:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def rows_of_several_lines(found: list[tuple[int, Line]]) -> range:
    """Returns the lines (page, line) from the first to the last that stand in columns when they are not one row each.

    Where each row is one line the lines stand evenly. A cell of two lines, or one merged over two rows,
    puts lines between those of its neighbours, or one below them that holds only what goes on; then rows, and columns where cells are merged, cannot be told by lines.
    """
    whole = rows_in_columns(found)
    first, last = whole.start, whole.stop - 1
    steps = [(at, line.y - above.y, line.size) for at, ((page, above), (same, line)) in enumerate(pairwise(found)) if page == same]
    if not steps or not whole:
        return range(0)
    usual = sorted(step for _, step, _ in steps)[len(steps) // 2]
    between = any(step < max(BETWEEN * usual, OVERLAP * size) for at, step, size in steps if first <= at < last)
    wrapped = any(_goes_on(found[at][1], found[at + 1][1]) for at, step, _ in steps if first <= at < last and step < LOOSE * usual)
    return whole if between or wrapped else range(0)


def rows_in_columns(found: list[tuple[int, Line]]) -> range:
    """Returns the lines (page, line) from the first to the last that stand in columns."""
    columns = [at for at, (_, line) in enumerate(found) if "\t" in line.text]
    return range(columns[0], columns[-1] + 1) if columns else range(0)


def _goes_on(above: Line, line: Line) -> bool:
    """Tells whether all texts of a line stand below texts of the line above that have no room for more, and others have nothing below them."""
    before = {round(start): end for start, end in above.columns}
    starts = sorted(before)
    if not 0 < len(line.columns) < len(starts):
        return False
    for start, _ in line.columns:
        own = next((at for at in starts if abs(at - start) < FLUSH * line.size), None)
        following = next((at for at in starts if own is not None and at > own), None)
        if own is None or (following is not None and following - before[own] > ROOM * line.size):
            return False
    return True


def from_pdfplumber(data: bytes, number: int) -> tuple[list[Rule], list[Rule]]:
    """Returns the edges (across, down) of the cells pdfplumber finds on page `number` (from 1) by its text; none when it fails."""
    import io

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    across: list[Rule] = []
    down: list[Rule] = []
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number]) as document:
            page = document.pages[0]
            tables = page.find_tables({"vertical_strategy": "text", "horizontal_strategy": "lines"})
            tables = tables or page.find_tables({"vertical_strategy": "lines", "horizontal_strategy": "text"})
            for table in tables:
                for x0, y0, x1, y1 in table.cells:
                    across += ((y0, x0, x1), (y1, x0, x1))
                    down += ((x0, y0, y1), (x1, y0, y1))
    except Exception:
        # Whatever a broken page makes the other library raise, the text itself has been read.
        return [], []
    return across, down

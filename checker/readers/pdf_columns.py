"""Tables with too few rules: columns from the gaps in the text, or from pdfplumber when the gaps do not tell."""

from __future__ import annotations

import logging
from itertools import pairwise
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

BETWEEN = 0.8
OVERLAP = 0.6
"""Lines closer than this share of the usual step, or of a size, are not rows of their own."""


def unsure(page: Page) -> bool:
    """Returns True when a page without a ruled table has long rules and text, so that it may hold a table."""
    across = [rule for rule in merged(page.across) if rule[2] - rule[1] > LONG * page.width]
    down = [rule for rule in merged(page.down) if rule[2] - rule[1] > 0.1 * page.height]
    return len(page.chars) > 20 and (len(across) >= FEWEST or len(down) >= FEWEST)


def from_gaps(page: Page) -> list[Rule]:
    """Returns upright rules for a table that has rules across only, where white runs through its rows; [] when none does.

    A rule is left out of rows whose text crosses it, so that merged cells stay whole.
    """
    groups: list[list[Rule]] = []
    for rule in merged(page.across):
        if rule[2] - rule[1] < LONG * page.width:
            continue
        group = next((g for g in groups if abs(g[0][1] - rule[1]) < SAME_END and abs(g[0][2] - rule[2]) < SAME_END), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    found: list[Rule] = []
    for group in groups:
        if len(group) >= FEWEST:
            found += _columns(group, page.chars)
    return found


def _columns(group: list[Rule], chars: list[Char]) -> list[Rule]:
    left, right = group[0][1], group[0][2]
    ys = [rule[0] for rule in group]
    bands: list[list[Char]] = [[] for _ in ys[1:]]
    for char in chars:
        if left <= (char[1] + char[2]) / 2 <= right:
            for band, (top, bottom) in enumerate(pairwise(ys)):
                if top <= char[0] < bottom:
                    bands[band].append(char)
    spans = [_spans(band) for band in bands]
    several = [found for found in spans if len(found) > 1]
    if not several:
        return []
    covered = sorted(span for found in several for span in found)
    size = sorted(char[3] for band in bands for char in band)[sum(map(len, bands)) // 2]
    separators, edge = [], covered[0][1]
    for start, end in covered[1:]:
        if start - edge > GAP * size:
            separators.append((edge + start) / 2)
        edge = max(edge, end)
    if not separators:
        return []
    found: list[Rule] = []
    for x in (left, *separators, right):
        for (top, bottom), inside in zip(pairwise(ys), spans, strict=True):
            if not any(start < x < end for start, end in inside):
                found.append((x, top, bottom))
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
    puts lines between those of its neighbours; then rows, and columns where cells are merged, cannot be told by lines.
    """
    steps = [(at, line.y - above.y, line.size) for at, ((page, above), (same, line)) in enumerate(pairwise(found)) if page == same]
    columns = [at for at, (_, line) in enumerate(found) if "\t" in line.text]
    if not steps or not columns:
        return range(0)
    usual = sorted(step for _, step, _ in steps)[len(steps) // 2]
    first, last = columns[0], columns[-1]
    between = any(step < max(BETWEEN * usual, OVERLAP * size) for at, step, size in steps if first <= at < last)
    return range(first, last + 1) if between else range(0)


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

"""One page → the parts of tables on it and the lines around them, each character in one place."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from checker.readers.pdf_page import Page
from checker.readers.pdf_ruled import Ruled, tables
from checker.readers.pdf_text import Char, Line, lines

PAGE_NUMBER = re.compile(r"[\s\-—–─－·.第共/／|]*(?:\d{1,4}|[ivxIVX]{1,6})[\s\-—–─－·.页頁/／|,，共第of]*(?:\d{1,4})?[\s\-—–─－·.页頁]*")
MARGIN = 0.12
STRADDLE = 0.25


@dataclass(slots=True)
class Part:
    """One table on one page: the lines of text in each of its cells.

    `crossed` holds the cells whose text runs over a rule, so that it cannot be told whose it is.
    """

    page: int
    ruled: Ruled
    texts: list[list[Line]]
    crossed: set[int] = field(default_factory=set)

    @property
    def left(self) -> float:
        """Left edge in points."""
        return self.ruled.xs[0]

    @property
    def width(self) -> float:
        """Width in points."""
        return self.ruled.xs[-1] - self.ruled.xs[0]


Piece = Part | Line


@dataclass(slots=True)
class Sheet:
    """A page read: its parts and free lines from the top down; page numbers are left out."""

    page: Page
    pieces: list[Piece]
    parts: list[Part]


def sheet(page: Page, most: int) -> Sheet:
    """Returns the table parts and free lines of a page; raises OverflowError beyond `most` elementary cells."""
    ruled = [table for table in tables(page.across, page.down, most) if table.cells]
    if not ruled and page.fills:
        # Tables shaded cell by cell, without rules: the edges of the shading part the cells.
        across = [(y, box[0], box[2]) for box in page.fills for y in (box[1], box[3])]
        down = [(x, box[1], box[3]) for box in page.fills for x in (box[0], box[2])]
        ruled = [table for table in tables(across, down, most) if len(table.cells) > 3]
    cells, crossed, free = _assigned(page.chars, ruled)
    parts = []
    for table, chars, mixed in zip(ruled, cells, crossed, strict=True):
        texts = [lines(chars[number]) if number in chars else [] for number in range(len(table.cells))]
        # A frame without text (a page border, a stamp box) is no table.
        if any(texts) and (len(table.cells) > 1 or len(ruled) == 1):
            parts.append(Part(page.number, table, texts, mixed))
        else:
            free += [char for found in chars.values() for char in found]
    loose = [line for line in lines(free, columns=True) if not _is_page_number(line, page)]
    pieces: list[tuple[float, int, Piece]] = [(line.y, 0, line) for line in loose]
    pieces += [(part.ruled.ys[0], 1, part) for part in parts]
    return Sheet(page, [piece for _, _, piece in sorted(pieces, key=lambda item: item[:2])], parts)


def _is_page_number(line: Line, page: Page) -> bool:
    return not MARGIN * page.height < line.y < (1 - MARGIN) * page.height and PAGE_NUMBER.fullmatch(line.text) is not None


def _assigned(chars: list[Char], ruled: list[Ruled]) -> tuple[list[dict[int, list[Char]]], list[set[int]], list[Char]]:
    """Gives each character to the smallest table and the cell around its centre.

    Returns the characters by cell of each table, the cells whose text crosses a rule, and the free characters.
    """
    cells: list[dict[int, list[Char]]] = [{} for _ in ruled]
    crossed: list[set[int]] = [set() for _ in ruled]
    crossings: list[tuple[int, int, int]] = []
    free: list[Char] = []
    small_first = sorted(range(len(ruled)), key=lambda n: (ruled[n].xs[-1] - ruled[n].xs[0]) * (ruled[n].ys[-1] - ruled[n].ys[0]))
    views = [(n, ruled[n].xs, ruled[n].ys, ruled[n].owner, cells[n]) for n in small_first]
    right = bisect.bisect_right
    for char in chars:
        y, x0, x1, _, _ = char
        x = (x0 + x1) / 2
        for n, xs, ys, owner, held in views:
            if not (xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]):
                continue
            column, row = right(xs, x) - 1, right(ys, y) - 1
            number = owner[row][column]
            if number in held:
                held[number].append(char)
            else:
                held[number] = [char]
            over = STRADDLE * (x1 - x0)
            beside = column - 1 if x0 < xs[column] - over else column + 1 if x1 > xs[column + 1] + over else -1
            if 0 <= beside < len(xs) - 1 and owner[row][beside] != number:
                crossings.append((n, number, owner[row][beside]))
            break
        else:
            free.append(char)
    for n, one, other in set(crossings):
        _settle(cells[n], crossed[n], one, other)
    return cells, crossed, free


def _settle(held: dict[int, list[Char]], crossed: set[int], one: int, other: int) -> None:
    """Text that runs over the rule between two cells: the cell with more of it gets all when the other holds nothing else."""
    mine, theirs = held.get(one, []), held.get(other, [])
    if not theirs or not mine:
        return
    few, many = (one, other) if len(mine) < len(theirs) else (other, one)
    ys = [char[0] for char in held[many]]
    run = [char for char in held[few] if any(abs(char[0] - y) < 0.3 * char[3] for y in ys[:200])]
    if len(run) == len(held[few]) and _touching(held[few], held[many]):
        held[many] += held.pop(few)
    else:
        crossed.update((one, other))


def _touching(few: list[Char], many: list[Char]) -> bool:
    """Returns True when two runs of characters continue each other without a gap."""
    left, right = min(char[1] for char in few), max(char[2] for char in few)
    start, end = min(char[1] for char in many), max(char[2] for char in many)
    size = few[0][3]
    return abs(left - end) < 0.3 * size or abs(start - right) < 0.3 * size

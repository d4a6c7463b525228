"""One page → the parts of tables on it and the lines around them, each character in one place."""

from __future__ import annotations

import bisect
import re

from msgspec import Struct, field

from checker.readers.pdf_chars import Char
from checker.readers.pdf_overflow import cell_lines
from checker.readers.pdf_page import Page
from checker.readers.pdf_ruled import Ruled, tables
from checker.readers.pdf_text import Line, lines

PAGE_NUMBER = re.compile(r"[\s\-—–─－·.第共/／|]*(?:\d{1,4}|[ivxIVX]{1,6})[\s\-—–─－·.页頁/／|,，共第of]*(?:\d{1,4})?[\s\-—–─－·.页頁]*")
MARGIN = 0.12


class Part(Struct):
    """One table on one page: the lines of text in each of its cells.

    `doubts` says of cells why their text is not certain, `gaps` that its columns are told by the white between texts.
    """

    page: int
    ruled: Ruled
    texts: list[list[Line]]
    doubts: dict[int, str] = field(default_factory=dict)
    gaps: bool = False

    @property
    def left(self) -> float:
        """Left edge in points."""
        return self.ruled.xs[0]

    @property
    def width(self) -> float:
        """Width in points."""
        return self.ruled.xs[-1] - self.ruled.xs[0]


Piece = Part | Line


class Sheet(Struct):
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
    cells, crossed, free = _assigned(page, ruled)
    parts = []
    for table, chars, mixed in zip(ruled, cells, crossed, strict=True):
        texts, doubts, free = cell_lines(page, table, chars, mixed, free)
        # A frame without text (a page border, a stamp box) is no table.
        if any(texts) and (len(table.cells) > 1 or len(ruled) == 1):
            parts.append(Part(page.number, table, texts, doubts))
        else:
            free += [char for found in chars.values() for char in found]
    around: list[Char] = []
    beside: list[Char] = []
    for char in free:
        (beside if any(part.ruled.ys[0] < char[0] < part.ruled.ys[-1] for part in parts) else around).append(char)
    loose = [line for line in lines(around, columns=True) if not _is_page_number(line, page)]
    # What stands between the edge of the page and a table is no page number, unless it stands in a corner.
    inner = MARGIN * page.width
    loose += [line for run in _rows(beside) for line in lines(run) if inner < line.x0 < page.width - inner or not _is_page_number(line, page)]
    pieces: list[tuple[float, int, Piece]] = [(line.y, 0, line) for line in loose]
    pieces += [(part.ruled.ys[0], 1, part) for part in parts]
    return Sheet(page, [piece for _, _, piece in sorted(pieces, key=lambda item: item[:2])], parts)


def _is_page_number(line: Line, page: Page) -> bool:
    return not MARGIN * page.height < line.y < (1 - MARGIN) * page.height and PAGE_NUMBER.fullmatch(line.text) is not None


def _assigned(page: Page, ruled: list[Ruled]) -> tuple[list[dict[int, list[Char]]], list[set[int]], list[Char]]:
    """Gives each character to the smallest table and the cell around its centre.

    Returns the characters by cell of each table, the cells whose text crosses a rule, and the free
    characters. What lies beyond the page's edge counts only within a table that runs over the edge.
    """
    cells: list[dict[int, list[Char]]] = [{} for _ in ruled]
    crossed: list[set[int]] = [set() for _ in ruled]
    crossings: list[tuple[int, int, int, Char]] = []
    free: list[Char] = []
    wide, high = page.width, page.height
    small_first = sorted(range(len(ruled)), key=lambda n: (ruled[n].xs[-1] - ruled[n].xs[0]) * (ruled[n].ys[-1] - ruled[n].ys[0]))
    views = [(n, ruled[n].xs, ruled[n].ys, ruled[n].owner, cells[n]) for n in small_first]
    right = bisect.bisect_right
    # Characters come in runs: most stand in the cell of the one before.
    left = right_edge = top = bottom = 0.0
    bucket: list[Char] = []
    for char in page.chars:
        y, x0, x1, size, _, _ = char
        x = (x0 + x1) / 2
        if left <= x < right_edge and top <= y < bottom and x0 - left > x - x0:
            bucket.append(char)
            continue
        for n, xs, ys, owner, held in views:
            if not (xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]):
                continue
            column, row = right(xs, x) - 1, right(ys, y) - 1
            number = owner[row][column]
            bucket = held.setdefault(number, [])
            bucket.append(char)
            if len(views) == 1:
                box = ruled[n].cells[number]
                left, right_edge = xs[box.column], xs[box.column + box.colspan]
                top, bottom = ys[box.row], ys[box.row + box.rowspan]
            # The first character behind a rule that cuts through a text begins within half a character of the rule.
            if column and x0 - xs[column] < 0.5 * size and owner[row][column - 1] != number:
                crossings.append((n, number, owner[row][column - 1], char))
            break
        else:
            if x1 > 0 and x0 < wide and 0 < y < high:
                free.append(char)
    for n, one, other, char in crossings:
        _settle(page, cells[n], crossed[n], one, other, char)
    for table, held in zip(ruled, cells, strict=True):
        if any(table.below):
            free = _overflowing(table, held, free)
    return cells, crossed, free


def _settle(page: Page, held: dict[int, list[Char]], crossed: set[int], one: int, other: int, char: Char) -> None:
    """Settles text that runs on over the rule between cell `other` and cell `one`, where `char` stands.

    Only a character that goes on without a gap, drawn in one piece with the text before the rule, is
    such a case. The cell with more of the piece gets all of it, unless what is left of the other has more lines; then both are marked.
    """
    mine, theirs = held.get(one), held.get(other)
    if not mine or not theirs:
        return
    y, x0, _, size, _, index = char
    on = next((c for c in theirs if abs(c[2] - x0) < 0.2 * size and abs(c[0] - y) < 0.3 * size), None)
    if on is None or page.run_of(on[5]) != page.run_of(index):
        return
    before, behind = (_piece(page, cell, char) for cell in (theirs, mine))
    giver, piece, taker = (one, behind, other) if len(behind) < len(before) else (other, before, one)
    moved = set(map(id, piece))
    left = [c for c in held[giver] if id(c) not in moved]
    if any(abs(c[0] - y) >= 0.3 * size for c in left):
        crossed.update((one, other))
        return
    held[taker] += piece
    if left:
        held[giver] = left
    else:
        del held[giver]
        crossed.discard(giver)


def _piece(page: Page, cell: list[Char], char: Char) -> list[Char]:
    """Returns the characters of a cell on the line of `char` that were drawn in one piece with it."""
    run = page.run_of(char[5])
    return [c for c in cell if abs(c[0] - char[0]) < 0.3 * char[3] and page.run_of(c[5]) == run]


def _overflowing(table: Ruled, held: dict[int, list[Char]], free: list[Char]) -> list[Char]:
    """Gives lines just below an open lower side to the cell they go on with (page breaks of browsers); returns the others."""
    bottom, last = table.ys[-1], len(table.ys) - 2
    taken: set[int] = set()
    for line_chars in _rows([char for char in free if bottom <= char[0] < bottom + 60]):
        x0, x1 = min(char[1] for char in line_chars), max(char[2] for char in line_chars)
        y, _, _, size, _, _ = line_chars[0]
        number = table.at((x0 + x1) / 2, bottom - 1)
        if number is None or number not in held:
            continue
        box = table.cells[number]
        if not all(table.below[box.column : box.column + box.colspan]):
            continue
        inside = table.xs[box.column] - 1 <= x0 and x1 <= table.xs[box.column + box.colspan] + 1
        below = max(char[0] for char in held[number])
        if inside and box.row + box.rowspan > last and box.colspan < len(table.xs) - 1 and y - below < 3 * size:
            held[number] += line_chars
            taken.update(map(id, line_chars))
    return [char for char in free if id(char) not in taken] if taken else free


def _rows(chars: list[Char]) -> list[list[Char]]:
    """Returns characters grouped by line and by wide gaps within it, from the top down."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (round(char[0] / 3), char[1])):
        last = rows[-1][-1] if rows else None
        if last is None or abs(char[0] - last[0]) > 0.5 * char[3] or char[1] - last[2] > 1.5 * char[3]:
            rows.append([])
        rows[-1].append(char)
    return rows

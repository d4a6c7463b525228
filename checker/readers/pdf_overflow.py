"""Text too long for its row: the lines of one cell printed over its neighbours, as spreadsheets export rows set too low.

Two things together tell whose such lines are: they are drawn one after the other, each below the one before, and
they are centred on one cell. Where only one of them holds, the cells they touch are doubtful, and so are those
whose text may go on where their edge or a row too low cuts it off.
"""

from __future__ import annotations

from checker.readers.pdf_chars import Box, Char
from checker.readers.pdf_page import Page
from checker.readers.pdf_ruled import GAP, Ruled
from checker.readers.pdf_text import Line, lines
from checker.readers.pdf_upended import in_reading_order

CROSSED = "文字越过表格线，分不清属于哪一格"
CUT = "行高不够，文字可能有未印出的部分"
CLIPPED = "文字被单元格边框截去一部分"
ON_LINE = 0.5
LEAST, MOST = 0.8, 2.0
"""How far below each other the lines of one text stand, in sizes."""
ALIGNED = 0.3
LEADING = 1.5
PADDING = 1.0
CENTRED = 0.15
STRADDLE = 0.3
"""A line that reaches beyond a rule by this share of its height may belong to either side."""
UNEVEN = 0.12
"""Distances of lines, and their places within rows, that differ by less than this share of a size are equal."""


def cell_lines(
    page: Page, table: Ruled, held: dict[int, list[Char]], crossed: set[int], free: list[Char]
) -> tuple[list[list[Line]], dict[int, str], list[Char]]:
    """Returns the lines in each cell of a table, why cells are doubtful, and the free characters that are no cell's overflow.

    `held` are the characters that stand in each cell, `crossed` the cells whose text runs over an upright rule.
    """
    texts, doubts, free = _settled(page, table, held, crossed, free)
    for number, chars in _clipped(page, table).items():
        doubts.setdefault(number, CLIPPED)
        # What is cut off can be quoted where nothing else can; it is no reading.
        texts[number] = texts[number] or lines(chars)
    return texts, doubts, free


def _settled(
    page: Page, table: Ruled, held: dict[int, list[Char]], crossed: set[int], free: list[Char]
) -> tuple[list[list[Line]], dict[int, str], list[Char]]:
    numbers = range(len(table.cells))
    texts = [in_reading_order(page, held[number], lines(held[number])) if number in held else [] for number in numbers]
    if not _straddling(table, texts):
        return texts, _cut(table, texts, bool(page.clipped)) | dict.fromkeys(crossed, CROSSED), free
    mine = {id(char) for found in (*held.values(), free) for char in found}
    moved = [(owner, chars) for owner, chars in _overflown(page, table) if all(id(char) in mine for char in chars)]
    gone = {id(char) for _, chars in moved for char in chars}
    texts = [lines([char for char in held.get(number, ()) if id(char) not in gone]) for number in numbers]
    doubts = dict.fromkeys(crossed | _straddling(table, texts), CROSSED)
    for owner, chars in moved:
        if texts[owner]:
            doubts[owner] = CROSSED
        texts[owner] = sorted(texts[owner] + lines(chars), key=lambda line: line.y)
    return texts, _cut(table, texts, True) | doubts, [char for char in free if id(char) not in gone]


def _clipped(page: Page, table: Ruled) -> dict[int, list[Char]]:
    """Returns the cells whose text is cut off, at their own edges or at the edge of a window over all of the table (the page), with what is cut off."""
    found: dict[int, list[Char]] = {}
    for (x0, y0, x1, y1), char in page.clipped:
        number = table.at((x0 + x1) / 2, (y0 + y1) / 2)
        if number is None or not _is_window(table, number, (x0, y0, x1, y1)):
            over = x0 <= table.xs[0] and y0 <= table.ys[0] and table.ys[-1] <= y1
            number = table.at(min((char[1] + char[2]) / 2, x1 - 1, table.xs[-1] - 1), char[0]) if over else None
        if number is not None:
            found.setdefault(number, []).append(char)
    return found


def _is_window(table: Ruled, number: int, window: Box) -> bool:
    top, bottom = _sides(table, number)
    left, right = _walls(table, number)
    return left - GAP <= window[0] and window[2] <= right + GAP and top - GAP <= window[1] and window[3] <= bottom + GAP


def _cut(table: Ruled, texts: list[list[Line]], overflowing: bool) -> dict[int, str]:
    """Returns the cells whose row is too low for one more line and whose last line is full or ends within brackets.

    Programs leave out lines outside a row. A full line tells only on a page where text is `overflowing`; brackets
    that a row at the end of the page leaves open may be closed on the next one.
    """
    found: dict[int, str] = {}
    for number, inside in enumerate(texts):
        if not inside:
            continue
        last = inside[-1]
        top, bottom = _sides(table, number)
        if bottom - top >= (LEADING * (len(inside) + 1) - 1) * last.size:
            continue
        left, right = _walls(table, number)
        full = overflowing and right - left - (last.x1 - last.x0) < last.size + 2 * PADDING
        if full or (bottom < table.ys[-1] and _open_bracket("".join(line.text for line in inside))):
            found[number] = CUT
    return found


def _open_bracket(text: str) -> bool:
    return max(text.rfind("（"), text.rfind("(")) > max(text.rfind("）"), text.rfind(")"))


def _straddling(table: Ruled, texts: list[list[Line]]) -> set[int]:
    """Returns the cells whose lines stand across the rule above or below, and those on its other side."""
    found: set[int] = set()
    for number, inside in enumerate(texts):
        top, bottom = _sides(table, number)
        for line in inside:
            within = (0.5 - STRADDLE) * line.size
            if top + within < line.y < bottom - within or bottom - top < line.size:
                continue
            for beyond in _crossed(line.y, line.size, top, bottom):
                other = table.at((line.x0 + line.x1) / 2, beyond)
                if other is not None and other != number:
                    found.update((number, other))
    return found


def _crossed(y: float, size: float, top: float, bottom: float) -> list[float]:
    """Returns points just beyond the rules at `top` and `bottom` a line reaches over."""
    sides = ((top - y, top - 1), (y - bottom, bottom + 1))
    return [beyond for over, beyond in sides if over + size / 2 > STRADDLE * size]


def _overflown(page: Page, table: Ruled) -> list[tuple[int, list[Char]]]:
    """Returns the texts of several lines that leave the cell they were set in, each with that cell."""
    found = []
    for stack in _stacks(page, page.drawn()):
        chars = [char for row in stack for char in row]
        x0, x1 = min(char[1] for char in chars), max(char[2] for char in chars)
        size = _size(chars)
        first, last = _height(stack[0]), _height(stack[-1])
        owner = table.at((x0 + x1) / 2, (first + last) / 2)
        if owner is None:
            continue
        top, bottom = _sides(table, owner)
        left, right = _walls(table, owner)
        centred = abs(top + bottom - first - last) / 2 < CENTRED * size
        leaves = _crossed(first, size, top, bottom) or _crossed(last, size, top, bottom)
        if centred and leaves and left - 1 <= x0 and x1 <= right + 1 and not _rows(page, table, stack):
            found.append((owner, chars))
    return found


def _rows(page: Page, table: Ruled, stack: list[list[Char]]) -> bool:
    """Returns True when each line stands in a row as a line of its own does: at the same place, across no rule."""
    places = []
    for row in stack:
        y = _height(row)
        number = table.at(row[0][1], y)
        top, bottom = _sides(table, number) if number is not None else (y, y)
        if _crossed(y, _size(row), top, bottom):
            return False
        base = page.baseline(row[0][5])
        places.append((base - top, base - bottom, base - (top + bottom) / 2))
    return any(max(side) - min(side) < UNEVEN * _size(stack[0]) for side in zip(*places, strict=True))


def _sides(table: Ruled, number: int) -> tuple[float, float]:
    box = table.cells[number]
    return table.ys[box.row], table.ys[box.row + box.rowspan]


def _walls(table: Ruled, number: int) -> tuple[float, float]:
    box = table.cells[number]
    return table.xs[box.column], table.xs[box.column + box.colspan]


def _height(row: list[Char]) -> float:
    """Returns where a line stands: the middle of its characters' centres, which fonts on one line move a little."""
    return sorted(char[0] for char in row)[len(row) // 2]


def _size(row: list[Char]) -> float:
    return max(char[3] for char in row)


def _stacks(page: Page, chars: list[Char]) -> list[list[list[Char]]]:
    """Returns texts of two or more lines: lines drawn one after the other, each set below the one before at one pitch."""
    stacks: list[list[list[Char]]] = []
    pitch = bottom = 0.0
    for row in _strings(chars):
        base, size = page.baseline(row[0][5]), _size(row)
        down = base - bottom
        even = pitch == 0.0 or abs(down - pitch) < UNEVEN * size
        if stacks and even and LEAST * size < down < MOST * size and _aligned(stacks[-1][-1], row, size):
            stacks[-1].append(row)
            pitch = down
        else:
            stacks.append([row])
            pitch = 0.0
        bottom = base
    return [stack for stack in stacks if len(stack) > 1]


def _aligned(above: list[Char], row: list[Char], size: float) -> bool:
    """Returns True when two lines have their left ends, their right ends or their middles in common."""
    a, b, c, d = above[0][1], above[-1][2], row[0][1], row[-1][2]
    return min(abs(a - c), abs(b - d), abs(a + b - c - d) / 2) < ALIGNED * size


def _strings(chars: list[Char]) -> list[list[Char]]:
    """Returns characters parted where the next does not go on to the right on the same line."""
    strings: list[list[Char]] = []
    for char in chars:
        last = strings[-1][-1] if strings else None
        size = max(char[3], last[3]) if last else 0.0
        if last and abs(char[0] - last[0]) < ON_LINE * size and -0.5 * size < char[1] - last[2] < 1.5 * size:
            strings[-1].append(char)
        else:
            strings.append([char])
    return strings

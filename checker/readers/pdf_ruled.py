"""Rules of a page → tables of cells. Pure geometry in display space (points, y downwards)."""

from __future__ import annotations

import bisect

from msgspec import Struct, field

Rule = tuple[float, float, float]

SNAP = 2.5
"""Rules closer than this are one (double borders, rows a hair apart)."""
GAP = 3.0
"""Ends of rules closer than this touch (dashes, corners left open)."""
SHORTEST = 4.0
NARROWEST = 4.5
"""Rows and columns narrower than this hold no text; they come from borders drawn twice or a little apart."""
STRIP = 16.0
"""Rows as low as this may be none: merged cells are drawn a little too high or too low."""
FEWEST = 4
"""So many upright rules of one height may be the sides of a row."""
OPEN = 8.0
"""How far rules must reach beyond the outermost rule across them to prove an open side."""


class Box(Struct):
    """One cell: grid position of its top left corner, and its spans."""

    row: int
    column: int
    rowspan: int
    colspan: int


class Ruled(Struct):
    """One ruled table: `xs` and `ys` are the positions of its rules, `owner[row][column]` the index of the cell there.

    `above` and `below` say for each column whether no rule closes the table there (page breaks);
    `irregular` counts cells whose rules do not make a rectangle.
    """

    xs: list[float]
    ys: list[float]
    cells: list[Box] = field(default_factory=list)
    owner: list[list[int]] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)
    below: list[bool] = field(default_factory=list)
    irregular: int = 0

    @property
    def open_top(self) -> bool:
        """True when most of the upper side has no rule."""
        return 2 * sum(self.above) > len(self.above)

    @property
    def open_bottom(self) -> bool:
        """True when most of the lower side has no rule."""
        return 2 * sum(self.below) > len(self.below)

    def at(self, x: float, y: float) -> int | None:
        """Returns the index of the cell around a point, None outside the table."""
        column, row = bisect.bisect_right(self.xs, x) - 1, bisect.bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1:
            return self.owner[row][column]
        return None


def merged(rules: list[Rule]) -> list[Rule]:
    """Returns rules with those at one position snapped together and touching pieces joined, sorted by position."""
    found: list[Rule] = []
    pieces: list[Rule] = []
    for rule in sorted(rules):
        if pieces and rule[0] - pieces[0][0] > SNAP:
            found += _joined(pieces)
            pieces = []
        pieces.append(rule)
    return found + _joined(pieces)


def _joined(pieces: list[Rule]) -> list[Rule]:
    if not pieces:
        return []
    length = sum(end - start for _, start, end in pieces)
    at = sum(p * (end - start) for p, start, end in pieces) / length if length > 0 else pieces[0][0]
    found: list[Rule] = []
    spans = sorted((start, end) for _, start, end in pieces)
    start, end = spans[0]
    for s, e in spans[1:]:
        if s - end > GAP:
            found.append((at, start, end))
            start, end = s, e
        else:
            end = max(end, e)
    found.append((at, start, end))
    return [rule for rule in found if rule[2] - rule[1] >= SHORTEST]


def tables(across: list[Rule], down: list[Rule], most: int) -> list[Ruled]:
    """Returns the ruled tables of a page from the top down; raises OverflowError beyond `most` elementary cells."""
    horizontal, vertical = merged(across), merged(down)
    found: list[Ruled] = []
    area = 0
    for hs, vs in _connected(horizontal, vertical):
        table = _table(hs, vs)
        if table is None:
            continue
        area += (len(table.xs) - 1) * (len(table.ys) - 1)
        if area > most:
            raise OverflowError
        _cells(table, hs, vs)
        found.append(table)
    return sorted(found, key=lambda table: (table.ys[0], table.xs[0]))


def _connected(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Returns groups of rules that cross or touch."""
    count = len(horizontal)
    parent = list(range(count + len(vertical)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    positions = [rule[0] for rule in vertical]
    for index, (y, x0, x1) in enumerate(horizontal):
        for at in range(bisect.bisect_left(positions, x0 - GAP), bisect.bisect_right(positions, x1 + GAP)):
            _, y0, y1 = vertical[at]
            if y0 - GAP <= y <= y1 + GAP:
                parent[root(index)] = root(count + at)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate(horizontal):
        groups.setdefault(root(index), ([], []))[0].append(rule)
    for index, rule in enumerate(vertical):
        groups.setdefault(root(count + index), ([], []))[1].append(rule)
    whole = [group for group in groups.values() if group[0] and group[1]]
    # The sides of merged cells that go on over both ends of the page touch no rule; they are as high as the table beside them.
    alone = [rule for across, down in groups.values() if not across for rule in down]
    for _, down in whole if alone else ():
        top, bottom = min(rule[1] for rule in down), max(rule[2] for rule in down)
        down += [rule for rule in alone if abs(rule[1] - top) < GAP and abs(rule[2] - bottom) < GAP]
    return whole or _one_row(alone)


def _one_row(down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Returns the sides of the one row that fills a page from end to end without a rule across, nothing for any other upright rules."""
    high = [rule for rule in down if all(abs(rule[end] - down[0][end]) < GAP for end in (1, 2))]
    if len(high) < FEWEST or len(high) < len(down):
        return []
    _, top, bottom = high[0]
    # Rules across of no length: they part nothing and close nothing.
    return [([(top, high[0][0], high[0][0]), (bottom, high[0][0], high[0][0])], high)]


def _distinct(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NARROWEST:
            found.append(value)
    return found


def _table(hs: list[Rule], vs: list[Rule]) -> Ruled | None:
    """Returns the positions of a table's rules, sides without a rule closed where rules across reach beyond; None when it is none."""
    xs, ys = _distinct([rule[0] for rule in vs]), _distinct([rule[0] for rule in hs])
    left, right = min(rule[1] for rule in hs), max(rule[2] for rule in hs)
    top, bottom = min(rule[1] for rule in vs), max(rule[2] for rule in vs)
    xs = ([left] if left < xs[0] - OPEN else []) + xs + ([right] if right > xs[-1] + OPEN else [])
    ys = ([top] if top < ys[0] - OPEN else []) + ys + ([bottom] if bottom > ys[-1] + OPEN else [])
    if len(xs) < 2 or len(ys) < 2:
        return None
    return Ruled(xs, ys)


def nearest(positions: list[float], value: float) -> int:
    """Returns the index of the position nearest to `value`."""
    at = bisect.bisect_left(positions, value)
    if at == len(positions) or (at > 0 and value - positions[at - 1] <= positions[at] - value):
        at -= 1
    return at


def _cells(table: Ruled, hs: list[Rule], vs: list[Rule]) -> None:
    xs, ys = table.xs, table.ys
    rows, columns = len(ys) - 1, len(xs) - 1
    # wall[r][c]: a vertical rule on the left of (r, c); floor[r][c]: a horizontal one above it.
    wall = [bytearray(columns + 1) for _ in range(rows)]
    floor = [bytearray(columns) for _ in range(rows + 1)]
    for x, y0, y1 in vs:
        column = nearest(xs, x)
        for row in range(*_covered(ys, y0, y1)):
            wall[row][column] = 1
    for y, x0, x1 in hs:
        line = floor[nearest(ys, y)]
        for column in range(*_covered(xs, x0, x1)):
            line[column] = 1
    owner = [[-1] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] >= 0:
                continue
            end = column + 1
            while end < columns and not wall[row][end] and owner[row][end] < 0:
                end += 1
            last = row + 1
            while last < rows:
                closed = sum(floor[last][column:end])
                crossed = any(wall[last][column + 1 : end])
                # A cell that begins in a strip too low for text, and is wider below it, begins below.
                wider = end < columns and not wall[last][end] and ys[last] - ys[row] <= STRIP
                if closed or crossed or wider:
                    table.irregular += closed < end - column
                    break
                last += 1
            number = len(table.cells)
            table.cells.append(Box(row, column, last - row, end - column))
            for r in range(row, last):
                owner[r][column:end] = [number] * (end - column)
    table.owner = owner
    table.above, table.below = [not rule for rule in floor[0]], [not rule for rule in floor[rows]]


def _covered(positions: list[float], start: float, end: float) -> tuple[int, int]:
    """Returns the elementary steps [first, last) whose middle a rule from `start` to `end` covers."""
    first = bisect.bisect_left(positions, start - GAP)
    last = bisect.bisect_right(positions, end + GAP) - 1
    return first, max(first, last)

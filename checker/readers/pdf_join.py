"""Parts of tables on pages → whole tables: page breaks are undone where the page shows that they are breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from checker.readers.pdf_parts import Part
from checker.readers.pdf_text import Line, cell_text

SAME_WIDTH = 5.0
SAME_EDGE = 4.0
STRIP = 16.0
SHIFT = 60.0
"""Merged cells behind a page break end up to so much above the row they reach down to."""
HEAD_ROWS = 40
"""A head that is printed again on each page stands among the first rows of its table."""
FLUSH = 0.5
TIGHT = 1.3
LOOSE = 3.6
LONG = 30
FIGURE = re.compile(r"[≥≤＝=<>\d.,，%‰万亿元+\-—–－\s/]+")
UNIT = re.compile(r"[%‰]|[万亿]?元|[万亿]?(?:人次|人|户|次|个|家|亩|吨|公里|平方米|天|小时)")
CONTINUED = re.compile(r"续表|[（(]\s*续\s*[一二三四五六七八九十\d]*\s*[）)]")


class Block(Struct):
    """One cell of a whole table: its rows and edges, the lines of its text, and the place where it begins.

    `page` and `line` (row of the table on that page) count from 1; `doubt` says why the text is not certain.
    """

    row: int
    rowspan: int
    left: float
    right: float
    found: list[Line]
    page: int
    line: int
    top: float
    bottom: float
    open_above: bool = False
    open_below: bool = False
    doubt: str | None = None

    @property
    def text(self) -> str:
        """The text shown."""
        return cell_text(self.found, self.left, self.right)

    def fits(self, other: Block) -> bool:
        """Returns True when both have the same left and right edge."""
        return abs(self.left - other.left) < SAME_EDGE and abs(self.right - other.right) < SAME_EDGE


class Whole(Struct):
    """A table over one or more pages; `before` the lines above it, `notes` what was joined, `gaps` says that which cells are merged is not known."""

    left: float
    width: float
    before: list[tuple[int, Line]]
    blocks: list[Block] = field(default_factory=list)
    rows: int = 0
    pages: list[int] = field(default_factory=list)
    open_bottom: bool = False
    irregular: int = 0
    notes: list[str] = field(default_factory=list)
    gaps: bool = False


def whole(part: Part, before: list[tuple[int, Line]]) -> Whole:
    """Returns a table that begins with `part`."""
    table = Whole(part.left, part.width, before, gaps=part.gaps)
    table.blocks = blocks(part, 0.0)
    table.rows = len(part.ruled.ys) - 1 - _without_slivers(table.blocks, part, STRIP)
    table.pages = [part.page]
    table.open_bottom = part.ruled.open_bottom
    table.irregular = part.ruled.irregular
    return table


def blocks(part: Part, shift: float) -> list[Block]:
    """Returns the cells of a part, moved sideways by `shift` points."""
    xs, ys = part.ruled.xs, part.ruled.ys
    found = []
    for number, (box, texts) in enumerate(zip(part.ruled.cells, part.texts, strict=True)):
        if abs(shift) > 0.01:
            texts = [Line(line.text, line.y, line.x0 + shift, line.x1 + shift, line.size, line.head) for line in texts]
        a, b = xs[box.column] + shift, xs[box.column + box.colspan] + shift
        columns, end = slice(box.column, box.column + box.colspan), box.row + box.rowspan
        found.append(
            Block(
                box.row, box.rowspan, a, b, texts, part.page, box.row + 1, ys[box.row], ys[end],
                open_above=box.row == 0 and all(part.ruled.above[columns]),
                open_below=end == len(ys) - 1 and all(part.ruled.below[columns]),
                doubt=part.doubts.get(number),
            )
        )  # fmt: skip
    return found


def continues(table: Whole, part: Part, between: list[Line]) -> bool:
    """Returns True when `part`, the first on the next page, goes on with `table`.

    Both are equally wide, nothing but a running head or a mark of continuation stands between
    them, and the part does not begin like the table itself (then it is the next form).
    """
    if part.page != table.pages[-1] + 1 or _shift(table, part) is None:
        return False
    if between and not any(CONTINUED.search(line.text) for line in between):
        return False
    mine, theirs = _row_texts(table.blocks, 4), _row_texts(blocks(part, _shift(table, part) or 0.0), 4)
    same = _leading(mine, theirs, lambda row: row)
    labels = _leading(mine, theirs, lambda row: row[:1])
    return not (labels > same and labels >= (3 if same else 2)) or part.ruled.open_top


def _shift(table: Whole, part: Part) -> float | None:
    """Returns how far `part` must move sideways to lie under `table`, None when it is another table.

    Both are equally wide (binding margins may differ), or the part is the table less some columns
    at one side whose merged cells were not drawn again.
    """
    if abs(part.width - table.width) <= SAME_WIDTH:
        return table.left - part.left
    edges = [edge for block in table.blocks for edge in (block.left, block.right)]
    left, right = part.left, part.left + part.width
    if 0.6 * table.width < part.width < table.width and all(min(abs(edge - side) for edge in edges) < SAME_EDGE for side in (left, right)):
        return 0.0
    return None


def _row_texts(found: list[Block], rows: int) -> list[list[str]]:
    texts: list[list[str]] = [[] for _ in range(rows)]
    for block in found:
        if block.row < rows:
            text = re.sub(r"\s+", "", block.text)
            if text:
                texts[block.row].append(text)
    return [row for row in texts if row]


def _leading(mine: list[list[str]], theirs: list[list[str]], key: object) -> int:
    count = 0
    for one, other in zip(mine, theirs, strict=False):
        if key(one) != key(other):  # type: ignore[operator]
            break
        count += 1
    return count


def join(table: Whole, part: Part, free: Sequence[Line] = ()) -> list[Line]:
    """Appends `part` to `table`: repeated head rows dropped, split rows and merged cells made whole again.

    Returns the lines among `free`, which stand around the part, that belong to merged cells beside it.
    """
    fresh = blocks(part, _shift(table, part) or 0.0)
    rows = len(part.ruled.ys) - 1 - _without_slivers(fresh, part, SHIFT)
    if table.open_bottom and table.rows > 1:
        table.rows -= _without_strip(table.blocks, table.rows - 1)
    if part.ruled.open_top and rows > 1:
        rows -= _without_strip(fresh, 0)
    repeated = _repeated_rows(table, fresh, rows)
    if repeated:
        fresh = [block for block in fresh if block.row >= repeated]
        table.notes.append(f"第 {part.page} 页重复的表头 {repeated} 行已略去")
    last = [block for block in table.blocks if block.row + block.rowspan == table.rows]
    first = sorted((block for block in fresh if block.row == repeated), key=lambda block: block.left)
    pairs = [(block, next((above for above in last if above.fits(block)), None)) for block in first]
    unclosed = 2 * sum(_unclosed(*pair) for pair in pairs) > len(pairs)
    # Where the page shows by open sides which cells go on, a closed one does not.
    ends = any(above.open_below for above in last)
    shut = {id(above) for above in last if ends and not above.open_below}
    split = not repeated and not any(block.found and id(above) in shut for block, above in pairs) and _row_goes_on(unclosed, pairs)
    offset = table.rows - repeated - (1 if split else 0)
    gone: set[int] = set()
    leading = True
    for block, above in pairs:
        if above is not None and (split or (id(above) not in shut and _cell_goes_on(block, above, leading, unclosed))):
            above.found = above.found + block.found
            above.rowspan += block.rowspan - (1 if split else 0)
            above.bottom, above.open_below = block.bottom, block.open_below
            above.doubt = above.doubt or block.doubt
            gone.add(id(block))
        else:
            leading = leading and not block.found
    if split:
        table.notes.append(f"第 {part.page} 页首行接上页末行（同一行跨页）")
    for block in fresh:
        if id(block) not in gone:
            block.row += offset
            table.blocks.append(block)
    beside = _beside(part, last, free)
    for block in {id(block): block for block, _ in beside}.values():
        block.rowspan += offset + rows - table.rows
    table.rows = offset + rows
    table.pages.append(part.page)
    table.open_bottom = part.ruled.open_bottom
    table.irregular += part.ruled.irregular
    return [line for _, line in beside]


def _beside(part: Part, last: list[Block], free: Sequence[Line]) -> list[tuple[Block, Line]]:
    """Gives lines that stand beside a part to the merged cells of the page before that reach down to them without being drawn again."""
    found: list[tuple[Block, Line]] = []
    top, bottom, right = part.ruled.ys[0], part.ruled.ys[-1], part.left + part.width
    for line in free:
        if top < line.y < bottom and (line.x1 < part.left + SAME_EDGE or line.x0 > right - SAME_EDGE):
            block = next((b for b in last if b.left - SAME_EDGE < line.x0 and line.x1 < b.right + SAME_EDGE), None)
            if block is not None:
                block.found = [*block.found, line]
                found.append((block, line))
    return found


def _without_slivers(found: list[Block], part: Part, most: float) -> int:
    """Removes rows that are none and returns how many: browsers end merged cells behind a page break above the row they reach down to.

    Such a row is at most `most` points high; no cell lies within it, or none but empty ones.
    """
    ys, gone = part.ruled.ys, 0
    for row in range(len(ys) - 2, 0, -1):
        inside = [block for block in found if block.row == row and block.rowspan == 1]
        if ys[row + 1] - ys[row] > most or any(block.found for block in inside) or sum(block.right - block.left for block in inside) > part.width - SAME_WIDTH:
            continue
        _drop_row(found, row, inside)
        gone += 1
    return gone


def _without_strip(found: list[Block], row: int) -> int:
    """Removes an empty strip that a page break cut off a row at an open side, however high where all of it is open; returns 1 when there was one, else 0."""
    starting = [block for block in found if block.row == row]
    strip = [block for block in starting if block.rowspan == 1]
    cut = all(block.open_below or block.open_above for block in strip)
    if not strip or any(block.found for block in strip) or (not cut and max(block.bottom - block.top for block in strip) > STRIP):
        return 0
    _drop_row(found, row, strip)
    return 1


def _drop_row(found: list[Block], row: int, inside: list[Block]) -> None:
    """Takes a row away with the cells that lie within it; those that reach over it are a row less high."""
    gone = set(map(id, inside))
    found[:] = [block for block in found if id(block) not in gone]
    for block in found:
        if block.row > row:
            block.row -= 1
        elif block.row + block.rowspan > row:
            block.rowspan -= 1


def _repeated_rows(table: Whole, fresh: list[Block], rows: int) -> int:
    """Returns how many first rows of the new part repeat rows of the table cell by cell."""

    theirs = _signatures(fresh, 6)
    start = theirs.get(0, [])
    if len(start) < 2 or any(FIGURE.fullmatch(text) for _, text in start):
        return 0
    mine = _signatures(table.blocks, HEAD_ROWS)
    for row in range(min(table.rows, HEAD_ROWS)):
        if mine.get(row) == start:
            count = 1
            while count < min(rows - 1, 6) and theirs.get(count) and theirs.get(count) == mine.get(row + count):
                count += 1
            return count
    return 0


def _signatures(found: list[Block], rows: int) -> dict[int, list[tuple[int, str]]]:
    """Returns what the first rows hold, by row: left edge and text of the cells that are not empty."""
    signatures: dict[int, list[tuple[int, str]]] = {}
    for block in found:
        if block.row < rows and block.found:
            signatures.setdefault(block.row, []).append((round(block.left / SAME_EDGE), block.text))
    return signatures


def _unclosed(block: Block, above: Block | None) -> bool:
    """Returns True when no rule parts the two cells."""
    return above is not None and above.open_below and block.open_above


def _row_goes_on(unclosed: bool, pairs: list[tuple[Block, Block | None]]) -> bool:
    """Returns True when the first row of the new part is the rest of the last row on the page before.

    Every text in it must go on a text that fills its cell down to the page's end; two figures one
    under the other are two rows. Where no rule
    closes the row a cell without text above may also show all of its text here; where rules close
    it some cell of the row must have nothing left to show.
    """
    matched = [(block, above) for block, above in pairs if above is not None]
    if len(matched) < len(pairs) or not matched:
        return False
    filled = [(block, above) for block, above in matched if block.found]
    # No row begins with a unit alone: its number stands above, and so does what stands beside it.
    if any(UNIT.fullmatch(block.text) and above.text[-1:].isdigit() for block, above in filled):
        return all(_wraps(block, above, LOOSE) for block, above in filled)
    if any(above.found and FIGURE.fullmatch(block.text) and FIGURE.fullmatch(above.text) for block, above in filled):
        return False
    if unclosed:
        return all(_wraps(block, above, LOOSE) or len(above.found) >= 3 for block, above in filled if above.found)
    if not filled or any(block.rowspan > 1 for block, _ in filled):
        return False
    if len(matched) > 1 and not any(above.found and not block.found for block, above in matched):
        return False
    return all(_wraps(block, above) or _fills(above) for block, above in filled)


def _wraps(block: Block, above: Block, room: float = TIGHT) -> bool:
    """Returns True when the last line above had no room for the first word of `block`, and stands at the page's end."""
    if not above.found or not block.found:
        return False
    last, line = above.found[-1], block.found[0]
    padding = max(0.0, min(6.0, *(min(item.x0 - above.left, above.right - item.x1) for item in above.found)))
    return _low(above, room) and (last.x1 - last.x0) + line.head > above.right - above.left - 2 * padding - 0.3 * line.size


def _fills(above: Block) -> bool:
    """Returns True when a text of several lines, longer than any label, reaches down to the lower edge of its cell."""
    return len(above.found) >= 3 and sum(len(line.text) for line in above.found) >= LONG and _low(above, TIGHT)


def _full(above: Block) -> bool:
    """Returns True when the text leaves no room for one more line in its cell."""
    lines = above.found
    step = lines[-1].y - lines[-2].y if len(lines) > 1 else 0.0
    return above.bottom - lines[-1].y < max(step, TIGHT * lines[-1].size) + lines[-1].size / 2


def _low(above: Block, room: float) -> bool:
    """Returns True when the text reaches down to the lower edge of its cell, `room` sizes left free at most."""
    last = above.found[-1]
    return above.bottom - last.y < room * last.size + 3


def _cell_goes_on(block: Block, above: Block, leading: bool, unclosed: bool) -> bool:
    """Returns True when a cell at the top of a page is the rest of the merged cell at the end of the page before.

    It is when no rule parts the two although rules part the others. `leading` says that all cells
    left of it go on. An empty cell in the leading columns is (labels stand once for their rows);
    further right only one that spans several rows is, for a single empty cell there says that
    nothing was filled in. A label may also stand in the later part only.
    """
    if _unclosed(block, above) and not unclosed:
        return True
    if not block.found:
        return (bool(above.found) and (leading or block.rowspan > 1)) or (block.rowspan > 1 and above.rowspan > 1)
    if not above.found:
        return leading and block.rowspan > 1
    if unclosed and leading and block.rowspan + above.rowspan > 2 and _wraps(block, above, FLUSH):
        return True
    # A label set upright, one character a line, may be cut anywhere.
    upright = len(above.found[-1].text.strip()) == 1 == len(block.found[0].text.strip())
    return leading and upright and _full(above)

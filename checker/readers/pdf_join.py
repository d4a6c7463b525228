"""Parts of tables on pages → whole tables: page breaks are undone where the page shows that they are breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.readers.pdf_parts import Part
from checker.readers.pdf_ruled import SNAP
from checker.readers.pdf_text import Line, cell_text

SAME_WIDTH = 5.0
SAME_EDGE = 4.0
CONTINUED = re.compile(r"续表|[（(]\s*续\s*[一二三四五六七八九十\d]*\s*[）)]")


@dataclass(slots=True)
class Block:
    """One cell of a whole table: its rows and edges, the lines of its text, and the place where it begins.

    `page` and `line` (row of the table on that page) count from 1.
    """

    row: int
    rowspan: int
    left: float
    right: float
    found: list[Line]
    page: int
    line: int
    bottom: float
    crossed: bool = False

    @property
    def text(self) -> str:
        """The text shown."""
        return cell_text(self.found, self.left, self.right)

    def fits(self, other: Block) -> bool:
        """Returns True when both have the same left and right edge."""
        return abs(self.left - other.left) < SAME_EDGE and abs(self.right - other.right) < SAME_EDGE


@dataclass(slots=True)
class Whole:
    """A table over one or more pages; `before` the lines above it, `notes` what was joined."""

    left: float
    width: float
    before: list[tuple[int, Line]]
    blocks: list[Block] = field(default_factory=list)
    rows: int = 0
    pages: list[int] = field(default_factory=list)
    open_bottom: bool = False
    irregular: int = 0
    notes: list[str] = field(default_factory=list)


def whole(part: Part, before: list[tuple[int, Line]]) -> Whole:
    """Returns a table that begins with `part`."""
    table = Whole(part.left, part.width, before)
    table.blocks = blocks(part, part.left)
    table.rows = len(part.ruled.ys) - 1
    table.pages = [part.page]
    table.open_bottom = part.ruled.open_bottom
    table.irregular = part.ruled.irregular
    return table


def blocks(part: Part, left: float) -> list[Block]:
    """Returns the cells of a part, moved sideways so that the table begins at `left`."""
    xs, ys = part.ruled.xs, part.ruled.ys
    shift = left - xs[0]
    found = []
    for number, (box, texts) in enumerate(zip(part.ruled.cells, part.texts, strict=True)):
        if abs(shift) > 0.01:
            texts = [Line(line.text, line.y, line.x0 + shift, line.x1 + shift, line.size, line.head) for line in texts]
        a, b = xs[box.column] + shift, xs[box.column + box.colspan] + shift
        bottom = ys[box.row + box.rowspan]
        found.append(Block(box.row, box.rowspan, a, b, texts, part.page, box.row + 1, bottom, number in part.crossed))
    return found


def continues(table: Whole, part: Part, between: list[Line]) -> bool:
    """Returns True when `part`, the first on the next page, goes on with `table`.

    Both are equally wide, nothing but a running head or a mark of continuation stands between
    them, and the part does not begin like the table itself (then it is the next form).
    """
    if part.page != table.pages[-1] + 1 or abs(part.width - table.width) > SAME_WIDTH:
        return False
    if between and not any(CONTINUED.search(line.text) for line in between):
        return False
    mine, theirs = _row_texts(table.blocks, 4), _row_texts(blocks(part, table.left), 4)
    same = _leading(mine, theirs, lambda row: row)
    labels = _leading(mine, theirs, lambda row: row[:1])
    return not (labels > same and labels >= 2) or part.ruled.open_top


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


def join(table: Whole, part: Part) -> None:
    """Appends `part` to `table`: repeated head rows dropped, split rows and merged cells made whole again."""
    fresh = blocks(part, table.left)
    rows = len(part.ruled.ys) - 1
    repeated = _repeated_rows(table, fresh, rows)
    if repeated:
        fresh = [block for block in fresh if block.row >= repeated]
        table.notes.append(f"第 {part.page} 页重复的表头 {repeated} 行已略去")
    last = [block for block in table.blocks if block.row + block.rowspan == table.rows]
    first = [block for block in fresh if block.row == repeated]
    pairs = [(block, next((above for above in last if above.fits(block)), None)) for block in first]
    split = not repeated and _row_goes_on(table, part, pairs)
    offset = table.rows - repeated - (1 if split else 0)
    gone: set[int] = set()
    leading = True
    for block, above in pairs:
        leading = leading and not block.found
        if above is None:
            continue
        if split or _cell_goes_on(block, above, leading):
            above.found = above.found + block.found
            above.rowspan += block.rowspan - (1 if split else 0)
            above.bottom, above.crossed = block.bottom, above.crossed or block.crossed
            gone.add(id(block))
    if split:
        table.notes.append(f"第 {part.page} 页首行接上页末行（同一行跨页）")
    for block in fresh:
        if id(block) not in gone:
            block.row += offset
            table.blocks.append(block)
    table.rows = offset + rows
    table.pages.append(part.page)
    table.open_bottom = part.ruled.open_bottom
    table.irregular += part.ruled.irregular


def _repeated_rows(table: Whole, fresh: list[Block], rows: int) -> int:
    """Returns how many first rows of the new part repeat rows of the table cell by cell."""

    def signature(found: list[Block], row: int) -> list[tuple[int, str]]:
        return [(round(block.left / SAME_EDGE), block.text) for block in found if block.row == row and block.found]

    start = signature(fresh, 0)
    if len(start) < 2 or any(text.replace(".", "").replace("%", "").isdigit() for _, text in start):
        return 0
    for row in range(min(table.rows, 60)):
        if signature(table.blocks, row) == start:
            count = 1
            while count < min(rows - 1, 6) and (again := signature(fresh, count)) and again == signature(table.blocks, row + count):
                count += 1
            return count
    return 0


def _row_goes_on(table: Whole, part: Part, pairs: list[tuple[Block, Block | None]]) -> bool:
    """Returns True when the first row of the new part is the rest of the last row on the page before.

    Either no rule closes the row, or every text in it goes on a text that fills its cell down to the
    page's end, and some cell of the row has nothing left to show.
    """
    matched = [(block, above) for block, above in pairs if above is not None]
    if len(matched) < len(pairs) or not matched:
        return False
    if part.ruled.open_top and table.open_bottom:
        return True
    filled = [(block, above) for block, above in matched if block.found]
    if not filled or (len(filled) == len(matched) and len(matched) > 1 and not all(_wraps(*pair) for pair in filled)):
        return False
    return all(above.found and block.rowspan == 1 and (_wraps(block, above) or _fills(above)) for block, above in filled)


def _wraps(block: Block, above: Block) -> bool:
    """Returns True when the last line above had no room for the first word of `block`."""
    if not above.found or not block.found:
        return False
    last, line = above.found[-1], block.found[0]
    padding = max(0.0, min(6.0, *(min(item.x0 - above.left, above.right - item.x1) for item in above.found)))
    return _low(above) and (last.x1 - last.x0) + line.head > above.right - above.left - 2 * padding - 0.3 * line.size


def _fills(above: Block) -> bool:
    return len(above.found) >= 3 and _low(above)


def _low(above: Block) -> bool:
    """Returns True when the text reaches down to the lower edge of its cell."""
    last = above.found[-1]
    return above.bottom - last.y < 1.3 * last.size + 3


def _cell_goes_on(block: Block, above: Block, leading: bool) -> bool:
    """Returns True when a cell at the top of a page is the rest of the merged cell at the end of the page before.

    An empty cell in the leading columns is (labels stand once for their rows); further right only
    one that spans several rows is, for a single empty cell there says that nothing was filled in.
    """
    if not block.found:
        return bool(above.found) and (leading or block.rowspan > 1)
    return False

"""From the filled cells of one sheet to a grid: limits, merged areas, notes. Shared by the spreadsheet readers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from operator import itemgetter, lt

from msgspec import Struct, field

from checker.errors import ReadError
from checker.model import Cell, Grid, Locator
from checker.readers.limits import Limits
from checker.readers.lines import DAMAGED, INVISIBLE, damage
from checker.readers.merges import Area, covered, settled
from checker.readers.number_format import shown_number, shown_text
from checker.remembered import remembered

NO_RESULT = "公式没有缓存结果，请用办公软件打开并保存后重新提交"
BLANK = " \t\r\n\f\v\u3000\u00a0"
SHOWN_NAMES = 5
SPREAD = 8
"""Places in merged areas for each filled cell up to which they are written out."""
FEW = 64
"""Places of a merged area up to which they are kept for areas of other sheets that lie alike."""
ONE = (1, 1)
PLACE, COLUMN, BOTTOM, RIGHT = map(itemgetter, range(4))
NAME = itemgetter(2)

Place = tuple[int, int, str]
"""Row and column, from 0, and the name of the cell, e.g. (6, 1, "B7")."""
Shown = tuple[str, str | None]
"""Text shown, reason when unread."""
Filled = tuple[Place, Shown]


class Sheet(Struct):
    """What a reader gathers of one sheet while it streams through the file."""

    name: str
    hidden: bool = False
    filled: list[Filled] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    cut: list[Place] = field(default_factory=list)


def filled_text(row: int, column: int, text: str, code: str) -> Filled | None:
    """Returns a stored text as a cell under its format, or None when it is blank; a text the format hides is unread."""
    if code == "General" or code == "@":
        return filled(row, column, text)
    seen = shown_text(text, code)
    if seen.strip(BLANK) or not text.strip(BLANK):
        return filled(row, column, seen)
    return place_of((row, column)), ("", f"数字格式 {code[:40]} 隐藏了内容")


def filled_number(sheet: Sheet, row: int, column: int, raw: str, code: str, date1904: bool = False) -> Filled | None:
    """Returns a stored number as a cell under its format; `sheet.cut` gathers those that show fewer digits than typed."""
    text, unread, cut = shown_number(raw, code, date1904)
    if cut:
        sheet.cut.append(place_of((row, column)))
    return filled(row, column, text, unread) if unread else (place_of((row, column)), (text, None))


@remembered
def place_of(at: tuple[int, int]) -> Place:
    """Returns the place of a row and column counted from 0."""
    return *at, cell_name(at)


def cell_name(at: tuple[int, int]) -> str:
    """Returns the name of a row and column counted from 0, e.g. (6, 1) → B7."""
    return f"{letters(at[1])}{at[0] + 1}"


def letters(column: int) -> str:
    """Returns the letters of a column counted from 0, e.g. 27 → AB."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@remembered
def column_of(name: str) -> int:
    """Returns the column from 0 of its letters, e.g. AB → 27."""
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at - 1


def filled(row: int, column: int, text: str, unread: str | None = None) -> Filled | None:
    """Returns a cell as gathered, or None when it shows nothing; damaged characters make it unread."""
    if unread is not None:
        return place_of((row, column)), (text if _sound(text) else _visible(text), unread)
    seen = shown(text)
    return None if seen is None else (place_of((row, column)), seen)


@remembered
def shown(text: str) -> Shown | None:
    """Returns the text of a cell as seen and why it cannot be trusted, or None when it shows nothing."""
    if _sound(text):
        return (text, damage(text)) if text and not text.isspace() else None
    text = _visible(text)
    return (text, damage(text)) if text.strip(BLANK) else None


def _sound(text: str) -> bool:
    # Private characters count as not printable, so that most texts pass without a search.
    return text.isprintable() and DAMAGED not in text


def _visible(text: str) -> str:
    return INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def grid(sheet: Sheet, file: str, limits: Limits) -> tuple[Grid | None, list[str]]:
    """Returns the sheet's grid (None when it shows nothing) and notes for the person.

    Merged areas become spans, cut to the used part of the sheet; what they cover is left out and
    said. Raises ReadError when the used part is beyond `limits`.
    """
    cells = sheet.filled
    if not cells:
        return None, []
    places = list(map(PLACE, cells))
    if not all(map(lt, places, places[1:])):
        cells = _single(sorted(cells, key=PLACE))
        places = list(map(PLACE, cells))
    last_row, last_column = places[-1][0], max(map(COLUMN, places))
    _check(sheet, last_row, last_column, file, limits)
    notes: list[str] = []
    sound, bad, under = _merged(sheet.areas, places, last_row, last_column)
    if bad:
        notes.append(f"工作表 {sheet.name}：合并区域重叠或颠倒，已忽略 {_names(map(area_name, bad), len(bad))}")
    if under and (unseen := _unseen(cells, under)):
        notes.append(f"工作表 {sheet.name}：被合并区域遮住、看不见的内容未读 {_names(map(NAME, unseen), len(unseen))}")
    if sheet.cut:
        notes.append(f"工作表 {sheet.name}：显示的位数少于存储的数值，按显示读取 {_names(map(NAME, sheet.cut), len(sheet.cut))}")
    if hidden := [row for row in sheet.hidden_rows if row <= last_row]:
        notes.append(f"工作表 {sheet.name}：有隐藏行，内容照常读取 {_names((str(row + 1) for row in hidden), len(hidden))}")
    if columns := [pair for pair in sheet.hidden_columns if pair[0] <= last_column]:
        names = (letters(a) if a == b else f"{letters(a)}:{letters(b)}" for a, b in columns)
        notes.append(f"工作表 {sheet.name}：有隐藏列，内容照常读取 {_names(names, len(columns))}")
    if sheet.hidden:
        notes.append(f"工作表 {sheet.name} 是隐藏工作表")
    if empty := [place for place, (_, unread) in cells if unread and unread == NO_RESULT]:
        notes.append(f"工作表 {sheet.name}：公式没有缓存结果 {_names(map(NAME, empty), len(empty))}")
    if under:
        cells = [item for item in cells if item[0] not in under]
    return Grid(sheet.name, _placed(cells, sound, file, sheet.name), hidden=sheet.hidden), notes


def _placed(cells: list[Filled], sound: dict[Place, Area], file: str, name: str) -> tuple[Cell, ...]:
    """Return cells with their places in the file and the spans of the areas they begin."""
    spans = {corner: (bottom - top + 1, right - left + 1) for corner, (top, left, bottom, right) in sound.items()}
    return tuple(
        [
            Cell(place[0], place[1], text, Locator(file, name, place[2]), rowspan, colspan, unread)
            for place, (text, unread) in cells
            for rowspan, colspan in (spans.get(place, ONE),)
        ]
    )


def _merged(areas: list[Area], places: list[Place], last_row: int, last_column: int) -> tuple[dict[Place, Area], list[Area], dict[Place, Place]]:
    """Return sound areas by their corners, the bad ones, and the places that lie under a sound one with its corner."""
    spread = _spread(areas, SPREAD * len(places), last_row, last_column)
    if spread and spread[1].isdisjoint(places):
        return spread[0], [], {}
    sound, bad = (spread[0].values(), []) if spread else settled(areas, last_row, last_column)
    under = covered([place[:2] for place in places], sound)
    return {place_of(area[:2]): area for area in sound}, bad, {place: place_of(under[place[:2]]) for place in places if place[:2] in under}


def _spread(areas: list[Area], most: int, last_row: int, last_column: int) -> tuple[dict[Place, Area], set[Place]] | None:
    # Few places: sound areas and what they cover, written out; None for more than `most` places and when an area is bad.
    if areas and (max(map(BOTTOM, areas)) > last_row or max(map(RIGHT, areas)) > last_column):
        areas = [(top, left, min(bottom, last_row), min(right, last_column)) for top, left, bottom, right in areas if (top <= last_row and left <= last_column) or top > bottom or left > right]
    each = list(map(_few, areas))
    taken = set[Place]().union(*each)
    # As many as all areas hold together means that none overlaps another.
    if () in each or not len(taken) == sum(map(len, each)) <= most:
        return None
    return {places[0]: area for places, area in zip(each, areas, strict=True) if len(places) > 1}, taken.difference([places[0] for places in each])


@remembered
def _few(area: Area) -> tuple[Place, ...]:
    # The places of an area, none for one that is upside down or has many.
    top, left, bottom, right = area
    fits = 0 <= top <= bottom and 0 <= left <= right and (bottom - top + 1) * (right - left + 1) <= FEW
    return tuple(map(place_of, product(range(top, bottom + 1), range(left, right + 1)))) if fits else ()


def _unseen(cells: list[Filled], under: dict[Place, Place]) -> list[Place]:
    # Some programs repeat the text in every cell of a merged area: nothing is lost there.
    corners = set(under.values())
    shown = {place: text for place, (text, _) in cells if place in corners}
    return [place for place, (text, _) in cells if place in under and shown.get(under[place]) != text]


def _single(cells: list[Filled]) -> list[Filled]:
    # No spreadsheet writes two cells at one place; where a file does, neither text can be trusted.
    made: list[Filled] = []
    for item in cells:
        if made and made[-1][0] == item[0]:
            text = made[-1][1][0]
            if text != item[1][0]:
                made[-1] = (item[0], (text, "同一位置有两个不同的值"))
        else:
            made.append(item)
    return made


def area_name(area: Area) -> str:
    """Returns an area in A1 style, e.g. B2:C5."""
    top, left, bottom, right = area
    return f"{letters(max(left, 0))}{top + 1}:{letters(max(right, 0))}{bottom + 1}"


def too_many(what: str, limit: int, file: str) -> ReadError:
    """Returns the fault for a count beyond its limit."""
    return ReadError(f"{what}过多（上限 {limit}）@ {file}，请删去多余内容或拆分文件")


def _check(sheet: Sheet, last_row: int, last_column: int, file: str, limits: Limits) -> None:
    place = f"{file} 工作表 {sheet.name}"
    if len(sheet.filled) > limits.max_cells:
        raise too_many("单元格", limits.max_cells, place)
    if last_row >= limits.max_rows:
        raise too_many(f"行数（用到第 {last_row + 1} 行）", limits.max_rows, place)
    if last_column >= limits.max_columns:
        raise too_many(f"列数（用到 {letters(last_column)} 列）", limits.max_columns, place)
    if (last_row + 1) * (last_column + 1) > limits.max_area:
        raise too_many(f"表格范围（到 {letters(last_column)}{last_row + 1}）的格数", limits.max_area, place)
    if len(sheet.areas) > limits.max_cells:
        raise too_many("合并区域", limits.max_cells, place)


def _names(names: Iterable[str], total: int) -> str:
    first = [name for name, _ in zip(names, range(SHOWN_NAMES), strict=False)]
    return "、".join(first) + (f" 等 {total} 处" if total > SHOWN_NAMES else "")

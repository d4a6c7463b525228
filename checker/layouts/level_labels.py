"""The levels a row belongs to: labels in columns of their own, two in one cell, and rows that give a level's points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from checker.layouts.cells import blank, plain
from checker.layouts.figures import found_number
from checker.layouts.label_points import split_points
from checker.layouts.levels import Level, cut_label, is_placeholder, known_level, named_level
from checker.layouts.messages import at as say_at
from checker.layouts.messages import say
from checker.layouts.numbers import score, weight
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.layouts.table import Table, Under
from checker.model import Cell

_BOTH = re.compile(r"[/／\\—\-–>＞→、·]+")
_FEW = 3
_NAMES = re.compile(r"(?:(?!指标).){1,8}指标")


def take_levels(under: Under, one: Level, two: Level, notes: Notes) -> None:
    """Take the level labels of a row; a blank one is inherited from above, level 2 only within its level 1."""
    first, second = under.get("level1"), under.get("level2")
    if first is not None and first is not one.cell and _named(first):
        both = _both(first.text) if "level2" not in under else None
        one.take(first, *(split_points(first.text) if both is None else (both[0], None)))
        two.clear()
        if both is not None:
            two.take(first, both[1], None)
        elif _several(first.text) and not first.unread:
            one.text, one.found = None, Found(None, first, say("undivided", text=plain(first.text)[:20]))
            notes.unread.append(say_at(where(first.locator), "undivided", text=plain(first.text)[:20]))
    if "level1_weight" in under:
        _take_points(under, "level1_weight", first, one, notes)
    if second is not None and (second is one.cell or second is under.get("name")):
        two.clear()
        return
    if second is not None and second is not two.cell and _named(second):
        two.take(second, *split_points(second.text))
    if "level2_weight" in under:
        _take_points(under, "level2_weight", second, two, notes)


def mend_cut(under: Under, above: Level, one: Level, two: Level, rows: Sequence[Row], notes: Notes) -> None:
    """Put a second level together that the end of a page cut between two of its rows: 服务对象 over 满意度指标 is one label, of the rows above as well.

    The first level beside it was cut with it where it is said on the new page only: it is theirs too. A part that cannot be read is put to none.
    """
    upper, lower = above.cell, two.cell
    if upper is None or lower is None or upper is lower or upper.locator.page in (None, lower.locator.page):
        return
    if above.text is None or two.text is None or not cut_label(above.text, two.text):
        return
    joined = above.text + two.text
    notes.repairs.append(say_at(where(upper.locator), "wrapped", text=joined))
    two.text, two.found = joined, name_in(upper, joined)
    first = one.cell if one.cell is under.get("level1") and one.cell is not None and one.cell.locator.page == lower.locator.page else None
    first = first if known_level(one.text or "", "level1_words") else None
    for made in reversed(rows):
        if made.get("level2") is not above.found:
            break
        made["level2"] = two.found
        if first is not None and one.found is not None:
            made["level1"] = one.found
            made.pop("level1_weight", None)
            if one.weight is not None:
                made["level1_weight"] = one.weight


def mend_first(above: Level, one: Level, rows: Sequence[Row], notes: Notes) -> None:
    """Put a first level together that the end of a page cut between two of its rows: 满意度 over 指标, 效益指标（40 over 分）."""
    upper, lower = above.cell, one.cell
    if upper is None or lower is None or upper is lower or upper.locator.page in (None, lower.locator.page) or above.text is None or one.text is None:
        return
    joined = above.text + one.text
    if known_level(one.text, "level1_words") or not known_level(joined, "level1_words"):
        return
    notes.repairs.append(say_at(where(upper.locator), "wrapped", text=joined))
    name, points = split_points(joined)
    one.text, one.found = name, name_in(upper, name)
    one.weight = Found(points, upper) if points is not None else above.weight
    for made in reversed(rows):
        if made.get("level1") is not above.found:
            break
        made["level1"] = one.found
        if one.weight is not None:
            made["level1_weight"] = one.weight


def _several(text: str) -> bool:
    """True for names of first levels run together where the rule between their cells was lost (效益指标满意度指标): which rows are whose is not known."""
    names = _NAMES.findall(plain(text))
    return len(names) > 1 and "".join(names) == plain(text) and all(known_level(name, "level1_words") for name in names)


def _named(cell: Cell) -> bool:
    return cell.unread is not None or not is_placeholder(cell.text)


def _take_points(under: Under, role: str, label: Cell | None, level: Level, notes: Notes) -> None:
    """Take the points of a level from a column of their own."""
    stated = under[role]
    if stated is not None and stated is not label and not blank(stated.text) and (level.weight is None or level.weight.cell is not stated):
        level.weight = found_number(stated, weight(stated.text), role, notes)


def take_level(level: str, cell: Cell, text: str, one: Level, two: Level, points: Found | None) -> None:
    """Take one level from a row of its own, with the points stated there."""
    taken = one if level == "level1" else two
    taken.take(cell, text, None)
    taken.weight = points
    if level == "level1":
        two.clear()


def _both(text: str) -> tuple[str, str] | None:
    """Split the names of both levels in one cell: 产出指标/数量指标."""
    parts = [part for part in _BOTH.split(plain(text)) if part]
    if len(parts) != 2 or not known_level(parts[0], "level1_words") or not known_level(parts[1], "level2_words"):
        return None
    return parts[0], parts[1]


def summed_level(table: Table, row: int, at: dict[str, int], end: int) -> tuple[str, Cell, str] | None:
    """Return (level, cell, label) of a row that gives a level's name and the sum of the weights below it: （一）产出指标 | 50 | 49.2."""
    found = _level_alone(table, row, at)
    if found is None or "weight" not in at:
        return None
    stated, added = _weight(table, row, at), Decimal(0)
    for below in range(row + 1, end):
        value = _weight(table, below, at)
        if value is None or _level_alone(table, below, at) is not None:
            break
        added += value
        if stated is None or added >= stated:
            break
    return found if stated is not None and added == stated else None


def _level_alone(table: Table, row: int, at: dict[str, int]) -> tuple[str, Cell, str] | None:
    """Return the name of a level that stands in a row with points and nothing else."""
    if table.filled[row] > _FEW:
        return None
    words = [cell for column, cell in table.starts(row) if plain(cell.text) and column not in (at.get("weight"), at.get("score"))]
    if len(words) != 1 or table.area(words[0])[2] != 1:
        return None
    named = named_level(words[0].text)
    return (named[0], words[0], named[1]) if named is not None else None


def _weight(table: Table, row: int, at: dict[str, int]) -> Decimal | None:
    cell = table.at(row, at["weight"])
    return score(cell.text).value if cell is not None and table.begins(cell, row) else None

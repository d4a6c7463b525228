"""Level labels, points written inside them, and which rows are no indicators at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from itertools import pairwise

from msgspec import Struct

from checker.layouts import vocabulary
from checker.layouts.blocks import says_again
from checker.layouts.cells import plain, title_key
from checker.layouts.label_points import split_points
from checker.layouts.places import Found, name_in
from checker.layouts.table import Table
from checker.model import Cell
from checker.remembered import remembered

_COLUMN_NUMBER = re.compile(r"\d|[1-9]\d")
_FORMULA = re.compile(r"=[()\d+\-*/×÷%]{1,40}$")


class Level(Struct):
    """The level label that rows below inherit, with its points."""

    text: str | None = None
    cell: Cell | None = None
    weight: Found | None = None
    found: Found | None = None

    def take(self, cell: Cell, text: str, points: Decimal | None) -> None:
        self.found = name_in(cell, text)
        self.text, self.cell = None if cell.unread else text, cell
        self.weight = Found(points, cell) if points is not None and not cell.unread else None

    def clear(self) -> None:
        self.text = self.cell = self.weight = self.found = None


_OUTLINE = re.compile(r"[(（]?(?:\d{1,2}(?:[.．]\d{1,2})*|[一二三四五六七八九十]{1,2})[)）.、．]?")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}、\S{2,20}$")
"""A heading over the whole row with points behind it is a first level, whatever its name: 四、预算执行（10分）."""
_LEVEL2_LIKE = re.compile(r"^.{0,6}(?:数量|质量|时效|成本|进度|经济效益|社会效益|生态效益|环境效益|可持续影响|满意度)(?:效益|发展)?指标等?$")


def known_level(text: str, table_name: str) -> bool:
    """True when the text is one of the usual names of a level; level 2 also by its usual words."""
    return _known(table_name)(text)


@cache
def _known(table_name: str) -> Callable[[str], bool]:
    return remembered(partial(_is_known, table_name))


def _is_known(table_name: str, text: str) -> bool:
    name = plain(split_points(text)[0])
    if name in vocabulary.words(table_name):
        return True
    return table_name == "level2_words" and _LEVEL2_LIKE.match(name) is not None


def cut_label(upper: str, lower: str) -> bool:
    """True for the parts of one second level that the end of a page or of a line cut: 可持续影 over 响指标, 服务对象 over 满意度指标.

    Below a label of its own the lower part is none alone; below any other it may be one where both make a usual name.
    """
    both = upper + lower
    if known_level(lower, "level2_words"):
        return not known_level(upper, "level2_words") and plain(both) in vocabulary.words("level2_words")
    return known_level(both, "level2_words")


@remembered
def is_placeholder(text: str) -> bool:
    """True for …… and 指标2： and the like: a place kept free, not an indicator."""
    key = plain(text)
    return not key or vocabulary.pattern("placeholders").search(key) is not None


def says_none(text: str) -> bool:
    """True for words in the place of an indicator that say there is none: 无, 不涉及."""
    return plain(text) in vocabulary.words("no_indicator")


@remembered
def is_prompt(text: str) -> bool:
    """True for an instruction of the template that was left in a cell."""
    key = plain(text)
    return vocabulary.pattern("prompts").search(key) is not None


def is_note(text: str) -> bool:
    """True for a line of notes (注：…, 备注：…, 填表说明) and for the form's title said again (…自评表（续）)."""
    return plain(text).startswith(vocabulary.starts("note_starts")) or says_again(text)


def _before_colon(text: str) -> str:
    return text.split("：", 1)[0].split(":", 1)[0] if "：" in text or ":" in text else text


def _of_foot(text: str) -> bool:
    title = _before_colon(text)
    return title_key(title) in _foot_words() or titles_reasons(title)


def titles_reasons(title: str) -> bool:
    """True for a title of reasons below the indicators, those of one level among them: 未完成原因分析, 产出指标扣分原因."""
    key, reasons = title_key(title), vocabulary.words("foot_reasons")
    return key in reasons or (key.endswith(vocabulary.ends("foot_reasons")) and any(key.removeprefix(word) in reasons for word in vocabulary.words("level1_words")))


def titles_remarks(title: str) -> bool:
    """True for a title of remarks below the indicators: 其他需要说明的事项."""
    return title_key(title) in vocabulary.words("foot_remarks")


@cache
def _foot_words() -> frozenset[str]:
    """Return the labels that stand below an indicator table, those of grades and signatures among them."""
    signed = (role.titles for role in vocabulary.roles("header_labels") if role.name in ("grade", "preparer", "filled_on", "other"))
    return frozenset[str]().union(vocabulary.words("foot_labels"), vocabulary.words("foot_reasons"), vocabulary.words("foot_remarks"), *signed)


@remembered
def _may_end(text: str) -> bool:
    """False for a text that is neither a note nor a label of the foot, no total, no subtotal, no title of names and no number of a column."""
    if title_key(text) in _ends() or is_note(text) or _titles_name(text) or _column_number(text) is not None or _adds_up(text):
        return True
    title = _before_colon(text)
    return titles_reasons(title) or (title is not text and title_key(title) in _ends())


@cache
def _ends() -> frozenset[str]:
    return _foot_words().union(vocabulary.words("totals"), vocabulary.words("subtotals"), vocabulary.words("indicator_sums"))


def is_ordinary(table: Table, row: int) -> bool:
    """True when no cell that begins in a row could make it a foot, a numbering, a total or a subtotal."""
    return not any(map(_may_end, table.texts[row]))


def is_numbering(table: Table, row: int) -> bool:
    """True for a row that only numbers the columns: 1 2 3 4 …, or says how they are worked out: (1) (2) (3) (4)=(3)/(2); or that says so (列次 | 0 | 1 …)."""
    numbers: list[int] = []
    said = any(title_key(text) in vocabulary.words("column_numberings") for text in table.texts[row])
    for text in table.texts[row]:
        number = _column_number(text)
        if number is not None:
            numbers.append(number)
        elif plain(text) and not said:
            return False
    return len(numbers) >= (3 if said else 4) and all(b - a == 1 for a, b in pairwise(numbers))


def _column_number(text: str) -> int | None:
    """Return the number of a column, perhaps with how it is worked out behind it: 4, (4), (4)=(3)/(2)."""
    key = plain(text)
    if not key[:1].isdecimal() and not key.startswith(("(", ")")):
        return None
    bare = _FORMULA.sub("", key).strip("()")
    return int(bare) if _COLUMN_NUMBER.fullmatch(bare) else None


def first_filled(table: Table, row: int) -> tuple[int, Cell] | None:
    """Return the first cell that begins in a row and is not empty, with its column."""
    for column, cell in table.starts(row):
        if plain(cell.text):
            return column, cell
    return None


def is_foot(table: Table, row: int, names: int) -> bool:
    """True when a row belongs below the indicator table: notes, conclusions, signatures."""
    first = first_filled(table, row)
    if first is None:
        return False
    column, cell = first
    if (is_note(cell.text) and column <= names) or _titles_only(table, row):
        return True
    return _of_foot(cell.text) and column < max(names, 1) and sum(1 for _, c in table.starts(row) if plain(c.text)) <= 4


def _titles_only(table: Table, row: int) -> bool:
    """True for a row that holds nothing but titles of columns: what stands below it is another table."""
    texts = [text for text in table.texts[row] if plain(text)]
    return len(texts) > 2 and all(vocabulary.match("indicator_columns", text) is not None for text in texts) and any(map(_titles_name, texts))


def _titles_name(text: str) -> bool:
    return vocabulary.exact_role("indicator_columns", text) == "name"


def banner(table: Table, row: int) -> tuple[str, Cell, str, Decimal | None] | None:
    """Return (level, cell, label, points) of a row that is nothing but the name of a level: 一、产出指标（50分）, perhaps its number left of it."""
    begun = [cell for _, cell in table.starts(row) if plain(cell.text) and table.area(cell)[2] == 1]
    if len(begun) == 2 and _OUTLINE.fullmatch(plain(begun[0].text)):
        del begun[0]
    if len(begun) != 1:
        return None
    named = named_level(begun[0].text)
    if named is None and table.area(begun[0])[3] == table.columns and _HEADING.match(plain(begun[0].text)):
        name, points = split_points(begun[0].text)
        return ("level1", begun[0], title_key(name), points) if points is not None else None
    return (named[0], begun[0], *named[1:]) if named is not None else None


def named_level(text: str) -> tuple[str, str, Decimal | None] | None:
    """Return (level, label, points) of a text that is one of the usual names of a level."""
    name, points = split_points(text)
    key = title_key(name)
    level = next((level for level in ("level1", "level2") if known_level(key, f"{level}_words")), None)
    return (level, key, points) if level is not None else None


def total_cell(table: Table, row: int, before: int) -> Cell | None:
    """Return the cell left of position `before` that names this row a total, None when there is none."""
    return _first(table, row, before, _is_total)


def sum_cell(table: Table, row: int, before: int) -> Cell | None:
    """Return the cell that names this row the sum of all indicators without the budget's points, None when there is none."""
    return _first(table, row, before, _is_sum)


def subtotal_cell(table: Table, row: int, before: int) -> Cell | None:
    """Return the cell that names this row a subtotal of its group, None when there is none."""
    return _first(table, row, before, _adds_up)


def _first(table: Table, row: int, before: int, named: Callable[[str], bool]) -> Cell | None:
    for column, cell in table.starts(row):
        if column < before and named(cell.text):
            return cell
    return None


@remembered
def _is_total(text: str) -> bool:
    return title_key(text) in vocabulary.words("totals")


@remembered
def _is_sum(text: str) -> bool:
    return title_key(text) in vocabulary.words("indicator_sums")


def _adds_up(text: str) -> bool:
    """True for 小计 and for a level's name with such a word behind it: 产出指标合计."""
    key = title_key(text)
    if key in vocabulary.words("subtotals"):
        return True
    ends = vocabulary.ends("subtotal_ends")
    return key.endswith(ends) and any(known_level(key.removesuffix(word), level) for word in ends if key.endswith(word) for level in ("level1_words", "level2_words"))

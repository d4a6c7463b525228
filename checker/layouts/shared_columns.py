"""Columns whose cells hold several fields each, taken apart into one column a field.

The title names them all (分值（得分）, 目标值/完成值), or every cell labels its own parts (目标值：≥95% 实际值：96%). Their order is
that of the title or of the labels, never guessed from the values; a cell that does not part as its title says is unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from checker.late import late
from checker.layouts import vocabulary
from checker.layouts.cells import blank, clean, plain, title_key
from checker.layouts.levels import known_level
from checker.layouts.messages import at, say
from checker.layouts.places import rearranged, where
from checker.model import Cell, Grid
from checker.remembered import remembered
from checker.values.text import half_width

_NUMERIC = frozenset({"weight", "score", "initial", "budget", "executed", "rate"})
_FIELDS = _NUMERIC | {"target", "actual"}
_MIXED = {("name", "weight"), ("score", "reason")}
"""A name with its points in brackets, a score with the reason behind it."""
_LABELS = frozenset({"name", "target", "actual", "weight", "score", "reason"})
_TABLES = ("indicator_columns", "budget_columns")
_NUMBER = r"[-+]?\d[\d,]{0,15}(?:\.\d{1,6})?%?"
_PAIR = late(rf"({_NUMBER})分?(?:\((?:实?得)?({_NUMBER})分?\)|[/|、;\n](?:实?得)?({_NUMBER})分?)")
_IN_BRACKETS_TEXT = late(r"([^()（）]{1,200})[(（]([^()（）]{1,200})[)）]")
_POINTS_BEHIND = late(rf"(.{{2,60}}?)\(({_NUMBER})分?\)", re.DOTALL)
_REASON_BEHIND = late(rf"({_NUMBER})分?(?!\s*[\d.%])[,;、(\s]*(.*?)\)?", re.DOTALL)
_IN_BRACKETS = late(r"([^()]{2,12})\(([^()]{2,12})\)")
_JOINTS = late("[/、及和与]")
_SEVERAL = late(rf"[(]|{_JOINTS.pattern}")
_LABEL = late(r"(?:^|(?<=[\s;；,，、。]))([\u4e00-\u9fff]{2,8})\s*[:：]")
_STEPS = late(r"[-—–/／>＞→、·\\]+")
_SIGNS = late(r"[(/、及和与:\-—–>→·\\]")
"""What stands between parts, or behind their labels, in half-width characters: most texts have none of it."""
_PATH = ("一级指标", "二级指标", "三级指标")
LONGEST = 40
MOST = 20
"""More such columns are those of no form: each of them is looked for in all cells."""
_FEWEST = 2
"""Fewer cells with labels of their own are remarks."""


class Shared(Struct, frozen=True):
    """A column whose title stands in `title`, its parts' titles, and the parts of each cell below that has them, by its id."""

    title: Cell
    titles: tuple[str, ...]
    parts: dict[int, tuple[str, ...]]
    last: int


def part_columns(grid: Grid) -> tuple[Grid, tuple[str, ...]] | None:
    """Return the grid with a column for each field and what was done; None where every column holds one."""
    if not any(map(_may_part, set(map(attrgetter("text"), grid.cells)))):
        return None
    found = _found(grid)
    said: list[str] = []
    while found and len(said) < MOST:
        column, width = found[0].title.column, found[0].title.colspan
        here = [one for one in found if (one.title.column, one.title.colspan) == (column, width)]
        said += [at(where(one.title.locator), "shared_column", title=clean(one.title.text)[:20], parts="、".join(one.titles)) for one in here]
        grid = _widened(grid, here, column + width)
        found = _found(grid)
    return (grid, tuple(said)) if said else None


@remembered
def _may_part(text: str) -> bool:
    return (_SIGNS.search(plain(text)) is not None or "\n" in text) and bool(titles_in(text) or labels_in(text) or _levels_in(text))


def _found(grid: Grid) -> list[Shared]:
    return [*_titled(grid), *_labelled(grid), *_pathed(grid)]


def _role(text: str) -> str | None:
    return next((role for table in _TABLES if (role := vocabulary.exact_role(table, text)) is not None), None)


def titles_in(text: str) -> tuple[str, ...]:
    """Return the titles that one cell names one after the other (分值（得分）, 目标值/完成值/完成率), none for any other text."""
    if len(text) > LONGEST or ("\n" not in text and _SEVERAL.search(plain(text)) is None):
        return ()
    key = plain(text)
    bracket = _IN_BRACKETS.fullmatch(key)
    for parts in (vocabulary.lined(text), bracket.groups() if bracket else (), _JOINTS.split(key)):
        roles = [_role(part) for part in parts]
        own = [role for role in roles if role != "ignore"]
        if 2 <= len(own) == len(set(own)) and (_FIELDS.issuperset(own) or (len(parts) == 2 and tuple(own) in _MIXED)):
            return tuple(title_key(part) for part in parts)
    return ()


def _titled(grid: Grid) -> list[Shared]:
    made: list[Shared] = []
    several = list(islice((cell for cell in grid.cells if titles_in(cell.text)), MOST + 1))
    for cell in several if len(several) <= MOST else ():
        titles = titles_in(cell.text)
        if _beside_titles(grid, cell.row):
            shared = _shared(grid, cell, titles, _way(titles, "(" in plain(cell.text)), 1)
            made += [shared] if shared is not None else []
    return made


def _way(titles: tuple[str, ...], in_brackets: bool) -> Callable[[Cell], tuple[str, ...]]:
    """Return what takes cells below such titles apart."""
    roles = tuple(_role(title) for title in titles)
    if roles in _MIXED:
        pattern = _POINTS_BEHIND if roles[0] == "name" else _REASON_BEHIND
        return lambda cell: _behind(cell.text.strip(), pattern)
    if len(titles) == 2 and _NUMERIC.issuperset(roles):
        return _figures
    return lambda cell: _texts(cell, titles, in_brackets)


def _labelled(grid: Grid) -> list[Shared]:
    made = []
    for title, titles in _headed(grid, labels_in):
        if not _titled_apart(grid, title, titles):
            shared = _shared(grid, title, titles, lambda cell, titles=titles: _by_label(cell, titles), _FEWEST)  # type: ignore[misc]
            made += [shared] if shared is not None else []
    return made


def _headed(grid: Grid, parts: Callable[[str], tuple[str, ...]]) -> Iterable[tuple[Cell, tuple[str, ...]]]:
    """Yield the title above each column of cells that part by themselves, with the parts of the first of them."""
    first = {cell.column: (cell, own) for cell in reversed(grid.cells) if (own := parts(cell.text))}
    for column, (body, own) in islice(first.items(), MOST):
        above = [cell for cell in grid.cells if cell.column == column and cell.row < body.row and plain(cell.text)]
        if above and _beside_titles(grid, above[-1].row):
            yield above[-1], own


def _titled_apart(grid: Grid, title: Cell, titles: tuple[str, ...]) -> bool:
    """True when a field that the cells label has a column of its own: then they only say again what stands there."""
    roles = {_role(cell.text) for cell in grid.cells if cell.row == title.row and cell is not title}
    return any(_role(text) in roles for text in titles)


def _pathed(grid: Grid) -> list[Shared]:
    """Return columns of names that state their levels before them: 产出指标-数量指标-修路."""
    found = (_shared(grid, title, _PATH, lambda cell: _levels_in(cell.text), _FEWEST) for title, _ in _headed(grid, _levels_in) if _names(title.text))
    return [shared for shared in found if shared is not None]


def _names(title: str) -> bool:
    return _role(title) == "name" or title_key(title) in vocabulary.words("indicator_umbrella")


def _levels_in(text: str) -> tuple[str, ...]:
    """Return both levels and the name of a path of them, none for any other text."""
    parts = [part.strip() for part in _STEPS.split(text.strip(), 2)] if len(text) < 80 else []
    known = len(parts) == 3 and all(parts) and known_level(parts[0], "level1_words") and known_level(parts[1], "level2_words")
    return tuple(parts) if known else ()


def _beside_titles(grid: Grid, row: int) -> bool:
    """True for a row that holds at least two titles of columns besides."""
    return sum(1 for cell in grid.cells if cell.row == row and _role(cell.text) not in (None, "ignore")) > 1


def _headings(grid: Grid) -> set[int]:
    """Return the rows with titles of different columns: 预算执行率（10分） among values begins no other table."""
    roles: dict[int, set[str]] = {}
    for cell in grid.cells:
        if (role := _role(cell.text)) is not None:
            roles.setdefault(cell.row, set()).add(role)
    return {row for row, found in roles.items() if len(found) > 1}


def _shared(grid: Grid, title: Cell, titles: tuple[str, ...], parted: Callable[[Cell], tuple[str, ...]], least: int) -> Shared | None:
    """Return the column below a title when its cells part, at least `least` of them and half of those down to the last that does."""
    below = [cell for cell in grid.cells if (cell.column, cell.colspan) == (title.column, title.colspan) and cell.row > title.row and not cell.unread]
    titled = [cell.row for cell in below if _role(cell.text) is not None]
    again = _headings(grid).intersection(titled) if titled else ()
    end = min([*again, *(cell.row for cell in below if titles_in(cell.text))], default=1 << 30)
    filled = [cell for cell in below if cell.row < end and not blank(cell.text)]
    parts = {id(cell): made for cell in filled if (made := parted(cell))}
    last = max((cell.row for cell in filled if id(cell) in parts), default=-1)
    if len(parts) < least or len(parts) * 2 < sum(1 for cell in filled if cell.row <= last):
        return None
    return Shared(title, titles, parts, last)


def _figures(cell: Cell) -> tuple[str, ...]:
    """Return two figures of one cell: 10（9.5）, 20/19.5."""
    found = _PAIR.fullmatch("\n".join(plain(line) for line in cell.text.splitlines() if line.strip()))
    return (found.group(1), found.group(2) or found.group(3)) if found else ()


def _behind(text: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return what stands before and behind as filed, found in half-width characters."""
    found = pattern.fullmatch(half_width(text))
    return tuple(text[slice(*found.span(n))] for n in (1, 2)) if found else ()


def _texts(cell: Cell, titles: tuple[str, ...], in_brackets: bool) -> tuple[str, ...]:
    """Return the values of one cell by their labels, their lines or the strokes between them; in brackets where the title says so."""
    named = _by_label(cell, titles)
    if named:
        return named
    found = _IN_BRACKETS_TEXT.fullmatch(cell.text.strip()) if in_brackets else None
    if found is not None:
        return found.groups()
    lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
    if len(lines) == len(titles) and cell.locator.page is None:
        return tuple(lines)
    parts = [part.strip() for part in re.split(" [/／] ", cell.text)]
    if len(parts) != len(titles):
        parts = [part.strip() for part in re.split("[/／]", cell.text)]
    # ≤300元/人 is one value, no two of them.
    same = len(parts) == len(titles) and all(parts) and len({bool(re.search(r"\d", part)) for part in parts}) == 1
    return tuple(parts) if same and len(lines) == 1 else ()


def labels_in(text: str) -> tuple[str, ...]:
    """Return the titles with which a cell labels its own parts, none for a cell that is not made of such parts."""
    return _labels_in(text) if 2 <= text.count(":") + text.count("：") <= len(_LABELS) else ()


@remembered
def _labels_in(text: str) -> tuple[str, ...]:
    marks = list(_marks(text))
    roles = [vocabulary.exact_role("indicator_columns", mark.group(1)) for mark in marks]
    whole = len(marks) > 1 and not text[: marks[0].start()].strip() and len(set(roles)) == len(roles)
    return tuple(mark.group(1) for mark in marks) if whole else ()


def _marks(text: str) -> Iterable[re.Match[str]]:
    return (mark for mark in _LABEL.finditer(text) if vocabulary.exact_role("indicator_columns", mark.group(1)) in _LABELS)


def _by_label(cell: Cell, titles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts of a cell in the order of the titles whose fields its labels name; blank where it has no such label."""
    if not labels_in(cell.text):
        return ()
    marks = list(_marks(cell.text))
    ends = [*(mark.start() for mark in marks[1:]), len(cell.text)]
    values = {_role(mark.group(1)): cell.text[mark.end() : end].strip().rstrip(";；,，、。").strip() for mark, end in zip(marks, ends, strict=True)}
    roles = [_role(title) for title in titles]
    return tuple(values.get(role, "") for role in roles) if values.keys() <= set(roles) else ()


def _widened(grid: Grid, found: list[Shared], border: int) -> Grid:
    """Put the parts into columns of their own from the position `border` on; what stands right of it moves on."""
    more = max(len(one.titles) for one in found) - 1
    merged = any(cell.colspan > 1 or cell.rowspan > 1 for cell in grid.cells)
    made: list[Cell] = []
    for cell in grid.cells:
        end = cell.column + cell.colspan
        if cell.column >= border:
            made.append(replace(cell, column=cell.column + more))
            continue
        pieces = _pieces(cell, found)
        if pieces:
            made.append(replace(cell, text=pieces[0], unread=cell.unread or _why(cell, found)))
            made += [replace(made[-1], column=border + n, colspan=1, text=text) for n, text in enumerate(pieces[1:])]
            continue
        made.append(replace(cell, colspan=cell.colspan + more) if end > border or (end == border and merged) else cell)
    return rearranged(grid, made)


def _pieces(cell: Cell, found: list[Shared]) -> tuple[str, ...]:
    for one in found:
        if cell is one.title:
            return one.titles
        if id(cell) in one.parts:
            return one.parts[id(cell)]
        if _stays(cell, one):
            return (cell.text,) * len(one.titles)
    return ()


def _stays(cell: Cell, one: Shared) -> bool:
    """True for a filled cell among those that part which does not."""
    same = (cell.column, cell.colspan) == (one.title.column, one.title.colspan)
    return same and one.title.row < cell.row <= one.last and not blank(cell.text) and id(cell) not in one.parts


def _why(cell: Cell, found: list[Shared]) -> str | None:
    return say("undivided", text=clean(cell.text)[:20]) if any(_stays(cell, one) and cell is not one.title for one in found) else None

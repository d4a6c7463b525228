"""Which column of an indicator table holds what: titles first, then order and kind of content."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from checker.layouts import vocabulary
from checker.layouts.below_titles import (
    begun,
    compares,
    filled,
    filled_below,
    holds,
    labels_levels,
    numbers_only,
    points_below,
)
from checker.layouts.blocks import Block, judged, scored_section, umbrella
from checker.layouts.cells import plain, title_key
from checker.layouts.numbers import looks_numeric
from checker.layouts.regions import label_columns, titles_of_parts
from checker.layouts.rival_titles import Titled, lowest, of_this_year, only_scores, upper_names, weighted
from checker.layouts.table import Table
from checker.layouts.years import year_alone
from checker.model import Cell

_VALUED = frozenset({"target", "target_adjusted", "actual", "operator", "unit", "weight", "score", "reason"})


class Columns(Struct, frozen=True):
    """`at` gives the position of each role; `exact` is false when a title was known by its words only.

    `unknown` are titles that were not understood or say again what another column says, `ignored` those
    known to hold nothing of the form's own (评分标准, 复核分), `idle` the columns of both. `spans` are the
    columns that the title of a role stands over, `wide` the roles with several of them; `torn` are roles that several titles claim alike, read from none, with the
    first of those titles.
    """

    at: dict[str, int]
    titles: dict[str, Cell]
    exact: bool
    unknown: tuple[Cell, ...] = ()
    ignored: tuple[Cell, ...] = ()
    spans: Mapping[str, range] = field(default_factory=dict)
    wide: frozenset[str] = frozenset()
    idle: frozenset[int] = frozenset()
    torn: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def remarks(self) -> bool:
        """True when the reasons are read from a column of remarks."""
        title = self.titles.get("reason")
        return title is not None and title_key(title.text) in vocabulary.words("remarks")


def read_columns(table: Table, block: Block) -> Columns:
    """Return the roles of the columns under a heading.

    The lowest title of a column decides; a weight between the levels belongs to the level left of it;
    without a third level the deepest level column holds the names.
    """
    found: list[Titled] = []
    unknown: list[Cell] = []
    seen: set[int] = set()
    tops: dict[int, str] = {}
    fillers = vocabulary.words("heading_fillers")
    for column in range(table.columns):
        filler = False
        for row in range(block.body - 1, block.top - 1, -1):
            cell = table.title_at(row, column) if filler else table.at(row, column)
            if cell is None:
                continue
            if title_key(cell.text) in fillers:
                filler = True
                continue
            match = vocabulary.match("indicator_columns", _over(table, block, row, column) if year_alone(cell.text) else cell.text)
            top, _, height, _ = table.area(cell)
            if top + height > block.body:
                continue
            if match is None:
                if row == block.body - 1 and len(plain(cell.text)) > 1 and cell not in unknown:
                    unknown.append(cell)
                continue
            unknown = [other for other in unknown if table.left(other) != column]
            if id(cell) not in seen:
                seen.add(id(cell))
                tops[id(cell)] = _over(table, block, row, column) if match.role in _VALUED or match.role == "name" else ""
                found.append((column if filler else table.left(cell), _below(tops[id(cell)], match.role), match.exact, cell))
            break
    found = only_scores(weighted(upper_names(lowest(table, block, found))))
    if not any(role == "name" for _, role, _, _ in found):
        over = umbrella(table, block.top, block.body)
        section = _of_section(table, block, unknown)
        found += section
        unknown = [cell for cell in unknown if all(cell is not title for _, _, _, title in section)]
        deepest = max((column for column, role, _, _ in found if role in ("level2", "level1")), default=-1)
        if over is not None and table.left(over) > deepest:
            unknown = [cell for cell in unknown if cell is not over]
            found.append((table.left(over), "name", True, over))
        elif over is None and not section and (content := judged(table, block.top)) is not None:
            found = [item for item in found if item[3] is not content]
            found.append((table.left(content), "name", True, content))
    made = _remarked(table, block, _below_wide(table, block, _assign(table, block, of_this_year(found, tops), tops)))
    made = _of_whole(table, block, _reasoned(_first_level(table, block, unknown, _deeper(table, block, _spread(table, block, made)))))
    inner = {role: column for role in ("level1", "level2") if role in made.at and (column := label_columns(table, block, made.titles[role])[-1]) not in made.at.values()}
    made = replace(made, at={**made.at, **inner})
    levels = [made.at[role] for role in ("level1", "level2", "name") if role in made.at]
    beside = [cell for cell in unknown if levels and table.left(cell) > min(levels) and cell not in made.titles.values()]
    unread = (*made.unknown, *beside)
    together = {role: cell for cell in unread for role in vocabulary.halves("indicator_columns", cell.text) if role not in made.at}
    idle = frozenset(column for cell in (*made.ignored, *unread) for column in table.over(cell))
    left_out = [table.left(cell) for cell in made.ignored]
    spans = {role: _span(table, block, title, left_out) for role, title in made.titles.items()}
    return replace(made, unknown=unread, torn={**together, **made.torn}, spans=spans, wide=frozenset(role for role, span in spans.items() if len(span) > 1), idle=idle)


def _of_section(table: Table, block: Block, unknown: list[Cell]) -> list[Titled]:
    """Return the columns that a section of scores has without titles of indicators: its own label, the names right of it, what was done."""
    label_cell = scored_section(table, block.top)
    if label_cell is None:
        return []
    names = table.over(label_cell).stop
    title = table.at(block.top, names)
    results = [cell for cell in unknown if title_key(cell.text) in vocabulary.words("section_results")]
    return [
        (table.left(label_cell), "level1", True, label_cell),
        (names, "name", True, label_cell if title is None or title in results else title),
        *((table.left(cell), "actual", True, cell) for cell in results[:1]),
    ]


def _of_whole(table: Table, block: Block, made: Columns) -> Columns:
    """Read the column of the whole below a title of values over one for every area (实际完成值 over 全市, 甲县, 乙县); without it which one counts is undecided."""
    at, titles, torn, left = dict(made.at), dict(made.titles), dict(made.torn), list(made.unknown)
    for role in _VALUED.intersection(titles):
        parts = titles_of_parts(table, block, titles[role])
        if not parts:
            continue
        whole = [cell for cell in parts if title_key(cell.text) in vocabulary.words("whole_areas")]
        left += [cell for cell in parts if cell not in whole]
        if len(whole) == 1:
            at[role], titles[role] = table.left(whole[0]), whole[0]
        else:
            torn[role] = titles.pop(role)
            del at[role]
    return replace(made, at=at, titles=titles, torn=torn, unknown=tuple(left))


def _reasoned(made: Columns) -> Columns:
    """Read the only column of results as such where its title takes the reasons in: the reasons in it are undecided, not missing."""
    title = made.titles.get("reason")
    if title is None or "actual" in made.at or not vocabulary.result_with_reason(title.text):
        return made
    return replace(_renamed(made, {"reason": "actual"}), torn={**made.torn, "reason": title})


def _renamed(made: Columns, roles: Mapping[str, str]) -> Columns:
    at = {roles.get(role, role): column for role, column in made.at.items()}
    return replace(made, at=at, titles={roles.get(role, role): cell for role, cell in made.titles.items()})


def _span(table: Table, block: Block, title: Cell, left_out: list[int]) -> range:
    """Return the columns a title stands over, up to one below it that is left out (年中); in a table that lost its merged areas
    those without a title right of it too."""
    over = table.over(title)
    over = range(over.start, min((column for column in left_out if column in over[1:]), default=over.stop))
    match = vocabulary.match("indicator_columns", title.text) if table.flat else None
    if match is None or match.role not in ("target", "target_adjusted", "actual"):
        return over
    end = over.stop
    while end < table.columns and not any((cell := table.at(row, end)) is not None and plain(cell.text) for row in range(block.top, block.body)):
        end += 1
    return range(over.start, end)


def _over(table: Table, block: Block, row: int, column: int) -> str:
    """Return the title that stands over the one in `row` and over columns beside it (第一季度 over 计划, 完成), else nothing."""
    if row == block.top:
        return ""
    over = table.title_at(row - 1, column)
    return over.text if over is not None and (table.flat or table.area(over)[3] > 1) else ""


def _below(top: str, role: str) -> str:
    """Return the role of a title by the one over it: none of the form's own below 第一季度 or 复评, the weight for 调整后 below 分值,
    none that can be told for 计划 and 实际 below 分值, the level for 指标名称 below 一级指标."""
    over = vocabulary.match("indicator_columns", top)
    if over is None or over.role == role:
        return role
    if role == "name":
        return over.role if over.role in ("level1", "level2") else role
    if role == "target_adjusted" and over.role in ("actual", "weight", "score"):
        return over.role
    return "ignore" if over.role == "ignore" or (over.role in ("weight", "score") and role in ("target", "actual")) else role


def _spread(table: Table, block: Block, made: Columns) -> Columns:
    """Give the columns under one title for all levels to the levels: the last holds the names."""
    if "name" not in made.at or "level1" in made.at or "level2" in made.at:
        return made
    start, title = made.at["name"], made.titles["name"]
    own = [table.left(cell) for row in range(block.top, block.body) for _, cell in table.starts(row) if cell is not title and plain(cell.text)]
    behind = [column for column in (*made.at.values(), *own) if column > start]
    inside = [
        column
        for column in range(start, min(behind, default=table.columns))
        if begun(table, block, column) and not numbers_only(table, block, column)
    ]
    if len(inside) < 2:
        return made
    at = dict(made.at)
    at["name"] = inside[-1]
    two = "level2" if len(inside) > 2 or holds(table, block, inside[-2], "level2_words") else "level1"
    at[two] = inside[-2]
    if len(inside) > 2:
        at["level1"] = inside[-3]
    return replace(made, at=at, titles={**{role: title for role in at if role.startswith("level")}, **made.titles})


def _remarked(table: Table, block: Block, made: Columns) -> Columns:
    """Read a column of remarks (备注) as that of the reasons where a form has none of its own."""
    remarks = [cell for cell in made.ignored if title_key(cell.text) in vocabulary.words("remarks")]
    if "reason" in made.at or len(remarks) != 1 or not filled(table, block, start := table.over(remarks[0]).start) or numbers_only(table, block, start):
        return made
    kept = tuple(cell for cell in made.ignored if cell is not remarks[0])
    return replace(made, at={**made.at, "reason": start}, titles={**made.titles, "reason": remarks[0]}, ignored=kept)


def _deeper(table: Table, block: Block, made: Columns) -> Columns:
    """Take an only column of levels for the second where it holds names of that level and none of the first: 数量指标 under 指标类型."""
    if "level1" not in made.at or "level2" in made.at or "name" not in made.at:
        return made
    one, two = vocabulary.words("level1_words"), vocabulary.words("level2_words")
    keys = {title_key(cell.text) for row in range(block.body, block.end) if (cell := table.at(row, made.at["level1"])) is not None}
    if not keys & (two - one) or keys & (one - two):
        return made
    return _renamed(made, {"level1": "level2", "level1_weight": "level2_weight"})


def _below_wide(table: Table, block: Block, made: Columns) -> Columns:
    """Read points from the first filled column below a title that is merged over several where its own is empty."""
    moved = {role: column for role in ("weight", "score") if role in made.at and (column := filled_below(table, block, made.titles[role], made.at[role])) != made.at[role]}
    return replace(made, at={**made.at, **moved}) if moved else made


def _first_level(table: Table, block: Block, unknown: list[Cell], made: Columns) -> Columns:
    """Take the only column of words left of level 2 for level 1 where no title names that: 年度任务 over the tasks of a department."""
    if "level1" in made.at or "name" not in made.at:
        return made
    if "level2" not in made.at:
        named = [column for column in range(made.at["name"]) if column not in made.at.values() and labels_levels(table, block, column)]
        title = table.at(block.body - 1, named[0]) if len(named) == 1 else None
        return made if title is None else replace(made, at={**made.at, "level1": named[0]}, titles={**made.titles, "level1": title}, exact=False)
    words = {column for row in range(block.body, block.end) for column, cell in table.starts(row) if plain(cell.text) and not looks_numeric(cell.text) and table.area(cell)[3] == 1}
    left = [cell for cell in unknown if (column := table.left(cell)) < made.at["level2"] and column in words]
    if len(left) != 1:
        return made
    return replace(made, at={**made.at, "level1": table.left(left[0])}, titles={**made.titles, "level1": left[0]}, exact=False)


def _assign(table: Table, block: Block, found: list[Titled], tops: Mapping[int, str]) -> Columns:
    at: dict[str, int] = {}
    titles: dict[str, Cell] = {}
    known: dict[str, bool] = {}
    ignored: list[Cell] = []
    torn: dict[str, Cell] = {}
    first = min((column for column, role, _, _ in found if role in ("name", "level2", "level1")), default=0)
    # Left of the names stand side labels; reasons may stand there, and the only column of weights or scores; other values are told as unread.
    alone = {role for role in ("weight", "score") if sum(1 for item in found if item[1] == role) == 1}
    outside = [item for item in found if item[0] < first and item[1] not in ("ignore", "reason") and not (item[1] in alone and item[2] and points_below(table, block, item[0]))]
    spare = [cell for _, role, sure, cell in outside if sure and role in ("target", "actual", "weight", "score")]
    found = [item for item in found if item not in outside]
    deepest = max((column for column, role, _, _ in found if role in ("name", "level2", "level1")), default=-1)
    for column, role, sure, cell in sorted(found, key=lambda item: item[0]):
        if role == "ignore":
            ignored.append(cell)
            continue
        if role == "weight" and column < deepest:
            role = _level_weight(table, block, column, at, found)
        if role == "target" and column < deepest and "name" not in at:
            continue
        if role == "score" and column < deepest and any(other == role and position > deepest for position, other, _, _ in found):
            # The points of a level: 一级指标 | 权重 | 得分 | 二级指标 | …
            ignored.append(cell)
            continue
        if role in torn:
            spare.append(cell)
            continue
        if role in at:
            other = _second(role, column, at, table, block)
            if other is None and sure == known[role] and _claimed(role, sure, titles[role], cell, table, block, tops):
                torn[role] = titles.pop(role)
                spare += [torn[role], cell]
                del at[role]
                continue
            better = title_key(cell.text) in vocabulary.words("deepest_names") if role == "name" else sure and not known[role] and role not in ("level1", "level2")
            if other is None and better:
                spare.append(titles[role])
            elif other is None:
                spare.append(cell)
                continue
            if role == "operator" and other == role:
                ignored.append(titles[role])
            role = other or role
        at[role] = column
        titles[role] = cell
        known[role] = sure
    if "name" not in at:
        for role in ("level2", "level1"):
            if role in at:
                at["name"], titles["name"] = at.pop(role), titles.pop(role)
                break
    return Columns(at, titles, all(known.values()), tuple(spare), tuple(ignored), torn=torn)


def _level_weight(
    table: Table, block: Block, column: int, at: dict[str, int], found: list[Titled]
) -> str:
    """Decide whether a weight column left of the names is a level's or the row's own."""
    others = [position for position, role, _, _ in found if role == "weight" and position > column]
    if not others:
        return "weight"
    return "level2_weight" if "level2" in at else "level1_weight"


def _second(role: str, column: int, at: dict[str, int], table: Table, block: Block) -> str | None:
    """Give a repeated title another role, or none: the first column of a role is the unit's own."""
    if role == "level1" and "level2" not in at:
        return "level2"
    if role == "name" and "level2" not in at:
        return None
    if role == "reason" and "measure" not in at:
        return "measure"
    if role == "unit" and "actual_unit" not in at and at.get("actual", column) < column:
        return "actual_unit"
    if role in ("target", "actual") and not filled(table, block, at[role]) and filled(table, block, column):
        return role
    if role == "operator" and not compares(table, block, at[role]) and compares(table, block, column):
        return role
    return None


def _claimed(role: str, sure: bool, first: Cell, second: Cell, table: Table, block: Block, tops: Mapping[int, str]) -> bool:
    """True when two titles claim one role with different values: by their words only (学校得分, 主管局得分), apart in their
    brackets only (完成值（上半年）, 完成值（全年）) or below different titles (东片 over 完成值, 西片 over 完成值). What the first or
    the title over it calls 自评 is the unit's own."""
    over, beside = (plain(tops.get(id(title), "")) for title in (first, second))
    if role not in ("target", "actual", "weight", "score") or (role == "score" and "自评" in plain(first.text) + over):
        return False
    alike = plain(first.text) == plain(second.text)
    if (alike and over == beside) or (not alike and sure and title_key(first.text) != title_key(second.text)):
        return False
    left, right = (table.left(title) for title in (first, second))
    pairs = ((table.at(row, left), table.at(row, right)) for row in range(block.body, block.end))
    return any(a is not None and b is not None and plain(a.text) and plain(b.text) and plain(a.text) != plain(b.text) for a, b in pairs)

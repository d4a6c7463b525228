"""Which rows of a table are the budget block, the goals, the indicators, and where forms begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

from msgspec import Struct

from checker.layouts import vocabulary
from checker.layouts.cells import plain, title_key
from checker.layouts.label_points import weigh_names
from checker.layouts.table import Table
from checker.layouts.years import last_filed
from checker.model import Cell
from checker.remembered import remembered
from checker.values.text import simplified

TITLE = re.compile(r"自评(?:(?![见下附如填])[\u4e00-\u9fff]){0,6}表(?![明示现])|目标完成情况表|绩效评价自评报告|完成情况自评|整体支出绩效自评情况$|绩效评价(?:共性)?(?:指标)?(?:体系)?[及和与]?(?:(?:评分|得分|打分|计分)(?:情况)?)?(?:标准)?表$")
_OTHER_TITLE = re.compile(r"绩效(?:目标|指标|运行|执行|中期){0,2}(?:申报|申请|批复|下达|审核|分解|监控|监测|跟踪|评估){1,2}(?:情况)?表(?:[(（][^()（）]*[)）])?$|绩效目标(?:公开)?表(?:[(（][^()（）]*[)）])?$")
_NOT_TITLE = re.compile(r"(?:\.{4}|…{2}|·{4})[.…·]*\(?\d{1,3}\)?$|附件\d*[:：.]?.{0,60}\.(?:docx?|xlsx?|pdf)$|当前位置|来源[:：]|下载", re.IGNORECASE)
_VALUE_ROLES = frozenset({"target", "target_adjusted", "actual", "operator"})
_NAME_ROLES = frozenset({"level1", "level2", "name"})
_INLINE = re.compile(r"^(?:([^:]{2,30}):|([^:\d.,]{3,12}))([-+]?[\d.,]+(?:亿元|万元|元|万|%)?)$")
_FIGURE_ENDS = re.compile(r"[\d.,元万%]")
_DIGITS = re.compile(r"[\d.,%]+")
_LOOKED_AT = 5
"""Rows below a heading that tell whether names give the weights."""
_BUDGET_CORE = frozenset({"initial", "budget", "executed", "rate"})


class Block(Struct, frozen=True):
    """Rows [`top`, `body`) are the heading, [`body`, `end`) what stands below it."""

    kind: str
    top: int
    body: int
    end: int


@remembered
def is_title(text: str) -> bool:
    """True for a line that names a self-evaluation form."""
    key = simplified(plain(text))
    if key.startswith(vocabulary.starts("note_starts")):
        return False
    return len(key) <= 80 and TITLE.search(key) is not None and _NOT_TITLE.search(key) is None


@remembered
def is_other_title(text: str) -> bool:
    """True for a line that names a form of targets or of monitoring: no self-evaluation, to be told so."""
    key = simplified(plain(text))
    return len(key) <= 60 and _OTHER_TITLE.search(key) is not None and _NOT_TITLE.search(key) is None


def says_again(text: str) -> bool:
    """True for a title that a form says again where it goes on over the page: …自评表（续）."""
    return "续" in text and is_title(text) and vocabulary.pattern("continued").search(plain(text)) is not None


def indicator_roles(cells: Sequence[tuple[int, Cell]]) -> set[str]:
    """Return the roles that titles in these cells have in an indicator table."""
    found = (vocabulary.match("indicator_columns", cell.text) for _, cell in cells)
    both = (role for _, cell in cells for role in vocabulary.halves("indicator_columns", cell.text))
    alone = ("score" for _, cell in cells if title_key(cell.text) in vocabulary.words("only_scores"))
    return {match.role for match in found if match is not None and match.role != "ignore"} | set(both) | set(alone)


def _indicator_heading(table: Table, row: int) -> int | None:
    """Return the row behind an indicator heading that begins at `row`, None when there is none."""
    first = table.starts(row)
    roles = indicator_roles(first)
    if len(roles) < 2 or _is_data(first):
        return None
    if not roles & {*_NAME_ROLES, "weight", "score"} and goal_columns(table, row):
        return None
    end = row + _title_height(table, first)
    for inside in range(row + 1, end):
        roles |= indicator_roles(table.starts(inside))
    while end < len(table.rows) and end - row < 4:
        below = table.starts(end)
        if not below or not _continues_heading(below, roles):
            break
        roles |= indicator_roles(below)
        end += 1
    named = roles & _NAME_ROLES or umbrella(table, row, end) is not None or scored_section(table, row) is not None
    if not named and judged(table, row) is not None:
        named = {"name"}
        roles |= named
    valued = roles & _VALUE_ROLES
    scored = {"weight", "score"} <= roles or ({"level1", "name", "score"} <= roles and _weighed_by_names(table, row, end))
    return end if named and (valued or scored) and len(roles) >= 3 else None


def _weighed_by_names(table: Table, top: int, body: int) -> bool:
    """True below a heading without a column of weights when the names give them: 相关性（5分）."""
    titles = (start for row in range(top, body) for start in table.starts(row))
    names = next((column for column, cell in titles if (match := vocabulary.match("indicator_columns", cell.text)) is not None and match.role == "name"), None)
    if names is None:
        return False
    below = [table.cover[row].get(names) for row in range(body, len(table.rows))]
    return weigh_names([cell.text for cell in below if cell is not None and plain(cell.text)][:_LOOKED_AT])


def _title_height(table: Table, cells: Sequence[tuple[int, Cell]]) -> int:
    """Return how many rows a heading covers: the titles of the names cover all of it, those with titles of their own below only the first."""
    named = [cell for _, cell in cells if (match := vocabulary.match("indicator_columns", cell.text)) is not None and match.exact and match.role in _NAME_ROLES]
    height = min((table.area(cell)[2] for cell in named), default=1)
    return height if height <= 3 else 1


def umbrella(table: Table, top: int, body: int) -> Cell | None:
    """Return the title that stands over all levels in the heading rows [`top`, `body`), None when there is none.

    A title that goes on beside the rows below is the table's side label, not a column's title.
    """
    for row in range(top, body):
        for _, cell in table.starts(row):
            start, _, height, _ = table.area(cell)
            if start + height <= body and title_key(cell.text) in vocabulary.words("indicator_umbrella"):
                return cell
    return None


def scored_section(table: Table, row: int) -> Cell | None:
    """Return the label beside a heading without a title of names that scores how something was done: 资金管理情况 | 情况说明 | 分值 | 得分."""
    label = next((cell for _, cell in table.starts(row) if plain(cell.text)), None)
    if label is None or title_key(label.text) not in vocabulary.words("scored_sections"):
        return None
    return label if {"weight", "score"} <= indicator_roles(table.starts(row)) else None


def judged(table: Table, row: int) -> Cell | None:
    """Return the title over what is judged in a heading of points without a title of names: 项目权重 | 评价内容 | 分值 | 自评分."""
    if not {"weight", "score"} <= indicator_roles(table.starts(row)):
        return None
    return next((cell for _, cell in table.starts(row) if title_key(cell.text) in vocabulary.words("judged_names")), None)


def _continues_heading(cells: Sequence[tuple[int, Cell]], roles: set[str]) -> bool:
    fillers = vocabulary.words("heading_fillers")
    filled = [cell for _, cell in cells if plain(cell.text)]
    if not filled:
        return False
    known = 0
    for cell in filled:
        match = vocabulary.match("indicator_columns", cell.text)
        if match is not None and (match.exact or match.role == "ignore"):
            known += 1
        elif title_key(cell.text) not in fillers and plain(cell.text).strip("()%") not in fillers:
            return False
    return known == len(filled) or known == 0 or known >= 2


def _is_data(cells: Sequence[tuple[int, Cell]]) -> bool:
    """True when half of the cells of the row are numbers, as of figures beside their labels: a heading has none."""
    filled = [cell for _, cell in cells if plain(cell.text)]
    digits = sum(1 for cell in filled if _DIGITS.fullmatch(plain(cell.text)))
    return digits > 0 and digits * 2 >= len(filled)


def budget_roles(cells: Sequence[tuple[int, Cell]]) -> set[str]:
    """Return the roles that titles in these cells have in a budget block."""
    found = (vocabulary.match("budget_columns", cell.text) for _, cell in cells)
    return {match.role for match in found if match is not None and match.role != "ignore"}


def _budget_heading(table: Table, row: int, least: int) -> int | None:
    cells = table.starts(row)
    roles = budget_roles(cells) & _BUDGET_CORE
    if _is_data(cells) or len(roles) < least or _compares_years(cells, roles):
        return None
    # label and value side by side (预算数 | 5.8) is no heading
    for column, cell in cells:
        match = vocabulary.match("budget_columns", cell.text)
        if match is not None and match.role in _BUDGET_CORE:
            if inline_figure(cell.text) is not None:
                return None
            beside = table.beside(row, column)
            if beside is not None and re.match(r"[\d.,]", plain(beside.text)) and vocabulary.match("budget_columns", beside.text) is None:
                return None
    return row + 2 if titles_below(table, row) else row + 1


def titles_below(table: Table, row: int) -> list[tuple[int, Cell]]:
    """Return the titles of amounts that stand below wider ones of the row (年初预算数, 全年预算数 below 预算), none where anything else does."""
    below = [(column, cell) for column, cell in table.starts(row + 1) if plain(cell.text)] if row + 1 < len(table.rows) else []
    for column, cell in below:
        over = table.at(row, column)
        if over is None or table.area(over)[3] == 1 or vocabulary.exact_role("budget_columns", cell.text) not in _BUDGET_CORE:
            return []
    return below


def budget_titles(table: Table, block: Block) -> list[tuple[int, Cell]]:
    """Return the titles of a budget's columns from left to right, those below a wider one in its place, and those that end with the heading."""
    begun = [(column, cell) for column, cell in table.line(block.top) if table.area(cell)[0] == block.top or sum(table.area(cell)[::2]) == block.body]
    begun += _ended_above(table, block.top) if table.flat and block.top else []
    lower = titles_below(table, block.top) if block.body == block.top + 2 else []
    over = {id(table.at(block.top, column)) for column, _ in lower}
    return sorted([*((column, cell) for column, cell in begun if id(cell) not in over), *lower], key=itemgetter(0))


def _ended_above(table: Table, row: int) -> list[tuple[int, Cell]]:
    """Return titles of points and of the rate in the first row of a heading above nothing in its second, where a table lost its merged areas."""
    above = table.starts(row - 1)
    if any(_DIGITS.fullmatch(plain(cell.text)) for _, cell in above):
        return []
    blank = (column for column, _ in above if (cell := table.at(row, column)) is None or not plain(cell.text))
    return [(column, table.cover[row - 1][column]) for column in blank if vocabulary.exact_role("budget_columns", table.cover[row - 1][column].text) in ("rate", "weight", "score")]


def _compares_years(cells: Sequence[tuple[int, Cell]], roles: set[str]) -> bool:
    """True where titles name years and do not belong to a form: several years without a last one that is filed and given points, or no more than two of its columns."""
    titles = [(year, match.role) for _, cell in cells if (year := vocabulary.year_in(cell.text)) and (match := vocabulary.match("budget_columns", cell.text)) is not None]
    if len({year for year, _ in titles}) > 1:
        return not last_filed(titles) or not budget_roles(cells) & {"weight", "score"}
    return bool(titles) and len(roles) < 3


class Pair(Struct, frozen=True):
    """A budget label with its figure in the next cell or behind a colon: 执行数 | 5.8万; `text` is the figure."""

    row: int
    column: int
    role: str
    title: Cell
    value: Cell
    text: str


def inline_figure(text: str) -> tuple[str, str] | None:
    """Return the label and the figure written in one cell: 执行数：118万元; without a colon the label must be known."""
    key = plain(text) if len(text) < 60 else ""
    found = _INLINE.match(key) if _FIGURE_ENDS.fullmatch(key[-1:]) else None
    if found is None:
        return None
    title, bare, figure = found.groups()
    if title is None and vocabulary.exact_role("budget_columns", bare) not in _BUDGET_CORE:
        return None
    return title or bare, figure


def pairs_in(table: Table, row: int) -> list[Pair]:
    """Return the budget labels of a row that have a figure beside them."""
    made = []
    for column, cell in table.starts(row):
        inline = inline_figure(cell.text)
        match = vocabulary.match("budget_columns", inline[0] if inline else cell.text)
        if match is None or match.role not in (*_BUDGET_CORE, "ignore") or vocabulary.year_in(cell.text):
            continue
        if inline:
            made.append(Pair(row, column, match.role, cell, cell, inline[1]))
            continue
        if match.role == "ignore" and title_key(cell.text) not in vocabulary.words("budget_pairs"):
            continue
        beside = table.beside(row, column)
        if beside is not None and re.match(r"[-+]?[\d.,]", plain(beside.text)):
            made.append(Pair(row, column, match.role, cell, beside, beside.text))
    return made


def _pairs_begin(table: Table, row: int) -> bool:
    """True when budget figures stand beside their labels in this row or from this row on."""
    if not any(pair.role != "ignore" for pair in pairs_in(table, row)):
        return False
    near = [pair.role for below in range(row, min(row + 4, len(table.rows))) for pair in pairs_in(table, below)]
    return len(set(near) & _BUDGET_CORE) >= 2


def goal_columns(table: Table, row: int, exact: bool = False) -> dict[str, tuple[int, Cell]]:
    """Return the cells titled as goal and result in a row, by planned, adjusted and actual.

    With `exact` words of a title are not enough: below an indicator heading cells are values.
    """
    found: dict[str, tuple[int, Cell]] = {}
    cells = [
        (column, cell, match)
        for column, cell in table.starts(row)
        if (match := vocabulary.match("goals", cell.text)) is not None and (match.exact or not exact)
    ]
    actual = [(column, cell, match) for column, cell, match in cells if match.role == "actual"]
    planned = [(column, cell, match) for column, cell, match in cells if match.role == "planned"]
    if actual and planned:
        column, cell, _ = max(actual, key=lambda item: (item[2].exact, item[0]))
        left = [item for item in planned if item[0] < column]
        if left:
            adjusted = [item for item in cells if item[2].role == "adjusted"]
            found["actual"] = (column, cell)
            best = min(left, key=lambda item: -item[0]) if not adjusted else max(
                (item for item in left if item[0] < adjusted[0][0]), key=lambda item: item[0], default=left[-1]
            )
            found["planned"] = (best[0], best[1])
            if adjusted:
                found["adjusted"] = (adjusted[0][0], adjusted[0][1])
    return found


def find_blocks(table: Table) -> list[Block]:
    """Return the blocks of a table in order; a block ends where the next begins."""
    starts: list[tuple[str, int, int]] = []
    row, inside = 0, False
    while row < len(table.rows):
        if not _speaks(table, row):
            row += 1
            continue
        body = _indicator_heading(table, row)
        kind = "indicators"
        if body is None and (body := _budget_heading(table, row, 3 if inside else 2)) is not None:
            kind = "budget"
        if body is None and not inside and (not starts or starts[-1][0] != "pairs") and _pairs_begin(table, row):
            kind, body = "pairs", row
        if body is None and goal_columns(table, row, exact=inside):
            kind, body = "goals", row + 1
        if body is None and _titled(table, row):
            kind, body = "title", row + 1
        if body is None and inside and _lists(table, row):
            kind, body = "list", row + 1
        if body is not None:
            starts.append((kind, row, body))
            inside = (kind == "indicators" and scored_section(table, row) is None) or (inside and kind == "goals")
            row = max(body, row + 1)
        else:
            row += 1
    ends = [*(top for _, top, _ in starts[1:]), len(table.rows)][: len(starts)]
    return [Block(kind, top, body, end) for (kind, top, body), end in zip(starts, ends, strict=True)]


def _lists(table: Table, row: int) -> bool:
    """True for the titles of a list that stands below the indicators: 序号 | 培训机构 | 培训人数 | 补助资金."""
    texts = [text for text in table.texts[row] if plain(text)]
    return len(texts) > 3 and title_key(texts[0]) in vocabulary.words("numberings") and not any(_DIGITS.fullmatch(plain(text)) for text in texts)


def _speaks(table: Table, row: int) -> bool:
    """False for a row where no block can begin: no word of a heading, no figure behind a colon, no single text."""
    return table.filled[row] == 1 or any(map(_may_head, table.texts[row]))


@remembered
def _may_head(text: str) -> bool:
    if inline_figure(text) is not None:
        return True
    return vocabulary.has_role(("indicator_columns", "budget_columns", "goals"), text)


def _titled(table: Table, row: int) -> bool:
    filled = [cell for cell in table.rows[row] if plain(cell.text)]
    return len(filled) == 1 and is_title(filled[0].text) and not says_again(filled[0].text)

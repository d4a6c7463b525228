"""Labels with values around the blocks: names, year, totals in the head, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise

from checker.late import late
from checker.layouts import vocabulary
from checker.layouts.blocks import is_other_title, is_title
from checker.layouts.cells import blank, clean, label, money_unit, plain, title_key
from checker.layouts.goals import text_of
from checker.layouts.messages import at, field_name, say
from checker.layouts.numbers import kept_unit, score
from checker.layouts.places import Found, Notes, Row, where
from checker.layouts.table import Table
from checker.model import Cell
from checker.values.text import half_width

_YEAR = late(r"(?<!\d)(20\d\d)年?度")
_YEAR_LOOSE = late(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_INLINE = late(r"([\u4e00-\u9fff（()）及、]{2,16})[:：]\s*")
_STAMP = late(r"\s*[(（](?:公章|盖章|签章|单位公章|单位盖章|加盖公章|章)[)）]$")
_ENDS = late(r"\s{3,}|\n|\s+(?=[\u4e00-\u9fff]{2,8}[:：])")
"""What ends a value in a line of several: blanks, a line break, a further label whether known or not."""
_TABLE_NUMBER = late(r"\s+公开\d{1,2}表.*$")
_DATED = late(r"\s+[(（]?20\d\d年度?[)）]?$")
_OF_OFFICES = frozenset({"unit_name", "supervising_department", "implementing_unit", "higher_department"})
"""The year behind the name of an office is that of the form; behind the name of a project it is part of it."""
_NAMES = _OF_OFFICES | {"project_name"}
_LONGEST_LABEL = 30
_LONGEST_LINE = 200
_COUNT = late(r"(\d{1,6})(?:个|家)?")
_OF_MONEY = late(r"[^\d()]{2,12}\((?:单位:)?[亿万千]?元\)")


def read_labels(table: Table, rows: list[int], found: Row, notes: Notes) -> None:
    """Collect label → value pairs of these rows into `found`; the first filled value of a field stays."""
    for row in rows:
        cells = table.starts(row)
        for column, cell in cells:
            if table.filled[row] == 1 and _read_spaced(cell, found, notes):
                continue
            match = vocabulary.match("header_labels", cell.text)
            if match is not None and not match.exact and ":" in plain(cell.text)[:-1]:
                match = None
            if match is not None and match.role != "other":
                beside = table.beside(row, column)
                if beside is not None and not _is_title(beside):
                    _take(match.role, beside, beside.text, found, notes)
            elif match is None and (roles := _roles_of(cell.text)):
                _take_several(roles, table.beside(row, column), found, notes)
            elif match is None:
                read_inline(cell, found, notes)


def _read_spaced(cell: Cell, found: Row, notes: Notes) -> bool:
    """Collect 主管部门 某局 实施单位 某中心 written in the one cell of a row, as printed rows without upright rules are; False for any other text."""
    words = cell.text.split() if len(cell.text) < _LONGEST_LINE and ":" not in plain(cell.text) else []
    roles = [vocabulary.exact_role("header_labels", word) for word in words]
    starts = [n for n, role in enumerate(roles) if role is not None]
    parts = list(pairwise([*starts, len(words)]))
    if not starts or starts[0] > 0 or any(end - start < 2 for start, end in parts):
        return False
    for start, end in parts:
        role = roles[start]
        if role is not None and role != "other":
            _take(role, cell, " ".join(words[start + 1 : end]), found, notes)
    return True


def _roles_of(text: str) -> tuple[str, ...]:
    """Return the roles of a label that names several things with a stroke between them (实施单位/项目负责人), none for any other."""
    parts = title_key(text).split("/") if len(text) < _LONGEST_LABEL else []
    roles = tuple(role for part in parts if (role := vocabulary.exact_role("header_labels", part)) is not None)
    return roles if 1 < len(parts) == len(roles) else ()


def _take_several(roles: tuple[str, ...], cell: Cell | None, found: Row, notes: Notes) -> None:
    """Give each of several labels its part of the value (某中心/张某); a value that does not part as they do is unread."""
    if cell is None or blank(cell.text) or _is_title(cell):
        return
    parts = [part.strip() for part in re.split("[/／]", cell.text)]
    parted = len(parts) == len(roles) and all(parts) and not cell.unread
    for role, part in zip(roles, parts if parted else [cell.text] * len(roles), strict=True):
        if role == "other":
            continue
        if parted:
            _take(role, cell, part, found, notes)
        elif role not in found:
            found[role] = Found(None, cell, cell.unread or say("undivided", text=clean(cell.text)[:20]))
            if not cell.unread:
                notes.unread.append(at(where(cell.locator), "undivided", text=clean(cell.text)[:20]))


def _is_title(cell: Cell) -> bool:
    """True for a cell that is itself a label or the title of a column."""
    return vocabulary.match("header_labels", cell.text) is not None or any(
        vocabulary.exact_role(table, cell.text) is not None for table in ("goals", "indicator_columns")
    ) or vocabulary.exact_role("budget_columns", cell.text) in ("initial", "budget", "executed", "rate") or _OF_MONEY.fullmatch(plain(cell.text)) is not None


def read_inline(cell: Cell, found: Row, notes: Notes) -> None:
    """Collect 单位名称：… 填报日期：… written in one cell or line."""
    text = cell.text
    if len(text) > 300:
        return
    marks = [
        (match, role)
        for match in _INLINE.finditer(text)
        if (role := "total_score" if match.group(1) in vocabulary.words("stated_totals") else vocabulary.exact_role("header_labels", match.group(1))) is not None
    ]
    for n, (match, role) in enumerate(marks):
        end = marks[n + 1][0].start() if n + 1 < len(marks) else len(text)
        if role != "other":
            value = _TABLE_NUMBER.sub("", _ENDS.split(text[match.end() : end].strip())[0])
            _take(role, cell, value, found, notes)


def _says_same(text: str, known: str) -> bool:
    """True for one name twice, with a year, a seal or a list of more units behind it."""
    one, other = plain(text), plain(known)
    return one in other or other in one


def _take(role: str, cell: Cell, text: str, found: Row, notes: Notes) -> None:
    if role == "unit_name" and money_unit(f"单位:{text}") is not None:
        role = "amount_unit"
    known = found.get("stated_score" if role == "total_score" else role)
    if known is not None and known.value is not None:
        if role in _NAMES and not blank(text) and not cell.unread and not _says_same(text, str(known.value)):
            notes.unread.append(at(where(cell.locator), "second_name", field=field_name(role), text=clean(text)[:40], first=known.value))
        return
    if blank(text) or cell.unread:
        if role != "total_score":
            found.setdefault(role, Found(None, cell, cell.unread))
        return
    if role == "total_score":
        read = score(plain(text).rstrip("。.，,;"))
        if read.value is not None:
            found["stated_score"] = Found(read.value, cell)
        elif read.reason:
            notes.unread.append(at(where(cell.locator), "cell_unread", field=field_name(role), text=clean(text)[:40], why=read.reason))
            found["stated_score"] = Found(None, cell, read.reason)
    elif role == "subordinate_units":
        match = _COUNT.fullmatch(plain(text))
        if match:
            found[role] = Found(int(match.group(1)), cell)
        else:
            notes.unread.append(at(where(cell.locator), "cell_unread", field=field_name(role), text=clean(text)[:40], why=say("no_count")))
            found[role] = Found(None, cell, say("no_count"))
    elif role in ("goal_planned", "goal_actual"):
        found[role] = Found(text_of([cell], notes), cell, cell.unread)
    elif role == "fiscal_year":
        match = re.search(r"(20\d\d)", plain(text))
        if match:
            found[role] = Found(int(match.group(1)), cell)
    elif role == "period":
        years = set(re.findall(r"(?<!\d)20\d\d(?=年|\.|-|/)", plain(text)))
        if len(years) == 1:
            found[role] = Found(int(years.pop()), cell)
    elif role == "amount_unit":
        unit = money_unit(f"单位:{text}")
        if unit:
            found[role] = Found(kept_unit(unit), cell)
    else:
        name = _DATED.sub("", clean(text)) if role in _OF_OFFICES else clean(text)
        found[role] = Found(_STAMP.sub("", name), cell)


def stated_unit(table: Table, rows: range) -> str | None:
    """Return the money unit that stands beside a label: 金额单位 | 亿元."""
    shown = set[str]().union(*table.texts[rows.start : rows.stop])
    if _unit_labels().isdisjoint(map(title_key, shown)):
        return None
    for row in rows:
        for column, cell in table.starts(row):
            if vocabulary.exact_role("header_labels", cell.text) in _OF_UNIT and (beside := table.beside(row, column)) is not None:
                unit = money_unit(f"单位:{beside.text}")
                if unit is not None:
                    return unit
    return None


_OF_UNIT = ("amount_unit", "unit_name")


@cache
def _unit_labels() -> frozenset[str]:
    return frozenset[str]().union(*(role.titles for role in vocabulary.roles("header_labels") if role.name in _OF_UNIT))


def title_of(lines: list[Cell]) -> Found | None:
    """Return the last line that names a form: the title nearest to the table; failing that one of a form that is no self-evaluation."""
    for named in (is_title, is_other_title):
        for cell in reversed(lines):
            if named(cell.text):
                return Found(label(cell.text).strip("《》"), cell)
    return None


def year_of(lines: list[Cell], title: Found | None) -> Found | None:
    """Return the year in the title, else in the line nearest to the table: (2023年度)."""
    ordered = list(reversed(lines))
    if title is not None and title.cell is not None:
        ordered.insert(0, title.cell)
    for pattern in (_YEAR, _YEAR_LOOSE):
        for cell in ordered:
            text = plain(cell.text)
            if len(text) > 80 or re.search(r"日期|时间|发布|来源|浏览", text):
                continue
            match = pattern.search(text)
            if match:
                return Found(int(match.group(1)), cell)
    return None


_UNIT_WORD = "局|厅|委员会|委|办公室|办|中心|院|馆|站|所|学校|中学|小学|大学|学院|医院|联合会|协会|公司|总队|支队|大队|法院|检察院|人民政府|街道办事处|部|处|会|社|队|台|园|校|残联|宫|文联|妇联|工商联|科协|侨联|街道|[县市区旗][^县市区旗]{1,8}[镇乡]"
_FORM_WORD = r"(?:部门|单位)?[(（]?(?:部门|单位)?[)）]?整体|(?:部门)?(?:预算)?项目(?:支出)?(?:资金)?(?:绩效|自评)|政府购买服务(?:项目)?(?:绩效|自评)|(?:国有资本经营|政府性基金|社会保险基金|一般公共)预算(?:项目)?(?:支出)?(?:资金)?绩效"
_UNIT_TITLE = late(rf"^((?!20\d\d).{{1,40}}?(?:{_UNIT_WORD}))(?:关于)?(?=20\d\d|{_FORM_WORD})")
_UNIT_AFTER = late(rf"^20\d\d年度?(.{{1,40}}?(?:{_UNIT_WORD}))(?={_FORM_WORD})")


def unit_in_title(title: Found | None) -> Found | None:
    """Return the unit that a title names before its year or the words for the form: 重庆市梁平区林业局2023年度…."""
    if title is None or not isinstance(title.value, str):
        return None
    text = re.sub(r"^#*附[件表]\d{0,2}[-.\d]{0,4}[:：]?|^#+", "", title.value)
    simple = half_width(text)
    match = _UNIT_TITLE.match(simple) or _UNIT_AFTER.match(simple)
    return Found(text[slice(*match.span(1))], title.cell) if match else None


_PROJECT_TITLE = late(
    r"^(?:20\d\d年?度?|.{1,20}?20\d\d年?度?(?![年度]*中央))?((?:(?!20\d\d).){2,40}(?:项目|资金|经费|补助|补贴|工程|专项|基金))(?:20\d\d年?度?)?(?:支出)?"
    r"(?:(?:绩效)?(?:目标|评价|考核)?(?:完成情况)?自评(?:情况|评分|得分|打分)?表|绩效评价(?:指标)?(?:体系)?[及和与]?(?:(?:评分|得分|打分|计分)(?:情况)?)?(?:标准)?表)$"
)
_COMMON_TITLE = late(
    r"项目|支出|资金|专项|预算|财政|部门|单位|绩效|目标|年度|重点|区域|本级|级|一般公共|政府性基金|国有资本经营|社会保险基金|社保基金|基金|政府购买服务|转移支付|中央对地方|政府投资|专项债券|债券|政府|对下|上级|中央|地方|补助|经费|建设|特定|类|其他|运转|整体"
    r"|^.{1,8}?(?:[省市县州旗]|(?<!城)乡|(?<![小社园灌库矿牧山景林])区|(?<![强小城村])镇)"
)


def project_in_title(title: Found | None) -> Found | None:
    """Return the project that a title names: 2021年度农村公益事业奖补项目绩效自评表; nothing where its words fit any form."""
    if title is None or not isinstance(title.value, str) or unit_in_title(title) is not None:
        return None
    match = _PROJECT_TITLE.match(re.sub(r"\(.{1,20}?\)$", "", half_width(title.value)))
    return Found(match.group(1), title.cell) if match and len(_COMMON_TITLE.sub("", match.group(1))) > 3 else None


_PROJECT_REPORT = late(
    r"20\d\d年?度?(.{2,40}(?:项目|资金|经费|补助|补贴|工程|专项|基金))(?:支出)?(?:单位|部门)?(?:绩效)?(?:目标)?(?:完成情况)?自评(?:工作|结果)?(?:情况)?的?报告$"
)


def project_in_report(title: Cell) -> Found | None:
    """Return the project that the title of a report names behind the year: 某局2018年度职业农民培育项目绩效自评报告; nothing where its words fit any report."""
    match = _PROJECT_REPORT.search(half_width(plain(title.text)))
    return Found(match.group(1), title) if match and len(_COMMON_TITLE.sub("", match.group(1))) > 3 else None


_UNIT_ALONE = late(rf"(?!.*(?:首页|网|公开|关于|附件|当前|来源))[\u4e00-\u9fff()]{{2,40}}?(?:{_UNIT_WORD})(?<![省市县区州旗]人民政府)")


def unit_over_title(lines: list[Cell], title: Found | None) -> Found | None:
    """Return the unit that stands in a line of its own directly above the title."""
    filled = [cell for cell in lines if plain(cell.text)]
    at_title = next((n for n, cell in enumerate(filled) if title is not None and cell is title.cell), 0)
    if at_title == 0:
        return None
    cell = filled[at_title - 1]
    return Found(label(cell.text), cell) if len(cell.text) < 60 and _UNIT_ALONE.fullmatch(half_width(label(cell.text))) else None


_SCORE_ALONE = late(r"([^:]{2,10}):(\d{1,3}(?:\.\d{1,4})?)分?")
_NEAR = 5


def score_below(lines: Sequence[Cell]) -> Found | None:
    """Return the total score that stands alone in one of the first lines below a table (总分：98.5分), before the title of a next form."""
    for cell in lines[:_NEAR]:
        if is_title(cell.text):
            return None
        match = _SCORE_ALONE.fullmatch(plain(cell.text))
        if match is not None and not cell.unread and title_key(match.group(1)) in vocabulary.words("totals"):
            return Found(Decimal(match.group(2)), cell)
    return None


_PROSE_SCORE = late(r"(?:自评|绩效自评|评价)(?:总|综合)?得分(?:为|是|:)?(\d{1,3}(?:\.\d{1,4})?)分")


def score_in_prose(lines: list[Cell]) -> Found | None:
    """Return the total score that the text around the table states: 绩效自评得分为95分."""
    scores = {
        Decimal(match.group(1)): cell for cell in lines for match in _PROSE_SCORE.finditer(plain(cell.text)[:20_000])
    }
    if len(scores) != 1:
        return None
    value, cell = next(iter(scores.items()))
    return Found(value, cell)

"""Tables that come with a batch: lists of approved targets, final accounts, re-check scores, forms that are due.

The header says what a table is. A list of targets of many projects is cut into one document a project, so that
layouts read it like any other form; the other tables become entries with their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from checker.across.lexicon import columns
from checker.across.units import bare, is_own_level, is_summary, notes_of, project_of, same_unit, text, unit_of, year_of
from checker.errors import ReadError
from checker.model import Cell, Document, FieldValue, Form, Grid, Locator
from checker.values.number import read_number
from checker.values.text import is_blank, letters, plain

_CARRIED = ("unit", "project", "parent", "year", "level1", "level2", "goal")
"""Columns whose blank cells repeat the one above: merged cells of a list."""
_IDENTITY = ("unit", "project", "parent", "year", "goal")
_HEADER_FIELDS = {"unit": "unit_name", "project": "project_name", "parent": "supervising_department", "goal": "goal_planned"}
_KINDS = ("accounts", "review", "due")
MAX_FAULTS = 20


class Entry(Struct, frozen=True):
    """A line of a table: `kind` is accounts, review or due; `value` the amount or score; texts by column."""

    kind: str
    texts: Mapping[str, str]
    value: Decimal | None
    place: Locator
    shown: str

    def text(self, column: str) -> str:
        """Return a cell, "" when it is blank or the table has no such column."""
        return self.texts.get(column, "")


class Part(Struct, frozen=True):
    """One form's share of a list of targets, and what the list says of the form."""

    document: Document
    header: Mapping[str, FieldValue]


def target_lists(document: Document) -> list[Part]:
    """Return the parts of a list of targets, one a project or unit and year; nothing when the document is none."""
    parts: list[Part] = []
    for grid in document.grids:
        lines = _lines(grid)
        found = _header(lines)
        if found is None or not {"name", "target"} <= found[1].keys() or not {"unit", "project"} & found[1].keys():
            continue
        parts += _cut(document, grid, lines, *found)
    return parts


def _cut(document: Document, grid: Grid, lines: Mapping[int, dict[int, Cell]], top: int, at: Mapping[str, int]) -> Iterator[Part]:
    own = {at[name] for name in _IDENTITY if name in at}
    groups: dict[tuple[str, ...], list[Cell]] = {}
    last: dict[str, str] = {}
    for row, cells in lines.items():
        if row <= top:
            continue
        texts = {name: plain(cells[column].text) for name, column in at.items() if column in cells}
        fresh = any(texts.get(name, last.get(name)) != last.get(name) for name in ("unit", "project"))
        last = {name: texts.get(name) or ("" if fresh and name in ("level1", "level2", "goal") else last.get(name, "")) for name in at}
        key = tuple(last.get(name, "") for name in _IDENTITY)
        kept = groups.setdefault(key, [])
        for column, cell in cells.items():
            if column not in own:
                kept.append(replace(cell, rowspan=1))
    heading = [cell for column, cell in lines[top].items() if column not in own]
    for key, cells_of in groups.items():
        named = dict(zip(_IDENTITY, key, strict=True))
        header: dict[str, FieldValue] = {field: named[name] for name, field in _HEADER_FIELDS.items() if named[name]}
        if named["year"][:4].isdigit():
            header["fiscal_year"] = int(named["year"][:4])
        if cells_of and header:
            yield Part(replace(document, grids=(Grid(grid.name, (*heading, *cells_of)),)), header)


def entries(document: Document) -> list[Entry]:
    """Return the lines of a table of final accounts, re-check scores or forms due.

    Raises ReadError when the document has no header that says which it is, or holds lines that cannot be read.
    """
    found: list[Entry] = []
    faults: list[str] = []
    for grid in document.grids:
        lines = _lines(grid)
        header = _header(lines)
        kind = _kind(header[1]) if header else None
        if header is None or kind is None:
            continue
        unit = _money_unit(lines[header[0]], header[1], grid) if kind == "accounts" else ""
        last: dict[str, str] = {}
        for row, cells in lines.items():
            if row > header[0]:
                texts = {name: plain(cells[column].text) for name, column in header[1].items() if column in cells}
                last = {name: texts.get(name) or last.get(name, "") for name in header[1] if name in _CARRIED}
                _take(kind, {**texts, **{k: v for k, v in last.items() if v}}, unit, cells, header[1], found, faults)
    if faults:
        more = f"；等 {len(faults)} 处" if len(faults) > MAX_FAULTS else ""
        raise ReadError(f"{'；'.join(faults[:MAX_FAULTS])}{more} @ {document.source.path}，请改正后重新提交")
    if not found:
        raise ReadError(f"没有表头或没有数据行（决算表：单位、资金项目、决算数(元)；复核表：单位、项目、复核得分；应报清单：单位、项目、上级单位） @ {document.source.path}，请照此整理")
    return found


def of_entry(entry: Entry, forms: Sequence[Form]) -> list[Form]:
    """Return the forms a line is about: of its project, else of its unit as a whole; of its year when it names one."""
    project, unit, year = letters(entry.text("project")), bare(entry.text("unit")), entry.text("year")[:4]
    found = []
    for form in forms:
        own = same_unit(unit, unit_of(form)) or same_unit(unit, bare(text(form, "supervising_department")))
        fits = (project_of(form) == project and (own or not unit)) if project else not project_of(form) and same_unit(unit, unit_of(form))
        scope = bool(project) or (is_summary(form), is_own_level(form)) == notes_of(entry.text("unit"))
        if fits and scope and (not year.isdigit() or year_of(form) in (int(year), None)):
            found.append(form)
    return found


def _kind(at: Mapping[str, int]) -> str | None:
    if not {"unit", "project"} & at.keys():
        return None
    return next((kind for kind in ("accounts", "review") if kind in at), "due")


def _take(kind: str, texts: dict[str, str], unit: str, cells: Mapping[int, Cell], at: Mapping[str, int], found: list[Entry], faults: list[str]) -> None:
    first = next(iter(cells.values()))
    if not (texts.get("unit") or texts.get("project")):
        return
    if kind == "due":
        found.append(Entry(kind, texts, None, first.locator, plain(first.text)))
        return
    cell = cells.get(at[kind])
    if cell is None or is_blank(cell.text):
        return
    value = read_number(cell.text)
    place = first.locator.cell or f"第{first.locator.line or first.row + 1}行"
    if cell.unread or value is None:
        faults.append(f"{place} “{cell.text}”不是数字")
    elif kind == "accounts" and (texts.get("amount_unit") or unit) not in ("元", "万元"):
        faults.append(f"{place} 决算数没有写明是元还是万元（表头写“决算数(元)”）")
    else:
        found.append(Entry(kind, {**texts, "amount_unit": texts.get("amount_unit") or unit}, value, cell.locator, cell.text))


def _money_unit(heading: Mapping[int, Cell], at: Mapping[str, int], grid: Grid) -> str:
    told = plain(heading[at["accounts"]].text)
    for said in (told, *(plain(cell.text) for cell in grid.before), *(plain(cell.text) for cell in grid.cells if cell.row < heading[at["accounts"]].row)):
        if "万元" in said:
            return "万元"
        if "(元)" in said or "单位:元" in said.replace(" ", ""):
            return "元"
    return ""


def _lines(grid: Grid) -> dict[int, dict[int, Cell]]:
    lines: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        if not is_blank(cell.text) or cell.unread:
            lines.setdefault(cell.row, {})[cell.column] = cell
    return dict(sorted(lines.items()))


def _header(lines: Mapping[int, Mapping[int, Cell]]) -> tuple[int, dict[str, int]] | None:
    """Return the first line with two titles of columns we know or more, and where each column stands."""
    for row, cells in lines.items():
        at: dict[str, int] = {}
        for column, cell in cells.items():
            name = columns().get(letters(cell.text.split("(")[0].split("（")[0]).lower())
            if name and name not in at:
                at[name] = column
        if len(at) >= 2 or ("project" in at and len(cells) == 1):
            return row, at
    return None

"""Evidence for timeliness rules: a table of dated events, and calendars that differ from the national one.

The table (csv, xlsx or any table a reader knows) has a header row with indicator, event and date, and
may have case, document and form (unit or project name, when several forms name the same indicator).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import ReadError, RuleError
from checker.model import Cell, Grid
from checker.strict_yaml import Node, load_file, unknown_keys
from checker.values import lexicon
from checker.values.calendar import Overrides
from checker.values.date import Span, dated, find_moments, read_date
from checker.values.events import KINDS, Event, kind_of, label
from checker.values.text import is_blank, letters, plain

if TYPE_CHECKING:
    from checker.readers.limits import Limits

MAX_FAULTS = 20
NEEDED = ("indicator", "event", "date")
_CALENDAR_KEYS = ("region", "source", "years", "rest", "work")


def read_events(path: str | Path, *, limits: Limits | None = None) -> tuple[Event, ...]:
    """Read the events of one file.

    Raises ReadError when it cannot be read, has no header with indicator, event and date, holds no
    event, or holds lines whose event or date cannot be read: the first twenty are named.
    """
    from checker import readers
    from checker.readers.limits import DEFAULT

    found: list[Event] = []
    faults: list[str] = []
    headed = False
    for document in readers.read(path, limits=limits or DEFAULT):
        for grid in document.grids:
            lines = _lines(grid)
            header = next(((row, columns) for row, cells in lines.items() if (columns := _columns(cells))), None)
            if header is None:
                continue
            headed = True
            for row, cells in lines.items():
                if row > header[0]:
                    _take(cells, header[1], found, faults)
    if not headed:
        raise ReadError(f"没有表头（需要列 indicator、event、date 或 指标、事项、日期） @ {path}，请参照 events 模板")
    if faults:
        more = f"；等 {len(faults)} 处" if len(faults) > MAX_FAULTS else ""
        raise ReadError(f"{'；'.join(faults[:MAX_FAULTS])}{more} @ {path}，请改正后重新提交")
    if not found:
        raise ReadError(f"没有事件 @ {path}，请至少填写一行")
    return tuple(found)


def _lines(grid: Grid) -> dict[int, dict[int, Cell]]:
    lines: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        if not is_blank(cell.text) or cell.unread:
            lines.setdefault(cell.row, {})[cell.column] = cell
    return dict(sorted(lines.items()))


def _columns(cells: Mapping[int, Cell]) -> dict[str, int] | None:
    """Return the column of each heading when the line is a header, else None."""
    known = lexicon.classes("events", "columns")
    found: dict[str, int] = {}
    for column, cell in cells.items():
        title = letters(cell.text).lower()
        name = next((name for name, words in known if title in (letters(word) for word in words)), None)
        if name and name not in found:
            found[name] = column
    return found if all(name in found for name in NEEDED) else None


def _take(cells: Mapping[int, Cell], columns: Mapping[str, int], found: list[Event], faults: list[str]) -> None:
    texts = {name: plain(cells[column].text) for name, column in columns.items() if column in cells}
    if not any(texts.values()):
        return
    place = _place(next(iter(cells.values())))
    unread = next((cell.unread for cell in cells.values() if cell.unread), None)
    kind = kind_of(texts.get("event", ""))
    when = _when(texts.get("date", ""))
    missing = next((name for name in NEEDED if not texts.get(name)), None)
    if unread:
        faults.append(f"{place} {unread}")
    elif missing:
        faults.append(f"{place} 缺 {missing}")
    elif kind is None:
        faults.append(f"{place} 不认识的事项“{texts['event']}”（可用 {'、'.join(f'{k}/{label(k)}' for k in KINDS)}）")
    elif when is None or when.first is None or when.last is None:
        faults.append(f"{place} 日期“{texts['date']}”不是 2024-04-18 这样的日期")
    else:
        found.append(
            Event(
                texts["indicator"],
                kind,
                when.first,
                when.last,
                texts.get("case", ""),
                texts.get("document", ""),
                texts.get("form", ""),
                place,
            )
        )


def _when(text: str) -> Span | None:
    """Return the day a cell gives, or the month of 2024年4月; a month without a year is not read."""
    day = read_date(text)
    if day is not None:
        return Span(day, day)
    source = dated(text)
    moments = list(find_moments(source))
    if len(moments) == 1 and moments[0].grain == "month" and (moments[0].start, moments[0].end) == (0, len(source)):
        return moments[0].span
    return None


def _place(cell: Cell) -> str:
    where = cell.locator
    if where.cell:
        return f"{where.sheet + '!' if where.sheet else ''}{where.cell}"
    return f"第{where.line or cell.row + 1}行"


def read_calendar(paths: Sequence[str | Path]) -> Overrides:
    """Read files of days that differ from the national calendar and join them.

    A file holds `region`, `source` (the notice), `rest` and `work` (lists of dates) and `years`, those
    for which the lists are complete. Raises RuleError with every fault.
    """
    rest: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    faults: list[str] = []
    for path in paths:
        root = load_file(Path(path))
        name = str(path)
        if not isinstance(root.value, dict):
            faults.append(f"{name}:1 a mapping with rest, work or years is needed")
            continue
        faults += unknown_keys(root, _CALENDAR_KEYS, name)
        if (source := root.get("source")) is None or not source.text:
            faults.append(f"{name}:{root.line} source: the notice behind the days is needed")
        rest |= _dates(root.get("rest"), name, "rest", faults)
        work |= _dates(root.get("work"), name, "work", faults)
        years |= _years(root.get("years"), name, faults)
    faults += [f"{day}: both rest and work" for day in sorted(rest & work)]
    if faults:
        raise RuleError(faults)
    return Overrides(frozenset(rest), frozenset(work), frozenset(years))


def _dates(node: Node | None, name: str, key: str, faults: list[str]) -> set[date]:
    days: set[date] = set()
    for item in node.items if node else []:
        try:
            days.add(date.fromisoformat(item.text or ""))
        except ValueError:
            faults.append(f"{name}:{item.line} {key}: {item.text!r} is no date like 2023-04-22")
    return days


def _years(node: Node | None, name: str, faults: list[str]) -> set[int]:
    years: set[int] = set()
    for item in node.items if node else []:
        if item.text and item.text.isascii() and item.text.isdigit() and 1949 <= int(item.text) <= 2200:
            years.add(int(item.text))
        else:
            faults.append(f"{name}:{item.line} years: {item.text!r} is no year")
    return years


HEADER = ("indicator", "case", "event", "date", "document", "form")


def template(indicators: Sequence[str] = ()) -> str:
    """Return the csv to fill in: a header, and one line for each named indicator (UTF-8 with a mark, so that Excel reads it)."""
    lines = [",".join(HEADER)]
    lines += [f'"{name.replace(chr(34), chr(34) * 2)}",,,,,' for name in indicators]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def template_workbook(indicators: Sequence[str] = ()) -> bytes:
    """Return the same table as .xlsx, the same bytes every time; dates are shown as they are read."""
    from datetime import datetime
    from io import BytesIO

    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})
        sheet = book.add_worksheet("events")
        sheet.set_column(0, len(HEADER) - 1, 18)
        sheet.set_column(HEADER.index("date"), HEADER.index("date"), 18, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(HEADER):
            sheet.write_string(0, column, title, book.add_format({"bold": True}))
        for row, name in enumerate(indicators, 1):
            sheet.write_string(row, 0, name)
    return out.getvalue()

"""Sheets of texts and numbers → the bytes of an .xlsx file: xlsxwriter makes all but the rows, the rows are written as text.

Every text is stored as text, whatever it starts with, and marked so that it stays text when somebody edits the cell. Hidden
characters are spelled out. What a sheet can't hold (a cell's 32,767 characters, a sheet's rows) is cut and said.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import lru_cache
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

from msgspec import Struct

from checker.render.told import cut

MAX_CELL = 32_000
MAX_UNITS = 32_767
"""UTF-16 units a cell holds."""
MAX_ROWS = 1_000_000

Value = str | int | None

BOLD, PLAIN, GUARDED = 1, 2, 3
"""Formats of titles, of texts and numbers, of texts that look like a formula, as the file numbers them."""
COLUMNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAY = (1980, 1, 1, 0, 0, 0)

_MOMENT = re.compile(rb"<dcterms:(created|modified)([^>]*)>[^<]*<")
_SIZE = re.compile(rb'(?<=<dimension ref=")(A1:[A-Z])1')
_ROWS = re.compile(rb"<sheetData>.*</sheetData>")
_CODED = re.compile("(_x[0-9a-fA-F]{4}_)")


class Sheet(Struct, frozen=True):
    """A sheet: its name, titles with the widths of their columns (three at least), and rows.

    From column `alike` on what stands in a row comes again in many others.
    """

    name: str
    head: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    alike: int | None = None


class Body(Struct, frozen=True):
    """The rows of a sheet as they will stand in its file, and how many there are; `filtered` of them are titles and data."""

    stream: IO[bytes]
    rows: int
    filtered: int


def spreadsheet(sheets: Sequence[Sheet], day: date, beyond: str) -> bytes:
    """Return the file, always the same for the same sheets and day; `beyond` says how many rows (`{left}`) a sheet has no room for."""
    import xlsxwriter

    raw = io.BytesIO()
    with ExitStack() as held:
        # Rows go to files: a large run has more cells than memory should hold.
        bodies = [_body(held.enter_context(TemporaryFile()), sheet, beyond) for sheet in sheets]
        with xlsxwriter.Workbook(raw) as book:
            styles = [book.add_format({"valign": "top", "text_wrap": True, **more}) for more in ({"bold": True}, {}, {"quote_prefix": True})]
            for sheet, body in zip(sheets, bodies, strict=True):
                _frame(book.add_worksheet(sheet.name), sheet.head, body, styles)
        return _packed(raw.getvalue(), bodies, day)


def _frame(sheet: Any, head: Sequence[tuple[str, int]], body: Body, styles: Sequence[Any]) -> None:
    """Make a sheet with all but its rows."""
    for number, (_, width) in enumerate(head):
        sheet.set_column(number, number, width)
        # The file numbers formats in the order of their first use: BOLD, PLAIN, GUARDED.
        sheet.write_blank(0, number, None, styles[min(number, 2)])
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.autofilter(0, 0, body.filtered - 1, len(head) - 1)


def _body(stream: IO[bytes], sheet: Sheet, beyond: str) -> Body:
    stream.write(_row(1, [title for title, _ in sheet.head], BOLD))
    written, left = 1, 0
    for row in sheet.rows:
        if written < MAX_ROWS:
            written += 1
            stream.write(_row(written, row, PLAIN, sheet.alike))
        else:
            left += 1
    if left:
        stream.write(_row(written + 1, [beyond.format(left=left)], BOLD))
    return Body(stream, written + (left > 0), written)


def _row(number: int, values: Sequence[Value], style: int, alike: int | None = None) -> bytes:
    """Return one row; a text is written as a text whatever it looks like, and shown to be one when it looks like a formula."""
    cells = _cells(values[:alike], 0, style, number)
    if alike is not None:
        cells += _anywhere(tuple(values[alike:]), alike, style).replace(_HERE, str(number))
    return f'<row r="{number}">{cells}</row>'.encode()


def _cells(values: Sequence[Value], first: int, style: int, row: int | str) -> str:
    return "".join(
        [
            f'<c r="{COLUMNS[column]}{row}" s="{style}"><v>{value}</v></c>' if isinstance(value, int) else f'<c r="{COLUMNS[column]}{row}" s="{_text(value, style)}'
            for column, value in enumerate(values, first)
            if value or isinstance(value, int)
        ]
    )


_HERE = "\0"
"""Stands for the number of a row; no text of a cell has it, hidden characters are spelled out."""


@lru_cache(1 << 11)
def _anywhere(values: tuple[Value, ...], first: int, style: int) -> str:
    """Return cells for a row that is not known yet."""
    return _cells(values, first, style, _HERE)


@lru_cache(1 << 11)
def _text(value: str, style: int) -> str:
    """Return what follows the place of a cell that holds a text; the words of a rule come again with every form."""
    text = cut(value, MAX_CELL)
    if len(text) > MAX_UNITS // 2 and len(text.encode("utf-16-le")) > 2 * MAX_UNITS:
        text = cut(value, MAX_CELL // 2)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    # Excel would read _x0041_ as A.
    shown = _CODED.sub(r"_x005F\1", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'{GUARDED if text[0] in "=+-@" else style}" t="inlineStr"><is><t{kept}>{shown}</t></is></c>'


def _packed(frame: bytes, bodies: Sequence[Body], day: date) -> bytes:
    """Put the rows into their sheets, the day of the run into the properties and a fixed one into the archive."""
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    sheets = {f"xl/worksheets/sheet{number}.xml": body for number, body in enumerate(bodies, 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(frame)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            content, rest, body = source.read(name), b"", sheets.get(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(rb"<dcterms:\1\2>" + moment + b"<", content)
            if body is not None:
                content, rest = _ROWS.split(_SIZE.sub(rb"\g<1>%d" % body.rows, content))
                content += b"<sheetData>"
                rest = b"</sheetData>" + rest
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            entry.file_size = len(content) + len(rest) + (body.stream.tell() if body is not None else 0)
            with target.open(entry, "w") as part:
                part.write(content)
                if body is not None:
                    body.stream.seek(0)
                    copyfileobj(body.stream, part)
                part.write(rest)
    return out.getvalue()

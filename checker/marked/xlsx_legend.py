"""The legend sheet of a marked workbook: what the colours mean, and every finding with its place."""

from __future__ import annotations

from collections.abc import Sequence

from checker.marked.marks import MAX_LISTED, Mark, statuses, where
from checker.marked.splice import escaped
from checker.marked.words import INKS, TINTS, WORDS
from checker.marked.xlsx_comments import text_of
from checker.marked.xlsx_styles import Styles
from checker.wording import phrase

WIDTHS = (16, 38, 96)
MAX_CELL = 32_000
MAX_LINKS = 60_000

Row = tuple[tuple[str, int], ...]
"""The cells of a row: text and style."""


def sheet(space: str, marks: Sequence[Mark], placed: Sequence[tuple[str, str] | None], styles: Styles, lang: str) -> bytes:
    """Returns the XML of the legend; `placed` has sheet and cell of each mark that is shown on one.

    Every text is an inline string under a text format, so that nothing becomes a formula. Three
    columns at most: no form has so few, so the sheet is never read as one.
    """
    words = WORDS[lang]
    usual, bold = styles.plain(), styles.plain(bold=True)
    rows: list[Row] = [((words["title"], styles.plain(bold=True, size=14)),), ((words["about"], usual),), ()]
    merged = ["A1:C1", "A2:C2"]
    for status, name, meaning in statuses(marks, lang):
        rows.append(((name, styles.plain(bold=True, ink=INKS[status], tint=TINTS.get(status))), (meaning, usual)))
        merged.append(f"B{len(rows)}:C{len(rows)}")
    rows.append(())
    links: list[tuple[int, str]] = []
    several = len({at[0] for at in placed if at is not None}) > 1
    if marks:
        rows.append(((words["mark"], bold), (words["place"], bold), (words["finding"], bold)))
        for mark, at in zip(marks[:MAX_LISTED], placed, strict=False):
            body = "\n".join((mark.head, *mark.body))[:MAX_CELL]
            style = styles.plain(bold=True, ink=INKS[mark.status], tint=TINTS.get(mark.status))
            rows.append(((mark.name, style), (where(mark, at is not None, several, lang)[:MAX_CELL], usual), (body, usual)))
            if at is not None and len(links) < MAX_LINKS:
                links.append((len(rows), f"'{at[0].replace(chr(39), chr(39) * 2)}'!{at[1]}"))
        if len(marks) > MAX_LISTED:
            rows.append(((phrase(words["rest"], n=len(marks) - MAX_LISTED), usual),))
    else:
        rows.append(((words["none"], usual),))
    return _written(space, rows, merged, links)


def _written(space: str, rows: Sequence[Row], merged: Sequence[str], links: Sequence[tuple[int, str]]) -> bytes:
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(WIDTHS, 1))
    body = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{"ABC"[at]}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_of(text)}</t></is></c>' for at, (text, style) in enumerate(row)
        )
        tall = _height(row) if number > 2 else (24 if number == 1 else 30)
        body.append(f'<row r="{number}" ht="{tall}" customHeight="1">{cells}</row>' if row else f'<row r="{number}"/>')
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    tied = "".join(f'<hyperlink ref="B{row}" location="{escaped(to)}"/>' for row, to in links)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{escaped(space)}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(body)}</sheetData><mergeCells count="{len(merged)}">{areas}</mergeCells>'
        + (f"<hyperlinks>{tied}</hyperlinks>" if tied else "")
        + '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _height(row: Row) -> int:
    """Returns the points a row needs: programs do not grow rows of a file they did not write."""
    lines = 1
    for width, (text, _) in zip(WIDTHS, row, strict=False):
        lines = max(lines, sum(1 + sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) // (width + 1) for line in text.split("\n")))
    return min(lines * 14 + 4, 400)

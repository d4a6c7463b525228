"""Readers against the fastest library of each format, file by file in turn, in one process.

    python bench/readers.py [--files 40] [--rounds 5]

The same generated forms are written as xlsx, html, docx and ruled pdf; xlsx three times: bare, dressed as office programs
do it (formats, heights of rows, blank cells with borders, a new run where Chinese characters meet others), and with the texts in the cells. Ours returns cells as shown, with spans, places and
checks of safety, the type found out and the digest taken; the other side does the least that gives texts and merged areas. Every text of
every form must come out on our side. Processor time; the figure of a file is its best of all rounds, the ratio that of the sums.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import time
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

WIDTH = 9
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Rows = list[tuple[object, ...]]
TARGETS = {"xlsx": "1.5", "xlsx, dressed": "1.5", "xlsx, texts in cells": "1.5", "html": "1.5", "docx": "1.5", "pdf": "0.1"}


def texts(rows: Rows) -> list[str]:
    """Return the filled cells of a form in order."""
    return [str(text) for row in rows for text in row if text not in (None, "")]


def spans(row: tuple[object, ...]) -> list[tuple[str, int]]:
    """Return (text, columns) of a row: a blank cell is taken in by the one before it."""
    made: list[tuple[str, int]] = []
    for text in [*row, *[None] * (WIDTH - len(row))]:
        if text in (None, "") and made:
            made[-1] = (made[-1][0], made[-1][1] + 1)
        else:
            made.append((str(text or ""), 1))
    return made


def as_xlsx(rows: Rows) -> bytes:
    """Write shared strings, as office programs do."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("绩效自评表")
    for number, row in enumerate(rows):
        column = 0
        for text, width in spans(row):
            if width > 1:
                sheet.merge_range(number, column, number, column + width - 1, text)
            elif text:
                sheet.write_string(number, column, text)
            column += width
    book.close()
    return out.getvalue()


def as_dressed(rows: Rows) -> bytes:
    """Write what a form filled in an office program holds beside its texts."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("绩效自评表")
    looks = [book.add_format({"border": 1, "text_wrap": True, "align": align, "font_name": "宋体", "font_size": size}) for align, size in (("center", 10), ("left", 10), ("center", 11))]
    latin = book.add_format({"font_name": "Times New Roman", "font_size": 10})
    for number, row in enumerate(rows):
        sheet.set_row(number, 18 + 6.75 * (number % 5))
        column = 0
        for text, width in spans(row):
            look = looks[(number + column) % 3]
            for covered in range(column, column + width):
                sheet.write_blank(number, covered, None, look)
            if width > 1:
                sheet.merge_range(number, column, number, column + width - 1, "", look)
            runs = [run for run in re.split(r"([!-~]+)", text) if run]
            if len(runs) > 1:
                sheet.write_rich_string(number, column, *(part for run in runs for part in ((latin, run) if run.isascii() else (run,))), look)
            elif text:
                sheet.write_string(number, column, text, look)
            column += width
    book.close()
    return out.getvalue()


def as_inline(rows: Rows) -> bytes:
    """Write the texts in the cells, as libraries do."""
    import openpyxl

    out = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows, 1):
        column = 1
        for text, width in spans(row):
            if text:
                sheet.cell(number, column).value = text
            if width > 1:
                sheet.merge_cells(start_row=number, start_column=column, end_row=number, end_column=column + width - 1)
            column += width
    book.save(out)
    return out.getvalue()


def as_html(rows: Rows) -> bytes:
    """Write a page with one table in the markup of word processors."""
    cells = "".join("<tr>" + "".join(f'<td colspan="{width}" style="border:1px solid"><p class="MsoNormal"><span style="font-size:9pt">{escape(text)}</span></p></td>' for text, width in spans(row)) + "</tr>\n" for row in rows)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>公开</title></head><body><div><table>{cells}</table></div></body></html>'.encode()


def as_docx(rows: Rows) -> bytes:
    """Write a document with one table."""
    cells = "".join(
        "<w:tr>" + "".join(f'<w:tc><w:tcPr><w:tcW w:w="900"/><w:gridSpan w:val="{width}"/></w:tcPr><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>' for text, width in spans(row)) + "</w:tr>"
        for row in rows
    )
    grid = "<w:tblGrid>" + '<w:gridCol w:w="900"/>' * WIDTH + "</w:tblGrid>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        archive.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body><w:tbl>{grid}{cells}</w:tbl></w:body></w:document>')
    return out.getvalue()


def as_pdf(rows: Rows) -> bytes:
    """Write ruled tables over page breaks, one line a row."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, "#000000"), ("FONT", (0, 0), (-1, -1), "STSong-Light", 6)]
    laid = []
    for number, row in enumerate(rows):
        line: list[str] = []
        for text, width in spans(row):
            if width > 1:
                style.append(("SPAN", (len(line), number), (len(line) + width - 1, number)))
            line += [text, *[""] * (width - 1)]
        laid.append(line)
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=(1500, 800), leftMargin=20, rightMargin=20).build([Table(laid, colWidths=[160] * WIDTH, style=style)])
    return out.getvalue()


def calamine(data: bytes) -> object:
    """Values and merged areas by python-calamine."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges


def selectolax(data: bytes) -> object:
    """Texts and spans by selectolax."""
    from selectolax.lexbor import LexborHTMLParser

    return [[(cell.text(strip=True), cell.attributes.get("colspan"), cell.attributes.get("rowspan")) for cell in row.css("td,th")] for row in LexborHTMLParser(data).css("tr")]


def walk(data: bytes) -> object:
    """Texts and spans by a direct walk of the document's XML (ElementTree)."""
    from xml.etree.ElementTree import fromstring

    w = f"{{{WORD}}}"
    body = fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    return [[("".join(part.text or "" for part in cell.iter(f"{w}t")), [(mark.tag, mark.attrib) for mark in cell.findall(f"{w}tcPr/*")]) for cell in row.findall(f"{w}tc")] for row in body.iter(f"{w}tr")]


def pdfplumber(data: bytes) -> object:
    """Tables by pdfplumber."""
    import pdfplumber as library

    with library.open(io.BytesIO(data)) as file:
        return [table for page in file.pages for table in page.extract_tables()]


def ours(data: bytes, name: str) -> list[str]:
    """The whole way of our reader: type, digest, checks, cells with places; returns the texts."""
    from checker import readers

    (document,) = readers.read_bytes(data, name)
    return [cell.text for grid in document.grids for cell in (*grid.before, *grid.cells, *grid.after) if cell.text]


KINDS: dict[str, tuple[Callable[[Rows], bytes], Callable[[bytes], object]]] = {
    "xlsx": (as_xlsx, calamine), "xlsx, dressed": (as_dressed, calamine), "xlsx, texts in cells": (as_inline, calamine), "html": (as_html, selectolax), "docx": (as_docx, walk), "pdf": (as_pdf, pdfplumber),
}  # fmt: skip


def measure(kind: str, files: int, rounds: int) -> dict[str, float]:
    """Return milliseconds a file of both sides and their ratio. Raises SystemExit when a text is missing on our side."""
    import generate

    write, other = KINDS[kind]
    made = [generate.form(number, 7).rows for number in range(1, files + 1)]
    datas = [write(rows) for rows in made]
    for rows, data in zip(made, datas, strict=True):
        found, wanted = ("".join(sorted("".join("".join(part).split()))) for part in (ours(data, f"form.{kind.partition(',')[0]}"), texts(rows)))
        if found != wanted:
            raise SystemExit(f"{kind}: the texts of a form do not come out as written")
    best = {"ours": [9e9] * files, "other": [9e9] * files}
    for _ in range(rounds):
        for number, data in enumerate(datas):
            for side in ("other", "ours"):
                started = time.process_time()
                if side == "ours":
                    ours(data, f"form.{kind.partition(',')[0]}")
                else:
                    other(data)
                best[side][number] = min(best[side][number], time.process_time() - started)
    mine, theirs = (sum(best[side]) / files * 1000 for side in ("ours", "other"))
    return {"ours": mine, "other": theirs, "ratio": mine / theirs}


def table(files: int, rounds: int, pdfs: int = 5) -> str:
    """Return all formats as a Markdown table."""
    lines = ["| format | ours, ms a file | files a second | fastest other, ms | ours ÷ other | target |", "|---|---|---|---|---|---|"]
    for kind, (_, other) in KINDS.items():
        found = measure(kind, pdfs if kind == "pdf" else files, min(rounds, 3) if kind == "pdf" else rounds)
        lines.append(f"| {kind} | {found['ours']:.2f} | {1000 / found['ours']:.0f} | {other.__name__} {found['other']:.2f} | {found['ratio']:.2f} | {TARGETS[kind]} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(table(given.files, given.rounds))

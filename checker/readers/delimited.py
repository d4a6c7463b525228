"""Comma, semicolon or tab separated values with quoting: one grid, a row a record."""

from __future__ import annotations

import csv
import io

from msgspec.structs import replace

from checker.errors import ReadError
from checker.model import Cell, Document, Grid, Locator, Source
from checker.readers.limits import DEFAULT, Limits
from checker.readers.lines import INVISIBLE, damage
from checker.readers.text import decode

DELIMITERS = ",\t;，"
SAMPLE_LINES = 200


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads delimited text; `Locator.line` is the record's first line, `column` counts its values from 1.

    Merged cells do not exist in this format: labels may be blank where they were merged. Raises
    ReadError for undecodable text, broken quoting, or beyond `limits`.
    """
    text, encoding = decode(data, source.path)
    text = text.lstrip("\ufeff")
    source = replace(source, encoding=encoding)
    cells: list[Cell] = []
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), skipinitialspace=False)
    line = 1
    row = 0
    try:
        for row, values in enumerate(records):
            _check(row, len(values), len(cells), source.path, limits)
            for column, value in enumerate(values):
                if shown := _shown(value):
                    cells.append(_cell(row, column, line, shown, source.path, limits))
            line = records.line_num + 1
    except csv.Error as fault:
        raise ReadError(f"第 {line} 行的引号或字段有误 @ {source.path}，请重新导出（{fault}）") from None
    return Document(source, (Grid("CSV", tuple(cells)),))


def delimiter(text: str) -> str:
    """Returns the delimiter that divides most lines into the same number of values; a comma when none does."""
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]

    def weight(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if mark in line]
        commonest = max((counts.count(n) * n for n in set(counts)), default=0)
        return len(counts), commonest

    best = max(DELIMITERS, key=weight)
    return best if weight(best)[0] else ","


def _check(row: int, columns: int, cells: int, path: str, limits: Limits) -> None:
    if row >= limits.max_rows:
        raise ReadError(f"行数过多（上限 {limits.max_rows}）@ {path}，请拆分文件")
    if columns > limits.max_columns:
        raise ReadError(f"第 {row + 1} 条记录列数过多（{columns}，上限 {limits.max_columns}）@ {path}，请检查导出结果")
    if cells > limits.max_cells:
        raise ReadError(f"单元格过多（上限 {limits.max_cells}）@ {path}，请拆分文件")


def _shown(value: str) -> str:
    # ="0012" is how spreadsheets are made to keep text that looks like a number.
    if value.startswith('="') and value.endswith('"'):
        value = value[2:-1]
    return INVISIBLE.sub("", value).strip(" \t\r\n\u3000\u00a0")


def _cell(row: int, column: int, line: int, shown: str, path: str, limits: Limits) -> Cell:
    if len(shown) > limits.max_cell_text:
        raise ReadError(f"第 {line} 行文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查导出结果")
    return Cell(row, column, shown, Locator(file=path, line=line, column=column + 1), unread=damage(shown))

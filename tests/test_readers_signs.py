"""Signs instead of what stood in a cell (a column too narrow, a lost encoding, an error value) are unread in every format."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from checker.model import Cell
from checker.readers import read_bytes

SIGNS = {
    "########": "内容没有显示出来，只有符号",
    "？？？": "内容没有显示出来，只有符号",
    "■■■": "内容没有显示出来，只有符号",
    "#REF!": "单元格为错误值 #REF!",
    "锟斤拷锟斤拷": "含无法识别的字符（乱码）",
}
SOUND = ("√", "■ 是 □ 否", "是否达标？？", "#1机组", "？", "C#")


def xlsx(texts: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    for n, text in enumerate(texts, 1):
        book.active.cell(n, 1).value = "指标"
        book.active.cell(n, 2).value = text
        book.active.cell(n, 2).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(texts: tuple[str, ...]) -> bytes:
    made = docx.Document()
    table = made.add_table(len(texts), 2)
    for n, text in enumerate(texts):
        table.cell(n, 0).text, table.cell(n, 1).text = "指标", text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def page(texts: tuple[str, ...]) -> bytes:
    rows = "".join(f"<tr><td>指标</td><td>{text}</td></tr>" for text in texts)
    return f"<meta charset=utf-8><table>{rows}</table>".encode()


def lines(texts: tuple[str, ...]) -> bytes:
    return "".join(f"指标,{text}\n" for text in texts).encode()


MADE = {"a.xlsx": xlsx, "a.docx": word, "a.html": page, "a.csv": lines}


def cells(name: str, texts: tuple[str, ...]) -> list[Cell]:
    (document,) = read_bytes(MADE[name](texts), name)
    return [cell for grid in document.grids for cell in grid.cells if cell.column == 1]


@pytest.mark.parametrize("name", MADE)
def test_signs_are_unread_with_the_reason(name: str) -> None:
    """The text is kept to be quoted, and why it is none is said."""
    assert {cell.text: cell.unread for cell in cells(name, tuple(SIGNS))} == SIGNS


@pytest.mark.parametrize("name", MADE)
def test_signs_among_words_are_text(name: str) -> None:
    """A tick, a box before words, two question marks behind a question: read as they stand."""
    assert [(cell.text, cell.unread) for cell in cells(name, SOUND)] == [(text, None) for text in SOUND]

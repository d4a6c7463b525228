"""Text exports: tab separated as sheets are copied or exported, else strokes, wide gaps or one cell a line."""

from __future__ import annotations

import codecs
import re

from msgspec.structs import replace

from checker.errors import NotText, ReadError
from checker.model import Cell, Document, Grid, Locator, Source
from checker.readers.limits import DEFAULT, Limits
from checker.readers.lines import INVISIBLE, damage

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LINE_END = re.compile(r"\r\n|\r|\n")
STROKES = re.compile(r"[|｜│┃]")
RULE_LINE = re.compile(r"[\s|｜│┃:+\-—─━=┌┬┐├┼┤└┴┘]*")
MARKDOWN_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?)?")
EMPHASIS = re.compile(r"\*\*([^*|]+)\*\*|__([^_|]+)__")
MARKDOWN_START = re.compile(r"\s{0,3}(?:#{1,6}\s+|>\s?)")
GAP = re.compile(r"(?:[ \u00a0]{2,}|\u3000{2,}|(?<=\S)\u3000(?=\S))")
LONGEST_QUOTED = 40
FEWEST_COLUMNS = 4
"""A table of fewer columns may have as many cells in each line by chance."""
# Share of the non-ASCII bytes that must be sound UTF-8 for a text to count as damaged UTF-8 instead of GB18030.
SOUND_UTF8 = 0.9


def decode(data: bytes, path: str) -> tuple[str, str]:
    """Returns the text and its encoding: by its byte order mark, else strict UTF-8, else strict GB18030.

    Raises NotText when a character would have to be replaced, when damaged UTF-8 would pass
    for GB18030, and when the content is not text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return _checked(data.decode(encoding), path), encoding
            except UnicodeDecodeError as fault:
                raise NotText(f"第 {fault.start} 字节不是有效的 {encoding} 文字 @ {path}，请以 UTF-8 重新导出") from None
    try:
        return _checked(data.decode("utf-8"), path), "utf-8"
    except UnicodeDecodeError as fault:
        broken = fault.start
    wide = _wide(data)
    sound = len(data.decode("utf-8", "ignore").encode("utf-8")) - (len(data) - wide)
    if wide and sound / wide >= SOUND_UTF8:
        raise NotText(f"UTF-8 文字在第 {broken} 字节处损坏 @ {path}，请重新导出，不作猜测")
    try:
        return _checked(data.decode("gb18030"), path), "gb18030"
    except UnicodeDecodeError as fault:
        raise NotText(f"编码无法识别（既非 UTF-8 也非 GB18030，第 {fault.start} 字节）@ {path}，请以 UTF-8 重新导出") from None


def _wide(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(range(128, 256))))


def _checked(text: str, path: str) -> str:
    strange = sum(text.count(chr(code)) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if "\x00" in text or strange > len(text) // 100:
        raise NotText(f"内容不是文字 @ {path}，请提交表格文件或文本文件")
    if not text.strip("\ufeff \t\r\n\f\v\u3000"):
        raise NotText(f"文件内没有文字 @ {path}，请检查导出结果")
    return text


def read(data: bytes, source: Source, limits: Limits = DEFAULT) -> Document:
    """Reads a text file as one grid whose row n is line n+1, ragged unless its columns are certain; blank lines keep their numbers.

    A tab-separated line gives one cell per filled tab cell (`Locator.column` counted from 1);
    lines before the first and after the last such line stand in `before` and `after`. Without
    tabs, strokes (|) or gaps of two spaces divide the cells where enough lines have them; marks of Markdown are taken off.
    Raises ReadError for text that cannot be decoded without replacement, or beyond `limits`.
    """
    text, encoding = decode(data, source.path)
    lines = LINE_END.split(text)
    if len(lines) > limits.max_rows:
        raise ReadError(f"行数过多（{len(lines)}，上限 {limits.max_rows}）@ {source.path}，请拆分文件")
    source = replace(source, encoding=encoding)
    divided = _divided(_unmarked(lines))
    tabled = [at for at, parts in enumerate(divided) if len(parts) > 1]
    first, last = (tabled[0], tabled[-1]) if tabled else (0, len(lines) - 1)
    cells: list[Cell] = []
    before: list[Cell] = []
    after: list[Cell] = []
    for row, parts in enumerate(divided):
        target = before if row < first else after if row > last else cells
        if len(parts) > limits.max_columns:
            raise ReadError(f"第 {row + 1} 行列数过多（{len(parts)}，上限 {limits.max_columns}）@ {source.path}，请检查导出结果")
        for column, part in enumerate(parts):
            shown = INVISIBLE.sub("", part).strip(" \t\u3000\u00a0")
            if shown:
                target.append(_cell(row, column, shown, source.path, limits))
        if len(cells) > limits.max_cells:
            raise ReadError(f"单元格过多（上限 {limits.max_cells}）@ {source.path}，请拆分文件")
    grid = Grid("文本", tuple(cells), ragged=not _regular(divided, lines), before=tuple(before), after=tuple(after))
    return Document(source, (grid,))


def _regular(divided: list[list[str]], lines: list[str]) -> bool:
    """Tells whether tabs or strokes part every line of the table into as many cells, blank ones too, so that columns are certain."""
    widths = {len(parts) for parts in divided if len(parts) > 1}
    marked = (STROKES.search(line) or "\t" in line for line, parts in zip(lines, divided, strict=True) if len(parts) > 1)
    return len(widths) == 1 and min(widths) >= FEWEST_COLUMNS and all(marked)


def _cell(row: int, column: int, shown: str, path: str, limits: Limits) -> Cell:
    if len(shown) > limits.max_cell_text:
        raise ReadError(f"第 {row + 1} 行文字过长（上限 {limits.max_cell_text} 字）@ {path}，请检查导出结果")
    return Cell(row, column, shown, Locator(file=path, line=row + 1, column=column + 1), unread=damage(shown))


def _unmarked(lines: list[str]) -> list[str]:
    """Returns lines of Markdown without the marks of headings, quotations and emphasis, any other lines as they are."""
    if not any(MARKDOWN_RULE.fullmatch(line.strip()) for line in lines):
        return lines
    return [EMPHASIS.sub(r"\1\2", MARKDOWN_START.sub("", line, count=1)) for line in lines]


def _divided(lines: list[str]) -> list[list[str]]:
    if any("\t" in line.strip(" \t\r\n\u3000") for line in lines):
        return _tabbed(lines)
    if sum(1 for line in lines if STROKES.search(line.strip(" |｜│┃"))) >= 3:
        return _stroked(lines)
    if sum(1 for line in lines if GAP.search(line.strip())) >= 3:
        return [GAP.split(line.strip()) for line in lines]
    return [[line] for line in lines]


def _stroked(lines: list[str]) -> list[list[str]]:
    """Returns the parts of lines between strokes; those of a table without strokes around it keep a blank first cell."""
    rows: list[list[str]] = []
    framed = True
    for at, line in enumerate(map(str.strip, lines)):
        if not STROKES.search(line):
            framed = True
        elif at == 0 or not STROKES.search(lines[at - 1]):
            framed = _framed(line, lines[at + 1].strip() if at + 1 < len(lines) else "")
        rows.append([] if RULE_LINE.fullmatch(line) else _parts(line, framed))
    return rows


def _framed(line: str, below: str) -> bool:
    """Tells whether a table that begins with this line has strokes around it: the rule of Markdown below, with as many cells, has none then either."""
    if STROKES.match(line) or not MARKDOWN_RULE.fullmatch(below):
        return True
    return below.startswith("|") or below.count("|") != line.count("|")


def _parts(line: str, framed: bool) -> list[str]:
    if framed and STROKES.match(line):
        line = line[1:]
    if line and STROKES.match(line[-1]):
        line = line[:-1]
    return STROKES.split(line)


def _tabbed(lines: list[str]) -> list[list[str]]:
    # A sheet copied as text quotes a cell that holds line breaks: its lines belong to one row.
    rows: list[list[str]] = []
    at = 0
    while at < len(lines):
        parts = lines[at].split("\t")
        taken = 1
        if any(_opens(part) for part in parts):
            for more in range(1, min(LONGEST_QUOTED, len(lines) - at)):
                if lines[at + more].count('"') % 2:
                    parts = _unquoted("\n".join(lines[at : at + more + 1]))
                    taken = more + 1
                    break
        rows.append([_plain(part) for part in parts])
        rows.extend([] for _ in range(taken - 1))
        at += taken
    return rows


def _opens(part: str) -> bool:
    return part.startswith('"') and part.count('"') % 2 == 1


def _plain(part: str) -> str:
    if len(part) > 1 and part.startswith('"') and part.endswith('"') and '"' not in part[1:-1].replace('""', ""):
        return part[1:-1].replace('""', '"')
    return part


def _unquoted(joined: str) -> list[str]:
    # Pieces between tabs belong together while a quote stays open.
    parts: list[str] = []
    held: list[str] = []
    open_quote = False
    for piece in joined.split("\t"):
        odd = piece.count('"') % 2 == 1
        if held:
            held.append(piece)
            open_quote ^= odd
        elif odd and piece.startswith('"'):
            held, open_quote = [piece], True
        else:
            parts.append(piece)
        if held and not open_quote:
            parts.append("\t".join(held))
            held = []
    return [*parts, "\t".join(held)] if held else parts

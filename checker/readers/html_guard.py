"""Refuses markup that costs a tree builder far more than its size, before it is parsed.

Cells beyond the limit are counted before they are built. The HTML parsing rules are quadratic or worse on three kinds of markup: block elements nested by the
ten thousand, formatting elements left open over many paragraphs (each is rebuilt in every one), and
tags with a hundred thousand attributes. Cheap counts come first; only markup that could reach the
bounds is looked through in detail, in linear time.
"""

from __future__ import annotations

import re

from checker.errors import ReadError
from checker.readers.limits import Limits
from checker.readers.lines import words

MAX_TAGS = 3_000_000
MAX_DEPTH = 5_000
MAX_REBUILT = 3_000_000
MAX_ATTRIBUTES = 20_000
LONG_TAG = 100_000

FORMATTING = re.compile(r"<(/?)(?=[bcefinstu])(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])([^>]{0,200})", re.IGNORECASE)
# Elements that a new one of their kind does not close, so that they can pile up.
NESTING = re.compile(r"<(/?)([a-z][a-z0-9:\-]{0,30})", re.IGNORECASE)
FLAT = words(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th tbody thead tfoot "
    "colgroup rp rt html head body frame"
)
TAG = re.compile(r"""[a-zA-Z](?:[^>"']+|"[^"]*"|'[^']*')*""")
UNFORMATTING = ("<td", "</td", "</p", "<span", "</span")
CELLS = ("<td", "<TD", "<th>", "<TH>", "<th ", "<TH ")
SEPARATORS = re.compile(r"[\s/\"']+")


def check_markup(text: str, path: str, limits: Limits) -> None:
    """Raises ReadError when parsing `text` could take more than linear time or memory."""
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise ReadError(f"网页标记过多（{tags}，上限 {MAX_TAGS}）@ {path}，请另存为 xlsx 后重新提交")
    if tags > limits.max_cells and sum(map(text.count, CELLS)) > limits.max_cells:
        raise ReadError(f"单元格过多（上限 {limits.max_cells}）@ {path}，请拆分文件或提高上限")
    if len(text) > LONG_TAG:
        _check_attributes(text, path)
    if tags > MAX_DEPTH:
        _check_depth(text, path)
    # Most tags are those of cells, paragraphs and spans: without them so few may be left that none need be looked at.
    left = tags
    for mark in UNFORMATTING:
        if left * tags <= MAX_REBUILT:
            return
        left -= text.count(mark)
    if left * tags > MAX_REBUILT:
        _check_formatting(text, tags, path)


def _check_attributes(text: str, path: str) -> None:
    start = 0
    while start >= 0:
        end = text.find("<", start + 1)
        if (end if end >= 0 else len(text)) - start > LONG_TAG:
            found = TAG.match(text, start + 1)
            if found and len(found.group()) > LONG_TAG and len(SEPARATORS.findall(found.group())) > MAX_ATTRIBUTES:
                raise ReadError(f"网页标记的属性过多（上限 {MAX_ATTRIBUTES}）@ {path}，请另存为 xlsx 后重新提交")
        start = end


def _check_depth(text: str, path: str) -> None:
    depth = 0
    for found in NESTING.finditer(text):
        if found.group(2).lower() in FLAT:
            continue
        if found.group(1):
            depth -= depth > 0
        else:
            depth += 1
            if depth > MAX_DEPTH:
                raise ReadError(f"网页元素嵌套过深（上限 {MAX_DEPTH} 层）@ {path}，请另存为 xlsx 后重新提交")


def _check_formatting(text: str, tags: int, path: str) -> None:
    marks = FORMATTING.findall(text)
    if len(marks) * tags <= MAX_REBUILT:
        return
    standing: dict[str, list[str]] = {}
    copies: dict[str, int] = {}
    depth = deepest = 0
    for closing, name, rest in marks:
        stack = standing.setdefault(name.lower(), [])
        if closing:
            if stack:
                mark = stack.pop()
                copies[mark] -= 1
                depth -= copies[mark] < 3
        else:
            # At most three identical elements are rebuilt.
            mark = name.lower() + rest
            copies[mark] = copies.get(mark, 0) + 1
            depth += copies[mark] <= 3
            stack.append(mark)
            deepest = max(deepest, depth)
    if deepest * tags > MAX_REBUILT:
        raise ReadError(f"网页格式标记未闭合过多（{deepest} 层）@ {path}，请另存为 xlsx 后重新提交")

"""What is added to a .docx: comments, their ranges, tints, and the legend page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checker.marked.marks import MAX_LISTED, Mark, statuses, where
from checker.marked.splice import Node, escaped
from checker.marked.words import INKS, TINTS, WORDS
from checker.wording import phrase

Said = Sequence[tuple[str, tuple[str, ...], str]]
"""What a comment says: (head, lines, status) a finding."""

PAGE = 11_906, 1_800
SHARES = (14, 28, 58)
MAX_CELL = 20_000
BORDER = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B9B4A8"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
NAME = re.compile(r"(</?|\s)w:")


def spelled(text: str, root: Node) -> bytes:
    """Returns XML written with the prefix `w` under the prefix the document uses; one without gets it declared on the spot."""
    if root.prefix == "w":
        return text.encode()
    if root.prefix:
        return NAME.sub(rf"\g<1>{root.prefix}:", text).encode()
    depth, made = 0, []
    for piece in re.split(r"(<[^>]*>)", text):
        if piece.startswith("</"):
            depth -= 1
        elif piece.startswith("<"):
            if not depth:
                piece = re.sub(r"^<([^\s/>]+)", rf'<\g<1> xmlns:w="{escaped(root.space)}"', piece)
            depth += not piece.endswith("/>")
        made.append(piece)
    return "".join(made).encode()


def shading(status: str) -> str:
    """Returns the tint of a status."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{TINTS[status]}"/>'


def comment(number: int, said: Said, lang: str) -> str:
    """Returns a comment; without a date, so that the same findings give the same bytes."""
    words = WORDS[lang]
    body = "".join(_paragraph(head, bold=True, ink=INKS[status]) + "".join(_paragraph(line) for text in lines for line in text.split("\n")) for head, lines, status in said)
    return f'<w:comment w:id="{number}" w:author="{escaped(words["author"])}" w:initials="{escaped(words["initials"])}">{body}</w:comment>'


def legend(marks: Sequence[Mark], placed: Sequence[bool], section: Node | None, lang: str) -> str:
    """Returns the legend: a page break, one table, and the paragraph a document must end with.

    All words stand in the table, whose three columns are fewer than any form has: nothing of it is
    read as part of the form before it.
    """
    words = WORDS[lang]
    width = _width(section)
    columns = [width * share // 100 for share in SHARES]
    rows = [_row([(sum(columns), _paragraph(words["title"], bold=True, size=28), None)], 3), _row([(sum(columns), _paragraph(words["about"]), None)], 3)]
    for status, name, meaning in statuses(marks, lang):
        rows.append(_row([(columns[0], _paragraph(name, bold=True, ink=INKS[status]), TINTS.get(status)), (sum(columns[1:]), _paragraph(meaning), None)], 2))
    if marks:
        rows.append(_row([(size, _paragraph(words[key], bold=True), "EEEEEC") for size, key in zip(columns, ("mark", "place", "finding"), strict=True)]))
        for mark, known in zip(marks[:MAX_LISTED], placed, strict=False):
            cells = (
                _paragraph(mark.name, bold=True, ink=INKS[mark.status]),
                _lines(where(mark, known, False, lang)),
                _paragraph(mark.head, bold=True) + "".join(_lines(text) for text in mark.body),
            )
            rows.append(_row([(size, cell, TINTS.get(mark.status) if at == 0 else None) for at, (size, cell) in enumerate(zip(columns, cells, strict=True))]))
        if len(marks) > MAX_LISTED:
            rows.append(_row([(sum(columns), _paragraph(phrase(words["rest"], n=len(marks) - MAX_LISTED)), None)], 3))
    else:
        rows.append(_row([(sum(columns), _paragraph(words["none"]), None)], 3))
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in columns)
    small = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
    return (
        f'<w:p>{small}<w:r><w:br w:type="page"/></w:r></w:p><w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblBorders>{BORDER}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl><w:p>{small}</w:p>'
    )


def _width(section: Node | None) -> int:
    """Returns the width of the text in twentieths of a point."""
    size, margins = (section.child("pgSz"), section.child("pgMar")) if section is not None else (None, None)
    page = _number(size, "w") or PAGE[0]
    width = page - ((_number(margins, "left") or PAGE[1]) + (_number(margins, "right") or PAGE[1]))
    return width if width > 3000 else 8_300


def _number(node: Node | None, name: str) -> int | None:
    value = node.get(f"{{{node.space}}}{name}") if node is not None else None
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def _row(cells: Sequence[tuple[int, str, str | None]], spanned: int = 0) -> str:
    """Returns a row that does not break over pages; of fewer cells the last one spans `spanned` columns."""
    made = []
    for at, (width, content, tint) in enumerate(cells):
        span = f'<w:gridSpan w:val="{spanned}"/>' if spanned and at == len(cells) - 1 else ""
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>' if tint else ""
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}</w:tcPr>{content}</w:tc>')
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(made)}</w:tr>"


def _lines(text: str) -> str:
    return "".join(_paragraph(line) for line in text[:MAX_CELL].split("\n"))


def _paragraph(text: str, *, bold: bool = False, ink: str | None = None, size: int = 18) -> str:
    look = '<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:hint="eastAsia"/>' + ("<w:b/>" if bold else "") + (f'<w:color w:val="{ink}"/>' if ink else "") + f'<w:sz w:val="{size}"/>'
    shown = escaped(text).replace("&#10;", " ")
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="left"/></w:pPr><w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{shown}</w:t></w:r></w:p>'

"""The text of WordprocessingML: runs, symbols, form fields, tracked changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from checker.readers.lines import DAMAGED, words
from checker.readers.symbols import table_of, translate

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
NAMES = words(
    "body p tbl tr tc sdt sdtContent r t tab br cr sym noBreakHyphen rPr pPr tcPr trPr tblPr tblPrEx tblGrid sdtPr sdtEndPr ins "
    "del moveFrom moveTo delText instrText delInstrText fldChar ffData checkBox checked default ddList result listEntry ruby "
    "rubyBase rt rFonts vanish strike dstrike webHidden drawing pict object gridSpan gridBefore vMerge hMerge hidden smartTag customXml hyperlink "
    "fldSimple footnoteReference endnoteReference annotationRef sectPr txbxContent showingPlcHdr rStyle"
)

KINDS: dict[object, str] = {f"{{{space}}}{name}": name for space in NAMESPACES for name in NAMES}
KINDS.update({f"{{{COMPATIBILITY}}}{name}": name for name in ("AlternateContent", "Choice", "Fallback")})
KINDS.update({f"{{{space}}}t": "t" for space in MATH})
PROMPTS, STYLES, TEXTS, BOXES, TABLES, FALLBACKS = (
    tuple(str(tag) for tag, kind in KINDS.items() if kind == name) for name in ("showingPlcHdr", "rStyle", "t", "txbxContent", "tbl", "Fallback")
)
PROMPT = re.compile(r"单击|点击|请|选择|输入|click|enter|choose", re.IGNORECASE)
SILENT = words("rPr pPr tcPr trPr tblPr tblPrEx tblGrid sdtPr sdtEndPr delText instrText delInstrText rt sectPr annotationRef tbl")
FALSE = frozenset(("0", "false", "off"))


class Found(Struct):
    """Counts of what a document holds besides plain text, for its notes."""

    deleted: int = 0
    inserted: int = 0
    hidden: int = 0
    struck: int = 0
    images: int = 0

    def notes(self) -> list[str]:
        """Returns what a person should know, one line each."""
        notes = []
        if self.deleted or self.inserted:
            notes.append(f"文档含未接受的修订：按接受修订后的内容读取（插入 {self.inserted} 处保留，删除 {self.deleted} 处不读）")
        if self.hidden:
            notes.append(f"有 {self.hidden} 处隐藏文字或隐藏行未读")
        if self.struck:
            notes.append(f"有 {self.struck} 处删除线划去的文字未读")
        return notes


def attribute(element: _Element, name: str) -> str | None:
    """Returns an attribute of the Word namespace, in either of its two spellings, or None."""
    for space in NAMESPACES:
        value = element.get(f"{{{space}}}{name}")
        if value is not None:
            return value
    return None


def child(element: _Element, name: str) -> _Element | None:
    """Returns the first child of that name, or None."""
    for node in element:
        if KINDS.get(node.tag) == name:
            return node
    return None


def first(element: _Element, name: str) -> _Element | None:
    """Returns the properties of an element, which the format puts first; None when it begins with something else."""
    if len(element) and KINDS.get((node := element[0]).tag) == name:
        return node
    return None


def blocks(parent: _Element, found: Found, wanted: str | None = None) -> Iterator[tuple[str, _Element]]:
    """Yields (kind, element) of the paragraphs and tables of a body or cell, or of the `wanted` rows or cells.

    Content controls, custom XML and tracked insertions are looked into, tracked deletions are not.
    """
    for node in parent:
        kind = KINDS.get(node.tag)
        if kind == wanted or (wanted is None and kind in ("p", "tbl")):
            yield kind or "", node
            if kind == "p":
                yield from (("tbl", table) for table in _boxed(node))
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "AlternateContent", "Choice", "smartTag"):
            found.inserted += kind == "ins" and len(node) > 0
            yield from blocks(node, found, wanted)
        elif kind in ("del", "moveFrom"):
            found.deleted += len(node) > 0


def _boxed(paragraph: _Element) -> Iterator[_Element]:
    """Yields the tables in text boxes of a paragraph; what older programs are given for the same boxes is left out."""
    if next(paragraph.iter(*TABLES), None) is None:
        return
    boxes = list(paragraph.iter(*BOXES))
    older = {box for fallback in paragraph.iter(*FALLBACKS) for box in fallback.iter(*BOXES)}
    shown = [box for box in boxes if box not in older]
    for box in shown or boxes:
        yield from (node for node in box if node.tag in TABLES)


def clear_prompts(root: _Element) -> None:
    """Takes out what content controls show while nothing is filled in (单击此处输入文字), so that their cells are blank."""
    for mark in root.iter(*PROMPTS):
        control = None if (properties := mark.getparent()) is None else properties.getparent()
        texts = [] if control is None else list(control.iter(*TEXTS))
        if control is not None and (next(control.iter(*STYLES), None) is not None or PROMPT.search("".join(text.text or "" for text in texts))):
            for text in texts:
                text.text = None


def add_text(element: _Element, pieces: list[str], found: Found, symbols: dict[int, str] | None = None) -> None:
    """Appends the shown text below `element`; line breaks as "\\n", tabs as "\\t", tables left out."""
    for node in element:
        tag = node.tag
        kind = KINDS.get(tag)
        if kind == "t":
            if node.text:
                pieces.append(translate(node.text, symbols) if symbols else node.text)
        elif kind == "r":
            hidden, struck, symbols_of_run = _run(node)
            if hidden:
                found.hidden += 1
            elif struck:
                found.struck += 1
            else:
                add_text(node, pieces, found, symbols_of_run)
        elif kind is None or kind == "p" or kind not in SILENT:
            _add_other(kind, node, pieces, found, symbols)


def _add_other(kind: str | None, node: _Element, pieces: list[str], found: Found, symbols: dict[int, str] | None) -> None:
    if kind == "tab":
        pieces.append("\t")
    elif kind in ("br", "cr"):
        pieces.append("\n")
    elif kind == "noBreakHyphen":
        pieces.append("-")
    elif kind == "sym":
        pieces.append(_symbol(node))
    elif kind in ("del", "moveFrom"):
        found.deleted += 1
    elif kind == "fldChar":
        data = child(node, "ffData")
        if data is not None:
            pieces.append(_field(data))
    elif kind == "AlternateContent":
        choice = next((part for part in node if KINDS.get(part.tag) == "Choice"), None)
        if choice is None:
            choice = next((part for part in node if KINDS.get(part.tag) == "Fallback"), None)
        if choice is not None:
            add_text(choice, pieces, found, symbols)
    else:
        if kind in ("ins", "moveTo"):
            found.inserted += 1
        elif kind in ("drawing", "pict", "object"):
            found.images += 1
        elif kind == "p":
            pieces.append("\n")
        add_text(node, pieces, found, symbols)
        if kind == "p":
            pieces.append("\n")


def _run(run: _Element) -> tuple[bool, bool, dict[int, str] | None]:
    """Returns whether a run is hidden text, whether it is struck out, and the code table of its symbol font."""
    properties = first(run, "rPr")
    if properties is None:
        return False, False, None
    hidden, struck, table = False, False, None
    for node in properties:
        kind = KINDS.get(node.tag)
        if kind == "vanish":
            hidden = _is_on(node)
        elif kind in ("strike", "dstrike"):
            struck = _is_on(node)
        elif kind == "rFonts":
            table = table_of(attribute(node, "ascii"))
    return hidden, struck, table


def _is_on(node: _Element) -> bool:
    return (attribute(node, "val") or "1").lower() not in FALSE


def _symbol(node: _Element) -> str:
    code = attribute(node, "char") or ""
    try:
        number = int(code, 16)
    except ValueError:
        return DAMAGED
    table = table_of(attribute(node, "font"))
    if table:
        return table.get(number - 0xF000 if 0xF000 <= number <= 0xF0FF else number, DAMAGED)
    return chr(number) if 0x20 <= number < 0xD800 or 0xF900 <= number <= 0x10FFFF else DAMAGED


def _field(data: _Element) -> str:
    """Returns what an old form field shows: a box for a check box, the chosen entry of a list."""
    box = child(data, "checkBox")
    if box is not None:
        state = child(box, "checked")
        if state is None:
            state = child(box, "default")
            return "☑" if state is not None and _is_on(state) else "□"
        return "☑" if _is_on(state) else "□"
    choices = child(data, "ddList")
    if choices is None:
        return ""
    entries = [attribute(node, "val") or "" for node in choices if KINDS.get(node.tag) == "listEntry"]
    result = child(choices, "result")
    chosen = attribute(result, "val") if result is not None else "0"
    return entries[int(chosen)] if chosen and chosen.isascii() and chosen.isdigit() and int(chosen[:6]) < len(entries) else ""

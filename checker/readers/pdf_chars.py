"""The characters of a PDF page with their boxes in display space."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

import pypdfium2.raw as pdfium

from checker.readers.symbols import PRIVATE, SYMBOL, WINGDINGS, WINGDINGS_2, table_of

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Char = tuple[float, float, float, float, str, int]
"""Vertical centre, left, right, size, character, index on its page."""

# What ticks and boxes of a symbol font may come out as; digits and common punctuation are not worth asking for.
SYMBOLIC = frozenset(
    code for table in (WINGDINGS, WINGDINGS_2, SYMBOL) for code in table if chr(code).isalpha() or code > 0x7F
)  # fmt: skip
BLANK = frozenset((0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, 0x200B, 0xFEFF, 0xAD))
SPACES = frozenset((0x20, 0xA0, 0x3000))
HYPHEN = 0x02

# The same function, called with plain addresses: a page has thousands of characters.
_BOX_OF = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)


class Characters:
    """What `characters` found: the characters, how many lie outside the page, how many slant, and those cut off with the window that cuts them."""

    __slots__ = ("clipped", "found", "outside", "tilted")

    def __init__(self) -> None:
        self.found: list[Char] = []
        self.clipped: list[tuple[Box, Char]] = []
        self.outside = self.tilted = 0


def characters(
    text: Any,
    count: int,
    place: Callable[[float, float, float, float], Box],
    upright: tuple[float, float] | None,
    size: tuple[float, float],
    windows: Mapping[int, Box],
    slanting: frozenset[int] | set[int] = frozenset(),
) -> Characters:
    """Returns the visible characters and the spaces of the file, in its order.

    `place` brings a box (left, bottom, right, top) of the page into display space; `upright` is the
    page's left top corner when that needs no turning. `size` is the page's width and height there,
    `windows` cuts pieces of text by their address; those whose addresses are `slanting` are left out.
    """
    result = Characters()
    add = result.found.append
    wide, high = size
    shift_x, shift_y = upright or (0.0, 0.0)
    for index, (code, (left, top, right, bottom)) in enumerate(zip(codes(text, count), _boxes(text, count), strict=True)):
        if code in BLANK:
            # pdfium makes up spaces and line ends where it sees gaps; only those of the file count.
            if code not in SPACES or pdfium.FPDFText_IsGenerated(text, index):
                continue
            code = 0x20
        if slanting and address(pdfium.FPDFText_GetTextObject(text, index)) in slanting:
            result.tilted += 1
            continue
        if upright is None:
            x0, y0, x1, y1 = place(left, bottom, right, top)
        else:
            x0, y0, x1, y1 = left - shift_x, shift_y - top, right - shift_x, shift_y - bottom
        if x1 < 0 or y1 < 0 or x0 > wide or y0 > high:
            if code == 0x20:
                continue
            result.outside += 1
        if 0x4E00 <= code < 0xA000 or 0x20 <= code < 0x40:
            char = chr(code)
        elif code < 0x20 or code >= 0xFFFE:
            char = "-" if pdfium.FPDFText_GetUnicode(text, index) == HYPHEN else "\ufffd"
        elif code in SYMBOLIC or 0xE000 <= code <= 0xF8FF:
            char = _symbolic(text, index, chr(code))
        else:
            char = chr(code)
        made = ((y0 + y1) / 2, x0, x1, y1 - y0, char, index)
        if windows:
            window = windows.get(address(pdfium.FPDFText_GetTextObject(text, index)))
            if window and not (window[0] <= (x0 + x1) / 2 <= window[2] and window[1] <= made[0] <= window[3]):
                if code != 0x20:
                    result.clipped.append((window, made))
                continue
        add(made)
    return result


def written(box: Box, value: str) -> list[Char]:
    """Returns the characters of a value over its box, line by line, evenly set."""
    rows = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    x0, y0, x1, y1 = box
    high = (y1 - y0) / len(rows)
    found: list[Char] = []
    for row, text in enumerate(rows):
        size = min(10.0, high, (x1 - x0) / max(len(text), 1))
        middle = y0 + (row + 0.5) * high
        found += [(middle, x0 + at * size, x0 + (at + 1) * size, size, char, -1) for at, char in enumerate(text) if ord(char) not in BLANK]
    return found


def address(item: Any) -> int:
    """Returns where a pdfium object lies in memory, to tell objects apart."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def codes(text: Any, count: int) -> list[int]:
    """Returns the code of every character: in one call where the text maps one to one on characters."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return buffer[:count]
    return [pdfium.FPDFText_GetUnicode(text, index) for index in range(count)]


def _boxes(text: Any, count: int) -> list[Box]:
    """Returns the box (left, top, right, bottom) of every character in page space, zeros where there is none."""
    values = (ctypes.c_float * (4 * count))()
    start, handle = ctypes.addressof(values), address(text)
    for _ in map(_BOX_OF, [handle] * count, range(count), range(start, start + 16 * count, 16)):
        pass
    numbers = values[:]
    return list(zip(numbers[0::4], numbers[1::4], numbers[2::4], numbers[3::4], strict=True))


def _symbolic(text: Any, index: int, char: str) -> str:
    """Returns what a character of a symbol font shows, judged by the name of its font."""
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text, index, buffer, 128, ctypes.byref(flags))
    table = table_of(buffer.raw[: max(min(length, 128) - 1, 0)].decode("utf-8", "replace")) if length else None
    if table is None:
        return PRIVATE.get(ord(char), char)
    code = ord(char)
    return table.get(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code, char)

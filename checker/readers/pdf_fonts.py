"""A font that stands in for the fonts a PDF names but does not carry.

pdfium looks for such a font on the machine and reads the whole of it for every file (tens of megabytes
for a Chinese one); glyphs change the boxes of characters, and where there is no font single characters
are dropped. Words and places do not depend on it: codes, widths and heights are in the file. With one
small font, in which everything is the same stroke, a file reads alike on every machine. What the process
draws with pdfium afterwards shows strokes for such fonts; nothing here draws.
"""

from __future__ import annotations

import ctypes
import struct
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

UNITS, ASCENT, DESCENT = 1000, 880, -120
LOW, HIGH, WIDE = -100, 750, 20
"""The stroke: what a font leaves unsaid of its heights is taken from it, and it lies within what fonts say."""
GLYPHS = 65_534
STANDARD = (b"Helvetica", b"Times", b"Courier")
"""Fonts that need no widths in the file: pdfium has them itself."""
WHOLE = 0
"""The number of the table by which pdfium asks for the whole font."""


@cache
def stand_in() -> Any:
    """Lets pdfium use the stand-in from now on, in the whole process; what is returned must outlive its use."""
    kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    font = _font()

    def data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        if table != WHOLE:
            return 0
        if buffer and size >= len(font):
            ctypes.memmove(buffer, font, len(font))
        return len(font)

    def chosen(_info: Any, _weight: int, _italic: int, _charset: int, _pitch: int, face: Any, _exact: Any) -> int | None:
        return None if (ctypes.cast(face, ctypes.c_char_p).value or b"").startswith(STANDARD) else 1

    info = pdfium.FPDF_SYSFONTINFO(version=1)
    info.MapFont = kinds["MapFont"](chosen)
    info.GetFontData = kinds["GetFontData"](data)
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(info))
    return info


def _font() -> bytes:
    """Returns a TrueType font with one stroke for every number of a glyph and for every character."""
    box = (0, LOW, WIDE, HIGH)
    stroke = struct.pack(">5h2H4B8h", 1, *box, 3, 0, 1, 1, 1, 1, 0, 0, WIDE, 0, LOW, HIGH - LOW, 0, LOW - HIGH)
    # One range of all characters leads to one glyph (format 13); glyphs lie at two places by turns, since each ends where the next begins.
    every = struct.pack(">2H6I", 13, 0, 28, 0, 1, 1, 0x10FFFF, 1)
    tables = {
        b"cmap": struct.pack(">4HI2HI", 0, 2, 3, 1, 20, 3, 10, 20) + every,
        b"glyf": stroke * 2,
        b"head": struct.pack(">4I2H2Q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0, *box, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">I3h12hH", 0x10000, ASCENT, DESCENT, 0, UNITS, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hh", UNITS // 2, 0),
        b"loca": struct.pack(">2H", 0, len(stroke) // 2) * (GLYPHS // 2 + 1),
        b"maxp": struct.pack(">I14H", 0x10000, GLYPHS, 4, 1, 0, 0, 1, *[0] * 8),
    }
    head = struct.pack(">I4H", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    at = len(head) + 16 * len(tables)
    index, body = b"", b""
    for tag, content in tables.items():
        index += tag + struct.pack(">3I", 0, at + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    return head + index + body

"""Small PDF files written by hand, so that tests can say exactly how rules and text are drawn."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0
SIZE = 10.0

Segment = tuple[float, float, float, float]


@dataclass
class Sheet:
    """One page; y counts from the top in the calls, as a person measures."""

    parts: list[str] = field(default_factory=list)
    rotate: int = 0
    forms: list[str] = field(default_factory=list)
    box: str = ""
    fields: list[tuple[float, float, float, float, str, bool]] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, size: float = SIZE, mode: int = 0) -> Sheet:
        """Words with their base line's left end at (x, y); Han in a Chinese font, 1 em wide, the rest in Helvetica."""
        codes = words.encode("utf-16-be").hex().upper()
        self.parts.append(f"BT {mode} Tr /F2 {size} Tf 1 0 0 1 {x:.2f} {HEIGHT - y:.2f} Tm <{codes}> Tj ET")
        return self

    def bare(self, x: float, y: float, codes: bytes, font: str) -> Sheet:
        """Characters of a font that the file names and does not carry: `F3` Wingdings without heights, `F4` Helvetica without widths."""
        self.parts.append(f"BT /{font} {SIZE} Tf 1 0 0 1 {x:.2f} {HEIGHT - y:.2f} Tm <{codes.hex()}> Tj ET")
        return self

    def rules(self, segments: Sequence[Segment], style: str = "lines") -> Sheet:
        """Draws segments (x0, y0, x1, y1) in one of `STYLES`."""
        flipped = [(x0, HEIGHT - y0, x1, HEIGHT - y1) for x0, y0, x1, y1 in segments]
        drawn = STYLES[style](flipped)
        if style == "form":
            self.forms.append(drawn)
            self.parts.append(f"q 2 0 0 2 10 20 cm /X{len(self.forms)} Do Q")
        else:
            self.parts.append(drawn)
        return self

    def image(self, x: float, y: float, wide: float, high: float) -> Sheet:
        """A grey picture over a box."""
        self.parts.append(f"q {wide} 0 0 {high} {x} {HEIGHT - y - high} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q")
        return self

    def field(self, x: float, y: float, wide: float, high: float, value: str, appearance: bool = True) -> Sheet:
        """A field of a fillable form over a box, with the value typed in it, drawn or left to the viewer to draw."""
        self.fields.append((x, y, wide, high, value, appearance))
        return self

    def raw(self, operators: str) -> Sheet:
        """Operators as they are."""
        self.parts.append(operators)
        return self


def _lines(segments: Sequence[Segment]) -> str:
    return "0.5 w " + " ".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S" for a, b, c, d in segments)


def _boxes(segments: Sequence[Segment]) -> str:
    return " ".join(f"{min(a, c) - 0.25:.2f} {min(b, d) - 0.25:.2f} {abs(c - a) + 0.5:.2f} {abs(d - b) + 0.5:.2f} re f" for a, b, c, d in segments)


def _double(segments: Sequence[Segment]) -> str:
    moved = [(a, b + 1.5, c, d + 1.5) if b == d else (a + 1.5, b, c + 1.5, d) for a, b, c, d in segments]
    return _lines([*segments, *moved])


def _dots(segments: Sequence[Segment]) -> str:
    found = []
    for a, b, c, d in segments:
        steps = max(int((abs(c - a) + abs(d - b)) / 2), 1)
        for k in range(steps + 1):
            x, y = a + (c - a) * k / steps, b + (d - b) * k / steps
            found.append(f"{x - 0.4:.2f} {y - 0.4:.2f} 0.8 0.8 re f")
    return " ".join(found)


def _shifted(segments: Sequence[Segment]) -> str:
    """Each rule in two pieces that miss each other by a little, as hand-made tables have them."""
    pieces = []
    for a, b, c, d in segments:
        x, y = (a + c) / 2, (b + d) / 2
        gap = 0.8
        pieces += [(a, b, x - gap, d), (x + gap, b, c, d)] if b == d else [(a, b, c, y + gap), (a, y - gap, c, d)]
    return _lines(pieces)


STYLES: dict[str, Callable[[Sequence[Segment]], str]] = {
    "lines": _lines,
    "thin boxes": _boxes,
    "one path": lambda segments: "0.5 w " + " ".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l" for a, b, c, d in segments) + " S",
    "one filled path": lambda segments: _boxes(segments).replace(" re f", " re") + " f",
    "dashes": lambda segments: "[3 2] 0 d " + _lines(segments) + " [] 0 d",
    "dots": _dots,
    "double": _double,
    "pieces": _shifted,
    "matrix": lambda segments: "q 0.1 0 0 0.1 0 0 cm 5 w " + " ".join(f"{a * 10:.1f} {b * 10:.1f} m {c * 10:.1f} {d * 10:.1f} l S" for a, b, c, d in segments) + " Q",
    "images": lambda segments: " ".join(
        f"q {abs(c - a) + 0.5:.2f} 0 0 {abs(d - b) + 0.5:.2f} {min(a, c):.2f} {min(b, d):.2f} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"
        for a, b, c, d in segments
    ),
    "form": lambda segments: _lines([((a - 10) / 2, (b - 20) / 2, (c - 10) / 2, (d - 20) / 2) for a, b, c, d in segments]),
}  # fmt: skip


def grid(xs: Sequence[float], ys: Sequence[float], merges: Sequence[tuple[int, int, int, int]] = ()) -> list[Segment]:
    """The rules of a table at these positions; merges are (row, column, rowspan, colspan)."""
    inside: set[tuple[str, int, int]] = set()
    for row, column, down, right in merges:
        inside |= {("v", r, c) for r in range(row, row + down) for c in range(column + 1, column + right)}
        inside |= {("h", r, c) for r in range(row + 1, row + down) for c in range(column, column + right)}
    found: list[Segment] = []
    for r in range(len(ys)):
        for c in range(len(xs) - 1):
            if ("h", r, c) not in inside:
                found.append((xs[c], ys[r], xs[c + 1], ys[r]))
    for r in range(len(ys) - 1):
        for c in range(len(xs)):
            if ("v", r, c) not in inside:
                found.append((xs[c], ys[r], xs[c], ys[r + 1]))
    return found


def table(sheet: Sheet, xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str | None]], style: str = "lines") -> Sheet:
    """Draws a table; a text of None belongs to the cell on its left, "^" to the cell above."""
    merges = []
    for r, row in enumerate(texts):
        for c, words in enumerate(row):
            if words is None or words == "^":
                continue
            right = next((k for k in range(c + 1, len(row)) if row[k] is not None), len(row)) - c
            down = next((k for k in range(r + 1, len(texts)) if texts[k][c] != "^"), len(texts)) - r
            merges.append((r, c, down, right))
            if words:
                sheet.text(xs[c] + 4, ys[r] + 13, words)
    return sheet.rules(grid(xs, ys, merges), style)


def pdf(*sheets: Sheet, trailer: str = "", compress: bool = True) -> bytes:
    """A file of these pages."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [814 [500] 1 95 500] "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 "
        b"/Descent -271 /CapHeight 737 /StemV 58 >>",
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Wingdings /FirstChar 0 /LastChar 255 /Widths [" + b"900 " * 256 + b"] /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /Wingdings /Flags 32 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /CapHeight 700 "
        b"/StemV 80 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]  # fmt: skip
    kids = []

    def stream(content: bytes, extra: str = "") -> bytes:
        packed = zlib.compress(content) if compress else content
        filters = " /Filter /FlateDecode" if compress else ""
        return f"<< /Length {len(packed)}{filters}{extra} >>\nstream\n".encode() + packed + b"\nendstream"

    for sheet in sheets:
        names = ""
        for number, form in enumerate(sheet.forms, 1):
            objects.append(stream(form.encode("latin-1"), " /Type /XObject /Subtype /Form /BBox [-1000 -1000 2000 2000]"))
            names += f"/X{number} {len(objects)} 0 R "
        notes = ""
        for x, y, wide, high, value, appearance in sheet.fields:
            codes = value.encode("utf-16-be").hex().upper()
            drawn = ""
            if appearance:
                content = f"BT /F2 {SIZE} Tf 2 4 Td <{codes}> Tj ET".encode()
                objects.append(stream(content, f" /Type /XObject /Subtype /Form /BBox [0 0 {wide} {high}] /Resources << /Font << /F2 3 0 R >> >>"))
                drawn = f"/AP << /N {len(objects)} 0 R >>"
            box = f"[{x} {HEIGHT - y - high} {x + wide} {HEIGHT - y}]"
            objects.append(f"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /T (f{len(objects)}) /V <FEFF{codes}> /Rect {box} {drawn} >>".encode())
            notes += f"{len(objects)} 0 R "
        objects.append(stream("\n".join(sheet.parts).encode("latin-1")))
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {sheet.box} /Rotate {sheet.rotate} /Annots [{notes}] /Contents {content} 0 R "
            f"/Resources << /Font << /F2 3 0 R /F3 6 0 R /F4 8 0 R >> /XObject << {names}>> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    fields = " ".join(f"{n} 0 R" for n, body in enumerate(objects, 1) if b"/Widget" in body)
    if fields:
        objects[0] = f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{fields}] >> >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)

"""One PDF page as rules and characters in display space: points from the top left corner, y downwards."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium
from msgspec import Struct, field

from checker.readers.pdf_chars import Box, Char, address, characters, written

THIN = 3.5
"""Points: what is thinner is a rule, however it is drawn (stroke, filled rectangle, image)."""

SLANT = 0.09
"""Rise for each step along of text that slants: five degrees."""

MAX_OBJECTS = 300_000
MAX_SEGMENTS = 300_000
MAX_CHARACTERS = 300_000
MAX_FORM_DEPTH = 8
SAMPLE = 40

Matrix = tuple[float, float, float, float, float, float]
Rule = tuple[float, float, float]
"""Position across, start and end along: (y, x0, x1) for a horizontal rule, (x, y0, y1) for a vertical one."""



class Page(Struct):
    """What stands on a page; `close` it after use. `across` are horizontal rules, `down` vertical ones, `fills` shaded boxes.

    `image` is the share of the page under its largest image, `unseen` the share of sampled text
    drawn invisibly (the layer text recognition leaves), `paths` and `curves` the counts of drawn paths,
    `outside` counts characters beyond the page, `tilted` those of slanting text, which are left out, `clipped` holds those cut off with their windows, `cut` says that a bound
    on objects was reached.
    """

    number: int
    width: float
    height: float
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    chars: list[Char] = field(default_factory=list)
    image: float = 0.0
    unseen: float = 0.0
    paths: int = 0
    curves: int = 0
    outside: int = 0
    tilted: int = 0
    clipped: list[tuple[Box, Char]] = field(default_factory=list)
    cut: bool = False
    text: Any = None
    pieces: list[Any] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)
    place: Callable[[float, float], tuple[float, float]] | None = None

    def run_of(self, index: int) -> int:
        """Returns a number for the piece of text the character was drawn with; equal for one piece. 0 when it is not known."""
        return address(pdfium.FPDFText_GetTextObject(self.text, index)) if self.text and index >= 0 else 0

    def drawn(self, chars: Sequence[Char] | None = None) -> list[Char]:
        """Returns characters, all of the page unless some are given, in the order they are drawn; the page's text has those of one line side by side."""
        if not self.order:
            self.order = {address(item): rank for rank, item in enumerate(self.pieces)}
        order, last = self.order, len(self.pieces)
        return sorted(self.chars if chars is None else chars, key=lambda char: (order.get(self.run_of(char[5]), last), char[5]))

    def baseline(self, index: int) -> float:
        """Returns the height of the line a character stands on, whatever its font; nan when it is not known."""
        x, y = ctypes.c_double(), ctypes.c_double()
        if not (self.text and self.place and index >= 0 and pdfium.FPDFText_GetCharOrigin(self.text, index, ctypes.byref(x), ctypes.byref(y))):
            return math.nan
        return self.place(x.value, y.value)[1]

    def close(self) -> None:
        """Frees the page's text; its characters stay."""
        if self.text:
            pdfium.FPDFText_ClosePage(self.text)
            self.text = None


class _Sink:
    """Where drawing goes: turns points of the page into display space and sorts rules."""

    __slots__ = ("clips", "objects", "page", "place", "segments", "tilted")

    def __init__(self, page: Page, place: Callable[[float, float], tuple[float, float]]) -> None:
        self.page, self.place = page, place
        self.objects = self.segments = 0
        self.clips: dict[int, Box] = {}
        self.tilted: set[int] = set()

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Returns a box of the page as (x0, y0, x1, y1) in display space."""
        (ax, ay), (bx, by) = self.place(left, bottom), self.place(right, top)
        return (ax if ax < bx else bx, ay if ay < by else by, bx if ax < bx else ax, by if ay < by else ay)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Keeps a thin box as a rule; returns False when it is not thin."""
        flat, thin = y1 - y0 < THIN, x1 - x0 < THIN
        # A dot may be part of a dotted rule either way.
        if flat:
            self.page.across.append(((y0 + y1) / 2, x0, x1))
        if thin:
            self.page.down.append(((x0 + x1) / 2, y0, y1))
        return flat or thin

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Keeps the four sides of a stroked box."""
        self.page.across += ((y0, x0, x1), (y1, x0, x1))
        self.page.down += ((x0, y0, y1), (x1, y0, y1))


def load(raw: Any, number: int, values: Sequence[tuple[float, float, float, float, str]] = ()) -> Page:
    """Returns page `number` (from 1) of an opened page handle, which must stay open until the page is closed.

    `values` are texts with their boxes in page space that stand on the page without being drawn.
    """
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(raw, ctypes.byref(box)) or box.right <= box.left or box.top <= box.bottom:
        box.left, box.bottom, box.right, box.top = 0.0, 0.0, 595.0, 842.0
    turn = pdfium.FPDFPage_GetRotation(raw) % 4
    text = pdfium.FPDFText_LoadPage(raw)
    count = pdfium.FPDFText_CountChars(text) if text else 0
    turn = (turn + _content_turn(text, count, turn)) % 4
    wide, high = box.right - box.left, box.top - box.bottom
    place = _placing(turn, box.left, box.bottom, box.right, box.top)
    page = Page(number, high if turn % 2 else wide, wide if turn % 2 else high, text=text, place=place)
    sink = _Sink(page, place)
    _draw(raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, sink, None, 0)
    upright = None if turn else (box.left, box.top)
    found = characters(text, min(count, MAX_CHARACTERS), sink.box, upright, (page.width, page.height), sink.clips, sink.tilted)
    page.chars, page.outside, page.clipped, page.tilted = found.found, found.outside, found.clipped, found.tilted
    for left, bottom, right, top, value in values:
        page.chars += written(sink.box(left, bottom, right, top), value)
    page.cut = page.cut or count > MAX_CHARACTERS
    if page.image > 0.5 and page.pieces:
        sampled = page.pieces[:: max(len(page.pieces) // SAMPLE, 1)]
        invisible = sum(pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE for item in sampled)
        page.unseen = invisible / len(sampled)
    return page


def _placing(turn: int, left: float, bottom: float, right: float, top: float) -> Callable[[float, float], tuple[float, float]]:
    """Returns the map from page space (y upwards) to display space for `turn` quarter turns clockwise."""
    if turn == 1:
        return lambda x, y: (y - bottom, x - left)
    if turn == 2:
        return lambda x, y: (right - x, y - bottom)
    if turn == 3:
        return lambda x, y: (top - y, right - x)
    return lambda x, y: (x - left, top - y)


def _content_turn(text: Any, count: int, turn: int) -> int:
    """Returns the quarter turns that bring text upright when most of it runs sideways on the displayed page."""
    if count < 8:
        return 0
    angles = [pdfium.FPDFText_GetCharAngle(text, index) for index in range(0, count, max(count // SAMPLE, 1))]
    turns = [round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0]
    if not turns:
        return 0
    # The angle is told clockwise: text at a quarter turns stands upright after 4 - a more.
    sideways = max(range(4), key=turns.count)
    return (-sideways - turn) % 4 if turns.count(sideways) > 0.6 * len(turns) else 0


def _draw(owner: Any, counting: Any, getting: Any, sink: _Sink, matrix: Matrix | None, depth: int) -> None:
    """Collects the rules, fills and images of a page or form object."""
    values = [ctypes.c_float() for _ in range(4)]
    references = [ctypes.byref(value) for value in values]
    left, bottom, right, top = values
    kind_of, bounds_of, page = pdfium.FPDFPageObj_GetType, pdfium.FPDFPageObj_GetBounds, sink.page
    clip_of, clips_of = pdfium.FPDFPageObj_GetClipPath, pdfium.FPDFClipPath_CountPaths
    for index in range(max(counting(owner), 0)):
        sink.objects += 1
        if sink.objects > MAX_OBJECTS:
            page.cut = True
            return
        item = getting(owner, index)
        kind = kind_of(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            page.pieces.append(item)
            if _slants(_times(_matrix(item), matrix)):
                sink.tilted.add(address(item))
            clip = clip_of(item)
            if clip and clips_of(clip) > 0:
                _clipped(item, clip, sink, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            page.paths += 1
            if bounds_of(item, *references):
                _path(item, sink.box(*_moved(matrix, left.value, bottom.value, right.value, top.value)), sink, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            if bounds_of(item, *references):
                x0, y0, x1, y1 = sink.box(*_moved(matrix, left.value, bottom.value, right.value, top.value))
                if not sink.rule(x0, y0, x1, y1):
                    share = (x1 - x0) * (y1 - y0) / (page.width * page.height)
                    page.image = max(page.image, min(share, 1.0))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            inner = _matrix(item)
            _draw(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, sink, _times(inner, matrix), depth + 1)


def _slants(matrix: Matrix) -> bool:
    """Tells whether text runs neither along nor across the page, as watermarks and stamps over it do; italics run along it."""
    along, across = abs(matrix[0]), abs(matrix[1])
    return min(along, across) > SLANT * max(along, across)


def _clipped(item: Any, clip: Any, sink: _Sink, matrix: Matrix | None) -> None:
    """Remembers the window of a text object that is cut by one: text outside it is not seen on the page."""
    x, y = ctypes.c_float(), ctypes.c_float()
    window = (-1e9, -1e9, 1e9, 1e9)
    for number in range(min(pdfium.FPDFClipPath_CountPaths(clip), 16)):
        points = []
        for index in range(min(max(pdfium.FPDFClipPath_CountPathSegments(clip, number), 0), 64)):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, number, index)
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            points.append((x.value, y.value))
        if points:
            box = min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points)
            x0, y0, x1, y1 = sink.box(*_moved(matrix, *box))
            window = max(window[0], x0), max(window[1], y0), min(window[2], x1), min(window[3], y1)
    values = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *[ctypes.byref(value) for value in values]):
        return
    x0, y0, x1, y1 = sink.box(*_moved(matrix, *[value.value for value in values]))
    if x0 < window[0] - 1 or y0 < window[1] - 1 or x1 > window[2] + 1 or y1 > window[3] + 1:
        sink.clips[address(item)] = window


def _path(item: Any, box: Box, sink: _Sink, matrix: Matrix | None) -> None:
    segments = pdfium.FPDFPath_CountSegments(item)
    if segments <= 5 and sink.rule(*box):
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    if segments <= 5 and not stroke.value:
        sink.page.fills.append(box)
        return
    sink.segments += segments
    if sink.segments > MAX_SEGMENTS:
        sink.page.cut = True
        return
    boxes: list[Box] = []
    for points, curved in _subpaths(item, segments, _times(_matrix(item), matrix), sink):
        if curved:
            sink.page.curves += 1
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if sink.rule(*box):
            continue
        if not stroke.value:
            if len(points) <= 6:
                boxes.append(box)
            continue
        for (ax, ay), (bx, by) in pairwise(points):
            sink.rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    _filled(boxes, sink)


def _filled(boxes: list[Box], sink: _Sink) -> None:
    """Sorts filled boxes of one path: two a hair apart are the ring of a border, others are shading."""
    at = 0
    while at < len(boxes):
        if at + 1 < len(boxes) and all(abs(a - b) < THIN for a, b in zip(boxes[at], boxes[at + 1], strict=True)):
            sink.frame(*boxes[at])
            at += 2
        else:
            sink.page.fills.append(boxes[at])
            at += 1


def _subpaths(item: Any, segments: int, matrix: Matrix, sink: _Sink) -> list[tuple[list[tuple[float, float]], bool]]:
    """Returns the subpaths of a path as corner points in display space, each with whether it has curves."""
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    rx, ry = ctypes.byref(x), ctypes.byref(y)
    a, b, c, d, e, f = matrix
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, rx, ry)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            found.append((points, curved))
            points, curved = [], False
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        points.append(sink.place(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 2:
            points.append(points[0])
    if points:
        found.append((points, curved))
    return [(points, curved) for points, curved in found if len(points) > 1]


def _matrix(item: Any) -> Matrix:
    value = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(value)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (value.a, value.b, value.c, value.d, value.e, value.f)


def _times(inner: Matrix, outer: Matrix | None) -> Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(matrix: Matrix | None, left: float, bottom: float, right: float, top: float) -> Box:
    """Returns the bounds of a box of a form object in page space."""
    if matrix is None:
        return left, bottom, right, top
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)

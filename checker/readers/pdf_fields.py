"""Values typed into a fillable PDF: drawn onto their page, so that they are read like its text."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

MAX_ANNOTATIONS = 5_000
HIDDEN = 0x02
TYPED = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)

Value = tuple[float, float, float, float, str]
"""Left, bottom, right, top in page space, text."""


def flattened(document: Any, index: int, raw: Any) -> tuple[Any, list[Value]]:
    """Returns the page handle to read, and the values of fields that have no drawing of their own.

    `raw` is the opened page; when it has typed text it is closed, and the page with that text drawn on
    it is opened again.
    """
    count = min(pdfium.FPDFPage_GetAnnotCount(raw), MAX_ANNOTATIONS)
    typed, values = 0, []
    for at in range(max(count, 0)):
        note = pdfium.FPDFPage_GetAnnot(raw, at)
        if not note:
            continue
        if pdfium.FPDFAnnot_GetSubtype(note) in TYPED and not pdfium.FPDFAnnot_GetFlags(note) & HIDDEN:
            typed += 1
            if not pdfium.FPDFAnnot_HasKey(note, b"AP"):
                value = _value(note)
                if value is not None:
                    values.append(value)
        pdfium.FPDFPage_CloseAnnot(note)
    if typed > len(values) and pdfium.FPDFPage_Flatten(raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        again = pdfium.FPDF_LoadPage(document, index)
        if again:
            pdfium.FPDF_ClosePage(raw)
            raw = again
    return raw, values


def _value(note: Any) -> Value | None:
    box = pdfium.FS_RECTF()
    for key in (b"V", b"Contents"):
        length = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
        if 2 < length < 100_000 and pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box)):
            buffer = ctypes.create_string_buffer(length)
            pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
            text = buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\x00")
            return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top), text
    return None

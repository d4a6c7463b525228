"""The report as PDF: the same page, set by WeasyPrint (extra `pdf`) or, without it, by a headless Chromium."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from checker.errors import UsageError
from checker.model import FormResult, Results
from checker.render import html

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
TOGETHER = 8
"""Forms set as one document, with bookmarks: each takes 100 MB until all are written. Of more each is set by itself, and their pages are joined."""

_PATIENCE = 120
"""Seconds a browser may take for one page."""


def render(results: Results) -> bytes:
    """Return one PDF with the pages of every form in order; a batch of none gives its index.

    Raises UsageError, naming what to install, when there is neither WeasyPrint nor a Chromium, or no Chinese font.
    """
    if len(results.forms) > TOGETHER:
        return merged([printed(results, form) for form in results.forms])
    return _set([html.render(results, form) for form in results.forms] or [html.render_index(results, {})])


def printed(results: Results, form: FormResult) -> bytes:
    """Return the PDF of one form, one of the parts of a large batch. Raises UsageError as `render` does."""
    return _set([html.render(results, form)])


def _set(pages: Sequence[str]) -> bytes:
    if has_chinese_font() is False:
        raise UsageError("no Chinese font for the PDF @ this machine, install one (fonts-noto-cjk) or write .html")
    if find_spec("weasyprint") is not None:
        return by_weasyprint(pages)
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise UsageError("no PDF writer @ this machine, pip install 'checker[pdf]' or install Chromium, or write .html and print it")
    return merged([by_browser(page, browser) for page in pages])


def has_chinese_font() -> bool | None:
    """Return whether an installed font covers simplified Chinese, None where there is no fontconfig to ask."""
    name = ctypes.util.find_library("fontconfig")
    if name is None:
        return None
    try:
        library = ctypes.CDLL(name)
        for function in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
            getattr(library, function).restype = ctypes.c_void_p
        pattern = ctypes.c_void_p(library.FcNameParse(b":lang=zh-cn"))
        wanted = ctypes.c_void_p(library.FcObjectSetCreate())
        found = library.FcFontList(None, pattern, wanted)
    except (OSError, AttributeError):
        return None
    return ctypes.cast(found, ctypes.POINTER(ctypes.c_int))[0] > 0 if found else None


def by_weasyprint(pages: Sequence[str]) -> bytes:
    """Set pages as one document with WeasyPrint; nothing is fetched, whatever they ask for."""
    import gc

    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)

    def refuse(url: str) -> dict[str, object]:
        raise ValueError(f"not fetched: {url[:60]}")

    collecting = gc.isenabled()
    gc.disable()  # every box of a page lives until it is written: to look for dead ones again and again takes a fifth of the time
    try:
        made = [weasyprint.HTML(string=page, url_fetcher=refuse).render() for page in pages]
        written: bytes = made[0].copy([sheet for document in made for sheet in document.pages]).write_pdf()
    finally:
        if collecting:
            gc.enable()
    return written


def by_browser(page: str, browser: str) -> bytes:
    """Print one page with a headless Chromium in a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="checker-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        command = [browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                   f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={target}"]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium has no sandbox for root
        try:
            subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=_PATIENCE)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(f"{Path(browser).name} printed no PDF @ {type(error).__name__}, write .html and print it") from None


def merged(parts: Sequence[bytes]) -> bytes:
    """Return the pages of several PDFs as one."""
    if len(parts) == 1:
        return parts[0]
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        whole.import_pages(pypdfium2.PdfDocument(part))
    out = BytesIO()
    whole.save(out)
    return _undated(out.getvalue())


def _undated(made: bytes) -> bytes:
    """Return what PDFium saved without the time of day: its date, and its identifier made of the content instead."""
    dated = re.sub(rb"/CreationDate\(D:\d{14}(?=\S*\)/Creator\(PDFium\))", b"/CreationDate(D:20000101000000", made, count=1)
    body, mark, trailer = dated.rpartition(b"/ID[<")
    digest = hashlib.sha256(body).hexdigest()[:32].upper().encode()
    return body + mark + re.sub(rb"[0-9A-F]{32}", digest, trailer) if mark else dated

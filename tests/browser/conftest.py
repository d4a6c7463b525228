"""A Chromium for the pages: missing locally the tests are skipped with a message, in CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_parts import Open, Watched

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--in-process-gpu")


def missing(what: str) -> None:
    """Skip here, fail in CI: a check that never ran must not look green."""
    message = f"{what} is missing: install chromium and `pip install '.[dev]'`"
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    with sync_playwright() as started:
        made = started.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield made
        made.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from the package that carries it."""
    try:
        from importlib.resources import files

        return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    except ImportError:
        missing("axe-playwright-python")
        raise


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Callable[[str, bool], Any]]:
    """One tab for each way of looking at a page, kept from test to test: a window of its own costs as much as a page."""
    tabs: dict[tuple[str, bool], Any] = {}

    def one(scheme: str, script: bool) -> Any:
        if (scheme, script) not in tabs:
            tabs[scheme, script] = browser.new_context(color_scheme=scheme, java_script_enabled=script).new_page()
        return tabs[scheme, script]

    yield one
    for page in tabs.values():
        page.context.close()


@pytest.fixture
def show(tab: Callable[[str, bool], Any], tmp_path: Path) -> Iterator[Open]:
    """Open a page from a file of its own; the one shown before it in the same way is gone then."""
    shown: list[Watched] = []

    def opened(text: str, anchor: str = "", *, width: int = 1280, scheme: str = "light", script: bool = True) -> Watched:
        file = tmp_path / f"page-{len(shown)}.html"
        file.write_text(text, encoding="utf-8")
        page = tab(scheme, script)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="null")
        shown.append(Watched(page))
        page.goto(file.as_uri() + anchor)
        return shown[-1]

    yield opened
    for watched in shown:
        watched.leave()

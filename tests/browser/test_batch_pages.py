"""The pages of a batch in a real browser: the index, and the folder as the command writes it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from browser_parts import Open, Watched, faults, outside
from results_factory import batch

from checker.cli import cli
from checker.model import Results
from checker.render import html

ROOT = Path(__file__).parents[2]


def index_page(made: Results) -> str:
    return html.render_index(made, {form.form.form_id: f"form-{n}.html" for n, form in enumerate(made.forms)})


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_the_index_is_silent_and_accessible(show: Open, axe: str, lang: str, scheme: str) -> None:
    """The index of a batch of 60 says nothing, asks for nothing, and axe-core finds nothing."""
    quiet = show(index_page(batch(60, lang)), scheme=scheme)
    assert quiet.said == []
    assert outside(quiet) == []
    assert faults(quiet.page, axe) == []


def test_units_are_sorted_and_filtered_by_keyboard(show: Open) -> None:
    """A column head sorts by its column and says so; a verdict or a name narrows the list."""
    page = show(index_page(batch(60))).page
    names = "[...document.querySelectorAll('.units tbody tr')].filter(r => r.offsetParent !== null).map(r => r.cells[1].innerText.split('\\n')[0].trim())"
    ranked = page.evaluate(names)
    head = page.locator(".units thead th", has_text="自评得分")
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    scores = page.evaluate("[...document.querySelectorAll('.units tbody tr')].map(r => Number(r.cells[8].innerText))")
    assert scores == sorted(scores, reverse=True)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.locator(".units thead th").first.locator("button").click()
    assert page.evaluate(names) == ranked
    page.locator("a[data-only=accept]").click()
    kept = page.evaluate(names)
    assert 0 < len(kept) < 60
    page.locator("button[data-status=return]").click()
    page.locator("button[data-status=review]").click()
    page.locator(".filters input").fill("第17单位")
    assert page.evaluate(names) == ["第17单位"]


def test_a_thousand_forms_open_in_two_seconds(show: Open) -> None:
    """The index of 1,000 forms is interactive within two seconds."""
    page = show(index_page(batch(1000))).page
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    assert timing < 2000
    page.locator(".filters input").fill("第999单位")
    assert page.locator(".units tbody tr:visible").count() == 1


def test_the_index_works_without_javascript_and_narrow(show: Open) -> None:
    """Without JavaScript every unit is listed with its link; on a narrow screen nothing sticks out."""
    page = show(index_page(batch(60)), script=False, width=400).page
    assert page.locator(".units tbody tr:visible").count() == 60
    assert page.locator(".units tbody a").count() == 60
    for made in (batch(60), batch(61, "en")):
        assert show(index_page(made), width=380).page.evaluate("document.documentElement.scrollWidth") <= 380


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1180])
def test_numbers_of_the_index_stand_on_one_line(show: Open, lang: str, width: int) -> None:
    """No number of the list of units is broken, and no heading within a word."""
    page = show(index_page(batch(60, lang)), width=width).page
    lines = "cells => cells.filter(c => { const r = document.createRange(); r.selectNodeContents(c); return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1 }).map(c => c.innerText)"
    assert page.locator(".units td.num").evaluate_all(lines) == []
    assert page.locator(".units thead th").evaluate_all("cells => cells.map(c => getComputedStyle(c).overflowWrap)") == ["normal"] * page.locator(".units thead th").count()


def test_print_leaves_out_no_unit(show: Open) -> None:
    """On paper the table of rules has a column for each of 60 units within the sheet, the list of units its head on every page and its sum once."""
    printed = show(index_page(batch(60))).page.pdf(prefer_css_page_size=True)
    with pdfplumber.open(io.BytesIO(printed)) as pdf:
        pages = [(page.width, page.height, page.extract_words(), page.extract_text() or "") for page in pdf.pages]
    listed = [text for width, height, _, text in pages if width < height and len(re.findall(r"第\d+单位", text)) > 2]
    assert len(listed) > 1 and all("建议" in text for text in listed)
    assert sum("60 份表合计" in text for *_, text in pages) == 1
    sheets = [(width, words) for width, height, words, _ in pages if width > height]
    assert sheets
    for width, words in sheets:
        (last,) = [word for word in words if word["text"] == "60" and word["top"] < 200]
        assert float(last["x1"]) < width - 20


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 60 forms; tests read it and write elsewhere."""
    folder = tmp_path_factory.mktemp("sixty") / "in"
    subprocess.run([sys.executable, str(ROOT / "bench" / "generate.py"), "60", str(folder)], check=True, capture_output=True, timeout=300)
    return folder


@pytest.mark.limit(300)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_batch_of_sixty(browser: Any, axe: str, lang: str, sixty: Path, tmp_path: Path) -> None:
    """The folder written for 60 forms: each page is silent and asks for nothing; index and pages are accessible, and each leads to the other."""
    out = tmp_path / "out"
    assert cli(["check", str(sixty), "--report", f"{out}/", "--as-of", "2024-04-18", "--lang", lang, "-q"]) in (0, 1)
    pages = sorted(path for path in out.rglob("*.html") if path.name != "index.html")
    assert len(pages) == 60
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watched = Watched(page)
    for path in (out / "index.html", *pages):
        page.goto(path.as_uri())
        assert page.evaluate("document.querySelector('h1').checkVisibility({visibilityProperty: true})")
        assert watched.said == [], path.name
        assert outside(watched) == [], path.name
        if path in (out / "index.html", *pages[:2]):
            assert faults(page, axe) == [], path.name
    page.goto((out / "index.html").as_uri())
    page.locator(".units tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/form-*.html")
    assert Path(page.url).name in {path.name for path in pages}
    page.locator("header nav a").first.click()
    page.wait_for_url("**/index.html*")
    context.close()

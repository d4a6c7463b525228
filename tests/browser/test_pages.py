"""The page of a form in a real browser: silent, self-contained, accessible, usable by keyboard, complete without JavaScript."""

from __future__ import annotations

import pytest
from browser_parts import Open, faults, form_page, shown
from results_factory import HOSTILE, hostile, seed

from checker.model import Results


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_complaint_and_no_request(show: Open, lang: str) -> None:
    """The console stays empty and nothing but the file itself is asked for."""
    watched = show(form_page(seed(lang)))
    watched.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in watched.asked if url.startswith("file:")]) == 1


def test_a_tampered_script_is_refused(show: Open) -> None:
    """The content security policy refuses a script whose hash is not the page's: the policy is in force."""
    text = form_page(seed()).replace('"use strict";', '"use strict"; document.title = "owned";', 1)
    watched = show(text)
    assert watched.page.title() != "owned"
    assert any("Content Security Policy" in said for said in watched.said)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_forms_do_nothing(show: Open, text: str) -> None:
    """Script, style and markup in a form neither run nor change the page."""
    watched = show(form_page(hostile(text)))
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
    assert watched.page.locator("h1").is_visible()
    assert watched.page.evaluate("document.querySelectorAll('script, style, img, iframe').length") == 2


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", 1280, "light"), ("zh", 1280, "dark"), ("en", 400, "light"), ("en", 400, "dark")])
def test_accessible(show: Open, axe: str, lang: str, width: int, scheme: str) -> None:
    """axe-core finds nothing at WCAG 2.2 AA, in light and dark, wide and narrow, with every fold open; in each language the light page is looked at row by row."""
    page = show(form_page(seed(lang)), width=width, scheme=scheme).page
    assert faults(page, axe, other_than_contrast=scheme == "light", every_row=scheme == "light") == []


def test_axe_would_find_a_fault(show: Open, axe: str) -> None:
    """The accessibility check can fail: one row in grey on white, built like those around it, is reported, and so is a picture without words."""
    page = show(form_page(seed())).page
    page.evaluate("document.querySelectorAll('#L31 > *').forEach(cell => cell.style.setProperty('color', '#c0c0c0', 'important'))")
    page.evaluate("document.querySelector('h1').after(new Image())")
    assert {fault[0] for fault in faults(page, axe)} == {"color-contrast", "image-alt"}


def test_filters_work_by_keyboard(show: Open) -> None:
    """A severity is switched off and on with the space bar; the count is announced."""
    page = show(form_page(seed())).page
    everything = shown(page)
    page.locator("button[data-status=warning]").focus()
    page.keyboard.press("Space")
    left = shown(page)
    assert 0 < len(left) < len(everything)
    assert not any(anchor.startswith("ACH-001") for anchor in left)
    assert page.locator(".filters output").inner_text() == f"显示 {len(left)} 条，共 {len(everything)} 条"
    page.keyboard.press("Space")
    assert shown(page) == everything


def test_search_finds_by_indicator_rule_and_line(show: Open) -> None:
    """Typing an indicator's name, a rule or a line narrows the list to it, groups without a hit disappear."""
    page = show(form_page(seed())).page
    field = page.locator(".filters input")
    for words, expected in (("重残人员医保申请", {"DED-001-L39"}), ("bud-002", {"BUD-002-L11"}), ("第39行", {"DED-001-L39", "ACH-006-indicators-actual"})):
        field.fill(words)
        assert set(shown(page)) == expected
        assert page.locator(".group:visible").count() == len(expected)
    field.fill("no such words")
    assert shown(page) == []
    field.fill("")
    assert len(shown(page)) == 20


def test_a_count_is_a_filter(show: Open) -> None:
    """Following the count of errors leaves only the errors."""
    page = show(form_page(seed())).page
    page.locator("a[data-only=error]").focus()
    page.keyboard.press("Enter")
    assert {anchor.split("-L")[0] for anchor in shown(page)} == {"ACH-005", "DED-001"}


def test_a_deep_link_is_shown_even_when_filtered_out(show: Open) -> None:
    """A link to a finding reveals it whatever the filters say."""
    page = show(form_page(seed()), "#BUD-002-L11").page
    assert page.evaluate("document.querySelector(':target').id") == "BUD-002-L11"
    page.locator("a[data-only=error]").click()
    assert "BUD-002-L11" not in shown(page)
    page.evaluate("location.hash = '#BUD-002-L11'")
    page.wait_for_function("document.getElementById('BUD-002-L11').offsetParent !== null")
    box = page.locator("[id='BUD-002-L11']").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900


def test_only_rows_with_notes(show: Open) -> None:
    """The button hides the rows of the form without notes, and shows them again; a deep link to one still works."""
    page = show(form_page(seed())).page
    button = page.locator("#only-marked")
    button.focus()
    page.keyboard.press("Enter")
    assert not page.locator("#L32").is_visible()
    assert page.locator("#L39").is_visible()
    page.evaluate("location.hash = '#L32'")
    page.wait_for_function("document.getElementById('L32').offsetParent !== null")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#L30").is_visible()


def test_everything_is_there_without_javascript(show: Open) -> None:
    """Without JavaScript all findings, rows and rules are visible and the controls are not."""
    page = show(form_page(seed()), script=False).page
    assert page.locator("tbody[data-status]:visible").count() == 20
    assert page.locator(".formtable tbody tr:visible").count() == 5 + 4 + 58 + 1
    assert page.locator(".filters").is_hidden()
    assert page.locator("#only-marked").is_hidden()
    folded = page.locator("details.proof").first
    folded.locator("summary").click()
    assert folded.locator("dl").is_visible()


@pytest.mark.parametrize("made", [seed(), seed("en"), hostile("x" * 3000), hostile("汉" * 3000)], ids=["zh", "en", "latin", "chinese"])
def test_the_page_never_scrolls_sideways(show: Open, made: Results) -> None:
    """Wide tables scroll in regions of their own; the page fits every width."""
    page = show(form_page(made), width=360).page
    for width in (360, 420, 768, 1024, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("[innerWidth, document.documentElement.scrollWidth <= innerWidth]") == [width, True]


def test_keyboard_reaches_the_skip_link_first(show: Open) -> None:
    """The first stop of the Tab key is the visible link to the findings."""
    page = show(form_page(seed())).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0


def test_the_marked_form_needs_no_scrolling_on_a_desk(show: Open) -> None:
    """From 1180 px on the notes beside the form are seen whole."""
    for made in (seed(), seed("en")):
        page = show(form_page(made), width=1180).page
        assert page.evaluate("[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.className)") == []


def test_printed_pages_cut_nothing(show: Open) -> None:
    """On paper no cell of any table is wider than its page: 156 mm of text on A4, 261 mm for the marked form."""
    page = show(form_page(seed()), width=590).page  # 156 mm at 96 dpi
    page.emulate_media(media="print")
    wide = "[...document.querySelectorAll('%s')].filter(t => t.scrollWidth > t.clientWidth + 1 || t.getBoundingClientRect().right > innerWidth + 1).map(t => t.className)"
    assert page.evaluate(wide % ".sheet:not(.form-sheet) table") == []
    page.set_viewport_size({"width": 986, "height": 600})
    assert page.evaluate(wide % ".form-sheet table") == []



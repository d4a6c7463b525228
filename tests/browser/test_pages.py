"""The pages in a real browser: silent, self-contained, accessible, usable by keyboard, complete without JavaScript."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from results_factory import HOSTILE, batch, hostile, seed

from checker import api
from checker.cli import cli
from checker.model import Results
from checker.render import html
from checker.render.arrange import arranged

Open = Callable[..., Any]
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"]}
"""Every check is made; of what passes one node a rule is told, for to name thousands of them takes longer than the checks."""


class Watched:
    """A page together with everything it complained about or asked the network for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        self.heard = {
            "console": lambda message: self.said.append(message.text),
            "pageerror": lambda error: self.said.append(str(error)),
            "request": lambda request: self.asked.append(request.url),
        }
        for event, told in self.heard.items():
            page.on(event, told)

    def leave(self) -> None:
        """Hear no more: another one watches the same tab."""
        for event, told in self.heard.items():
            self.page.remove_listener(event, told)


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Callable[[str, bool, bool], Any]]:
    """One tab for each way of looking at a page, kept from test to test: a window of its own costs as much as a page."""
    tabs: dict[tuple[str, bool, bool], Any] = {}

    def one(scheme: str, script: bool, bypass: bool) -> Any:
        if (scheme, script, bypass) not in tabs:
            context = browser.new_context(color_scheme=scheme, java_script_enabled=script, bypass_csp=bypass)
            tabs[scheme, script, bypass] = context.new_page()
        return tabs[scheme, script, bypass]

    yield one
    for page in tabs.values():
        page.context.close()


@pytest.fixture
def show(tab: Callable[[str, bool, bool], Any], tmp_path: Path) -> Iterator[Open]:
    """Open a page from a file of its own; the one shown before it in the same way is gone then."""
    shown: list[Watched] = []

    def opened(text: str, anchor: str = "", *, width: int = 1280, scheme: str = "light", script: bool = True, bypass: bool = False) -> Watched:
        file = tmp_path / f"page-{len(shown)}.html"
        file.write_text(text, encoding="utf-8")
        page = tab(scheme, script, bypass)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="null")
        shown.append(Watched(page))
        page.goto(file.as_uri() + anchor)
        return shown[-1]

    yield opened
    for watched in shown:
        watched.leave()


def form_page(made: Results) -> str:
    return html.render(made, made.forms[0])


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
    """axe-core finds nothing at WCAG 2.2 AA, in light and dark, wide and narrow, with every fold open."""
    watched = show(form_page(seed(lang)), width=width, scheme=scheme, bypass=True)
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    watched.page.add_script_tag(content=axe)
    result = watched.page.evaluate("options => axe.run(document, options)", AXE)
    problems = [(v["id"], [n["target"] for n in v["nodes"][:3]], v["nodes"][0]["failureSummary"]) for v in result["violations"]]
    assert problems == []
    assert result["passes"]


def test_axe_would_find_a_fault(show: Open, axe: str) -> None:
    """The accessibility check can fail: grey on white is reported."""
    text = form_page(seed()).replace("--ink-2: #565b63", "--ink-2: #c0c0c0")
    watched = show(text, bypass=True)
    watched.page.add_script_tag(content=axe)
    result = watched.page.evaluate("options => axe.run(document, options)", AXE)
    assert "color-contrast" in {v["id"] for v in result["violations"]}


def shown(page: Any) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('tbody[data-status]')].filter(e => e.offsetParent !== null).map(e => e.id)"))


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


@pytest.mark.parametrize("width", [360, 420, 768, 1024, 1600])
def test_the_page_never_scrolls_sideways(show: Open, width: int) -> None:
    """Wide tables scroll in regions of their own; the page fits every width."""
    for made in (seed(), seed("en"), hostile("x" * 3000), hostile("汉" * 3000)):
        page = show(form_page(made), width=width).page
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_reaches_the_skip_link_first(show: Open) -> None:
    """The first stop of the Tab key is the visible link to the findings."""
    page = show(form_page(seed())).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0


def index_page(made: Results) -> str:
    return html.render_index(made, {form.form.form_id: f"form-{n}.html" for n, form in enumerate(made.forms)})


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_the_index_is_silent_and_accessible(show: Open, axe: str, lang: str, scheme: str) -> None:
    """The index of a batch of 60 says nothing, asks for nothing, and axe-core finds nothing."""
    text = index_page(batch(60, lang))
    quiet = show(text, scheme=scheme)
    assert quiet.said == []
    assert [url for url in quiet.asked if not url.startswith(("file:", "data:"))] == []
    watched = show(text, scheme=scheme, bypass=True)
    watched.page.add_script_tag(content=axe)
    result = watched.page.evaluate("options => axe.run(document, options)", AXE)
    assert [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in result["violations"]] == []


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


ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "forms"
FORMS = {
    "seed": ROOT / "sample_forms" / "minhang_dpf_2023.txt",
    "anhui": CORPUS / "xlsx" / "01_chizhou_tangxi.xlsx",
    "hubei": CORPUS / "docx" / "12_huangshi_library.docx",
    "sichuan": CORPUS / "html" / "38_daying_consumer_city.html",
}


def audited(paths: Sequence[Path], lang: str) -> Results:
    return api.check(list(paths), as_of=date(2024, 4, 18), lang=lang)


def outside(watched: Watched) -> list[str]:
    """What the page asked of the network."""
    return [url for url in watched.asked if not url.startswith(("file:", "data:"))]


def faults(page: Any, axe: str) -> list[tuple[str, list[Any]]]:
    """What axe-core says against a page with every fold open."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.add_script_tag(content=axe)
    result = page.evaluate("options => axe.run(document, options)", AXE)
    return [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in result["violations"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_real_reports_of_four_families(show: Open, axe: str, name: str, lang: str) -> None:
    """What the checker says of real forms of four families: silent, accessible, fits narrow screens, filters and
    deep links by keyboard, everything there without JavaScript."""
    made = audited([FORMS[name]], lang)
    assert len(made.forms) == 1
    text = form_page(made)
    watched = show(text)
    page = watched.page
    everything = shown(page)
    assert len(everything) == len(made.forms[0].findings) > 0
    assert page.locator(".indicators tbody tr").count() >= len(made.forms[0].form.indicators)
    button = page.locator(".filters button").first
    button.focus()
    page.keyboard.press("Space")
    left = shown(page)
    assert len(left) < len(everything)
    hidden = next(anchor for anchor in everything if anchor not in left)
    page.evaluate("anchor => { location.hash = '#' + anchor; }", hidden)
    page.wait_for_function("anchor => document.getElementById(anchor).offsetParent !== null", arg=hidden)
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert watched.said == []
    assert outside(watched) == []
    bare = show(text, script=False).page
    assert bare.locator("tbody[data-status]:visible").count() == len(everything)
    assert bare.locator(".rules tbody tr:visible").count() == len(made.forms[0].rules)
    assert faults(show(text, bypass=True).page, axe) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_batch_of_sixty(browser: Any, axe: str, lang: str, tmp_path: Path) -> None:
    """The folder written for 60 forms: each page is silent and asks for nothing; index and pages are accessible, and each leads to the other."""
    subprocess.run([sys.executable, str(ROOT / "bench" / "generate.py"), "60", str(tmp_path / "in")], check=True, capture_output=True, timeout=300)
    out = tmp_path / "out"
    assert cli(["check", str(tmp_path / "in"), "--report", f"{out}/", "--as-of", "2024-04-18", "--lang", lang, "-q"]) in (0, 1)
    pages = sorted(path for path in out.rglob("*.html") if path.name != "index.html")
    assert len(pages) == 60
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watched = Watched(page)
    for path in (out / "index.html", *pages):
        page.goto(path.as_uri())
        assert page.locator("h1").is_visible()
        assert watched.said == [], path.name
        assert outside(watched) == [], path.name
    page.goto((out / "index.html").as_uri())
    page.locator(".units tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/form-*.html")
    assert Path(page.url).name in {path.name for path in pages}
    page.locator("header nav a").first.click()
    page.wait_for_url("**/index.html*")
    context.close()
    checked = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    for path in (out / "index.html", *pages[:2]):
        page = checked.new_page()
        page.goto(path.as_uri())
        assert faults(page, axe) == [], path.name
    checked.close()


def test_links_to_findings_survive_a_re_run(tmp_path: Path) -> None:
    """When a form comes again with one fault mended, every finding that is still there keeps its link."""
    book = openpyxl.load_workbook(CORPUS / "xlsx" / "01_chizhou_tangxi.xlsx")
    before = anchors(audited([CORPUS / "xlsx" / "01_chizhou_tangxi.xlsx"], "zh"))
    assert book.active["D7"].value in (0, "0")
    book.active["D7"].value = 90
    book.save(tmp_path / "01_chizhou_tangxi.xlsx")
    after = anchors(audited([tmp_path / "01_chizhou_tangxi.xlsx"], "en"))
    assert "BUD-016-D7" in before
    assert "BUD-016-D7" not in after
    same = before.keys() & after.keys()
    assert len(same) >= 10
    assert {key: before[key] for key in same} == {key: after[key] for key in same}


def anchors(made: Results) -> dict[str, str]:
    """The anchor of each finding and what it is about."""
    return {item.anchor: item.finding.rule for group in arranged(made.forms[0].findings) for item in group.items}

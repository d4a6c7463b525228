"""What the checker says of real forms, in a real browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from browser_parts import Open, faults, form_page, outside, shown

from checker import api
from checker.model import Results
from checker.render.arrange import arranged

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
    assert faults(show(text).page, axe) == []


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

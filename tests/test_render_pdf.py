"""The report as PDF: A4, the marked form in landscape, Chinese text, nothing cut, clear words when it cannot be made."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from results_factory import HOSTILE, hostile, results, seed

from checker.cli.reports import write
from checker.errors import UsageError
from checker.model import Unreadable
from checker.render import html, pdf

pdfium = pytest.importorskip("pypdfium2")
A4 = (595, 842)


def pages(data: bytes) -> list[tuple[tuple[int, int], str, Any]]:
    document = pdfium.PdfDocument(data)
    return [((round(page.get_width()), round(page.get_height())), page.get_textpage().get_text_range(), page) for page in document]


def writer() -> bool:
    """True when there is something to write a PDF with; in CI its absence fails."""
    ready = bool(pdf.find_spec("weasyprint")) or any(shutil.which(name) for name in pdf.BROWSERS)
    if not ready and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail("neither WeasyPrint nor Chromium to write a PDF with")
    return ready


needs_writer = pytest.mark.skipif(not writer(), reason="neither WeasyPrint nor Chromium: pip install '.[pdf]'")


@pytest.fixture(scope="module")
def seed_pdf() -> bytes:
    return pdf.render(seed())


@needs_writer
def test_the_pdf_is_a4_with_the_marked_form_across(seed_pdf: bytes) -> None:
    """Every page is A4, those of the marked form in landscape; all findings, rows and rules are in the text."""
    made = pages(seed_pdf)
    sizes = {size for size, _, _ in made}
    assert sizes == {A4, A4[::-1]}
    across = "".join(text for size, text, _ in made if size == A4[::-1])
    upright = "".join(text for size, text, _ in made if size == A4)
    squeezed = re.sub(r"\s", "", upright)
    assert "退回修改" in squeezed
    assert "9,391,037.56÷9,597,603.49=97.8477%" in squeezed
    assert "负责人" in squeezed
    for name in ("残疾人满意度", "社区康复器材购买及时性", "自评总分等于各项得分之和"):
        assert name in re.sub(r"\s", "", across + upright)
    assert "批注" in across


@needs_writer
def test_no_text_leaves_the_page(seed_pdf: bytes) -> None:
    """Every character stands within the margins of its page: no column is cut."""
    for (width, height), text, page in pages(seed_pdf):
        textpage = page.get_textpage()
        for index in range(0, textpage.count_chars(), 7):
            left, bottom, right, top = textpage.get_charbox(index)
            assert -1 <= left <= right <= width + 1, text[max(0, index - 10) : index + 10]
            assert -1 <= bottom <= top <= height + 1


@needs_writer
def test_hostile_forms_and_empty_runs_are_printed() -> None:
    """Markup of a form is printed as text; a run without forms gives the page of unreadable files."""
    text = "".join(text for _, text, _ in pages(pdf.render(hostile(HOSTILE[0]))))
    assert "<script>alert(1)</script>" in re.sub(r"\s", "", text)
    text = "".join(text for _, text, _ in pages(pdf.render(results([], unreadable=[Unreadable("a.xlsx", "没有表")]))))
    assert "没有表" in re.sub(r"\s", "", text)


@pytest.mark.skipif(pdf.find_spec("weasyprint") is None, reason="needs WeasyPrint: pip install '.[pdf]'")
def test_the_pdf_is_the_same_each_time() -> None:
    """WeasyPrint gives the same bytes for the same page."""
    page = [html.render(hostile("calm"), hostile("calm").forms[0])]
    assert pdf.by_weasyprint(page) == pdf.by_weasyprint(page)


@pytest.mark.skipif(pdf.find_spec("weasyprint") is None, reason="needs WeasyPrint: pip install '.[pdf]'")
def test_forms_of_a_large_batch_are_set_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond TOGETHER forms, by one process or two, the pages are those of one document, in order, in the same bytes each time; progress counts forms."""
    calm = hostile("calm")
    forms = tuple(replace(calm.forms[0], form=replace(calm.forms[0].form, form_id=f"calm-{n}", header={**calm.forms[0].form.header, "unit_name": f"第{n}单位"})) for n in range(2))
    run = replace(calm, forms=forms)
    whole = pages(pdf.render(run))
    monkeypatch.setattr(pdf, "TOGETHER", 1)
    told: list[tuple[str, int, int]] = []
    made = []
    for jobs in (1, 2):
        write(run, tmp_path / f"{jobs}.pdf", lambda *said: told.append(said), jobs)
        made.append((tmp_path / f"{jobs}.pdf").read_bytes())
    assert made[0] == made[1]
    assert told == [("write", 1, 2), ("write", 2, 2)] * 2
    assert [(size, text) for size, text, _ in pages(made[0])] == [(size, text) for size, text, _ in whole]
    assert "第0单位" in whole[0][1] and any("第1单位" in text for _, text, _ in whole[1:])


@pytest.mark.skipif(not any(shutil.which(name) for name in pdf.BROWSERS), reason="needs Chromium")
def test_a_browser_prints_when_weasyprint_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without WeasyPrint the pages of a headless Chromium are joined, in the same sizes."""
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    twice = hostile("calm")
    made = pages(pdf.render(type(twice)(twice.as_of, twice.lang, twice.checker, twice.ruleset, twice.forms * 2)))
    assert {size for size, _, _ in made} == {A4, A4[::-1]}
    assert sum("绩效自评表审核报告" in text for _, text, _ in made) >= 2


def test_without_a_writer_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither WeasyPrint nor a browser, or no Chinese font: one line that says what to do, exit code 2."""
    monkeypatch.setattr(pdf, "has_chinese_font", lambda: True)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'checker\[pdf\]'") as raised:
        pdf.render(seed())
    assert raised.value.exit_code == 2
    monkeypatch.setattr(pdf, "has_chinese_font", lambda: False)
    with pytest.raises(UsageError, match="Chinese font"):
        pdf.render(seed())

"""The index of a batch: ranked units, rules by units, self-scores, unreadable files, capped and said so."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from results_factory import HOSTILE, batch, form_result, hostile, results, seed_findings, seed_form
from test_render_html import Page
from yardstick import at_most

from checker.model import Outcome, Results, Severity, Unreadable, Verdict
from checker.render import batch_page, html
from checker.render.labels import load


def links(made: Results) -> dict[str, str]:
    return {form.form.form_id: f"form-{n}.html" for n, form in enumerate(made.forms)}


def index(made: Results) -> str:
    return html.render_index(made, links(made))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [1, 7, 60, 61])
def test_the_index_is_well_formed(size: int, lang: str) -> None:
    """Tags match, ids are unique, links lead to sections or pages."""
    made = batch(size, lang)
    parsed = Page(index(made))
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    for tag, attrs in parsed.elements:
        assert "style" not in attrs
        if tag == "a":
            target = attrs["href"] or ""
            assert target[1:] in parsed.ids if target.startswith("#") else target in links(made).values()


def test_units_are_ranked_by_errors_then_warnings() -> None:
    """The first unit has most errors; equal errors are ordered by warnings."""
    rows = re.findall(r'<tr id="u\d+" data-status="\w+">(.*?)</tr>', index(batch(40)), re.DOTALL)
    counts = [tuple(int(n) for n in re.findall(r'<td class="num(?: zero)?">(\d+)</td>', row)[1:3]) for row in rows]
    assert len(counts) == 40
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_counts_of_verdicts_add_up() -> None:
    """The counts of the head are the numbers of forms with each verdict, unreadable files beside them."""
    made = batch(60)
    text = index(made)
    numbers = [int(n) for n in re.findall(r'<span class="n">(\d+)</span>', text)]
    assert sum(numbers[:3]) == 60
    assert numbers[3] == len(made.unreadable) == 8
    assert "不是工作簿" in text


@pytest.mark.parametrize(("lang", "said"), [("zh", "61 份表合计"), ("en", "Sum of 61 forms")])
def test_the_list_of_units_ends_with_its_sum(lang: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds up the list gets the number below it, which counts the forms a capped list leaves out, too."""
    made = batch(61, lang)
    monkeypatch.setattr(batch_page, "UNITS", 20)
    foot = re.search(r"<tfoot>(.*?)</tfoot>", index(made))
    assert foot and said in foot[1]
    wanted = [sum(f.kind is kind and (kind is not Outcome.FAIL or f.severity is severity) for form in made.forms for f in form.findings) for kind, severity in ((Outcome.FAIL, Severity.ERROR), (Outcome.FAIL, Severity.WARNING), (Outcome.FAIL, Severity.NOTE), (Outcome.OPEN, None), (Outcome.REVIEW, None))]
    assert [int(number) for number in re.findall(r'<td class="num">(\d+)</td>', foot[1])] == wanted
    assert max(wanted) > 61


def test_the_heat_map_has_a_square_for_each_unit_up_to_sixty() -> None:
    """A batch of 60 has 60 columns in the order of the ranking; with 61 there are bars instead."""
    text = index(batch(60))
    heat = text[text.index('<table class="heat">') :]
    row = re.search(r'<tr><th scope="row"><span class="rid">ACH-005</span>.*?</tr>', heat, re.DOTALL)
    assert row is not None
    squares = re.findall(r"<td(?: class=\"sq [\w ]+\")?>", row[0])
    assert len(squares) == 60
    forms = int(re.findall(r'<td class="num">(\d+)</td>', row[0])[0])
    assert forms == sum("error" in square for square in squares) > 0
    many = index(batch(61))
    assert '<table class="heat">' not in many
    assert '<table class="hits">' in many


def test_waived_findings_are_not_counted_in_the_batch() -> None:
    """A waiver takes a finding out of the ranking and out of the heat map."""
    form = seed_form()
    waived = tuple(replace(f, waiver={"reason": "x", "until": "2025-01-01"}) for f in seed_findings(form))
    made = results([form_result(form, waived, Verdict.ACCEPT)])
    rows = batch_page.rule_rows(made, batch_page.ranked(made), load("zh"))
    assert rows == ()
    assert "都没有发现问题" in index(made)


def test_scores_are_counted_once_each() -> None:
    """Every form with a total out of 100 is in exactly one column; 99 and more are counted apart."""
    made = batch(60)
    drawn = batch_page.scores(made, load("zh"))
    assert drawn is not None
    assert sum(b.count for b in drawn.bins) == drawn.counted == 60
    assert drawn.high == sum(b.count for b in drawn.bins if b.top)
    assert sum(len(b.dots) for b in drawn.bins) == 60


def test_first_look_names_the_widest_error_and_the_worst_unit() -> None:
    """What to look at first comes from the findings: the error on most forms, the unit with most errors, files unread."""
    made = batch(60)
    forms = batch_page.ranked(made)
    rules = batch_page.rule_rows(made, forms, load("zh"))
    lines = batch_page.first_look(made, forms, rules, load("zh"))
    errors = {row.rule: row.forms for row in rules if row.status == "error"}
    assert f"60 份表中有 {max(errors.values())} 份" in lines[0]
    assert batch_page.name_of(forms[0]) in lines[1]
    assert "8 个文件读不出" in lines[-1]


def test_a_thousand_forms_stay_small_and_quick() -> None:
    """The index of 1,000 forms is drawn with little work and is under 3 MB."""
    made = batch(1000)
    with at_most(40):
        text = index(made)
    assert len(text.encode()) < 3_000_000
    assert text.count('<tr id="u') == 1000


def test_caps_are_said() -> None:
    """Beyond the cap the page says how many of how many are listed."""
    form = form_result(seed_form())
    made = results([form] * (batch_page.UNITS + 5), unreadable=[Unreadable(f"{n}", "r") for n in range(batch_page.UNREADABLE + 3)])
    text = html.render_index(made, {})
    assert f"此处只列 {batch_page.UNITS} 份，共 {batch_page.UNITS + 5} 份" in text
    assert f"此处只列 {batch_page.UNREADABLE} 份，共 {batch_page.UNREADABLE + 3} 份" in text
    many = replace(results([form]), batch=tuple(seed_findings(seed_form()))[:1] * (batch_page.ACROSS + 7))
    assert f"此处只列 {batch_page.ACROSS} 处，共 {batch_page.ACROSS + 7} 处" in html.render_index(many, {})


def test_the_tallest_column_has_its_number_inside_the_chart() -> None:
    """Numbers above the columns are not cut off at the top."""
    text = index(batch(1000))
    chart = text[text.index('id="scores"') :]
    heights = [float(y) for y in re.findall(r'<text class="k m"[^>]* y="([\d.]+)">', chart)]
    assert heights
    assert min(heights) >= 12


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_text(text: str) -> None:
    """Unit names and file names of any content make no element and no hidden character."""
    written = html.render_index(hostile(text), {})
    parsed = Page(written)
    assert parsed.open == []
    assert sum(tag in ("script", "style") for tag, _ in parsed.elements) == 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", written)


def test_a_run_without_forms_has_an_index() -> None:
    """When nothing could be read the index lists the files and makes no other section."""
    text = html.render_index(results([], unreadable=[Unreadable("坏.pdf", "没有文字层")]), {})
    assert "没有文字层" in text
    assert 'id="h-unreadable">一、' in text
    assert 'id="units"' not in text


def test_the_index_is_the_same_each_time() -> None:
    """The same results give the same bytes."""
    assert index(batch(20)) == index(batch(20))

"""The HTML report without a browser: complete, escaped, self-contained, deterministic."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import time
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace
from results_factory import (
    HOSTILE,
    RULES,
    cell,
    finding,
    form_result,
    hostile,
    results,
    row_of,
    seed,
    seed_corrections,
    seed_findings,
    seed_form,
)
from yardstick import stick

from checker.model import Location, Locator, Outcome, Results, RuleOutcome, Severity, Verdict
from checker.render import html, markdown, terminal, workbook
from checker.render.arrange import Item
from checker.render.labels import load
from checker.render.story import story


class Page(HTMLParser):
    """Elements with their attributes, text by element, and whether start and end tags match."""

    VOID = frozenset(("meta", "link", "br", "col", "input", "line", "rect", "circle", "path"))

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text.append(data)

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]


def page(made: Results, form: int = 0) -> str:
    return html.render(made, made.forms[form])


@pytest.fixture(scope="module", params=["zh", "en"])
def seed_page(request: pytest.FixtureRequest) -> str:
    return page(seed(request.param))


def test_tags_match_and_ids_are_unique(seed_page: str) -> None:
    """Every element is closed in order and no id occurs twice."""
    parsed = Page(seed_page)
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))


def test_every_link_within_the_page_has_its_target(seed_page: str) -> None:
    """Links of counts, notes, figures, places and rules all lead somewhere on the page."""
    parsed = Page(seed_page)
    links = {attrs["href"] for tag, attrs in parsed.elements if tag == "a"}
    assert all(link and link.startswith("#") for link in links)
    assert {link[1:] for link in links if link} <= set(parsed.ids)


def test_nothing_is_fetched_and_no_style_attribute_is_used(seed_page: str) -> None:
    """The page refers to no other file, and CSP forbids inline style, so there is no style attribute."""
    for tag, attrs in Page(seed_page).elements:
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        assert "src" not in attrs
        assert tag not in ("img", "iframe", "object", "base", "form")
        if tag == "link":
            assert attrs["href"] == "data:,"
    assert "http://" not in seed_page
    assert "https://" not in seed_page
    assert "url(#hatch)" in seed_page
    assert len(re.findall(r"url\(", seed_page)) == seed_page.count("url(#hatch)")


def test_the_policy_holds_the_digests_of_style_and_script(seed_page: str) -> None:
    """The hashes in the content security policy are those of the one style and the one script of the page."""
    policy = next(attrs["content"] or "" for tag, attrs in Page(seed_page).elements if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    for name in ("style", "script"):
        bodies = re.findall(rf"<{name}>(.*?)</{name}>", seed_page, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_the_page_is_the_same_each_time() -> None:
    """The same results give the same bytes."""
    assert page(seed()) == page(seed())


def test_one_form_takes_little_work() -> None:
    """A form's page is drawn, once the templates are compiled, with no more work than the yardstick (about 60 ms)."""
    made = seed()
    page(made)
    times = []
    for _ in range(5):
        start = time.process_time()
        page(made)
        times.append(time.process_time() - start)
    assert min(times) < 1.2 * stick()


def test_all_six_sections_stand_in_both_languages(seed_page: str) -> None:
    """Verdict, recalculation, findings, marked form, rules and confirmation are there, one h1, no heading level skipped."""
    parsed = Page(seed_page)
    assert {"verdict", "recalc", "findings", "form", "rules", "confirm"} <= set(parsed.ids)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_sentence_names_only_what_was_found() -> None:
    """The sentence counts the errors, names their rules, and says what is undecided."""
    text = page(seed())
    assert "6 处错误集中在“未完成年度指标值，却填‘达成指标’”（5 处）、“扣分应说明原因”（1 处）" in text
    assert "另有 1 项因缺数据未能判定" in text
    assert "权重各项核对相符" in text
    assert "资金各项核对相符" not in text


def test_three_points_at_most_one_kept_for_the_undecided() -> None:
    """Points are the worst rules; the last is the undecided total with the one correction that explains it."""
    points = re.search(r'<ol class="points">(.*?)</ol>', page(seed()), re.DOTALL)
    assert points is not None
    assert points[1].count("<li>") == 3
    assert "自评总分等于各项得分之和" in points[1]
    assert "其余各数不变时，第 27 行得分应为 1.00。" in points[1]


def test_a_clean_form_says_so_and_says_what_was_not_checked() -> None:
    """Without findings the sentence says how many rules ran; a form on which no rule ran never sounds clean."""
    form = form_result(seed_form(), verdict=Verdict.ACCEPT)
    assert "执行 4 条规则，没有发现问题。" in page(results([form]))
    idle = replace(form, rules=(RuleOutcome("BUD-001", Outcome.NOT_APPLICABLE, reason="没有资金表"),))
    text = page(results([idle]))
    assert "没有一条规则得以执行。" in text
    assert "没有资金表" in text


def test_corrections_are_listed_with_their_reasons() -> None:
    """Each way to repair the sums is a row: cells with links, the value that follows, slips, the likeliest, the limit."""
    swapped = cell(28, "score", "0.80", "0.08", slip="swapped")
    both = [cell(31, "score", "0.80", None, values=["0.97", "0.98"]), cell(33, "weight", "1.00", None, low="0.50", high="0.75")]
    rules = ["SCO-002"]
    proposals = (
        *seed_corrections(),
        {"kind": "change", "size": 1, "cells": [swapped], "likeliest": True, "rules": rules, "group": 1},
        {"kind": "change", "size": 2, "cells": both, "likeliest": False, "rules": rules, "group": 1},
        {"kind": "limit", "size": 0, "cells": [], "likeliest": False, "rules": rules, "shown": 2, "group": 1},
    )
    form = form_result(seed_form(), corrections=proposals)
    text = page(results([form]))
    table = text[text.index('<table class="ways">') : text.index('id="findings"')]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    assert ["空格推算" in rows[0], "应为 1.00" in rows[0], 'href="#L27"' in rows[0]] == [True] * 3
    assert ["改法 1" in rows[1], "最可能" in rows[1], "0.80 改为 0.08" in rows[1], "疑为两位数字颠倒" in rows[1]] == [True] * 4
    assert ["0.97、0.98 之一" in rows[2], "介于 0.50 与 0.75 之间" in rows[2], "同时改 2 格" in rows[2], "最可能" in rows[2]] == [True, True, True, False]
    assert "只列出 2 种" in table
    assert "SCO-002：以下任选一种即可" in table


def test_an_empty_or_lost_cell_is_told_from_one_without_a_value() -> None:
    """A finding without a reported value shows its cell: blank, unreadable, or as filed."""
    form = seed_form()
    found = (
        finding(form, RULES["DED-001"], [row_of(39)], "reason", "m"),
        finding(form, RULES["SCO-001"], [row_of(27)], "score", "m"),
        finding(form, RULES["ACH-001"], [row_of(28)], "score", "m"),
        finding(form, RULES["TIM-003"], [row_of(51), row_of(52)], "actual", "m"),
    )
    text = page(results([form_result(form, found)]))
    filed = dict(zip([f.rule for f in found], ("（空）", "读不到", "0.80", "—"), strict=True))
    for rule, shown in filed.items():
        start = text.index(f'<tbody id="{rule}-')
        assert re.search(rf'data-label="填报"[^>]*><span class="\w+">{shown}</span>', text[start : text.index("</tbody>", start)]), rule


def test_findings_undecided_alike_share_one_note() -> None:
    """Several rules that miss the same cell say so once in the margin, and stand together in the list."""
    form = seed_form()
    found = tuple(finding(form, RULES[id], [row_of(27)], "score", "得分格丢失", kind=Outcome.OPEN) for id in ("SCO-001", "DED-001", "ACH-001"))
    text = page(results([form_result(form, found)]))
    start = text.index('id="L27"')
    row = text[start : text.index("</tr>", start)]
    assert row.count("得分格丢失") == 1
    assert row.count('class="mark open"') == 2
    assert re.search(r'href="#[A-Z]+-001-L27">缺<span class="sr"> 未能判定</span> 1–3</a>', row)
    assert text.count('<article class="group') == 1
    assert "3 项未能判定" in text


def test_a_crowded_row_tells_its_worst_notes_only() -> None:
    """Of many notes on one row the three worst are told in words, of the others the numbers stand there."""
    form = seed_form()
    crowd = [finding(form, RULES[id], [row_of(40)], "score", f"说明{n}") for n, id in enumerate(("STR-009", "STR-010", "ACH-001", "ACH-006", "SCO-001", "BUD-002"))]
    text = page(results([form_result(form, crowd)]))
    start = text.index('id="L40"')
    row = text[start : text.index("</tr>", start)]
    assert row.count('class="mark ') == 4
    assert " 4–6</a>" in row
    assert [f"说明{n}" in row for n in range(6)] == [False, False, True, True, True, False]
    assert row.index("说明4") < row.index("说明2")


def test_a_cell_merged_over_rows_is_printed_once() -> None:
    """A cell that several rows share is printed in the first of them; its rows keep their own lines."""
    form = seed_form()
    shared = form.places["indicators", 1, "target"]
    places = {**form.places, **{("indicators", n, "target"): shared for n in range(1, 8)}}
    rows = tuple({**row, "target": shared.text} if n < 7 else row for n, row in enumerate(form.indicators))
    text = page(results([form_result(replace(form, places=places, indicators=rows))]))
    marked = text[text.index('id="form"') : text.index('id="rules"')]
    assert marked.count(shared.text) == 1
    assert 'id="L21"' in marked
    assert 'id="L26"' in marked


def test_findings_have_stable_anchors_and_carry_their_proof() -> None:
    """RULE-PLACE anchors; reported, expected, difference, arithmetic, steps and the cells used all stand there."""
    text = page(seed())
    for anchor in ("ACH-005-L28", "DED-001-L39", "BUD-002-L11", "SCO-002-L79"):
        assert f'id="{anchor}"' in text
    start = text.index('id="BUD-002-L11"')
    row = text[start : text.index("</tbody>", start)]
    for part in ("97.84", "97.85", "差 −0.01", "9,391,037.56 ÷ 9,597,603.49 = 97.8477%", "截尾", "97.84（与填报相符）", "第 11 行第 4 格"):
        assert part in row


def test_the_marked_form_prints_every_row_with_its_line() -> None:
    """All 58 indicators and four budget lines stand in the form's order with their source lines, the total last."""
    text = page(seed())
    form = text[text.index('id="form"') : text.index('id="rules"')]
    lines = [int(n) for n in re.findall(r'<td class="ln">(\d+)</td>', form)]
    assert lines[-59:-1] == [n for n in range(20, 79) if n != 49]
    assert lines[-1] == 79
    assert {9, 10, 11, 12} <= set(lines)


def test_marks_stand_on_the_cells_and_link_both_ways() -> None:
    """The offending cell is tinted, the margin holds the finding's number, and both link to each other."""
    text = page(seed())
    start = text.index('id="L39"')
    row = text[start : text.index("</tr>", start)]
    assert 'class="hit error">（空）' in row
    assert 'href="#DED-001-L39"' in row
    start = text.index('id="DED-001-L39"')
    assert 'href="#L39"' in text[start : text.index("</tbody>", start)]


def test_an_unreadable_cell_is_hatched_and_explained() -> None:
    """The lost score of line 27 is marked 缺 with the reader's reason beside it."""
    text = page(seed())
    start = text.index('id="L27"')
    row = text[start : text.index("</tr>", start)]
    assert '<td class="gap"><b>缺</b>' in row
    assert "its score is not among them" in row


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("就业率100%，放映10.5场、2,10人、组织10场。", ["组织", "10"]),
        ("就业率100%，310场", []),
        ("共10，10场", ["共", "10"]),
    ],
)
def test_a_number_is_not_marked_within_another(text: str, marked: list[str]) -> None:
    """What a finding quotes is marked in the long texts where it stands by itself: 10 is no part of 100 %."""
    form = seed_form()
    form = replace(form, header={**form.header, "goal_actual": text}, places={})
    quoting = replace(finding(form, RULES["NAR-001"], [row_of(35)], "actual", "x"), reported="10", expected=None)
    told = story(form, "goal_actual", {"goal_actual": (Item(1, "a", "warning", quoting, False),)})
    assert told is not None
    spans = told.passages[0].paragraphs[0]
    at = next((n for n, span in enumerate(spans) if span.status), None)
    assert [spans[at - 1].text[-len(marked[0]) :], spans[at].text] == marked if marked else at is None


def test_a_note_on_the_whole_form_is_told_whole() -> None:
    """Notes above the form have the width of the page: a message of a few lines is not cut as in the margin."""
    form = seed_form()
    said = "一个单元格列多个指标（行：名称数 / 行数）：" + "、".join(f"{n}: 7 / 7" for n in range(20, 30))
    found = replace(finding(form, RULES["SCO-001"], [1], "shifted_rows", said), locations=(Location("primary", "forms", 1, "shifted_rows", "", Locator("a.txt")),))
    text = page(results([form_result(form, (found,))]))
    whole = text[text.index('class="whole"') :]
    assert said in whole[: whole.index("</div>")]


def test_a_finding_on_a_whole_column_stands_in_its_head() -> None:
    """A finding on 51 of 58 rows is noted once in the column's head, one on twelve rows is tinted cell by cell."""
    text = page(seed())
    form = text[text.index('id="form"') : text.index('id="rules"')]
    assert form.count("#ACH-006-") == 1
    assert 'class="has"' in form
    assert form.count('href="#TIM-003-') == 12


def test_columns_the_layout_lacks_are_not_invented() -> None:
    """The seed has no initial budget, so there is no such column."""
    form = page(seed())
    form = form[form.index('id="form"') : form.index('id="rules"')]
    assert "年初预算数" not in form


def test_every_rule_is_listed_with_its_outcome_and_reason() -> None:
    """Passed, undecided and not applicable rules are listed too, with the reason they were not applied."""
    text = page(seed())
    listed = text[text.index('id="h-rules"') : text.index('id="confirm"')]
    for rule in RULES:
        assert f'id="rule-{rule}"' in listed
    assert "批次里没有下属单位的表" in listed
    assert "第 27 行的得分读不到" in listed


def test_the_confirmation_sheet_lists_errors_and_warnings_by_rule() -> None:
    """Each rule with errors or warnings has a line with its numbers, places and three boxes; notes and open ones have none."""
    text = page(seed())
    sheet = text[text.index('id="confirm"') :]
    assert sheet.count('<td class="c"><span class="box"></span></td>') == 3 * 7
    assert '<a href="#ACH-005-L28">1–5</a>' in sheet
    assert "第 28、31、33、34、38 行" in sheet
    assert "残留网页标记" not in sheet


def test_a_figure_has_its_numbers_in_text() -> None:
    """Both charts carry an aria-label with every number they draw."""
    labels = [attrs.get("aria-label") or "" for tag, attrs in Page(page(seed())).elements if tag == "svg"]
    assert len(labels) == 2
    assert "产出 22.80 分，满分 25.00，另有 1.00 分读不到" in labels[0].replace("产出指标", "产出")
    assert "完成 280.0%，得分 100%" in labels[1]


def test_the_unreadable_score_is_not_drawn_as_scored() -> None:
    """The composition adds up only what can be read: 29.95, 22.80, 35.00 and 10.00."""
    text = page(seed())
    for score in ("29.95", "22.80", "35.00", "10.00"):
        assert f">{score}<tspan" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str, lang: str) -> None:
    """Markup, script, templates, bidi and control characters of a form appear as text and make no element."""
    written = page(hostile(text, lang))
    calm = Page(page(hostile("calm", lang)))
    parsed = Page(written)
    assert parsed.open == []
    assert [tag for tag, _ in parsed.elements if tag in ("script", "style", "svg")] == [tag for tag, _ in calm.elements if tag in ("script", "style", "svg")]
    assert not any(name.startswith("on") for _, attrs in parsed.elements for name in attrs)
    assert not any((attrs.get("href") or "#").startswith("javascript") for _, attrs in parsed.elements)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", written)
    assert written.encode("utf-8")


def test_templates_in_a_form_are_not_evaluated() -> None:
    """Template syntax of a form is printed as it is written."""
    assert "{{ 7*7 }}{% for x in y %}" in page(hostile(HOSTILE[2]))


def test_hidden_characters_are_spelled_out() -> None:
    """An escape character is shown as ␛ and a right-to-left override as U+202E."""
    assert "␛[31mred" in page(hostile(HOSTILE[4]))
    assert "[U+202E]gnp.exe[U+2066]" in page(hostile(HOSTILE[3]))


def test_a_hundred_thousand_characters_are_cut_and_counted() -> None:
    """Long cells are cut, what is left out is counted, and the page stays small."""
    written = page(hostile("汉" * 100_000))
    assert len(written) < 400_000
    assert "共 100000 字" in written


def test_left_over_tags_of_the_form_are_shown() -> None:
    """The seed's literal <p> tags are printed as text in a frame of their own."""
    assert '<span class="tag">&lt;p&gt;</span>' in page(seed())


def test_a_quoted_number_is_marked_in_the_narrative() -> None:
    """The value a finding quotes from the narrative is highlighted where it stands."""
    assert '<mark class="warning">12场</mark>' in page(seed())


def test_a_fault_of_the_engine_is_told_first() -> None:
    """A rule that crashed heads the findings and the sentence; it can never look like a pass."""
    form = seed_form()
    broken = finding(form, RULES["WGT-001"], [row_of(40)], "weight", "除数越界", kind=Outcome.ERROR)
    text = page(results([form_result(form, (*seed_findings(form), broken))]))
    assert "1 条规则运行出错，结果不完整；" in text
    first = re.search(r'<article class="group (\w+)', text)
    assert first is not None
    assert first[1] == "fault"


def test_waived_findings_are_last_and_not_counted() -> None:
    """A waived finding keeps its line with the reason, behind the others, outside the counts and the marked form."""
    form = seed_form()
    found = seed_findings(form)
    waived = replace(found[0], waiver={"reason": "已由主管部门核准", "approved_by": "某科", "until": "2024-12-31"})
    text = page(results([form_result(form, (waived, *found[1:]))]))
    assert "已豁免：已由主管部门核准（某科 批准），至 2024-12-31" in text
    assert '<span class="n">5</span> <span class="t">错误</span>' in text
    groups = re.findall(r'<article class="group ([\w ]+)"', text)
    assert groups[-1].endswith("accepted")
    marked = text[text.index('id="form"') : text.index('id="rules"')]
    assert "#ACH-005-L28" not in marked


def test_the_units_answer_and_the_notes_of_the_run_are_printed() -> None:
    """What the unit answered stands beside its finding, what the run has to say at the end of the rules."""
    form = seed_form()
    first, *rest = seed_findings(form)
    answered = replace(first, response={"explanation": "按实际参保人数", "corrected_value": "3037人", "by": "经办"})
    made = replace(results([form_result(form, (answered, *rest))]), notes=("waivers.yaml:3 已过期",))
    text = page(made)
    assert "填报单位说明：说明 按实际参保人数；更正值 3037人；填写人 经办" in text
    assert "waivers.yaml:3 已过期" in text
    assert "waivers.yaml:3 已过期" in html.render_index(made, {})


def test_places_without_lines_still_work() -> None:
    """For a workbook the margin shows the sheet's row and places are written Sheet1!E11."""
    form = seed_form()
    places = {
        key: replace(place, locator=replace(place.locator, line=None, column=None, sheet="自评表", cell=f"{'ABCDEFGHIJ'[(place.locator.column or 1) - 1]}{place.locator.line}"))
        for key, place in form.places.items()
    }
    form = replace(form, places=places)
    text = page(results([form_result(form, seed_findings(form))]))
    assert "自评表!I39" in text
    assert 'id="DED-001-I39"' in text
    assert 'id="R39"' in text


def test_blank_cells_without_a_place_stand_in_their_row() -> None:
    """A blank cell of a workbook that has no place of its own is told by the row of its neighbours."""
    form = seed_form()
    places = {
        key: replace(place, locator=Locator(place.locator.file, sheet="自评表", cell=f"H{place.locator.line}"))
        for key, place in form.places.items()
        if key[2] != "reason"
    }
    form = replace(form, places=places)
    text = page(results([form_result(form, (finding(form, RULES["DED-001"], [row_of(39)], "reason", "m"),))]))
    assert 'id="DED-001-L39"' in text
    assert '<a href="#R39">第 39 行</a>' in text
    bare = replace(form, places={})
    text = page(results([form_result(bare, (finding(bare, RULES["DED-001"], [3, 4, 5, 7], "reason", "m"),))]))
    assert "指标第 3–5、7 行" in text


def test_a_number_among_words_is_printed_as_a_number() -> None:
    """A weight read out of a cell of words is printed as the number, one filed as 98.00% as filed."""
    form = seed_form()
    places = dict(form.places)
    places["indicators", 8, "level1_weight"] = replace(form.places["indicators", 8, "level1_weight"], text="产\n出（25分）")
    places["budget_lines", 1, "rate"] = replace(form.places["budget_lines", 1, "rate"], text="99.18%")
    text = page(results([form_result(replace(form, places=places))]))
    assert "产出指标（25）" in text
    assert ">99.18%</td>" in text


def test_forms_without_levels_weights_or_places_are_printed() -> None:
    """A form of another family, with no levels, weights or places, is printed as far as it goes and draws no chart."""
    form = seed_form()
    rows = tuple({k: v for k, v in row.items() if k in ("name", "target", "actual")} for row in form.indicators)
    bare = replace(form, indicators=rows, indicator_groups=(), budget_lines=(), places={}, header={"project_name": "某项目"}, not_applicable=("weights", "scores", "levels"))
    text = page(results([form_result(bare)]))
    assert Page(text).open == []
    assert "<svg" not in text
    assert "某项目" in text
    assert "<th scope=\"col\">得分</th>" not in text


def test_labels_have_the_same_keys_in_both_languages() -> None:
    """No label is missing in one of the languages, and both take the same slots."""

    def flat(node: object, path: str = "") -> dict[str, set[str]]:
        if isinstance(node, dict):
            return {k: v for key, value in node.items() for k, v in flat(value, f"{path}.{key}").items()}
        if isinstance(node, list):
            return {f"{path}[{len(node)}]": set()}
        return {path: set(re.findall(r"\{(\w+)\}", str(node)))}

    zh, en = flat(load("zh")), flat(load("en"))
    assert zh.keys() == en.keys()
    assert {k: v for k, v in zh.items() if v != en[k]} == {}


def test_english_pages_have_no_chinese_of_ours() -> None:
    """Apart from what the form and its rules say, an English page has only the one-character marks in Chinese."""
    form = replace(seed_form(), header={"title": "T", "unit_name": "U"}, indicators=(), budget_lines=(), indicator_groups=(), places={}, repairs=(), unread=())
    rule = replace(RULES["DED-001"], id="DED-001", title="A deduction needs a reason", basis=(), advice="Add it", sentence="")
    found = finding(form, rule, [1], "total_score", "No reason", table="forms", reported="1", expected="2")
    text = page(results([replace(form_result(form, [found]), rules=(RuleOutcome("DED-001", Outcome.FAIL, 1, 1),))], "en", rules=[rule]))
    words = re.findall(r"[一-鿿]+", "".join(Page(text).text))
    assert set("".join(words)) <= set("误疑注缺核合免障")
    assert Severity.ERROR in {f.severity for f in [found]}


@pytest.mark.parametrize(
    ("filled", "unit", "project"),
    [
        ({"unit_name": "甲局", "implementing_unit": "乙所", "project_name": "丙项目"}, "甲局", "丙项目"),
        ({"unit_name": None, "implementing_unit": "乙所", "project_name": "丙项目"}, "乙所", "丙项目"),
        ({"unit_name": None, "implementing_unit": None, "project_name": "丙项目"}, "丙项目", ""),
    ],
)
def test_a_form_is_called_alike_everywhere(filled: dict[str, str | None], unit: str, project: str) -> None:
    """A project form often names only who carried it out: that unit signs, and page, index, terminal, workbook and summary call the form by it and its project."""
    form = replace(seed_form(), header={**seed_form().header, **filled})
    made = results([form_result(form, seed_findings(form))])
    page = html.render(made, made.forms[0])
    assert f'<p class="unit" lang="zh-CN">{unit}</p>' in page
    assert f'<th scope="row">被审核单位</th><td lang="zh-CN">{unit}</td>' in page
    assert re.search(rf'<p class="form"[^>]*>[^<]*{project}</p>', page)
    names = [unit, project] if project else [unit]
    assert " · ".join(names) in html.render_index(made, {})
    assert "  ".join(names) in terminal.render(made, color=False, width=100)
    assert " ".join(names) in markdown.render(made)
    assert workbook._of(made.forms[0], "zh")[0] == unit


def test_the_table_of_rules_weighs_a_rule_as_its_findings_do() -> None:
    """A rule that is milder in some cases (`severity_when`) stands in the table of rules as its findings stand in the list, and the counts above agree."""
    form = seed_form()
    milder = tuple(replace(found, severity=Severity.NOTE) for found in seed_findings(form) if found.rule == "DED-001" and found.kind is Outcome.FAIL)
    outcome = RuleOutcome("DED-001", Outcome.FAIL, checked=7, failed=len(milder))
    page = html.render(made := results([replace(form_result(form, milder), rules=(outcome,))]), made.forms[0])
    assert milder and re.search(r'<tr id="rule-DED-001"><td><span class="mark note">', page)

"""A resubmission against the earlier run: only what is proved fixed is called fixed, and forms are matched by what they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import results_factory as factory
from lxml import etree
from markdown_it import MarkdownIt
from msgspec.structs import replace

from checker import diff
from checker.errors import ReadError
from checker.model import Finding, Outcome, Results, RuleOutcome, Unreadable
from checker.render import differences
from checker.render import json as findings_json


def run(results: Results, name: str = "run.json") -> diff.Run:
    return diff.loads(findings_json.render(results), name)


def without(results: Results, rule: str, outcome: Outcome = Outcome.PASS) -> Results:
    form = results.forms[0]
    rules = tuple(RuleOutcome(r.rule, outcome, checked=1) if r.rule == rule else r for r in form.rules)
    return replace(results, forms=(replace(form, findings=tuple(f for f in form.findings if f.rule != rule), rules=rules),))


def changed(results: Results, rule: str, **changes: object) -> Results:
    form = results.forms[0]
    findings = tuple(replace(f, **changes) if f.rule == rule else f for f in form.findings)  # type: ignore[arg-type]
    return replace(results, forms=(replace(form, findings=findings),))


def moved(results: Results, path: str, **header: object) -> Results:
    form = results.forms[0]
    other = replace(form.form, source=replace(form.form.source, path=path), header={**form.form.header, **header})
    return replace(results, forms=(replace(form, form=other),))


def count(comparison: diff.Comparison) -> dict[str, int]:
    return {state: number for state, number in comparison.counts.items() if number}


SEED = factory.seed()
TOTAL = len(SEED.forms[0].findings)


def test_the_same_run_twice_changes_nothing() -> None:
    """A run compared with itself has every finding still open, none new, fixed or changed."""
    comparison = diff.compare(run(SEED), run(SEED))
    assert count(comparison) == {"still": TOTAL}
    assert not comparison.worse


def test_new_and_fixed() -> None:
    """A finding that is there later only is new; one whose rule ran and no longer finds it is fixed."""
    comparison = diff.compare(run(without(SEED, "DED-001")), run(without(SEED, "STR-010")))
    assert count(comparison) == {"new": 1, "fixed": 1, "still": TOTAL - 2}
    assert {item.shown.rule: item.state for item in comparison.pairs[0].differences if item.state in ("new", "fixed")} == {"DED-001": "new", "STR-010": "fixed"}
    assert comparison.worse
    assert not diff.compare(run(SEED), run(without(SEED, "STR-010"))).worse


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.REVIEW, Outcome.ERROR])
def test_not_decided_is_not_fixed(outcome: Outcome) -> None:
    """When the rule could not decide any more, the finding is not called fixed: deleting the number corrects nothing."""
    assert count(diff.compare(run(SEED), run(without(SEED, "ACH-006", outcome)))) == {"unknown": 1, "still": TOTAL - 1}
    row = count(diff.compare(run(SEED), run(without(SEED, "DED-001", outcome))))
    assert row == {"unknown" if outcome is Outcome.ERROR else "fixed": 1, "still": TOTAL - 1}


def test_a_row_that_becomes_undecided_stays_open_work() -> None:
    """A row that failed and can't be read now has a finding still: it is not fixed, its outcome changed."""
    comparison = diff.compare(run(SEED), run(changed(SEED, "DED-001", kind=Outcome.OPEN)))
    assert count(comparison) == {"still": TOTAL, "changed": 1}


def test_rule_not_run_is_not_fixed() -> None:
    """A rule left out of the later run proves nothing about its findings."""
    form = SEED.forms[0]
    later = replace(form, findings=tuple(f for f in form.findings if f.rule != "DED-001"), rules=tuple(r for r in form.rules if r.rule != "DED-001"))
    assert count(diff.compare(run(SEED), run(replace(SEED, forms=(later,)))))["unknown"] == 1


def test_a_column_that_disappears_fixes_nothing() -> None:
    """Not applicable counts as fixed when the row's condition went away, not when the form lost the column."""
    gone = without(SEED, "DED-001", Outcome.NOT_APPLICABLE)
    assert count(diff.compare(run(SEED), run(gone)))["fixed"] == 1
    form = gone.forms[0]
    cut = replace(gone, forms=(replace(form, form=replace(form.form, not_applicable=(*form.form.not_applicable, "weights"))),))
    assert count(diff.compare(run(SEED), run(cut)))["unknown"] == 1


def test_changed_values_are_told() -> None:
    """A finding that stays with other values is still open, with what changed from what to what."""
    finding = next(f for f in SEED.forms[0].findings if f.rule == "DED-001")
    spots = tuple(replace(at, text="0.90") if at.field == "score" else at for at in finding.locations)
    later = changed(SEED, "DED-001", locations=spots, arithmetic="1.00 − 0.90 = 0.10", value_digest="other")
    comparison = diff.compare(run(SEED), run(later))
    assert count(comparison) == {"still": TOTAL, "changed": 1}
    (item,) = [item for item in comparison.pairs[0].differences if item.changes]
    assert ("indicators.score", "0.80", "0.90") in item.changes
    said = differences.changes(item, "zh")
    assert "得分：0.80 改为 0.90" in said
    assert "算式：1.00 − 0.80 = 0.20 改为 1.00 − 0.90 = 0.10" in said


def test_open_that_becomes_a_failure_is_a_change() -> None:
    """An undecided row that now fails is still open work, its outcome changed."""
    comparison = diff.compare(run(SEED), run(changed(SEED, "SCO-002", kind=Outcome.FAIL)))
    (item,) = [item for item in comparison.pairs[0].differences if item.changes]
    assert item.changes == (("kind", "open", "fail"),)


def test_accepted_and_reopened() -> None:
    """A finding waived later is accepted; one that was waived and counts again is reopened."""
    waived = changed(SEED, "DED-001", waiver={"reason": "x"})
    assert count(diff.compare(run(SEED), run(waived)))["accepted"] == 1
    comparison = diff.compare(run(waived), run(SEED))
    assert count(comparison)["reopened"] == 1
    assert comparison.worse
    known = changed(SEED, "DED-001", baseline=True)
    assert count(diff.compare(run(known), run(SEED)))["reopened"] == 1


def test_reopened_after_having_been_fixed() -> None:
    """With an earlier run at hand, a finding fixed in between and back now is reopened, not new."""
    fixed = without(SEED, "DED-001")
    assert count(diff.compare(run(fixed), run(SEED)))["new"] == 1
    assert count(diff.compare(run(fixed), run(SEED), [run(SEED)]))["reopened"] == 1


def test_answered_findings_are_counted_and_shown() -> None:
    """An answer stays with the finding that is still open."""
    later = changed(SEED, "DED-001", response={"explanation": "原因见附件", "by": "王报"})
    comparison = diff.compare(run(SEED), run(later))
    assert count(comparison) == {"still": TOTAL, "answered": 1}
    for text in (differences.terminal(comparison), differences.markdown(comparison), differences.html(comparison)):
        assert "原因见附件 · 王报" in text


def test_forms_are_matched_by_what_they_are() -> None:
    """The file name does not matter; unit, project, year and type do, white space and width aside."""
    later = moved(SEED, "整改后/v2 最终.xlsx", unit_name="上海市闵行区 残疾人联合会（汇总）")
    comparison = diff.compare(run(SEED), run(later))
    assert len(comparison.pairs) == 1
    assert count(comparison) == {"still": TOTAL}
    other = diff.compare(run(SEED), run(moved(SEED, "minhang_dpf_2023.txt", fiscal_year=2024)))
    assert [(pair.before is None, pair.after is None) for pair in other.pairs] == [(True, False), (False, True)]
    assert count(other) == {"only_new": TOTAL, "only_old": TOTAL}


def test_forms_with_another_id_are_matched_by_rule_and_place() -> None:
    """When the form's id differs, fingerprints can't be compared: rule and place stand for them, and it is said."""
    form = SEED.forms[0]
    later = replace(form, form=replace(form.form, form_id="other"), findings=tuple(replace(f, fingerprint=f"x{f.fingerprint}") for f in form.findings if f.rule != "DED-001"))
    later = replace(later, rules=tuple(RuleOutcome("DED-001", Outcome.PASS, 1) if r.rule == "DED-001" else r for r in later.rules))
    comparison = diff.compare(run(SEED), run(replace(SEED, forms=(later,))))
    assert comparison.pairs[0].renamed
    assert count(comparison) == {"still": TOTAL - 1, "fixed": 1}
    assert "表的编号已变" in differences.terminal(comparison)


def test_counts_add_up_to_the_findings_of_both_runs() -> None:
    """Every finding of either run is in one count: who adds up the earlier run's, or the later run's, gets its number; the line of counts shows all."""
    gone, kept, first = (replace(moved(SEED, f"{name}.txt", unit_name=name), batch=()).forms[0] for name in ("甲局", "乙局", "丙局"))
    better = replace(kept, findings=tuple(f for f in kept.findings if f.rule != "DED-001"), rules=tuple(RuleOutcome("DED-001", Outcome.PASS, 1) if r.rule == "DED-001" else r for r in kept.rules))
    comparison = diff.compare(run(replace(SEED, forms=(gone, kept))), run(replace(SEED, forms=(better, first))))
    told = comparison.counts
    assert told["still"] + told["fixed"] + told["unknown"] + told["only_old"] == 2 * TOTAL
    assert told["still"] + told["new"] + told["reopened"] + told["only_new"] == len(better.findings) + TOTAL
    assert f"首次提交的表里 {TOTAL} · 未再提交的表里 {TOTAL}" in differences.terminal(comparison)
    assert f"in forms handed in first {TOTAL} · in forms not handed in again {TOTAL}" in differences.terminal(comparison, "en")


def test_two_copies_of_a_form_each_have_their_partner() -> None:
    """The same form twice in a run is paired by id first; no form is compared twice."""
    form = SEED.forms[0]
    second = replace(form, form=replace(form.form, form_id="minhang_dpf_2023~2"))
    both = replace(SEED, forms=(form, second))
    turned = replace(SEED, forms=(second, form))
    comparison = diff.compare(run(both), run(turned))
    assert [pair.renamed for pair in comparison.pairs] == [False, False]
    assert count(comparison) == {"still": 2 * TOTAL}
    alone = diff.compare(run(both), run(SEED))
    assert [pair.after is None for pair in alone.pairs] == [False, True]


def test_missing_first_and_unreadable_forms_are_said() -> None:
    """A form not handed in again, one handed in first, and one that can't be read any more are told apart."""
    none = replace(SEED, forms=())
    assert "本次没有提交" in differences.terminal(diff.compare(run(SEED), run(none)))
    assert "首次提交" in differences.terminal(diff.compare(run(none), run(SEED)))
    broken = replace(none, unreadable=(Unreadable("minhang_dpf_2023.txt", "文件已损坏"),))
    assert "本次读不出：文件已损坏" in differences.terminal(diff.compare(run(SEED), run(broken)))


def test_new_rules_are_told_from_new_faults() -> None:
    """A finding of a rule the earlier run did not have is marked, and different rule sets are said."""
    form = SEED.forms[0]
    earlier = replace(SEED, ruleset=replace(SEED.ruleset, digest="sha256:other"), forms=(replace(form, findings=tuple(f for f in form.findings if f.rule != "DED-001"), rules=tuple(r for r in form.rules if r.rule != "DED-001")),))
    comparison = diff.compare(run(earlier), run(SEED))
    (item,) = [item for item in comparison.pairs[0].differences if item.state == "new"]
    assert item.new_rule
    text = differences.terminal(comparison)
    assert "[新规则]" in text
    assert "两次所用规则集不同" in text


def test_batch_findings_are_compared() -> None:
    """Findings over the batch are fixed only when every form of the earlier run is there again."""
    finding: Finding = SEED.forms[0].findings[0]
    earlier = replace(SEED, batch=(finding,))
    assert count(diff.compare(run(earlier), run(earlier)))["still"] == TOTAL + 1
    assert count(diff.compare(run(earlier), run(SEED)))["fixed"] == 1
    less = replace(SEED, forms=())
    assert count(diff.compare(run(earlier), run(less))) == {"unknown": 1, "only_old": TOTAL}


# ---- reading


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "forms": []}', '{"version": 1, "forms": [1]}', '{"version": 1, "forms": [{"form_id": 3}]}', '{"version": 1, "forms": [{"form_id": "x", "findings": [{"rule": "x"}]}]}', "[" * 100_000, '{"version": 1, "forms": [], "unreadable": 3}'],
    ids=range(9),
)
def test_other_files_are_refused(text: str) -> None:
    """What is no findings JSON is refused with one line and exit code 3."""
    with pytest.raises(ReadError) as caught:
        diff.loads(text, "old.json")
    assert "\n" not in str(caught.value)
    assert "old.json" in str(caught.value)


def test_wrong_types_inside_do_no_harm() -> None:
    """Values of the wrong type inside a finding are left out, not run into."""
    odd = {"fingerprint": "f", "rule": "R", "locations": [{"row": "x", "line": 1.5, "text": None}], "response": [1], "waiver": None, "severity": 5}
    read = diff.loads(json.dumps({"version": 1, "forms": [{"form_id": "a", "findings": [odd], "fiscal_year": 2023, "verdict": "odd"}]}), "x")
    comparison = diff.compare(read, read)
    for text in (differences.terminal(comparison), differences.markdown(comparison), differences.html(comparison)):
        assert "R" in text


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    """A file that is not there is told in one line."""
    with pytest.raises(ReadError, match="cannot be read"):
        diff.load(tmp_path / "none.json")


# ---- pages


@pytest.mark.parametrize("text", factory.HOSTILE, ids=ascii)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_stay_texts(text: str, lang: str) -> None:
    """No text of a form becomes markup, a control sequence or a link in any of the three outputs."""
    old, new = run(factory.hostile(text)), run(factory.hostile(text + "2"))
    for comparison in (diff.compare(old, new), diff.compare(old, old)):
        page = differences.html(comparison, lang=lang)
        page.encode("utf-8")
        root = etree.fromstring(page.encode(), etree.HTMLParser())
        assert not root.findall(".//script")
        assert not root.findall(".//a")
        assert {key for node in root.iter() if isinstance(node.tag, str) for key in node.attrib if key.startswith("on") or key == "style"} == set()
        shown = differences.terminal(comparison, lang=lang)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown + page)
        made = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "linkify"]).render(differences.markdown(comparison, lang=lang))
        tags = {node.tag for node in etree.fromstring(f"<div>{made}</div>", etree.HTMLParser()).iter() if isinstance(node.tag, str)}
        assert tags <= {"html", "body", "div", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "p", "br", "span"}


def test_html_allows_its_own_style_only() -> None:
    """The page carries no script, and its policy allows exactly the style that is in it."""
    import base64
    import hashlib

    page = differences.html(diff.compare(run(SEED), run(SEED)))
    style = re.search("<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = etree.fromstring(page.encode(), etree.HTMLParser()).find('.//meta[@http-equiv="Content-Security-Policy"]').get("content")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_outputs_are_stable_and_show_every_state(lang: str) -> None:
    """All three outputs are the same twice, and name each state that occurs."""
    later = changed(without(SEED, "STR-010"), "TIM-003", waiver={"reason": "x"})
    comparison = diff.compare(run(without(SEED, "DED-001")), run(later))
    for make in (differences.terminal, differences.markdown, differences.html):
        text = make(comparison, lang=lang)
        assert text == make(comparison, lang=lang)
        for state in ("new", "fixed", "still", "accepted"):
            assert differences.state_name(state, lang) in text


def test_colour_is_colour_only() -> None:
    """Colours add nothing but colour codes: without them the text is the same."""
    comparison = diff.compare(run(SEED), run(without(SEED, "DED-001")))
    assert re.sub("\x1b\\[[0-9]*m", "", differences.terminal(comparison, color=True)) == differences.terminal(comparison)


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit differences are counted, not dropped in silence; the counts stay of all."""
    monkeypatch.setattr(differences, "MAX_ROWS", 5)
    comparison = diff.compare(run(SEED), run(SEED))
    for make in (differences.terminal, differences.markdown, differences.html):
        text = make(comparison)
        assert f"另有 {TOTAL - 5} 条未列出" in text
    assert f"仍未改正 {TOTAL}" in differences.terminal(comparison)


def test_another_language_is_no_change() -> None:
    """The same form checked in Chinese and in English: nothing changed, and what is quoted in another language is said once."""
    told = next(finding.rule for finding in SEED.forms[0].findings if finding.arithmetic)
    zh, en = run(factory.seed("zh"), "a.json"), run(changed(factory.seed("en"), told, arithmetic="score 0.80 < 1"), "b.json")
    comparison = diff.compare(zh, en)
    assert count(comparison) == {"still": TOTAL}
    for make in (differences.terminal, differences.markdown, differences.html):
        assert make(comparison, lang="en").count("Findings are quoted in the language of their run (earlier: Chinese, later: English).") == 1
        assert make(comparison, lang="zh").count("问题的文字照运行时的语言引用（上次为中文，本次为英文）。") == 1
        assert "照运行时" not in make(diff.compare(zh, zh), lang="zh") and "are quoted" not in make(diff.compare(en, en), lang="en")

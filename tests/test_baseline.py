"""Baselines shrink only, know values, and never let an engine fault or a worse finding pass; answers stay beside findings."""

from __future__ import annotations

from pathlib import Path

import pytest
import results_factory as factory
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker.errors import RuleError
from checker.exit_status import exit_status
from checker.model import Finding, Outcome, Results, RuleOutcome, Severity, Verdict
from checker.settle import baseline, responses
from checker.verdict import load_policy

POLICY = load_policy(Path(__file__).parents[1] / "rules" / "policy.yaml", "rules/policy.yaml")


def changed(results: Results, rule: str, **changes: object) -> Results:
    form = results.forms[0]
    findings = tuple(replace(f, **changes) if f.rule == rule else f for f in form.findings)  # type: ignore[arg-type]
    return replace(results, forms=(replace(form, findings=findings),))


def without(results: Results, rule: str, outcome: Outcome = Outcome.PASS) -> Results:
    form = results.forms[0]
    rules = tuple(RuleOutcome(r.rule, outcome, checked=1) if r.rule == rule else r for r in form.rules)
    return replace(results, forms=(replace(form, findings=tuple(f for f in form.findings if f.rule != rule), rules=rules),))


def of_rule(results: Results, rule: str) -> list[Finding]:
    return [f for f in results.forms[0].findings if f.rule == rule]


def test_a_baseline_covers_what_it_was_made_of() -> None:
    """Right after its creation a baseline covers every finding: they stay, marked, and no longer count."""
    seed = factory.seed()
    results, match = baseline.apply(seed, baseline.create(seed), POLICY)
    assert match == baseline.Match(len(seed.forms[0].findings), (), ())
    assert all(f.baseline for f in results.forms[0].findings)
    assert (exit_status(seed, "note"), exit_status(results, "note")) == (1, 0)
    assert results.forms[0].verdict is Verdict.ACCEPT
    assert results.notes == ()


def test_new_findings_count() -> None:
    """A finding the baseline does not know counts as before."""
    seed = factory.seed()
    known = baseline.create(without(seed, "DED-001"))
    results, _ = baseline.apply(seed, known, POLICY)
    assert [f.rule for f in results.forms[0].findings if not f.baseline] == ["DED-001"]
    assert exit_status(results, "error") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"value_digest": "a"}, {"value_digest": "b"}),
        ({"severity": Severity.NOTE}, {"severity": Severity.ERROR}),
        ({"kind": Outcome.OPEN}, {"kind": Outcome.FAIL}),
    ],
    ids=["value", "severity", "kind"],
)
def test_a_known_finding_that_changes_counts_again(before: dict[str, object], after: dict[str, object]) -> None:
    """Another value, a higher severity or an undecided row that now fails is no longer known, and that is said."""
    known = baseline.create(changed(factory.seed(), "DED-001", **before))
    results, match = baseline.apply(changed(factory.seed(), "DED-001", **after), known, POLICY)
    assert [entry.rule for entry in match.changed] == ["DED-001"]
    assert not of_rule(results, "DED-001")[0].baseline
    assert "基线中的问题数值或级别已变" in results.notes[0]
    same, _ = baseline.apply(changed(factory.seed(), "DED-001", **before), known, POLICY)
    assert of_rule(same, "DED-001")[0].baseline


def test_a_lower_severity_stays_known() -> None:
    """A finding that got milder is still covered."""
    known = baseline.create(factory.seed())
    results, _ = baseline.apply(changed(factory.seed(), "DED-001", severity=Severity.NOTE), known, POLICY)
    assert of_rule(results, "DED-001")[0].baseline


def test_engine_faults_and_waived_findings_stay_out() -> None:
    """An engine fault is never accepted; what has a waiver needs no baseline."""
    seed = changed(factory.seed(), "DED-001", kind=Outcome.ERROR)
    seed = changed(seed, "STR-010", waiver={"reason": "x"})
    made = baseline.create(seed)
    assert {"DED-001", "STR-010"} & {entry.rule for entry in made.findings} == set()
    results, _ = baseline.apply(seed, baseline.create(factory.seed()), POLICY)
    assert not of_rule(results, "DED-001")[0].baseline
    assert exit_status(results, "never") == 5


def test_prune_takes_out_what_is_gone_and_nothing_else() -> None:
    """A corrected finding leaves the baseline; new ones never enter it."""
    seed = factory.seed()
    known = baseline.create(seed)
    fixed = changed(without(seed, "DED-001"), "STR-010", fingerprint="new")
    pruned, gone = baseline.prune(known, fixed)
    assert {entry.rule for entry in gone} == {"DED-001", "STR-010"}
    assert {entry.fingerprint for entry in pruned.findings} <= {entry.fingerprint for entry in known.findings}
    assert "new" not in {entry.fingerprint for entry in pruned.findings}
    _, match = baseline.apply(fixed, known, POLICY)
    assert {entry.rule for entry in match.gone} == {"DED-001", "STR-010"}


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.ERROR, Outcome.REVIEW])
def test_prune_keeps_what_was_not_decided(outcome: Outcome) -> None:
    """A rule that crashed proves nothing; one undecided elsewhere proves a row's finding gone, but none over many rows.

    A form that is not in the run proves nothing either.
    """
    seed = factory.seed()
    known = baseline.create(seed)
    pruned, gone = baseline.prune(known, without(seed, "ACH-006", outcome))
    assert (pruned, gone) == (known, ())
    _, gone = baseline.prune(known, without(seed, "DED-001", outcome))
    assert len(gone) == (outcome is not Outcome.ERROR)
    assert baseline.prune(known, replace(seed, forms=())) == (known, ())


def test_apply_writes_nothing() -> None:
    """A normal run leaves the baseline as it is, whatever is gone or new."""
    known = baseline.create(factory.seed())
    text = baseline.dumps(known)
    baseline.apply(without(factory.seed(), "DED-001"), known, POLICY)
    assert baseline.dumps(known) == text


def test_round_trip_is_exact_and_sorted() -> None:
    """A file reads back to the same baseline; the order of findings in the run does not show."""
    seed = factory.seed()
    form = seed.forms[0]
    turned = replace(seed, forms=(replace(form, findings=form.findings[::-1]),))
    text = baseline.dumps(baseline.create(seed))
    assert text == baseline.dumps(baseline.create(turned))
    assert baseline.loads(text, "b.json") == baseline.create(seed)
    empty = baseline.create(replace(seed, forms=()))
    assert baseline.loads(baseline.dumps(empty), "b.json") == empty


@pytest.mark.parametrize("text", factory.HOSTILE, ids=ascii)
def test_hostile_texts_read_back(text: str) -> None:
    """Whatever a form holds, its baseline reads back the same, and is ASCII-safe where it must be."""
    made = baseline.create(factory.hostile(text))
    written = baseline.dumps(made)
    written.encode("utf-8")
    assert baseline.loads(written, "b.json") == made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[]", "not a baseline"),
        ('{"version": 2, "findings": []}', "not a baseline of version 1"),
        ('{"version": 1, "as_of": "x", "ruleset": "y", "findings": [{}]}', "findings[1]: must have the texts"),
        ('{"version": 1, "as_of": 1, "ruleset": "y", "findings": [], "x": 1}', "x: unknown key"),
        ("[" * 100_000, "not JSON"),
        ('{"version": ' + "9" * 10_000 + "}", "not"),
    ],
    ids=range(7),
)
def test_malformed_files_are_refused(text: str, said: str) -> None:
    """A file that is no baseline ends the run with exit code 4."""
    with pytest.raises(RuleError) as caught:
        baseline.loads(text, "b.json")
    assert caught.value.exit_code == 4
    assert any(said in fault for fault in caught.value.faults)


def test_doubled_and_unknown_entries_are_refused() -> None:
    """The same finding twice, or a kind that does not exist, is a fault."""
    line = baseline.dumps(baseline.create(factory.seed())).splitlines()[2].strip().rstrip(",")
    head = '{"version": 1, "as_of": "2024-01-01", "ruleset": "r", "findings": ['
    with pytest.raises(RuleError, match="written twice"):
        baseline.loads(f"{head}{line}, {line}]}}", "b.json")
    with pytest.raises(RuleError, match="none of ours"):
        baseline.loads(head + line.replace('"fail"', '"gone"') + "]}", "b.json")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """A baseline that is named and not there ends the run."""
    with pytest.raises(RuleError, match="cannot be read"):
        baseline.load(tmp_path / "none.json")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100) | st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["version", "findings", "x"]), x)).map(str))
def test_any_text_is_a_baseline_or_a_rule_error(text: str) -> None:
    """Nothing but RuleError comes out of a file of strangers."""
    try:
        baseline.loads(text, "b.json")
    except RuleError as error:
        assert error.faults


# ---- the unit's answers


def answer(fingerprint: str, **values: str) -> str:
    return f"{fingerprint}:\n" + "".join(f"  {key}: {value}\n" for key, value in values.items())


def test_an_answer_stands_beside_its_finding_and_changes_nothing() -> None:
    """An answer is shown with the finding; outcome, verdict and exit code stay."""
    seed = factory.seed()
    finding = of_rule(seed, "DED-001")[0]
    given_ = responses.loads(answer(finding.fingerprint, explanation="见附件", corrected_value="0.20", by="王报"), "responses.yaml")
    results, left = responses.apply(seed, given_)
    assert of_rule(results, "DED-001")[0].response == {"explanation": "见附件", "corrected_value": "0.20", "by": "王报"}
    assert left == ()
    assert results.forms[0].verdict is seed.forms[0].verdict
    assert exit_status(results, "error") == exit_status(seed, "error") == 1


def test_an_answer_without_its_finding_is_said() -> None:
    """An answer to a finding that is not there is told with its line."""
    results, left = responses.apply(factory.seed(), responses.loads(answer("f00", explanation="x"), "responses.yaml"))
    assert left == ("f00",)
    assert results.notes[0].startswith("responses.yaml:2 ")


@pytest.mark.parametrize(
    ("text", "said"),
    [("- a\n", "must be a mapping"), ("a: b\n", "must be a mapping with the keys"), ("a: {explanation: [x]}\n", "must be text"), ("a: {explain: x}\n", "did you mean"), ("a: {by: x}\na: {by: y}\n", "twice")],
)
def test_malformed_answers_are_refused(text: str, said: str) -> None:
    """A file of answers that cannot be understood ends the run with exit code 4."""
    with pytest.raises(RuleError) as caught:
        responses.loads(text, "responses.yaml")
    assert said in str(caught.value)


def test_template_reads_back_empty_and_filled() -> None:
    """The file for the unit has an entry a finding; unfilled it holds no answer, filled answers go to their findings."""
    seed = factory.seed()
    text = responses.template(seed)
    assert responses.loads(text, "r.yaml") == {}
    filled = text.replace("  explanation:\n", "  explanation: 已说明\n")
    results, left = responses.apply(seed, responses.loads(filled, "r.yaml"))
    assert left == ()
    assert all(f.response == {"explanation": "已说明"} for f in results.forms[0].findings)
    again = responses.template(results)
    assert again.count("已说明") == len(seed.forms[0].findings)


@pytest.mark.parametrize("text", [*factory.HOSTILE, 'a"b\\c'], ids=ascii)
def test_template_of_a_hostile_form_is_safe_yaml(text: str) -> None:
    """No text of a form can add an entry to the file of answers."""
    results = factory.hostile(text)
    form = results.forms[0]
    results = replace(results, forms=(replace(form, findings=tuple(replace(f, waiver=None) for f in form.findings)),))
    made = responses.template(results)
    made.encode("utf-8")
    filled = made.replace("  explanation:\n", "  explanation: x\n")
    assert set(responses.loads(filled, "r.yaml")) == {f.fingerprint for f in results.forms[0].findings}


def test_a_baseline_file_is_read_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`load` reads what was written, a byte order mark aside; larger files than allowed, and other encodings, are refused."""
    made = baseline.create(factory.seed())
    path = tmp_path / "baseline.json"
    path.write_text("\ufeff" + baseline.dumps(made), encoding="utf-8")
    assert baseline.load(path) == made
    monkeypatch.setattr(baseline, "MAX_BYTES", path.stat().st_size)
    assert baseline.load(path) == made
    monkeypatch.setattr(baseline, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(RuleError, match="larger than"):
        baseline.load(path)
    path.write_bytes(b"\xff")
    with pytest.raises(RuleError, match="not UTF-8"):
        baseline.load(path, "b.json")


@pytest.mark.parametrize(
    ("known", "now", "covered"),
    [(a, b, list(Severity).index(b) >= list(Severity).index(a)) for a in Severity for b in Severity],
)
def test_severity_may_fall_not_rise(known: Severity, now: Severity, covered: bool) -> None:
    """For each pair of severities: equal or milder stays known, harsher counts again."""
    made = baseline.create(changed(factory.seed(), "DED-001", severity=known))
    results, _ = baseline.apply(changed(factory.seed(), "DED-001", severity=now), made, POLICY)
    assert of_rule(results, "DED-001")[0].baseline == covered


def test_notes_are_in_the_language_of_the_run() -> None:
    """What changed and what is gone is said in English in an English run."""
    seed = factory.seed("en")
    results, _ = baseline.apply(without(changed(seed, "TIM-003", value_digest="x"), "DED-001"), baseline.create(seed), POLICY)
    assert [note.split(":")[0] for note in results.notes] == ["a finding of the baseline has changed and counts again", "1 finding of the baseline is gone, baseline prune takes it out"]

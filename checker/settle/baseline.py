"""The baseline: findings known on a given day, so that a gate can be switched on without stopping everything.

A baseline is written once, by hand, and only shrinks: `prune` takes out what is gone, a normal run
writes nothing. It knows findings by fingerprint and by the values they rest on: when those change, or an
undecided row turns into a failure, the finding counts again. Otherwise a known difference of a
cent could grow to a million without anybody seeing it.
"""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import RuleError
from checker.model import Finding, FormResult, Outcome, Results, Severity
from checker.settle.change import can_be_settled, changed, form_id, pairs, row_names
from checker.verdict import PolicyLine
from checker.wording import phrase

VERSION = 1
MAX_BYTES = 100_000_000

_HEAD = ("version", "as_of", "ruleset", "findings")
_TEXTS = ("fingerprint", "rule", "form", "kind", "severity", "value_digest", "row", "title")
_WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Known(Struct, frozen=True):
    """One finding of the baseline. `row` and `title` are for the person who reads the file."""

    fingerprint: str
    rule: str
    form: str
    kind: Outcome
    severity: Severity
    value_digest: str = ""
    row: str = ""
    title: str = ""


class Baseline(Struct, frozen=True):
    """The known findings, the day they were taken down and the rule set of that day."""

    as_of: str
    ruleset: str
    findings: tuple[Known, ...]


class Match(Struct, frozen=True):
    """What became of the baseline in a run: how many findings it covered, which of them changed, which are gone."""

    covered: int
    changed: tuple[Known, ...]
    gone: tuple[Known, ...]


def create(results: Results) -> Baseline:
    """Return a baseline of every finding that counts: waived ones have their waiver, engine faults are nobody's to accept."""
    found = [_known(form, finding) for form, finding in pairs(results) if finding.waiver is None and can_be_settled(finding)]
    return Baseline(results.as_of.isoformat(), results.ruleset.digest, tuple(sorted(found, key=_order)))


def prune(baseline: Baseline, results: Results) -> tuple[Baseline, tuple[Known, ...]]:
    """Return the baseline without what is gone, and what was taken out.

    Gone is a finding whose form and rule were checked in this run and that is not there any more;
    entries for other forms, and for rules that could not be run or decided, stay.
    """
    gone = set(_gone(baseline, results))
    kept = tuple(known for known in baseline.findings if known not in gone)
    return replace(baseline, findings=kept), tuple(known for known in baseline.findings if known in gone)


def apply(results: Results, baseline: Baseline, policy: tuple[PolicyLine, ...]) -> tuple[Results, Match]:
    """Mark the findings the baseline knows, decide verdicts anew, and tell in the notes what changed and what is gone."""
    known = {(entry.form, entry.fingerprint): entry for entry in baseline.findings}
    covered: set[tuple[str, str]] = set()
    worse: list[Known] = []
    for form, finding in pairs(results):
        entry = known.get((form_id(form), finding.fingerprint))
        if entry is None or not can_be_settled(finding):
            continue
        if _covers(entry, finding):
            covered.add((entry.form, entry.fingerprint))
        else:
            worse.append(entry)

    def mark(form: FormResult | None, finding: Finding) -> Finding:
        return replace(finding, baseline=True) if (form_id(form), finding.fingerprint) in covered else finding

    match = Match(len(covered), tuple(worse), _gone(baseline, results))
    marked = changed(results, mark, policy)
    return replace(marked, notes=(*marked.notes, *_notes(match, results.lang))), match


def _known(form: FormResult | None, finding: Finding) -> Known:
    names = row_names(form, finding)
    return Known(finding.fingerprint, finding.rule, form_id(form), finding.kind, finding.severity, finding.value_digest, names[0] if names else "", finding.title)


def _order(known: Known) -> tuple[str, str, str]:
    return known.form, known.rule, known.fingerprint


def _covers(entry: Known, finding: Finding) -> bool:
    if finding.kind is Outcome.FAIL and entry.kind is not Outcome.FAIL:
        return False
    return entry.value_digest == finding.value_digest and _WEIGHT[finding.severity] <= _WEIGHT[entry.severity]


def _gone(baseline: Baseline, results: Results) -> tuple[Known, ...]:
    present = {(form_id(form), finding.fingerprint) for form, finding in pairs(results)}
    outcomes = {(form.form.form_id, rule.rule): rule.outcome for form in results.forms for rule in form.rules}
    return tuple(
        entry for entry in baseline.findings if (entry.form, entry.fingerprint) not in present and _decided(entry, outcomes.get((entry.form, entry.rule)))
    )


def _decided(entry: Known, outcome: Outcome | None) -> bool:
    """Say whether a rule could tell of a finding. An undecided row has a finding of its own, so a row without one was decided.

    A finding over many rows may be gone because some of them can't be read any more: that is not decided.
    """
    if outcome in (Outcome.OPEN, Outcome.REVIEW):
        return bool(entry.row)
    return outcome in (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE)


def _notes(match: Match, lang: str) -> list[str]:
    notes = []
    for entry in match.changed:
        about = f"{entry.rule} {entry.form}{f' · {entry.row}' if entry.row else ''}"
        notes.append(f"基线中的问题数值或级别已变，重新计入：{about}" if lang == "zh" else f"a finding of the baseline has changed and counts again: {about}")
    if match.gone:
        count = len(match.gone)
        notes.append(f"基线中有 {count} 条问题已不在，可用 baseline prune 删去" if lang == "zh" else phrase("{n} {n:finding of the baseline is gone, baseline prune takes it|findings of the baseline are gone, baseline prune takes them} out", n=count))
    return notes


def dumps(baseline: Baseline) -> str:
    """Return the text of a baseline file: JSON, a finding a line, sorted, so that changes read well in version control."""
    lines = [_line(entry) for entry in baseline.findings]
    body = ",\n  ".join(lines)
    head = f'{{"version": {VERSION}, "as_of": {json.dumps(baseline.as_of)}, "ruleset": {json.dumps(baseline.ruleset)},\n "findings": ['
    return f"{head}\n  {body}\n ]}}\n" if lines else f"{head}]}}\n"


def _line(entry: Known) -> str:
    values = {key: str(getattr(entry, key)) for key in _TEXTS}
    return json.dumps(values, ensure_ascii=not all(value.isprintable() for value in values.values()))


def load(path: Path, name: str | None = None) -> Baseline:
    """Read a baseline file. Raises RuleError with every fault, also when the file is missing."""
    name = name or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes, prune it")
        return loads(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError:
        raise RuleError(f"{name}: not UTF-8, create it again with baseline create") from None
    except OSError as error:
        raise RuleError(f"{name}: cannot be read ({error.strerror or error})") from None


def loads(text: str, name: str) -> Baseline:
    """Read the text of a baseline file as `load` does."""
    try:
        root = json.loads(text)
    except json.JSONDecodeError as error:
        raise RuleError(f"{name}:{error.lineno} not JSON, create it again with baseline create") from None
    except (RecursionError, ValueError):
        raise RuleError(f"{name}: not JSON (nested too deep or a number too long)") from None
    if not isinstance(root, dict) or root.get("version") != VERSION or not isinstance(root.get("findings"), list):
        raise RuleError(f"{name}: not a baseline of version {VERSION}, create it with baseline create")
    faults = [f"{name} {key}: unknown key" for key in root if key not in _HEAD]
    faults += [f"{name} {key}: must be text" for key in ("as_of", "ruleset") if not isinstance(root.get(key), str)]
    found: dict[tuple[str, str], Known] = {}
    for number, item in enumerate(root["findings"], 1):
        entry = _entry(item, f"{name} findings[{number}]", faults)
        if entry is not None and found.setdefault((entry.form, entry.fingerprint), entry) is not entry:
            faults.append(f"{name} findings[{number}] fingerprint: written twice")
    if faults:
        raise RuleError(faults)
    return Baseline(root["as_of"], root["ruleset"], tuple(found.values()))


def _entry(item: object, where: str, faults: list[str]) -> Known | None:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in _TEXTS) or len(item) != len(_TEXTS):
        faults.append(f"{where}: must have the texts {', '.join(_TEXTS)} and nothing else")
        return None
    if item["kind"] not in list(Outcome) or item["severity"] not in list(Severity) or not item["fingerprint"]:
        faults.append(f"{where}: kind, severity or fingerprint is none of ours")
        return None
    return Known(**{**item, "kind": Outcome(item["kind"]), "severity": Severity(item["severity"])})

"""Two runs compared: what a resubmission fixed, left, changed and brought anew.

Works on findings JSON (CONTRACT section 6), so that last year's run needs neither its forms nor its
rules. Forms are matched by unit, project, year and type, never by file name; findings by
fingerprint. A finding that is gone counts as fixed only when its rule was run and could decide.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from checker.errors import ReadError

VERSION = 1
MAX_BYTES = 2_000_000_000

STATES = ("new", "reopened", "still", "accepted", "fixed", "unknown")
"""new; reopened (accepted or fixed before, back now); still; accepted (waived or in the baseline); fixed; unknown (not decided any more)."""

BESIDE = ("answered", "changed", "only_new", "only_old")
"""What is counted beside the states."""

BATCH = "batch"

_DECIDED = ("pass", "fail", "not_applicable")
_CODES = ("kind", "severity")
_TOLD = ("reported", "expected", "arithmetic")
"""What a run tells in its language."""


class Spot(Struct, frozen=True):
    """A cell of a finding: its place in words, its text, and what it is in the tables."""

    role: str
    table: str
    row: int
    field: str
    text: str
    line: int | None = None
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None


class Past(Struct, frozen=True):
    """A finding as a run wrote it down."""

    fingerprint: str
    rule: str
    severity: str
    kind: str
    title: str
    message: str
    reported: str
    expected: str
    arithmetic: str
    advice: str
    value_digest: str
    spots: tuple[Spot, ...]
    accepted: bool
    answer: Mapping[str, str]


class Sheet(Struct, frozen=True):
    """A form as a run wrote it down. `rules` gives the outcome of each rule that was run on it."""

    form_id: str
    path: str
    unit: str
    project: str
    year: str
    kind: str
    verdict: str
    findings: tuple[Past, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same form in another file."""
        parts = tuple(_plain(part) for part in (self.unit, self.project, self.year, self.kind))
        return parts if parts[0] or parts[1] else ("", self.form_id)

    @property
    def name(self) -> str:
        """How a person calls it."""
        return " ".join(part for part in (self.unit, self.project, self.year) if part) or self.form_id


class Run(Struct, frozen=True):
    """One findings JSON."""

    path: str
    as_of: str
    lang: str
    ruleset: str
    forms: tuple[Sheet, ...]
    unreadable: tuple[tuple[str, str], ...]


class Difference(Struct, frozen=True):
    """One finding in two runs. `changes` are (what, before, after); `answer` is the unit's."""

    state: str
    before: Past | None
    after: Past | None
    changes: tuple[tuple[str, str, str], ...] = ()
    new_rule: bool = False

    @property
    def shown(self) -> Past:
        """The later of the two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a difference has a finding before or after")
        return found

    @property
    def answer(self) -> Mapping[str, str]:
        """What the unit answered, empty when it did not."""
        return self.after.answer if self.after else {}


class Pair(Struct, frozen=True):
    """One form in two runs; `before` or `after` is None when it is in one of them only. `renamed`: matched though its id differs."""

    before: Sheet | None
    after: Sheet | None
    differences: tuple[Difference, ...]
    renamed: bool = False

    @property
    def sheet(self) -> Sheet:
        """The later of the two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a pair has a form before or after")
        return found


class Comparison(Struct, frozen=True):
    """Two runs, form by form."""

    old: Run
    new: Run
    pairs: tuple[Pair, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of forms that are in both runs have which state, `answered` and `changed` among still and reopened; how many are of a
        form that is in the later run only (`only_new`) or in the earlier one only (`only_old`).
        """
        tally = dict.fromkeys((*STATES, *BESIDE), 0)
        for pair in self.pairs:
            if pair.before is None or pair.after is None:
                tally["only_old" if pair.before else "only_new"] += len(pair.differences)
                continue
            for item in pair.differences:
                tally[item.state] += 1
                if item.state in ("still", "reopened"):
                    tally["answered"] += bool(item.answer)
                    tally["changed"] += bool(item.changes)
        return tally

    @property
    def worse(self) -> bool:
        """Say whether the later run has a failure the earlier one did not have."""
        return any(item.state in ("new", "reopened") and item.shown.kind in ("fail", "error") for pair in self.pairs if pair.before for item in pair.differences)


def load(path: Path, name: str | None = None) -> Run:
    """Read a findings JSON. Raises ReadError when it is none."""
    name = name or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(f"larger than {MAX_BYTES:,} bytes @ {name}, compare fewer forms at a time")
        return loads(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError:
        raise ReadError(f"not UTF-8 @ {name}, write one with checker check --report findings.json") from None
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error}) @ {name}") from None


def loads(text: str, name: str) -> Run:
    """Read the text of a findings JSON as `load` does."""
    try:
        root = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise ReadError(f"not JSON @ {name}, write one with checker check --report findings.json") from None
    if not isinstance(root, dict) or root.get("version") != VERSION or not isinstance(root.get("forms"), list):
        raise _no_findings(name)
    forms = [_sheet(item, name) for item in root["forms"]]
    batch = _findings(root.get("batch", []), name)
    if batch:
        forms.append(Sheet(BATCH, "", "", "", "", BATCH, "", batch))
    ruleset = root.get("ruleset")
    digest = _text(ruleset, "digest") if isinstance(ruleset, dict) else ""
    unreadable = tuple((_text(item, "path"), _text(item, "reason")) for item in _list(root.get("unreadable", []), name))
    return Run(name, _text(root, "as_of"), "en" if root.get("lang") == "en" else "zh", digest, tuple(forms), unreadable)


def _no_findings(name: str) -> ReadError:
    return ReadError(f"not a findings JSON of version 1 @ {name}, write one with checker check --report findings.json")


def _list(value: object, name: str) -> Sequence[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _no_findings(name)
    return value


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _number(item: Mapping[str, object], key: str) -> int | None:
    value = item.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sheet(item: object, name: str) -> Sheet:
    if not isinstance(item, dict) or not isinstance(item.get("form_id"), str):
        raise _no_findings(name)
    source = item.get("source")
    rules = {_text(rule, "rule"): _text(rule, "outcome") for rule in _list(item.get("rules", []), name)}
    absent = item.get("not_applicable", [])
    return Sheet(
        form_id=item["form_id"],
        path=_text(source, "path") if isinstance(source, dict) else "",
        unit=_text(item, "unit_name"),
        project=_text(item, "project_name"),
        year=_text(item, "fiscal_year"),
        kind=_text(item, "form_type"),
        verdict=_text(item, "verdict"),
        findings=_findings(item.get("findings", []), name),
        rules=rules,
        absent=frozenset(str(word) for word in absent) if isinstance(absent, list) else frozenset(),
    )


def _findings(value: object, name: str) -> tuple[Past, ...]:
    found = []
    for item in _list(value, name):
        if not _text(item, "fingerprint") or not _text(item, "rule"):
            raise _no_findings(name)
        answer = item.get("response")
        spots = tuple(
            Spot(
                _text(at, "role"), _text(at, "table"), _number(at, "row") or 0, _text(at, "field"), _text(at, "text"),
                _number(at, "line"), _text(at, "sheet") or None, _text(at, "cell") or None, _number(at, "page"),
            )
            for at in _list(item.get("locations", []), name)
        )  # fmt: skip
        texts = {key: _text(item, key) for key in ("fingerprint", "rule", "severity", "kind", "title", "message", "reported", "expected", "arithmetic", "advice", "value_digest")}
        found.append(
            Past(
                **texts,
                spots=spots,
                accepted=item.get("waiver") is not None or item.get("baseline") is True,
                answer={key: value for key, value in answer.items() if isinstance(value, str)} if isinstance(answer, dict) else {},
            )
        )
    return tuple(found)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def compare(old: Run, new: Run, earlier: Iterable[Run] = ()) -> Comparison:
    """Compare two runs. A finding of an `earlier` run that was gone in `old` and is back in `new` is reopened."""
    before: dict[tuple[str, ...], list[Sheet]] = {}
    for sheet in old.forms:
        before.setdefault(sheet.key, []).append(sheet)
    seen = {finding.fingerprint for run in earlier for sheet in run.forms for finding in sheet.findings}
    compared = _CODES if old.lang != new.lang else (*_CODES, *_TOLD)
    whole = {sheet.key for sheet in old.forms if sheet.kind != BATCH} <= {sheet.key for sheet in new.forms}
    pairs: list[Pair] = []
    for sheet in new.forms:
        candidates = before.get(sheet.key, [])
        match = next((other for other in candidates if other.form_id == sheet.form_id), candidates[0] if candidates else None)
        if match is not None:
            candidates.remove(match)
        pairs.append(_pair(match, sheet, seen, whole, compared))
    for sheets in before.values():
        for sheet in sheets:
            after = Sheet(BATCH, "", "", "", "", BATCH, "", ()) if sheet.kind == BATCH else None
            pairs.append(_pair(sheet, after, seen, whole, compared))
    return Comparison(old, new, tuple(pairs))


def _pair(before: Sheet | None, after: Sheet | None, seen: set[str], whole: bool, compared: Sequence[str]) -> Pair:
    renamed = before is not None and after is not None and before.form_id != after.form_id
    known: dict[object, list[Past]] = {}
    for finding in before.findings if before else ():
        known.setdefault(_identity(finding, renamed), []).append(finding)
    made: list[Difference] = []
    for finding in after.findings if after else ():
        past = known.get(_identity(finding, renamed), [])
        made.append(_difference(past.pop(0) if past else None, finding, before, seen, compared))
    made += [Difference(_gone(finding, before, after, whole), finding, None) for left in known.values() for finding in left]
    order = {state: number for number, state in enumerate(STATES)}
    return Pair(before, after, tuple(sorted(made, key=lambda item: order[item.state])), renamed)


def _identity(finding: Past, renamed: bool) -> object:
    """Fingerprints hold the form's id: when that differs, rule and place stand for it."""
    if not renamed:
        return finding.fingerprint
    places = [(at.table, at.row, at.field) for at in finding.spots if at.role == "primary"]
    return finding.rule, tuple(places) if len(places) == 1 else ()


def _difference(past: Past | None, finding: Past, before: Sheet | None, seen: set[str], compared: Sequence[str]) -> Difference:
    changes = _changes(past, finding, compared) if past else ()
    new_rule = before is not None and bool(before.rules) and finding.rule not in before.rules
    if finding.accepted:
        return Difference("accepted", past, finding, changes)
    if past is None:
        return Difference("reopened" if finding.fingerprint in seen else "new", None, finding, (), new_rule)
    return Difference("reopened" if past.accepted else "still", past, finding, changes)


def _changes(past: Past, finding: Past, compared: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    found = [(key, getattr(past, key), getattr(finding, key)) for key in compared if getattr(past, key) != getattr(finding, key)]
    if past.value_digest != finding.value_digest or found:
        cells = {(at.table, at.row, at.field): at.text for at in past.spots}
        for at in finding.spots:
            text = cells.get((at.table, at.row, at.field))
            if text is not None and text != at.text:
                found.append((f"{at.table}.{at.field}", text, at.text))
    if not found and past.value_digest != finding.value_digest:
        found.append(("value_digest", past.value_digest, finding.value_digest))
    return tuple(found)


def _gone(finding: Past, before: Sheet | None, after: Sheet | None, whole: bool) -> str:
    """Say what became of a finding that is not there any more: fixed only when its rule ran and could decide.

    A rule over the batch could decide when every form of the earlier run is in the later one (`whole`).
    """
    if after is None or before is None:
        return "unknown"
    if after.kind == BATCH:
        return "fixed" if whole else "unknown"
    outcome = after.rules.get(finding.rule)
    if outcome in ("open", "review"):
        # An undecided row has a finding of its own, so a row without one was decided; many rows at once may not be.
        places = [at for at in finding.spots if at.role == "primary"]
        return "fixed" if len(places) == 1 and places[0].table != "forms" else "unknown"
    if outcome not in _DECIDED or (outcome == "not_applicable" and after.absent - before.absent):
        return "unknown"
    return "fixed"

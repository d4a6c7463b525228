"""waivers.yaml: findings somebody has accepted, with a reason, two names and an end.

A waiver is about one rule on one row of one form, and about the value it was given for when it
names one. It holds from `approved_on` to `expires`, both days included, by the calendar of China.
Expired, lapsed, ambiguous and unused waivers are told in the notes of the results; a malformed one ends the run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import RuleError, UsageError
from checker.model import Finding, FormResult, Results, RuleInfo
from checker.settle.change import (
    BATCH,
    can_be_settled,
    changed,
    form_id,
    pairs,
    quoted,
    row_names,
    same,
    value_of,
    writable,
)
from checker.strict_yaml import Node, load_file, suggest, unknown_keys
from checker.strict_yaml import load as load_yaml
from checker.verdict import PolicyLine
from checker.wording import phrase

KEYS = ("rule", "form", "row", "fingerprint", "reason", "requested_by", "approved_by", "approved_on", "expires", "value", "value_digest")
REQUIRED = ("rule", "form", "reason", "requested_by", "approved_by", "approved_on", "expires")
LONGEST_DAYS = 366
SOON = timedelta(days=14)
SHOWN = 5
"""Waivers of other forms that are named."""


class Waiver(Struct, frozen=True):
    """One accepted finding; `place` is file:line. Without `row` and `fingerprint` it is about the form as a whole."""

    rule: str
    form: str
    reason: str
    requested_by: str
    approved_by: str
    approved_on: date
    expires: date
    row: str | None = None
    fingerprint: str | None = None
    value: str | None = None
    value_digest: str | None = None
    place: str = ""

    @property
    def target(self) -> tuple[str | None, ...]:
        """What is waived, whoever does it and until when."""
        return (self.rule, self.form, self.row, self.fingerprint)


class Use(Struct, frozen=True):
    """What became of a waiver in a run.

    `state`: used, expired, future (not yet approved on that day), lapsed (the value changed),
    ambiguous (fits several rows), unused (checked, no such finding), elsewhere (form or rule not in this run).
    """

    waiver: Waiver
    state: str
    found: bool = False


def load(
    path: Path, rules: Iterable[RuleInfo], *, name: str | None = None, longest_days: int = LONGEST_DAYS, approvers: tuple[str, ...] = ()
) -> tuple[Waiver, ...]:
    """Read a waiver file. `rules` is the whole rule set, not a selection of it.

    `longest_days` is the longest time from approval to end; `approvers`, when given, are the only
    people who may approve. Raises RuleError with every fault, `file:line key: what`.
    """
    return _read(load_file(path, name), name or str(path), rules, longest_days, approvers)


def loads(text: str, name: str, rules: Iterable[RuleInfo], *, longest_days: int = LONGEST_DAYS, approvers: tuple[str, ...] = ()) -> tuple[Waiver, ...]:
    """Read the text of a waiver file as `load` does."""
    return _read(load_yaml(text, name), name, rules, longest_days, approvers)


def _read(root: Node, name: str, rules: Iterable[RuleInfo], longest_days: int, approvers: tuple[str, ...]) -> tuple[Waiver, ...]:
    known = {rule.id: rule for rule in rules}
    faults: list[str] = []
    found: list[Waiver] = []
    by_target: dict[tuple[str | None, ...], list[Waiver]] = {}
    if isinstance(root.value, str | bool | dict):
        raise RuleError(f"{name}:{root.line} must be a list of waivers, begin each with `- rule:`")
    for node in root.items:
        waiver = _entry(node, name, known, longest_days, approvers, faults)
        if waiver is not None:
            alike = by_target.setdefault(waiver.target, [])
            faults += _overlaps(waiver, alike)
            alike.append(waiver)
            found.append(waiver)
    if faults:
        raise RuleError(faults)
    return tuple(found)


def _entry(node: Node, name: str, known: Mapping[str, RuleInfo], longest_days: int, approvers: tuple[str, ...], faults: list[str]) -> Waiver | None:
    where = f"{name}:{node.line}"
    if not isinstance(node.value, dict):
        faults.append(f"{where} must be a mapping with the keys {', '.join(REQUIRED)}")
        return None
    before = len(faults)
    faults += unknown_keys(node, KEYS, f"{name} waiver")
    texts: dict[str, str] = {}
    for key, child in node.value.items():
        if child.value is None and key == "value":
            texts[key] = ""
        elif child.text is None or (not child.text.strip() and key != "value"):
            faults.append(f"{name}:{child.line} {key}: must be a text that says something")
        else:
            texts[key] = child.text if key == "value" else child.text.strip()
    faults += [f"{where} {key}: missing" for key in REQUIRED if key not in node.value]

    def at(key: str) -> str:
        child = node.get(key)
        return f"{name}:{child.line if child else node.line} {key}"

    rule = texts.get("rule")
    if rule and rule not in known:
        faults.append(f"{at('rule')}: no rule {rule!r}{suggest(rule, sorted(known))}")
    elif rule and not known[rule].waivable:
        faults.append(f"{at('rule')}: {rule} can't be waived, the form must be corrected")
    if {"requested_by", "approved_by"} <= texts.keys() and _person(texts["requested_by"]) == _person(texts["approved_by"]):
        faults.append(f"{at('approved_by')}: {texts['approved_by']} asked for this waiver, somebody else must approve it")
    if approvers and "approved_by" in texts and _person(texts["approved_by"]) not in {_person(who) for who in approvers}:
        faults.append(f"{at('approved_by')}: {texts['approved_by']} is not among the approvers of the configuration")
    days = {key: _day(texts[key], at(key), faults) for key in ("approved_on", "expires") if key in texts}
    start, end = days.get("approved_on"), days.get("expires")
    if start and end and end < start:
        faults.append(f"{at('expires')}: {end} is before approved_on {start}")
    elif start and end and (end - start).days > longest_days:
        faults.append(f"{at('expires')}: {(end - start).days} days from approval, at most {longest_days} ({start + timedelta(days=longest_days)})")
    if len(faults) > before or start is None or end is None:
        return None
    rest = {key: value for key, value in texts.items() if key not in ("approved_on", "expires")}
    return Waiver(**rest, approved_on=start, expires=end, place=where)


def _person(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _day(text: str, where: str, faults: list[str]) -> date | None:
    try:
        if len(text) == 10 and text.isascii():
            return date.fromisoformat(text)
    except ValueError:
        pass
    faults.append(f"{where}: {text[:40]!r} is not a day, write YYYY-MM-DD")
    return None


def _overlaps(waiver: Waiver, earlier: Iterable[Waiver]) -> list[str]:
    for other in earlier:
        if waiver.approved_on <= other.expires and other.approved_on <= waiver.expires:
            return [f"{waiver.place} {waiver.rule}: the same finding is waived at {other.place} for overlapping days, keep one"]
    return []


def _fits(waiver: Waiver, form: FormResult | None, finding: Finding) -> bool:
    if waiver.rule != finding.rule or waiver.form != form_id(form) or not can_be_settled(finding):
        return False
    if waiver.fingerprint is not None:
        return waiver.fingerprint == finding.fingerprint
    names = row_names(form, finding)
    if waiver.row is None:
        return not names
    return any(same(waiver.row, name) for name in names)


def _holds(waiver: Waiver, finding: Finding) -> bool:
    if waiver.value is not None and not same(waiver.value, value_of(finding)):
        return False
    return waiver.value_digest is None or waiver.value_digest == finding.value_digest


def apply(results: Results, waivers: Iterable[Waiver], policy: tuple[PolicyLine, ...]) -> tuple[Results, tuple[Use, ...]]:
    """Mark the findings waivers cover on the day of the run, decide verdicts anew, and tell of the rest in the notes."""
    by_rule: dict[str, list[tuple[FormResult | None, Finding]]] = {}
    for form, finding in pairs(results):
        by_rule.setdefault(finding.rule, []).append((form, finding))
    covered: dict[tuple[str, str], Waiver] = {}
    uses: list[Use] = []
    for waiver in waivers:
        fitting = [(form, finding) for form, finding in by_rule.get(waiver.rule, []) if _fits(waiver, form, finding)]
        state = _state(waiver, fitting, results)
        if state == "used":
            covered[form_id(fitting[0][0]), fitting[0][1].fingerprint] = waiver
        uses.append(Use(waiver, state, bool(fitting)))

    def mark(form: FormResult | None, finding: Finding) -> Finding:
        waiver = covered.get((form_id(form), finding.fingerprint))
        return finding if waiver is None or not can_be_settled(finding) else replace(finding, waiver=_shown(waiver))

    marked = changed(results, mark, policy)
    return replace(marked, notes=(*marked.notes, *messages(uses, results.as_of, results.lang))), tuple(uses)


def _state(waiver: Waiver, fitting: list[tuple[FormResult | None, Finding]], results: Results) -> str:
    if not fitting and not _in_run(waiver, results):
        return "elsewhere"
    if results.as_of > waiver.expires:
        return "expired"
    if results.as_of < waiver.approved_on:
        return "future"
    if len(fitting) > 1:
        return "ambiguous"
    if fitting:
        return "used" if _holds(waiver, fitting[0][1]) else "lapsed"
    return "unused"


def _in_run(waiver: Waiver, results: Results) -> bool:
    """Say whether the waiver's rule was applied to its form in this run."""
    if waiver.form == BATCH:
        return any(rule.rule == waiver.rule for rule in results.batch_rules)
    return any(form.form.form_id == waiver.form and any(rule.rule == waiver.rule for rule in form.rules) for form in results.forms)


def _shown(waiver: Waiver) -> dict[str, str]:
    return {
        "reason": waiver.reason, "requested_by": waiver.requested_by, "approved_by": waiver.approved_by,
        "approved_on": waiver.approved_on.isoformat(), "until": waiver.expires.isoformat(), "place": waiver.place,
    }  # fmt: skip


_WORDS = {
    "zh": {
        "elsewhere": "{count} 条豁免所指的表或规则不在本次审核中，未用到：{places}",
        "expired": "豁免已于 {end} 到期，问题重新计入", "expired_gone": "豁免已于 {end} 到期，问题也已不在，请删去", "future": "豁免自 {start} 起才生效",
        "lapsed": "被豁免的数值已改变，豁免失效", "ambiguous": "豁免所指的行不止一处，未生效，请写明 fingerprint", "unused": "豁免没有对应的问题，请删去", "soon": "豁免将于 {end} 到期",
    },
    "en": {
        "elsewhere": "{count} {count:waiver is|waivers are} for forms or rules that are not in this run: {places}",
        "expired": "waiver expired on {end}, the finding counts again", "expired_gone": "waiver expired on {end} and the finding is gone, remove it", "future": "waiver holds from {start} only",
        "lapsed": "the waived value has changed, the waiver lapsed", "ambiguous": "waiver fits several rows and covers none, name the fingerprint", "unused": "waiver has no finding, remove it", "soon": "waiver ends on {end}",
    },
}  # fmt: skip


def messages(uses: Iterable[Use], as_of: date, lang: str) -> list[str]:
    """Return a line for every waiver somebody should look at."""
    listed = tuple(uses)
    renewed = {use.waiver.target for use in listed if use.state == "used"}
    lines = []
    elsewhere = [use.waiver.place for use in listed if use.state == "elsewhere"]
    for use in listed:
        waiver, key = use.waiver, use.state
        if key == "elsewhere" or (key == "expired" and waiver.target in renewed):
            continue
        if key == "used":
            if waiver.expires - as_of > SOON:
                continue
            key = "soon"
        elif key == "expired" and not use.found:
            key = "expired_gone"
        said = _WORDS[lang][key].format(end=waiver.expires, start=waiver.approved_on)
        lines.append(f"{waiver.place} {waiver.rule} {waiver.form}{f' · {waiver.row}' if waiver.row else ''}: {said}")
    if elsewhere:
        lines.append(phrase(_WORDS[lang]["elsewhere"], count=len(elsewhere), places=", ".join(elsewhere[:SHOWN]) + " …" * (len(elsewhere) > SHOWN)))
    return lines


def listing(waivers: Iterable[Waiver], as_of: date, lang: str) -> str:
    """Return the waivers as a table of text lines, the first to end first."""
    words = {"zh": ("有效", "已到期", "未生效"), "en": ("holds", "expired", "not yet")}[lang]
    lines = []
    for waiver in sorted(waivers, key=lambda w: (w.expires, w.rule, w.form)):
        state = words[1] if as_of > waiver.expires else words[2] if as_of < waiver.approved_on else words[0]
        row = f" · {waiver.row}" if waiver.row else ""
        lines.append(f"{waiver.expires}  {state}  {waiver.rule}  {waiver.form}{row}  {waiver.requested_by} → {waiver.approved_by}  {waiver.reason}  ({waiver.place})")
    return "\n".join(lines) + "\n" if lines else ""


def draft(results: Results, fingerprint: str, *, reason: str, requested_by: str, approved_by: str, approved_on: date, expires: date) -> Waiver:
    """Return a waiver for one finding of a run, bound to its row and value. `fingerprint` may be its first 8 characters or more.

    Raises UsageError when no finding, or more than one, fits.
    """
    fitting = [(form, finding) for form, finding in pairs(results) if len(fingerprint) >= 8 and finding.fingerprint.startswith(fingerprint)]
    if len(fitting) != 1:
        many = f"{len(fitting)} findings have" if fitting else "no finding has"
        raise UsageError(f"{many} the fingerprint {fingerprint!r} @ this run, copy the whole of it from the findings JSON")
    form, finding = fitting[0]
    names = row_names(form, finding)
    return Waiver(
        rule=finding.rule, form=form_id(form), row=names[0] if names and writable(names[0]) else None, fingerprint=finding.fingerprint, reason=reason,
        requested_by=requested_by, approved_by=approved_by, approved_on=approved_on, expires=expires,
        value=None if finding.value_digest and not writable(value_of(finding)) else value_of(finding), value_digest=finding.value_digest or None,
    )  # fmt: skip


def add(text: str, waiver: Waiver, name: str, rules: Iterable[RuleInfo], *, longest_days: int = LONGEST_DAYS, approvers: tuple[str, ...] = ()) -> str:
    """Return the text of a waiver file with one more entry; what stands there, comments too, is kept as it is.

    Raises RuleError when the file, with the entry in it, is not valid: nothing is to be written then.
    """
    known = tuple(rules)
    loads(text, name, known, longest_days=longest_days, approvers=approvers)
    kept = "" if text.strip() in ("", "[]") else text if text.endswith("\n") else text + "\n"
    indent = next((line[: len(line) - len(line.lstrip())] for line in kept.splitlines() if line.lstrip().startswith("- ")), "")
    values = {key: getattr(waiver, key) for key in KEYS}
    lines = [f"{key}: {quoted(str(value))}" for key, value in values.items() if value is not None]
    made = kept + "".join(f"{indent}{'- ' if n == 0 else '  '}{line}\n" for n, line in enumerate(lines))
    loads(made, name, known, longest_days=longest_days, approvers=approvers)
    return made

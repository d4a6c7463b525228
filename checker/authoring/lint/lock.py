"""rules.lock.json: id → version and digest of the meaning. A rule that means something else needs a new version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from checker.authoring.lint.fault import Fault, Lines, at, fault
from checker.errors import RuleError
from checker.language.nodes import canonical
from checker.rules.rule import Rule

NAME = "rules.lock.json"
MAX_BYTES = 5_000_000



class Locked(Struct, frozen=True):
    """One entry: the version and a digest of each part of the meaning, so that a finding can name what changed."""

    version: int
    parts: Mapping[str, str]


def locked(rule: Rule) -> Locked:
    """Return the entry of a rule as it stands. Spaces, names of steps and the language of field names do not count."""
    return Locked(rule.version, {part: hashlib.sha256(text.encode()).hexdigest()[:16] for part, text in meaning(rule).items()})


def meaning(rule: Rule) -> Mapping[str, str]:
    """Return what a rule decides, part by part; equal texts for equal meaning. A draft without expression has only its words."""
    return {
        "expect": canonical(rule.expect.root) if rule.expect is not None else "",
        "when": canonical(rule.when.root) if rule.when is not None else "",
        "severity": rule.severity.value,
        "severity_when": repr([(canonical(tree.root), level.value) for tree, level in rule.severity_when]),
        "params": repr(sorted((name, str(value) if not isinstance(value, tuple) else value) for name, value in rule.params.items())),
        "basis": repr([(b.document, b.clause, b.relation, b.verified) for b in rule.basis]),
        "each": rule.each,
        "forms": repr(sorted(rule.forms)),
        "on_missing": rule.on_missing.value,
        "effective": repr(rule.effective),
    }


def load(path: Path) -> Mapping[str, Locked]:
    """Read a lock file; a missing one is empty. Raises RuleError when it is not one."""
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError(f"{path}: larger than {MAX_BYTES:,} bytes")
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): Locked(int(entry["version"]), {str(k): str(v) for k, v in entry["meaning"].items()}) for name, entry in content["rules"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RuleError(f"{path}: is no lock file of rules, write it anew with rules lint --update-lock") from None


def text(entries: Mapping[str, Locked]) -> str:
    """Return the content of a lock file, rules in order of their ids."""
    rules = {name: {"version": entry.version, "meaning": dict(entry.parts)} for name, entry in sorted(entries.items())}
    return json.dumps({"version": 1, "rules": rules}, indent=1) + "\n"


def compared(rules: Sequence[Rule], entries: Mapping[str, Locked], lines: Lines, name: str, everything: bool = True) -> Iterator[Fault]:
    """Yield rules whose meaning changed under the same version, versions that fell, entries that are behind or have no rule."""
    for rule in rules:
        before, now = entries.get(rule.id), locked(rule)
        if before is None:
            yield at("L042", rule, "version", lines, {"lock": name})
        elif now.version < before.version:
            yield at("L041", rule, "version", lines, {"old": before.version, "version": now.version})
        elif now.version > before.version:
            yield at("L043", rule, "version", lines, {"lock": name, "old": before.version, "version": now.version})
        elif now.parts != before.parts:
            changed = [part for part in now.parts if now.parts.get(part) != before.parts.get(part)]
            yield at("L040", rule, "version", lines, {"parts": ", ".join(changed), "version": now.version})
    known = {rule.id for rule in rules}
    for gone in sorted(entries.keys() - known) if everything else ():
        yield fault("L044", name, 1, gone, "", {"lock": name})


def updated(rules: Sequence[Rule], entries: Mapping[str, Locked]) -> Mapping[str, Locked]:
    """Return the entries brought up to date; what changed without a new version keeps its entry, so that it stays a fault."""
    made = dict(entries)
    for rule in rules:
        before, now = entries.get(rule.id), locked(rule)
        if before is None or now.version > before.version:
            made[rule.id] = now
    return made

"""Findings as JSON (CONTRACT section 6): exact numbers, a fixed order, one finding a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TypeVar

from checker.model import Finding, FormResult, Location, Results, RuleOutcome
from checker.render import tally
from checker.render.places import unread_reason
from checker.render.tally import accepted, findings_of, outcomes, severities, verdict

VERSION = 1

Item = TypeVar("Item")

_encode = json.JSONEncoder(ensure_ascii=False, default=dict).encode
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def text(value: str) -> str:
    """Return a JSON string: readable Chinese, with controls, bidi marks and unpaired surrogates as \\u escapes."""
    return _ESCAPED.sub(_escape, encode_basestring(value))


_key = lru_cache(1 << 10)(text)
"""The names of members are the same in every form."""


def dumps(value: object) -> str:
    """Return a value as JSON on one line; a Decimal keeps its own digits and is never a float or an exponent."""
    if type(value) is str:
        return text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return text(str(value.value))
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, date):
        return text(value.isoformat())
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))}: {dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence | set | frozenset):
        items: Iterable[object] = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return "[" + ", ".join(dumps(item) for item in items) + "]"
    raise TypeError(f"no JSON for {type(value).__name__}")


def _quick(value: object) -> str:
    """Return the same text as `dumps` for values without numbers but int: texts, lists and mappings, by the C encoder."""
    return _ESCAPED.sub(_escape, _encode(value))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _location(at: Location) -> dict[str, object]:
    where = at.locator
    return {
        "role": at.role, "table": at.table, "row": at.row, "field": at.field, "text": at.text,
        "file": where.file, "sheet": where.sheet, "cell": where.cell, "page": where.page, "line": where.line,
        "column": where.column, "grid": where.table,
    }  # fmt: skip


def unread_cells(result: FormResult) -> dict[str, str]:
    """Return the cells nobody could read or accepted, named as in the normalized form, and why; what stands there where no reason was given."""
    return {f"{at.table}[{at.row}].{at.field}": unread_reason(result.form, at) for at in result.unread}


def finding(found: Finding) -> dict[str, object]:
    """Return one finding as plain values, keys in the contract's order."""
    return {
        "fingerprint": found.fingerprint, "rule": found.rule, "severity": found.severity, "kind": found.kind,
        "title": found.title, "message": found.message, "reported": found.reported, "expected": found.expected,
        "difference": found.difference, "arithmetic": found.arithmetic,
        "steps": [{"name": step.name, "text": step.text} for step in found.steps],
        "locations": [_location(at) for at in found.locations],
        "basis": list(found.basis), "advice": found.advice, "heuristic": found.heuristic, "value_digest": found.value_digest,
        "waiver": found.waiver, "baseline": found.baseline, "response": found.response,
    }  # fmt: skip


def _lines(items: Iterable[Item], indent: str, write: Callable[[Item], str] = dumps) -> str:
    body = ",\n".join(f"{indent}  {write(item)}" for item in items)
    return f"[\n{body}\n{indent}]" if body else "[]"


def _object(pairs: Iterable[tuple[str, str]], indent: str) -> str:
    return "{\n" + ",\n".join(f"{indent}  {_key(key)}: {value}" for key, value in pairs) + f"\n{indent}}}"


@lru_cache(1 << 11)
def _rule(told: RuleOutcome) -> str:
    """Return what a rule came to on one line; most rules come to the same on most forms of a batch."""
    return _quick({
        "rule": told.rule, "outcome": told.outcome, "checked": told.checked, "failed": told.failed, "open": told.open,
        "review": told.review, "not_applicable": told.not_applicable, "reason": told.reason,
    })  # fmt: skip


def form(result: FormResult) -> str:
    """Return the JSON of one form, indented as a member of `forms`."""
    filled, header = result.form, result.form.header
    source = {"path": filled.source.path, "sha256": filled.source.sha256, "format": filled.source.format, "encoding": filled.source.encoding}
    return "    " + _object(
        (
            ("form_id", dumps(filled.form_id)),
            ("source", dumps(source)),
            *((name, dumps(header.get(name))) for name in ("form_type", "layout", "title", "unit_name", "project_name", "fiscal_year")),
            ("profile", dumps(result.profile)),
            ("recognition", dumps(filled.recognition)),
            ("verdict", dumps(result.verdict)),
            ("summary", dumps({"findings": severities(result.findings), "accepted": accepted(result.findings), "unread": len(result.unread), "outcomes": outcomes([result])})),
            ("findings", _lines((finding(f) for f in result.findings), "      ", _quick)),
            ("rules", _lines(result.rules, "      ", _rule)),
            ("figures", _lines(result.figures, "      ")),
            ("corrections", _lines(result.corrections, "      ")),
            ("not_applicable", dumps(list(filled.not_applicable))),
            ("repairs", dumps(list(filled.repairs))),
            ("unread", dumps(list(filled.unread))),
            ("unread_cells", dumps(unread_cells(result))),
        ),
        "    ",
    )


def render(results: Results) -> str:
    """Return the whole run as JSON text ending in a line feed; the same results give the same bytes."""
    ruleset = results.ruleset
    worst = verdict(results)
    summary = {
        "forms": len(results.forms),
        "unreadable": len(results.unreadable),
        "verdict": worst,
        "findings": severities(findings_of(results)),
        "accepted": accepted(findings_of(results)),
        "unread": tally.unread_cells(results.forms),
        "outcomes": outcomes(results.forms),
    }
    forms = ",\n".join(form(result) for result in results.forms)
    return (
        _object(
            (
                ("version", str(VERSION)),
                ("checker", dumps(results.checker)),
                ("as_of", dumps(results.as_of)),
                ("lang", dumps(results.lang)),
                ("ruleset", dumps({"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest, "rules": len(ruleset.rules)})),
                ("summary", dumps(summary)),
                ("forms", f"[\n{forms}\n  ]" if forms else "[]"),
                ("batch", _lines((finding(f) for f in results.batch), "  ", _quick)),
                ("batch_rules", _lines(results.batch_rules, "  ", _rule)),
                ("unreadable", _lines(({"path": u.path, "reason": u.reason} for u in results.unreadable), "  ")),
                ("notes", dumps(list(results.notes))),
            ),
            "",
        )
        + "\n"
    )

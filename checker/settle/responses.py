"""responses.yaml: what the unit answers to a finding, keyed by fingerprint, shown beside it from run to run.

An answer changes neither outcome nor verdict: accepting it is the auditor's to do, by a waiver or by
a corrected form.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import RuleError
from checker.model import Finding, FormResult, Outcome, Results
from checker.settle.change import changed, comment, quoted, row_names, writable
from checker.strict_yaml import Node, load_file, unknown_keys
from checker.strict_yaml import load as load_yaml

KEYS = ("explanation", "corrected_value", "document", "by", "on")


class Response(Struct, frozen=True):
    """One answer: at least an explanation, a corrected value or a document. `place` is file:line."""

    explanation: str = ""
    corrected_value: str = ""
    document: str = ""
    by: str = ""
    on: str = ""
    place: str = ""

    @property
    def shown(self) -> Mapping[str, str]:
        """The parts that were filled in, as findings carry them."""
        return {key: getattr(self, key) for key in KEYS if getattr(self, key)}


def load(path: Path, name: str | None = None) -> Mapping[str, Response]:
    """Read a file of answers. Raises RuleError with every fault, `file:line what`."""
    return _read(load_file(path, name), name or str(path))


def loads(text: str, name: str) -> Mapping[str, Response]:
    """Read the text of a file of answers as `load` does."""
    return _read(load_yaml(text, name), name)


def _read(root: Node, name: str) -> Mapping[str, Response]:
    if root.value is None:
        return {}
    if not isinstance(root.value, dict):
        raise RuleError(f"{name}:{root.line} must be a mapping from fingerprint to answer")
    faults: list[str] = []
    found: dict[str, Response] = {}
    for fingerprint, node in root.value.items():
        if node.value is None:
            continue
        where = f"{name}:{node.line} {fingerprint[:40]}"
        if not isinstance(node.value, dict):
            faults.append(f"{where}: must be a mapping with the keys {', '.join(KEYS)}")
            continue
        faults += unknown_keys(node, KEYS, f"{name} {fingerprint[:40]}")
        texts: dict[str, str] = {}
        for key, child in node.value.items():
            if child.value is None:
                continue
            if child.text is None:
                faults.append(f"{name}:{child.line} {fingerprint[:40]}.{key}: must be text")
            elif key in KEYS:
                texts[key] = child.text.strip()
        if any(texts.get(key) for key in ("explanation", "corrected_value", "document")):
            found[fingerprint] = Response(**texts, place=f"{name}:{node.line}")
    if faults:
        raise RuleError(faults)
    return found


def apply(results: Results, responses: Mapping[str, Response]) -> tuple[Results, tuple[str, ...]]:
    """Put the answers beside their findings; return the results and the fingerprints nobody was found for.

    Answers without a finding are told in the notes.
    """
    used: set[str] = set()

    def mark(form: FormResult | None, finding: Finding) -> Finding:
        answer = responses.get(finding.fingerprint)
        if answer is None:
            return finding
        used.add(finding.fingerprint)
        return replace(finding, response=answer.shown)

    marked = changed(results, mark, None)
    left = tuple(fingerprint for fingerprint in responses if fingerprint not in used)
    said = [
        f"{responses[fingerprint].place} 答复没有对应的问题（可能已改正）：{fingerprint}" if results.lang == "zh" else f"{responses[fingerprint].place} answer without a finding (corrected by now?): {fingerprint}"
        for fingerprint in left
    ]
    return replace(marked, notes=(*marked.notes, *said)), left


def template(results: Results) -> str:
    """Return a file for the unit to fill in: an entry a finding, its text as a comment, answers empty."""
    zh = results.lang == "zh"
    lines = ["# 请逐条填写：explanation 说明，corrected_value 更正值，document 佐证材料，by 填写人，on 日期。不答的留空。" if zh else "# Fill in what applies; leave the rest empty."]
    pairs = [*((form, finding) for form in results.forms for finding in form.findings), *((None, finding) for finding in results.batch)]
    for form, finding in pairs:
        if finding.kind is Outcome.ERROR or finding.waiver is not None:
            continue
        names = row_names(form, finding)
        about = [form.form.form_id if form else "", names[0] if names else "", f"{finding.rule} {finding.title}", finding.message]
        lines += ["", *(f"# {comment(part)}" for part in about if part)]
        lines.append(f"{quoted(finding.fingerprint)}:")
        given = finding.response or {}
        lines += [f"  {key}: {quoted(given[key]) if given.get(key) and writable(given[key]) else ''}".rstrip() for key in KEYS]
    return "\n".join(lines) + "\n"

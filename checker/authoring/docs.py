"""The catalogue of rules as one HTML page, in the style of the report: no script, nothing from a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from checker import __version__
from checker.authoring.show import KINDS, OUTCOMES, SEVERITIES, given, ground, meaning, params, scope
from checker.render.labels import family_name, load
from checker.render.templates import environment
from checker.resources import template_dir
from checker.rules.profiles import Profile
from checker.rules.rule import Rule, RuleSet
from checker.strict_yaml import load_file, plain

_MARKS = {"fail": "error", "review": "review", "open": "open", "pass": "pass", "not_applicable": "not_applicable", "error": "fault"}


def catalogue(ruleset: RuleSet, profiles: Sequence[Profile], lang: str) -> str:
    """Return the page of all rules by family, in the order of their ids. The same rules give the same bytes."""
    labels = load(lang)
    words = plain(load_file(template_dir() / "rules.labels.yaml"))
    rules = [_rule(rule, profiles, lang) for rule in sorted(ruleset.rules, key=lambda rule: rule.id)]
    order = list(labels["families"])
    names = sorted({rule.family for rule in ruleset.rules}, key=lambda name: (order.index(name) if name in order else len(order), name))
    families = [{"id": name, "name": family_name(labels, name), "rules": [r for r in rules if r["family"] == name]} for name in names]
    css, css_hash = _style("report.css")
    own, own_hash = _style("rules.css")
    return environment().get_template("rules.html.j2").render(
        labels=labels,
        L=words[lang] if isinstance(words, dict) else {},
        css=css,
        css_hash=css_hash,
        own=own,
        own_hash=own_hash,
        checker=__version__,
        ruleset=ruleset,
        rules=rules,
        families=families,
        active=sum(rule.status == "active" for rule in ruleset.rules),
        draft=sum(rule.status == "draft" for rule in ruleset.rules),
    )


def _style(name: str) -> tuple[Markup, str]:
    """Return a style of ours and its source expression for the content security policy."""
    text = (template_dir() / name).read_text(encoding="utf-8").strip() + "\n"
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), Markup(f"'sha256-{digest}'")


def _rule(rule: Rule, profiles: Sequence[Profile], lang: str) -> Mapping[str, Any]:
    return {
        "id": rule.id,
        "family": rule.family,
        "title": rule.title[lang],
        "version": rule.version,
        "mark": "open" if rule.status == "draft" else rule.severity.value,
        "level": SEVERITIES[lang][rule.severity.value],
        "kind": KINDS[lang][rule.kind],
        "draft": rule.draft_reason[lang] if rule.draft_reason else "",
        "says": meaning(rule, lang),
        "scope": scope(rule, lang),
        "basis": [{"text": ground(b, lang), "verified": b.verified} for b in rule.basis],
        "advice": rule.advice[lang],
        "params": list(params(rule, profiles, lang)),
        "guards": rule.not_when,
        "verify": rule.verify,
        "examples": [{"outcome": OUTCOMES[lang][e.outcome.value], "mark": _MARKS[e.outcome.value], "given": given(rule, e, lang)} for e in rule.examples],
    }

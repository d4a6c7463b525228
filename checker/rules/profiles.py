"""rules/profiles/*.yaml: parameters that differ between jurisdictions, each with its source.

A profile may tighten freely; a value that loosens needs a reason in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import RuleError, UsageError
from checker.language import LanguageFault
from checker.model import Form
from checker.resources import rules_dir
from checker.rules import store
from checker.rules.rule import ParamValue, Rule
from checker.strict_yaml import Node, load_file, param_value, suggest, unknown_keys

KEYS = ("id", "title", "layouts", "forms", "units", "priority", "params", "notes")
PARAM_KEYS = ("value", "source", "verified", "loosens")


class Profile(Struct, frozen=True):
    """Parameters of one jurisdiction. It is chosen for forms whose layout, type and unit all fit; empty means any."""

    id: str
    title: Mapping[str, str]
    layouts: tuple[str, ...]
    forms: tuple[str, ...]
    units: tuple[str, ...]
    priority: int
    params: Mapping[str, Mapping[str, ParamValue]]


@cache
def load_profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """Read every profile, highest priority first. Raises RuleError with all faults."""
    folder = folder or rules_dir() / "profiles"
    faults: list[str] = []
    made = [_profile(load_file(path, f"rules/profiles/{path.name}", kept=True), f"rules/profiles/{path.name}", faults) for path in sorted(folder.glob("*.yaml"))]
    if faults:
        raise RuleError(faults)
    return tuple(sorted(made, key=lambda profile: (-profile.priority, profile.id)))


def _profile(node: Node, name: str, faults: list[str]) -> Profile:
    faults += unknown_keys(node, KEYS, name)
    identity = node.get("id")
    if identity is None or not identity.text:
        faults.append(f"{name}:{node.line} id: missing")
    title = node.get("title")
    params: dict[str, dict[str, ParamValue]] = {}
    wanted = node.get("params")
    for rule, values in (wanted.value if wanted and isinstance(wanted.value, dict) else {}).items():
        for param, entry in (values.value if isinstance(values.value, dict) else {}).items():
            faults += unknown_keys(entry, PARAM_KEYS, f"{name} {rule}.{param}")
            value = param_value(entry.get("value") or Node(None, entry.line))
            source = entry.get("source")
            if value is None:
                faults.append(f"{name}:{entry.line} {rule}.{param}: value is missing")
                continue
            if source is None or not source.text:
                faults.append(f"{name}:{entry.line} {rule}.{param}: a value needs its source")
            params.setdefault(rule, {})[param] = value
    order = node.get("priority")
    return Profile(
        (identity.text if identity else None) or name,
        {lang: (child.text or "") for lang in ("zh", "en") if title and (child := title.get(lang))},
        _texts(node, "layouts"),
        _texts(node, "forms"),
        _texts(node, "units"),
        int(order.text) if order and order.text and order.text.isdigit() else 0,
        params,
    )


def _texts(node: Node, key: str) -> tuple[str, ...]:
    child = node.get(key)
    return tuple(item.text for item in (child.items if child else []) if item.text)


def choose(forms: Sequence[Form], profiles: Sequence[Profile], name: str | None) -> list[Profile | None]:
    """Return the profile of each form: the named one for all, else the first that fits. Raises UsageError for an unknown name."""
    if name is not None:
        found = next((profile for profile in profiles if profile.id == name), None)
        if found is None:
            known = [profile.id for profile in profiles]
            raise UsageError(f"no profile {name!r}{suggest(name, known)}, known: {', '.join(known) or 'none'}")
        return [found] * len(forms)
    return [next((profile for profile in profiles if fits(profile, form)), None) for form in forms]


def by_profile(forms: Sequence[Form], profiles: Sequence[Profile], name: str | None) -> list[tuple[Profile | None, list[int]]]:
    """Return each profile that `choose` gives, with the positions of its forms."""
    groups: dict[str | None, tuple[Profile | None, list[int]]] = {}
    for at, profile in enumerate(choose(forms, profiles, name)):
        groups.setdefault(profile.id if profile else None, (profile, []))[1].append(at)
    return list(groups.values())


def fits(profile: Profile, form: Form) -> bool:
    """Say whether a profile is meant for a form: layout, type and a word of the unit's name."""
    header = form.header
    names = " ".join(str(header.get(key) or "") for key in ("unit_name", "supervising_department", "implementing_unit", "title"))
    return (
        (not profile.layouts or header.get("layout") in profile.layouts)
        and (not profile.forms or header.get("form_type") in profile.forms)
        and (not profile.units or any(unit in names for unit in profile.units))
    )


def with_profile(rules: Sequence[Rule], profile: Profile | None) -> tuple[Rule, ...]:
    """Return the rules with a profile's parameters. Raises RuleError for a parameter no rule has or that does not fit."""
    if profile is None:
        return tuple(rules)
    faults: list[str] = []
    changed: dict[str, Rule] = {}
    for rule in rules:
        params = profile.params.get(rule.id, {})
        faults += [f"rules/profiles/{profile.id}: {rule.id} has no parameter {name!r}{suggest(name, tuple(rule.params))}" for name in params if name not in rule.params]
        merged = {**rule.params, **{name: value for name, value in params.items() if name in rule.params}}
        if merged != rule.params:
            changed[rule.id] = replace(rule, params=merged)
    if changed and not faults:
        known = _compiled(profile.id, tuple(changed.values()), faults)
        changed = {rule.id: rule for rule in known}
    if faults:
        raise RuleError(faults)
    return tuple(changed.get(rule.id, rule) for rule in rules)


def _compiled(profile: str, rules: Sequence[Rule], faults: list[str]) -> tuple[Rule, ...]:
    """Return rules whose parameters were changed compiled anew, or as an earlier run kept them."""
    name = store.key([(profile, json.dumps(store.encoded(rules)))])
    if known := store.load(name):
        return known
    from checker.rules.reader import compiled_again

    made: list[Rule] = []
    for rule in rules:
        try:
            made.append(compiled_again(rule))
        except LanguageFault as fault:
            faults.append(f"rules/profiles/{profile}: {rule.id}: {fault}")
    return () if faults else store.keep(name, made)

"""rules/*.yaml → RuleSet. All faults of all files are reported at once, `file:line ID.key: what`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from checker.errors import RuleError
from checker.rules import store
from checker.rules.rule import Rule, RuleSet
from checker.strict_yaml import Node, load, plain

SPECIAL_FILES = ("ruleset.yaml", "policy.yaml")
MAX_FILES = 500


def load_ruleset(paths: Iterable[Path], *, root: Path | None = None) -> RuleSet:
    """Load rule files and folders. Folders are read in name order; `profiles/` and `calendars/` are not rules.

    Raises RuleError with every fault of every file; duplicate ids, unknown keys, fields or
    functions, unit mismatches and active rules without examples are faults.
    """
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise RuleError("no rule file found, give a .yaml file or a folder of them to --rules")
    faults: list[str] = []
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    digest = hashlib.sha256()
    name, version = "custom", "0"
    texts: list[tuple[str, str]] = []
    for file in files:
        shown = str(file.relative_to(root)) if root and file.is_relative_to(root) else str(file)
        try:
            text = _text(file, shown)
        except RuleError as error:
            faults += error.faults
            continue
        digest.update(text.encode())
        if file.name not in SPECIAL_FILES:
            texts.append((shown, text))
            continue
        try:
            identity = plain(load(text, shown, kept=True))
        except RuleError as error:
            faults += error.faults
            continue
        if file.name == "ruleset.yaml" and isinstance(identity, dict):
            name, version = str(identity.get("id", name)), str(identity.get("version", version))
    kept = store.key(texts)
    if not faults and (known := store.load(kept)):
        return RuleSet(name, version, f"sha256:{digest.hexdigest()}", known)
    from checker.rules.reader import read_rule

    for shown, text in texts:
        try:
            node = load(text, shown)
        except RuleError as error:
            faults += error.faults
            continue
        for item in node.items:
            rule = read_rule(item, shown, faults)
            where = f"{shown}:{item.line}"
            key = (item.get("id") or Node(None, item.line)).text or ""
            if key and key in seen:
                faults.append(f"{where} {key}.id: already used at {seen[key]}")
            seen.setdefault(key, where)
            if rule:
                rules.append(rule)
    if faults:
        raise RuleError(faults)
    if not rules:
        raise RuleError(f"{files[0]}: holds no rule")
    # Read or kept, the same: equal parts of different rules are one value, worked out once a form.
    return RuleSet(name, version, f"sha256:{digest.hexdigest()}", store.keep(kept, rules))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        try:
            found = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml") and not p.is_symlink() and p.is_file())
        except OSError as error:
            raise RuleError(f"{path}: cannot be read ({error.strerror or error})") from None
        if len(found) > MAX_FILES:
            raise RuleError(f"{path}: more than {MAX_FILES} rule files")
        return found
    if not path.exists():
        raise RuleError(f"{path}: no such rule file or folder")
    return [path]


def _text(file: Path, shown: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError(f"{shown}: not UTF-8, save it as UTF-8") from None
    except OSError as error:
        raise RuleError(f"{shown}: cannot be read ({error.strerror or error})") from None

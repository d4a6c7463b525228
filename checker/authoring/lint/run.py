"""All checks over one rule set, in a fixed order, and what they could not analyse."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from checker.authoring.lint import boundary, divisors, lock, logic, loosening, titles, words
from checker.authoring.lint.example_rows import example_rows
from checker.authoring.lint.fault import Fault, fault
from checker.errors import RuleError
from checker.faults import in_language
from checker.rules.rule import Rule
from checker.strict_yaml import Node, load_file

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+) (?:(?P<rule>[A-Z]{3}-\d{3})(?:\.(?P<key>[\w.]+))?:? ?)?(?P<what>.*)", re.DOTALL)


class Linted(Struct, frozen=True):
    """What was found, and the rules whose logic was analysed in part or not at all (id → size, draft or batch)."""

    faults: tuple[Fault, ...]
    partly: tuple[str, ...] = ()
    left_out: Mapping[str, str] | None = None

    @property
    def errors(self) -> int:
        """How many findings make the rule set invalid."""
        return sum(fault.level == "error" for fault in self.faults)


class Places(Struct, frozen=True):
    """Where keys stand in the rule files, and which rules name a successor."""

    lines: Mapping[tuple[str, str], int]
    successors: Mapping[str, str]


class Home(Struct, frozen=True):
    """A folder rules came from: its files, its rules; lock file and profiles lie beside them."""

    folder: Path
    files: tuple[Path, ...]
    rules: tuple[Rule, ...]

    @property
    def lock(self) -> Path:
        """The lock file of the folder."""
        return self.folder / lock.NAME


def homes(rules: Sequence[Rule], roots: Sequence[Path]) -> tuple[Home, ...]:
    """Return the folders of loaded rules; the files rules name are sought from the roots in turn."""
    found: dict[Path, list[tuple[Path, Rule]]] = {}
    for rule in rules:
        file = next((root / rule.file for root in roots if (root / rule.file).is_file()), None)
        if file is not None:
            found.setdefault(file.parent, []).append((file, rule))
    return tuple(Home(folder, tuple(sorted({file for file, _ in mine})), tuple(rule for _, rule in mine)) for folder, mine in found.items())


def lint(rules: Sequence[Rule], folders: Sequence[Home], everything: bool = True) -> Linted:
    """Check loaded rules. Unless they are `everything` in their folders, rules of a lock file may be missing and profiles are not looked at.

    Raises RuleError for a lock file that is none.
    """
    where = places([file for home in folders for file in home.files])
    lines = where.lines
    current = [rule for rule in rules if rule.status != "deprecated"]
    analysed = logic.analyse(current)
    contexts = example_rows([rule for rule in current if rule.expect is not None and rule.examples])
    found = [
        *words.unused(current, lines),
        *words.repeated(current, lines),
        *divisors.divisions(current, contexts, lines),
        *logic.alone(analysed, lines),
        *logic.between(analysed, lines),
        *titles.titles(current, lines),
        *(fault for home in folders for fault in lock.compared(home.rules, lock.load(home.lock), lines, f"{home.folder.name}/{lock.NAME}", everything)),
        *boundary.boundaries(analysed.conditions, contexts, lines),
        *words.in_force(rules, where.successors, lines),
        *(fault for home in folders if everything for fault in loosening.profiles(home.folder / "profiles", rules)),
    ]
    found.sort(key=lambda f: (f.file, f.line, f.code, f.key))
    return Linted(tuple(found), analysed.partly, analysed.left_out)


def refused(error: RuleError) -> Linted:
    """Return the loader's faults as findings: what the rule set cannot even be loaded for."""
    made = []
    for line in error.faults:
        place = _PLACE.fullmatch(line)
        if place is None:
            made.append(_refused(line, "", 0, "", ""))
        else:
            made.append(_refused(place["what"], place["file"], int(place["line"]), place["rule"] or "", place["key"] or ""))
    return Linted(tuple(made))


def _refused(what: str, file: str, line: int, rule: str, key: str) -> Fault:
    return fault("L000", file, line, rule, key, {"what": in_language(what, "zh")}, {"what": in_language(what, "en")})


def places(files: Sequence[Path]) -> Places:
    """Return the lines of all keys of all rules, examples counted from 0."""
    lines: dict[tuple[str, str], int] = {}
    successors: dict[str, str] = {}
    for file in files:
        for item in load_file(file).items:
            name = (item.get("id") or Node(None, 0)).text
            if name is None or not isinstance(item.value, dict):
                continue
            after = item.get("replaced_by")
            if after is not None and after.text:
                successors[name] = after.text
            _note(lines, name, "", item)
    return Places(lines, successors)


def _note(lines: dict[tuple[str, str], int], rule: str, key: str, node: Node) -> None:
    lines[rule, key] = node.line
    children: list[tuple[str, Node]] = []
    if isinstance(node.value, dict):
        children = list(node.value.items())
    elif isinstance(node.value, list) and key in ("examples", "severity_when", "basis"):
        children = [(str(number), child) for number, child in enumerate(node.value)]
    for name, child in children:
        if key.count(".") < 1:
            _note(lines, rule, f"{key}.{name}" if key else name, child)

"""YAML from strangers → plain values with their lines; everything surprising in YAML is refused.

Tags, anchors, aliases, merge keys, duplicate keys and second documents are faults: with the usual
safe loader a second `severity:` silently wins, `12:30` becomes 750 and `no` becomes false. Here
every scalar stays text except plain `null`, `~`, nothing, `true` and `false`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from checker.errors import RuleError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"null": None, "~": None, "": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line it stands on; mappings and lists hold nodes."""

    value: dict[str, Node] | list[Node] | str | bool | None
    line: int

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, None when this is no mapping or has no such key."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    @property
    def text(self) -> str | None:
        """The scalar as text; None for null, mappings and lists."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> list[Node]:
        """The nodes of a list; a single value counts as a list of one, null as none."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]


def plain(node: Node) -> object:
    """Return the value without lines: dicts, lists, text, bool, None."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def load_file(path: Path, name: str | None = None) -> Node:
    """Read one YAML file. `name` is how faults call it (default: the path as given).

    Raises RuleError with every fault found, `file:line what`, also for files that are missing,
    larger than a megabyte or not UTF-8.
    """
    name = name or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes, split it")
        return load(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError:
        raise RuleError(f"{name}: not UTF-8, save it as UTF-8") from None
    except OSError as error:
        raise RuleError(f"{name}: cannot be read ({error.strerror or error})") from None


def load(text: str, name: str) -> Node:
    """Parse one YAML document; an empty one is a null node. Raises RuleError with all faults."""
    if len(text) > MAX_BYTES:
        raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes, split it")
    faults: list[str] = []
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        root = _document(events, name, faults)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise RuleError([*faults, f"{where} {error.problem or 'not YAML'}"]) from None
    except yaml.YAMLError as error:
        raise RuleError([*faults, f"{name}: not YAML ({str(error).splitlines()[0]})"]) from None
    if faults:
        raise RuleError(faults)
    return root


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _document(events: Iterator[yaml.Event], name: str, faults: list[str]) -> Node:
    root: Node | None = None
    for event in events:
        if isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)):
            continue
        if root is not None:
            faults.append(f"{name}:{_line(event)} a second document, keep one a file")
            break
        root = _node(event, events, name, faults, 0)
    return root or Node(None, 1)


def _node(event: yaml.Event, events: Iterator[yaml.Event], name: str, faults: list[str], depth: int) -> Node:
    line = _line(event)
    if depth > MAX_DEPTH:
        raise RuleError([*faults, f"{name}:{line} nested deeper than {MAX_DEPTH}"])
    if isinstance(event, yaml.AliasEvent):
        faults.append(f"{name}:{line} alias *{event.anchor} is not allowed, write the value out")
        return Node(None, line)
    if anchor := getattr(event, "anchor", None):
        faults.append(f"{name}:{line} anchor &{anchor} is not allowed")
    if tag := getattr(event, "tag", None):
        faults.append(f"{name}:{line} tag {tag} is not allowed")
    if isinstance(event, yaml.ScalarEvent):
        word = event.value
        return Node(_WORDS[word] if event.implicit[0] and word in _WORDS else word, line)
    if isinstance(event, yaml.SequenceStartEvent):
        children = []
        for child in events:
            if isinstance(child, yaml.SequenceEndEvent):
                break
            children.append(_node(child, events, name, faults, depth + 1))
        return Node(children, line)
    return Node(_mapping(events, name, faults, depth), line)


def _mapping(events: Iterator[yaml.Event], name: str, faults: list[str], depth: int) -> dict[str, Node]:
    mapping: dict[str, Node] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        line = _line(event)
        key = _node(event, events, name, faults, depth + 1)
        value = _node(next(events), events, name, faults, depth + 1)
        if key.value in (True, False, None) and isinstance(event, yaml.ScalarEvent):
            key = Node(event.value, line)
        if not isinstance(key.value, str):
            faults.append(f"{name}:{line} a key must be text")
        elif key.value == "<<":
            faults.append(f"{name}:{line} merge key << is not allowed")
        elif key.value in mapping:
            faults.append(f"{name}:{line} {key.value}: written twice (first on line {mapping[key.value].line})")
        else:
            mapping[key.value] = value
    return mapping


def unknown_keys(node: Node, allowed: tuple[str, ...], where: str) -> list[str]:
    """Return a fault for each key outside `allowed`, with the nearest known one. `where` is `file` or `file ID`."""
    if not isinstance(node.value, dict):
        return []
    return [f"{_at(where, child.line)}.{key}: unknown key{suggest(key, allowed)}" for key, child in node.value.items() if key not in allowed]


def _at(where: str, line: int) -> str:
    file, _, rest = where.partition(" ")
    return f"{file}:{line} {rest}" if rest else f"{file}:{line} "


def suggest(word: str, known: tuple[str, ...] | list[str]) -> str:
    """Return ` (did you mean "x"?)` for the nearest known word, or nothing."""
    near = get_close_matches(word, known, 1, 0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""

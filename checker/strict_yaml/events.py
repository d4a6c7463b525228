"""YAML events → nodes, every fault named with its line."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from checker.errors import RuleError
from checker.strict_yaml.node import Node

MAX_DEPTH = 40

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"null": None, "~": None, "": None, "true": True, "false": False}


def parsed(text: str, name: str) -> Node:
    """Parse one YAML document; an empty one is a null node. Raises RuleError with all faults."""
    faults: list[str] = []
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        root = _document(events, name, faults)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise RuleError([*faults, f"{where} {f'not YAML ({error.problem})' if error.problem else 'not YAML'}"]) from None
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

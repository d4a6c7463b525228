"""YAML from strangers → plain values with their lines; everything surprising in YAML is refused.

Tags, anchors, aliases, merge keys, duplicate keys and second documents are faults: with the usual
safe loader a second `severity:` silently wins, `12:30` becomes 750 and `no` becomes false. Here
every scalar stays text except plain `null`, `~`, nothing, `true` and `false`.
"""

from __future__ import annotations

from pathlib import Path

from checker import kept as keeping
from checker.errors import RuleError
from checker.strict_yaml.node import Node, packed, param_value, plain, unpacked

MAX_BYTES = 1_000_000


def load_file(path: Path, name: str | None = None, *, kept: bool = False) -> Node:
    """Read one YAML file. `name` is how faults call it (default: the path as given).

    `kept` spares the next process the work (`checker.kept`): for files that ship with the checker, not for those of a unit.
    Raises RuleError with every fault found, `file:line what`, also for files that are missing,
    larger than a megabyte or not UTF-8.
    """
    name = name or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes, split it")
        return load(path.read_text(encoding="utf-8-sig"), name, kept=kept)
    except UnicodeDecodeError:
        raise RuleError(f"{name}: not UTF-8, save it as UTF-8") from None
    except OSError as error:
        raise RuleError(f"{name}: cannot be read ({error.strerror or error})") from None


def load(text: str, name: str, *, kept: bool = False) -> Node:
    """Parse one YAML document; an empty one is a null node. Raises RuleError with all faults."""
    if len(text) > MAX_BYTES:
        raise RuleError(f"{name}: larger than {MAX_BYTES:,} bytes, split it")

    def read() -> Node:
        from checker.strict_yaml.events import parsed

        return parsed(text, name)

    return keeping.made("nodes", text, read, packed, unpacked) if kept else read()


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
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1, 0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""


__all__ = ["MAX_BYTES", "Node", "load", "load_file", "param_value", "plain", "suggest", "unknown_keys"]

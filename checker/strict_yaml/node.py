"""A YAML value and the line it stands on."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct


class Node(Struct, frozen=True):
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


def param_value(node: Node) -> Decimal | str | tuple[str, ...] | None:
    """Read a parameter: an exact number, a text, or a list of texts; None when it is none of these."""
    if isinstance(node.value, list):
        return tuple(item.text for item in node.value if item.text is not None)
    if node.text is None:
        return None
    try:
        value = Decimal(node.text)
        return value if value.is_finite() else None
    except InvalidOperation:
        return node.text


def packed(node: Node) -> list[Any]:
    """Return a node as JSON values: its line and its value, nodes within it packed, too."""
    value = node.value
    if isinstance(value, dict):
        return [node.line, {key: packed(child) for key, child in value.items()}]
    return [node.line, [packed(child) for child in value] if isinstance(value, list) else value]


def unpacked(kept: list[Any]) -> Node:
    """Return the node that `packed` made JSON values of."""
    line, value = kept
    if isinstance(value, dict):
        return Node({key: unpacked(child) for key, child in value.items()}, line)
    return Node([unpacked(child) for child in value] if isinstance(value, list) else value, line)

"""The label of a budget line: its group, its name and what kind of line it is."""

from __future__ import annotations

import re

from checker.layouts import vocabulary
from checker.layouts.cells import label, title_key
from checker.remembered import remembered

_OF_WHICH = re.compile(r"^其中[:：、\-—－]*")
_MARK = re.compile(r"^(?:[#＃*＊]|[(（][\d一二三四五六七八九十]{1,2}[)）]|\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,2}、)")


@remembered
def split_label(text: str) -> tuple[str | None, str]:
    """Split a line's label into its group heading (资金来源, …) and the bare label."""
    bare = label(text)
    group = None
    for name in sorted(vocabulary.words("budget_labels", "groups"), key=len, reverse=True):
        if bare.startswith(name):
            group, bare = name, bare[len(name) :].lstrip(":：")
            break
    bare = _MARK.sub("", _OF_WHICH.sub("", _MARK.sub("", bare)))
    return group, bare.strip(":：;；、，,")


def role_of(name: str, group: str | None) -> str:
    """Return total, part, source or structure."""
    key = title_key(name)
    if key in vocabulary.words("budget_labels", "total") or any(
        word in key for word in vocabulary.words("budget_labels", "total_contains")
    ):
        return "total"
    if group is not None:
        return "structure" if group in vocabulary.words("budget_labels", "group_structure") else "source"
    return "structure" if key in vocabulary.words("budget_labels", "structure") else "part"


@remembered
def budget_like(name: str) -> bool:
    """True when a label is one of those that budget lines have."""
    key = title_key(name)
    return bool(key) and (
        key in vocabulary.words("budget_labels", "total")
        or key in vocabulary.words("budget_labels", "structure")
        or any(word in key for word in vocabulary.words("budget_labels", "source_contains"))
    )

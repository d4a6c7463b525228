"""Level-1 and level-2 labels → classes the rules know."""

from __future__ import annotations

from checker.values import lexicon
from checker.values.text import is_blank, letters

OTHER = "其他"


def level1_class(label: str | None) -> str | None:
    """Return 投入 产出 效益 满意度 成本 or 其他; None for a blank label."""
    return None if is_blank(label) else _class(letters(label or ""), "level1")


def level2_class(label: str | None, level1: str | None = None) -> str | None:
    """Return 数量 质量 时效 成本 经济效益 社会效益 生态效益 可持续影响 满意度 or 其他.

    A blank label takes 满意度 or 成本 from its level 1 when that says so; else None.
    """
    if is_blank(label):
        above = level1_class(level1)
        return above if above in ("满意度", "成本") else None
    return _class(letters(label or ""), "level2")


def _class(label: str, key: str) -> str:
    return next((name for name, words in lexicon.classes("levels", key) if any(word in label for word in words)), OTHER)

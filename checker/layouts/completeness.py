"""How sure a form was recognised, and what shows that a part of it is missing."""

from __future__ import annotations

from decimal import Decimal

from checker.layouts.indicators import MERGED
from checker.layouts.places import Found, Notes, Row


def doubts(
    head: Row, budget: list[Row], indicators: list[Row], absent: tuple[str, ...], known: bool, exact: bool, notes: Notes
) -> list[str]:
    """Return why recognition is weak, in words; what is missing is also told as unread."""
    found: list[str] = []
    if "title" not in head:
        found.append("没有自评表标题")
    if not known and not exact:
        found.append("不是已知版式，且有的列名只认出部分文字")
    elif not exact:
        found.append("有的列名只认出部分文字")
    if not indicators:
        found.append("没有指标部分")
        notes.unread.append("没有找到指标部分（找过：一级指标、三级指标、年度指标值、完成值等列名），表不完整")
    if not budget:
        found.append("没有预算部分")
        notes.unread.append("没有找到预算部分（找过：年初预算数、全年预算数、执行数、执行率等列名），表不完整")
    if indicators and "scores" not in absent:
        found += _totals(head, budget, indicators, absent, notes)
    read = [found_value for row in (*budget, *indicators) for name, found_value in row.items() if name in _NUMBERS]
    unread = [value for value in read if value.unread and value.value is None and MERGED not in value.unread]
    if len(unread) * 5 > len(read):
        found.append(f"{len(read)} 个数字格中有 {len(unread)} 个读不出")
    return found


_NUMBERS = frozenset({"initial", "budget", "executed", "rate", "weight", "score"})


def _totals(head: Row, budget: list[Row], indicators: list[Row], absent: tuple[str, ...], notes: Notes) -> list[str]:
    if head.get("total_score", Found(None)).value is not None:
        return []
    weights = [row["weight"].value for row in (*budget, *indicators) if "weight" in row and "part_of" not in row]
    added = sum((value for value in weights if isinstance(value, Decimal)), Decimal(0))
    if "weights" not in absent and added == 100:
        return []
    said = f"分值合计 {added}" if "weights" not in absent else "没有分值列"
    notes.unread.append(f"没有找到总分，{said}，表可能不完整")
    return ["没有总分，表可能不完整"]

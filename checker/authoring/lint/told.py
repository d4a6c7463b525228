"""The findings about the rules as text, and what was not analysed."""

from __future__ import annotations

from checker.authoring.lint.run import Linted
from checker.wording import phrase

_WORDS = {
    "zh": {
        "count": "检查了 {rules} 条规则：错误 {error}，警告 {warning}，提示 {note}",
        "partly": "逻辑只分析了一部分（非线性的部分当作未知数）{n} 条：{ids}",
        "size": "条件太多、没有分析逻辑 {n} 条：{ids}", "draft": "草稿，没有表达式 {n} 条：{ids}", "batch": "批量规则，没有表达式 {n} 条：{ids}", "note": "提示", "warning": "警告", "error": "错误",
    },
    "en": {
        "count": "{rules} {rules:rule|rules} checked: {error} {error:error|errors}, {warning} {warning:warning|warnings}, {note} {note:note|notes}",
        "partly": "logic analysed in part (what is not linear stands as unknown), {n}: {ids}",
        "size": "logic not analysed, too many alternatives, {n}: {ids}", "draft": "drafts without expression, {n}: {ids}", "batch": "batch rules without expression, {n}: {ids}",
        "note": "note", "warning": "warning", "error": "error",
    },
}  # fmt: skip


def told(found: Linted, lang: str, verbose: bool, rules: int) -> str:
    """Return the findings in the order of the files, then the counts and the rules that were not analysed."""
    words = _WORDS[lang]
    shown = [fault for fault in found.faults if verbose or fault.level != "note"]
    lines = [f"{words[fault.level]} {fault.told(lang)}" for fault in shown]
    counted = {level: sum(fault.level == level for fault in found.faults) for level in ("error", "warning", "note")}
    lines.append(phrase(words["count"], rules=rules, **counted))
    for why in ("size", "batch", "draft"):
        ids = [name for name, reason in (found.left_out or {}).items() if reason == why]
        if ids:
            lines.append(words[why].format(n=len(ids), ids=" ".join(ids)))
    if found.partly:
        lines.append(words["partly"].format(n=len(found.partly), ids=" ".join(found.partly)))
    return "\n".join(lines)

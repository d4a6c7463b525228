"""The table of changes by kind, and what nothing noticed, as text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.corrupt.run import Line, Verdict, table
from checker.fields import BY_TABLE

LISTED = 40
"""Unnoticed changes named one by one; the rest is counted."""

KIND_NAMES = {
    "zh": {
        "digit": "改一个数字", "swapped": "两个数字互换", "sign": "正负号", "point": "小数点移位", "removed": "数值删去", "copied": "照抄上一行数值",
        "above_weight": "得分高于分值", "reason": "原因删去", "late": "日期晚于时限", "text_removed": "文字删去", "text_copied": "照抄上一行文字",
    },
    "en": {
        "digit": "a digit changed", "swapped": "two digits swapped", "sign": "sign", "point": "point shifted", "removed": "figure removed", "copied": "figure of the row above",
        "above_weight": "score above weight", "reason": "reason removed", "late": "date after the deadline", "text_removed": "text removed", "text_copied": "text of the row above",
    },
}  # fmt: skip
_WORDS = {
    "zh": {"head": ("改动", "次数", "发现", "占比", "等式覆盖的", "其中发现", "占比", "舍入掩盖"), "unclean": "表本身不干净：{path} {rule}（{severity}）", "unnoticed": "没有发现的（{n}）：", "removed": "删去", "more": "……另 {n} 处"},
    "en": {"head": ("change", "tried", "noticed", "share", "under an equation", "noticed", "share", "hidden by rounding"), "unclean": "not clean itself: {path} {rule} ({severity})", "unnoticed": "not noticed ({n}):", "removed": "removed", "more": "… and {n} more"},
}  # fmt: skip


def told(verdicts: Sequence[Verdict], unclean: Sequence[tuple[str, str, str]], lang: str) -> str:
    """Return the table, faults of the clean forms themselves, and the changes that nothing noticed."""
    words = _WORDS[lang]
    lines = [str(words["unclean"]).format(path=path, rule=rule, severity=severity) for path, rule, severity in unclean]
    lines += ["\t".join(words["head"]), *(_line(line, lang) for line in table(verdicts))]
    left = [v for v in verdicts if not v.noticed and not v.hidden]
    if left:
        lines += ["", str(words["unnoticed"]).format(n=len(left))]
        lines += [_unnoticed(v, lang) for v in sorted(left, key=lambda v: not v.covered)[:LISTED]]
        if len(left) > LISTED:
            lines.append(str(words["more"]).format(n=len(left) - LISTED))
    return "\n".join(lines)


def _line(line: Line, lang: str) -> str:
    return "\t".join((KIND_NAMES[lang][line.kind], str(line.tried), str(line.noticed), percent(line.noticed, line.tried), str(line.covered), str(line.covered_noticed), percent(line.covered_noticed, line.covered), str(line.hidden)))


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal, cut off so that 100.0 % means all; a dash of nothing."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else "—"


def _unnoticed(verdict: Verdict, lang: str) -> str:
    change = verdict.change
    name, row, column = change.cell
    field = BY_TABLE[name][column].zh[0] if lang == "zh" else column
    mark = "*" if verdict.covered else " "
    return f"{mark} {verdict.name} {name} {row} {field}：{KIND_NAMES[lang][change.kind]} {change.old} → {_WORDS[lang]['removed'] if change.new is None else change.new}"

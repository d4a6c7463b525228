"""The table of changes by kind, and what nothing noticed, as text."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from checker.authoring.corrupt.run import Line, Verdict, table
from checker.fields import BY_TABLE

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
_HEAD = {
    "zh": ("改动", "次数", "发现", "占比", "等式覆盖的", "其中发现", "占比", "舍入掩盖"),
    "en": ("change", "tried", "noticed", "share", "under an equation", "noticed", "share", "hidden by rounding"),
}
_WORDS = {
    "zh": {"unclean": "表本身不干净：{path} {rule}（{severity}）", "unnoticed": "没有发现的（{n}），* 为等式覆盖的：", "removed": "删去", "example": "例如第 {row} 行 {old} → {new}"},
    "en": {"unclean": "not clean itself: {path} {rule} ({severity})", "unnoticed": "not noticed ({n}), * under an equation:", "removed": "removed", "example": "such as row {row}: {old} → {new}"},
}  # fmt: skip


def told(verdicts: Sequence[Verdict], unclean: Sequence[tuple[str, str, str]], lang: str) -> str:
    """Return the table, faults of the clean forms themselves, and the changes that nothing noticed."""
    words = _WORDS[lang]
    lines = [words["unclean"].format(path=path, rule=rule, severity=severity) for path, rule, severity in unclean]
    lines += _aligned([_HEAD[lang], *(_line(line, lang) for line in table(verdicts))])
    left = [v for v in verdicts if not v.noticed and not v.hidden]
    if left:
        lines += ["", words["unnoticed"].format(n=len(left)), *_groups(left, lang)]
    return "\n".join(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows with their columns one below the other; a Han character is two wide."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    made = []
    for row in rows:
        gaps = [" " * (width - _width(cell)) for width, cell in zip(widths, row, strict=True)]
        made.append("  ".join(f"{cell}{gap}" if i == 0 else f"{gap}{cell}" for i, (cell, gap) in enumerate(zip(row, gaps, strict=True))))
    return made


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _groups(left: Sequence[Verdict], lang: str) -> list[str]:
    """Return the unnoticed changes by file, field and kind, each with an example; those under an equation first."""
    groups: dict[tuple[bool, str, str, str, str], list[Verdict]] = {}
    for verdict in left:
        table_name, _, column = verdict.change.cell
        groups.setdefault((not verdict.covered, verdict.name, table_name, column, verdict.change.kind), []).append(verdict)
    lines = []
    for (uncovered, name, table_name, column, kind), mine in sorted(groups.items(), key=lambda item: item[0][:1]):
        change = mine[0].change
        field = BY_TABLE[table_name][column].zh[0] if lang == "zh" else column.replace("_", " ")
        new = _WORDS[lang]["removed"] if change.new is None else change.new
        example = _WORDS[lang]["example"].format(row=change.cell[1], old=change.old, new=new)
        lines.append(f"{' ' if uncovered else '*'} {name}  {field}  {KIND_NAMES[lang][kind]} × {len(mine)}  {example}")
    return lines


def _line(line: Line, lang: str) -> tuple[str, ...]:
    shares = percent(line.noticed, line.tried), percent(line.covered_noticed, line.covered)
    return KIND_NAMES[lang][line.kind], str(line.tried), str(line.noticed), shares[0], str(line.covered), str(line.covered_noticed), shares[1], str(line.hidden)


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal, cut off so that 100.0 % means all; a dash of nothing."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else "—"


"""Wordings of the language in Chinese and English: one row a construct. `{0}`, `{1}` … are its operands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.fields import BY_TABLE
from checker.language.names import TABLE_NAMES
from checker.language.nodes import Call, Let, Node, Ref

Pair = tuple[str, str]

SENTENCES: Mapping[str, Pair] = {
    "eq": ("{0}等于{1}", "{0} equals {1}"),
    "ne": ("{0}不等于{1}", "{0} differs from {1}"),
    "lt": ("{0}小于{1}", "{0} is less than {1}"),
    "le": ("{0}不大于{1}", "{0} is at most {1}"),
    "gt": ("{0}大于{1}", "{0} is more than {1}"),
    "ge": ("{0}不小于{1}", "{0} is at least {1}"),
    "eq text": ("{0}为{1}", "{0} is {1}"),
    "ne text": ("{0}不为{1}", "{0} is not {1}"),
    "lt date": ("{0}早于{1}", "{0} is before {1}"),
    "le date": ("{0}不晚于{1}", "{0} is no later than {1}"),
    "gt date": ("{0}晚于{1}", "{0} is after {1}"),
    "ge date": ("{0}不早于{1}", "{0} is no earlier than {1}"),
    "in": ("{0}是{1}之一", "{0} is one of {1}"),
    "not in": ("{0}不是{1}之一", "{0} is none of {1}"),
    "not": ("并非（{0}）", "not ({0})"),
    "not field": ("“{0}”不成立", "“{0}” does not hold"),
    "if": ("若{0}则{1}，否则{2}", "{1} if {0}, else {2}"),
    "round_half_up": ("{0}四舍五入到{1}位小数", "{0} rounded half up to {1} d.p."),
    "round_half_even": ("{0}五成双修约到{1}位小数", "{0} rounded half to even to {1} d.p."),
    "truncate": ("{0}截断到{1}位小数", "{0} cut off at {1} d.p."),
    "round_half_up digits": ("{0}四舍五入到{1}", "{0} rounded half up to {1}"),
    "round_half_even digits": ("{0}五成双修约到{1}", "{0} rounded half to even to {1}"),
    "truncate digits": ("{0}截断到{1}", "{0} cut off at {1}"),
    "abs": ("|{0}|", "|{0}|"),
    "least": ("({*}中的较小者)", "(the lesser of {*})"),
    "greatest": ("({*}中的较大者)", "(the greater of {*})"),
    "percent": ("{0}（以百分数计）", "{0} as a percentage"),
    "share": ("{0}（以小数计）", "{0} as a fraction"),
    "digits": ("{0}的小数位数", "the printed decimals of {0}"),
    "ratio_matches": ("{2}与{0} ÷ {1}相符（四舍五入、五成双或截断）", "{2} agrees with {0} ÷ {1} (half up, half even or cut off)"),
    "rounding_fits": ("{2}等于{0} ÷ {1}（{3}）", "{2} equals {0} ÷ {1} ({3})"),
    "product_matches": ("{3}与{0} ÷ {1} × {2}相符（相差不超过 0.01）", "{3} agrees with {0} ÷ {1} × {2} (within 0.01)"),
    "slack": ("{0}的舍入容差", "the rounding tolerance of {0}"),
    "filled": ("{0}已填", "{0} is filled"),
    "missing": ("{0}未填", "{0} is not filled"),
    "blank": ("{0}没有实义文字", "{0} has no words"),
    "not blank": ("{0}有实义文字", "{0} has words"),
    "length": ("{0}的字数", "the length of {0}"),
    "contains": ("{0}含{1}", "{0} contains {1}"),
    "not contains": ("{0}不含{1}", "{0} does not contain {1}"),
    "starts_with": ("{0}以{1}开头", "{0} starts with {1}"),
    "not starts_with": ("{0}不以{1}开头", "{0} does not start with {1}"),
    "ends_with": ("{0}以{1}结尾", "{0} ends with {1}"),
    "not ends_with": ("{0}不以{1}结尾", "{0} does not end with {1}"),
    "matches": ("{0}符合模式{1}", "{0} matches the pattern {1}"),
    "not matches": ("{0}不符合模式{1}", "{0} does not match the pattern {1}"),
    "coalesce": ("({*}中首个有值者)", "(the first filled of {*})"),
    "coalesce constant": ("{0}（无则取 {1}）", "{0} ({1} if none)"),
    "and filled": ("{*}均已填", "{*} are all filled"),
    "or filled": ("{*}至少一项已填", "at least one of {*} is filled"),
    "and missing": ("{*}均未填", "none of {*} is filled"),
    "or missing": ("{*}至少一项未填", "not all of {*} are filled"),
    "number_in": ("{0}中模式{1}所取的数", "the number in {0} by the pattern {1}"),
    "days": ("{1}到{0}的天数", "the days from {1} to {0}"),
    "year": ("{0}的年份", "the year of {0}"),
    "total": ("{rows}{0}合计", "the total {0} of {rows}"),
    "known_total": ("{rows}已知{0}合计", "the total known {0} of {rows}"),
    "lowest": ("{rows}{0}的最小值", "the lowest {0} of {rows}"),
    "highest": ("{rows}{0}的最大值", "the highest {0} of {rows}"),
    "count": ("{0}的{rows}数", "the number of {rows} where {0}"),
    "known_count": ("已知{0}的{rows}数", "the number of {rows} known where {0}"),
    "count_missing": ("{rows}{0}缺失的个数", "the number of {rows} without {0}"),
    "rows": ("{rows}数", "the number of {rows}"),
    "distinct": ("{rows}不同{0}的个数", "the number of different {0} of {rows}"),
    "all_of": ("每个{rows}都满足：{0}", "each of the {rows}: {0}"),
    "any_of": ("至少一个{rows}满足：{0}", "at least one of the {rows}: {0}"),
    "not all_of": ("并非每个{rows}都满足：{0}", "not each of the {rows}: {0}"),
    "not any_of": ("没有{rows}满足：{0}", "none of the {rows}: {0}"),
    "only": ("唯一的{rows}的{0}", "the {0} of the only one of the {rows}"),
}

TEXTS: Mapping[str, Pair] = {
    "and": ("，且", " and "),
    "or": ("，或", " or "),
    "list": ("、", ", "),
    "steps": ("；", "; "),
    "gap": ("，", ", "),
    "difference": ("，相差 {0}", ", difference {0}"),
    "points": ("{0} 个百分点", "{0} percentage points"),
    "parameter": ("参数 {0} ", "parameter {0}"),
    "is": ("{0}为{1}", "{0} is {1}"),
    "is not": ("{0}为{1}，不是{2}", "{0} is {1}, not {2}"),
    "is none": ("{0}为{1}，不是{2}之一", "{0} is {1}, none of {2}"),
    "days": ("{0} 天", "{0} days"),
    "after": ("晚于", "after"),
    "before": ("早于", "before"),
    "true": ("{0}：是", "{0}: yes"),
    "false": ("{0}：否", "{0}: no"),
    "blank": ("{0}未填", "{0} is blank"),
    "none": ("没有{0}", "there is no {0}"),
    "unread": ("{0}无法识别", "{0} cannot be read"),
    "division by zero": ("除数为 0", "the divisor is 0"),
    "no number": ("文中没有所要的数", "the text does not have the number asked for"),
    "digits": ("小数位数超过 6 位", "more than 6 printed decimals"),
    "no rows": ("没有符合条件的{0}", "no row of {0} fits"),
    "several rows": ("符合条件的{0}不止一行", "several rows of {0} fit"),
    "stated": ("填报 {0}", "stated {0}"),
    "half_up": ("四舍五入", "half up"),
    "half_even": ("五成双", "half even"),
    "truncate": ("截断", "cut off"),
    "places": ("{0} → {1}（{2}，{3} 位小数）", "{0} → {1} ({2}, {3} d.p.)"),
    "many": ("Σ{0}（{1} 项）", "Σ {0} ({1} rows)"),
    "known": ("Σ已知{0}（{1} 项，共 {2} 项）", "Σ known {0} ({1} of {2} rows)"),
    "of": ("{0} 项（共 {1} 项）", "{0} of {1} rows"),
    "where": ("{0}的{1}", "{1} where {0}"),
    "as_of": ("检查日", "the date of the check"),
    "lowest": ("{0}最小 {1}", "lowest {0} {1}"),
    "highest": ("{0}最大 {1}", "highest {0} {1}"),
    "rows": ("{0} {1} 行", "{0}: {1}"),
    "different": ("不同的{0}", "different {0}"),
    "slack": ("½ × 10⁻{0} × ({1} + 1) = {2}", "½ × 10⁻{0} × ({1} + 1) = {2}"),
    "slack none": ("金额以元计，容差 0", "amounts in yuan, no tolerance"),
}

_CODES: Mapping[str, Mapping[str, str]] = {
    "form_type": {"department": "部门整体", "project": "项目支出", "transfer": "转移支付", "other": "其他"},
    "role": {"total": "合计", "part": "分项", "source": "来源", "structure": "结构"},
    "kind": {"quantity": "定量", "quality": "定性", "timeliness": "时效", "text": "全文", "passage": "段落"},
    "direction": {"higher": "不低于", "lower": "不高于", "equal": "等于", "range": "区间"},
    "comparator": {"written": "已写", "implied": "可推定", "missing": "缺少", "doubled": "重复"},
    "actual_source": {"actual": "完成值栏", "reason": "原因栏"},
    "status": {"both": "两边都有", "renamed": "改名", "added": "新增", "removed": "删去"},
    "column": {"goal_planned": "年初目标", "goal_actual": "完成情况", "reason": "偏差原因", "actual": "完成值"},
    "deadline_kind": {
        "none": "无时限", "point": "时点", "window": "时段", "recurring": "周期", "duration": "时长", "event": "随事件",
        "external": "见其他文件", "rate": "及时率",
    },
}  # fmt: skip
"""What the codes of readings and roles are called in Chinese; others are shown as they are."""

_ROWS: Mapping[str, Pair] = {
    "forms": ("自评表", "form"),
    "budget_lines": ("第 {0} 行资金", "budget line {0}"),
    "indicator_groups": ("第 {0} 个指标组", "group {0}"),
    "indicators": ("第 {0} 个指标", "indicator {0}"),
}
_TABLES_EN = {"forms": "form", "budget_lines": "budget lines", "indicator_groups": "groups", "indicators": "indicators"}


def text(key: str, lang: str, *parts: object) -> str:
    """Return the wording of a piece of arithmetic."""
    return TEXTS[key][lang != "zh"].format(*parts)


def sentence_of(key: str, lang: str) -> str | None:
    """Return the pattern of a construct, None when it has none of its own."""
    pair = SENTENCES.get(key)
    return pair[lang != "zh"] if pair else None


def field_name(ref: Ref | tuple[str, str], lang: str) -> str:
    """Return a field as a person calls it."""
    table, name = (ref.table, ref.name) if isinstance(ref, Ref) else ref
    if not table:
        return text("as_of", lang)
    entry = BY_TABLE[table].get(name)
    if lang == "zh" and entry is not None:
        return entry.zh[0]
    return re.sub(r"(?<=[a-z])(?=\d)", " ", name.replace("_", " "))


def table_name(table: str, lang: str) -> str:
    """Return the rows of a table as a person calls them."""
    return TABLE_NAMES[table][0] if lang == "zh" else _TABLES_EN[table]


def coded(node: Node) -> Ref | None:
    """Return the field whose code a node gives, by a named step or with a stand-in for what is missing too."""
    match node:
        case Ref():
            return node
        case Let():
            return coded(node.tree.root)
        case Call(name="coalesce", args=(first, *_)):
            return coded(first)
    return None


def code(node: Node, value: str, lang: str) -> str:
    """Return the word for a code of a field, the text itself when it is none."""
    field = coded(node) if lang == "zh" else None
    return _CODES.get(field.name, {}).get(value, value) if field else value


def row_name(table: str, row: object, lang: str) -> str:
    """Return a child row as a person calls it: 第 2 个指标."""
    return _ROWS.get(table, ("第 {0} 行", "row {0}"))[lang != "zh"].format(row)

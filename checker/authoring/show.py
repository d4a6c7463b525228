"""One rule whole, for a person: what it says, since when, on what ground, with which examples, and how it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.fields import BY_TABLE, TABLES
from checker.language import Tree, sentence
from checker.language.nodes import Ref
from checker.language.phrases import code
from checker.language.sentences import spaced
from checker.model import Basis
from checker.render.shown import pad, width
from checker.rules.profiles import Profile
from checker.rules.rule import Example, ParamValue, Rule
from checker.wording import agreed

FORMS = {
    "zh": {"department": "部门整体", "project": "项目支出", "transfer": "转移支付", "other": "其他"},
    "en": {"department": "department", "project": "project", "transfer": "transfer", "other": "other"},
}
GRAINS = {
    "zh": {"forms": "每张表", "budget_lines": "每行资金", "indicator_groups": "每个指标组", "indicators": "每个指标", "batch": "整批表"},
    "en": {"forms": "each form", "budget_lines": "each budget line", "indicator_groups": "each indicator group", "indicators": "each indicator", "batch": "a batch of forms"},
}
OUTCOMES = {
    "zh": {"pass": "通过", "fail": "不通过", "open": "未定", "review": "待人工", "not_applicable": "不适用", "error": "出错"},
    "en": {"pass": "pass", "fail": "fail", "open": "open", "review": "review", "not_applicable": "not applicable", "error": "error"},
}
KINDS = {
    "zh": {"deterministic": "确定性", "parametric": "按参数", "heuristic": "启发式（只提问）"},
    "en": {"deterministic": "deterministic", "parametric": "parametric", "heuristic": "heuristic (only asks)"},
}
SEVERITIES = {"zh": {"error": "错误", "warning": "警告", "note": "提示"}, "en": {"error": "error", "warning": "warning", "note": "note"}}
STATUSES = {"zh": {"active": "启用", "draft": "草稿", "deprecated": "停用"}, "en": {"active": "active", "draft": "draft", "deprecated": "deprecated"}}

_WORDS = {
    "zh": {
        "says": "含义", "scope": "适用", "from": "{0} 年起", "to": "至 {0} 年", "version": "版本 {0}", "draft": "草稿原因", "steps": "步骤", "levels": "级别另定",
        "message": "提示语", "advice": "建议", "basis": "依据", "unverified": "条款待核", "params": "参数", "default": "默认", "guards": "不误报",
        "verify": "核实步骤", "examples": "示例", "query": "查询（Polars）", "stands": "出处", "rows": "涉及的行",
    },
    "en": {
        "says": "says", "scope": "scope", "from": "from {0}", "to": "to {0}", "version": "version {0}", "draft": "draft because", "steps": "steps", "levels": "other severity",
        "message": "message", "advice": "advice", "basis": "basis", "unverified": "clause not checked", "params": "parameters", "default": "default", "guards": "guards",
        "verify": "to verify", "examples": "examples", "query": "query (Polars)", "stands": "file", "rows": "rows shown",
    },
}  # fmt: skip


def listing(rules: Sequence[Rule], lang: str) -> str:
    """Return a line a rule, in columns: id, status, severity, grain, title."""
    rows = [(rule.id, STATUSES[lang][rule.status], SEVERITIES[lang][rule.severity.value], grain(rule.each, lang), rule.title[lang]) for rule in rules]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)][:-1]
    return "\n".join("  ".join([*map(pad, row, widths), row[-1]]) for row in rows)


def meaning(rule: Rule, lang: str) -> str:
    """Return the sentence of a rule from its expressions: when it applies and what must hold; "" for a draft without one."""
    if rule.expect is None:
        return ""
    wanted = sentence(rule.expect, lang)
    if rule.when is None:
        return f"要求：{wanted}。" if lang == "zh" else f"Required: {wanted}."
    when = sentence(rule.when, lang)
    return spaced(f"当{when}时，要求：{wanted}。", lang) if lang == "zh" else f"When {when}, required: {wanted}."


def scope(rule: Rule, lang: str) -> str:
    """Return to which forms, rows and years a rule applies."""
    words = _WORDS[lang]
    first, last = rule.effective
    years = [words["from"].format(first)] if first is not None else []
    years += [words["to"].format(last)] if last is not None else []
    mark = "、" if lang == "zh" else ", "
    return " · ".join((mark.join(FORMS[lang][form] for form in rule.forms), grain(rule.each, lang), *years))


def grain(table: str, lang: str) -> str:
    """Return what one outcome is about: each form, each indicator …, or one comparison between forms."""
    return GRAINS[lang].get(table) or (f"批内比对（{table}）" if lang == "zh" else f"each comparison between forms ({table})")


def ground(basis: Basis, lang: str) -> str:
    """Return a document behind a rule in one line; how it stands to the rule is said unless the rule rests on it."""
    return " ".join(filter(None, (basis.document, basis.clause, None if basis.relation == "依据" else basis.relation_in(lang))))


def params(rule: Rule, profiles: Sequence[Profile], lang: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield (parameter, default, [(profile, its value)]) of a rule."""
    for name, value in rule.params.items():
        others = [(profile, profile.params.get(rule.id, {}).get(name)) for profile in sorted(profiles, key=lambda p: p.id)]
        yield name, shown(value), [(f"{profile.id} {profile.title.get(lang, '')}".strip(), shown(other)) for profile, other in others if other is not None]


def shown(value: ParamValue) -> str:
    """Return a parameter as a person writes it."""
    return "、".join(value) if isinstance(value, tuple) else str(value)


def given(rule: Rule, example: Example, lang: str) -> str:
    """Return the row of an example in one line, fields by the names of the language."""
    return _row(rule.each, example.given, lang)


def _row(table: str, row: Mapping[str, object], lang: str) -> str:
    def side(name: str) -> str:
        return name if name in TABLES else table

    parts = [f"{_name(table, name, lang)} {_value(side(name), name, value, lang)}" for name, value in row.items()]
    return ("，" if lang == "zh" else ", ").join(parts) or "—"


def _name(table: str, name: str, lang: str) -> str:
    words = {"forms": "表头", "budget_lines": "资金", "indicators": "指标", "indicator_groups": "指标组", "unread": "读不出", "not_applicable": "版式没有", "events": "佐证", "recognition": "识别"}
    if name in words and (name not in BY_TABLE.get(table, {}) or name in TABLES):
        return words[name] if lang == "zh" else name.replace("_", " ")
    field = BY_TABLE.get(table, {}).get(name)
    return field.zh[0] if field is not None and lang == "zh" else name.replace("_", " ")


def _value(table: str, name: str, value: object, lang: str) -> str:
    if value is None:
        return "空" if lang == "zh" else "blank"
    if isinstance(value, Mapping):
        return _bracketed(_row(table, value, lang), lang)
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(_listed(table, item, lang) for item in value)
    field = BY_TABLE.get(table, {}).get(name)
    text = str(value)
    if field is not None and code(Ref(table, name, field.unit), text, lang) != text:
        return code(Ref(table, name, field.unit), text, lang)
    return f"“{text}”" if field is not None and field.unit == "text" and name not in ("role",) else text


def _bracketed(text: str, lang: str) -> str:
    return f"〔{text}〕" if lang == "zh" else f"[{text}]"


def _aside(text: str, lang: str) -> str:
    return f"（{text}）" if lang == "zh" else f" ({text})"


def _listed(table: str, item: object, lang: str) -> str:
    if isinstance(item, Mapping):
        return _bracketed(_row(table, item, lang), lang)
    field = BY_TABLE.get(table, {}).get(str(item))
    return field.zh[0] if field is not None and lang == "zh" else str(item)


def query(tree: Tree, key: str) -> list[str]:
    """Return the compiled query of an expression: figures over child rows first, then the column itself."""
    from checker.language.plans import outputs

    searches = [tree.compiled.searches, *(figure.searches for figure in tree.compiled.figures)]
    lines = [f"{search.table} → {search.made}" for some in searches for search in some.values()]
    for figure in tree.compiled.figures:
        lines.append(f"{figure.table}{' by group' if figure.by_group else ''} → {figure.id}")
        for layer, exprs in (("rows", figure.rows), ("sums", figure.sums), ("result", (figure.result,))):
            lines += [f"    {layer}: {expr}" for expr in exprs]
    return [*lines, *(str(expr) for expr in outputs(key, tree))]


def show(rule: Rule, profiles: Sequence[Profile], lang: str) -> str:
    """Return a rule whole as text, in the sections of the page."""
    words = _WORDS[lang]
    mark = "：" if lang == "zh" else ": "
    out = [f"{rule.id}  {rule.title[lang]}", f"  {rule.title['en' if lang == 'zh' else 'zh']}", ""]
    out += [" · ".join((STATUSES[lang][rule.status], SEVERITIES[lang][rule.severity.value], KINDS[lang][rule.kind], words["version"].format(rule.version)))]
    out += [f"{words['scope']}{mark}{scope(rule, lang)}", f"{words['stands']}{mark}{rule.file}:{rule.line}"]
    if rule.draft_reason:
        out += [f"{words['draft']}{mark}{rule.draft_reason[lang]}"]
    out += [f"{words['says']}{mark}{meaning(rule, one)}" for one in (lang, "en" if lang == "zh" else "zh") if meaning(rule, one)]
    sections: list[tuple[str, list[str]]] = [
        ("steps", [f"{name} = {sentence(tree, lang)}" for name, tree in rule.let.items()]),
        ("levels", [f"{SEVERITIES[lang][level.value]}{mark}{sentence(tree, lang)}" for tree, level in rule.severity_when]),
        ("message", [agreed(rule.message[lang], str)] if rule.message[lang] else []),
        ("advice", [rule.advice[lang]] if rule.advice[lang] else []),
        ("basis", [ground(b, lang) + ("" if b.verified else _aside(words["unverified"], lang)) for b in rule.basis]),
        ("params", [f"{name} = {default}{_aside(words['default'], lang)}" + "".join(f"\n      {who}{mark}{value}" for who, value in by) for name, default, by in params(rule, profiles, lang)]),
        ("guards", list(rule.not_when)),
        ("verify", list(rule.verify)),
        ("examples", [f"{OUTCOMES[lang][e.outcome.value]}{mark}{e.name + ' ' if e.name else ''}{given(rule, e, lang)}" for e in rule.examples]),
        ("query", [line for key, tree in (("when", rule.when), ("expect", rule.expect)) if tree is not None for line in query(tree, key)]),
    ]
    for name, lines in sections:
        if lines:
            out += ["", words[name], *(f"  {line}" for line in lines)]
    return "\n".join(out)

"""For a person: how a form was recognised, how its columns were read, what was repaired, what was left."""

from __future__ import annotations

from checker.layouts.families import described
from checker.layouts.messages import english
from checker.model import Form
from checker.wording import phrase

_WORDS = {
    "zh": {
        "form": "表", "strong": "识别可靠", "weak": "识别不确定：结论最多为“人工复核”", "how": "识别依据与各列读法", "absent": "版式没有的内容",
        "repaired": "修正与推定", "left": "没有读出的内容", "none": "无", "stop": "；", "colon": "：", "counts": "资金 {budget} 行，指标 {indicators} 行，指标组 {groups} 个",
    },
    "en": {
        "form": "Form", "strong": "recognised for certain", "weak": "recognised in part: the verdict is “review” at best",
        "how": "How it was recognised and its columns were read", "absent": "What the layout does not have", "repaired": "Repaired or assumed",
        "left": "Not read", "none": "nothing", "stop": "; ", "colon": ": ", "counts": "{budget} budget {budget:line|lines}, {indicators} {indicators:indicator|indicators}, {groups} {groups:group|groups}",
    },
}  # fmt: skip

_ABSENT = {
    "weights": "分值", "scores": "得分", "reasons": "偏差原因", "rates": "执行率", "levels": "一、二级指标", "initial": "年初预算数",
    "targets": "指标值", "actuals": "完成值",
}  # fmt: skip


def taken_for(form: Form, lang: str = "zh") -> str:
    """Return what a file was taken for, in one line."""
    words, source = _WORDS[lang], form.source
    read = " ".join(filter(None, (source.format, source.encoding)))
    return f"{source.path}{words['colon']}{read} → " + words["stop"].join((str(form.header.get("layout") or "?"), _found(form, lang), form.form_id))


def _found(form: Form, lang: str) -> str:
    words = _WORDS[lang]
    counts = phrase(words["counts"], budget=len(form.budget_lines), indicators=len(form.indicators), groups=len(form.indicator_groups))
    return f"{words[form.recognition]}{words['stop']}{counts}"


def explain(form: Form, lang: str = "zh") -> str:
    """Return the account of one form as plain text in `zh` or `en`; quotations stay as filed."""
    words = _WORDS[lang]
    said = english if lang == "en" else str
    lines = [f"{words['form']} {form.form_id} · {form.source.path}", _found(form, lang)]
    known = described(str(form.header.get("layout", "")), lang)
    cues = [said(text) for text in form.cues]
    absent = [name if lang == "en" else _ABSENT.get(name, name) for name in form.not_applicable]
    parts = (
        ("how", [*([known] if known else []), *cues]),
        ("absent", absent),
        ("repaired", [said(text) for text in form.repairs]),
        ("left", [said(text) for text in form.unread]),
    )
    for key, items in parts:
        lines += ["", words[key], *(f"  {item}" for item in items or [words["none"]])]
    return "\n".join(lines)

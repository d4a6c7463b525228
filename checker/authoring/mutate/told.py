"""The share of mutants noticed, rule by rule, and the survivors, as text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.authoring.mutate.run import Killed
from checker.authoring.mutate.variants import Mutant
from checker.wording import phrase

KIND_NAMES = {
    "zh": {"operator": "运算符", "constant": "常数", "field": "字段", "function": "函数", "negate": "取反", "part": "删去一部分条件", "when": "删去 when", "list": "删去一项"},
    "en": {"operator": "operator", "constant": "constant", "field": "field", "function": "function", "negate": "negated", "part": "part dropped", "when": "when dropped", "list": "item dropped"},
}
_WORDS = {
    "zh": {"total": "合计：{tried} 处改动，示例发现 {noticed} 处（{share:.1f} %）", "told": "（只影响显示）"},
    "en": {"total": "total: {tried} {tried:change|changes}, the examples notice {noticed} ({share:.1f} %)", "told": " (only what is shown)"},
}


def share(killed: Sequence[Killed]) -> float:
    """Return the percentage of mutants that the examples notice."""
    tried = sum(k.tried for k in killed)
    return 100 * sum(k.noticed for k in killed) / tried if tried else 100.0


def told(killed: Sequence[Killed], lang: str) -> str:
    """Return one line a rule, its survivors below it, and the total."""
    lines = []
    for here in killed:
        lines.append(f"{here.rule.id}  {here.noticed}/{here.tried}  {100 * here.noticed / here.tried if here.tried else 100:.1f} %")
        lines += [f"    {_survivor(mutant, lang)}" for mutant in here.survivors]
    tried = sum(k.tried for k in killed)
    return "\n".join([*lines, phrase(_WORDS[lang]["total"], tried=tried, noticed=sum(k.noticed for k in killed), share=share(killed))])


def _survivor(mutant: Mutant, lang: str) -> str:
    return f"{mutant.key}  {KIND_NAMES[lang][mutant.kind]}  {mutant.what}{'' if mutant.decides else _WORDS[lang]['told']}"

"""A tree → one sentence in Chinese or English: what the expression says, without a row."""

from __future__ import annotations

from checker.language import shown
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Scalar, Tree
from checker.language.phrases import field_name, sentence_of, table_name, text

SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}
BINDING = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 3}
_NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "filled": "missing", "missing": "filled"}


def sentence(tree: Tree, lang: str = "zh") -> str:
    """Return the sentence of an expression (`得分不大于分值`, `score is at most weight`); `let` names are written out."""
    return _say(tree.root, lang)


def say(node: Node, lang: str) -> str:
    """Return the sentence of one node."""
    return _say(node, lang)


def _say(node: Node, lang: str) -> str:
    match node:
        case Const():
            return _const(node, lang)
        case Ref():
            return field_name(node, lang)
        case Let():
            return _say(node.tree.root, lang)
        case Aggregate():
            return _figure(node, lang)
        case Call():
            return _call(node, lang)


def _const(node: Const, lang: str) -> str:
    values: tuple[Scalar, ...] = node.value if isinstance(node.value, tuple) else (node.value,)
    unit = "number" if node.unit == "list" else node.unit
    return text("list", lang).join(shown.value(value, node.digits, unit, lang) for value in values)


def _figure(node: Aggregate, lang: str) -> str:
    rows = table_name(node.table, lang)
    if node.where is not None:
        rows = text("where", lang, _say(node.where, lang), rows)
    pattern = sentence_of(node.kind, lang) or node.kind
    return pattern.format(_say(node.value, lang) if node.value is not None else "", rows=rows)


def _call(node: Call, lang: str) -> str:
    if node.name in SIGNS:
        left, right = (_operand(arg, node.name, lang, right=i > 0) for i, arg in enumerate(node.args))
        return f"{left} {SIGNS[node.name]} {right}"
    if node.name == "neg":
        return f"−{_operand(node.args[0], 'neg', lang)}"
    if node.name in ("and", "or"):
        parts = [_say(a, lang) for a in node.args]
        loose = [f"（{p}）" if isinstance(a, Call) and a.name in ("and", "or") and a.name != node.name else p for a, p in zip(node.args, parts, strict=True)]
        return text(node.name, lang).join(loose)
    if node.name == "not":
        return _negated(node, lang)
    return _fill(_key(node), node, lang)


def _operand(node: Node, outer: str, lang: str, right: bool = False) -> str:
    inner = node.tree.root if isinstance(node, Let) else node
    said = _say(inner, lang)
    if isinstance(inner, Call):
        binding = BINDING.get(inner.name, 0 if inner.name == "if" else 9)
        if binding < BINDING[outer] or (right and binding == BINDING[outer] and outer in ("sub", "div")):
            return f"（{said}）" if lang == "zh" else f"({said})"
    return said


def _negated(node: Call, lang: str) -> str:
    inner = node.args[0].tree.root if isinstance(node.args[0], Let) else node.args[0]
    if isinstance(inner, Call):
        if inner.name in _NEGATED:
            return _say(Call(_NEGATED[inner.name], inner.args, "bool"), lang)
        if sentence_of(f"not {inner.name}", lang):
            return _fill(f"not {inner.name}", inner, lang)
        if inner.name == "not":
            return _say(inner.args[0], lang)
    return (sentence_of("not", lang) or "{0}").format(_say(inner, lang))


def _key(node: Call) -> str:
    if node.name in ("eq", "ne", "lt", "le", "gt", "ge"):
        unit = node.args[0].unit
        special = "text" if unit in ("text", "bool") else unit
        if sentence_of(f"{node.name} {special}", "zh"):
            return f"{node.name} {special}"
    return node.name


def _fill(key: str, node: Call, lang: str) -> str:
    parts = [_say(arg, lang) for arg in node.args]
    if node.name == "rounding_fits" and isinstance(node.args[3], Const):
        parts[3] = text(str(node.args[3].value), lang)
    pattern = sentence_of(key, lang) or f"{node.name}({{*}})"
    return pattern.replace("{*}", "\0").format(*parts).replace("\0", text("list", lang).join(parts))

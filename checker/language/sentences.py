"""A tree → one sentence in Chinese or English: what the expression says, without a row."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.language import shown
from checker.language.nodes import Aggregate, Call, Const, Let, Node, Ref, Scalar, Tree
from checker.language.phrases import code, field_name, sentence_of, table_name, text

SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}
BINDING = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 3}
NEGATED = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "filled": "missing", "missing": "filled"}


_ROUNDINGS = ("round_half_up", "round_half_even", "truncate")
_MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_QUOTED = re.compile("(“[^”]*”)")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])(?=[−\d])|(?<=[\d%])(?=[\u4e00-\u9fff])")


def sentence(tree: Tree, lang: str = "zh") -> str:
    """Return the sentence of an expression (`得分不大于分值`, `score is at most weight`); `let` names are written out."""
    return say(tree.root, lang)


@lru_cache(1 << 12)
def say(node: Node, lang: str) -> str:
    """Return the sentence of one node; the same parts of rules are spoken of in many findings."""
    return spaced(_say(node, lang), lang)


def named(node: Node, lang: str) -> str:
    """Return what a comparison is about: a parameter by its name and not by its value, all else as it is said."""
    return text("parameter", lang, node.name) if isinstance(node, Const) and node.name else say(node, lang)


def spaced(said: str, lang: str) -> str:
    """Set figures off from Han characters, but for quoted texts."""
    if lang != "zh":
        return said
    return "".join(part if part.startswith("“") else _GAP.sub(" ", part) for part in _QUOTED.split(said))


def upright(node: Call) -> Call:
    """Return a comparison with its constant on the right."""
    if node.name in _MIRRORED and isinstance(node.args[0], Const) and not isinstance(node.args[1], Const):
        return Call(_MIRRORED[node.name], (node.args[1], node.args[0]), node.unit)
    return node


def worded(node: Call, lang: str) -> Call:
    """Return a comparison of a coded field with its codes as words."""
    if node.name not in ("eq", "ne", "in"):
        return node
    field, other = node.args
    if not isinstance(other, Const):
        return node
    if isinstance(other.value, tuple):
        words: Scalar | tuple[Scalar, ...] = tuple(code(field, v, lang) if isinstance(v, str) else v for v in other.value)
    else:
        words = code(field, other.value, lang) if isinstance(other.value, str) else other.value
    return Call(node.name, (node.args[0], Const(words, other.unit, other.digits, other.name)), node.unit)


def _say(node: Node, lang: str) -> str:
    match node:
        case Const():
            return _const(node, lang)
        case Ref():
            return field_name(node, lang)
        case Let():
            return _say(node.tree.root, lang)
        case Aggregate():
            return _figure(node, node.kind, lang)
        case Call():
            return _call(node, lang)


def _const(node: Const, lang: str) -> str:
    values: tuple[Scalar, ...] = node.value if isinstance(node.value, tuple) else (node.value,)
    unit = "number" if node.unit == "list" else node.unit
    return text("list", lang).join(shown.value(value, node.digits, unit, lang) for value in values)


def _figure(node: Aggregate, key: str, lang: str) -> str:
    rows = table_name(node.table, lang)
    if node.where is not None:
        rows = text("where", lang, _bracketed(_say(node.where, lang), lang), rows)
    if node.kind == "known_total" and isinstance(node.value, Const):
        rows, key, said = table_name(node.table, lang), "known_count", _say(node.where, lang) if node.where is not None else rows
    else:
        said = _say(node.value, lang) if node.value is not None else ""
    if key in ("count", "known_count"):
        said = _bracketed(said, lang)
    return (sentence_of(key, lang) or key).format(said, rows=rows)


def _bracketed(said: str, lang: str) -> str:
    return f"〔{said}〕" if lang == "zh" and "，" in said else said


def _call(node: Call, lang: str) -> str:
    if node.name in SIGNS:
        left, right = (_operand(arg, node.name, lang, right=i > 0) for i, arg in enumerate(node.args))
        return f"{left} {SIGNS[node.name]} {right}"
    if node.name == "neg":
        return f"−{_operand(node.args[0], 'neg', lang)}"
    if node.name in ("and", "or"):
        return text(node.name, lang).join(_parts(node, lang))
    if node.name == "not":
        return _negated(node, lang)
    return _fill(_key(node), upright(node), lang)


def _parts(node: Call, lang: str) -> list[str]:
    """Return the parts of a conjunction or disjunction; fields asked for presence are named together."""
    parts: list[str] = []
    for name in ("filled", "missing"):
        if len(_asked(node, name)) > 1:
            parts.append((sentence_of(f"{node.name} {name}", lang) or "{*}").replace("{*}", text("list", lang).join(field_name(r, lang) for r in _asked(node, name))))
    merged = {name for name in ("filled", "missing") if len(_asked(node, name)) > 1}
    rest = [a for a in node.args if not (isinstance(a, Call) and a.name in merged and isinstance(a.args[0], Ref))]
    return [*parts, *(_part(arg, node.name, lang) for arg in rest)]


def _asked(node: Call, name: str) -> list[Ref]:
    calls = [a for a in node.args if isinstance(a, Call) and a.name == name]
    return [a.args[0] for a in calls if isinstance(a.args[0], Ref)]


def _part(node: Node, outer: str, lang: str) -> str:
    inner = node.tree.root if isinstance(node, Let) else node
    said = _say(inner, lang)
    return f"({said})" if isinstance(inner, Call) and inner.name in ("and", "or", "if") and inner.name != outer else said


def _operand(node: Node, outer: str, lang: str, right: bool = False) -> str:
    inner = node.tree.root if isinstance(node, Let) else node
    said = _say(inner, lang)
    if isinstance(inner, Call):
        binding = BINDING.get(inner.name, 0 if _key(inner) in ("if", "coalesce constant") else 9)
        if binding < BINDING[outer] or (right and binding == BINDING[outer] and outer in ("sub", "div")):
            return f"({said})"
    return said


def _negated(node: Call, lang: str) -> str:
    inner = node.args[0].tree.root if isinstance(node.args[0], Let) else node.args[0]
    if isinstance(inner, Aggregate) and sentence_of(f"not {inner.kind}", lang):
        return _figure(inner, f"not {inner.kind}", lang)
    if isinstance(inner, Call):
        if inner.name in NEGATED:
            return _say(Call(NEGATED[inner.name], inner.args, "bool"), lang)
        if sentence_of(f"not {inner.name}", lang):
            return _fill(f"not {inner.name}", inner, lang)
        if inner.name == "not":
            return _say(inner.args[0], lang)
    return (sentence_of("not field" if isinstance(inner, Ref) else "not", lang) or "{0}").format(_say(inner, lang))


def _is_choice(node: Node) -> bool:
    inner = node.tree.root if isinstance(node, Let) else node
    return isinstance(inner, Call) and inner.name == "if"


def _is_open(node: Node) -> bool:
    """Say whether the words of a node need brackets where more is said of it: figures and names do not, nor what brings its own."""
    inner = node.tree.root if isinstance(node, Let) else node
    return isinstance(inner, Call) and not (sentence_of(_key(inner), "zh") or "").startswith(("(", "|"))


def _key(node: Call) -> str:
    name = upright(node).name
    if name in _MIRRORED:
        unit = node.args[0].unit
        special = "text" if unit in ("text", "bool") else unit
        return f"{name} {special}" if sentence_of(f"{name} {special}", "zh") else name
    if name == "coalesce" and len(node.args) == 2 and isinstance(node.args[1], Const):
        return "coalesce constant"
    if name in _ROUNDINGS and not isinstance(node.args[1], Const):
        return f"{name} digits"
    return name


def _fill(key: str, node: Call, lang: str) -> str:
    parts = [_say(arg, lang) for arg in worded(node, lang).args]
    if node.name in _MIRRORED:
        parts = [f"({part})" if _is_choice(arg) else part for part, arg in zip(parts, node.args, strict=True)]
    if all(isinstance(arg, Const) for arg in node.args):
        parts = [named(arg, lang) for arg in node.args]
    if node.name in _ROUNDINGS and _is_open(node.args[0]):
        parts[0] = f"({parts[0]})"
    if node.name == "rounding_fits" and isinstance(node.args[3], Const):
        parts[3] = text(str(node.args[3].value), lang)
    pattern = sentence_of(key, lang) or f"{node.name}({{*}})"
    return pattern.replace("{*}", "\0").format(*parts).replace("\0", text("list", lang).join(parts))

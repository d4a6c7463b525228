"""The faults and notes the package can say, read out of its source: f-strings with a placeholder for whatever is filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "checker"
RAISED = {"CheckerError", "UsageError", "ReadError", "LayoutError", "RuleError", "LanguageFault"}
RETURNED = {"_fault", "_reason", "_overlaps", "_cut_off", "unknown_keys", "no_form", "mismatch"}
"""Functions that return a fault in words."""

LANGUAGE = PACKAGE / "language"
FILLED = "Ⓧ"


def said() -> Iterator[tuple[str, str]]:
    """Yield (place in the source, fault) of every fault that is written out."""
    for path in sorted(set(PACKAGE.rglob("*.py")) - set((PACKAGE / "values").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for written in _written(node, path):
                text = _text(written)
                if text is not None and re.search(r"[a-z]{2}|[\u4e00-\u9fff]", text.replace(FILLED, "")) and not text.endswith(f": {FILLED}: {FILLED}"):
                    yield f"{path.relative_to(PACKAGE)}:{written.lineno}", text


def _written(node: ast.AST, path: Path) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in RAISED or (name == "TypeError" and path.is_relative_to(LANGUAGE) and path.name not in ("exact.py", "value.py")):
            yield from _branches(first)
        case ast.Call(func=ast.Attribute(attr="append", value=ast.Name(id=name)), args=[first]) if name == "faults" or (name == "notes" and path.is_relative_to(PACKAGE / "readers")):
            yield from _branches(first)
        case ast.Call(func=ast.Attribute(attr="fault", value=ast.Name(id="reading")), args=[_, what, *_]):
            yield from _branches(what)
        case ast.keyword(arg="unread", value=reason) if path.is_relative_to(PACKAGE / "readers"):
            yield from _branches(reason)
        case ast.AugAssign(target=ast.Name(id="faults"), value=ast.ListComp(elt=what)):
            yield what
        case ast.FunctionDef(name=name) if name in RETURNED and path.name not in ("run.py", "batch.py"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from _branches(inner.value)


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.IfExp(body=body, orelse=other):
            yield from _branches(body)
            yield from _branches(other)
        case ast.List(elts=elements):
            for element in elements:
                yield from _branches(element)
        case ast.ListComp(elt=element):
            yield element
        case _:
            yield node


def _text(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            text = ""
            for part in parts:
                text += _part(part, glued=text[-1:].isalpha())
            return text
    return None


def _part(part: ast.expr, *, glued: bool) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="suggest" | "nearest"))):
            return ""
        case ast.FormattedValue(value=ast.Name(id="hint" | "where")) if glued:  # nothing, as often as not
            return ""
    return FILLED

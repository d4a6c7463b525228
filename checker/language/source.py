"""The text of an expression → Python syntax tree, before any meaning: lengths, characters, literals as written.

Text literals are raw: a backslash is a backslash, so that patterns read as they are written.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from msgspec import Struct

from checker.language.nodes import LanguageFault

MAX_CHARACTERS = 2_000
MAX_NODES = 400
MAX_BRACKETS = 40

_LITERAL = re.compile(r'"[^"]*"|\'[^\']*\'')
_NUMBER = re.compile(r"(\d{1,18})(\.\d{1,10})?|\.\d{1,10}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_WRONG = {
    "（": "(", "）": ")", "，": ",", "。": ".", "＜": "<", "＞": ">", "＝": "==", "－": "-", "＋": "+", "×": "*", "÷": "/",
    "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "“": '"', "”": '"', "‘": "'", "’": "'", "［": "[", "］": "]", "、": ",",
    "％": "percent(…)", "%": "percent(…)", "&": "and", "|": "or", "~": "not", "^": "no operator", "!": "not", "{": "no braces",
    "}": "no braces", "#": "no comments", ";": "one expression", "\\": "no backslash outside text", "@": "no operator",
    "`": "quotes", "$": "a name", "?": "… if … else …", "；": "one expression", "：": "no colon",
}  # fmt: skip


class Source(Struct, frozen=True):
    """A parsed text: its syntax tree and where its text literals stand (byte span → raw content)."""

    text: str
    body: ast.expr
    literals: dict[tuple[int, int], str]

    def column(self, node: ast.AST) -> int:
        """Return the column of a node in characters, counted from 1."""
        offset: int = getattr(node, "col_offset", 0)
        return 1 + (offset if self.text.isascii() else len(self.text.encode()[:offset].decode(errors="ignore")))

    def segment(self, node: ast.expr) -> str:
        """Return the text of a node as written."""
        return self.text.encode()[node.col_offset : node.end_col_offset or node.col_offset].decode(errors="ignore")

    def literal(self, node: ast.expr) -> str:
        """Return a text literal as written, raw."""
        raw = self.literals.get((node.col_offset, node.end_col_offset or -1))
        if raw is None:
            raise LanguageFault("text is written in one pair of quotes, without a prefix", self.column(node))
        return raw

    def number(self, node: ast.expr) -> str:
        """Return a number literal as written: digits with at most one point."""
        written = self.segment(node)
        if not _NUMBER.fullmatch(written):
            shown = written if len(written) <= 24 else written[:20] + "…"
            raise LanguageFault(
                f"{shown} is not a plain number (at most 18 digits before and 10 after the point)", self.column(node)
            )
        return written


def parse_source(text: str) -> Source:
    """Parse the text of an expression. Raises LanguageFault for whatever is not one, never anything else."""
    if len(text) > MAX_CHARACTERS:
        raise LanguageFault(f"longer than {MAX_CHARACTERS:,} characters")
    control = _CONTROL.search(text)
    if control:
        raise LanguageFault(f"character U+{ord(control.group()):04X} is not allowed", control.start() + 1)
    flat = re.sub(r"[\s\u3000]", " ", text)
    lead = len(flat) - len(flat.lstrip())
    flat = flat.strip()
    if not flat:
        raise LanguageFault("empty, write an expression")
    spans = [m.span() for m in _LITERAL.finditer(flat)]
    _check_outside(flat, spans, lead)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(flat, mode="eval")
    except SyntaxError as error:
        raise LanguageFault(_reason(error), lead + max(error.offset or 1, 1)) from None
    except (RecursionError, MemoryError):
        raise LanguageFault("nested too deeply", lead + 1) from None
    except (ValueError, OverflowError) as error:
        raise LanguageFault(f"not an expression ({str(error)[:60]})", lead + 1) from None
    sizes = [len(flat[:start].encode()) for start, _ in spans]
    literals = {
        (at, at + len(flat[start:end].encode())): flat[start + 1 : end - 1] for at, (start, end) in zip(sizes, spans, strict=True)
    }
    return Source(flat, tree.body, literals)


def _check_outside(flat: str, spans: Iterable[tuple[int, int]], lead: int) -> None:
    depth = 0
    inside = 0
    for start, end in [*spans, (len(flat), len(flat))]:
        for at in range(inside, start):
            character = flat[at]
            if character in "([":
                depth += 1
                if depth > MAX_BRACKETS:
                    raise LanguageFault("nested too deeply", lead + at + 1)
            elif character in ")]":
                depth -= 1
            elif character in "\"'":
                raise LanguageFault(f"text is not closed, {character} is missing", lead + at + 1)
            elif character in _WRONG and flat[at : at + 2] != "!=":
                raise LanguageFault(f"{character} is not part of the language, write {_WRONG[character]}", lead + at + 1)
        if flat[start:end].endswith(("\\\"", "\\'")):
            raise LanguageFault("a backslash cannot stand before the closing quote", lead + end - 1)
        inside = end


def _reason(error: SyntaxError) -> str:
    text = (error.msg or "").split("(")[0].strip()
    if text in ("invalid syntax", "") or "assign" in text or "Maybe you meant" in (error.msg or ""):
        return "not an expression (compare with ==, join with and / or)"
    return f"not an expression: {text}"

"""The environment of our Jinja2 templates: everything escaped, hidden characters made visible, names that are not there are faults."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from checker.render.shown import minus, visible
from checker.resources import template_dir
from checker.wording import phrase

_SHORT = 120
"""Longest text whose escaped form is kept."""


@cache
def asset(name: str) -> tuple[Markup, str]:
    """Return a style or script of ours, and its CSP source expression."""
    text = (template_dir() / name).read_text(encoding="utf-8").strip() + "\n"
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), f"'sha256-{digest}'"


@cache
def environment() -> Environment:
    """Return the one template environment: autoescape on, undefined names are faults, hidden characters made visible."""
    made = Environment(
        loader=FileSystemLoader(template_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=written,
        bytecode_cache=_bytecode(),
    )
    made.filters["minus"] = minus
    made.globals |= {"fill": phrase, "long": _long}
    attribute_first = made.getattr

    def entry_first(obj: Any, attribute: str) -> Any:
        # Labels are read by the thousand, and of a mapping Jinja2 would look for an attribute first.
        try:
            return obj[attribute] if type(obj) is dict else getattr(obj, attribute)
        except (KeyError, AttributeError):
            return attribute_first(obj, attribute)

    made.getattr = entry_first  # type: ignore[method-assign]
    made.code_generator_class = _compiler  # type: ignore[assignment]
    return made


def macro(name: str) -> Callable[..., Markup]:
    """Return one of our macros, to be called from here."""
    made: Callable[..., Markup] = vars(environment().get_template("macros.html.j2").module)[name]
    return made


def _long(text: str, page: Mapping[str, Any], keep: int = 160) -> str:
    """Return a text; of one that is much longer than `keep` the rest is folded away."""
    return text if len(text) <= keep + 40 else macro("folded")(text, page, keep)


def written(value: object) -> str:
    """Return any value of a template as it stands in the page: escaped, but for markup, with hidden characters made visible."""
    kind = type(value)
    if kind is str:
        return _escaped(value) if len(value) <= _SHORT else escape(visible(value))  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    if kind is int or kind is float:
        return str(value)
    return escape(visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value)


@lru_cache(maxsize=1 << 12)
def _escaped(text: str) -> Markup:
    # Labels, marks and short texts come again and again, on a page and from page to page.
    return escape(visible(text))


def _compiler(*given: Any) -> CodeGenerator:
    """Return Jinja2's compiler, which would have every value escaped once more behind `written`; escaping again changes nothing, but takes most of the time of a page."""
    made = CodeGenerator(*given)
    made._output_child_pre = lambda node, frame, finalize: made.write("environment.finalize(")  # type: ignore[method-assign]
    made._output_child_post = lambda node, frame, finalize: made.write(")")  # type: ignore[method-assign]
    return made


def _bytecode() -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept, beside them as Python keeps its own; None where nothing may be written."""
    folder = template_dir() / "__pycache__"
    if sys.dont_write_bytecode:
        return None
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    # The name tells how they were compiled: what leaves all escaping to `written` is of no use to another version.
    return FileSystemBytecodeCache(str(folder), "%s.written.jinja") if os.access(folder, os.W_OK) else None

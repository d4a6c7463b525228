"""Patterns compiled at their first use: every one of them is sound, and used it is the compiled pattern."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from checker.late import Late, late

PACKAGE = Path(__file__).resolve().parent.parent / "checker"
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in PACKAGE.rglob("*.py") if "import late" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_late_pattern_compiles(name: str) -> None:
    """What is put off is not left untested."""
    found = [value for value in vars(import_module(name)).values() if isinstance(value, Late)]
    assert found
    for pattern in found:
        assert pattern.search("") == re.compile(pattern.pattern, pattern.flags).search("") or pattern.search("").span() == (0, 0)  # type: ignore[attr-defined]


def test_a_late_pattern_is_used_like_a_compiled_one() -> None:
    """Each method, before and after the first use; an unknown name is an AttributeError, a faulty pattern `re.error`."""
    for method, arguments in (("search", ("xab",)), ("match", ("abx",)), ("fullmatch", ("ab",)), ("findall", ("abab",)), ("sub", ("-", "abab")), ("split", ("1ab2",))):
        real, made = getattr(re.compile("A(b)", re.I), method), late("A(b)", re.I)
        for _ in range(2):
            got, wanted = getattr(made, method)(*arguments), real(*arguments)
            assert (got.groups(), got.span()) == (wanted.groups(), wanted.span()) if isinstance(wanted, re.Match) else got == wanted
    with pytest.raises(AttributeError):
        late("a").scanner  # noqa: B018
    with pytest.raises(re.error):
        late("(").search("a")

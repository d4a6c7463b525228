"""What a tree comes to on one row, its words made only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

from checker.language import shown
from checker.language.nodes import Node, Scalar, Tree
from checker.language.phrases import code
from checker.language.value import CellKey, Null, Value


class Explained:
    """What a tree comes to on one row.

    `value` is a Fraction, text, date or bool, or None with `nulls`; `digits` its printed decimals when
    it has some. `text` is the arithmetic, `shown` the value with % or quotes, `plain` without; they are
    put into words when asked for. `cells` are the (table, row, field) it rests on.
    """

    __slots__ = ("_lang", "_line", "_text", "_tree", "_value")

    def __init__(self, tree: Tree, value: Value, lang: str, line: Callable[[Node], str]) -> None:
        self._tree, self._value, self._lang, self._line = tree, value, lang, line
        self._text: str | None = None

    @property
    def value(self) -> Scalar | None:
        """The value, None when it is unknown."""
        return self._value.value

    @property
    def digits(self) -> int | None:
        """The printed decimals, None when they are unknown."""
        return self._value.digits

    @property
    def unit(self) -> str:
        """The unit of the tree."""
        return self._tree.unit

    @property
    def cells(self) -> tuple[CellKey, ...]:
        """The (table, row, field) the value rests on, in order."""
        return self._value.cells

    @property
    def nulls(self) -> tuple[Null, ...]:
        """Why the value is not there."""
        return self._value.nulls

    @property
    def text(self) -> str:
        """The arithmetic in one line."""
        if self._text is None:
            self._text = self._line(self._tree.root)
        return self._text

    @property
    def shown(self) -> str:
        """The value as printed, with % or quotes."""
        return shown.value(self._said, self._value.digits, self._tree.unit, self._lang)

    @property
    def plain(self) -> str:
        """The value as printed, without % and quotes."""
        return shown.plain(self._said, self._value.digits, self._tree.unit, self._lang)

    @property
    def _said(self) -> Scalar | None:
        return worded_value(self._tree.root, self._value.value, self._lang)


def worded_value(node: Node, value: Scalar | None, lang: str) -> Scalar | None:
    """Return the word for the code of a field, other values as they are."""
    return code(node, value, lang) if isinstance(value, str) else value

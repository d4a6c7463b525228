"""The language of rule expressions (ARCHITECTURE.md, "Rule language").

    tree = parse("score <= weight", "indicators", lets={"deducted": tree0}, params={"limit": Decimal("0.8")})
        -> Tree (frozen; .unit is "bool", "score", "text" …); raises LanguageFault(message, column).
        `lets` maps names to Trees of the same grain, `params` names to Decimal, int, str, date or a list of those.
        `table` is the grain: one of fields.TABLES. English and Chinese names are equal. The name `as_of` is the
        date of the run; `year(date)` its year.
    needs(tree) -> frozenset[(table, field)]            every field the value rests on
    required_columns(tree) -> frozenset[str]            tokens of forms.not_applicable that switch the rule off
    program(trees: Mapping[str, Tree]) -> Program       compile once; .run(tables, as_of) -> {table: pl.DataFrame}
        each frame has form, row and one column a tree of that grain, named by its key: Boolean (nullable, Kleene),
        String or Date; a numeric tree gives two: `key` (numerator) and `key/` (denominator), integers.
    contexts = Contexts(tables, as_of); contexts.row(table, form, row) -> RowContext
    explain(tree, context, lang="zh") -> Explained
        .value   Fraction | str | date | bool | None     .digits  printed decimals or None     .unit
        .text    the arithmetic in one line              .shown   the value as printed ("97.84%"), .plain without sign
        .cells   ((table, row, field), …) used, in order .nulls   (Null(table, row, field, reason), …) why it is null
    sentence(tree, lang="zh") -> str                    得分不大于分值

What parses and compiles is loaded when it is used: kept rules over few forms need neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.language.explained import Explained
from checker.language.explanation import explain
from checker.language.nodes import LanguageFault, Tree, needs, required_columns
from checker.language.rows import Contexts, RowContext
from checker.language.value import Null

if TYPE_CHECKING:
    from checker.language.functions import AGGREGATES, FUNCTIONS
    from checker.language.params import Param
    from checker.language.parser import parse
    from checker.language.plans import Program, program
    from checker.language.sentences import sentence

__all__ = [
    "AGGREGATES",
    "FUNCTIONS",
    "Contexts",
    "Explained",
    "LanguageFault",
    "Null",
    "Param",
    "Program",
    "RowContext",
    "Tree",
    "explain",
    "needs",
    "parse",
    "program",
    "required_columns",
    "sentence",
]

if not TYPE_CHECKING:

    _HOMES = {
        "AGGREGATES": "functions", "FUNCTIONS": "functions", "Param": "params", "Program": "plans", "parse": "parser", "program": "plans",
        "sentence": "sentences",
    }  # fmt: skip

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _HOMES:
            return getattr(import_module(f"checker.language.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'checker.language' has no attribute {name!r}")

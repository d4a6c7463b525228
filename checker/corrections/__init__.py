"""The smallest correction: which cells must change so that a form's equations hold again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checker.corrections.scope import rests_on_figures

if TYPE_CHECKING:
    from checker.language import Contexts
    from checker.model import Form
    from checker.rules.rule import Rule

__all__ = ["proposals", "rests_on_figures"]


def proposals(form: Form, position: int, rules: Sequence[Rule], contexts: Contexts, applied: Mapping[str, Sequence[int]]) -> tuple[Mapping[str, object], ...]:
    """Return the proposals of one form, as `propose.proposals` says: the search is loaded when an equation does not hold."""
    from checker.corrections import propose

    return propose.proposals(form, position, rules, contexts, applied)

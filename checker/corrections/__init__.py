"""The smallest correction: which cells must change so that a form's equations hold again."""

from checker.corrections.propose import proposals, rests_on_figures

__all__ = ["proposals", "rests_on_figures"]

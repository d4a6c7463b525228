"""The smallest correction: which cells must change so that a form's equations hold again."""

from checker.corrections.propose import proposals

__all__ = ["proposals"]

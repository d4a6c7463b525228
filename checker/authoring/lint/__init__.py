"""Static analysis of a rule set (`checker rules lint`): every finding has a stable code, a level and a place."""

from checker.authoring.lint.fault import Fault
from checker.authoring.lint.run import Linted, lint

__all__ = ["Fault", "Linted", "lint"]

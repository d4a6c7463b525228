"""Which slips of the pen in a clean form do the rules notice? (`checker rules test --corrupt`)"""

from checker.authoring.corrupt.changes import KINDS, Change, changes
from checker.authoring.corrupt.run import Line, Verdict, corrupt, covered_share, table, unclean

__all__ = ["KINDS", "Change", "Line", "Verdict", "changes", "corrupt", "covered_share", "table", "unclean"]

"""Several forms of one run beside each other: a summary and its parts, a department and its projects, two years,
approved and filed targets, copied texts, scores.

`judge_across(Inputs(forms, References(previous, approved, entries)), rules, as_of, lang)` makes the tables of comparisons the rules
look at (`fields.BATCH_TABLES`) and returns findings and rule outcomes. Rules over them are ordinary YAML rules.
"""

from __future__ import annotations

from checker.across.comparison import Inputs, References
from checker.across.lists import entries, target_lists
from checker.across.run import Across, judge_across

__all__ = ["Across", "Inputs", "References", "entries", "judge_across", "target_lists"]

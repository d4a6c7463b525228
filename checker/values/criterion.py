"""What a form's own column of criteria (评分标准, 计分方法) says of how points are lost."""

from __future__ import annotations

from checker.late import late
from checker.values import lexicon
from checker.values.text import half_width

_LONGEST = 2000
_WHOLE = late(r"(?<![0-9.])100(?:\.0+)?\s*%")


def is_graded(text: str) -> bool:
    """Tell whether a criterion gives points by steps, thresholds or fixed deductions, so that a share of the result says nothing.

    A criterion that gives them in proportion and knows no threshold beside 100 % is not graded, nor is one that speaks of no points
    (行业标准).
    """
    source = half_width(text[:_LONGEST])
    if not lexicon.pattern("criteria", "points").search(source):
        return False
    if not lexicon.pattern("criteria", "proportion").search(source):
        return True
    return lexicon.pattern("criteria", "threshold").search(_WHOLE.sub("", source)) is not None

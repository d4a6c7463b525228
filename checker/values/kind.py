"""What sort of indicator a row is: quantity, quality (words only) or timeliness."""

from __future__ import annotations

from checker.late import late
from checker.values.target import Target
from checker.values.text import letters
from checker.values.units import DURATIONS

QUANTITY, QUALITY, TIMELINESS = "quantity", "quality", "timeliness"
_TIMELY_NAME = late(
    r"(?:及时性|时效性|时效|完成时间|完成时限|完成期限|时间节点|按时完成情况|及时情况|完成日期|起止时间|实施周期|完成进度)$"
)


def is_timely(name: str | None, level2_class: str | None) -> bool:
    """Tell whether a row is about time: by its level 2, or without one by its name."""
    if level2_class == "时效":
        return True
    return level2_class in (None, "其他") and name is not None and _TIMELY_NAME.search(letters(name)) is not None


def read_kind(target: Target | None, name: str | None = None, level2_class: str | None = None) -> str | None:
    """Return quantity, quality or timeliness; None without a target.

    A rate or a count under 时效 (按时完成率 ≥ 95 %, ≥ 360 天) is measured like any quantity; a limit of
    time (15 个工作日内) is timeliness.
    """
    if target is None:
        return None
    if is_timely(name, level2_class):
        main = target.main
        if main is None or (main.unit.base in DURATIONS and main.operator not in ("≥", ">")):
            return TIMELINESS
        return QUANTITY
    return QUALITY if target.main is None else QUANTITY

"""Points written in a label: 产出指标（50分）, and names of indicators that give their weights so."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from checker.layouts.cells import label
from checker.layouts.places import Found, Row, name_in
from checker.remembered import remembered

_POINTS = re.compile(r"[(（\[【]\s*(?:权重|分值|共|满分|合计)?[:：]?\s*(\d+(?:\.\d+)?)\s*(?:分|%)?\s*[)）\]】]$")
_POINTS_PLAIN = re.compile(r"(?<=[^\d.])(?:(?:权重|分值|共|满分|合计)[:：]?)?(\d+(?:\.\d+)?)分$")
_MOST_POINTS, _MOST_BARE = 1000, 100
"""A number in brackets without 分 may be a year or a count: it is points up to 100 only, with 分 up to a scale of 1000."""
_FEWEST, _OF = 3, (4, 5)
"""Names give the weights where at least so many and so large a part of them do."""


@remembered
def split_points(text: str) -> tuple[str, Decimal | None]:
    """Split 产出指标（50分） into the label without white space and its points."""
    name = label(text)
    match = _POINTS.search(name) or _POINTS_PLAIN.search(name)
    most = _MOST_POINTS if match is not None and "分" in match.group() else _MOST_BARE
    if match is None or match.start() == 0 or Decimal(match.group(1)) > most:
        return name, None
    return name[: match.start()], Decimal(match.group(1))


def weigh_names(names: list[str]) -> bool:
    """True when nearly all of some names end with points: 相关性（5分）."""
    given = sum(split_points(name)[1] is not None for name in names)
    return given >= _FEWEST and given * _OF[1] >= len(names) * _OF[0]


def weights_of_names(rows: list[Row]) -> bool:
    """Take the weights of a table without a column for them from its names, when nearly all of them give points; say whether they do.

    The only indicator below a level 2 with points has these.
    """
    named = [row["name"] for row in rows if "name" in row]
    if not weigh_names([str(found.value) for found in named if found.value is not None]):
        return False
    under = Counter(id(row["level2"].cell) for row in rows if "level2" in row)
    for row in rows:
        found = row.get("name")
        if found is None or found.cell is None or found.value is None:
            continue
        name, points = split_points(str(found.value))
        if points is not None:
            row["name"], row["weight"] = name_in(found.cell, name), Found(points, found.cell)
        elif "level2_weight" in row and "level2" in row and under[id(row["level2"].cell)] == 1:
            row["weight"] = row["level2_weight"]
    return True

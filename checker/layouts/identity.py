"""A form's identity from its content: the same in every file format and place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from checker.model import FieldValue

_KEEP = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff()（）-]+")


def form_id(header: Mapping[str, FieldValue]) -> str:
    """Return 年度-单位-项目-类型; long names are cut and told apart by a short digest."""
    unit = header.get("unit_name") or header.get("implementing_unit") or header.get("supervising_department")
    parts = [header.get("fiscal_year"), unit, header.get("project_name"), header.get("form_type")]
    if not (unit or header.get("project_name")):
        parts.insert(1, header.get("title"))
    words = [_KEEP.sub("", str(part)) for part in parts if part]
    name = "-".join(words)
    if len(name) <= 60:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{'-'.join(word[:20] for word in words)}-{digest}"


def distinct(names: list[str]) -> list[str]:
    """Return the names made distinct within one document by a suffix -2, -3, ….

    The first keeps its name.
    """
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return made

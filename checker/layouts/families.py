"""Which layout family a form belongs to, its type, what it does not have, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from checker import kept
from checker.layouts.cells import plain, title_key


class Shape(Struct, frozen=True):
    """What was found in a form: titles as keys, headings as filed, roles such as indicators.weight."""

    titles: frozenset[str]
    text: str
    roles: frozenset[str]
    title: str


@cache
def _families() -> tuple[Mapping[str, Any], ...]:
    return tuple(kept.words(Path(__file__).with_name("families.yaml")))


def described(name: str, lang: str) -> str:
    """Return what a family is called in full in `zh` or `en`; the name itself when it is not known."""
    entry = next((entry for entry in _families() if entry["name"] == name), None)
    return str(entry["en" if lang == "en" else "zh"]) if entry is not None else name


def family(shape: Shape) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the family's name, the cues it was known by, and what its layout has for certain."""
    for entry in _families():
        cues = _cues(entry, shape)
        if cues is not None:
            return str(entry["name"]), cues, tuple(entry.get("has", ()))
    return "其他", (), ()


def _cues(entry: Mapping[str, Any], shape: Shape) -> tuple[str, ...] | None:
    titles = [title for title in entry.get("titles", ()) if title_key(title) in shape.titles]
    if len(titles) < len(entry.get("titles", ())):
        return None
    text = [word for word in entry.get("text", ()) if plain(word) in shape.text]
    if len(text) < len(entry.get("text", ())):
        return None
    title = [word for word in entry.get("title", ()) if word in shape.title]
    if entry.get("title") and not title:
        return None
    if any(role not in shape.roles for role in entry.get("roles", ())):
        return None
    if any(role in shape.roles for role in entry.get("lacks", ())):
        return None
    return tuple(titles + text + title)


def form_type(title: str, roles: frozenset[str], header: Mapping[str, object], family_name: str) -> str:
    """Return department, project, transfer or other, from the title first, then from what the form has."""
    if "整体" in title and "转移支付" not in title:
        return "department"
    if "转移支付" in title or family_name == "转移支付区域" or ("higher_department" in header and "项目支出" not in title):
        return "transfer"
    if "项目" in title or header.get("project_name"):
        return "project"
    if family_name in ("部门整体支出", "重庆部门整体", "湖南部门整体"):
        return "department"
    if "部门" in title and "专项" not in title:
        return "department"
    if header.get("implementing_unit") or "绩效目标" in title or "budget.weight" in roles:
        return "project"
    return "other"


def not_applicable(roles: frozenset[str], has: tuple[str, ...], foot_reason: bool) -> tuple[str, ...]:
    """Return what the layout does not have, of weights budget_weights scores reasons rates levels initial adjusted targets actuals.

    Without an indicator block the budget block tells whether weights and scores exist. Without a
    budget block rates are absent only where nothing is scored: a form with scores scores the
    execution too, so that its budget block is missing from the file, not from the layout. Weights of the budget
    are absent where it has a column of scores and none of weights.
    """
    indicators = any(role.startswith("indicators.") for role in roles)
    budget = any(role.startswith("budget.") for role in roles)
    block = "indicators" if indicators else "budget"
    absent = []
    if f"{block}.weight" not in roles:
        absent.append("weights")
    if indicators and "budget.score" in roles and "budget.weight" not in roles:
        absent.append("budget_weights")
    if f"{block}.score" not in roles:
        absent.append("scores")
    if indicators and "indicators.reason" not in roles and not foot_reason and "reasons" not in has:
        absent.append("reasons")
    if not indicators and "budget.reason" not in roles and not foot_reason and "budget.score" not in roles:
        absent.append("reasons")
    if "budget.rate" not in roles and (budget or "indicators.score" not in roles):
        absent.append("rates")
    if indicators and not roles & {"indicators.level1", "indicators.level2"}:
        absent.append("levels")
    if budget and "budget.initial" not in roles:
        absent.append("initial")
    if {"budget.initial", "budget.executed"} <= roles and "budget.budget" not in roles:
        absent.append("adjusted")
    for role, token in (("indicators.target", "targets"), ("indicators.actual", "actuals")):
        if indicators and role not in roles:
            absent.append(token)
    return tuple(absent)

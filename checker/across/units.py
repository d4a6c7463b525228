"""Names of units: which form belongs to which, from what the forms themselves say."""

from __future__ import annotations

from collections.abc import Sequence

from checker.late import late
from checker.model import Form
from checker.values.text import half_width, letters

_NOTE = late(r"\((?:汇总|本级|本部|机关|单位)[^()]{0,4}\)")
_SUMMARY = late(r"\(汇总[^()]{0,4}\)")
_OWN = late(r"\((?:本级|本部|机关)[^()]{0,4}\)")
_REGION = late(r"(?:[\u3400-\u9fff]{2,8}?(?:自治区|自治州|地区|省|市|州|盟|区|县|旗))+")
_STEM = 3
"""Characters behind the region that two units of one family share: 残疾人 in 残疾人联合会, 残疾人劳动服务所."""
_SHORTEST = 5
"""A shorter name (教育局) says too little to be the beginning or the end of another."""


def text(form: Form, name: str) -> str:
    """Return a header text, "" when blank."""
    value = form.header.get(name)
    return value if isinstance(value, str) else ""


def bare(name: str) -> str:
    """Return a unit's name without notes such as (汇总), punctuation and white space."""
    return letters(_NOTE.sub("", half_width(name)))


def unit_of(form: Form) -> str:
    """Return the bare name of the unit that filled a form, "" when the form does not say."""
    return bare(next((name for key in ("unit_name", "implementing_unit", "supervising_department") if (name := text(form, key))), ""))


def unit_name(form: Form) -> str:
    """Return the unit's name as filled, the title or file when there is none."""
    return next((name for key in ("unit_name", "implementing_unit", "supervising_department", "title") if (name := text(form, key))), form.source.path)


def project_of(form: Form) -> str:
    """Return the bare name of the project, "" for forms of a whole department."""
    return letters(text(form, "project_name"))


def year_of(form: Form) -> int | None:
    """Return the fiscal year."""
    value = form.header.get("fiscal_year")
    return value if isinstance(value, int) else None


def is_department(form: Form) -> bool:
    """Say whether a form speaks of a whole unit, not of a project."""
    return form.header.get("form_type") in ("department", "other") and not project_of(form)


def is_summary(form: Form) -> bool:
    """Say whether a form adds up a unit and those below it: (汇总)."""
    return notes_of(text(form, "unit_name"))[0]


def is_own_level(form: Form) -> bool:
    """Say whether a form speaks of the unit alone, without those below it: (本级)."""
    return notes_of(text(form, "unit_name"))[1]


def same_unit(one: str, other: str) -> bool:
    """Compare bare names; one may leave out the regions the other begins with (上海市闵行区… / 闵行区…)."""
    if one == other:
        return bool(one)
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and long.endswith(short) and _REGION.fullmatch(long[: -len(short)]) is not None


def belongs(form: Form, parent: str) -> bool:
    """Say whether a form names a unit as its own, as the one above it, or as the beginning of its own name."""
    own = unit_of(form)
    if same_unit(bare(text(form, "supervising_department")), parent) or same_unit(own, parent):
        return True
    return len(parent) >= _SHORTEST and own.startswith(parent)


def related(one: str, other: str) -> bool:
    """Say whether two units of the same region share the first words behind it."""
    first, second = _REGION.match(one), _REGION.match(other)
    if not first or not second or first[0] != second[0]:
        return False
    stem = one[first.end() : first.end() + _STEM]
    return len(stem) == _STEM and other[second.end() :].startswith(stem)


def notes_of(name: str) -> tuple[bool, bool]:
    """Return whether a unit's name says that it is a summary, and that it is the unit alone."""
    return _SUMMARY.search(half_width(name)) is not None, _OWN.search(half_width(name)) is not None


def known_twice(forms: Sequence[Form]) -> str | None:
    """Return the name of a unit that handed in two different forms of the same kind, None when there is none."""
    seen: dict[tuple[str, str, bool], str] = {}
    for form in forms:
        key = (unit_of(form), project_of(form), is_own_level(form))
        if key in seen and seen[key] != form.source.sha256:
            return unit_name(form)
        seen[key] = form.source.sha256
    return None


def distinct(forms: Sequence[Form]) -> list[Form]:
    """Return the forms without second copies of the same file."""
    kept: dict[tuple[str, str, bool, str], Form] = {}
    for form in forms:
        kept.setdefault((unit_of(form), project_of(form), is_own_level(form), form.source.sha256), form)
    return list(kept.values())


def once(forms: Sequence[Form]) -> list[Form]:
    """Return the forms with each unit, project, year and kind once, however many files it came in."""
    kept: dict[object, Form] = {}
    for form in ordered(forms):
        named = (unit_of(form), project_of(form))
        key: object = (*named, year_of(form), form.header.get("form_type"), notes_of(text(form, "unit_name"))) if any(named) else id(form)
        kept.setdefault(key, form)
    return list(kept.values())


def ordered(forms: Sequence[Form]) -> list[Form]:
    """Return forms in an order that does not depend on how they were handed in."""
    return sorted(forms, key=lambda form: (form.form_id, form.source.path, form.source.sha256))

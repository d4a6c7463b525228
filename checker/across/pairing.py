"""Which form of another year or of the approval belongs to a form, and which of its rows to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from checker.across.figures import Indicator
from checker.across.units import is_own_level, is_summary, ordered, project_of, same_unit, unit_of, year_of
from checker.model import Form

RENAMED = 85
"""Likeness in percent of two names under the same level 2 that are taken for one indicator."""


class Pool:
    """Forms to be found by what they are about."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._by_project: dict[str, list[Form]] = defaultdict(list)
        for form in ordered(list(forms)):
            self._by_project[project_of(form)].append(form)

    def like(self, form: Form) -> list[Form]:
        """Return the forms of the same unit, project and scope, of whatever year; the form itself is not among them.

        A form that names no unit fits any unit when it names the project.
        """
        own, project = unit_of(form), project_of(form)
        found = []
        for other in self._by_project.get(project, ()):
            unit = unit_of(other)
            named = same_unit(own, unit) or (bool(project) and not (own and unit))
            if other is not form and named and (is_summary(other), is_own_level(other)) == (is_summary(form), is_own_level(form)):
                found.append(other)
        return found

    def before(self, form: Form) -> Form | None:
        """Return the form of the latest earlier year, None when there is none or a year is not known."""
        year = year_of(form)
        earlier = [other for other in self.like(form) if year and (then := year_of(other)) and then < year]
        return max(earlier, key=lambda other: (year_of(other) or 0, other.form_id), default=None)


def matched(now: Sequence[Indicator], before: Sequence[Indicator]) -> tuple[list[tuple[Indicator, Indicator]], list[Indicator], list[Indicator]]:
    """Return (pairs, rows only now, rows only before), each in the order of its form.

    Rows pair by name under the same level 2, then by name alone, then by a name that is nearly the same under the
    same level 2; a name that stands several times pairs in order.
    """
    pairs: list[tuple[Indicator, Indicator]] = []
    left, right = list(now), list(before)
    for key in (_full, _name):
        waiting: dict[object, list[Indicator]] = defaultdict(list)
        for other in right:
            waiting[key(other)].append(other)
        rest = []
        for one in left:
            if waiting[key(one)]:
                pairs.append((one, waiting[key(one)].pop(0)))
            else:
                rest.append(one)
        taken = {id(other) for _, other in pairs}
        left, right = rest, [other for other in right if id(other) not in taken]
    for one in list(left) if right else ():
        from rapidfuzz import fuzz

        near = [(fuzz.ratio(one.key, other.key), other) for other in right if _level(one) == _level(other)]
        likeness, best = max(near, key=lambda pair: pair[0], default=(0, None))
        if best is not None and likeness >= RENAMED:
            pairs.append((one, best))
            left.remove(one)
            right.remove(best)
    return sorted(pairs, key=lambda pair: pair[0].row), left, right


def _level(one: Indicator) -> str:
    return "".join((one.text("level2") or "").split())


def _full(one: Indicator) -> object:
    return one.key, _level(one)


def _name(one: Indicator) -> object:
    return one.key

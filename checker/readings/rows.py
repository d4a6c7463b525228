"""Readings across the rows of one form: twins, cut names, deductions alike, parallel rows, reused reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from checker.fields import SCALE
from checker.readings.distinct import from_rows
from checker.readings.plan import Step, keys
from checker.tables.columns import Laid
from checker.values.target import is_reference, read_target
from checker.values.text import squeezed
from checker.values.wording import bare_name, is_cut, may_be_cut

_TABLE = "indicators"


def once(function: Callable[[str], Any]) -> Callable[[str | None], Any]:
    """Return a function of a text that is worked out once per distinct text, None for None."""
    known = cache(function)
    return lambda text: None if text is None else known(text)


def _twins(tables: Laid) -> Laid:
    bare, squeeze = once(lambda text: bare_name(text) or None), once(squeezed)
    reference = once(lambda text: is_reference(None, text))
    rows = tables.rows(_TABLE, "form", "name", "level2", "target", "level1_class")
    alike = [(form, squeeze(level2), bare(name), squeeze(target)) for form, name, level2, target, _ in rows]
    counts = Counter(alike)
    twins: list[int | None] = []
    for (_, name, *_), key in zip(rows, alike, strict=True):
        named = key[2] is not None and key[3] is not None and not reference(name)
        twins.append(counts[key] if named else None if name is None else 1)
    classes = defaultdict(set)
    for (form, *_, level1), key in zip(rows, alike, strict=True):
        classes[form, key[2]].add(level1)
    both = [
        None if key[2] is None or level1 is None else {"产出", "效益"} <= classes[form, key[2]]
        for (form, *_, level1), key in zip(rows, alike, strict=True)
    ]
    return from_rows(tables, _TABLE, {"twins": twins, "cross_class_twin": both})


def _parts(tables: Laid) -> Laid:
    rows = tables.rows(_TABLE, "form", "name", "part_of")
    parts = Counter((form, whole) for form, _, whole in rows if whole is not None)
    return from_rows(tables, _TABLE, {"parts": [None if name is None else parts[form, name] for form, name, _ in rows]})


def _cut_names(tables: Laid) -> Laid:
    rows, may_be = tables.rows(_TABLE, "form", "name"), once(may_be_cut)
    siblings: dict[int, dict[str, None]] = defaultdict(dict)
    for form, name in rows:
        if name is not None:
            siblings[form][name] = None

    @cache
    def bare(form: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(bare_name(name) for name in siblings[form]))

    cut = [None if name is None else is_cut(name, bare(form)) if may_be(name) else False for form, name in rows]
    return from_rows(tables, _TABLE, {"name_cut": cut})


def _lost(tables: Laid) -> Laid:
    pairs = tables.rows(_TABLE, "weight", "score")
    lost = [Decimal(weight - score).scaleb(-SCALE) if weight is not None and score is not None and score < weight else None for weight, score in pairs]
    return from_rows(tables, _TABLE, {"points_lost": lost})


def _shares(tables: Laid) -> Laid:
    rows = tables.rows(_TABLE, "form", "weight", "score", "aim", "measured", "direction")
    alike: list[int | None] = [None] * len(rows)
    spread: list[Decimal | None] = [None] * len(rows)
    groups: dict[tuple[int, Fraction], list[tuple[int, Fraction | None]]] = defaultdict(list)
    for at, (form, weight, score, aim, measured, direction) in enumerate(rows):
        if weight is None or score is None:
            continue
        alike[at] = 0
        if 0 <= score < weight:
            groups[form, Fraction(score, weight)].append((at, _gap(aim, measured, direction)))
    for members in groups.values():
        known = [gap for _, gap in members if gap is not None]
        between = _percent(max(known) - min(known)) if len(known) >= 2 else None
        for at, _ in members:
            alike[at], spread[at] = len(members), between
    return from_rows(tables, _TABLE, {"same_share_rows": alike, "same_share_gap_spread": spread})


def _gap(aim: int | None, measured: int | None, direction: str | None) -> Fraction | None:
    if not aim or measured is None:
        return None
    missed = measured - aim if direction == "lower" else aim - measured
    return Fraction(max(missed, 0), aim)


def _percent(share: Fraction) -> Decimal:
    """Return percentage points at two decimals, half up."""
    return Decimal(int(share * 10_000 + Fraction(1, 2))).scaleb(-2)


def _parallel(tables: Laid) -> Laid:
    rows, base_of = tables.rows(_TABLE, "form", "target", "name", "level2_class", "weight", "score"), once(_bases)
    told: list[str | None] = [None] * len(rows)
    pairs: dict[int, tuple[int, int]] = {}
    groups: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for at, (form, target, name, level2, weight, score) in enumerate(rows):
        base = base_of(target)
        if base is not None and name is not None and weight is not None and score is not None:
            groups[form, base].append((form, base, at, name, level2, weight, score))
    others: dict[int, list[str]] = defaultdict(list)
    for (form, _), members in groups.items():
        if len(members) < 2:
            continue
        comparable, differing = pairs.get(form, (0, 0))
        for one, two in _pairs(members):
            comparable += 1
            if (one[6] < one[5]) != (two[6] < two[5]):
                differing += 1
                others[one[2]].append(_with_score(two))
                others[two[2]].append(_with_score(one))
        pairs[form] = comparable, differing
    for at, names in others.items():
        told[at] = "；".join(names)
    tables = from_rows(tables, _TABLE, {"parallel_rows": told})
    counts = [pairs.get(form, (0, 0)) for (form,) in tables.rows("forms", "form")]
    return from_rows(tables, "forms", {"parallel_pairs": [c for c, _ in counts], "parallel_differing": [d for _, d in counts]})


def _pairs(members: Sequence[tuple[Any, ...]]) -> Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield pairs of different level-2 classes whose names share four characters: one programme seen from two sides."""
    for i, one in enumerate(members[:100]):
        for two in members[i + 1 : 100]:
            if one[4] != two[4] and _same_matter(one[3], two[3]):
                yield one, two


def _bases(text: str) -> str | None:
    if "%" not in text and "％" not in text:
        return None
    target = read_target(text)
    return (
        "|".join(f"{q.value.normalize():f}{q.unit.base}" for q in target.bases) if target and target.ambiguous else None
    )


def _same_matter(one: str, two: str) -> bool:
    first, second = bare_name(one), bare_name(two)
    return any(first[i : i + 4] in second for i in range(len(first) - 3))


def _with_score(row: tuple[Any, ...]) -> str:
    return f"{row[3]}（{_points(row[6])}/{_points(row[5])}）"


def _points(count: int) -> str:
    return f"{Decimal(count).scaleb(-SCALE):.2f}"


def _same_reasons(tables: Laid) -> Laid:
    rows = tables.rows(_TABLE, "form", "reason_text")
    counts = Counter(rows)
    return from_rows(tables, _TABLE, {"same_reason_rows": [None if row[1] is None else counts[row] for row in rows]})


def _unmeasured(tables: Laid) -> Laid:
    """Name the level-1 groups of two rows or more that have full marks throughout and not one measured value."""
    groups: dict[tuple[int, str], list[bool]] = defaultdict(list)
    for form, level1, weight, score, actual in tables.rows(_TABLE, "form", "level1", "weight", "score", "actual_value"):
        if level1 is not None and weight is not None:
            groups[form, level1].append(score is not None and score >= weight and actual is None)
    told: dict[int, list[str]] = defaultdict(list)
    for (form, level1), rows in groups.items():
        if len(rows) >= 2 and all(rows):
            told[form].append(f"{level1}（{len(rows)}）")
    named = ["、".join(told[form]) if form in told else None for (form,) in tables.rows("forms", "form")]
    return from_rows(tables, "forms", {"groups_unmeasured": named})


def _absent(tables: Laid) -> Laid:
    """Give what the layout lacks as a text that rules can search."""
    return from_rows(tables, "forms", {"columns_absent": [marks or None for (marks,) in tables.rows("forms", "not_applicable")]})


STEPS: tuple[Step, ...] = (
    Step("absent columns", keys("forms", "columns_absent"), _absent),
    Step("lost points", keys(_TABLE, "points_lost"), _lost),
    Step("parts", keys(_TABLE, "parts"), _parts),
    Step("twins", keys(_TABLE, "twins", "cross_class_twin"), _twins, keys(_TABLE, "level1_class")),
    Step("cut names", keys(_TABLE, "name_cut"), _cut_names),
    Step(
        "shares",
        keys(_TABLE, "same_share_rows", "same_share_gap_spread"),
        _shares,
        keys(_TABLE, "aim", "measured", "direction"),
    ),
    Step(
        "parallel",
        (*keys(_TABLE, "parallel_rows"), *keys("forms", "parallel_pairs", "parallel_differing")),
        _parallel,
        keys(_TABLE, "level2_class"),
    ),
    Step("unmeasured groups", keys("forms", "groups_unmeasured"), _unmeasured, keys(_TABLE, "actual_value")),
    Step("same reasons", keys(_TABLE, "same_reason_rows"), _same_reasons, keys(_TABLE, "reason_text")),
)

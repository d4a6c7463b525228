"""Readings across the rows of one form: twins, cut names, deductions alike, parallel rows, reused reasons.

Polars narrows each question to the few rows it may concern; only those are looked at one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from checker.fields import SCALE
from checker.frames import Tables
from checker.readings.distinct import from_rows
from checker.readings.plan import Step, keys
from checker.values.target import is_reference, read_target
from checker.values.text import squeezed
from checker.values.wording import bare_name, is_cut, may_be_cut

_TABLE = "indicators"
_NAME = "__name"


def mapped(frame: pl.DataFrame, column: str, alias: str, function: Callable[[str], object], kind: Any) -> pl.DataFrame:
    """Add `alias`: a function of one text column, called once per distinct text; null for null."""
    texts = frame[column].unique().drop_nulls()
    known = pl.DataFrame({column: texts, alias: pl.Series(alias, [function(text) for text in texts], kind)})
    return frame.join(known, on=column, how="left", maintain_order="left")


def _twins(tables: Tables) -> Tables:
    frame = mapped(tables.indicators, "name", _NAME, lambda text: bare_name(text) or None, pl.String)
    frame = mapped(frame, "level2", "__level2", squeezed, pl.String)
    frame = mapped(frame, "target", "__target", squeezed, pl.String)
    frame = mapped(frame, "name", "__reference", lambda text: is_reference(None, text), pl.Boolean)
    named = pl.col(_NAME).is_not_null() & pl.col("__target").is_not_null() & ~pl.col("__reference").fill_null(False)
    both = (pl.col("level1_class") == "产出").any().over("form", _NAME) & (pl.col("level1_class") == "效益").any().over(
        "form", _NAME
    )
    frame = frame.with_columns(
        pl.when(named)
        .then(pl.len().over("form", "__level2", _NAME, "__target"))
        .when(pl.col("name").is_not_null())
        .then(1)
        .cast(pl.Int64)
        .alias("twins"),
        pl.when(pl.col(_NAME).is_not_null() & pl.col("level1_class").is_not_null())
        .then(both.fill_null(False))
        .alias("cross_class_twin"),
    )
    return replace(tables, indicators=frame.drop(_NAME, "__level2", "__target", "__reference"))


def _cut_names(tables: Tables) -> Tables:
    frame = mapped(tables.indicators, "name", "__open", may_be_cut, pl.Boolean)
    cut: list[bool | None] = (
        frame["name"].is_not_null().replace_strict({True: False, False: None}, return_dtype=pl.Boolean).to_list()
    )
    suspects = frame.with_row_index("__at").filter(pl.col("__open"))
    forms = (
        frame.filter(pl.col("form").is_in(suspects["form"].unique().to_list()))
        .group_by("form")
        .agg(pl.col("name").drop_nulls().unique())
    )
    siblings = {form: tuple({bare_name(name) for name in names}) for form, names in forms.iter_rows()}
    for at, form, name in suspects.select("__at", "form", "name").iter_rows():
        cut[at] = is_cut(name, siblings[form])
    return from_rows(tables, _TABLE, {"name_cut": cut})


def _shares(tables: Tables) -> Tables:
    scored = pl.col("weight").is_not_null() & pl.col("score").is_not_null()
    frame = tables.indicators.with_row_index("__at")
    alike: list[int | None] = frame.select(pl.when(scored).then(0).cast(pl.Int64).alias("n"))["n"].to_list()
    spread: list[Decimal | None] = [None] * frame.height
    groups: dict[tuple[int, Fraction], list[tuple[int, Fraction | None]]] = defaultdict(list)
    deducted = frame.filter(scored & (pl.col("score") >= 0) & (pl.col("score") < pl.col("weight")))
    for at, form, weight, score, aim, measured, direction in deducted.select(
        "__at", "form", "weight", "score", "aim", "measured", "direction"
    ).iter_rows():
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


def _parallel(tables: Tables) -> Tables:
    told: list[str | None] = [None] * tables.indicators.height
    pairs: dict[int, tuple[int, int]] = {}
    frame = mapped(tables.indicators.with_row_index("__at"), "target", "__base", _bases, pl.String)
    frame = frame.filter(
        pl.col("__base").is_not_null()
        & pl.col("name").is_not_null()
        & pl.col("weight").is_not_null()
        & pl.col("score").is_not_null()
    )
    frame = frame.filter(pl.len().over("form", "__base") > 1)
    others: dict[int, list[str]] = defaultdict(list)
    for members in _grouped(
        frame.select("form", "__base", "__at", "name", "level2_class", "weight", "score").iter_rows()
    ):
        form = members[0][0]
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
    order = tables.forms["form"].to_list()
    tables = from_rows(tables, _TABLE, {"parallel_rows": told})
    counts = [pairs.get(form, (0, 0)) for form in order]
    return from_rows(
        tables, "forms", {"parallel_pairs": [c for c, _ in counts], "parallel_differing": [d for _, d in counts]}
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    groups: dict[tuple[Any, Any], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        groups[row[0], row[1]].append(row)
    return groups.values()


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


def _same_reasons(tables: Tables) -> Tables:
    told = pl.col("reason_text").is_not_null()
    counted = pl.when(told).then(pl.len().over("form", "reason_text")).cast(pl.Int64).alias("same_reason_rows")
    return replace(tables, indicators=tables.indicators.with_columns(counted))


STEPS: tuple[Step, ...] = (
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
    Step("same reasons", keys(_TABLE, "same_reason_rows"), _same_reasons, keys(_TABLE, "reason_text")),
)

"""Readings of one row's own cells: target, actual, reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from checker.readings.distinct import by_text
from checker.readings.plan import Step, keys
from checker.tables.columns import Laid
from checker.values.actual import Actual, read_actual
from checker.values.comparison import Pair, missed
from checker.values.criterion import is_graded
from checker.values.direction import LOWER
from checker.values.kind import read_kind
from checker.values.level import level1_class, level2_class
from checker.values.opposite import is_opposite
from checker.values.pace import due_in_year
from checker.values.reason import has_measures, is_external, is_stock, on_funds, read_reason, stated
from checker.values.target import Target, is_reference, is_vague, read_target

_LEVELS = ("level1_class", "level2_class")
_TARGET = (
    "kind", "direction", "target_operator", "target_value", "target_unit", "target_high", "target_base", "target_base_unit",
    "target_quantities", "target_vague", "target_perception", "target_reference", "comparator", "ambiguous_target",
)  # fmt: skip
_ACTUAL = (
    "actual_value", "actual_unit", "actual_source", "actual_band", "actual_copies_target", "actual_repeats_target", "actual_vague", "unit_mismatch",
    "aim", "measured", "aim_best", "measured_best", "measured_unit", "target_missed",
    "due_in_year", "done_in_year",
)  # fmt: skip
_CAUSES = ("reason_measures", "reason_external", "reason_stock")
_FOOT = ("foot_reason_text", "remarks_on_funds")
_REASON = ("reason_text", "reason_substance", "reason_clauses")


def _levels(table: str) -> Step:
    def read(level1: str | None, level2: str | None) -> Sequence[object]:
        return level1_class(level1), level2_class(level2, level1)

    return Step(
        f"{table} levels",
        keys(table, *_LEVELS),
        lambda tables: by_text(tables, table, ("level1", "level2"), _LEVELS, read),
    )


def _read_target(text: str | None, name: str | None, level2: str | None) -> Sequence[object]:
    reference = is_reference(text, name)
    target = read_target(text, name, level2)
    if target is None:
        return (*(None,) * 11, reference, None, None)
    main, base = target.main, target.bases[0] if target.bases else None
    return (
        read_kind(target, name, level2),
        target.direction,
        target.operator,
        main.value if main else None,
        (main.unit.written or None) if main else None,
        main.high if main else None,
        base.value if base else None,
        base.unit.written if base else None,
        target.measured,
        target.vague,
        target.perception,
        reference,
        target.comparator,
        target.ambiguous,
    )


def _targets(tables: Laid) -> Laid:
    return by_text(tables, "indicators", ("target", "name", "level2_class"), _TARGET, _read_target)


def fulfilment(pair: Pair, direction: str | None) -> Decimal:
    """Return how far a pair is fulfilled, 1 when exactly; only to order pairs, never shown."""
    if direction == LOWER:
        return Decimal(2) - (pair.measured / pair.aim if pair.aim else Decimal(1) + pair.measured)
    return pair.measured / pair.aim if pair.aim else Decimal(1) + pair.measured


def worst_and_best(actual: Actual | None, target: Target | None) -> tuple[Pair | None, Pair | None]:
    """Return the least and the most fulfilled pair, None when nothing compares."""
    if actual is None or target is None or not actual.pairs:
        return None, None
    ordered = sorted(actual.pairs, key=lambda pair: fulfilment(pair, target.direction))
    return ordered[0], ordered[-1]


def _actuals(tables: Laid) -> Laid:
    seen: dict[tuple[str | None, str | None, str | None], Target | None] = {}

    def read(
        text: str | None, name: str | None, level2: str | None, actual: str | None, reason: str | None
    ) -> Sequence[object]:
        key = (text, name, level2)
        if key not in seen:
            seen[key] = read_target(text, name, level2)
        target = seen[key]
        told = read_actual(actual, reason, target, name)
        if told is None:
            return (None,) * len(_ACTUAL)
        first = told.measured[0] if told.measured else None
        worst, best = worst_and_best(told, target)
        yearly = due_in_year(target.main, told.measured, target.direction) if target and target.main and worst is None else None
        return (
            first.value if first else None,
            (first.unit.written or None) if first else None,
            told.source,
            told.band,
            told.copies,
            told.repeats,
            actual is not None and not told.measured and told.band is None and is_vague(actual, name),
            told.mismatch,
            worst.aim if worst else None,
            worst.measured if worst else None,
            best.aim if best else None,
            best.measured if best else None,
            (worst.unit or None) if worst else None,
            missed(worst, target) if worst and target else None,
            *(yearly or (None, None)),
        )

    return by_text(tables, "indicators", ("target", "name", "level2_class", "actual", "reason"), _ACTUAL, read)


def _read_reason(text: str | None) -> Sequence[object]:
    reason = read_reason(text)
    return (reason.text, reason.substance, reason.clauses) if reason else (None, None, None)


def _reasons(table: str) -> Step:
    return Step(
        f"{table} reasons",
        keys(table, *_REASON),
        lambda tables: by_text(tables, table, ("reason",), _REASON, _read_reason),
    )


def _foot(tables: Laid) -> Laid:
    def read(reason: str | None, remarks: str | None) -> Sequence[object]:
        return None if reason is None else stated(reason), None if remarks is None else on_funds(remarks)

    return by_text(tables, "forms", ("foot_reason", "remarks"), _FOOT, read)


def _criteria(tables: Laid) -> Laid:
    def read(text: str | None) -> Sequence[object]:
        return (None if text is None else is_graded(text),)

    return by_text(tables, "indicators", ("criterion",), ("graded",), read)


def _opposites(tables: Laid) -> Laid:
    def read(target: str | None, actual: str | None) -> Sequence[object]:
        return (None if target is None or actual is None else is_opposite(target, actual),)

    return by_text(tables, "indicators", ("target", "actual"), ("opposite_result",), read)


def _causes(tables: Laid) -> Laid:
    def read(text: str | None) -> Sequence[object]:
        return (None,) * 3 if text is None else (has_measures(text), is_external(text), is_stock(text))

    return by_text(tables, "indicators", ("reason_text",), _CAUSES, read)


_LEVEL2 = keys("indicators", "level2_class")

STEPS: tuple[Step, ...] = (
    _levels("indicator_groups"),
    _levels("indicators"),
    Step("targets", keys("indicators", *_TARGET), _targets, _LEVEL2),
    Step("actuals", keys("indicators", *_ACTUAL), _actuals, _LEVEL2),
    _reasons("indicators"),
    _reasons("budget_lines"),
    Step("foot", keys("forms", *_FOOT), _foot),
    Step("criteria", keys("indicators", "graded"), _criteria),
    Step("opposites", keys("indicators", "opposite_result"), _opposites),
    Step("causes", keys("indicators", *_CAUSES), _causes, keys("indicators", "reason_text")),
)

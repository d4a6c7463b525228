"""All steps in the order of their needs."""

from __future__ import annotations

from checker.readings import cells, evidence, funds, narratives, rows, timing
from checker.readings.plan import Step

STEPS: tuple[Step, ...] = (*cells.STEPS, *timing.STEPS, *rows.STEPS, *funds.STEPS, *narratives.STEPS)


def all_steps(given: evidence.Evidence | None) -> tuple[Step, ...]:
    """Return the steps of a run, those of its evidence last."""
    return (*STEPS, *evidence.steps(given))

"""All steps in the order of their needs."""

from __future__ import annotations

from checker.readings import cells, narratives, rows, timing
from checker.readings.plan import Step

STEPS: tuple[Step, ...] = (*cells.STEPS, *timing.STEPS, *rows.STEPS, *narratives.STEPS)

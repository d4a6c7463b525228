"""Typed readings of text columns, once per distinct text, and readings across the rows of a form.

`add(tables, needed, evidence)` adds the reading columns of `checker.fields`; `Evidence` holds the
events of a run, `unmatched` names those that no indicator takes.
"""

from __future__ import annotations

from checker.readings.evidence import Evidence, unmatched
from checker.readings.plan import add

__all__ = ["Evidence", "add", "unmatched"]

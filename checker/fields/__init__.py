"""The fields rules may name: one table of names, Chinese names, units and where each is read from.

A filled field stands in a cell of the form. A reading is derived from filled fields by
`checker.readings`; its `source` names those cells, so that a reading of an unreadable cell is
itself unreadable (outcome `open`), never blank.
"""

from __future__ import annotations

from checker.fields.across import ACROSS, BATCH_TABLES
from checker.fields.field import SCALE, Field, Unit
from checker.fields.one_form import ONE_FORM, TABLES

__all__ = ["BATCH_TABLES", "BY_TABLE", "FIELDS", "GRAINS", "SCALE", "TABLES", "Field", "Unit"]

GRAINS = (*TABLES, *BATCH_TABLES)
"""What a rule may look at row by row."""

FIELDS: tuple[Field, ...] = (*ONE_FORM, *ACROSS)

BY_TABLE: dict[str, dict[str, Field]] = {table: {f.name: f for f in FIELDS if f.table == table} for table in GRAINS}

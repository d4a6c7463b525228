"""Typed readings of text columns, once per distinct text, and readings across the rows of a form."""

from __future__ import annotations

from checker.readings.plan import add

__all__ = ["add"]

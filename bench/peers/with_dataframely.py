"""dataframely: a schema a frame, every rule a method that returns what holds for a right row; failures with their details."""

from __future__ import annotations

from pathlib import Path

import dataframely as dy
import polars as pl

from peers import conditions


class Indicators(dy.Schema):
    """Rows of indicators."""

    form = dy.UInt32()
    row = dy.UInt32()
    level2 = dy.String(nullable=True)
    name = dy.String(nullable=True)
    target = dy.String(nullable=True)
    actual = dy.String(nullable=True)
    weight = dy.Int64()
    score = dy.Int64()
    reason = dy.String(nullable=True)
    done_to = dy.Date(nullable=True)
    deadline_lenient = dy.Date(nullable=True)
    group1 = dy.UInt32(nullable=True)

    @dy.rule()
    def above(cls) -> pl.Expr:
        """BEN-003."""
        return conditions.INDICATORS["BEN-003"]

    @dy.rule()
    def silent(cls) -> pl.Expr:
        """BEN-006."""
        return conditions.INDICATORS["BEN-006"]

    @dy.rule()
    def late(cls) -> pl.Expr:
        """BEN-008."""
        return conditions.INDICATORS["BEN-008"]

    @dy.rule()
    def short(cls) -> pl.Expr:
        """BEN-010."""
        return conditions.INDICATORS["BEN-010"]


class Lines(dy.Schema):
    """Budget lines."""

    form = dy.UInt32()
    row = dy.UInt32()
    budget = dy.Int64()
    executed = dy.Int64()
    rate = dy.Int64()

    @dy.rule()
    def rate_follows(cls) -> pl.Expr:
        """BEN-004."""
        return conditions.LINES["BEN-004"]


class Forms(dy.Schema):
    """Sums and counts of a form."""

    form = dy.UInt32()
    row = dy.UInt32()
    weight = dy.Int64()
    score = dy.Int64()
    total_score = dy.Int64()
    names = dy.UInt32()
    rows = dy.UInt32()

    @dy.rule()
    def weights(cls) -> pl.Expr:
        """BEN-001."""
        return conditions.FORMS["BEN-001"]

    @dy.rule()
    def scores(cls) -> pl.Expr:
        """BEN-007."""
        return conditions.FORMS["BEN-007"]

    @dy.rule()
    def repeated(cls) -> pl.Expr:
        """BEN-009."""
        return conditions.FORMS["BEN-009"]


class Groups(dy.Schema):
    """Sums of a group beside what the form states."""

    form = dy.UInt32()
    row = dy.UInt32()
    weight = dy.Int64()
    stated = dy.Int64()

    @dy.rule()
    def sums(cls) -> pl.Expr:
        """BEN-002."""
        return conditions.GROUPS["BEN-002"]


class Money(dy.Schema):
    """A form's money by source and by structure."""

    form = dy.UInt32()
    row = dy.UInt32()
    budget_source = dy.Int64()
    budget_structure = dy.Int64()
    executed_source = dy.Int64()
    executed_structure = dy.Int64()

    @dy.rule()
    def budget(cls) -> pl.Expr:
        """BEN-005."""
        return conditions.MONEY["BEN-005"]

    @dy.rule()
    def executed(cls) -> pl.Expr:
        """BEN-015."""
        return conditions.MONEY["BEN-015"]


RULES = {
    "above": "BEN-003", "silent": "BEN-006", "late": "BEN-008", "short": "BEN-010", "rate_follows": "BEN-004", "weights": "BEN-001",
    "scores": "BEN-007", "repeated": "BEN-009", "sums": "BEN-002", "budget": "BEN-005", "executed": "BEN-015",
}  # fmt: skip


def findings(folder: Path) -> pl.DataFrame:
    """Filter every frame by its schema and take what did not pass."""
    part = conditions.read(folder)
    found = []
    for schema, frame in ((Indicators, part.indicators), (Lines, part.lines), (Forms, part.forms), (Groups, part.groups), (Money, part.money)):
        _, failed = schema.filter(frame.select(list(schema.columns())))
        details = failed.details()
        for name in failed.counts():
            found.append(conditions.told(RULES[name], details.filter(pl.col(name) == "invalid")))
    return conditions.named(found, part)

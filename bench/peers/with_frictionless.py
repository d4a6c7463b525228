"""Frictionless: rows of CSV one after the other in Python; checks of our own keep the sums, shared from one table to the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from attrs import define, field
from frictionless import Check, Checklist, Resource, Schema, errors, system

from peers.conditions import WHOLE
from peers.csv_of import COLUMNS

DUE, DONE = re.compile(r"^100%[^(]*\((\d+)"), re.compile(r"^(\d+)")
TYPES = {"level2": "string", "name": "string", "target": "string", "actual": "string", "reason": "string", "role": "string", "form_id": "string", "done_to": "date", "deadline_lenient": "date"}
Found = list[tuple[str, int, int, int, int]]


@define(kw_only=True)
class Sums:
    """What one table leaves for the next, and all findings: rule, form, row, reported, expected."""

    weight: dict[int, int] = field(factory=lambda: defaultdict(int))
    score: dict[int, int] = field(factory=lambda: defaultdict(int))
    group: dict[tuple[int, int], int] = field(factory=lambda: defaultdict(int))
    rows: dict[int, int] = field(factory=lambda: defaultdict(int))
    names: dict[int, set[str]] = field(factory=lambda: defaultdict(set))
    money: dict[int, dict[str, int]] = field(factory=lambda: defaultdict(lambda: defaultdict(int)))
    form_id: dict[int, str] = field(factory=dict)
    found: Found = field(factory=list)


@define(kw_only=True, repr=False)
class Indicators(Check):
    """Rules on rows of indicators; sums for the others."""

    type = "indicators"
    Errors: ClassVar[list[Any]] = [errors.RowError]
    sums: Sums = field(factory=Sums)

    def validate_row(self, row: Any) -> Iterator[Any]:
        """Check a row and add it to the sums."""
        form, number, weight, score = row["form"], row["row"], row["weight"], row["score"]
        sums = self.sums
        sums.weight[form] += weight
        sums.score[form] += score
        sums.group[form, row["group1"]] += weight
        sums.rows[form] += 1
        sums.names[form].add(row["name"])
        broken = []
        if score < 0 or score > weight:
            broken.append(("BEN-003", form, number, score, weight))
        if score < weight:
            if not (row["reason"] or "").strip():
                broken.append(("BEN-006", form, number, score, weight))
        else:
            if row["level2"] == "时效指标" and row["done_to"] is not None and row["done_to"] > row["deadline_lenient"]:
                broken.append(("BEN-008", form, number, score, weight))
            due, done = DUE.match(row["target"] or ""), DONE.match(row["actual"] or "")
            if due and done and int(done[1]) < int(due[1]):
                broken.append(("BEN-010", form, number, int(done[1]), int(due[1])))
        for each in broken:
            sums.found.append(each)
            yield errors.RowError.from_row(row, note=each[0])


@define(kw_only=True, repr=False)
class Groups(Check):
    """The stated weight of a group beside the sum of its rows."""

    type = "groups"
    Errors: ClassVar[list[Any]] = [errors.RowError]
    sums: Sums = field(factory=Sums)

    def validate_row(self, row: Any) -> Iterator[Any]:
        """Check a row."""
        weight = self.sums.group.get((row["form"], row["row"]))
        if weight is not None and weight != row["weight"]:
            self.sums.found.append(("BEN-002", row["form"], row["row"], row["weight"], weight))
            yield errors.RowError.from_row(row, note="BEN-002")


@define(kw_only=True, repr=False)
class Lines(Check):
    """Rates; money by source and structure once the table is read."""

    type = "lines"
    Errors: ClassVar[list[Any]] = [errors.RowError]
    sums: Sums = field(factory=Sums)

    def validate_row(self, row: Any) -> Iterator[Any]:
        """Check a row and add it to the sums."""
        money, budget, executed = self.sums.money[row["form"]], row["budget"], row["executed"]
        money["budget" + row["role"]] += budget
        money["executed" + row["role"]] += executed
        if budget > 0:
            right = (executed * 20_000 + budget) // (budget * 2) * 10_000
            if abs(row["rate"] - right) > 10_000:
                self.sums.found.append(("BEN-004", row["form"], row["row"], row["rate"], right))
                yield errors.RowError.from_row(row, note="BEN-004")

    def validate_end(self) -> Iterator[Any]:
        """Compare the sums."""
        for form, money in self.sums.money.items():
            for rule, column in (("BEN-005", "budget"), ("BEN-015", "executed")):
                if money[column + "source"] != money[column + "structure"]:
                    self.sums.found.append((rule, form, 1, money[column + "source"], money[column + "structure"]))
                    yield errors.TableError(note=rule)


@define(kw_only=True, repr=False)
class Forms(Check):
    """Totals of a form."""

    type = "forms"
    Errors: ClassVar[list[Any]] = [errors.RowError]
    sums: Sums = field(factory=Sums)

    def validate_row(self, row: Any) -> Iterator[Any]:
        """Check a row."""
        form, sums = row["form"], self.sums
        sums.form_id[form] = row["form_id"]
        told = (("BEN-001", sums.weight[form], WHOLE), ("BEN-007", row["total_score"], sums.score[form]), ("BEN-009", len(sums.names[form]), sums.rows[form]))
        for rule, reported, expected in told:
            if reported != expected:
                sums.found.append((rule, form, 1, reported, expected))
                yield errors.RowError.from_row(row, note=rule)


def findings(folder: Path) -> pl.DataFrame:
    """Validate the four tables in the order their sums need."""
    sums = Sums()
    with system.use_context(trusted=True):
        for table, check in (("indicators", Indicators), ("indicator_groups", Groups), ("budget_lines", Lines), ("forms", Forms)):
            schema = Schema.from_descriptor({"fields": [{"name": name, "type": TYPES.get(name, "integer")} for name in COLUMNS[table]]})
            report = Resource(path=str(folder / f"{table}.csv"), schema=schema).validate(Checklist(checks=[check(sums=sums)]), limit_errors=10**9)
            other = [each for each in report.flatten(["type", "note"]) if each[0] not in ("row-error", "table-error")]
            if other:
                raise RuntimeError(f"{table}: {other[:3]}")
    found = pl.DataFrame(sums.found, schema=["rule", "form", "row", "reported", "expected"], orient="row")
    return found.select("rule", pl.col("row").cast(pl.UInt32), pl.col("reported", "expected").cast(pl.String), form_id=pl.col("form").replace_strict(sums.form_id))

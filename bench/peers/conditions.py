"""The ten rules for tools that run on Polars: what holds for a right row, and the frames that no check can make itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

c = pl.col
DUE = c("target").str.extract(r"^100%[^(]*\((\d+)", 1).cast(pl.Int64)
DONE = c("actual").str.extract(r"^(\d+)", 1).cast(pl.Int64)
RATE = (c("executed") * 20_000 + c("budget")) // (c("budget") * 2) * 10_000
WHOLE = 100_000_000

INDICATORS = {
    "BEN-003": (c("score") >= 0) & (c("score") <= c("weight")),
    "BEN-006": (c("score") >= c("weight")) | (c("reason").fill_null("").str.strip_chars() != ""),
    "BEN-008": ~((c("level2") == "时效指标") & (c("done_to") > c("deadline_lenient")).fill_null(False) & (c("score") >= c("weight"))),
    "BEN-010": ~((c("score") >= c("weight")) & (DONE < DUE).fill_null(False)),
}
LINES = {"BEN-004": (c("budget") <= 0) | ((c("rate") - RATE).abs() <= 10_000)}
FORMS = {"BEN-001": c("weight") == WHOLE, "BEN-007": c("score") == c("total_score"), "BEN-009": c("names") == c("rows")}
GROUPS = {"BEN-002": c("weight") == c("stated")}
MONEY = {"BEN-005": c("budget_source") == c("budget_structure"), "BEN-015": c("executed_source") == c("executed_structure")}

SAID = {
    "BEN-001": (c("weight"), pl.lit(WHOLE)), "BEN-002": (c("stated"), c("weight")), "BEN-003": (c("score"), c("weight")),
    "BEN-004": (c("rate"), RATE), "BEN-005": (c("budget_source"), c("budget_structure")), "BEN-006": (c("score"), c("weight")),
    "BEN-007": (c("total_score"), c("score")), "BEN-008": (c("score"), c("weight")), "BEN-009": (c("names"), c("rows")),
    "BEN-010": (DONE, DUE), "BEN-015": (c("executed_source"), c("executed_structure")),
}  # fmt: skip
"""The reported and the expected value of a finding."""


@dataclass(frozen=True, slots=True)
class Part:
    """The tables as read, and what is summed, counted and joined from them: a row a form, a group, a form's money."""

    heads: pl.DataFrame
    lines: pl.DataFrame
    indicators: pl.DataFrame
    forms: pl.DataFrame
    groups: pl.DataFrame
    money: pl.DataFrame

    @property
    def checked(self) -> tuple[tuple[pl.DataFrame, dict[str, pl.Expr]], ...]:
        """Every frame with the rules on its rows."""
        return (self.indicators, INDICATORS), (self.lines, LINES), (self.forms, FORMS), (self.groups, GROUPS), (self.money, MONEY)


def read(folder: Path) -> Part:
    """Read a part and prepare the frames."""
    heads, lines, groups, rows = (pl.read_parquet(folder / f"{table}.parquet") for table in ("forms", "budget_lines", "indicator_groups", "indicators"))
    rows = rows.select("form", "row", "level2", "name", "target", "actual", "weight", "score", "reason", "done_to", "deadline_lenient", "group1")
    sums = rows.group_by("form").agg(c("weight").sum(), c("score").sum(), rows=pl.len(), names=c("name").n_unique())
    forms = sums.join(heads.select("form", "total_score"), on="form").with_columns(row=pl.lit(1, pl.UInt32))
    parts = rows.group_by("form", row="group1").agg(c("weight").sum())
    stated = parts.join(groups.select("form", "row", stated="weight"), on=["form", "row"])
    money = lines.group_by("form").agg(c(column).filter(c("role") == role).sum().alias(f"{column}_{role}") for column in ("budget", "executed") for role in ("source", "structure"))
    return Part(heads, lines, rows, forms, stated, money.with_columns(row=pl.lit(1, pl.UInt32)))


def told(rule: str, wrong: pl.DataFrame) -> pl.DataFrame:
    """Return rows that break a rule as findings."""
    reported, expected = SAID[rule]
    return wrong.select(rule=pl.lit(rule), form="form", row=c("row").cast(pl.UInt32), reported=reported.cast(pl.String), expected=expected.cast(pl.String))


def named(found: list[pl.DataFrame], part: Part) -> pl.DataFrame:
    """Put all findings together and name their forms."""
    return pl.concat(found).join(part.heads.select("form", "form_id"), on="form").drop("form")

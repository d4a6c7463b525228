"""Great Expectations on pandas: expectations on columns and pairs of columns; sums and readings of text are prepared in pandas."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
from great_expectations.expectations.expectation import Expectation

from peers.conditions import WHOLE

SAID = {
    "BEN-001": ("weight", "whole"), "BEN-002": ("stated", "weight"), "BEN-003": ("score", "weight"), "BEN-004": ("rate", "right"), "BEN-005": ("budget_source", "budget_structure"),
    "BEN-006": ("score", "weight"), "BEN-007": ("total_score", "score"), "BEN-008": ("score", "weight"), "BEN-009": ("names", "rows"), "BEN-010": ("done", "due"), "BEN-015": ("executed_source", "executed_structure"),
}  # fmt: skip
"""Columns of the reported and of the expected value."""


def _equal(rule: str, one: str, other: str) -> Expectation:
    return gxe.ExpectColumnPairValuesToBeEqual(column_A=one, column_B=other, meta={"rule": rule})


def _true(rule: str, column: str) -> Expectation:
    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True], meta={"rule": rule})


def _table(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    return pq.read_table(folder / f"{name}.parquet", columns=columns).to_pandas(date_as_object=False)


def _indicators(folder: Path) -> pd.DataFrame:
    rows = _table(folder, "indicators", ["form", "row", "level2", "name", "target", "actual", "weight", "score", "reason", "done_to", "deadline_lenient", "group1"])
    rows["told"] = ~((rows.score < rows.weight) & (rows.reason.fillna("").str.strip() == ""))
    rows["timely"] = ~((rows.level2 == "时效指标") & (rows.done_to > rows.deadline_lenient) & (rows.score >= rows.weight))
    rows["due"] = pd.to_numeric(rows.target.str.extract(r"^100%[^(]*\((\d+)", expand=False))
    rows["done"] = pd.to_numeric(rows.actual.str.extract(r"^(\d+)", expand=False))
    rows["reached"] = ~((rows.score >= rows.weight) & (rows.done < rows.due).fillna(False).astype(bool))
    return rows


def _lines(folder: Path) -> pd.DataFrame:
    lines = _table(folder, "budget_lines", ["form", "row", "budget", "executed", "rate", "role"])
    lines["right"] = (lines.executed * 20_000 + lines.budget) // (lines.budget * 2).where(lines.budget > 0, 1) * 10_000
    lines["follows"] = (lines.budget <= 0) | ((lines.rate - lines.right).abs() <= 10_000)
    return lines


def _money(lines: pd.DataFrame) -> pd.DataFrame:
    made = {f"{column}_{role}": lines[column].where(lines.role == role, 0).groupby(lines.form, sort=False).sum() for column in ("budget", "executed") for role in ("source", "structure")}
    return pd.DataFrame(made).reset_index().assign(row=1)


def findings(folder: Path) -> pl.DataFrame:
    """Validate every frame with complete results and take the rows behind the unexpected index."""
    rows, lines = _indicators(folder), _lines(folder)
    heads = _table(folder, "forms", ["form", "form_id", "total_score"])
    forms = rows.groupby("form", sort=False).agg(weight=("weight", "sum"), score=("score", "sum")).reset_index().merge(heads, on="form").assign(row=1, whole=WHOLE)
    groups = rows.groupby(["form", "group1"], sort=False).agg(weight=("weight", "sum")).reset_index().rename(columns={"group1": "row"})
    groups = groups.merge(_table(folder, "indicator_groups", ["form", "row", "weight"]).rename(columns={"weight": "stated"}), on=["form", "row"])
    suites: list[tuple[pd.DataFrame, list[Expectation]]] = [
        (
            rows,
            [
                gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="weight", column_B="score", or_equal=True, meta={"rule": "BEN-003"}),
                gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, meta={"rule": "BEN-003"}),
                _true("BEN-006", "told"), _true("BEN-008", "timely"), _true("BEN-010", "reached"),
                gxe.ExpectCompoundColumnsToBeUnique(column_list=["form", "name"], meta={"rule": "BEN-009"}),
            ],
        ),
        (lines, [_true("BEN-004", "follows")]),
        (_money(lines), [_equal("BEN-005", "budget_source", "budget_structure"), _equal("BEN-015", "executed_source", "executed_structure")]),
        (forms, [gxe.ExpectColumnValuesToBeInSet(column="weight", value_set=[WHOLE], meta={"rule": "BEN-001"}), _equal("BEN-007", "score", "total_score")]),
        (groups, [_equal("BEN-002", "weight", "stated")]),
    ]  # fmt: skip
    found = [made for number, (frame, suite) in enumerate(suites) for made in _validated(str(number), frame, suite)]
    named = pl.from_pandas(heads[["form", "form_id"]]).with_columns(pl.col("form").cast(pl.UInt32))
    return pl.concat(found).join(named, on="form").drop("form")


def _validated(name: str, frame: pd.DataFrame, suite: list[Expectation]) -> list[pl.DataFrame]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.add_pandas(name).add_dataframe_asset(name).add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    result = batch.validate(gx.ExpectationSuite(name=name, expectations=suite), result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False})
    found = []
    for each in result.results:
        if each.exception_info and each.exception_info.get("raised_exception"):
            raise RuntimeError(str(each.exception_info))
        rule, wrong = each.expectation_config.meta["rule"], each.result.get("unexpected_index_list") or []
        if wrong:
            found.append(_told(rule, frame.loc[pd.unique(pd.Series(wrong))]))
    return found


def _told(rule: str, wrong: pd.DataFrame) -> pl.DataFrame:
    if rule == "BEN-009":
        wrong = wrong.groupby("form", sort=False).agg(names=("name", "nunique"), rows=("name", "size")).reset_index().assign(row=1)
    reported, expected = SAID[rule]
    told = pl.DataFrame({"form": wrong.form.to_numpy(), "row": wrong.row.to_numpy(), "reported": wrong[reported].to_numpy(), "expected": wrong[expected].to_numpy()})
    return told.select(pl.lit(rule).alias("rule"), pl.col("form", "row").cast(pl.UInt32), pl.col("reported", "expected").cast(pl.Int64).cast(pl.String))

"""Deterministic normalized forms with known faults, as one part of Parquet tables: the input of the engine measurements.

    python bench/tables.py 20000 FOLDER [--seed 7]

A form has 62 indicators in 4 groups and 5 budget lines. Each of ten faults is put into exactly max(1, N // 50) forms,
one finding each; FOLDER/truth.parquet lists them. Numbers are exact counts of 10⁻⁶.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

UNIT = 1_000_000
GROUPS = (("投入管理指标", (7.5, 10.2, 4.5, 0.9, 3.0, 2.4, 1.5)), ("产出指标", (1.0,) * 11 + (0.5,) * 28), ("效益指标", (2.0,) * 7 + (3.0,) * 7), ("满意度指标", (5.0, 5.0)))
MANY = 62
LEVEL2 = ["预算执行管理"] * 7 + ["数量指标"] * 13 + ["质量指标"] * 13 + ["时效指标"] * 13 + ["社会效益指标"] * 14 + ["服务对象满意度指标"] * 2
TIMED = slice(33, 46)
REASONS = ["申请补贴的企业减少", "补贴人数减少", "按照实际符合条件的人数参保", "受疫情影响活动取消", "项目跨年执行"]
LABELS = [("财政拨款", "source"), ("其他资金", "source"), ("上年结转", "source"), ("基本支出", "structure"), ("项目支出", "structure")]
MATTERS = ["岗位补贴", "社区康复", "养老补助", "困难帮扶", "助残活动", "辅助器具", "医疗保险", "政务公开", "设备购置", "课题研究", "人员培训", "文化服务", "道路养护", "绿化管护", "志愿服务", "系统运维"]
SIDES = ["发放及时性", "完成率", "准确性", "覆盖率", "验收合格率", "参与人次", "满意度", "使用率", "数量", "场次", "增长率", "达标率", "整改率", "公开率", "响应率", "知晓率", "故障率", "完好率", "入库率", "促进作用"]
NAMES = [matter + side + scope for matter in MATTERS for side in SIDES for scope in ("", "（区级）", "（街镇）", "（年度）", "（新增）", "（续建）")]
UNITS = ["人", "场", "家", "辆", "件", "批", "人次"]
COUNTED = slice(7, 20)
"""Rows whose target names a count behind 100 %; in the 13 rows below there are words between the two."""
RULES = ("BEN-001", "BEN-002", "BEN-003", "BEN-004", "BEN-005", "BEN-006", "BEN-007", "BEN-008", "BEN-009", "BEN-010")
STEP = 20_000


def generate(many: int, folder: Path, seed: int = 7) -> None:
    """Write one part of `many` forms and its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    each = max(1, many // 50)
    faulty = {rule: np.sort(chance.permutation(many)[:each]) for rule in RULES}
    truth: list[tuple[str, str, int]] = []
    parts: dict[str, list[pl.DataFrame]] = {}
    for low in range(0, many, STEP):
        high = min(many, low + STEP)
        here = {rule: at[(at >= low) & (at < high)] - low for rule, at in faulty.items()}
        for table, frame in _some(chance, low, high - low, here, truth).items():
            parts.setdefault(table, []).append(frame)
    for table, frames in parts.items():
        pl.concat(frames).write_parquet(folder / f"{table}.parquet", compression="zstd", row_group_size=124_000)
    pl.DataFrame(truth, schema={"rule": pl.String, "form_id": pl.String, "row": pl.UInt32}, orient="row").sort("rule", "form_id").write_parquet(folder / "truth.parquet")


def _ids(numbers: np.ndarray) -> pl.Series:
    return pl.Series("form_id", [f"SH2023-{number + 1:08d}" for number in numbers.tolist()], dtype=pl.String)


def _scaled(name: str, values: np.ndarray) -> list[pl.Series]:
    """A column of exact counts and its printed digits; `values` are hundredths."""
    return [pl.Series(name, values.ravel() * (UNIT // 100), dtype=pl.Int64), pl.Series(f"{name}_digits", np.full(values.size, 2), dtype=pl.UInt8)]


def _some(chance: np.random.Generator, low: int, many: int, faults: dict[str, np.ndarray], truth: list[tuple[str, str, int]]) -> dict[str, pl.DataFrame]:
    weight = np.empty((many, MANY), dtype=np.int64)
    at = 0
    for _, given in GROUPS:
        hundredths = np.round(np.array(given) * 100).astype(np.int64)
        weight[:, at : at + len(given)] = hundredths[np.argsort(chance.random((many, len(given))), axis=1)]
        at += len(given)
    group = np.repeat(np.arange(4), [len(given) for _, given in GROUPS])
    stated = np.tile(np.array([3000, 2500, 3500, 1000]), (many, 1))
    weight[faults["BEN-001"], 46] += 50
    stated[faults["BEN-001"], 2] += 50
    stated[faults["BEN-002"], 3] += 100
    deducted = chance.random((many, MANY)) < 0.06
    deducted[faults["BEN-008"], 40] = False
    deducted[faults["BEN-003"], 2] = False
    deducted[faults["BEN-010"], 18] = False
    silent = np.zeros((many, MANY), bool)
    silent[faults["BEN-006"], 8] = True
    deducted[faults["BEN-006"], 8] = True
    score = np.where(deducted, weight * 8 // 10, weight)
    score[faults["BEN-003"], 2] += 50
    total = score.sum(axis=1)
    total[faults["BEN-007"]] += 100
    first = np.datetime64("2023-01-01")
    due = first + chance.integers(60, 364, (many, MANY))
    late = np.zeros((many, MANY), bool)
    late[:, TIMED] = deducted[:, TIMED]
    late[faults["BEN-008"], 40] = True
    done = np.where(late, due + chance.integers(1, 20, (many, MANY)), due - chance.integers(0, 30, (many, MANY)))
    timed = np.zeros(MANY, bool)
    timed[TIMED] = True
    blank = pl.Series(["  ", None])
    picked = chance.integers(0, len(REASONS), (many, MANY)).ravel()
    forms = np.arange(low, low + many)
    count = chance.integers(2, 4000, (many, MANY))
    short = np.zeros((many, MANY), bool)
    short[:, COUNTED] = deducted[:, COUNTED]
    short[faults["BEN-010"], 18] = True
    reached = np.where(short, np.maximum(count - 1 - chance.integers(0, 50, (many, MANY)), 1), count + chance.integers(0, 3, (many, MANY)))
    # 37 and the number of names have no common factor: no name comes twice.
    name = (chance.integers(0, len(NAMES), (many, 1)) + 37 * np.arange(MANY)[None, :]) % len(NAMES)
    name[faults["BEN-009"], 25] = name[faults["BEN-009"], 24]
    at = np.arange(MANY)
    shape = np.select([(at >= 7) & (at < 20), (at >= 20) & (at < 33), timed], [0, 1, 2], 3)
    indicators = pl.DataFrame(
        [
            pl.Series("form", np.repeat(forms, MANY), dtype=pl.UInt32),
            pl.Series("row", np.tile(np.arange(1, MANY + 1), many), dtype=pl.UInt32),
            pl.Series("_g", np.tile(group, many)), pl.Series("_n", name.ravel()), pl.Series("_c", count.ravel()), pl.Series("_a", reached.ravel()),
            pl.Series("_u", chance.integers(0, len(UNITS), many * MANY)), pl.Series("_f", np.tile(shape, many)),
            *_scaled("weight", weight), *_scaled("score", score),
            pl.Series("_d", deducted.ravel()), pl.Series("_s", silent.ravel()), pl.Series("_r", picked), pl.Series("_t", np.tile(timed, many)),
            pl.Series("_done", done.ravel()).cast(pl.Date), pl.Series("_due", due.ravel()).cast(pl.Date),
        ]
    )  # fmt: skip
    level1 = pl.lit(pl.Series([given for given, _ in GROUPS]))
    reason = pl.lit(pl.Series(REASONS)).gather(pl.col("_r"))
    counted = pl.col("_c").cast(pl.String) + pl.lit(pl.Series(UNITS)).gather(pl.col("_u"))
    target = pl.when(pl.col("_f") == 0).then("100%(" + counted + ")").when(pl.col("_f") == 1).then("100%准确(" + counted + ")")
    target = target.when(pl.col("_f") == 2).then("及时(" + pl.col("_due").dt.month().cast(pl.String) + "月之前)").when(pl.col("_u") > 3).then(pl.lit(">=95%")).otherwise(pl.lit("有提升"))
    indicators = indicators.select(
        "form", "row",
        level1.gather(pl.col("_g")).alias("level1"),
        pl.lit(pl.Series(LEVEL2)).gather(pl.col("row") - 1).alias("level2"),
        pl.lit(pl.Series(NAMES)).gather(pl.col("_n")).alias("name"),
        target.alias("target"),
        pl.when(pl.col("_f") < 2).then(pl.col("_a").cast(pl.String) + pl.lit(pl.Series(UNITS)).gather(pl.col("_u"))).otherwise(pl.lit("达成指标")).alias("actual"),
        "weight", "weight_digits", "score", "score_digits",
        pl.when("_s").then(pl.lit(blank).gather(pl.col("_r") % 2)).when("_d").then(reason).alias("reason"),
        pl.when("_t").then("_done").alias("done_to"), pl.when("_t").then("_due").alias("deadline_lenient"),
        (pl.col("_g") + 1).cast(pl.UInt32).alias("group1"), pl.lit(None, pl.UInt32).alias("group2"), pl.lit(None, pl.String).alias("unread"),
    )  # fmt: skip
    groups = pl.DataFrame(
        [pl.Series("form", np.repeat(forms, 4), dtype=pl.UInt32), pl.Series("row", np.tile(np.arange(1, 5), many), dtype=pl.UInt32), *_scaled("weight", stated)]
    ).with_columns(pl.lit(1, pl.Int64).alias("level"), level1.gather(pl.col("row") - 1).alias("level1"), pl.lit(None, pl.String).alias("unread"))
    numbers = _ids(forms)
    made = {"indicators": indicators, "indicator_groups": groups, "budget_lines": _budget(chance, forms, faults, truth, numbers)}
    made["forms"] = pl.DataFrame(
        [numbers, pl.Series("form", forms, dtype=pl.UInt32), *_scaled("total_score", total), *_scaled("total_weight", np.full(many, 10_000))]
    ).with_columns(
        pl.lit(1, pl.UInt32).alias("row"), pl.lit("department").alias("form_type"), pl.lit(2023, pl.Int64).alias("fiscal_year"), pl.lit("元").alias("amount_unit"),
        pl.lit(None, pl.String).alias("not_applicable"), pl.lit(None, pl.String).alias("unread"),
        *(pl.lit(n, pl.UInt32).alias(f"rows_{table}") for table, n in (("budget_lines", 5), ("indicator_groups", 4), ("indicators", MANY))),
    )  # fmt: skip
    rows = {"BEN-001": 1, "BEN-002": 4, "BEN-003": 3, "BEN-005": 1, "BEN-006": 9, "BEN-007": 1, "BEN-008": 41, "BEN-009": 1, "BEN-010": 19}
    truth += [(rule, numbers[int(i)], row) for rule, row in rows.items() for i in faults[rule]]
    return made


def _budget(chance: np.random.Generator, forms: np.ndarray, faults: dict[str, np.ndarray], truth: list[tuple[str, str, int]], numbers: pl.Series) -> pl.DataFrame:
    many = len(forms)
    structure = chance.integers(10_000_00, 60_000_000_00, (many, 2))
    total = structure.sum(axis=1)
    first = (total * chance.uniform(0.5, 0.9, many)).astype(np.int64)
    second = ((total - first) * chance.uniform(0, 1, many)).astype(np.int64)
    source = np.stack([first, second, total - first - second], axis=1)
    used = (structure * chance.uniform(0.85, 1.0, (many, 2))).astype(np.int64)
    spent = np.minimum((source * (used.sum(axis=1) / total)[:, None]).astype(np.int64), source)
    spent[:, 2] = used.sum(axis=1) - spent[:, 0] - spent[:, 1]
    budget, executed = np.concatenate([source, structure], axis=1), np.concatenate([spent, used], axis=1)
    budget[faults["BEN-005"], 3] += 1000_00
    rate = np.where(budget > 0, (executed * 100_00 * 2 + budget) // np.maximum(2 * budget, 1), 0)
    line = chance.integers(2, 5, many)
    wrong = faults["BEN-004"]
    rate[wrong, line[wrong]] += 50
    truth += [("BEN-004", numbers[int(i)], int(line[i]) + 1) for i in wrong if budget[i, line[i]] > 0]
    rows = pl.DataFrame(
        [
            pl.Series("form", np.repeat(forms, 5), dtype=pl.UInt32), pl.Series("row", np.tile(np.arange(1, 6), many), dtype=pl.UInt32),
            *_scaled("budget", budget), *_scaled("executed", executed), *_scaled("rate", rate),
        ]
    )  # fmt: skip
    label, role = (pl.lit(pl.Series([pair[i] for pair in LABELS])).gather(pl.col("row") - 1) for i in (0, 1))
    return rows.with_columns(label.alias("label"), role.alias("role"), pl.lit(None, pl.String).alias("unread"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("many", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.many, given.folder, given.seed)

"""The same ten rules by this project, by a hand-written Polars plan and by hand-written DuckDB SQL, on the same files.

    python bench/contenders.py checker|polars|duckdb|<one of bench/peers> FOLDER [--times 3]

prints a line of JSON: seconds of each run (import not counted), peak memory, findings, their digest by rule, form, row.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]


def by_checker(folder: Path) -> Any:
    """The rules of bench/rules.yaml, loaded, compiled and run on the part."""
    from checker.api import load_rules
    from checker.engine.parts import check_part, ready

    return check_part(folder, ready(load_rules([HERE / "rules.yaml"]).active, date(2024, 4, 18)))


def by_polars(folder: Path) -> Any:
    """A fused plan: one filter for the rules on rows, one grouping of runs for those on sums, one on sorted keys for names, by streaming."""
    import polars as pl

    c = pl.col
    forms, lines, groups, rows = (pl.scan_parquet(folder / f"{name}.parquet") for name in ("forms", "budget_lines", "indicator_groups", "indicators"))
    above = (c("score") < 0) | (c("score") > c("weight"))
    silent = (c("score") < c("weight")) & (c("reason").is_null() | (c("reason").str.strip_chars() == ""))
    late = (c("level2") == "时效指标") & (c("done_to") > c("deadline_lenient")) & (c("score") >= c("weight"))
    suspect = rows.filter(above | silent | late).select("form", "row", "weight", "score", "level2", "reason", "done_to", "deadline_lenient")
    counted = rows.filter((c("score") >= c("weight")) & c("target").str.starts_with("100%")).select(
        "form", "row", due=c("target").str.extract(r"^100%[^(]*\((\d+)", 1).cast(pl.Int64), done=c("actual").str.extract(r"^(\d+)", 1).cast(pl.Int64)
    )  # fmt: skip
    short = counted.filter(c("done") < c("due"))
    run = ((c("form") != c("form").shift()) | (c("group1") != c("group1").shift())).fill_null(True).cum_sum().alias("run")
    parts = rows.select("form", "group1", "weight", "score", run).with_columns(c("run").set_sorted())
    parts = parts.group_by("run").agg(c("form").first(), c("group1").first(), c("weight").sum(), c("score").sum())
    sums = parts.group_by("form", "group1").agg(c("weight").sum(), c("score").sum())
    twice = rows.with_columns(c("form").set_sorted()).group_by("form").agg(n=pl.len(), names=c("name").n_unique()).filter(c("names") < c("n"))
    rate = (c("executed") * 20000 + c("budget")) // (c("budget") * 2) * 10_000
    wrong = lines.filter((c("budget") > 0) & ((c("rate") - rate).abs() > 10_000)).select("form", "row", "rate", rate.alias("right"))
    source, structure = c("role") == "source", c("role") == "structure"
    money = lines.group_by("form").agg(*(c(n).filter(w).sum().alias(f"{n}{i}") for n in ("budget", "executed") for i, w in enumerate((source, structure))))
    unequal = money.filter((c("budget0") != c("budget1")) | (c("executed0") != c("executed1")))
    suspect, short, sums, twice, wrong, unequal, known, named = pl.collect_all(
        [suspect, short, sums, twice, wrong, unequal, groups.select("form", "row", stated="weight"), forms.select("form", "form_id", "total_score")], engine="streaming"
    )

    def out(frame: pl.DataFrame, rule: str, row: Any, reported: Any, expected: Any) -> pl.DataFrame:
        return frame.select(rule=pl.lit(rule), form=c("form"), row=row.cast(pl.UInt32), reported=reported.cast(pl.String), expected=expected.cast(pl.String))

    one = pl.lit(1)
    whole = sums.group_by("form").agg(c("weight").sum(), c("score").sum()).join(named, on="form")
    found = [
        out(suspect.filter(above), "BEN-003", c("row"), c("score"), c("weight")),
        out(suspect.filter(silent), "BEN-006", c("row"), c("score"), c("weight")),
        out(suspect.filter(late), "BEN-008", c("row"), c("score"), c("weight")),
        out(short, "BEN-010", c("row"), c("done"), c("due")),
        out(sums.join(known, left_on=["form", "group1"], right_on=["form", "row"]).filter(c("weight") != c("stated")), "BEN-002", c("group1"), c("stated"), c("weight")),
        out(whole.filter(c("weight") != 100_000_000), "BEN-001", one, c("weight"), pl.lit(100_000_000)),
        out(whole.filter(c("score") != c("total_score")), "BEN-007", one, c("total_score"), c("score")),
        out(twice, "BEN-009", one, c("names"), c("n")),
        out(wrong, "BEN-004", c("row"), c("rate"), c("right")),
        out(unequal.filter(c("budget0") != c("budget1")), "BEN-005", one, c("budget0"), c("budget1")),
        out(unequal.filter(c("executed0") != c("executed1")), "BEN-015", one, c("executed0"), c("executed1")),
    ]
    return pl.concat(found).join(named.select("form", "form_id"), on="form").drop("form")


SQL = {
    "BEN-001": "SELECT 'BEN-001' AS rule, form, 1 AS row, CAST(w AS VARCHAR) AS reported, '100000000' AS expected FROM (SELECT form, sum(weight) w FROM I GROUP BY form) WHERE w <> 100000000",
    "BEN-002": "SELECT 'BEN-002', G.form, G.row, CAST(G.weight AS VARCHAR), CAST(w AS VARCHAR) FROM G JOIN (SELECT form, group1, sum(weight) w FROM I GROUP BY form, group1) S ON G.form = S.form AND G.row = S.group1 WHERE w <> G.weight",
    "BEN-003": "SELECT 'BEN-003', form, row, CAST(score AS VARCHAR), CAST(weight AS VARCHAR) FROM I WHERE score < 0 OR score > weight",
    "BEN-004": "SELECT 'BEN-004', form, row, CAST(rate AS VARCHAR), CAST((executed * 20000 + budget) // (budget * 2) * 10000 AS VARCHAR) FROM B WHERE budget > 0 AND abs(rate - (executed * 20000 + budget) // (budget * 2) * 10000) > 10000",
    "BEN-005": "SELECT 'BEN-005', form, 1, CAST(a AS VARCHAR), CAST(b AS VARCHAR) FROM (SELECT form, sum(budget) FILTER (role = 'source') a, sum(budget) FILTER (role = 'structure') b FROM B GROUP BY form) WHERE a <> b",
    "BEN-015": "SELECT 'BEN-015', form, 1, CAST(a AS VARCHAR), CAST(b AS VARCHAR) FROM (SELECT form, sum(executed) FILTER (role = 'source') a, sum(executed) FILTER (role = 'structure') b FROM B GROUP BY form) WHERE a <> b",
    "BEN-006": "SELECT 'BEN-006', form, row, CAST(score AS VARCHAR), CAST(weight AS VARCHAR) FROM I WHERE score < weight AND trim(coalesce(reason, '')) = ''",
    "BEN-007": "SELECT 'BEN-007', F.form, 1, CAST(total_score AS VARCHAR), CAST(s AS VARCHAR) FROM F JOIN (SELECT form, sum(score) s FROM I GROUP BY form) S USING (form) WHERE s <> total_score",
    "BEN-008": "SELECT 'BEN-008', form, row, CAST(score AS VARCHAR), CAST(weight AS VARCHAR) FROM I WHERE level2 = '时效指标' AND done_to > deadline_lenient AND score >= weight",
    "BEN-009": "SELECT 'BEN-009', form, 1, CAST(u AS VARCHAR), CAST(n AS VARCHAR) FROM (SELECT form, count(*) u, sum(n) n FROM (SELECT form, name, count(*) n FROM I GROUP BY form, name) GROUP BY form) WHERE u < n",
    "BEN-010": r"SELECT 'BEN-010', form, row, CAST(a AS VARCHAR), CAST(t AS VARCHAR) FROM (SELECT form, row, TRY_CAST(regexp_extract(target, '^100%[^(]*\((\d+)', 1) AS BIGINT) t, TRY_CAST(regexp_extract(actual, '^(\d+)', 1) AS BIGINT) a FROM I WHERE score >= weight AND starts_with(target, '100%')) WHERE a < t",
}


def by_duckdb(folder: Path) -> Any:
    """One UNION ALL of the rules."""
    import duckdb

    base = duckdb.connect()
    base.execute("SET threads=2; SET preserve_insertion_order=false")
    for name, table in (("F", "forms"), ("B", "budget_lines"), ("G", "indicator_groups"), ("I", "indicators")):
        base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{table}.parquet')")
    union = " UNION ALL ".join(f"({query})" for query in SQL.values())
    return base.sql(f"SELECT rule, form_id, found.row AS row, reported, expected FROM ({union}) found JOIN F USING (form)").pl()


CONTENDERS = {"checker": by_checker, "polars": by_polars, "duckdb": by_duckdb}


def used() -> float:
    """Return the processor time of this process and of those it waited for, in seconds."""
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def peak() -> int:
    """Return the peak memory of this process, or of one it waited for, in MB; what the parent held before the start is not counted where that can be told."""
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    status = Path("/proc/self/status")
    if status.exists():
        return max(below, next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024)
    return max(below, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    """Run one contender and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    import peers

    parser.add_argument("name", choices=[*CONTENDERS, *peers.PEERS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    import polars  # noqa: F401

    if given.name == "duckdb":
        import duckdb  # noqa: F401
    if given.name == "checker":
        import checker.engine.parts
        import checker.rules.ruleset  # noqa: F401
    run = CONTENDERS.get(given.name) or peers.loaded(given.name)
    spent = []
    found = None
    for _ in range(given.times):
        wall, cpu = time.perf_counter(), used()
        found = run(given.folder)
        spent.append((time.perf_counter() - wall, used() - cpu))
    lines = sorted(f"{rule}|{form}|{row}" for rule, form, row in found.select("rule", "form_id", "row").iter_rows())  # type: ignore[union-attr]
    print(
        json.dumps(
            {
                "name": given.name, "wall": [s for s, _ in spent], "cpu": [s for _, s in spent], "mb": peak(),
                "findings": len(lines), "digest": sha256("\n".join(lines).encode()).hexdigest()[:12],
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

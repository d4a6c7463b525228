"""The minimal script cold start is measured against: calamine reads one xlsx, Polars runs ten hand-written rules, findings are printed."""

import sys

import polars as pl
from python_calamine import CalamineWorkbook

cells = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
top = next(i for i, row in enumerate(cells) if "三级指标" in [str(c) for c in row])
heads = [str(c).strip() for c in cells[top]]
col = {name: heads.index(name) for name in heads if name}
at = {"weight": col["分值"], "score": col["得分"], "name": col["三级指标"], "level1": col["一级指标"], "target": heads.index("年度指标值"), "actual": heads.index("实际完成值"), "reason": len(heads) - 1}
rows = [{key: str(row[i]).strip() for key, i in at.items()} | {"row": n} for n, row in enumerate(cells[top + 1 :], top + 2) if str(row[col["三级指标"]]).strip()]
frame = pl.DataFrame(rows).with_columns(pl.col("weight", "score").cast(pl.Float64, strict=False))
w, s, eps = pl.col("weight"), pl.col("score"), 1e-6
blank = pl.col("reason") == ""
number = r"(\d+(?:\.\d+)?)"
target, actual = (pl.col(name).str.extract(number).cast(pl.Float64) for name in ("target", "actual"))
rules = {
    "R1": (pl.lit((frame["weight"].sum() - 90) ** 2 > eps) & (pl.int_range(pl.len()) == 0)),
    "R2": w.is_null(),
    "R3": (s < 0) | (s > w),
    "R4": s.is_null(),
    "R5": pl.col("target") == "",
    "R6": (s < w) & blank,
    "R7": pl.col("actual") == "",
    "R8": (s < w) & ~blank & (pl.col("reason").str.len_chars() < 4),
    "R9": pl.col("name").is_duplicated(),
    "R10": pl.col("target").str.contains("≥") & (actual < target) & (s >= w),
}
flags = frame.lazy().select("row", "name", **rules).collect()
for rule in rules:
    for row, name in flags.filter(pl.col(rule)).select("row", "name").iter_rows():
        print(rule, row, name)
print(f"{len(rules)} rules, {frame.height} rows")

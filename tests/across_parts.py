"""Forms of two years and many units whose comparisons find something, as parts, and what the usual run finds on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
from across_forms import form, line, narrative, row
from msgspec.structs import replace

from checker.across import Inputs, judge_across
from checker.cluster import across
from checker.cluster.task import told
from checker.engine.parts import write_part
from checker.model import Form
from checker.rules.rule import Rule

DAY = date(2024, 4, 18)
GRAINS = {table for shuffle in across.SHUFFLES.values() for table in shuffle.tables}


def forms() -> list[Form]:
    """Twelve projects and six units in two years: texts and values carried over, one score far from the others, full marks."""
    made = []
    for year in (2022, 2023):
        for n in range(12):
            rows = [
                row("培训人次", "≥100人", f"{200 if n == 3 else 100 + n}人", reason="受疫情影响培训活动推迟到下一年度举办并相应核减" if n % 2 else None, score="9"),
                row("满意度", "≥90%", f"{90 + n % 4}%", level2="服务对象满意度指标"),
            ]
            result = narrative(n) if n < 6 else narrative(100 * year + n)
            made.append(form(f"示例市第{n}中学", kind="project", year=year, project=f"培训项目{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", above="示例市教育局", result=result, goal=narrative(n + 50), rows=rows, lines=[line("年度资金总额", "100.00", "90.00", "total")], score="31.50" if n == 7 else f"{99 - n % 3}.00"))
        for n in range(6):
            # The region is left out in one of the years.
            name = f"示例县第{n}图书管理中心" if year == 2022 else f"第{n}图书管理中心"
            made.append(form(name, year=year, result=narrative(n + 20), rows=[row("借阅量", "≥5000册", "5210册")], score="100.00"))
    return [replace(one, form_id=f"form-{number:03d}") for number, one in enumerate(made)]


def parts(folder: Path, many: list[Form], size: int) -> list[Path]:
    """Write forms as parts of `size`; forms that are compared stand in different parts."""
    folders = []
    for start in range(0, len(many), size):
        folders.append(folder / f"part-{start:03d}")
        write_part(many[start : start + size], folders[-1])
    return folders


def usual(many: list[Form], rules: tuple[Rule, ...]) -> pl.DataFrame:
    """Return what the usual run finds with the rules whose comparisons are shuffled, as rows."""
    mine = [rule for rule in rules if rule.each in GRAINS]
    known = {rule.id: (rule.version, rule.each) for rule in mine}
    named = [replace(one, source=replace(one.source, path=one.form_id), places={}) for one in many]
    found = judge_across(Inputs(tuple(named)), mine, DAY, "zh").findings
    return told(pa.Table.from_pylist([across.row(finding, *known[finding.rule]) for finding in found], across.FOUND))

"""Deterministic forms with injected faults, as xlsx files: the input of the batch measurements.

    python bench/generate.py 1000 FOLDER [--seed 7]

Each form is a 项目支出绩效自评表 of 24 to 40 indicators; every equation holds and one form in ten has one of five
faults. The faults written are listed in FOLDER-truth.csv, beside the folder. Same bytes on every run.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

LEVELS = (("产出指标", "数量指标", 20), ("产出指标", "质量指标", 15), ("产出指标", "时效指标", 15), ("效益指标", "社会效益指标", 30), ("满意度指标", "服务对象满意度指标", 10))
SUBJECTS = ("困难群众救助", "社区康复器材", "残疾人就业岗位", "城镇养老补助", "农村帮扶", "全国助残日", "辅助器具", "道路养护", "绿化管护", "志愿服务", "信息系统运维", "课题研究")
MATTERS = {"数量指标": ("人数", "场次", "户数", "件数"), "质量指标": ("准确率", "合格率", "达标率"), "时效指标": ("完成时间", "发放时间"), "社会效益指标": ("知晓率", "覆盖率"), "服务对象满意度指标": ("满意度",)}
UNITS = {"人数": "人", "场次": "场", "户数": "户", "件数": "件"}
REASONS = ("补贴人数减少，下一步将完善测算。", "受天气影响部分活动延期，将加强进度管理。", "年初测算目标时考虑不足，下一步将优化方案并调整目标。")
FAULTS = ("score_above_weight", "deduction_without_reason", "total_score", "rate", "budget_sum")


@dataclass(frozen=True, slots=True)
class Made:
    """One form as rows of cell texts, and the fault put in (None: none)."""

    rows: list[tuple[object, ...]]
    fault: str | None


def form(number: int, seed: int) -> Made:
    """Return form `number` of a series; the same for the same numbers."""
    chance = random.Random(f"{seed}:{number}")
    fault = FAULTS[(number // 10) % len(FAULTS)] if number % 10 == 0 else None
    lines, total = _budget(chance, fault)
    indicators = _indicators(chance, fault)
    score = total + sum((Decimal(str(row[6])) for row in indicators), Decimal(0))
    if fault == "total_score":
        score += 1
    subject = f"{chance.choice(SUBJECTS)}项目（{number}）"
    goal = f"开展{subject}，服务{chance.randint(100, 9000)}人，满意度达到90%以上。"
    rows: list[tuple[object, ...]] = [
        ("项目支出绩效自评表",), ("（2023年度）",), ("项目名称", None, subject),
        ("主管部门", None, f"示例区第{number % 97}局", None, None, "实施单位", None, f"示例区第{number}中心"),
        ("项目资金（万元）", None, None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        *lines,
        ("年度总体目标", "预期目标", None, None, None, "实际完成情况"), (None, goal, None, None, None, f"已完成{subject}全部任务，满意度95%。"),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        *((None, *row) for row in indicators),
        ("总分", None, None, None, None, None, "100", str(score)),
    ]  # fmt: skip
    return Made(rows, fault)


def _budget(chance: random.Random, fault: str | None) -> tuple[list[tuple[object, ...]], Decimal]:
    parts = [chance.randint(10_000, 9_000_000) for _ in range(3)]
    spent = [part - chance.randint(0, part // 20) for part in parts]
    whole, used = sum(parts), sum(spent)
    rate = _percent(used, whole)
    score = (rate / 10).quantize(Decimal("0.01"))
    shown = whole + 100_00 if fault == "budget_sum" else whole
    said = rate - 3 if fault == "rate" else rate
    names = ("其中：当年财政拨款", "上年结转资金", "其他资金")
    lines: list[tuple[object, ...]] = [(None, None, "年度资金总额", _money(shown), _money(shown), _money(used), "10", f"{said}%", str(score))]
    lines += [(None, None, name, _money(a), _money(a), _money(b), "—", f"{_percent(b, a)}%", "—") for name, a, b in zip(names, parts, spent, strict=True)]
    return lines, score


def _indicators(chance: random.Random, fault: str | None) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    used: set[str] = set()
    for level1, level2, weight in LEVELS:
        many = 2 if level2 == "服务对象满意度指标" else chance.randint(5, 10)
        shares = _shares(weight, many)
        for share in shares:
            matter = chance.choice(MATTERS[level2])
            name = f"{chance.choice(SUBJECTS)}{matter}"
            while name in used:
                name = f"{chance.choice(SUBJECTS)}{chance.choice('甲乙丙丁戊己庚辛')}类{matter}"
            used.add(name)
            target, actual = _values(chance, matter)
            rows.append((level1, level2, name, target, actual, str(share), str(share), ""))
    at = chance.randrange(len(rows))
    cut = (Decimal(rows[at][5]) * Decimal("0.8")).quantize(Decimal("0.01"))  # type: ignore[arg-type]
    if fault == "score_above_weight":
        rows[at] = (*rows[at][:6], str(Decimal(str(rows[at][5])) + 1), "")
    elif fault == "deduction_without_reason":
        rows[at] = (*rows[at][:6], str(cut), "")
    else:
        rows[at] = (*rows[at][:6], str(cut), chance.choice(REASONS))
    return rows


def _shares(weight: int, many: int) -> list[Decimal]:
    each = (Decimal(weight) / many).quantize(Decimal("0.1"))
    return [each] * (many - 1) + [weight - each * (many - 1)]


def _values(chance: random.Random, matter: str) -> tuple[str, str]:
    if matter in UNITS:
        count = chance.randint(5, 4000)
        return f"≥{count}{UNITS[matter]}", f"{count + chance.randint(0, 9)}{UNITS[matter]}"
    if matter.endswith("时间"):
        month = chance.randint(6, 12)
        return f"2023年{month}月30日前", f"2023年{month}月{chance.randint(10, 28)}日"
    share = chance.randint(85, 95)
    return f"≥{share}%", f"{share + chance.randint(0, 5)}%"


def _money(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"))


def write(made: Made, path: Path) -> None:
    """Write one form as xlsx with shared strings, as office programs do."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": __import__("datetime").datetime(2024, 1, 31)})
    sheet = book.add_worksheet("绩效自评表")
    for row, cells in enumerate(made.rows):
        for column, text in enumerate(cells):
            if text not in (None, ""):
                sheet.write_string(row, column, str(text))
    book.close()


def generate(many: int, folder: Path, seed: int = 7) -> None:
    """Write `many` forms and truth.csv into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    faults = []
    for number in range(1, many + 1):
        made = form(number, seed)
        name = f"form-{number:06d}.xlsx"
        write(made, folder / name)
        if made.fault:
            faults.append((name, made.fault))
    with (folder.parent / f"{folder.name}-truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "fault"), *faults])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("many", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.many, given.folder, given.seed)

"""Write the clean sample forms: four families, every equation holds, every rule above `note` is silent.

Run `python tests/make_samples.py` to write them into sample_forms/. Same bytes on every run.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

FIXED = datetime(2024, 1, 31)
LINE = Side(style="thin")
Row = Sequence[object]

GOAL = "开展困难群众救助3000人，举办培训12场，完成适老化改造200户，服务对象满意度达到90%以上。"
RESULT = "全年救助困难群众3000人，举办培训12场，改造家庭200户，经问卷调查服务对象满意度为94%，各项任务均按计划完成。"

INDICATORS: list[tuple[str, str, str, str, str, str, str, str]] = [
    # 一级, 二级, 三级, 指标值, 完成值, 分值, 得分, 原因
    ("产出指标", "数量指标", "困难群众救助人数", "≥3000人", "3000人", "9", "9", ""),
    ("产出指标", "数量指标", "培训举办场次", "≥12场", "12场", "8", "8", ""),
    ("产出指标", "数量指标", "适老化改造户数", "≥200户", "200户", "7", "7", ""),
    ("产出指标", "质量指标", "救助对象认定准确率", "≥98%", "99%", "8", "8", ""),
    ("产出指标", "质量指标", "改造工程验收合格率", "≥95%", "96%", "6", "6", ""),
    ("产出指标", "时效指标", "救助资金发放时间", "2023年11月30日前", "2023年11月20日", "7", "7", ""),
    ("产出指标", "时效指标", "改造工程完工时间", "2023年10月31日前", "2023年10月25日", "5", "5", ""),
    ("效益指标", "社会效益指标", "救助政策知晓率", "≥90%", "93%", "16", "16", ""),
    ("效益指标", "可持续影响指标", "救助回访覆盖率", "≥90%", "72%", "14", "11.20", "部分回访对象外出务工未能联系，年初测算目标时考虑不足，下一步将优化回访方式并调整目标。"),
    ("满意度指标", "服务对象满意度指标", "受助群众满意度", "≥90%", "94%（2023年12月问卷调查，样本200份）", "10", "10", ""),
]

DEPARTMENT_INDICATORS = [
    ("投入管理指标", "预算执行管理", "预算执行率", "≥95%", "97.25%", "10", "10", ""),
    *INDICATORS,
]


def scaled_department() -> list[tuple[str, ...]]:
    """Department weights: 投入 10, 产出 50, 效益 30, 满意度 10."""
    return [tuple(row) for row in DEPARTMENT_INDICATORS]


def department() -> list[Row]:
    """部门整体支出绩效自评表, amounts in 元, by source and by structure."""
    rows: list[Row] = [
        ("部门(单位)整体支出绩效自评表",),
        ("(2023年度)",),
        ("部门(单位)名称", None, "示例区民政服务中心", None, None, "下属单位个数", None, "0"),
        ("整体支出规模(元)", None, None, None, "全年预算数", "全年执行数", None, "执行率"),
        (None, None, "资金来源:(1)财政拨款", None, "12,345,678.90", "12,005,432.10", None, "97.24"),
        (None, None, "(2)其他资金", None, "654,321.10", "637,210.55", None, "97.38"),
        (None, None, "资金结构:(1)基本支出", None, "4,000,000.00", "3,912,345.67", None, "97.81"),
        (None, None, "(2)项目支出", None, "9,000,000.00", "8,730,296.98", None, "97.00"),
        ("年度总体目标", None, "年初设定目标", None, None, "全年完成情况"),
        (None, None, GOAL, None, None, RESULT),
        ("分解目标自评",),
        ("一级指标", "权重", "二级指标", "三级指标", "年度指标值", "全年完成值", "分值", "得分", "偏差及原因分析"),
    ]
    weights = level_weights(scaled_department())
    for row in scaled_department():
        rows.append((row[0], weights[row[0]], row[1], row[2], row[3], row[4], row[5], row[6], row[7]))
    rows.append((None, None, None, None, None, None, "100", total(scaled_department())))
    return rows


def level_weights(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Sum the weights of each level-1 indicator."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row[0]] = sums.get(row[0], Decimal(0)) + Decimal(row[5])
    return {name: str(value) for name, value in sums.items()}


def total(rows: Sequence[Sequence[str]], extra: str = "0") -> str:
    """Sum the scores."""
    return str(sum((Decimal(row[6]) for row in rows), Decimal(extra)))


def national() -> list[Row]:
    """项目支出绩效自评表 (财预〔2020〕10号), amounts in 万元, execution carries 10 points."""
    rows: list[Row] = [
        ("项目支出绩效自评表",),
        ("（2023年度）",),
        ("项目名称", None, "困难群众救助项目"),
        ("主管部门", None, "示例区民政局", None, None, "实施单位", None, "示例区民政服务中心"),
        ("项目资金（万元）", None, None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        (None, None, "年度资金总额", "900.00", "900.00", "873.03", "10", "97.00%", "9.70"),
        (None, None, "其中：当年财政拨款", "800.00", "800.00", "780.03", "—", "97.50%", "—"),
        (None, None, "上年结转资金", "60.00", "60.00", "55.00", "—", "91.67%", "—"),
        (None, None, "其他资金", "40.00", "40.00", "38.00", "—", "95.00%", "—"),
        ("年度总体目标", "预期目标", None, None, None, "实际完成情况"),
        (None, GOAL, None, None, None, RESULT),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    ]
    rows += [(None, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]) for row in INDICATORS]
    rows.append(("总分", None, None, None, None, None, "100", total(INDICATORS, "9.70")))
    return rows


SPLIT = {"≥": "≥", "≤": "≤"}


def split_target(target: str) -> tuple[str, str, str]:
    """Split a target into 指标性质, 指标值, 度量单位 as the Sichuan and Yunnan forms do."""
    sign = target[0] if target[0] in SPLIT else "＝"
    rest = target.lstrip("≥≤")
    number = rest.rstrip("人场户%")
    return (sign, number, rest[len(number) :]) if number.isdigit() else ("定性", target, "")


def sichuan() -> list[Row]:
    """部门预算项目支出绩效自评表 (Sichuan), target in three columns, 权重, unit 万元."""
    rows: list[Row] = [
        ("部门预算项目支出绩效自评表（2023年度）",),
        ("项目名称", None, "困难群众救助项目", None, None, None, "主管部门", None, "示例县民政局", None),
        ("项目预算执行情况（万元）", None, "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因"),
        ("总额", None, "900.00", "900.00", "873.03", "97.00%", "10", "9.70", "据实结算结余资金，下一步将细化预算测算。"),
        ("其中：财政资金", None, "860.00", "860.00", "835.03", "97.10%", "/", "/", "/"),
        ("单位资金", None, "40.00", "40.00", "38.00", "95.00%", "/", "/", "/"),
        ("年度目标", "年初目标", GOAL, None, None, "完成情况", RESULT),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "未完成原因分析"),
    ]
    for row in INDICATORS:
        sign, number, unit = split_target(row[3])
        rows.append((None, row[0], row[1], row[2], sign, number, unit, row[4], row[5], row[6], row[7]))
    rows.append(("合计", None, None, None, None, None, None, None, "100", total(INDICATORS, "9.70")))
    return rows


HUBEI_SCORES = ["8", "8", "8", "8", "8", "8", "8", "8", "6.40", "8"]


def hubei() -> list[Row]:
    """Hubei 20+80: no weight column, execution carries 20, level weights inside the labels."""
    rows: list[Row] = [
        ("2023年度困难群众救助项目自评表",),
        ("单位名称：", "示例市民政服务中心", None, None, None, "填报日期：", "2024年1月20日"),
        ("项目名称", "困难群众救助项目"),
        ("主管部门", "示例市民政局", None, None, "项目实施单位", "示例市民政服务中心"),
        ("预算执行情况（万元）（20分）", None, "预算数(A)", "执行数(B)", "执行率(B/A)", "得分(20分*执行率)"),
        ("年度财政资金总额", None, "900.00", "873.03", "97.00%", "19.40"),
        ("年度绩效目标1(80分)", "一级指标", "二级指标", "三级指标", "年初目标值(A)", "实际完成值(B)", "得分"),
    ]
    for row, score in zip(INDICATORS, HUBEI_SCORES, strict=True):
        rows.append((None, row[0], row[1], row[2], row[3], row[4], score))
    rows.append(("总分", None, None, None, None, None, str(sum((Decimal(s) for s in HUBEI_SCORES), Decimal("19.40")))))
    rows.append(("偏差大或目标未完成原因分析", "回访覆盖率未达目标：部分回访对象外出务工未能联系，年初目标测算考虑不足。"))
    rows.append(("改进措施及结果应用方案", "优化回访方式，调整下一年度目标。"))
    return rows


FAMILIES = {"clean_department": department, "clean_project": national, "clean_sichuan": sichuan, "clean_hubei": hubei}


def workbook(rows: Sequence[Row], title: str) -> bytes:
    """Lay rows out as a sheet: repeated level labels merged down, borders, wrapped text; deterministic bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title[:31]
    width = max(len(row) for row in rows)
    for number, row in enumerate(rows, 1):
        for column in range(1, width + 1):
            cell = sheet.cell(number, column)
            value = row[column - 1] if column <= len(row) else None
            if value not in (None, ""):
                cell.value = str(value)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = Border(LINE, LINE, LINE, LINE)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    merge_head(sheet, rows, width)
    merge_levels(sheet, rows)
    for column in range(1, width + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 16
    book.properties.creator = "checker"
    book.properties.created = book.properties.modified = FIXED
    out = BytesIO()
    book.save(out)
    return repacked(out.getvalue())


def merge_head(sheet: Worksheet, rows: Sequence[Row], width: int) -> None:
    """Merge each value of the head, budget and goal blocks over the empty cells to its right, as well-made forms do."""
    last = next(i for i, row in enumerate(rows, 1) if "三级指标" in row)
    for number, row in enumerate(rows[1 : last - 1], 2):
        filled = [i for i in range(width) if i < len(row) and row[i] not in (None, "")]
        for start, end in zip(filled, [*filled[1:], width], strict=True):
            if end - start > 1:
                sheet.merge_cells(start_row=number, start_column=start + 1, end_row=number, end_column=end)


def merge_levels(sheet: Worksheet, rows: Sequence[Row]) -> None:
    """Merge runs of equal level labels (and the level weight beside them) below the indicator header, as real forms do."""
    start = next(i for i, row in enumerate(rows, 1) if "三级指标" in row) + 1
    labels = [i + 1 for i, name in enumerate(rows[start - 2]) if name in ("一级指标", "二级指标")]
    weight = [i + 1 for i, name in enumerate(rows[start - 2]) if name == "权重" and i + 1 < labels[-1]]
    for column in (*labels, *weight):
        first = start
        for number in range(start, sheet.max_row + 2):
            here = sheet.cell(number, column).value if number <= sheet.max_row else None
            if here != sheet.cell(first, column).value or (column in weight and sheet.cell(number, labels[0]).value != sheet.cell(first, labels[0]).value):
                if number - first > 1 and sheet.cell(first, column).value is not None:
                    sheet.merge_cells(start_row=first, start_column=column, end_row=number - 1, end_column=column)
                first = number


def repacked(data: bytes) -> bytes:
    """Give every zip member the same time, so that the bytes do not depend on the clock."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, (2024, 1, 31, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()


def main(folder: Path) -> None:
    """Write all families."""
    for name, build in FAMILIES.items():
        (folder / f"{name}.xlsx").write_bytes(workbook(build(), "绩效自评表"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "sample_forms")

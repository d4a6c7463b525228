"""Empty, well-made forms: sum formulas and data validation in place, so that the next submission is right from the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import xlsxwriter

KINDS = ("department", "project")
FIXED = datetime(2024, 1, 1)

PROJECT_BLOCKS = (
    ("产出指标", "50", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", "30", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", "10", ("服务对象满意度指标",)),
)
DEPARTMENT_BLOCKS = (
    ("投入管理指标", "30", ("预算编审管理", "预算执行管理", "预算绩效管理", "资产管理")),
    ("产出指标", "25", ("数量指标", "质量指标", "时效指标")),
    ("效益指标", "35", ("社会效益指标", "可持续影响指标")),
    ("满意度指标", "10", ("服务对象满意度指标",)),
)
ROWS_EACH = 3


class _Sheet(Struct):
    """The sheet being written, its formats, and the row that comes next (from 0)."""

    sheet: Any
    formats: dict[str, Any]
    row: int = 0

    def line(self, cells: Sequence[tuple[int, int, str]], style: str = "cell") -> int:
        """Write (first column, last column, text) cells into the next row; return its number in A1 style."""
        for first, last, text in cells:
            if first == last:
                self.sheet.write_string(self.row, first, text, self.formats[style])
            else:
                self.sheet.merge_range(self.row, first, self.row, last, text, self.formats[style])
        self.row += 1
        return self.row

    def formula(self, column: int, text: str, style: str = "sum") -> None:
        """Put a formula into the row just written."""
        self.sheet.write_formula(self.row - 1, column, text, self.formats[style], "")


def workbook(kind: str) -> bytes:
    """Return an empty form as .xlsx; the same bytes every time. `kind` is one of `KINDS`.

    Weights must be positive, scores lie between 0 and their weight, amounts are not negative; rates,
    level weights and totals are formulas that stay empty until there is something to add.
    """
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": "绩效自评表", "created": FIXED})
        page = _Sheet(book.add_worksheet("绩效自评表"), _formats(book))
        page.sheet.set_paper(9)
        page.sheet.set_landscape()
        page.sheet.fit_to_pages(1, 0)
        page.sheet.set_column(0, 8, 15)
        (_department if kind == "department" else _project)(page)
    return out.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    cell = {"border": 1, "text_wrap": True, "valign": "vcenter", "align": "center", "font_name": "宋体", "font_size": 10.5}
    return {
        "title": book.add_format({**cell, "border": 0, "bold": True, "font_size": 16}),
        "cell": book.add_format(cell),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#EEEEEC"}),
        "text": book.add_format({**cell, "align": "left", "num_format": "@", "locked": False}),
        "money": book.add_format({**cell, "num_format": "#,##0.00", "align": "right", "locked": False}),
        "score": book.add_format({**cell, "num_format": "0.00", "align": "right", "locked": False}),
        "rate": book.add_format({**cell, "num_format": "0.00", "align": "right"}),
        "sum": book.add_format({**cell, "num_format": "0.00", "align": "right", "bold": True}),
    }


def _head(page: _Sheet, title: str) -> None:
    page.line([(0, 8, title)], "title")
    page.line([(0, 8, "（    年度）")], "title")


def _money_row(page: _Sheet, label: str, columns: Sequence[int], executed: int, rate: int) -> int:
    """Write a budget line with empty amounts and the rate as a formula; the last of `columns` is the divisor."""
    row = page.line([(0, 2, label)])
    for column in (*columns, executed):
        page.sheet.write_blank(row - 1, column, None, page.formats["money"])
    page.sheet.data_validation(row - 1, columns[0], row - 1, executed, {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "金额不能为负。"})
    below, above = f"{_letter(columns[-1])}{row}", f"{_letter(executed)}{row}"
    page.formula(rate, f'=IF(N({below})>0,ROUND({above}/{below}*100,2),"")', "rate")
    return row


def _letter(column: int) -> str:
    return "ABCDEFGHI"[column]


def _department(page: _Sheet) -> None:
    _head(page, "部门（单位）整体支出绩效自评表")
    page.line([(0, 1, "部门（单位）名称"), (2, 4, ""), (5, 6, "下属单位个数"), (7, 8, "")], "text")
    page.line([(0, 2, "整体支出规模（元）"), (3, 4, "全年预算数"), (5, 6, "全年执行数"), (7, 8, "执行率")], "head")
    for label in ("资金来源：(1)财政拨款", "(2)其他资金", "资金结构：(1)基本支出", "(2)项目支出"):
        row = page.line([(0, 2, label)])
        for first in (3, 5):
            page.sheet.merge_range(row - 1, first, row - 1, first + 1, "", page.formats["money"])
        page.sheet.data_validation(row - 1, 3, row - 1, 6, {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "金额不能为负。"})
        page.sheet.merge_range(row - 1, 7, row - 1, 8, "", page.formats["rate"])
        page.formula(7, f'=IF(N(D{row})>0,ROUND(F{row}/D{row}*100,2),"")', "rate")
    page.line([(0, 1, "年度总体目标"), (2, 4, "年初设定目标"), (5, 8, "全年完成情况")], "head")
    page.line([(0, 1, ""), (2, 4, ""), (5, 8, "")], "text")
    page.sheet.set_row(page.row - 1, 120)
    names = ("一级指标", "权重", "二级指标", "三级指标", "年度指标值", "全年完成值", "分值", "得分", "偏差原因分析及改进措施")
    page.line([(i, i, name) for i, name in enumerate(names)], "head")
    _indicators(page, DEPARTMENT_BLOCKS, level_weight=True)
    _signature(page)


def _project(page: _Sheet) -> None:
    _head(page, "项目支出绩效自评表")
    page.line([(0, 1, "项目名称"), (2, 8, "")], "text")
    page.line([(0, 1, "主管部门"), (2, 4, ""), (5, 6, "实施单位"), (7, 8, "")], "text")
    page.line([(0, 2, "项目资金（万元）"), (3, 3, "年初预算数"), (4, 4, "全年预算数"), (5, 5, "全年执行数"), (6, 6, "分值"), (7, 7, "执行率"), (8, 8, "得分")], "head")
    total = _money_row(page, "年度资金总额", (3, 4), 5, 7)
    page.sheet.write_number(total - 1, 6, 10, page.formats["score"])
    page.formula(8, f'=IF(N(E{total})>0,ROUND(MIN(F{total}/E{total},1)*G{total},2),"")', "score")
    for label in ("其中：当年财政拨款", "上年结转资金", "其他资金"):
        _money_row(page, label, (3, 4), 5, 7)
        for column in (6, 8):
            page.sheet.write_string(page.row - 1, column, "—", page.formats["cell"])
    for column in (3, 4, 5):
        letter = _letter(column)
        page.sheet.write_formula(total - 1, column, f'=IF(COUNT({letter}{total + 1}:{letter}{total + 3})>0,SUM({letter}{total + 1}:{letter}{total + 3}),"")', page.formats["money"], "")
    page.line([(0, 1, "年度总体目标"), (2, 4, "预期目标"), (5, 8, "实际完成情况")], "head")
    page.line([(0, 1, ""), (2, 4, ""), (5, 8, "")], "text")
    page.sheet.set_row(page.row - 1, 120)
    names = ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    page.line([(i, i, name) for i, name in enumerate(names)], "head")
    _indicators(page, PROJECT_BLOCKS, level_weight=False, extra=total)
    page.line([(0, 1, "其他需要说明的问题"), (2, 8, "")], "text")
    _signature(page)


def _indicators(page: _Sheet, blocks: Sequence[tuple[str, str, Sequence[str]]], *, level_weight: bool, extra: int | None = None) -> None:
    """Write the indicator block: merged level labels, empty rows with validation, level weights and totals as formulas."""
    first = page.row + 1
    columns = (0, 2) if level_weight else (1, 2)
    if not level_weight:
        rows = sum(len(groups) for _, _, groups in blocks) * ROWS_EACH
        page.sheet.merge_range(first - 1, 0, first - 2 + rows, 0, "绩效指标", page.formats["cell"])
    for name, planned, groups in blocks:
        top = page.row
        for group in groups:
            start = page.row
            for _ in range(ROWS_EACH):
                for column in (3, 4, 5, 8):
                    page.sheet.write_blank(page.row, column, None, page.formats["text"])
                for column in (6, 7):
                    page.sheet.write_blank(page.row, column, None, page.formats["score"])
                page.row += 1
            page.sheet.merge_range(start, columns[1], page.row - 1, columns[1], group, page.formats["cell"])
        page.sheet.merge_range(top, columns[0], page.row - 1, columns[0], name if level_weight else f"{name}（{planned}分）", page.formats["cell"])
        if level_weight:
            page.sheet.merge_range(top, 1, page.row - 1, 1, "", page.formats["sum"])
            page.sheet.write_formula(top, 1, f'=IF(COUNT(G{top + 1}:G{page.row})>0,SUM(G{top + 1}:G{page.row}),"")', page.formats["sum"], "")
    last = page.row
    page.sheet.data_validation(first - 1, 6, last - 1, 6, {"validate": "decimal", "criteria": ">", "value": 0, "error_message": "分值应大于 0。"})
    page.sheet.data_validation(first - 1, 7, last - 1, 7, {"validate": "custom", "value": f"=AND(ISNUMBER(H{first}),H{first}>=0,H{first}<=G{first})", "error_message": "得分应在 0 与分值之间。"})
    page.line([(0, 5, "总分")], "head")
    for column in (6, 7):
        letter = _letter(column)
        more = f"+N({'G' if column == 6 else 'I'}{extra})" if extra else ""
        page.formula(column, f'=IF(COUNT({letter}{first}:{letter}{last})>0,SUM({letter}{first}:{letter}{last}){more},"")')
    page.sheet.write_blank(page.row - 1, 8, None, page.formats["cell"])
    page.line([(0, 8, "注：得分低于分值的，须在偏差原因栏写明原因和改进措施；时效指标写明完成日期；合计应为 100 分。")], "text")


def _signature(page: _Sheet) -> None:
    page.line([(0, 1, "填报人："), (2, 4, ""), (5, 6, "填报日期："), (7, 8, "")], "text")


def filled_rows(kind: str) -> tuple[int, int]:
    """Return (first, last) row of the indicator block in A1 numbering, for those who fill a template by program."""
    blocks = DEPARTMENT_BLOCKS if kind == "department" else PROJECT_BLOCKS
    first = 12 if kind == "department" else 13
    return first, first - 1 + sum(len(groups) for _, _, groups in blocks) * ROWS_EACH

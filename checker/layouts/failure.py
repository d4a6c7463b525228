"""What to say when a document holds no form."""

from __future__ import annotations

from checker.layouts import vocabulary
from checker.layouts.cells import title_key
from checker.model import Document


def no_form(document: Document) -> str:
    """Return one line: what was looked for, what was found, what to do."""
    known = _known_words(document)
    count = len(document.grids)
    seen = f"只见到 {'、'.join(known[:8])}" if known else "没有自评表的列名"
    return (
        f"没有找到绩效自评表 @ {document.source.path}：找过预算部分（预算数、执行数、执行率）和指标部分"
        f"（一级指标、三级指标、年度指标值、完成值、分值、得分），{count} 张表里{seen}，请提交含完整表头的自评表"
    )


def _known_words(document: Document) -> list[str]:
    """Return the titles forms have that do occur in the document."""
    found: dict[str, None] = {}
    for grid in document.grids:
        for cell in (*grid.before, *grid.cells, *grid.after):
            for table in ("indicator_columns", "budget_columns", "header_labels"):
                if vocabulary.exact_role(table, cell.text) not in (None, "ignore", "other"):
                    found[title_key(cell.text)] = None
                    break
    return list(found)

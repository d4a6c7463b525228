"""Document → forms: where each field stands, and the repair of what can be proved.

One recogniser reads all layouts; its knowledge is in vocabulary.yaml (titles and words) and
families.yaml (cues of the layout families). `recognise` is the only entry.
"""

from __future__ import annotations

from dataclasses import replace

from checker.errors import LayoutError
from checker.layouts.assemble import build, known_words
from checker.layouts.identity import distinct
from checker.layouts.ragged import Realigned, realign
from checker.layouts.segments import Segment, cut, join
from checker.layouts.table import lay_out
from checker.model import Cell, Document, Form

__all__ = ["recognise"]


def recognise(document: Document) -> tuple[Form, ...]:
    """Return the forms of a document in order.

    Raises LayoutError when none is found; the message says what was looked for and what was there.
    """
    segments: list[Segment] = []
    repaired: dict[int, Realigned] = {}
    for grid in document.grids:
        realigned = realign(grid) if grid.ragged else None
        table = lay_out(realigned.grid if realigned is not None else grid)
        pieces = cut(realigned.grid if realigned is not None else grid, table)
        if realigned is not None:
            repaired.update({id(piece.table): realigned for piece in pieces})
        segments += pieces
    stretches = join(segments)
    if not stretches:
        raise LayoutError(_nothing(document))
    forms = [
        build(
            stretch,
            document.source,
            next((repaired[id(s.table)] for s in stretch.segments if id(s.table) in repaired), None),
        )
        for stretch in stretches
    ]
    names = distinct([form.form_id for form in forms])
    return tuple(replace(form, form_id=name) for form, name in zip(forms, names, strict=True))


def _nothing(document: Document) -> str:
    cells: list[Cell] = [cell for grid in document.grids for cell in grid.cells]
    known = known_words(cells)
    seen = f"只见到 {'、'.join(known[:8])}" if known else "没有一个自评表的列名"
    return (
        f"没有找到绩效自评表 @ {document.source.path}：找过预算部分（预算数、执行数、执行率）和指标部分"
        f"（一级指标、三级指标、年度指标值、完成值、分值、得分），{len(document.grids)} 张表里{seen}；"
        "请提交含完整表头的自评表"
    )

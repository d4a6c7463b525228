"""The row that adds an indicator table up, however it is written."""

from __future__ import annotations

import re
from decimal import Decimal

from checker.layouts import vocabulary
from checker.layouts.cells import clean, plain, title_key
from checker.layouts.figures import found_number
from checker.layouts.levels import total_cell
from checker.layouts.messages import at as say_at
from checker.layouts.messages import say
from checker.layouts.numbers import Number, score, weight
from checker.layouts.places import Found, Notes, Row, where
from checker.layouts.table import Table
from checker.model import Cell

_GRADE = r"优秀?|良好?|中等?|差|合格|不合格|一般|较差"
_GRADED = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,4}})?)分?[,，、;(]?(?:(?:等级|等次)[:：]?)?({_GRADE})\)?")
"""A score with its grade behind it: 97.2分（优秀）."""
_PAIR = re.compile(r"^(\d+(?:\.\d+)?)分?[/／](\d+(?:\.\d+)?)分?$")


def read_total(table: Table, row: int, at: dict[str, int], made: Row, notes: Notes) -> None:
    """Read the weight and the score of a total row into `made`; of 100/98 in one cell the larger is the weight."""
    label_cell = total_cell(table, row, table.columns)
    if {"weight", "score"} <= at.keys() and table.at(row, at["weight"]) is table.at(row, at["score"]):
        pair_cell = table.at(row, at["score"])
        if pair_cell is not None and not _PAIR.match(plain(pair_cell.text)):
            at = {role: column for role, column in at.items() if role != "weight"}
    if "score" not in at and "weight" in at and label_cell is not None and _of_scores(label_cell.text):
        at = {"score": at["weight"]}
    labels = [(column, cell) for column, cell in table.starts(row) if title_key(cell.text) in vocabulary.words("totals")]
    if len(labels) == 2 and _of_scores(labels[1][1].text):
        # 标准分合计 | 100 | 自评总分 | 98.8: each figure stands beside its own label.
        for role, (column, _) in zip(("weight", "score"), labels, strict=True):
            cell = table.beside(row, column)
            if cell is not None and plain(cell.text):
                made[f"total_{role}"] = found_number(cell, points(cell, role), role, notes)
        return
    alone = _beside_label(table, row, at, label_cell)
    if alone is not None:
        _keep_score(alone, made, notes)
        return
    shifted = _shifted(table, row, at, label_cell)
    if shifted is not None:
        notes.unread.append(say_at(where(shifted.locator), "total_shifted"))
    for role in ("weight", "score"):
        cell = table.at(row, at[role]) if role in at else None
        if shifted is not None and role in at:
            made[f"total_{role}"] = Found(None, cell or shifted, say("total_shifted"))
            continue
        if cell is None or cell is label_cell or not table.begins(cell, row) or not plain(cell.text):
            continue
        pair = _PAIR.match(plain(cell.text))
        if pair:
            least, most = sorted(Decimal(part) for part in pair.groups())
            made["total_weight"], made["total_score"] = Found(most, cell), Found(least, cell)
            notes.repairs.append(say_at(where(cell.locator), "total_pair", text=clean(cell.text)))
            return
        if any(found.cell is cell for found in made.values()):
            continue
        if role == "score":
            _keep_score(cell, made, notes)
        else:
            made["total_weight"] = found_number(cell, points(cell, role), role, notes)
    if "reason" in at:
        cell = table.at(row, at["reason"])
        if cell is not None and table.begins(cell, row) and re.fullmatch(_GRADE, plain(cell.text)):
            made["grade"] = Found(plain(cell.text), cell)


def _beside_label(table: Table, row: int, at: dict[str, int], label_cell: Cell | None) -> Cell | None:
    """Return the only figure of a row (自评总分 | 98.5) that begins under neither weight nor score: nothing but the label tells what it is."""
    filled = [cell for _, cell in table.starts(row) if plain(cell.text)]
    if label_cell is None or not _of_scores(label_cell.text) or len(filled) != 2 or (score(filled[1].text).value is None and _GRADED.fullmatch(plain(filled[1].text)) is None):
        return None
    return filled[1] if table.over(filled[1]).start not in {at.get("weight"), at.get("score")} else None


def _keep_score(cell: Cell, made: Row, notes: Notes) -> None:
    """Keep a total score, and the grade that stands behind it."""
    graded = _GRADED.fullmatch(plain(cell.text))
    if graded is None or cell.unread:
        made["total_score"] = found_number(cell, score(cell.text), "score", notes)
    else:
        made["total_score"], made["grade"] = Found(Decimal(graded[1]), cell), Found(graded[2], cell)


def _shifted(table: Table, row: int, at: dict[str, int], label_cell: Cell | None) -> Cell | None:
    """Return a figure of the total row that stands under the title of names, targets or results, or right of the score where
    no weight stands in its place: then the row's cells have moved.

    One that begins under a title of points and is merged over those beside it has not.
    """
    if "weight" in at and at.get("score", -1) > at["weight"] and (cell := table.at(row, at["weight"])) is not None and (cell is label_cell or not plain(cell.text)):
        score_cell = table.at(row, at["score"])
        beyond = next((cell for column, cell in table.starts(row) if column > at["score"] and score(cell.text).value is not None), None)
        if beyond is not None and score_cell is not None and score(score_cell.text).value is not None:
            return beyond
    under = (table.at(row, at[role]) for role in ("name", "target", "actual") if role in at and max(at.get("weight", -1), at.get("score", -1)) > at[role])
    moved = (cell for cell in under if cell is not None and cell is not label_cell and table.begins(cell, row) and score(cell.text).value is not None)
    own = {at[role] for role in ("weight", "score", "level1_weight", "level2_weight") if role in at}
    return next((cell for cell in moved if table.left(cell) not in own), None)


def is_execution(table: Table, row: int, at: dict[str, int], ended: bool) -> bool:
    """True for a row that gives the points of the budget's execution and nothing else: 预算执行得分 | 10 | 9.5.

    It stands below the sum of the indicators (`ended`), or its label covers all that an indicator says in words: names, target and result.
    """
    apart = {at[role] for role in ("weight", "score", "reason", "measure") if role in at}
    words = (cell for column, cell in table.starts(row) if column not in apart and plain(cell.text))
    label = next(words, None)
    if label is None or title_key(label.text) not in vocabulary.words("execution_rows") or next(words, None) is not None:
        return False
    over = table.over(label)
    if at.get("weight") in over or at.get("score") in over:
        return False
    said = {at[role] for role in ("name", "target", "actual") if role in at}
    return ended or (len(said) > 1 and said.issubset(over))


def _of_scores(text: str) -> bool:
    """True for a label that can only mean the score: 自评总分, 总得分."""
    key = title_key(text)
    return "得分" in key or "自评" in key


def unlabelled_total(table: Table, row: int, at: dict[str, int]) -> bool:
    """True for a row with nothing but numbers in weight and score, its label cells being its own and empty."""
    if "weight" not in at or "score" not in at:
        return False
    named = table.at(row, at["name"]) if at["name"] not in (at["weight"], at["score"]) else None
    if named is not None and plain(named.text):
        return False
    for column, cell in table.line(row):
        own = table.begins(cell, row)
        if column in (at["weight"], at["score"]):
            if not own or score(cell.text).value is None:
                return False
        elif plain(cell.text) or (column == at["name"] and not own):
            return False
    weight_cell = table.at(row, at["weight"])
    value = score(weight_cell.text).value if weight_cell is not None else None
    return value is not None and value >= 60


_INLINE = re.compile(r"^([^:：]{2,10})[:：](\d{1,4}(?:\.\d{1,4})?)分?$")


def inline_total(table: Table, row: int, made: Row, notes: Notes) -> bool:
    """Read a row that is nothing but 总分：97.8分 in one cell; False for any other."""
    filled = [cell for _, cell in table.starts(row) if plain(cell.text)]
    found = _INLINE.match(plain(filled[0].text)) if len(filled) == 1 else None
    if found is None or title_key(found.group(1)) not in vocabulary.words("totals"):
        return False
    made["total_score"] = found_number(filled[0], score(found.group(2)), "score", notes)
    return True


def points(cell: Cell, role: str) -> Number:
    """Read the points of a cell under a title of weights or of scores."""
    return score(cell.text) if role == "score" else weight(cell.text)

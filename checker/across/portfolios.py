"""Scores of many forms side by side: how they are distributed, and which value lies far from its like."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from checker.across import amounts
from checker.across.comparison import Cells, Compared, Comparison, Idle, Inputs, header_cells, words
from checker.across.figures import indicators
from checker.across.lexicon import known
from checker.across.units import bare, once, project_of, text, year_of
from checker.model import FieldValue, Form
from checker.values.wording import bare_name

FEWEST = 5
"""Forms below which a distribution says nothing."""
PEERS = 8
"""Values below which a robust comparison says nothing."""
_KINDS = {"department": ("部门整体", "department"), "project": ("项目支出", "project"), "transfer": ("转移支付", "transfer"), "other": ("其他", "other")}
_SHOWN = 100
_UNIT_COST = re.compile("^(?:单位|每|人均|户均|亩均|平均)|单价|(?:补助|补贴|发放|收费)标准")


def share_of_marks(form: Form) -> Fraction | None:
    """Return a form's score in percent of its full mark (100 where none is printed), None without a score."""
    score, full = form.header.get("total_score"), form.header.get("total_weight")
    if not isinstance(score, Decimal):
        return None
    whole = full if isinstance(full, Decimal) and full > 0 else Decimal(100)
    return Fraction(score) / Fraction(whole) * 100


def portfolios(inputs: Inputs) -> Compared:
    """Return the distribution of scores of every year and type of form, and within it of every department."""
    scored = [(form, share) for form in once(inputs.forms) if (share := share_of_marks(form)) is not None]
    whole: dict[tuple[str, ...], list[tuple[Form, Fraction]]] = defaultdict(list)
    parts: dict[tuple[str, ...], list[tuple[Form, Fraction]]] = defaultdict(list)
    for form, share in scored:
        key = (str(year_of(form) or ""), str(form.header.get("form_type") or "other"))
        whole[key].append((form, share))
        if above := bare(text(form, "supervising_department")):
            parts[(*key, above)].append((form, share))
    groups = {key: found for key, found in whole.items() if len(found) >= FEWEST}
    groups |= {key: found for key, found in parts.items() if FEWEST <= len(found) < len(whole[key[:2]])}
    few = Idle(False, words(f"有得分的同类表不足 {FEWEST} 张，不作分布判断", f"fewer than {FEWEST} forms of a kind have a score"))
    return Compared(tuple(_distribution(key, found) for key, found in groups.items()), () if groups else (few,))


def _distribution(key: tuple[str, ...], found: Sequence[tuple[Form, Fraction]]) -> Comparison:
    shares = sorted(share for _, share in found)
    rows = [(weight, score) for form, _ in found for row in form.indicators if isinstance(weight := row.get("weight"), Decimal) and weight > 0 and isinstance(score := row.get("score"), Decimal)]
    values: dict[str, FieldValue] = {
        "group": " ".join(part for part in (key[0], _KINDS.get(key[1], _KINDS["other"])[0], text(found[0][0], "supervising_department") if len(key) > 2 else "") if part),
        "forms_scored": len(shares),
        "full": sum(share >= 100 for share in shares),
        "most_reach": _decimal(shares[len(shares) // 10]),
        "lowest": _decimal(shares[0]),
        "highest": _decimal(shares[-1]),
        "rows_scored": len(rows),
        "rows_full": sum(score >= weight for weight, score in rows),
    }
    highest = sorted(found, key=lambda pair: (-pair[1], pair[0].form_id))[:_SHOWN]
    cells: Cells = tuple(cell for form, _ in highest for cell in header_cells(form, "total_score"))
    return Comparison("portfolios", highest[0][0], ("portfolios", *key), values, {"most_reach": cells})


def _decimal(value: Fraction, places: int = 2) -> Decimal:
    """Return a value rounded half up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def peers(inputs: Inputs) -> Compared:
    """Return every value that has seven others of its kind: scores, degrees of completion, costs a unit."""
    groups: dict[tuple[str, ...], list[tuple[Form, Fraction, Cells]]] = defaultdict(list)
    named = Counter(key for form in inputs.forms for key in {bare_name(str(row.get("name") or "")) for row in form.indicators})
    often = frozenset(key for key, forms in named.items() if forms >= PEERS)
    for form in once(inputs.forms):
        for key, value, cells in _values(form, often):
            groups[key].append((form, value, cells))
    rows = [row for key, found in groups.items() if len({id(form) for form, _, _ in found}) >= PEERS for row in _beside(key, found)]
    few = Idle(False, words(f"同类数值不足 {PEERS} 个，不作离群判断", f"fewer than {PEERS} values of a kind"))
    return Compared(tuple(rows), () if rows else (few,))


def _values(form: Form, often: frozenset[str]) -> Iterable[tuple[tuple[str, ...], Fraction, Cells]]:
    kind, year = str(form.header.get("form_type") or "other"), str(year_of(form) or "")
    share = share_of_marks(form)
    if share is not None:
        yield ("得分率（%）", year, kind, ""), share, header_cells(form, "total_score")
    cost = _cost(form)
    for one in indicators(form, often):
        target, measured = one.target.main if one.target else None, one.measured
        if measured is None or measured.amount <= 0:
            continue
        unit = measured.unit.base
        if target is not None and target.amount > 0 and (target.unit.base == unit) and unit != "%" and one.key not in known("generic_indicators"):
            yield ("完成值÷指标值", year, kind, one.name, unit), Fraction(measured.amount) / Fraction(target.amount), one.cell("actual")
        if unit == "元" and _UNIT_COST.search(one.name):
            yield ("完成值（元）", year, kind, one.name, unit), Fraction(measured.amount), one.cell("actual")
        if cost is not None and project_of(form) and unit not in ("", "%") and not unit.startswith("元"):
            yield ("单位成本（元）", year, text(form, "project_name"), one.name, unit), Fraction(cost.value.scaleb(4 if cost.unit == "万元" else 0)) / Fraction(measured.amount), (*cost.cells, *one.cell("actual"))


def _cost(form: Form) -> amounts.Amount | None:
    lines = [n for n, line in enumerate(form.budget_lines, 1) if line.get("role") == "total"]
    found = amounts.amount(form, lines[0], "executed") if lines else None
    return found if found is not None and found.value > 0 else None


def _beside(key: tuple[str, ...], found: Sequence[tuple[Form, Fraction, Cells]]) -> Iterable[Comparison]:
    middle = median([value for _, value, _ in found])
    spread = median([abs(value - middle) for _, value, _ in found])
    group = " ".join(part for part in (key[1], _KINDS.get(key[2], (key[2],))[0], *key[3:]) if part)
    for n, (form, value, cells) in enumerate(found):
        values: dict[str, FieldValue] = {
            "measure": key[0],
            "group": group,
            "value": _decimal(value, 6).normalize(),
            "median": _decimal(middle, 6).normalize(),
            "deviation": _decimal(spread, 6).normalize(),
            "forms_alike": len(found),
        }
        ordinal = sum(other is form for other, _, _ in found[:n])
        yield Comparison("peers", form, ("peers", form.form_id, *key, str(ordinal)), values, {"value": cells})


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle of the values, of an even number the mean of the two in the middle."""
    ranked = sorted(values)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


__all__ = ["FEWEST", "PEERS", "median", "peers", "portfolios", "share_of_marks"]

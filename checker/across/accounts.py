"""Forms beside tables from elsewhere: the final accounts, and the scores of a re-check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from checker.across import amounts
from checker.across.comparison import Compared, Comparison, Idle, Inputs, words
from checker.across.figures import indicators
from checker.across.lists import Entry, of_entry
from checker.across.units import ordered, text, unit_name
from checker.model import FieldValue, Form
from checker.values.text import letters
from checker.values.wording import bare_name

_TOTALS = frozenset({"", "合计", "总计", "支出合计", "总支出", "年度资金总额", "资金总额"})


def _beside(inputs: Inputs, kind: str) -> Iterator[tuple[Form, Entry | Idle]]:
    """Yield every form with each of its lines, and with what is missing: a form with no line, a line with several forms."""
    forms = ordered(inputs.forms)
    told: set[int] = set()
    for entry in inputs.entries or ():
        if entry.kind != kind:
            continue
        found = of_entry(entry, forms)
        told.update(id(form) for form in found)
        for form in found:
            several = words(f"“{entry.shown}”对应 {len(found)} 张表，无法确定是哪一张", f"“{entry.shown}” fits {len(found)} forms")
            yield form, entry if len(found) == 1 else Idle(True, several)
    for form in forms:
        if id(form) not in told:
            yield form, Idle(True, words(f"表里没有{unit_name(form)}{text(form, 'project_name')}", f"the table has no line for {unit_name(form)} {text(form, 'project_name')}"))


def _compared(inputs: Inputs, kind: str, missing: Idle, rows: Sequence[Comparison], idle: Sequence[Idle]) -> Compared:
    if not any(entry.kind == kind for entry in inputs.entries or ()):
        return Compared((), (missing,))
    return Compared(tuple(rows), tuple(idle))


def accounts(inputs: Inputs) -> Compared:
    """Return the executed amounts of forms beside those of the final accounts."""
    rows: list[Comparison] = []
    idle: list[Idle] = []
    for form, entry in _beside(inputs, "accounts"):
        if isinstance(entry, Idle):
            idle.append(entry)
            continue
        own = _executed(form, letters(entry.text("label")))
        if own and entry.value is not None:
            rows.append(_account(form, entry, own))
        else:
            label = entry.text("label") or "合计"
            idle.append(Idle(True, words(f"{unit_name(form)}的表没有“{label}”的执行数", f"the form of {unit_name(form)} has no executed amount of “{label}”")))
    missing = Idle(True, words("没有给出部门决算表（--reference）", "no final accounts were given (--reference)"))
    return _compared(inputs, "accounts", missing, rows, idle)


def _executed(form: Form, label: str) -> list[amounts.Amount]:
    """Return the amounts that make up a label of the accounts: its line, or for a total the total line, else the parts of the structure."""
    lines = [n for n, line in enumerate(form.budget_lines, 1) if amounts.label_of(line) == label]
    if not lines and label in _TOTALS:
        lines = [n for n, line in enumerate(form.budget_lines, 1) if line.get("role") == "total"][:1]
        lines = lines or [n for n, line in enumerate(form.budget_lines, 1) if line.get("role") == "structure"]
    elif len(lines) > 1:
        return []
    found = [amounts.amount(form, n, "executed") for n in lines]
    return [item for item in found if item is not None] if all(found) else []


def _account(form: Form, entry: Entry, own: Sequence[amounts.Amount]) -> Comparison:
    account = amounts.Amount(entry.value or Decimal(0), entry.text("amount_unit"), ())
    unit = amounts.common_unit([*own, account])
    values: dict[str, FieldValue] = {
        "label": entry.text("label") or "合计",
        "amount_unit": unit,
        "amount": amounts.total(own, unit),
        "accounts_amount": amounts.total([account], unit),
        "tolerance": amounts.tolerance([*own, account], unit),
        "source": _shown(entry),
    }
    cells = {"amount": tuple(cell for item in own for cell in item.cells)}
    return Comparison("accounts", form, ("accounts", form.form_id, letters(entry.text("label"))), values, cells)


def _shown(entry: Entry) -> str:
    where = entry.place
    line = f"第{where.line}行" if where.line else ""
    return " ".join(part for part in (where.file, where.sheet, where.cell or line) if part)


def reviews(inputs: Inputs) -> Compared:
    """Return self-scores beside those of a re-check: of forms, and of the indicators the table names."""
    rows: list[Comparison] = []
    idle: list[Idle] = []
    for form, entry in _beside(inputs, "review"):
        if isinstance(entry, Idle):
            idle.append(entry)
            continue
        name = entry.text("name")
        same = [one for one in indicators(form) if one.key == bare_name(name)] if name else []
        if name and len(same) != 1:
            idle.append(Idle(True, words(f"{unit_name(form)}的表里“{name}”有 {len(same)} 行", f"the form of {unit_name(form)} has {len(same)} rows “{name}”")))
            continue
        score = same[0].number("score") if same else form.header.get("total_score")
        cell = same[0].cell("score") if same else ((form, ("forms", 1, "total_score")),)
        values: dict[str, FieldValue] = {
            "name": name or "总分",
            "score": score if isinstance(score, Decimal) else None,
            "review_score": entry.value,
            "source": _shown(entry),
        }
        rows.append(Comparison("reviews", form, ("reviews", form.form_id, bare_name(name)), values, {"score": cell}))
    missing = Idle(True, words("没有给出复核得分（--reference）", "no scores of a re-check were given (--reference)"))
    return _compared(inputs, "review", missing, rows, idle)

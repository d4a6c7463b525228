"""Cells of figures → found values; what cannot be read is told with its place."""

from __future__ import annotations

from checker.layouts.cells import clean, plain
from checker.layouts.messages import at as say_at
from checker.layouts.messages import field_name, say
from checker.layouts.numbers import Number, fraction_as_percent, money, numbers_stacked, percent, score, weight
from checker.layouts.places import Found, Notes, Row, name_in, where
from checker.model import Cell

MONEY = ("initial", "budget", "executed")
NUMBERS = (*MONEY, "rate", "weight", "score")
_SUFFIXES = ("%", "万元", "亿元", "元")


def figure(text: str, role: str, unit: str | None, filed: str | None = None) -> Number:
    """Read the figure of a budget line by its role; amounts in the form's unit, `filed` being that of the column's title."""
    if role in MONEY:
        return money(text, unit, filed)
    return percent(text) if role == "rate" else score(text) if role == "score" else weight(text)


def found_number(cell: Cell, read: Number, role: str, notes: Notes) -> Found:
    """Turn a read number into a found value; an unread one is told with its place, and so are several numbers, one a line."""
    if read.value is not None and "\n" in cell.text and numbers_stacked(cell, _SUFFIXES):
        read = Number(reason=say("not_one_number"))
    reason = cell.unread or (say("cell_unread", field=field_name(role), text=clean(cell.text)[:40], why=read.reason) if read.reason else None)
    if reason is not None:
        notes.unread.append(say("at", at=where(cell.locator), what=reason))
        return Found(None, cell, reason)
    if read.note:
        notes.repairs.append(say("at", at=where(cell.locator), what=read.note))
    return Found(read.value, cell)


def keep_figure(made: Row, role: str, cell: Cell, read: Number, notes: Notes) -> None:
    """Put a read figure into its line; an amount whose writing is at fault is kept in words too: the form is wrong, not the reading."""
    made[role] = found_number(cell, read, role, notes)
    if role in MONEY and cell.unread is None and read.malformed:
        made.setdefault("amount_malformed", Found(clean(cell.text), cell))


def settle_rate(made: Row, notes: Notes) -> None:
    """Read 1 or 0.9918 as a percentage where executed ÷ budget proves it; keep what was printed."""
    rate = made.get("rate")
    if rate is None or rate.cell is None:
        return
    made["rate_text"] = name_in(rate.cell, clean(rate.cell.text))
    if rate.value is None or "%" in plain(rate.cell.text):
        return
    executed, budget = (made[role].value if role in made else None for role in ("executed", "budget"))
    proved = fraction_as_percent(rate.value, executed, budget)  # type: ignore[arg-type]
    if proved is not None:
        notes.repairs.append(say_at(where(rate.cell.locator), "fraction", text=clean(rate.cell.text), value=proved))
        made["rate"] = Found(proved, rate.cell)

"""The actual cell (全年完成值): a measured value, a band, or the target copied."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from checker.late import late
from checker.remembered import remembered
from checker.values import lexicon
from checker.values.comparison import Pair, compared, copies_target, is_threshold, surpasses, unit_mismatch
from checker.values.quantity import Quantity, find_quantities
from checker.values.reason import read_reason
from checker.values.spelled import is_nothing, spelled
from checker.values.target import Target
from checker.values.text import is_blank, plain, squeezed
from checker.values.units import BARE

FULL, PART, NONE = "达成", "部分达成", "未达成"
_BANDS = (("none", NONE), ("part", PART), ("full", FULL))
_EDGE = late(r"[\s。.,;!、]+$|^[\s、,]+")
_RATIO = late(r"[0-9]+(?:\.[0-9]+)?[:比][0-9]+(?:\.[0-9]+)?")
_PROGRESS = late(r"完成率|进度|达成率|完成比例|完成情况")


class Actual(Struct, frozen=True):
    """What the actual cell, or the number that leads the reason cell, says was achieved.

    `measured` are the quantities read (none for a band or a copied target) and `source` the cell
    they stand in. `copies` is true when the cell repeats the target's threshold with its operator;
    `repeats` when it repeats the target's words and measures nothing (a ratio, 1:5, is a result). `pairs` are in the target's order;
    `mismatch` names the units when the own cell counts something else than the target.
    """

    measured: tuple[Quantity, ...]
    source: str | None
    band: str | None
    copies: bool
    repeats: bool
    pairs: tuple[Pair, ...]
    mismatch: str | None = None


def read_band(text: str | None) -> str | None:
    """Return 达成, 部分达成 or 未达成 when the whole cell is a status word (达成指标, 达成预期指标 …)."""
    return _band(text[:200]) if text is not None else None


@remembered
def _band(text: str) -> str | None:
    if is_blank(text):
        return None
    source = _EDGE.sub("", squeezed(text))
    for key, band in _BANDS:
        if lexicon.pattern("bands", key).fullmatch(source):
            return band
    return None


def read_actual(
    actual: str | None, reason: str | None = None, target: Target | None = None, name: str | None = None
) -> Actual | None:
    """Return the reading of an actual cell with its target and reason, None when it says nothing and the reason leads with no number."""
    source = "" if is_blank(actual) else plain((actual or "")[:20_000])
    band = read_band(source)
    if (
        band
        and "100%" in squeezed(source)
        and target
        and target.main
        and target.main.unit.base == "%"
        and _PROGRESS.search(name or "")
    ):
        band = None
    own = () if band or not source else find_quantities(source) or spelled(source)
    if source and not own and target and target.main and target.main.value == 0 and is_nothing(source):
        own, band = (Quantity(Decimal(0), BARE, 0, len(source)),), None
    copies = False
    if own and is_threshold(own[0], source):
        copies = copies_target(own[0], target)
        if copies or not surpasses(own[0], target):
            own = ()
    origin: str | None = "actual" if own else None
    if not own and (told := read_reason(reason)) and told.leading:
        own, origin = told.leading, "reason"
    repeats = (
        not own
        and not copies
        and band is None
        and target is not None
        and bool(source)
        and target.main is None
        and squeezed(source) == squeezed(target.text)
        and not _RATIO.fullmatch(squeezed(source))
    )
    if not (source or own):
        return None
    pairs = compared(own, target, source if origin == "actual" else plain(reason or ""), plain((name or "")[:500])) if target else ()
    mismatch = unit_mismatch(own, target) if target and origin == "actual" and not pairs else None
    return Actual(own, origin, band, copies, repeats, pairs, mismatch)

"""The target cell (年度指标值): operator, value, unit, base, words."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from checker.late import late
from checker.remembered import KEPT, SHORT, remembered
from checker.values import lexicon
from checker.values.direction import is_rate_name, read_direction
from checker.values.quantity import Quantity, find_quantities
from checker.values.spelled import spelled
from checker.values.text import content_length, is_blank, plain, squeezed
from checker.values.units import BARE, DURATIONS, PERCENT, Unit, known_unit, lent, read_unit

HUNDRED = Decimal(100)
_WORD = 12
_PLACEHOLDER = late(r"^[≥≤><=]{0,2}\s*(?:\*+|×+|[XxN]{1,2}|…+|_+)\s*")
_NAKED = late(r"\s*(?:$|[^\u4e00-\u9fffA-Za-zµμ]|及?以[上下内]|[之以]内|左右|为|是)")
"""What may stand behind a number that nothing counts: no word that may be a unit the lexicon lacks."""
_NAME_UNIT = late(r"[(（]\s*(?:单位\s*[:：]\s*)?([^()（）\d]{1,9})\s*[)）]\s*$")


class Target(Struct, frozen=True):
    """What a target cell states.

    `main` governs when the cell does not say otherwise: the first quantity outside brackets, one
    with an operator before one without. `bases` are the counts beside a percentage (3133人 in
    100%(3133人)), `others` further quantities on the level of `main`. `comparator` is written,
    missing, doubled, implied (a bare 100 %) or None without a number. `approximate` is 约500户.
    """

    text: str
    main: Quantity | None
    bases: tuple[Quantity, ...] = ()
    others: tuple[Quantity, ...] = ()
    direction: str | None = None
    comparator: str | None = None
    vague: bool = False
    perception: bool = False
    words: bool = False
    approximate: bool = False

    @property
    def operator(self) -> str | None:
        """The operator of the main quantity as a symbol, None when none is written."""
        return self.main.operator if self.main else None

    @property
    def ambiguous(self) -> bool:
        """True when a percentage and a count stand side by side and the cell does not say which governs."""
        return self.main is not None and self.main.unit.base == "%" and bool(self.bases)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All quantities an actual may be compared with, the main one first."""
        return (*((self.main,) if self.main else ()), *self.bases, *self.others)

    @property
    def measured(self) -> int:
        """How many quantities besides 100 % the cell sets; limits of time count only when they stand alone."""
        counted = [q for q in self.quantities if not (q.unit.base == "%" and q.amount == HUNDRED)]
        lasting = [q for q in counted if q.unit.base not in DURATIONS]
        return len(lasting or counted)


def read_target(text: str | None, name: str | None = None, level2_class: str | None = None) -> Target | None:
    """Return the reading of a target cell, None when it is blank or says that the indicator does not apply (不适用).

    `name` gives the unit of a bare number (成本控制数（万元）, …率) and the direction when the cell
    has no operator; `level2_class` only the latter.
    """
    if is_blank(text):
        return None
    assert text is not None
    if len(text) <= _WORD and squeezed(text).strip("。.") in lexicon.words("targets", "absent"):
        return None
    return _known(text, name, level2_class) if len(text) + len(name or "") <= SHORT else _target(text, name, level2_class)


def _target(text: str, name: str | None, level2_class: str | None) -> Target:
    source = plain(text[:20_000])
    found = find_quantities(source) or spelled(source)
    main = _main(found)
    if main is None:
        return Target(source, None, vague=is_vague(source, name), words=True)
    if main.bare:
        main = _with_name_unit(main, name, alone=_NAKED.match(source, main.end) is not None)
    rest = [q for q in found if q.start != main.start and q.depth <= main.depth + 1]
    percent = main.unit.base == "%"
    bases = tuple(
        q
        for q in rest
        if percent
        and q.unit.base not in ("%", "百分点", "")
        and (q.depth > main.depth or q.start >= main.end)
        and q.unit.base not in DURATIONS
    )
    others = tuple(q for q in rest if q not in bases and q.depth == main.depth)
    perception = percent and lexicon.pattern("targets", "perception").search(source) is not None
    return Target(
        source,
        main,
        bases,
        others,
        direction=read_direction(main, bool(bases), name, level2_class, source),
        comparator=_comparator(main),
        perception=perception,
        approximate=lexicon.pattern("targets", "approximate").search(source) is not None,
    )


_known = lru_cache(maxsize=KEPT)(_target)


def _main(found: tuple[Quantity, ...]) -> Quantity | None:
    if not found:
        return None
    level = min(q.depth for q in found)
    outer = [q for q in found if q.depth == level]
    measures = [q for q in outer if q.unit.base not in DURATIONS] or outer
    return next((q for q in measures if q.operator), measures[0])


def _comparator(main: Quantity) -> str:
    if main.doubled:
        return "doubled"
    if main.operator or main.high is not None:
        return "written"
    return "implied" if main.unit.base == "%" and main.value == HUNDRED else "missing"


def _with_name_unit(main: Quantity, name: str | None, *, alone: bool) -> Quantity:
    if not name:
        return main
    unit = BARE
    if found := _NAME_UNIT.search(name):
        named = read_unit(_PLACEHOLDER.sub("", found[1]))
        unit = named if known_unit(named) else BARE
    elif alone and is_rate_name(name):
        # 0.95 beside a rate is 95 %, kept in the digits of the form.
        unit = PERCENT if main.value > 1 else Unit("", "%", HUNDRED) if main.value > 0 else BARE
    return main if unit is BARE else replace(main, unit=lent(unit, main.unit))


def is_vague(text: str, name: str | None = None) -> bool:
    """Tell whether a cell is only words that cannot be measured (有提升, 效果明显, 显著提升), words of the name beside them left out."""
    rest = squeezed(text).strip("。.,;、!")
    if not rest or len(rest) > 20 or any(char.isdigit() for char in rest):
        return False
    heads = lexicon.word_pattern("targets", "vague_heads")
    if not heads.search(rest) or lexicon.word_pattern("targets", "deeds").search(rest):
        return False
    rest = lexicon.word_pattern("targets", "vague_filler").sub(" ", heads.sub(" ", rest))
    own = [part for part in rest.split() if not (name and len(part) >= 2 and part in name)]
    return content_length("".join(own)) <= 2


def is_reference(target: str | None, name: str | None) -> bool:
    """Tell whether a reference to a document stands where name or target should be."""
    return any(text is not None and _refers(text) for text in (target, name))


@remembered
def _refers(text: str) -> bool:
    return lexicon.pattern("targets", "reference").search(squeezed(text[:2000])) is not None

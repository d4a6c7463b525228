"""Quantities in running text: number, unit, operator, range, bracket depth.

Numbers that are parts of dates, document numbers, list marks, ordinals or codes are not quantities.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from checker.late import late
from checker.remembered import remembered
from checker.values import lexicon
from checker.values.chinese import NUMERAL
from checker.values.number import NUMBER, decimal, read_hundredths
from checker.values.text import depths, plain
from checker.values.units import DURATIONS, PERCENT, Unit, paced, read_unit, rhythm_before, unit_after

_CLUSTER = late(r"(?<![0-9.])(?<![0-9],)-?[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?(?![0-9])")
_COUNTS = late(r"[0-9０-９]|百分之")
_GROUPED = late(rf"-?{NUMBER}")
_CHINESE_PERCENT = late(rf"百分之\s?({NUMBER}|{NUMERAL}{{1,12}}(?:点{NUMERAL}{{1,4}})?)")
_RANGE = late(r"\s*(?:-|~|—|–|至|到)\s*")
_INSIDE = late(r"\s*(?:之内|以内|内)")
_BETWEEN = late(r"\s*[≤<][^0-9≤<≥>,;。]{0,10}[≤<]\s*")
_LIMITS = late(r"\s*(?:且|并且|并|,|、|;|和)?\s*(?:≤|<|不超过|不高于|不大于|不多于|小于等于|低于)\s*")
_INTERVALS = frozenset({"[]", "[)", "(]"})
_APPROX_BEFORE = late(r"(?:约|近|大约|将近|接近)\s*$")
_PLAINLY = late(rf"[≥≤><=]?\s*-?{NUMBER}(?:[%\u4e00-\u9fff](?<![年月号热])){{0,4}}")
"""A number with at most a word behind it: no part of it can be a date, a document number, a list mark or a code."""
_COUNTED = r"(?!\s*[人户次个项件亩米元家台套吨公平万亿千百场名篇份吨头只株座处%‰])"
_MASKED = late(
    rf"(?:19|20)[0-9]{{2}}\s*[-~—–至、/]\s*(?:19|20)[0-9]{{2}}(?![0-9.]){_COUNTED}(?:\s*年度?)?"
    rf"|(?:19|20)[0-9]{{2}}\s*[-./]\s*(?:1[0-2]|0?[1-9])(?:\s*[-./]\s*[0-9]{{1,2}})?(?![0-9.]){_COUNTED}"
    r"|(?:19|20)[0-9]{2}\s*年(?!以上|内)(?:度)?(?:\s*[0-9]{1,2}\s*[-~—–至、]\s*[0-9]{1,2}\s*月)?(?:\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?)?"
    r"|[0-9]{1,2}\s*月?\s*[-~—–至、]\s*(?:[0-9]{1,2}\s*[、-]\s*)?[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?"
    r"|(?<![0-9.])[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*[日号])?"
    r"|月\s*[0-9]{1,2}\s*[日号]"
    r"|[〔\[【(]\s*(?:19|20)[0-9]{2}\s*[〕\]】)]\s*第?\s*[0-9]{1,5}\s*号?文?"
    r"|第\s*[0-9]+"
    r"|(?<![A-Za-z])(?:GB|DB|HJ|JGJ|CJJ|JTG|SL|NY|ISO)(?:/?[A-Z])?\s?[0-9]{1,6}(?:[.-][0-9]{1,4}){0,2}"
    r"|(?<![0-9.,])(?:[0-9]{1,4}[、,]){0,8}[0-9]{1,6}\s*号"
    r"|(?:^|(?<=[;；。\n]))\s*\(?[0-9]{1,2}(?:[、.](?![0-9])|\)(?=[^0-9]))"
    r"|(?<![A-Za-z])[A-Za-z]{1,12}[-/]?[0-9]{1,12}(?:\.[0-9]{1,6})?"
    r"|(?<![0-9.,])[0-9]{1,6}\s?[:×xX*比]\s?[0-9]{1,6}(?:\s?:\s?[0-9]{1,4})?"
    r"|(?<![0-9])1[0-9]{4}(?=\D{0,6}热线)"
)


class Quantity(Struct, frozen=True):
    """A number with its unit and place in `plain(text)`.

    `operator` is ≥ ≤ > < = or None; `doubled` when one stands before and one behind; `high` is the
    upper end of a range; `approx` the word 余 多 约 近 that makes it approximate; `depth` counts the
    round brackets around it.
    """

    value: Decimal
    unit: Unit
    start: int
    end: int
    depth: int = 0
    operator: str | None = None
    doubled: bool = False
    high: Decimal | None = None
    approx: str | None = None

    @property
    def amount(self) -> Decimal:
        """The value in the base unit."""
        return self.value * self.unit.factor

    @property
    def bare(self) -> bool:
        """True when nothing says what is counted; 5万 is bare too."""
        return self.unit.base == ""


def masked(text: str) -> str:
    """Return `plain` text with dates, document numbers, list marks, ordinals and codes blanked out, same length."""
    return _MASKED.sub(lambda found: "\x00" * len(found[0]), text)


@cache
def _operators() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], frozenset[str]]:
    table = lexicon.entries("operators")
    before: dict[str, str] = dict(table["before"])  # type: ignore[call-overload]
    after: dict[str, str] = dict(table["after"])  # type: ignore[call-overload]
    return (
        re.compile("(" + lexicon.alternation(before) + r")[到为在:]?\s*$"),
        re.compile(r"\s*(" + lexicon.alternation(after) + ")"),
        before | after,
        frozenset(lexicon.words("operators", "soft")),
    )


def find_quantities(text: str | None) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order, ranges joined; () for None.

    Texts beyond 20,000 characters are read up to there.
    """
    if not text:
        return ()
    return _found(text)


@remembered
def _found(text: str) -> tuple[Quantity, ...]:
    if not _COUNTS.search(text):
        return ()
    source = plain(text[:20_000])
    visible = source if _PLAINLY.fullmatch(source) else masked(source)
    found: list[Quantity] = []
    matches = [(m.start(), m.end(), m[0]) for m in _CLUSTER.finditer(visible) if _GROUPED.fullmatch(m[0])]
    chinese = [(m.start(), m.end(), m) for m in _CHINESE_PERCENT.finditer(visible)] if "百分之" in visible else []
    if not matches and not chinese:
        return ()
    matches = _unbroken(visible, matches)
    level = depths(visible)
    taken = [(start, end) for start, end, _ in chinese]
    for start, end, m in chinese:
        if (value := read_hundredths(m[1])) is not None:
            found.append(_dressed(visible, Quantity(value, PERCENT, start, end, level[start])))
    for start, end, digits in matches:
        # The 10 of 16/10万 belongs to the unit before it.
        if any(a <= start < b for a, b in taken) or (found and found[-1].start < start < found[-1].end):
            continue
        negative = digits.startswith("-")
        if negative and start and (visible[start - 1].isalnum() or visible[start - 1] in "%)"):
            negative = False
        value = decimal(digits.lstrip("-"))
        if value is None:
            continue
        if digits.startswith("-") and not negative:
            start += 1
        counted = unit_after(visible, end)
        if counted is None:
            continue
        unit, stop, approx = counted
        quantity = Quantity(-value if negative else value, unit, start, stop, level[start], approx=approx)
        found.append(_dressed(visible, quantity))
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_ranges(visible, found))


def _unbroken(text: str, numbers: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Leave out numbers with nothing but white space between them: `10 0%` is a broken 100 %, or two cells in one."""
    broken = {
        i for i in range(len(numbers) - 1) if text[numbers[i][1] : numbers[i + 1][0]].isspace()
    }
    return [number for i, number in enumerate(numbers) if i not in broken and i - 1 not in broken]


def _dressed(text: str, quantity: Quantity) -> Quantity:
    before, after, meaning, soft = _operators()
    head = text[max(quantity.start - 14, 0) : quantity.start]
    approx = quantity.approx
    if approx is None and (close := _APPROX_BEFORE.search(head)):
        approx, head = close[0].strip(), head[: close.start()]
    front, back = before.search(head), after.match(text, quantity.end)
    first = meaning[front[1]] if front else None
    second = meaning[back[1]] if back else None
    if second is None and quantity.unit.base in DURATIONS and _INSIDE.match(text, quantity.end):
        second = "≤"
    hard = front is not None and front[1] not in soft
    operator = first if hard and first else second or first
    doubled = hard and second is not None and first != "="
    operator = second if first == "=" and second else operator
    unit = (
        paced(quantity.unit, rhythm_before(head[: front.start()] if front else head)) if "每" in head else quantity.unit
    )
    return Quantity(quantity.value, unit, quantity.start, quantity.end, quantity.depth, operator, doubled, quantity.high, approx)


_CLOCK = {"小时": ("分", "分钟"), "个小时": ("分", "分钟"), "分": ("秒",), "分钟": ("秒",)}
"""What may stand right behind a number of hours or minutes as the rest of one time: 11分38秒, 1小时20分."""


def _timed(quantity: Quantity, rest: Quantity) -> Quantity | None:
    """Return 11分38秒 as one quantity of its finer unit, None where two quantities are no such time."""
    fine = rest.unit.written
    if rest.start != quantity.end or fine not in _CLOCK.get(quantity.unit.written, ()) or rest.value >= 60:
        return None
    unit = read_unit("分钟" if fine == "分" else fine)
    return replace(quantity, value=quantity.value * 60 + rest.value, unit=unit, end=rest.end, approx=quantity.approx or rest.approx)


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """Join 80%-90%, 5至10次, [80%,90%], 80%＜满意度≤90% and ≥50个且≤60个 to one quantity with a `high` end, 11分38秒 to one time."""
    joined: list[Quantity] = []
    for quantity in found:
        if joined and (time := _timed(joined[-1], quantity)) is not None:
            joined[-1] = time
            continue
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.high is None
            and last.value <= quantity.value
            and (last.bare or last.unit == quantity.unit)
        ):
            gap = text[last.end : quantity.start]
            plainly = len(gap) <= 3 and _RANGE.fullmatch(gap) and quantity.operator in (None, last.operator)
            between = len(gap) <= 16 and last.operator is None and _BETWEEN.fullmatch(gap)
            closed = f"{text[max(last.start - 1, 0)]}{text[quantity.end : quantity.end + 1]}" in _INTERVALS and gap.strip() == "," and last.start > 0
            limits = last.operator in ("≥", ">") and quantity.operator in ("≤", "<") and _LIMITS.fullmatch(gap)
            if plainly or between or closed or limits:
                joined[-1] = replace(last, unit=quantity.unit, high=quantity.value, end=quantity.end)
                continue
        joined.append(quantity)
    return joined

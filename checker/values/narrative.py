"""Numbers that a narrative gives, and which indicator each speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from checker.late import late
from checker.values import lexicon
from checker.values.direction import change
from checker.values.quantity import Quantity, find_quantities
from checker.values.text import letters
from checker.values.units import Unit, same_measure
from checker.values.wording import bare_name, marks, measure_at, parts, salient, sentences, stem

MAX_TEXT = 20_000
_SAID_WHOLE = 4
"""So many letters of a name tell one matter from another."""
_BEING = late(r"(?:已|均|为|达到了?|达|是|实际|实现)+$")
_BY_HOW_MUCH = late(r"(?:超额完成|超额|超出|超过|高出|高于|低于|多出)[^,;。]{0,4}$")
_RATE = late(
    r"(?:截至(?:年底)?|全年|年度|年末|本年|本年度|我单位|本单位|部门|单位|整体|总体|项目|财政|预算|资金|支出|总)*(?:执行率|支付率|执行进度|支出进度)(?:为|达到|达|是|实际)*"
)


class Statement(Struct, frozen=True):
    """One number of a narrative: its clause, the letters around the number (`about`), their salient words, and the marks of scope and population in the clause."""

    clause: str
    about: str
    quantity: Quantity
    words: frozenset[str]
    scope: frozenset[str]
    population: frozenset[str]


class Object(Struct, frozen=True):
    """What an indicator's name speaks of: its stem, the tail that says how it is counted, the stem's salient words, and the name's marks of scope and population."""

    stem: str
    tail: str
    words: frozenset[str]
    scope: frozenset[str]
    population: frozenset[str]


class Narrated(Struct, frozen=True):
    """The number a narrative gives for an indicator, in the indicator's unit."""

    value: Decimal
    approximate: bool
    clause: str


def statements(text: str | None) -> tuple[Statement, ...]:
    """Return the numbers of a narrative with a unit, each with its clause; numbers in brackets are left out."""
    found: list[Statement] = []
    for sentence in sentences((text or "")[:MAX_TEXT]):
        for clause in parts(sentence):
            quantities = find_quantities(clause)
            for position, quantity in enumerate(quantities):
                if quantity.bare or quantity.depth or quantity.high is not None:
                    continue
                start = quantities[position - 1].end if position else 0
                stop = quantities[position + 1].start if position + 1 < len(quantities) else len(clause)
                about = letters(clause[start : quantity.start] + clause[quantity.end : stop])
                found.append(
                    Statement(
                        clause, about, quantity, salient(about), marks(clause, "scope"), marks(clause, "population")
                    )
                )
    return tuple(found)


def widespread(names: Iterable[str]) -> frozenset[str]:
    """Return the two-character words that a third of the names share: they tell no object from another. () under six names."""
    things = {thing.stem: thing for thing in map(_object, names)}
    if len(things) < 6:
        return frozenset()
    counts: dict[str, int] = {}
    for thing in things.values():
        for word in thing.words:
            counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count * 3 >= len(things))


def object_of(name: str, common: frozenset[str]) -> Object:
    """Return what a name speaks of, words common to many names of the form left out."""
    thing = _object(name)
    return replace(thing, words=thing.words - common) if common & thing.words else thing


@lru_cache(maxsize=8192)
def _object(name: str) -> Object:
    core = stem(name)
    return Object(core, bare_name(name)[len(core) :], salient(core), marks(name, "scope"), marks(name, "population"))


def concerning(thing: Object, told: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements of the same object and scope, whatever their unit.

    Two salient words and half of the name's must agree, and the same words of scope and population;
    a percentage needs the whole stem of the name in its clause. A number right behind the whole name (培训合格率为93%) is the indicator's.
    """
    return tuple(statement for statement in told if _same_object(thing, statement))


def narrated(units: Sequence[Unit], measured: Decimal | None, told: Sequence[Statement]) -> Narrated | None:
    """Return the number that statements concerning an indicator give in one of its units, None when none or several different ones.

    Among several the one that equals `measured` wins.
    """
    hits: list[Narrated] = []
    for statement in told:
        unit = next((unit for unit in units if same_measure(unit, statement.quantity.unit)), None)
        if unit is not None:
            value = statement.quantity.amount / unit.factor
            if measured is not None and _rounds_to(measured, value, statement.quantity, unit):
                value = measured
            hits.append(Narrated(value, statement.quantity.approx is not None, statement.clause))
    if measured is not None and (equal := [hit for hit in hits if hit.value == measured]):
        return equal[0]
    return hits[0] if hits and len({hit.value for hit in hits}) == 1 else None


def _rounds_to(measured: Decimal, told: Decimal, quantity: Quantity, unit: Unit) -> bool:
    """True for a number told in a larger unit that is the measured one rounded to its digits: 11万人次 for 110406人次."""
    larger = quantity.unit.factor / unit.factor
    exponent = quantity.value.as_tuple().exponent
    return larger > 1 and isinstance(exponent, int) and abs(measured - told) * 2 <= larger.scaleb(exponent)


def _same_object(thing: Object, statement: Statement) -> bool:
    if statement.quantity.unit.base != "%":
        same = _overlap(thing.words, statement.words)
    else:
        same = _said_whole(thing, statement) or (len(thing.stem) >= 3 and _same_rate(thing, statement.about) and not _is_change(thing, statement))
    if not same:
        return False
    return thing.scope == statement.scope and thing.population == statement.population


def _said_whole(thing: Object, statement: Statement) -> bool:
    """Tell whether the whole name of a rate and nothing but a word of being stands before the number: not 培训合格率提高3%."""
    whole = thing.stem + thing.tail
    before = letters(statement.clause[: statement.quantity.start])
    return len(whole) >= _SAID_WHOLE and statement.about.startswith(whole) and _BEING.sub("", before).endswith(whole)


def _is_change(thing: Object, statement: Statement) -> bool:
    """Tell whether a percentage says by how much a rate changed or differs (就业率提高3%), where the name asks for the rate itself."""
    before = statement.clause[: statement.quantity.start]
    return _BY_HOW_MUCH.search(before) is not None or (change(before) != 0 and change(thing.stem + thing.tail) == 0)


def _same_rate(thing: Object, about: str) -> bool:
    """Tell whether a text names the stem of a rate and not another rate of the same matter (报告及时率 beside 报告准确率)."""
    _, stem_found, rest = about.partition(thing.stem)
    other = measure_at(rest)
    return bool(stem_found) and (len(other) < 2 or thing.tail.startswith(other) or other.startswith(thing.tail or other))


def _overlap(words: frozenset[str], others: frozenset[str]) -> bool:
    shared = len(words & others)
    return shared >= 2 and shared * 2 >= len(words)


class Admission(Struct, frozen=True):
    """A clause that admits a shortfall, with its salient words and marks of population."""

    clause: str
    words: frozenset[str]
    population: frozenset[str]


def admissions(text: str | None) -> tuple[Admission, ...]:
    """Return the clauses of a narrative that admit a shortfall (未完成, 滞后, 延期 …), denials left out."""
    pattern, excused = lexicon.pattern("wording", "shortfall"), lexicon.pattern("wording", "no_shortfall")
    clauses = [clause for sentence in sentences((text or "")[:MAX_TEXT]) for clause in parts(sentence)]
    return tuple(
        Admission(clause, salient(letters(clause)), marks(clause, "population"))
        for clause in clauses
        if pattern.search(clause) and not excused.search(clause)
    )


def admitted(thing: Object, told: Sequence[Admission]) -> str | None:
    """Return the first clause that admits a shortfall of this object, None when none does."""
    return next(
        (one.clause for one in told if _overlap(thing.words, one.words) and one.population <= thing.population), None
    )


def quoted_rate(text: str | None) -> Decimal | None:
    """Return the execution rate of the whole budget that a narrative quotes, in points with its digits.

    None when it quotes none, an approximate one, or several different ones; a rate of one project or
    fund among several is not the whole's.
    """
    found = {
        one.quantity.value
        for one in statements(text)
        if one.quantity.unit.base == "%"
        and one.quantity.approx is None
        and one.quantity.operator in (None, "=", "≥")
        and _RATE.fullmatch(one.about)
    }
    return found.pop() if len(found) == 1 else None

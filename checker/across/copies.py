"""Narratives and reasons that forms of different units have in common, one row a group of alike texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from checker.across.comparison import Cells, Compared, Comparison, Idle, Inputs, words
from checker.across.units import is_summary, ordered, project_of, unit_name, unit_of
from checker.across.wording import LEAST_TEXT, masked, original, reason_words
from checker.model import FieldValue, Form, PlaceKey

if TYPE_CHECKING:
    from checker.across.passages import Pair

LEAST_NARRATIVE = 60
"""Letters below which goals and results of different units may be alike by chance."""
SIMILAR = Decimal(80)
PASSAGE = 60
"""Texts at least this alike, or with a passage at least this long in common, are put in one group."""
_FEW = 20
_SHARE = 10
"""A passage that more than 20 units, and more than one in ten, have is taken for text of the template."""
_SHOWN = 40


class _Text(Struct, frozen=True):
    """A text of one form: as filled, its letters with numbers masked, and the cells it stands in."""

    form: Form
    unit: str
    filled: str
    letters: str
    cells: Cells


def copies(inputs: Inputs) -> Compared:
    """Return every group of alike texts of different units."""
    named = [(form, unit) for form in ordered(inputs.forms) if (unit := unit_of(form))]
    units = {unit for _, unit in named}
    if len(units) < 2:
        return Compared((), (Idle(False, words("只有一家单位的表，无从比对", "there are forms of one unit only")),))
    from checker.across.passages import alike

    rows: list[Comparison] = []
    for column in ("goal_planned", "goal_actual", "reason"):
        texts = [text for form, unit in named for text in _texts(form, unit, column)]
        pairs = alike([text.letters for text in texts], [text.unit for text in texts], max(_FEW, len(units) // _SHARE), lambda a, b: _independent(texts[a], texts[b]))  # noqa: B023
        rows += _groups(column, texts, pairs)
    none = Idle(False, words("没有跨单位雷同的文字", "no text stands in the forms of several units"))
    return Compared(tuple(rows), () if rows else (none,))


def _texts(form: Form, unit: str, column: str) -> list[_Text]:
    """Return the texts of a column long enough to be compared; a reason that stands in several rows once."""
    least = LEAST_TEXT if column == "reason" else LEAST_NARRATIVE
    made: dict[str, _Text] = {}
    for filled, cell in _filled(form, column):
        if len(filled) >= least and len(text := masked(filled)) >= least:
            cells = made[text].cells if text in made else ()
            made[text] = _Text(form, unit, filled, text, (*cells, cell))
    return list(made.values())


def _filled(form: Form, column: str) -> Iterator[tuple[str, tuple[Form, PlaceKey]]]:
    if column == "reason":
        for n, row in enumerate(form.indicators, 1):
            reason = row.get("reason")
            if isinstance(reason, str) and len(reason) >= LEAST_TEXT and (told := reason_words(reason)):
                yield told, (form, ("indicators", n, "reason"))
    name = "foot_reason" if column == "reason" else column
    value = form.header.get(name)
    if isinstance(value, str):
        yield value, (form, ("forms", 1, name))


def _independent(one: _Text, other: _Text) -> bool:
    """Say whether two forms have no reason to be alike: not one project, not a summary and a unit it sums up."""
    project = project_of(one.form)
    if project and project == project_of(other.form):
        return False
    return not ((is_summary(one.form) and other.unit.startswith(one.unit)) or (is_summary(other.form) and one.unit.startswith(other.unit)))


def _groups(column: str, texts: Sequence[_Text], pairs: Sequence[Pair]) -> Iterable[Comparison]:
    whole = [pair for pair in pairs if pair.similarity >= SIMILAR]
    group = _joined(whole)
    yield from _rows("text", column, texts, whole, group)
    parts = [pair for pair in pairs if pair.passage >= PASSAGE and (pair.one not in group or group[pair.one] != group.get(pair.other))]
    # One passage a group: texts that share different passages are different matters.
    by_text: dict[str, list[Pair]] = defaultdict(list)
    for pair in parts:
        by_text[texts[pair.one].letters[pair.start : pair.start + pair.passage]].append(pair)
    for same in by_text.values():
        yield from _rows("passage", column, texts, same, _joined(same))


def _joined(pairs: Sequence[Pair]) -> dict[int, int]:
    """Return the group of every text, named by its first."""
    above: dict[int, int] = {}

    def top(i: int) -> int:
        while above.setdefault(i, i) != i:
            above[i] = i = above[above[i]]
        return i

    for pair in pairs:
        first, second = sorted((top(pair.one), top(pair.other)))
        above[second] = first
    return {i: top(i) for i in above}


def _rows(kind: str, column: str, texts: Sequence[_Text], pairs: Sequence[Pair], group: dict[int, int]) -> Iterable[Comparison]:
    members: dict[int, list[int]] = defaultdict(list)
    for i in sorted(group):
        members[group[i]].append(i)
    links: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        links[group[pair.one]].append(pair)
    for first, found in members.items():
        mine = links[first]
        closest = [max(pair.similarity for pair in mine if i in (pair.one, pair.other)) for i in found]
        longest = max(mine, key=lambda pair: (pair.passage, -pair.one, -pair.other))
        forms = [texts[i].form for i in found]
        excerpt = original(texts[longest.one].filled, longest.start, longest.passage)
        values: dict[str, FieldValue] = {
            "kind": kind,
            "column": column,
            "forms_alike": len({id(form) for form in forms}),
            "unit_names": "、".join(dict.fromkeys(unit_name(form) for form in forms)),
            "similarity": min(closest),
            "passage": min(max(pair.passage for pair in mine if i in (pair.one, pair.other)) for i in found),
            "excerpt": excerpt if len(excerpt) <= _SHOWN else excerpt[:_SHOWN] + "…",
        }
        cells = {"similarity": tuple(cell for i in found for cell in texts[i].cells)}
        identity = ("copies", kind, column, texts[first].form.form_id, str(texts[first].cells[0][1][1]))
        yield Comparison("copies", texts[first].form, identity, values, cells)

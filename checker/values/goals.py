"""Goal and result narratives of a form: unanswered goals, other years, sums, downgrades, quantities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from checker.late import late
from checker.values import lexicon
from checker.values.quantity import Quantity, find_quantities
from checker.values.text import content_length, half_width, letters
from checker.values.wording import bigrams, parts, salient, sentences

MAX_TEXT = 20_000
_LEAD = late(r"^(?:[0-9]{1,2}[.、)]|\([0-9一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}[是、,:])+")
_GOAL_MARK = late(r"(?:年度|总体|绩效|预期)*目标\s*[0-9一二三四五六七八九十]{0,2}\s*:")
_QUOTED = late(r"[《“\"'‘]([^》”\"'’]{2,20})[》”\"'’]")
_PREPARES = late(
    r"为\s*((?:19|20)[0-9]{2})\s*年[^,。;]{0,30}?(?:做好(?:充分)?准备|做准备|做(?:好)?铺垫|打(?:下|好)[^,。;]{0,6}基础|奠定[^,。;]{0,6}基础|提前谋划)"
)
_WORK_YEAR = late(
    r"(?<![0-9-])((?:19|20)[0-9]{2})\s*年度?(?!以来|起|至今|至|-|—|~|、|[〕】\])]|前|后|底前|出生|成立|建成|立项|批复|印发|发布|修订)[^,。;0-9《》]{0,12}?(?:重点工作|工作任务|工作目标|工作计划|年度目标|年度任务|绩效目标)"
)
_TOTAL = late(r"(?:共计|合计|总计|总共|共|累计|总额|总数)[^0-9,。;]{0,10}$")
_STOP = late(r"[。!?\n]+")
_LISTED = late(r"其中|分别")
_PARTED = late(r"\s*[,(]?\s*其中")
_ANOTHER = late(r"[,、](?:本年|全年|年度|年内|实际|已|截至|目前|现|支出|执行|支付|完成|拨付|到位|累计|共|总|带动|占|较|比)")
_TERSE = 3
_PEOPLE = frozenset({"人", "人次", "户", "户次", "家"})


def compared(text: str) -> str:
    """Return a narrative for comparison with another: half width, without marks of goals (目标1：) and white space."""
    return "".join(_GOAL_MARK.sub("", half_width(text[:MAX_TEXT])).split())


def count_quantities(text: str | None) -> int | None:
    """Count the quantities of a goal other than years, list marks and document numbers; None for a blank text."""
    if not text:
        return None
    return sum(
        1
        for sentence in sentences(text[:MAX_TEXT])
        for q in find_quantities(_LEAD.sub("", sentence))
        if not q.bare or q.operator
    )


def unanswered(goal: str | None, result: str | None, names: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Return the promises of a goal whose matter is named neither in the result nor by an indicator; None when a text is blank.

    A promise is a clause with a verb of work that does not open as a ground (通过, 以 …). Its matter
    are its two-character words without boilerplate, or what it puts in quotation marks; it is
    unanswered when under half of the words, or none of the quoted names, occur. A result that only
    says all is done (`is_general`) leaves nothing unanswered; bare amounts (扶持1024户、建成11个) answer
    promises of amounts in the same units, one each. Those of which least is named come first.
    """
    if not goal or not result:
        return None
    if is_general(result):
        return ()
    said = letters(half_width(result)[:MAX_TEXT]) + "\n" + "\n".join(letters(name) for name in names)
    known = bigrams(said)
    verbs, grounds = lexicon.word_pattern("wording", "promises"), lexicon.pattern("wording", "grounds")
    missing: list[tuple[Fraction, str]] = []
    amounts = [unit for clause in _clauses(result) if (unit := _bare_amount(clause))]
    for clause in _clauses(goal):
        if not verbs.search(clause) or grounds.search(clause):
            continue
        quoted = [name for quote in _QUOTED.findall(clause) if len(name := letters(quote)) >= 3]
        matter = _matter(clause)
        if quoted:
            lost, share = not any(name in said for name in quoted), Fraction(0)
        else:
            lost = len(matter) >= 2 and len(matter & known) * 2 < len(matter)
            share = Fraction(len(matter & known), len(matter) or 1)
        if lost and (unit := _last_unit(clause)) in amounts:
            amounts.remove(unit)
        elif lost:
            missing.append((share, clause))
    return tuple(clause for _, clause in sorted(missing, key=lambda found: found[0]))


def _last_unit(clause: str) -> str:
    """Return the unit of the last amount of a clause, "" when nothing is counted."""
    return next((q.unit.base for q in reversed(find_quantities(clause)) if not q.bare), "")


def _bare_amount(clause: str) -> str:
    """Return the unit of a clause that is an amount with hardly a word beside it (建成11个), else ""."""
    found = find_quantities(clause)
    alone = len(found) == 1 and content_length(clause[: found[0].start] + clause[found[0].end :]) <= _TERSE
    return found[0].unit.base if alone and not found[0].bare else ""


def is_general(result: str | None) -> bool | None:
    """Tell whether a result only says that all is done (完成了年度工作任务); None for a blank one."""
    if not result:
        return None
    return content_length(lexicon.word_pattern("wording", "general").sub("", result[:200])) <= 2 and len(result) <= 100


def _clauses(text: str) -> Iterator[str]:
    for sentence in sentences(text[:MAX_TEXT]):
        for part in parts(sentence):
            for clause in part.split(":"):
                if clause := _LEAD.sub("", clause.strip()).strip():
                    yield clause


def _matter(clause: str) -> frozenset[str]:
    plain = lexicon.word_pattern("wording", "boilerplate").sub(" ", clause)
    return frozenset(word for run in re.findall(r"[\u3400-\u9fffA-Za-z]+", plain) for word in bigrams(run))


def stale(goal: str | None, year: int | None) -> str | None:
    """Return the clause of a goal that speaks from another year: it prepares for this year or a past one, or sets an old year's work."""
    if not goal or year is None:
        return None
    for sentence in sentences(goal[:MAX_TEXT]):
        if (found := _PREPARES.search(sentence)) and int(found[1]) <= year:
            return found[0]
        if (found := _WORK_YEAR.search(sentence)) and int(found[1]) < year - 1:
            return found[0]
    return None


def sum_fault(text: str | None) -> str | None:
    """Return a passage whose listed parts do not make its stated total (共A，其中a、b), None when there is none.

    Parts behind 分别 must make the total; parts behind 其中 must not exceed it, and two or more must
    not miss it by less than a tenth; parts before a closing 共 only count when they nearly make it.
    A list behind 其中： runs on over semicolons. The first sixty numbers of a passage are read.
    """
    for passage in _passages(half_width((text or "")[:MAX_TEXT])):
        found = [q for q in find_quantities(passage) if not q.bare and q.high is None and q.approx is None][:60]
        for position, total in enumerate(found):
            told = _TOTAL.search(passage[max(total.start - 16, 0) : total.start])
            # 24公里，其中 opens a list without a 共; people may be told twice in one (其中女性…、党员…).
            if not told and (total.unit.base in _PEOPLE or not _PARTED.match(passage, total.end)):
                continue
            alike = [
                (i, q)
                for i, q in enumerate(found)
                if i != position and q.unit.base == total.unit.base and q.unit.base != "%"
            ]
            after = [q for i, q in alike if i > position]
            listed = _LISTED.search(passage, total.end)
            if after and listed:
                stop = len(passage) if passage[listed.end() : listed.end() + 1] == ":" else _end(passage, listed.end())
                if not told and (another := _ANOTHER.search(passage, listed.end(), stop)):
                    stop = another.start()
                parts_of = [q for q in after if listed.end() <= q.start < stop]
                if _wrong(total, parts_of, listed[0] == "分别"):
                    return _added_up(passage, total, parts_of)
            before = [q for i, q in alike if i < position and ";" not in passage[q.end : total.start]]
            if told and not after and len(before) >= 2 and "其中" not in passage and _nearly(total, before):
                return _added_up(passage, total, before)
    return None


def _added_up(passage: str, total: Quantity, listed: list[Quantity]) -> str:
    """Return the clauses from the first number of a sum to its last with the sum, in the unit of its total: `…(30 + 30 + 29.99 = 89.99 ≠ 89.97)`."""
    amounts = [q.amount / total.unit.factor for q in listed]
    added = " + ".join(_plain(amount) for amount in amounts)
    first, last = min(total.start, listed[0].start), max(total.end, listed[-1].end)
    opened = max(passage.rfind(mark, 0, first) for mark in ",;") + 1
    closed = min((at for mark in ",;" if (at := passage.find(mark, last)) >= 0), default=len(passage))
    return f"{passage[opened:closed].strip()}({added} = {_plain(sum(amounts, Decimal(0)))} ≠ {_plain(total.value)})"


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _passages(text: str) -> Iterator[str]:
    """Yield the sentences of a text, one that opens with 其中 joined to the one before."""
    held = ""
    for sentence in _STOP.split(text):
        if held and sentence.lstrip().startswith("其中"):
            held = f"{held}。{sentence.lstrip()}"
            continue
        if held:
            yield held
        held = sentence
    if held:
        yield held


def _end(text: str, start: int) -> int:
    stop = text.find(";", start)
    return len(text) if stop < 0 else stop


def _wrong(total: Quantity, listed: list[Quantity], complete: bool) -> bool:
    amount = sum((q.amount for q in listed), Decimal(0))
    if not listed or amount == total.amount:
        return False
    if complete:
        return len(listed) >= 2
    return amount > total.amount or (len(listed) >= 2 and amount * 10 > total.amount * 9)


def _nearly(total: Quantity, listed: list[Quantity]) -> bool:
    amount = sum((q.amount for q in listed), Decimal(0))
    return amount != total.amount and abs(amount - total.amount) * 20 <= abs(total.amount)


def downgrade(goal: str | None, result: str | None) -> str | None:
    """Return goal and result clause when the goal promises all (全覆盖, 根本性解决) and the result on the same matter less (逐步构建, 基本性解决), else None.

    What the goal itself promises no more of is no less: 基本建成 beside 基本建成."""
    if not goal or not result:
        return None
    strong, weak = lexicon.word_pattern("wording", "strong"), lexicon.word_pattern("wording", "weak")
    promised = [
        (clause, salient(letters(clause)))
        for s in sentences(goal[:MAX_TEXT])
        for clause in parts(s)
        if strong.search(clause)
    ]
    delivered = [
        (clause, salient(letters(clause)))
        for s in sentences(result[:MAX_TEXT])
        for clause in parts(s)
        if weak.search(clause)
    ]
    for one, words in promised:
        for two, others in delivered:
            if len(words & others) >= 4 and not set(weak.findall(two)) <= set(weak.findall(one)):
                return f"{_LEAD.sub('', one)} → {_LEAD.sub('', two)}"
    return None

"""Conditions that cannot fail, cannot pass or never apply; rules that contradict or contain each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from msgspec import Struct

from checker.authoring.lint.algebra import EMPTY, Cube, TooMany, alternatives, both, is_opaque, meet, possible, unknowns
from checker.authoring.lint.fault import Fault, Lines, at
from checker.corrections.system import TooLarge
from checker.language.nodes import Aggregate, Call, Const, Let, Node
from checker.rules.rule import Rule


class Conditions(Struct, frozen=True):
    """A rule's conditions as alternatives: where it applies, passes and fails. `partly` when some parts stand as unknowns."""

    rule: Rule
    applies: list[Cube]
    passes: list[Cube]
    fails: list[Cube]
    partly: bool


class Analysed(Struct, frozen=True):
    """The rules that could be analysed, those only in part (what is not linear stands as unknown), those not at all and why."""

    conditions: tuple[Conditions, ...]
    partly: tuple[str, ...]
    left_out: Mapping[str, str]


def analyse(rules: Sequence[Rule]) -> Analysed:
    """Turn the conditions of the rules into alternatives."""
    made: list[Conditions] = []
    left_out: dict[str, str] = {}
    for rule in rules:
        if rule.expect is None:
            left_out[rule.id] = "draft" if rule.status == "draft" else "batch"
            continue
        try:
            made.append(conditions(rule))
        except (TooMany, TooLarge):
            left_out[rule.id] = "size"
    return Analysed(tuple(made), tuple(c.rule.id for c in made if c.partly), left_out)


def conditions(rule: Rule) -> Conditions:
    """Return the alternatives of one rule. Raises TooMany."""
    if rule.expect is None:
        raise ValueError(f"{rule.id} has no expectation")
    applies = alternatives(rule.when.root) if rule.when is not None else [EMPTY]
    passes, fails = (both(applies, alternatives(rule.expect.root, truth)) for truth in (True, False))
    parts = [tree.root for tree in (rule.when, rule.expect) if tree is not None]
    return Conditions(rule, applies, passes, fails, any(is_opaque(part) for part in parts))


def alone(analysed: Analysed, lines: Lines) -> Iterator[Fault]:
    """Yield what is wrong with the conditions of single rules."""
    for here in analysed.conditions:
        rule = here.rule
        if not possible(here.applies):
            yield at("L020", rule, "when", lines, {})
            continue
        if rule.when is not None and _decided(rule.when.root) and not possible(alternatives(rule.when.root, False)):
            yield at("L021", rule, "when", lines, {})
        if not possible(here.fails):
            yield at("L022", rule, "expect", lines, {})
        if not possible(here.passes):
            yield at("L023", rule, "expect", lines, {})


def _decided(node: Node) -> bool:
    """Say whether a condition surely has a value in every row: a rule is open where its `when` has none, so such a `when` is not idle."""
    match node:
        case Let():
            return _decided(node.tree.root)
        case Const() | Aggregate(kind="rows" | "known_count"):
            return True
        case Call(name="and" | "or" | "not" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "add" | "sub" | "mul" | "neg"):
            return all(_decided(arg) for arg in node.args)
    return False


def between(analysed: Analysed, lines: Lines) -> Iterator[Fault]:
    """Yield pairs of rules that contradict each other, and rules that another contains."""
    named = {here.rule.id: unknowns((*here.passes, *here.fails)) for here in analysed.conditions}
    implied: set[tuple[str, str]] = set()
    for one, other in permutations(analysed.conditions, 2):
        if (other.rule.id, one.rule.id) in implied or not _meet(one, other, named):
            continue
        if _covers(one.rule, other.rule) and _implies(other, one):
            implied.add((one.rule.id, other.rule.id))
            yield at("L026", other.rule, "expect", lines, {"other": one.rule.id})
    for one, other in combinations(analysed.conditions, 2):
        asks = "heuristic" in (one.rule.kind, other.rule.kind)
        if _meet(one, other, named) and not (asks and _told(one.rule, other.rule)) and _contradict(one, other):
            yield at("L027" if asks else "L025", other.rule, "expect", lines, {"other": one.rule.id})


def _told(one: Rule, other: Rule) -> bool:
    """Say whether one of two rules names the other where it tells the reader its limits and what to look into."""
    return any(b.id in line for a, b in ((one, other), (other, one)) for line in (*a.not_when, *a.verify))


def _meet(one: Conditions, other: Conditions, named: Mapping[str, frozenset[str]]) -> bool:
    a, b = one.rule, other.rule
    years = all(first is None or last is None or first <= last for first, last in ((a.effective[0], b.effective[1]), (b.effective[0], a.effective[1])))
    return a.each == b.each and bool(set(a.forms) & set(b.forms)) and years and bool(named[a.id] & named[b.id])


def _covers(one: Rule, other: Rule) -> bool:
    """Say whether a rule is in force wherever the other is."""
    from_, to = one.effective
    begins, ends = other.effective
    years = (from_ is None or (begins is not None and from_ <= begins)) and (to is None or (ends is not None and to >= ends))
    return set(other.forms) <= set(one.forms) and years


def _implies(weak: Conditions, strong: Conditions) -> bool:
    """Say whether every row that fails `weak` fails `strong` too: not (fails weak and not fails strong)."""
    rule = strong.rule
    try:
        outside = alternatives(rule.when.root, False) if rule.when is not None else []
        passes = alternatives(rule.expect.root) if rule.expect is not None else []
        escapes = [*outside, *passes]
        return not _may_be_open(weak, strong) and not meet(weak.fails, escapes)
    except (TooMany, TooLarge):
        return False


def _may_be_open(weak: Conditions, strong: Conditions) -> bool:
    """A row that fails one rule may be undecided under the other when that speaks of more cells."""
    known = [unknowns([cube]) for cube in weak.fails]
    wanted = unknowns(strong.fails)
    return not all({name.removeprefix("filled ") for name in wanted} <= {name.removeprefix("filled ") for name in here} for here in known)


def _contradict(one: Conditions, other: Conditions) -> bool:
    """Say whether each can pass where both apply, but not both together."""
    try:
        return meet(one.passes, other.applies) and meet(one.applies, other.passes) and not meet(one.passes, other.passes)
    except (TooMany, TooLarge):
        return False

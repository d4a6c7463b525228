"""Mutants × the rule's own examples → which are noticed: many rules' mutants in one pass of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from checker.authoring.examples import AS_OF, example_form, example_tables, mismatch
from checker.authoring.mutate.variants import Mutant, mutants
from checker.engine.batch_pass import CODES, codes, prepare
from checker.fields import GRAINS
from checker.language import Contexts
from checker.model import Form, Outcome
from checker.rules.rule import Example, Rule

BATCH = 400
"""Mutants a pass; examples of their rules only."""

Progress = Callable[[str, int, int], None]


class Killed(Struct, frozen=True):
    """What became of the mutants of one rule. `telling` are survivors that change only what is told, not what is decided."""

    rule: Rule
    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def noticed(self) -> int:
        """How many mutants some example notices."""
        return self.tried - len(self.survivors)


def run_mutants(rules: Sequence[Rule], as_of: date = AS_OF, progress: Progress | None = None) -> tuple[Killed, ...]:
    """Try every mutant of the rules on the examples of its rule. The examples themselves must hold."""
    everything = [(rule, mutants(rule)) for rule in rules if rule.expect is not None and rule.examples]
    done: list[Killed] = []
    for part in _batches(everything):
        done += _killed(part, as_of)
        if progress:
            progress("mutate", len(done), len(everything))
    return tuple(done)


def _batches(everything: Sequence[tuple[Rule, tuple[Mutant, ...]]]) -> Iterator[list[tuple[Rule, tuple[Mutant, ...]]]]:
    part: list[tuple[Rule, tuple[Mutant, ...]]] = []
    for pair in everything:
        if part and sum(len(m) for _, m in part) + len(pair[1]) > BATCH:
            yield part
            part = []
        part.append(pair)
    if part:
        yield part


def _killed(part: Sequence[tuple[Rule, tuple[Mutant, ...]]], as_of: date) -> list[Killed]:
    pairs = [(rule, example, n) for rule, _ in part for n, example in enumerate(rule.examples, 1)]
    forms = [example_form(*pair) for pair in pairs]
    mine: dict[str, list[int]] = {}
    for i, (rule, _, _) in enumerate(pairs):
        mine.setdefault(rule.id, []).append(i)
    prepared = prepare([mutant.rule for _, made in part for mutant in made], GRAINS)
    laid = example_tables(pairs, forms, prepared.needed)
    found, crashed = codes(prepared, laid, as_of)
    outcomes = {(rule, form): CODES[code] for form, row, rule, code in found.iter_rows() if row == 1}
    contexts = Contexts(laid, as_of)
    killed = []
    for rule, made in part:
        here = [(i, rule.examples[n]) for n, i in enumerate(mine[rule.id])]
        left = [m for m in made if m.rule.id not in crashed and _survives(m, here, outcomes)]
        killed.append(Killed(rule, len(made), tuple(m for m in left if _untold(m, here, forms, contexts))))
    return killed


def _survives(mutant: Mutant, here: Sequence[tuple[int, Example]], outcomes: Mapping[tuple[str, int], Outcome]) -> bool:
    return all(outcomes.get((mutant.rule.id, i), Outcome.NOT_APPLICABLE) is example.outcome for i, example in here)


def _untold(mutant: Mutant, here: Sequence[tuple[int, Example]], forms: Sequence[Form], contexts: Contexts) -> bool:
    """Say whether severity, expected value and named values come out as stated although the rule was changed."""
    stated = [(i, e) for i, e in here if e.expected is not None or e.severity is not None or e.values]
    return all(mismatch(mutant.rule, e, forms[i], e.outcome, contexts.row(mutant.rule.each, i, 1)) is None for i, e in stated)



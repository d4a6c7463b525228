"""Batches of forms checked one after the other, or by several processes; the same results in the same order either way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checker.audit.batch import Plan, check_batch
from checker.engine.prepared import Prepared, prepare
from checker.model import Form, FormResult
from checker.processes import each, pool
from checker.rules.profiles import Profile, with_profile
from checker.rules.rule import Rule

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

FEWEST = 64
"""Forms below which starting processes, each of which makes the rules ready, takes longer than it saves."""

Tick = Callable[[Form], None]


class Batch(Struct, frozen=True):
    """Forms that are checked with the parameters of one profile."""

    forms: tuple[Form, ...]
    profile: Profile | None


class Checking(Struct, frozen=True, eq=False):
    """What stays the same over the batches of a run.

    `ready` are the rules made ready, by profile, as they come up; `started` the processes, which `run` ends with the run.
    """

    rules: tuple[Rule, ...]
    plan: Plan
    jobs: int = 1
    run: ExitStack = field(default_factory=ExitStack)
    ready: dict[str | None, Prepared] = field(default_factory=dict)
    started: list[ProcessPoolExecutor] = field(default_factory=list)


def shares(forms: int, jobs: int) -> int:
    """Return how many processes share so many forms: this one alone checks what starting others takes longer than."""
    return jobs if forms >= FEWEST else 1


def checked(batches: Sequence[Batch], checking: Checking, tick: Tick) -> Iterator[tuple[FormResult, ...]]:
    """Yield the results of each batch; `tick` is called with each form that is done."""
    if len(batches) > 1 and shares(sum(len(batch.forms) for batch in batches), checking.jobs) > 1:
        yield from _shared(batches, checking, tick)
    else:
        for batch in batches:
            yield _check(batch, checking, tick)


def _shared(batches: Sequence[Batch], checking: Checking, tick: Tick) -> Iterator[tuple[FormResult, ...]]:
    if not checking.started:
        checking.started.append(checking.run.enter_context(pool(checking.jobs, _start, checking.rules, checking.plan)))
    done = 0
    for results in each(checking.started[0], _one, batches):
        done += 1
        for result in results:
            tick(result.form)
        yield results
    # What ended a process, such as a lack of memory for several, need not end this one.
    for batch in batches[done:]:
        yield _check(batch, checking, tick)


def _check(batch: Batch, checking: Checking, tick: Tick | None = None) -> tuple[FormResult, ...]:
    name = batch.profile.id if batch.profile else None
    if name not in checking.ready:
        checking.ready[name] = prepare(with_profile(checking.rules, batch.profile))
    return check_batch(batch.forms, checking.ready[name], checking.plan, batch.profile, tick)


_CHECKING: list[Checking] = []


def _start(rules: tuple[Rule, ...], plan: Plan) -> None:
    _CHECKING[:] = [Checking(rules, plan)]


def _one(batch: Batch) -> tuple[FormResult, ...]:
    return _check(batch, _CHECKING[0])

"""Forms × RuleSet → Results: batch after batch, then what only several forms can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import ceil

from msgspec.structs import replace

from checker import __version__
from checker.across import Inputs, References, judge_across
from checker.audit.batch import ContractFault, Plan, laid_out, rows_of, unread_cells
from checker.audit.processes import Batch, Checking, checked, shares
from checker.findings.build import bases
from checker.model import Form, FormResult, Results, RuleInfo, RulesetInfo, Unreadable
from checker.readings import Evidence, unmatched
from checker.resources import rules_dir
from checker.rules.profiles import Profile, by_profile, choose, load_profiles, with_profile
from checker.rules.rule import Rule, RuleSet
from checker.tables.columns import columns
from checker.verdict import load_policy

BATCH = 500
"""Forms a pass; memory is bounded by the batch, not by the input."""
SHARE = 100
"""Forms a pass at most where several processes share them."""

Progress = Callable[[str, int, int], None]

OnForm = Callable[[FormResult], None]
"""Called with each form's result, in input order, while later batches are still to be checked."""


def audit(
    forms: Sequence[Form],
    ruleset: RuleSet,
    *,
    profile: str | None = None,
    as_of: date,
    lang: str = "zh",
    unreadable: Sequence[Unreadable] = (),
    notes: Sequence[str] = (),
    evidence: Evidence | None = None,
    references: References | None = None,
    progress: Progress | None = None,
    on_form: OnForm | None = None,
    jobs: int = 1,
) -> Results:
    """Check normalized forms and return everything found, forms in input order.

    `on_form` gets each form's result as soon as it and all before it are done; findings over several forms come after.
    `references` are what rules over several forms compare with: forms of earlier years, approved targets, tables.
    `jobs` processes share the forms where there are many; the results do not depend on it.
    Raises UsageError for an unknown profile and ContractFault when a layout or input breaks the table contract.
    """
    made = audit_windows((forms,), ruleset, profile=profile, as_of=as_of, lang=lang, evidence=evidence, references=references, progress=progress, on_form=on_form, jobs=jobs)
    return replace(made, unreadable=tuple(unreadable), notes=(*notes, *made.notes))


def audit_windows(
    windows: Iterable[Sequence[Form]],
    ruleset: RuleSet,
    *,
    profile: str | None = None,
    as_of: date,
    lang: str = "zh",
    evidence: Evidence | None = None,
    references: References | None = None,
    progress: Progress | None = None,
    on_form: OnForm | None = None,
    jobs: int = 1,
) -> Results:
    """Check forms that come window by window, each window before the next is asked for; otherwise as `audit`."""
    if lang == "en":
        from checker.layouts.messages import in_english

        windows = (tuple(in_english(one) for one in window) for window in windows)
    set_told = about(ruleset, lang)
    infos = {one.id: one for one in set_told.rules}
    plan = Plan(as_of, lang, load_policy(rules_dir() / "policy.yaml", "rules/policy.yaml"), infos, evidence)
    profiles = load_profiles()
    choose((), profiles, profile)  # an unknown name is told before anything is read
    named: Profile | None = None
    checking = Checking(ruleset.active, plan, jobs)
    forms: list[Form] = []
    done: dict[int, FormResult] = {}
    told = ticked = rows = 0

    def tick(form: Form) -> None:
        nonlocal ticked, rows
        ticked += 1
        rows += rows_of(form)
        if progress:
            progress("rows", rows, 0)
            if not on_form:  # otherwise forms are still being read, and reading is what the rest takes
                progress("check", ticked, len(forms))

    with checking.run:
        for window in windows:
            first = len(forms)
            forms += window
            batches: list[Batch] = []
            places: list[list[int]] = []
            for used, mine in by_profile(window, profiles, profile):
                named = named or (used if profile is not None else None)
                size = _size(len(mine), shares(len(window), jobs))
                for start in range(0, len(mine), size):
                    batches.append(Batch(tuple(window[place] for place in mine[start : start + size]), used))
                    places.append([first + place for place in mine[start : start + size]])
            for part, results in zip(places, checked(batches, checking, tick), strict=True):
                done.update(zip(part, results, strict=True))
                while on_form and told in done:
                    on_form(done[told])
                    told += 1
    across = judge_across(Inputs(tuple(forms), references or References()), with_profile(ruleset.active, named), as_of, lang)
    return Results(
        as_of=as_of,
        lang=lang,
        checker=__version__,
        ruleset=set_told,
        forms=tuple(done[i] for i in range(len(forms))),
        notes=tuple(_idle_events(forms, evidence, lang)),
        batch=across.findings,
        batch_rules=across.rules,
    )


def _size(forms: int, jobs: int) -> int:
    """Return how many forms a pass has; where processes share them, all get as many."""
    return ceil(forms / (jobs * ceil(forms / (jobs * SHARE)))) if jobs > 1 else BATCH


def _idle_events(forms: Sequence[Form], evidence: Evidence | None, lang: str) -> list[str]:
    """Name the events that decided nothing because no form has their indicator."""
    if evidence is None or not evidence.events or not forms:
        return []
    words = {"zh": "没有这项指标，该事项未用于判定", "en": "no form has this indicator, the event decided nothing"}[lang]
    return [f"{event.place} {event.indicator}：{words}" for event in unmatched(columns(forms), evidence.events)]


def about(ruleset: RuleSet, lang: str) -> RulesetInfo:
    """Return what outputs say of a rule set."""
    return RulesetInfo(ruleset.id, ruleset.version, ruleset.digest, tuple(info(rule, lang) for rule in ruleset.rules))


def info(rule: Rule, lang: str) -> RuleInfo:
    """Return what outputs say of a rule."""
    return RuleInfo(rule.id, rule.version, rule.title[lang], rule.severity, rule.kind, rule.family, rule.said.get(lang, ""), bases(rule, lang), rule.advice[lang], rule.waivable)


__all__ = ["BATCH", "ContractFault", "about", "audit", "audit_windows", "info", "laid_out", "unread_cells"]

"""RuleSet × Tables → outcomes: every rule on every row in one lazy pass a table.

Only rows that fail, are undecided or need a person are looked at again, by `checker.findings.build`.
A rule that crashes gives `error` on every form; the others are run without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from checker.engine.prepared import (
    CODE,
    CODES,
    SCOPE,
    Prepared,
    Scope,
    Told,
    conditions,
    fault,
    outside,
    prepare,
    untold,
)
from checker.language import program
from checker.model import Outcome
from checker.rules.rule import Rule
from checker.tables.frames import Tables


class Outcomes(Struct, frozen=True):
    """`all`: form, row, rule, code of every row a rule looks at. `counts`: form, rule, code, rows.

    `marked` are the rows of `all` that are neither pass nor not applicable. `faults` names rules
    that crashed and why.
    """

    all: pl.DataFrame
    counts: pl.DataFrame
    marked: pl.DataFrame
    faults: Mapping[str, str]


def evaluate(prepared: Prepared, tables: Tables, as_of: date) -> Outcomes:
    """Apply every rule to every row of a batch with readings in place, and count."""
    long, faults = codes(prepared, tables, as_of)
    counts = long.group_by("form", "rule", "code").len("rows").sort("form", "rule", "code")
    marked = long.filter(pl.col("code") >= CODE[Outcome.FAIL]).sort("form", "rule", "row")
    return Outcomes(long, counts, marked, faults)


def applying(outcomes: Outcomes, form: int) -> dict[str, list[int]]:
    """Return the rows of one form to which each rule applies, by rule."""
    return applying_by_form(outcomes.all.filter(pl.col("form") == form)).get(form, {})


def applying_by_form(long: pl.DataFrame) -> dict[int, dict[str, list[int]]]:
    """Return the rows to which each rule applies, by form and rule; `long` are rows of `Outcomes.all`."""
    made: dict[int, dict[str, list[int]]] = {}
    for form, row, rule in long.filter(pl.col("code") != CODE[Outcome.NOT_APPLICABLE]).select("form", "row", "rule").sort("form", "rule", "row").iter_rows():
        made.setdefault(form, {}).setdefault(rule, []).append(row)
    return made


def told(prepared: Prepared, tables: Tables, as_of: date, worked: Collection[str]) -> Told:
    """Apply every rule to every row of a batch; `worked` are the rules whose rows are wanted in `Told.applying`."""
    outcomes = evaluate(prepared, tables, as_of)
    counted: dict[tuple[int, str], dict[Outcome, int]] = {}
    for form, rule, code, rows in outcomes.counts.iter_rows():
        counted.setdefault((form, rule), {})[CODES[code]] = rows
    marked: dict[int, list[tuple[int, str, int]]] = {}
    for form, row, rule, code in outcomes.marked.iter_rows():
        marked.setdefault(form, []).append((row, rule, code))
    return Told(counted, marked, applying_by_form(outcomes.all.filter(pl.col("rule").is_in(sorted(worked)))), outcomes.faults)


def codes(prepared: Prepared, tables: Tables, as_of: date) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return (form, row, rule, code of every row a rule looks at; rules that crashed and why)."""
    faults: dict[str, str] = {}
    # A table without rows has no outcomes: its rules need not be compiled.
    rules = [rule for rule in prepared.rules if not tables.frame(rule.each).is_empty()]
    try:
        frames = _run(rules, tables, as_of)
    except Exception:
        rules, faults = _sound(rules, tables, as_of)
        frames = _run(rules, tables, as_of)
    scope = scopes(tables.forms)
    parts = [_coded([r for r in rules if r.each == table], frame, scope, prepared.tokens) for table, frame in frames.items()]
    known = [part for part in parts if part is not None]
    return (pl.concat(known) if known else _EMPTY), faults


_EMPTY = pl.DataFrame(schema={"form": pl.UInt32, "row": pl.UInt32, "rule": pl.String, "code": pl.UInt8})


def _run(rules: Sequence[Rule], tables: Tables, as_of: date) -> dict[str, pl.DataFrame]:
    return program({key: tree for rule in rules for key, tree in conditions(rule).items()}).run(tables, as_of)


def _sound(rules: Sequence[Rule], tables: Tables, as_of: date) -> tuple[list[Rule], dict[str, str]]:
    sound, faults = [], {}
    for rule in rules:
        try:
            _run([rule], tables, as_of)
            sound.append(rule)
        except Exception as error:
            faults[rule.id] = fault(error)
    return sound, faults


SMALL = 20_000
"""Cells (rows × rules) up to which codes are put together value by value: building a query would take longer."""


class Scopes(Struct, frozen=True):
    """The distinct scopes of a batch, and the number of the scope of each form."""

    kinds: tuple[Scope, ...]
    of: pl.DataFrame


def scopes(forms: pl.DataFrame) -> Scopes:
    """Return the scopes of the forms of a batch."""
    names = list(SCOPE)
    kinds = forms.select(names).unique(maintain_order=True)
    if kinds.height == 1:
        of = forms.select("form", pl.lit(0, pl.UInt32).alias("scope"))
    else:
        of = forms.select("form", *names).join(kinds.with_row_index("scope"), on=names, how="left", nulls_equal=True, maintain_order="left").select("form", "scope")
    return Scopes(tuple(kinds.iter_rows()), of)


def closed(rule: Rule, asked: frozenset[str], scope: Scopes) -> frozenset[int]:
    """Return the numbers of the scopes a rule has nothing to do with; `asked` are its tokens."""
    return frozenset(n for n, kind in enumerate(scope.kinds) if outside(rule, asked, kind))


def _coded(rules: Sequence[Rule], frame: pl.DataFrame, scope: Scopes, asked: Mapping[str, frozenset[str]]) -> pl.DataFrame | None:
    if not rules or frame.is_empty():
        return None
    off = {rule.id: closed(rule, asked[rule.id], scope) for rule in rules}
    if frame.height * len(rules) <= SMALL:
        return _by_value(rules, frame, scope, off)
    return _by_query(rules, frame, scope, off)


def _by_value(rules: Sequence[Rule], frame: pl.DataFrame, scope: Scopes, off: Mapping[str, frozenset[int]]) -> pl.DataFrame:
    none = CODE[Outcome.NOT_APPLICABLE]
    forms = frame.get_column("form").to_list()
    number = dict(scope.of.iter_rows())
    places = [number.get(form) for form in forms]
    codes: list[int] = []
    for rule in rules:
        missing, open_ = CODE[rule.on_missing], CODE[untold(rule)]
        judged = {True: CODE[Outcome.PASS], False: CODE[Outcome.FAIL], None: missing}
        made = [judged[value] for value in frame.get_column(f"{rule.id}:expect").to_list()]
        if f"{rule.id}:when" in frame.columns:
            asked = frame.get_column(f"{rule.id}:when").to_list()
            made = [code if when else open_ if when is None else none for code, when in zip(made, asked, strict=True)]
        shut = off[rule.id]
        codes += [none if place in shut else code for code, place in zip(made, places, strict=True)] if shut else made
    names = [rule.id for rule in rules for _ in forms]
    rows = frame.get_column("row").to_list()
    return pl.DataFrame(
        [
            pl.Series("form", forms * len(rules), pl.UInt32),
            pl.Series("row", rows * len(rules), pl.UInt32),
            pl.Series("rule", names, pl.String),
            pl.Series("code", codes, pl.UInt8),
        ]
    )


def _by_query(rules: Sequence[Rule], frame: pl.DataFrame, scope: Scopes, off: Mapping[str, frozenset[int]]) -> pl.DataFrame:
    columns = set(frame.columns)
    coded = frame.join(scope.of, on="form", how="left", maintain_order="left")
    return (
        coded.select("form", "row", *(code_of(rule, columns, off[rule.id], len(scope.kinds)).alias(rule.id) for rule in rules))
        .unpivot(index=["form", "row"], variable_name="rule", value_name="code")
        .select("form", "row", "rule", "code")
    )


def code_of(rule: Rule, columns: Collection[str], off: frozenset[int], kinds: int) -> pl.Expr:
    """Return the code of a rule from `<id>:expect`, `<id>:when` and the number of the form's scope."""

    def code(outcome: Outcome) -> pl.Expr:
        return pl.lit(CODE[outcome], pl.UInt8)

    none = code(Outcome.NOT_APPLICABLE)
    if len(off) == kinds:
        return none
    # PASS is 1, FAIL 2: one subtraction instead of two conditions.
    judged = (code(Outcome.FAIL) - pl.col(f"{rule.id}:expect").cast(pl.UInt8)).fill_null(code(rule.on_missing))
    if f"{rule.id}:when" in columns:
        when = pl.col(f"{rule.id}:when")
        judged = pl.when(when).then(judged).when(when.is_null()).then(code(untold(rule))).otherwise(none)
    return pl.when(pl.col("scope").is_in(sorted(off))).then(none).otherwise(judged) if off else judged


__all__ = ["CODE", "CODES", "Outcomes", "Prepared", "applying", "closed", "code_of", "codes", "evaluate", "prepare", "scopes", "told"]

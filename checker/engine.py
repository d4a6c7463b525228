"""RuleSet × Tables → outcomes: every rule on every row in one lazy pass a table.

Only rows that fail, are undecided or need a person are looked at again, by `checker.findings`.
A rule that crashes gives `error` on every form; the others are run without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from checker.fields import TABLES
from checker.frames import Tables
from checker.language import Program, Tree, needs, program, required_columns
from checker.model import Outcome
from checker.rule import Rule

CODES = (Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.FAIL, Outcome.OPEN, Outcome.REVIEW, Outcome.ERROR)
"""An outcome is stored as its position here (UInt8)."""

CODE: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rules compiled for one set of parameters.

    `needed` are the (table, field) pairs they rest on, `tokens` for each rule the names in
    `forms.not_applicable` under which it does not apply.
    """

    rules: tuple[Rule, ...]
    program: Program
    needed: frozenset[tuple[str, str]]
    tokens: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`all`: form, row, rule, code of every row a rule looks at. `counts`: form, rule, code, rows.

    `marked` are the rows of `all` that are neither pass nor not applicable. `faults` names rules
    that crashed and why.
    """

    all: pl.DataFrame
    counts: pl.DataFrame
    marked: pl.DataFrame
    faults: Mapping[str, str]


def prepare(rules: Sequence[Rule], grains: Sequence[str] = TABLES) -> Prepared:
    """Compile the rules that look at the rows of `grains`, those of single forms unless said otherwise, into one program."""
    mine = tuple(rule for rule in rules if rule.each in grains and rule.expect is not None)
    trees = {key: tree for rule in mine for key, tree in _trees(rule).items()}
    extra = [tree for rule in mine for tree in (*rule.let.values(), rule.expected, rule.rows, *(t for t, _ in rule.severity_when), *rule.slots.values()) if tree is not None]
    needed = frozenset(pair for tree in (*trees.values(), *extra) for pair in needs(tree))
    return Prepared(mine, program(trees), needed, {rule.id: tokens(rule) for rule in mine})


def _trees(rule: Rule) -> dict[str, Tree]:
    pairs = {f"{rule.id}:when": rule.when, f"{rule.id}:expect": rule.expect}
    return {key: tree for key, tree in pairs.items() if tree is not None}


def tokens(rule: Rule) -> frozenset[str]:
    """Return the names in `forms.not_applicable` under which the rule does not apply."""
    return frozenset(token for tree in _trees(rule).values() for token in required_columns(tree))


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


def codes(prepared: Prepared, tables: Tables, as_of: date) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return (form, row, rule, code of every row a rule looks at; rules that crashed and why)."""
    faults: dict[str, str] = {}
    # A table without rows has no outcomes: its rules need not be compiled.
    rules = [rule for rule in prepared.rules if not tables.frame(rule.each).is_empty()]
    try:
        whole = prepared.program if len(rules) == len(prepared.rules) else program({k: t for rule in rules for k, t in _trees(rule).items()})
        frames = whole.run(tables, as_of)
    except Exception:
        rules, faults = _sound(rules, tables, as_of)
        frames = program({k: t for rule in rules for k, t in _trees(rule).items()}).run(tables, as_of)
    scope = scopes(tables.forms)
    parts = [_coded([r for r in rules if r.each == table], frame, scope, prepared.tokens) for table, frame in frames.items()]
    known = [part for part in parts if part is not None]
    return (pl.concat(known) if known else _EMPTY), faults


_EMPTY = pl.DataFrame(schema={"form": pl.UInt32, "row": pl.UInt32, "rule": pl.String, "code": pl.UInt8})


def _sound(rules: Sequence[Rule], tables: Tables, as_of: date) -> tuple[list[Rule], dict[str, str]]:
    sound, faults = [], {}
    for rule in rules:
        try:
            program(_trees(rule)).run(tables, as_of)
            sound.append(rule)
        except Exception as error:
            faults[rule.id] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return sound, faults


SMALL = 20_000
"""Cells (rows × rules) up to which codes are put together value by value: building a query would take longer."""

Scope = tuple[str | None, int | None, str | None]
"""What decides whether a rule is meant for a form: its type, its year, the columns it does not have."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """The distinct scopes of a batch, and the number of the scope of each form."""

    kinds: tuple[Scope, ...]
    of: pl.DataFrame


def scopes(forms: pl.DataFrame) -> Scopes:
    """Return the scopes of the forms of a batch."""
    names = ["form_type", "fiscal_year", "not_applicable"]
    kinds = forms.select(names).unique(maintain_order=True)
    if kinds.height == 1:
        of = forms.select("form", pl.lit(0, pl.UInt32).alias("scope"))
    else:
        of = forms.select("form", *names).join(kinds.with_row_index("scope"), on=names, how="left", nulls_equal=True, maintain_order="left").select("form", "scope")
    return Scopes(tuple(kinds.iter_rows()), of)


def outside(rule: Rule, asked: frozenset[str], scope: Scope) -> bool:
    """Say whether a rule has nothing to do with the forms of a scope; `asked` are its `tokens`."""
    form_type, year, absent = scope
    first, last = rule.effective
    if form_type is not None and form_type not in rule.forms:
        return True
    if year is not None and ((first is not None and year < first) or (last is not None and year > last)):
        return True
    return absent is not None and any(f"|{token}|" in absent for token in asked)


def _coded(rules: Sequence[Rule], frame: pl.DataFrame, scope: Scopes, asked: Mapping[str, frozenset[str]]) -> pl.DataFrame | None:
    if not rules or frame.is_empty():
        return None
    off = {rule.id: frozenset(n for n, kind in enumerate(scope.kinds) if outside(rule, asked[rule.id], kind)) for rule in rules}
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
        missing, untold = CODE[rule.on_missing], CODE[_untold(rule)]
        judged = {True: CODE[Outcome.PASS], False: CODE[Outcome.FAIL], None: missing}
        made = [judged[value] for value in frame.get_column(f"{rule.id}:expect").to_list()]
        if f"{rule.id}:when" in frame.columns:
            asked = frame.get_column(f"{rule.id}:when").to_list()
            made = [code if when else untold if when is None else none for code, when in zip(made, asked, strict=True)]
        closed = off[rule.id]
        codes += [none if place in closed else code for code, place in zip(made, places, strict=True)] if closed else made
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


def _untold(rule: Rule) -> Outcome:
    # A condition that cannot be told never makes a failure of itself.
    return Outcome.OPEN if rule.on_missing is Outcome.FAIL else rule.on_missing


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
        judged = pl.when(when).then(judged).when(when.is_null()).then(code(_untold(rule))).otherwise(none)
    return pl.when(pl.col("scope").is_in(sorted(off))).then(none).otherwise(judged) if off else judged

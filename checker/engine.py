"""RuleSet × Tables → outcomes: every rule on every row in one lazy pass a table.

Only rows that fail, are undecided or need a person are looked at again, by `checker.findings`.
A rule that crashes gives `error` on every form; the others are run without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Rules compiled for one set of parameters; `needed` are the (table, field) pairs they rest on."""

    rules: tuple[Rule, ...]
    program: Program
    needed: frozenset[tuple[str, str]]


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
    return Prepared(mine, program(trees), needed)


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
    applied = outcomes.all.filter((pl.col("form") == form) & (pl.col("code") != CODE[Outcome.NOT_APPLICABLE]))
    rows: dict[str, list[int]] = {}
    for row, rule in applied.select("row", "rule").sort("rule", "row").iter_rows():
        rows.setdefault(rule, []).append(row)
    return rows


def codes(prepared: Prepared, tables: Tables, as_of: date) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return (form, row, rule, code of every row a rule looks at; rules that crashed and why)."""
    faults: dict[str, str] = {}
    rules = list(prepared.rules)
    try:
        frames = prepared.program.run(tables, as_of)
    except Exception:
        rules, faults = _sound(rules, tables, as_of)
        frames = program({k: t for rule in rules for k, t in _trees(rule).items()}).run(tables, as_of)
    parts = [_coded([r for r in rules if r.each == table], frame, tables) for table, frame in frames.items()]
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


def _coded(rules: Sequence[Rule], frame: pl.DataFrame, tables: Tables) -> pl.DataFrame | None:
    if not rules or frame.is_empty():
        return None
    scope = tables.forms.select("form", "form_type", "fiscal_year", "not_applicable")
    coded = frame.join(scope, on="form", how="left", suffix="_of_form")
    names = {name: f"{name}_of_form" if f"{name}_of_form" in coded.columns else name for name in scope.columns}
    return (
        coded.select("form", "row", *(_code(rule, names, set(coded.columns)).alias(rule.id) for rule in rules))
        .unpivot(index=["form", "row"], variable_name="rule", value_name="code")
        .select("form", "row", "rule", "code")
    )


def _code(rule: Rule, names: Mapping[str, str], columns: set[str]) -> pl.Expr:
    def code(outcome: Outcome) -> pl.Expr:
        return pl.lit(CODE[outcome], pl.UInt8)

    missing = code(rule.on_missing)
    # A condition that cannot be told never makes a failure of itself.
    untold = code(Outcome.OPEN) if rule.on_missing is Outcome.FAIL else missing
    expect = pl.col(f"{rule.id}:expect")
    judged = pl.when(expect).then(code(Outcome.PASS)).when(~expect).then(code(Outcome.FAIL)).otherwise(missing)
    if f"{rule.id}:when" in columns:
        when = pl.col(f"{rule.id}:when")
        judged = pl.when(~when).then(code(Outcome.NOT_APPLICABLE)).when(when.is_null()).then(untold).otherwise(judged)
    outside = ~pl.col(names["form_type"]).is_in(rule.forms)
    first, last = rule.effective
    year = pl.col(names["fiscal_year"])
    if first is not None:
        outside |= (year < first).fill_null(False)
    if last is not None:
        outside |= (year > last).fill_null(False)
    for token in sorted(tokens(rule)):
        outside |= pl.col(names["not_applicable"]).str.contains(f"|{token}|", literal=True).fill_null(False)
    return pl.when(outside).then(code(Outcome.NOT_APPLICABLE)).otherwise(judged)
